/*
 * Transaction signatures (RFC 8945) on DNS messages, by ldns: a message is signed with a shared
 * key, and the reply to it is believed only when it is signed with the same one.
 */
#ifndef MAILREADY_DNS_TSIG_H
#define MAILREADY_DNS_TSIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/name.h"

struct buf;

enum {
	TSIG_SECRET_MAX = 256, /* base64 of a key of 128 bytes and more, with NUL */
	TSIG_FUDGE_S = 300,    /* RFC 8945 10: clocks may be that far apart */
	TSIG_MAC_MAX = 64,
};

/* A secret: lives outside arenas and is wiped by its owner. */
struct tsig_key {
	char name[NAME_TEXT_MAX];     /* internal form */
	char algorithm[16];           /* "hmac-sha256": one that tsig_algorithm_known() */
	char secret[TSIG_SECRET_MAX]; /* base64 */
};

struct tsig_mac {
	uint8_t bytes[TSIG_MAC_MAX];
	size_t len;
};

/* hmac-md5, hmac-sha1, hmac-sha256 and hmac-sha512: ldns 1.8 misspells the name of hmac-sha384
 * and has no hmac-sha224. */
bool tsig_algorithm_known(const char *algorithm);

/* Appends the signature to a message; false when the key cannot be used.  mac is what the reply
 * is checked with. */
bool tsig_sign(const struct tsig_key *key, struct buf *message, struct tsig_mac *mac);

enum tsig_result {
	TSIG_GOOD,     /* signed with the key, in reply to our message */
	TSIG_UNSIGNED, /* no signature at all */
	TSIG_FORGED,   /* a signature that is not of this key and this exchange */
	TSIG_REFUSED,  /* the server refuses our signature: error says why */
};

enum { TSIG_BADSIG = 16, TSIG_BADKEY = 17, TSIG_BADTIME = 18, TSIG_BADTRUNC = 22 };

struct tsig_reply {
	enum tsig_result result;
	int error; /* RFC 8945 3; 0 unless REFUSED */
	int64_t
	    server_time_s; /* with BADTIME: the server's clock, seconds since the epoch; else 0 */
};

/* Judges the signature of a reply; a message that cannot be parsed is FORGED. */
void tsig_check(const struct tsig_key *key, const uint8_t *message, size_t len,
    const struct tsig_mac *request_mac, struct tsig_reply *out);

#endif
