/*
 * What it costs to write results: judges dumped facts again, and counts the processor's time of
 * rendering the reports and of writing them, nothing else.  usage: writing_drive FORMAT FACTS
 * The reports go to standard output, the microseconds to standard error.
 */
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "checks/registry.h"
#include "run/run.h"

enum { PIECE_BYTES = 64 << 10, PIECE_MAX = 64 << 20 };

struct writing {
	const struct renderer *renderer;
	struct render_options render;
	struct buf piece;
	int64_t spent_ns;
	bool failed;
};

static int64_t
cpu_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void
flush(struct writing *w)
{
	w->failed |= w->piece.failed || !file_write_all(STDOUT_FILENO, w->piece.data, w->piece.len);
	buf_reset(&w->piece);
}

/* To look at the clock takes time, too: as much as between the first two looks. */
static void
take_report(void *arg, const struct report *r)
{
	struct writing *w = arg;
	int64_t first = cpu_ns(), begin = cpu_ns();

	w->renderer->report(r, &w->render, &w->piece);
	if (w->piece.len >= PIECE_BYTES)
		flush(w);
	w->spent_ns += cpu_ns() - begin - (begin - first);
}

static const struct renderer *
renderer_named(const char *name)
{
	for (size_t i = 0; i < renderers_n; i++)
		if (strcmp(renderers_all[i]->name, name) == 0)
			return renderers_all[i];
	return NULL;
}

int
main(int argc, char **argv)
{
	struct run_result result;
	struct err err = { 0 };
	struct writing w = { .render = { .many = true } };

	if (argc != 3 || (w.renderer = renderer_named(argv[1])) == NULL ||
	    w.renderer->report == NULL)
		return 64;
	buf_init(&w.piece, PIECE_MAX);
	struct run_options o = { .checks = checks_all,
		.n_checks = checks_n,
		.look = { .lists = { .cache = "none" } },
		.out = { .renderer = w.renderer,
		    .sink = take_report,
		    .sink_arg = &w,
		    .file = stdout,
		    .errors = stderr } };
	if (run_judge(&o, argv[2], &result, &err) != ERR_NONE) {
		fprintf(stderr, "%s\n", err.text);
		return 70;
	}
	flush(&w);
	fprintf(stderr, "%jd\n", (intmax_t)(w.spent_ns / 1000));
	buf_fini(&w.piece);
	return w.failed ? 74 : 0;
}
