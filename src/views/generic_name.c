/* Was a name chosen for a server, or generated for an address? */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "views/generic.h"
#include "views/generic_priv.h"

/* One label of the host part, and what its words say. */
struct label {
	const char *text;
	size_t len;
	bool number; /* has a digit */
};

enum { LABELS_MAX = 128 };

struct host {
	const char *text;
	struct label labels[LABELS_MAX];
	size_t n;
};

static void
split_host(const char *text, struct host *h)
{
	*h = (struct host){ .text = text };
	while (*text != '\0' && h->n < LABELS_MAX) {
		struct label *l = &h->labels[h->n++];
		l->text = text;
		l->len = strcspn(text, ".");
		l->number = strcspn(text, "0123456789") < l->len;
		text += l->len;
		text += *text == '.';
	}
}

/* The next run of letters in a label: words end at hyphens and at numbers ("dhcp12"). */
static const char *
next_word(const struct label *l, size_t *pos, size_t *len)
{
	while (*pos < l->len && !isalpha((unsigned char)l->text[*pos]))
		(*pos)++;
	const char *word = l->text + *pos;
	*len = 0;
	while (*pos < l->len && isalpha((unsigned char)l->text[*pos])) {
		(*pos)++;
		(*len)++;
	}
	return *len > 0 ? word : NULL;
}

static const char *
find_word(const struct generic_table *table, enum generic_words list, const struct label *l,
    size_t *len)
{
	size_t pos = 0;
	for (const char *word = next_word(l, &pos, len); word != NULL;
	     word = next_word(l, &pos, len))
		if (generic_table_has_word(table, list, word, *len))
			return word;
	return NULL;
}

static bool
has_number_near(const struct host *h, size_t i)
{
	return h->labels[i].number || (i > 0 && h->labels[i - 1].number) ||
	    (i + 1 < h->n && h->labels[i + 1].number);
}

/* An access word with a number in the same or the next label; the word, or NULL. */
static const char *
find_access_word(const struct generic_table *table, enum generic_words list, const struct host *h,
    size_t *len)
{
	for (size_t i = 0; i < h->n; i++) {
		if (!has_number_near(h, i))
			continue;
		const char *word = find_word(table, list, &h->labels[i], len);
		if (word != NULL)
			return word;
	}
	return NULL;
}

static bool
has_label_word(const struct generic_table *table, enum generic_words list, const struct host *h)
{
	size_t len;
	for (size_t i = 0; i < h->n; i++)
		if (find_word(table, list, &h->labels[i], &len) != NULL)
			return true;
	return false;
}

/* Does a label begin with a word of mail: "mx03", "outbound-mail", "smtp-out"? */
static bool
is_named_for_mail(const struct generic_table *table, const struct host *h)
{
	for (size_t i = 0; i < h->n; i++) {
		size_t pos = 0, len;
		const char *word = next_word(&h->labels[i], &pos, &len);
		if (word == h->labels[i].text &&
		    generic_table_has_word(table, GENERIC_WORDS_MAIL, word, len))
			return true;
	}
	return false;
}

/* A serial number as the whole first label: vmi242170. */
static bool
is_serial(const struct label *l)
{
	size_t letters = 0, digits = 0;
	while (letters < l->len && isalpha((unsigned char)l->text[letters]))
		letters++;
	while (letters + digits < l->len && isdigit((unsigned char)l->text[letters + digits]))
		digits++;
	return letters >= 1 && letters <= 4 && digits >= 5 && letters + digits == l->len;
}

static void
set_sign(struct generic_name *out, enum generic_class class, const char *rule, const char *match)
{
	out->class = class;
	out->rule = rule;
	out->match = match;
}

/* The signs, strongest first; false when there is none. */
static bool
find_sign(const struct generic_table *table, const struct ip *ip, const char *name,
    const struct host *h, struct arena *a, struct generic_name *out)
{
	size_t len;
	struct generic_trace trace = generic_find_address(ip, h->text, a);
	const char *trace_text = arena_strndup(a, h->text + trace.start, trace.len);
	const char *word = find_access_word(table, GENERIC_WORDS_STRONG, h, &len);
	if (trace.rule != NULL && trace.strong)
		set_sign(out, GENERIC_ADDRESS, trace.rule, trace_text);
	else if (word != NULL)
		set_sign(out, GENERIC_DYNAMIC, "has the word of an access line beside a number",
		    arena_strndup(a, word, len));
	else if (trace.rule != NULL)
		set_sign(out, GENERIC_WEAK, trace.rule, trace_text);
	else if ((word = find_access_word(table, GENERIC_WORDS_WEAK, h, &len)) != NULL)
		set_sign(out, GENERIC_WEAK, "has a word for a customer's machine beside a number",
		    arena_strndup(a, word, len));
	else if (h->n > 0 && is_serial(&h->labels[0]))
		set_sign(out, GENERIC_WEAK, "begins with a serial number",
		    arena_strndup(a, h->labels[0].text, h->labels[0].len));
	else if (name_in_private_suffix(name))
		set_sign(out, GENERIC_WEAK,
		    "is below a domain that a provider shares among customers",
		    name_org_domain(name));
	return out->rule[0] != '\0';
}

/*
 * Each clearing sign takes one level off, but a name that shows its address or its access line
 * stays weak as long as its domain is somebody else's.
 */
static void
clear_signs(const struct generic_table *table, const struct host *h, bool own,
    struct generic_name *out)
{
	int level = out->class == GENERIC_WEAK ? 1 : 2;
	bool strong = level == 2;
	level -= is_named_for_mail(table, h);
	level -= own;
	/* "static" speaks against a dynamic line, not against a generated name */
	level -= out->class == GENERIC_DYNAMIC && has_label_word(table, GENERIC_WORDS_STATIC, h);
	if (level >= 2)
		return;
	if (level == 1 || (strong && !own)) {
		out->class = GENERIC_WEAK;
		return;
	}
	set_sign(out, GENERIC_OWN, "", "");
}

void
generic_name_judge(const struct generic_table *table, const struct ip *ip, const char *name,
    bool own, struct arena *a, struct generic_name *out)
{
	*out = (struct generic_name){ .provider = "", .note = "", .match = "", .rule = "" };
	const struct generic_row *row = generic_table_match(table, name);
	if (row != NULL) {
		set_sign(out, GENERIC_PROVIDER, "has the form of a provider's default names", name);
		out->provider = row->provider;
		out->note = row->note;
		return;
	}

	/* Only what is left of the registered domain counts: brands hold such words too. */
	const char *org = name_org_domain(name);
	size_t len = (size_t)(org - name);
	struct host h;
	split_host(org[0] == '\0' ? name : arena_strndup(a, name, len > 0 ? len - 1 : 0), &h);
	if (find_sign(table, ip, name, &h, a, out))
		clear_signs(table, &h, own, out);
}
