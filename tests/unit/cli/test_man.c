/*
 * The manual agrees with the tables of commands, options, rules, keys and metrics: what stands
 * between the marker comments of a page is what is made here from the tables.  UPDATE_GOLDEN=1
 * rewrites the pages, and begins one for a command that has none.
 */
#include "test.h"

#include <ctype.h>
#include <glob.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "checks/finding.h"
#include "checks/registry.h"
#include "cli/commands.h"
#include "config/config.h"
#include "lists/code.h"
#include "report/openmetrics.h"
#include "run/run.h"

enum { PAGE_MAX = 1 << 20, PATH_LEN = 80 };

/* --- plain text to mdoc */

/* Length of the blanks at c when they stand between two sentences. */
static size_t
gap_between_sentences(const char *text, const char *c)
{
	size_t blanks = strspn(c, " ");
	bool ends = c > text && c[-1] == '.';
	return ends && isupper((unsigned char)c[blanks]) ? blanks : 0;
}

/* "mailready-lists(5)": the length of its name; 0 when there is none at c. */
static size_t
title_at(const char *c)
{
	size_t len = strspn(c, "abcdefghijklmnopqrstuvwxyz.-_");
	bool is = len > 0 && c[len] == '(' && isdigit((unsigned char)c[len + 1]) &&
	    c[len + 2] == ')';
	return is ? len : 0;
}

/* On a line of its own, with the sign that follows; where the text continues. */
static const char *
put_title(struct buf *out, const char *c, size_t len)
{
	buf_printf(out, "%s.Xr %.*s %c", out->data[out->len - 1] == '\n' ? "" : "\n", (int)len, c,
	    c[len + 1]);
	c += len + strlen("(5)");
	if (*c != '\0' && strchr(".,;:", *c) != NULL)
		buf_printf(out, " %c", *c++);
	c += strspn(c, " ");
	if (*c != '\0')
		buf_putc(out, '\n');
	return c;
}

/* A sentence a line, nothing that roff would take for its own. */
static void
put_prose(struct buf *out, const char *text)
{
	if (text[0] == '.' || text[0] == '\'')
		buf_puts(out, "\\&");
	for (const char *c = text; *c != '\0';) {
		const char *word = c + (*c == ' ');
		size_t gap = gap_between_sentences(text, c);
		size_t title = word > c || c == text ? title_at(word) : 0;
		if (title > 0) {
			c = put_title(out, word, title);
			continue;
		}
		if (gap > 0) {
			buf_putc(out, '\n');
			c += gap;
			continue;
		}
		if (*c == '\\')
			buf_puts(out, "\\e");
		else if (*c == '-' && c[1] == '-')
			buf_puts(out, "\\-");
		else
			buf_putc(out, *c);
		c++;
	}
}

/* As a line of its own that begins with a capital letter. */
static void
put_capital(struct buf *out, const char *text)
{
	buf_putc(out, (char)toupper((unsigned char)text[0]));
	put_prose(out, text + 1);
}

/* --- commands */

/* The two that --help and --version stand for are described in mailready(1). */
static bool
has_page(const struct command *c)
{
	return c != &command_help && c != &command_version;
}

/* Length of the word at c of a usage: up to a blank or a sign of the notation. */
static size_t
usage_word(const char *c)
{
	return *c == '[' || *c == ']' || *c == '|' ? 1 : strcspn(c, " []|");
}

/* "[show ZONE]": arguments are in capitals, words to be typed are not. */
static void
put_usage(struct buf *out, const char *usage)
{
	size_t len;
	for (const char *c = usage; *c != '\0'; c += len) {
		len = usage_word(c);
		size_t dots = len > 3 && memcmp(c + len - 3, "...", 3) == 0 ? 3 : 0;
		if (*c == ' ')
			len = 1;
		else if (*c == '[' || *c == ']')
			buf_puts(out, *c == '[' ? " Oo" : " Oc");
		else if (*c == '|')
			buf_puts(out, " |");
		else if (c[0] == '-' && c[1] == '-')
			buf_printf(out, " Fl Fl %.*s", (int)len - 2, c + 2);
		else
			buf_printf(out, " %s %.*s%s",
			    isupper((unsigned char)*c) || *c == '.' ? "Ar" : "Cm",
			    (int)(len - dots), c, dots > 0 ? " ..." : "");
	}
}

