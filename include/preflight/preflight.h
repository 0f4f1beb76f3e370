/*
 * Servers before they go live: the file that says what is wanted, and the run that shows how much
 * of it is there.
 */
#ifndef MAILREADY_PREFLIGHT_PREFLIGHT_H
#define MAILREADY_PREFLIGHT_PREFLIGHT_H

#include <stddef.h>

#include "report/preflight.h"
#include "run/run.h"

enum { INTENT_ADDRESSES_MAX = 256, INTENT_DOMAINS_MAX = 16, INTENT_DKIM_MAX = 16 };

/*
 * Reads an intent (base/inifile): a section for each server, with the keys address, ehlo, ptr,
 * domain, from, mail-from, dkim, banner and provider.  Keys before the first section hold for all servers that do not say
 * otherwise; a file without sections is about one server.  Everything lives in a.  ERR_DATA names
 * file, line, key and what was expected.  Reads out->known; fills file, servers, and their addresses without
 * items.
 */
enum err_code intent_read_text(const char *name, const char *text, size_t len, struct arena *a,
    struct preflight *out, struct err *err) MUST_CHECK;

/* The same from a file; "-" is standard input.  ERR_NOINPUT, ERR_IO. */
enum err_code intent_read_file(const char *path, struct arena *a, struct preflight *out,
    struct err *err) MUST_CHECK;

struct preflight_options {
	const struct run_options
	    *run;           /* without targets, renderer and hook, which are the run's own */
	const char *intent; /* file */
	bool strict_warn, strict_unknown;
	void (*render)(const struct preflight *p, const struct render_options *o, struct buf *out);
	/* What is done with the intent before anything is looked at; an error ends the run.  NULL */
	enum err_code (*before)(void *arg, const struct preflight *intent, struct err *err);
	void *before_arg;
};

/* The result has one verdict, that of the whole: pass, fail, or temperror: unknown. */
enum err_code run_preflight(const struct preflight_options *o, struct run_result *result,
    struct err *err) MUST_CHECK;

#endif
