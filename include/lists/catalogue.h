/*
 * The catalogue of DNS lists: what each zone's answers mean.  Loaded from data/lists (INI) or
 * from a plain file with one zone a line.  Does no DNS, and knows no keys.
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

/* The kind of a list. */
enum list_kind {
	LIST_KIND_BLOCK,
	LIST_KIND_ALLOW, /* something good; not being on it means nothing */
	LIST_KIND_INFO,  /* a measure or a fact, no judgement */
	LIST_KIND_WEB,   /* not in the DNS at all: a page only */
};
extern const struct enumtab list_kind_names; /* "block" "allow" "info" "web" */

/* Does the list exist? */
enum list_status {
	LIST_ALIVE,
	LIST_UNSURE,   /* believed to be alive, not seen to be */
	LIST_DOUBTFUL, /* perhaps abandoned: asked only when it is named */
	LIST_DEAD,     /* never asked */
};
extern const struct enumtab list_status_names;

/* The cause of a code, which must be fixed before removal. */
enum list_cause { LIST_CAUSE_NONE, LIST_CAUSE_NO_PTR, LIST_CAUSE_GENERIC_PTR };
extern const struct enumtab list_cause_names; /* "none" "no-ptr" "generic-ptr" */

/* The extent of one entry. */
enum list_scope {
	LIST_SCOPE_ADDRESS,
	LIST_SCOPE_24,
	LIST_SCOPE_64,
	LIST_SCOPE_NETWORK,
	LIST_SCOPE_AS
};
extern const struct enumtab list_scope_names; /* "address" "/24" "/64" "network" "as" */

/* Who can have an entry removed. */
enum list_remover { LIST_REMOVER_YOU, LIST_REMOVER_PROVIDER, LIST_REMOVER_NOBODY };
extern const struct enumtab list_remover_names;

/* How sure the catalogue is of what it says. */
enum list_sure { LIST_SURE_UNSAID, LIST_SURE_VERIFIED, LIST_SURE_PARTLY, LIST_SURE_MEMORY };
extern const struct enumtab list_sure_names;

/* An inclusive range of IPv4 answers with one meaning; or one bit of the last octet. */
struct list_code {
	uint32_t first, last; /* host order: 0x7f000002; of a bit: the bit, twice */
	enum list_impact impact;
	const char *meaning; /* "XBL: exploited host" */
	const char *fix;     /* what to fix for this code, before the list's first_fix; "" */
	enum list_cause cause;
};

/*
 * The query names of a list's RFC 5782 section 5 test entries for one kind of question, made when
 * the catalogue is read because they are the same for every target.  "" = the list has none.
 */
struct list_test {
	const char *listed; /* must be listed, or the list is empty or unreachable */
	const char *clean;  /* must not be listed, or the list lists everything */
};

struct list {
	const char *zone;          /* internal name form; "*.sorbs.net" for all names below */
	const char *name;          /* "Spamhaus ZEN"; the zone when the file gives none */
	const char *operator_name; /* "" */
	enum list_kind kind;
	bool ip4, ip6, domain; /* what it can be asked for; all false: nothing */
	bool registered, full; /* of a domain: example.org, a.example.org */
	/* How much its silence matters.  A code without a row counts as at most LIST_LOW when the
	 * list has rows: a number that nobody can explain does not alarm. */
	enum list_impact impact;
	const char *why;     /* who refuses for it, as a sentence without its final stop; "" */
	const char *removal; /* URL, may hold {address}; "" */
	enum list_remover remover;
	const char *expires;           /* when an entry ends by itself; "" */
	enum list_scope scope, scope6; /* of its IPv4 and IPv6 entries */
	const char *first_fix;         /* what to fix before requesting removal; "" */
	const char *access;            /* its conditions, shown when it gives no answer; "" */
	const char *note;              /* "" */
	bool on_request;               /* not asked by default */
	const char *part_of;           /* a zone that holds the same entries; "" */
	const char *stands_for;        /* a zone in whose place it is asked; "" */
	const char *key;               /* name of the key that its questions need; "" */
	unsigned rate, budget;         /* questions in a second, in a day; 0 = nothing is said */
	enum list_status status;
	const char *born, *closed; /* "2024-06-05", "2024-06", "2024"; "" */
	const char *how;           /* how it died, or what is in doubt; "" */
	const char *source;
	enum list_sure sure;
	bool plain; /* from a plain file: any 127/8 but 127.0.0.1 and 127.255.255.x lists */
	bool named; /* by the user alone: the catalogue does not know it */
	struct list_code *codes;
	size_t n_codes, cap_codes;
	struct list_code *bits; /* answers 127.0.0.N are sums of these */
	size_t n_bits, cap_bits;
	struct list_code
	    *refusals; /* its own answers that are no listing, beside 127.255.255.0/24 */
	size_t n_refusals, cap_refusals;
	struct list_code *harmless; /* answers that say nothing bad: as if there were none */
	size_t n_harmless, cap_harmless;
	struct list_test test4, test6, test_domain;
	bool exhausted; /* its budget of today is used up: set by the caller, never by a file */
	unsigned file;  /* number of the last file that spoke of it, from 1 */
	uint64_t hash;  /* of the zone */
};

/* All zeroes is an empty catalogue. */
struct catalogue {
	struct list *lists; /* in the order of the file(s) */
	size_t n, cap;
	unsigned n_files;
	const char **remarks; /* lines of plain files that were left out, and why */
	size_t n_remarks, cap_remarks;
};

enum { CATALOGUE_LISTS_MAX = 1000, CATALOGUE_CODES_MAX = 300, CATALOGUE_FILE_MAX = 1 << 20 };

/*
 * Adds one file's lists to the catalogue: INI when its first line that is neither blank nor a
 * comment starts with "[", else plain zones.  A zone that appears twice in one file is an error;
 * one that an earlier file knows keeps what the later one does not say, except that the first
 * code.*, bit.* or refusal.* of the later one replaces all of that kind.  ERR_NOINPUT when the
 * file cannot be read, ERR_DATA with file and line when its content is wrong; the catalogue must
 * not be used then.  A wrong line of a plain file is left out with a remark, unless most are wrong:
 * the others mean the same without it, which cannot be said of a line of a section.
 */
enum err_code catalogue_read_file(struct catalogue *c, struct arena *a, const char *path,
    struct err *err) MUST_CHECK;
enum err_code catalogue_read_text(struct catalogue *c, struct arena *a, const char *name,
    const char *text, size_t len, struct err *err) MUST_CHECK;

/* The list of just this zone (internal name form), or NULL. */
struct list *catalogue_find(const struct catalogue *c, const char *zone);

/* The same, or the dead or doubtful list whose "*.zone" the name is at or below. */
const struct list *catalogue_find_any(const struct catalogue *c, const char *zone);

/* The query name for an address: 2.0.0.127.zone, or nibbles (RFC 5782 2.1, 2.4).  Returns out. */
const char *list_query_name(const struct list *l, const struct ip *ip, char out[NAME_TEXT_MAX]);

/* The query name for a domain, example.org.zone (RFC 5782 2.2); false when it would be too long. */
bool list_domain_name(const struct list *l, const char *domain, char out[NAME_TEXT_MAX]);

/* Can the list be asked about an address of this family? */
bool list_takes(const struct list *l, const struct ip *ip);

/* The test entries for the address's family. */
const struct list_test *list_test_for(const struct list *l, const struct ip *ip);

/* "died 2018-05-30: its domain lapsed ..."; for a list that is dead or doubtful. */
const char *list_epitaph(const struct list *l, struct arena *a);

#endif
