/* Phrases in texts: # is a digit, \# that sign, and a word ends where it ends. */
#include "explain/phrase_priv.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "explain/book.h"

enum { ALTERNATIVE_MAX = 1024 };

struct phrase {
	const char *text;
	size_t len;
	bool ends_alternative;
};

struct phrases {
	struct phrase *list;
	size_t n, cap;
};

/* ---- one phrase in a text */

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) != 0;
}

static bool
same_char(char x, char y, bool fold)
{
	return fold ? tolower((unsigned char)x) == tolower((unsigned char)y) : x == y;
}

/* The length of text that the phrase takes at p; 0 when it does not begin there. */
static size_t
phrase_at(const char *p, const char *phrase, size_t len, bool fold)
{
	size_t taken = 0;
	for (size_t i = 0; i < len; i++, taken++) {
		if (p[taken] == '\0')
			return 0;
		if (phrase[i] == '#') {
			if (!isdigit((unsigned char)p[taken]))
				return 0;
			continue;
		}
		if (phrase[i] == '\\' && i + 1 < len && phrase[i + 1] == '#')
			i++;
		if (!same_char(p[taken], phrase[i], fold))
			return 0;
	}
	return taken;
}

bool
book_phrase_in(const char *text, const char *phrase, size_t len, bool fold)
{
	if (len == 0)
		return false;
	bool word_begins = is_word(phrase[0]) || phrase[0] == '#';
	bool word_ends = is_word(phrase[len - 1]) || phrase[len - 1] == '#';
	for (const char *p = text; *p != '\0'; p++) {
		if (word_begins && p > text && is_word(p[-1]))
			continue;
		size_t taken = phrase_at(p, phrase, len, fold);
		if (taken > 0 && !(word_ends && is_word(p[taken])))
			return true;
	}
	return false;
}

/* ---- pairs */

static unsigned
pair_of(const char *p)
{
	unsigned first = (unsigned)tolower((unsigned char)p[0]),
		 second = (unsigned)tolower((unsigned char)p[1]);
	return (first * 37 + second) % PHRASE_PAIRS;
}

void
phrase_text_init(struct phrase_text *t, const char *text)
{
	*t = (struct phrase_text){ .text = text };
	for (const char *p = text; p[0] != '\0' && p[1] != '\0'; p++) {
		unsigned pair = pair_of(p);
		t->pairs[pair / 64] |= UINT64_C(1) << pair % 64;
	}
}

/* False: it is not in the text.  A digit of any value, and what is written with a backslash, say nothing. */
static bool
may_be_in(const struct phrase *f, const struct phrase_text *t)
{
	for (size_t i = 0; i + 1 < f->len; i++) {
		if (memchr(f->text + i, '#', 2) != NULL || memchr(f->text + i, '\\', 2) != NULL)
			continue;
		unsigned pair = pair_of(f->text + i);
		if ((t->pairs[pair / 64] >> pair % 64 & 1) == 0)
			return false;
	}
	return true;
}

/* ---- lists */

/* The next part of a list, without blanks around it; NULL at its end. */
static const char *
next_part(const char **list, const char *end, const char *separator, size_t *len)
{
	const char *part = *list;
	while (part < end && *part == ' ')
		part++;
	if (part == end)
		return NULL;
	const char *at = memmem(part, (size_t)(end - part), separator, strlen(separator));
	*len = (size_t)((at != NULL ? at : end) - part);
	*list = part + *len + (at != NULL ? strlen(separator) : 0);
	while (*len > 0 && part[*len - 1] == ' ')
		(*len)--;
	return part;
}

static void
add(struct phrases *p, struct arena *a, const char *text, size_t len)
{
	p->list = arena_grow(a, p->list, p->n, &p->cap, sizeof *p->list);
	p->list[p->n++] = (struct phrase){ .text = text, .len = len };
}

const struct phrases *
phrases_read(struct arena *a, const char *list, bool joined)
{
	struct phrases *p = arena_alloc(a, sizeof *p);
	const char *alternative, *end = list + strlen(list);
	size_t len, part_len;
	*p = (struct phrases){ .n = 0 };
	while ((alternative = next_part(&list, end, " | ", &len)) != NULL) {
		const char *part, *rest = alternative;
		size_t before = p->n;
		if (!joined)
			add(p, a, alternative, len);
		while (joined && len < ALTERNATIVE_MAX &&
		    (part = next_part(&rest, alternative + len, " + ", &part_len)) != NULL)
			add(p, a, part, part_len);
		if (p->n > before)
			p->list[p->n - 1].ends_alternative = true;
	}
	return p;
}

size_t
phrases_in(const struct phrases *p, const struct phrase_text *t, bool fold)
{
	size_t most = 0, letters = 0;
	bool all = true;
	for (size_t i = 0; i < p->n; i++) {
		const struct phrase *f = &p->list[i];
		all = all && may_be_in(f, t) && book_phrase_in(t->text, f->text, f->len, fold);
		letters += f->len;
		if (!f->ends_alternative)
			continue;
		most = all && letters > most ? letters : most;
		letters = 0;
		all = true;
	}
	return most;
}
