/*
 * OpenMetrics 1.0 text, of gauges alone, so that it is also what node_exporter's textfile collector
 * and promtool read.  A family stands together, whatever the number of targets.  Labels are what the
 * owner has given and the zones of the catalogue: nothing from outside adds a series.
 */
#include "report/openmetrics.h"

#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "report_priv.h"

struct series {
	const char *family;
	const struct digest *digest;
	const char *labels; /* of the target: address="203.0.113.25",label="outbound 1" */
	struct arena *arena;
	struct buf *out;
};

static const char *
escaped(struct arena *a, const char *value)
{
	struct buf b;

	buf_init(&b, 2 * strlen(value) + 1);
	for (const char *c = value; *c != '\0'; c++) {
		if (*c == '\\' || *c == '"')
			buf_putc(&b, '\\');
		buf_puts(&b, *c == '\n' ? "\\n" : (const char[]){ *c, '\0' });
	}
	const char *text = arena_strndup(a, b.data, b.len);
	buf_fini(&b);
	return text;
}

/*
 * An empty label is the same as none.  Files that a collector reads together may hold the same target:
 * each series has the name of its file, of which there is one in a directory.
 */
static const char *
labels_of(const struct digest *d, const struct render_options *o, struct arena *a)
{
	const char *text = arena_printf(a, "address=\"%s\"", escaped(a, d->address));

	if (o->file != NULL)
		text = arena_printf(a, "%s,file=\"%s\"", text, escaped(a, o->file));
	if (d->label[0] != '\0')
		text = arena_printf(a, "%s,label=\"%s\"", text, escaped(a, d->label));
	if (d->ehlo[0] != '\0')
		text = arena_printf(a, "%s,ehlo=\"%s\"", text, escaped(a, d->ehlo));
	if (d->domain[0] != '\0')
		text = arena_printf(a, "%s,domain=\"%s\"", text, escaped(a, d->domain));
	return text;
}

static void
put_head(const struct series *s)
{
	buf_printf(s->out, "%s{%s}", s->family, s->labels);
}

static void
put_time(const struct series *s)
{
	put_head(s);
	buf_printf(s->out, " %lld\n", (long long)s->digest->time_s);
}

static void
put_duration(const struct series *s)
{
	put_head(s);
	buf_printf(s->out, " %.6f\n", as_ms(s->digest->time_us) / 1000);
}

/* Of these a report's verdict is one. */
static const enum verdict verdicts[] = { VERDICT_PASS, VERDICT_WARN, VERDICT_TEMPERROR,
	VERDICT_FAIL };
enum { N_VERDICTS = sizeof verdicts / sizeof verdicts[0] };

static void
put_by_verdict(const struct series *s, enum verdict v, size_t value)
{
	buf_printf(s->out, "%s{%s,verdict=\"%s\"} %zu\n", s->family, s->labels,
	    enumtab_name(&verdict_names, (int)v), value);
}

static void
put_verdict(const struct series *s)
{
	for (size_t i = 0; i < N_VERDICTS; i++)
		put_by_verdict(s, verdicts[i], s->digest->verdict == verdicts[i]);
}

static void
put_findings(const struct series *s)
{
	const struct digest *d = s->digest;

	for (size_t i = 0; i < N_VERDICTS; i++) {
		size_t n = 0;
		for (size_t k = 0; k < d->n_findings; k++) {
			enum verdict v = d->findings[k].verdict;
			n += (verdict_is_bad(v) ? VERDICT_FAIL : v) == verdicts[i];
		}
		put_by_verdict(s, verdicts[i], n);
	}
}

/* An unknown metric has no value: no series, rather than a wrong number. */
static void
put_ptr_names(const struct series *s)
{
	if (!s->digest->has_ptr || s->digest->ptr_status == PTR_TEMPERROR)
		return;
	put_head(s);
	buf_printf(s->out, " %zu\n", s->digest->n_ptr_names + s->digest->n_more_ptr_names);
}

static void
put_iprev(const struct series *s)
{
	if (!s->digest->has_iprev || s->digest->iprev == IPREV_TEMPERROR)
		return;
	put_head(s);
	buf_printf(s->out, " %d\n", s->digest->iprev == IPREV_PASS);
}

static void
put_count(const struct series *s, size_t n)
{
	if (!digest_has_lists(s->digest))
		return;
	put_head(s);
	buf_printf(s->out, " %zu\n", n);
}

static void
put_asked(const struct series *s)
{
	put_count(s, s->digest->counts.asked);
}

static void
put_listings(const struct series *s)
{
	put_count(s, s->digest->counts.listed);
}

static void
put_unknown(const struct series *s)
{
	put_count(s, s->digest->counts.unknown);
}

static void
put_not_applicable(const struct series *s)
{
	put_count(s, s->digest->counts.not_applicable);
}

/* One for each zone, also where it holds several of the domains. */
static void
put_listed(const struct series *s)
{
	const struct digest *d = s->digest;
	struct map seen;

	map_init(&seen);
	for (size_t i = 0; i < d->n_lists; i++) {
		const struct digest_list *l = &d->lists[i];
		if (!list_is_bad(l) || map_get(&seen, l->zone) != NULL)
			continue;
		map_put(&seen, l->zone, (void *)(uintptr_t)1);
		buf_printf(s->out, "%s{%s,zone=\"%s\"} 1\n", s->family, s->labels,
		    escaped(s->arena, l->zone));
	}
	map_fini(&seen);
}

