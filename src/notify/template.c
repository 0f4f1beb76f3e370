/* Reads a webhook's template and judges it: its names, its limits, and what it needs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/json.h"
#include "base/keys.h"
#include "base/paths.h"
#include "template_priv.h"

enum { FILE_MAX = 64 << 10, DEPTH_MAX = 16, PLACE_MAX = 200, HEADERS_MAX = 8 };

static const char *const kinds[] = { "slack", "mattermost", "teams", "discord", "ntfy", "pagerduty",
	"alertmanager" };
enum { N_KINDS = sizeof kinds / sizeof kinds[0] };

/* What values are called: of the whole message, of one event, and of the sending. */
static const char *const message_names[] = { "id", "kind", "time", "subject", "title", "idle",
	"state", "level", "severity", "key", "topic" };
static const char *const event_names[] = { "state", "level", "severity", "dedup", "server", "label",
	"groups", "address", "change", "rule", "about", "text", "verdict", "remedy", "why",
	"ends" };

enum {
	N_MESSAGE_NAMES = sizeof message_names / sizeof message_names[0],
	N_EVENT_NAMES = sizeof event_names / sizeof event_names[0]
};

struct judging {
	const char *path;
	json_t *words; /* NULL */
	struct webhook_template *out;
	struct err *err;
	bool per_event;
};

/* Where in the document, for errors. */
struct place {
	const struct place *above;
	const char *name; /* NULL: an item */
	size_t index, depth;
	bool in_event, in_words, in_array, in_rest;
};

static void
put_place(const struct place *p, char *out, size_t size)
{
	if (p->above != NULL)
		put_place(p->above, out, size);
	size_t len = strlen(out);
	if (p->name != NULL)
		snprintf(out + len, size - len, "%s%s", len > 0 ? "." : "", p->name);
	else
		snprintf(out + len, size - len, "[%zu]", p->index);
}

static enum err_code
fault_at(const struct judging *j, const struct place *p, const char *what, const char *more)
{
	char place[PLACE_MAX] = "";
	put_place(p, place, sizeof place);
	return err_set(j->err, ERR_CONFIG, "%s: %s: %s%s", j->path, place, what, more);
}

static bool
is_one_of(const char *const *names, size_t n, const char *name)
{
	size_t i = 0;
	while (i < n && strcmp(names[i], name) != 0)
		i++;
	return i < n;
}

/* --- strings */

static bool
is_known(const struct judging *j, const struct place *p, const char *name)
{
	if (is_one_of(message_names, N_MESSAGE_NAMES, name))
		return true;
	if (p->in_rest && strcmp(name, "more") == 0)
		return true;
	if (!p->in_words && json_object_get(j->words, name) != NULL)
		return true;
	return (p->in_event || j->per_event) && is_one_of(event_names, N_EVENT_NAMES, name);
}

static enum err_code
judge_name(const struct judging *j, const struct place *p, const char *name)
{
	j->out->needs_topic |= strcmp(name, "topic") == 0;
	if (is_known(j, p, name))
		return ERR_NONE;
	return fault_at(j, p, "there is no value here that is called ", name);
}

static enum err_code
judge_string(const struct judging *j, const struct place *p, const char *text)
{
	struct piece piece;
	const char *fault;
	while (piece_next(&text, &piece, &fault))
		if (piece.name[0] != '\0' && judge_name(j, p, piece.name) != ERR_NONE)
			return j->err->code;
	return fault != NULL ? fault_at(j, p, fault, "") : ERR_NONE;
}

/* --- the body: a node is a function of those below it */

static enum err_code judge_node(const struct judging *j, const struct place *p, json_t *node);

static enum err_code
judge_count(const struct judging *j, const struct place *p, json_t *node, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(node, key));
	if (n >= 1 && n <= PIECE_LIMIT_MAX)
		return ERR_NONE;
	return fault_at(j, p, "expected a number from 1 to 100000 in ", key);
}

static enum err_code
judge_limit(const struct judging *j, const struct place *p, json_t *node)
{
	return json_object_get(node, "$limit") == NULL ? ERR_NONE :
							 judge_count(j, p, node, "$limit");
}

/* {"$each": "events", "$max": N, "$limit": N, "$item": ..., "$rest": ...} */
static enum err_code
judge_each(const struct judging *j, const struct place *p, json_t *node)
{
	static const char *const keys[] = { "$each", "$max", "$limit", "$item", "$rest" };
	const char *key, *list = json_string_value(json_object_get(node, "$each"));
	json_t *part;
	if (!p->in_array || list == NULL || strcmp(list, "events") != 0)
		return fault_at(j, p, "expected \"$each\": \"events\" as an item of an array", "");
	if (json_object_get(node, "$item") == NULL)
		return fault_at(j, p, "expected $item beside $each", "");
	json_object_foreach (node, key, part) {
		struct place below = { .above = p, .name = key, .depth = p->depth + 1 };
		if (!is_one_of(keys, sizeof keys / sizeof keys[0], key))
			return fault_at(j, p, "not a member of $each: ", key);
		below.in_event = strcmp(key, "$item") == 0;
		below.in_rest = strcmp(key, "$rest") == 0;
		if ((below.in_event || below.in_rest) && judge_node(j, &below, part) != ERR_NONE)
			return j->err->code;
	}
	if (judge_count(j, p, node, "$max") != ERR_NONE)
		return j->err->code;
	return judge_limit(j, p, node);
}

