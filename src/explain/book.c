/* The code book, read from its files and checked. */
#include "explain/book_priv.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/keys.h"
#include "base/mem.h"
#include "base/paths.h"
#include "explain/phrase_priv.h"

enum { FILE_MAX = 1 << 20, WAIT_MAX_S = 30 * 86400 };

#define PROVIDER(member) .offset = offsetof(struct book_provider, member)
#define CAUSE(member) .offset = offsetof(struct book_cause, member)
#define ROW(member) .offset = offsetof(struct book_row, member)

static const struct key provider_list[] = {
	{ "name", key_text, PROVIDER(name) },
	{ "family", key_text, PROVIDER(family) },
	{ "mark", key_text, PROVIDER(mark) },
	{ "mx", key_text, PROVIDER(mx) },
	{ "greeting", key_text, PROVIDER(greeting) },
	{ "general", key_yes_no, PROVIDER(general) },
};
static const struct key cause_list[] = {
	{ "title", key_text, CAUSE(title) },
	{ "check", key_text, CAUSE(check) },
	{ "who", key_word, CAUSE(who), .words = &explain_who_names },
	{ "remedy", key_text, CAUSE(remedy) },
};
static const struct key row_list[] = {
	{ "provider", key_text, ROW(provider) },
	{ "code", key_text, ROW(code) },
	{ "status", key_text, ROW(status) },
	{ "words", key_text, ROW(words) },
	{ "cause", key_text, ROW(cause) },
	{ "or", key_text, ROW(or_cause) },
	{ "means", key_text, ROW(means) },
	{ "check", key_text, ROW(check) },
	{ "who", key_word, ROW(who), .words = &explain_who_names },
	{ "remedy", key_text, ROW(remedy) },
	{ "list", key_text, ROW(list) },
	{ "wait", key_span, ROW(wait_s), .min = 1, .max = WAIT_MAX_S },
	{ "source", key_text, ROW(source) },
	{ "date", key_text, ROW(date) },
	{ "sure", key_word, ROW(sure), .words = &explain_sure_names },
};
static const struct keys provider_keys = KEYS(provider_list), cause_keys = KEYS(cause_list),
			 row_keys = KEYS(row_list);

static const char provider_prefix[] = "provider.", cause_prefix[] = "cause.";

struct book *
book_new(void)
{
	struct book *b = mem_zalloc(1, sizeof *b);
	arena_init(&b->arena);
	map_init(&b->sections);
	return b;
}

void
book_free(struct book *b)
{
	if (b == NULL)
		return;
	map_fini(&b->sections);
	arena_fini(&b->arena);
	free(b);
}

/* ---- sections */

/* The part of a section's name that follows the prefix; NULL when it has another. */
static const char *
without(const char *section, const char *prefix)
{
	size_t len = strlen(prefix);
	return strncmp(section, prefix, len) == 0 && section[len] != '\0' ? section + len : NULL;
}

static void
clear_provider(struct book_provider *p, const char *id)
{
	*p = (struct book_provider){ .id = id,
		.name = "",
		.family = "",
		.mark = "",
		.mx = "",
		.greeting = "" };
}

static void
clear_cause(struct book_cause *c, const char *id)
{
	*c = (struct book_cause){ .id = id, .title = "", .check = "", .remedy = "" };
}

static void
clear_row(struct book_row *r, const char *id)
{
	*r = (struct book_row){ .id = id,
		.provider = "",
		.code = "",
		.status = "",
		.words = "",
		.cause = "",
		.or_cause = "",
		.means = "",
		.check = "",
		.remedy = "",
		.list = "",
		.source = "",
		.date = "",
		.who = -1 };
}