static void
put_head(struct buf *out, const struct command *c)
{
	buf_printf(out, ".Sh NAME\n.Nm mailready-%s\n.Nd %s\n", c->name, c->help);
	buf_printf(out, ".Sh SYNOPSIS\n.Nm mailready\n.Cm %s Oo Ar option ... Oc", c->name);
	put_usage(out, c->usage);
	buf_putc(out, '\n');
}

/* What roff would take for its own in a command line. */
static void
put_shell(struct buf *out, const char *line)
{
	for (const char *c = line; *c != '\0'; c++) {
		if (*c == '\\' || *c == '-')
			buf_puts(out, *c == '-' ? "\\-" : "\\e");
		else
			buf_putc(out, *c);
	}
}

static void
put_example(struct buf *out, const struct command *c)
{
	assert_non_null(c->example);
	buf_puts(out, ".Bd -literal -offset indent\n$ ");
	put_shell(out, c->example);
	buf_puts(out, "\n.Ed\n");
}

static void
put_commands(struct buf *out, const struct command *ignored)
{
	(void)ignored;
	buf_puts(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < commands_n; i++) {
		const struct command *c = commands_all[i];
		buf_printf(out, ".It Cm %s", c->name);
		put_usage(out, c->usage);
		buf_putc(out, '\n');
		put_capital(out, c->help);
		if (has_page(c))
			buf_printf(out, ":\n.Xr mailready-%s 1\n", c->name);
		else
			buf_puts(out, "\n");
	}
	buf_puts(out, ".El\n");
}

/* --- options */

/* The command whose page describes the option in full: the first that takes it. */
static const struct command *
home_of(const struct option_row *row)
{
	for (size_t i = 0; i < commands_n; i++)
		if (option_is_of(row, commands_all[i]))
			return commands_all[i];
	fail_msg("no command takes --%s", row->name);
	return commands_all[0];
}

static void
put_formats(struct buf *out, const struct command *c)
{
	const char *name;
	buf_puts(out, "It is one of\n.Cm");
	for (size_t i = 0; (name = c->format(i)) != NULL; i++)
		buf_printf(out, "%s %s", i > 0 ? " ," : "", name);
	buf_puts(out, " .\n");
}

static void
put_option(struct buf *out, const struct option_row *row, const struct command *c, bool full)
{
	buf_puts(out, ".It ");
	if (row->letter != 0)
		buf_printf(out, "Fl %c , ", row->letter);
	buf_printf(out, "Fl Fl %s", row->name);
	if (row->alias != NULL)
		buf_printf(out, " , Fl Fl %s", row->alias);
	if (row->arg != NULL)
		buf_printf(out, " Ar %s", row->arg);
	buf_puts(out, "\n");
	put_capital(out, row->help);
	buf_puts(out, ".\n");
	if (full)
		put_prose(out, row->more);
	buf_puts(out, full && row->more[0] != '\0' ? "\n" : "");
	if (c->format != NULL && strcmp(row->name, "format") == 0)
		put_formats(out, c);
}

static void
put_own_options(struct buf *out, const struct command *c)
{
	const char *section = "";
	for (size_t i = 0; i < options_n; i++) {
		const struct option_row *row = &options_all[i];
		if (option_is_common(row) || home_of(row) != c)
			continue;
		if (strcmp(section, row->section) != 0) {
			buf_puts(out, section[0] != '\0' ? ".El\n" : "");
			buf_printf(out, ".Ss %s\n.Bl -tag -width Ds\n", row->section);
		}
		section = row->section;
		put_option(out, row, c, true);
	}
	buf_puts(out, section[0] != '\0' ? ".El\n" : "");
}

/* Those that another page describes: what they are for, in one line. */
static void
put_options_from(struct buf *out, const struct command *c, const struct command *home)
{
	bool any = false;
	for (size_t i = 0; i < options_n; i++) {
		const struct option_row *row = &options_all[i];
		if (option_is_common(row) || !option_is_of(row, c) || home_of(row) != home)
			continue;
		if (!any)
			buf_printf(out, ".Ss As in mailready-%s(1)\n.Bl -tag -width Ds -compact\n",
			    home->name);
		any = true;
		put_option(out, row, c, false);
	}
	buf_puts(out, any ? ".El\n" : "");
}

