/* A message as its receiver judged it, for people. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/safe.h"
#include "received_priv.h"
#include "report_priv.h"

enum { LABEL_WIDTH = 8, INDENT = 2 + LABEL_WIDTH + 2 };

struct page {
	const struct received_report *of;
	const struct render_options *options;
	struct arena *arena;
	struct buf *out;
};

static void
put_label(const struct page *p, const char *label, const char *text)
{
	buf_printf(p->out, "  %-*s  ", LABEL_WIDTH, label);
	put_wrapped(p->out, p->options, INDENT, text);
}

static const char *
ptr_text(const struct page *p)
{
	const struct received *r = &p->of->hop->received;
	switch (r->ptr) {
	case RECEIVED_PTR_NONE:
		return "none that the receiver believed";
	case RECEIVED_PTR_SEEN:
		return arena_printf(p->arena, "%s, as the receiver saw it",
		    safe_name(p->arena, r->name));
	case RECEIVED_PTR_DOUBTED:
		return arena_printf(p->arena, "%s, which the receiver could not confirm",
		    safe_name(p->arena, r->name));
	case RECEIVED_PTR_UNSAID:
	default:
		return "the receiver does not say";
	}
}

static const char *
sender_text(const struct page *p)
{
	if (p->of->sender == NULL)
		return "the message does not have it: SPF is judged for the domain in From";
	return p->of->sender[0] != '\0' ? safe_name(p->arena, p->of->sender) :
					  "the empty one of bounces";
}

static void
put_hop(const struct page *p)
{
	const struct hop *h = p->of->hop;
	const struct received *r = &h->received;
	char address[IP_TEXT_MAX];
	ip_format(&r->address, address);
	buf_printf(p->out, "Received field %zu of %zu%s%s%s%s%s%s\n", h->number, h->n_received,
	    r->by[0] != '\0' ? ", by " : "", safe_name(p->arena, r->by),
	    r->with[0] != '\0' ? " with " : "", safe_text(p->arena, r->with),
	    r->date[0] != '\0' ? ", " : "", safe_text(p->arena, r->date));
	put_label(p, "Address", address);
	put_label(p, "EHLO", r->ehlo[0] != '\0' ? safe_text(p->arena, r->ehlo) : "not written");
	put_label(p, "PTR", ptr_text(p));
	put_label(p, "Sender", sender_text(p));
	put_label(p, "From",
	    p->of->from != NULL ? safe_name(p->arena, p->of->from) :
				  "the message does not have one domain in From");
	if (h->n_below > 0)
		put_label(p, "Below",
		    arena_printf(p->arena,
			"%zu field%s that the sender may have written. If %s is a server of the "
			"receiver itself, name it with --trust %s.",
			h->n_below, h->n_below == 1 ? "" : "s", address, address));
}

/* ---- then and now */

static const char *
now_text(const struct received_row *row)
{
	return row->agree == RECEIVED_UNKNOWN_NOW ? "unknown" :
	    row->now[0] != '\0'                   ? row->now :
						    "-";
}

static void
put_row(const struct page *p, const struct received_row *row)
{
	buf_printf(p->out, "  %-*s  %-10s  ", LABEL_WIDTH, safe_text(p->arena, row->method),
	    safe_text(p->arena, row->then));
	const char *now = arena_printf(p->arena, "%-10s", now_text(row));
	if (row->agree == RECEIVED_DIFFERS)
		put_colored(p->out, p->options, VERDICT_WARN, now);
	else
		buf_puts(p->out, now);
	buf_printf(p->out, "  %s%s%s\n", safe_text(p->arena, row->subject),
	    row->agree == RECEIVED_DIFFERS ? "  differs" : "",
	    row->certain ? "" : "  (the sender could have written it)");
}

static void
put_results(const struct page *p)
{
	size_t n;
	const struct received_row *rows = received_rows(p->of, &n);
	if (n == 0) {
		put_label(p, "Results", "the receiver wrote none into the message");
		return;
	}
	buf_printf(p->out, "\n  %-*s  %-10s  %-10s\n", LABEL_WIDTH, "Result", "Then", "Now");
	for (size_t i = 0; i < n; i++)
		put_row(p, &rows[i]);
}

void
received_text(const struct received_report *r, const struct render_options *o, struct buf *out)
{
	struct page p = { .of = r, .options = o, .arena = r->checks->arena, .out = out };
	put_hop(&p);
	put_results(&p);
	buf_putc(out, '\n');
	render_text.report(r->checks, o, out);
}