static void
put_expiry(const struct series *s)
{
	if (s->digest->cert_expires_s == 0)
		return;
	put_head(s);
	buf_printf(s->out, " %lld\n", (long long)s->digest->cert_expires_s);
}

static int64_t
resolver_up(const struct render_options *o)
{
	return o->resolver_up;
}

static int64_t
last_success(const struct render_options *o)
{
	return o->last_success_s;
}

static const struct {
	struct metric metric;
	void (*put)(const struct series *s); /* NULL: not of a target */
	/* of the scheduled runs as a whole; NULL */
	int64_t (*of_runs)(const struct render_options *o);
} families[] = {
	/* clang-format off */
	{ { "mailready_run_timestamp_seconds", "seconds", "", "Start of the run, seconds since the epoch." }, put_time, NULL },
	{ { "mailready_run_duration_seconds", "seconds", "", "Duration of the run." }, put_duration, NULL },
	{ { "mailready_verdict", NULL, "verdict", "1 for the verdict of the target, 0 for each other one." },
	  put_verdict, NULL },
	{ { "mailready_findings", NULL, "verdict", "Findings by verdict; fail includes permerror." },
	  put_findings, NULL },
	{ { "mailready_ptr_names", NULL, "", "PTR names of the address." }, put_ptr_names, NULL },
	{ { "mailready_iprev_pass", NULL, "", "1 when a PTR name is forward-confirmed, else 0." },
	  put_iprev, NULL },
	{ { "mailready_lists_asked", NULL, "", "Block lists that were asked." }, put_asked, NULL },
	{ { "mailready_lists_listed", NULL, "", "Block lists that hold the target." }, put_listings, NULL },
	{ { "mailready_lists_unknown", NULL, "", "Block lists that were asked and gave no usable answer." },
	  put_unknown, NULL },
	{ { "mailready_lists_not_applicable", NULL, "", "Block lists that do not hold such addresses." },
	  put_not_applicable, NULL },
	{ { "mailready_listed", NULL, "zone", "1 for each block list that holds the target." }, put_listed, NULL },
	{ { "mailready_certificate_expiry_timestamp_seconds", "seconds", "",
	    "Expiry of the SMTP server's certificate, seconds since the epoch." }, put_expiry, NULL },
	{ { "mailready_resolver_up", NULL, "", "1 when the last scheduled run could look anything up, else 0: then the rest is old." },
	  NULL, resolver_up },
	{ { "mailready_last_success_timestamp_seconds", "seconds", "", "Start of the last scheduled run that could look anything up." },
	  NULL, last_success },
	{ { "mailready_build_info", NULL, "version", "1; the version of mailready is its label." }, NULL, NULL },
	/* clang-format on */
};
enum { N_FAMILIES = sizeof families / sizeof families[0] };

const struct metric *
openmetrics_metric(size_t i)
{
	return i < N_FAMILIES ? &families[i].metric : NULL;
}

static void
put_metadata(struct buf *out, const struct metric *m)
{
	buf_printf(out, "# TYPE %s gauge\n", m->name);
	if (m->unit != NULL)
		buf_printf(out, "# UNIT %s %s\n", m->name, m->unit);
	buf_printf(out, "# HELP %s %s\n", m->name, m->help);
}

/* The label sets, NULL where the same target was there before: a series may stand only once. */
static const char **
label_sets(const struct digest *all, size_t n, const struct render_options *o, struct arena *a)
{
	const char **sets = arena_array(a, n, sizeof *sets);
	struct map seen;

	map_init(&seen);
	for (size_t i = 0; i < n; i++) {
		const char *labels = labels_of(&all[i], o, a);
		if (map_get(&seen, labels) != NULL)
			continue;
		map_put(&seen, labels, (void *)(uintptr_t)1);
		sets[i] = labels;
	}
	map_fini(&seen);
	return sets;
}

static void
openmetrics_whole(const struct digest *all, size_t n, const struct render_options *o,
    struct buf *out)
{
	struct arena a;

	arena_init(&a);
	const char *file = o->file == NULL ? "" :
					     arena_printf(&a, "file=\"%s\"", escaped(&a, o->file));
	const char **sets = label_sets(all, n, o, &a);
	for (size_t f = 0; f < N_FAMILIES; f++) {
		const struct metric *m = &families[f].metric;
		if (families[f].of_runs != NULL && !o->watched)
			continue;
		put_metadata(out, m);
		if (families[f].of_runs != NULL)
			buf_printf(out, file[0] != '\0' ? "%s{%s} %lld\n" : "%s%s %lld\n", m->name,
			    file, (long long)families[f].of_runs(o));
		for (size_t i = 0; families[f].put != NULL && i < n; i++) {
			struct series s = { m->name, &all[i], sets[i], &a, out };
			if (sets[i] != NULL)
				families[f].put(&s);
		}
	}
	buf_printf(out, "mailready_build_info{version=\"%s\"%s%s} 1\n# EOF\n", MAILREADY_VERSION,
	    file[0] != '\0' ? "," : "", file);
	arena_fini(&a);
}

const struct renderer render_openmetrics = {
	.name = "openmetrics",
	.help = "metrics, for node_exporter and Prometheus",
	.whole = openmetrics_whole,
};
