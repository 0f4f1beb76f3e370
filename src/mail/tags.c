/* Lists of tags: split, with the place of each fault. */
#include "mail/tags.h"

#include <openssl/evp.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* ALPHA, then letters, digits and underscores */
static bool
is_name(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		bool more = (text[i] >= '0' && text[i] <= '9') || text[i] == '_';
		if (!is_alpha(text[i]) && (i == 0 || !more))
			return false;
	}
	return len > 0;
}

/* What does not belong into a value, or NULL (RFC 6376 3.2: VALCHAR and blanks). */
static const char *
first_odd_byte(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!is_blank(text[i]) && (text[i] < '!' || text[i] > '~'))
			return text + i;
	return NULL;
}

void
tags_fault(struct tag_list *l, size_t at, const char *name, const char *text)
{
	if (l->n_faults == TAG_FAULTS_MAX)
		return;
	size_t i = l->n_faults++;
	for (; i > 0 && l->faults[i - 1].at > at; i--)
		l->faults[i] = l->faults[i - 1];
	l->faults[i] = (struct tag_fault){ at, name, text };
}

const struct tag *
tags_find(const struct tag_list *l, const char *name)
{
	for (size_t i = 0; i < l->n; i++)
		if (strcasecmp(l->tags[i].name, name) == 0)
			return &l->tags[i];
	return NULL;
}

const char *
tags_value(const struct tag_list *l, const char *name)
{
	const struct tag *tag = tags_find(l, name);
	return tag != NULL ? tag->value : NULL;
}

static void
trim(const char **from, const char **to)
{
	while (*from < *to && is_blank(**from))
		++*from;
	while (*to > *from && is_blank((*to)[-1]))
		--*to;
}

/* One "name = value" between two semicolons. */
static void
read_tag(struct arena *a, const char *text, const char *from, const char *to, struct tag_list *l)
{
	const char *equals = memchr(from, '=', (size_t)(to - from));
	const char *name_end = equals != NULL ? equals : to;
	const char *value = equals != NULL ? equals + 1 : to;
	size_t at = (size_t)(from - text);
	trim(&from, &name_end);
	trim(&value, &to);
	const char *name = arena_strndup(a, from, (size_t)(name_end - from));
	const char *odd = first_odd_byte(value, (size_t)(to - value));
	if (equals == NULL) {
		tags_fault(l, at, "", "expected tag=value");
		return;
	}
	if (!is_name(from, (size_t)(name_end - from))) {
		tags_fault(l, at, name, "is not a valid name of a tag");
		return;
	}
	if (tags_find(l, name) != NULL) {
		tags_fault(l, at, name, "is given twice");
		return;
	}
	if (odd != NULL)
		tags_fault(l, (size_t)(odd - text), name,
		    "holds a byte that is not printable ASCII");
	if (l->n == TAGS_MAX) {
		tags_fault(l, at, name, "is one tag too many");
		return;
	}
	l->tags[l->n++] = (struct tag){ name, arena_strndup(a, value, (size_t)(to - value)), at,
		(size_t)(value - text) };
}

void
tags_read(struct arena *a, const char *text, size_t len, struct tag_list *out)
{
	*out = (struct tag_list){ .n = 0 };
	if (len > TAGS_TEXT_MAX) {
		tags_fault(out, TAGS_TEXT_MAX, "", "is too long");
		return;
	}
	const char *end = text + len, *next = NULL;
	for (const char *from = text; from < end; from = next) {
		const char *to = memchr(from, ';', (size_t)(end - from));
		bool last = to == NULL;
		to = last ? end : to;
		next = last ? end : to + 1;
		trim(&from, &to);
		if (from < to)
			read_tag(a, text, from, to, out);
		else if (!last)
			tags_fault(out, (size_t)(from - text), "", "has a semicolon too many");
	}
}

const char **
tags_words(struct arena *a, const char *value, char separator, size_t max, size_t *n)
{
	size_t cap = 1;
	for (const char *c = value; *c != '\0' && cap < max; c++)
		cap += *c == separator;
	const char **words = arena_array(a, cap, sizeof *words);
	*n = 0;
	for (const char *from = value; *n < cap;) {
		const char *stop = strchr(from, separator);
		const char *first = from, *to = stop != NULL ? stop : from + strlen(from);
		trim(&first, &to);
		if (first < to)
			words[(*n)++] = arena_strndup(a, first, (size_t)(to - first));
		if (stop == NULL)
			break;
		from = stop + 1;
	}
	return words;
}

static bool
is_base64(const char *text, size_t len)
{
	static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				       "0123456789+/";
	size_t n = strspn(text, alphabet), pad = strspn(text + n, "=");
	return len > 0 && len % 4 == 0 && n + pad == len && pad <= 2;
}

uint8_t *
tags_base64(struct arena *a, const char *value, size_t *len)
{
	char *packed = arena_alloc(a, strlen(value) + 1);
	size_t n = 0;
	for (const char *c = value; *c != '\0'; c++)
		if (!is_blank(*c))
			packed[n++] = *c;
	if (n > TAGS_TEXT_MAX || !is_base64(packed, n))
		return NULL;
	uint8_t *out = arena_alloc(a, n / 4 * 3 + 1);
	if (EVP_DecodeBlock(out, (const unsigned char *)packed, (int)n) < 0)
		return NULL;
	*len = n / 4 * 3 - (packed[n - 1] == '=') - (packed[n - 2] == '=');
	return out;
}
