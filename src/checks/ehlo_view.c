/* Which name the server says in EHLO, and what the facts tell about it. */
#include "base/arena.h"
#include "base/name.h"
#include "checks/ehlo_priv.h"
#include "checks/names.h"
#include "views/views.h"

static const struct enumtab_row source_rows[] = {
	{ "none", EHLO_NONE },
	{ "given", EHLO_GIVEN },
	{ "banner", EHLO_BANNER },
	{ "reply", EHLO_REPLY },
};
const struct enumtab ehlo_source_names = ENUMTAB(source_rows);

struct endpoint
ehlo_port(const struct target *t)
{
	return (struct endpoint){ .ip = t->ip, .port = t->policy->smtp_port };
}

static bool
may_talk(const struct target *t)
{
	return t->policy->smtp && !t->policy->offline &&
	    (t->policy->allow_special || ip_special(&t->ip) == NULL);
}

bool
ehlo_is_plausible(const char *word)
{
	return word[0] == '[' || name_labels(word) > 1;
}

static enum ehlo_source
find_name(const struct target *t, const struct facts *f, const char **name)
{
	struct endpoint port = ehlo_port(t);
	const struct smtp_dialogue *d = facts_smtp(f, &port);
	*name = t->ehlo;
	if (t->ehlo[0] != '\0')
		return EHLO_GIVEN;
	*name = d->ehlo_name;
	if (ehlo_is_plausible(d->ehlo_name))
		return EHLO_REPLY;
	*name = d->banner_name;
	if (ehlo_is_plausible(d->banner_name))
		return EHLO_BANNER;
	*name = "";
	return EHLO_NONE;
}

bool
ehlo_mx_matters(const struct facts *f, const char *host)
{
	enum dns_status a = facts_dns(f, host, DNS_A)->status;
	enum dns_status aaaa = facts_dns(f, host, DNS_AAAA)->status;
	return a == DNS_NODATA && aaaa == DNS_NODATA;
}

void
ehlo_wants(const struct target *t, struct facts *f)
{
	char reverse[IP_REVERSE_MAX];
	struct endpoint port = ehlo_port(t);
	/* a name that was given is judged without a dialogue; where the check smtp has one, it is compared */
	if (t->ehlo[0] == '\0' && may_talk(t))
		facts_want_smtp(f, &port);

	const char *name;
	struct ehlo_syntax syntax;
	if (find_name(t, f, &name) == EHLO_NONE)
		return;
	facts_want_dns(f, ip_reverse_name(&t->ip, reverse), DNS_PTR);
	ehlo_parse(name, &syntax);
	if (syntax.form != EHLO_FQDN)
		return;
	facts_follow_dns(f, syntax.host, DNS_A);
	facts_follow_dns(f, syntax.host, DNS_AAAA);
	if (ehlo_mx_matters(f, syntax.host))
		facts_want_dns(f, syntax.host, DNS_MX);
}

static enum iprev_result
look_at_address(const struct target *t, const struct facts *f, const struct ehlo_syntax *syntax)
{
	if (syntax->form == EHLO_LITERAL)
		return ip_equal(&syntax->literal, &t->ip) ? IPREV_PASS : IPREV_FAIL;
	if (syntax->form != EHLO_FQDN)
		return IPREV_PERMERROR;
	const struct dns_answer *answer = facts_dns(f, syntax->host, address_type(&t->ip));
	if (!dns_told(answer->status))
		return IPREV_TEMPERROR;
	return dns_answer_has_ip(answer, &t->ip) ? IPREV_PASS : IPREV_FAIL;
}

void
ehlo_view(const struct target *t, const struct facts *f, struct arena *a, struct ehlo_view *out)
{
	struct ptr_view ptr;
	struct ehlo_syntax syntax;
	*out = (struct ehlo_view){ .result = IPREV_TEMPERROR };
	out->source = find_name(t, f, &out->name);
	if (out->source == EHLO_NONE)
		return;
	ehlo_parse(out->name, &syntax);
	out->literal = syntax.form == EHLO_LITERAL;
	out->result = look_at_address(t, f, &syntax);
	out->resolves = out->result == IPREV_PASS;

	ptr_view(t, f, a, &ptr);
	if (syntax.form != EHLO_FQDN || ptr.status != PTR_FOUND)
		return;
	const char *org = name_org_domain(syntax.host);
	out->ptr_match = EHLO_PTR_OTHER;
	for (size_t i = 0; i < ptr.n_names; i++)
		if (org[0] != '\0' && name_equal(name_org_domain(ptr.names[i]), org))
			out->ptr_match = EHLO_PTR_ORG;
	if (names_hold(ptr.names, ptr.n_names, syntax.host))
		out->ptr_match = EHLO_PTR_SAME;
}
