/* What reading and re-testing share. */
#ifndef MAILREADY_EXPLAIN_EXPLAIN_PRIV_H
#define MAILREADY_EXPLAIN_EXPLAIN_PRIV_H

#include "base/arena.h"
#include "explain/explain.h"
#include "explain/input.h"

/* Where replies come from, and where explanations go. */
struct explain_work {
	enum err_code (*read)(void *arg, const struct input_options *in, struct err *err);
	enum err_code (*show)(void *arg, const struct explain_report *r, struct err *err);
	void *arg;
};

/* Reads, explains and looks at the causes.  *interrupted: the signal that ended the look; 0. */
enum err_code explain_each(const struct explain_options *o, const struct explain_work *w,
    int *interrupted, struct err *err) MUST_CHECK;

/* Fills now, retry_at, the findings and the remedy of n explanations: one run for all addresses. */
enum err_code retest(const struct explain_options *o, struct explanation *const *list, size_t n,
    struct arena *a, int64_t now_s, int *interrupted, struct err *err) MUST_CHECK;

/* The DNS list that a reply names, internal form; "" when it names none. */
const char *retest_zone_named(const char *text, struct arena *a);

/* What is known without asking anybody: causes that nobody outside can see, and what is missing to look. */
void retest_offline(const struct explain_options *o, struct explanation *e, int64_t now_s);

#endif
