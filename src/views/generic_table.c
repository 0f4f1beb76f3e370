/* The table of provider naming patterns, read from its file and matched. */
#include "views/generic_table.h"

#include <regex.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/keys.h"
#include "base/mem.h"

struct generic_regex {
	regex_t compiled;
	bool good;
};

struct generic_table {
	struct arena arena;
	struct generic_row *rows;
	size_t n, cap;
	const char *words[GENERIC_WORDS_N]; /* separated by blanks */
	uint64_t seen, words_seen; /* keys of the last row and of [words], while it is read */
};

#define ROW(member) key_text, .offset = offsetof(struct generic_row, member)
#define WORDS(i) key_text, .offset = (i) * sizeof(const char *)

static const struct key row_list[] = {
	{ "provider", ROW(provider) },
	{ "pattern", ROW(pattern) },
	{ "literals", ROW(literals) },
	{ "address", ROW(address) },
	{ "note", ROW(note) },
	{ "source", ROW(source) },
	{ "reviewed", ROW(reviewed) },
};
static const struct key words_list[] = {
	{ "strong", WORDS(GENERIC_WORDS_STRONG) },
	{ "weak", WORDS(GENERIC_WORDS_WEAK) },
	{ "mail", WORDS(GENERIC_WORDS_MAIL) },
	{ "static", WORDS(GENERIC_WORDS_STATIC) },
};
static const struct keys row_keys = KEYS(row_list), words_keys = KEYS(words_list);
enum { ROW_KEYS_NEEDED = 4 };

static const char words_section[] = "words";

static const char **
row_field(struct generic_row *row, size_t key)
{
	return (const char **)(void *)((char *)row + row_list[key].offset);
}

static struct generic_row *
add_row(struct generic_table *t, const struct ini_line *line)
{
	t->rows = arena_grow(&t->arena, t->rows, t->n, &t->cap, sizeof *t->rows);
	struct generic_row *row = &t->rows[t->n++];
	*row = (struct generic_row){ .line = line->line };
	row->id = arena_strdup(&t->arena, line->section);
	for (size_t i = 0; i < row_keys.n; i++)
		*row_field(row, i) = "";
	t->seen = 0;
	return row;
}

static enum err_code
read_line(void *arg, const struct ini_line *line, struct err *err)
{
	struct generic_table *t = arg;
	if (strcmp(line->section, words_section) == 0)
		return keys_read(&words_keys, &t->words_seen, line, t->words, &t->arena, err);
	struct generic_row *row = t->n > 0 ? &t->rows[t->n - 1] : NULL;
	if (row == NULL || strcmp(row->id, line->section) != 0)
		row = add_row(t, line);
	return keys_read(&row_keys, &t->seen, line, row, &t->arena, err);
}

static enum err_code
check_rows(struct generic_table *t, const char *file, struct err *err)
{
	for (size_t i = 0; i < t->n; i++) {
		for (size_t k = 0; k < ROW_KEYS_NEEDED; k++)
			if (**row_field(&t->rows[i], k) == '\0')
				return err_set(err, ERR_CONFIG,
				    "%s:%d: section \"%s\" has no \"%s\"", file, t->rows[i].line,
				    t->rows[i].id, row_list[k].name);
		for (size_t k = 0; k < i; k++)
			if (strcmp(t->rows[k].id, t->rows[i].id) == 0)
				return err_set(err, ERR_CONFIG,
				    "%s:%d: section \"%s\" is there twice", file, t->rows[i].line,
				    t->rows[i].id);
	}
	return ERR_NONE;
}

/* The next word of a list separated by blanks; NULL at its end. */
static const char *
next_word(const char **list, size_t *len)
{
	const char *word = *list + strspn(*list, " \t");
	*len = strcspn(word, " \t");
	*list = word + *len;
	return *len > 0 ? word : NULL;
}

static void
pairs_add(struct generic_pairs *set, const char *at)
{
	unsigned bit = (31U * (unsigned char)at[0] + (unsigned char)at[1]) % 256;
	set->bits[bit / 64] |= UINT64_C(1) << bit % 64;
}

static bool
pairs_meet(const struct generic_pairs *x, const struct generic_pairs *y)
{
	uint64_t common = 0;
	for (size_t i = 0; i < 4; i++)
		common |= x->bits[i] & y->bits[i];
	return common != 0;
}

/* A literal of one byte has none: its row is never left out. */
static void
pairs_of_literals(struct generic_row *row)
{
	const char *rest = row->literals;
	size_t len;
	for (const char *word = next_word(&rest, &len); word != NULL;
	     word = next_word(&rest, &len)) {
		if (len > 1)
			pairs_add(&row->pairs, word + (len - 1) / 2);
		else
			memset(&row->pairs, 0xff, sizeof row->pairs);
	}
}

