/* Is the address one that mail can leave from at all? */
#include "checks/finding.h"
#include "checks/registry.h"
#include "views/understanding.h"

enum address_rule { RULE_PUBLIC, RULE_SPECIAL };

static const struct rule rules[] = {
	[RULE_PUBLIC] = { "address.public", &topic_address, "public address", SEVERITY_INFO, false,
	    "RFC 6890",
	    "Only an address that is routed on the internet can deliver to receivers there." },
	[RULE_SPECIAL] = { "address.special", &topic_address, "special-use address", SEVERITY_HIGH,
	    false, "RFC 6890",
	    "No receiver on the internet ever sees this address: with address translation it sees "
	    "another one, whose PTR record and listings count." },
};

static void
address_wants(const struct target *t, struct facts *f)
{
	(void)t;
	(void)f;
}

static void
address_judge(struct understanding *k, struct findings *out)
{
	const struct target *t = k->target;
	const struct ip_range *range = ip_special(&t->ip);
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
		finding_remedy(out, special,
		    "Check the public address from which your mail leaves. In a private network, "
		    "use --allow-special to ask the lists anyway.");
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
