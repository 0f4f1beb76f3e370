/* The catalogue as JSON, for programs. */
#include "base/json.h"
#include "report/lists_priv.h"

static json_t *
row_json(const struct list *list, struct arena *a)
{
	json_t *o = json_object();
	json_put_text(o, "zone", list->zone);
	json_put_text(o, "name", list->name);
	json_put_text(o, "operator", list->operator_name);
	json_put_word(o, "kind", &list_kind_names, (int)list->kind);
	json_put_text(o, "family", list_family_text(list, a));
	json_put_word(o, "impact", &list_impact_names, (int)list->impact);
	json_put_word(o, "state", &list_status_names, (int)list->status);
	json_put_text(o, "closed", list->closed);
	json_put_text(o, "how", list->how);
	json_object_set_new(o, "default", json_boolean(!list->on_request));
	json_object_set_new(o, "needs_key", json_boolean(*list->key != '\0'));
	return o;
}

static json_t *
answers_json(const struct list_code *rows, size_t n, bool bits, struct arena *a)
{
	json_t *array = json_array();
	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();
		json_put_text(o, "answer",
		    bits ? arena_printf(a, "%u", rows[i].first) : list_code_text(&rows[i], a));
		json_put_word(o, "impact", &list_impact_names, (int)rows[i].impact);
		json_put_text(o, "meaning", rows[i].meaning);
		json_put_text(o, "first_fix", rows[i].fix);
		json_array_append_new(array, o);
	}
	return array;
}

static json_t *
list_json(const struct list *list, struct arena *a)
{
	json_t *o = row_json(list, a);
	json_put_text(o, "question", list_question_text(list, a));
	json_put_text(o, "why", list->why);
	json_put_text(o, "first_fix", list->first_fix);
	json_put_text(o, "expires", list->expires);
	json_put_text(o, "removal", list->removal);
	json_put_text(o, "access", list->access);
	json_put_text(o, "note", list->note);
	json_put_text(o, "source", list->source);
	json_put_word(o, "sure", &list_sure_names, (int)list->sure);
	json_object_set_new(o, "codes", answers_json(list->codes, list->n_codes, false, a));
	json_object_set_new(o, "bits", answers_json(list->bits, list->n_bits, true, a));
	json_object_set_new(o, "refusals",
	    answers_json(list->refusals, list->n_refusals, false, a));
	json_object_set_new(o, "harmless",
	    answers_json(list->harmless, list->n_harmless, false, a));
	return o;
}

static void
put_document(json_t *document, struct buf *out)
{
	json_add(document, JSON_INDENT(2), out);
	buf_putc(out, '\n');
	json_decref(document);
}

static void
put_table(const struct catalogue *c, const struct keyring *keys, struct buf *out)
{
	struct arena a;
	json_t *array = json_array();
	(void)keys;
	arena_init(&a);
	for (size_t i = 0; i < c->n; i++)
		json_array_append_new(array, row_json(&c->lists[i], &a));
	put_document(array, out);
	arena_fini(&a);
}

static void
put_one(const struct list *l, const struct keyring *keys, struct buf *out)
{
	struct arena a;
	(void)keys;
	arena_init(&a);
	put_document(list_json(l, &a), out);
	arena_fini(&a);
}

static json_t *
health_json(const struct list_view *v, struct arena *a)
{
	json_t *o = json_object();
	json_put_text(o, "zone", v->list->zone);
	json_put_text(o, "name", v->list->name);
	json_object_set_new(o, "health", json_string(list_health_word(v)));
	json_object_set_new(o, "reason", json_safe_string(list_health_reason(v, a)));
	json_put_texts(o, "codes", v->verdict.codes, v->verdict.n_codes);
	return o;
}

static void
put_health(const struct lists_health *h, struct buf *out)
{
	struct arena a;
	json_t *array = json_array();
	arena_init(&a);
	for (size_t i = 0; i < h->n; i++)
		json_array_append_new(array, health_json(&h->views[i], &a));
	put_document(array, out);
	arena_fini(&a);
}

const struct lists_format lists_as_json = { put_table, put_one, put_health };