static void
put_options(struct buf *out, const struct command *c)
{
	buf_puts(out, ".Sh OPTIONS\n");
	put_own_options(out, c);
	for (size_t i = 0; i < commands_n; i++)
		if (commands_all[i] != c)
			put_options_from(out, c, commands_all[i]);
}

static void
put_common(struct buf *out, const struct command *ignored)
{
	(void)ignored;
	buf_puts(out, ".Bl -tag -width Ds -compact\n");
	for (size_t i = 0; i < options_n; i++)
		if (option_is_common(&options_all[i]))
			put_option(out, &options_all[i], &command_help, true);
	buf_puts(out, ".El\n");
}

/* --- rules and reasons */

/*
 * The rule of the check that gives its reason: the last with the same one, so that a reason stands
 * once; those before it are only named.
 */
static bool
says_reason_later(const struct check *c, size_t k)
{
	for (size_t i = k + 1; i < c->n_rules; i++)
		if (strcmp(c->rules[i].why, c->rules[k].why) == 0)
			return true;
	return false;
}

static void
put_rule_name(struct buf *out, const struct rule *r)
{
	buf_printf(out, ".It Sy %s Pq %s : %s\n", r->id,
	    enumtab_name(&severity_names, (int)r->severity), r->headline);
}

/* A reason that ends with that of another rule of the check: that rule. */
static const struct rule *
rule_of_end(const struct check *c, const struct rule *r)
{
	size_t len = strlen(r->why);
	for (size_t i = 0; i < c->n_rules; i++) {
		size_t end = strlen(c->rules[i].why);
		if (end < len && end > 0 && strcmp(r->why + len - end, c->rules[i].why) == 0)
			return &c->rules[i];
	}
	return NULL;
}

static void
put_reason(struct buf *out, const struct check *c, const struct rule *r)
{
	const struct rule *same = rule_of_end(c, r);
	if (same == NULL) {
		put_prose(out, r->why);
		buf_puts(out, "\n");
		return;
	}
	char own[1000];
	size_t len = strlen(r->why) - strlen(same->why);
	while (len > 0 && r->why[len - 1] == ' ')
		len--;
	snprintf(own, sizeof own, "%.*s", (int)len, r->why);
	put_prose(out, own);
	buf_printf(out, "\nBesides, as for\n.Sy %s .\n", same->id);
}

/* A rule, after those before it that have the same reason. */
static void
put_rules_of(struct buf *out, const struct check *c)
{
	for (size_t k = 0; k < c->n_rules; k++) {
		const struct rule *r = &c->rules[k];
		if (says_reason_later(c, k))
			continue;
		for (size_t i = 0; i < k; i++)
			if (strcmp(c->rules[i].why, r->why) == 0)
				put_rule_name(out, &c->rules[i]);
		put_rule_name(out, r);
		put_reason(out, c, r);
	}
}

static void
put_check(struct buf *out, const struct check *c)
{
	buf_printf(out, ".Ss %s: %s", c->id, c->title);
	buf_printf(out, c->spec[0] != '\0' ? " (%s)\n" : "%s\n", c->spec);
	buf_puts(out, ".Bl -tag -width Ds -compact\n");
	put_rules_of(out, c);
	buf_puts(out, ".El\n");
}

/* Those of the checks, and those of what came to no check. */
static void
put_rules(struct buf *out, const struct command *ignored)
{
	(void)ignored;
	struct check lost = { .id = "target", .title = "What could not be checked", .spec = "" };
	for (size_t i = 0; i < checks_n; i++)
		put_check(out, checks_all[i]);
	lost.rules = run_lost_rules(&lost.n_rules);
	put_check(out, &lost);
}

static void
put_reasons(struct buf *out, const struct command *ignored)
{
	(void)ignored;
	buf_puts(out, ".Bl -tag -width Ds -compact\n");
	for (size_t i = 0; i < list_reason_names.n; i++) {
		const struct enumtab_row *row = &list_reason_names.rows[i];
		if (row->code == LIST_OK)
			continue;
		buf_printf(out, ".It Li %s\n", row->name);
		put_prose(out, list_reason_text((enum list_reason)row->code));
		buf_puts(out, "\n");
	}
	buf_puts(out, ".El\n");
}

