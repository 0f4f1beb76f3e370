/* What requests to the holders of reverse and of forward zones share. */
#ifndef MAILREADY_FIX_REQUEST_PRIV_H
#define MAILREADY_FIX_REQUEST_PRIV_H

#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"

enum { REQUEST_TEXT_MAX = 64 * 1024, REQUEST_COLUMNS = 72 };

/* The text in a; ends the buffer. */
const char *request_take(struct buf *b, struct arena *a);

/* What was seen, a line each, made safe; and how the letter ends. */
void request_put_evidence(struct buf *out, const char *const *evidence, size_t n, struct arena *a);
void request_put_end(struct buf *out);

#endif
