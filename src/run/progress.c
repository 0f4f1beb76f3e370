/* How far a run is: a line on the terminal, written over itself. */
#include "run/progress_priv.h"

#include <inttypes.h>
#include <unistd.h>

#include "net/loop.h"

enum { ON_TERMINAL_US = 250000, ELSEWHERE_US = 5000000 };

void
progress_init(struct progress *p, FILE *out, const struct progress_now *now)
{
	uint64_t now_us = loop_now_us();
	bool terminal = isatty(fileno(out)) != 0;

	*p = (struct progress){ .out = out,
		.terminal = terminal,
		.every_us = terminal ? ON_TERMINAL_US : ELSEWHERE_US,
		.start_us = now_us,
		.first_done = now->done,
		.first_share = now->share > 0 ? now->share : 0,
		.last_us = now_us };
}

/* "3:07" or "1:02:30". */
static void
put_time(FILE *out, double seconds)
{
	unsigned long s = seconds < 1e7 ? (unsigned long)(seconds + 0.5) : 9999999;

	if (s >= 3600)
		fprintf(out, "%lu:%02lu:%02lu", s / 3600, s / 60 % 60, s % 60);
	else
		fprintf(out, "%lu:%02lu", s / 60, s % 60);
}

/* The rest takes as long for its share as what this run did. */
static void
put_share(const struct progress *p, const struct progress_now *now, double seconds)
{
	double did = now->share - p->first_share;

	if (now->share < 0)
		return;
	fprintf(p->out, ", %.1f %%", 100 * now->share);
	if (did <= 0 || now->share >= 1)
		return;
	fputs(", ", p->out);
	put_time(p->out, seconds / did * (1 - now->share));
	fputs(" to go", p->out);
}

void
progress_show(struct progress *p, const struct progress_now *now)
{
	uint64_t now_us = loop_now_us();
	double seconds = (double)(now_us - p->start_us) / 1e6 + 1e-6;
	double since = (double)(now_us - p->last_us) / 1e6 + 1e-6;

	fputs(p->terminal ? "\r\033[K" : "mailready: ", p->out);
	fprintf(p->out, "%" PRIu64 " done, %.0f/s", now->done,
	    (double)(now->done - p->first_done) / seconds);
	put_share(p, now, seconds);
	fprintf(p->out, ", %" PRIu64 " undecided, %.0f questions/s, window %u", now->undecided,
	    (double)(now->questions - p->last_questions) / since, now->window);
	fputs(p->terminal ? "" : "\n", p->out);
	fflush(p->out);
	p->shown = true;
	p->last_us = now_us;
	p->last_questions = now->questions;
}

void
progress_clear(struct progress *p)
{
	if (p->terminal && p->shown)
		fputs("\r\033[K", p->out);
	p->shown = false;
	fflush(p->out);
}
