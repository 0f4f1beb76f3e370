/* Adding runs. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/hash.h"
#include "base/map.h"
#include "store_priv.h"

enum { NAMES_LEN_MAX = 1 << 20, TEXTS_MAX = 6, EVIDENCE_MAX = 2048 };

/* The stored form of one run. */
struct adding {
	struct history *h;
	struct err *err;
	struct arena arena;
	struct map texts; /* to their ids, of those met so far */
	struct map seen;  /* servers of this run */
};

/* The server at hand, and its report before this one. */
struct server {
	int64_t id;
	int64_t seq, time_s;          /* of the new report */
	int64_t before_seq, before_s; /* 0: it is the first */
	struct digest before;
};

/* The id of a row: found, or added.  Both statements take the same parameters. */
struct row {
	struct adding *w;
	struct query find, add;
};

static void
row_start(struct row *r, struct adding *w, enum sql find, enum sql add)
{
	r->w = w;
	query_start(&r->find, w->h, find, w->err);
	query_start(&r->add, w->h, add, w->err);
}

static void
row_int(struct row *r, int64_t value)
{
	query_int(&r->find, value);
	query_int(&r->add, value);
}

static void
row_word(struct row *r, const char *text)
{
	query_text(&r->find, text);
	query_text(&r->add, text);
}

static enum err_code
row_end(struct row *r, int64_t *id)
{
	bool found = query_row(&r->find);

	if (found)
		*id = query_get(&r->find, 0);
	enum err_code code = query_end(&r->find);
	if (code == ERR_NONE && !found) {
		code = query_run(&r->add);
		*id = sqlite3_last_insert_rowid(r->w->h->db);
		return code;
	}
	enum err_code unused = query_end(&r->add);
	return code != ERR_NONE ? code : unused;
}

/* 0 after an error. */
static int64_t
text_id(struct adding *w, const char *text, enum err_code *code)
{
	struct row r;
	const int64_t *known = map_get(&w->texts, text);

	if (known != NULL)
		return *known;
	int64_t *id = arena_alloc(&w->arena, sizeof *id);
	if (*code != ERR_NONE)
		return 0;
	row_start(&r, w, SQL_TEXT_FIND, SQL_TEXT_ADD);
	row_int(&r, (int64_t)hash_text(text));
	row_word(&r, text);
	*code = row_end(&r, id);
	map_put(&w->texts, arena_strdup(&w->arena, text), id);
	return *id;
}

static enum err_code
text_ids(struct adding *w, const char *const *texts, size_t n, int64_t *ids)
{
	enum err_code code = ERR_NONE;

	for (size_t i = 0; i < n; i++)
		ids[i] = text_id(w, texts[i], &code);
	return code;
}

/* Starts a row whose first columns are texts.  They come first: each is a row of its own. */
static enum err_code
row_of_texts(struct row *r, struct adding *w, enum sql find, enum sql add, const char *const *texts,
    size_t n)
{
	int64_t ids[TEXTS_MAX];

	assert(n <= TEXTS_MAX);
	enum err_code code = text_ids(w, texts, n, ids);
	if (code != ERR_NONE)
		return code;
	row_start(r, w, find, add);
	for (size_t i = 0; i < n; i++)
		row_int(r, ids[i]);
	return ERR_NONE;
}

static enum err_code
finding_id(struct adding *w, const struct digest_finding *f, int64_t *id)
{
	const char *const texts[] = { f->rule, f->subject, f->text, f->remedy, f->why };
	struct row r;
	enum err_code code = row_of_texts(&r, w, SQL_FINDING_FIND, SQL_FINDING_ADD, texts,
	    sizeof texts / sizeof texts[0]);

	if (code != ERR_NONE)
		return code;
	row_word(&r, enumtab_name(&verdict_names, (int)f->verdict));
	row_word(&r, enumtab_name(&severity_names, (int)f->severity));
	row_int(&r, f->required);
	return row_end(&r, id);
}

static enum err_code
listing_id(struct adding *w, const struct digest_list *l, int64_t *id)
{
	const char *const texts[] = { l->zone, l->subject,
		enumtab_name(&list_state_names, (int)l->state),
		enumtab_name(&list_kind_names, (int)l->kind),
		enumtab_name(&list_impact_names, (int)l->impact), digest_list_reason(l) };
	struct row r;
	enum err_code code = row_of_texts(&r, w, SQL_LISTING_FIND, SQL_LISTING_ADD, texts,
	    sizeof texts / sizeof texts[0]);

	if (code != ERR_NONE)
		return code;
	return row_end(&r, id);
}

static enum err_code
close_span(struct adding *w, enum sql sql, const struct server *s, size_t place)
{
	struct query q;

	query_start(&q, w->h, sql, w->err);
	query_int(&q, s->id);
	query_int(&q, (int64_t)place);
	query_int(&q, s->before_seq);
	query_int(&q, s->before_s);
	return query_run(&q);
}

