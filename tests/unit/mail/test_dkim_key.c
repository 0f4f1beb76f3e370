/* The key record: RFC 6376 3.6.1 and 6.1.2, RFC 8301, RFC 8463. */
#include "mail/dkim_key.h"

#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>

#include "base/arena.h"
#include "test.h"

/* RFC 8463 A.2 */
#define RSA1024 \
	"MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCBiQKBgQDkHlOQoBTzWRiGs5V6NpP3idY6Wk08a5qhdR6wy5bdOKb2jLQi" \
	"Y/J16" \
	"JYi0Qvx/byYzCNb3W91y3FutACDfzwQ/BC/e/" \
	"8uBsCR+yz1Lxj+PL6lHvqMKrM3rG4hstT5QjvHO9PzoxZyVYLzBfO2Ee" \
	"C3Ip3G+2kryOTIKT+l/K4w3QIDAQAB"
#define ED25519 "11qYAYKxCrfVS/7TyWQHOg7hcvPapiMlrwIaaPcHURo="
/* the RSA key again, without SubjectPublicKeyInfo around it */
#define RSA1024_BARE \
	"MIGJAoGBAOQeU5CgFPNZGIazlXo2k/eJ1jpaTTxrmqF1HrDLlt04pvaMtCJj8nXoliLRC/" \
	"H9vJjMI1vdb3XLcW60AIN/PBD" \
	"8EL97/y4GwJH7LPUvGP48vqUe+owqszesbiGy1PlCO8c70/" \
	"OjFnJVgvMF87YR4Lcincb7aSvI5MgpP6X8rjDdAgMBAAE="
#define RSA512 \
	"MFwwDQYJKoZIhvcNAQEBBQADSwAwSAJBAKFzK1hqUlzwYxflLe0D2EKe/" \
	"TDyRXnoNhzQe4e6URaHWEm7qGO0EhVwtY" \
	"cTtJC5yKWEFnPOPALbcug8HEYs0ekCAwEAAQ=="

static const struct {
	const char *name, *text;
	enum dkim_key_status status;
	unsigned bits;
	const char *fault;
} rows[] = {
	{ "RSA", "v=DKIM1; k=rsa; p=" RSA1024, DKIM_KEY_GOOD, 1024, "" },
	{ "without v and k", "p=" RSA1024, DKIM_KEY_GOOD, 1024, "" },
	{ "RSA without SubjectPublicKeyInfo", "v=DKIM1; p=" RSA1024_BARE, DKIM_KEY_GOOD, 1024, "" },
	{ "Ed25519", "v=DKIM1; k=ed25519; p=" ED25519, DKIM_KEY_GOOD, 256, "" },
	{ "everything", "v=DKIM1; h=sha1:sha256; s=email:x; t=y:s; n=note; k=rsa; p=" RSA1024,
	    DKIM_KEY_GOOD, 1024, "" },
	{ "all services", "v=DKIM1; s=*; p=" RSA1024, DKIM_KEY_GOOD, 1024, "" },
	{ "revoked", "v=DKIM1; p=", DKIM_KEY_REVOKED, 0, "the key was revoked: p is empty" },
	{ "revoked, with all else", "v=DKIM1; k=rsa; s=tlsrpt; p= ;", DKIM_KEY_REVOKED, 0,
	    "the key was revoked: p is empty" },
	{ "no p", "v=DKIM1; k=rsa", DKIM_KEY_NOT_ONE, 0, "it has no p" },
	{ "another record", "v=spf1 -all", DKIM_KEY_NOT_ONE, 0, "v is not DKIM1" },
	{ "another version", "v=DKIM2; p=" RSA1024, DKIM_KEY_NOT_ONE, 0, "v is not DKIM1" },
	{ "nothing", "", DKIM_KEY_NOT_ONE, 0, "it has no p" },
	{ "v in the second place", "k=rsa; v=DKIM1; p=" RSA1024, DKIM_KEY_BROKEN, 0,
	    "v is not its first tag" },
	{ "a fault in the list", "v=DKIM1; k; p=" RSA1024, DKIM_KEY_BROKEN, 0,
	    "byte 10: expected tag=value" },
	{ "p twice", "v=DKIM1; p=; p=" RSA1024, DKIM_KEY_BROKEN, 0, "byte 14: p is given twice" },
	{ "an unknown type", "v=DKIM1; k=dsa; p=" RSA1024, DKIM_KEY_TYPE, 0,
	    "k is neither rsa nor ed25519" },
	{ "for another service", "v=DKIM1; s=tlsrpt; p=" RSA1024, DKIM_KEY_SERVICE, 0,
	    "s does not allow the key for mail" },
	{ "for sha1 alone", "v=DKIM1; h=sha1; p=" RSA1024, DKIM_KEY_HASH, 0,
	    "h does not allow sha256" },
	{ "not base64", "v=DKIM1; p=***", DKIM_KEY_BROKEN, 0,
	    "p is not valid base64: it may have been cut" },
	{ "quotes of a zone file in it", "v=DKIM1; p=MIGf\" \"MA0G", DKIM_KEY_BROKEN, 0,
	    "p is not valid base64: it may have been cut" },
	{ "cut", "v=DKIM1; p=MIGfMA0GCSqGSIb3DQEBAQUAA4GNADCB", DKIM_KEY_BROKEN, 0,
	    "p is not a public RSA key: it may have been cut" },
	{ "an Ed25519 key that is called RSA", "v=DKIM1; p=" ED25519, DKIM_KEY_BROKEN, 0,
	    "p is not a public RSA key: it may have been cut" },
	{ "an RSA key that is called Ed25519", "v=DKIM1; k=ed25519; p=" RSA1024, DKIM_KEY_BROKEN, 0,
	    "p is not an Ed25519 key of 32 bytes, without a header (RFC 8463 4)" },
	{ "short", "v=DKIM1; p=" RSA512, DKIM_KEY_SHORT, 512, "the key is too short" },
};

