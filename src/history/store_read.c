/* Reading servers and their runs. */
#include <string.h>

#include "base/arena.h"
#include "base/safe.h"
#include "store_priv.h"

enum err_code
history_servers(struct history *h, const char *address_or_label, struct arena *a,
    struct history_server **out, size_t *n, struct err *err)
{
	struct query q;
	size_t cap = 0;

	*out = NULL;
	*n = 0;
	query_start(&q, h, address_or_label == NULL ? SQL_SERVERS : SQL_SERVERS_NAMED, err);
	if (address_or_label != NULL)
		query_text(&q, address_or_label);
	while (query_row(&q)) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = (struct history_server){ .id = query_get(&q, 0),
			.label = query_str(&q, 1, a),
			.address = query_str(&q, 2, a),
			.host = query_str(&q, 3, a),
			.ehlo = query_str(&q, 4, a),
			.domain = query_str(&q, 5, a),
			.first_s = query_time(&q, 6),
			.last_s = query_time(&q, 7),
			.n_runs = (size_t)query_get(&q, 8),
			.ended_s = query_time(&q, 9) };
	}
	return query_end(&q);
}

enum err_code
history_find(struct history *h, const struct digest *d, int64_t *server, bool *known,
    struct err *err)
{
	struct query q;

	query_start(&q, h, SQL_SERVER_FIND, err);
	query_text(&q, d->address);
	query_text(&q, d->ehlo);
	query_text(&q, d->domain);
	*known = query_row(&q);
	*server = *known ? query_get(&q, 0) : 0;
	return query_end(&q);
}

/* "a\nb": a name a line.  0.1.0 kept any number of them. */
static void
read_names(const struct query *q, int column, struct arena *a, struct digest *d)
{
	const char *line = (const char *)sqlite3_column_text(q->stmt, column);
	size_t n = line != NULL && *line != '\0';

	for (const char *c = line; n > 0 && (c = strchr(c, '\n')) != NULL; c++)
		n++;
	d->n_ptr_names = n < DIGEST_NAMES_MAX ? n : DIGEST_NAMES_MAX;
	d->n_more_ptr_names += n - d->n_ptr_names;
	d->ptr_names = arena_array(a, d->n_ptr_names, sizeof *d->ptr_names);
	for (size_t i = 0; i < d->n_ptr_names; i++) {
		size_t len = strcspn(line, "\n");
		d->ptr_names[i] = safe_name(a, arena_strndup(a, line, len));
		line += len + (line[len] != '\0');
	}
}

/* Listed, asked, unknown and not applicable, from that column on; numbers that no writer of ours has
 * written do not add up, and mean nothing. */
static struct list_counts
read_counts(const struct query *q, int column)
{
	struct list_counts c = { .asked = (size_t)query_get(q, column + 1),
		.listed = (size_t)query_get(q, column),
		.unknown = (size_t)query_get(q, column + 2),
		.not_applicable = (size_t)query_get(q, column + 3) };

	if (c.listed > c.asked || c.unknown > c.asked - c.listed)
		return (struct list_counts){ .asked = 0 };
	c.clean = c.asked - c.listed - c.unknown;
	return c;
}

/* A word that is not known says nothing: as if it had not been looked at. */
static void
read_results(const struct query *q, struct digest *d)
{
	int ptr = 0, iprev = 0, ehlo = 0;

	d->has_ptr = store_knows(q, 10, &ptr_status_names, &ptr);
	d->has_iprev = store_knows(q, 12, &iprev_result_names, &iprev);
	d->has_ehlo = store_knows(q, 14, &iprev_result_names, &ehlo);
	d->ptr_status = (enum ptr_status)ptr;
	d->iprev = (enum iprev_result)iprev;
	d->ehlo_result = (enum iprev_result)ehlo;
}

