/*
 * What monitoring plug-ins print (Monitoring Plugins Development Guidelines): a status line with
 * performance data, then more for people, worst first.  All of it stays below 4 KiB: what carries it
 * on cuts longer output, some without a word.  The exit status is the command line's affair.
 */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "report_priv.h"

enum {
	OUTPUT_MAX = 4095, /* of NRPE 3 and others */
	STATUS_MAX = 1024, /* of the line before its performance data */
	MORE_ROOM = 80,    /* for the line that says what was left out */
	DAY_S = 86400,
};

/* A bar would start the performance data. */
static void
put_plain(struct buf *out, const char *text)
{
	for (const char *c = text; *c != '\0'; c++)
		buf_putc(out, *c == '|' ? '/' : *c);
}

static void
put_trouble(const char *text, struct buf *out)
{
	buf_puts(out, "MAILREADY UNKNOWN - ");
	put_plain(out, text);
	buf_putc(out, '\n');
}

struct sums {
	size_t n[VERDICT_FAIL + 1]; /* servers by verdict */
	size_t unknown;             /* servers with anything unknown */
	struct list_counts lists;
	struct plugin_values values;
};

static bool
has_unknown(const struct digest *d)
{
	for (size_t i = 0; i < d->n_findings; i++)
		if (d->findings[i].verdict == VERDICT_TEMPERROR)
			return true;
	return false;
}

static void
sum_up(const struct digest *all, size_t n, struct sums *s)
{
	*s = (struct sums){ .unknown = 0 };
	for (size_t i = 0; i < n; i++) {
		const struct digest *d = &all[i];
		s->n[d->verdict]++;
		s->unknown += has_unknown(d);
		s->lists.asked += d->counts.asked;
		s->lists.listed += d->counts.listed;
		s->lists.unknown += d->counts.unknown;
		s->lists.not_applicable += d->counts.not_applicable;
		plugin_values_add(&s->values, d);
	}
}

static size_t
count_bad(const struct sums *s)
{
	return s->n[VERDICT_FAIL] + s->n[VERDICT_PERMERROR];
}

static size_t
count_unknown(const struct sums *s)
{
	return s->n[VERDICT_TEMPERROR] + s->n[VERDICT_SKIP] + s->n[VERDICT_INFO];
}

static void
put_counts(struct buf *out, const struct sums *s, size_t n)
{
	const struct {
		size_t n;
		const char *word;
	} rows[] = {
		{ s->n[VERDICT_PASS], "good" },
		{ s->n[VERDICT_WARN], "with warnings" },
		{ count_bad(s), "bad" },
		{ count_unknown(s), "unknown" },
	};

	buf_printf(out, "%zu servers", n);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].n > 0)
			buf_printf(out, ", %zu %s", rows[i].n, rows[i].word);
	buf_puts(out, "; ");
}

/* "5;7:;3:": a value and its thresholds; factor: of the unit that is shown. */
static void
put_limits(struct buf *out, const struct plugin_limits *l, enum plugin_metric m, double factor)
{
	buf_putc(out, ';');
	plugin_range_add(out, &l->warning[m], factor);
	buf_putc(out, ';');
	plugin_range_add(out, &l->critical[m], factor);
}

static void
put_performance(struct buf *out, const struct sums *s, size_t n, const struct plugin_limits *l)
{
	buf_printf(out, " | time=%.3fs", s->values.value[PLUGIN_TIME]);
	put_limits(out, l, PLUGIN_TIME, 1);
	buf_puts(out, ";0");
	if (n > 1)
		buf_printf(out, " servers=%zu;;;0 bad=%zu;;;0;%zu unknown=%zu;;;0;%zu", n,
		    count_bad(s), n, count_unknown(s), n);
	if (s->lists.asked > 0) {
		buf_printf(out, " listed=%zu", s->lists.listed);
		put_limits(out, l, PLUGIN_LISTS, 1);
		buf_printf(out, ";0;%zu lists_unknown=%zu;;;0;%zu lists_not_applicable=%zu;;;0",
		    s->lists.asked, s->lists.unknown, s->lists.asked, s->lists.not_applicable);
	}
	if (s->values.known[PLUGIN_CERTIFICATE]) {
		buf_printf(out, " certificate=%.0fs",
		    s->values.value[PLUGIN_CERTIFICATE] * (double)DAY_S);
		put_limits(out, l, PLUGIN_CERTIFICATE, DAY_S);
	}
	buf_putc(out, '\n');
}

static bool
is_shown(const struct digest_finding *f, const struct render_options *o)
{
	return !verdict_is_good(f->verdict) || (o->verbose > 0 && !o->quiet);
}

/* A line of text; false when it does not fit any more. */
static bool
put_text_line(struct buf *out, const char *text)
{
	if (out->len + strlen(text) + MORE_ROOM > OUTPUT_MAX)
		return false;
	put_plain(out, text);
	buf_putc(out, '\n');
	return true;
}

static const char *
finding_text(const struct digest_finding *f, const struct render_options *o, struct arena *a)
{
	bool remedy = f->remedy[0] != '\0' && o->verbose > 0;

	return arena_printf(a, "[%s] %s: %s%s%s", verdict_word(f->verdict), f->rule, f->text,
	    remedy ? " - " : "", remedy ? f->remedy : "");
}