static void
start_span(struct query *q, struct adding *w, enum sql sql, const struct server *s, size_t place,
    int64_t what)
{
	query_start(q, w->h, sql, w->err);
	query_int(q, s->id);
	query_int(q, (int64_t)place);
	query_int(q, s->seq);
	query_int(q, s->time_s);
	query_int(q, what);
}

/* Of what is not good, as many whole lines as are kept: what is good needs no proof later. */
static const char *
kept_evidence(struct adding *w, const struct digest_finding *f)
{
	if (verdict_is_good(f->verdict) || f->evidence == NULL)
		return "";
	size_t len = strlen(f->evidence);
	if (len <= EVIDENCE_MAX)
		return f->evidence;
	for (len = EVIDENCE_MAX; len > 0 && f->evidence[len] != '\n';)
		len--;
	return arena_printf(&w->arena, "%.*s\n...", (int)len, f->evidence);
}

static enum err_code
open_finding(struct adding *w, const struct server *s, size_t place, const struct digest_finding *f)
{
	struct query q;
	int64_t id;
	enum err_code code = finding_id(w, f, &id);

	if (code != ERR_NONE)
		return code;
	start_span(&q, w, SQL_FINDING_OPEN, s, place, id);
	query_text(&q, kept_evidence(w, f));
	return query_run(&q);
}

static enum err_code
see_finding_again(struct adding *w, const struct server *s, size_t place,
    const struct digest_finding *f)
{
	const char *evidence = kept_evidence(w, f);
	struct query q;

	if (evidence[0] == '\0')
		return ERR_NONE;
	query_start(&q, w->h, SQL_FINDING_SEEN, w->err);
	query_int(&q, s->id);
	query_int(&q, (int64_t)place);
	query_text(&q, evidence);
	return query_run(&q);
}

static bool
same_finding(const struct digest_finding *a, const struct digest_finding *b)
{
	return a->verdict == b->verdict && a->severity == b->severity &&
	    a->required == b->required && strcmp(a->rule, b->rule) == 0 &&
	    strcmp(a->subject, b->subject) == 0 && strcmp(a->text, b->text) == 0 &&
	    strcmp(a->remedy, b->remedy) == 0 && strcmp(a->why, b->why) == 0;
}

static enum err_code
add_findings(struct adding *w, const struct server *s, const struct digest *d)
{
	const struct digest *b = &s->before;
	enum err_code code = ERR_NONE;

	for (size_t i = 0; code == ERR_NONE && (i < d->n_findings || i < b->n_findings); i++) {
		if (i < d->n_findings && i < b->n_findings &&
		    same_finding(&d->findings[i], &b->findings[i])) {
			code = see_finding_again(w, s, i, &d->findings[i]);
			continue;
		}
		if (i < b->n_findings)
			code = close_span(w, SQL_FINDING_CLOSE, s, i);
		if (code == ERR_NONE && i < d->n_findings)
			code = open_finding(w, s, i, &d->findings[i]);
	}
	return code;
}

/* What was looked at again within the run, and still stood. */
static enum err_code
mark_sure(struct adding *w, const struct server *s, const struct digest *d)
{
	enum err_code code = ERR_NONE;

	for (size_t i = 0; code == ERR_NONE && i < d->n_findings; i++) {
		struct query q;
		if (!d->findings[i].sure)
			continue;
		query_start(&q, w->h, SQL_FINDING_SURE, w->err);
		query_int(&q, s->id);
		query_int(&q, (int64_t)i);
		query_int(&q, s->seq);
		code = query_run(&q);
	}
	return code;
}

static bool
same_listing(const struct digest_list *a, const struct digest_list *b)
{
	return a->state == b->state && a->kind == b->kind && a->impact == b->impact &&
	    a->why == b->why && strcmp(a->zone, b->zone) == 0 &&
	    strcmp(a->subject, b->subject) == 0 && strcmp(a->codes, b->codes) == 0;
}

static enum err_code
add_listings(struct adding *w, const struct server *s, const struct digest *d)
{
	const struct digest *b = &s->before;
	enum err_code code = ERR_NONE;

	for (size_t i = 0; code == ERR_NONE && (i < d->n_lists || i < b->n_lists); i++) {
		struct query q;
		int64_t id;
		if (i < d->n_lists && i < b->n_lists && same_listing(&d->lists[i], &b->lists[i]))
			continue;
		if (i < b->n_lists)
			code = close_span(w, SQL_LISTING_CLOSE, s, i);
		if (code == ERR_NONE && i < d->n_lists)
			code = listing_id(w, &d->lists[i], &id);
		if (code != ERR_NONE || i >= d->n_lists)
			continue;
		start_span(&q, w, SQL_LISTING_OPEN, s, i, id);
		code = query_run(&q);
	}
	return code;
}

