/* The JSON contract "mailready.preflight/1"; data/preflight.schema.json describes it. */
#include "base/arena.h"
#include "base/json.h"
#include "report/preflight.h"
#include "report_priv.h"

enum { JSON_STYLE = JSON_PRESERVE_ORDER | JSON_INDENT(2) | JSON_ENSURE_ASCII };

static const char *
sum_word(enum verdict v)
{
	return v == VERDICT_PASS ? "ready" : v == VERDICT_FAIL ? "not ready" : "undecided";
}

static void
put_words(json_t *o, const struct preflight_item *item)
{
	json_put_word(o, "stage", &stage_names, (int)item->stage);
	json_put_word(o, "state", &preflight_state_names, (int)item->state);
	json_object_set_new(o, "required", json_boolean(item->required));
	json_put_word(o, "severity", &severity_names, (int)item->severity);
	json_put_text(o, "rule", item->rule);
}

static json_t *
item_json(const struct preflight_item *item)
{
	json_t *o = json_object();
	put_words(o, item);
	json_object_set_new(o, "wanted", json_safe_string(item->what));
	json_object_set_new(o, "seen", json_safe_string(item->seen));
	json_object_set_new(o, "planned", json_boolean(item->planned));
	return o;
}

static json_t *
address_json(const struct preflight_address *at)
{
	json_t *o = json_object(), *items = json_array();
	json_object_set_new(o, "address", json_string(at->text));
	for (size_t i = 0; i < at->n; i++)
		json_array_append_new(items, item_json(&at->items[i]));
	json_object_set_new(o, "wanted", items);
	return o;
}

static json_t *
server_json(const struct preflight_server *s)
{
	json_t *o = json_object(), *addresses = json_array();
	json_put_text(o, "name", s->name);
	json_object_set_new(o, "line", json_integer(s->line));
	json_object_set_new(o, "ehlo", json_safe_string(s->ehlo));
	json_object_set_new(o, "banner", json_safe_string(s->banner));
	json_put_texts(o, "ptr", s->names, s->n_names);
	json_put_texts(o, "domains", s->domains, s->n_domains);
	json_put_text(o, "mail_from", s->mail_from != NULL ? s->mail_from : "");
	json_put_text(o, "from", s->from != NULL ? s->from : "");
	json_put_text(o, "provider", s->provider);
	for (size_t i = 0; i < s->n_addresses; i++)
		json_array_append_new(addresses, address_json(&s->addresses[i]));
	json_object_set_new(o, "addresses", addresses);
	return o;
}

/* Lines are records and commands, to be used as they are: never cut. */
static json_t *
lines_json(const struct preflight_texts *lines)
{
	json_t *array = json_array();
	for (size_t i = 0; i < lines->n; i++)
		json_array_append_new(array, json_string(lines->list[i]));
	return array;
}

static json_t *
steps_json(const struct preflight_step *steps, size_t n)
{
	json_t *array = json_array();
	for (size_t i = 0; i < n; i++) {
		const struct preflight_step *s = &steps[i];
		json_t *o = json_object();
		put_words(o, s->item);
		json_object_set_new(o, "todo", json_safe_string(s->todo));
		json_put_texts(o, "addresses", s->addresses.list, s->addresses.n);
		json_object_set_new(o, "lines", lines_json(&s->lines));
		json_put_texts(o, "seen", s->seen.list, s->seen.n);
		json_object_set_new(o, "why", json_safe_string(s->item->why));
		json_array_append_new(array, o);
	}
	return array;
}

static json_t *
document(const struct preflight *p, const struct preflight_sum *sum)
{
	char time[TIME_TEXT_MAX];
	json_t *o = json_object(), *servers = json_array();
	json_object_set_new(o, "schema", json_string(PREFLIGHT_SCHEMA));
	json_object_set_new(o, "version", json_string(MAILREADY_VERSION));
	json_put_text(o, "time", time_text(p->now_s, time));
	json_object_set_new(o, "file", json_safe_string(p->file));
	json_object_set_new(o, "verdict", json_string(sum_word(sum->verdict)));
	json_object_set_new(o, "summary", json_safe_string(sum->headline));
	json_object_set_new(o, "planned", json_boolean(sum->planned));
	for (size_t i = 0; i < p->n_servers; i++)
		json_array_append_new(servers, server_json(&p->servers[i]));
	json_object_set_new(o, "servers", servers);
	json_object_set_new(o, "steps", steps_json(sum->steps, sum->n_steps));
	json_object_set_new(o, "later", steps_json(sum->later, sum->n_later));
	return o;
}

void
preflight_json(const struct preflight *p, const struct render_options *o, struct buf *out)
{
	struct arena a;
	struct preflight_sum sum;
	(void)o;
	arena_init(&a);
	preflight_add_up(p, &a, &sum);
	json_t *json = document(p, &sum);
	json_add(json, JSON_STYLE, out);
	json_decref(json);
	buf_putc(out, '\n');
	arena_fini(&a);
}
