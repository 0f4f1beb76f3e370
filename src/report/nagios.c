/*
 * What monitoring plug-ins print (Monitoring Plugins Development Guidelines): a status line with
 * performance data, then more for people.  The exit status is the command line's affair.
 */
#include <string.h>

#include "base/arena.h"
#include "report_priv.h"

enum plugin_state
plugin_state(const size_t n[VERDICT_FAIL + 1], bool lost, bool unknown, bool strict_warn)
{
	bool judged = n[VERDICT_PASS] + n[VERDICT_WARN] > 0;

	if (lost)
		return PLUGIN_UNKNOWN;
	if (n[VERDICT_FAIL] + n[VERDICT_PERMERROR] > 0 || (strict_warn && n[VERDICT_WARN] > 0))
		return PLUGIN_CRITICAL;
	if (n[VERDICT_TEMPERROR] > 0 || unknown || !judged)
		return PLUGIN_UNKNOWN;
	return n[VERDICT_WARN] > 0 ? PLUGIN_WARNING : PLUGIN_OK;
}

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
	const struct digest *worst;
	struct list_counts lists;
	uint64_t time_us;       /* of the slowest */
	int64_t cert_expires_s; /* of the first to expire; 0 */
	int64_t cert_seen_s;
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
add_certificate(struct sums *s, const struct digest *d)
{
	if (d->cert_expires_s == 0)
		return;
	if (s->cert_expires_s != 0 && s->cert_expires_s <= d->cert_expires_s)
		return;
	s->cert_expires_s = d->cert_expires_s;
	s->cert_seen_s = d->time_s;
}

static void
sum_up(const struct digest *all, size_t n, struct sums *s)
{
	*s = (struct sums){ .worst = NULL };
	for (size_t i = 0; i < n; i++) {
		const struct digest *d = &all[i];
		s->n[d->verdict]++;
		s->unknown += has_unknown(d);
		if (s->worst == NULL || verdict_rank(d->verdict) > verdict_rank(s->worst->verdict))
			s->worst = d;
		s->lists.asked += d->counts.asked;
		s->lists.listed += d->counts.listed;
		s->lists.unknown += d->counts.unknown;
		s->lists.not_applicable += d->counts.not_applicable;
		s->time_us = d->time_us > s->time_us ? d->time_us : s->time_us;
		add_certificate(s, d);
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
}

static void
put_performance(struct buf *out, const struct sums *s, size_t n)
{
	buf_printf(out, " | time=%.3fs;;;0", as_ms(s->time_us) / 1000);
	if (n > 1)
		buf_printf(out, " servers=%zu;;;0 bad=%zu;;;0;%zu unknown=%zu;;;0;%zu", n,
		    count_bad(s), n, count_unknown(s), n);
	if (s->lists.asked > 0)
		buf_printf(out,
		    " listed=%zu;;;0;%zu lists_unknown=%zu;;;0;%zu lists_not_applicable=%zu;;;0",
		    s->lists.listed, s->lists.asked, s->lists.unknown, s->lists.asked,
		    s->lists.not_applicable);
	if (s->cert_expires_s != 0)
		buf_printf(out, " certificate=%llds",
		    (long long)(s->cert_expires_s - s->cert_seen_s));
	buf_putc(out, '\n');
}

static bool
is_shown(const struct digest_finding *f, const struct render_options *o)
{
	return !verdict_is_good(f->verdict) || (o->verbose > 0 && !o->quiet);
}

static void
put_server(struct buf *out, const struct digest *d, const struct render_options *o, bool named,
    struct arena *a)
{
	if (named) {
		put_plain(out, digest_name(d, a));
		buf_printf(out, ": %s: ", verdict_word(d->verdict));
		put_plain(out, d->reason);
		buf_putc(out, '\n');
	}
	for (size_t i = 0; i < d->n_findings; i++) {
		const struct digest_finding *f = &d->findings[i];
		if (!is_shown(f, o))
			continue;
		buf_printf(out, "[%s] ", verdict_word(f->verdict));
		put_plain(out, f->rule);
		buf_puts(out, ": ");
		put_plain(out, f->text);
		if (f->remedy[0] != '\0' && o->verbose > 0) {
			buf_puts(out, " - ");
			put_plain(out, f->remedy);
		}
		buf_putc(out, '\n');
	}
}

/* What makes it worse than the servers alone comes first. */
static void
put_state(struct buf *out, const struct sums *s, const struct render_options *o)
{
	static const char *const names[] = { "OK", "WARNING", "CRITICAL", "UNKNOWN" };
	bool unknown = o->strict_unknown && s->unknown > 0;

	buf_printf(out, "MAILREADY %s - ",
	    names[plugin_state(s->n, o->lost > 0, unknown, o->strict_warn)]);
	if (o->lost > 0)
		buf_printf(out, "%zu of the targets could not be checked; ", o->lost);
}

static void
nagios_whole(const struct digest *all, size_t n, const struct render_options *o, struct buf *out)
{
	struct sums s;
	struct arena a;

	if (n == 0) {
		buf_puts(out, "MAILREADY UNKNOWN - nothing was checked\n");
		return;
	}
	arena_init(&a);
	sum_up(all, n, &s);
	put_state(out, &s, o);
	if (n > 1) {
		put_counts(out, &s, n);
		buf_puts(out, "; ");
	}
	if (n == 1 || s.worst->verdict != VERDICT_PASS) {
		put_plain(out, digest_name(s.worst, &a));
		buf_puts(out, ": ");
	}
	put_plain(out, s.worst->reason);
	put_performance(out, &s, n);
	for (size_t i = 0; i < n; i++)
		put_server(out, &all[i], o, n > 1, &a);
	arena_fini(&a);
}

const struct renderer render_nagios = {
	.name = "nagios",
	.help = "a monitoring plug-in's line, with its exit codes",
	.trouble = put_trouble,
	.whole = nagios_whole,
};
