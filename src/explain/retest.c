/*
 * The cause, looked at now: the checks that ask the same question run once for every address, and what they
 * find is the verdict of each cause.
 */
#include <stdio.h>
#include <string.h>

#include "checks/registry.h"
#include "explain/retest_priv.h"
#include "lists/source.h"

struct retesting {
	const struct explain_options *options;
	struct arena *arena;
	struct retest *tests;
	size_t n, cap;
	int64_t now_s;
};

/* ---- one test a cause and address */

static bool
same_test(const struct explanation *x, const struct explanation *y)
{
	return ip_equal(&x->address, &y->address) && strcmp(x->checks, y->checks) == 0 &&
	    strcmp(x->list, y->list) == 0 && strcmp(x->cause, y->cause) == 0;
}

static struct retest *
find_test(const struct retesting *r, const struct explanation *e)
{
	for (size_t i = 0; i < r->n; i++)
		if (same_test(r->tests[i].of, e))
			return &r->tests[i];
	return NULL;
}

static void
add_test(struct retesting *r, const struct explanation *e)
{
	if (find_test(r, e) != NULL)
		return;
	r->tests = arena_grow(r->arena, r->tests, r->n, &r->cap, sizeof *r->tests);
	r->tests[r->n++] = (struct retest){ .of = e,
		.now = EXPLAIN_UNKNOWN,
		.why = "",
		.remedy = "",
		.cached_s = -1 };
}

static void
look(void *arg, const struct report *rep)
{
	struct retesting *r = arg;
	r->now_s = rep->target->policy->now_s;
	for (size_t i = 0; i < r->n; i++) {
		struct retest *t = &r->tests[i];
		if (!ip_equal(&t->of->address, &rep->target->ip))
			continue;
		retest_judge(t, rep, r->arena);
	}
}

/* ---- the run */

/* What the catalogue knows of the lists that are named; a dead one answers nobody. */
static enum err_code
look_up_lists(struct retesting *r, struct err *err)
{
	struct lists_source source;
	enum err_code code = lists_open(&source, &r->options->run->look.lists, true, r->arena, err);
	for (size_t i = 0; code == ERR_NONE && i < r->n; i++) {
		struct retest *t = &r->tests[i];
		const struct list *l = t->of->list[0] != '\0' ?
		    catalogue_find_any(&source.all, t->of->list) :
		    NULL;
		t->list_dead = l != NULL && l->status == LIST_DEAD;
		t->list_known = l != NULL && !t->list_dead &&
		    catalogue_find(&source.all, t->of->list) != NULL && l->kind != LIST_KIND_WEB;
		if (t->list_dead) {
			t->now = EXPLAIN_RECEIVER_FAULT;
			t->why = arena_printf(r->arena, "%s %s.", t->of->list,
			    list_epitaph(l, r->arena));
		} else if (t->of->list[0] != '\0' && !t->list_known) {
			t->why = arena_printf(r->arena,
			    "The list %s is not in the catalogue: mailready lists shows those that "
			    "are.",
			    t->of->list);
		}
	}
	lists_close(&source);
	return code;
}

static bool
wants_list(const struct retest *t)
{
	return retest_names(t->of->checks, "dnsbl");
}

/* The lists that are named, or all that are usual when any cause names none. */
static void
choose_lists(struct retesting *r, struct lists_options *lists)
{
	const char **only = arena_array(r->arena, r->n + 1, sizeof *only);
	size_t n = 0;
	for (size_t i = 0; i < r->n; i++) {
		const struct retest *t = &r->tests[i];
		if (!wants_list(t))
			continue;
		if (t->of->list[0] == '\0')
			return;
		if (t->list_known)
			only[n++] = t->of->list;
	}
	if (n > 0) {
		lists->only = only;
		lists->n_only = n;
	}
}

