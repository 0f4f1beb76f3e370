/* A catalogue as an INI file: a section for each list. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "catalogue_priv.h"

/* A list that this file speaks of. */
struct spoken {
	size_t list;
	int line;
};

struct reader {
	struct catalogue *c;
	struct arena *arena;
	size_t list; /* of the current section */
	struct spoken *spoken;
	size_t n_spoken, cap_spoken;
	int head;       /* line of its heading */
	uint64_t seen;  /* keys of the current section, one bit a row of keys[] */
	unsigned begun; /* see catalogue_add_row() */
};

struct key {
	const char *name;
	enum err_code (*set)(struct reader *r, struct list *l, const struct key *key,
	    const char *value, struct err *err);
	size_t offset; /* of the member */
	const struct enumtab *words;
};

static void *
member(struct list *l, const struct key *key)
{
	return (char *)l + key->offset;
}

static enum err_code
set_text(struct reader *r, struct list *l, const struct key *key, const char *value,
    struct err *err)
{
	if (*value == '\0')
		return err_set(err, ERR_DATA, "%s= is empty", key->name);
	*(const char **)member(l, key) = arena_strdup(r->arena, value);
	return ERR_NONE;
}

static enum err_code
set_word(struct reader *r, struct list *l, const struct key *key, const char *value,
    struct err *err)
{
	(void)r;
	return catalogue_parse_word(key->words, key->name, value, member(l, key), err);
}

/* Each word once, of those that are offered; false for any other. */
static bool
read_words(const char *value, const char *const *offered, bool *const *flags, size_t n)
{
	for (size_t i = 0; i < n; i++)
		*flags[i] = false;
	while (*value != '\0') {
		size_t len = strcspn(value, " "), i = 0;
		while (i < n && (strlen(offered[i]) != len || memcmp(value, offered[i], len) != 0))
			i++;
		if (i == n || *flags[i])
			return false;
		*flags[i] = true;
		value += len + strspn(value + len, " ");
	}
	return true;
}

static enum err_code
set_family(struct reader *r, struct list *l, const struct key *key, const char *value,
    struct err *err)
{
	static const char *const words[] = { "ip4", "ip6", "domain", "none" };
	bool none = false;
	bool *const flags[] = { &l->ip4, &l->ip6, &l->domain, &none };
	(void)r;
	bool valid = *value != '\0' && read_words(value, words, flags, 4);
	if (!valid || (none && (l->ip4 || l->ip6 || l->domain)))
		return err_set(err, ERR_DATA,
		    "%s=%s, expected \"ip4\", \"ip6\", \"domain\", several of them, or \"none\"",
		    key->name, value);
	return ERR_NONE;
}

static enum err_code
set_names(struct reader *r, struct list *l, const struct key *key, const char *value,
    struct err *err)
{
	static const char *const words[] = { "registered", "full" };
	bool *const flags[] = { &l->registered, &l->full };
	(void)r;
	if (*value == '\0' || !read_words(value, words, flags, 2))
		return err_set(err, ERR_DATA,
		    "%s=%s, expected \"registered\", \"full\" or \"registered full\"", key->name,
		    value);
	return ERR_NONE;
}

static enum err_code
set_default(struct reader *r, struct list *l, const struct key *key, const char *value,
    struct err *err)
{
	(void)r;
	l->on_request = strcmp(value, "no") == 0;
	if (!l->on_request && strcmp(value, "yes") != 0)
		return err_set(err, ERR_DATA, "%s=%s, expected yes or no", key->name, value);
	return ERR_NONE;
}

static enum err_code
set_number(struct reader *r, struct list *l, const struct key *key, const char *value,
    struct err *err)
{
	size_t digits = strspn(value, "0123456789");
	(void)r;
	if (digits == 0 || digits > 9 || value[digits] != '\0' || strtoul(value, NULL, 10) == 0)
		return err_set(err, ERR_DATA, "%s=%s, expected a number of questions", key->name,
		    value);
	*(unsigned *)member(l, key) = (unsigned)strtoul(value, NULL, 10);
	return ERR_NONE;
}

static enum err_code
set_zone(struct reader *r, struct list *l, const struct key *key, const char *value,
    struct err *err)
{
	char zone[NAME_TEXT_MAX];
	if (!name_from_text(value, zone) || strchr(zone, '.') == NULL || strcmp(zone, l->zone) == 0)
		return err_set(err, ERR_DATA, "%s=%s, expected the zone of another list", key->name,
		    value);
	*(const char **)member(l, key) = arena_strdup(r->arena, zone);
	return ERR_NONE;
}

