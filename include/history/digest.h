/*
 * One target's report in little, as plain values: what is kept between runs and compared, and what
 * formats are made of.  A value: whoever makes one says where its strings live.  Every text is safe
 * to print (base/safe); none is NULL but where it says so.
 */
#ifndef MAILREADY_HISTORY_DIGEST_H
#define MAILREADY_HISTORY_DIGEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/verdict.h"
#include "lists/code.h"
#include "views/receivers.h"
#include "views/views.h"

struct arena;

struct digest_finding {
	const char *rule; /* "ptr.missing"; the part before the dot is the check */
	enum verdict verdict;
	enum severity severity;
	bool required; /* a temperror here leaves the whole report undecided */
	const char *subject, *text;
	const char *remedy, *why; /* "" */
	bool sure;                /* it was looked at again within the run, and was still there */
	/* for the formats of this very run, and not kept */
	const char *evidence; /* lines; NULL */
	bool leads;           /* goes before whatever else was found */
	const char *cause;    /* the rule or check whose finding explains it; "" or NULL */
};

/* One list that was asked, about one subject. */
struct digest_list {
	const char *zone;
	const char *subject; /* the address, or a domain */
	enum list_state state;
	enum list_kind kind;
	enum list_impact impact; /* of a listing */
	enum list_reason why;    /* it is unknown or not applicable; else LIST_OK */
	const char *codes;       /* of a listing, with blanks between; "" */
};

/* A demand of a big receiver that is not met, or not known to be, by any sender or by a bulk sender. */
struct digest_demand {
	const char *receiver, *name; /* "gmail", "Gmail" */
	enum receiver_demand demand;
	enum demand_state any, bulk;
	const char *code; /* that the reply has where it is not met; "" */
};
enum { DIGEST_DEMANDS_MAX = 512 };

/* Names that are kept: all of them fit into a cell of a spreadsheet. */
enum { DIGEST_NAMES_MAX = 64 };

struct digest {
	int64_t time_s;            /* when the run began, seconds since the epoch */
	uint64_t time_us;          /* how long it took */
	const char *label;         /* what its owner calls the server; "" */
	const char *address;       /* the host name where that has no address */
	const char *host;          /* the host name that stood for the address; "" */
	const char *ehlo, *domain; /* as the owner gave it; "" */
	const char *groups; /* that its owner put it into: "relays, customer a"; NULL: none */
	enum verdict verdict;
	const char *reason; /* for the verdict; never "" */
	/* was it looked at?  If not, its result says nothing */
	bool has_ptr, has_iprev, has_ehlo;
	enum ptr_status ptr_status;
	const char **ptr_names;  /* sorted */
	size_t n_ptr_names;      /* at most DIGEST_NAMES_MAX */
	size_t n_more_ptr_names; /* that were left out */
	enum iprev_result iprev;
	const char *ehlo_seen; /* the name that was judged; "" */
	enum iprev_result ehlo_result;
	int64_t cert_expires_s; /* 0: no certificate was seen */
	struct list_counts counts;
	bool has_demands; /* it was looked whether those of receivers are met */
	struct digest_demand *demands;
	size_t n_demands; /* at most DIGEST_DEMANDS_MAX */
	/* for the formats of this very run, and not kept */
	bool stale;             /* nothing could be looked up: as it was at time_s */
	const char **confirmed; /* PTR names that lead back to the address */
	size_t n_confirmed;     /* at most DIGEST_NAMES_MAX */
	size_t n_more_confirmed;
	bool has_generic, is_generic; /* a PTR name; has: there was one to judge */
	/* results of the sender, in words; NULL: not judged */
	const char *sender, *spf, *spf_helo, *dmarc;
	const char *dkim; /* "example.com/s1=pass", with blanks between; NULL */
	struct digest_list *lists;
	size_t n_lists;
	const struct receivers_view *receivers; /* what they demand; NULL: not shown */
	struct digest_finding *findings;        /* in the report's order */
	size_t n_findings;
};

/*
 * What a server is called in a report: its label, with the address where a host name was given; else
 * address and host name, or the address alone.
 */
const char *digest_name(const struct digest *d, struct arena *a);

/*
 * Moves *at, in a list of groups, to the next name; its length, 0 at the end.  The caller moves it past
 * the name.
 */
size_t digest_next_group(const char **at);

/* Is it in one of these groups, written as its own? */
bool digest_in_groups(const struct digest *d, const char *groups);

/* Were there lists to be looked at? */
bool digest_has_lists(const struct digest *d);

/* Are two rules of one check?  "ptr.missing", "ptr." and "ptr" are. */
bool digest_same_check(const char *rule, const char *other);

/*
 * What stands of one check ("refused.") in the run before stands in the run now, too, which could not look;
 * its list of findings is then in a, and borrows from both.  The worst verdict of what came with it; PASS.
 */
enum verdict digest_carry(struct digest *now, const struct digest *before, const char *check,
    struct arena *a);

/* The codes of a listing, the word for why a list is unknown or not applicable, or "". */
const char *digest_list_reason(const struct digest_list *l);

/* The words of results, as files and formats have them; "" when it was not looked at. */
const char *digest_ptr_word(const struct digest *d);
const char *digest_iprev_word(const struct digest *d);
const char *digest_ehlo_word(const struct digest *d);

/* A copy with everything in a. */
void digest_copy(const struct digest *from, struct arena *a, struct digest *out);

#endif