static struct generic_pairs
pairs_of_name(const char *name)
{
	struct generic_pairs pairs = { .bits = { 0 } };
	for (; name[0] != '\0' && name[1] != '\0'; name++)
		pairs_add(&pairs, name);
	return pairs;
}

static struct generic_table *
table_new(void)
{
	struct generic_table *t = mem_zalloc(1, sizeof *t);
	arena_init(&t->arena);
	for (size_t i = 0; i < GENERIC_WORDS_N; i++)
		t->words[i] = "";
	return t;
}

static enum err_code
table_finish(struct generic_table *t, enum err_code code, const char *file,
    struct generic_table **out, struct err *err)
{
	if (code == ERR_NONE)
		code = check_rows(t, file, err);
	for (size_t i = 0; code == ERR_NONE && i < t->n; i++)
		pairs_of_literals(&t->rows[i]);
	if (code != ERR_NONE) {
		generic_table_free(t);
		t = NULL;
	}
	*out = t;
	return code;
}

enum err_code
generic_table_read_file(const char *path, struct generic_table **out, struct err *err)
{
	struct generic_table *t = table_new();
	return table_finish(t, ini_read_file(path, read_line, t, err), path, out, err);
}

enum err_code
generic_table_read_text(const char *name, const char *text, size_t len, struct generic_table **out,
    struct err *err)
{
	struct generic_table *t = table_new();
	return table_finish(t, ini_read_text(name, text, len, read_line, t, err), name, out, err);
}

void
generic_table_free(struct generic_table *t)
{
	if (t == NULL)
		return;
	for (size_t i = 0; i < t->n; i++) {
		struct generic_regex *regex = t->rows[i].regex;
		if (regex != NULL && regex->good)
			regfree(&regex->compiled);
		free(regex);
	}
	arena_fini(&t->arena);
	free(t);
}

static bool
has_literal(const struct generic_row *row, const char *name)
{
	const char *rest = row->literals;
	size_t len;
	for (const char *word = next_word(&rest, &len); word != NULL; word = next_word(&rest, &len))
		if (memmem(name, strlen(name), word, len) != NULL)
			return true;
	return false;
}

static const struct generic_regex *
row_regex(struct generic_row *row)
{
	if (row->regex == NULL) {
		row->regex = mem_zalloc(1, sizeof *row->regex);
		row->regex->good = regcomp(&row->regex->compiled, row->pattern,
				       REG_EXTENDED | REG_ICASE | REG_NOSUB) == 0;
	}
	return row->regex;
}

/* The compiled pattern is a cache: it changes nothing that a caller can see. */
static bool
row_matches(struct generic_row *row, const char *name, const struct generic_pairs *pairs)
{
	if (!pairs_meet(&row->pairs, pairs) || !has_literal(row, name))
		return false;
	const struct generic_regex *regex = row_regex(row);
	return regex->good && regexec(&regex->compiled, name, 0, NULL, 0) == 0;
}

const struct generic_row *
generic_table_match(const struct generic_table *t, const char *name)
{
	struct generic_pairs pairs = pairs_of_name(name);
	for (size_t i = 0; i < t->n; i++)
		if (row_matches(&t->rows[i], name, &pairs))
			return &t->rows[i];
	return NULL;
}

size_t
generic_table_count(const struct generic_table *t, const char *name)
{
	struct generic_pairs pairs = pairs_of_name(name);
	size_t n = 0;
	for (size_t i = 0; i < t->n; i++)
		n += row_matches(&t->rows[i], name, &pairs);
	return n;
}

bool
generic_table_has_word(const struct generic_table *t, enum generic_words list, const char *word,
    size_t len)
{
	const char *rest = t->words[list];
	size_t n;
	for (const char *one = next_word(&rest, &n); one != NULL; one = next_word(&rest, &n))
		if (n == len && memcmp(one, word, len) == 0)
			return true;
	return false;
}

const struct generic_row *
generic_table_rows(const struct generic_table *t, size_t *n)
{
	*n = t->n;
	return t->rows;
}

enum err_code
generic_table_compile_all(const struct generic_table *t, struct err *err)
{
	for (size_t i = 0; i < t->n; i++)
		if (!row_regex(&t->rows[i])->good)
			return err_set(err, ERR_CONFIG,
			    "line %d: \"%s\" is not a regular expression", t->rows[i].line,
			    t->rows[i].pattern);
	return ERR_NONE;
}
