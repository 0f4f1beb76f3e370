#include <stdlib.h>

#include "base/mem.h"
#include "base/name.h"
#include "gather/engine.h"
#include "job_priv.h"
#include "list_cache_priv.h"
#include "net/loop.h"

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

	item->time_us = loop_now_us() - job->start_us;
	job->n_done++;
	if (job_is_done(job))
		job->context->done(job->context->arg);
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
		.deadline_us = item->job->start_us + c->options->timeout_us,
		.done = item_done,
		.arg = item,
	};

	if (c->cache != NULL)
		list_cache_take(c->cache);
	(void)gather_start(c->loop, c->stub, &gather);
}

static void
item_init(struct item *item, struct job *job, const struct ip *ip)
{
	item->job = job;
	arena_init(&item->arena);
	facts_init(&item->facts, &item->arena);
	item->target = (struct target){ .ip = *ip, .host = job->spec.host, .ehlo = job->spec.ehlo,
		.domain = job->spec.domain, .policy = job->context->policy };
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
		job->context->done(job->context->arg);
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
	uint64_t deadline = job->start_us + c->options->timeout_us;

	if (c->options->families & FAMILY_4) {
		job->resolving++;
		dns_stub_ask(c->stub, job->spec.host, DNS_A, NULL, deadline, got_a, job);
	}
	if (c->options->families & FAMILY_6) {
		job->resolving++;
		dns_stub_ask(c->stub, job->spec.host, DNS_AAAA, NULL, deadline, got_aaaa, job);
	}
}

static bool
family_wanted(const struct run_options *o, const struct ip *ip)
{
	return o->families & (ip->family == 4 ? FAMILY_4 : FAMILY_6);
}

struct job *
job_start(const struct job_context *context, const struct target_spec *spec)
{
	struct job *job = mem_zalloc(1, sizeof *job);

	job->context = context;
	job->spec = *spec;
	job->start_us = loop_now_us();
	arena_init(&job->arena);
	if (spec->ip.family == 0) {
		resolve_host(job);
	} else if (family_wanted(context->options, &spec->ip)) {
		job->items = arena_array(&job->arena, 1, sizeof *job->items);
		job->n_items = 1;
		item_init(job->items, job, &spec->ip);
		gather_items(job);
	}
	return job;
}

void
job_free(struct job *job)
{
	for (size_t i = 0; i < job->n_items; i++) {
		facts_fini(&job->items[i].facts);
		arena_fini(&job->items[i].arena);
	}
	arena_fini(&job->arena);
	free(job);
}

static const char *
no_address(struct job *job, const char *shown)
{
	const char *which = job->a == NULL ? "an IPv6" : job->aaaa == NULL ? "an IPv4" : "an";

	return arena_printf(&job->arena,
	    "%s: host name without %s address; expected a name with A or AAAA records, or an address",
	    shown, which);
}

static const char *
not_looked_up(struct job *job, const char *shown, const struct dns_answer *untold)
{
	const char *which = job->n_items == 0 ? "its" : untold == job->a ? "its IPv4" : "its IPv6";

	return arena_printf(&job->arena, "%s: %s addresses could not be looked up: %s", shown, which,
	    dns_answer_reason(untold, &job->arena));
}

static bool
is_untold(const struct dns_answer *answer)
{
	return answer != NULL && !dns_told(answer->status);
}

static size_t
n_addresses(const struct job *job)
{
	return (job->a != NULL ? job->a->n_records : 0) + (job->aaaa != NULL ? job->aaaa->n_records : 0);
}

static const char *
address_failure(struct job *job)
{
	char text[IP_TEXT_MAX];
	int family = job->spec.ip.family, other = family == 4 ? 6 : 4;

	if (job->n_items > 0)
		return NULL;
	return arena_printf(&job->arena, "%s: IPv%d address, but only IPv%d is looked at (-%d)",
	    ip_format(&job->spec.ip, text), family, other, other);
}

const char *
job_failure(struct job *job, bool *told)
{
	char text[NAME_TEXT_MAX];
	const char *shown = name_display(job->spec.host, text);

	*told = true;
	if (job->spec.ip.family != 0)
		return address_failure(job);
	*told = false;
	if (is_untold(job->a))
		return not_looked_up(job, shown, job->a);
	if (is_untold(job->aaaa))
		return not_looked_up(job, shown, job->aaaa);
	if (n_addresses(job) > JOB_ITEMS_MAX)
		return arena_printf(&job->arena, "%s: has %zu addresses, the first %d were looked at", shown,
		    n_addresses(job), JOB_ITEMS_MAX);
	*told = true;
	return job->n_items == 0 ? no_address(job, shown) : NULL;
}
