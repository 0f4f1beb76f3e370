/*
 * What OpenSSL cannot do, be it for want of memory: no signature, no digest and no proof of a chain is
 * made up for it.
 */
#include "test.h"

#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <sysexits.h>
#include <unistd.h>

#include "base/arena.h"
#include "http/http.h"
#include "notify/notify_priv.h"
#include "provider/huawei/sign_priv.h"
#include "report/html_priv.h"
#include "smtp/cert_priv.h"

/* These stand before OpenSSL's. */
unsigned char *
HMAC(const EVP_MD *evp_md, const void *key, int key_len, const unsigned char *data, size_t data_len,
    unsigned char *md, unsigned *md_len)
{
	(void)evp_md, (void)key, (void)key_len, (void)data, (void)data_len, (void)md, (void)md_len;
	return NULL;
}

int
EVP_Digest(const void *data, size_t count, unsigned char *md, unsigned *size, const EVP_MD *type,
    ENGINE *impl)
{
	(void)data, (void)count, (void)md, (void)size, (void)type, (void)impl;
	return 0;
}

/* And calls nobody back. */
int
X509_verify_cert(X509_STORE_CTX *ctx)
{
	(void)ctx;
	return 0;
}

static void
sign(struct arena *a)
{
	struct http_request r = { .method = "GET", .url = "https://cloud.example/" };
	http_header(&r, "X-Sdk-Date", "20270115T080910Z");
	(void)huawei_sign(&r, "AK", "SK", a);
}

static void
style(struct arena *a)
{
	(void)html_style_hash("body {}", a);
}

/* Each ends the program, as memory that runs out does: no abort, no core with a key in it. */
static void
test_ends(void **state)
{
	static const struct {
		const char *name;
		void (*run)(struct arena *a);
	} rows[] = { { "a signed request", sign }, { "the digest of a style", style } };

	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].name);
		fflush(NULL);
		pid_t pid = fork();
		assert_true(pid >= 0);
		if (pid == 0) {
			struct arena a;
			arena_init(&a);
			(void)close(STDERR_FILENO);
			rows[i].run(&a);
			_exit(0);
		}
		int status = 0;
		assert_int_equal(waitpid(pid, &status, 0), pid);
		assert_true(WIFEXITED(status));
		assert_int_equal(WEXITSTATUS(status), EX_SOFTWARE);
	}
}

/* The caller then sends nothing. */
static void
test_webhook(void **state)
{
	struct arena a;

	(void)state;
	arena_init(&a);
	assert_string_equal(webhook_signature("key", 1, "text", &a), "");
	arena_fini(&a);
}

static void
test_chain(void **state)
{
	struct arena a;
	struct smtp_cert cert = { .n_names = 0 };
	EVP_PKEY *key = EVP_EC_gen("P-256");
	X509 *x = X509_new();

	(void)state;
	arena_init(&a);
	assert_non_null(key);
	assert_int_equal(X509_set_pubkey(x, key), 1);
	(void)X509_gmtime_adj(X509_getm_notBefore(x), -60);
	(void)X509_gmtime_adj(X509_getm_notAfter(x), 3600);
	assert_true(X509_sign(x, key, EVP_sha256()) > 0);
	cert_facts(x, NULL, &a, &cert);
	assert_false(cert.chain_good);
	assert_string_not_equal(cert.chain_error, "");
	X509_free(x);
	EVP_PKEY_free(key);
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_webhook),
		cmocka_unit_test(test_chain),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
