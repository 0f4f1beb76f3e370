/* TLS over memory, both sides. */
#include "smtp/tls_priv.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "smtp/cert_priv.h"

enum { TLS_REASON_MAX = 256 };

struct tls {
	SSL_CTX *ctx;
	SSL *ssl;
	BIO *in, *out; /* owned by ssl */
	char reason[TLS_REASON_MAX];
};

/* Level 0 lets TLS 1.0 and small keys through: they are reported, and nothing secret is sent. */
static SSL_CTX *
new_context(void)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_client_method());
	if (ctx == NULL)
		return NULL;
	SSL_CTX_set_security_level(ctx, 0);
	SSL_CTX_set_verify(ctx, SSL_VERIFY_NONE, NULL);
	if (SSL_CTX_set_min_proto_version(ctx, TLS1_VERSION) == 1 &&
	    SSL_CTX_set_cipher_list(ctx, "DEFAULT:@SECLEVEL=0") == 1)
		return ctx;
	SSL_CTX_free(ctx);
	return NULL;
}

static bool
attach_bios(struct tls *t)
{
	t->in = BIO_new(BIO_s_mem());
	t->out = BIO_new(BIO_s_mem());
	if (t->in != NULL && t->out != NULL) {
		SSL_set_bio(t->ssl, t->in, t->out);
		return true;
	}
	BIO_free(t->in);
	BIO_free(t->out);
	return false;
}

/* OpenSSL copies the name but asks for one that it might change. */
static void
set_server_name(struct tls *t, const char *server_name)
{
	char *name = mem_strdup(server_name);
	SSL_set_tlsext_host_name(t->ssl, name);
	free(name);
}

struct tls *
tls_new(const char *server_name)
{
	struct tls *t = mem_zalloc(1, sizeof *t);
	t->ctx = new_context();
	t->ssl = t->ctx != NULL ? SSL_new(t->ctx) : NULL;
	if (t->ssl == NULL || !attach_bios(t)) {
		tls_free(t);
		return NULL;
	}
	SSL_set_connect_state(t->ssl);
	if (server_name[0] != '\0')
		set_server_name(t, server_name);
	return t;
}

struct tls *
tls_new_server(struct ssl_ctx_st *ctx)
{
	struct tls *t = mem_zalloc(1, sizeof *t);
	t->ssl = SSL_new(ctx);
	if (t->ssl == NULL || !attach_bios(t)) {
		tls_free(t);
		return NULL;
	}
	SSL_set_accept_state(t->ssl);
	return t;
}

void
tls_free(struct tls *t)
{
	if (t == NULL)
		return;
	SSL_free(t->ssl);
	SSL_CTX_free(t->ctx);
	free(t);
}

static int
clamp_int(size_t len)
{
	return len > 1 << 20 ? 1 << 20 : (int)len;
}

void
tls_input(struct tls *t, const char *data, size_t len)
{
	BIO_write(t->in, data, clamp_int(len));
}

static enum tls_state
state_after(struct tls *t, int rc, enum tls_state waiting)
{
	int error = SSL_get_error(t->ssl, rc);
	if (error == SSL_ERROR_WANT_READ || error == SSL_ERROR_WANT_WRITE)
		return waiting;
	return error == SSL_ERROR_ZERO_RETURN ? TLS_ENDED : TLS_BROKEN;
}

enum tls_state
tls_step(struct tls *t)
{
	ERR_clear_error();
	int rc = SSL_do_handshake(t->ssl);
	return rc == 1 ? TLS_UP : state_after(t, rc, TLS_HANDSHAKING);
}

size_t
tls_read(struct tls *t, char *out, size_t size, enum tls_state *state)
{
	ERR_clear_error();
	int n = SSL_read(t->ssl, out, clamp_int(size));
	*state = n > 0 ? TLS_UP : state_after(t, n, TLS_UP);
	return n > 0 ? (size_t)n : 0;
}

void
tls_write(struct tls *t, const char *data, size_t len)
{
	ERR_clear_error();
	if (len > 0)
		SSL_write(t->ssl, data, clamp_int(len));
}

void
tls_output(struct tls *t, struct buf *out)
{
	char chunk[4096];
	for (int n; (n = BIO_read(t->out, chunk, sizeof chunk)) > 0;)
		buf_add(out, chunk, (size_t)n);
}

const char *
tls_reason(struct tls *t)
{
	const char *text = ERR_reason_error_string(ERR_peek_last_error());
	snprintf(t->reason, sizeof t->reason, "%s", text != NULL ? text : "unknown TLS error");
	return t->reason;
}

const char *
tls_version(const struct tls *t)
{
	return SSL_get_version(t->ssl);
}

const char *
tls_cipher(const struct tls *t)
{
	return SSL_get_cipher_name(t->ssl);
}

/* Of the key that was made for this connection alone; none with keys exchanged by RSA. */
static void
exchange_facts(struct tls *t, struct arena *a, struct smtp_dialogue *d)
{
	EVP_PKEY *key = NULL;
	if (SSL_get_peer_tmp_key(t->ssl, &key) != 1)
		return;
	d->tls_exchange = cert_key_text(key, a);
	d->tls_weak = EVP_PKEY_get_security_bits(key) < CLIENT_SECURITY_BITS;
	EVP_PKEY_free(key);
}

void
tls_facts(struct tls *t, struct arena *a, struct smtp_dialogue *d)
{
	d->tls_version = arena_strdup(a, SSL_get_version(t->ssl));
	d->tls_cipher = arena_strdup(a, SSL_get_cipher_name(t->ssl));
	exchange_facts(t, a, d);
	X509 *x = SSL_get0_peer_certificate(t->ssl);
	if (x != NULL)
		cert_facts(x, SSL_get_peer_cert_chain(t->ssl), a, &d->cert);
}
