/*
 * libcurl, loaded when the first request is made.  Linking it would cost every run of the program,
 * `check` and `--version` too, some 5 ms of processor time and 4 MB for the twenty libraries that
 * it brings along (measured with libcurl4 7.88 of Debian 12); only what writes needs it.
 *
 * It copies passwords and tokens into its own memory, and would release them as they are: what it
 * releases is overwritten.
 */
#ifndef MAILREADY_HTTP_CURL_PRIV_H
#define MAILREADY_HTTP_CURL_PRIV_H

#include <curl/curl.h>

#include "base/err.h"

/* The functions by the names and types of curl.h, without their prefix. */
struct curl_api {
	__typeof__(curl_global_init_mem) *global_init_mem;
	__typeof__(curl_easy_init) *easy_init;
	__typeof__(curl_easy_cleanup) *easy_cleanup;
	__typeof__(curl_easy_reset) *easy_reset;
	/* in parentheses: the names are macros, too, that check their arguments' types */
	__typeof__((curl_easy_setopt)) *setopt;
	__typeof__((curl_easy_getinfo)) *getinfo;
	__typeof__(curl_easy_perform) *perform;
	__typeof__(curl_easy_strerror) *easy_strerror;
	__typeof__(curl_slist_append) *slist_append;
	__typeof__(curl_slist_free_all) *slist_free_all;
};

/* NULL and ERR_UNAVAILABLE when there is no libcurl, or an older one. */
const struct curl_api *curl_load(struct err *err);

/* A server that closes early must not end the program, whoever calls; libcurl leaves that to us. */
CURLcode curl_run(const struct curl_api *of, CURL *easy);

#endif