static void
test_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct arena a;
		struct dkim_key key;
		ROW(rows[i].name);
		arena_init(&a);
		dkim_key_read(&a, rows[i].text, &key);
		assert_string_equal(key.fault, rows[i].fault);
		assert_int_equal(key.status, rows[i].status);
		assert_int_equal(key.bits, rows[i].bits);
		arena_fini(&a);
	}
}

static void
test_flags(void **state)
{
	(void)state;
	struct arena a;
	struct dkim_key key;
	arena_init(&a);
	dkim_key_read(&a, "v=DKIM1; t= y : s ; n=old one; p=" RSA1024, &key);
	assert_true(key.testing && key.same_domain);
	assert_string_equal(key.note, "old one");
	assert_string_equal(dkim_key_shown(&key, &a), "1024-bit RSA");
	dkim_key_read(&a, "v=DKIM1; k=ed25519; t=x; p=" ED25519, &key);
	assert_false(key.testing || key.same_domain);
	assert_string_equal(key.note, "");
	assert_string_equal(dkim_key_shown(&key, &a), "Ed25519");
	arena_fini(&a);
}

/* The size of the key as OpenSSL alone reads it; 0: it does not. */
static unsigned
bits_by_openssl(const unsigned char *der, size_t len)
{
	const unsigned char *at = der;
	EVP_PKEY *key = d2i_PUBKEY(NULL, &at, (long)len);
	unsigned bits = 0;
	if (key == NULL) {
		at = der;
		key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, (long)len);
	}
	if (key != NULL && EVP_PKEY_base_id(key) == EVP_PKEY_RSA)
		bits = (unsigned)EVP_PKEY_bits(key);
	EVP_PKEY_free(key);
	return bits;
}

