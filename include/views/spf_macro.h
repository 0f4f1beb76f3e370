/* Macros of SPF records (RFC 7208 7): whether a string with macros is valid, and what it becomes. */
#ifndef MAILREADY_VIEWS_SPF_MACRO_H
#define MAILREADY_VIEWS_SPF_MACRO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"
#include "base/name.h"

struct arena;

/* What the letters stand for. */
struct spf_macros {
	const char *sender; /* s: "user@example.com" as said; l and o are its parts */
	const char *domain; /* d: that whose record is evaluated, internal form */
	const char *helo;   /* h; "" when it is not known */
	const char *ptr;    /* p: a confirmed PTR name, or "unknown" */
	struct ip ip;       /* i, c, v */
	int64_t now_s;      /* t */
};

enum spf_string {
	SPF_DOMAIN_SPEC, /* ends in a top label or in a macro; no %{c}, %{r}, %{t} */
	SPF_MODIFIER,    /* the value of a modifier that means nothing to SPF */
	SPF_EXPLANATION, /* blanks, and every letter */
};

/* NULL when the first len bytes are valid; else what is wrong, a phrase in a. */
const char *spf_string_fault(const char *text, size_t len, enum spf_string kind, struct arena *a);

/* Has a valid string the macro letter (in either case)? */
bool spf_has_macro(const char *text, char letter);

/* The text that a valid string becomes; at most SPF_TEXT_MAX bytes of it. */
enum { SPF_TEXT_MAX = 4096 };
const char *spf_expand(const char *text, const struct spf_macros *m, struct arena *a);

/*
 * The domain that a valid domain-spec becomes, internal form: without a final dot, and shortened by
 * labels on the left until it has at most 253 bytes (7.3).  False when no name can be asked for.
 */
bool spf_expand_domain(const char *text, const struct spf_macros *m, struct arena *a,
    char out[NAME_TEXT_MAX]);

#endif
