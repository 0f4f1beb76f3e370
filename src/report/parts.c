/*
 * What each check has for formats beside its findings: members of the JSON object, and fields of the
 * digest, from which all other formats are made.  A new check is a row of the table at the end.
 */
#include <string.h>

#include "base/arena.h"
#include "base/safe.h"
#include "report_priv.h"
#include "views/hoster.h"
#include "views/understanding.h"

enum { NAMES_IN_JSON = 256 };

/* However many there are: the first, and their number. */
static void
names_json(struct jsonw *w, const char *key, const char *count_key, const char *const *names,
    size_t n)
{
	jsonw_texts(w, key, names, n < NAMES_IN_JSON ? n : NAMES_IN_JSON);
	jsonw_int(w, count_key, (int64_t)n);
}

/* Names as a digest keeps them. */
static const char **
take_names(struct arena *a, const char *const *names, size_t n, size_t *n_taken, size_t *n_more)
{
	*n_taken = n < DIGEST_NAMES_MAX ? n : DIGEST_NAMES_MAX;
	*n_more = n - *n_taken;
	const char **taken = arena_array(a, *n_taken, sizeof *taken);
	for (size_t i = 0; i < *n_taken; i++)
		taken[i] = names[i][0] != '\0' ? safe_name(a, names[i]) : ".";
	return taken;
}

static void
ptr_json(struct jsonw *w, struct understanding *k)
{
	const struct ptr_view *v = known_ptr(k);

	jsonw_object(w, "ptr");
	jsonw_word(w, "status", &ptr_status_names, (int)v->status);
	jsonw_string(w, "reverse_name", v->reverse_name);
	names_json(w, "names", "count", v->names, v->n_names);
	jsonw_texts(w, "chain", v->chain, v->n_chain);
	jsonw_object_end(w);
}

static void
take_ptr(struct understanding *k, struct digest *d)
{
	const struct ptr_view *v = known_ptr(k);

	d->has_ptr = true;
	d->ptr_status = v->status;
	d->ptr_names = take_names(k->arena, v->names, v->n_names, &d->n_ptr_names,
	    &d->n_more_ptr_names);
}

static void
calls_json(struct jsonw *w, const struct hoster_row *row, struct understanding *k)
{
	const struct hoster_lines *calls = hoster_calls(row, &k->target->ip);

	jsonw_array(w, "calls");
	for (size_t i = 0; i < calls->n; i++)
		jsonw_string(w, NULL,
		    hoster_fill(calls->list[i], &k->target->ip, known_ehlo(k)->name, k->arena));
	jsonw_array_end(w);
}

static void
hoster_json(struct jsonw *w, struct understanding *k)
{
	const struct hoster_view *v = known_hoster(k);

	if (v->row == NULL) {
		jsonw_null(w, "hoster");
		return;
	}
	jsonw_object(w, "hoster");
	jsonw_string(w, "name", v->row->name);
	jsonw_word(w, "who", &hoster_who_names, (int)v->row->who);
	jsonw_word(w, "sign", &hoster_sign_names, (int)v->sign);
	jsonw_string(w, "seen", v->seen);
	jsonw_string(w, "where", v->row->where);
	jsonw_string(w, "page", v->row->page);
	calls_json(w, v->row, k);
	jsonw_texts(w, "conditions", v->row->condition.list, v->row->condition.n);
	jsonw_texts(w, "sources", v->row->source.list, v->row->source.n);
	jsonw_string(w, "reviewed", v->row->reviewed);
	jsonw_object_end(w);
}

static void
iprev_json(struct jsonw *w, struct understanding *k)
{
	const struct iprev_view *v = known_iprev(k);

	jsonw_object(w, "iprev");
	jsonw_word(w, "result", &iprev_result_names, (int)v->result);
	names_json(w, "confirmed", "confirmed_count", v->confirmed, v->n_confirmed);
	names_json(w, "unknown", "unknown_count", v->unknown, v->n_unknown);
	jsonw_object_end(w);
}

