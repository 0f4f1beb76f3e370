/* What is written for people, as wide as their terminal. */
#ifndef MAILREADY_BASE_TERMINAL_H
#define MAILREADY_BASE_TERMINAL_H

#include <stdbool.h>
#include <stdio.h>

/* Its width in characters; 0 when it is not a terminal, or one that nothing fits on. */
unsigned terminal_columns(FILE *out);

/* Writes a whole text, on a terminal with its long lines broken (wrap_lines()); false: not all of it. */
bool terminal_put(FILE *out, const char *text);

/*
 * A message of one line and its newline: on a terminal broken at blanks, with later lines indented.
 * It is written with one call, so that the lines of two programs do not mix.  out NULL: nobody reads it.
 */
void terminal_say(FILE *out, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

#endif
