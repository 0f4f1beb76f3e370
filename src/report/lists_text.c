/* The catalogue for people: a table, one list in full, and what the test of all of them found. */
#include <string.h>

#include "base/safe.h"
#include "base/wrap.h"
#include "lists/keyring.h"
#include "report/lists_priv.h"

enum { LABEL_WIDTH = 12, COLUMNS = 80, TEXT_MAX = 1 << 20 };

/* A text after its label, wrapped before column 80. */
static void
put_labelled_text(struct buf *out, const char *label, const char *text)
{
	struct buf safe;
	if (*text == '\0')
		return;
	buf_init(&safe, TEXT_MAX);
	safe_add(&safe, text, strlen(text), TEXT_MAX);
	buf_printf(out, "%-*s", LABEL_WIDTH, label);
	wrap_add(out, LABEL_WIDTH, LABEL_WIDTH, COLUMNS, safe.data);
	buf_fini(&safe);
}

/* "needed", "there", or "-": never the key. */
static const char *
key_text(const struct list *l, const struct keyring *keys)
{
	if (*l->key == '\0')
		return "-";
	return keyring_has(keys, l->key) ? "there" : "needed";
}

static const char *
state_text(const struct list *l, struct arena *a)
{
	const char *state = enumtab_name(&list_status_names, (int)l->status);
	return l->status == LIST_DEAD && *l->closed != '\0' ?
	    arena_printf(a, "dead %s", l->closed) :
	    state;
}

static const char row_form[] = "%-38s %-5s %-14s %-8s %-15s %s\n";

static void
put_table(const struct catalogue *c, const struct keyring *keys, struct buf *out)
{
	struct arena a;
	arena_init(&a);
	buf_printf(out, row_form, "ZONE", "KIND", "FAMILY", "IMPACT", "STATE", "KEY");
	for (size_t i = 0; i < c->n; i++) {
		const struct list *l = &c->lists[i];
		buf_printf(out, row_form, l->zone, enumtab_name(&list_kind_names, (int)l->kind),
		    list_family_text(l, &a), enumtab_name(&list_impact_names, (int)l->impact),
		    state_text(l, &a), key_text(l, keys));
	}
	arena_fini(&a);
}

static void
put_answers(const struct list *list, struct arena *a, struct buf *out)
{
	for (size_t i = 0; i < list->n_codes; i++)
		put_labelled_text(out, "answer",
		    arena_printf(a, "%s = %s, %s", list_code_text(&list->codes[i], a),
			enumtab_name(&list_impact_names, (int)list->codes[i].impact),
			list->codes[i].meaning));
	for (size_t i = 0; i < list->n_bits; i++)
		put_labelled_text(out, "bit",
		    arena_printf(a, "%u = %s, %s", list->bits[i].first,
			enumtab_name(&list_impact_names, (int)list->bits[i].impact),
			list->bits[i].meaning));
	for (size_t i = 0; i < list->n_harmless; i++)
		put_labelled_text(out, "harmless",
		    arena_printf(a, "%s = %s", list_code_text(&list->harmless[i], a),
			list->harmless[i].meaning));
	for (size_t i = 0; i < list->n_refusals; i++)
		put_labelled_text(out, "refusal",
		    arena_printf(a, "%s = %s", list_code_text(&list->refusals[i], a),
			list->refusals[i].meaning));
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
asked_text(const struct list *list, const struct keyring *keys, struct arena *a)
{
	if (list->status == LIST_DEAD)
		return "never";
	if (list->kind == LIST_KIND_WEB || strcmp(list_family_text(list, a), "none") == 0)
		return "not over DNS";
	if (*list->key != '\0' && !keyring_has(keys, list->key))
		return arena_printf(a, "with the key %s, which is missing", list->key);
	if (*list->part_of != '\0')
		return arena_printf(a, "when it is named: it is part of %s", list->part_of);
	return list->on_request ? "when it is named, or with --lists all" : "by default";
}

struct labelled {
	const char *label, *text;
};

static void
put_labelled(const struct labelled *rows, size_t n, struct buf *out)
{
	for (size_t i = 0; i < n; i++)
		put_labelled_text(out, rows[i].label, rows[i].text);
}

/* What the list is, and how it is asked. */
static void
put_facts(const struct list *list, const struct keyring *keys, struct arena *a, struct buf *out)
{
	const struct labelled rows[] = {
		{ "list", list->zone },
		{ "name", list->name },
		{ "operator", list->operator_name },
		{ "kind", enumtab_name(&list_kind_names, (int)list->kind) },
		{ "state", enumtab_name(&list_status_names, (int)list->status) },
		{ "born", list->born },
		{ "closed", list->closed },
		{ "how", list->how },
		{ "asked", asked_text(list, keys, a) },
		{ "question", list_question_text(list, a) },
		{ "family", list_family_text(list, a) },
		{ "about", scope_text(list, a) },
		{ "impact", enumtab_name(&list_impact_names, (int)list->impact) },
		{ "why", list->why },
	};
	put_labelled(rows, sizeof rows / sizeof rows[0], out);
}

/* What to do about a listing, and where all this is known from. */
static void
put_advice(const struct list *list, struct arena *a, struct buf *out)
{
	const struct labelled rows[] = {
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
	put_labelled(rows, sizeof rows / sizeof rows[0], out);
}

static void
put_one(const struct list *l, const struct keyring *keys, struct buf *out)
{
	struct arena a;
	arena_init(&a);
	put_facts(l, keys, &a, out);
	put_answers(l, &a, out);
	put_advice(l, &a, out);
	arena_fini(&a);
}

static void
put_health(const struct lists_health *h, struct buf *out)
{
	struct arena a;
	arena_init(&a);
	buf_printf(out, "%-38s %-24s %s\n", "ZONE", "HEALTH", "WHY");
	for (size_t i = 0; i < h->n; i++) {
		const struct list_view *v = &h->views[i];
		const char *reason = list_health_reason(v, &a);
		buf_printf(out, *reason != '\0' ? "%-38s %-24s %s\n" : "%-38s %s%s\n",
		    v->list->zone, list_health_word(v), reason);
	}
	if (h->blame[0] != '\0') {
		buf_putc(out, '\n');
		put_labelled_text(out, "resolver", h->blame);
		put_labelled_text(out, "", h->remedy);
	}
	arena_fini(&a);
}

const struct lists_format lists_as_text = { put_table, put_one, put_health };
