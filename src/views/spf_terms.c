/* What SPF terms ask, and whether the answers match (RFC 7208 5). */
#include <string.h>

#include "base/arena.h"
#include "views/names.h"
#include "views/spf_priv.h"
#include "views/world.h"

/* ---- answers */

/*
 * A hosts file has addresses, and no TXT or MX records: a resolver that answers those with AA serves the
 * zone, and what it says of the zone's addresses is the zone's word, too.
 */
static bool
serves_itself(const struct facts *f, uint16_t type)
{
	if (type == DNS_TXT || type == DNS_MX)
		return true;
	for (size_t i = 0; i < f->n; i++)
		if (f->list[i]->kind == FACT_DNS &&
		    (f->list[i]->type == DNS_TXT || f->list[i]->type == DNS_MX) &&
		    !f->list[i]->at_server && f->list[i]->dns->authoritative)
			return true;
	return false;
}

const struct dns_answer *
spf_answer(const struct target *t, const struct facts *f, const char *name, uint16_t type)
{
	const struct dns_answer *answer = world_dns(t, f, name, type);
	if (answer->status != DNS_DOUBTFUL || answer->overruled == NULL)
		return answer;
	bool own = dns_doubt(answer->overruled) == DNS_OWN_DATA && serves_itself(f, type);
	bool inside = dns_doubt(answer->overruled) == DNS_INSIDE;
	return own || inside ? answer->overruled : answer;
}

const struct dns_answer *
spf_ask(struct spf_run *run, const char *name, uint16_t type)
{
	if (run->want != NULL)
		world_follow(run->target, run->want, name, type);
	return spf_answer(run->target, run->facts, name, type);
}

static void
note_fact(struct spf_run *run, const char *name, uint16_t type)
{
	const struct fact *fact = world_fact(run->target, run->facts, name, type);
	struct spf_check *c = run->check;
	if (fact == NULL || run->want != NULL)
		return;
	for (size_t i = 0; i < c->n_facts; i++)
		if (c->facts[i] == fact)
			return;
	c->facts = arena_grow(run->arena, c->facts, c->n_facts, &c->cap_facts, sizeof *c->facts);
	c->facts[c->n_facts++] = fact;
}

enum outcome
spf_fail(struct spf_run *run, enum spf_problem problem, const char *domain, const char *text)
{
	run->check->problem = problem;
	run->check->problem_domain = arena_strdup(run->arena, domain);
	run->check->problem_text = text;
	return problem == SPF_UNKNOWN ? TEMPERROR : PERMERROR;
}

/*
 * exists (5.7) asks for an address that is only a sign, mostly of loopback: it is the answer, and nobody
 * doubts it.
 */
static const struct dns_answer *
ask_sign(struct spf_run *run, const char *name)
{
	if (run->want != NULL)
		facts_follow_dns(run->want, name, DNS_A);
	return facts_dns(run->facts, name, DNS_A);
}

/* An answer that is needed: NO_MATCH when it is known. */
static enum outcome
need_known(struct spf_run *run, const char *name, uint16_t type, const struct dns_answer *answer)
{
	note_fact(run, name, type);
	if (answer->status == DNS_PENDING && run->want != NULL) {
		run->pending = true;
		return PENDING;
	}
	if (dns_is_known(answer->status))
		return NO_MATCH;
	run->check->unanswered = answer;
	return spf_fail(run, SPF_UNKNOWN, name,
	    arena_printf(run->arena, "the %s record of %s could not be looked up: %s",
		enumtab_name(&dns_type_names, type), name_shown(name, run->arena),
		dns_answer_reason(answer, run->arena)));
}

enum outcome
spf_need(struct spf_run *run, const char *name, uint16_t type, const struct dns_answer **answer)
{
	*answer = spf_ask(run, name, type);
	return need_known(run, name, type, *answer);
}

/* Questions without a record in their answer are counted (4.6.4). */
static enum outcome
count_void(struct spf_run *run, const struct dns_answer *answer, const char *name)
{
	if (answer->status == DNS_FOUND || ++run->check->voids <= SPF_VOIDS_MAX)
		return NO_MATCH;
	return spf_fail(run, SPF_TOO_MANY_VOIDS, name,
	    arena_printf(run->arena,
		"%s is the third name that is asked for and has no such record; receivers stop "
		"after %d",
		name_shown(name, run->arena), SPF_VOIDS_MAX));
}

