/* The options: one table drives parsing, --help and the manual page's OPTIONS section. */
#ifndef MAILREADY_CLI_OPTIONS_H
#define MAILREADY_CLI_OPTIONS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/enumtab.h"
#include "cli/settings.h"

/* What an option does, and the type of the member that it sets. */
enum option_kind {
	OPTION_FLAG,     /* bool; this and the next two take no argument */
	OPTION_OFF,      /* bool: becomes false */
	OPTION_MORE,     /* int: one more each time */
	OPTION_TEXT,     /* const char * */
	OPTION_FILE,     /* const char *: a path, never empty */
	OPTION_LIST,     /* struct words: repeatable */
	OPTION_PORT,     /* uint16_t */
	OPTION_COUNT,    /* unsigned: from 1 to max */
	OPTION_SECONDS,  /* uint64_t, microseconds: a decimal number up to max seconds */
	OPTION_SPAN,     /* int64_t, seconds: "30d" */
	OPTION_WORD,     /* int or an enum: one of words */
	OPTION_BITS,     /* unsigned: some of words, joined by commas; repeatable */
	OPTION_FUNCTION, /* what set does; its value is NULL for an option without argument */
};

struct option_row {
	const char *name;  /* long name without "--" */
	const char *alias; /* a second long name; NULL */
	char letter;       /* short name; 0 */
	const char *arg;   /* what its argument is called; NULL when it takes none */
	const char *help;  /* for --help: one line */
	const char *more;  /* for the manual page: sentences that follow the help line; "" */
	const char *section;
	uint64_t commands; /* those that take it: see command_mask() */
	enum option_kind kind;
	size_t offset;               /* of the member in struct settings */
	unsigned max;                /* of a number */
	const struct enumtab *words; /* of OPTION_WORD, OPTION_BITS */
	enum err_code (*set)(struct settings *s, const char *value, struct err *err);
	bool rare; /* left out of --help, which is one screen; "mailready help COMMAND" has it */
};

extern const struct option_row options_all[];
extern const size_t options_n;

/* Does the command take it? */
bool option_is_of(const struct option_row *row, const struct command *command);

/* Do all commands take it?  So it is for --help and --version. */
bool option_is_common(const struct option_row *row);

/* Does what the option says; value is NULL when it takes none.  ERR_USAGE says what was expected. */
enum err_code option_apply(const struct option_row *row, struct settings *s, const char *value,
    struct err *err) MUST_CHECK;

/*
 * Reads the words after the command's name: "--name value", "--name=value", "-n value", grouped
 * letters, "--" before words that start with a hyphen; "-" alone is a word, and "@ADDR" a resolver
 * where the command asks one.  Errors are ERR_USAGE and name the word and what was expected.
 */
enum err_code options_parse(struct settings *s, const struct command *command, char *const *argv,
    struct err *err) MUST_CHECK;

/*
 * Does what the option of this name does for check.  For values that are not from the command line;
 * they must last as long as s.
 */
enum err_code settings_apply(struct settings *s, const char *option, const char *value,
    struct err *err) MUST_CHECK;

#endif
