/* Writes JSON into a buffer, without a tree. */
#include "base/jsonw.h"

#include <string.h>

#include "base/buf.h"
#include "base/number.h"
#include "base/safe.h"

enum {
	STRING_MAX = 1024,
	NUMBER_MAX = 24, /* "-9223372036854775808", "18446744073709551.615" */
	BLOCK = 16,
};

enum quotes { BARE = 0, QUOTED = 1 };

void
jsonw_init(struct jsonw *w, struct buf *out, bool pretty)
{
	*w = (struct jsonw){ .out = out, .pretty = pretty };
}

/* A line break and as many levels of indentation, or nothing. */
static size_t
break_len(const struct jsonw *w, size_t depth)
{
	return w->pretty ? 1 + 2 * depth : 0;
}

static char *
put_break(const struct jsonw *w, size_t depth, char *p)
{
	if (!w->pretty)
		return p;
	*p++ = '\n';
	memset(p, ' ', 2 * depth);
	return p + 2 * depth;
}

static char *
put_key(const struct jsonw *w, const char *key, size_t len, char *p)
{
	*p++ = '"';
	p = mempcpy(p, key, len);
	return mempcpy(p, "\": ", w->pretty ? 3 : 2);
}

/* All values pass here, each with what stands before it, in one piece: reports have many. */
static void
put(struct jsonw *w, const char *key, const char *value, size_t len, enum quotes quotes)
{
	size_t key_len = key != NULL ? strlen(key) : 0;
	size_t before = w->filled + (w->depth > 0 ? break_len(w, w->depth) : 0);
	size_t name = key != NULL ? key_len + strlen("\"\":") + w->pretty : 0;
	char *p = buf_room(w->out, before + name + len + 2 * quotes);
	if (p == NULL)
		return;
	if (w->filled)
		*p++ = ',';
	if (w->depth > 0)
		p = put_break(w, w->depth, p);
	if (key != NULL)
		p = put_key(w, key, key_len, p);
	if (quotes == QUOTED)
		*p++ = '"';
	p = mempcpy(p, value, len);
	if (quotes == QUOTED)
		*p = '"';
	w->filled = true;
}

static void
enter(struct jsonw *w, const char *key, const char *bracket)
{
	put(w, key, bracket, 1, BARE);
	w->depth++;
	w->filled = false;
}

static void
leave(struct jsonw *w, char bracket)
{
	w->depth--;
	char *p = buf_room(w->out, 1 + (w->filled ? break_len(w, w->depth) : 0));
	if (p == NULL)
		return;
	if (w->filled)
		p = put_break(w, w->depth, p);
	*p = bracket;
	w->filled = true;
}

void
jsonw_object(struct jsonw *w, const char *key)
{
	enter(w, key, "{");
}

void
jsonw_object_end(struct jsonw *w)
{
	leave(w, '}');
}

void
jsonw_array(struct jsonw *w, const char *key)
{
	enter(w, key, "[");
}

void
jsonw_array_end(struct jsonw *w)
{
	leave(w, ']');
}

void
jsonw_null(struct jsonw *w, const char *key)
{
	put(w, key, "null", 4, BARE);
}

void
jsonw_bool(struct jsonw *w, const char *key, bool value)
{
	put(w, key, value ? "true" : "false", value ? 4 : 5, BARE);
}

void
jsonw_int(struct jsonw *w, const char *key, int64_t value)
{
	char text[NUMBER_MAX], *end = text + sizeof text;
	char *start = number_digits(value < 0 ? -(uint64_t)value : (uint64_t)value, end);
	if (value < 0)
		*--start = '-';
	put(w, key, start, (size_t)(end - start), BARE);
}

void
jsonw_thousandths(struct jsonw *w, const char *key, uint64_t n)
{
	char text[NUMBER_MAX], *end = text + sizeof text;
	char *point = number_digits(1000 + n % 1000, end);
	*point = '.';
	char *start = number_digits(n / 1000, point);
	/* one digit stays after the point, even 0, so that all readers see a real number */
	while (end > point + 2 && end[-1] == '0')
		end--;
	put(w, key, start, (size_t)(end - start), BARE);
}

static bool
is_special(unsigned char c)
{
	return c < 0x20 || c >= 0x7f || c == '"' || c == '\\';
}

/* Blocks of one size, which compilers make vectors of. */
static bool
is_plain_block(const char *text)
{
	unsigned char special = 0;
	for (size_t i = 0; i < BLOCK; i++)
		special |= is_special((unsigned char)text[i]);
	return special == 0;
}

/* Do all bytes mean themselves, to terminals as to JSON? */
static bool
is_plain(const char *text, size_t len)
{
	size_t i = 0;
	for (; i + BLOCK <= len; i += BLOCK) {
		if (!is_plain_block(text + i))
			return false;
	}
	if (len >= BLOCK)
		return is_plain_block(text + len - BLOCK);
	while (i < len && !is_special((unsigned char)text[i]))
		i++;
	return i == len;
}

/* What is safe has no control characters; JSON wants these two escaped (RFC 8259 section 7). */
static void
add_escaped(struct buf *out, const char *text)
{
	for (;;) {
		size_t len = strcspn(text, "\"\\");
		buf_add(out, text, len);
		text += len;
		if (*text == '\0')
			return;
		buf_putc(out, '\\');
		buf_putc(out, *text++);
	}
}

static void
put_special(struct jsonw *w, const char *key, const char *text, size_t len)
{
	struct buf safe, escaped;
	buf_init(&safe, STRING_MAX + strlen("..."));
	buf_init(&escaped, 2 * safe.max);
	safe_add(&safe, text, len, STRING_MAX);
	add_escaped(&escaped, safe.data);
	put(w, key, escaped.data, escaped.len, QUOTED);
	buf_fini(&escaped);
	buf_fini(&safe);
}

void
jsonw_string(struct jsonw *w, const char *key, const char *text)
{
	size_t len = strlen(text);
	if (len <= STRING_MAX && is_plain(text, len))
		put(w, key, text, len, QUOTED);
	else
		put_special(w, key, text, len);
}

void
jsonw_text(struct jsonw *w, const char *key, const char *text)
{
	if (*text != '\0')
		jsonw_string(w, key, text);
	else
		jsonw_null(w, key);
}

void
jsonw_word(struct jsonw *w, const char *key, const struct enumtab *words, int code)
{
	const char *word = enumtab_name(words, code);
	put(w, key, word, strlen(word), QUOTED);
}

void
jsonw_texts(struct jsonw *w, const char *key, const char *const *texts, size_t n)
{
	jsonw_array(w, key);
	for (size_t i = 0; i < n; i++)
		jsonw_string(w, NULL, texts[i]);
	jsonw_array_end(w);
}
