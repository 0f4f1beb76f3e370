/* mailready lists: the catalogue as a table, and one list in full. */
#include "run/lists.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "base/safe.h"
#include "base/wrap.h"
#include "run/lists_priv.h"

enum { LABEL_WIDTH = 12, COLUMNS = 80 };

void
lists_put_wrapped(struct buf *out, const char *label, const char *text)
{
	struct buf safe;
	if (*text == '\0')
		return;
	buf_init(&safe, LISTS_TEXT_MAX);
	safe_add(&safe, text, strlen(text), LISTS_TEXT_MAX);
	buf_printf(out, "%-*s", LABEL_WIDTH, label);
	wrap_add(out, LABEL_WIDTH, LABEL_WIDTH, COLUMNS, safe.data);
	buf_fini(&safe);
}

void
lists_put_json(struct buf *out, json_t *document)
{
	json_add(document, JSON_INDENT(2), out);
	buf_putc(out, '\n');
	json_decref(document);
}

static const char *
family_text(const struct list *l, struct arena *a)
{
	const char *text = arena_printf(a, "%s%s%s", l->ip4 ? "ip4 " : "", l->ip6 ? "ip6 " : "",
	    l->domain ? "domain " : "");
	size_t len = strlen(text);
	return len == 0 ? "none" : arena_strndup(a, text, len - 1);
}

/* "needed", "there", or "-": never the key. */
static const char *
key_text(const struct listing *l, const struct list *list)
{
	if (*list->key == '\0')
		return "-";
	return keyring_has(l->source.keys, list->key) ? "there" : "needed";
}

static const char *
state_text(const struct list *l, struct arena *a)
{
	const char *state = enumtab_name(&list_status_names, (int)l->status);
	return l->status == LIST_DEAD && *l->closed != '\0' ?
	    arena_printf(a, "dead %s", l->closed) :
	    state;
}

static void
put_row(struct listing *l, const struct list *list)
{
	buf_printf(&l->text, "%-38s %-5s %-14s %-8s %-15s %s\n", list->zone,
	    enumtab_name(&list_kind_names, (int)list->kind), family_text(list, &l->arena),
	    enumtab_name(&list_impact_names, (int)list->impact), state_text(list, &l->arena),
	    key_text(l, list));
}

static json_t *
row_json(struct listing *l, const struct list *list)
{
	json_t *o = json_object();
	json_put_text(o, "zone", list->zone);
	json_put_text(o, "name", list->name);
	json_put_text(o, "operator", list->operator_name);
	json_put_word(o, "kind", &list_kind_names, (int)list->kind);
	json_put_text(o, "family", family_text(list, &l->arena));
	json_put_word(o, "impact", &list_impact_names, (int)list->impact);
	json_put_word(o, "state", &list_status_names, (int)list->status);
	json_put_text(o, "closed", list->closed);
	json_put_text(o, "how", list->how);
	json_object_set_new(o, "default", json_boolean(!list->on_request));
	json_object_set_new(o, "needs_key", json_boolean(*list->key != '\0'));
	return o;
}

/* Without a choice all that is known is shown, what is dead as well. */
static const struct catalogue *
shown_lists(const struct listing *l)
{
	const struct lists_options *o = &l->options->lists;
	bool chosen = o->named || o->n_files + o->n_only > 0;
	return chosen ? &l->source.selection.lists : &l->source.all;
}

static void
put_table(struct listing *l)
{
	const struct catalogue *c = shown_lists(l);
	json_t *array = json_array();
	if (!l->request->json)
		buf_printf(&l->text, "%-38s %-5s %-14s %-8s %-15s %s\n", "ZONE", "KIND", "FAMILY",
		    "IMPACT", "STATE", "KEY");
	for (size_t i = 0; i < c->n; i++) {
		if (l->request->json)
			json_array_append_new(array, row_json(l, &c->lists[i]));
		else
			put_row(l, &c->lists[i]);
	}
	if (l->request->json)
		lists_put_json(&l->text, array);
	else
		json_decref(array);
}

