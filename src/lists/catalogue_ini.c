#include <arpa/inet.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/inifile.h"
#include "catalogue_priv.h"

struct reader {
	struct catalogue *c;
	struct arena *arena;
	size_t first; /* lists before it came from other files */
	int *lines;   /* where each of this file's lists starts */
	size_t cap_lines;
	const char *section;
	unsigned seen; /* keys of the current section, one bit a row of keys[] */
};

struct key {
	const char *name;
	enum err_code (*set)(struct reader *r, struct list *l, const struct key *key,
	    const char *value, struct err *err);
	size_t offset; /* of the member, for set_text() and set_test() */
};

static struct list *
current(const struct reader *r)
{
	return &r->c->lists[r->c->n - 1];
}

static enum err_code
set_text(struct reader *r, struct list *l, const struct key *key, const char *value,
    struct err *err)
{
	if (*value == '\0')
		return err_set(err, ERR_DATA, "%s= is empty", key->name);
	const char **member = (const char **)(void *)((char *)l + key->offset);
	*member = arena_strdup(r->arena, value);
	return ERR_NONE;
}

static enum err_code
set_family(struct reader *r, struct list *l, const struct key *key, const char *value,
    struct err *err)
{
	(void)r;
	l->ip4 = strcmp(value, "ip4") == 0 || strcmp(value, "ip4 ip6") == 0;
	l->ip6 = strcmp(value, "ip6") == 0 || strcmp(value, "ip4 ip6") == 0;
	if (!l->ip4 && !l->ip6)
		return err_set(err, ERR_DATA, "%s=%s, expected \"ip4\", \"ip6\" or \"ip4 ip6\"",
		    key->name, value);
	return ERR_NONE;
}

static enum err_code
parse_impact(const char *word, enum list_impact *out, struct err *err)
{
	int code;
	if (!enumtab_code(&list_impact_names, word, &code)) {
		char choices[64];
		return err_set(err, ERR_DATA, "\"%s\" is no impact, expected %s", word,
		    enumtab_choices(&list_impact_names, choices, sizeof choices));
	}
	*out = (enum list_impact)code;
	return ERR_NONE;
}

static enum err_code
set_impact(struct reader *r, struct list *l, const struct key *key, const char *value,
    struct err *err)
{
	(void)r;
	(void)key;
	return parse_impact(value, &l->impact, err);
}

/* Not ip_parse(): it turns the IPv4-mapped test entries into IPv4, RFC 5782 asks them as IPv6. */
static bool
parse_entry(int family, const char *text, struct ip *out)
{
	*out = (struct ip){ .family = (uint8_t)family };
	return inet_pton(family == 6 ? AF_INET6 : AF_INET, text, out->bytes) == 1;
}

static enum err_code
set_test(struct reader *r, struct list *l, const struct key *key, const char *value,
    struct err *err)
{
	const char **member = (const char **)(void *)((char *)l + key->offset);
	int family = key->name[strlen(key->name) - 1] == '6' ? 6 : 4;
	struct ip entry;
	if (strcmp(value, "none") == 0) {
		*member = "";
		return ERR_NONE;
	}
	if (!parse_entry(family, value, &entry))
		return err_set(err, ERR_DATA, "%s=%s, expected an IPv%d address or \"none\"",
		    key->name, value, family);
	*member = catalogue_test_name(l, &entry, r->arena);
	return ERR_NONE;
}

static const struct key keys[] = {
	{ "name", set_text, offsetof(struct list, name) },
	{ "operator", set_text, offsetof(struct list, operator_name) },
	{ "family", set_family, 0 },
	{ "impact", set_impact, 0 },
	{ "why", set_text, offsetof(struct list, why) },
	{ "removal", set_text, offsetof(struct list, removal) },
	{ "first-fix", set_text, offsetof(struct list, first_fix) },
	{ "access", set_text, offsetof(struct list, access) },
	{ "source", set_text, offsetof(struct list, source) },
	{ "test-listed4", set_test, offsetof(struct list, test4.listed) },
	{ "test-clean4", set_test, offsetof(struct list, test4.clean) },
	{ "test-listed6", set_test, offsetof(struct list, test6.listed) },
	{ "test-clean6", set_test, offsetof(struct list, test6.clean) },
};

