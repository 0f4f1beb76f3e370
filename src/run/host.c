/* A name's servers and addresses as the world sees them, where the resolver may have some of its own. */
#include "run/host_priv.h"

#include "base/name.h"
#include "base/safe.h"
#include "gather/engine.h"
#include "net/loop.h"
#include "views/authority.h"
#include "views/doubt.h"
#include "views/names.h"
#include "views/world.h"

static void
want_addresses(const struct target *t, struct facts *f, const char *name)
{
	world_follow(t, f, name, DNS_A);
	world_follow(t, f, name, DNS_AAAA);
}

static void
wants(const struct target *t, struct facts *f)
{
	for (size_t i = 0; i < t->names.n_wanted; i++)
		want_addresses(t, f, t->names.wanted[i]);
	if (t->names.mx_of == NULL)
		return;
	world_follow(t, f, t->names.mx_of, DNS_MX);
	const struct dns_answer *mx = world_dns(t, f, t->names.mx_of, DNS_MX);
	struct name_set servers = names_of_records(mx, f->arena);
	if (servers.n == 0 && dns_is_known(mx->status))
		want_addresses(t, f, t->names.mx_of);
	for (size_t i = 0; i < servers.n && i < RESOLVE_SERVERS_MAX; i++)
		if (resolve_is_name(&(struct resolve_host){ .name = servers.list[i] }))
			want_addresses(t, f, servers.list[i]);
}

static const struct check host_check = { .id = "host", .title = "", .spec = "", .wants = wants };

static bool
is_plain(const struct resolve_host *h)
{
	bool plain = h->aaaa == NULL ||
	    (h->aaaa->status != DNS_FOUND && dns_doubt(h->aaaa) == DNS_SURE);
	return plain && (h->a == NULL || dns_doubt(h->a) == DNS_SURE);
}

/* The hosts whose addresses are judged. */
static struct resolve_host *
hosts_of(struct resolve *r, size_t *n)
{
	enum resolve_kind kind = resolve_kind(r);
	*n = kind == RESOLVE_OWN ? 1 : kind == RESOLVE_SERVERS ? r->n_servers : 0;
	return kind == RESOLVE_OWN ? &r->own : r->servers;
}

static bool
doubts_mx(const struct job *job)
{
	return dns_doubt(job->resolve->mx) != DNS_SURE;
}

bool
host_is_plain(struct job *job)
{
	size_t n;
	if (doubts_mx(job))
		return false;
	const struct resolve_host *hosts = hosts_of(job->resolve, &n);
	for (size_t i = 0; i < n; i++)
		if (!is_plain(&hosts[i]))
			return false;
	return true;
}

static void
put_heard(struct item *item, const char *name, uint16_t type, const struct dns_answer *heard)
{
	const struct dns_answer *answer = heard != NULL ? heard : dns_answer_bare(DNS_NOT_ASKED);
	facts_set_dns(facts_need_dns(&item->facts, NULL, name, type), item->facts.arena, answer);
}

/* Which servers are meant is open yet: the name itself may be the only one. */
static void
put_mx(struct item *item)
{
	const struct resolve *r = item->job->resolve;
	item->target.names.mx_of = r->own.name;
	put_heard(item, r->own.name, DNS_MX, r->mx);
	put_heard(item, r->own.name, DNS_A, r->own.a);
	put_heard(item, r->own.name, DNS_AAAA, r->own.aaaa);
}

void
host_check_start(struct job *job, void (*done)(void *arg))
{
	static const struct check *const checks[] = { &host_check };
	size_t n;
	const struct job_context *c = job->context;
	const struct resolve_host *hosts = hosts_of(job->resolve, &n);
	const char **names = arena_array(&job->arena, n, sizeof *names);
	struct item *item = job->seen = arena_alloc(&job->arena, sizeof *item);
	item->job = job;
	item->target = (struct target){ .names = job->names, .policy = c->policy };
	item->target.names.wanted = names;
	item->target.names.n_wanted = n;
	facts_init(&item->facts, &job->arena);
	for (size_t i = 0; i < n; i++) {
		names[i] = hosts[i].name;
		put_heard(item, names[i], DNS_A, hosts[i].a);
		put_heard(item, names[i], DNS_AAAA, hosts[i].aaaa);
	}
	if (doubts_mx(job))
		put_mx(item);
	struct gather_job gather = { .target = &item->target,
		.checks = checks,
		.n_checks = 1,
		.facts = &item->facts,
		.shared = c->shared,
		.deadline_us = loop_now_us() + job->resolve->time_us,
		.done = done,
		.arg = job };
	item->gather = gather_start(c->loop, c->stub, &gather);
}

/* Loopback, or blocked: no server of this name is there. */
static bool
is_nowhere(const struct dns_answer *heard)
{
	if (dns_doubt(heard) == DNS_BLOCKED)
		return true;
	for (size_t i = 0; i < heard->n_records; i++) {
		const struct ip *ip = &heard->records[i].ip;
		bool loops = ip->family == 4 ? ip->bytes[0] == 127 || ip->bytes[0] == 0 :
					       ip_is_inside(ip) && ip->bytes[0] == 0;
		if (!loops)
			return false;
	}
	return true;
}

