/* What the world gets for an answer, where the resolver may have an answer of its own. */
#include "views/world.h"

#include <string.h>

#include "base/arena.h"
#include "dns/nat64.h"
#include "views/authority.h"
#include "views/doubt.h"

/* ---- DNS64 */

/* Does the address hold an A record of the name behind a prefix: any, or one that is learned? */
static bool
repeats_a(const struct facts *f, const char *name, const struct ip *ip, bool learned)
{
	const struct dns_answer *a = facts_dns(f, name, DNS_A);
	const struct dns_answer *prefix = facts_dns(f, nat64_discovery, DNS_AAAA);
	struct ip inner;
	for (size_t i = 0; i < NAT64_LENGTHS; i++)
		if (ip_embedded(ip, nat64_lengths[i], &inner) && dns_answer_has_ip(a, &inner) &&
		    (!learned || nat64_is_prefix(prefix, ip, nat64_lengths[i])))
			return true;
	return false;
}

bool
world_translated_from(const struct facts *f, const struct ip *ip, struct ip *from)
{
	return nat64_translated_from(facts_dns(f, nat64_discovery, DNS_AAAA), ip, from) ||
	    (ip_is_translated(ip) && ip_embedded(ip, 96, from));
}

void
world_want_prefix(struct facts *f)
{
	facts_follow_dns(f, nat64_discovery, DNS_AAAA);
}

bool
world_is_translated(const struct facts *f, const char *name, const struct ip *ip)
{
	return ip_is_translated(ip) || repeats_a(f, name, ip, true);
}

/* The prefix is asked for only where an address looks like one of its own. */
static void
want_prefix(struct facts *f, const char *name, const struct dns_answer *aaaa)
{
	for (size_t i = 0; i < aaaa->n_records; i++)
		if (!ip_is_translated(&aaaa->records[i].ip) &&
		    repeats_a(f, name, &aaaa->records[i].ip, false)) {
			world_want_prefix(f);
			return;
		}
}

/* The answer without such addresses. */
static const struct dns_answer *
without_translated(const struct facts *f, const char *name, const struct dns_answer *answer)
{
	size_t n = 0;
	while (n < answer->n_records && !world_is_translated(f, name, &answer->records[n].ip))
		n++;
	if (n == answer->n_records)
		return answer;
	struct dns_answer *kept = arena_alloc(f->arena, sizeof *kept);
	*kept = *answer;
	kept->overruled = answer;
	kept->n_records = 0;
	kept->records = arena_array(f->arena, answer->n_records, sizeof *kept->records);
	for (size_t i = 0; i < answer->n_records; i++)
		if (!world_is_translated(f, name, &answer->records[i].ip))
			kept->records[kept->n_records++] = answer->records[i];
	if (kept->n_records == 0)
		kept->status = DNS_NODATA;
	return kept;
}

/* ---- answers that are doubted */

static const struct dns_answer *
doubtful(const struct facts *f, const struct dns_answer *heard)
{
	struct dns_answer *answer = arena_alloc(f->arena, sizeof *answer);
	*answer = *dns_answer_bare(DNS_DOUBTFUL);
	answer->server = heard->server;
	answer->overruled = heard;
	return answer;
}

/* What the servers of the name's own zone say, with one voice; NULL. */
static const struct dns_answer *
first_hand(const struct target *t, const struct facts *f, const char *name, uint16_t type)
{
	struct authority_view zone;
	if (!authority_may_ask(t))
		return NULL;
	authority_view(t, f, name, type, f->arena, &zone);
	return zone.word == AUTHORITY_ONE ? zone.answer : NULL;
}

/* A server that knows only the first part of a CNAME chain says nothing about its end. */
static const char *
open_end(const struct dns_answer *answer)
{
	bool open = answer->status == DNS_NODATA && answer->n_chain > 0 &&
	    answer->soa_zone[0] == '\0';
	return open ? answer->chain[answer->n_chain - 1] : NULL;
}

static struct dns_answer *
joined(struct arena *a, const struct dns_answer *first, const struct dns_answer *rest)
{
	struct dns_answer *whole = arena_alloc(a, sizeof *whole);
	*whole = *rest;
	whole->n_chain = first->n_chain + rest->n_chain;
	whole->chain = arena_array(a, whole->n_chain, sizeof *whole->chain);
	for (size_t i = 0; i < whole->n_chain; i++)
		whole->chain[i] = i < first->n_chain ? first->chain[i] :
						       rest->chain[i - first->n_chain];
	return whole;
}

/* The first hand's answer, joined with that about the end of its chain. */
static const struct dns_answer *
checked(const struct target *t, const struct facts *f, const char *name, uint16_t type,
    const struct dns_answer *heard)
{
	const struct dns_answer *next = first_hand(t, f, name, type);
	struct dns_answer *whole = NULL;
	for (int i = 0; next != NULL && i < DNS_CHAIN_MAX; i++) {
		whole = joined(f->arena, whole != NULL ? whole : &dns_answer_pending, next);
		const char *end = open_end(next);
		if (end == NULL)
			break;
		const struct dns_answer *answer = facts_dns(f, end, type);
		next = is_doubted(t, end, answer) ? first_hand(t, f, end, type) : answer;
	}
	if (next == NULL || whole == NULL || !dns_is_known(whole->status) || open_end(next) != NULL)
		return doubtful(f, heard);
	whole->checked = true;
	whole->overruled = heard;
	return whole;
}

