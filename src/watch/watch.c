/* A scheduled run: check, store, compare with the runs before, notify. */
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/terminal.h"
#include "base/when.h"
#include "gather/targets.h"
#include "report/digest.h"
#include "watch_priv.h"

enum { TEXT_MAX = 64 << 20 };

static void
server_specs(struct watching *w, struct err *err)
{
	const struct config *c = w->options->config;

	w->specs = arena_array(w->arena, c->n_servers, sizeof *w->specs);
	for (size_t i = 0; i < c->n_servers && err->code == ERR_NONE; i++) {
		const struct config_server *s = &c->servers[i];
		const char *word = s->host[0] != '\0' ? s->host : s->address;
		err->code = target_parse_word(word, false, w->arena, &w->specs[i], err);
		w->specs[i].names.ehlo = s->ehlo;
		w->specs[i].names.domain = s->domain;
		w->specs[i].names.mail_from = s->mail_from;
		w->specs[i].names.from = s->from;
		w->specs[i].names.dkim = s->dkim;
		w->specs[i].names.n_dkim = s->n_dkim;
	}
}

/* An address and a host name may name the same server: it counts once. */
static void
take(void *arg, const struct report *r)
{
	struct watching *w = arg;
	struct digest d;

	digest_of_report(r, w->arena, &d);
	d.receivers = NULL; /* their table is that of the run */
	if (watch_has_seen(w, d.address, d.ehlo, d.domain))
		return;
	d.label = "";
	size_t spec = watch_spec_of(w, r->target);
	if (spec < w->options->config->n_servers) {
		d.label = w->options->config->servers[spec].label;
		d.groups = w->options->config->servers[spec].groups;
	}
	struct seen *s = watch_add(w, &d);
	s->spec = spec;
	s->lost = r->target->ip.family == 0;
}

/* --- storing and comparing */

static enum err_code
add_all(struct watching *w, struct history *h, struct err *err)
{
	struct digest *all = arena_array(w->arena, w->n, sizeof *all);

	size_t n = 0;
	for (size_t i = 0; i < w->n; i++)
		if (!w->seen[i].blind)
			all[n++] = w->seen[i].now;
	return history_add(h, all, n, err);
}

/* When the first run after that began. */
static int64_t
next_run_s(const struct digest *runs, size_t n, int64_t time_s)
{
	int64_t next_s = time_s;

	for (size_t i = 0; i < n && runs[i].time_s > time_s; i++)
		next_s = runs[i].time_s;
	return next_s;
}

/* Since when each finding is there, and how long what is gone was. */
static enum err_code
measure(struct watching *w, struct history *h, int64_t id, const struct digest *runs, size_t n_runs,
    struct seen *s, struct err *err)
{
	char length[WHEN_TEXT_MAX];
	struct history_span *spans;
	size_t n = 0;
	enum err_code code = ERR_NONE;

	if (s->changes.n > 0)
		code = history_spans(h, id, 0, w->arena, &spans, &n, err);
	for (size_t i = 0; code == ERR_NONE && i < s->changes.n; i++) {
		struct change *c = &s->changes.list[i];
		if (c->finding == NULL)
			continue;
		for (size_t k = 0; k < n; k++) {
			if (strcmp(spans[k].rule, c->finding->rule) != 0 ||
			    strcmp(spans[k].subject, c->finding->subject) != 0)
				continue;
			c->since_s = spans[k].first_s;
			c->lasted_s = next_run_s(runs, n_runs, spans[k].last_s) - spans[k].first_s;
		}
		if (c->kind != CHANGE_GONE)
			c->lasted_s = 0;
		if (c->lasted_s > 0)
			c->text = arena_printf(w->arena, "no longer, after %s: %s",
			    when_length(c->lasted_s, length), c->finding->text);
	}
	return code;
}

