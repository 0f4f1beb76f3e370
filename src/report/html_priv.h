/* The parts of the HTML page. */
#ifndef MAILREADY_REPORT_HTML_PRIV_H
#define MAILREADY_REPORT_HTML_PRIV_H

#include "base/arena.h"
#include "base/markup.h"
#include "report/past.h"
#include "report_priv.h"

struct page {
	const struct past *past;
	const struct render_options *options;
	struct arena *arena;
	struct buf *out;
};

/* The one style sheet: content of the style element, byte by byte what its hash is made of. */
const char *html_style(struct arena *a);

/* "sha256-..." of it, for the content security policy. */
const char *html_style_hash(const char *style, struct arena *a);

/* <TAG>text</TAG>, the text escaped; tag may have attributes. */
void html_element(struct page *p, const char *tag, const char *text);

/* A time element with the day alone, or with hour and minute; "never" for 0. */
void html_day(struct page *p, int64_t time_s);
void html_minute(struct page *p, int64_t time_s);

/* "2026-09-21"; in the page's arena. */
const char *html_day_text(struct page *p, int64_t time_s);

/* The word of a verdict with its sign: never colour alone. */
void html_badge(struct page *p, enum verdict v);

/* A server's whole section; number: its place in the page, for ids. */
void html_server(struct page *p, const struct past_server *s, size_t number);

/* What big receivers demand of it. */
void html_receivers(struct page *p, const struct receivers_view *v);

/* What its runs were, over the time of the page. */
void html_history(struct page *p, const struct past_server *s, size_t number);

/* The verdicts of its runs as a strip; small: for a table. */
void html_timeline(struct page *p, const struct past_server *s, size_t number, bool small);

#endif
