/* What could not be checked has a report of its own: nothing that was given is missing in any format. */
#include "base/arena.h"
#include "base/safe.h"
#include "run/run_priv.h"

enum { SHOWN_MAX = 255 };

static const struct rule rules[] = {
	[LOST_ADDRESS] = { "target.no-address", &topic_address, "has no address", SEVERITY_CRITICAL,
	    true, "RFC 5321 5.1",
	    "A name without an address is the name of no server: nothing is delivered to it, and "
	    "mail "
	    "from it is refused (450 4.7.25, 550 5.7.25)." },
	[LOST_LOOKUP] = { "target.not-looked-up", &topic_address, "could not be looked up",
	    SEVERITY_HIGH, true, "", "Whether receivers accept its mail is unknown." },
	[LOST_MAIL] = { "target.no-mail", &topic_address, "accepts no mail", SEVERITY_INFO, false,
	    "RFC 7505", "A null MX record says that there is no server to check." },
	[LOST_INPUT] = { "target.not-valid", &topic_address, "is not a valid target", SEVERITY_HIGH,
	    true, "", "Whether receivers accept mail from the server that was meant is unknown." },
};

const struct rule *
run_lost_rules(size_t *n)
{
	*n = sizeof rules / sizeof rules[0];
	return rules;
}

static const enum verdict verdicts[] = {
	[LOST_ADDRESS] = VERDICT_FAIL,
	[LOST_LOOKUP] = VERDICT_TEMPERROR,
	[LOST_MAIL] = VERDICT_INFO,
	[LOST_INPUT] = VERDICT_TEMPERROR,
};

static const char *const remedies[] = {
	[LOST_ADDRESS] =
	    "Publish the A or AAAA record of the name again, or look for the zone: has the "
	    "domain expired, do its name servers answer?  If the server has another name "
	    "now, give that.",
	[LOST_LOOKUP] =
	    "Look at the name servers of the zone and at the resolver; then run it again.",
	[LOST_MAIL] = "To check a server that only sends, give its address.",
	[LOST_INPUT] = "Correct the line, and run it again.",
};

void
lost_add(struct findings *out, enum lost kind, const char *name, const char *text)
{
	struct finding *f = finding_add(out, &rules[kind], verdicts[kind], name, "%s", text);

	finding_remedy(out, f, "%s", remedies[kind]);
}

void
session_lost(struct session *s, const struct target *t, struct findings *findings,
    const struct facts *f)
{
	struct understanding known;
	struct target named = *t;

	named.ip = (struct ip){ 0 };
	named.address[0] = '\0';
	named.names.mx_of = NULL;
	named.names.host = safe_text(f->arena,
	    arena_printf(f->arena, "%.*s", SHOWN_MAX, t->names.host));
	understanding_init(&known, &named, f, f->arena);
	struct report rep = { .target = &named,
		.facts = f,
		.known = &known,
		.findings = findings,
		.verdict = findings_verdict(findings),
		.arena = f->arena };

	session_show(s, &rep, findings);
}
