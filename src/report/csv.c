/*
 * Comma-separated values (RFC 4180), a row a target: for spreadsheets and data bases.  Printed
 * without a tree in between.
 */
#include <string.h>

#include "base/safe.h"
#include "report_priv.h"
#include "views/views.h"

enum { CSV_FIELD_MAX = 4096 };

/* The field that is being written, safe and not yet quoted, and the row that it goes to. */
struct row {
	const struct report *report;
	struct buf *out;
	struct buf field;
	size_t n;
};

/*
 * What a spreadsheet would run as a formula begins like this (OWASP, CSV injection); of the others
 * that do, tab and CR, safe text has none.
 */
static bool
is_formula(const char *text)
{
	return *text != '\0' && strchr("=+-@", *text) != NULL;
}

static void
add_quoted(struct buf *out, const char *mark, const char *text)
{
	buf_putc(out, '"');
	buf_puts(out, mark);
	for (;;) {
		size_t len = strcspn(text, "\"");
		buf_add(out, text, len);
		text += len;
		if (*text == '\0')
			break;
		buf_puts(out, "\"\"");
		text++;
	}
	buf_putc(out, '"');
}

/* In quotes where RFC 4180 section 2 or a leading blank asks for them. */
void
csv_add(struct buf *out, const char *text)
{
	const char *mark = is_formula(text) ? "'" : "";
	size_t len = strcspn(text, ",\"\r\n");

	if (text[len] != '\0' || *text == ' ') {
		add_quoted(out, mark, text);
		return;
	}
	buf_puts(out, mark);
	buf_add(out, text, len);
}

static void
end_field(struct row *row)
{
	if (row->n++ > 0)
		buf_putc(row->out, ',');
	row->out->failed |= row->field.failed;
	if (row->field.len == 0)
		return;
	csv_add(row->out, row->field.data);
	buf_reset(&row->field);
}

static void
add_text(struct row *row, const char *text)
{
	safe_add(&row->field, text, strlen(text), CSV_FIELD_MAX);
}

/* Several values of a field stand with a blank between them. */
static void
add_item(struct row *row, const char *text)
{
	if (row->field.len > 0)
		buf_putc(&row->field, ' ');
	add_text(row, text);
}

static void
put_ptr(struct row *row)
{
	const struct report *r = row->report;
	struct ptr_view v;

	if (!report_ran(r, "ptr")) {
		end_field(row);
		end_field(row);
		return;
	}
	v = *known_ptr(r->known);
	add_text(row, enumtab_name(&ptr_status_names, (int)v.status));
	end_field(row);
	for (size_t i = 0; i < v.n_names; i++)
		add_item(row, v.names[i][0] != '\0' ? v.names[i] : ".");
	end_field(row);
}

static void
put_iprev(struct row *row)
{
	const struct report *r = row->report;
	struct iprev_view v;

	if (!report_ran(r, "iprev")) {
		end_field(row);
		end_field(row);
		return;
	}
	v = *known_iprev(r->known);
	add_text(row, enumtab_name(&iprev_result_names, (int)v.result));
	end_field(row);
	for (size_t i = 0; i < v.n_confirmed; i++)
		add_item(row, v.confirmed[i]);
	end_field(row);
}

static void
put_generic(struct row *row)
{
	const struct report *r = row->report;
	struct generic_view v;

	if (report_ran(r, "generic_ptr")) {
		v = *known_generic(r->known);
		add_text(row, !v.judged ? "" : v.is_generic ? "yes" : "no");
	}
	end_field(row);
}

static void
put_ehlo(struct row *row)
{
	const struct report *r = row->report;
	struct ehlo_view v = { .source = EHLO_NONE };

	if (report_ran(r, "ehlo"))
		v = *known_ehlo(r->known);
	if (v.source != EHLO_NONE)
		add_text(row, v.name);
	end_field(row);
	if (v.source != EHLO_NONE)
		add_text(row, enumtab_name(&iprev_result_names, (int)v.result));
	end_field(row);
}

/* Which lists hold the address, and how many do not tell. */
static void
put_lists(struct row *row)
{
	const struct report *r = row->report;
	size_t n = 0, unknown = 0;
	const struct list_view *views = NULL;

	if (report_ran(r, "dnsbl")) {
		views = known_lists(r->known)->rows;
		n = known_lists(r->known)->n;
	}
	for (size_t i = 0; i < n; i++) {
		if (views[i].verdict.state == LIST_LISTED)
			add_item(row, views[i].list->zone);
		unknown += views[i].verdict.state == LIST_UNKNOWN;
	}
	end_field(row);
	if (n > 0)
		buf_printf(&row->field, "%zu", unknown);
	end_field(row);
}

/* Rule ids of what is bad, could not be told, or is a warning. */
static void
put_findings(struct row *row)
{
	static const enum verdict shown[] = { VERDICT_FAIL, VERDICT_PERMERROR, VERDICT_TEMPERROR,
		VERDICT_WARN };
	const struct findings *f = row->report->findings;

	for (size_t v = 0; v < sizeof(shown) / sizeof(shown[0]); v++) {
		for (size_t i = 0; i < f->n; i++) {
			if (f->list[i]->verdict != shown[v])
				continue;
			add_item(row, f->list[i]->rule->id);
			buf_putc(&row->field, '=');
			add_text(row, enumtab_name(&verdict_names, (int)shown[v]));
		}
	}
	end_field(row);
}

static void
put_field(struct row *row, const char *text)
{
	add_text(row, text);
	end_field(row);
}

static void
csv_begin(const struct render_options *o, struct buf *out)
{
	(void)o;
	buf_puts(out,
	    "address,host,verdict,reason,ptr,ptr_names,iprev,confirmed,generic,ehlo,ehlo_result,"
	    "listed,lists_unknown,findings,time\r\n");
}

static void
csv_report(const struct report *r, const struct render_options *o, struct buf *out)
{
	struct row row = { .report = r, .out = out };
	char time[TIME_TEXT_MAX];

	if (o->quiet && r->verdict == VERDICT_PASS)
		return;
	buf_init(&row.field, 1 << 20);
	put_field(&row, r->target->address);
	put_field(&row, r->target->host);
	put_field(&row, enumtab_name(&verdict_names, (int)r->verdict));
	put_field(&row, report_reason(r));
	put_ptr(&row);
	put_iprev(&row);
	put_generic(&row);
	put_ehlo(&row);
	put_lists(&row);
	put_findings(&row);
	put_field(&row, time_text(r->target->policy->now_s, time));
	buf_puts(out, "\r\n");
	buf_fini(&row.field);
}

const struct renderer render_csv = {
	.name = "csv",
	.help = "a row of comma-separated values a target",
	.alone = true,
	.no_remedies = true,
	.begin = csv_begin,
	.report = csv_report,
};
