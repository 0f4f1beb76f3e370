/* Between the two halves of the check dnsbl: what lists say (list_view.c), what it means. */
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

#endif