/* The run at hand is the newest of those that are stored; or, when it is not, it goes before them. */
static enum err_code
compare(struct watching *w, struct history *h, struct seen *s, bool stored, struct err *err)
{
	struct digest *past = NULL;
	size_t n = 0;
	int64_t id = 0;
	bool known = false;
	enum err_code code = ERR_NONE;

	if (h != NULL)
		code = history_find(h, &s->now, &id, &known, err);
	if (code == ERR_NONE && known)
		code = history_runs(h, id, 0, CHANGE_RUNS_MAX, w->arena, &past, &n, err);
	if (code != ERR_NONE)
		return code;
	size_t own = stored ? 0 : 1;
	struct digest *runs = arena_array(w->arena, own + n, sizeof *runs);
	runs[0] = s->now;
	for (size_t i = 0; i < n; i++)
		runs[own + i] = past[i];
	changes_of(runs, own + n, &w->options->config->policy, w->arena, &s->changes);
	watch_end_refusals(w, &s->changes);
	s->compared = true;
	return known ? measure(w, h, id, runs, own + n, s, err) : ERR_NONE;
}

static enum err_code
compare_all(struct watching *w, struct history *h, bool stored, struct err *err)
{
	enum err_code code = ERR_NONE;

	for (size_t i = 0; code == ERR_NONE && i < w->n; i++)
		if (!w->seen[i].ended && !w->seen[i].blind)
			code = compare(w, h, &w->seen[i], stored, err);
	return code;
}

static const struct watched_server *
servers_of(const struct watching *w)
{
	struct watched_server *servers = arena_array(w->arena, w->n, sizeof *servers);

	for (size_t i = 0; i < w->n; i++)
		servers[i] = (struct watched_server){ &w->seen[i].now,
			w->seen[i].compared ? &w->seen[i].changes : NULL };
	return servers;
}

/*
 * In one transaction: a killed run has either queued its news, or not stored the findings;
 * and of two at a time each compares with what the other has stored, or has not.
 */
static enum err_code
store(struct watching *w, struct history *h, struct notify_run *run, struct err *err)
{
	enum err_code code = history_begin(h, err);

	if (code != ERR_NONE)
		return code;
	code = watch_stand_in(w, h, err);
	if (code == ERR_NONE)
		code = watch_find_outages(w, h, run->now_s, true, err);
	if (code == ERR_NONE)
		code = watch_carry_refusals(w, h, err);
	if (code == ERR_NONE)
		code = add_all(w, h, err);
	if (code == ERR_NONE)
		code = compare_all(w, h, true, err);
	if (code == ERR_NONE)
		code = watch_end_others(w, h, run->now_s, true, err);
	if (code == ERR_NONE && w->options->log != NULL)
		code = history_log_put(h, &w->options->log->before, &w->options->log->now, err);
	run->outages = watch_outage_news(w, &run->n_outages);
	if (code == ERR_NONE)
		code = notify_queue(run, servers_of(w), w->n, err);
	return history_end(h, code, err);
}

static enum err_code
forget(const struct watching *w, struct history *h, int64_t now_s, struct err *err)
{
	int64_t retention_s = w->options->config->retention_s;

	return retention_s == 0 ? ERR_NONE : history_forget(h, now_s, retention_s, err);
}

static enum err_code
keep(struct watching *w, struct err *err)
{
	struct history *h;
	enum err_code code = history_open(w->options->history, HISTORY_WRITE, &h, err);

	if (code != ERR_NONE)
		return code;
	struct notify_run run = { .history = h,
		.config = &w->options->config->notify,
		.now_s = (int64_t)time(NULL),
		.errors = w->errors };
	code = store(w, h, &run, err);
	w->stored = code == ERR_NONE;
	if (code == ERR_NONE)
		code = forget(w, h, run.now_s, err);
	/* what waits for a mail server is no reason to keep somebody waiting who wants an end */
	if (code == ERR_NONE && !w->interrupted)
		code = notify_send(&run, &w->messages, err);
	history_close(h);
	return code;
}

/* Without a file there were no runs before. */
static enum err_code
look_back(struct watching *w, struct err *err)
{
	struct history *h = NULL;
	enum err_code code = history_open(w->options->history, HISTORY_READ, &h, err);

	if (code == ERR_NOINPUT)
		code = ERR_NONE;
	if (code == ERR_NONE && h != NULL)
		code = watch_stand_in(w, h, err);
	if (code == ERR_NONE && h != NULL)
		code = watch_find_outages(w, h, (int64_t)time(NULL), false, err);
	if (code == ERR_NONE && h != NULL)
		code = watch_carry_refusals(w, h, err);
	if (code == ERR_NONE)
		code = compare_all(w, h, false, err);
	if (code == ERR_NONE && h != NULL)
		code = watch_end_others(w, h, 0, false, err);
	history_close(h);
	return code;
}