static enum err_code
read_report(struct query *q, struct arena *a, struct digest *d)
{
	int verdict = 0;

	*d = (struct digest){ .time_s = query_time(q, 1),
		.time_us = (uint64_t)query_get(q, 2),
		.label = query_str(q, 3, a),
		.address = query_str(q, 4, a),
		.host = query_str(q, 5, a),
		.ehlo = query_str(q, 6, a),
		.domain = query_str(q, 7, a),
		.reason = query_str(q, 9, a),
		.ehlo_seen = query_str(q, 13, a),
		.cert_expires_s = query_time(q, 15),
		.counts = read_counts(q, 16),
		.n_more_ptr_names = (size_t)query_seq(q, 20),
		.groups = query_str(q, 21, a) };
	read_results(q, d);
	read_names(q, 11, a, d);
	enum err_code code = store_word(q, 8, &verdict_names, &verdict);
	d->verdict = (enum verdict)verdict;
	return code;
}

/* Rows of spans come by place: every report that one of them covers gets it as its next. */
struct covered {
	bool last; /* the server's last report alone */
	const int64_t *seq;
	size_t n;
	struct digest *d;
	size_t *cap;
};

static void
range(const int64_t *seq, size_t n, int64_t *lo, int64_t *hi)
{
	*lo = *hi = seq[0];
	for (size_t i = 1; i < n; i++) {
		*lo = seq[i] < *lo ? seq[i] : *lo;
		*hi = seq[i] > *hi ? seq[i] : *hi;
	}
}

static void
start_spans(struct query *q, struct history *h, enum sql sql, int64_t server,
    const struct covered *c, struct err *err)
{
	int64_t lo, hi;

	query_start(q, h, sql, err);
	query_int(q, server);
	if (c->last)
		return;
	range(c->seq, c->n, &lo, &hi);
	query_int(q, lo);
	query_int(q, hi);
}

static bool
covers(const struct query *q, int64_t seq)
{
	return query_get(q, 0) <= seq && seq <= query_get(q, 1);
}

static enum err_code
fill_findings(struct history *h, int64_t server, struct covered *c, struct arena *a,
    struct err *err)
{
	struct query q;

	start_spans(&q, h, c->last ? SQL_FINDINGS_LAST : SQL_FINDINGS, server, c, err);
	while (query_row(&q)) {
		int verdict = 0, severity = 0;
		if (store_word(&q, 5, &verdict_names, &verdict) != ERR_NONE ||
		    store_word(&q, 6, &severity_names, &severity) != ERR_NONE)
			break;
		struct digest_finding f = { .rule = query_str(&q, 2, a),
			.subject = query_str(&q, 3, a),
			.text = query_str(&q, 4, a),
			.verdict = (enum verdict)verdict,
			.severity = (enum severity)severity,
			.remedy = query_str(&q, 7, a),
			.why = query_str(&q, 8, a),
			.required = query_get(&q, 9) != 0 };
		for (size_t i = 0; i < c->n; i++) {
			struct digest *d = &c->d[i];
			if (!covers(&q, c->seq[i]))
				continue;
			d->findings = arena_grow(a, d->findings, d->n_findings, &c->cap[i],
			    sizeof *d->findings);
			d->findings[d->n_findings] = f;
			d->findings[d->n_findings++].sure = query_get(&q, 10) == c->seq[i];
		}
	}
	return query_end(&q);
}

/*
 * A list of which a word is not known has said nothing, and does not count as a block list.  The last
 * text is the word for why it is unknown, or else codes.
 */
static void
read_list(const struct query *q, struct arena *a, struct digest_list *l)
{
	int state = LIST_UNKNOWN, kind = LIST_KIND_INFO, impact = LIST_INFO, why = LIST_OK;

	(void)store_knows(q, 4, &list_state_names, &state);
	(void)store_knows(q, 5, &list_kind_names, &kind);
	(void)store_knows(q, 6, &list_impact_names, &impact);
	bool is_reason = store_knows(q, 7, &list_reason_names, &why);
	*l = (struct digest_list){ .zone = query_str(q, 2, a),
		.subject = query_str(q, 3, a),
		.state = (enum list_state)state,
		.kind = (enum list_kind)kind,
		.impact = (enum list_impact)impact,
		.why = (enum list_reason)why,
		.codes = is_reason ? "" : query_str(q, 7, a) };
}

