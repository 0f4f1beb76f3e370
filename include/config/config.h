/*
 * The configuration of scheduled runs: what is watched, how it is looked at, where the history is, who
 * is notified.  An INI file (base/inifile); one table of keys drives reading it and its manual
 * page.
 */
#ifndef MAILREADY_CONFIG_CONFIG_H
#define MAILREADY_CONFIG_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "base/keys.h"
#include "history/change.h"
#include "mail/dkim_signature.h"
#include "notify/notify.h"

struct arena;

/* "run"; "server" stands for every [server NAME] */
struct config_section {
	const char *name;
	bool named;       /* [NAME] may have a name of its own, and stand there several times */
	struct keys keys; /* one without help is an option of check, with the same meaning */
};
extern const struct config_section config_sections[];
enum {
	CONFIG_SERVER,
	CONFIG_RUN,
	CONFIG_MAIL,
	CONFIG_WEBHOOK,
	CONFIG_COMMAND,
	CONFIG_NOTIFY,
	CONFIG_PROVIDER,
	CONFIG_LOG,
	CONFIG_SECTIONS
};

/* A value of [run] that check's own option of the same name understands. */
struct config_option {
	const char *name, *value; /* value NULL: an option without one */
	const char *file;
	int line;
};

enum { CONFIG_DKIM_MAX = 16 };

struct config_server {
	const char *label;   /* of [server LABEL] */
	const char *address; /* as text; "" when host is given */
	const char *host;    /* all of its addresses are watched; "" */
	const char *ehlo, *domain;
	const char *mail_from, *from;               /* NULL: not given */
	const char *groups;                         /* as struct digest has them; NULL: none */
	struct dkim_identity dkim[CONFIG_DKIM_MAX]; /* that sign its mail */
	size_t n_dkim;
	const char *file; /* its file */
	int line;
};

/* A program that sets PTR records. */
struct config_program {
	const char *name; /* of [provider NAME]; "" is [provider] */
	const char *path;
	const char *file; /* its file */
	int line;
};

enum { CONFIG_FILES_MAX = 2 };

struct config {
	struct config_server *servers;
	size_t n_servers, cap_servers;
	struct config_option *options;
	size_t n_options, cap_options;
	const char *history; /* the file; "": the default */
	const char *log;     /* the mail log of this machine; "": none is read */
	int64_t retention_s; /* 0: for ever; 400 days */
	struct change_policy policy;
	unsigned looks;       /* at what is grave and new, within the run; 0: none; 2 */
	int64_t look_pause_s; /* before each of them; 120 */
	struct notify_config notify;
	struct config_program *programs;
	size_t n_programs, cap_programs;
	const char *files[CONFIG_FILES_MAX]; /* that were read */
	size_t n_files;
	const char **remarks; /* what is better changed, for the user */
	size_t n_remarks, cap_remarks;
};

/*
 * path NULL: /etc/mailready.conf and then the user's, below $XDG_CONFIG_HOME, each if it is there; else
 * that file alone, which must be there.  In a later file a key takes the place of an earlier one's (all
 * of its lines), and [server NAME] that of the server of this name.  Everything lives in a.
 * ERR_CONFIG names file, line, key and what was expected.
 */
enum err_code config_read(const char *path, struct arena *a, struct config *out,
    struct err *err) MUST_CHECK;

/* The same from memory, one file; for tests and fuzzing. */
enum err_code config_read_text(const char *name, const char *text, size_t len, struct arena *a,
    struct config *out, struct err *err) MUST_CHECK;

/* The file that is edited: path, or root's or the user's own; false when no home is known. */
bool config_own_path(const char *path, char *out, size_t size);

/*
 * Where the history is: the configuration's, else mailready/history.db below $XDG_STATE_HOME, else for
 * root /var/lib/mailready/history.db, else below ~/.local/state; false when no home is known.
 */
bool config_history_path(const struct config *c, char *out, size_t size);

/* May this be the name of a server?  NULL, or what is wrong with it. */
const char *config_label_fault(const char *label);

/* Checks a server's words as the file's would be; what is wrong is said without file and line. */
enum err_code config_server_check(const struct config_server *s, struct err *err) MUST_CHECK;

/*
 * Adds or removes a watched server in the file at path.  One that is not there is made: for its owner
 * alone, but root's for all, because the machine's service reads it.  All else in it stays as it is, its
 * mode, too; it is replaced in one piece.  ERR_DATA: there is one of the name already, or, to be
 * removed, none.
 */
enum err_code config_add_server(const char *path, const struct config_server *s,
    struct err *err) MUST_CHECK;
enum err_code config_remove_server(const char *path, const char *label, struct err *err) MUST_CHECK;

#endif
