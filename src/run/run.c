/* run_check(): opens what a run needs, lets the loop run, and closes it again, however it ended. */
#include "run/run.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "checks/registry.h"
#include "gather/pace.h"
#include "gather/shared.h"
#include "net/interrupt.h"
#include "net/loop.h"
#include "run/flow_priv.h"
#include "run/line_priv.h"
#include "run/list_cache_priv.h"
#include "run/progress_priv.h"
#include "run/world.h"

enum { LIVENESS_US = 500000 };

struct run {
	struct session session;
	const struct run_options *options;
	struct err *err;
	struct dns_world dns;
	struct flow flow;
	struct resume *resume; /* NULL: the run cannot be resumed */
	struct list_cache cache;
	struct progress progress;
	struct loop_timer *tick; /* of progress; NULL: not shown */
	struct interrupt *interrupt;
	enum dns_status alive; /* of the resolver, after it was asked for the root */
};

static enum err_code
open_dump(struct run *r)
{
	const char *path = r->options->dump;

	if (path == NULL)
		return ERR_NONE;
	r->flow.dump = fopen(path, "we");
	if (r->flow.dump == NULL)
		return err_set(r->err, ERR_CANTCREAT, "%s: %s", path, strerror(errno));
	return ERR_NONE;
}

/* A file is only safe on disk when closing it said so. */
static enum err_code
close_dump(struct run *r, enum err_code code)
{
	FILE *f = r->flow.dump;

	if (f == NULL)
		return code;
	bool failed = ferror(f) != 0;
	failed |= fclose(f) != 0;
	if (failed && code == ERR_NONE)
		return err_set(r->err, ERR_IO, "%s: %s", r->options->dump, strerror(errno));
	return code;
}

/* A summary is about the whole run: what stands in the output already is part of it. */
static enum err_code
count_output(struct run *r)
{
	FILE *f = fopen(r->options->out.name, "re");

	if (f == NULL)
		return err_set(r->err, ERR_IO, "%s: %s", r->options->out.name, strerror(errno));
	enum err_code code = report_lines_count(f, r->options->out.name, r->session.summary,
	    r->err);
	fclose(f);
	return code;
}

static enum err_code
open_resume(struct run *r)
{
	const struct run_options *o = r->options;

	if (o->state == NULL)
		return ERR_NONE;
	r->resume = mem_zalloc(1, sizeof *r->resume);
	if (resume_open(r->resume, o, &r->session.lists.selection.lists, r->session.result,
		r->err) != ERR_NONE)
		return r->err->code;
	return r->session.summary != NULL ? count_output(r) : ERR_NONE;
}

static enum err_code
close_resume(struct run *r, enum err_code code)
{
	if (r->resume == NULL)
		return code;
	code = resume_close(r->resume, code);
	free(r->resume);
	return code;
}

static void
note_liveness(void *arg, const struct dns_answer *answer)
{
	struct run *r = arg;

	r->alive = answer->status;
	loop_stop(r->dns.loop);
}

/* Was there any answer that says what there is?  Zones that answer SERVFAIL may be broken themselves. */
static bool
is_suspect(const struct run *r, const struct dns_stub_stats *stats)
{
	if (stats->questions == 0 || r->dns.config.n_upstreams == 0)
		return false;
	return stats->known == 0 || r->session.result->n[VERDICT_TEMPERROR] > 0;
}

static const char *
what_is_wrong(enum dns_status status)
{
	if (status == DNS_NO_ROUTE)
		return "cannot be reached: there is no route to it";
	if (status == DNS_TIMEOUT || status == DNS_UNREACHABLE)
		return "does not answer";
	return status == DNS_SERVFAIL ? "answers SERVFAIL, even for the root" : NULL;
}

/*
 * A resolver that does not answer is one fault, said once, not one a target.  Where a target is
 * unknown, the servers of the root are asked for: dead zones alone are no reason to blame the resolver,
 * and neither is one that has recovered meanwhile.  SERVFAIL is its fault only when it says nothing else.
 */
static enum err_code
check_resolver(struct run *r)
{
	const struct dns_stub_config *config = &r->dns.config;
	struct run_outage *outage = &r->session.result->outage;
	struct dns_stub_stats stats;

	dns_stub_stats(r->dns.stub, &stats);
	if (!is_suspect(r, &stats))
		return ERR_NONE;
	/* one that has answered is slow sooner than dead: it gets as long as a target */
	uint64_t wait_us = stats.known > 0 ? r->options->look.timeout_us : LIVENESS_US;
	dns_stub_ask(r->dns.stub, "", DNS_NS, NULL, loop_now_us() + wait_us, note_liveness, r);
	loop_run(r->dns.loop);
	const char *what = what_is_wrong(r->alive);
	if (what == NULL || (r->alive == DNS_SERVFAIL && stats.known > 0) ||
	    r->session.result->interrupted != 0)
		return ERR_NONE;
	*outage = (struct run_outage){ .there = true,
		.no_route = r->alive == DNS_NO_ROUTE,
		.what = what };
	endpoint_format(&config->upstreams[0], outage->resolver);
	return err_set(r->err, ERR_UNAVAILABLE,
	    "nothing can be looked up%s: the resolver %s %s%s; is it running, and does it allow "
	    "this host to ask?",
	    stats.known > 0 ? " any more" : "", outage->resolver, what,
	    config->n_upstreams > 1 ? ", nor do the others" : "");
}

