/* One server of the page: what it is, what to do, what was found, and which lists hold it. */
#include <string.h>

#include "base/command.h"

#include "html_priv.h"

static bool
is_good(enum verdict v)
{
	return v == VERDICT_PASS || v == VERDICT_INFO || v == VERDICT_SKIP;
}

/* What is known of it, as a term and its description. */
static void
put_fact(struct page *p, const char *term, const char *text)
{
	if (text[0] == '\0')
		return;
	buf_puts(p->out, "<div>");
	html_element(p, "dt", term);
	html_element(p, "dd", text);
	buf_puts(p->out, "</div>\n");
}

static const char *
ptr_text(struct page *p, const struct digest *d)
{
	if (d->n_ptr_names == 0 && strcmp(d->ptr_status, "temperror") == 0)
		return "could not be told";
	if (d->n_ptr_names == 0)
		return d->ptr_status[0] != '\0' ?
		    arena_printf(p->arena, "none (%s)", d->ptr_status) :
		    "";
	const char *text = d->ptr_names[0];
	for (size_t i = 1; i < d->n_ptr_names; i++)
		text = arena_printf(p->arena, "%s, %s", text, d->ptr_names[i]);
	return text;
}

static void
put_iprev(struct page *p, const struct digest *d)
{
	int verdict;

	if (!enumtab_code(&verdict_names, d->iprev, &verdict))
		return;
	buf_puts(p->out, "<div><dt>Forward-confirmed (iprev)</dt><dd>");
	html_badge(p, (enum verdict)verdict);
	buf_puts(p->out, "</dd></div>\n");
}

static const char *
lists_text(struct page *p, const struct digest *d)
{
	struct list_count c = lists_count(d);

	if (c.asked == 0)
		return "";
	if (c.unknown == 0)
		return arena_printf(p->arena, "listed on %u of %u", c.listed, c.asked);
	return arena_printf(p->arena, "listed on %u of %u, %u could not be asked", c.listed,
	    c.asked, c.unknown);
}

static const char *
certificate_text(struct page *p, const struct digest *d)
{
	long long days = (d->cert_expires_s - d->time_s) / 86400;

	if (d->cert_expires_s == 0)
		return "";
	const char *day = html_day_text(p, d->cert_expires_s);
	if (d->cert_expires_s < d->time_s)
		return arena_printf(p->arena, "%s, expired %lld day%s ago", day, -days,
		    days == -1 ? "" : "s");
	return arena_printf(p->arena, "%s, in %lld day%s", day, days, days == 1 ? "" : "s");
}

static void
put_facts(struct page *p, const struct digest *d)
{
	buf_puts(p->out, "<dl>\n");
	put_fact(p, "Address", d->address);
	put_fact(p, "Host name", d->host);
	put_fact(p, "PTR name", ptr_text(p, d));
	put_iprev(p, d);
	put_fact(p, "EHLO name", d->ehlo_seen[0] != '\0' ? d->ehlo_seen : d->ehlo);
	put_fact(p, "Sender domain", d->domain);
	put_fact(p, "Block lists", lists_text(p, d));
	put_fact(p, "Certificate expires", certificate_text(p, d));
	buf_puts(p->out, "<div><dt>Checked</dt><dd>");
	html_minute(p, d->time_s);
	buf_puts(p->out, "</dd></div>\n</dl>\n");
}

static void
put_remedy_text(struct page *p, const char *remedy)
{
	struct command_text text;
	command_split(remedy, p->arena, &text);
	markup_add(p->out, text.words);
	if (text.command[0] != '\0')
		html_element(p, "pre", text.command);
}

static void
put_remedies(struct page *p, const struct digest *d)
{
	const struct digest_finding **list;
	size_t n = digest_remedies(d, p->arena, &list);

	if (n == 0)
		return;
	buf_puts(p->out, "<div class=\"todo\">\n<h3>What to do</h3>\n<ol>\n");
	for (size_t i = 0; i < n; i++) {
		buf_puts(p->out, "<li>");
		put_remedy_text(p, list[i]->remedy);
		if (list[i]->why[0] != '\0') {
			buf_puts(p->out, "<p class=\"dim small\">Why: ");
			markup_add(p->out, list[i]->why);
			buf_printf(p->out, " <span class=\"wide\">(<code>%s</code>, %s)</span></p>",
			    list[i]->rule, enumtab_name(&severity_names, (int)list[i]->severity));
		}
		buf_puts(p->out, "</li>\n");
	}
	buf_puts(p->out, "</ol>\n</div>\n");
}

static void
put_finding(struct page *p, const struct digest_finding *f)
{
	buf_puts(p->out, "<tr><td class=\"tight\">");
	html_badge(p, f->verdict);
	buf_puts(p->out, "</td><td>");
	markup_add(p->out, f->text);
	if (f->evidence != NULL) {
		buf_puts(p->out, "<details class=\"small\"><summary>Evidence</summary>");
		html_element(p, "pre", f->evidence);
		buf_puts(p->out, "</details>");
	}
	buf_printf(p->out, "</td><td class=\"wide\"><code>%s</code></td></tr>\n", f->rule);
}

