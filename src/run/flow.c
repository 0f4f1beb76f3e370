/* The jobs of a run: which start, which are reported, and what is on the way when it ends. */
#include "run/flow_priv.h"
#include "run/host_priv.h"

#include <fcntl.h>
#include <stdlib.h>

#include "base/json.h"
#include "base/terminal.h"
#include "dns/stub.h"
#include "gather/dump.h"
#include "lists/catalogue.h"
#include "net/endpoint.h"
#include "net/loop.h"

/*
 * What is on the way at a time.  No job is started while questions wait for a place in a window: a
 * target's time begins when its job does, and must not pass in a queue after those of others.  The
 * bytes keep jobs with many facts, or with slow ones, from piling up.  What an ordered run holds
 * until its turn comes counts as well.
 */
enum {
	BYTES_MAX = 40 << 20,
	BYTES_GUESS = 8 << 10, /* of a job, until the first is done, */
	BYTES_LIST = 2560,     /* and of each list that it asks */
	QUESTIONS_GUESS = 8,
	QUESTIONS_LIST = 3,
	JOB_OVERHEAD = 4096, /* besides what is in its arena: tables, questions, unused blocks */
	TURN_REPORTS = 64,   /* then sockets are looked at again */
	TURN_SHARE = 3,      /* targets ask so many times the mean, and wait for some others */
	TURN_QUESTIONS = 32, /* then they are asked: only then is it seen whether any has to wait */
};

static void
dump(struct flow *f, const struct target *t, const struct facts *facts)
{
	if (f->dump == NULL)
		return;
	const struct run_options *o = f->session->options;
	json_t *run = dump_run(t, o->checks, o->n_checks, facts);
	if (json_dumpf(run, f->dump, JSON_COMPACT) != 0 || fputc('\n', f->dump) == EOF)
		f->stopped = true; /* closing the file says why */
	json_decref(run);
}

/* How a name was understood is said of a few, and to somebody who reads it. */
static bool
is_said(const struct run_options *o, enum resolve_remark kind)
{
	return kind != RESOLVE_NOTE ||
	    !(o->look.policy.many || o->out.render.quiet || o->out.sink != NULL);
}

struct remark_of {
	const struct flow *flow;
	const struct job *job;
	struct findings *lost;
};

static const enum lost lost_kinds[] = {
	[RESOLVE_NOTHING] = LOST_MAIL,
	[RESOLVE_WRONG] = LOST_ADDRESS,
	[RESOLVE_UNASKED] = LOST_LOOKUP,
};

static void
say_remark(void *arg, enum resolve_remark kind, const char *text)
{
	const struct remark_of *of = arg;
	struct run_result *result = of->flow->session->result;
	const struct run_options *o = of->flow->session->options;

	if (!is_said(o, kind))
		return;
	if (kind != RESOLVE_NOTE)
		lost_add(of->lost, lost_kinds[kind], of->job->names.host, text);
	if (of->job->line > 0)
		terminal_say(o->out.errors, "mailready: line %d: %s", of->job->line, text);
	else
		terminal_say(o->out.errors, "mailready: %s", text);
	if (kind == RESOLVE_WRONG)
		result->bad_hosts++;
	if (kind != RESOLVE_UNASKED)
		return;
	result->n[VERDICT_TEMPERROR]++;
	result->unknown++;
}

/* A moving mean over the last few jobs, whose kind may change with the input. */
static size_t
mean(size_t old, size_t one)
{
	return (old * 7 + one) / 8;
}

/* Blocks of an arena double in size: half of the last may be unused, and so may what it outgrew. */
static size_t
bytes_of(const struct job *job)
{
	return 2 * job->arena.total + JOB_OVERHEAD;
}

static size_t
questions_of(const struct job *job)
{
	size_t questions = job->resolve == NULL ? 2 : 3 + 2 * job->resolve->n_servers;

	for (size_t i = 0; i < job->n_items; i++)
		questions += job->items[i].facts.n;
	return questions;
}

/* A ceiling on questions a second must not look like silence. */
static uint64_t
turn_time_us(const struct flow *f)
{
	unsigned qps = f->session->options->look.qps;

	return qps > 0 ? TURN_SHARE * (f->questions_each + TURN_QUESTIONS) * 1000000ULL / qps : 0;
}

static void
learn(struct flow *f, const struct job *job)
{
	f->bytes_each = mean(f->bytes_each, bytes_of(job));
	f->questions_each = mean(f->questions_each, questions_of(job));
	f->context.turn_us = turn_time_us(f);
}