/* {"$join": "SEPARATOR", "$limit": N, "$of": [...]} */
static enum err_code
judge_join(const struct judging *j, const struct place *p, json_t *node)
{
	static const char *const keys[] = { "$join", "$limit", "$of" };
	json_t *of = json_object_get(node, "$of");
	const char *key;
	json_t *part;
	struct place below = *p;
	below.above = p;
	below.name = "$of";
	below.depth++;
	json_object_foreach (node, key, part)
		if (!is_one_of(keys, sizeof keys / sizeof keys[0], key))
			return fault_at(j, p, "not a member of $join: ", key);
	if (!json_is_string(json_object_get(node, "$join")) || !json_is_array(of))
		return fault_at(j, p, "expected a string in $join and an array in $of", "");
	if (judge_limit(j, p, node) != ERR_NONE)
		return j->err->code;
	return judge_node(j, &below, of);
}

static enum err_code
judge_members(const struct judging *j, const struct place *p, json_t *node)
{
	const char *key;
	json_t *part;
	json_object_foreach (node, key, part) {
		struct place below = *p;
		below.above = p;
		below.name = key;
		below.in_array = false;
		below.depth++;
		if (strcmp(key, "$if") == 0) {
			if (!json_is_string(part) ||
			    judge_name(j, &below, json_string_value(part)) != ERR_NONE)
				return fault_at(j, &below, "expected the name of a value", "");
			continue;
		}
		if (key[0] == '$')
			return fault_at(j, &below, "expected $if, $each or $join", "");
		if (judge_node(j, &below, part) != ERR_NONE)
			return j->err->code;
	}
	return ERR_NONE;
}

static enum err_code
judge_items(const struct judging *j, const struct place *p, json_t *node)
{
	size_t i;
	json_t *part;
	json_array_foreach (node, i, part) {
		struct place below = *p;
		below.above = p;
		below.name = NULL;
		below.index = i;
		below.in_array = true;
		below.depth++;
		if (judge_node(j, &below, part) != ERR_NONE)
			return j->err->code;
	}
	return ERR_NONE;
}

static enum err_code
judge_node(const struct judging *j, const struct place *p, json_t *node)
{
	if (p->depth > DEPTH_MAX)
		return fault_at(j, p, "nested too deeply", "");
	if (json_is_string(node))
		return judge_string(j, p, json_string_value(node));
	if (json_is_array(node))
		return judge_items(j, p, node);
	if (json_object_get(node, "$each") != NULL)
		return judge_each(j, p, node);
	if (json_object_get(node, "$join") != NULL)
		return judge_join(j, p, node);
	return json_is_object(node) ? judge_members(j, p, node) : ERR_NONE;
}

/* --- the rest of the document */

static enum err_code
judge_cases(const struct judging *j, const struct place *at, json_t *cases)
{
	const char *key;
	json_t *value;
	json_object_foreach (cases, key, value) {
		const struct place below = { .above = at,
			.name = key,
			.in_event = true,
			.in_words = true };
		if (!json_is_string(value) && !json_is_integer(value) && !json_is_null(value))
			return fault_at(j, &below, "expected a string, a whole number or null", "");
		if (judge_node(j, &below, value) != ERR_NONE)
			return j->err->code;
	}
	return ERR_NONE;
}

/* {"colour": {"from": "level", "to": {"resolved": "good", "*": "danger"}}} */
static enum err_code
judge_words(const struct judging *j, json_t *words)
{
	const char *name;
	json_t *row;
	json_object_foreach (words, name, row) {
		const struct place at = { .name = name, .in_event = true, .in_words = true };
		const char *from = json_string_value(json_object_get(row, "from"));
		json_t *to = json_object_get(row, "to");
		if (from == NULL || !json_is_object(to) || strlen(name) >= PIECE_NAME_MAX)
			return fault_at(j, &at,
			    "expected \"from\", a value, and \"to\", words for it", "");
		if (judge_name(j, &at, from) != ERR_NONE || judge_cases(j, &at, to) != ERR_NONE)
			return j->err->code;
	}
	return ERR_NONE;
}

static enum err_code
judge_escape(const struct judging *j, json_t *escape)
{
	const char *key;
	json_t *value;
	json_object_foreach (escape, key, value) {
		const struct place at = { .name = "escape" };
		if (strlen(key) != 1 || (unsigned char)key[0] >= 0x80 || !json_is_string(value))
			return fault_at(j, &at,
			    "expected single ASCII characters and a string for each: ", key);
	}
	return ERR_NONE;
}

