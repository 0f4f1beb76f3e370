/* Which row of the code book a reply is: the provider first, then code, status and words. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "explain/book_priv.h"
#include "explain/phrase_priv.h"

/* How much a row fits; words weigh by their length, so that the longer phrase wins. */
enum {
	WEIGHT_CODE = 4,      /* the very code; a pattern less */
	WEIGHT_CLASS = 1,     /* the code by a pattern */
	WEIGHT_STATUS = 10,   /* the very status */
	WEIGHT_RANGE = 6,     /* the status by a pattern */
	WEIGHT_WORDS = 12,    /* any words at all */
	WEIGHT_FAMILY = 1000, /* a row of the provider that was recognised */
	WEIGHT_OWN = 2,       /* and not of another of its family */
	COST_CODE = 3,        /* words fit, the code does not */
	COST_STATUS = 6,      /* words fit, the status does not */
	WORDS_SURE = 8,       /* so many letters are said by nobody else */
};

struct fit {
	const struct book_row *row;
	int weight;
};

/* A reply, and what it takes to look at it once a row. */
struct looked {
	const struct reply *reply;
	struct phrase_text text;
	const struct book_provider *who; /* NULL: not recognised */
	int *weights;                    /* of each row */
};

/* The next word of a list; NULL at its end. */
static const char *
next_word(const char **list, size_t *len)
{
	const char *word = *list + strspn(*list, " ");
	*len = strcspn(word, " ");
	*list = word + *len;
	return *len > 0 ? word : NULL;
}

/* ---- codes */

/* Does a code fit one of the patterns?  2: exactly, 1: by a pattern, 0: not at all. */
static int
code_fits(int code, const char *patterns)
{
	const char digits[] = { (char)('0' + code / 100), (char)('0' + code / 10 % 10),
		(char)('0' + code % 10) };
	const char *part;
	size_t len;
	int best = 0;
	while ((part = next_word(&patterns, &len)) != NULL) {
		bool fits = len == 3, exact = true;
		for (size_t i = 0; fits && i < 3; i++) {
			exact &= part[i] != 'x';
			fits = part[i] == 'x' || part[i] == digits[i];
		}
		if (fits && (exact ? 2 : 1) > best)
			best = exact ? 2 : 1;
	}
	return best;
}

/* "5.7.606-649", "x.7.25", "5.7.1" against a status. */
static int
status_fits_one(const char *status, const char *pattern, size_t len)
{
	char copy[32];
	if (len >= sizeof copy || len < 5)
		return 0;
	memcpy(copy, pattern, len);
	copy[len] = '\0';
	if (copy[0] != 'x' && copy[0] != status[0])
		return 0;
	const char *last = strrchr(copy, '.'), *last_said = strrchr(status, '.');
	size_t head = (size_t)(last - copy), head_said = (size_t)(last_said - status);
	if (head != head_said || memcmp(copy + 1, status + 1, head - 1) != 0)
		return 0;
	char *dash;
	long from = strtol(last + 1, &dash, 10), said = strtol(last_said + 1, NULL, 10);
	long to = *dash == '-' ? strtol(dash + 1, NULL, 10) : from;
	if (said < from || said > to)
		return 0;
	return from == to && copy[0] != 'x' ? 2 : 1;
}

static int
status_fits(const char *status, const char *patterns)
{
	const char *part;
	size_t len;
	int best = 0;
	while (status[0] != '\0' && (part = next_word(&patterns, &len)) != NULL) {
		int fits = status_fits_one(status, part, len);
		best = fits > best ? fits : best;
	}
	return best;
}

/* ---- rows */

static int
weigh_code(const struct book_row *row, const struct reply *r)
{
	int fits = r->code == 0 ? 1 : code_fits(r->code, row->code);
	return fits == 2 ? WEIGHT_CODE : fits == 1 ? WEIGHT_CLASS : -COST_CODE;
}

