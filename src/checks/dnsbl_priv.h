/*
 * Between the parts of the check dnsbl: how many lists say what (dnsbl_tally.c), what most of them
 * have in common when they are unknown (dnsbl_blame.c), the sentences (dnsbl_text.c), and what it
 * all means (dnsbl.c).
 */
#ifndef MAILREADY_CHECKS_DNSBL_PRIV_H
#define MAILREADY_CHECKS_DNSBL_PRIV_H

#include "checks/finding.h"
#include "views/lists.h"

/* Lists are counted once each, block lists alone. */
struct dnsbl_tally {
	const struct list_view *views;
	size_t n;
	size_t asked;    /* lists that take the address or a name */
	size_t answered; /* of these, clean or listed */
	size_t keyless;  /* of these, not asked for want of a key */
	size_t listed;
	size_t critical; /* listings of that impact */
	size_t high;
	size_t minded;  /* listings that fail or warn */
	size_t family;  /* lists that do not take this family */
	size_t assumed; /* of these, those of which only a missing test entry says so */
	size_t offline; /* lists that --offline kept from being asked */
	size_t others;  /* allow and info lists that hold it */
};
void dnsbl_tally_up(const struct target *t, const struct list_view *views, size_t n,
    struct dnsbl_tally *out);

/* Of a listing. */
enum verdict dnsbl_verdict(const struct list_view *v, const struct dnsbl_tally *tally);

/* What most lists have in common when the resolver, not each of them, may be at fault. */
struct dnsbl_blame {
	enum list_reason reasons[3];
	bool ip6;         /* says something about the resolver for IPv6, too */
	const char *text; /* follows "N of M lists " */
	const char *remedy;
};

/* The row that explains most of the asked lists, and how many; NULL when none does. */
const struct dnsbl_blame *dnsbl_find_blame(const struct target *t, const struct dnsbl_tally *tally,
    size_t *n_blamed);

/* Is the list one of these?  b may be NULL. */
bool dnsbl_is_blamed(const struct dnsbl_blame *b, const struct list_view *v);

/* "listed on 2 of 31 (1 critical), 4 could not be asked"; "none of 2 lists gave a usable answer" */
const char *dnsbl_summary(const struct dnsbl_tally *tally, struct arena *a);

/* "Spamhaus ZEN (zen.spamhaus.org)" */
const char *dnsbl_show_list(const struct list *l, struct arena *a);

/* "127.0.0.4 (XBL: an infected host), 127.0.0.10 (PBL: ...)" */
const char *dnsbl_show_codes(const struct list_verdict *v, struct arena *a);

/* The words that the list has for the codes: " (SBL, XBL)"; "" where it has none. */
const char *dnsbl_show_words(const struct list_verdict *v, struct arena *a);

/* ", giving as reason "..."", cut between characters when it is long; "" for "". */
const char *dnsbl_show_reason(const char *text, struct arena *a);

/* "; such entries are about a whole /64, here 2001:db8::/64"; "" when it is about the address. */
const char *dnsbl_show_scope(const struct list_view *v, const struct target *t, struct arena *a);

/* What another finding of this run has to do with a listing. */
struct dnsbl_explanation {
	const char *text;      /* follows the listing; "" */
	const char *order;     /* the remedies in their order, for the end of a sentence; "" */
	const char *aftermath; /* a sentence when the cause is gone; "" */
};

/* What to fix for each code that lists it, equal texts once; the end of a sentence. */
const char *dnsbl_show_fixes(const struct list_view *v, const struct dnsbl_explanation *why,
    struct arena *a);

void dnsbl_explain(struct understanding *k, const struct list_view *v,
    struct dnsbl_explanation *out);

#endif
