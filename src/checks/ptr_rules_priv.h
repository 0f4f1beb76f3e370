/* The ptr check in three files: what the world gets, what the authority says, and what the resolver
 * says of its own. */
#ifndef MAILREADY_CHECKS_PTR_RULES_PRIV_H
#define MAILREADY_CHECKS_PTR_RULES_PRIV_H

#include "checks/finding.h"
#include "views/understanding.h"

enum ptr_rule {
	RULE_AUTHORITY,
	RULE_AUTHORITY_DELEGATION,
	RULE_AUTHORITY_DIFFERS,
	RULE_AUTHORITY_GONE,
	RULE_AUTHORITY_IPV6_ALONE,
	RULE_AUTHORITY_LAME,
	RULE_AUTHORITY_SILENT,
	RULE_AUTHORITY_SPLIT,
	RULE_AUTHORITY_UNKNOWN,
	RULE_CNAME_CHAIN,
	RULE_FORGOTTEN_DOT,
	RULE_FOUND,
	RULE_MISSING,
	RULE_NOT_HOST_NAME,
	RULE_RESOLVER_OWN,
	RULE_SEVERAL,
	RULE_TTL_LONG,
	RULE_TTL_SHORT,
	RULE_UNDECIDED,
	PTR_RULES,
};
extern const struct rule ptr_rules[PTR_RULES];

/* "PTR mail.example", "no PTR record": what a known answer says. */
const char *ptr_answer_shown(const struct dns_answer *answer, struct arena *a);

/* Wants the authority's answer where policy and resolver's view ask for it.  k is of t and f, and
 * nothing of the authority is known of it yet. */
void ptr_authority_wants(const struct target *t, struct facts *f, struct understanding *k);

/* Adds what the servers of the zone say; nothing when they were not to be asked. */
void ptr_authority_judge(struct understanding *k, struct findings *out);

/* Adds what the resolver says otherwise than the world gets it, of any name that was looked at. */
void ptr_resolver_judge(struct understanding *k, struct findings *out);

#endif