enum { KEYS_N = sizeof keys / sizeof keys[0] };

/* "127.0.0.2" or "127.0.0.4-7"; every list answers inside 127/8 (RFC 5782 2.1). */
static bool
parse_range(const char *text, struct list_code *out)
{
	char address[IP_TEXT_MAX];
	const char *dash = strchr(text, '-');
	size_t len = dash == NULL ? strlen(text) : (size_t)(dash - text);
	if (len >= sizeof address)
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	struct ip ip;
	if (!parse_entry(4, address, &ip) || ip.bytes[0] != 127)
		return false;
	unsigned long last = ip.bytes[3];
	if (dash != NULL) {
		size_t digits = strspn(dash + 1, "0123456789");
		if (digits == 0 || digits > 3 || dash[1 + digits] != '\0')
			return false;
		last = strtoul(dash + 1, NULL, 10);
	}
	if (last < ip.bytes[3] || last > 255)
		return false;
	uint32_t net = (uint32_t)ip.bytes[0] << 24 | (uint32_t)ip.bytes[1] << 16 |
	    (uint32_t)ip.bytes[2] << 8;
	out->first = net | ip.bytes[3];
	out->last = net | (uint32_t)last;
	return true;
}

static bool
overlaps(const struct list_code *rows, size_t n, const struct list_code *row)
{
	for (size_t i = 0; i < n; i++)
		if (row->first <= rows[i].last && rows[i].first <= row->last)
			return true;
	return false;
}

/* What code.* and refusal.* have in common; the meaning is left to the caller. */
static enum err_code
read_row(const struct list *l, const struct ini_line *line, struct list_code *row, struct err *err)
{
	const char *range = strchr(line->key, '.') + 1;
	*row = (struct list_code){ .meaning = "", .fix = "" };
	if (!parse_range(range, row))
		return err_set(err, ERR_DATA,
		    "\"%s\" is no answer, expected 127.0.0.2 or a range such as 127.0.0.4-7",
		    range);
	if (overlaps(l->codes, l->n_codes, row) || overlaps(l->refusals, l->n_refusals, row))
		return err_set(err, ERR_DATA, "%s has a meaning already", range);
	if (l->n_codes + l->n_refusals == CATALOGUE_CODES_MAX)
		return err_set(err, ERR_DATA, "more than %d answers", CATALOGUE_CODES_MAX);
	return ERR_NONE;
}

/* code.127.0.0.2 = critical SBL: spam source */
static enum err_code
add_code(struct reader *r, const struct ini_line *line, struct err *err)
{
	struct list *l = current(r);
	struct list_code row;
	enum err_code code = read_row(l, line, &row, err);
	if (code != ERR_NONE)
		return code;
	if (row.first >> 8 == 0x7fffff)
		return err_set(err, ERR_DATA,
		    "%s: answers in 127.255.255.0/24 are refusals, never listings", line->key);
	size_t len = strcspn(line->value, " \t");
	const char *meaning = line->value + len + strspn(line->value + len, " \t");
	if (*meaning == '\0')
		return err_set(err, ERR_DATA, "%s=%s, expected an impact and a meaning", line->key,
		    line->value);
	code = parse_impact(arena_strndup(r->arena, line->value, len), &row.impact, err);
	if (code != ERR_NONE)
		return code;
	row.meaning = arena_strdup(r->arena, meaning);
	l->codes = arena_grow(r->arena, l->codes, l->n_codes, &l->cap_codes, sizeof row);
	l->codes[l->n_codes++] = row;
	return ERR_NONE;
}

/* refusal.127.0.0.1 = the resolver has asked too often */
static enum err_code
add_refusal(struct reader *r, const struct ini_line *line, struct err *err)
{
	struct list *l = current(r);
	struct list_code row;
	enum err_code code = read_row(l, line, &row, err);
	if (code != ERR_NONE)
		return code;
	if (*line->value == '\0')
		return err_set(err, ERR_DATA, "%s= is empty", line->key);
	row.meaning = arena_strdup(r->arena, line->value);
	l->refusals = arena_grow(r->arena, l->refusals, l->n_refusals, &l->cap_refusals,
	    sizeof row);
	l->refusals[l->n_refusals++] = row;
	return ERR_NONE;
}