/* The key's own name, of which the environment variable's is made; never the key. */
static enum err_code
set_key_name(struct reader *r, struct list *l, const struct key *key, const char *value,
    struct err *err)
{
	if (*value == '\0' || strlen(value) > 40 ||
	    value[strspn(value, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		return err_set(err, ERR_DATA,
		    "%s=: expected the name of a key, of lower case letters, digits and hyphens",
		    key->name);
	l->key = arena_strdup(r->arena, value);
	return ERR_NONE;
}

static bool
is_number(const char *text, size_t len, int first, int last)
{
	int n = 0;
	for (size_t i = 0; i < len; i++) {
		if (text[i] < '0' || text[i] > '9')
			return false;
		n = 10 * n + (text[i] - '0');
	}
	return first <= n && n <= last;
}

/* 2024, 2024-06 or 2024-06-05 */
static bool
is_date(const char *text)
{
	size_t len = strlen(text);
	if ((len != 4 && len != 7 && len != 10) || !is_number(text, 4, 1980, 2100))
		return false;
	if (len > 4 && (text[4] != '-' || !is_number(text + 5, 2, 1, 12)))
		return false;
	return len <= 7 || (text[7] == '-' && is_number(text + 8, 2, 1, 31));
}

static enum err_code
set_date(struct reader *r, struct list *l, const struct key *key, const char *value,
    struct err *err)
{
	if (!is_date(value))
		return err_set(err, ERR_DATA, "%s=%s, expected a date: 2024-06-05, 2024-06 or 2024",
		    key->name, value);
	*(const char **)member(l, key) = arena_strdup(r->arena, value);
	return ERR_NONE;
}

static enum err_code
set_test(struct reader *r, struct list *l, const struct key *key, const char *value,
    struct err *err)
{
	int family = key->name[strlen(key->name) - 1] == '6' ? 6 : 4;
	const char **name = member(l, key);
	struct ip entry;
	*name = "";
	if (strcmp(value, "none") == 0)
		return ERR_NONE;
	if (!catalogue_parse_entry(family, value, &entry))
		return err_set(err, ERR_DATA, "%s=%s, expected an IPv%d address or \"none\"",
		    key->name, value, family);
	*name = catalogue_test_name(l, &entry, r->arena);
	return ERR_NONE;
}

static enum err_code
set_domain_test(struct reader *r, struct list *l, const struct key *key, const char *value,
    struct err *err)
{
	char domain[NAME_TEXT_MAX], name[NAME_TEXT_MAX];
	bool none = strcmp(value, "none") == 0;
	if (!none &&
	    (!name_from_text(value, domain) || *domain == '\0' ||
		!list_domain_name(l, domain, name)))
		return err_set(err, ERR_DATA, "%s=%s, expected a domain or \"none\"", key->name,
		    value);
	*(const char **)member(l, key) = none ? "" : arena_strdup(r->arena, name);
	return ERR_NONE;
}

#define MEMBER(member_) offsetof(struct list, member_)

static const struct key keys[] = {
	{ "name", set_text, MEMBER(name), NULL },
	{ "operator", set_text, MEMBER(operator_name), NULL },
	{ "kind", set_word, MEMBER(kind), &list_kind_names },
	{ "family", set_family, 0, NULL },
	{ "names", set_names, 0, NULL },
	{ "impact", set_word, MEMBER(impact), &list_impact_names },
	{ "why", set_text, MEMBER(why), NULL },
	{ "removal", set_text, MEMBER(removal), NULL },
	{ "remover", set_word, MEMBER(remover), &list_remover_names },
	{ "expires", set_text, MEMBER(expires), NULL },
	{ "scope", set_word, MEMBER(scope), &list_scope_names },
	{ "scope6", set_word, MEMBER(scope6), &list_scope_names },
	{ "first-fix", set_text, MEMBER(first_fix), NULL },
	{ "access", set_text, MEMBER(access), NULL },
	{ "note", set_text, MEMBER(note), NULL },
	{ "default", set_default, 0, NULL },
	{ "part-of", set_zone, MEMBER(part_of), NULL },
	{ "stands-for", set_zone, MEMBER(stands_for), NULL },
	{ "key", set_key_name, MEMBER(key), NULL },
	{ "rate", set_number, MEMBER(rate), NULL },
	{ "budget", set_number, MEMBER(budget), NULL },
	{ "state", set_word, MEMBER(status), &list_status_names },
	{ "born", set_date, MEMBER(born), NULL },
	{ "closed", set_date, MEMBER(closed), NULL },
	{ "how", set_text, MEMBER(how), NULL },
	{ "source", set_text, MEMBER(source), NULL },
	{ "sure", set_word, MEMBER(sure), &list_sure_names },
	{ "test-listed4", set_test, MEMBER(test4.listed), NULL },
	{ "test-clean4", set_test, MEMBER(test4.clean), NULL },
	{ "test-listed6", set_test, MEMBER(test6.listed), NULL },
	{ "test-clean6", set_test, MEMBER(test6.clean), NULL },
	{ "test-listed", set_domain_test, MEMBER(test_domain.listed), NULL },
	{ "test-clean", set_domain_test, MEMBER(test_domain.clean), NULL },
};

enum { KEYS_N = sizeof keys / sizeof keys[0] };

static enum err_code
unknown_key(const char *word, struct err *err)
{
	const char *known[KEYS_N];
	for (size_t i = 0; i < KEYS_N; i++)
		known[i] = keys[i].name;
	const char *nearest = ini_nearest(word, known, KEYS_N);
	if (nearest != NULL)
		return err_set(err, ERR_DATA, "unknown key \"%s\", did you mean \"%s\"?", word,
		    nearest);
	return err_set(err, ERR_DATA,
	    "unknown key \"%s\", expected name, operator, family, impact, why, removal, first-fix, "
	    "source, code.ANSWER, refusal.ANSWER or another key of mailready-lists(5)",
	    word);
}

static enum err_code
set_key(struct reader *r, const struct ini_line *line, struct err *err)
{
	struct list *l = &r->c->lists[r->list];
	enum err_code code;
	if (catalogue_add_row(l, r->arena, &r->begun, line, err, &code))
		return code;
	for (size_t i = 0; i < KEYS_N; i++) {
		if (strcmp(line->key, keys[i].name) != 0)
			continue;
		if (r->seen & UINT64_C(1) << i)
			return err_set(err, ERR_DATA, "%s= appears twice", line->key);
		r->seen |= UINT64_C(1) << i;
		return keys[i].set(r, l, &keys[i], line->value, err);
	}
	return unknown_key(line->key, err);
}

static enum err_code
start_list(struct reader *r, const struct ini_line *line, struct err *err)
{
	const struct list *l = catalogue_add(r->c, r->arena, line->section, err);
	if (l == NULL)
		return err->code;
	r->list = (size_t)(l - r->c->lists);
	r->spoken = arena_grow(r->arena, r->spoken, r->n_spoken, &r->cap_spoken, sizeof *r->spoken);
	r->spoken[r->n_spoken++] = (struct spoken){ r->list, line->head };
	r->seen = 0;
	r->begun = 0;
	return ERR_NONE;
}

static enum err_code
on_key(void *arg, const struct ini_line *line, struct err *err)
{
	struct reader *r = arg;
	if (line->section[0] == '\0' && r->n_spoken == 0)
		return err_set(err, ERR_DATA, "\"%s\" appears before the first [zone]", line->key);
	if (line->head != r->head) {
		r->head = line->head;
		enum err_code code = start_list(r, line, err);
		if (code != ERR_NONE)
			return code;
	}
	return set_key(r, line, err);
}

/* What is missing for the list to be of use; NULL when nothing is. */
static const char *
gap_of(const struct list *l)
{
	bool askable = l->ip4 || l->ip6 || l->domain;
	if (l->status == LIST_DEAD || l->status == LIST_DOUBTFUL)
		return *l->how == '\0' ? "has no how=, though it is dead or doubtful" : NULL;
	if (catalogue_is_pattern(l->zone))
		return "is a pattern, but only dead and doubtful lists can be patterns";
	if (l->kind == LIST_KIND_WEB)
		return askable ? "is of the kind web, but has a family" : NULL;
	/* without codes every answer would be unknown: surely something was forgotten */
	if (askable && l->n_codes + l->n_bits == 0 && !l->plain)
		return "has no code.ANSWER";
	return NULL;
}

static enum err_code
check_complete(const struct reader *r, const char *name, struct err *err)
{
	for (size_t i = 0; i < r->n_spoken; i++) {
		const struct list *l = &r->c->lists[r->spoken[i].list];
		const char *gap = gap_of(l);
		if (gap != NULL)
			return err_set(err, ERR_DATA, "%s:%d: [%s] %s", name, r->spoken[i].line,
			    l->zone, gap);
	}
	return ERR_NONE;
}

enum err_code
catalogue_read_ini(struct catalogue *c, struct arena *a, const char *name, const char *text,
    size_t len, struct err *err)
{
	struct reader r = { .c = c, .arena = a };
	if (ini_read_text(name, text, len, on_key, &r, err) != ERR_NONE) {
		err->code = ERR_DATA; /* whatever the reader calls it, the user gave this file */
		return ERR_DATA;
	}
	return check_complete(&r, name, err);
}
