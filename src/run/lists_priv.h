/* Between the parts of mailready lists: what is shown (lists.c), and the test (lists_test.c). */
#ifndef MAILREADY_RUN_LISTS_PRIV_H
#define MAILREADY_RUN_LISTS_PRIV_H

#include <jansson.h>

#include "base/arena.h"
#include "base/buf.h"
#include "run/run.h"

enum { LISTS_TEXT_MAX = 4 << 20 };

struct listing {
	const struct run_options *options;
	const struct lists_request *request;
	struct arena arena;
	struct lists_source source;
	struct buf text;
	struct err *err;
};

/* A text at an indent, wrapped before column 80. */
void lists_put_wrapped(struct buf *out, const char *label, const char *text);

void lists_put_json(struct buf *out, json_t *document);

/* Asks every chosen list for its test entries, and writes what came of it. */
enum err_code lists_test(struct listing *l, size_t *unhealthy) MUST_CHECK;

#endif
