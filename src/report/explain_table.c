/* Refusals as a table: for spreadsheets, and as Markdown. */
#include <string.h>

#include "base/safe.h"
#include "explain_priv.h"
#include "report_priv.h"

/* ---- the columns */

static const char *
count_text(const struct explanation *e, struct arena *a)
{
	return arena_printf(a, "%zu", e->count > 0 ? e->count : 1);
}

static const char *
now_text(const struct explanation *e, struct arena *a)
{
	(void)a;
	return e->refused ? enumtab_name(&explain_now_names, (int)e->now) : "accepted";
}

static const char *
provider_text(const struct explanation *e, struct arena *a)
{
	(void)a;
	return e->provider;
}

static const char *
cause_text(const struct explanation *e, struct arena *a)
{
	(void)a;
	return e->cause;
}

static const char *
code_text(const struct explanation *e, struct arena *a)
{
	return e->code > 0 ? arena_printf(a, "%d", e->code) : "";
}

static const char *
status_text(const struct explanation *e, struct arena *a)
{
	(void)a;
	return e->status;
}

static const char *
address_text(const struct explanation *e, struct arena *a)
{
	char text[IP_TEXT_MAX];
	return e->address.family != 0 ? arena_strdup(a, ip_format(&e->address, text)) : "";
}

static const char *
last_text(const struct explanation *e, struct arena *a)
{
	char text[TIME_TEXT_MAX];
	return arena_strdup(a, time_text(e->time_s, text));
}

static const char *
rule_text(const struct explanation *e, struct arena *a)
{
	(void)a;
	return e->rule;
}

static const char *
why_text(const struct explanation *e, struct arena *a)
{
	(void)a;
	return e->now_why;
}

static const char *
reply_text(const struct explanation *e, struct arena *a)
{
	(void)a;
	return e->text;
}

const struct explain_column explain_columns[] = {
	{ "count", "Count", count_text },
	{ "now", "Now", now_text },
	{ "provider", "Provider", provider_text },
	{ "cause", "Cause", cause_text },
	{ "code", "Code", code_text },
	{ "status", "Status", status_text },
	{ "address", "Address", address_text },
	{ "last", "Last", last_text },
	{ "rule", "Rule", rule_text },
	{ "now_why", "Why", why_text },
	{ "text", "Reply", reply_text },
};
const size_t explain_columns_n = sizeof explain_columns / sizeof explain_columns[0];

/* ---- the formats */

void
explain_csv(const struct explain_report *r, const struct render_options *o, struct buf *out)
{
	struct arena a;
	(void)o;
	arena_init(&a);
	for (size_t c = 0; c < explain_columns_n; c++)
		buf_printf(out, "%s%s", c > 0 ? "," : "", explain_columns[c].name);
	buf_puts(out, "\r\n");
	for (size_t i = 0; i < r->n; i++) {
		for (size_t c = 0; c < explain_columns_n; c++) {
			if (c > 0)
				buf_putc(out, ',');
			csv_add(out, safe_text(&a, explain_columns[c].text(r->list[i], &a)));
		}
		buf_puts(out, "\r\n");
		arena_reset(&a);
	}
	arena_fini(&a);
}

void
explain_markdown(const struct explain_report *r, const struct render_options *o, struct buf *out)
{
	struct arena a;
	(void)o;
	arena_init(&a);
	buf_printf(out, "# Refused mail\n\n%zu refused, %zu different.\n", r->n_refused, r->n);
	for (size_t c = 0; c < explain_columns_n && r->n > 0; c++)
		buf_printf(out, "%s| %s ", c > 0 ? "" : "\n", explain_columns[c].head);
	for (size_t c = 0; c < explain_columns_n && r->n > 0; c++)
		buf_printf(out, "%s|---", c > 0 ? "" : "|\n");
	buf_puts(out, r->n > 0 ? "|\n" : "");
	for (size_t i = 0; i < r->n; i++) {
		for (size_t c = 0; c < explain_columns_n; c++) {
			buf_puts(out, "| ");
			markdown_text(out, safe_text(&a, explain_columns[c].text(r->list[i], &a)));
			buf_putc(out, ' ');
		}
		buf_puts(out, "|\n");
		arena_reset(&a);
	}
	arena_fini(&a);
}
