/* The EHLO name: its syntax, its address, and whether it is the PTR name. */
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/name.h"
#include "checks/ehlo_rules_priv.h"
#include "checks/finding.h"
#include "checks/postfix.h"
#include "checks/registry.h"
#include "checks/remedy_priv.h"
#include "checks/special_priv.h"
#include "views/ehlo.h"
#include "views/names.h"
#include "views/ptr.h"
#include "views/smtp.h"
#include "views/world.h"

/* Which of the three names was checked: the words after the name. */
static const char *const source_phrases[] = {
	[EHLO_NONE] = "",
	[EHLO_GIVEN] = "EHLO name, as given",
	[EHLO_BANNER] = "seen in the greeting of the SMTP port",
	[EHLO_REPLY] = "seen in the reply to EHLO on the SMTP port",
};

/* Why a fault of the name matters, where the rule's own reason is not the one. */
#define WHY_UNDERSCORE \
	"Exim answers 501 to an underscore by default (helo_allow_chars); Postfix accepts it, " \
	"but no host name has one."
#define WHY_LOCALHOST \
	"Every machine has this name, above all infected ones: Postfix sites answer 504 5.5.2 to " \
	"the bare word, SpamAssassin and rspamd add points for all its forms."

/* One judgement: what every part of it needs. */
struct ehlo_case {
	struct understanding *k;
	const struct target *t;
	const struct facts *f;
	struct findings *out;
	struct arena *a;
	const struct ehlo_view *view;
	struct ehlo_syntax syntax;
	const char *shown; /* the name and where it was seen */
	const struct smtp_view *smtp;
};

static struct finding *
add(const struct ehlo_case *c, enum ehlo_rule rule, enum verdict verdict, const char *text)
{
	/* the name that the server shows does not prove which one it sends */
	if (c->view->source != EHLO_GIVEN && verdict_is_bad(verdict))
		verdict = VERDICT_WARN;
	struct finding *f = finding_add(c->out, &ehlo_rules[rule], verdict,
	    c->view->source == EHLO_NONE ? c->t->address : c->view->name, "%s%s", c->shown, text);
	if (c->view->source != EHLO_GIVEN)
		finding_evidence(c->out, f, c->smtp->fact);
	if (c->syntax.host[0] != '\0') {
		finding_evidence(c->out, f, world_fact(c->t, c->f, c->syntax.host, DNS_A));
		finding_evidence(c->out, f, world_fact(c->t, c->f, c->syntax.host, DNS_AAAA));
		finding_evidence(c->out, f, world_fact(c->t, c->f, c->syntax.host, DNS_MX));
	}
	return f;
}

/* make: "Make" or "make"; name: a host name, in its internal form. */
static const char *
say(const struct ehlo_case *c, const char *make, const char *name)
{
	return arena_printf(c->a,
	    "%s the server send %s in EHLO (Exim: helo_data; Sendmail: confDOMAIN_NAME). In "
	    "Postfix: " POSTFIX_SAY,
	    make, name_shown(name, c->a), name);
}

/* The request to say a better name. */
static const char *
remedy_say(const struct ehlo_case *c)
{
	struct proposal p;
	proposal_make(c->k, &p);
	if (p.name[0] != '\0' && strcmp(p.name, c->syntax.host) != 0)
		return say(c, "Make", p.name);
	return "Make the server send a full host name of yours that resolves to the address in "
	       "EHLO (Postfix: smtp_helo_name; Exim: helo_data; Sendmail: confDOMAIN_NAME).";
}

/* For a full name without the address: another one that has it is enough. */
static const char *
remedy_address(const struct ehlo_case *c)
{
	struct proposal p;
	proposal_make(c->k, &p);
	if (p.confirmed)
		return remedy_say(c);
	if (special_is_hidden(c->t))
		return arena_printf(c->a,
		    "Publish the public address from which your mail leaves as %s.",
		    name_shown(c->syntax.host, c->a));
	return remedy_publish(c->k, c->syntax.host);
}

static const char *
remedy_give(const struct ehlo_case *c)
{
	return arena_printf(c->a, "Give the name that the server sends: `mailready %s --helo NAME`",
	    c->t->address);
}

