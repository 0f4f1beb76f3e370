/* One target on its way: from a name to addresses, and to the facts of each. */
#include <stdlib.h>

#include "base/mem.h"
#include "gather/engine.h"
#include "mail/message.h"
#include "net/loop.h"
#include "run/host_priv.h"
#include "run/job_priv.h"
#include "run/list_cache_priv.h"

bool
job_is_done(const struct job *job)
{
	return !job->resolving && !job->kept && job->n_done == job->n_items;
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

/* Few can wait for servers that delay their greeting on purpose, as a client program does. */
static uint64_t
patience_us(const struct job_context *c)
{
	return c->policy->many ? 0 : c->options->look.greeting_us;
}

static void
item_start(struct item *item)
{
	const struct job_context *c = item->job->context;
	uint64_t deadline_us = item->job->start_us + c->options->look.timeout_us + c->turn_us;
	struct gather_job gather = {
		.target = &item->target,
		.checks = c->options->checks,
		.n_checks = c->options->n_checks,
		.facts = &item->facts,
		.pace = c->pace,
		.shared = c->shared,
		.deadline_us = deadline_us,
		.talk_deadline_us = deadline_us + patience_us(c),
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
	if (job->begun_us == 0)
		job->begun_us = job->start_us;
	for (size_t i = 0; i < job->n_items; i++)
		item_start(&job->items[i]);
}

/* A domain's servers have names of their own. */
static void
expand_host(struct job *job)
{
	struct resolved found[RESOLVE_ADDRESSES_MAX];
	size_t n = resolve_addresses(job->resolve, found);

	job->items = arena_array(&job->arena, n, sizeof *job->items);
	for (; job->n_items < n; job->n_items++) {
		struct item *item = &job->items[job->n_items];
		item_init(item, job, &found[job->n_items].ip);
		if (resolve_kind(job->resolve) != RESOLVE_SERVERS)
			continue;
		item->target.names.host = found[job->n_items].host;
		item->target.names.mx_of = job->names.host;
	}
}

static void
begin_host(struct job *job)
{
	job->resolving = false;
	expand_host(job);
	gather_items(job);
	if (job->n_items == 0)
		job->context->done(job->context->arg, job);
}

static void
host_checked(void *arg)
{
	host_check_end(arg);
	begin_host(arg);
}

static void
host_resolved(void *arg)
{
	if (host_is_plain(arg))
		begin_host(arg);
	else
		host_check_start(arg, host_checked);
}

static void
resolve_host(struct job *job)
{
	const struct job_context *c = job->context;

	job->resolving = true;
	job->begun_us = loop_now_us();
	job->resolve = arena_alloc(&job->arena, sizeof *job->resolve);
	*job->resolve = (struct resolve){ .stub = c->stub,
		.arena = &job->arena,
		.families = c->options->in.families,
		.time_us = c->options->look.timeout_us + c->turn_us,
		.done = host_resolved,
		.arg = job };
	resolve_start(job->resolve, job->names.host);
}

/* Most targets have no words of their own: those are not copied. */
static const char *
keep(struct job *job, const char *text)
{
	return *text != '\0' ? arena_strdup(&job->arena, text) : "";
}

static const char *
keep_given(struct job *job, const char *text)
{
	return text != NULL ? arena_strdup(&job->arena, text) : NULL;
}

/* The line that they stand in ends before the job does. */
static const struct dkim_identity *
keep_keys(struct job *job, const struct dkim_identity *from, size_t n)
{
	struct dkim_identity *keys = arena_array(&job->arena, n, sizeof *keys);

	for (size_t i = 0; i < n; i++)
		keys[i] = (struct dkim_identity){ .domain = keep(job, from[i].domain),
			.selector = keep(job, from[i].selector) };
	return keys;
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
	job->names.mail_from = keep_given(job, job->names.mail_from);
	job->names.from = keep_given(job, job->names.from);
	if (job->names.n_dkim > 0)
		job->names.dkim = keep_keys(job, job->names.dkim, job->names.n_dkim);
	job->line = target->spec->line;
	if (target->wrong != NULL) {
		job->wrong = arena_strdup(&job->arena, target->wrong);
		return job;
	}
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

static void
forget_facts(struct job *job)
{
	for (size_t i = 0; i < job->n_items; i++) {
		if (job->items[i].gather != NULL)
			gather_cancel(job->items[i].gather);
		facts_fini(&job->items[i].facts);
	}
	if (job->seen != NULL && job->seen->gather != NULL)
		gather_cancel(job->seen->gather);
	if (job->seen != NULL)
		facts_fini(&job->seen->facts);
	job->seen = NULL;
	job->n_done = 0;
	job->begun_us = 0;
}

void
job_again(struct job *job)
{
	forget_facts(job);
	if (job->resolve != NULL) {
		job->n_items = 0;
		resolve_host(job);
		return;
	}
	const struct ip ip = job->items[0].target.ip;
	item_init(job->items, job, &ip);
	gather_items(job);
}

void
job_free(struct job *job)
{
	struct job_pool *pool = job->context->pool;

	forget_facts(job);
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
