/* The tables of a list: code.*, bit.*, fix.*, cause.*, refusal.* and harmless.* */
#include <arpa/inet.h>
#include <string.h>

#include "base/arena.h"
#include "base/number.h"
#include "catalogue_priv.h"

/* Tables that a section has begun: what an earlier file said is replaced as a whole. */
enum { BEGUN_CODES = 1, BEGUN_REFUSALS = 2, BEGUN_HARMLESS = 4 };

struct adding {
	struct list *l;
	struct arena *arena;
	unsigned *begun;
	const struct ini_line *line;
	struct err *err;
};

bool
catalogue_parse_entry(int family, const char *text, struct ip *out)
{
	*out = (struct ip){ .family = (uint8_t)family };
	return inet_pton(family == 6 ? AF_INET6 : AF_INET, text, out->bytes) == 1;
}

static uint32_t
number_of(const struct ip *ip)
{
	return (uint32_t)ip->bytes[0] << 24 | (uint32_t)ip->bytes[1] << 16 |
	    (uint32_t)ip->bytes[2] << 8 | ip->bytes[3];
}

/* The end of a range: "7", the last octet, or a whole address. */
static bool
parse_range_end(const char *text, uint32_t first, uint32_t *out)
{
	struct ip ip;
	if (catalogue_parse_entry(4, text, &ip)) {
		*out = number_of(&ip);
		return true;
	}
	uint64_t octet;
	if (!number_is(text, 0, 255, &octet))
		return false;
	*out = (first & 0xffffff00U) | (uint32_t)octet;
	return true;
}

/* "127.0.0.2", "127.0.0.4-7" or "127.0.2.0-127.0.9.255"; every list answers inside 127/8 (RFC
 * 5782 2.1). */
static bool
parse_range(const char *text, struct list_code *out)
{
	char address[IP_TEXT_MAX];
	struct ip ip;
	size_t len = strcspn(text, "-");
	if (len >= sizeof address)
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	if (!catalogue_parse_entry(4, address, &ip))
		return false;
	out->first = out->last = number_of(&ip);
	if (text[len] == '-' && !parse_range_end(text + len + 1, out->first, &out->last))
		return false;
	return out->first <= out->last && out->first >> 24 == 127 && out->last >> 24 == 127;
}

static bool
overlaps(const struct list_code *rows, size_t n, const struct list_code *row)
{
	for (size_t i = 0; i < n; i++)
		if (row->first <= rows[i].last && rows[i].first <= row->last)
			return true;
	return false;
}

static void
begin_table(const struct adding *a, unsigned table)
{
	if (*a->begun & table)
		return;
	*a->begun |= table;
	if (table == BEGUN_REFUSALS)
		a->l->n_refusals = 0;
	else if (table == BEGUN_HARMLESS)
		a->l->n_harmless = 0;
	else
		a->l->n_codes = a->l->n_bits = 0;
}

static enum err_code
check_room(const struct list *l, struct err *err)
{
	if (l->n_codes + l->n_bits + l->n_refusals + l->n_harmless == CATALOGUE_CODES_MAX)
		return err_set(err, ERR_CONFIG, "more than %d answers", CATALOGUE_CODES_MAX);
	return ERR_NONE;
}

/* What code.* and refusal.* have in common; the meaning is left to the caller. */
static enum err_code
read_range(const struct adding *a, const char *range, struct list_code *row)
{
	const struct list *l = a->l;
	*row = (struct list_code){ .meaning = "", .fix = "" };
	if (!parse_range(range, row))
		return err_set(a->err, ERR_CONFIG,
		    "'%s' is not an answer: expected 127.0.0.2 or a range such as 127.0.0.4-7",
		    range);
	if (overlaps(l->codes, l->n_codes, row) || overlaps(l->refusals, l->n_refusals, row) ||
	    overlaps(l->harmless, l->n_harmless, row))
		return err_set(a->err, ERR_CONFIG, "it already has a meaning");
	return check_room(l, a->err);
}

/* "critical SBL: spam source" */
static enum err_code
read_meaning(const struct adding *a, struct list_code *row)
{
	const char *value = a->line->value;
	size_t len = strcspn(value, " \t");
	const char *meaning = value + len + strspn(value + len, " \t");
	int impact;
	if (*meaning == '\0')
		return err_set(a->err, ERR_CONFIG,
		    "'%s' is not all: expected an impact and a meaning", value);
	enum err_code code = enumtab_read(&list_impact_names, arena_strndup(a->arena, value, len),
	    &impact, ERR_CONFIG, a->err);
	if (code != ERR_NONE)
		return code;
	row->impact = (enum list_impact)impact;
	row->meaning = arena_strdup(a->arena, meaning);
	return ERR_NONE;
}

/* code.127.0.0.2 = critical SBL: spam source */
static enum err_code
add_code(const struct adding *a, const char *range)
{
	struct list *l = a->l;
	struct list_code row;
	begin_table(a, BEGUN_CODES);
	enum err_code code = read_range(a, range, &row);
	if (code != ERR_NONE)
		return code;
	if (row.last >= 0x7fffff00U)
		return err_set(a->err, ERR_CONFIG,
		    "answers in 127.255.255.0/24 are refusals, never listings");
	if ((code = read_meaning(a, &row)) != ERR_NONE)
		return code;
	l->codes = arena_grow(a->arena, l->codes, l->n_codes, &l->cap_codes, sizeof row);
	l->codes[l->n_codes++] = row;
	return ERR_NONE;
}

