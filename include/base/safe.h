/*
 * Untrusted text on its way to a terminal, a log or JSON.  PTR names, TXT records, banners and
 * API replies can hold escape sequences, control bytes, bidirectional overrides and broken UTF-8;
 * all of these come out as \xNN or \u{NNNN}.  Printable UTF-8 passes.
 */
#ifndef MAILREADY_BASE_SAFE_H
#define MAILREADY_BASE_SAFE_H

#include <stddef.h>

struct arena;
struct buf;

/*
 * Appends the safe form of len bytes: whole when it has at most max_out bytes and three, else max_out
 * and "...".  What is safe already, cut or not, stays as it is.
 */
void safe_add(struct buf *out, const char *text, size_t len, size_t max_out);

/* The safe form in an arena; valid UTF-8, at most 1024 bytes and "...". */
const char *safe_text(struct arena *a, const char *text);

/* Joins the safe forms of strings with a separator: "a, b, c".  For names in sentences. */
const char *safe_join(struct arena *a, const char *const *items, size_t n, const char *separator);

#endif
