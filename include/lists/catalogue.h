/*
 * The catalogue of DNS lists: what each zone's answers mean.  Loaded from data/lists (INI) or
 * from a plain file with one zone a line.  Does no DNS.
 */
#ifndef MAILREADY_LISTS_CATALOGUE_H
#define MAILREADY_LISTS_CATALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/enumtab.h"
#include "base/err.h"
#include "base/ip.h"

struct arena;

enum list_impact { LIST_INFO, LIST_LOW, LIST_MEDIUM, LIST_HIGH, LIST_CRITICAL };
extern const struct enumtab list_impact_names;

/* An inclusive range of IPv4 answers with one meaning. */
struct list_code {
	uint32_t first, last;     /* host order: 0x7f000002 */
	enum list_impact impact;
	const char *meaning;      /* "XBL: exploited host" */
};

struct list {
	const char *zone;       /* internal name form */
	const char *name;       /* "Spamhaus ZEN" */
	const char *operator_name;
	bool ip4, ip6;          /* families it can be asked for */
	enum list_impact impact;/* of codes that have no row */
	const char *why;        /* who refuses for it, and how that is known */
	const char *removal;    /* URL, may hold {address}; "" */
	const char *first_fix;  /* what to mend before asking for removal; "" */
	const char *source;
	bool plain;             /* from a plain file: any 127/8 but 127.0.0.1 and 127.255.255.x lists */
	struct list_code *codes;
	size_t n_codes;
	struct list_code *refusals; /* its own answers that are no listing, beside 127.255.255.0/24 */
	size_t n_refusals;
	/* RFC 5782 section 5 test entries; family 0 = this list has none, do not ask */
	struct ip listed4, clean4, listed6, clean6;
};

struct catalogue {
	struct list *lists; /* in the order of the file(s) */
	size_t n;
};

enum { CATALOGUE_LISTS_MAX = 1000 };

/*
 * Reads one file into the catalogue: INI when its first line that is neither blank nor a comment
 * starts with "[", else plain zones.  A zone that stands already is an error.  Errors name file and line.
 */
enum err_code catalogue_read_file(struct catalogue *c, struct arena *a, const char *path,
    struct err *err) MUST_CHECK;
enum err_code catalogue_read_text(struct catalogue *c, struct arena *a, const char *name,
    const char *text, size_t len, struct err *err) MUST_CHECK;

/* The query name for an address: 2.0.0.127.zone, or nibbles (RFC 5782 2.1, 2.4).  In the arena. */
const char *list_query_name(const struct list *l, const struct ip *ip, struct arena *a);

/* Can the list be asked about an address of this family? */
bool list_takes(const struct list *l, const struct ip *ip);

#endif
