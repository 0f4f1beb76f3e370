/* One target on its way: from a host name to its addresses, and to the facts of each. */
#include <stdlib.h>

#include "base/mem.h"
#include "base/name.h"
#include "gather/engine.h"
#include "net/loop.h"
#include "run/job_priv.h"
#include "run/list_cache_priv.h"

bool
job_is_done(const struct job *job)
{
	return job->resolving == 0 && job->n_done == job->n_items;
}

static void
item_done(void *arg)
{
	struct item *item = arg;
	struct job *job = item->job;

	item->gather = NULL;
	item->time_us = loop_now_us() - job->start_us;
	if (job->context->cache != NULL)
		list_cache_settle(job->context->cache, &item->facts);
	job->n_done++;
	if (job_is_done(job))
		job->context->done(job->context->arg, job);
}

static void
item_start(struct item *item)
{
	const struct job_context *c = item->job->context;
	struct gather_job gather = {
		.target = &item->target,
		.checks = c->options->checks,
		.n_checks = c->options->n_checks,
		.facts = &item->facts,
		.pace = c->pace,
		.shared = c->shared,
		.deadline_us = item->job->start_us + c->options->look.timeout_us + c->turn_us,
		.done = item_done,
		.arg = item,
	};

	if (c->cache != NULL)
		list_cache_take(c->cache);
	item->gather = gather_start(c->loop, c->stub, &gather);
}

static void
item_init(struct item *item, struct job *job, const struct ip *ip)
{
	item->job = job;
	facts_init(&item->facts, &job->arena);
	item->target = (struct target){ .ip = *ip,
		.names = job->names,
		.policy = job->context->policy };
	ip_format(ip, item->target.address);
}

static void
gather_items(struct job *job)
{
	job->start_us = loop_now_us();
	for (size_t i = 0; i < job->n_items; i++)
		item_start(&job->items[i]);
}

static int
by_address(const void *a, const void *b)
{
	return ip_compare(a, b);
}

static size_t
take_addresses(const struct dns_answer *answer, struct ip *out, size_t n)
{
	if (answer == NULL)
		return n;
	for (size_t i = 0; i < answer->n_records && n < JOB_ITEMS_MAX; i++)
		out[n++] = ip_unmapped(&answer->records[i].ip);
	return n;
}

/* Sorted, so that the order of the reports does not depend on a rotating answer. */
static void
expand_host(struct job *job)
{
	struct ip ips[JOB_ITEMS_MAX];
	size_t n = take_addresses(job->aaaa, ips, take_addresses(job->a, ips, 0));

	qsort(ips, n, sizeof ips[0], by_address);
	job->items = arena_array(&job->arena, n, sizeof *job->items);
	for (size_t i = 0; i < n; i++)
		if (i == 0 || !ip_equal(&ips[i], &ips[i - 1]))
			item_init(&job->items[job->n_items++], job, &ips[i]);
}

static void
host_resolved(struct job *job)
{
	if (--job->resolving > 0)
		return;
	expand_host(job);
	gather_items(job);
	if (job->n_items == 0)
		job->context->done(job->context->arg, job);
}

static void
got_a(void *arg, const struct dns_answer *answer)
{
	struct job *job = arg;

	job->a = dns_answer_copy(&job->arena, answer);
	host_resolved(job);
}

static void
got_aaaa(void *arg, const struct dns_answer *answer)
{
	struct job *job = arg;

	job->aaaa = dns_answer_copy(&job->arena, answer);
	host_resolved(job);
}

static void
resolve_host(struct job *job)
{
	const struct job_context *c = job->context;
	uint64_t deadline = job->start_us + c->options->look.timeout_us + c->turn_us;

	if (c->options->in.families & FAMILY_4) {
		job->resolving++;
		dns_stub_ask(c->stub, job->names.host, DNS_A, NULL, deadline, got_a, job);
	}
	if (c->options->in.families & FAMILY_6) {
		job->resolving++;
		dns_stub_ask(c->stub, job->names.host, DNS_AAAA, NULL, deadline, got_aaaa, job);
	}
}

/* Most targets have no words of their own: those are not copied. */
static const char *
keep(struct job *job, const char *text)
{
	return *text != '\0' ? arena_strdup(&job->arena, text) : "";
}

static struct job *
job_new(struct job_pool *pool)
{
	struct job *job = pool->idle;

	if (job == NULL) {
		job = mem_zalloc(1, sizeof *job);
		arena_init(&job->arena);
	} else {
		pool->idle = job->next;
		*job = (struct job){ .arena = job->arena };
	}
	return job;
}

struct job *
job_start(const struct job_context *context, const struct source_target *target)
{
	struct job *job = job_new(context->pool);

	job->context = context;
	job->number = target->number;
	job->names = target->spec->names;
	job->names.host = keep(job, job->names.host);
	job->names.ehlo = keep(job, job->names.ehlo);
	job->names.domain = keep(job, job->names.domain);
	job->line = target->spec->line;
	job->start_us = loop_now_us();
	if (target->ip.family == 0) {
		resolve_host(job);
		return job;
	}
	job->items = arena_array(&job->arena, 1, sizeof *job->items);
	job->n_items = 1;
	item_init(job->items, job, &target->ip);
	gather_items(job);
	return job;
}

void
job_free(struct job *job)
{
	struct job_pool *pool = job->context->pool;

	for (size_t i = 0; i < job->n_items; i++) {
		if (job->items[i].gather != NULL)
			gather_cancel(job->items[i].gather);
		facts_fini(&job->items[i].facts);
	}
	arena_reset(&job->arena);
	job->next = pool->idle;
	pool->idle = job;
}

void
job_pool_free(struct job_pool *pool)
{
	while (pool->idle != NULL) {
		struct job *job = pool->idle;
		pool->idle = job->next;
		arena_fini(&job->arena);
		free(job);
	}
}

static const char *
no_address(struct job *job, const char *shown)
{
	const char *which = job->a == NULL ? "an IPv6" : job->aaaa == NULL ? "an IPv4" : "an";

	return arena_printf(&job->arena,
	    "%s: host name without %s address; expected a name with A or AAAA records, or an "
	    "address",
	    shown, which);
}

static const char *
not_looked_up(struct job *job, const char *shown, const struct dns_answer *unknown)
{
	const char *which = job->n_items == 0 ? "its" : unknown == job->a ? "its IPv4" : "its IPv6";

	return arena_printf(&job->arena, "%s: %s addresses could not be looked up: %s", shown,
	    which, dns_answer_reason(unknown, &job->arena));
}

static bool
is_unknown(const struct dns_answer *answer)
{
	return answer != NULL && !dns_told(answer->status);
}

static size_t
n_addresses(const struct job *job)
{
	return (job->a != NULL ? job->a->n_records : 0) +
	    (job->aaaa != NULL ? job->aaaa->n_records : 0);
}

const char *
job_failure(struct job *job, bool *told)
{
	char text[NAME_TEXT_MAX];
	const char *shown = name_display(job->names.host, text);

	*told = false;
	if (is_unknown(job->a))
		return not_looked_up(job, shown, job->a);
	if (is_unknown(job->aaaa))
		return not_looked_up(job, shown, job->aaaa);
	if (n_addresses(job) > JOB_ITEMS_MAX)
		return arena_printf(&job->arena,
		    "%s: it has %zu addresses; only the first %d were checked", shown,
		    n_addresses(job), JOB_ITEMS_MAX);
	*told = true;
	return job->n_items == 0 ? no_address(job, shown) : NULL;
}
