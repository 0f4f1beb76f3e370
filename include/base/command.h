/*
 * Texts for people with command lines to copy in them.  They are in backquotes, so that a reader of
 * the bare text (JSON, a history) sees where they begin; formats that can do better give each a line of
 * its own.
 */
#ifndef MAILREADY_BASE_COMMAND_H
#define MAILREADY_BASE_COMMAND_H

#include <stdbool.h>

struct arena;

struct command_text {
	const char *words;   /* the text before it, without blanks at its end */
	const char *command; /* without the backquotes; "" when the text ends in none */
};

/*
 * The next words and the command after them: *rest begins as the text and ends as "".  False when
 * nothing is left.  Only a program and its arguments, between blanks, are a command: names of the
 * DNS, which strangers choose, hold no blank in their internal form.  The text must live as long as out; what
 * is cut out of it lives in the arena.
 */
bool command_next(const char **rest, struct arena *a, struct command_text *out);

#endif
