/*
 * TLS over memory, the client side: bytes of the wire in and out, plain text in and out.
 * Verification never stops a handshake: what the peer presents is recorded, not enforced, and old
 * protocol versions are accepted, because the point is to see them.  OpenSSL is not touched
 * before the first tls_new().
 */
#ifndef MAILREADY_SMTP_TLS_PRIV_H
#define MAILREADY_SMTP_TLS_PRIV_H

#include <stddef.h>

#include "base/buf.h"
#include "smtp/dialogue.h"

struct arena;
struct tls;

enum tls_state {
	TLS_HANDSHAKING,
	TLS_UP,
	TLS_BROKEN, /* the handshake failed, or the peer broke the protocol later */
	TLS_ENDED,  /* the peer closed TLS in order */
};

/* server_name goes out as SNI (RFC 6066 3); "" sends none.  NULL when OpenSSL refuses. */
struct tls *tls_new(const char *server_name);
/*
 * The server side, with a key and a certificate for this name that are made now and kept nowhere.  NULL
 * when OpenSSL refuses.
 */
struct ssl_ctx_st *tls_throwaway(const char *name);
struct tls *tls_new_server(struct ssl_ctx_st *ctx);
void tls_throwaway_free(struct ssl_ctx_st *ctx); /* NULL is accepted */

void tls_free(struct tls *t); /* NULL is accepted */

/* Takes bytes from the wire. */
void tls_input(struct tls *t, const char *data, size_t len);

/* Continues the handshake as far as the input allows. */
enum tls_state tls_step(struct tls *t);

/* Reads plain text; 0 when there is none now, and *state says why. */
size_t tls_read(struct tls *t, char *out, size_t size, enum tls_state *state);

void tls_write(struct tls *t, const char *data, size_t len);

/* Moves the bytes for the wire to the end of out. */
void tls_output(struct tls *t, struct buf *out);

/* Why TLS_BROKEN; valid until the next call. */
const char *tls_reason(struct tls *t);

/* "TLSv1.3" and the cipher, once up. */
const char *tls_version(const struct tls *t);
const char *tls_cipher(const struct tls *t);

/* Version, cipher and certificate, once up. */
void tls_facts(struct tls *t, struct arena *a, struct smtp_dialogue *d);

#endif
