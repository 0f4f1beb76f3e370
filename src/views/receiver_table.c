/* The demands of big receivers, read from their files. */
#include "views/receiver_table.h"

#include <errno.h>
#include <glob.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/keys.h"
#include "base/mem.h"
#include "base/when.h"

enum { FILE_MAX = 256 << 10, YEAR_S = 365 * 24 * 3600 };

struct receiver_table {
	struct arena arena;
	struct receiver *rows;
	size_t n, cap;
	/* the file that is read */
	struct receiver_rule *rules;
	size_t n_rules, cap_rules;
	uint64_t seen; /* keys of its last section */
	int line;      /* of that section */
};

static const struct enumtab_row demand_rows[] = {
	{ "ptr", DEMAND_PTR },
	{ "forward", DEMAND_FORWARD },
	{ "ehlo", DEMAND_EHLO },
	{ "sender", DEMAND_SENDER },
	{ "spf", DEMAND_SPF },
	{ "dkim", DEMAND_DKIM },
	{ "dmarc", DEMAND_DMARC },
	{ "alignment", DEMAND_ALIGNMENT },
	{ "list", DEMAND_LIST },
	{ "tls", DEMAND_TLS },
};
const struct enumtab receiver_demand_names = ENUMTAB(demand_rows);

static const struct enumtab_row test_rows[] = {
	{ "ptr", TEST_PTR },
	{ "ptr-own", TEST_PTR_OWN },
	{ "forward", TEST_FORWARD },
	{ "ehlo-valid", TEST_EHLO_VALID },
	{ "ehlo-resolves", TEST_EHLO_RESOLVES },
	{ "sender-exists", TEST_SENDER_EXISTS },
	{ "sender-mail", TEST_SENDER_MAIL },
	{ "spf", TEST_SPF },
	{ "spf-not-fail", TEST_SPF_NOT_FAIL },
	{ "spf-or-dkim", TEST_SPF_OR_DKIM },
	{ "dkim", TEST_DKIM },
	{ "dmarc-record", TEST_DMARC_RECORD },
	{ "dmarc", TEST_DMARC },
	{ "dmarc-not-refused", TEST_DMARC_NOT_REFUSED },
	{ "dmarc-not-enforced", TEST_DMARC_NOT_ENFORCED },
	{ "aligned", TEST_ALIGNED },
	{ "aligned-dkim", TEST_ALIGNED_DKIM },
	{ "not-listed", TEST_NOT_LISTED },
	{ "unseen", TEST_UNSEEN },
};
static const struct enumtab test_words = ENUMTAB(test_rows);

static const struct enumtab_row who_rows[] = { { "all", RULE_ALL }, { "bulk", RULE_BULK } };
static const struct enumtab who_words = ENUMTAB(who_rows);

static const struct enumtab_row family_rows[] = { { "ipv4", RULE_IPV4 }, { "ipv6", RULE_IPV6 } };
static const struct enumtab family_words = ENUMTAB(family_rows);

/* "2026", "2026-06" or "2026-06-18": sources say no more than they know. */
static bool
is_date(const char *text)
{
	char day[sizeof "2026-06-18"];
	int64_t time_s;
	size_t len = strlen(text);
	if (len != 4 && len != 7 && len != 10)
		return false;
	snprintf(day, sizeof day, "%s%s", text, &"0000-01-01"[len]);
	return when_parse_day(day, &time_s);
}

static enum err_code
set_date(const struct key_line *l, struct err *err)
{
	if (!is_date(l->value))
		return err_set(err, ERR_CONFIG,
		    "\"%s\" is not a valid date (2026, 2026-06 or 2026-06-18)", l->value);
	return key_text(l, err);
}

static enum err_code
set_checked(const struct key_line *l, struct err *err)
{
	struct receiver_rule *rule = l->into;
	if (!when_parse_day(l->value, &rule->checked_s))
		return err_set(err, ERR_CONFIG, "\"%s\" is not a valid day (2026-06-18)", l->value);
	return key_text(l, err);
}

#define AT(member) .offset = offsetof(struct receiver_rule, member)

enum { KEYS_NEEDED = 6 };

