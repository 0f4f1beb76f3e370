/* What is new and grave is looked at again within the run: a fault that stays is told hours earlier. */
#include <stdio.h>
#include <string.h>

#include "base/terminal.h"
#include "base/when.h"
#include "checks/registry.h"
#include "net/interrupt.h"
#include "report/digest.h"
#include "watch_priv.h"

enum { US_PER_S = 1000000, S_PER_MINUTE = 60 };

/* A finding that is looked at again. */
struct doubt {
	size_t seen; /* of those of the run */
	struct digest_finding *finding;
	const struct check *check; /* NULL: it is about the name, and every look tells */
	bool stood;                /* in the look at hand */
	bool gone;
};

struct confirming {
	struct watching *w;
	struct doubt *doubts;
	size_t n, cap;
	bool last; /* this look is the last one */
};

static const struct check *
check_of(const struct run_options *o, const struct digest_finding *f)
{
	for (size_t i = 0; i < o->n_checks; i++)
		if (digest_same_check(o->checks[i]->id, f->rule))
			return o->checks[i];
	return NULL;
}

/* The run's own, which is changed when it is sure. */
static struct digest_finding *
own_finding(struct seen *s, const struct digest_finding *f)
{
	for (size_t i = 0; i < s->now.n_findings; i++)
		if (&s->now.findings[i] == f)
			return &s->now.findings[i];
	return NULL;
}

static void
add(struct confirming *c, const struct run_options *o, size_t seen, const struct digest_finding *f)
{
	struct seen *s = &c->w->seen[seen];
	const struct doubt d = { .seen = seen,
		.finding = own_finding(s, f),
		.check = check_of(o, f) };

	/* what is not of a check that can be asked again, like a report that is too large */
	if (d.finding == NULL || (d.check == NULL && !s->lost) ||
	    s->spec == c->w->options->config->n_servers)
		return;
	c->doubts = arena_grow(c->w->arena, c->doubts, c->n, &c->cap, sizeof *c->doubts);
	c->doubts[c->n++] = d;
}

static enum err_code
find_in(struct confirming *c, const struct run_options *o, struct history *h, size_t seen,
    struct err *err)
{
	struct watching *w = c->w;
	struct changes changes;
	struct digest *past;
	size_t n;
	enum err_code code = history_runs_of(h, &w->seen[seen].now, CHANGE_RUNS_MAX, w->arena,
	    &past, &n, err);

	if (code != ERR_NONE || n == 0)
		return code;
	struct digest *runs = arena_array(w->arena, n + 1, sizeof *runs);
	runs[0] = w->seen[seen].now;
	memcpy(runs + 1, past, n * sizeof *past);
	changes_of(runs, n + 1, &w->options->config->policy, w->arena, &changes);
	for (size_t i = 0; i < changes.n_doubted; i++)
		add(c, o, seen, changes.doubted[i]);
	return ERR_NONE;
}

/* Without a history nothing is new; what is wrong with it is said when the run is stored. */
static void
find_doubts(struct confirming *c, const struct run_options *o)
{
	struct watching *w = c->w;
	struct history *h = NULL;
	struct err err;

	if (history_open(w->options->history, HISTORY_READ, &h, &err) != ERR_NONE)
		return;
	enum err_code code = watch_stand_in(w, h, &err);
	for (size_t i = 0; code == ERR_NONE && i < w->n; i++)
		code = find_in(c, o, h, i, &err);
	history_close(h);
}

static bool
is_due(const struct confirming *c, const struct doubt *d)
{
	return !d->gone && (c->last || d->check != &check_dnsbl);
}

static bool
is_about(const struct confirming *c, const struct doubt *d, const struct digest *look, size_t spec)
{
	const struct seen *s = &c->w->seen[d->seen];

	if (s->lost)
		return s->spec == spec;
	return strcmp(s->now.address, look->address) == 0 && strcmp(s->now.ehlo, look->ehlo) == 0 &&
	    strcmp(s->now.domain, look->domain) == 0;
}

