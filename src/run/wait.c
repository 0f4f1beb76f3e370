/* Waiting for a resolver that restarts. */
#include "run/wait_priv.h"

#include "base/terminal.h"
#include "dns/stub.h"
#include "net/loop.h"

enum {
	LOOK_US = 250000,   /* how often it is looked at */
	SILENT_US = 600000, /* one that is at work seldom is for so long: then it is asked */
	PROBE_US = 2000000, /* what the root takes a slow one is no sign */
	ROUNDS_MAX = 3,     /* of one job */
};

static uint64_t
heard_us(const struct wait *w)
{
	struct dns_stub_stats stats;

	dns_stub_stats(w->context->stub, &stats);
	return stats.heard_us;
}

/* Has it been asked, and said nothing since?  One that is asked seldom is silent as long. */
static bool
is_silent(const struct wait *w)
{
	struct dns_stub_stats stats;

	dns_stub_stats(w->context->stub, &stats);
	return stats.unheard_us != 0 && loop_now_us() - stats.unheard_us >= SILENT_US;
}

typedef bool is_fn(const struct dns_answer *answer);

static bool
was_refused(const struct dns_answer *answer)
{
	return dns_unreached(answer->status);
}

static bool
has_failed(const struct dns_answer *answer)
{
	return answer->status == DNS_TIMEOUT || was_refused(answer);
}

static bool
host_is(const struct resolve_host *host, is_fn *is)
{
	return (host->a != NULL && is(host->a)) || (host->aaaa != NULL && is(host->aaaa));
}

/* Is any answer of the resolver to the job so? */
static bool
any_is(const struct job *job, is_fn *is)
{
	const struct resolve *r = job->resolve;
	bool any = r != NULL && ((r->mx != NULL && is(r->mx)) || host_is(&r->own, is));

	for (size_t i = 0; r != NULL && i < r->n_servers; i++)
		any |= host_is(&r->servers[i], is);
	for (size_t i = 0; i < job->n_items; i++) {
		const struct facts *f = &job->items[i].facts;
		for (size_t k = 0; k < f->n && !any; k++)
			any = f->list[k]->kind == FACT_DNS && !f->list[k]->at_server &&
			    is(f->list[k]->dns);
	}
	return any;
}

static void
say_gone(const struct wait *w)
{
	if (!w->context->options->out.render.quiet)
		terminal_say(w->context->options->out.errors,
		    "mailready: the resolver does not answer any more; it is waited for");
}

static void
say_back(const struct wait *w)
{
	if (!w->context->options->out.render.quiet)
		terminal_say(w->context->options->out.errors,
		    "mailready: the resolver answers again; what could not be looked up meanwhile "
		    "is looked up again: %zu target%s",
		    w->n_again, w->n_again == 1 ? "" : "s");
}

static void
put_again(struct wait *w, struct job *job)
{
	job->next_done = w->again;
	w->again = job;
	w->n_again++;
}

/* Those that ran while it was gone are asked again; the others know nothing for other reasons. */
static void
release(struct wait *w)
{
	struct job *job;

	while ((job = w->kept) != NULL) {
		w->kept = job->next_done;
		job->next_done = NULL;
		if (w->state == WAIT_THERE && job->begun_us < w->back_us) {
			put_again(w, job);
			continue;
		}
		job->kept = false;
		w->finish(w->arg, job);
	}
}

static void
is_back(struct wait *w)
{
	bool was_gone = w->state == WAIT_GONE;

	if (w->state != WAIT_THERE)
		w->back_us = loop_now_us();
	w->state = WAIT_THERE;
	w->n_again = 0;
	release(w);
	if (was_gone)
		say_back(w);
	w->changed(w->arg);
}

static void
is_gone(struct wait *w)
{
	if (w->state != WAIT_THERE)
		return;
	w->state = WAIT_GONE;
	w->gone_us = loop_now_us();
	say_gone(w);
}

/* What was kept is done as it is, and so is what follows. */
static void
give_up(struct wait *w)
{
	w->state = WAIT_GIVEN_UP;
	release(w);
	w->changed(w->arg);
}

static void
probed(void *arg, const struct dns_answer *answer)
{
	struct wait *w = arg;

	w->asking = false;
	if (w->timer == NULL)
		return;
	if (!has_failed(answer))
		is_back(w);
	else if (answer->attempts > 0 && heard_us(w) < w->asked_us)
		is_gone(w);
	/* else it proves nothing: it never left, or others were answered meanwhile */
}

static void
look(void *arg)
{
	struct wait *w = arg;
	uint64_t now = loop_now_us(), heard = heard_us(w);

	loop_timer_at(w->timer, now + LOOK_US);
	if (w->state == WAIT_GONE && heard > w->gone_us)
		is_back(w);
	else if (w->state == WAIT_GONE && now - w->gone_us > w->context->options->look.patience_us)
		give_up(w);
	/* one that never answered is not waited for */
	if (w->asking || heard == 0)
		return;
	if (w->state == WAIT_THERE && !is_silent(w)) {
		release(w); /* of jobs that were kept while it was silent */
		return;
	}
	w->asking = true;
	w->asked_us = now;
	dns_stub_ask(w->context->stub, "", DNS_NS, NULL, now + PROBE_US, probed, w);
}

void
wait_begin(struct wait *w, const struct job_context *context, void (*changed)(void *arg),
    void (*finish)(void *arg, struct job *job), void *arg)
{
	*w = (struct wait){ .context = context, .changed = changed, .finish = finish, .arg = arg };
	if (w->context->options->look.patience_us == 0 || w->context->options->look.policy.offline)
		return;
	w->timer = loop_timer_new(w->context->loop, look, w);
	loop_timer_at(w->timer, loop_now_us() + LOOK_US);
}

void
wait_end(struct wait *w)
{
	if (w->timer != NULL)
		loop_timer_free(w->timer);
	w->timer = NULL;
}

/* Is it in doubt whether the resolver is there, or was it not while the job ran? */
static bool
may_be_its_fault(const struct wait *w, const struct job *job)
{
	return w->state == WAIT_GONE || w->asking || job->begun_us < w->back_us || is_silent(w);
}

bool
wait_keeps(struct wait *w, struct job *job)
{
	if (w->timer == NULL || w->state == WAIT_GIVEN_UP || job->rounds >= ROUNDS_MAX ||
	    heard_us(w) == 0 || !any_is(job, has_failed))
		return false;
	if (job->begun_us >= w->back_us && any_is(job, was_refused))
		is_gone(w);
	if (!may_be_its_fault(w, job))
		return false;
	job->kept = true;
	if (w->state == WAIT_THERE && job->begun_us < w->back_us) {
		put_again(w, job);
		w->changed(w->arg);
		return true;
	}
	job->next_done = w->kept;
	w->kept = job;
	return true;
}

bool
wait_holds(const struct wait *w)
{
	return w->state == WAIT_GONE;
}

struct job *
wait_next(struct wait *w)
{
	struct job *job = wait_holds(w) ? NULL : w->again;

	if (job == NULL)
		return NULL;
	w->again = job->next_done;
	job->next_done = NULL;
	job->kept = false;
	job->rounds++;
	return job;
}
