/* The DKIM-Signature header field, read and judged for itself (RFC 6376 3.5, 6.1.1; RFC 8301; RFC 8463). */
#ifndef MAILREADY_MAIL_DKIM_SIGNATURE_H
#define MAILREADY_MAIL_DKIM_SIGNATURE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/enumtab.h"

struct arena;

enum { DKIM_NAMES_MAX = 256, DKIM_HASH_BYTES = 32 };

enum dkim_algorithm { DKIM_RSA_SHA256, DKIM_ED25519_SHA256 };
extern const struct enumtab dkim_algorithm_names; /* "rsa-sha256" "ed25519-sha256" */

struct dkim_signature {
	const char *fault;    /* why it can never verify, a phrase; "" when it may */
	const char *domain;   /* d=, internal form; "" when it is missing or not valid */
	const char *selector; /* s=, the same */
	bool below;           /* i= is of a subdomain of d= */
	enum dkim_algorithm algorithm;
	bool relaxed_header, relaxed_body;
	const char **names; /* h=: header fields that are signed, in order; untrusted */
	size_t n_names;
	const uint8_t *signature; /* b= */
	size_t signature_len;
	uint8_t body_hash[DKIM_HASH_BYTES]; /* bh= */
	int64_t time_s, expires_s;          /* t=, x=: seconds since the epoch; -1: none */
	bool has_length;                    /* l= */
	uint64_t length;
};

/* value: what stands after the colon, folds included. */
void dkim_signature_read(struct arena *a, const char *value, size_t len,
    struct dkim_signature *out);

/*
 * Is it a selector: one label or several (RFC 6376 3.1)?  Then out is its internal form, in the arena;
 * else NULL.
 */
const char *dkim_selector(struct arena *a, const char *text);

/* A key that somebody names: where it stands, or a domain whose signatures are taken as good. */
struct dkim_identity {
	const char *domain;
	const char *selector; /* "" for the domain alone */
};

/*
 * "example.com/sel1", or "example.com".  NULL when it is read, else what is wrong as a phrase.
 */
const char *dkim_identity_read(struct arena *a, const char *text, struct dkim_identity *out);

/* The same text again. */
const char *dkim_identity_text(struct arena *a, const struct dkim_identity *identity);

/* SELECTOR._domainkey.DOMAIN; NULL when that is too long for a name. */
const char *dkim_key_name(struct arena *a, const char *selector, const char *domain);

#endif