/* A name that only this network has leads to a server of this network: the user means that one. */
static struct dns_answer *
choose(struct job *job, const char *name, uint16_t type, const struct dns_answer *heard)
{
	const struct dns_answer *own = heard->overruled != NULL ? heard->overruled : heard;
	const struct dns_answer *world = world_dns(&job->seen->target, &job->seen->facts, name,
	    type);
	bool inside = own->status == DNS_FOUND && dns_doubt(own) != DNS_SURE && !is_nowhere(own);
	return dns_answer_copy(&job->arena, world->status != DNS_FOUND && inside ? own : world);
}

/* A domain that only this network has, or that nobody else could be asked about, is as it is heard. */
static const struct dns_answer *
choose_mx(const struct job *job)
{
	const struct item *seen = job->seen;
	const struct dns_answer *heard = job->resolve->mx;
	const struct dns_answer *world = world_dns(&seen->target, &seen->facts,
	    seen->target.names.mx_of, DNS_MX);
	bool inside = heard->status == DNS_FOUND && world->status == DNS_NXDOMAIN;
	return dns_is_known(world->status) && !inside ? world : heard;
}

static void
take_facts(const struct facts *f, struct resolve_host *host)
{
	struct resolve *r = host->resolve;
	if (!resolve_is_name(host))
		return;
	if (r->families & FAMILY_4)
		host->a = dns_answer_copy(r->arena, facts_dns(f, host->name, DNS_A));
	if (r->families & FAMILY_6)
		host->aaaa = dns_answer_copy(r->arena, facts_dns(f, host->name, DNS_AAAA));
}

static void
end_mx(struct job *job)
{
	struct resolve *r = job->resolve;
	r->mx = dns_answer_copy(&job->arena, choose_mx(job));
	resolve_take_servers(r);
	for (size_t i = 0; i < r->n_servers; i++)
		take_facts(&job->seen->facts, &r->servers[i]);
}

void
host_check_end(struct job *job)
{
	size_t n;
	job->seen->gather = NULL;
	if (job->seen->target.names.mx_of != NULL)
		end_mx(job);
	struct resolve_host *hosts = hosts_of(job->resolve, &n);
	for (size_t i = 0; i < n; i++) {
		struct resolve_host *h = &hosts[i];
		if (h->a != NULL)
			h->a = choose(job, h->name, DNS_A, h->a);
		if (h->aaaa != NULL)
			h->aaaa = choose(job, h->name, DNS_AAAA, h->aaaa);
	}
}

static const char *
left_out(const struct dns_answer *answer, const struct dns_answer *kept, struct arena *a)
{
	const char **list = arena_array(a, answer->n_records, sizeof *list);
	size_t n = 0;
	for (size_t i = 0; i < answer->n_records; i++)
		if (!dns_answer_has_ip(kept, &answer->records[i].ip))
			list[n++] = answer->records[i].text;
	return safe_names(a, list, n, 0);
}

static const char *
mx_said(const struct dns_answer *answer, struct arena *a)
{
	struct name_set set = names_of_records(answer, a);
	return answer->status == DNS_FOUND ?
	    arena_printf(a, "MX %s", names_shown(set.list, set.n, a)) :
	    "that there is no MX record";
}

/* What the resolver says of its own, and who says something else. */
static void
remark_mx(const struct job *job, struct arena *a,
    void (*say)(void *arg, enum resolve_remark kind, const char *text), void *arg)
{
	char server[ENDPOINT_TEXT_MAX];
	const struct item *seen = job->seen;
	const struct dns_answer *mx = job->resolve->mx;
	const struct dns_answer *world = world_dns(&seen->target, &seen->facts,
	    seen->target.names.mx_of, DNS_MX);
	bool alone = !dns_is_known(world->status);
	const struct dns_answer *heard = mx->overruled != NULL ? mx->overruled : mx;
	if (alone ? mx->status != DNS_FOUND : authority_same_answer(heard, world, a))
		return;
	const char *others = alone ?
	    "nobody else could be asked" :
	    arena_printf(a, "the zone's name servers say %s", mx_said(world, a));
	say(arg, alone ? RESOLVE_UNASKED : RESOLVE_NOTE,
	    arena_printf(a, "%s: %s says %s (%s); %s", name_shown(job->resolve->own.name, a),
		endpoint_format(&heard->server, server), mx_said(heard, a),
		dns_doubt_phrase(dns_doubt(heard)), others));
}

void
host_remarks(struct job *job, void (*say)(void *arg, enum resolve_remark kind, const char *text),
    void *arg)
{
	size_t n;
	char shown[NAME_TEXT_MAX];
	const struct resolve_host *hosts = job->seen != NULL ? hosts_of(job->resolve, &n) : NULL;
	if (job->seen != NULL && job->seen->target.names.mx_of != NULL)
		remark_mx(job, &job->arena, say, arg);
	for (size_t i = 0; hosts != NULL && i < n; i++) {
		const struct dns_answer *aaaa = hosts[i].aaaa;
		if (aaaa == NULL || aaaa->overruled == NULL || !dns_is_known(aaaa->status) ||
		    dns_doubt(aaaa->overruled) != DNS_SURE)
			continue;
		say(arg, RESOLVE_NOTE,
		    arena_printf(&job->arena,
			"%s: %s is left out: the resolver made it from an IPv4 address (DNS64)",
			name_display(hosts[i].name, shown),
			left_out(aaaa->overruled, aaaa, &job->arena)));
	}
}
