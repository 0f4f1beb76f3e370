/* The sender's domain: does it exist, and does mail to it arrive (RFC 5321 5.1, RFC 7505)? */
#include "base/arena.h"
#include "checks/finding.h"
#include "checks/registry.h"
#include "views/domain.h"
#include "views/names.h"
#include "views/world.h"

enum sender_rule {
	RULE_GOOD,
	RULE_MISSING,
	RULE_MX_ALIAS,
	RULE_MX_LITERAL,
	RULE_MX_NOWHERE,
	RULE_MX_INSIDE,
	RULE_NO_DOMAIN,
	RULE_NO_MAIL,
	RULE_NO_MX,
	RULE_NULL_MX,
	RULE_SOA_UNDECIDED,
	RULE_UNDECIDED,
};

#define WHY_EXISTS \
	"Postfix sites answer 450 4.1.8 or 550 5.1.8 (Sender address rejected: Domain not " \
	"found), " \
	"Yahoo 451 or 554, many others 553: they look the sender's domain up before they take " \
	"the mail."
#define WHY_MX \
	"Bounces and replies do not arrive there; senders that are checked by a call back are " \
	"refused."

static const struct rule rules[] = {
	[RULE_GOOD] = { "sender.good", &topic_sender, "sender's domain takes mail", SEVERITY_INFO,
	    false, "RFC 5321 5.1", WHY_EXISTS },
	[RULE_MISSING] = { "sender.missing", &topic_sender, "sender's domain does not exist",
	    SEVERITY_HIGH, false, "RFC 5321 2.3.5", WHY_EXISTS },
	[RULE_MX_ALIAS] = { "sender.mx-alias", &topic_sender, "MX record names an alias",
	    SEVERITY_LOW, false, "RFC 2181 10.3",
	    "Some servers do not follow a CNAME there, and a few refuse mail from such a domain." },
	[RULE_MX_LITERAL] = { "sender.mx-literal", &topic_sender, "MX record holds an address",
	    SEVERITY_MEDIUM, false, "RFC 1035 3.3.9",
	    "An MX record names a host. Some receivers refuse mail from a domain whose MX is an "
	    "address, and nobody can reply to it." },
	[RULE_MX_NOWHERE] = { "sender.mx-nowhere", &topic_sender, "MX record leads nowhere",
	    SEVERITY_MEDIUM, false, "RFC 5321 5.1", WHY_MX },
	[RULE_MX_INSIDE] = { "sender.mx-inside", &topic_sender,
	    "MX record leads to an inside address", SEVERITY_MEDIUM, false, "RFC 6890", WHY_MX },
	[RULE_NO_DOMAIN] = { "sender.no-domain", &topic_sender, "no sender's domain to look at",
	    SEVERITY_INFO, false, "", WHY_EXISTS },
	[RULE_NO_MAIL] = { "sender.no-mail", &topic_sender,
	    "sender's domain has neither MX nor address", SEVERITY_HIGH, false, "RFC 5321 5.1",
	    WHY_EXISTS },
	[RULE_NO_MX] = { "sender.no-mx", &topic_sender, "sender's domain has no MX record",
	    SEVERITY_LOW, false, "RFC 5321 5.1",
	    "Mail for it goes to its own address, often that of a web server. SpamAssassin and "
	    "some "
	    "receivers count a missing MX record against the sender." },
	[RULE_NULL_MX] = { "sender.null-mx", &topic_sender, "sender's domain says it takes no mail",
	    SEVERITY_HIGH, false, "RFC 7505 4.2",
	    "Postfix sites answer 550 5.7.27 (Sender address rejected: Domain does not accept "
	    "mail): replies and bounces could never arrive." },
	[RULE_SOA_UNDECIDED] = { "sender.soa-undecided", &topic_sender,
	    "zone of the sender's domain could not be looked up", SEVERITY_LOW, false,
	    "RFC 1035 3.3.13", "Yahoo asks for the SOA record, and defers with 451 without it." },
	[RULE_UNDECIDED] = { "sender.undecided", &topic_sender,
	    "sender's domain could not be looked up", SEVERITY_MEDIUM, true, "RFC 5321 5.1",
	    "While it cannot be looked up, receivers defer the mail with 450 4.1.8 or 451." },
};

/* One domain: what every part of its judgement needs. */
struct domain_case {
	struct understanding *k;
	const struct domain_view *v;
	struct findings *out;
	struct arena *a;
	const char *shown;
};

static void
add_evidence(const struct domain_case *c, struct finding *f, const char *name, uint16_t type)
{
	finding_evidence(c->out, f, world_fact(c->k->target, c->k->facts, name, type));
}

static struct finding *
add(const struct domain_case *c, enum sender_rule rule, enum verdict verdict, const char *text)
{
	struct finding *f = finding_add(c->out, &rules[rule], verdict, c->v->name, "%s %s",
	    c->shown, text);
	add_evidence(c, f, c->v->name, DNS_MX);
	add_evidence(c, f, c->v->name, DNS_A);
	add_evidence(c, f, c->v->name, DNS_AAAA);
	return f;
}