/* The oldest on the way knows most about those that follow, while none of them is done yet. */
static bool
fits_in_memory(const struct flow *f)
{
	size_t each = f->bytes_each;

	if (f->head == NULL)
		return true;
	if (bytes_of(f->head) > each)
		each = bytes_of(f->head);
	return f->bytes_waiting + (f->n_jobs - f->n_waiting) * each < BYTES_MAX;
}

static void
commit(struct flow *f)
{
	struct session *s = f->session;

	if (f->resume == NULL) {
		session_flush(s);
		return;
	}
	if (s->piece.failed) /* says so, and writes nothing */
		session_flush(s);
	else if (!s->broken && resume_commit(f->resume, &s->piece, s->result) != ERR_NONE)
		s->broken = true;
	buf_reset(&s->piece);
}

static void
unlink_job(struct flow *f, struct job *job)
{
	*(job->prev != NULL ? &job->prev->next : &f->head) = job->next;
	*(job->next != NULL ? &job->next->prev : &f->tail) = job->prev;
	f->n_jobs--;
	f->n_waiting--;
	f->bytes_waiting -= bytes_of(job);
}

static void
report_lost(struct flow *f, struct job *job, struct findings *findings)
{
	struct target named = { .names = job->names, .policy = f->context.policy };
	struct facts facts;

	facts_init(&facts, &job->arena);
	session_lost(f->session, &named, findings, &facts);
	facts_fini(&facts);
}

/* What was found of the name itself; what of it could not be checked is a report, too. */
static void
report_name(struct flow *f, struct job *job)
{
	struct findings lost;
	struct remark_of of = { f, job, &lost };

	findings_init(&lost, &job->arena);
	resolve_remarks(job->resolve, say_remark, &of);
	host_remarks(job, say_remark, &of);
	if (lost.n > 0)
		report_lost(f, job, &lost);
}

static void
report_wrong(struct flow *f, struct job *job)
{
	struct findings lost;

	findings_init(&lost, &job->arena);
	lost_add(&lost, LOST_INPUT, job->names.host, job->wrong);
	report_lost(f, job, &lost);
}

static void
report(struct flow *f, struct job *job)
{
	const struct run_options *o = f->session->options;

	unlink_job(f, job);
	if (job->wrong != NULL)
		report_wrong(f, job);
	for (size_t i = 0; i < job->n_items; i++) {
		struct item *item = &job->items[i];
		dump(f, &item->target, &item->facts);
		session_report(f->session, &item->target, o->checks, o->n_checks, &item->facts,
		    item->time_us);
	}
	if (job->resolve != NULL)
		report_name(f, job);
	if (f->resume != NULL)
		resume_add(f->resume, job->number);
	if (o->in.reported != NULL)
		o->in.reported[job->number] = true;
	f->n_done++;
	job_free(job);
	if (f->session->piece.len >= PIECE_BYTES)
		commit(f);
}

/* The next one whose turn it is; NULL when none is done. */
static struct job *
take_done(struct flow *f)
{
	if (f->session->options->out.ordered)
		return f->head != NULL && job_is_done(f->head) ? f->head : NULL;
	struct job *job = f->done_head;
	if (job == NULL)
		return NULL;
	f->done_head = job->next_done;
	if (f->done_head == NULL)
		f->done_tail = &f->done_head;
	return job;
}

/* True when there may be more. */
static bool
report_done(struct flow *f)
{
	struct job *job;

	for (int i = 0; i < TURN_REPORTS; i++) {
		if ((job = take_done(f)) == NULL)
			return false;
		report(f, job);
	}
	return true;
}

static void
job_finished(void *arg, struct job *job)
{
	struct flow *f = arg;

	learn(f, job);
	f->n_waiting++;
	f->bytes_waiting += bytes_of(job);
	if (!f->session->options->out.ordered) {
		*f->done_tail = job;
		f->done_tail = &job->next_done;
	}
	loop_defer_wake(f->defer);
}

static void
job_done(void *arg, struct job *job)
{
	struct flow *f = arg;

	if (!wait_keeps(&f->wait, job))
		job_finished(f, job);
}

static void
start(struct flow *f, const struct source_target *target)
{
	struct job *job = job_start(&f->context, target);

	job->prev = f->tail;
	*(f->tail != NULL ? &f->tail->next : &f->head) = job;
	f->tail = job;
	f->n_jobs++;
	if (job->wrong != NULL)
		job_finished(f, job);
}

