/* Zstandard (RFC 8878) as it comes: frames one after the other, of any size. */
#ifndef MAILREADY_EXPLAIN_UNZSTD_PRIV_H
#define MAILREADY_EXPLAIN_UNZSTD_PRIV_H

#include <stdbool.h>
#include <stddef.h>

struct unzstd;

struct unzstd *unzstd_new(void);
void unzstd_free(struct unzstd *u); /* NULL is accepted */

bool unzstd_is(const char *data, size_t len);

/* Gives what the bytes hold to take(), which may return false to end it.  NULL, or why they are damaged. */
const char *unzstd_add(struct unzstd *u, const char *data, size_t len,
    bool (*take)(void *arg, const char *data, size_t len), void *arg);

/* Is the last frame complete? */
bool unzstd_is_complete(const struct unzstd *u);

#endif
