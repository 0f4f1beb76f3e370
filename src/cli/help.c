/* --help, from the tables. */
#include <string.h>

#include "cli/commands.h"

enum { OPTION_COLUMN = 28, COMMAND_COLUMN = 28 };

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
print_row(FILE *out, int column, const char *left, const char *right)
{
	int gap = (int)strlen(left) > column - 2 ? 2 : 0;
	fprintf(out, "  %-*s%*s%s\n", gap > 0 ? 0 : column, left, gap, "", right);
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
	print_row(out, OPTION_COLUMN, left, row->help);
}

static void
print_all_options(FILE *out, const struct command *command)
{
	const char *section = "";
	for (size_t i = 0; i < options_n; i++) {
		const struct option_row *row = &options_all[i];
		if (!option_is_of(row, command))
			continue;
		if (strcmp(section, row->section) != 0)
			fprintf(out, "%s:\n", row->section);
		section = row->section;
		print_option(out, row);
	}
}

/* Without those that are rare, and without --help and --version. */
static void
print_usual_options(FILE *out, const struct command *command)
{
	size_t left_out = 0;
	for (size_t i = 0; i < options_n; i++) {
		const struct option_row *row = &options_all[i];
		if (!option_is_of(row, command) || option_is_common(row))
			continue;
		if (row->rare)
			left_out++;
		else
			print_option(out, row);
	}
	if (left_out > 0)
		fprintf(out, "and %zu more: mailready help %s\n", left_out, command->name);
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

static void
print_exit(FILE *out)
{
	fprintf(out, "Exit: 0 good, 1 bad, 2 unknown, 64 and above see mailready(1)\n");
}

void
help_print(FILE *out, const struct command *command, bool whole)
{
	print_usage(out, command);
	fprintf(out, "%s\n", command->help);
	if (whole)
		print_all_options(out, command);
	else
		print_usual_options(out, command);
	print_formats(out, command);
	fprintf(out, "Example: %s\n", command->example);
	print_exit(out);
}

void
examples_print(FILE *out)
{
	static const char *const lines[][2] = {
		{ "mailready 203.0.113.25 --helo mail.example.com", "an address and its name" },
		{ "mailready example.com", "a domain's mail servers" },
		{ "mailready fix 203.0.113.25 --name mail.example.com", "plans a PTR record" },
	};
	for (size_t i = 0; i < sizeof lines / sizeof lines[0]; i++)
		fprintf(out, "  %-50s  # %s\n", lines[i][0], lines[i][1]);
}

static void
print_rare_commands(FILE *out)
{
	fputs("Also:", out);
	for (size_t i = 0; i < commands_n; i++)
		if (commands_all[i]->rare)
			fprintf(out, " %s", commands_all[i]->name);
	fputc('\n', out);
}

void
help_overview(FILE *out)
{
	fputs("usage: mailready [COMMAND] [OPTION...] [ARGUMENT...]\n"
	      "Will receivers accept mail from a server? Checks it, and repairs what it can.\n"
	      "Without a command it checks; without a target too, this machine. Examples:\n",
	    out);
	examples_print(out);
	fputs("Commands (mailready help COMMAND shows the options of one):\n", out);
	for (size_t i = 0; i < commands_n; i++) {
		const struct command *c = commands_all[i];
		char left[80];
		if (c->rare)
			continue;
		snprintf(left, sizeof left, "%s%s%s", c->name, c->usage[0] != '\0' ? " " : "",
		    c->usage);
		print_row(out, COMMAND_COLUMN, left, c->help);
	}
	print_rare_commands(out);
	print_exit(out);
}
