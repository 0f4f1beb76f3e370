/* --help, from the tables. */
#include <string.h>

#include "cli/commands.h"

enum { OPTION_COLUMN = 28, SCREEN_COLUMNS = 80 };

static void
print_usage(FILE *out, const struct command *command)
{
	fprintf(out, "usage: mailready %s [OPTION...]%s%s\n", command->name,
	    command->usage[0] != '\0' ? " " : "", command->usage);
}

void
usage_say(const struct command *command)
{
	print_usage(stderr, command);
	fprintf(stderr,
	    "mailready help %s shows all its options, mailready --help the other commands\n",
	    command->name);
}

/* Two columns; a left one that is too wide for its own pushes the other away. */
static void
print_row(FILE *out, const char *left, const char *help)
{
	int gap = (int)strlen(left) > OPTION_COLUMN - 2 ? 2 : 0;
	fprintf(out, "  %-*s%*s%s\n", gap > 0 ? 0 : OPTION_COLUMN, left, gap, "", help);
}

static void
print_option(FILE *out, const struct option_row *row)
{
	char left[80];
	char letter[8] = "    ";
	if (row->letter != 0)
		snprintf(letter, sizeof letter, "-%c, ", row->letter);
	snprintf(left, sizeof left, "%s--%s%s%s", letter, row->name, row->arg ? " " : "",
	    row->arg ? row->arg : "");
	print_row(out, left, row->help);
}

/* How many options were left out. */
static size_t
print_options(FILE *out, const struct command *command, bool whole)
{
	const char *section = "";
	size_t left_out = 0;
	for (size_t i = 0; i < options_n; i++) {
		const struct option_row *row = &options_all[i];
		if (!option_is_of(row, command))
			continue;
		if (row->rare && !whole) {
			left_out++;
			continue;
		}
		if (strcmp(section, row->section) != 0)
			fprintf(out, "%s:\n", row->section);
		section = row->section;
		print_option(out, row);
	}
	return left_out;
}

static void
print_names(FILE *out, const struct command *command)
{
	size_t column = strlen("Other commands:");
	for (size_t i = 0; i < commands_n; i++) {
		size_t len = strlen(commands_all[i]->name);
		if (commands_all[i] == command)
			continue;
		bool wraps = column + 1 + len >= SCREEN_COLUMNS;
		fprintf(out, "%s%s", wraps ? "\n  " : " ", commands_all[i]->name);
		column = (wraps ? 2 : column + 1) + len;
	}
	fputc('\n', out);
}

/* In full for the main one alone: one screen holds no more.  What -h and -V do is said there. */
static void
print_commands(FILE *out, const struct command *command)
{
	bool full = command == &command_check;
	fprintf(out, "Other commands:%s", full ? "\n" : "");
	if (!full)
		print_names(out, command);
	for (size_t i = 0; full && i < commands_n; i++) {
		const struct command *other = commands_all[i];
		char left[80];
		if (other == command || other == &command_help || other == &command_version)
			continue;
		snprintf(left, sizeof left, "%s %s", other->name, other->usage);
		print_row(out, left, other->help);
	}
}

static void
print_formats(FILE *out, const struct command *command)
{
	const char *name;
	if (command->format == NULL)
		return;
	fputs("Formats:", out);
	for (size_t i = 0; (name = command->format(i)) != NULL; i++)
		fprintf(out, " %s", name);
	fputc('\n', out);
}

void
help_print(FILE *out, const struct command *command, bool whole)
{
	print_usage(out, command);
	fprintf(out, "%s\n", command->help);
	size_t left_out = print_options(out, command, whole);
	if (left_out > 0)
		fprintf(out, "and %zu more: mailready help %s\n", left_out, command->name);
	print_formats(out, command);
	print_commands(out, command);
	fprintf(out, "Exit: 0 good, 1 bad, 2 unknown, 64 and above see mailready(1)\n");
}
