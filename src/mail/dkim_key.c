/* The key record of DKIM, and what a key verifies: OpenSSL does both sums. */
#include "mail/dkim_key.h"

#include <openssl/asn1.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"

enum { WORDS_MAX = 16, DIGEST_BYTES = 32 };

static enum dkim_key_status
fail(struct dkim_key *key, enum dkim_key_status status, const char *fault)
{
	key->status = status;
	key->fault = fault;
	return status;
}

/* Has the list, colons between, this word? */
static bool
lists_word(struct arena *a, const char *value, const char *word)
{
	size_t n;
	const char **words = tags_words(a, value, ':', WORDS_MAX, &n);
	for (size_t i = 0; i < n; i++)
		if (strcasecmp(words[i], word) == 0)
			return true;
	return false;
}

enum { DER_SEQUENCE = 0x30, DER_BIT_STRING = 0x03 };

/* Steps into a DER element with this identifier that ends where the bytes do; false: it is another one. */
static bool
enter(const uint8_t **at, const uint8_t *end, uint8_t identifier)
{
	long len;
	int tag, class;
	if (*at >= end || **at != identifier)
		return false;
	bool whole = (ASN1_get_object(at, &len, &tag, &class, (long)(end - *at)) & 0x80) == 0;
	return whole && len == end - *at;
}

/*
 * The RSAPublicKey inside a SubjectPublicKeyInfo (RFC 3279 2.3.1), NULL when it has another form, which
 * the caller leaves to OpenSSL.  OpenSSL reads the outer form through its decoders, which takes as long
 * as several verifications.
 */
static EVP_PKEY *
open_inner(const uint8_t *der, const uint8_t *end)
{
	static const uint8_t rsa[] = { 0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d,
		0x01, 0x01, 0x01, 0x05, 0x00 };
	if (!enter(&der, end, DER_SEQUENCE) || (size_t)(end - der) < sizeof rsa ||
	    memcmp(der, rsa, sizeof rsa) != 0)
		return NULL;
	der += sizeof rsa;
	if (!enter(&der, end, DER_BIT_STRING) || end - der < 2 || *der++ != 0)
		return NULL;
	return d2i_PublicKey(EVP_PKEY_RSA, NULL, &der, (long)(end - der));
}

/* SubjectPublicKeyInfo, as everybody publishes, or the bare RSAPublicKey of RFC 6376's own words. */
static EVP_PKEY *
open_rsa(const uint8_t *der, size_t len)
{
	const uint8_t *at = der;
	EVP_PKEY *key = open_inner(der, der + len);
	if (key == NULL)
		key = d2i_PUBKEY(NULL, &at, (long)len);
	if (key == NULL) {
		at = der;
		key = d2i_PublicKey(EVP_PKEY_RSA, NULL, &at, (long)len);
	}
	if (key != NULL && EVP_PKEY_base_id(key) == EVP_PKEY_RSA)
		return key;
	EVP_PKEY_free(key);
	return NULL;
}

/* A key, and for RSA what verifies with it, as often as it is asked. */
struct opened {
	EVP_PKEY *key; /* NULL: it could not be opened */
	EVP_PKEY_CTX *rsa;
};

static EVP_PKEY_CTX *
rsa_context(EVP_PKEY *key)
{
	EVP_PKEY_CTX *c = EVP_PKEY_CTX_new(key, NULL);
	if (c != NULL && EVP_PKEY_verify_init(c) == 1 &&
	    EVP_PKEY_CTX_set_rsa_padding(c, RSA_PKCS1_PADDING) == 1 &&
	    EVP_PKEY_CTX_set_signature_md(c, EVP_sha256()) == 1)
		return c;
	EVP_PKEY_CTX_free(c);
	return NULL;
}

static struct opened
open_bytes(const struct dkim_key *key)
{
	struct opened opened = { NULL, NULL };
	if (key->type == DKIM_RSA)
		opened.key = open_rsa(key->der, key->der_len);
	else if (key->der_len == DKIM_ED25519_BYTES)
		opened.key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, key->der,
		    key->der_len);
	if (opened.key != NULL && key->type == DKIM_RSA)
		opened.rsa = rsa_context(opened.key);
	return opened;
}

/*
 * The key that was opened last: it is asked for when its record is read and for each signature, and many
 * messages have one signer.  To open it takes longer than to verify with it.
 */
static const struct opened *
open_key(const struct dkim_key *key)
{
	static struct opened last;
	static struct {
		enum dkim_key_type type;
		size_t len;
		uint8_t der[TAGS_TEXT_MAX]; /* more than any record holds */
	} of;
	if (of.len == key->der_len && of.type == key->type && memcmp(of.der, key->der, of.len) == 0)
		return &last;
	EVP_PKEY_CTX_free(last.rsa);
	EVP_PKEY_free(last.key);
	last = open_bytes(key);
	of.type = key->type;
	of.len = key->der_len;
	memcpy(of.der, key->der, of.len);
	return &last;
}