/* What is wrong with a server, in the order of server_fault. */
static const struct {
	enum sender_rule rule;
	enum verdict verdict;
	const char *text, *remedy;
} server_rows[] = {
	[SERVER_GOOD] = { RULE_GOOD, VERDICT_PASS, "", "" },
	[SERVER_UNKNOWN] = { RULE_UNDECIDED, VERDICT_TEMPERROR, "", "" },
	[SERVER_LITERAL] = { RULE_MX_LITERAL, VERDICT_WARN, "is an address, not the name of a host",
	    "Give the server a name with an A or AAAA record, and name it in the MX record." },
	[SERVER_ALIAS] = { RULE_MX_ALIAS, VERDICT_INFO, "is an alias (CNAME)",
	    "Name in the MX record the host that the alias leads to." },
	[SERVER_NOWHERE] = { RULE_MX_NOWHERE, VERDICT_WARN, "has no address",
	    "Publish an A or AAAA record for it, or remove the MX record." },
	[SERVER_INSIDE] = { RULE_MX_INSIDE, VERDICT_WARN,
	    "has only addresses that exist inside a network",
	    "Publish the public address of the server, or remove the MX record." },
};

static void
judge_servers(const struct domain_case *c)
{
	const struct domain_view *v = c->v;
	const char *names[DOMAIN_SERVERS_MAX];
	size_t n = 0;
	for (size_t i = 0; i < v->n_servers; i++)
		names[n++] = v->servers[i].name;
	add(c, RULE_GOOD, VERDICT_PASS,
	    arena_printf(c->a, "receives mail at %s", names_shown(names, n, c->a)));
	for (size_t i = 0; i < v->n_servers; i++) {
		enum server_fault fault = v->servers[i].fault;
		const char *name = v->servers[i].name;
		if (fault == SERVER_GOOD || fault == SERVER_UNKNOWN)
			continue;
		struct finding *f = add(c, server_rows[fault].rule, server_rows[fault].verdict,
		    arena_printf(c->a, "has the MX record %s, which %s", name_shown(name, c->a),
			server_rows[fault].text));
		add_evidence(c, f, name, DNS_A);
		add_evidence(c, f, name, DNS_AAAA);
		finding_remedy(c->out, f, "%s", server_rows[fault].remedy);
	}
}

static void
judge_unknown(const struct domain_case *c)
{
	const struct domain_view *v = c->v;
	struct finding *f = add(c, RULE_UNDECIDED, VERDICT_TEMPERROR,
	    arena_printf(c->a, "could not be looked up: its %s record: %s", v->unanswered_what,
		dns_answer_reason(v->unanswered, c->a)));
	finding_remedy(c->out, f, "%s",
	    remedy_unknown(v->unanswered, arena_printf(c->a, "fix the name servers of %s", v->name),
		c->a));
}

/* The zone answers other questions, but not this one. */
static void
judge_soa(const struct domain_case *c)
{
	const struct dns_answer *soa = facts_dns(c->k->facts, c->v->name, DNS_SOA);
	if (dns_is_known(soa->status) || soa->status == DNS_DOUBTFUL ||
	    soa->status == DNS_NOT_ASKED || c->v->state == DOMAIN_UNKNOWN)
		return;
	struct finding *f = add(c, RULE_SOA_UNDECIDED, VERDICT_TEMPERROR,
	    arena_printf(c->a, "could not be asked for its SOA record: %s",
		dns_answer_reason(soa, c->a)));
	add_evidence(c, f, c->v->name, DNS_SOA);
	finding_remedy(c->out, f, "Try again; if that does not help, fix the name servers of %s.",
	    c->shown);
}

static void
judge_domain(const struct domain_case *c)
{
	struct finding *f;
	switch (c->v->state) {
	case DOMAIN_UNKNOWN:
		judge_unknown(c);
		break;
	case DOMAIN_SERVED:
		judge_servers(c);
		break;
	case DOMAIN_ADDRESS:
		f = add(c, RULE_NO_MX, VERDICT_INFO,
		    "has no MX record: mail for it goes to its own address");
		finding_remedy(c->out, f, "Publish an MX record that names its mail server.");
		add(c, RULE_GOOD, VERDICT_PASS, "has an address that mail can go to");
		break;
	case DOMAIN_NO_NAME:
		f = add(c, RULE_MISSING, VERDICT_FAIL, "does not exist");
		finding_remedy(c->out, f,
		    "Use a sender address with a domain that exists, or publish %s with an MX "
		    "record.",
		    c->shown);
		break;
	case DOMAIN_NO_MAIL:
		f = add(c, RULE_NO_MAIL, VERDICT_FAIL, "has neither an MX record nor an address");
		finding_remedy(c->out, f, "Publish an MX record for %s that names its mail server.",
		    c->shown);
		break;
	case DOMAIN_NULL_MX:
		f = add(c, RULE_NULL_MX, VERDICT_FAIL,
		    "says by its MX record (\".\") that it takes no mail");
		finding_remedy(c->out, f,
		    "Use a sender address with a domain that takes mail, or name a mail server in "
		    "the MX record of %s.",
		    c->shown);
		break;
	}
	judge_soa(c);
}

static void
sender_judge(struct understanding *k, struct findings *out)
{
	size_t n;
	const struct domain_view *views = known_domains(k, &n);
	for (size_t i = 0; i < n; i++) {
		const struct domain_case c = { .k = k,
			.v = &views[i],
			.out = out,
			.a = out->arena,
			.shown = name_shown(views[i].name, out->arena) };
		judge_domain(&c);
	}
	if (n > 0)
		return;
	struct finding *f = finding_add(out, &rules[RULE_NO_DOMAIN], VERDICT_SKIP,
	    k->target->address, "not checked: no domain is known that the mail is from");
	finding_remedy(out, f, "Give the domain that the mail is from: --from DOMAIN.");
}

const struct check check_sender = {
	.id = "sender",
	.title = "Sender's domain",
	.spec = "RFC 5321 section 5.1",
	.rules = rules,
	.n_rules = sizeof rules / sizeof rules[0],
	.applies = domain_applies,
	.wants = domain_want,
	.judge = sender_judge,
};
