/* Authentication-Results: a server's name, then results between semicolons. */
#include "mail/auth_results.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "words_priv.h"

/* The words between two semicolons; comments are left out. */
struct segment {
	const char *words[WORDS_MAX];
	size_t n;
	bool glue; /* the next word belongs to the last one */
};

/* A dot or slash may stand between blanks and comments: "policy . expired" is one word. */
static void
put_word(struct arena *a, struct segment *s, const char *word)
{
	bool joint = strcmp(word, ".") == 0 || strcmp(word, "/") == 0;
	if (s->n > 0 && (joint || s->glue))
		s->words[s->n - 1] = arena_printf(a, "%s%s", s->words[s->n - 1], word);
	else
		s->words[s->n++] = word;
	s->glue = joint;
}

static const char *
lower(struct arena *a, const char *text, size_t len)
{
	char *copy = arena_strndup(a, text, len);
	for (char *c = copy; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return copy;
}

static bool
is_pair(const struct segment *s, size_t at)
{
	return at + 2 < s->n && strcmp(s->words[at + 1], "=") == 0 &&
	    strcmp(s->words[at], "=") != 0 && strcmp(s->words[at + 2], "=") != 0;
}

/* "smtp.mailfrom = user@example.com", "reason = ..." */
static void
take_pair(struct arena *a, struct auth_result *r, const char *name, const char *value)
{
	const char *word = lower(a, name, strlen(name));
	if (strcmp(word, "reason") == 0)
		r->reason = value;
	else if (r->n_properties < AUTH_PROPERTIES_MAX)
		r->properties[r->n_properties++] = (struct auth_property){ word, value };
}

static void
take_result(struct arena *a, struct auth_results *out, const struct segment *s)
{
	if (!is_pair(s, 0) || out->n == AUTH_RESULTS_MAX)
		return;
	struct auth_result *r = &out->list[out->n++];
	*r = (struct auth_result){ .reason = "" };
	r->method = lower(a, s->words[0], strcspn(s->words[0], "/"));
	r->result = lower(a, s->words[2], strlen(s->words[2]));
	for (size_t i = 3; i < s->n;) {
		bool pair = is_pair(s, i);
		if (pair)
			take_pair(a, r, s->words[i], s->words[i + 2]);
		i += pair ? 3 : 1;
	}
}

void
auth_results_read(struct arena *a, const char *value, size_t len, struct auth_results *out)
{
	size_t n = 0;
	bool first = true;
	struct segment *s = arena_alloc(a, sizeof *s);
	*out = (struct auth_results){ .server = "" };
	const struct word *words = len <= AUTH_TEXT_MAX ? words_read(a, value, len, true, &n) :
							  NULL;
	for (size_t i = 0; i <= n; i++) {
		if (i < n && words[i].kind != WORD_STOP) {
			if (words[i].kind == WORD_TEXT)
				put_word(a, s, words[i].text);
			continue;
		}
		if (first && s->n > 0 && !is_pair(s, 0))
			out->server = s->words[0];
		take_result(a, out, s);
		first = false;
		s->n = 0;
		s->glue = false;
	}
}

const char *
auth_property(const struct auth_result *r, const char *name)
{
	for (size_t i = 0; i < r->n_properties; i++)
		if (strcmp(r->properties[i].name, name) == 0)
			return r->properties[i].value;
	return "";
}