static const struct check *const *
choose_checks(struct retesting *r, size_t *n)
{
	const struct check **checks = arena_array(r->arena, checks_n + 1, sizeof *checks);
	for (size_t i = 0; i < checks_n; i++) {
		bool needed = false;
		for (size_t k = 0; k < r->n; k++)
			needed |= retest_needs(r->tests[k].of->checks, checks_all[i]);
		if (needed)
			checks[(*n)++] = checks_all[i];
	}
	return checks;
}

static const struct target_spec *
make_targets(struct retesting *r, size_t *n)
{
	struct target_spec *specs = arena_array(r->arena, r->n + 1, sizeof *specs);
	for (size_t i = 0; i < r->n; i++) {
		const struct explanation *e = r->tests[i].of;
		struct target_spec *spec = specs;
		while (spec < specs + *n && !ip_equal(&spec->first, &e->address))
			spec++;
		if (spec == specs + *n)
			specs[(*n)++] = (struct target_spec){ .first = e->address,
				.last = e->address,
				.names = { .host = "", .ehlo = "", .domain = "" } };
		if (spec->names.ehlo[0] == '\0')
			spec->names.ehlo = e->ehlo;
		if (spec->names.domain[0] == '\0')
			spec->names.domain = e->sender;
	}
	return specs;
}

/* The server is talked to only for what it alone can say. */
static bool
needs_dialogue(const struct retesting *r)
{
	for (size_t i = 0; i < r->n; i++) {
		const struct explanation *e = r->tests[i].of;
		if (retest_names(e->checks, "smtp") ||
		    (retest_names(e->checks, "ehlo") && e->ehlo[0] == '\0'))
			return true;
	}
	return false;
}

static enum err_code
run_tests(struct retesting *r, int *interrupted, struct err *err)
{
	struct run_options o = *r->options->run;
	struct run_result result = { 0 };
	o.n_checks = 0;
	o.checks = choose_checks(r, &o.n_checks);
	o.in = (struct run_input){ .families = FAMILY_4 | FAMILY_6, .n_shards = 1 };
	o.in.specs = make_targets(r, &o.in.n_specs);
	o.look.policy.smtp &= needs_dialogue(r);
	o.look.policy.authority = AUTHORITY_ALWAYS;
	choose_lists(r, &o.look.lists);
	o.out.ordered = true;
	o.out.summary = o.out.progress = false;
	o.out.sink = look;
	o.out.sink_arg = r;
	enum err_code code = run_check(&o, &result, err);
	*interrupted = result.interrupted;
	return code;
}

static void
hand_out(const struct retesting *r, const struct retest *t, struct explanation *e)
{
	e->now = t->now;
	e->now_why = t->why[0] != '\0' ? t->why : "It could not be checked now.";
	e->findings = t->findings;
	e->n_findings = t->n_findings;
	if (t->remedy[0] != '\0')
		e->remedy = t->remedy;
	if (t->cached_s >= 0)
		e->retry_at_s = retest_retry_after(e, t->cached_s, r->now_s);
}

enum err_code
retest(const struct explain_options *o, struct explanation *const *list, size_t n, struct arena *a,
    int64_t now_s, int *interrupted, struct err *err)
{
	struct retesting r = { .options = o, .arena = a, .now_s = now_s };
	for (size_t i = 0; i < n; i++)
		if (retest_can(o, list[i]))
			add_test(&r, list[i]);
	if (r.n == 0)
		return ERR_NONE;
	enum err_code code = look_up_lists(&r, err);
	bool listed = code == ERR_NONE;
	if (listed)
		code = run_tests(&r, interrupted, err);
	/* what the reply means is worth showing without the world, too */
	if (code == ERR_UNAVAILABLE || (code == ERR_CONFIG && listed))
		fprintf(o->run->out.errors, "mailready: %s\n", err->text);
	else if (code != ERR_NONE)
		return code;
	for (size_t i = 0; i < n; i++) {
		const struct retest *t = retest_can(o, list[i]) ? find_test(&r, list[i]) : NULL;
		if (t != NULL)
			hand_out(&r, t, list[i]);
	}
	return ERR_NONE;
}
