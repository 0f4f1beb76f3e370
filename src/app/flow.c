#include "flow_priv.h"

#include <stdlib.h>

#include "base/json.h"
#include "dns/stub.h"
#include "gather/dump.h"
#include "lists/catalogue.h"
#include "net/loop.h"

/*
 * What is on the way at a time.  Jobs are started as long as fewer questions wait for a place in
 * an upstream's window than the window holds, so that it never runs dry and no question grows old
 * in a queue; the bytes keep jobs with many facts, or with slow ones, from piling up.  What an
 * ordered run holds until its turn comes counts as well.
 */
enum {
	WAITING_MIN = 64, /* for the smallest window */
	BYTES_MAX = 40 << 20,
	BYTES_GUESS = 8 << 10, /* of a job, until the first is done, */
	BYTES_LIST = 2560,     /* and of each list that it asks */
	QUESTIONS_GUESS = 8,
	QUESTIONS_LIST = 3,
	JOB_OVERHEAD = 5120,  /* besides what is in its arena: tables, questions, unused blocks */
	TURN_REPORTS = 64,    /* then sockets are looked at again */
	LOOK_AGAIN_US = 1000, /* for places, when no job is done meanwhile */
};

static void
dump(struct flow *f, const struct target *t, const struct facts *facts)
{
	if (f->dump == NULL)
		return;
	json_t *run = dump_run(t, facts);
	if (json_dumpf(run, f->dump, JSON_COMPACT) != 0 || fputc('\n', f->dump) == EOF)
		f->stopped = true; /* closing the file says why */
	json_decref(run);
}

static void
report_no_address(struct flow *f, struct job *job)
{
	struct run_result *result = f->session->result;
	FILE *errors = f->session->options->errors;
	bool told;
	const char *why = job_failure(job, &told);

	if (job->line > 0)
		fprintf(errors, "mailready: line %d: %s\n", job->line, why);
	else
		fprintf(errors, "mailready: %s\n", why);
	if (told) {
		result->bad_hosts++;
		return;
	}
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
	size_t questions = 2;

	for (size_t i = 0; i < job->n_items; i++)
		questions += job->items[i].facts.n;
	return questions;
}

static void
learn(struct flow *f, const struct job *job)
{
	f->bytes_each = mean(f->bytes_each, bytes_of(job));
	f->questions_each = mean(f->questions_each, questions_of(job));
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
	return f->n_jobs * each < BYTES_MAX;
}

static void
commit(struct flow *f)
{
	struct session *s = f->session;

	if (f->resume == NULL) {
		session_flush(s);
		return;
	}
	if (!s->broken && resume_commit(f->resume, &s->piece, s->result) != ERR_NONE)
		s->broken = true;
	buf_reset(&s->piece);
}

static void
unlink_job(struct flow *f, struct job *job)
{
	*(job->prev != NULL ? &job->prev->next : &f->head) = job->next;
	*(job->next != NULL ? &job->next->prev : &f->tail) = job->prev;
	f->n_jobs--;
}

static void
report(struct flow *f, struct job *job)
{
	learn(f, job);
	unlink_job(f, job);
	for (size_t i = 0; i < job->n_items; i++) {
		struct item *item = &job->items[i];
		dump(f, &item->target, &item->facts);
		session_report(f->session, &item->target, &item->facts, item->time_us);
	}
	if (job->n_items == 0)
		report_no_address(f, job);
	if (f->resume != NULL)
		resume_add(f->resume, job->number);
	f->n_done++;
	job_free(job);
	if (f->session->piece.len >= PIECE_BYTES)
		commit(f);
}

/* The next one whose turn it is; NULL when none is done. */
static struct job *
take_done(struct flow *f)
{
	if (f->session->options->ordered)
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
start(struct flow *f, const struct source_target *target)
{
	struct job *job = job_start(&f->context, target);

	job->prev = f->tail;
	*(f->tail != NULL ? &f->tail->next : &f->head) = job;
	f->tail = job;
	f->n_jobs++;
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

static void
wait_for_input(struct flow *f)
{
	if (f->input == NULL)
		f->input = loop_watch_new(f->context.loop, f->source.fd, input_ready, f);
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
	if (f->stopped || f->ended || f->input_waits || f->session->broken)
		return false;
	if (f->resume != NULL && !done_fits(&f->resume->done, f->source.n_given))
		return f->source.n_given < f->resume->done.base;
	return fits_in_memory(f);
}

/* How many jobs the upstreams can take: what is started is asked a turn later. */
static size_t
places(const struct flow *f)
{
	struct dns_stub_stats stats;

	dns_stub_stats(f->context.stub, &stats);
	unsigned most = stats.window > WAITING_MIN ? stats.window : WAITING_MIN;
	return stats.waiting < most ? (most - stats.waiting) / f->questions_each + 1 : 0;
}

/*
 * True when it is worth looking again at once: the windows have places, and there is more to do.
 * When they have none, places may come free while no job is done: all wait for a list that is dead.
 */
static bool
start_next(struct flow *f)
{
	struct source_target target;
	size_t left = places(f);
	bool any = left > 0;

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
	if (!any && may_start(f))
		loop_timer_at(f->again, loop_now_us() + LOOK_AGAIN_US);
	return any && may_start(f);
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

static void
look_again(void *arg)
{
	struct flow *f = arg;

	loop_defer_wake(f->defer);
}

static void
job_done(void *arg, struct job *job)
{
	struct flow *f = arg;

	if (!f->session->options->ordered) {
		*f->done_tail = job;
		f->done_tail = &job->next_done;
	}
	loop_defer_wake(f->defer);
}

void
flow_begin(struct flow *f)
{
	f->context.done = job_done;
	f->context.arg = f;
	f->done_tail = &f->done_head;
	size_t n_lists = f->context.policy->lists->n;
	f->bytes_each = BYTES_GUESS + n_lists * BYTES_LIST;
	f->questions_each = QUESTIONS_GUESS + n_lists * QUESTIONS_LIST;
	f->again = loop_timer_new(f->context.loop, look_again, f);
	f->defer = loop_defer_new(f->context.loop, turn, f);
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
	loop_watch_free(f->input);
	loop_timer_free(f->again);
	loop_defer_free(f->defer);
}
