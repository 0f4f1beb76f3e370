/* The JSON contract "mailready.received/1"; data/received.schema.json describes it. */
#include "received_priv.h"
#include "report_priv.h"

static void
hop_json(struct jsonw *w, const struct hop *h)
{
	char address[IP_TEXT_MAX];
	jsonw_object(w, "hop");
	jsonw_int(w, "number", (int64_t)h->number);
	jsonw_int(w, "of", (int64_t)h->n_received);
	jsonw_string(w, "address", ip_format(&h->received.address, address));
	jsonw_text(w, "ehlo", h->received.ehlo);
	jsonw_word(w, "ptr", &received_ptr_names, (int)h->received.ptr);
	jsonw_text(w, "ptr_name", h->received.name);
	jsonw_text(w, "by", h->received.by);
	jsonw_text(w, "with", h->received.with);
	jsonw_text(w, "date", h->received.date);
	jsonw_object_end(w);
}

static void
row_json(struct jsonw *w, const struct received_row *row)
{
	jsonw_object(w, NULL);
	jsonw_string(w, "method", row->method);
	jsonw_text(w, "subject", row->subject);
	jsonw_string(w, "then", row->then);
	jsonw_text(w, "reason", row->reason);
	jsonw_text(w, "now", row->now);
	jsonw_word(w, "agree", &received_agree_names, (int)row->agree);
	jsonw_bool(w, "certain", row->certain);
	jsonw_object_end(w);
}

void
received_json(const struct received_report *r, const struct render_options *o, struct buf *out)
{
	struct jsonw w;
	size_t n;
	const struct received_row *rows = received_rows(r, &n);
	(void)o;
	jsonw_init(&w, out, true);
	jsonw_object(&w, NULL);
	jsonw_string(&w, "schema", RECEIVED_SCHEMA);
	jsonw_string(&w, "version", MAILREADY_VERSION);
	hop_json(&w, r->hop);
	jsonw_bool(&w, "sender_known", r->sender != NULL);
	jsonw_text(&w, "sender_domain", r->sender != NULL ? r->sender : "");
	jsonw_text(&w, "from_domain", r->from != NULL ? r->from : "");
	jsonw_array(&w, "results");
	for (size_t i = 0; i < n; i++)
		row_json(&w, &rows[i]);
	jsonw_array_end(&w);
	report_json(&w, "report", r->checks);
	jsonw_object_end(&w);
	buf_putc(out, '\n');
}
