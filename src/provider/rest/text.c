/* Values put into the texts of a row, and taken out of replies. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/json.h"
#include "base/percent.h"
#include "provider/rest/rest_priv.h"

enum { TEXT_MAX = 4096, PART_MAX = 64 };

static const struct {
	const char *word;
	size_t offset; /* of its text in the values */
} placeholders[] = {
	{ "ip", offsetof(struct rest_values, ip) },
	{ "full", offsetof(struct rest_values, full) },
	{ "id", offsetof(struct rest_values, id) },
	{ "area", offsetof(struct rest_values, area) },
	{ "name", offsetof(struct rest_values, name) },
	{ "action", offsetof(struct rest_values, action) },
	{ "dashed", offsetof(struct rest_values, dashed) },
	{ "network", offsetof(struct rest_values, network) },
	{ "reversed", offsetof(struct rest_values, reversed) },
};

static const char *
value_of(const struct rest_values *values, const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof placeholders / sizeof placeholders[0]; i++)
		if (strlen(placeholders[i].word) == len &&
		    strncmp(placeholders[i].word, word, len) == 0)
			return *(const char *const *)(const void *)((const char *)values +
			    placeholders[i].offset);
	return "";
}

/* "2001:0db8:0000:...", or IPv4 as it is. */
static const char *
full_text(struct arena *a, const struct ip *ip, const char *text)
{
	struct buf out;
	if (ip->family == 4)
		return text;
	buf_init(&out, IP_TEXT_MAX);
	for (size_t i = 0; i < sizeof ip->bytes; i += 2)
		buf_printf(&out, "%s%02x%02x", i > 0 ? ":" : "", ip->bytes[i], ip->bytes[i + 1]);
	text = arena_strndup(a, out.data, out.len);
	buf_fini(&out);
	return text;
}

void
rest_values_of(struct arena *a, const struct ip *ip, struct rest_values *out)
{
	char text[IP_TEXT_MAX], reversed[IP_REVERSE_MAX];
	*out = (struct rest_values){ .ip = arena_strdup(a, ip_format(ip, text)),
		.id = "",
		.area = "",
		.name = "",
		.action = "" };
	out->full = full_text(a, ip, out->ip);
	out->reversed = arena_strdup(a, ip_reverse_labels(ip, reversed));
	for (char *p = text; *p != '\0'; p++)
		if (*p == '.' || *p == ':')
			*p = '-';
	out->dashed = arena_strdup(a, text);
	char *last = strrchr(text, '-');
	out->network = arena_strndup(a, text, last != NULL ? (size_t)(last - text) : 0);
}

const char *
rest_fill(struct arena *a, const char *text, const struct rest_values *values, bool url)
{
	struct buf out;
	buf_init(&out, TEXT_MAX);
	while (*text != '\0') {
		size_t plain = strcspn(text, "{");
		buf_add(&out, text, plain);
		text += plain;
		if (*text == '\0')
			break;
		size_t word = strcspn(++text, "}");
		const char *value = value_of(values, text, word);
		if (url)
			percent_add(&out, value, strlen(value), "");
		else
			buf_puts(&out, value);
		text += word + (text[word] == '}');
	}
	const char *filled = arena_strndup(a, out.data, out.len);
	buf_fini(&out);
	return filled;
}

json_t *
rest_fill_json(struct arena *a, const char *text, const struct rest_values *values)
{
	json_t *body = json_loads(text, 0, NULL), *value;
	const char *key;
	json_object_foreach (body, key, value)
		if (json_is_string(value))
			json_string_set(value,
			    rest_fill(a, json_string_value(value), values, false));
	return body;
}

const json_t *
rest_at(const json_t *from, const char *path)
{
	char part[PART_MAX];
	while (path != NULL && path[0] != '\0' && from != NULL && !json_is_null(from)) {
		size_t len = strcspn(path, ".");
		snprintf(part, sizeof part, "%.*s", (int)len, path);
		char *end;
		size_t number = strtoul(part, &end, 10);
		from = json_is_array(from) && *end == '\0' ? json_array_get(from, number) :
							     json_object_get(from, part);
		path += len + (path[len] == '.');
	}
	return from;
}

const char *
rest_text(struct arena *a, const json_t *value)
{
	if (json_is_integer(value))
		return arena_printf(a, "%" PRId64, (int64_t)json_integer_value(value));
	const char *text = json_string_value(value);
	return text == NULL ? "" : arena_strdup(a, text);
}

const char *
rest_need_text(struct arena *a, const json_t *object, const char *path, const char *title,
    struct err *err)
{
	const json_t *value = rest_at(object, path);
	if (json_is_string(value))
		return arena_strdup(a, json_string_value(value));
	if (json_is_null(value) && !json_is_null(object))
		return "";
	(void)err_set(err, ERR_TEMP, "the answer about the %s has no valid '%s'", title,
	    path[0] != '\0' ? path : "text");
	return NULL;
}