static struct progress_now
progress_now(const struct run *r)
{
	struct dns_stub_stats stats;

	dns_stub_stats(r->dns.stub, &stats);
	return (struct progress_now){ .done = r->flow.n_done,
		.share = source_share(&r->flow.source),
		.undecided = r->session.result->n[VERDICT_TEMPERROR],
		.questions = stats.questions,
		.window = stats.window };
}

static void
tick(void *arg)
{
	struct run *r = arg;
	struct progress_now now = progress_now(r);

	progress_show(&r->progress, &now);
	loop_timer_at(r->tick, loop_now_us() + r->progress.every_us);
}

static void
start_progress(struct run *r)
{
	if (!r->options->out.progress)
		return;
	struct progress_now now = progress_now(r);
	progress_init(&r->progress, r->options->out.errors, &now);
	r->tick = loop_timer_new(r->dns.loop, tick, r);
	loop_timer_at(r->tick, loop_now_us() + r->progress.every_us);
}

static void
stop_progress(struct run *r)
{
	if (r->tick == NULL)
		return;
	struct progress_now now = progress_now(r);
	progress_clear(&r->progress);
	if (!r->progress.terminal)
		progress_show(&r->progress, &now);
	loop_timer_free(r->tick);
}

static void
interrupt(void *arg, int signal)
{
	struct run *r = arg;

	r->session.result->interrupted = signal;
	r->flow.stopped = true;
	loop_stop(r->dns.loop);
}

static void
begin(struct run *r)
{
	r->flow.session = &r->session;
	r->flow.resume = r->resume;
	r->flow.n_done = r->resume != NULL ? r->resume->n_safe : 0;
	r->flow.context = (struct job_context){ .options = r->options,
		.loop = r->dns.loop,
		.stub = r->dns.stub,
		.policy = &r->session.policy,
		.cache = r->session.cache,
		.pace = pace_new(&r->session.lists.selection.lists, &r->session.arena),
		.shared = shared_new(r->dns.stub) };
	r->interrupt = interrupt_new(r->dns.loop, interrupt, r);
	/* what stands before the first report is there already when a run goes on */
	if (r->resume == NULL || r->resume->offset == 0)
		session_begin(&r->session);
	flow_begin(&r->flow);
	start_progress(r);
}

/* An outage is known before the whole is shown: its formats say the one cause, not its many effects. */
static enum err_code
finish(struct run *r)
{
	flow_finish(&r->flow);
	r->session.result->bad_lines += r->flow.source.bad_lines + r->session.result->bad_hosts;
	stop_progress(r);
	enum err_code code = r->err->code;
	if (r->flow.n_jobs == 0 && code == ERR_NONE)
		code = check_resolver(r);
	session_end(&r->session);
	flow_finish(&r->flow);
	if (r->session.summary != NULL)
		summary_print(r->session.summary, r->options->out.errors);
	return code != ERR_NONE ? code : r->err->code;
}

static enum err_code
run_loop(struct run *r)
{
	r->err->code = ERR_NONE;
	begin(r);
	loop_run(r->dns.loop);
	enum err_code code = finish(r);
	flow_end(&r->flow);
	pace_free(r->flow.context.pace);
	shared_free(r->flow.context.shared);
	interrupt_free(r->interrupt);
	return code;
}

static bool
asks_lists(const struct run_options *o)
{
	for (size_t i = 0; i < o->n_checks; i++)
		if (o->checks[i] == &check_dnsbl)
			return !o->look.policy.offline;
	return false;
}

static void
open_cache(struct run *r)
{
	struct session *s = &r->session;

	/* a run that asks no list learns nothing of them, and uses no budget */
	if (!asks_lists(r->options))
		return;
	list_cache_open(&r->cache, r->options, &r->dns.config, &s->lists.selection.lists,
	    s->policy.now_s, &s->arena);
	s->policy.tested = list_cache_tested(&r->cache, &s->policy.n_tested);
	s->cache = &r->cache;
}

static enum err_code
check_targets(struct run *r)
{
	const struct run_options *o = r->options;
	struct source *source = &r->flow.source;
	enum err_code code = world_open(&r->dns, &o->look, o->out.errors, r->err);

	if (code == ERR_NONE)
		code = source_open(source, o, r->err);
	if (code != ERR_NONE)
		return code;
	if (o->out.render.verbose > 0)
		world_remark(&r->dns, o->out.errors);
	open_cache(r);
	code = run_loop(r);
	if (r->session.cache != NULL)
		list_cache_close(&r->cache);
	r->session.cache = NULL;
	if (code == ERR_NONE && source->n_seen == 0 && source->bad_lines == 0 &&
	    r->session.result->interrupted == 0)
		code = err_set(r->err, ERR_NOINPUT, "%s: no target in it",
		    o->in.list != NULL ? o->in.list : "input");
	source_close(source);
	return code;
}

enum err_code
run_check(const struct run_options *o, struct run_result *result, struct err *err)
{
	struct run r = { .options = o, .err = err };
	enum err_code code = session_open(&r.session, o, false, result, err);

	if (code == ERR_NONE)
		code = open_resume(&r);
	if (code == ERR_NONE)
		code = open_dump(&r);
	if (code == ERR_NONE)
		code = check_targets(&r);
	code = close_dump(&r, code);
	code = close_resume(&r, code);
	world_close(&r.dns);
	session_close(&r.session);
	return code;
}