static const char *
joined_names(struct adding *w, const struct digest *d)
{
	struct buf names;

	buf_init(&names, NAMES_LEN_MAX);
	for (size_t i = 0; i < d->n_ptr_names; i++)
		buf_printf(&names, "%s%s", i > 0 ? "\n" : "", d->ptr_names[i]);
	const char *out = arena_strdup(&w->arena, names.data);
	buf_fini(&names);
	return out;
}

static enum err_code
add_report(struct adding *w, const struct server *s, const struct digest *d)
{
	const char *const texts[] = { d->reason, digest_ptr_word(d), joined_names(w, d),
		digest_iprev_word(d), d->ehlo_seen, digest_ehlo_word(d) };
	enum { N_TEXTS = sizeof texts / sizeof texts[0] };
	int64_t ids[N_TEXTS];
	struct query q;
	enum err_code code = text_ids(w, texts, N_TEXTS, ids);

	if (code != ERR_NONE)
		return code;
	query_start(&q, w->h, SQL_REPORT_ADD, w->err);
	query_int(&q, s->id);
	query_int(&q, s->seq);
	query_int(&q, d->time_s);
	query_int(&q, (int64_t)d->time_us);
	query_text(&q, enumtab_name(&verdict_names, (int)d->verdict));
	for (size_t i = 0; i < N_TEXTS; i++)
		query_int(&q, ids[i]);
	query_int(&q, d->cert_expires_s);
	query_int(&q, (int64_t)d->counts.listed);
	query_int(&q, (int64_t)d->counts.asked);
	query_int(&q, (int64_t)d->counts.unknown);
	query_int(&q, (int64_t)d->counts.not_applicable);
	query_int(&q, (int64_t)d->n_more_ptr_names);
	return query_run(&q);
}

static enum err_code
find_server(struct adding *w, const struct digest *d, struct server *s)
{
	struct row r;

	row_start(&r, w, SQL_SERVER_FIND, SQL_SERVER_ADD);
	row_word(&r, d->address);
	row_word(&r, d->ehlo);
	row_word(&r, d->domain);
	*s = (struct server){ .time_s = d->time_s };
	if (query_row(&r.find)) {
		s->before_seq = query_seq(&r.find, 1);
		s->before_s = query_time(&r.find, 2);
	}
	sqlite3_reset(r.find.stmt);
	enum err_code code = row_end(&r, &s->id);
	s->seq = s->before_seq + 1;
	if (code == ERR_NONE && s->before_seq > 0)
		code = store_last(w->h, s->id, &w->arena, &s->before, w->err);
	return code;
}

static enum err_code
server_ran(struct adding *w, const struct server *s, const struct digest *d)
{
	struct query q;

	query_start(&q, w->h, SQL_SERVER_RAN, w->err);
	query_int(&q, s->id);
	query_text(&q, d->label);
	query_text(&q, d->host);
	query_int(&q, s->seq);
	query_int(&q, s->time_s);
	query_text(&q, d->groups != NULL ? d->groups : "");
	return query_run(&q);
}

/* The same server named twice is still seen once by a run. */
static bool
seen_before(struct adding *w, const struct digest *d)
{
	const char *key = arena_printf(&w->arena, "%s %s %s", d->address, d->ehlo, d->domain);

	if (map_get(&w->seen, key) != NULL)
		return true;
	map_put(&w->seen, key, w);
	return false;
}

static enum err_code
add_one(struct adding *w, const struct digest *d)
{
	struct server s;

	if (seen_before(w, d))
		return ERR_NONE;
	enum err_code code = find_server(w, d, &s);
	if (code == ERR_NONE)
		code = add_findings(w, &s, d);
	if (code == ERR_NONE)
		code = mark_sure(w, &s, d);
	if (code == ERR_NONE)
		code = add_listings(w, &s, d);
	if (code == ERR_NONE)
		code = store_demands(w->h, s.id, s.time_s, d, w->err);
	if (code == ERR_NONE)
		code = add_report(w, &s, d);
	return code == ERR_NONE ? server_ran(w, &s, d) : code;
}

enum err_code
history_add(struct history *h, const struct digest *all, size_t n, struct err *err)
{
	struct adding w = { .h = h, .err = err };
	enum err_code code = store_begin(h, err);

	if (code != ERR_NONE)
		return code;
	arena_init(&w.arena);
	map_init(&w.texts);
	map_init(&w.seen);
	for (size_t i = 0; code == ERR_NONE && i < n; i++)
		code = add_one(&w, &all[i]);
	map_fini(&w.seen);
	map_fini(&w.texts);
	arena_fini(&w.arena);
	return store_end(h, code, err);
}
