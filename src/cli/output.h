/* Where reports go: standard output, or a file that appears when it is complete. */
#ifndef MAILREADY_CLI_OUTPUT_H
#define MAILREADY_CLI_OUTPUT_H

#include <stdbool.h>
#include <stdio.h>

#include "base/arena.h"
#include "base/err.h"

struct output {
	FILE *file;
	const char *path; /* NULL: standard output */
	char *temp;    /* what is renamed to path at the end; NULL: written in place, or nameless */
	bool nameless; /* has no name until it is complete: a signal leaves nothing behind */
};

/*
 * path NULL or "-" is standard output.  in_place: the file keeps its content, and its own name
 * from the beginning.  ERR_CANTCREAT.
 */
enum err_code output_open(struct output *o, const char *path, bool in_place,
    struct err *err) MUST_CHECK;

/*
 * What the series of a file of metrics are told apart by: its name without ".prom"; NULL for a path that
 * is not one for the textfile collector of node_exporter, or NULL.  Such a file is made with mode 0644.
 */
const char *output_collected_name(const char *path, struct arena *a);

/*
 * Flushes and closes.  ERR_IO when anything was lost on the way (full disk, closed pipe).  With an
 * error already in err, that one stays, and the file, which is not complete, is dropped.
 */
enum err_code output_close(struct output *o, struct err *err) MUST_CHECK;

/* Opens what the parent left closed of 0, 1 and 2, so that no socket or file of ours lands there. */
void output_guard(void);

#endif