static void
judge_unknown(const struct ehlo_case *c)
{
	const char *why = c->smtp->dialogue->status == SMTP_PENDING ||
		c->smtp->dialogue->status == SMTP_NOT_ASKED ?
	    "the EHLO name is unknown: none was given, and the SMTP port was not asked" :
	    "the EHLO name is unknown: none was given, and the SMTP port showed none";
	struct finding *f = add(c, RULE_UNKNOWN, VERDICT_SKIP, why);
	finding_remedy(c->out, f, "%s", remedy_give(c));
}

/* Forms that cannot be looked up, or need not be. */
struct form_row {
	enum ehlo_rule rule;
	enum verdict verdict;
};

static const struct form_row form_rows[] = {
	[EHLO_LITERAL] = { RULE_LITERAL, VERDICT_WARN },
	[EHLO_BAD_LITERAL] = { RULE_BAD_LITERAL, VERDICT_FAIL },
	[EHLO_BARE_ADDRESS] = { RULE_BARE_ADDRESS, VERDICT_FAIL },
	[EHLO_NOT_QUALIFIED] = { RULE_NOT_QUALIFIED, VERDICT_FAIL },
	[EHLO_PRIVATE] = { RULE_PRIVATE, VERDICT_FAIL },
	[EHLO_BAD_SYNTAX] = { RULE_BAD_SYNTAX, VERDICT_FAIL },
};

static void
judge_form(const struct ehlo_case *c)
{
	struct form_row row = form_rows[c->syntax.form];
	const char *text = c->syntax.fault;
	if (c->syntax.form == EHLO_LITERAL) {
		bool own = c->view->resolves;
		row = own ? row : (struct form_row){ RULE_LITERAL_OTHER, VERDICT_FAIL };
		text = own ? "is the address in brackets, not a name" : "is another address";
	}
	struct finding *f = add(c, row.rule, row.verdict, text);
	finding_remedy(c->out, f, "%s", remedy_say(c));
	if (c->syntax.kind == NAME_UNDERSCORE)
		f->why = WHY_UNDERSCORE;
	if (c->syntax.kind == NAME_LOCALHOST)
		f->why = WHY_LOCALHOST;
}

static void
judge_undecided(const struct ehlo_case *c, const struct dns_answer *answer)
{
	struct finding *f = add(c, RULE_UNDECIDED, VERDICT_TEMPERROR,
	    arena_printf(c->a, "could not be looked up: %s", dns_answer_reason(answer, c->a)));
	finding_remedy(c->out, f, "%s",
	    remedy_unknown(answer, arena_printf(c->a, "fix the name servers of %s", c->syntax.host),
		c->a));
}

static void
judge_elsewhere(const struct ehlo_case *c, const struct dns_answer *answer)
{
	bool hidden = special_is_hidden(c->t);
	struct finding *f = add(c, RULE_MISMATCH, hidden ? VERDICT_INFO : VERDICT_WARN,
	    arena_printf(c->a, "resolves to %s, not to %s", addresses_shown(answer, c->a),
		c->t->address));
	finding_mark_planned(c->out, f);
	/* behind address translation nothing else can be expected */
	if (!hidden)
		finding_remedy(c->out, f, "%s", remedy_address(c));
}

/* Postfix asks for an MX record, too, before it calls a name unknown. */
static void
judge_no_address(const struct ehlo_case *c, const char *text)
{
	const struct dns_answer *mx = world_dns(c->t, c->f, c->syntax.host, DNS_MX);
	bool asked = ehlo_mx_matters(c->t, c->f, c->syntax.host);
	if (asked && !dns_is_known(mx->status)) {
		add(c, RULE_UNDECIDED, VERDICT_TEMPERROR,
		    arena_printf(c->a, "%s, and its MX record could not be looked up: %s", text,
			dns_answer_reason(mx, c->a)));
		return;
	}
	bool has_mx = asked && mx->status == DNS_FOUND;
	struct finding *f = add(c, RULE_NO_ADDRESS, has_mx ? VERDICT_WARN : VERDICT_FAIL,
	    has_mx ? "has no address, only an MX record" : text);
	finding_mark_planned(c->out, f);
	finding_remedy(c->out, f, "%s", remedy_address(c));
}