static void
take_iprev(struct understanding *k, struct digest *d)
{
	const struct iprev_view *v = known_iprev(k);

	d->has_iprev = true;
	d->iprev = v->result;
	d->confirmed = take_names(k->arena, v->confirmed, v->n_confirmed, &d->n_confirmed,
	    &d->n_more_confirmed);
}

/* Without a name to judge all members are null: it is neither generic nor not. */
static void
generic_json(struct jsonw *w, struct understanding *k)
{
	const struct generic_view *v = known_generic(k);

	jsonw_object(w, "generic");
	if (v->judged) {
		jsonw_bool(w, "is_generic", v->is_generic);
		jsonw_word(w, "class", &generic_class_names, (int)v->class);
	} else {
		jsonw_null(w, "is_generic");
		jsonw_null(w, "class");
	}
	jsonw_text(w, "name", v->name);
	jsonw_text(w, "provider", v->provider);
	jsonw_text(w, "match", v->match);
	jsonw_object_end(w);
}

static void
take_generic(struct understanding *k, struct digest *d)
{
	const struct generic_view *v = known_generic(k);

	d->has_generic = v->judged;
	d->is_generic = v->is_generic;
}

static void
ehlo_result_json(struct jsonw *w, const struct ehlo_view *v)
{
	static const char *const matches[] = {
		[EHLO_PTR_UNKNOWN] = "unknown",
		[EHLO_PTR_SAME] = "same",
		[EHLO_PTR_ORG] = "organisation",
		[EHLO_PTR_OTHER] = "other",
	};

	jsonw_word(w, "result", &iprev_result_names, (int)v->result);
	jsonw_bool(w, "literal", v->literal);
	jsonw_bool(w, "resolves", v->resolves);
	jsonw_string(w, "ptr_match", matches[v->ptr_match]);
}

static void
ehlo_json(struct jsonw *w, struct understanding *k)
{
	const struct ehlo_view *v = known_ehlo(k);

	jsonw_object(w, "ehlo");
	jsonw_text(w, "name", v->name);
	jsonw_word(w, "source", &ehlo_source_names, (int)v->source);
	if (v->source == EHLO_NONE)
		jsonw_null(w, "result");
	else
		ehlo_result_json(w, v);
	jsonw_object_end(w);
}

static void
take_ehlo(struct understanding *k, struct digest *d)
{
	const struct ehlo_view *v = known_ehlo(k);

	if (v->source == EHLO_NONE)
		return;
	d->has_ehlo = true;
	d->ehlo_seen = safe_text(k->arena, v->name);
	d->ehlo_result = v->result;
}

/* More about a list that holds the target. */
static void
listing_json(struct jsonw *w, const struct list_view *v)
{
	jsonw_texts(w, "meanings", v->verdict.meanings, v->verdict.n_codes);
	jsonw_word(w, "impact", &list_impact_names, (int)v->verdict.impact);
	jsonw_text(w, "text", v->text);
	jsonw_int(w, "ttl_s", v->ttl_s);
	jsonw_text(w, "expires", v->list->expires);
	jsonw_text(w, "removal", v->removal);
	jsonw_text(w, "explained_by", v->explained_by);
}

static void
list_json(struct jsonw *w, const struct list_view *v)
{
	jsonw_object(w, NULL);
	jsonw_string(w, "zone", v->list->zone);
	jsonw_text(w, "name", v->list->name);
	jsonw_word(w, "kind", &list_kind_names, (int)v->list->kind);
	jsonw_text(w, "subject", v->subject);
	jsonw_word(w, "state", &list_state_names, (int)v->verdict.state);
	jsonw_texts(w, "codes", v->verdict.codes, v->verdict.n_codes);
	if (v->verdict.reason != LIST_OK)
		jsonw_word(w, "reason", &list_reason_names, (int)v->verdict.reason);
	else
		jsonw_null(w, "reason");
	if (v->verdict.state == LIST_LISTED)
		listing_json(w, v);
	jsonw_object_end(w);
}

