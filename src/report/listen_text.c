/* What a server said when it delivered, for people. */
#include <string.h>

#include "base/arena.h"
#include "base/safe.h"
#include "report/listen.h"
#include "report_priv.h"

enum { LABEL_WIDTH = 8, INDENT = 2 + LABEL_WIDTH + 2 };

struct page {
	const struct listen_report *of;
	const struct render_options *options;
	struct arena arena;
	struct buf *out;
};

static void
put_label(const struct page *p, const char *label, const char *text)
{
	buf_printf(p->out, "  %-*s  ", LABEL_WIDTH, label);
	put_wrapped(p->out, p->options, INDENT, text);
}

static const char *
sender_text(struct page *p)
{
	const char *sender = p->of->delivery->sender;
	if (sender == NULL)
		return "not said";
	const char *at = strrchr(sender, '@');
	if (at == NULL)
		return sender[0] == '\0' ? "the empty one of bounces" : "one without a domain";
	return safe_text(&p->arena, at + 1);
}

static const char *
from_text(struct page *p, const struct message *m)
{
	if (m->from.n == 1)
		return safe_name(&p->arena, m->from.list[0]);
	return m->n_from == 0 ? "there is no From field" : "there is not one domain in From";
}

static void
put_message(struct page *p, const struct message *m)
{
	put_label(p, "From", from_text(p, m));
	for (size_t i = 0; i < m->n_signatures; i++) {
		const struct dkim_signature *d = &m->signatures[i].dkim;
		put_label(p, "Signed",
		    d->fault[0] != '\0' ?
			arena_printf(&p->arena, "by a signature with a fault: %s", d->fault) :
			arena_printf(&p->arena, "%s, selector %s", safe_name(&p->arena, d->domain),
			    safe_name(&p->arena, d->selector)));
	}
	if (m->n_signatures == 0)
		put_label(p, "Signed", "no: there is no DKIM-Signature field");
}

static void
put_delivery(struct page *p)
{
	const struct sink_delivery *d = p->of->delivery;
	char address[IP_TEXT_MAX] = "";
	buf_printf(p->out, "Delivery %zu\n", p->of->number);
	put_label(p, "Address", ip_format(&d->address, address));
	put_label(p, "EHLO", d->ehlo[0] != '\0' ? safe_text(&p->arena, d->ehlo) : "not said");
	put_label(p, "TLS",
	    d->tls_version[0] != '\0' ?
		arena_printf(&p->arena, "%s, %s", d->tls_version, d->tls_cipher) :
		"none: the client sent in clear text");
	put_label(p, "Sender", sender_text(p));
	if (d->message != NULL)
		put_message(p, d->message);
	if (d->fault[0] != '\0')
		put_label(p, "Message",
		    arena_printf(&p->arena, "cannot be read: %s", safe_text(&p->arena, d->fault)));
	if (d->refused != SINK_NOWHERE)
		put_label(p, "Refused",
		    arena_printf(&p->arena, "at %s, as --refuse asks",
			enumtab_name(&sink_stage_names, (int)d->refused)));
	if (p->of->saved != NULL)
		put_label(p, "Saved", p->of->saved);
	if (p->of->checks == NULL)
		put_label(p, "Checks",
		    "none: the world does not see this address. Name the one that it sees with "
		    "--ip.");
}

void
listen_text(const struct listen_report *r, const struct render_options *o, struct buf *out)
{
	struct page p = { .of = r, .options = o, .out = out };
	arena_init(&p.arena);
	put_delivery(&p);
	buf_putc(out, '\n');
	if (r->checks != NULL)
		render_text.report(r->checks, o, out);
	arena_fini(&p.arena);
}
