/*
 * Comma-separated values (RFC 4180), a row a target: for spreadsheets and data bases.  Printed
 * without a tree in between.
 */
#include <string.h>

#include "base/number.h"
#include "base/safe.h"
#include "mail/dkim_signature.h"
#include "report_priv.h"
#include "views/receivers.h"

enum { CSV_FIELD_MAX = 4096 };

/* The field that is being written, safe and not yet quoted, and the row that it goes to. */
struct row {
	struct buf *out;
	struct buf field;
	size_t n;
};

/*
 * What a spreadsheet would run as a formula begins like this (OWASP, CSV injection), in full width in
 * East Asian versions; of the others that do, tab and CR, safe text has none.
 */
static bool
is_formula(const char *text)
{
	static const char *const wide[] = { "\uff1d", "\uff0b", "\uff0d", "\uff20" };

	if (*text == '\0' || strchr("=+-@", *text) != NULL)
		return *text != '\0';
	for (size_t i = 0; i < sizeof wide / sizeof wide[0] && *text == wide[0][0]; i++)
		if (strncmp(text, wide[i], strlen(wide[i])) == 0)
			return true;
	return false;
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
put_field(struct row *row, const char *text)
{
	add_text(row, text);
	end_field(row);
}

static void
put_items(struct row *row, const char *const *items, size_t n)
{
	for (size_t i = 0; i < n; i++)
		add_item(row, items[i]);
	end_field(row);
}

static void
put_count(struct row *row, bool known, size_t n)
{
	char text[NUMBER_DIGITS_MAX], *end = text + sizeof text;
	const char *start = known ? number_digits(n, end) : end;
	buf_add(&row->field, start, (size_t)(end - start));
	end_field(row);
}

static const char *
generic_word(const struct digest *d)
{
	if (!d->has_generic)
		return "";
	return d->is_generic ? "yes" : "no";
}

/* A list of domains stands once, also where it holds several; its rows follow each other. */
static void
put_listed(struct row *row, const struct digest *d)
{
	const char *before = "";

	for (size_t i = 0; i < d->n_lists; i++) {
		const struct digest_list *l = &d->lists[i];
		if (!list_is_bad(l) || strcmp(l->zone, before) == 0)
			continue;
		add_item(row, l->zone);
		before = l->zone;
	}
	end_field(row);
}

/* Rule ids of what is bad, unknown, or a warning. */
static void
put_findings(struct row *row, const struct digest *d)
{
	static const enum verdict shown[] = { VERDICT_FAIL, VERDICT_PERMERROR, VERDICT_TEMPERROR,
		VERDICT_WARN };

	for (size_t v = 0; v < sizeof shown / sizeof shown[0]; v++) {
		for (size_t i = 0; i < d->n_findings; i++) {
			if (d->findings[i].verdict != shown[v])
				continue;
			add_item(row, d->findings[i].rule);
			buf_putc(&row->field, '=');
			add_text(row, enumtab_name(&verdict_names, (int)shown[v]));
		}
	}
	end_field(row);
}

/* The receivers with a verdict, by the names of their files. */
static void
put_receivers(struct row *row, const struct receivers_view *v, enum verdict verdict)
{
	for (size_t i = 0; v != NULL && i < v->n; i++)
		if (v->rows[i].verdict == verdict)
			add_item(row, v->rows[i].receiver->id);
	end_field(row);
}

static void
put_sender(struct row *row, const struct digest *d)
{
	const char *const fields[] = { d->sender, d->spf, d->spf_helo, d->dkim, d->dmarc };

	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		put_field(row, fields[i] != NULL ? fields[i] : "");
	put_receivers(row, d->receivers, VERDICT_FAIL);
	put_receivers(row, d->receivers, VERDICT_TEMPERROR);
}

/* The names as the user gave them, by which --again asks once more. */
static void
put_given(struct row *row, const struct target_names *n)
{
	const char *const fields[] = { n->mx_of, n->ehlo, n->domain, n->mail_from, n->from };

	for (size_t i = 0; i < sizeof fields / sizeof fields[0]; i++)
		put_field(row, fields[i] != NULL ? fields[i] : "");
	for (size_t i = 0; i < n->n_dkim; i++) {
		add_item(row, n->dkim[i].domain);
		if (n->dkim[i].selector != NULL && n->dkim[i].selector[0] != '\0') {
			buf_putc(&row->field, '/');
			add_text(row, n->dkim[i].selector);
		}
	}
	end_field(row);
}

static void
csv_begin(const struct render_options *o, struct buf *out)
{
	(void)o;
	buf_puts(out,
	    "address,host,verdict,reason,ptr,ptr_names,iprev,confirmed,generic,ehlo,ehlo_result,"
	    "listed,lists_unknown,findings,time,lists_asked,lists_listed,lists_not_applicable,"
	    "ptr_names_count,confirmed_count,sender,spf,spf_helo,dkim,dmarc,receivers_fail,"
	    "receivers_unknown,mx_of,given_ehlo,given_domain,given_mail_from,given_from,given_dkim"
	    "\r\n");
}

static void
put_row(struct row *row, const struct digest *d)
{
	char time[TIME_TEXT_MAX];
	bool lists = digest_has_lists(d);

	put_field(row, d->address);
	put_field(row, d->host);
	put_field(row, enumtab_name(&verdict_names, (int)d->verdict));
	put_field(row, d->reason);
	put_field(row, digest_ptr_word(d));
	put_items(row, d->ptr_names, d->n_ptr_names);
	put_field(row, digest_iprev_word(d));
	put_items(row, d->confirmed, d->n_confirmed);
	put_field(row, generic_word(d));
	put_field(row, d->ehlo_seen);
	put_field(row, digest_ehlo_word(d));
	put_listed(row, d);
	put_count(row, lists, d->counts.unknown);
	put_findings(row, d);
	put_field(row, time_text(d->time_s, time));
	put_count(row, lists, d->counts.asked);
	put_count(row, lists, d->counts.listed);
	put_count(row, lists, d->counts.not_applicable);
	put_count(row, d->has_ptr && d->ptr_status != PTR_TEMPERROR,
	    d->n_ptr_names + d->n_more_ptr_names);
	put_count(row, d->has_iprev, d->n_confirmed + d->n_more_confirmed);
	put_sender(row, d);
}

static void
csv_report(const struct report *r, const struct render_options *o, struct buf *out)
{
	struct row row = { .out = out };
	struct digest d;

	if (o->quiet && r->verdict == VERDICT_PASS)
		return;
	digest_borrow(r, &d);
	buf_init(&row.field, 1 << 20);
	put_row(&row, &d);
	put_given(&row, &r->target->names);
	buf_puts(out, "\r\n");
	buf_fini(&row.field);
}

const struct renderer render_csv = {
	.name = "csv",
	.help = "a row of comma-separated values a target",
	.alone = true,
	.no_remedies = true,
	.receivers = RECEIVERS_ASKED,
	.begin = csv_begin,
	.report = csv_report,
};
