/* Cuts the text of a zone file into entries and words. */
#include "dns/zone_lex_priv.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/utf8.h"

enum { SHOWN_MAX = 60 }; /* bytes of an entry that a message shows */

static unsigned
line_of(const char *text, const char *at)
{
	unsigned line = 1;
	for (; text < at; text++)
		line += *text == '\n';
	return line;
}

enum err_code
zone_text_init(struct zone_text *t, const char *path, const char *text, size_t len, struct err *err)
{
	if (utf8_is_utf16(text, len))
		return err_set(err, ERR_DATA, "%s: is UTF-16 text; save it as UTF-8 or ASCII",
		    path);
	const char *nul = memchr(text, '\0', len);
	if (nul != NULL)
		return err_set(err, ERR_DATA, "%s:%u: NUL byte; expected the text of a zone file",
		    path, line_of(text, nul));
	utf8_skip_mark(&text, &len);
	*t = (struct zone_text){ path, text, text + len, 1 };
	return ERR_NONE;
}

bool
zone_word_is(const struct zone_word *w, const char *text)
{
	return w->len == strlen(text) && strncasecmp(w->text, text, w->len) == 0;
}

static bool
is_break(char c)
{
	return c == '\n' || c == '\r';
}

/* Past "\n", "\r\n", and the single "\r" of old editors. */
static void
skip_break(struct zone_text *t)
{
	t->at += *t->at == '\r' && t->end - t->at > 1 && t->at[1] == '\n' ? 2 : 1;
	t->line++;
}

/* Up to a byte of stop, or the end; what follows a backslash stops nothing, except a line's end. */
static bool
skip_to(struct zone_text *t, const char *stop)
{
	while (t->at < t->end && strchr(stop, *t->at) == NULL) {
		t->at++;
		if (t->at[-1] == '\\' && t->at < t->end && !is_break(*t->at))
			t->at++;
	}
	return t->at < t->end;
}

/* From the opening quote past the closing one; false when the line ends before. */
static bool
skip_quoted(struct zone_text *t)
{
	t->at++;
	bool closed = skip_to(t, "\"\r\n") && *t->at == '"';
	t->at += closed;
	return closed;
}

/* A word at t->at, which is neither blank nor parenthesis nor comment: "a b", a, or a="b" (RFC 9460 2.1). */
static bool
take_word(struct zone_text *t, struct zone_entry *e)
{
	struct zone_word *w = &e->words[e->n++];
	const char *first = t->at;
	bool closed = true;
	*w = (struct zone_word){ first, 0, *first == '"' };
	if (w->quoted) {
		closed = skip_quoted(t);
		w->text++;
	} else {
		while (closed && skip_to(t, " \t\f\v\r\n;()\"") && *t->at == '"')
			closed = skip_quoted(t);
	}
	w->len = (size_t)(t->at - w->text) - (w->quoted && closed);
	return closed;
}

/* What stands between words; *open: within parentheses. */
static const char *
take_mark(struct zone_text *t, bool *open)
{
	char c = *t->at++;
	if (c == '(' && *open)
		return "a parenthesis within parentheses";
	if (c == ')' && !*open)
		return "a closing parenthesis without an opening one";
	*open = c == '(';
	return NULL;
}

/* Of one entry; *done: its line has ended.  Returns what is wrong, or NULL. */
static const char *
take_next(struct zone_text *t, struct zone_entry *e, bool *open, bool *done)
{
	char c = *t->at;
	if (is_break(c)) {
		skip_break(t);
		*done = !*open;
	} else if (c == ';') {
		(void)skip_to(t, "\r\n");
	} else if (c == '(' || c == ')')
		return take_mark(t, open);
	else if (strchr(" \t\f\v", c) != NULL)
		t->at++;
	else if (e->n == ZONE_WORDS_MAX)
		return "too many words";
	else if (!take_word(t, e))
		return "no closing quote in the line";
	return NULL;
}

static enum err_code
take_entry(struct zone_text *t, struct zone_entry *e, struct err *err)
{
	const char *fault = NULL;
	bool open = false, done = false;
	e->n = 0;
	e->line = t->line;
	e->indented = t->at < t->end && strchr(" \t", *t->at) != NULL;
	while (fault == NULL && !done && t->at < t->end)
		fault = take_next(t, e, &open, &done);
	if (fault == NULL && open)
		fault = "no closing parenthesis";
	return fault == NULL ? ERR_NONE : zone_error(err, t->path, e, "%s", fault);
}

enum err_code
zone_next(struct zone_text *t, struct zone_entry *out, struct err *err)
{
	enum err_code code = ERR_NONE;
	out->n = 0;
	while (code == ERR_NONE && out->n == 0 && t->at < t->end)
		code = take_entry(t, out, err);
	return code;
}

/* The words with one blank between them, cut. */
static void
show_words(const struct zone_entry *e, char out[SHOWN_MAX + 4])
{
	size_t len = 0;
	for (size_t i = 0; i < e->n && len <= SHOWN_MAX; i++) {
		const struct zone_word *w = &e->words[i];
		const char *quote = w->quoted ? "'" : "";
		int n = snprintf(out + len, SHOWN_MAX + 4 - len, "%s%s%.*s%s", i > 0 ? " " : "",
		    quote, (int)(w->len > SHOWN_MAX ? SHOWN_MAX + 1 : w->len), w->text, quote);
		len += n > 0 ? (size_t)n : 0;
	}
	if (len > SHOWN_MAX)
		memcpy(out + SHOWN_MAX, "...", 4);
}

enum err_code
zone_error(struct err *err, const char *path, const struct zone_entry *e, const char *fmt, ...)
{
	char text[ERR_TEXT_MAX / 2], shown[SHOWN_MAX + 4] = "";
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	show_words(e, shown);
	return err_set(err, ERR_DATA, "%s:%u: \"%s\": %s", path, e->line, shown, text);
}