static void
judge_unresolved(const struct ehlo_case *c)
{
	const char *host = c->syntax.host;
	const struct dns_answer *own = world_dns(c->t, c->f, host, address_type(&c->t->ip));
	const struct dns_answer *other = world_dns(c->t, c->f, host,
	    c->t->ip.family == 6 ? DNS_A : DNS_AAAA);
	if (own->status == DNS_FOUND)
		judge_elsewhere(c, own);
	else if (own->status == DNS_NXDOMAIN)
		judge_no_address(c, "does not exist");
	else if (other->status == DNS_FOUND)
		judge_elsewhere(c, other);
	else if (dns_is_known(other->status))
		judge_no_address(c, "has no address");
	else
		judge_undecided(c, other);
}

static void
judge_address(const struct ehlo_case *c)
{
	if (c->view->result == IPREV_TEMPERROR) {
		judge_undecided(c, world_dns(c->t, c->f, c->syntax.host, address_type(&c->t->ip)));
	} else if (c->view->result == IPREV_FAIL) {
		judge_unresolved(c);
	} else {
		bool same = c->view->ptr_match == EHLO_PTR_SAME;
		finding_mark_planned(c->out,
		    add(c, RULE_GOOD, VERDICT_PASS,
			same ? "resolves to the address and is its PTR name" :
			       "resolves to the address"));
	}
}

/* Is the EHLO name what a PTR record without its final dot was to say? */
static bool
is_meant(const struct ehlo_case *c, const struct ptr_view *ptr)
{
	for (size_t i = 0; i < ptr->n_names; i++) {
		const char *meant = ptr_name_meant(ptr, ptr->names[i], c->a);
		if (meant != NULL && name_equal(meant, c->syntax.host))
			return true;
	}
	return false;
}

static const char *
remedy_one_name(const struct ehlo_case *c, const char *ptr_names)
{
	struct proposal p;
	proposal_make(c->k, &p);
	if (p.name[0] == '\0')
		return arena_printf(c->a,
		    "Use one name for both: make the server send %s in EHLO, or have the PTR "
		    "record of %s set to %s.",
		    ptr_names, c->t->address, name_shown(c->syntax.host, c->a));
	if (!name_equal(p.name, c->syntax.host))
		return remedy_say(c);
	const struct iprev_view *iprev = known_iprev(c->k);
	if (iprev->n_confirmed != 1 || known_generic(c->k)->class != GENERIC_OWN)
		return remedy_ptr(c->k);
	/* it may be a name of theirs, and then either will do */
	const char *ptr_name = iprev->confirmed[0];
	return arena_printf(c->a, "%s Or, if %s is a name of yours, %s", remedy_ptr(c->k),
	    name_shown(ptr_name, c->a), say(c, "make", ptr_name));
}

static void
judge_ptr(const struct ehlo_case *c)
{
	const struct ptr_view *ptr = known_ptr(c->k);
	if (c->view->ptr_match != EHLO_PTR_ORG && c->view->ptr_match != EHLO_PTR_OTHER)
		return;
	const char *names = names_shown(ptr->names, ptr->n_names, c->a);
	bool org = c->view->ptr_match == EHLO_PTR_ORG;
	bool hidden = special_is_hidden(c->t);
	if (is_meant(c, ptr))
		return;
	struct finding *f = org ?
	    add(c, RULE_PTR_SAME_DOMAIN, VERDICT_INFO,
		arena_printf(c->a, "is not the PTR name %s, but of the same domain", names)) :
	    add(c, RULE_PTR_OTHER, hidden ? VERDICT_INFO : VERDICT_WARN,
		arena_printf(c->a, "and the PTR name %s have different domains", names));
	finding_evidence(c->out, f, ptr->fact);
	finding_mark_planned(c->out, f);
	if (!org && !hidden)
		finding_remedy(c->out, f, "%s", remedy_one_name(c, names));
}

