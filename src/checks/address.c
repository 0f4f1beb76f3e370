/* Is the address one that mail can leave from at all? */
#include "base/arena.h"
#include "base/name.h"
#include "checks/finding.h"
#include "checks/registry.h"
#include "views/names.h"
#include "views/understanding.h"
#include "views/world.h"

enum address_rule { RULE_PUBLIC, RULE_SPECIAL, RULE_TRANSLATED };

static const struct rule rules[] = {
	[RULE_PUBLIC] = { "address.public", &topic_address, "public address", SEVERITY_INFO, false,
	    "RFC 6890",
	    "Only an address that is routed on the internet can deliver to receivers there." },
	[RULE_SPECIAL] = { "address.special", &topic_address, "special-use address", SEVERITY_HIGH,
	    false, "RFC 6890",
	    "No receiver on the internet ever sees this address: with address translation it sees "
	    "another one, whose PTR record and listings count." },
	[RULE_TRANSLATED] = { "address.translated", &topic_address, "translated IPv4 address",
	    SEVERITY_HIGH, false, "RFC 6052",
	    "Such an address stands for an IPv4 address inside one network (NAT64); no mail leaves "
	    "from it, and it has no PTR record of its own." },
};

static void
address_wants(const struct target *t, struct facts *f)
{
	char reverse[IP_REVERSE_MAX];
	const struct dns_answer *ptr = facts_dns(f, ip_reverse_name(&t->ip, reverse), DNS_PTR);
	/* where DNS64 makes a PTR record, too, its name's addresses lead to the prefix */
	if (t->ip.family == 6 && !ip_is_translated(&t->ip) && dns_is_known(ptr->status) &&
	    ptr->status != DNS_FOUND && !t->policy->many)
		world_want_prefix(f);
}

static bool
judge_translated(struct understanding *k, struct findings *out)
{
	struct ip from;
	char text[IP_TEXT_MAX];
	const struct target *t = k->target;
	if (!world_translated_from(k->facts, &t->ip, &from))
		return false;
	struct finding *f = finding_add(out, &rules[RULE_TRANSLATED], VERDICT_WARN, t->address,
	    "%s is not an address of a mail server: it is made from the IPv4 address %s (NAT64, "
	    "DNS64)",
	    t->address, ip_format(&from, text));
	f->leads = true;
	finding_remedy(out, f, "Check %s instead.", text);
	return true;
}

/* A public address that the name leads to; NULL when none is known. */
static const struct ip *
public_address(const struct understanding *k, const char *name)
{
	static const uint16_t types[] = { DNS_A, DNS_AAAA };
	for (size_t i = 0; i < sizeof types / sizeof types[0]; i++) {
		const struct dns_answer *answer = world_dns(k->target, k->facts, name, types[i]);
		for (size_t n = 0; answer->status == DNS_FOUND && n < answer->n_records; n++)
			if (ip_special(&answer->records[n].ip) == NULL)
				return &answer->records[n].ip;
	}
	return NULL;
}

/* The name that the server goes by, as far as it was given, leads to what receivers see. */
static const char *
remedy_special(const struct understanding *k)
{
	const struct target *t = k->target;
	const char *const given[] = { t->names.ehlo, t->names.host };
	for (size_t i = 0; i < sizeof given / sizeof given[0]; i++) {
		char name[NAME_TEXT_MAX], text[IP_TEXT_MAX];
		const struct ip *ip = NULL;
		if (name_from_user(given[i], name) && name_host_fault(name) == NAME_GOOD)
			ip = public_address(k, name);
		if (ip != NULL)
			return arena_printf(k->arena,
			    "Check the public address from which your mail leaves. %s is "
			    "probably that: %s leads to it. `mailready %s --helo %s`",
			    ip_format(ip, text), name_shown(name, k->arena), text, name);
	}
	return arena_printf(k->arena,
	    "Check the public address from which your mail leaves. In a private network, this "
	    "judges the address like a public one: `mailready %s --allow-special`",
	    t->address);
}

static void
address_judge(struct understanding *k, struct findings *out)
{
	const struct target *t = k->target;
	const struct ip_range *range = ip_special(&t->ip);
	if (judge_translated(k, out))
		return;
	if (range == NULL) {
		finding_add(out, &rules[RULE_PUBLIC], VERDICT_PASS, t->address,
		    "%s is a public address", t->address);
		return;
	}
	/* who allows such addresses knows what they are */
	bool allowed = t->policy->allow_special;
	struct finding *special = finding_add(out, &rules[RULE_SPECIAL],
	    allowed ? VERDICT_INFO : VERDICT_WARN, t->address,
	    "%s is in %s (%s, %s): no receiver on the internet will see it%s", t->address,
	    range->prefix, range->name, range->source,
	    allowed ? "" : "; lists are not asked about it");
	special->leads = !allowed;
	if (!allowed)
		finding_remedy(out, special, "%s", remedy_special(k));
}

const struct check check_address = {
	.id = "address",
	.title = "Address",
	.spec = "RFC 6890",
	.rules = rules,
	.n_rules = sizeof rules / sizeof rules[0],
	.wants = address_wants,
	.judge = address_judge,
};