static struct book_section *
add_section(struct book *b, const char *name)
{
	struct book_section *s = arena_alloc(&b->arena, sizeof *s);
	s->name = arena_strdup(&b->arena, name);
	const char *provider = without(s->name, provider_prefix);
	const char *cause = without(s->name, cause_prefix);
	if (provider != NULL) {
		b->providers = arena_grow(&b->arena, b->providers, b->n_providers,
		    &b->cap_providers, sizeof *b->providers);
		s->kind = SECTION_PROVIDER;
		s->id = provider;
		s->at = b->n_providers++;
	} else if (cause != NULL) {
		b->causes = arena_grow(&b->arena, b->causes, b->n_causes, &b->cap_causes,
		    sizeof *b->causes);
		s->kind = SECTION_CAUSE;
		s->id = cause;
		s->at = b->n_causes++;
	} else {
		b->rows = arena_grow(&b->arena, b->rows, b->n_rows, &b->cap_rows, sizeof *b->rows);
		s->kind = SECTION_ROW;
		s->id = s->name;
		s->at = b->n_rows++;
	}
	map_put(&b->sections, s->name, s);
	return s;
}

static void
clear_section(struct book *b, const struct book_section *s, int line)
{
	switch (s->kind) {
	case SECTION_PROVIDER:
		clear_provider(&b->providers[s->at], s->id);
		b->providers[s->at].line = line;
		break;
	case SECTION_CAUSE:
		clear_cause(&b->causes[s->at], s->id);
		b->causes[s->at].line = line;
		break;
	case SECTION_ROW:
		clear_row(&b->rows[s->at], s->id);
		b->rows[s->at].line = line;
		break;
	}
}

static enum err_code
on_section(void *arg, const struct ini_line *line, struct err *err)
{
	struct book *b = arg;
	if (line->section[0] == '\0')
		return err_set(err, ERR_CONFIG, "the section has no name");
	struct book_section *s = map_get(&b->sections, line->section);
	if (s != NULL && s->file == b->n_files)
		return err_set(err, ERR_CONFIG, "the section [%s] is on line %d already",
		    line->section, s->line);
	if (s == NULL && b->n_rows + b->n_providers + b->n_causes >= BOOK_ROWS_MAX)
		return err_set(err, ERR_CONFIG, "more than %d sections", BOOK_ROWS_MAX);
	if (s == NULL)
		s = add_section(b, line->section);
	s->file = b->n_files;
	s->line = line->line;
	b->seen = 0;
	b->current = s;
	clear_section(b, s, line->line);
	return ERR_NONE;
}

static enum err_code
on_key(void *arg, const struct ini_line *line, struct err *err)
{
	struct book *b = arg;
	const struct book_section *s = b->current;
	if (s == NULL)
		return err_set(err, ERR_CONFIG, "expected a [section] before the first key");
	switch (s->kind) {
	case SECTION_PROVIDER:
		return keys_read(&provider_keys, &b->seen, line, &b->providers[s->at], &b->arena,
		    err);
	case SECTION_CAUSE:
		return keys_read(&cause_keys, &b->seen, line, &b->causes[s->at], &b->arena, err);
	case SECTION_ROW:
		return keys_read(&row_keys, &b->seen, line, &b->rows[s->at], &b->arena, err);
	}
	return ERR_NONE;
}

enum err_code
book_read_text(struct book *b, const char *name, const char *text, size_t len, struct err *err)
{
	b->n_files++;
	b->current = NULL;
	b->files[b->n_files < BOOK_FILES_MAX ? b->n_files : BOOK_FILES_MAX] =
	    arena_strdup(&b->arena, name);
	return ini_read_sections(name, text, len, on_section, on_key, b, err);
}

/* ---- what must be there */

static enum err_code
incomplete(const struct book *b, const char *section, const char *what, struct err *err)
{
	const struct book_section *s = map_get(&b->sections, section);
	unsigned file = s->file < BOOK_FILES_MAX ? s->file : BOOK_FILES_MAX;
	return err_set(err, ERR_CONFIG, "%s:%d: [%s] %s", b->files[file], s->line, section, what);
}

static const struct book_provider *
find_provider(const struct book *b, const char *id)
{
	for (size_t i = 0; i < b->n_providers; i++)
		if (strcmp(b->providers[i].id, id) == 0)
			return &b->providers[i];
	return NULL;
}

static const struct book_cause *
find_cause(const struct book *b, const char *id)
{
	for (size_t i = 0; i < b->n_causes; i++)
		if (strcmp(b->causes[i].id, id) == 0)
			return &b->causes[i];
	return NULL;
}