/* What is sent with every POST is not the template's. */
static bool
is_own_header(const char *name)
{
	static const char *const own[] = { "Content-Length", "Content-Type", "Host",
		"Transfer-Encoding" };
	static const char ours[] = "Mailready-";
	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
		if (strcasecmp(name, own[i]) == 0)
			return true;
	return strncasecmp(name, ours, sizeof ours - 1) == 0;
}

static enum err_code
judge_headers(const struct judging *j, json_t *headers)
{
	static const char letters[] =
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-";
	const char *name;
	json_t *value;
	if (json_object_size(headers) > HEADERS_MAX)
		return err_set(j->err, ERR_CONFIG, "%s: more than %d headers", j->path,
		    HEADERS_MAX);
	json_object_foreach (headers, name, value) {
		const struct place at = { .name = "headers" },
				   below = { .above = &at, .name = name };
		if (name[0] == '\0' || name[strspn(name, letters)] != '\0' ||
		    !json_is_string(value))
			return fault_at(j, &below, "not a header", "");
		if (is_own_header(name))
			return fault_at(j, &below, "this header is not for a template", "");
		if (judge_node(j, &below, value) != ERR_NONE)
			return j->err->code;
	}
	return ERR_NONE;
}

static enum err_code
judge_objects(const struct judging *j, json_t *document)
{
	static const char *const objects[] = { "headers", "escape", "words" };
	for (size_t i = 0; i < sizeof objects / sizeof objects[0]; i++) {
		const struct place at = { .name = objects[i] };
		const json_t *member = json_object_get(document, objects[i]);
		if (member != NULL && !json_is_object(member))
			return fault_at(j, &at, "expected an object", "");
	}
	return ERR_NONE;
}

static enum err_code
judge_top(struct judging *j, json_t *document)
{
	static const char *const members[] = { "about", "source", "per", "repeat", "needs-key",
		"headers", "escape", "words", "body" };
	const struct place body = { .name = "body" };
	const char *key;
	json_t *value;
	struct json_reader r = { .err = j->err, .where = "" };
	json_object_foreach (document, key, value)
		if (!is_one_of(members, sizeof members / sizeof members[0], key))
			return err_set(j->err, ERR_CONFIG, "%s: there is no member '%s'", j->path,
			    key);
	const char *per = json_get_string(&r, document, "per", "message");
	j->per_event = strcmp(per, "event") == 0;
	*j->out = (struct webhook_template){ .per_event = j->per_event,
		.repeat = json_get_bool(&r, document, "repeat", false),
		.needs_key = json_get_bool(&r, document, "needs-key", false) };
	j->words = json_object_get(document, "words");
	if (r.failed)
		return err_prefix(j->err, "%s", j->path);
	if (!j->per_event && (strcmp(per, "message") != 0 || j->out->repeat))
		return err_set(j->err, ERR_CONFIG,
		    "%s: expected \"per\": \"message\" or \"event\", and \"repeat\" only with "
		    "\"event\"",
		    j->path);
	if (json_object_get(document, "body") == NULL)
		return err_set(j->err, ERR_CONFIG, "%s: there is no body", j->path);
	if (judge_objects(j, document) != ERR_NONE || judge_words(j, j->words) != ERR_NONE ||
	    judge_escape(j, json_object_get(document, "escape")) != ERR_NONE ||
	    judge_headers(j, json_object_get(document, "headers")) != ERR_NONE)
		return j->err->code;
	return judge_node(j, &body, json_object_get(document, "body"));
}

json_t *
template_parse(const char *name, const char *text, size_t len, struct webhook_template *out,
    struct err *err)
{
	struct judging j = { .path = name, .out = out, .err = err };
	json_t *document = json_read(text, len, err);
	if (document == NULL)
		err_prefix(err, "%s", name);
	else if (judge_top(&j, document) == ERR_NONE)
		return document;
	err->code = ERR_CONFIG;
	json_decref(document);
	return NULL;
}

json_t *
template_read(const char *path, struct webhook_template *out, struct err *err)
{
	struct buf text;
	buf_init(&text, FILE_MAX);
	json_t *document = file_read(path, &text, err) == ERR_NONE ?
	    template_parse(path, text.data, text.len, out, err) :
	    NULL;
	buf_fini(&text);
	return document;
}

enum err_code
webhook_template_check(const char *path, struct webhook_template *out, struct err *err)
{
	json_t *document = template_read(path, out, err);
	if (document == NULL)
		return err->code;
	json_decref(document);
	return ERR_NONE;
}

enum err_code
webhook_kind_path(const char *kind, char *out, size_t size, struct err *err)
{
	const char *all[N_KINDS + 1] = { "json" };
	struct arena a;
	for (size_t i = 0; i < N_KINDS; i++)
		all[i + 1] = kinds[i];
	if (is_one_of(kinds, N_KINDS, kind)) {
		char file[64];
		snprintf(file, sizeof file, "webhooks/%s.json", kind);
		return data_path(file, out, size, err);
	}
	arena_init(&a);
	err_set(err, ERR_CONFIG, "'%s' is not a kind of webhook: %s", kind,
	    keys_choices(kind, all, N_KINDS + 1, &a));
	arena_fini(&a);
	return err->code;
}