/* bit.8 = high PH: phishing */
static enum err_code
add_bit(const struct adding *a, const char *text)
{
	struct list *l = a->l;
	struct list_code row = { .fix = "" };
	uint64_t bit = 0;
	begin_table(a, BEGUN_CODES);
	if (!number_is(text, 1, 128, &bit) || (bit & (bit - 1)) != 0)
		return err_set(a->err, ERR_CONFIG,
		    "'%s' is not a bit: expected 1, 2, 4, 8, 16, 32, 64 or 128", text);
	row.first = row.last = (uint32_t)bit;
	if (overlaps(l->bits, l->n_bits, &row))
		return err_set(a->err, ERR_CONFIG, "given a second time: expected it once");
	enum err_code code = check_room(l, a->err);
	if (code == ERR_NONE)
		code = read_meaning(a, &row);
	if (code != ERR_NONE)
		return code;
	l->bits = arena_grow(a->arena, l->bits, l->n_bits, &l->cap_bits, sizeof row);
	l->bits[l->n_bits++] = row;
	return ERR_NONE;
}

/* A row with a meaning alone. */
static enum err_code
read_plain_row(const struct adding *a, const char *range, struct list_code *row)
{
	enum err_code code = read_range(a, range, row);
	if (code != ERR_NONE)
		return code;
	row->meaning = arena_strdup(a->arena, a->line->value);
	return ERR_NONE;
}

/* harmless.127.0.0.1 = white: a good sender */
static enum err_code
add_harmless(const struct adding *a, const char *range)
{
	struct list *l = a->l;
	struct list_code row;
	begin_table(a, BEGUN_HARMLESS);
	enum err_code code = read_plain_row(a, range, &row);
	if (code != ERR_NONE)
		return code;
	l->harmless = arena_grow(a->arena, l->harmless, l->n_harmless, &l->cap_harmless,
	    sizeof row);
	l->harmless[l->n_harmless++] = row;
	return ERR_NONE;
}

/* refusal.127.0.0.1 = it refuses this resolver */
static enum err_code
add_refusal(const struct adding *a, const char *range)
{
	struct list *l = a->l;
	struct list_code row;
	begin_table(a, BEGUN_REFUSALS);
	enum err_code code = read_plain_row(a, range, &row);
	if (code != ERR_NONE)
		return code;
	l->refusals = arena_grow(a->arena, l->refusals, l->n_refusals, &l->cap_refusals,
	    sizeof row);
	l->refusals[l->n_refusals++] = row;
	return ERR_NONE;
}

/* The code of just that range, which stands before what is said about it; NULL with err. */
static struct list_code *
find_code(const struct adding *a, const char *text)
{
	struct list_code range;
	bool valid = parse_range(text, &range);
	for (size_t i = 0; valid && i < a->l->n_codes; i++)
		if (a->l->codes[i].first == range.first && a->l->codes[i].last == range.last)
			return &a->l->codes[i];
	err_set(a->err, ERR_CONFIG, "no code with just this range is before it: expected one");
	return NULL;
}

/* fix.127.0.0.10-11 = what to repair first */
static enum err_code
add_fix(const struct adding *a, const char *range)
{
	struct list_code *row = find_code(a, range);
	if (row == NULL)
		return a->err->code;
	if (*row->fix != '\0' && (*a->begun & BEGUN_CODES))
		return err_set(a->err, ERR_CONFIG, "given a second time: expected it once");
	row->fix = arena_strdup(a->arena, a->line->value);
	return ERR_NONE;
}

/* cause.127.0.0.37 = no-ptr */
static enum err_code
add_cause(const struct adding *a, const char *range)
{
	int cause;
	struct list_code *row = find_code(a, range);
	if (row == NULL)
		return a->err->code;
	enum err_code code = enumtab_read(&list_cause_names, a->line->value, &cause, ERR_CONFIG,
	    a->err);
	if (code == ERR_NONE)
		row->cause = (enum list_cause)cause;
	return code;
}

static const struct {
	const char *prefix;
	enum err_code (*add)(const struct adding *a, const char *rest);
} prefixes[] = {
	{ "code.", add_code },
	{ "bit.", add_bit },
	{ "refusal.", add_refusal },
	{ "harmless.", add_harmless },
	{ "fix.", add_fix },
	{ "cause.", add_cause },
};

bool
catalogue_add_row(struct list *l, struct arena *a, unsigned *begun, const struct ini_line *line,
    struct err *err, enum err_code *code)
{
	const struct adding adding = { l, a, begun, line, err };
	for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
		size_t len = strlen(prefixes[i].prefix);
		if (strncmp(line->key, prefixes[i].prefix, len) != 0)
			continue;
		*code = line->value[0] == '\0' ? err_set(err, ERR_CONFIG, "expected a value") :
						 prefixes[i].add(&adding, line->key + len);
		if (*code != ERR_NONE)
			*code = err_prefix(err, "%s", line->key);
		return true;
	}
	return false;
}
