/*
 * One self-contained HTML page: to look at, to print, to send to a customer.  No script, nothing
 * loaded, and a content security policy that allows neither.
 */
#include "html_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "past_priv.h"

static const char symbols[] =
    "<svg class=\"symbols\" aria-hidden=\"true\">"
    "<symbol id=\"sign-pass\" viewBox=\"0 0 16 16\"><path d=\"M3 8.5l3.4 3.5L13 4.5\"/></symbol>"
    "<symbol id=\"sign-warn\" viewBox=\"0 0 16 16\"><path d=\"M8 2.5v7M8 13.2v.1\"/></symbol>"
    "<symbol id=\"sign-info\" viewBox=\"0 0 16 16\"><path d=\"M8 13.5v-7M8 2.8v.1\"/></symbol>"
    "<symbol id=\"sign-fail\" viewBox=\"0 0 16 16\"><path d=\"M4 4l8 8M12 4l-8 8\"/></symbol>"
    "<symbol id=\"sign-unknown\" viewBox=\"0 0 16 16\"><path d=\"M5 5.2a3 3 0 1 1 4.4 2.6C8.4 8.4 "
    "8 "
    "9 8 10M8 13.2v.1\"/></symbol>"
    "</svg>\n";

static void
put_head(struct page *p)
{
	const char *style = html_style(p->arena);

	buf_puts(p->out,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src "
	    "'");
	buf_puts(p->out, html_style_hash(style, p->arena));
	buf_puts(p->out,
	    "'; base-uri 'none'; form-action 'none'\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
	    "<meta name=\"referrer\" content=\"no-referrer\">\n"
	    "<meta name=\"generator\" content=\"mailready " MAILREADY_VERSION "\">\n"
	    "<title>Mail deliverability report</title>\n<style>");
	buf_puts(p->out, style);
	buf_puts(p->out, "</style>\n</head>\n<body>\n");
	buf_puts(p->out, "<a class=\"jump\" href=\"#servers\">Skip to the servers</a>\n");
	buf_puts(p->out, symbols);
}

static void
put_header(struct page *p)
{
	const struct past *past = p->past;

	buf_puts(p->out,
	    "<header>\n<p class=\"brand\">mailready</p>\n<h1>Mail deliverability report</h1>\n"
	    "<p class=\"dim\">");
	if (past->since_s != 0) {
		html_day(p, past->since_s);
		buf_puts(p->out, " to ");
	}
	html_minute(p, past->until_s);
	buf_puts(p->out, "</p>\n</header>\n<main>\n");
}

/* What the four groups of servers are called; the first two are ready. */
static const struct {
	const char *class, *words, *sign;
} groups[] = {
	{ "pass", "Ready", "pass" },
	{ "warn", "With warnings", "warn" },
	{ "fail", "Not ready", "fail" },
	{ "temperror", "Unknown", "unknown" },
};
enum { GROUP_PASS, GROUP_WARN, GROUP_FAIL, GROUP_UNKNOWN, N_GROUPS };

static size_t
group_of(enum verdict v)
{
	if (verdict_is_bad(v))
		return GROUP_FAIL;
	if (v == VERDICT_WARN)
		return GROUP_WARN;
	return v == VERDICT_PASS ? GROUP_PASS : GROUP_UNKNOWN;
}

static void
put_tiles(struct page *p)
{
	size_t n[N_GROUPS] = { 0 };

	for (size_t i = 0; i < p->past->n; i++)
		n[group_of(p->past->servers[i].last->verdict)]++;
	buf_puts(p->out, "<ul class=\"tiles\">\n");
	for (size_t g = 0; g < N_GROUPS; g++)
		buf_printf(p->out,
		    "<li class=\"tile %s\"><b>%zu</b><span><svg aria-hidden=\"true\"><use "
		    "href=\"#sign-%s\"/></svg>%s</span></li>\n",
		    n[g] > 0 ? groups[g].class : "none", n[g], groups[g].sign, groups[g].words);
	buf_puts(p->out, "</ul>\n");
}

/* The strip has a column of its own where there is room; each server has it again, larger. */
static void
put_row(struct page *p, const struct past_server *s, size_t number)
{
	const struct digest *d = s->last;

	buf_puts(p->out, "<tr><td class=\"tight\">");
	html_badge(p, d->verdict);
	buf_printf(p->out, "</td><td><a class=\"name\" href=\"#server-%zu\">", number);
	markup_add(p->out, digest_name(d, p->arena));
	buf_puts(p->out, "</a>");
	if (d->label[0] != '\0') {
		buf_putc(p->out, ' ');
		html_element(p, "span class=\"dim small\"", d->address);
	}
	buf_puts(p->out, "<p>");
	markup_add(p->out, d->reason);
	buf_puts(p->out, "</p></td>");
	if (p->past->since_s != 0) {
		buf_puts(p->out, "<td class=\"wide runs\">");
		html_timeline(p, s, number, true);
		buf_puts(p->out, "</td>");
	}
	buf_puts(p->out, "</tr>\n");
}

