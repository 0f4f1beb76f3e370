/* The commands, and what they share. */
#ifndef MAILREADY_CLI_COMMANDS_H
#define MAILREADY_CLI_COMMANDS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "cli/options.h"
#include "cli/output.h"
#include "cli/settings.h"

struct command {
	const char *name;
	const char *usage;              /* what follows the options */
	const char *help;               /* one line without a full stop: "shows the version" */
	const char *example;            /* a line to type, for "help COMMAND" and the manual */
	bool rare;                      /* --help, which is one screen, only names it */
	int (*run)(struct settings *s); /* the exit status */
	/*
	 * The formats of what it shows: the name of the i-th, NULL after the last.  The first is the
	 * default.  settings.format is the number of the one that was asked for.  NULL: no formats.
	 */
	const char *(*format)(size_t i);
};

extern const struct command *const commands_all[];
extern const size_t commands_n;

/* Those that are more than one of the table's rows. */
extern const struct command command_check, command_explain, command_help, command_version;

const struct command *command_by_name(const char *name);

/* Its bit in option_row.commands. */
uint64_t command_mask(const struct command *command);

/* The format() of reports of targets: renderers_all. */
const char *report_format(size_t i);

/* The format() of documents that are for people, or for programs. */
enum { FORMAT_TEXT, FORMAT_JSON };
const char *plain_format(size_t i);

/* The same, and the forms that show what fix would do: fix_forms. */
const char *fix_format(size_t i);

/*
 * Parses argv (what follows the command's name), runs the command; the exit status.  named: the
 * command line says which command is meant, so that --help is about that one.
 */
int command_main(const struct command *command, bool named, char *const *argv);

/* Says what is wrong, and how the command is used; the exit status. */
int command_refuse(const struct settings *s, const struct err *err);

/* Completes s, and opens the output that it names; output_close() follows. */
enum err_code command_begin(struct settings *s, struct output *out, struct err *err) MUST_CHECK;

/*
 * Runs work between opening and closing the output, and turns what came of it into the exit
 * status.  bad_words: how many words of the command line were not targets.
 */
int command_work(struct settings *s, size_t bad_words,
    enum err_code (*work)(struct settings *s, struct run_result *result, struct err *err));

/* All commands, with examples: within 80 columns and 24 lines. */
void help_overview(FILE *out);

/* One command, within 80 columns and 24 lines; whole: with the rare options, however long. */
void help_print(FILE *out, const struct command *command, bool whole);

/* Three lines to type, for whoever does not know how to begin. */
void examples_print(FILE *out);

/* On standard error: "usage: mailready check ...", and where there is more. */
void usage_say(const struct command *command);

#endif
