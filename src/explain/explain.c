/* Reads refusals, explains them by the code book, lets the cause be looked at, and writes what came of it. */
#include "explain/explain.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/map.h"
#include "base/safe.h"
#include "explain/book.h"
#include "explain/explain_priv.h"
#include "explain/input.h"
#include "explain/log.h"

enum { REPORT_MAX = 256 << 20, SHAPE_MAX = 160, DAY_S = 86400 };

struct explaining {
	const struct explain_options *options;
	struct err *err;
	struct book *book;
	struct arena arena; /* of all that is kept */
	struct arena line;  /* of the reply that is being read */
	struct map groups;
	struct explanation **list;
	size_t n, cap, n_refused, n_left_out;
	struct explain_days *days;
	size_t n_days, cap_days;
	int64_t now_s;
};

/* ---- causes over time */

static struct explain_days *
days_of(struct explaining *x, const char *cause)
{
	for (size_t i = 0; i < x->n_days; i++)
		if (strcmp(x->days[i].cause, cause) == 0)
			return &x->days[i];
	x->days = arena_grow(&x->arena, x->days, x->n_days, &x->cap_days, sizeof *x->days);
	x->days[x->n_days] = (struct explain_days){ .cause = cause };
	return &x->days[x->n_days++];
}

static void
count_day(struct explaining *x, const struct explanation *e)
{
	int64_t ago = x->now_s / DAY_S - e->time_s / DAY_S;
	if (!e->refused || e->time_s <= 0 || ago >= EXPLAIN_DAYS_MAX)
		return;
	days_of(x, e->cause)->n[ago > 0 ? ago : 0]++;
}

/* ---- what is kept */

static const char *
keep(struct explaining *x, const char *text)
{
	return text[0] == '\0' ? "" : arena_strdup(&x->arena, text);
}

/* Text of a reply that nobody is named in, unless that was asked for. */
static const char *
keep_text(struct explaining *x, const char *text)
{
	return x->options->recipients ? keep(x, text) : explain_masked(&x->arena, text);
}

/* A reply that no row explains is one of a kind by its words, whatever numbers are in them. */
static const char *
shape_of(const struct explanation *e, struct arena *a)
{
	if (e->rule[0] != '\0')
		return e->rule;
	char *shape = arena_strndup(a, e->text, strnlen(e->text, SHAPE_MAX));
	for (char *c = shape; *c != '\0'; c++)
		if (strchr("0123456789abcdefABCDEF", *c) != NULL)
			*c = '0';
	return shape;
}

static const char *
group_key(struct explaining *x, const struct explanation *e)
{
	char address[IP_TEXT_MAX] = "";
	if (e->address.family != 0)
		ip_format(&e->address, address);
	if (x->options->by_cause)
		return arena_printf(&x->line, "%d|%s|%s|%s", e->by_us, e->provider, e->cause,
		    address);
	return arena_printf(&x->line, "%d|%s|%d|%s|%s|%s", e->by_us, e->provider, e->code,
	    e->status, shape_of(e, &x->line), address);
}

/* The newest reply speaks for its group. */
static bool
joins_group(struct explaining *x, const struct explanation *e, const char *key)
{
	struct explanation *group = map_get(&x->groups, key);
	if (group == NULL)
		return false;
	group->count++;
	if (e->time_s > group->time_s)
		group->time_s = e->time_s;
	return true;
}

/* Fills in what a remedy leaves open: {address} and {name}, the name in EHLO. */
static const char *
fill_in(struct explaining *x, const char *remedy, const struct explanation *e)
{
	char address[IP_TEXT_MAX] = "ADDRESS";
	if (e->address.family != 0)
		ip_format(&e->address, address);
	const char *text = "";
	for (const char *open; (open = strchr(remedy, '{')) != NULL;) {
		bool is_address = strncmp(open, "{address}", 9) == 0,
		     is_name = strncmp(open, "{name}", 6) == 0;
		const char *word = is_address ? address :
		    !is_name                  ? "{" :
		    e->ehlo[0] != '\0'        ? e->ehlo :
						"NAME";
		text = arena_printf(&x->arena, "%s%.*s%s", text, (int)(open - remedy), remedy,
		    word);
		remedy = open + (is_address ? 9 : is_name ? 6 : 1);
	}
	return arena_printf(&x->arena, "%s%s", text, remedy);
}

