/* Fills a webhook's template: values go into strings of a document, which is written as JSON then. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/secret.h"
#include "base/utf8.h"
#include "template_priv.h"

enum { TEXT_MAX = 256 << 10, NUMBER_MAX = 24 };

struct state {
	json_t *own;           /* what only this sending knows */
	const json_t *event;   /* NULL: none is at hand */
	const json_t *message; /* values */
	const json_t *words, *escape;
	size_t more; /* events beyond those that are shown */
	bool in_words;
	bool text_only; /* a header, or a part of a longer string: a number is text */
};

/* --- values */

static json_t *fill_string(const struct state *s, const char *text);

/* What the template says of a value: a new reference; NULL: it says nothing, or has no such word. */
static json_t *
word_of(const struct state *s, const char *name)
{
	struct state plain = *s;
	const json_t *row = json_object_get(s->words, name), *to = json_object_get(row, "to");
	const char *from = json_string_value(json_object_get(row, "from"));
	if (s->in_words || from == NULL)
		return NULL;
	plain.in_words = true;
	const json_t *value = json_object_get(s->event, from);
	if (value == NULL)
		value = json_object_get(s->message, from);
	const char *is = json_string_value(value);
	json_t *word = json_object_get(to, is != NULL ? is : "");
	word = word != NULL ? word : json_object_get(to, "*");
	return json_is_string(word) ? fill_string(&plain, json_string_value(word)) :
				      json_incref(word);
}

/* A new reference; NULL: it is empty.  *raw: it is the template's own, or the sending's. */
static json_t *
value_of(const struct state *s, const char *name, bool *raw)
{
	json_t *value = word_of(s, name);
	*raw = true;
	if (value != NULL)
		return json_is_null(value) ? NULL : value;
	if (strcmp(name, "more") == 0)
		return s->more > 0 ? json_integer((json_int_t)s->more) : NULL;
	value = json_object_get(s->own, name);
	*raw = value != NULL;
	if (value == NULL)
		value = json_object_get(s->event, name);
	if (value == NULL)
		value = json_object_get(s->message, name);
	const char *text = json_string_value(value);
	return json_is_null(value) || (text != NULL && text[0] == '\0') ? NULL : json_incref(value);
}

/* --- strings */

/* Services count in UTF-16 units: a character beyond the first 65,536 is two. */
static size_t
units(const char *text, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++)
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			n += (unsigned char)text[i] >= 0xf0 ? 2 : 1;
	return n;
}

/* One character at text, as it is put; *len is how many of its bytes were taken. */
static const char *
escaped(const struct state *s, bool raw, const char *text, char one[UTF8_LEN_MAX + 1], size_t *len)
{
	uint32_t c;
	*len = utf8_decode((const unsigned char *)text, strlen(text), &c);
	*len = *len > 0 ? *len : 1;
	memcpy(one, text, *len);
	one[*len] = '\0';
	const char *instead = raw ? NULL : json_string_value(json_object_get(s->escape, one));
	return instead != NULL ? instead : one;
}

/* At most limit units, of which the last three are points when it was cut; never half of an escape. */
static void
add_text(const struct state *s, bool raw, const char *text, size_t limit, struct buf *out)
{
	char one[UTF8_LEN_MAX + 1];
	size_t fits = out->len, used = 0, len;
	for (; *text != '\0'; text += len) {
		const char *put = escaped(s, raw, text, one, &len);
		used += units(put, strlen(put));
		if (limit > 0 && used > limit) {
			buf_cut(out, fits);
			buf_puts(out, "...");
			return;
		}
		buf_puts(out, put);
		if (limit > 0 && used + 3 <= limit)
			fits = out->len;
	}
}

static bool
add_value(const struct state *s, const struct piece *piece, struct buf *out)
{
	char number[NUMBER_MAX];
	bool raw;
	json_t *value = value_of(s, piece->name, &raw);
	if (value == NULL)
		return false;
	snprintf(number, sizeof number, "%lld", (long long)json_integer_value(value));
	add_text(s, raw, json_is_integer(value) ? number : json_string_value(value), piece->limit,
	    out);
	json_decref(value);
	return true;
}

/* A number of the template's words stays a number where nothing else is in the string. */
static json_t *
lone_number(const struct state *s, const char *text)
{
	struct piece piece;
	const char *fault;
	bool raw;
	if (s->text_only || !piece_next(&text, &piece, &fault) || piece.name[0] == '\0' ||
	    text[0] != '\0')
		return NULL;
	json_t *value = value_of(s, piece.name, &raw);
	if (json_is_integer(value) && strcmp(piece.name, "more") != 0)
		return value;
	json_decref(value);
	return NULL;
}

/* NULL: left out, because none of its values is there. */
static json_t *
fill_string(const struct state *s, const char *text)
{
	struct buf out;
	struct piece piece;
	const char *fault;
	size_t asked = 0, there = 0;
	json_t *result = lone_number(s, text);
	if (result != NULL)
		return result;
	buf_init(&out, TEXT_MAX);
	while (piece_next(&text, &piece, &fault)) {
		if (piece.name[0] == '\0') {
			buf_add(&out, piece.text, piece.len);
			continue;
		}
		asked++;
		there += add_value(s, &piece, &out);
	}
	if (asked == 0 || there > 0)
		result = json_string(out.data);
	explicit_bzero(out.data, out.len);
	buf_fini(&out);
	return result;
}

