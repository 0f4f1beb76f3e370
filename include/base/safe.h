/*
 * Untrusted text on its way to a terminal, a log or JSON.  PTR names, TXT records, banners and
 * API replies can hold escape sequences, control bytes, bidirectional overrides and broken UTF-8;
 * all of these come out as \xNN or \u{NNNN}, as do characters that nobody sees and towers of combining
 * marks.  Other printable UTF-8 passes.
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

/*
 * Appends JSON that was read without an error, so it is UTF-8 and its strings hold no control bytes
 * but DEL and C1: what is not safe is escaped as JSON has it, and blanks between values are spaces.
 */
void safe_add_json(struct buf *out, const char *json, size_t len);

/* The safe form in an arena; valid UTF-8, at most 1024 bytes and "...". */
const char *safe_text(struct arena *a, const char *text);

/* Joins the safe forms of strings with a separator: "a, b, c".  For few strings. */
const char *safe_join(struct arena *a, const char *const *items, size_t n, const char *separator);

/* The safe form of a name, no longer than the longest name of letters and digits and "...". */
const char *safe_name(struct arena *a, const char *name);

/*
 * Names, of which the world may send any number, in a sentence: "a, b and 3584 more" with at most
 * SAFE_NAMES_MAX of them.  n_more: those that are not in the list at all.
 */
enum { SAFE_NAMES_MAX = 16 };
const char *safe_names(struct arena *a, const char *const *names, size_t n, size_t n_more);

#endif
