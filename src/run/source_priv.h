/*
 * Where targets come from: the command line first, then the lines of a file, read as needed and
 * never further than needed.  Blocks and ranges come out address by address.
 */
#ifndef MAILREADY_RUN_SOURCE_PRIV_H
#define MAILREADY_RUN_SOURCE_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "run/run.h"

enum { SOURCE_BUFFER = 65536 };

struct source {
	const struct run_options *options;
	size_t next_word;
	int fd;            /* of the file; -1: none, or read to its end */
	uint64_t size;     /* of the file; 0: not known */
	uint64_t consumed; /* bytes of it before the lines to come */
	char *buffer;
	size_t from, to; /* what is left of it */
	char line[TARGET_LINE_MAX];
	size_t line_len;   /* may exceed TARGET_LINE_MAX: what is too long is counted only */
	size_t line_bytes; /* of the line that spec is from */
	int n_lines;
	struct target_reader reader;
	bool ended;
	struct arena text; /* the strings of spec */
	struct target_spec spec;
	const char
	    *wrong;    /* spec is not a target, but what was given in its place: why; else NULL */
	bool in_block; /* next is an address of spec that is still to come */
	struct ip next;
	uint64_t n_seen;  /* targets of all shards so far */
	uint64_t n_given; /* of this one */
	size_t bad_lines;
	struct err *err;
};

enum source_status {
	SOURCE_TARGET, /* one more */
	SOURCE_WAIT,   /* nothing can be read now: try again when fd is readable */
	SOURCE_END,    /* that was all, or err says why reading failed */
};

struct source_target {
	struct ip ip;                   /* family 0: a host name */
	const struct target_spec *spec; /* its strings and line; borrowed until the next call */
	const char *wrong; /* it is not a target: why; its host is what was given.  Else NULL */
	uint64_t number;   /* in this shard, from 0: the same in every run over this input */
};

enum err_code source_open(struct source *s, const struct run_options *o,
    struct err *err) MUST_CHECK;
void source_close(struct source *s);

enum source_status source_next(struct source *s, struct source_target *out);

/* How much of the input has been given out, 0 to 1; negative when its size is not known. */
double source_share(const struct source *s);

#endif
