/* One server of the page: what it is, what to do, what was found, and which lists hold it. */
#include <string.h>

#include "base/command.h"
#include "base/safe.h"

#include "html_priv.h"

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
	if (!d->has_ptr)
		return "";
	if (d->ptr_status == PTR_TEMPERROR)
		return "unknown";
	if (d->n_ptr_names == 0)
		return arena_printf(p->arena, "none (%s)", digest_ptr_word(d));
	return safe_names(p->arena, d->ptr_names, d->n_ptr_names, d->n_more_ptr_names);
}

static void
put_iprev(struct page *p, const struct digest *d)
{
	static const enum verdict verdicts[] = {
		[IPREV_TEMPERROR] = VERDICT_TEMPERROR,
		[IPREV_PASS] = VERDICT_PASS,
		[IPREV_FAIL] = VERDICT_FAIL,
		[IPREV_PERMERROR] = VERDICT_PERMERROR,
	};

	if (!d->has_iprev)
		return;
	buf_puts(p->out, "<div><dt>Forward-confirmed (iprev)</dt><dd>");
	html_badge(p, verdicts[d->iprev]);
	buf_puts(p->out, "</dd></div>\n");
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
	if (d->stale)
		put_fact(p, "As last known", "nothing can be looked up now");
	put_fact(p, "Address", d->address);
	put_fact(p, "Host name", d->host);
	put_fact(p, "PTR name", ptr_text(p, d));
	put_iprev(p, d);
	put_fact(p, "EHLO name", d->ehlo_seen[0] != '\0' ? d->ehlo_seen : d->ehlo);
	put_fact(p, "Sender domain", d->domain);
	put_fact(p, "Block lists", lists_text(d, p->arena));
	put_fact(p, "Certificate expires", certificate_text(p, d));
	buf_puts(p->out, "<div><dt>Checked</dt><dd>");
	html_minute(p, d->time_s);
	buf_puts(p->out, "</dd></div>\n</dl>\n");
}

static void
put_remedy_text(struct page *p, const char *remedy)
{
	struct command_text part;
	while (command_next(&remedy, p->arena, &part)) {
		markup_linked(p->out, part.words, p->arena);
		if (part.command[0] != '\0')
			html_element(p, "pre", part.command);
	}
}

static void
put_remedies(struct page *p, const struct digest *d)
{
	const struct digest_finding **list;
	size_t n = digest_remedies(d, false, p->arena, &list);

	if (n == 0)
		return;
	buf_puts(p->out, "<div class=\"todo\">\n<h3>What to do</h3>\n<ol>\n");
	for (size_t i = 0; i < n; i++) {
		buf_puts(p->out, "<li>");
		put_remedy_text(p, list[i]->remedy);
		if (list[i]->why[0] != '\0') {
			buf_puts(p->out, "<p class=\"dim small\">Why: ");
			markup_add(p->out, list[i]->why);
			buf_puts(p->out, " <span class=\"wide\">(");
			html_element(p, "code", list[i]->rule);
			buf_printf(p->out, ", %s)</span></p>",
			    enumtab_name(&severity_names, (int)list[i]->severity));
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
	buf_puts(p->out, "</td><td class=\"wide\">");
	html_element(p, "code", f->rule);
	buf_puts(p->out, "</td></tr>\n");
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
			if (verdict_is_good(f->verdict) == good && verdict_rank(f->verdict) == rank)
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
		n += verdict_is_good(d->findings[i].verdict);
	return n;
}

static void
put_findings(struct page *p, const struct digest *d)
{
	size_t good = count_good(d);

	buf_puts(p->out, "<h3>Findings</h3>\n");
	if (d->n_findings == 0)
		buf_puts(p->out, "<p>Nothing was checked.</p>\n");
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

static void
put_list(struct page *p, const struct digest_list *l, enum verdict verdict)
{
	buf_puts(p->out, "<tr>");
	html_element(p, "th scope=\"row\"", l->zone);
	html_element(p, "td class=\"wide\"", l->subject);
	buf_puts(p->out, "<td>");
	if (l->state == LIST_LISTED)
		buf_printf(p->out, "<strong class=\"%s\">listed</strong> (%s list, impact %s)",
		    enumtab_name(&verdict_names, (int)verdict),
		    enumtab_name(&list_kind_names, (int)l->kind),
		    enumtab_name(&list_impact_names, (int)l->impact));
	else
		buf_puts(p->out, enumtab_name(&list_state_names, (int)l->state));
	if (digest_list_reason(l)[0] != '\0') {
		buf_puts(p->out, ": ");
		markup_add(p->out, digest_list_reason(l));
	}
	buf_puts(p->out, "</td></tr>\n");
}

/* Rows of lists that are not applicable would say nothing: the count has them. */
static size_t
count_rows(const struct digest *d, bool clean)
{
	size_t n = 0;

	for (size_t i = 0; i < d->n_lists; i++)
		n += d->lists[i].state != LIST_NOT_APPLICABLE &&
		    (d->lists[i].state == LIST_CLEAN) == clean;
	return n;
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
			enum verdict verdict = list_verdict(d, l);
			if (l->state != LIST_NOT_APPLICABLE && (l->state == LIST_CLEAN) == clean &&
			    verdict_rank(verdict) == rank)
				put_list(p, l, verdict);
		}
	}
	buf_puts(p->out, "</tbody>\n</table>\n");
}

static void
put_lists(struct page *p, const struct digest *d)
{
	const char *words = lists_text(d, p->arena);

	if (!digest_has_lists(d))
		return;
	buf_puts(p->out, "<h3>DNS lists</h3>\n");
	if (words[0] != '\0') {
		html_element(p, "p", sentence(words, p->arena));
		buf_putc(p->out, '\n');
	}
	if (count_rows(d, false) > 0)
		put_lists_table(p, d, false, "Lists that hold it, and unknown lists");
	if (count_rows(d, true) == 0 || p->options->quiet)
		return;
	buf_printf(p->out,
	    "<details class=\"more\"><summary>Not listed by %zu block list%s</summary>\n",
	    d->counts.clean, d->counts.clean == 1 ? "" : "s");
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
	if (d->receivers != NULL)
		html_receivers(p, d->receivers);
	html_history(p, s, number);
	buf_puts(p->out, "</section>\n");
}