/* --- the document */

static json_t *fill(const struct state *s, json_t *node);

static void
append(json_t *array, json_t *item)
{
	if (item != NULL)
		json_array_append_new(array, item);
}

/* Of all strings in it, without the names of members. */
static size_t
units_in(json_t *part)
{
	const char *key, *text = json_string_value(part);
	json_t *below;
	size_t n = text != NULL ? units(text, strlen(text)) : 0, i;
	json_array_foreach (part, i, below)
		n += units_in(below);
	json_object_foreach (part, key, below)
		n += units_in(below);
	return n;
}

/* An item that does not fit, and those after it, are left to $rest. */
static void
fill_each(const struct state *s, json_t *node, json_t *array)
{
	struct state inner = *s;
	const json_t *events = json_object_get(s->message, "events");
	size_t max = (size_t)json_integer_value(json_object_get(node, "$max"));
	size_t limit = (size_t)json_integer_value(json_object_get(node, "$limit"));
	size_t n = json_array_size(events), used = 0, i;
	for (i = 0; i < n && i < max; i++) {
		inner.event = json_array_get(events, i);
		json_t *item = fill(&inner, json_object_get(node, "$item"));
		used += units_in(item);
		if (limit > 0 && used > limit) {
			json_decref(item);
			break;
		}
		append(array, item);
	}
	inner.event = NULL;
	inner.more = n - i;
	if (inner.more > 0 && json_object_get(node, "$rest") != NULL)
		append(array, fill(&inner, json_object_get(node, "$rest")));
}

static json_t *
fill_array(const struct state *s, json_t *node)
{
	json_t *array = json_array(), *item;
	size_t i;
	json_array_foreach (node, i, item) {
		if (json_object_get(item, "$each") != NULL)
			fill_each(s, item, array);
		else
			append(array, fill(s, item));
	}
	return array;
}

/* Strings that do not fit are left out whole, and "..." says so. */
static json_t *
fill_join(const struct state *s, json_t *node)
{
	struct state inner = *s;
	struct buf out;
	inner.text_only = true;
	json_t *parts = fill_array(&inner, json_object_get(node, "$of")), *part;
	const char *between = json_string_value(json_object_get(node, "$join"));
	size_t limit = (size_t)json_integer_value(json_object_get(node, "$limit")), used = 0, i;
	size_t gap = units(between, strlen(between));
	buf_init(&out, TEXT_MAX);
	json_array_foreach (parts, i, part) {
		const char *text = json_string_value(part);
		if (text == NULL)
			continue;
		used += units(text, strlen(text)) + gap;
		bool last = i + 1 == json_array_size(parts);
		if (limit > 0 && used + (last ? 0 : gap + 3) > limit) {
			buf_printf(&out, "%s...", out.len > 0 ? between : "");
			break;
		}
		buf_printf(&out, "%s%s", out.len > 0 ? between : "", text);
	}
	json_t *joined = out.len > 0 ? json_string(out.data) : NULL;
	buf_fini(&out);
	json_decref(parts);
	return joined;
}

static bool
is_there(const struct state *s, const char *name)
{
	bool raw;
	json_t *value = value_of(s, name, &raw);
	json_decref(value);
	return value != NULL;
}

static json_t *
fill_object(const struct state *s, json_t *node)
{
	const char *key, *condition = json_string_value(json_object_get(node, "$if"));
	json_t *part;
	if (condition != NULL && !is_there(s, condition))
		return NULL;
	json_t *object = json_object();
	json_object_foreach (node, key, part) {
		json_t *value = strcmp(key, "$if") != 0 ? fill(s, part) : NULL;
		if (value != NULL)
			json_object_set_new(object, key, value);
	}
	return object;
}

static json_t *
fill(const struct state *s, json_t *node)
{
	if (json_is_string(node))
		return fill_string(s, json_string_value(node));
	if (json_is_array(node))
		return fill_array(s, node);
	if (json_object_get(node, "$join") != NULL)
		return fill_join(s, node);
	return json_is_object(node) ? fill_object(s, node) : json_incref(node);
}

enum err_code
template_fill(json_t *document, const struct webhook_template *about, const struct filling *with,
    struct filled *out, struct err *err)
{
	secret_protect();
	struct state s = { .own = json_pack("{ss ss}", "key", with->key, "topic", with->topic),
		.message = with->values,
		.words = json_object_get(document, "words"),
		.escape = json_object_get(document, "escape") };
	if (about->per_event)
		s.event = json_array_get(json_object_get(with->values, "events"), 0);
	struct state text = s;
	text.text_only = true;
	json_t *body = fill(&s, json_object_get(document, "body"));
	*out = (struct filled){ .body = json_dumps(body, JSON_COMPACT | JSON_ENCODE_ANY),
		.headers = fill(&text, json_object_get(document, "headers")) };
	json_decref(body);
	json_decref(s.own);
	if (out->body == NULL)
		return err_set(err, ERR_CONFIG, "its body comes out empty");
	return ERR_NONE;
}

void
filled_free(struct filled *filled)
{
	secret_free(filled->body);
	json_decref(filled->headers);
	*filled = (struct filled){ 0 };
}
