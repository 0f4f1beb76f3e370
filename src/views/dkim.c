/* DKIM: each key looked up and judged, each signature of a message verified with it. */
#include "views/dkim.h"

#include <strings.h>

#include "base/arena.h"
#include "views/sender.h"
#include "views/world.h"

static const struct enumtab_row result_rows[] = {
	{ "temperror", DKIM_TEMPERROR },
	{ "pass", DKIM_PASS },
	{ "fail", DKIM_FAIL },
	{ "none", DKIM_NONE },
	{ "permerror", DKIM_PERMERROR },
};
const struct enumtab dkim_result_names = ENUMTAB(result_rows);

/* What signers and their manuals call selectors. */
static const char *const usual[] = { "default", "dkim", "mail", "selector1", "selector2", "google",
	"s1", "s2", "k1", "k2", "key1", "20230601" };
enum { N_USUAL = sizeof usual / sizeof usual[0] };

static struct dkim_row
row_of(enum dkim_origin origin, const char *domain, const char *selector, struct arena *a)
{
	const char *name = selector[0] != '\0' ? dkim_key_name(a, selector, domain) : NULL;
	return (struct dkim_row){ .origin = origin,
		.domain = domain,
		.selector = selector,
		.key_name = name != NULL ? name : "" };
}

/* All that could be judged, before anything is known. */
static void
list_rows(const struct target *t, struct arena *a, struct dkim_view *out)
{
	const struct target_names *names = &t->names;
	const struct message *m = names->message;
	struct sender_view sender;
	sender_read(t, a, &sender);
	size_t most = names->n_dkim + N_USUAL + (m != NULL ? m->n_signatures : 0);
	*out = (struct dkim_view){ .rows = arena_array(a, most, sizeof *out->rows),
		.message = m,
		.is_given = m != NULL || names->n_dkim > 0 };
	for (size_t i = 0; m != NULL && i < m->n_signatures; i++) {
		const struct dkim_signature *s = &m->signatures[i].dkim;
		out->rows[out->n] = row_of(DKIM_OF_MESSAGE, s->domain, s->selector, a);
		out->rows[out->n].signature = &m->signatures[i];
		if (s->fault[0] != '\0')
			out->rows[out->n].key_name = ""; /* no key could make it good */
		out->n++;
	}
	for (size_t i = 0; i < names->n_dkim; i++) {
		const struct dkim_identity *d = &names->dkim[i];
		out->rows[out->n++] = row_of(d->selector[0] != '\0' ? DKIM_NAMED : DKIM_ASSUMED,
		    d->domain, d->selector, a);
	}
	if (!names->guess_selectors || sender.from_domain[0] == '\0')
		return;
	out->n_guessed = N_USUAL;
	for (size_t i = 0; i < N_USUAL; i++)
		out->rows[out->n++] = row_of(DKIM_GUESSED, sender.from_domain, usual[i], a);
}

void
dkim_want_keys(const struct target *t, struct facts *f)
{
	struct dkim_view v;
	list_rows(t, f->arena, &v);
	for (size_t i = 0; i < v.n; i++)
		if (v.rows[i].key_name[0] != '\0')
			world_follow(t, f, v.rows[i].key_name, DNS_TXT); /* DMARC goes on from it */
}

static void
decide(struct dkim_row *row, enum dkim_result result, enum dkim_reason reason)
{
	row->result = result;
	row->reason = reason;
}

/* Other texts may stand beside the key, from a wildcard record say; what is meant as a key counts. */
static size_t
find_key(struct arena *a, struct dkim_row *row)
{
	struct dkim_key *key = arena_alloc(a, sizeof *key);
	size_t n = 0;
	for (size_t i = 0; i < row->answer->n_records; i++) {
		dkim_key_read(a, row->answer->records[i].text, key);
		bool other = key->status == DKIM_KEY_NOT_ONE;
		if (other && row->key != NULL)
			continue;
		n += !other;
		row->key = key;
		key = arena_alloc(a, sizeof *key);
	}
	return n;
}

static void
judge_key(struct arena *a, struct dkim_row *row)
{
	if (!dns_is_known(row->answer->status)) {
		decide(row, DKIM_TEMPERROR, DKIM_KEY_UNKNOWN);
		return;
	}
	if (row->answer->n_records == 0) {
		decide(row, DKIM_PERMERROR, DKIM_KEY_MISSING);
		return;
	}
	if (find_key(a, row) > 1)
		decide(row, DKIM_PERMERROR, DKIM_KEY_SEVERAL);
	else if (row->key->status != DKIM_KEY_GOOD)
		decide(row, DKIM_PERMERROR, DKIM_KEY_UNUSABLE);
	else
		decide(row, DKIM_PASS, DKIM_GOOD);
}

/* RFC 6376 6.1.2 and 6.1.3, with a key that is good in itself. */
static void
verify(struct dkim_row *row, int64_t now_s)
{
	const struct message_signature *s = row->signature;
	const struct dkim_signature *d = &s->dkim;
	bool ed25519 = d->algorithm == DKIM_ED25519_SHA256;
	if (ed25519 != (row->key->type == DKIM_ED25519))
		decide(row, DKIM_PERMERROR, DKIM_KEY_MISMATCH);
	else if (row->key->same_domain && d->below)
		decide(row, DKIM_PERMERROR, DKIM_KEY_IDENTITY);
	else if (!dkim_key_verifies(row->key, s->digest, d->signature, d->signature_len))
		decide(row, DKIM_FAIL, DKIM_HEADER_CHANGED);
	else if (s->body == MESSAGE_BODY_CHANGED)
		decide(row, DKIM_FAIL, DKIM_BODY_CHANGED);
	else if (s->body == MESSAGE_BODY_SHORT)
		decide(row, DKIM_FAIL, DKIM_BODY_SHORT);
	else if (s->body == MESSAGE_BODY_UNKNOWN)
		decide(row, DKIM_TEMPERROR, DKIM_BODY_UNKNOWN);
	else if (d->expires_s >= 0 && d->expires_s < now_s)
		decide(row, DKIM_FAIL, DKIM_EXPIRED);
}

static void
judge_row(struct understanding *k, struct dkim_row *row)
{
	if (row->origin == DKIM_ASSUMED) {
		decide(row, DKIM_NONE, DKIM_NOT_JUDGED);
		return;
	}
	if (row->signature != NULL && row->signature->dkim.fault[0] != '\0') {
		decide(row, DKIM_PERMERROR, DKIM_SIGNATURE_FAULT);
		return;
	}
	row->answer = world_dns(k->target, k->facts, row->key_name, DNS_TXT);
	judge_key(k->arena, row);
	if (row->signature != NULL && row->reason == DKIM_GOOD)
		verify(row, k->target->policy->now_s);
}

const struct dkim_view *
known_dkim(struct understanding *k)
{
	if (k->dkim != NULL)
		return k->dkim;
	struct dkim_view *v = arena_alloc(k->arena, sizeof *v);
	list_rows(k->target, k->arena, v);
	size_t n = 0;
	for (size_t i = 0; i < v->n; i++) {
		judge_row(k, &v->rows[i]);
		/* a guess that finds nothing says nothing */
		if (v->rows[i].origin != DKIM_GUESSED || v->rows[i].reason != DKIM_KEY_MISSING)
			v->rows[n++] = v->rows[i];
	}
	v->n = n;
	return k->dkim = v;
}

bool
dkim_row_signs(const struct dkim_row *row)
{
	return row->origin == DKIM_ASSUMED ||
	    (row->origin != DKIM_GUESSED && row->result == DKIM_PASS);
}