/* Those that every rule has come first. */
static const struct key rule_list[] = {
	{ "demand", key_word, AT(demand), .words = &receiver_demand_names },
	{ "test", key_word, AT(test), .words = &test_words },
	{ "text", key_text, AT(text) },
	{ "source", key_text, AT(source) },
	{ "dated", set_date, AT(dated) },
	{ "checked", set_checked, AT(checked) },
	{ "list", key_text, AT(list) },
	{ "secondary", key_yes_no, AT(secondary) },
	{ "who", key_word, AT(who), .words = &who_words },
	{ "family", key_word, AT(family), .words = &family_words },
	{ "code", key_text, AT(code) },
	{ "since", set_date, AT(since) },
};
static const struct keys rule_keys = KEYS(rule_list);

#undef AT
#define AT(member) .offset = offsetof(struct receiver, member)

static const struct key head_list[] = {
	{ "name", key_text, AT(name) },
	{ "bulk", key_text, AT(bulk) },
	{ "note", key_text, AT(note) },
};
static const struct keys head_keys = KEYS(head_list);

static const char head[] = "receiver"; /* the name of a file's first section */

static struct receiver *
last_row(struct receiver_table *t)
{
	return &t->rows[t->n - 1];
}

/* Nothing may be missing in the section that ends here. */
static enum err_code
check_last(struct receiver_table *t, struct err *err)
{
	if (t->line == 0)
		return ERR_NONE;
	if (t->n_rules == 0)
		return last_row(t)->name[0] != '\0' ?
		    ERR_NONE :
		    err_set(err, ERR_CONFIG, "section \"%s\" of line %d has no \"name\"", head,
			t->line);
	const struct receiver_rule *rule = &t->rules[t->n_rules - 1];
	for (size_t i = 0; i < KEYS_NEEDED; i++)
		if ((t->seen & UINT64_C(1) << i) == 0)
			return err_set(err, ERR_CONFIG, "section \"%s\" of line %d has no \"%s\"",
			    rule->id, t->line, rule_list[i].name);
	if ((rule->test == TEST_NOT_LISTED) != (rule->list[0] != '\0'))
		return err_set(err, ERR_CONFIG,
		    "section \"%s\" of line %d: \"list\" goes with test = not-listed", rule->id,
		    t->line);
	if (rule->who == RULE_BULK && last_row(t)->bulk[0] == '\0')
		return err_set(err, ERR_CONFIG,
		    "section \"%s\" of line %d is for bulk senders, but \"%s\" has no \"bulk\"",
		    rule->id, t->line, head);
	return ERR_NONE;
}

static enum err_code
begin_rule(struct receiver_table *t, const struct ini_line *line, struct err *err)
{
	if (t->n_rules == RECEIVER_RULES_MAX)
		return err_set(err, ERR_CONFIG, "more than %d sections", RECEIVER_RULES_MAX);
	for (size_t i = 0; i < t->n_rules; i++)
		if (strcmp(t->rules[i].id, line->section) == 0)
			return err_set(err, ERR_CONFIG, "section \"%s\" is there twice",
			    line->section);
	t->rules = arena_grow(&t->arena, t->rules, t->n_rules, &t->cap_rules, sizeof *t->rules);
	t->rules[t->n_rules++] = (struct receiver_rule){
		.id = arena_strdup(&t->arena, line->section),
		.line = line->line,
		.list = "",
		.text = "",
		.code = "",
		.since = "",
		.source = "",
		.dated = "",
		.checked = "",
	};
	return ERR_NONE;
}

static enum err_code
begin_section(void *arg, const struct ini_line *line, struct err *err)
{
	struct receiver_table *t = arg;
	bool is_head = strcmp(line->section, head) == 0;
	if (check_last(t, err) != ERR_NONE)
		return err->code;
	if (is_head != (t->line == 0))
		return err_set(err, ERR_CONFIG, "expected [%s] as the first section, and once",
		    head);
	t->line = line->line;
	t->seen = 0;
	return is_head ? ERR_NONE : begin_rule(t, line, err);
}

