/* Servers before they go live, for people: ready or not, what there is, and what to do. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "base/safe.h"
#include "report/preflight.h"
#include "report_priv.h"
#include "views/names.h"

enum {
	STAGE_WIDTH = 11,
	STATE_WIDTH = 7,
	ITEM_INDENT = 2 + STAGE_WIDTH + 2 + STATE_WIDTH + 2,
	STEP_INDENT = 6,
	LINE_INDENT = 10,
	SEEN_MAX = 4
};

static const enum verdict colors[] = {
	[PREFLIGHT_MET] = VERDICT_PASS,
	[PREFLIGHT_LATER] = VERDICT_SKIP,
	[PREFLIGHT_BETTER] = VERDICT_WARN,
	[PREFLIGHT_UNKNOWN] = VERDICT_TEMPERROR,
	[PREFLIGHT_MISSING] = VERDICT_FAIL,
};

static void
put_verdict(const struct preflight *p, const struct preflight_sum *s,
    const struct render_options *o, struct buf *out)
{
	const char *word = s->verdict == VERDICT_PASS ? "READY" :
	    s->verdict == VERDICT_FAIL                ? "NOT READY" :
							"UNKNOWN";
	safe_add(out, p->file, strlen(p->file), NAME_TEXT_MAX);
	buf_puts(out, "  ");
	put_colored(out, o, s->verdict, word);
	buf_puts(out, "  ");
	put_line(out, o, (int)(strlen(p->file) + strlen(word)) + 4, 2, s->headline);
}

static void
put_item(const struct preflight_item *item, const struct render_options *o, struct arena *a,
    struct buf *out)
{
	char word[STATE_WIDTH + 1];
	if (o->quiet && item->state == PREFLIGHT_MET)
		return;
	snprintf(word, sizeof word, "%-*s", STATE_WIDTH,
	    enumtab_name(&preflight_state_names, (int)item->state));
	buf_printf(out, "  %-*s  ", STAGE_WIDTH, enumtab_name(&stage_names, (int)item->stage));
	put_colored(out, o, colors[item->state], word);
	buf_puts(out, "  ");
	put_line(out, o, ITEM_INDENT, ITEM_INDENT,
	    arena_printf(a, "%s: %s", item->what, item->seen));
}

static void
put_server(const struct preflight_server *s, const struct render_options *o, struct arena *a,
    struct buf *out)
{
	for (size_t i = 0; i < s->n_addresses; i++) {
		const struct preflight_address *at = &s->addresses[i];
		buf_printf(out, "\n%s  %s", at->text, name_shown(s->ehlo, a));
		if (s->name[0] != '\0')
			buf_printf(out, "  [%s]", safe_text(a, s->name));
		buf_putc(out, '\n');
		for (size_t k = 0; k < at->n; k++)
			put_item(&at->items[k], o, a, out);
	}
}

/* One line of what was seen; what the step says itself is not said again. */
static void
put_seen(const struct preflight_step *step, const struct render_options *o, struct arena *a,
    struct buf *out)
{
	size_t n = step->seen.n > SEEN_MAX ? SEEN_MAX : step->seen.n;
	const char *text = safe_join(a, step->seen.list, n, "; ");
	if (strcmp(step->todo, text) == 0)
		return;
	if (n < step->seen.n)
		text = arena_printf(a, "%s; and %zu more", text, step->seen.n - n);
	put_spaces(out, STEP_INDENT);
	put_wrapped(out, o, STEP_INDENT, arena_printf(a, "Now: %s", text));
}

static void
put_why(const struct preflight_step *step, const struct render_options *o, struct arena *a,
    struct buf *out)
{
	const struct preflight_item *item = step->item;
	if (item->why[0] == '\0')
		return;
	put_spaces(out, STEP_INDENT);
	put_wrapped(out, o, STEP_INDENT,
	    arena_printf(a, "Why: %s (%s, %s)", item->why, item->rule,
		enumtab_name(&severity_names, (int)item->severity)));
}

/* In front of what need not be done before the server goes live. */
static const char *
condition(const struct preflight_item *item)
{
	if (item->state == PREFLIGHT_BETTER)
		return "Better: ";
	return item->state == PREFLIGHT_UNKNOWN ? "Unknown: " : "";
}

static void
put_step(const struct preflight_step *step, size_t number, const struct render_options *o,
    struct arena *a, struct buf *out)
{
	buf_printf(out, "%4zu. ", number);
	put_wrapped(out, o, STEP_INDENT,
	    arena_printf(a, "%s%s%s", condition(step->item), step->todo,
		step->lines.n > 0 ? "" :
				    arena_printf(a, " (%s)",
					names_shown(step->addresses.list, step->addresses.n, a))));
	for (size_t i = 0; i < step->lines.n; i++) {
		put_spaces(out, LINE_INDENT);
		buf_printf(out, "%s\n", step->lines.list[i]);
	}
	put_seen(step, o, a, out);
	if (!o->quiet)
		put_why(step, o, a, out);
}

static void
put_later(const struct preflight_step *step, const struct render_options *o, struct arena *a,
    struct buf *out)
{
	put_spaces(out, STEP_INDENT);
	put_wrapped(out, o, STEP_INDENT,
	    arena_printf(a, "%s (%s)", step->todo,
		names_shown(step->addresses.list, step->addresses.n, a)));
	put_seen(step, o, a, out);
}

void
preflight_text(const struct preflight *p, const struct render_options *o, struct buf *out)
{
	struct arena a;
	struct preflight_sum sum;
	arena_init(&a);
	preflight_add_up(p, &a, &sum);
	put_verdict(p, &sum, o, out);
	for (size_t i = 0; i < p->n_servers; i++)
		put_server(&p->servers[i], o, &a, out);
	if (sum.n_steps > 0)
		buf_puts(out, "\nWhat to do, in this order\n");
	for (size_t i = 0; i < sum.n_steps; i++)
		put_step(&sum.steps[i], i + 1, o, &a, out);
	if (sum.n_later > 0)
		buf_puts(out, "\nTo check later\n");
	for (size_t i = 0; i < sum.n_later; i++)
		put_later(&sum.later[i], o, &a, out);
	arena_fini(&a);
}
