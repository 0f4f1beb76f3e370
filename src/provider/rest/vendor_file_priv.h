/* The files in which the vendors' own tools keep the token, for when no variable has it. */
#ifndef MAILREADY_PROVIDER_REST_VENDOR_FILE_PRIV_H
#define MAILREADY_PROVIDER_REST_VENDOR_FILE_PRIV_H

#include "base/arena.h"
#include "provider/provider.h"

enum { REST_FILE_PATHS = 2 };

/* Of TOML and INI files the tools' own kind: one line a key. */
enum rest_format { REST_INI, REST_TOML, REST_YAML };

/* Where the token is, in the words of the tool.  Of INI files, a section's heading is its name. */
struct rest_file {
	enum rest_format format;
	const char
	    *paths[REST_FILE_PATHS]; /* in order; "~/" is home, "@/" where configurations are */
	const char *path_variable;   /* names another file; NULL */
	const char *choice;          /* what a file has several of: "context"; NULL: one token */
	const char *choice_variable; /* which of them; NULL */
	const char *current;         /* the key that says which */
	const char *current_section; /* where that is; "" before any; not YAML's */
	const char *list;  /* TOML: "[contexts" for [[contexts]]; YAML: the key of their map */
	const char *whole; /* YAML: the name of what stands beside that map */
	const char *token; /* the token's key */
};

/* choice NULL: the file has one token, or nothing says which. */
struct rest_found {
	char *token; /* the caller's, released with secret_free(); NULL with every error */
	const char *path, *choice; /* fit to be shown */
	unsigned exposed_mode;     /* as in struct secret_file */
};

/*
 * The token in the file; what else is found lives as long as a.  ERR_NOINPUT: there is no file, or nothing in
 * it; ERR_CONFIG, by the name of the file or variable, for all that is malformed or half there.
 */
enum err_code rest_file_find(const struct rest_file *f, const struct provider_options *o,
    struct arena *a, struct rest_found *out, struct err *err) MUST_CHECK;

/* The same from memory; name is the file's; wanted is what choice_variable says, or "". */
enum err_code rest_file_read_text(const struct rest_file *f, const char *name, const char *text,
    size_t len, const char *wanted, struct arena *a, struct rest_found *out,
    struct err *err) MUST_CHECK;

#endif