/* The TTL that looked like one of the resolver's own is the zone's. */
static bool
has_same_ttl(const struct dns_answer *heard, const struct dns_answer *own)
{
	return heard->n_records > 0 && own->n_records > 0 &&
	    heard->records[0].ttl_s == own->records[0].ttl_s;
}

/*
 * Was the authority asked, and does it contradict a plain answer that cannot come from it, because the
 * resolver has data of its own there?
 */
static bool
is_made_up(const struct target *t, const struct facts *f, const char *name, uint16_t type,
    const struct dns_answer *heard)
{
	struct authority_view zone;
	if (t->policy->authority == AUTHORITY_NEVER || !dns_is_known(heard->status) ||
	    heard->planned || heard->checked ||
	    facts_find_dns(f, dns_answer_end(heard, name), DNS_SOA) == NULL ||
	    !target_faces_world(t) || !authority_may_ask(t))
		return false;
	authority_view(t, f, name, type, f->arena, &zone);
	bool suspected = is_suspected(t, f, name, heard) && !has_same_ttl(heard, zone.answer);
	return (zone.own_data || suspected) && zone.word == AUTHORITY_ONE &&
	    !authority_same_answer(heard, zone.answer, f->arena);
}

static const struct dns_answer *
answer_that_counts(const struct target *t, const struct facts *f, const char *name, uint16_t type,
    const struct dns_answer *heard)
{
	if (heard->overruled != NULL && !target_faces_world(t))
		return heard->overruled;
	if (is_doubted(t, name, heard) || is_made_up(t, f, name, type, heard))
		heard = checked(t, f, name, type, heard);
	return type == DNS_AAAA && heard->status == DNS_FOUND ? without_translated(f, name, heard) :
								heard;
}

const struct dns_answer *
world_dns(const struct target *t, const struct facts *f, const char *name, uint16_t type)
{
	return answer_that_counts(t, f, name, type, facts_dns(f, name, type));
}

const struct dns_answer *
world_look(const struct target *t, const struct facts *f, const char *name, uint16_t type,
    const struct fact **from)
{
	*from = facts_find_dns(f, name, type);
	if (*from == NULL)
		return &dns_answer_pending;
	const struct dns_answer *answer = answer_that_counts(t, f, name, type, (*from)->dns);
	const struct fact *own = answer->checked ?
	    facts_find_dns_at(f, &answer->server, name, type) :
	    NULL;
	if (own != NULL)
		*from = own;
	return answer;
}

const struct fact *
world_fact(const struct target *t, const struct facts *f, const char *name, uint16_t type)
{
	const struct fact *fact;
	(void)world_look(t, f, name, type, &fact);
	return fact;
}

/* What it takes to check what was heard, to the end of its chain. */
static void
want_check(const struct target *t, struct facts *f, const char *name, uint16_t type,
    const struct dns_answer *heard)
{
	const char *end = name;
	for (int i = 0; i < DNS_CHAIN_MAX; i++) {
		bool in_doubt = is_doubted(t, end, heard) || is_suspected(t, f, end, heard);
		if (!in_doubt || !authority_may_ask(t))
			return;
		authority_wants(t, f, end, type);
		const struct dns_answer *answer = first_hand(t, f, end, type);
		end = answer != NULL ? open_end(answer) : NULL;
		if (end == NULL)
			return;
		heard = facts_follow_dns(f, end, type);
	}
}

static void
want_more(const struct target *t, struct facts *f, const char *name, uint16_t type,
    const struct dns_answer *heard)
{
	want_check(t, f, name, type, heard);
	if (type == DNS_AAAA)
		want_prefix(f, name, heard);
}

void
world_want(const struct target *t, struct facts *f, const char *name, uint16_t type)
{
	want_more(t, f, name, type, facts_want_dns(f, name, type));
}

void
world_follow(const struct target *t, struct facts *f, const char *name, uint16_t type)
{
	want_more(t, f, name, type, facts_follow_dns(f, name, type));
}

void
world_follow_closely(const struct target *t, struct facts *f, const char *name, uint16_t type)
{
	const struct dns_answer *heard = facts_follow_dns(f, name, type);
	want_more(t, f, name, type, heard);
	if (doubt_takes_soa(t, heard) && authority_may_ask(t))
		facts_follow_dns(f, name, DNS_SOA);
}

const char *
world_owner(const struct target *t, const struct facts *f, const char *name, uint16_t type)
{
	const struct dns_answer *answer = world_dns(t, f, name, type);
	return answer->checked ? dns_answer_end(answer, name) : name;
}