static void
take_look(void *arg, const struct report *r)
{
	struct confirming *c = arg;
	struct digest look;
	size_t spec = watch_spec_of(c->w, r->target);

	digest_of_report(r, c->w->arena, &look);
	for (size_t i = 0; i < c->n; i++) {
		struct doubt *d = &c->doubts[i];
		if (!is_due(c, d) || !is_about(c, d, &look, spec))
			continue;
		enum change_look says = change_look(d->finding, &look);
		d->stood |= says == CHANGE_LOOK_STANDS;
		d->gone |= says == CHANGE_LOOK_GONE;
	}
}

/* The servers and the checks that are in doubt: nothing else is asked again. */
static size_t
choose(const struct confirming *c, struct run_options *o)
{
	const struct watching *w = c->w;
	struct target_spec *specs = arena_array(w->arena, w->options->config->n_servers,
	    sizeof *specs);
	const struct check **checks = arena_array(w->arena, o->n_checks, sizeof *checks);
	size_t n_specs = 0, n_checks = 0;

	for (size_t i = 0; i < w->options->config->n_servers; i++) {
		bool wanted = false;
		for (size_t k = 0; k < c->n; k++)
			wanted |= is_due(c, &c->doubts[k]) && w->seen[c->doubts[k].seen].spec == i;
		if (wanted)
			specs[n_specs++] = w->specs[i];
	}
	for (size_t i = 0; i < o->n_checks; i++) {
		bool wanted = false;
		for (size_t k = 0; k < c->n; k++)
			wanted |= is_due(c, &c->doubts[k]) && c->doubts[k].check == o->checks[i];
		if (wanted)
			checks[n_checks++] = o->checks[i];
	}
	o->in.specs = specs;
	o->in.n_specs = n_specs;
	o->checks = checks;
	o->n_checks = n_checks;
	return n_specs;
}

/*
 * Only what a look has seen still stands: of what it could not see, or what is of a name that has addresses
 * again, nobody is sure.
 */
static void
drop_unseen(struct confirming *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (is_due(c, &c->doubts[i]))
			c->doubts[i].gone = !c->doubts[i].stood;
}

/* A run of its own, which knows no answer of the one before. */
static int
look_again(struct confirming *c, const struct run_options *of)
{
	struct run_options o = *of;
	struct run_result result;
	struct err err;

	if (choose(c, &o) == 0)
		return 0;
	o.out.errors = NULL; /* it has all been said */
	o.out.sink = take_look;
	o.out.sink_arg = c;
	for (size_t i = 0; i < c->n; i++)
		c->doubts[i].stood = false;
	enum err_code code = run_check(&o, &result, &err);
	drop_unseen(c);
	return code == ERR_NONE ? result.interrupted : 0;
}

static void
say(const struct confirming *c)
{
	const struct config *config = c->w->options->config;
	char pause[WHEN_TEXT_MAX];

	if (config->look_pause_s < S_PER_MINUTE)
		snprintf(pause, sizeof pause, "%lld second%s", (long long)config->look_pause_s,
		    config->look_pause_s == 1 ? "" : "s");
	else
		when_length(config->look_pause_s, pause);
	if (c->n > 0 && !c->w->options->quiet)
		terminal_say(c->w->errors,
		    "mailready: %zu new finding%s looked at again, %u time%s, each after %s", c->n,
		    c->n == 1 ? " is" : "s are", config->looks, config->looks == 1 ? "" : "s",
		    pause);
}

static bool
any_open(const struct confirming *c)
{
	for (size_t i = 0; i < c->n; i++)
		if (!c->doubts[i].gone)
			return true;
	return false;
}

int
watch_confirm(struct watching *w, const struct run_options *o)
{
	const struct config *config = w->options->config;
	struct confirming c = { .w = w };
	int interrupted = 0;

	if (config->looks > 0)
		find_doubts(&c, o);
	say(&c);
	for (unsigned i = 1; interrupted == 0 && i <= config->looks && any_open(&c); i++) {
		c.last = i == config->looks;
		interrupted = interrupt_sleep((uint64_t)config->look_pause_s * US_PER_S);
		if (interrupted == 0)
			interrupted = look_again(&c, o);
	}
	for (size_t i = 0; interrupted == 0 && i < c.n; i++)
		c.doubts[i].finding->sure = !c.doubts[i].gone;
	return interrupted;
}
