/* The steps over all addresses: each once, in order. */
#include <string.h>

#include "base/arena.h"
#include "report/preflight.h"

static void
add_text(struct preflight_texts *out, const char *text, struct arena *a)
{
	for (size_t i = 0; i < out->n; i++)
		if (strcmp(out->list[i], text) == 0)
			return;
	out->list = arena_grow(a, out->list, out->n, &out->cap, sizeof *out->list);
	out->list[out->n++] = text;
}

static void
step_add(struct preflight_step *s, const struct preflight_item *item, const char *address,
    struct arena *a)
{
	add_text(&s->addresses, address, a);
	add_text(&s->seen, item->seen, a);
	if (item->line[0] != '\0')
		add_text(&s->lines, item->line, a);
}

/* Nothing to do is known of some: what was seen has to do. */
static const char *
todo(const struct preflight_item *item)
{
	return item->todo[0] != '\0' ? item->todo : item->seen;
}

static bool
is_same_step(const struct preflight_item *a, const struct preflight_item *b)
{
	return a->stage == b->stage && a->state == b->state && strcmp(todo(a), todo(b)) == 0;
}

/* An item with its address; steps are made of them. */
struct entry {
	const struct preflight_item *item;
	const char *address;
};

struct entries {
	struct entry *list;
	size_t n;
};

/* All items of the states from first to last, in their order. */
static struct entries
collect(const struct preflight *p, struct arena *a, unsigned states)
{
	struct entries out = { .n = 0 };
	size_t cap = 0;
	for (size_t i = 0; i < p->n_servers; i++)
		for (size_t k = 0; k < p->servers[i].n_addresses; k++) {
			const struct preflight_address *at = &p->servers[i].addresses[k];
			for (size_t m = 0; m < at->n; m++) {
				if ((states & 1U << at->items[m].state) == 0)
					continue;
				out.list = arena_grow(a, out.list, out.n, &cap, sizeof *out.list);
				out.list[out.n++] = (struct entry){ &at->items[m], at->text };
			}
		}
	return out;
}

/* By stage, then by severity, then in their order. */
static bool
comes_before(const struct preflight_item *a, const struct preflight_item *b)
{
	return a->stage != b->stage ? a->stage < b->stage : a->severity > b->severity;
}

static void
sort(struct entries *e)
{
	for (size_t i = 1; i < e->n; i++) {
		struct entry one = e->list[i];
		size_t k = i;
		for (; k > 0 && comes_before(one.item, e->list[k - 1].item); k--)
			e->list[k] = e->list[k - 1];
		e->list[k] = one;
	}
}

static struct preflight_step *
step_for(struct preflight_step *steps, size_t n, const struct preflight_item *item)
{
	for (size_t i = 0; i < n; i++)
		if (is_same_step(steps[i].item, item))
			return &steps[i];
	return NULL;
}

/* Adds the steps of the items in these states; returns how many there are then. */
static size_t
add_steps(const struct preflight *p, unsigned states, struct arena *a, struct preflight_step **list,
    size_t n, size_t *cap)
{
	struct entries e = collect(p, a, states);
	sort(&e);
	for (size_t i = 0; i < e.n; i++) {
		struct preflight_step *step = step_for(*list, n, e.list[i].item);
		if (step == NULL) {
			*list = arena_grow(a, *list, n, cap, sizeof **list);
			step = &(*list)[n++];
			*step = (struct preflight_step){ .item = e.list[i].item,
				.todo = todo(e.list[i].item) };
		}
		step_add(step, e.list[i].item, e.list[i].address, a);
	}
	return n;
}

static void
count(const struct preflight *p, struct preflight_sum *out, size_t *unknown_required)
{
	for (size_t i = 0; i < p->n_servers; i++)
		for (size_t k = 0; k < p->servers[i].n_addresses; k++) {
			const struct preflight_address *at = &p->servers[i].addresses[k];
			for (size_t m = 0; m < at->n; m++) {
				const struct preflight_item *item = &at->items[m];
				out->n[item->state]++;
				out->planned |= item->planned;
				*unknown_required += item->state == PREFLIGHT_UNKNOWN &&
				    item->required;
			}
		}
}

static enum verdict
judge(const struct preflight *p, const struct preflight_sum *s, size_t unknown_required)
{
	if (s->n[PREFLIGHT_MISSING] > 0 || (p->strict_warn && s->n[PREFLIGHT_BETTER] > 0))
		return VERDICT_FAIL;
	if (unknown_required > 0 || (p->strict_unknown && s->n[PREFLIGHT_UNKNOWN] > 0))
		return VERDICT_TEMPERROR;
	return s->n[PREFLIGHT_MET] > 0 ? VERDICT_PASS : VERDICT_TEMPERROR;
}

static const char *
add_count(const char *text, size_t n, const char *one, const char *many, struct arena *a)
{
	if (n == 0)
		return text;
	return arena_printf(a, "%s%s%zu %s", text, text[0] != '\0' ? ", " : "", n,
	    n == 1 ? one : many);
}

static const char *
headline(const struct preflight_sum *s, struct arena *a)
{
	const char *text = "";
	text = add_count(text, s->n[PREFLIGHT_MISSING], "thing is missing", "things are missing",
	    a);
	text = add_count(text, s->n[PREFLIGHT_BETTER], "could be better", "could be better", a);
	text = add_count(text, s->n[PREFLIGHT_UNKNOWN], "unknown", "unknown", a);
	text = add_count(text, s->n[PREFLIGHT_LATER], "to check later", "to check later", a);
	if (text[0] == '\0')
		text = s->n[PREFLIGHT_MET] > 0 ? "everything is as wanted" :
						 "nothing could be checked";
	if (s->verdict != VERDICT_PASS || !s->planned)
		return text;
	return arena_printf(a, "once the planned records are published; %s", text);
}

void
preflight_add_up(const struct preflight *p, struct arena *a, struct preflight_sum *out)
{
	size_t unknown_required = 0, cap = 0, cap_later = 0;
	*out = (struct preflight_sum){ .planned = false };
	count(p, out, &unknown_required);
	out->verdict = judge(p, out, unknown_required);
	out->headline = headline(out, a);
	out->n_steps = add_steps(p, 1U << PREFLIGHT_MISSING | 1U << PREFLIGHT_BETTER, a,
	    &out->steps, 0, &cap);
	out->n_steps = add_steps(p, 1U << PREFLIGHT_UNKNOWN, a, &out->steps, out->n_steps, &cap);
	out->n_later = add_steps(p, 1U << PREFLIGHT_LATER, a, &out->later, 0, &cap_later);
}
