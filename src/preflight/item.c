/* One item of a look: what is wanted, what was seen, what to do. */
#include "base/arena.h"
#include "base/safe.h"
#include "preflight/look_priv.h"

static const struct enumtab_row state_rows[] = {
	{ "met", PREFLIGHT_MET },
	{ "later", PREFLIGHT_LATER },
	{ "better", PREFLIGHT_BETTER },
	{ "unknown", PREFLIGHT_UNKNOWN },
	{ "missing", PREFLIGHT_MISSING },
};
const struct enumtab preflight_state_names = ENUMTAB(state_rows);

struct preflight_item *
look_add(struct look *l, enum stage stage, enum preflight_state state, const char *what)
{
	struct preflight_address *out = l->out;
	out->items = arena_grow(l->a, out->items, out->n, &out->cap, sizeof *out->items);
	struct preflight_item *item = &out->items[out->n++];
	*item = (struct preflight_item){ .stage = stage,
		.state = state,
		.required = true,
		.severity = SEVERITY_CRITICAL,
		.rule = "",
		.what = safe_text(l->a, what),
		.seen = "",
		.todo = "",
		.line = "",
		.why = "" };
	return item;
}
