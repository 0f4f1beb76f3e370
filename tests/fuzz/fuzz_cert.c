/* Certificates in DER, one after the other: the server's own, and those that it sent with it. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "smtp/cert_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { SENT_MAX = 8 };

static STACK_OF(X509) * read_all(const uint8_t *data, size_t size)
{
	const uint8_t *at = data, *end = data + size;
	STACK_OF(X509) *all = sk_X509_new_null();
	X509 *x;
	assert(all != NULL);
	while (at < end && sk_X509_num(all) < SENT_MAX &&
	    (x = d2i_X509(NULL, &at, (long)(end - at))) != NULL)
		sk_X509_push(all, x);
	return all;
}

/* No text of these is NULL, and a chain is either good or it is said why not. */
static void
check(const struct smtp_cert *cert)
{
	assert(cert->n_names <= SMTP_CERT_NAMES_MAX);
	for (size_t i = 0; i < cert->n_names; i++)
		assert(cert->names[i][0] != '\0');
	assert(cert->issuer != NULL && cert->key != NULL && cert->signature != NULL);
	assert(cert->weak.detail != NULL && cert->expired.detail != NULL);
	assert(cert->chain_good ==
	    (cert->chain_error[0] == '\0' && cert->weak.detail[0] == '\0' &&
		cert->expired.detail[0] == '\0'));
}

/* Who is trusted on this machine must not matter, and is slow to read. */
static void
trust_nobody(void)
{
	setenv("SSL_CERT_FILE", "/dev/null", 1);
	setenv("SSL_CERT_DIR", "/nonexistent", 1);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct smtp_cert cert = { .n_names = 0 };
	struct arena a;
	trust_nobody();
	STACK_OF(X509) *all = read_all(data, size);
	if (sk_X509_num(all) > 0) {
		arena_init(&a);
		cert_facts(sk_X509_value(all, 0), all, &a, &cert);
		check(&cert);
		arena_fini(&a);
	}
	sk_X509_pop_free(all, X509_free);
	return 0;
}
