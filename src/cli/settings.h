/* Everything that one command line said. */
#ifndef MAILREADY_CLI_SETTINGS_H
#define MAILREADY_CLI_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"
#include "mail/message.h"
#include "repair/repair.h"
#include "run/run.h"
#include "smtp/sink.h"
#include "watch/past.h"

enum { FAIL_ON_WARN = 1, FAIL_ON_UNKNOWN = 2, DKIM_KEYS_MAX = 32 };

/* How long a resolver that restarts is waited for where many targets, or a schedule, can wait. */
enum { RESOLVER_PATIENCE_US = 30000000 };

enum color_mode { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct command;

/* Words of the command line, borrowed from argv. */
struct words {
	const char **at;
	size_t n, cap;
};

struct settings {
	const struct command *command; /* that was given */
	struct run_options run;        /* complete after settings_check() and settings_direct() */
	struct words words;            /* what is not an option: targets, or the file to judge */
	const char *helo, *domain;
	const char *mail_from, *from; /* NULL: not given */
	struct dkim_identity dkim[DKIM_KEYS_MAX];
	size_t n_dkim;
	bool guess_selectors;
	const char *message_file;      /* NULL */
	const struct message *message; /* read from it, before targets are made */
	bool ipv4, ipv6;               /* look at these alone; none or both: at all */
	struct fix_options fix;        /* of fix and its companions; complete in fix_command() */
	struct words names, tags, endpoints;
	struct report_options past; /* of report; complete when it runs */
	const char *resume;         /* a journal; NULL */
	const char *again;          /* the output of an earlier run; NULL */
	struct {
		const char *config, *history; /* files; NULL: the usual ones */
		const char *label;
		const char *groups; /* "relays, customer a"; NULL */
		int64_t since_s;    /* how long ago; 0: from the beginning */
		int64_t wait_s;     /* for messages that cannot be sent yet */
		int export;         /* every stored run, instead of a format; 0: no */
		bool dry_run, test, pending;
	} watch; /* of watch, run, history, notify and report */
	struct {
		struct ip address; /* family 0: not given */
		const char *mx;    /* NULL */
		bool summary, recipients;
	} explain;
	struct {
		struct endpoint at;
		unsigned count;
		uint64_t time_us;
		enum sink_stage refuse;
		const char *save; /* directory; NULL */
	} listen;
	struct words trusted; /* of received: addresses, blocks and ranges */
	bool yes;
	bool example;      /* preflight: print one */
	size_t n_hidden;   /* addresses of this machine whose public ones are not known */
	bool *only, *skip; /* by index into checks_all */
	bool any_only;
	struct words list_files, only_lists, skip_lists;
	bool test_lists;
	const struct check **checks;
	size_t format; /* the number of a format of command->format() */
	enum color_mode color;
	const char *output;     /* NULL: standard output */
	bool ordered, progress; /* asked for; else decided by what is checked */
	unsigned fail_on;
	bool limits; /* thresholds of a plug-in are given */
	bool help, version;
	bool named;                  /* the command line says which command is meant */
	const struct command *about; /* whose help; NULL: that of all */
	struct arena arena;
};

void settings_init(struct settings *s);
void settings_fini(struct settings *s);

/* Adds one; the word must last as long as s. */
void words_add(struct settings *s, struct words *to, const char *word);

/* After parsing: selects the checks, fills in what was left open, refuses what cannot go together. */
enum err_code settings_check(struct settings *s, struct err *err) MUST_CHECK;

/* Points the reports to out, and decides about colour. */
void settings_direct(struct settings *s, FILE *out);

#endif
