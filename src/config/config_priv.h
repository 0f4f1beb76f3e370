/* Inside of the configuration: reading, setting, and what the whole must be. */
#ifndef MAILREADY_CONFIG_CONFIG_PRIV_H
#define MAILREADY_CONFIG_CONFIG_PRIV_H

#include "base/inifile.h"
#include "config/config.h"

/* A file being read. */
struct reading {
	struct config *c;
	struct arena *arena;
	const char *file; /* a lasting copy */
	const struct config_key *
	    *before; /* keys that this file has set: the first clears the older */
	size_t n_before;
};

typedef enum err_code config_set_fn(struct reading *r, const struct config_key *key,
    const struct ini_line *line, struct err *err);

/* By enum config_kind. */
extern config_set_fn *const config_setters[];

/* After the last file: checks that need several keys. */
enum err_code config_finish(struct config *c, struct arena *a, struct err *err) MUST_CHECK;

#endif