static void
judge_spelling(const struct ehlo_case *c)
{
	if (c->syntax.final_dot) {
		struct finding *dot = add(c, RULE_FINAL_DOT, VERDICT_INFO, "ends with a dot");
		finding_remedy(c->out, dot, "Omit the final dot: %s.", c->syntax.host);
	}
	if (c->syntax.unicode) {
		struct finding *idn = add(c, RULE_IDN, VERDICT_WARN,
		    arena_printf(c->a, "is not ASCII; it must be sent as %s", c->syntax.host));
		struct proposal p;
		proposal_make(c->k, &p);
		finding_remedy(c->out, idn, "%s",
		    p.confirmed && !name_equal(p.name, c->syntax.host) ?
			remedy_say(c) :
			say(c, "Make", c->syntax.host));
	}
}

static bool
same_spelling(const char *x, const char *y)
{
	char a[NAME_TEXT_MAX], b[NAME_TEXT_MAX];
	if (!name_from_user(x, a) || !name_from_user(y, b))
		return strcasecmp(x, y) == 0;
	return name_equal(a, b);
}

/* The three names are never merged: the name seen does not prove which one is sent. */
static void
judge_sources(const struct ehlo_case *c)
{
	if (c->view->source != EHLO_GIVEN) {
		struct finding *seen = add(c, RULE_SEEN, VERDICT_INFO,
		    "is shown by the server, which may send another name");
		finding_remedy(c->out, seen, "%s", remedy_give(c));
	}
	const struct smtp_dialogue *d = c->smtp->dialogue;
	const char *others[] = { ehlo_name_in_reply(d), ehlo_name_in_greeting(d) };
	const char *words[] = { "the reply to EHLO", "the greeting" };
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
		if (others[i][0] == '\0' || same_spelling(others[i], c->view->name) ||
		    (i > 0 && same_spelling(others[i], others[0])))
			continue;
		struct finding *f = add(c, RULE_DIFFERS, VERDICT_INFO,
		    arena_printf(c->a, "is not the name in %s of the SMTP port: %s", words[i],
			others[i]));
		finding_remedy(c->out, f,
		    "If both come from one server, make it use one name for both.");
		finding_evidence(c->out, f, c->smtp->fact);
	}
}

static void
ehlo_wants(const struct target *t, struct facts *f)
{
	char reverse[IP_REVERSE_MAX];
	/* a name that was given is judged without a dialogue; where the check smtp has one, it is compared */
	if (t->names.ehlo[0] == '\0')
		smtp_want(t, f);

	const char *name;
	struct ehlo_syntax syntax;
	if (ehlo_find_name(t, f, &name) == EHLO_NONE)
		return;
	world_want(t, f, ip_reverse_name(&t->ip, reverse), DNS_PTR);
	ehlo_parse(name, &syntax);
	if (syntax.form != EHLO_FQDN)
		return;
	world_follow_closely(t, f, syntax.host, DNS_A);
	world_follow(t, f, syntax.host, DNS_AAAA);
	if (ehlo_mx_matters(t, f, syntax.host))
		world_want(t, f, syntax.host, DNS_MX);
}

static void
ehlo_judge(struct understanding *k, struct findings *out)
{
	struct ehlo_case c = {
		.k = k,
		.t = k->target,
		.f = k->facts,
		.out = out,
		.a = out->arena,
		.view = known_ehlo(k),
		.shown = "",
		.smtp = known_smtp(k),
	};
	if (c.view->source == EHLO_NONE) {
		judge_unknown(&c);
		return;
	}
	ehlo_parse(c.view->name, &c.syntax);
	c.shown = arena_printf(c.a, "%s (%s) ", c.view->name, source_phrases[c.view->source]);
	if (c.syntax.form == EHLO_FQDN) {
		judge_address(&c);
		judge_ptr(&c);
		judge_spelling(&c);
	} else {
		judge_form(&c);
	}
	judge_sources(&c);
}

const struct check check_ehlo = {
	.id = "ehlo",
	.title = "EHLO name",
	.spec = "RFC 5321 section 4.1.1.1",
	.rules = ehlo_rules,
	.n_rules = EHLO_RULES,
	.wants = ehlo_wants,
	.judge = ehlo_judge,
};
