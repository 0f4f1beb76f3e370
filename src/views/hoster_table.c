/* The table of hosters, read from its file and searched. */
#include "views/hoster_table.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/keys.h"
#include "base/mem.h"
#include "base/name.h"

struct hoster_table {
	struct arena arena;
	struct hoster_row *rows;
	size_t n, cap;
	uint64_t seen; /* keys of the last row, while it is read */
};

static const struct enumtab_row who_rows[] = {
	{ "customer", HOSTER_CUSTOMER },
	{ "ticket", HOSTER_TICKET },
	{ "nobody", HOSTER_NOBODY },
};
const struct enumtab hoster_who_names = ENUMTAB(who_rows);

static const struct enumtab_row ipv6_rows[] = {
	{ "same", HOSTER_IPV6_SAME },
	{ "other", HOSTER_IPV6_OTHER },
	{ "no", HOSTER_IPV6_NO },
};
static const struct enumtab ipv6_words = ENUMTAB(ipv6_rows);

static enum err_code
add_line(const struct key_line *l, struct err *err)
{
	struct hoster_lines *lines = key_place(l);
	if (lines->n == HOSTER_LINES_MAX)
		return err_set(err, ERR_CONFIG, "given more than %d times", HOSTER_LINES_MAX);
	lines->list[lines->n++] = arena_strdup(l->arena, l->value);
	return ERR_NONE;
}

#define TEXT(member) key_text, .offset = offsetof(struct hoster_row, member)
#define WORD(member, table) key_word, .offset = offsetof(struct hoster_row, member), .words = table
#define LINES(member) add_line, .offset = offsetof(struct hoster_row, member), .many = true

enum { KEYS_NEEDED = 6, FILE_MAX = 1 << 20 };

/* Those that every section has come first. */
static const struct key key_list[] = {
	{ "name", TEXT(name) },
	{ "who", WORD(who, &hoster_who_names) },
	{ "where", TEXT(where) },
	{ "page", TEXT(page) },
	{ "source", LINES(source) },
	{ "reviewed", TEXT(reviewed) },
	{ "names", TEXT(names) },
	{ "schemes", TEXT(schemes) },
	{ "servers", TEXT(servers) },
	{ "soa", TEXT(soa) },
	{ "ipv6", WORD(ipv6, &ipv6_words) },
	{ "provider", TEXT(provider) },
	{ "call", LINES(call) },
	{ "call6", LINES(call6) },
	{ "condition", LINES(condition) },
	{ "terraform", LINES(terraform) },
	{ "terraform6", LINES(terraform6) },
};
static const struct keys row_keys = KEYS(key_list);

/* Nothing may be missing in the section that ends here. */
static enum err_code
check_last(const struct hoster_table *t, struct err *err)
{
	if (t->n == 0)
		return ERR_NONE;
	const struct hoster_row *row = &t->rows[t->n - 1];
	for (size_t i = 0; i < KEYS_NEEDED; i++)
		if ((t->seen & UINT64_C(1) << i) == 0)
			return err_set(err, ERR_CONFIG, "section \"%s\" of line %d has no \"%s\"",
			    row->id, row->line, key_list[i].name);
	if (row->names[0] == '\0' && row->schemes[0] == '\0' && row->servers[0] == '\0' &&
	    row->soa[0] == '\0')
		return err_set(err, ERR_CONFIG,
		    "section \"%s\" of line %d: expected one of names, schemes, servers, soa",
		    row->id, row->line);
	return ERR_NONE;
}

static enum err_code
begin_row(void *arg, const struct ini_line *line, struct err *err)
{
	struct hoster_table *t = arg;
	if (check_last(t, err) != ERR_NONE)
		return err->code;
	if (t->n == HOSTER_ROWS_MAX)
		return err_set(err, ERR_CONFIG, "more than %d sections", HOSTER_ROWS_MAX);
	for (size_t i = 0; i < t->n; i++)
		if (strcmp(t->rows[i].id, line->section) == 0)
			return err_set(err, ERR_CONFIG, "section \"%s\" is there twice",
			    line->section);
	t->rows = arena_grow(&t->arena, t->rows, t->n, &t->cap, sizeof *t->rows);
	t->rows[t->n++] = (struct hoster_row){ .id = arena_strdup(&t->arena, line->section),
		.line = line->line,
		.name = "",
		.names = "",
		.schemes = "",
		.servers = "",
		.soa = "",
		.where = "",
		.page = "",
		.provider = "",
		.reviewed = "" };
	t->seen = 0;
	return ERR_NONE;
}

