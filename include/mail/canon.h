/*
 * Canonical forms of a message (RFC 6376 3.4): what a signature is computed over.  Lines that end in
 * LF alone count as if they ended in CRLF, because that is how messages are stored in files.
 */
#ifndef MAILREADY_MAIL_CANON_H
#define MAILREADY_MAIL_CANON_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum { CANON_HASH_BYTES = 32 /* SHA-256 */ };

/*
 * Appends a header field with its final CRLF; field: its lines as they stand, folds included, with or
 * without the last line end.
 */
void canon_header(struct buf *out, const char *field, size_t len, bool relaxed);

/* The hash of a body that comes in pieces. */
struct canon_body;

/* limit: how many bytes of the canonical body are hashed at most (l=); UINT64_MAX: all. */
struct canon_body *canon_body_new(bool relaxed, uint64_t limit);
void canon_body_add(struct canon_body *b, const char *data, size_t len);

/*
 * Ends the body and frees it: the hash, and the length of the canonical body before the limit.  False
 * when OpenSSL could not compute it.
 */
bool canon_body_end(struct canon_body *b, uint8_t hash[CANON_HASH_BYTES], uint64_t *length);

#endif
