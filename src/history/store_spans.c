/* When findings and listings were there: their spans, joined. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "store_priv.h"

/*
 * Rows end wherever a word of the text changes; to a reader a finding stood for as long as there was
 * one with its rule and subject.  Rows come by key and number, so that one look back is enough.
 */
struct joint {
	int64_t last_seq; /* of the rows that are joined so far */
	int64_t first_seq;
};

static int64_t
larger(int64_t a, int64_t b)
{
	return a > b ? a : b;
}

static void
take_span(const struct query *q, struct joint *j, struct history_span *s)
{
	j->last_seq = larger(j->last_seq, query_seq(q, 1));
	s->last_s = larger(s->last_s, query_time(q, 8));
	s->standing = s->standing || query_get(q, 9) != 0;
	s->n_runs = (size_t)(j->last_seq - j->first_seq + 1);
}

static bool
is_worse(const struct history_span *s, enum verdict verdict, enum severity severity)
{
	int rank = verdict_rank(verdict), known = verdict_rank(s->verdict);

	return rank > known || (rank == known && severity > s->severity);
}

static enum err_code
read_span(struct query *q, struct joint *j, bool joins, struct arena *a, struct history_span *s)
{
	int verdict = 0, severity = 0;

	if (store_word(q, 5, &verdict_names, &verdict) != ERR_NONE ||
	    store_word(q, 6, &severity_names, &severity) != ERR_NONE)
		return q->code;
	if (!joins) {
		*j = (struct joint){ .first_seq = query_seq(q, 0) };
		*s = (struct history_span){ .rule = query_str(q, 2, a),
			.subject = query_str(q, 3, a),
			.verdict = (enum verdict)verdict,
			.severity = (enum severity)severity,
			.first_s = query_time(q, 7),
			.first_evidence = query_lines(q, 10, a) };
	}
	if (is_worse(s, (enum verdict)verdict, (enum severity)severity)) {
		s->verdict = (enum verdict)verdict;
		s->severity = (enum severity)severity;
	}
	s->text = query_str(q, 4, a); /* the latest */
	s->last_evidence = query_lines(q, 11, a);
	take_span(q, j, s);
	return ERR_NONE;
}

static bool
is_text(const struct query *q, int column, const char *text)
{
	const unsigned char *stored = sqlite3_column_text(q->stmt, column);

	return strcmp(stored != NULL ? (const char *)stored : "", text) == 0;
}

static bool
same_key(const struct query *q, const char *first, const char *second)
{
	return is_text(q, 2, first) && is_text(q, 3, second);
}

static int
by_first(const void *a, const void *b)
{
	const struct history_span *x = a, *y = b;

	if (x->first_s != y->first_s)
		return x->first_s < y->first_s ? -1 : 1;
	int order = strcmp(x->rule, y->rule);
	return order != 0 ? order : strcmp(x->subject, y->subject);
}

/* Drops what had gone before since_s; returns how many are left. */
static size_t
keep_since(struct history_span *s, size_t n, int64_t since_s)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (s[i].standing || s[i].last_s >= since_s)
			s[kept++] = s[i];
	return kept;
}

enum err_code
history_spans(struct history *h, int64_t server, int64_t since_s, struct arena *a,
    struct history_span **out, size_t *n, struct err *err)
{
	struct query q;
	struct joint j = { .last_seq = 0 };
	struct history_span *all = NULL;
	size_t cap = 0, count = 0;

	query_start(&q, h, SQL_FINDING_SPANS, err);
	query_int(&q, server);
	while (query_row(&q)) {
		bool joins = count > 0 &&
		    same_key(&q, all[count - 1].rule, all[count - 1].subject) &&
		    query_seq(&q, 0) <= j.last_seq + 1;
		if (!joins)
			all = arena_grow(a, all, count++, &cap, sizeof *all);
		if (read_span(&q, &j, joins, a, &all[count - 1]) != ERR_NONE)
			break;
	}
	*n = keep_since(all, count, since_s);
	*out = all;
	if (*n > 1)
		qsort(all, *n, sizeof *all, by_first);
	return query_end(&q);
}

static int
by_first_listed(const void *a, const void *b)
{
	const struct history_listing *x = a, *y = b;

	if (x->first_s != y->first_s)
		return x->first_s < y->first_s ? -1 : 1;
	int order = strcmp(x->zone, y->zone);
	return order != 0 ? order : strcmp(x->subject, y->subject);
}

static size_t
keep_listed_since(struct history_listing *l, size_t n, int64_t since_s)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++)
		if (l[i].standing || l[i].last_s >= since_s)
			l[kept++] = l[i];
	return kept;
}

enum err_code
history_listings(struct history *h, int64_t server, int64_t since_s, struct arena *a,
    struct history_listing **out, size_t *n, struct err *err)
{
	struct query q;
	struct history_listing *all = NULL;
	int64_t last_seq = 0;
	size_t cap = 0, count = 0;

	query_start(&q, h, SQL_LISTING_SPANS, err);
	query_int(&q, server);
	query_int(&q, (int64_t)hash_text("listed"));
	query_int(&q, (int64_t)hash_text("block"));
	while (query_row(&q)) {
		struct history_listing *l = count > 0 ? &all[count - 1] : NULL;
		if (l == NULL || !same_key(&q, l->zone, l->subject) ||
		    query_seq(&q, 0) > last_seq + 1) {
			all = arena_grow(a, all, count, &cap, sizeof *all);
			l = &all[count++];
			*l = (struct history_listing){ .zone = query_str(&q, 2, a),
				.subject = query_str(&q, 3, a),
				.first_s = query_time(&q, 4) };
			last_seq = 0;
		}
		last_seq = larger(last_seq, query_seq(&q, 1));
		l->last_s = larger(l->last_s, query_time(&q, 5));
		l->standing = l->standing || query_get(&q, 6) != 0;
	}
	*n = keep_listed_since(all, count, since_s);
	*out = all;
	if (*n > 1)
		qsort(all, *n, sizeof *all, by_first_listed);
	return query_end(&q);
}
