/*
 * The command line.  One table of options drives parsing, --help and the manual page's OPTIONS
 * section; one table of commands says what there is to do.
 */
#ifndef MAILREADY_CLI_OPTIONS_H
#define MAILREADY_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "repair/repair.h"
#include "run/run.h"
#include "watch/past.h"

enum {
	CMD_CHECK = 1,
	CMD_JUDGE = 2,
	CMD_HELP = 4,
	CMD_VERSION = 8,
	CMD_MERGE = 16,
	CMD_LISTS = 32,
	CMD_FIX = 64,
	CMD_PTR = 128,
	CMD_UNDO = 256,
	CMD_WAIT = 512,
	CMD_WATCH = 1024,
	CMD_RUN = 2048,
	CMD_HISTORY = 4096,
	CMD_PREFLIGHT = 8192,
	CMD_REPORT = 16384,
	CMD_NOTIFY = 32768,
	CMD_ALL = 65535,
	RARE = 1
	    << 16, /* left out of --help, which is one screen; "mailready help COMMAND" has it */
};

enum { FAIL_ON_WARN = 1, FAIL_ON_UNKNOWN = 2 };

enum color_mode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct command;

/* Everything that one command line said.  Words are borrowed from argv. */
struct settings {
	struct run_options run; /* complete after settings_check() and settings_direct() */
	const char **words;     /* what is no option: targets, or the file to judge */
	size_t n_words, cap_words;
	const char *helo, *domain;
	struct fix_options fix; /* of fix and its companions; complete after fix_settings() */
	const char **names, **tags, **endpoints;
	size_t n_names, cap_names, n_tags, cap_tags, n_endpoints, cap_endpoints;
	struct report_options past; /* of report; complete when it runs */
	const char *resume;         /* a journal; NULL */
	struct {
		const char *config, *history; /* files; NULL: the usual ones */
		const char *label;
		int64_t since_s; /* how long ago; 0: from the beginning */
		int64_t wait_s;  /* for messages that cannot be sent yet */
		bool dry_run, export, test, pending;
	} watch; /* of watch, run, history, notify and report */
	bool yes;
	bool *only, *skip; /* by index into checks_all */
	bool any_only;
	struct words_of_option {
		const char **words;
		size_t n, cap;
	} list_files, only_lists, skip_lists;
	bool test_lists;
	const struct check **checks;
	enum color_mode color;
	const char *output;     /* NULL: standard output */
	bool ordered, progress; /* asked for; else decided by what is checked */
	unsigned fail_on;
	bool help, version;
	const struct command *about; /* whose help; NULL: check's */
	struct arena arena;
};

struct option_row {
	const char *name;  /* long name without "--" */
	const char *alias; /* a second long name; NULL */
	char letter;       /* short name; 0 */
	const char *arg;   /* what its argument is called; NULL when it takes none */
	const char *help;  /* for --help: one line */
	const char *more;  /* for the manual page: sentences that follow the help line; "" */
	const char *section;
	unsigned commands; /* those that take it */
	/* value is NULL when the option takes no argument */
	enum err_code (*set)(struct settings *s, const char *value, struct err *err);
};

extern const struct option_row options_all[];
extern const size_t options_n;

struct command {
	const char *name;
	unsigned id;                    /* CMD_ */
	const char *usage;              /* what follows the options */
	const char *help;               /* one line, an imperative without a full stop */
	int (*run)(struct settings *s); /* the exit status */
	const char *(*format)(
	    size_t i); /* name of its i-th format, NULL behind the last; or NULL */
};

/* The format() of those that show reports of targets. */
const char *report_format_name(size_t i);

extern const struct command *const commands_all[];
extern const size_t commands_n;
const struct command *command_by_name(const char *name);

void settings_init(struct settings *s);
void settings_fini(struct settings *s);

/*
 * Reads the words after the command's name: "--name value", "--name=value", "-n value", grouped
 * letters, "--" before words that start with a hyphen; "-" alone is a word.  Errors are
 * ERR_USAGE and name the word and what was expected.
 */
enum err_code options_parse(struct settings *s, const struct command *command, char *const *argv,
    struct err *err) MUST_CHECK;

/*
 * Does what the option of this name does for check.  For values that stand elsewhere than in the command
 * line; they must last as long as s.
 */
enum err_code settings_apply(struct settings *s, const char *option, const char *value,
    struct err *err) MUST_CHECK;

/* After parsing: selects the checks, fills in what was left open, refuses what cannot go together. */
enum err_code settings_check(struct settings *s, struct err *err) MUST_CHECK;

/* Points the reports to out, and decides about colour. */
void settings_direct(struct settings *s, FILE *out);

/* Within 80 columns and one screen. */
void help_print(FILE *out, const struct command *command, bool whole);

/* On standard error: "usage: mailready check ...", and where there is more. */
void usage_say(const struct command *command);

#endif