static enum err_code
fill_lists(struct history *h, int64_t server, struct covered *c, struct arena *a, struct err *err)
{
	struct query q;

	start_spans(&q, h, c->last ? SQL_LISTINGS_LAST : SQL_LISTINGS, server, c, err);
	while (query_row(&q)) {
		struct digest_list l;
		read_list(&q, a, &l);
		for (size_t i = 0; i < c->n; i++) {
			struct digest *d = &c->d[i];
			if (!covers(&q, c->seq[i]))
				continue;
			d->lists = arena_grow(a, d->lists, d->n_lists, &c->cap[i],
			    sizeof *d->lists);
			d->lists[d->n_lists++] = l;
		}
	}
	return query_end(&q);
}

static enum err_code
fill(struct history *h, int64_t server, struct covered *c, struct arena *a, struct err *err)
{
	if (c->n == 0)
		return ERR_NONE;
	c->cap = arena_array(a, c->n, sizeof *c->cap);
	enum err_code code = fill_findings(h, server, c, a, err);
	c->cap = arena_array(a, c->n, sizeof *c->cap);
	return code == ERR_NONE ? fill_lists(h, server, c, a, err) : code;
}

enum err_code
store_last(struct history *h, int64_t server, struct arena *a, struct digest *out, struct err *err)
{
	struct query q;
	int64_t seq = 0;

	query_start(&q, h, SQL_REPORT_LAST, err);
	query_int(&q, server);
	bool found = query_row(&q);
	if (found) {
		seq = query_get(&q, 0);
		(void)read_report(&q, a, out);
	}
	enum err_code code = query_end(&q);
	if (code == ERR_NONE && !found)
		code = store_error(h, SQLITE_CORRUPT, err);
	struct covered c = { .last = true, .seq = &seq, .n = 1, .d = out };
	return code == ERR_NONE ? fill(h, server, &c, a, err) : code;
}

static enum err_code
read_runs(struct history *h, int64_t server, int64_t since_s, size_t max, struct arena *a,
    struct digest **out, size_t *n, struct err *err)
{
	struct query q;
	int64_t *seq = NULL;
	size_t cap = 0, seq_cap = 0;

	query_start(&q, h, SQL_REPORTS, err);
	query_int(&q, server);
	query_int(&q, since_s);
	query_int(&q, max > INT64_MAX ? INT64_MAX : (int64_t)max);
	while (query_row(&q)) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		seq = arena_grow(a, seq, *n, &seq_cap, sizeof *seq);
		seq[*n] = query_get(&q, 0);
		if (read_report(&q, a, &(*out)[*n]) != ERR_NONE)
			break;
		(*n)++;
	}
	enum err_code code = query_end(&q);
	struct covered c = { .seq = seq, .n = *n, .d = *out };
	return code == ERR_NONE ? fill(h, server, &c, a, err) : code;
}

enum err_code
history_runs(struct history *h, int64_t server, int64_t since_s, size_t max, struct arena *a,
    struct digest **out, size_t *n, struct err *err)
{
	*out = NULL;
	*n = 0;
	enum err_code code = store_begin_read(h, err);
	if (code != ERR_NONE)
		return code;
	return store_end(h, read_runs(h, server, since_s, max, a, out, n, err), err);
}

enum err_code
history_runs_of(struct history *h, const struct digest *d, size_t max, struct arena *a,
    struct digest **out, size_t *n, struct err *err)
{
	int64_t server;
	bool known;
	enum err_code code = history_find(h, d, &server, &known, err);

	*out = NULL;
	*n = 0;
	return code == ERR_NONE && known ? history_runs(h, server, 0, max, a, out, n, err) : code;
}

enum err_code
history_points(struct history *h, int64_t server, int64_t since_s, struct arena *a,
    struct history_point **out, size_t *n, struct err *err)
{
	struct query q;
	size_t cap = 0;

	*out = NULL;
	*n = 0;
	query_start(&q, h, SQL_POINTS, err);
	query_int(&q, server);
	query_int(&q, since_s);
	while (query_row(&q)) {
		int verdict = 0;
		if (store_word(&q, 1, &verdict_names, &verdict) != ERR_NONE)
			break;
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = (struct history_point){ .time_s = query_time(&q, 0),
			.verdict = (enum verdict)verdict,
			.lists = read_counts(&q, 2) };
	}
	return query_end(&q);
}
