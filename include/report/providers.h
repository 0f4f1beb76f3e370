/* The report of mailready providers: who is configured, what each can do, whether its credentials work. */
#ifndef MAILREADY_REPORT_PROVIDERS_H
#define MAILREADY_REPORT_PROVIDERS_H

#include <stdbool.h>
#include <stddef.h>

#include "provider/provider.h"
#include "report/render.h"

struct provider_line {
	const struct provider *provider;
	bool configured;      /* there are credentials for it */
	bool asked;           /* they were tried; what follows is known then alone */
	bool works;           /* the API took them */
	bool has_it;          /* the account has the address that was asked for */
	const char *says;     /* the place of that address, or an error; "" */
	const char *warnings; /* sentences, one a line; "" */
};

/* Appends one line each, and what it says below it. */
void providers_text(const struct provider_line *list, size_t n, const struct render_options *o,
    struct buf *out);

/* Appends a document of data/providers.schema.json. */
void providers_json(const struct provider_line *list, size_t n, struct buf *out);

#endif