static bool
put_server(struct buf *out, const struct digest *d, const struct render_options *o, bool named,
    struct arena *a)
{
	bool fits = !named ||
	    put_text_line(out,
		arena_printf(a, "%s: %s: %s", digest_name(d, a), verdict_word(d->verdict),
		    d->reason));

	for (size_t i = 0; fits && i < d->n_findings; i++)
		if (is_shown(&d->findings[i], o))
			fits = put_text_line(out, finding_text(&d->findings[i], o, a));
	return fits;
}

static void
put_servers(struct buf *out, const struct digest *const *sorted, size_t n,
    const struct render_options *o, struct arena *a)
{
	size_t i = 0;

	while (i < n && put_server(out, sorted[i], o, n > 1, a))
		i++;
	if (i < n)
		buf_printf(out, "(more of it in the other formats of mailready check)\n");
}

static void
put_value(struct buf *out, enum plugin_metric m, double value)
{
	if (m == PLUGIN_CERTIFICATE)
		buf_printf(out, "%.1f days until the first certificate expires", value);
	else if (m == PLUGIN_LISTS)
		buf_printf(out, "on %.0f block list%s", value, value == 1 ? "" : "s");
	else
		buf_printf(out, "%.3f s for the slowest target", value);
}

/* Which thresholds are exceeded. */
static void
put_exceeded(struct buf *out, const struct plugin_values *v, const struct plugin_limits *l)
{
	for (int i = 0; i < PLUGIN_METRICS; i++) {
		enum plugin_metric m = (enum plugin_metric)i;
		enum plugin_state state = plugin_metric_state(l, v, m);
		const struct plugin_range *r = state == PLUGIN_CRITICAL ? &l->critical[m] :
									  &l->warning[m];
		if (state == PLUGIN_OK)
			continue;
		if (state == PLUGIN_UNKNOWN) {
			buf_printf(out, "%s is not known; ", enumtab_name(&plugin_metric_names, i));
			continue;
		}
		put_value(out, m, v->value[m]);
		buf_puts(out, " (threshold ");
		plugin_range_add(out, r, 1);
		buf_puts(out, "); ");
	}
}

static enum plugin_state
state_of(const struct sums *s, const struct render_options *o)
{
	bool unknown = o->strict_unknown && s->unknown > 0;
	enum plugin_state state = plugin_state(s->n, o->lost > 0, unknown, o->strict_warn);

	if (o->lost > 0 || o->outage != NULL)
		return PLUGIN_UNKNOWN;
	return plugin_worse(state, plugin_limits_state(&o->limits, &s->values));
}

/* What makes it worse than the servers alone comes first. */
static void
put_status(struct buf *out, const struct sums *s, const struct digest *worst, size_t n,
    const struct render_options *o, struct arena *a)
{
	static const char *const names[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };

	buf_printf(out, "MAILREADY %s - ", names[state_of(s, o)]);
	if (o->outage != NULL) {
		put_plain(out, o->outage);
		return;
	}
	if (o->lost > 0)
		buf_printf(out, "%zu of the targets could not be checked; ", o->lost);
	put_exceeded(out, &s->values, &o->limits);
	if (n > 1)
		put_counts(out, s, n);
	if (n == 1 || worst->verdict != VERDICT_PASS) {
		put_plain(out, digest_name(worst, a));
		buf_puts(out, ": ");
	}
	put_plain(out, worst->reason);
}

/* Names can be long: cut between characters. */
static void
shorten(struct buf *out)
{
	size_t len = STATUS_MAX;

	if (out->len <= STATUS_MAX)
		return;
	while (len > 0 && ((unsigned char)out->data[len] & 0xc0) == 0x80)
		len--;
	buf_cut(out, len);
	buf_puts(out, "...");
}

static int
by_verdict(const void *a, const void *b)
{
	const struct digest *x = *(const struct digest *const *)a,
			    *y = *(const struct digest *const *)b;
	int order = verdict_rank(y->verdict) - verdict_rank(x->verdict);

	return order != 0 ? order : (x > y) - (x < y);
}

static void
nagios_whole(const struct digest *all, size_t n, const struct render_options *o, struct buf *out)
{
	struct sums s;
	struct arena a;
	struct buf text;

	if (n == 0) {
		put_trouble(o->outage != NULL ? o->outage : "nothing was checked", out);
		return;
	}
	arena_init(&a);
	buf_init(&text, SIZE_MAX / 2);
	const struct digest **sorted = arena_array(&a, n, sizeof *sorted);
	for (size_t i = 0; i < n; i++)
		sorted[i] = &all[i];
	qsort(sorted, n, sizeof *sorted, by_verdict);
	sum_up(all, n, &s);
	put_status(&text, &s, sorted[0], n, o, &a);
	shorten(&text);
	put_performance(&text, &s, n, &o->limits);
	if (o->outage == NULL)
		put_servers(&text, sorted, n, o, &a);
	buf_puts(out, text.data);
	buf_fini(&text);
	arena_fini(&a);
}

const struct renderer render_nagios = {
	.name = "nagios",
	.help = "a monitoring plug-in's line, with its exit codes",
	.trouble = put_trouble,
	.whole = nagios_whole,
};