static const char *
code_text(const struct list_code *row, struct arena *a)
{
	uint32_t f = row->first, last = row->last;
	const char *from = arena_printf(a, "%u.%u.%u.%u", f >> 24, f >> 16 & 255, f >> 8 & 255,
	    f & 255);
	if (f == last)
		return from;
	if (f >> 8 == last >> 8)
		return arena_printf(a, "%s-%u", from, last & 255);
	return arena_printf(a, "%s-%u.%u.%u.%u", from, last >> 24, last >> 16 & 255,
	    last >> 8 & 255, last & 255);
}

static void
put_answers(struct listing *l, const struct list *list)
{
	struct arena *a = &l->arena;
	for (size_t i = 0; i < list->n_codes; i++)
		lists_put_wrapped(&l->text, "answer",
		    arena_printf(a, "%s = %s, %s", code_text(&list->codes[i], a),
			enumtab_name(&list_impact_names, (int)list->codes[i].impact),
			list->codes[i].meaning));
	for (size_t i = 0; i < list->n_bits; i++)
		lists_put_wrapped(&l->text, "bit",
		    arena_printf(a, "%u = %s, %s", list->bits[i].first,
			enumtab_name(&list_impact_names, (int)list->bits[i].impact),
			list->bits[i].meaning));
	for (size_t i = 0; i < list->n_harmless; i++)
		lists_put_wrapped(&l->text, "harmless",
		    arena_printf(a, "%s = %s", code_text(&list->harmless[i], a),
			list->harmless[i].meaning));
	for (size_t i = 0; i < list->n_refusals; i++)
		lists_put_wrapped(&l->text, "refusal",
		    arena_printf(a, "%s = %s", code_text(&list->refusals[i], a),
			list->refusals[i].meaning));
}

static const char *
question_text(const struct list *l, struct arena *a)
{
	const char *what = l->domain && !l->ip4 && !l->ip6 ? "DOMAIN" : "D.C.B.A";
	if (l->status == LIST_DEAD || (!l->ip4 && !l->ip6 && !l->domain))
		return "none over DNS";
	return arena_printf(a, "%s.%s%s", what, *l->key != '\0' ? "KEY." : "", l->zone);
}

static const char *
scope_text(const struct list *l, struct arena *a)
{
	const char *scope = enumtab_name(&list_scope_names, (int)l->scope);
	if (l->status == LIST_DEAD)
		return "";
	if (l->domain && !l->ip4 && !l->ip6)
		return l->registered && l->full ? "registered domain and full name" :
		    l->full                     ? "full name" :
						  "registered domain";
	if (!l->ip6 || l->scope6 == l->scope)
		return scope;
	return arena_printf(a, "%s; IPv6 %s", l->ip4 ? scope : "-",
	    enumtab_name(&list_scope_names, (int)l->scope6));
}

static const char *
number_text(unsigned number, const char *per, struct arena *a)
{
	return number > 0 ? arena_printf(a, "%u questions a %s", number, per) : "";
}

/* Why it is asked or not, when that is not plain. */
static const char *
asked_text(const struct listing *l, const struct list *list, struct arena *a)
{
	if (list->status == LIST_DEAD)
		return "never";
	if (list->kind == LIST_KIND_WEB || strcmp(family_text(list, a), "none") == 0)
		return "not over DNS";
	if (*list->key != '\0' && !keyring_has(l->source.keys, list->key))
		return arena_printf(a, "with the key %s, which is missing", list->key);
	if (*list->part_of != '\0')
		return arena_printf(a, "when it is named: it is part of %s", list->part_of);
	return list->on_request ? "when it is named, or with --lists all" : "by default";
}