static void
compare_with_history(struct watching *w, struct err *trouble)
{
	enum err_code code = w->options->dry_run ? look_back(w, trouble) : keep(w, trouble);

	trouble->code = code;
	/* a change that was not stored does not count: the next run reports it */
	for (size_t i = 0; i < w->n && !w->options->dry_run && !w->stored; i++)
		w->seen[i].compared = false;
}

static void
print(const struct watching *w)
{
	struct watch_report report = { .servers = servers_of(w),
		.n = w->n,
		.quiet = w->options->quiet,
		.columns = terminal_columns(w->options->out),
		.outages = w->outages,
		.n_outages = w->n_outages,
		.n_sent = w->messages.sent,
		.n_queued = w->messages.queued };
	struct buf text;

	buf_init(&text, TEXT_MAX);
	watch_text(&report, &text);
	terminal_put(w->options->out, text.data);
	if (text.failed)
		terminal_say(w->errors,
		    "mailready: the text of this run grew over %d bytes, and was cut; mailready "
		    "report shows all of it",
		    TEXT_MAX);
	buf_fini(&text);
}

/* What the run shows is shown before. */
static void
wait_for_rest(struct watching *w, struct err *trouble)
{
	struct history *h;
	struct err err = { .code = ERR_NONE };
	struct notify_result result;
	struct notify_run run = { .config = &w->options->config->notify,
		.now_s = (int64_t)time(NULL),
		.errors = w->errors };

	if (history_open(w->options->history, HISTORY_WRITE, &h, &err) == ERR_NONE) {
		run.history = h;
		if (notify_wait(&run, w->options->wait_s, &result, &err) == ERR_NONE)
			w->messages.given_up += result.given_up;
		history_close(h);
	}
	if (err.code != ERR_NONE && trouble->code == ERR_NONE)
		*trouble = err;
}

/* A watched name without an address is a server that is bad, not a slip of the command line. */
static void
count_lost(struct run_result *result)
{
	result->n[VERDICT_FAIL] += result->bad_hosts;
	result->bad_lines -= result->bad_hosts;
	result->bad_hosts = 0;
}

enum err_code
run_watched(const struct run_options *o, const struct watch_options *options,
    struct run_result *result, struct err *trouble, struct err *err)
{
	struct arena arena;
	struct watching w = { .options = options, .arena = &arena, .errors = o->out.errors };
	struct run_options run = *o;

	trouble->code = ERR_NONE;
	err->code = ERR_NONE;
	if (options->config->n_servers == 0)
		return err_set(err, ERR_NOINPUT,
		    "no server is watched: use mailready watch add ADDRESS, or a section [server "
		    "NAME] "
		    "in the configuration");
	arena_init(&arena);
	server_specs(&w, err);
	run.in.specs = w.specs;
	run.in.n_specs = options->config->n_servers;
	run.out.sink = take;
	run.out.sink_arg = &w;
	run.out.sink_receivers = true;
	enum err_code code = err->code;
	if (code == ERR_NONE)
		code = run_check(&run, result, err);
	count_lost(result);
	watch_add_refusals(&w, result);
	w.resolver = result->outage;
	/* a resolver that never answers is a result, too: everything is unknown */
	bool checked = code == ERR_NONE || code == ERR_UNAVAILABLE;
	bool whole = checked && result->interrupted == 0;
	if (code == ERR_NONE && whole && !options->dry_run)
		result->interrupted = watch_confirm(&w, &run);
	w.interrupted = result->interrupted != 0;
	if (whole)
		compare_with_history(&w, trouble);
	if (checked)
		print(&w);
	if (checked && !w.interrupted && options->wait_s > 0 && w.messages.queued > 0)
		wait_for_rest(&w, trouble);
	if (w.messages.given_up > 0 && trouble->code == ERR_NONE)
		err_set(trouble, ERR_UNAVAILABLE, "%zu message%s given up: nobody was notified",
		    w.messages.given_up, w.messages.given_up == 1 ? " is" : "s are");
	arena_fini(&arena);
	return code;
}