static int
weigh_status(const struct book_row *row, const struct reply *r)
{
	if (row->status[0] == '\0' || r->status[0] == '\0')
		return 0;
	int fits = status_fits(r->status, row->status);
	return fits == 2 ? WEIGHT_STATUS : fits == 1 ? WEIGHT_RANGE : -COST_STATUS;
}

/* How well a row fits by itself; 0: not. */
static int
weigh(const struct book_row *row, const struct looked *l, bool strict)
{
	size_t letters = phrases_in(row->phrases, &l->text, true);
	if (row->words[0] != '\0' && letters == 0)
		return 0;
	int code = weigh_code(row, l->reply), status = weigh_status(row, l->reply);
	if (letters == 0)
		return code > 0 && status > 0 ? code + status : 0;
	/* a few letters alone are no proof of who said them */
	if (strict && letters < WORDS_SURE && (code < 0 || status < 0))
		return 0;
	if (strict && letters < WORDS_SURE && row->status[0] == '\0' && code < WEIGHT_CODE)
		return 0;
	int weight = WEIGHT_WORDS + (int)letters + code + status;
	return weight > 0 ? weight : 1;
}

/*
 * Rows of the recognised provider count by code and status alone; of others only their words do: of
 * software that any receiver may run, and, when nobody was recognised, of anybody.
 */
static int
weigh_for(const struct book_row *row, const struct looked *l)
{
	const struct book_provider *who = l->who;
	if (row->registered)
		return 0;
	bool family = who != NULL && row->from->family == who->family;
	if (family) {
		int weight = weigh(row, l, false);
		return weight == 0 ? 0 :
				     weight + WEIGHT_FAMILY + (row->from == who ? WEIGHT_OWN : 0);
	}
	if (row->words[0] == '\0' || (who != NULL && !row->from->general))
		return 0;
	return weigh(row, l, !row->from->general);
}

static struct fit
best_fit(const struct book *b, struct looked *l, struct arena *a)
{
	struct fit best = { NULL, 0 };
	l->weights = arena_array(a, b->n_rows, sizeof *l->weights);
	for (size_t i = 0; i < b->n_rows; i++) {
		int weight = l->weights[i] = weigh_for(&b->rows[i], l);
		if (weight > best.weight)
			best = (struct fit){ &b->rows[i], weight };
	}
	return best;
}

static const struct book_row *
registered(const struct book *b, const struct reply *r)
{
	for (size_t i = 0; i < b->n_rows; i++)
		if (b->rows[i].registered &&
		    (r->code == 0 || code_fits(r->code, b->rows[i].code) > 0) &&
		    status_fits(r->status, b->rows[i].status) > 0)
			return &b->rows[i];
	return NULL;
}

bool
book_has_code(const struct book *b, int code, const char *status)
{
	for (size_t i = 0; i < b->n_rows; i++)
		if (!b->rows[i].registered && code_fits(code, b->rows[i].code) > 0 &&
		    status_fits(status, b->rows[i].status) > 0)
			return true;
	return false;
}

/* ---- the provider */

static bool
host_fits(const char *host, const char *patterns)
{
	const char *part;
	size_t len;
	while (host[0] != '\0' && (part = next_word(&patterns, &len)) != NULL) {
		size_t host_len = strlen(host);
		if (len > 2 && part[0] == '*') {
			if (host_len >= len &&
			    strncmp(host + host_len - (len - 1), part + 1, len - 1) == 0)
				return true;
		} else if (host_len == len && strncmp(host, part, len) == 0) {
			return true;
		}
	}
	return false;
}

static bool
shows(const struct book_provider *p, const struct looked *l, enum explain_by by)
{
	if (by == EXPLAIN_BY_MARK)
		return phrases_in(p->marks, &l->text, false) > 0;
	if (by == EXPLAIN_BY_MX)
		return host_fits(l->reply->host, p->mx);
	return phrases_in(p->greetings, &l->text, false) > 0;
}

