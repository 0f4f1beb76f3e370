/* A repair as a ticket, in Markdown, and as a resource of Terraform; the table of all its forms. */
#include "report/fix.h"

#include "base/arena.h"
#include "base/safe.h"
#include "past_priv.h"
#include "report_priv.h"
#include "views/hoster.h"

static void
put_row(struct buf *out, const char *label, const char *const *words, size_t n)
{
	buf_printf(out, "| %s | ", label);
	for (size_t i = 0; i < n; i++) {
		buf_puts(out, i > 0 ? ", " : "");
		markdown_code(out, words[i]);
	}
	buf_puts(out, n == 0 ? "none |\n" : " |\n");
}

static void
put_table(struct buf *out, const struct request_facts *f, const char *address)
{
	char reverse[IP_REVERSE_MAX];
	const char *owner = f->owner[0] != '\0' ? f->owner : ip_reverse_name(&f->ip, reverse);
	buf_puts(out, "| | |\n| --- | --- |\n");
	put_row(out, "Address", &address, 1);
	put_row(out, f->n_names > 0 ? "PTR name wanted" : "PTR record to be removed", f->names,
	    f->n_names);
	put_row(out, "PTR name at present", f->current, f->n_current);
	put_row(out, "Record", &owner, 1);
	if (f->zone[0] != '\0')
		put_row(out, "Zone", &f->zone, 1);
	if (f->n_servers > 0)
		put_row(out, "Name servers", f->servers, f->n_servers);
}

static void
put_evidence(struct buf *out, const struct request_facts *f, const char *address)
{
	for (size_t i = 0; i < f->n_resolving; i++) {
		buf_puts(out, i == 0 ? "\n" : "");
		markdown_code(out, f->resolving[i]);
		buf_printf(out, " already resolves to `%s`.\n", address);
	}
	if (f->n_evidence > 0)
		buf_puts(out, "\nWhat we found:\n\n");
	for (size_t i = 0; i < f->n_evidence; i++) {
		buf_puts(out, "- ");
		markdown_text(out, f->evidence[i]);
		buf_putc(out, '\n');
	}
}

void
fix_markdown(const struct fix_report *r, const struct render_options *o, struct buf *out)
{
	const struct request_facts *f = r->asked;
	(void)o;
	buf_printf(out, "## Reverse DNS (PTR) record for %s\n\n", r->plan->address);
	if (f == NULL || r->request == NULL) {
		markdown_text(out, r->outcome == FIX_FAILED ? r->err->text : r->plan->summary);
		buf_putc(out, '\n');
		return;
	}
	buf_printf(out, "Please %s the reverse DNS record of this address.\n\n",
	    f->n_names > 0 ? "set" : "remove");
	put_table(out, f, r->plan->address);
	put_evidence(out, f, r->plan->address);
}

void
fix_terraform(const struct fix_report *r, const struct render_options *o, struct buf *out)
{
	const struct hoster_row *row = r->hoster;
	const struct plan *p = r->plan;
	(void)o;
	if (r->outcome == FIX_FAILED) {
		buf_printf(out, "# %s: %s\n", p->address, safe_text(r->arena, r->err->text));
		return;
	}
	const struct hoster_lines *lines = row != NULL ? hoster_terraform(row, &p->ip) : NULL;
	if (lines == NULL || lines->n == 0 || p->n_names != 1) {
		buf_printf(out, "# %s: no resource is known%s%s\n", p->address,
		    row != NULL ? " of " : ": the hoster was not recognised",
		    row != NULL ? row->name : "");
		return;
	}
	buf_printf(out, "# %s: %s, as of %s\n", p->address, row->name, row->reviewed);
	for (size_t i = 0; i < row->condition.n; i++)
		buf_printf(out, "# %s\n", row->condition.list[i]);
	hoster_put_terraform(lines, &p->ip, p->names[0], r->arena, out);
}

const struct fix_form fix_forms[FIX_FORMS] = {
	[FIX_FORM_TEXT] = { "text", fix_text, false },
	[FIX_FORM_JSON] = { "json", NULL, false },
	[FIX_FORM_MARKDOWN] = { "markdown", fix_markdown, true },
	[FIX_FORM_TERRAFORM] = { "terraform", fix_terraform, true },
};
