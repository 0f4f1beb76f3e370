/* DKIM key records: what is good has a key that OpenSSL opens, and verifies nothing by accident. */
#include <assert.h>

#include "base/arena.h"
#include "mail/dkim_key.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const uint8_t digest[32], signature[256];
	struct arena a;
	arena_init(&a);
	struct dkim_key *key = arena_alloc(&a, sizeof *key);
	dkim_key_read(&a, arena_strndup(&a, (const char *)data, size), key);
	assert((key->status == DKIM_KEY_GOOD) == (key->fault[0] == '\0'));
	if (key->status == DKIM_KEY_GOOD) {
		assert(key->der != NULL && key->bits >= DKIM_ED25519_BITS);
		assert(key->type == DKIM_ED25519 || key->bits >= DKIM_BITS_MIN);
		/* of an exponent of 1 anybody can forge a signature, but not this one */
		assert(
		    !dkim_key_verifies(key, digest, signature, key->type == DKIM_RSA ? 256 : 64) ||
		    key->type == DKIM_ED25519);
	}
	arena_fini(&a);
	return 0;
}
