/*
 * An SPF record as its terms (RFC 7208 4.5, 4.6, 12): one grammar for the evaluation, for what is said of
 * the record, and for the fuzzer.  Untrusted text of any length; the first fault is named with its place.
 */
#ifndef MAILREADY_VIEWS_SPF_RECORD_H
#define MAILREADY_VIEWS_SPF_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ip.h"

struct arena;

enum spf_kind {
	SPF_ALL,
	SPF_INCLUDE,
	SPF_A,
	SPF_MX,
	SPF_PTR,
	SPF_IP4,
	SPF_IP6,
	SPF_EXISTS,
	SPF_REDIRECT, /* from here on: modifiers */
	SPF_EXP,
	SPF_OTHER, /* a modifier that means nothing to SPF (6.3) */
};

struct spf_term {
	enum spf_kind kind;
	char qualifier;     /* '+', '-', '~' or '?'; '+' of a modifier */
	const char *text;   /* as it is written */
	size_t at;          /* its first byte in the record, from 1 */
	const char *domain; /* the domain-spec, macros and all; NULL when there is none */
	struct ip ip;       /* of ip4 and ip6 */
	int bits4, bits6;   /* prefix lengths; 32 and 128 where none is given */
};

struct spf_record {
	struct spf_term *terms; /* in their order, up to the fault */
	size_t n;
	const struct spf_term *redirect, *exp; /* of the terms; NULL */
	const char
	    *fault; /* what is wrong: "\"ipv4:\" is not a mechanism; it is written ip4:"; NULL */
	size_t fault_at; /* the first byte of the term at fault, from 1 */
};

/* Does the text begin with "v=spf1" and a blank or its end, in any case (4.5)? */
bool spf_is_record(const char *text);

/* Reads the text of one for which spf_is_record() holds.  Everything lives in a. */
void spf_parse(const char *text, struct arena *a, struct spf_record *out);

/* Does the term ask the DNS (4.6.4)? */
bool spf_asks(const struct spf_term *term);

/* Does the mechanism match the address whatever the DNS says: all, and ip4 and ip6 that hold it? */
bool spf_is_certain(const struct spf_term *term, const struct ip *ip);

/* "include", "ip4", "redirect" ... */
const char *spf_kind_name(enum spf_kind kind);

#endif