/* Fills what the class says for the row; a missing member, or NULL. */
static const char *
complete_row(struct book *b, struct book_row *r)
{
	r->from = find_provider(b, r->provider);
	r->class = find_cause(b, r->cause);
	if (r->from == NULL)
		return "has no provider that is in the book: expected provider = ID";
	if (r->class == NULL || (r->or_cause[0] != '\0' && find_cause(b, r->or_cause) == NULL))
		return "has no cause that is in the book: expected cause = CLASS";
	if (r->code[0] == '\0' || r->means[0] == '\0')
		return "lacks code or means";
	if (r->source[0] == '\0' || r->date[0] == '\0')
		return "lacks source or date";
	if (r->words[0] == '\0' && r->status[0] == '\0')
		return "has neither words nor status: it would match every reply";
	r->check = r->check[0] != '\0' ? r->check : r->class->check;
	r->remedy = r->remedy[0] != '\0' ? r->remedy : r->class->remedy;
	r->registered = strcmp(r->provider, "iana") == 0;
	r->phrases = phrases_read(&b->arena, r->words, true);
	if (strcmp(r->check, "none") == 0)
		r->check = "";
	if (r->who < 0)
		r->who = (int)r->class->who;
	return NULL;
}

static const char *
family_of(const struct book *b, const struct book_provider *p)
{
	const char *family = p->family[0] != '\0' ? p->family : p->id;
	for (const struct book_provider *q = b->providers; q < p; q++)
		if (strcmp(q->family, family) == 0)
			return q->family;
	return family;
}

enum err_code
book_finish(struct book *b, struct err *err)
{
	for (size_t i = 0; i < b->n_providers; i++) {
		struct book_provider *p = &b->providers[i];
		if (p->name[0] == '\0')
			return incomplete(b, arena_printf(&b->arena, "provider.%s", p->id),
			    "has no name", err);
		p->family = family_of(b, p);
		p->marks = phrases_read(&b->arena, p->mark, false);
		p->greetings = phrases_read(&b->arena, p->greeting, false);
	}
	for (size_t i = 0; i < b->n_causes; i++)
		if (b->causes[i].title[0] == '\0' || b->causes[i].check[0] == '\0' ||
		    b->causes[i].remedy[0] == '\0')
			return incomplete(b, arena_printf(&b->arena, "cause.%s", b->causes[i].id),
			    "lacks title, check or remedy", err);
	for (size_t i = 0; i < b->n_rows; i++) {
		const char *fault = complete_row(b, &b->rows[i]);
		if (fault != NULL)
			return incomplete(b, b->rows[i].id, fault, err);
	}
	b->unknown = find_cause(b, "unknown");
	if (b->unknown == NULL)
		return err_set(err, ERR_CONFIG, "the code book has no [cause.unknown]");
	return ERR_NONE;
}

/* ---- files */

enum err_code
book_read_file(struct book *b, const char *path, struct err *err)
{
	struct buf text;
	buf_init(&text, FILE_MAX);
	enum err_code code = file_read(path, &text, err);
	if (code == ERR_DATA)
		code = err->code = ERR_CONFIG;
	if (code == ERR_NONE)
		code = book_read_text(b, path, text.data, text.len, err);
	buf_fini(&text);
	return code;
}

enum err_code
book_open(struct book **out, struct err *err)
{
	static const char machine[] = "/etc/mailready/replies.ini";
	struct book *b = *out = book_new();
	char path[PATH_MAX];
	if (data_path("replies.ini", path, sizeof path, err) != ERR_NONE ||
	    book_read_file(b, path, err) != ERR_NONE)
		return err->code;
	if (path_exists(machine) && book_read_file(b, machine, err) != ERR_NONE)
		return err->code;
	if (user_path("XDG_CONFIG_HOME", "/.config", "replies.ini", path, sizeof path) &&
	    path_exists(path) && book_read_file(b, path, err) != ERR_NONE)
		return err->code;
	return book_finish(b, err);
}

const struct book_row *
book_rows(const struct book *b, size_t *n)
{
	*n = b->n_rows;
	return b->rows;
}

const struct book_provider *
book_providers(const struct book *b, size_t *n)
{
	*n = b->n_providers;
	return b->providers;
}

const struct book_cause *
book_causes(const struct book *b, size_t *n)
{
	*n = b->n_causes;
	return b->causes;
}
