/* Which name the server says in EHLO, and what is known of it. */
#include "views/ehlo.h"

#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "views/names.h"
#include "views/smtp.h"
#include "views/understanding.h"
#include "views/world.h"

static const struct enumtab_row source_rows[] = {
	{ "none", EHLO_NONE },
	{ "given", EHLO_GIVEN },
	{ "banner", EHLO_BANNER },
	{ "reply", EHLO_REPLY },
};
const struct enumtab ehlo_source_names = ENUMTAB(source_rows);

static const char *
name_or_word(const char *word, const char *other)
{
	/* a firewall's mask, see smtp_mask() */
	if (word[0] == '*')
		return "";
	bool is_name = word[0] == '[' || name_labels(word) > 1 || strcmp(word, other) == 0 ||
	    name_host_fault(word) == NAME_LOCALHOST;
	return is_name ? word : "";
}

const char *
ehlo_name_in_reply(const struct smtp_dialogue *d)
{
	return name_or_word(d->ehlo_name, d->banner_name);
}

const char *
ehlo_name_in_greeting(const struct smtp_dialogue *d)
{
	return name_or_word(d->banner_name, d->ehlo_name);
}

enum ehlo_source
ehlo_find_name(const struct target *t, const struct facts *f, const char **name)
{
	struct endpoint port = smtp_server(t);
	const struct smtp_dialogue *d = facts_smtp(f, &port);
	*name = t->names.ehlo;
	if (t->names.ehlo[0] != '\0')
		return EHLO_GIVEN;
	*name = ehlo_name_in_reply(d);
	if ((*name)[0] != '\0')
		return EHLO_REPLY;
	*name = ehlo_name_in_greeting(d);
	return (*name)[0] != '\0' ? EHLO_BANNER : EHLO_NONE;
}

bool
ehlo_mx_matters(const struct target *t, const struct facts *f, const char *host)
{
	enum dns_status a = world_dns(t, f, host, DNS_A)->status;
	enum dns_status aaaa = world_dns(t, f, host, DNS_AAAA)->status;
	return a == DNS_NODATA && aaaa == DNS_NODATA;
}

static enum iprev_result
look_at_address(const struct target *t, const struct facts *f, const struct ehlo_syntax *syntax)
{
	if (syntax->form == EHLO_LITERAL)
		return ip_equal(&syntax->literal, &t->ip) ? IPREV_PASS : IPREV_FAIL;
	if (syntax->form != EHLO_FQDN)
		return IPREV_PERMERROR;
	const struct dns_answer *answer = world_dns(t, f, syntax->host, address_type(&t->ip));
	if (!dns_is_known(answer->status))
		return IPREV_TEMPERROR;
	return dns_answer_has_ip(answer, &t->ip) ? IPREV_PASS : IPREV_FAIL;
}

static void
compare_with_ptr(const struct ptr_view *ptr, const char *host, struct ehlo_view *v)
{
	const char *org = name_org_domain(host);
	if (ptr->status != PTR_FOUND)
		return;
	v->ptr_match = EHLO_PTR_OTHER;
	for (size_t i = 0; i < ptr->n_names; i++)
		if (org[0] != '\0' && name_equal(name_org_domain(ptr->names[i]), org))
			v->ptr_match = EHLO_PTR_ORG;
	if (names_hold(ptr->names, ptr->n_names, host))
		v->ptr_match = EHLO_PTR_SAME;
}

const struct ehlo_view *
known_ehlo(struct understanding *k)
{
	struct ehlo_syntax syntax;
	if (k->ehlo != NULL)
		return k->ehlo;
	struct ehlo_view *v = arena_alloc(k->arena, sizeof *v);
	*v = (struct ehlo_view){ .result = IPREV_TEMPERROR };
	v->source = ehlo_find_name(k->target, k->facts, &v->name);
	k->ehlo = v;
	if (v->source == EHLO_NONE)
		return v;
	ehlo_parse(v->name, &syntax);
	v->literal = syntax.form == EHLO_LITERAL;
	v->result = look_at_address(k->target, k->facts, &syntax);
	v->resolves = v->result == IPREV_PASS;
	if (syntax.form == EHLO_FQDN)
		compare_with_ptr(known_ptr(k), syntax.host, v);
	return v;
}
