/* A strip: the time of the page from left to right, drawn as inline SVG. */
#ifndef MAILREADY_REPORT_HTML_STRIP_PRIV_H
#define MAILREADY_REPORT_HTML_STRIP_PRIV_H

#include "html_priv.h"

enum {
	STRIP_WIDTH =
	    360, /* in units of the drawing; a timeline has no more rectangles than these */
	STRIP_HEIGHT = 40,
};

/* Where a time stands, 0 to STRIP_WIDTH. */
long strip_column(const struct page *p, int64_t time_s);

/* Up to the first rectangle, with title and text for those who do not see it; small: for a table. */
void strip_begin(struct page *p, const char *id, bool small, const char *title, const char *text);

/* Rows of a table for each listing, and for each finding that was not good; nothing for none. */
void html_listings(struct page *p, const struct past_server *s, size_t number);
void html_demands(struct page *p, const struct past_server *s);
void html_spans(struct page *p, const struct past_server *s, size_t number);

#endif
