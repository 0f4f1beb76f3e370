/* For people on a terminal: when each finding of a server came and went, and its PTR names. */
#include <string.h>

#include "base/arena.h"
#include "base/safe.h"
#include "base/when.h"
#include "report/past.h"

static const char *
day(int64_t time_s, struct arena *a)
{
	return when_minute(time_s, arena_alloc(a, WHEN_TEXT_MAX));
}

static const char *
server_name(const struct history_server *s, struct arena *a)
{
	if (s->label[0] != '\0')
		return arena_printf(a, "%s (%s)", s->label, s->address);
	return s->host[0] != '\0' ? arena_printf(a, "%s (%s)", s->address, s->host) : s->address;
}

static void
put_spans(const struct past_server *s, struct arena *a, struct buf *out)
{
	const struct history_server *h = s->server;

	buf_printf(out, "%s: %zu run%s from %s to %s UTC\n", server_name(h, a), h->n_runs,
	    h->n_runs == 1 ? "" : "s", day(h->first_s, a), day(h->last_s, a));
	for (size_t i = 0; i < s->n_spans; i++) {
		const struct history_span *x = &s->spans[i];
		buf_printf(out, "  %s to %-16s %-9s %s: %s\n", day(x->first_s, a),
		    x->standing ? "now" : day(x->last_s, a), verdict_word(x->verdict), x->rule,
		    x->text);
	}
	if (s->n_spans == 0)
		buf_puts(out, "  nothing was found\n");
}

/* Only where names changed. */
static void
put_names(const struct past_server *s, struct arena *a, struct buf *out)
{
	const char *before = "";

	for (size_t i = s->n_runs; i-- > 0;) {
		const struct digest *d = &s->runs[i];
		const char *names = safe_names(a, d->ptr_names, d->n_ptr_names,
		    d->n_more_ptr_names);
		if (names[0] == '\0' || strcmp(names, before) == 0)
			continue;
		if (before[0] != '\0')
			buf_printf(out, "  %s PTR %s; before %s\n", day(d->time_s, a), names,
			    before);
		before = names;
	}
}

void
history_text(const struct past_server *s, struct buf *out)
{
	struct arena a;

	arena_init(&a);
	put_spans(s, &a, out);
	put_names(s, &a, out);
	arena_fini(&a);
}