static void
put_findings_table(struct page *p, const struct digest *d, bool good, const char *caption)
{
	buf_puts(p->out, "<table>\n");
	html_element(p, "caption", caption);
	buf_puts(p->out,
	    "<thead><tr><th scope=\"col\">Verdict</th><th scope=\"col\">Finding</th>"
	    "<th scope=\"col\" class=\"wide\">Rule</th></tr></thead>\n<tbody>\n");
	for (int rank = verdict_rank(VERDICT_FAIL); rank >= 0; rank--) {
		for (size_t i = 0; i < d->n_findings; i++) {
			const struct digest_finding *f = &d->findings[i];
			if (is_good(f->verdict) == good && verdict_rank(f->verdict) == rank)
				put_finding(p, f);
		}
	}
	buf_puts(p->out, "</tbody>\n</table>\n");
}

static size_t
count_good(const struct digest *d)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_findings; i++)
		n += is_good(d->findings[i].verdict);
	return n;
}

static void
put_findings(struct page *p, const struct digest *d)
{
	size_t good = count_good(d);

	buf_puts(p->out, "<h3>Findings</h3>\n");
	if (d->n_findings == 0)
		buf_puts(p->out, "<p>Nothing was judged.</p>\n");
	if (good < d->n_findings)
		put_findings_table(p, d, false, "What is not good, worst first");
	if (good == 0 || p->options->quiet)
		return;
	buf_printf(p->out,
	    "<details class=\"more\"%s><summary>%zu good or worth knowing</summary>\n",
	    good == d->n_findings ? " open" : "", good);
	put_findings_table(p, d, true, "What is good, and remarks");
	buf_puts(p->out, "</details>\n");
}

/* "listed" is no fault on a list that is none of the block lists. */
static enum verdict
list_verdict(const struct digest_list *l)
{
	if (strcmp(l->state, "unknown") == 0)
		return VERDICT_TEMPERROR;
	if (strcmp(l->state, "clean") == 0)
		return VERDICT_PASS;
	if (!list_is_bad(l))
		return VERDICT_INFO;
	bool heavy = strcmp(l->impact, "critical") == 0 || strcmp(l->impact, "high") == 0;
	return heavy ? VERDICT_FAIL : VERDICT_WARN;
}

static void
put_list(struct page *p, const struct digest_list *l)
{
	buf_puts(p->out, "<tr>");
	html_element(p, "th scope=\"row\"", l->zone);
	html_element(p, "td class=\"wide\"", l->subject);
	buf_puts(p->out, "<td>");
	if (strcmp(l->state, "listed") == 0)
		buf_printf(p->out, "<strong class=\"%s\">listed</strong> (%s list, impact %s)",
		    enumtab_name(&verdict_names, (int)list_verdict(l)), l->kind, l->impact);
	else
		buf_puts(p->out, l->state);
	if (l->reason[0] != '\0') {
		buf_puts(p->out, ": ");
		markup_add(p->out, l->reason);
	}
	buf_puts(p->out, "</td></tr>\n");
}

static void
put_lists_table(struct page *p, const struct digest *d, bool clean, const char *caption)
{
	buf_puts(p->out, "<table>\n");
	html_element(p, "caption", caption);
	buf_puts(p->out,
	    "<thead><tr><th scope=\"col\">List</th><th scope=\"col\" class=\"wide\">About</th>"
	    "<th scope=\"col\">State</th></tr></thead>\n<tbody>\n");
	for (int rank = verdict_rank(VERDICT_FAIL); rank >= 0; rank--) {
		for (size_t i = 0; i < d->n_lists; i++) {
			const struct digest_list *l = &d->lists[i];
			if ((strcmp(l->state, "clean") == 0) == clean &&
			    verdict_rank(list_verdict(l)) == rank)
				put_list(p, l);
		}
	}
	buf_puts(p->out, "</tbody>\n</table>\n");
}

static void
put_lists(struct page *p, const struct digest *d)
{
	size_t clean = 0;

	if (d->n_lists == 0)
		return;
	for (size_t i = 0; i < d->n_lists; i++)
		clean += strcmp(d->lists[i].state, "clean") == 0;
	buf_puts(p->out, "<h3>DNS lists</h3>\n");
	if (clean < d->n_lists)
		put_lists_table(p, d, false, "Lists that hold it, or could not tell");
	if (clean == 0 || p->options->quiet)
		return;
	buf_printf(p->out, "<details class=\"more\"><summary>Not listed by %zu list%s</summary>\n",
	    clean, clean == 1 ? "" : "s");
	put_lists_table(p, d, true, "Lists that do not hold it");
	buf_puts(p->out, "</details>\n");
}

void
html_server(struct page *p, const struct past_server *s, size_t number)
{
	const struct digest *d = s->last;

	buf_printf(p->out,
	    "<section class=\"card server %s\" aria-labelledby=\"server-%zu\">\n"
	    "<div class=\"title\"><h2 id=\"server-%zu\">",
	    enumtab_name(&verdict_names, (int)d->verdict), number, number);
	markup_add(p->out, digest_name(d, p->arena));
	buf_puts(p->out, "</h2>");
	html_badge(p, d->verdict);
	buf_puts(p->out, "</div>\n");
	html_element(p, "p class=\"lead\"", d->reason);
	buf_putc(p->out, '\n');
	put_facts(p, d);
	put_remedies(p, d);
	put_findings(p, d);
	put_lists(p, d);
	html_history(p, s, number);
	buf_puts(p->out, "</section>\n");
}
