/* The client side of TLS over memory, and what the certificate chain shows. */
#include "smtp/tls_priv.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/mem.h"

enum { TLS_REASON_MAX = 256, TLS_ISSUER_MAX = 256 };

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

static int64_t
seconds(const ASN1_TIME *when)
{
	struct tm tm;
	return ASN1_TIME_to_tm(when, &tm) == 1 ? (int64_t)timegm(&tm) : 0;
}

/* A NUL byte inside a name has been used to forge names: such an entry names nothing. */
static void
add_name(struct smtp_cert *cert, struct arena *a, const unsigned char *text, int len)
{
	if (len <= 0 || memchr(text, '\0', (size_t)len) != NULL)
		return;
	if (cert->n_names < SMTP_CERT_NAMES_MAX)
		cert->names[cert->n_names++] = arena_strndup(a, (const char *)text, (size_t)len);
}

static void
add_alt_names(struct smtp_cert *cert, struct arena *a, X509 *x)
{
	GENERAL_NAMES *alt = X509_get_ext_d2i(x, NID_subject_alt_name, NULL, NULL);
	for (int i = 0; i < sk_GENERAL_NAME_num(alt); i++) {
		const GENERAL_NAME *entry = sk_GENERAL_NAME_value(alt, i);
		if (entry->type == GEN_DNS)
			add_name(cert, a, ASN1_STRING_get0_data(entry->d.dNSName),
			    ASN1_STRING_length(entry->d.dNSName));
	}
	GENERAL_NAMES_free(alt);
}

/* RFC 6125 6.4.4: the common name counts only when there is no dNSName. */
static void
add_common_name(struct smtp_cert *cert, struct arena *a, X509 *x)
{
	X509_NAME *subject = X509_get_subject_name(x);
	int at = X509_NAME_get_index_by_NID(subject, NID_commonName, -1);
	if (at < 0)
		return;
	ASN1_STRING *value = X509_NAME_ENTRY_get_data(X509_NAME_get_entry(subject, at));
	unsigned char *utf8 = NULL;
	int len = ASN1_STRING_to_UTF8(&utf8, value);
	add_name(cert, a, utf8, len);
	OPENSSL_free(utf8);
}

static const char *
issuer_text(struct arena *a, X509 *x)
{
	BIO *out = BIO_new(BIO_s_mem());
	if (out == NULL)
		return "";
	X509_NAME_print_ex(out, X509_get_issuer_name(x), 0,
	    XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
	char text[TLS_ISSUER_MAX];
	int n = BIO_read(out, text, sizeof text);
	BIO_free(out);
	return n > 0 ? arena_strndup(a, text, (size_t)n) : "";
}

/*
 * Always continues.  The dates of the server's own certificate are judged later against the clock
 * of the run, so that a chain that is good but for them is not called bad.
 */
static int
on_verify(int ok, X509_STORE_CTX *ctx)
{
	int error = X509_STORE_CTX_get_error(ctx);
	bool own_dates = X509_STORE_CTX_get_error_depth(ctx) == 0 &&
	    (error == X509_V_ERR_CERT_HAS_EXPIRED || error == X509_V_ERR_CERT_NOT_YET_VALID);
	int *first_error = X509_STORE_CTX_get_app_data(ctx);
	if (!ok && !own_dates && *first_error == X509_V_OK)
		*first_error = error;
	return 1;
}

/* The system's directory of certificates: each is read when it is needed.  SSL_CERT_DIR. */
static bool
load_directory(X509_STORE *store)
{
	X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_hash_dir());
	return lookup != NULL && X509_LOOKUP_add_dir(lookup, NULL, X509_FILETYPE_DEFAULT) == 1;
}

/* The system's file of certificates: all are read, which takes some 30 ms.  SSL_CERT_FILE. */
static bool
load_file(X509_STORE *store)
{
	X509_LOOKUP *lookup = X509_STORE_add_lookup(store, X509_LOOKUP_file());
	return lookup != NULL && X509_LOOKUP_load_file(lookup, NULL, X509_FILETYPE_DEFAULT) == 1;
}

/* X509_V_OK, or the first error that is not about the certificate's own dates. */
static int
verify_with(struct tls *t, X509 *x, bool (*load)(X509_STORE *))
{
	int error = X509_V_OK;
	X509_STORE *store = X509_STORE_new();
	X509_STORE_CTX *ctx = X509_STORE_CTX_new();
	if (store == NULL || ctx == NULL || !load(store) ||
	    X509_STORE_CTX_init(ctx, store, x, SSL_get_peer_cert_chain(t->ssl)) != 1 ||
	    X509_STORE_CTX_set_default(ctx, "ssl_server") != 1) {
		error = X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
	} else {
		X509_STORE_CTX_set_app_data(ctx, &error);
		X509_STORE_CTX_set_verify_cb(ctx, on_verify);
		X509_verify_cert(ctx);
	}
	X509_STORE_CTX_free(ctx);
	X509_STORE_free(store);
	return error;
}

/*
 * The directory answers for most chains without reading the file.  When neither does, the reason
 * counts that comes from more than a missing issuer.
 */
static int
chain_error(struct tls *t, X509 *x)
{
	int in_directory = verify_with(t, x, load_directory);
	if (in_directory == X509_V_OK)
		return X509_V_OK;
	int in_file = verify_with(t, x, load_file);
	bool missing = in_directory == X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY;
	return in_file == X509_V_OK || missing ? in_file : in_directory;
}

static void
cert_facts(struct tls *t, struct arena *a, X509 *x, struct smtp_cert *cert)
{
	cert->names = arena_array(a, SMTP_CERT_NAMES_MAX, sizeof *cert->names);
	add_alt_names(cert, a, x);
	if (cert->n_names == 0)
		add_common_name(cert, a, x);
	cert->not_before_s = seconds(X509_get0_notBefore(x));
	cert->not_after_s = seconds(X509_get0_notAfter(x));
	cert->issuer = issuer_text(a, x);
	cert->self_signed = X509_self_signed(x, 0) == 1;
	int error = chain_error(t, x);
	cert->chain_good = error == X509_V_OK;
	cert->chain_error = arena_strdup(a,
	    cert->chain_good ? "" : X509_verify_cert_error_string(error));
}

void
tls_facts(struct tls *t, struct arena *a, struct smtp_dialogue *d)
{
	d->tls_version = arena_strdup(a, SSL_get_version(t->ssl));
	d->tls_cipher = arena_strdup(a, SSL_get_cipher_name(t->ssl));
	X509 *x = SSL_get0_peer_certificate(t->ssl);
	if (x != NULL)
		cert_facts(t, a, x, &d->cert);
}
