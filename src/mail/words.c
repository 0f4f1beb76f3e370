/* Words, comments and quoted strings of a structured header field. */
#include <string.h>

#include "base/arena.h"
#include "words_priv.h"

struct lexer {
	const char *text;
	size_t at, len;
	char *out; /* of the word under way; as long as the field at most */
	size_t n;
};

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\0';
}

/* A blank stands for all that follow one another. */
static void
keep(struct lexer *l, char c)
{
	if (!is_blank(c))
		l->out[l->n++] = c;
	else if (l->n > 0 && l->out[l->n - 1] != ' ')
		l->out[l->n++] = ' ';
}

static void
read_comment(struct lexer *l)
{
	unsigned depth = 1;
	for (l->at++; l->at < l->len; l->at++) {
		char c = l->text[l->at];
		if (c == '\\' && l->at + 1 < l->len) {
			keep(l, l->text[++l->at]);
			continue;
		}
		depth += c == '(' ? 1 : c == ')' ? -1U : 0;
		if (depth == 0)
			break;
		keep(l, c);
	}
	l->at += l->at < l->len;
}

static void
read_quoted(struct lexer *l)
{
	for (l->at++; l->at < l->len && l->text[l->at] != '"'; l->at++) {
		if (l->text[l->at] == '\\' && l->at + 1 < l->len)
			l->at++;
		keep(l, l->text[l->at]);
	}
	l->at += l->at < l->len;
}

static void
read_text(struct lexer *l, bool equals)
{
	for (; l->at < l->len; l->at++) {
		char c = l->text[l->at];
		if (is_blank(c) || c == '(' || c == ';' || (equals && (c == '=' || c == '"')))
			return;
		keep(l, c);
	}
}

static enum word_kind
read_word(struct lexer *l, bool equals)
{
	char c = l->text[l->at];
	l->n = 0;
	if (c == '(') {
		read_comment(l);
		return WORD_COMMENT;
	}
	if (c == ';' || (equals && c == '=')) {
		l->out[l->n++] = c;
		l->at++;
		return c == ';' ? WORD_STOP : WORD_TEXT;
	}
	if (c == '"')
		read_quoted(l);
	else
		read_text(l, equals);
	return WORD_TEXT;
}

struct word *
words_read(struct arena *a, const char *text, size_t len, bool equals, size_t *n)
{
	struct lexer l = { .text = text, .len = len, .out = arena_alloc(a, len + 1) };
	struct word *words = NULL;
	size_t cap = 0;
	*n = 0;
	while (l.at < len && *n < WORDS_MAX) {
		if (is_blank(text[l.at])) {
			l.at++;
			continue;
		}
		struct word w = { .at = l.at };
		w.kind = read_word(&l, equals);
		while (l.n > 0 && l.out[l.n - 1] == ' ')
			l.n--;
		w.text = arena_strndup(a, l.out, l.n);
		words = arena_grow(a, words, *n, &cap, sizeof w);
		words[(*n)++] = w;
	}
	return words;
}