static enum err_code
read_line(void *arg, const struct ini_line *line, struct err *err)
{
	struct hoster_table *t = arg;
	if (t->n == 0)
		return err_set(err, ERR_CONFIG, "expected a [section] before the first key");
	return keys_read(&row_keys, &t->seen, line, &t->rows[t->n - 1], &t->arena, err);
}

static struct hoster_table *
table_new(void)
{
	struct hoster_table *t = mem_zalloc(1, sizeof *t);
	arena_init(&t->arena);
	return t;
}

enum err_code
hoster_table_read_text(const char *name, const char *text, size_t len, struct hoster_table **out,
    struct err *err)
{
	struct hoster_table *t = *out = table_new();
	enum err_code code = ini_read_sections(name, text, len, begin_row, read_line, t, err);
	if (code == ERR_NONE && check_last(t, err) != ERR_NONE)
		code = err_prefix(err, "%s", name);
	if (code == ERR_NONE)
		return ERR_NONE;
	hoster_table_free(t);
	*out = NULL;
	return code;
}

enum err_code
hoster_table_read_file(const char *path, struct hoster_table **out, struct err *err)
{
	struct buf text;
	*out = NULL;
	buf_init(&text, FILE_MAX);
	enum err_code code = file_read(path, &text, err);
	if (code == ERR_DATA) /* too long */
		code = err->code = ERR_CONFIG;
	if (code == ERR_NONE)
		code = hoster_table_read_text(path, text.data, text.len, out, err);
	buf_fini(&text);
	return code;
}

void
hoster_table_free(struct hoster_table *t)
{
	if (t == NULL)
		return;
	arena_fini(&t->arena);
	free(t);
}

const struct hoster_row *
hoster_table_rows(const struct hoster_table *t, size_t *n)
{
	*n = t->n;
	return t->rows;
}

/* Does fits() hold for any word of a list separated by blanks? */
static bool
any_word(const char *list, const char *text, bool (*fits)(const char *text, const char *word))
{
	char word[NAME_TEXT_MAX];
	while (*(list += strspn(list, " \t")) != '\0') {
		size_t len = strcspn(list, " \t");
		if (len < sizeof word) {
			memcpy(word, list, len);
			word[len] = '\0';
			if (fits(text, word))
				return true;
		}
		list += len;
	}
	return false;
}

static bool
is_word(const char *text, const char *word)
{
	return strcasecmp(text, word) == 0;
}

/* The first row that has the text in its list, which is the member at this offset. */
static const struct hoster_row *
first(const struct hoster_table *t, size_t list, const char *text,
    bool (*fits)(const char *text, const char *word))
{
	for (size_t i = 0; i < t->n && text[0] != '\0'; i++) {
		const char *const *words = (const void *)((const char *)&t->rows[i] + list);
		if (any_word(*words, text, fits))
			return &t->rows[i];
	}
	return NULL;
}

const struct hoster_row *
hoster_by_name(const struct hoster_table *t, const char *name, const char *scheme)
{
	const struct hoster_row *row = first(t, offsetof(struct hoster_row, names), name,
	    name_is_under);
	return row != NULL ? row : first(t, offsetof(struct hoster_row, schemes), scheme, is_word);
}

const struct hoster_row *
hoster_by_server(const struct hoster_table *t, const char *server)
{
	return first(t, offsetof(struct hoster_row, servers), server, name_is_under);
}

const struct hoster_row *
hoster_by_mailbox(const struct hoster_table *t, const char *mailbox)
{
	return first(t, offsetof(struct hoster_row, soa), mailbox, is_word);
}

const struct hoster_row *
hoster_by_provider(const struct hoster_table *t, const char *provider)
{
	return first(t, offsetof(struct hoster_row, provider), provider, is_word);
}