static enum dkim_key_status
read_public_key(struct arena *a, struct dkim_key *key, const char *p)
{
	key->der = tags_base64(a, p, &key->der_len);
	if (key->der == NULL)
		return fail(key, DKIM_KEY_BROKEN, "p is not valid base64: it may have been cut");
	const EVP_PKEY *opened = open_key(key)->key;
	if (opened == NULL) {
		key->der = NULL;
		return fail(key, DKIM_KEY_BROKEN,
		    key->type == DKIM_RSA ?
			"p is not a public RSA key: it may have been cut" :
			"p is not an Ed25519 key of 32 bytes, without a header (RFC 8463 4)");
	}
	int bits = EVP_PKEY_bits(opened);
	key->bits = bits > 0 ? (unsigned)bits : 0;
	if (key->type == DKIM_ED25519)
		key->bits = DKIM_ED25519_BITS;
	if (key->bits < DKIM_BITS_MIN && key->type == DKIM_RSA)
		return fail(key, DKIM_KEY_SHORT, "the key is too short");
	return DKIM_KEY_GOOD;
}

/* The tags that say for what and by whom the key may be used. */
static enum dkim_key_status
read_uses(struct arena *a, struct dkim_key *key)
{
	const char *services = tags_value(&key->tags, "s");
	const char *hashes = tags_value(&key->tags, "h");
	const char *flags = tags_value(&key->tags, "t");
	const char *note = tags_value(&key->tags, "n");
	key->note = note != NULL ? note : "";
	key->testing = flags != NULL && lists_word(a, flags, "y");
	key->same_domain = flags != NULL && lists_word(a, flags, "s");
	if (services != NULL && !lists_word(a, services, "*") && !lists_word(a, services, "email"))
		return fail(key, DKIM_KEY_SERVICE, "s does not allow the key for mail");
	if (hashes != NULL && !lists_word(a, hashes, "sha256"))
		return fail(key, DKIM_KEY_HASH, "h does not allow sha256");
	return DKIM_KEY_GOOD;
}

static enum dkim_key_status
read_key(struct arena *a, struct dkim_key *key)
{
	const char *v = tags_value(&key->tags, "v");
	const char *k = tags_value(&key->tags, "k");
	const char *p = tags_value(&key->tags, "p");
	if (v != NULL && strcmp(v, "DKIM1") != 0)
		return fail(key, DKIM_KEY_NOT_ONE, "v is not DKIM1");
	if (p == NULL)
		return fail(key, DKIM_KEY_NOT_ONE, "it has no p");
	if (key->tags.n_faults > 0)
		return fail(key, DKIM_KEY_BROKEN,
		    arena_printf(a, "byte %zu: %s%s%s", key->tags.faults[0].at + 1,
			key->tags.faults[0].name, key->tags.faults[0].name[0] != '\0' ? " " : "",
			key->tags.faults[0].text));
	if (v != NULL && strcasecmp(key->tags.tags[0].name, "v") != 0)
		return fail(key, DKIM_KEY_BROKEN, "v is not its first tag");
	if (k != NULL && strcasecmp(k, "rsa") != 0 && strcasecmp(k, "ed25519") != 0)
		return fail(key, DKIM_KEY_TYPE, "k is neither rsa nor ed25519");
	key->type = k != NULL && strcasecmp(k, "ed25519") == 0 ? DKIM_ED25519 : DKIM_RSA;
	enum dkim_key_status uses = read_uses(a, key);
	if (p[0] == '\0')
		return fail(key, DKIM_KEY_REVOKED, "the key was revoked: p is empty");
	return uses != DKIM_KEY_GOOD ? uses : read_public_key(a, key, p);
}

void
dkim_key_read(struct arena *a, const char *text, struct dkim_key *out)
{
	*out = (struct dkim_key){ .fault = "", .note = "" };
	tags_read(a, text, strlen(text), &out->tags);
	out->status = read_key(a, out);
}

const char *
dkim_key_shown(const struct dkim_key *key, struct arena *a)
{
	return key->type == DKIM_ED25519 ? "Ed25519" : arena_printf(a, "%u-bit RSA", key->bits);
}

/* What is signed is the digest itself: by RSA as a SHA-256 hash, by Ed25519 as a message of 32 bytes. */
static bool
verifies_ed25519(EVP_PKEY *opened, const uint8_t *digest, const uint8_t *signature, size_t len)
{
	EVP_MD_CTX *c = EVP_MD_CTX_new();
	bool good = c != NULL && EVP_DigestVerifyInit(c, NULL, NULL, NULL, opened) == 1 &&
	    EVP_DigestVerify(c, signature, len, digest, DIGEST_BYTES) == 1;
	EVP_MD_CTX_free(c);
	return good;
}

bool
dkim_key_verifies(const struct dkim_key *key, const uint8_t digest[32], const uint8_t *signature,
    size_t len)
{
	const struct opened *opened = key->der != NULL ? open_key(key) : NULL;
	if (opened == NULL || opened->key == NULL)
		return false;
	if (key->type == DKIM_ED25519)
		return verifies_ed25519(opened->key, digest, signature, len);
	return opened->rsa != NULL &&
	    EVP_PKEY_verify(opened->rsa, signature, len, digest, DIGEST_BYTES) == 1;
}