/* number: of the row before. */
static void
put_table(struct page *p, const struct past_group *g, size_t number)
{
	bool history = p->past->since_s != 0;

	html_element(p, "h3", g->title != NULL ? g->title : "At a glance");
	buf_printf(p->out,
	    "\n<table>\n<caption>Worst first</caption>\n<thead><tr>"
	    "<th scope=\"col\">Verdict</th><th scope=\"col\">Server</th>%s</tr></thead>\n<tbody>\n",
	    history ? "<th scope=\"col\" class=\"wide\">Runs</th>" : "");
	for (size_t i = 0; i < g->n; i++)
		put_row(p, &g->servers[i], number + i + 1);
	buf_puts(p->out, "</tbody>\n</table>\n");
}

static void
put_tables(struct page *p)
{
	size_t n, number = 0;
	const struct past_group *list = past_groups(p->past, p->arena, &n);

	for (size_t i = 0; i < n; number += list[i++].n)
		put_table(p, &list[i], number);
}

/* Of several: one server's own card says all of it. */
static void
put_summary(struct page *p)
{
	const struct past *past = p->past;
	size_t ready = 0;

	if (past->n == 1)
		return;
	for (size_t i = 0; i < past->n; i++)
		ready += group_of(past->servers[i].last->verdict) <= GROUP_WARN;
	buf_printf(p->out,
	    "<section class=\"card\" aria-labelledby=\"summary\">\n<h2 id=\"summary\">%zu of %zu "
	    "servers %s ready</h2>\n",
	    ready, past->n, ready == 1 ? "is" : "are");
	put_tiles(p);
	if (past->n > 0)
		put_tables(p);
	buf_puts(p->out, "</section>\n");
}

static void
put_footer(struct page *p)
{
	static const struct {
		enum verdict verdict;
		const char *meaning;
	} words[] = {
		{ VERDICT_PASS, "good" },
		{ VERDICT_WARN, "works, but some receivers mind" },
		{ VERDICT_FAIL,
		    "receivers refuse mail for it, or a record that they need is missing" },
		{ VERDICT_TEMPERROR, "unknown: neither good nor bad" },
		{ VERDICT_INFO, "worth knowing" },
		{ VERDICT_SKIP, "not checked, on purpose" },
	};

	buf_puts(p->out, "</main>\n<footer>\n<h2 class=\"small\">How to read it</h2>\n<dl>\n");
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
		buf_puts(p->out, "<div><dt>");
		html_badge(p, words[i].verdict);
		buf_printf(p->out, "</dt><dd>%s</dd></div>\n", words[i].meaning);
	}
	buf_puts(p->out,
	    "</dl>\n<p>All times are UTC. Made by mailready " MAILREADY_VERSION
	    ". This page has no scripts and loads nothing.</p>\n</footer>\n</body>\n</html>\n");
}

/* What happened, above how it is. */
static void
put_incidents(struct page *p)
{
	size_t n;
	const struct past_incident *list = past_incidents(p->past, p->arena, &n);

	if (p->past->since_s == 0)
		return;
	buf_puts(p->out,
	    "<section class=\"card\" aria-labelledby=\"incidents\">\n<h2 id=\"incidents\">");
	buf_puts(p->out, n > 0 ? "Incidents</h2>\n" : "No incident</h2>\n");
	if (n > 0)
		buf_puts(p->out,
		    "<table>\n<thead><tr><th scope=\"col\">When</th><th scope=\"col\">How long</th>"
		    "<th scope=\"col\">Server</th><th "
		    "scope=\"col\">What</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < n; i++) {
		const char *const cells[] = { past_incident_when(&list[i], p->arena),
			past_incident_length(p->past, &list[i], p->arena), list[i].server,
			list[i].text };
		buf_puts(p->out, "<tr>");
		for (size_t k = 0; k < sizeof cells / sizeof cells[0]; k++)
			html_element(p, "td", cells[k]);
		buf_puts(p->out, "</tr>\n");
	}
	buf_puts(p->out, n > 0 ? "</tbody>\n</table>\n</section>\n" : "</section>\n");
}

static void
put_servers(struct page *p)
{
	size_t n, number = 0;
	const struct past_group *list = past_groups(p->past, p->arena, &n);

	buf_puts(p->out, "<div id=\"servers\">\n");
	for (size_t i = 0; i < n; i++) {
		if (list[i].title != NULL) {
			html_element(p, "h2", list[i].title);
			buf_putc(p->out, '\n');
		}
		for (size_t k = 0; k < list[i].n; k++)
			html_server(p, &list[i].servers[k], ++number);
	}
	buf_puts(p->out, "</div>\n");
}

void
html_past(const struct past *past, const struct render_options *o, struct buf *out)
{
	struct arena a;

	arena_init(&a);
	struct page p = { past, o, &a, out };
	put_head(&p);
	put_header(&p);
	put_incidents(&p);
	put_summary(&p);
	put_servers(&p);
	put_footer(&p);
	arena_fini(&a);
}

static void
html_whole(const struct digest *all, size_t n, const struct render_options *o, struct buf *out)
{
	struct past_server *servers = mem_zalloc(n + 1, sizeof *servers);
	struct past past = { .servers = servers, .n = n };

	for (size_t i = 0; i < n; i++) {
		servers[i].last = &all[i];
		if (all[i].time_s > past.until_s)
			past.until_s = all[i].time_s;
	}
	html_past(&past, o, out);
	free(servers);
}

const struct renderer render_html = {
	.name = "html",
	.help = "one page to read, print and send",
	.receivers = RECEIVERS_SHOWN,
	.whole = html_whole,
};
