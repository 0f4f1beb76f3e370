/* A name's addresses as the world sees them, where the resolver may have some of its own. */
#include "run/host_priv.h"

#include "base/name.h"
#include "base/safe.h"
#include "gather/engine.h"
#include "net/loop.h"
#include "views/doubt.h"
#include "views/world.h"

static void
wants(const struct target *t, struct facts *f)
{
	for (size_t i = 0; i < t->names.n_wanted; i++) {
		world_follow(t, f, t->names.wanted[i], DNS_A);
		world_follow(t, f, t->names.wanted[i], DNS_AAAA);
	}
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

bool
host_is_plain(struct job *job)
{
	size_t n;
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

void
host_check_end(struct job *job)
{
	size_t n;
	struct resolve_host *hosts = hosts_of(job->resolve, &n);
	job->seen->gather = NULL;
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

void
host_remarks(struct job *job, void (*say)(void *arg, enum resolve_remark kind, const char *text),
    void *arg)
{
	size_t n;
	char shown[NAME_TEXT_MAX];
	const struct resolve_host *hosts = job->seen != NULL ? hosts_of(job->resolve, &n) : NULL;
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