static void
put_list(struct listing *l, const struct list *list)
{
	struct arena *a = &l->arena;
	const struct {
		const char *label, *text;
	} rows[] = {
		{ "list", list->zone },
		{ "name", list->name },
		{ "operator", list->operator_name },
		{ "kind", enumtab_name(&list_kind_names, (int)list->kind) },
		{ "state", enumtab_name(&list_status_names, (int)list->status) },
		{ "born", list->born },
		{ "closed", list->closed },
		{ "how", list->how },
		{ "asked", asked_text(l, list, a) },
		{ "question", question_text(list, a) },
		{ "family", family_text(list, a) },
		{ "about", scope_text(list, a) },
		{ "impact", enumtab_name(&list_impact_names, (int)list->impact) },
		{ "why", list->why },
	};
	const struct {
		const char *label, *text;
	} more[] = {
		{ "first", list->first_fix },
		{ "ends", list->expires },
		{ "removal", list->removal },
		{ "remover",
		    list->status == LIST_DEAD ?
			"" :
			enumtab_name(&list_remover_names, (int)list->remover) },
		{ "access", list->access },
		{ "rate", number_text(list->rate, "second", a) },
		{ "budget", number_text(list->budget, "day", a) },
		{ "note", list->note },
		{ "source", list->source },
		{ "sure",
		    list->sure == LIST_SURE_UNSAID ?
			"" :
			enumtab_name(&list_sure_names, (int)list->sure) },
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		lists_put_wrapped(&l->text, rows[i].label, rows[i].text);
	put_answers(l, list);
	for (size_t i = 0; i < sizeof more / sizeof more[0]; i++)
		lists_put_wrapped(&l->text, more[i].label, more[i].text);
}

static json_t *
answers_json(const struct list_code *rows, size_t n, bool bits, struct arena *a)
{
	json_t *array = json_array();
	for (size_t i = 0; i < n; i++) {
		json_t *o = json_object();
		json_put_text(o, "answer",
		    bits ? arena_printf(a, "%u", rows[i].first) : code_text(&rows[i], a));
		json_put_word(o, "impact", &list_impact_names, (int)rows[i].impact);
		json_put_text(o, "meaning", rows[i].meaning);
		json_put_text(o, "first_fix", rows[i].fix);
		json_array_append_new(array, o);
	}
	return array;
}

static json_t *
list_json(struct listing *l, const struct list *list)
{
	struct arena *a = &l->arena;
	json_t *o = row_json(l, list);
	json_put_text(o, "question", question_text(list, a));
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

static enum err_code
put_one(struct listing *l)
{
	const struct list *list = catalogue_named(&l->source.all, l->request->zone, &l->arena,
	    l->err);
	if (list == NULL)
		return l->err->code;
	if (l->request->json)
		lists_put_json(&l->text, list_json(l, list));
	else
		put_list(l, list);
	return ERR_NONE;
}

static enum err_code
write_text(struct listing *l)
{
	FILE *out = l->options->out;
	if (l->text.failed)
		return err_set(l->err, ERR_INTERNAL, "the table grew over %d bytes",
		    LISTS_TEXT_MAX);
	if (fwrite(l->text.data, 1, l->text.len, out) == l->text.len && fflush(out) == 0)
		return ERR_NONE;
	return err_set(l->err, ERR_IO, "the table cannot be written: %s", strerror(errno));
}

enum err_code
run_lists(const struct run_options *o, const struct lists_request *request, size_t *unhealthy,
    struct err *err)
{
	struct listing l = { .options = o, .request = request, .err = err };
	*unhealthy = 0;
	arena_init(&l.arena);
	buf_init(&l.text, LISTS_TEXT_MAX);
	enum err_code code = lists_open(&l.source, &o->lists, request->action != LISTS_TEST,
	    &l.arena, err);
	for (size_t i = 0; code == ERR_NONE && i < l.source.selection.n_remarks; i++)
		fprintf(o->errors, "mailready: %s\n", l.source.selection.remarks[i]);
	if (code == ERR_NONE && request->action == LISTS_TABLE)
		put_table(&l);
	else if (code == ERR_NONE && request->action == LISTS_SHOW)
		code = put_one(&l);
	else if (code == ERR_NONE)
		code = lists_test(&l, unhealthy);
	if (code == ERR_NONE)
		code = write_text(&l);
	lists_close(&l.source);
	buf_fini(&l.text);
	arena_fini(&l.arena);
	return code;
}
