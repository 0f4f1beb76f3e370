/* A webhook's template, as the one who judges it and the one who fills it see it. */
#ifndef MAILREADY_NOTIFY_TEMPLATE_PRIV_H
#define MAILREADY_NOTIFY_TEMPLATE_PRIV_H

#include <jansson.h>

#include "notify/template.h"

enum { PIECE_NAME_MAX = 24, PIECE_LIMIT_MIN = 4, PIECE_LIMIT_MAX = 100000 };

/* Part of a string: text as it stands, or a value. */
struct piece {
	const char *text; /* of len bytes; not of a value */
	size_t len;
	char name[PIECE_NAME_MAX]; /* of a value; "" */
	size_t limit;              /* its most, in UTF-16 units as services count; 0: none */
};

/*
 * The next piece of *at, which moves after it; false at the end, and, with *fault set, at what is no
 * placeholder.
 */
bool piece_next(const char **at, struct piece *out, const char **fault);

/* The document of a template that was judged; NULL and err else.  The caller decrefs. */
json_t *template_parse(const char *name, const char *text, size_t len, struct webhook_template *out,
    struct err *err);
json_t *template_read(const char *path, struct webhook_template *out, struct err *err);

/* What is sent; strings are the object's. */
struct filled {
	char *body;      /* JSON */
	json_t *headers; /* name and value */
};

/* Values of a message, and what only this sending knows: "" where there is none. */
struct filling {
	const json_t *values;
	const char *key, *topic;
};

/* ERR_CONFIG: nothing is left of the body.  filled_free() wipes: a key may be in it. */
enum err_code template_fill(json_t *document, const struct webhook_template *about,
    const struct filling *with, struct filled *out, struct err *err) MUST_CHECK;
void filled_free(struct filled *filled);

#endif
