/* A certificate for one run of a server: self-signed, its key never leaves memory. */
#include <openssl/ec.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>

#include "smtp/tls_priv.h"

enum { DAY_S = 86400 };

static bool
fill_cert(X509 *x, EVP_PKEY *key, const char *name)
{
	X509_NAME *subject = X509_get_subject_name(x);
	return X509_set_version(x, X509_VERSION_3) == 1 &&
	    ASN1_INTEGER_set(X509_get_serialNumber(x), 1) == 1 &&
	    X509_gmtime_adj(X509_getm_notBefore(x), -DAY_S) != NULL &&
	    X509_gmtime_adj(X509_getm_notAfter(x), DAY_S) != NULL &&
	    X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_ASC, (const unsigned char *)name, -1,
		-1, 0) == 1 &&
	    X509_set_issuer_name(x, subject) == 1 && X509_set_pubkey(x, key) == 1 &&
	    X509_sign(x, key, EVP_sha256()) > 0;
}

struct ssl_ctx_st *
tls_throwaway(const char *name)
{
	SSL_CTX *ctx = SSL_CTX_new(TLS_server_method());
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();
	bool made = ctx != NULL && key != NULL && x != NULL && fill_cert(x, key, name) &&
	    SSL_CTX_use_certificate(ctx, x) == 1 && SSL_CTX_use_PrivateKey(ctx, key) == 1;
	X509_free(x);
	EVP_PKEY_free(key);
	if (made) {
		SSL_CTX_set_options(ctx, SSL_OP_NO_RENEGOTIATION);
		return ctx;
	}
	SSL_CTX_free(ctx);
	return NULL;
}

void
tls_throwaway_free(struct ssl_ctx_st *ctx)
{
	SSL_CTX_free(ctx);
}