static void
complete(struct explaining *x, struct explanation *e, const char *file, size_t line)
{
	const struct explain_options *o = x->options;
	if (e->from_client) {
		/* the address is another server's, and the user's is not */
	} else if (e->address.family == 0) {
		e->address = o->address;
		e->address_given = o->address.family != 0;
	} else if (o->address.family != 0 && !ip_equal(&o->address, &e->address)) {
		e->expected = o->address;
	}
	e->status = keep(x, e->status);
	e->text = keep_text(x, e->text);
	e->host = keep(x, e->host);
	e->ehlo = o->ehlo[0] != '\0' ? o->ehlo : keep_text(x, e->ehlo);
	e->sender = o->domain[0] != '\0' ? o->domain : keep(x, e->sender);
	e->recipient = keep(x, e->recipient);
	const char *named = retest_zone_named(e->text, &x->line);
	if (named[0] != '\0')
		e->list = keep(x, named);
	e->remedy = fill_in(x, e->remedy, e);
	if (file != NULL)
		e->where = line > 0 ? arena_printf(&x->arena, "%s:%zu", file, line) : keep(x, file);
}

static bool
take(void *arg, const struct reply *reply, const char *file, size_t line)
{
	struct explaining *x = arg;
	struct reply r = *reply;
	struct explanation e;
	if (r.host[0] == '\0')
		r.host = x->options->mx;
	book_explain(x->book, &r, &x->line, &e);
	x->n_refused += e.refused;
	count_day(x, &e);
	const char *key = group_key(x, &e);
	bool full = x->n >= (x->options->groups ? EXPLAIN_GROUPS_MAX : EXPLAIN_LIST_MAX);
	if (x->options->groups && joins_group(x, &e, key)) {
		/* counted */
	} else if (full) {
		x->n_left_out++;
	} else {
		complete(x, &e, file, line);
		struct explanation *kept = arena_alloc(&x->arena, sizeof *kept);
		*kept = e;
		x->list = arena_grow(&x->arena, x->list, x->n, &x->cap,
		    sizeof(struct explanation *));
		x->list[x->n++] = kept;
		if (x->options->groups)
			map_put(&x->groups, arena_strdup(&x->arena, key), kept);
	}
	arena_reset(&x->line);
	return !full || x->options->groups;
}

/* ---- what a user gives */

struct given {
	const struct explain_options *options;
	struct explain_sum *sum;
};

static void
take_word(const struct input_options *in, const char *text)
{
	struct arena a;
	struct reply r;
	arena_init(&a);
	if (log_read(text, strlen(text), in->now_s, NULL, &a, &r) != LOG_REFUSED)
		reply_read(text, strlen(text), &a, &r);
	(void)in->found(in->arg, &r, NULL, 0);
	arena_fini(&a);
}

static void
say_nothing_found(const struct explain_options *o, const char *file,
    const struct input_count *count)
{
	const char *name = strcmp(file, "-") == 0 ? "standard input" : file;
	char shown[256];
	struct buf safe;
	buf_init(&safe, sizeof shown - 1);
	safe_add(&safe, name, strlen(name), 200);
	fprintf(o->run->out.errors,
	    "mailready: %s: nothing refused in %zu line%s (%zu of a mail log); looked for %s; for "
	    "the "
	    "diagnostic codes of bounces, and for replies one a line\n",
	    safe.data, count->lines, count->lines == 1 ? "" : "s", count->log_lines,
	    log_looked_for);
	buf_fini(&safe);
}

static enum err_code
read_given(void *arg, const struct input_options *in, struct err *err)
{
	const struct explain_options *o = ((const struct given *)arg)->options;
	if (o->text != NULL)
		take_word(in, o->text);
	for (size_t i = 0; o->text == NULL && i < o->n_files; i++) {
		struct input_count count = { .lines = 0 };
		if (input_read(o->files[i], in, &count, err) != ERR_NONE)
			return err->code;
		if (count.found == 0)
			say_nothing_found(o, o->files[i], &count);
	}
	return ERR_NONE;
}

