/*
 * The manual page agrees with the tables of options and rules: what stands between its marker
 * comments is what is made here from the tables.  UPDATE_GOLDEN=1 rewrites the page.
 */
#include "test.h"

#include <ctype.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "checks/finding.h"
#include "checks/registry.h"
#include "cli/commands.h"
#include "config/config.h"
#include "report/openmetrics.h"

static const char page_path[] = "man/mailready.1";
static const char config_path[] = "man/mailready.conf.5";

enum { PAGE_MAX = 1 << 20 };

/* Length of the blanks at c when they stand between two sentences. */
static size_t
gap_between_sentences(const char *text, const char *c)
{
	size_t blanks = strspn(c, " ");
	bool ends = c > text && c[-1] == '.';
	return ends && isupper((unsigned char)c[blanks]) ? blanks : 0;
}

/* Plain text to mdoc: a sentence a line, nothing that roff would take for its own. */
static void
put_prose(struct buf *out, const char *text)
{
	if (text[0] == '.' || text[0] == '\'')
		buf_puts(out, "\\&");
	for (const char *c = text; *c != '\0'; c++) {
		size_t gap = gap_between_sentences(text, c);
		if (gap > 0) {
			buf_putc(out, '\n');
			c += gap - 1;
		} else if (*c == '\\') {
			buf_puts(out, "\\e");
		} else if (*c == '-' && c[1] == '-') {
			buf_puts(out, "\\-");
		} else {
			buf_putc(out, *c);
		}
	}
}

static void
put_option(struct buf *out, const struct option_row *row)
{
	buf_puts(out, ".It ");
	if (row->letter != 0)
		buf_printf(out, "Fl %c , ", row->letter);
	buf_printf(out, "Fl Fl %s", row->name);
	if (row->alias != NULL)
		buf_printf(out, " , Fl Fl %s", row->alias);
	if (row->arg != NULL)
		buf_printf(out, " Ar %s", row->arg);
	buf_printf(out, "\n%c", toupper((unsigned char)row->help[0]));
	put_prose(out, row->help + 1);
	buf_puts(out, ".\n");
	put_prose(out, row->more);
	buf_puts(out, row->more[0] != '\0' ? "\n" : "");
}

static void
put_options_of(struct buf *out, const struct command *c)
{
	if (c == &command_help || c == &command_version)
		return;
	buf_printf(out, ".Pp\n.Cm %s\ntakes:\n", c->name);
	const char *before = ".Fl Fl ";
	for (size_t i = 0; i < options_n; i++) {
		if (!option_is_of(&options_all[i], c))
			continue;
		buf_printf(out, "%s%s", before, options_all[i].name);
		before = " ,\n.Fl Fl ";
	}
	buf_puts(out, " .\n");
}

static void
put_options(struct buf *out)
{
	const char *section = "";
	for (size_t i = 0; i < options_n; i++) {
		const struct option_row *row = &options_all[i];
		if (strcmp(section, row->section) != 0) {
			buf_puts(out, section[0] != '\0' ? ".El\n" : "");
			buf_printf(out, ".Ss %s\n.Bl -tag -width Ds\n", row->section);
		}
		section = row->section;
		put_option(out, row);
	}
	buf_puts(out, ".El\n");
	for (size_t i = 0; i < commands_n; i++)
		put_options_of(out, commands_all[i]);
}

static void
put_rules(struct buf *out)
{
	for (size_t i = 0; i < checks_n; i++) {
		const struct check *c = checks_all[i];
		buf_printf(out, ".Ss %s: %s", c->id, c->title);
		buf_printf(out, c->spec[0] != '\0' ? " (%s)\n" : "%s\n", c->spec);
		buf_puts(out, ".Bl -tag -width Ds -compact\n");
		for (size_t k = 0; k < c->n_rules; k++) {
			const struct rule *r = &c->rules[k];
			buf_printf(out, ".It Sy %s Pq %s\n", r->id,
			    enumtab_name(&severity_names, (int)r->severity));
			put_prose(out, r->why);
			buf_puts(out, "\n");
		}
		buf_puts(out, ".El\n");
	}
}