void
counts_json(struct jsonw *w, const struct list_counts *c)
{
	jsonw_int(w, "asked", (int64_t)c->asked);
	jsonw_int(w, "listed", (int64_t)c->listed);
	jsonw_int(w, "clean", (int64_t)c->clean);
	jsonw_int(w, "unknown", (int64_t)c->unknown);
	jsonw_int(w, "not_applicable", (int64_t)c->not_applicable);
}

static void
lists_json(struct jsonw *w, struct understanding *k)
{
	const struct lists_view *lists = known_lists(k);

	jsonw_array(w, "lists");
	for (size_t i = 0; i < lists->n; i++)
		list_json(w, &lists->rows[i]);
	jsonw_array_end(w);
	jsonw_object(w, "list_counts");
	counts_json(w, &lists->counts);
	jsonw_object_end(w);
}

static void
take_list(const struct list_view *v, struct arena *a, struct digest_list *out)
{
	bool listed = v->verdict.state == LIST_LISTED;

	*out = (struct digest_list){ .zone = v->list->zone,
		.subject = safe_text(a, v->subject),
		.state = v->verdict.state,
		.kind = v->list->kind,
		.impact = v->verdict.impact,
		.why = v->verdict.reason,
		.codes = listed ? safe_join(a, v->verdict.codes, v->verdict.n_codes, " ") : "" };
}

static void
take_lists(struct understanding *k, struct digest *d)
{
	const struct lists_view *lists = known_lists(k);

	d->counts = lists->counts;
	d->n_lists = lists->n;
	d->lists = arena_array(k->arena, d->n_lists, sizeof *d->lists);
	for (size_t i = 0; i < d->n_lists; i++)
		take_list(&lists->rows[i], k->arena, &d->lists[i]);
}

static void
smtp_part_json(struct jsonw *w, struct understanding *k)
{
	const struct smtp_dialogue *d = known_smtp(k)->dialogue;

	jsonw_object(w, "smtp");
	smtp_json(w, d, &d->server);
	jsonw_object_end(w);
}

static void
take_smtp(struct understanding *k, struct digest *d)
{
	const struct smtp_cert *cert = known_smtp(k)->cert;

	if (cert != NULL)
		d->cert_expires_s = cert->not_after_s;
}

/* In the order of the JSON object. */
static const struct part {
	const char *check; /* a check that was not run, or has no subject, has neither */
	void (*json)(struct jsonw *w, struct understanding *k);
	void (*take)(struct understanding *k, struct digest *d); /* NULL: nothing */
} parts[] = {
	{ "ptr", ptr_json, take_ptr },
	{ "ptr", hoster_json, NULL },
	{ "iprev", iprev_json, take_iprev },
	{ "generic_ptr", generic_json, take_generic },
	{ "ehlo", ehlo_json, take_ehlo },
	{ "dnsbl", lists_json, take_lists },
	{ "sender", part_sender_json, part_sender_take },
	{ "spf", part_spf_json, part_spf_take },
	{ "dkim", part_dkim_json, part_dkim_take },
	{ "dmarc", part_dmarc_json, part_dmarc_take },
	{ "smtp", smtp_part_json, take_smtp },
};
enum { N_PARTS = sizeof parts / sizeof parts[0] };

static bool
was_run(const struct report *r, const char *check)
{
	for (size_t i = 0; i < r->n_checks; i++)
		if (strcmp(r->checks[i]->id, check) == 0)
			return r->checks[i]->applies == NULL || r->checks[i]->applies(r->target);
	return false;
}

void
parts_json(struct jsonw *w, const struct report *r)
{
	for (size_t i = 0; i < N_PARTS; i++)
		if (was_run(r, parts[i].check))
			parts[i].json(w, r->known);
}

void
parts_take(const struct report *r, struct digest *d)
{
	for (size_t i = 0; i < N_PARTS; i++)
		if (parts[i].take != NULL && was_run(r, parts[i].check))
			parts[i].take(r->known, d);
}
