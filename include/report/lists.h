/* The catalogue of lists for the command lists: as a table, one list in full, and their health. */
#ifndef MAILREADY_REPORT_LISTS_H
#define MAILREADY_REPORT_LISTS_H

#include <stddef.h>

#include "base/buf.h"
#include "lists/catalogue.h"
#include "views/list_health.h"

struct keyring;

/* What the test of lists found; the views are those of list_health_views(). */
struct lists_health {
	const struct list_view *views;
	size_t n;
	const char *blame, *remedy; /* of list_blame(); "" when the resolver is not at fault */
};

/* A format: each function adds a whole document.  keys: "needed", "there", never the key itself. */
struct lists_format {
	void (*table)(const struct catalogue *c, const struct keyring *keys, struct buf *out);
	void (*one)(const struct list *l, const struct keyring *keys, struct buf *out);
	void (*health)(const struct lists_health *h, struct buf *out);
};
extern const struct lists_format lists_as_text, lists_as_json;

#endif