static enum err_code
read_line(void *arg, const struct ini_line *line, struct err *err)
{
	struct receiver_table *t = arg;
	if (t->line == 0)
		return err_set(err, ERR_CONFIG, "expected [%s] before the first key", head);
	if (t->n_rules == 0)
		return keys_read(&head_keys, &t->seen, line, last_row(t), &t->arena, err);
	return keys_read(&rule_keys, &t->seen, line, &t->rules[t->n_rules - 1], &t->arena, err);
}

/* The end of a file: its rules are the receiver's. */
static enum err_code
end_file(struct receiver_table *t, const char *name, struct err *err)
{
	if (t->n_rules == 0)
		err_set(err, ERR_CONFIG, "expected [%s] and at least one rule", head);
	else if (check_last(t, err) == ERR_NONE) {
		last_row(t)->rules = t->rules;
		last_row(t)->n_rules = t->n_rules;
		return ERR_NONE;
	}
	return err_prefix(err, "%s", name);
}

static enum err_code
add_text(struct receiver_table *t, const char *name, const char *text, size_t len, struct err *err)
{
	const char *slash = strrchr(name, '/'), *file = slash != NULL ? slash + 1 : name;
	if (t->n == RECEIVERS_MAX)
		return err_set(err, ERR_CONFIG, "%s: more than %d receivers", name, RECEIVERS_MAX);
	t->rows = arena_grow(&t->arena, t->rows, t->n, &t->cap, sizeof *t->rows);
	t->rows[t->n++] = (struct receiver){
		.id = arena_strndup(&t->arena, file, strcspn(file, ".")),
		.name = "",
		.bulk = "",
		.note = "",
	};
	t->rules = NULL;
	t->n_rules = t->cap_rules = 0;
	t->seen = 0;
	t->line = 0;
	enum err_code code = ini_read_sections(name, text, len, begin_section, read_line, t, err);
	return code != ERR_NONE ? code : end_file(t, name, err);
}

static enum err_code
add_file(struct receiver_table *t, const char *path, struct err *err)
{
	struct buf text;
	buf_init(&text, FILE_MAX);
	enum err_code code = file_read(path, &text, err);
	if (code == ERR_DATA) /* too long */
		code = err->code = ERR_CONFIG;
	if (code == ERR_NONE)
		code = add_text(t, path, text.data, text.len, err);
	buf_fini(&text);
	return code;
}

static struct receiver_table *
table_new(void)
{
	struct receiver_table *t = mem_zalloc(1, sizeof *t);
	arena_init(&t->arena);
	return t;
}

/* Takes the table away again when it is not whole. */
static enum err_code
hand_out(struct receiver_table *t, enum err_code code, struct receiver_table **out)
{
	*out = code == ERR_NONE ? t : NULL;
	if (code != ERR_NONE)
		receiver_table_free(t);
	return code;
}

enum err_code
receiver_table_read_text(const char *name, const char *text, size_t len,
    struct receiver_table **out, struct err *err)
{
	struct receiver_table *t = table_new();
	return hand_out(t, add_text(t, name, text, len, err), out);
}

enum err_code
receiver_table_read_dir(const char *path, struct receiver_table **out, struct err *err)
{
	char pattern[PATH_MAX];
	glob_t found = { .gl_pathc = 0 };
	struct receiver_table *t = table_new();
	enum err_code code = ERR_NONE;
	snprintf(pattern, sizeof pattern, "%s/*.ini", path);
	if (glob(pattern, 0, NULL, &found) != 0)
		code = err_set(err, ERR_CONFIG, "%s: no file of a receiver (*.ini)", path);
	for (size_t i = 0; code == ERR_NONE && i < found.gl_pathc; i++)
		code = add_file(t, found.gl_pathv[i], err);
	globfree(&found);
	return hand_out(t, code, out);
}

void
receiver_table_free(struct receiver_table *t)
{
	if (t == NULL)
		return;
	arena_fini(&t->arena);
	free(t);
}

const struct receiver *
receiver_table_rows(const struct receiver_table *t, size_t *n)
{
	*n = t->n;
	return t->rows;
}

bool
receiver_rule_is_old(const struct receiver_rule *rule, int64_t now_s)
{
	return now_s - rule->checked_s > YEAR_S;
}