/* What reads the outer form of a key takes none that OpenSSL does not, whichever byte is wrong. */
static void
test_changed_bytes(void **state)
{
	enum {
		OUTER = 22,
		INNER_HEAD = 8
	}; /* bytes around the RSAPublicKey, and of its own head */
	struct arena a;
	struct dkim_key key;
	size_t len;
	(void)state;
	arena_init(&a);
	const uint8_t *good = tags_base64(&a, RSA1024, &len);
	uint8_t *der = arena_alloc(&a, len);
	char *text = arena_alloc(&a, len * 2 + 8);
	memcpy(der, good, len);
	for (size_t at = 0; at < OUTER + INNER_HEAD; at++) {
		ROW(arena_printf(&a, "byte %zu", at));
		for (size_t byte = 0; byte < 256; byte++) {
			struct arena of_key;
			arena_init(&of_key);
			der[at] = (uint8_t)byte;
			text[0] = 'p', text[1] = '=';
			(void)EVP_EncodeBlock((unsigned char *)text + 2, der, (int)len);
			dkim_key_read(&of_key, text, &key);
			if (key.bits != bits_by_openssl(der, len))
				fail_msg("%02zx: %u bits", byte, key.bits);
			arena_fini(&of_key);
		}
		der[at] = good[at];
	}
	arena_fini(&a);
}

/* A key of the test's own: its record, and its signature of a digest. */
struct signer {
	struct dkim_key key;
	uint8_t signature[128];
	size_t len;
};

static void
make_signer(struct arena *a, const uint8_t digest[32], struct signer *out)
{
	EVP_PKEY *pair = EVP_RSA_gen(1024);
	uint8_t *der = NULL;
	assert_non_null(pair);
	int der_len = i2d_PUBKEY(pair, &der);
	char *text = arena_alloc(a, (size_t)der_len * 2 + 8);
	text[0] = 'p', text[1] = '=';
	(void)EVP_EncodeBlock((unsigned char *)text + 2, der, der_len);
	dkim_key_read(a, text, &out->key);
	assert_int_equal(out->key.status, DKIM_KEY_GOOD);

	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(pair, NULL);
	out->len = sizeof out->signature;
	assert_int_equal(EVP_PKEY_sign_init(c), 1);
	assert_int_equal(EVP_PKEY_CTX_set_signature_md(c, EVP_sha256()), 1);
	assert_int_equal(EVP_PKEY_sign(c, out->signature, &out->len, digest, 32), 1);
	EVP_PKEY_CTX_free(c);
	EVP_PKEY_free(pair);
	OPENSSL_free(der);
}

/* The key that is kept open is the one that is asked: with each signer's signature, in any order. */
static void
test_in_turn(void **state)
{
	static const size_t turns[] = { 0, 0, 1, 1, 0, 2, 0, 1, 2, 2, 1 };
	const uint8_t digest[32] = { 1, 2, 3 }, other[32] = { 1, 2, 4 };
	struct signer signers[3];
	struct arena a;
	struct dkim_key broken;
	(void)state;
	arena_init(&a);
	for (size_t i = 0; i < N_ELEMENTS(signers); i++)
		make_signer(&a, digest, &signers[i]);
	for (size_t i = 0; i < N_ELEMENTS(turns); i++) {
		const struct dkim_key *key = &signers[turns[i]].key;
		ROW(arena_printf(&a, "turn %zu", i));
		for (size_t k = 0; k < N_ELEMENTS(signers); k++)
			assert_int_equal(dkim_key_verifies(key, digest, signers[k].signature,
					     signers[k].len),
			    k == turns[i]);
		assert_false(dkim_key_verifies(key, other, signers[turns[i]].signature,
		    signers[turns[i]].len));
		/* the bytes of an RSA key that are said to be one of another type */
		dkim_key_read(&a, i % 2 == 0 ? "k=ed25519; p=" RSA1024 : "p=" ED25519, &broken);
		assert_int_equal(broken.status, DKIM_KEY_BROKEN);
	}
	arena_fini(&a);
}

/* The same bytes as a key of each type: what was kept of one is nothing to the other. */
static void
test_other_type(void **state)
{
	struct arena a;
	struct dkim_key key;
	(void)state;
	arena_init(&a);
	dkim_key_read(&a, "k=ed25519; p=" ED25519, &key);
	assert_int_equal(key.status, DKIM_KEY_GOOD);
	dkim_key_read(&a, "k=rsa; p=" ED25519, &key);
	assert_int_equal(key.status, DKIM_KEY_BROKEN);
	dkim_key_read(&a, "k=ed25519; p=" ED25519, &key);
	assert_int_equal(key.status, DKIM_KEY_GOOD);
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_key),
		cmocka_unit_test(test_changed_bytes),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_in_turn),
		cmocka_unit_test(test_other_type),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
