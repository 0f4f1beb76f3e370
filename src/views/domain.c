/* The sender's domains: whether they exist, and where mail for them goes. */
#include "views/domain.h"

#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "views/names.h"
#include "views/sender.h"
#include "views/spf.h"
#include "views/world.h"

enum { DOMAINS_MAX = 2 };

static const struct enumtab_row result_rows[] = {
	{ "temperror", DOMAIN_TEMPERROR },
	{ "pass", DOMAIN_PASS },
	{ "fail", DOMAIN_FAIL },
};
const struct enumtab domain_result_names = ENUMTAB(result_rows);

/* The domains, MAIL FROM first; how many. */
static size_t
read_domains(const struct target *t, struct arena *a, const char *names[DOMAINS_MAX],
    bool *mail_from)
{
	struct sender_view sender;
	size_t n = 0;
	sender_read(t, a, &sender);
	*mail_from = sender.mail_from_domain[0] != '\0';
	if (*mail_from)
		names[n++] = sender.mail_from_domain;
	if (sender.from_domain[0] != '\0' && (n == 0 || strcmp(names[0], sender.from_domain) != 0))
		names[n++] = sender.from_domain;
	return n;
}

bool
domain_applies(const struct target *t)
{
	return t->policy->named || t->names.mail_from != NULL || t->names.from != NULL ||
	    t->names.domain[0] != '\0';
}

static bool
is_literal(const char *server)
{
	return name_host_fault(server) == NAME_ADDRESS;
}

static void
want_servers(const struct target *t, struct facts *f, const char *domain, struct arena *a)
{
	struct name_set names = names_of_records(spf_answer(t, f, domain, DNS_MX), a);
	for (size_t i = 0; i < names.n && i < DOMAIN_SERVERS_MAX; i++) {
		if (names.list[i][0] == '\0' || is_literal(names.list[i]))
			continue;
		world_follow(t, f, names.list[i], DNS_A);
		world_follow(t, f, names.list[i], DNS_AAAA);
	}
}

void
domain_want(const struct target *t, struct facts *f)
{
	struct arena a;
	const char *names[DOMAINS_MAX];
	bool mail_from;
	arena_init(&a);
	size_t n = read_domains(t, &a, names, &mail_from);
	for (size_t i = 0; i < n; i++) {
		world_follow(t, f, names[i], DNS_MX);
		/* Yahoo asks for it */
		facts_want_dns(f, names[i], DNS_SOA);
		enum dns_status mx = spf_answer(t, f, names[i], DNS_MX)->status;
		if (mx == DNS_NODATA) {
			world_follow(t, f, names[i], DNS_A);
			world_follow(t, f, names[i], DNS_AAAA);
		}
		want_servers(t, f, names[i], &a);
	}
	arena_fini(&a);
}

/* ---- what is known */

static bool
all_inside(const struct dns_answer *answer)
{
	for (size_t i = 0; i < answer->n_records; i++)
		if (!ip_is_inside(&answer->records[i].ip))
			return false;
	return true;
}

static enum server_fault
fault_of(const struct understanding *k, const char *server)
{
	const struct dns_answer *a = spf_answer(k->target, k->facts, server, DNS_A);
	const struct dns_answer *aaaa = spf_answer(k->target, k->facts, server, DNS_AAAA);
	if (is_literal(server))
		return SERVER_LITERAL;
	if (a->n_records + aaaa->n_records == 0)
		return dns_is_known(a->status) && dns_is_known(aaaa->status) ? SERVER_NOWHERE :
									       SERVER_UNKNOWN;
	if (all_inside(a) && all_inside(aaaa))
		return dns_is_known(a->status) && dns_is_known(aaaa->status) ? SERVER_INSIDE :
									       SERVER_UNKNOWN;
	return a->n_chain + aaaa->n_chain > 0 ? SERVER_ALIAS : SERVER_GOOD;
}

static void
look_at_servers(const struct understanding *k, const struct dns_answer *mx, struct domain_view *v)
{
	struct name_set names = names_of_records(mx, k->arena);
	v->n_more = names.n > DOMAIN_SERVERS_MAX ? names.n - DOMAIN_SERVERS_MAX : 0;
	for (size_t i = 0; i < names.n && i < DOMAIN_SERVERS_MAX; i++)
		if (names.list[i][0] != '\0')
			v->servers[v->n_servers++] = (struct domain_server){ names.list[i],
				fault_of(k, names.list[i]) };
	v->state = v->n_servers > 0 ? DOMAIN_SERVED : DOMAIN_NULL_MX;
}

static enum domain_state
unknown(struct domain_view *v, const struct dns_answer *answer, const char *what)
{
	v->unanswered = answer;
	v->unanswered_what = what;
	return DOMAIN_UNKNOWN;
}

/* Without MX records mail goes to the domain's own address (RFC 5321 5.1). */
static enum domain_state
look_at_address(const struct understanding *k, struct domain_view *v)
{
	const struct dns_answer *a = spf_answer(k->target, k->facts, v->name, DNS_A);
	const struct dns_answer *aaaa = spf_answer(k->target, k->facts, v->name, DNS_AAAA);
	if (a->status == DNS_FOUND || aaaa->status == DNS_FOUND)
		return DOMAIN_ADDRESS;
	if (!dns_is_known(a->status))
		return unknown(v, a, "A");
	if (!dns_is_known(aaaa->status))
		return unknown(v, aaaa, "AAAA");
	return DOMAIN_NO_MAIL;
}

static enum domain_result
result_of(enum domain_state state)
{
	if (state == DOMAIN_UNKNOWN)
		return DOMAIN_TEMPERROR;
	return state == DOMAIN_SERVED || state == DOMAIN_ADDRESS ? DOMAIN_PASS : DOMAIN_FAIL;
}

static void
look_at_domain(const struct understanding *k, struct domain_view *v)
{
	const struct dns_answer *mx = spf_answer(k->target, k->facts, v->name, DNS_MX);
	if (mx->status == DNS_FOUND)
		look_at_servers(k, mx, v);
	else if (mx->status == DNS_NXDOMAIN)
		v->state = DOMAIN_NO_NAME;
	else if (mx->status == DNS_NODATA)
		v->state = look_at_address(k, v);
	else
		v->state = unknown(v, mx, "MX");
	v->result = result_of(v->state);
}

const struct domain_view *
known_domains(struct understanding *k, size_t *n)
{
	const char *names[DOMAINS_MAX];
	bool mail_from;
	if (k->domains == NULL) {
		struct domain_view *views = arena_array(k->arena, DOMAINS_MAX, sizeof *views);
		k->n_domains = read_domains(k->target, k->arena, names, &mail_from);
		for (size_t i = 0; i < k->n_domains; i++) {
			views[i].name = names[i];
			views[i].of_mail_from = mail_from && i == 0;
			look_at_domain(k, &views[i]);
		}
		k->domains = views;
	}
	*n = k->n_domains;
	return k->domains;
}
