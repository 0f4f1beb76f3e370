#include "base/jsonw.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/safe.h"

enum { STRING_MAX = 1024 };

void
jsonw_init(struct jsonw *w, struct buf *out, bool pretty)
{
	*w = (struct jsonw){ .out = out, .pretty = pretty };
}

static void
new_line(struct jsonw *w)
{
	if (!w->pretty)
		return;
	buf_putc(w->out, '\n');
	for (size_t i = 0; i < w->depth; i++)
		buf_puts(w->out, "  ");
}

/* All that stands before a value. */
static void
begin(struct jsonw *w, const char *key)
{
	if (w->filled)
		buf_putc(w->out, ',');
	if (w->depth > 0)
		new_line(w);
	w->filled = true;
	if (key == NULL)
		return;
	buf_putc(w->out, '"');
	buf_puts(w->out, key);
	buf_puts(w->out, w->pretty ? "\": " : "\":");
}

static void
enter(struct jsonw *w, const char *key, char bracket)
{
	begin(w, key);
	buf_putc(w->out, bracket);
	w->depth++;
	w->filled = false;
}

static void
leave(struct jsonw *w, char bracket)
{
	w->depth--;
	if (w->filled)
		new_line(w);
	buf_putc(w->out, bracket);
	w->filled = true;
}

void
jsonw_object(struct jsonw *w, const char *key)
{
	enter(w, key, '{');
}

void
jsonw_object_end(struct jsonw *w)
{
	leave(w, '}');
}

void
jsonw_array(struct jsonw *w, const char *key)
{
	enter(w, key, '[');
}

void
jsonw_array_end(struct jsonw *w)
{
	leave(w, ']');
}

void
jsonw_null(struct jsonw *w, const char *key)
{
	begin(w, key);
	buf_puts(w->out, "null");
}

void
jsonw_bool(struct jsonw *w, const char *key, bool value)
{
	begin(w, key);
	buf_puts(w->out, value ? "true" : "false");
}

void
jsonw_int(struct jsonw *w, const char *key, int64_t value)
{
	begin(w, key);
	buf_printf(w->out, "%" PRId64, value);
}

void
jsonw_thousandths(struct jsonw *w, const char *key, uint64_t n)
{
	char text[32];
	size_t len = (size_t)snprintf(text, sizeof text, "%" PRIu64 ".%03u", n / 1000,
	    (unsigned)(n % 1000));
	/* one digit stays behind the point, whatever it is: a real number to all readers */
	for (size_t zeros = 0; zeros < 2 && text[len - 1] == '0'; zeros++)
		len--;
	begin(w, key);
	buf_add(w->out, text, len);
}

/* How many bytes from here on mean themselves, to terminals as to JSON. */
static size_t
plain_len(const char *text)
{
	size_t n = 0;
	while (text[n] >= 0x20 && text[n] < 0x7f && text[n] != '"' && text[n] != '\\')
		n++;
	return n;
}

/* What is safe has no control characters; JSON wants these two escaped (RFC 8259 section 7). */
static void
put_escaped(struct buf *out, const char *text)
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

void
jsonw_string(struct jsonw *w, const char *key, const char *text)
{
	size_t len = plain_len(text);
	begin(w, key);
	buf_putc(w->out, '"');
	if (text[len] == '\0' && len <= STRING_MAX) {
		buf_add(w->out, text, len);
	} else {
		struct buf safe;
		buf_init(&safe, STRING_MAX + strlen("..."));
		safe_add(&safe, text, strlen(text), STRING_MAX);
		put_escaped(w->out, safe.data);
		buf_fini(&safe);
	}
	buf_putc(w->out, '"');
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
	jsonw_string(w, key, enumtab_name(words, code));
}

void
jsonw_texts(struct jsonw *w, const char *key, const char *const *texts, size_t n)
{
	jsonw_array(w, key);
	for (size_t i = 0; i < n; i++)
		jsonw_string(w, NULL, texts[i]);
	jsonw_array_end(w);
}