/* fix.127.0.0.10-11 = what to mend first; the code stands before it */
static enum err_code
add_fix(struct reader *r, const struct ini_line *line, struct err *err)
{
	struct list *l = current(r);
	struct list_code range = { .fix = "" };
	if (*line->value == '\0')
		return err_set(err, ERR_DATA, "%s= is empty", line->key);
	bool valid = parse_range(strchr(line->key, '.') + 1, &range);
	for (size_t i = 0; valid && i < l->n_codes; i++) {
		struct list_code *row = &l->codes[i];
		if (row->first != range.first || row->last != range.last)
			continue;
		if (*row->fix != '\0')
			return err_set(err, ERR_DATA, "%s stands here a second time", line->key);
		row->fix = arena_strdup(r->arena, line->value);
		return ERR_NONE;
	}
	return err_set(err, ERR_DATA, "%s: no code with just this range stands before it",
	    line->key);
}

static const struct {
	const char *prefix;
	enum err_code (*add)(struct reader *r, const struct ini_line *line, struct err *err);
} prefixes[] = {
	{ "code.", add_code },
	{ "refusal.", add_refusal },
	{ "fix.", add_fix },
};

enum { PREFIXES_N = sizeof prefixes / sizeof prefixes[0] };

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
	    "unknown key \"%s\", expected name, operator, family, impact, why, removal, "
	    "first-fix, access, source, test-..., code.ANSWER, refusal.ANSWER or fix.ANSWER",
	    word);
}

static enum err_code
set_key(struct reader *r, const struct ini_line *line, struct err *err)
{
	for (size_t i = 0; i < PREFIXES_N; i++)
		if (strncmp(line->key, prefixes[i].prefix, strlen(prefixes[i].prefix)) == 0)
			return prefixes[i].add(r, line, err);
	for (size_t i = 0; i < KEYS_N; i++) {
		if (strcmp(line->key, keys[i].name) != 0)
			continue;
		if (r->seen & 1U << i)
			return err_set(err, ERR_DATA, "%s= stands here a second time", line->key);
		r->seen |= 1U << i;
		return keys[i].set(r, current(r), &keys[i], line->value, err);
	}
	return unknown_key(line->key, err);
}

static enum err_code
start_list(struct reader *r, const struct ini_line *line, struct err *err)
{
	size_t nth = r->c->n - r->first;
	if (catalogue_add(r->c, r->arena, line->section, err) == NULL)
		return err->code;
	r->lines = arena_grow(r->arena, r->lines, nth, &r->cap_lines, sizeof *r->lines);
	r->lines[nth] = line->line;
	r->section = arena_strdup(r->arena, line->section);
	r->seen = 0;
	return ERR_NONE;
}

static enum err_code
on_key(void *arg, const struct ini_line *line, struct err *err)
{
	struct reader *r = arg;
	if (strcmp(r->section, line->section) != 0) {
		enum err_code code = start_list(r, line, err);
		if (code != ERR_NONE)
			return code;
	}
	if (r->c->n == r->first)
		return err_set(err, ERR_DATA, "\"%s\" stands before the first [zone]", line->key);
	return set_key(r, line, err);
}

/* A list without codes would call every answer unknown: surely something was forgotten. */
static enum err_code
check_complete(const struct reader *r, const char *name, struct err *err)
{
	for (size_t i = r->first; i < r->c->n; i++)
		if (r->c->lists[i].n_codes == 0)
			return err_set(err, ERR_DATA, "%s:%d: [%s] has no code.ANSWER", name,
			    r->lines[i - r->first], r->c->lists[i].zone);
	return ERR_NONE;
}

enum err_code
catalogue_read_ini(struct catalogue *c, struct arena *a, const char *name, const char *text,
    size_t len, struct err *err)
{
	struct reader r = { .c = c, .arena = a, .first = c->n, .section = "" };
	if (ini_read_text(name, text, len, on_key, &r, err) != ERR_NONE) {
		err->code = ERR_DATA; /* whatever the reader calls it, the user gave this file */
		return ERR_DATA;
	}
	return check_complete(&r, name, err);
}