static void
add_up(const struct explain_report *r, struct explain_sum *sum)
{
	sum->refused = r->n_refused;
	for (size_t i = 0; i < r->n; i++) {
		const struct explanation *e = r->list[i];
		if (!e->refused)
			continue;
		sum->still_broken += e->now == EXPLAIN_STILL_BROKEN;
		sum->gone += e->now == EXPLAIN_REPAIRED || e->now == EXPLAIN_NEVER_WAS;
		sum->other += e->now != EXPLAIN_STILL_BROKEN && e->now != EXPLAIN_REPAIRED &&
		    e->now != EXPLAIN_NEVER_WAS;
	}
}

static enum err_code
show_given(void *arg, const struct explain_report *report, struct err *err)
{
	const struct given *g = arg;
	const struct run_options *run = g->options->run;
	enum err_code code = ERR_NONE;
	struct buf text;
	add_up(report, g->sum);
	buf_init(&text, REPORT_MAX);
	g->options->render(report, &run->out.render, &text);
	if (text.failed)
		code = err_set(err, ERR_INTERNAL,
		    "the report grew over %d bytes: --summary is shorter", REPORT_MAX);
	else if (!file_write_all(fileno(run->out.file), text.data, text.len))
		code = err_set(err, ERR_IO, "the report cannot be written: %s", strerror(errno));
	buf_fini(&text);
	return code;
}

enum err_code
run_explain(const struct explain_options *o, struct explain_sum *sum, struct err *err)
{
	struct given g = { .options = o, .sum = sum };
	int interrupted;
	*sum = (struct explain_sum){ .refused = 0 };
	return explain_each(o, &(struct explain_work){ read_given, show_given, &g }, &interrupted,
	    err);
}

/* ---- the whole */

static enum err_code
read_all(struct explaining *x, const struct explain_work *w)
{
	const struct explain_options *o = x->options;
	const struct input_options in = { .now_s = x->now_s, .found = take, .arg = x };
	if (w->read(w->arg, &in, x->err) != ERR_NONE)
		return x->err->code;
	if (x->n_left_out > 0 && !o->groups)
		return err_set(x->err, ERR_DATA, "more than %d refusals: --summary groups them",
		    EXPLAIN_LIST_MAX);
	if (x->n_left_out > 0)
		fprintf(o->run->out.errors,
		    "mailready: %zu refusals of other kinds are left out: more than %d groups\n",
		    x->n_left_out, EXPLAIN_GROUPS_MAX);
	return ERR_NONE;
}

static enum err_code
test_all(struct explaining *x, int *interrupted)
{
	for (size_t i = 0; i < x->n; i++)
		retest_offline(x->options, x->list[i], x->now_s);
	if (x->options->offline)
		return ERR_NONE;
	return retest(x->options, x->list, x->n, &x->arena, x->now_s, interrupted, x->err);
}

static enum err_code
show(struct explaining *x, const struct explain_work *w)
{
	const struct explain_report report = { .list = (const struct explanation *const *)x->list,
		.n = x->n,
		.n_refused = x->n_refused,
		.now_s = x->now_s,
		.recipients = x->options->recipients,
		.summary = x->options->summary,
		.days = x->days,
		.n_days = x->n_days };
	return w->show(w->arg, &report, x->err);
}

enum err_code
explain_each(const struct explain_options *o, const struct explain_work *w, int *interrupted,
    struct err *err)
{
	struct explaining x = { .options = o, .err = err, .now_s = (int64_t)time(NULL) };
	arena_init(&x.arena);
	arena_init(&x.line);
	map_init(&x.groups);
	*interrupted = 0;
	err->code = ERR_NONE;
	enum err_code code = book_open(&x.book, err);
	if (code == ERR_NONE)
		code = read_all(&x, w);
	if (code == ERR_NONE)
		code = test_all(&x, interrupted);
	if (code == ERR_NONE)
		code = show(&x, w);
	map_fini(&x.groups);
	book_free(x.book);
	arena_fini(&x.line);
	arena_fini(&x.arena);
	return code;
}