static void
input_ready(void *arg, int events)
{
	struct flow *f = arg;

	(void)events;
	loop_watch_set(f->input, 0);
	f->input_waits = false;
	loop_defer_wake(f->defer);
}

/*
 * Watching makes a descriptor non-blocking.  This one is shared with other processes, on a terminal
 * with the output even, and the source never reads what is not there: it stays as it was.
 */
static struct loop_watch *
watch_input(struct flow *f)
{
	int fd = f->source.fd, flags = fcntl(fd, F_GETFL);
	struct loop_watch *w = loop_watch_new(f->context.loop, fd, input_ready, f);

	(void)fcntl(fd, F_SETFL, flags);
	return w;
}

static void
wait_for_input(struct flow *f)
{
	if (f->input == NULL)
		f->input = watch_input(f);
	loop_watch_set(f->input, LOOP_READ);
	f->input_waits = true;
}

/* A target that an earlier run has done is passed over. */
static bool
is_done(struct flow *f, uint64_t number)
{
	return f->resume != NULL && done_has(&f->resume->done, number);
}

static bool
may_start(const struct flow *f)
{
	if (f->stopped || f->ended || f->input_waits || f->session->broken || wait_holds(&f->wait))
		return false;
	if (f->resume != NULL && !done_fits(&f->resume->done, f->source.n_given))
		return f->source.n_given < f->resume->done.base;
	return fits_in_memory(f);
}

/* How many jobs may start in this turn. */
static size_t
places(const struct flow *f)
{
	bool any_on_the_way = f->n_jobs > f->n_waiting;
	if (dns_stub_busy(f->context.stub) || (any_on_the_way && !endpoint_spare()))
		return 0;
	return TURN_QUESTIONS / f->questions_each + 1;
}

/*
 * True when it is worth looking again at once: the windows have places, and there is more to do.
 * When they have none, places may come free while no job is done, for all wait for a list that is
 * dead: room() says so.
 */
static bool
start_next(struct flow *f)
{
	struct source_target target;
	size_t left = places(f);
	bool any = left > 0;

	for (struct job *job; left > 0 && (job = wait_next(&f->wait)) != NULL; left--)
		job_again(job);
	while (left > 0 && may_start(f)) {
		enum source_status status = source_next(&f->source, &target);
		if (status == SOURCE_WAIT) {
			wait_for_input(f);
		} else if (status == SOURCE_END) {
			f->ended = true;
		} else if (!is_done(f, target.number)) {
			start(f, &target);
			left--;
		}
	}
	return any && ((f->wait.again != NULL && !wait_holds(&f->wait)) || may_start(f));
}

static void
turn(void *arg)
{
	struct flow *f = arg;

	bool more = report_done(f);
	more |= start_next(f);
	if (more && !f->session->broken) {
		loop_defer_wake(f->defer);
		return;
	}
	commit(f);
	bool no_more = f->ended || f->stopped || f->session->broken;
	if (no_more && (f->n_jobs == 0 || f->session->broken))
		loop_stop(f->context.loop);
}

/* The questions that waited for a place in a window have one. */
static void
room(void *arg)
{
	struct flow *f = arg;

	loop_defer_wake(f->defer);
}

void
flow_begin(struct flow *f)
{
	f->context.pool = &f->pool;
	f->context.done = job_done;
	f->context.arg = f;
	f->done_tail = &f->done_head;
	size_t n_lists = f->context.policy->lists->n;
	f->bytes_each = BYTES_GUESS + n_lists * BYTES_LIST;
	f->questions_each = QUESTIONS_GUESS + n_lists * QUESTIONS_LIST;
	f->context.turn_us = turn_time_us(f);
	f->defer = loop_defer_new(f->context.loop, turn, f);
	dns_stub_on_room(f->context.stub, room, f);
	wait_begin(&f->wait, &f->context, room, job_finished, f);
	loop_defer_wake(f->defer);
}

void
flow_finish(struct flow *f)
{
	while (report_done(f))
		;
	commit(f);
}

void
flow_end(struct flow *f)
{
	dns_stub_on_room(f->context.stub, NULL, NULL);
	wait_end(&f->wait);
	while (f->head != NULL) {
		struct job *job = f->head;
		f->head = job->next;
		job_free(job);
	}
	loop_watch_free(f->input);
	loop_defer_free(f->defer);
	job_pool_free(&f->pool);
}
