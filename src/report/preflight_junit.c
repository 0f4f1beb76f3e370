/* Servers before they go live, for CI servers: a test suite an address, a test case a wanted thing. */
#include <string.h>

#include "base/arena.h"
#include "report/junit.h"
#include "report/preflight.h"

/* As the exit status has it. */
static enum junit_outcome
outcome_of(const struct preflight *p, const struct preflight_item *item)
{
	switch (item->state) {
	case PREFLIGHT_MISSING:
		return JUNIT_FAILED;
	case PREFLIGHT_BETTER:
		return p->strict_warn ? JUNIT_FAILED : JUNIT_PASSED;
	case PREFLIGHT_UNKNOWN:
		return item->required || p->strict_unknown ? JUNIT_ERROR : JUNIT_SKIPPED;
	case PREFLIGHT_LATER:
		return JUNIT_SKIPPED;
	case PREFLIGHT_MET:
		break;
	}
	return JUNIT_PASSED;
}

static const char *
text_of(const struct preflight_item *item, struct arena *a)
{
	const char *text = item->seen;
	if (item->why[0] != '\0')
		text = arena_printf(a, "%s\nWhy: %s", text, item->why);
	if (item->todo[0] != '\0')
		text = arena_printf(a, "%s\nWhat to do: %s", text, item->todo);
	return item->line[0] == '\0' ? text : arena_printf(a, "%s\n%s", text, item->line);
}

/* Checks can say several things about one wanted thing: later ones get a number. */
static const char *
name_of(const struct preflight_address *at, size_t index, struct arena *a)
{
	const char *what = at->items[index].what;
	size_t same = 1;
	for (size_t i = 0; i < index; i++)
		same += at->items[i].stage == at->items[index].stage &&
		    strcmp(at->items[i].what, what) == 0;
	return same == 1 ? what : arena_printf(a, "%s (%zu)", what, same);
}

static struct junit_case
case_of(const struct preflight *p, const struct preflight_address *at, const char *server, size_t i,
    struct arena *a)
{
	const struct preflight_item *item = &at->items[i];
	bool quiet = item->state == PREFLIGHT_MET;
	return (struct junit_case){ .group = server,
		.name = arena_printf(a, "%s: %s", enumtab_name(&stage_names, (int)item->stage),
		    name_of(at, i, a)),
		.type = item->rule[0] != '\0' ? item->rule : "preflight",
		.message = quiet ? "" : item->seen,
		.text = text_of(item, a),
		.outcome = outcome_of(p, item) };
}

static struct junit_suite
suite_of(const struct preflight *p, const struct preflight_server *s,
    const struct preflight_address *at, struct arena *a)
{
	struct junit_case *cases = arena_array(a, at->n + 1, sizeof *cases);
	const char **properties = arena_array(a, 7, sizeof *properties);
	const char *const known[] = { "address", at->text, "server", s->name, "ehlo", s->ehlo };
	memcpy(properties, known, sizeof known);
	const char *name = arena_printf(a, "%s %s", s->name[0] == '\0' ? s->ehlo : s->name,
	    at->text);
	for (size_t i = 0; i < at->n; i++)
		cases[i] = case_of(p, at, name, i, a);
	return (struct junit_suite){ .name = name,
		.host = at->text,
		.time_s = p->now_s,
		.time_us = at->time_us,
		.properties = properties,
		.cases = cases,
		.n = at->n };
}

void
preflight_junit(const struct preflight *p, const struct render_options *o, struct buf *out)
{
	struct arena a;
	size_t n = 0;
	(void)o;
	arena_init(&a);
	for (size_t i = 0; i < p->n_servers; i++)
		n += p->servers[i].n_addresses;
	struct junit_suite *suites = arena_array(&a, n + 1, sizeof *suites);
	n = 0;
	for (size_t i = 0; i < p->n_servers; i++)
		for (size_t k = 0; k < p->servers[i].n_addresses; k++)
			suites[n++] = suite_of(p, &p->servers[i], &p->servers[i].addresses[k], &a);
	junit_add(out, suites, n);
	arena_fini(&a);
}
