/*
 * The key record of DKIM (RFC 6376 3.6.1, RFC 8463): what stands at SELECTOR._domainkey.DOMAIN.
 * Untrusted; a record that is not usable says why.
 */
#ifndef MAILREADY_MAIL_DKIM_KEY_H
#define MAILREADY_MAIL_DKIM_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "mail/tags.h"

struct arena;

enum {
	DKIM_BITS_MIN = 1024,     /* a shorter RSA key counts for nothing (RFC 8301 3.2) */
	DKIM_BITS_ADVISED = 2048, /* what signers should have at least (RFC 8301 3.2) */
	DKIM_ED25519_BYTES = 32,  /* RFC 8463 3 */
	DKIM_ED25519_BITS = 256,
};

enum dkim_key_type { DKIM_RSA, DKIM_ED25519 };

enum dkim_key_status {
	DKIM_KEY_GOOD,
	DKIM_KEY_NOT_ONE, /* the text is something else: v is not DKIM1, or there is no p */
	DKIM_KEY_BROKEN,  /* faults in the list of tags, or p is no public key of type k */
	DKIM_KEY_REVOKED, /* p is empty (RFC 6376 3.6.1) */
	DKIM_KEY_TYPE,    /* k is a type that nobody knows */
	DKIM_KEY_SERVICE, /* s allows neither mail nor everything */
	DKIM_KEY_HASH,    /* h does not allow sha256 (RFC 8301 3.1 leaves no other) */
	DKIM_KEY_SHORT,   /* RSA below DKIM_BITS_MIN */
};

struct dkim_key {
	enum dkim_key_status status;
	const char *fault; /* of one that is not good: a phrase about the record; "" */
	enum dkim_key_type type;
	unsigned bits;      /* 0 when they are not known */
	bool testing;       /* t=y: receivers treat its mail as not signed (RFC 6376 3.6.1) */
	bool same_domain;   /* t=s: i= of a signature must be of the very domain in d= */
	const char *note;   /* n=, untrusted; "" */
	const uint8_t *der; /* of p, decoded; NULL when it could not be */
	size_t der_len;
	struct tag_list tags;
};

void dkim_key_read(struct arena *a, const char *text, struct dkim_key *out);

/* "2048-bit RSA", "Ed25519". */
const char *dkim_key_shown(const struct dkim_key *key, struct arena *a);

/*
 * Is signature one of digest, the SHA-256 of what is signed (RFC 6376 3.7, RFC 8463 3)?  The key has been read
 * without a fault in p.
 */
bool dkim_key_verifies(const struct dkim_key *key, const uint8_t digest[32],
    const uint8_t *signature, size_t len);

#endif
