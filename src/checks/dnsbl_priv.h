/* Between the parts of the check dnsbl: what lists say (list_view.c), what most of them have in common
 * when they do not tell (dnsbl_blame.c), and what it means (dnsbl.c). */
#ifndef MAILREADY_CHECKS_DNSBL_PRIV_H
#define MAILREADY_CHECKS_DNSBL_PRIV_H

#include "checks/views.h"

/* Fewer lists than this that fail in the same way say nothing about the resolver. */
enum { DNSBL_BLAME_MIN = 3 };

/* Lists hold public addresses: others are asked about only when the policy says so. */
bool dnsbl_may_ask(const struct target *t);

void dnsbl_wants(const struct target *t, struct facts *f);

/* "Spamhaus ZEN (zen.spamhaus.org)" */
const char *dnsbl_show_list(const struct list *l, struct arena *a);

/* "127.0.0.4 (XBL: an infected host), 127.0.0.10 (PBL: ...)" */
const char *dnsbl_show_codes(const struct list_verdict *v, struct arena *a);

/* ", giving as reason "..."", cut between characters when it is long; "" for "". */
const char *dnsbl_show_reason(const char *text, struct arena *a);

/* The removal page with the address filled in; "" */
const char *dnsbl_show_removal(const struct list *l, const struct target *t, struct arena *a);

/* What most lists have in common when the resolver, not each of them, may be at fault. */
struct dnsbl_blame {
	enum list_reason reasons[3];
	enum dns_status entry; /* for LIST_EMPTY: what came of the test entry that must be listed */
	bool ip6;              /* says something about the resolver for IPv6, too */
	const char *text;      /* follows "N of M lists " */
	const char *remedy;
};

/* The row that explains most of the asked lists, and how many; NULL when none does. */
const struct dnsbl_blame *dnsbl_find_blame(const struct target *t, const struct list_view *views,
    size_t n, size_t asked, size_t *n_blamed);

/* Is the list one of these?  b may be NULL. */
bool dnsbl_is_blamed(const struct dnsbl_blame *b, const struct list_view *v);

#endif
