/* A catalogue as an INI file: a section for each list. */
#include <string.h>

#include "base/arena.h"
#include "base/keys.h"
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
	uint64_t seen;  /* keys of the current section */
	unsigned begun; /* see catalogue_add_row() */
};

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
set_family(const struct key_line *l, struct err *err)
{
	static const char *const words[] = { "ip4", "ip6", "domain", "none" };
	struct list *list = l->into;
	bool none = false;
	bool *const flags[] = { &list->ip4, &list->ip6, &list->domain, &none };
	if (!read_words(l->value, words, flags, 4) ||
	    (none && (list->ip4 || list->ip6 || list->domain)))
		return err_set(err, ERR_CONFIG,
		    "'%s' is not known: expected \"ip4\", \"ip6\", \"domain\", several of them, or "
		    "\"none\"",
		    l->value);
	return ERR_NONE;
}

static enum err_code
set_names(const struct key_line *l, struct err *err)
{
	static const char *const words[] = { "registered", "full" };
	struct list *list = l->into;
	bool *const flags[] = { &list->registered, &list->full };
	if (!read_words(l->value, words, flags, 2))
		return err_set(err, ERR_CONFIG,
		    "'%s' is not known: expected \"registered\", \"full\" or \"registered full\"",
		    l->value);
	return ERR_NONE;
}

static enum err_code
set_default(const struct key_line *l, struct err *err)
{
	struct list *list = l->into;
	bool yes = false;
	enum err_code code = key_read_yes_no(l->value, &yes, err);
	list->on_request = !yes;
	return code;
}

static enum err_code
set_zone(const struct key_line *l, struct err *err)
{
	const struct list *list = l->into;
	char zone[NAME_TEXT_MAX];
	if (!name_from_text(l->value, zone) || strchr(zone, '.') == NULL ||
	    strcmp(zone, list->zone) == 0)
		return err_set(err, ERR_CONFIG, "'%s' is not the zone of another list", l->value);
	*(const char **)key_place(l) = arena_strdup(l->arena, zone);
	return ERR_NONE;
}

/* The key's own name, of which the environment variable's is made; never the key. */
static enum err_code
set_key_name(const struct key_line *l, struct err *err)
{
	if (strlen(l->value) > 40 ||
	    l->value[strspn(l->value, "abcdefghijklmnopqrstuvwxyz0123456789-")] != '\0')
		return err_set(err, ERR_CONFIG,
		    "expected the name of a key, of lower case letters, digits and hyphens");
	return key_text(l, err);
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
set_date(const struct key_line *l, struct err *err)
{
	if (!is_date(l->value))
		return err_set(err, ERR_CONFIG,
		    "'%s' is not a date: expected 2024-06-05, 2024-06 or 2024", l->value);
	return key_text(l, err);
}

static enum err_code
set_test(const struct key_line *l, struct err *err)
{
	int family = l->key->name[strlen(l->key->name) - 1] == '6' ? 6 : 4;
	const char **name = key_place(l);
	struct ip entry;
	*name = "";
	if (strcmp(l->value, "none") == 0)
		return ERR_NONE;
	if (!catalogue_parse_entry(family, l->value, &entry))
		return err_set(err, ERR_CONFIG, "'%s' is neither an IPv%d address nor \"none\"",
		    l->value, family);
	*name = catalogue_test_name(l->into, &entry, l->arena);
	return ERR_NONE;
}

static enum err_code
set_domain_test(const struct key_line *l, struct err *err)
{
	const char **name = key_place(l);
	char domain[NAME_TEXT_MAX], text[NAME_TEXT_MAX];
	*name = "";
	if (strcmp(l->value, "none") == 0)
		return ERR_NONE;
	if (!name_from_text(l->value, domain) || *domain == '\0' ||
	    !list_domain_name(l->into, domain, text))
		return err_set(err, ERR_CONFIG, "'%s' is neither a domain nor \"none\"", l->value);
	*name = arena_strdup(l->arena, text);
	return ERR_NONE;
}

#define MEMBER(member_) .offset = offsetof(struct list, member_)
#define WORD(member_, words_) key_word, MEMBER(member_), .words = &(words_)
#define COUNT(member_) key_count, MEMBER(member_), .min = 1, .max = 999999999

static const struct key rows[] = {
	{ "name", key_text, MEMBER(name) },
	{ "operator", key_text, MEMBER(operator_name) },
	{ "kind", WORD(kind, list_kind_names) },
	{ "family", .set = set_family },
	{ "names", .set = set_names },
	{ "impact", WORD(impact, list_impact_names) },
	{ "why", key_text, MEMBER(why) },
	{ "removal", key_text, MEMBER(removal) },
	{ "remover", WORD(remover, list_remover_names) },
	{ "expires", key_text, MEMBER(expires) },
	{ "scope", WORD(scope, list_scope_names) },
	{ "scope6", WORD(scope6, list_scope_names) },
	{ "first-fix", key_text, MEMBER(first_fix) },
	{ "access", key_text, MEMBER(access) },
	{ "note", key_text, MEMBER(note) },
	{ "default", .set = set_default },
	{ "part-of", set_zone, MEMBER(part_of) },
	{ "stands-for", set_zone, MEMBER(stands_for) },
	{ "key", set_key_name, MEMBER(key) },
	{ "rate", COUNT(rate) },
	{ "budget", COUNT(budget) },
	{ "state", WORD(status, list_status_names) },
	{ "born", set_date, MEMBER(born) },
	{ "closed", set_date, MEMBER(closed) },
	{ "how", key_text, MEMBER(how) },
	{ "source", key_text, MEMBER(source) },
	{ "sure", WORD(sure, list_sure_names) },
	{ "test-listed4", set_test, MEMBER(test4.listed) },
	{ "test-clean4", set_test, MEMBER(test4.clean) },
	{ "test-listed6", set_test, MEMBER(test6.listed) },
	{ "test-clean6", set_test, MEMBER(test6.clean) },
	{ "test-listed", set_domain_test, MEMBER(test_domain.listed) },
	{ "test-clean", set_domain_test, MEMBER(test_domain.clean) },
};

static const struct keys keys = { rows, sizeof rows / sizeof rows[0],
	.expected = "name, operator, family, impact, why, removal, first-fix, source, code.ANSWER, "
		    "refusal.ANSWER or another key of mailready-lists(5)" };

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
	enum err_code code;
	if (line->section[0] == '\0' && r->n_spoken == 0)
		return err_set(err, ERR_CONFIG, "'%s' is before the first [zone]", line->key);
	if (line->head != r->head) {
		r->head = line->head;
		code = start_list(r, line, err);
		if (code != ERR_NONE)
			return code;
	}
	struct list *l = &r->c->lists[r->list];
	if (catalogue_add_row(l, r->arena, &r->begun, line, err, &code))
		return code;
	return keys_read(&keys, &r->seen, line, l, r->arena, err);
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