/* Some share a mark, because one runs the other's software: then the MX decides between them. */
static const struct book_provider *
recognise(const struct book *b, const struct looked *l, enum explain_by *by)
{
	for (*by = EXPLAIN_BY_MARK; *by < EXPLAIN_BY_WORDS; (*by)++) {
		const struct book_provider *found = NULL;
		for (size_t i = 0; i < b->n_providers; i++) {
			const struct book_provider *p = &b->providers[i];
			if (!shows(p, l, *by))
				continue;
			if (host_fits(l->reply->host, p->mx))
				return p;
			found = found != NULL ? found : p;
		}
		if (found != NULL)
			return found;
	}
	*by = EXPLAIN_BY_NONE;
	return NULL;
}

/* ---- the whole */

/* Rows that fit as well and mean something else are shown, not guessed away. */
static void
add_other(const struct book_row *row, struct explanation *out)
{
	for (size_t i = 0; i < out->n_others; i++)
		if (strcmp(out->others[i].cause, row->cause) == 0 &&
		    strcmp(out->others[i].provider, row->from->name) == 0)
			return;
	if (out->n_others < EXPLAIN_OTHERS_MAX)
		out->others[out->n_others++] = (struct explain_other){ row->from->name, row->id,
			row->cause };
}

static void
find_others(const struct book *b, const struct looked *l, const struct fit *best,
    struct explanation *out)
{
	for (size_t i = 0; i < b->n_rows; i++) {
		const struct book_row *row = &b->rows[i];
		if (row == best->row || strcmp(row->cause, best->row->cause) == 0)
			continue;
		if (best->weight > 0 && l->weights[i] == best->weight)
			add_other(row, out);
		/* a registered code that some provider uses for something else */
		if (best->weight == 0 && l->who == NULL && !row->registered &&
		    row->words[0] == '\0' && status_fits(l->reply->status, row->status) == 2)
			add_other(row, out);
	}
}

static void
fill(const struct book_row *row, struct explanation *out)
{
	out->rule = row->id;
	out->cause = row->cause;
	out->or_cause = row->or_cause;
	out->title = row->class->title;
	out->means = row->means;
	out->remedy = row->remedy;
	out->source = row->source;
	out->date = row->date;
	out->checks = row->check;
	out->list = row->list;
	out->hints = strcmp(row->class->check, "none") == 0;
	out->who = (enum explain_who)row->who;
	out->sure = row->sure;
	out->wait_s = row->wait_s;
}

static void
fill_reply(const struct reply *r, struct arena *a, struct explanation *out)
{
	*out = (struct explanation){ .code = r->code,
		.status = arena_strdup(a, r->status),
		.stage = r->stage,
		.text = r->text,
		.host = r->host,
		.address = r->address,
		.ehlo = r->ehlo,
		.sender = r->sender,
		.recipient = r->recipient,
		.time_s = r->time_s,
		.refused = r->code == 0 || r->code >= 400,
		.by_us = r->by_us,
		.from_client = r->from_client,
		.provider = "",
		.rule = "",
		.or_cause = "",
		.means = "",
		.source = "",
		.date = "",
		.checks = "",
		.list = "",
		.now_why = "",
		.where = "",
		.count = 1 };
}

void
book_explain(const struct book *b, const struct reply *r, struct arena *a, struct explanation *out)
{
	fill_reply(r, a, out);
	out->cause = b->unknown->id;
	out->title = b->unknown->title;
	out->remedy = b->unknown->remedy;
	out->who = b->unknown->who;
	struct looked l = { .reply = r };
	phrase_text_init(&l.text, r->text);
	const struct book_provider *who = l.who = recognise(b, &l, &out->by);
	out->provider = who != NULL ? who->name : "";
	if (!out->refused)
		return;
	struct fit best = best_fit(b, &l, a);
	if (best.row == NULL)
		best.row = registered(b, r);
	if (best.row == NULL)
		return;
	fill(best.row, out);
	find_others(b, &l, &best, out);
	bool family = who != NULL && best.row->from->family == who->family;
	if (family)
		out->provider = best.row->from->name;
	else if (who == NULL && !best.row->registered) {
		out->provider = best.row->from->name;
		out->by = EXPLAIN_BY_WORDS;
	}
}