/* --- metrics */

static void
put_metrics(struct buf *out, const struct command *ignored)
{
	(void)ignored;
	const struct metric *m;
	buf_puts(out, ".Bl -tag -width Ds -compact\n");
	for (size_t i = 0; (m = openmetrics_metric(i)) != NULL; i++) {
		buf_printf(out, ".It Va %s", m->name);
		buf_printf(out, m->labels[0] != '\0' ? " Pq label %s\n" : "%s\n", m->labels);
		put_prose(out, m->help);
		buf_puts(out, "\n");
	}
	buf_puts(out, ".El\n");
}

/* --- the keys of the configuration */

static void
put_section_head(struct buf *out, const char *section)
{
	static const char *const heads[][2] = {
		{ "server", "[server NAME]" },
		{ "run", "[run]" },
		{ "mail", "[mail] and [mail NAME]" },
		{ "webhook", "[webhook] and [webhook NAME]" },
		{ "command", "[command]" },
		{ "notify", "[notify]" },
		{ "provider", "[provider]" },
		{ "log", "[log]" },
	};
	for (size_t i = 0; i < N_ELEMENTS(heads); i++)
		if (strcmp(heads[i][0], section) == 0)
			section = heads[i][1];
	buf_printf(out, ".Ss %s\n.Bl -tag -width Ds\n", section);
}

static const char *
option_help(const char *name)
{
	for (size_t i = 0; i < options_n; i++)
		if (option_is_of(&options_all[i], &command_check) &&
		    strcmp(options_all[i].name, name) == 0)
			return options_all[i].help;
	fail_msg("there is no option --%s", name);
	return "";
}

/* What is an option of check means the same here. */
static void
put_key(struct buf *out, const struct key *key)
{
	bool option = key->help == NULL;
	const char *help = option ? option_help(key->name) : key->help;
	buf_printf(out, ".It Cm %s No = Ar %s\n", key->name, key->arg);
	put_capital(out, help);
	buf_puts(out, option ? ".\n" : "\n");
	if (option)
		buf_printf(out, "As\n.Fl Fl %s\nof\n.Cm check .\n", key->name);
	if (key->many && strstr(help, "repeatable") == NULL)
		buf_puts(out, "Repeatable.\n");
}

static void
put_keys(struct buf *out, const struct command *ignored)
{
	(void)ignored;
	for (size_t i = 0; i < CONFIG_SECTIONS; i++) {
		const struct config_section *section = &config_sections[i];
		put_section_head(out, section->name);
		for (size_t k = 0; k < section->keys.n; k++)
			put_key(out, &section->keys.list[k]);
		buf_puts(out, ".El\n");
	}
}

/* --- other pages */

static int
by_section(const void *a, const void *b)
{
	const char *one = *(char *const *)a, *other = *(char *const *)b;
	int section = strrchr(one, '.')[1] - strrchr(other, '.')[1];
	return section != 0 ? section : strcmp(one, other);
}

/* All pages of man/ but mailready.1, and those of other programs that it mentions. */
static void
put_see(struct buf *out, const struct command *ignored)
{
	(void)ignored;
	const char *names[100] = { "dig.1", "resolv.conf.5" };
	size_t n = 2;
	glob_t found;
	assert_int_equal(glob("man/*.[1-9]", 0, NULL, &found), 0);
	assert_true(found.gl_pathc + n <= N_ELEMENTS(names));
	for (size_t i = 0; i < found.gl_pathc; i++)
		if (strcmp(found.gl_pathv[i], "man/mailready.1") != 0)
			names[n++] = found.gl_pathv[i] + strlen("man/");
	qsort(names, n, sizeof *names, by_section);
	for (size_t i = 0; i < n; i++) {
		const char *dot = strrchr(names[i], '.');
		buf_printf(out, ".Xr %.*s %s%s\n", (int)(dot - names[i]), names[i], dot + 1,
		    i + 1 < n ? " ," : "");
	}
	globfree(&found);
}

/* --- pages */

struct block {
	const char *name; /* in its marker comments */
	void (*put)(struct buf *out, const struct command *command);
};