/* ---- addresses */

static bool
in_network(const struct ip *ip, const struct ip *network, int bits)
{
	int bytes = bits / 8, rest = bits % 8;
	if (ip->family != network->family || memcmp(ip->bytes, network->bytes, (size_t)bytes) != 0)
		return false;
	unsigned mask = rest == 0 ? 0 : 0xffU << (8 - rest) & 0xffU;
	return rest == 0 || ((ip->bytes[bytes] ^ network->bytes[bytes]) & mask) == 0;
}

static int
bits_for(const struct spf_term *term, const struct ip *ip)
{
	return ip->family == 6 ? term->bits6 : term->bits4;
}

bool
spf_is_certain(const struct spf_term *term, const struct ip *ip)
{
	if (term->kind == SPF_ALL)
		return true;
	return (term->kind == SPF_IP4 || term->kind == SPF_IP6) &&
	    in_network(ip, &term->ip, bits_for(term, ip));
}

uint16_t
spf_first_type(const struct spf_term *term, const struct ip *ip)
{
	if (term->kind == SPF_INCLUDE || term->kind == SPF_REDIRECT)
		return DNS_TXT;
	if (term->kind == SPF_MX)
		return DNS_MX;
	return term->kind == SPF_A ? address_type(ip) : DNS_A;
}

/* The addresses of a name (5.3). */
static enum outcome
match_addresses(struct spf_run *run, const struct spf_term *term, const char *name)
{
	const struct dns_answer *answer;
	const struct ip *ip = &run->macros.ip;
	enum outcome o = spf_need(run, name, address_type(ip), &answer);
	if (o == NO_MATCH)
		o = count_void(run, answer, name);
	for (size_t i = 0; o == NO_MATCH && i < answer->n_records; i++)
		if (in_network(ip, &answer->records[i].ip, bits_for(term, ip)))
			return MATCH;
	return o;
}

/* Any address of the name, an IPv4 one for every client (5.7). */
static enum outcome
match_sign(struct spf_run *run, const char *name)
{
	const struct dns_answer *answer = ask_sign(run, name);
	enum outcome o = need_known(run, name, DNS_A, answer);
	if (o == NO_MATCH && answer->status == DNS_FOUND)
		return MATCH;
	return o == NO_MATCH ? count_void(run, answer, name) : o;
}

/* ---- mx (5.4) */

static bool
goes_before(const struct dns_record *a, const struct dns_record *b)
{
	if (a->preference != b->preference)
		return a->preference < b->preference;
	return strcmp(a->text, b->text) < 0;
}

/* Servers in a fixed order: the order of records in an answer changes from one to the next. */
static size_t
sorted_servers(const struct dns_answer *mx, const char *names[SPF_NAMES_MAX])
{
	const struct dns_record *sorted[SPF_NAMES_MAX];
	size_t n = 0;
	for (size_t i = 0; i < mx->n_records && n < SPF_NAMES_MAX; i++) {
		size_t k = n++;
		for (; k > 0 && goes_before(&mx->records[i], sorted[k - 1]); k--)
			sorted[k] = sorted[k - 1];
		sorted[k] = &mx->records[i];
	}
	for (size_t i = 0; i < n; i++)
		names[i] = sorted[i]->text;
	return n;
}

static enum outcome
match_servers(struct spf_run *run, const struct spf_term *term, const char *name)
{
	const struct dns_answer *mx;
	const char *names[SPF_NAMES_MAX];
	enum outcome o = spf_need(run, name, DNS_MX, &mx);
	if (o == NO_MATCH)
		o = count_void(run, mx, name);
	if (o != NO_MATCH)
		return o;
	if (mx->n_records > SPF_NAMES_MAX)
		return spf_fail(run, SPF_TOO_MANY_NAMES, name,
		    arena_printf(run->arena, "%s has %zu MX records, and at most %d are allowed",
			name_shown(name, run->arena), mx->n_records, SPF_NAMES_MAX));
	size_t n = sorted_servers(mx, names);
	for (size_t i = 0; i < n; i++)
		if (names[i][0] != '\0')
			(void)spf_ask(run, names[i], address_type(&run->macros.ip));
	/* the root is the null MX (RFC 7505) */
	for (size_t i = 0; i < n && o == NO_MATCH; i++)
		o = names[i][0] != '\0' ? match_addresses(run, term, names[i]) : NO_MATCH;
	return o;
}

