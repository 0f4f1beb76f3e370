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
#include "base/name.h"

struct arena;

enum list_impact { LIST_INFO, LIST_LOW, LIST_MEDIUM, LIST_HIGH, LIST_CRITICAL };
extern const struct enumtab list_impact_names;

/* An inclusive range of IPv4 answers with one meaning. */
struct list_code {
	uint32_t first, last; /* host order: 0x7f000002 */
	enum list_impact impact;
	const char *meaning; /* "XBL: exploited host" */
	const char *fix;     /* what to mend for this code, before the list's first_fix; "" */
};

/*
 * The query names of a list's RFC 5782 section 5 test entries for one address family, made when
 * the catalogue is read because they are the same for every target.  "" = the list has none.
 */
struct list_test {
	const char *listed; /* must be listed, or the list is empty or unreachable */
	const char *clean;  /* must not be listed, or the list lists everything */
};

struct list {
	const char *zone;          /* internal name form */
	const char *name;          /* "Spamhaus ZEN"; the zone when the file gives none */
	const char *operator_name; /* "" */
	bool ip4, ip6;             /* families it can be asked for */
	/* How much its silence matters.  A code without a row counts as at most LIST_LOW when the
	 * list has rows: a number that nobody can explain is no ground for alarm. */
	enum list_impact impact;
	const char *why;       /* who refuses for it, as a sentence without its final stop; "" */
	const char *removal;   /* URL, may hold {address}; "" */
	const char *first_fix; /* what to mend before asking for removal; "" */
	const char *access;    /* what it demands of those who ask, for when it does not tell; "" */
	const char *source;
	bool plain; /* from a plain file: any 127/8 but 127.0.0.1 and 127.255.255.x lists */
	struct list_code *codes;
	size_t n_codes, cap_codes;
	struct list_code
	    *refusals; /* its own answers that are no listing, beside 127.255.255.0/24 */
	size_t n_refusals, cap_refusals;
	struct list_test test4, test6;
};

/* All zeroes is an empty catalogue. */
struct catalogue {
	struct list *lists; /* in the order of the file(s) */
	size_t n, cap;
};

enum { CATALOGUE_LISTS_MAX = 1000, CATALOGUE_CODES_MAX = 300, CATALOGUE_FILE_MAX = 1 << 20 };

/*
 * Adds one file's lists to the catalogue: INI when its first line that is neither blank nor a
 * comment starts with "[", else plain zones.  A zone that stands already is an error.  ERR_NOINPUT
 * when the file cannot be read, ERR_DATA with file and line when its content is wrong; the
 * catalogue must not be used then.
 */
enum err_code catalogue_read_file(struct catalogue *c, struct arena *a, const char *path,
    struct err *err) MUST_CHECK;
enum err_code catalogue_read_text(struct catalogue *c, struct arena *a, const char *name,
    const char *text, size_t len, struct err *err) MUST_CHECK;

/* The query name for an address: 2.0.0.127.zone, or nibbles (RFC 5782 2.1, 2.4).  Returns out. */
const char *list_query_name(const struct list *l, const struct ip *ip, char out[NAME_TEXT_MAX]);

/* Can the list be asked about an address of this family? */
bool list_takes(const struct list *l, const struct ip *ip);

/* The test entries for the address's family. */
const struct list_test *list_test_for(const struct list *l, const struct ip *ip);

#endif