static const struct {
	const char *path;
	struct block blocks[4];
} pages[] = {
	{ "man/mailready.1",
	    { { "commands", put_commands }, { "common", put_common }, { "see", put_see } } },
	{ "man/mailready-checks.7", { { "rules", put_rules }, { "reasons", put_reasons } } },
	{ "man/mailready-formats.5", { { "metrics", put_metrics } } },
	{ "man/mailready.conf.5", { { "keys", put_keys } } },
};

static const struct block command_blocks[] = {
	{ "head", put_head },
	{ "options", put_options },
	{ "example", put_example },
	{ NULL, NULL },
};

/* Copies page to out with the text between the markers of the block made anew. */
static void
replace_block(const char *page, const struct block *block, const struct command *command,
    struct buf *out)
{
	char begin[40], end[40];
	snprintf(begin, sizeof begin, ".\\\" BEGIN %s:", block->name);
	snprintf(end, sizeof end, ".\\\" END %s\n", block->name);
	const char *from = strstr(page, begin);
	assert_non_null(from);
	const char *body = strchr(from, '\n') + 1;
	const char *rest = strstr(body, end);
	assert_non_null(rest);
	buf_add(out, page, (size_t)(body - page));
	block->put(out, command);
	buf_puts(out, rest);
}

static void
write_page(const char *path, const struct buf *page)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(page->data, 1, page->len, f), page->len);
	assert_int_equal(fclose(f), 0);
}

static void
read_page(const char *path, struct buf *page)
{
	struct err err;
	buf_init(page, PAGE_MAX);
	if (file_read(path, page, &err) != ERR_NONE)
		fail_msg("%s", err.text);
}

/* blocks ends with one without a name */
static void
check_page(const char *path, const struct block *blocks, const struct command *command)
{
	struct buf before, page;
	ROW(path);
	read_page(path, &before);
	read_page(path, &page);
	for (const struct block *block = blocks; block->name != NULL; block++) {
		struct buf next;
		buf_init(&next, PAGE_MAX);
		replace_block(page.data, block, command, &next);
		assert_false(next.failed);
		buf_fini(&page);
		page = next;
	}
	if (getenv("UPDATE_GOLDEN") != NULL)
		write_page(path, &page);
	else if (strcmp(page.data, before.data) != 0)
		fail_msg("%s differs from the tables: run make man", path);
	buf_fini(&before);
	buf_fini(&page);
}

static void
test_pages(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(pages); i++)
		check_page(pages[i].path, pages[i].blocks, NULL);
}

static const char *
path_of(const struct command *c, char path[PATH_LEN])
{
	snprintf(path, PATH_LEN, "man/mailready-%s.1", c->name);
	return path;
}

/* What its author completes: what the command does, and what its example is for. */
static void
begin_page(const char *path, const struct command *c)
{
	struct buf page;
	char date[40];
	time_t now = time(NULL);
	assert_true(strftime(date, sizeof date, "%B %e, %Y", gmtime(&now)) > 0);
	buf_init(&page, PAGE_MAX);
	buf_printf(&page, ".Dd %s\n.Dt MAILREADY-", date);
	for (const char *p = c->name; *p != '\0'; p++)
		buf_putc(&page, (char)toupper((unsigned char)*p));
	buf_puts(&page, " 1\n.Os\n");
	buf_puts(&page, ".\\\" BEGIN head: made from the table of commands by make man\n");
	buf_puts(&page, ".\\\" END head\n.Sh DESCRIPTION\n.Nm\n");
	buf_printf(&page, "%s.\n", c->help);
	buf_puts(&page, ".\\\" BEGIN options: made from the table of options by make man\n");
	buf_puts(&page, ".\\\" END options\n.Sh EXAMPLES\n");
	buf_puts(&page, ".\\\" BEGIN example: made from the table of commands by make man\n");
	buf_puts(&page, ".\\\" END example\n.Sh SEE ALSO\n.Xr mailready 1\n");
	write_page(path, &page);
	buf_fini(&page);
}

static void
test_commands(void **state)
{
	(void)state;
	char path[PATH_LEN];
	for (size_t i = 0; i < commands_n; i++) {
		const struct command *c = commands_all[i];
		if (!has_page(c))
			continue;
		if (getenv("UPDATE_GOLDEN") != NULL && access(path_of(c, path), F_OK) != 0)
			begin_page(path, c);
		check_page(path_of(c, path), command_blocks, c);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_commands),
		cmocka_unit_test(test_pages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