/* ---- ptr (5.5), and the macro p */

size_t
spf_ptr_names(struct spf_run *run, const char *names[SPF_NAMES_MAX])
{
	char reverse[IP_REVERSE_MAX];
	uint16_t type = address_type(&run->macros.ip);
	const struct dns_answer *ptr = spf_ask(run, ip_reverse_name(&run->macros.ip, reverse),
	    DNS_PTR);
	size_t n = 0, looked = ptr->n_records < SPF_NAMES_MAX ? ptr->n_records : SPF_NAMES_MAX;
	note_fact(run, reverse, DNS_PTR);
	run->pending |= ptr->status == DNS_PENDING && run->want != NULL;
	for (size_t i = 0; ptr->status == DNS_FOUND && i < looked; i++) {
		const char *name = ptr->records[i].text;
		if (name[0] == '\0')
			continue;
		const struct dns_answer *answer = spf_ask(run, name, type);
		note_fact(run, name, type);
		run->pending |= answer->status == DNS_PENDING && run->want != NULL;
		/* a name whose addresses are not known is skipped */
		if (dns_answer_has_ip(answer, &run->macros.ip))
			names[n++] = name;
	}
	return n;
}

/* What has no record counts as for any other term; errors do not (5.5). */
static enum outcome
count_ptr_voids(struct spf_run *run)
{
	char reverse[IP_REVERSE_MAX];
	const struct dns_answer *ptr = spf_answer(run->target, run->facts,
	    ip_reverse_name(&run->macros.ip, reverse), DNS_PTR);
	enum outcome o = dns_is_known(ptr->status) ? count_void(run, ptr, reverse) : NO_MATCH;
	for (size_t i = 0; o == NO_MATCH && i < ptr->n_records && i < SPF_NAMES_MAX; i++) {
		const char *name = ptr->records[i].text;
		const struct dns_answer *answer = spf_answer(run->target, run->facts, name,
		    address_type(&run->macros.ip));
		if (name[0] != '\0' && dns_is_known(answer->status))
			o = count_void(run, answer, name);
	}
	return o;
}

static enum outcome
match_ptr(struct spf_run *run, const char *name)
{
	const char *names[SPF_NAMES_MAX];
	size_t n = spf_ptr_names(run, names);
	if (run->pending)
		return PENDING;
	for (size_t i = 0; i < n; i++)
		if (name_is_under(names[i], name))
			return MATCH;
	return count_ptr_voids(run);
}

/* The confirmed name that p stands for: the domain, else one below it, else any (7.3). */
const char *
spf_ptr_macro(struct spf_run *run, const char *domain)
{
	const char *names[SPF_NAMES_MAX];
	size_t n = spf_ptr_names(run, names);
	const char *best = n > 0 ? names[0] : "unknown";
	for (size_t i = n; i > 0; i--)
		if (name_is_under(names[i - 1], domain))
			best = names[i - 1];
	for (size_t i = 0; i < n; i++)
		if (name_equal(names[i], domain))
			best = names[i];
	return best;
}

bool
spf_target_name(struct spf_run *run, const struct spf_term *term, const char *domain,
    char out[NAME_TEXT_MAX])
{
	if (term->domain == NULL) {
		memcpy(out, domain, strlen(domain) + 1);
		return true;
	}
	run->macros.domain = domain;
	run->macros.ptr = spf_has_macro(term->domain, 'p') ? spf_ptr_macro(run, domain) : "unknown";
	return spf_expand_domain(term->domain, &run->macros, run->arena, out);
}

enum outcome
spf_match_name(struct spf_run *run, const struct spf_term *term, const char *name)
{
	if (term->kind == SPF_A)
		return match_addresses(run, term, name);
	if (term->kind == SPF_MX)
		return match_servers(run, term, name);
	return term->kind == SPF_PTR ? match_ptr(run, name) : match_sign(run, name);
}