static void
put_metrics(struct buf *out)
{
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
		{ "mail", "[mail]" },
		{ "webhook", "[webhook]" },
		{ "command", "[command]" },
		{ "notify", "[notify]" },
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
	buf_printf(out, ".It Cm %s No = Ar %s\n%c", key->name, key->arg,
	    toupper((unsigned char)help[0]));
	put_prose(out, help + 1);
	buf_puts(out, option ? ".\n" : "\n");
	if (option)
		buf_printf(out, "As\n.Fl Fl %s\nof\n.Cm check .\n", key->name);
	if (key->many && strstr(help, "repeatable") == NULL)
		buf_puts(out, "Repeatable.\n");
}

static void
put_keys(struct buf *out)
{
	for (size_t i = 0; i < CONFIG_SECTIONS; i++) {
		const struct config_section *section = &config_sections[i];
		put_section_head(out, section->name);
		for (size_t k = 0; k < section->keys.n; k++)
			put_key(out, &section->keys.list[k]);
		buf_puts(out, ".El\n");
	}
}

/* Copies page to out with the text between the markers of name made anew. */
static void
replace_section(const char *page, const char *name, void (*put)(struct buf *out), struct buf *out)
{
	char begin[40], end[40];
	snprintf(begin, sizeof begin, ".\\\" BEGIN %s:", name);
	snprintf(end, sizeof end, ".\\\" END %s\n", name);
	const char *from = strstr(page, begin);
	assert_non_null(from);
	const char *body = strchr(from, '\n') + 1;
	const char *rest = strstr(body, end);
	assert_non_null(rest);
	buf_add(out, page, (size_t)(body - page));
	put(out);
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
test_sections(void **state)
{
	(void)state;
	struct buf page, step, next, fresh;
	struct err err;
	buf_init(&page, PAGE_MAX);
	buf_init(&step, PAGE_MAX);
	buf_init(&next, PAGE_MAX);
	buf_init(&fresh, PAGE_MAX);
	assert_int_equal(file_read(page_path, &page, &err), ERR_NONE);
	replace_section(page.data, "options", put_options, &step);
	replace_section(step.data, "rules", put_rules, &next);
	replace_section(next.data, "metrics", put_metrics, &fresh);
	assert_false(fresh.failed);
	if (getenv("UPDATE_GOLDEN") != NULL)
		write_page(page_path, &fresh);
	else if (strcmp(page.data, fresh.data) != 0)
		fail_msg("%s differs from the tables: run make golden", page_path);
	buf_fini(&page);
	buf_fini(&step);
	buf_fini(&next);
	buf_fini(&fresh);
}

static void
test_keys(void **state)
{
	(void)state;
	struct buf page, fresh;
	struct err err;
	buf_init(&page, PAGE_MAX);
	buf_init(&fresh, PAGE_MAX);
	assert_int_equal(file_read(config_path, &page, &err), ERR_NONE);
	replace_section(page.data, "keys", put_keys, &fresh);
	assert_false(fresh.failed);
	if (getenv("UPDATE_GOLDEN") != NULL)
		write_page(config_path, &fresh);
	else if (strcmp(page.data, fresh.data) != 0)
		fail_msg("%s differs from the table: run make golden", config_path);
	buf_fini(&page);
	buf_fini(&fresh);
}

/* What the page says by hand must still be there for every option and command. */
static void
test_commands(void **state)
{
	(void)state;
	struct buf page;
	struct err err;
	buf_init(&page, PAGE_MAX);
	assert_int_equal(file_read(page_path, &page, &err), ERR_NONE);
	for (size_t i = 0; i < commands_n; i++) {
		char item[40];
		ROW(commands_all[i]->name);
		snprintf(item, sizeof item, ".It Cm %s\n", commands_all[i]->name);
		assert_non_null(strstr(page.data, item));
	}
	buf_fini(&page);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sections),
		cmocka_unit_test(test_keys),
		cmocka_unit_test(test_commands),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
