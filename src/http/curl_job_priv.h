/*
 * Code that every use of libcurl shares: its safe settings, and the meaning of its errors to
 * people who do not know libcurl.
 */
#ifndef MAILREADY_HTTP_CURL_JOB_PRIV_H
#define MAILREADY_HTTP_CURL_JOB_PRIV_H

#include <stdbool.h>
#include <stdint.h>

#include "http/curl_priv.h"

struct curl_job {
	const struct curl_api *api;
	CURL *easy;
	char reason[CURL_ERROR_SIZE]; /* libcurl's own words; "" */
	bool broken;                  /* an option was refused: nothing may be sent without it */
};

void curl_job_long(struct curl_job *j, CURLoption option, long value);
void curl_job_text(struct curl_job *j, CURLoption option, const char *value);

/* Options that every job has: of the whole exchange's time (0: 10 s), signals, and reason. */
void curl_job_basics(struct curl_job *j, uint32_t timeout_ms);

/* TLS 1.2 or newer, always verified, by ca_file in the system's place; NULL: the system's. */
void curl_job_tls(struct curl_job *j, const char *ca_file);

/* ERR_CONFIG when such a file cannot be read; NULL is accepted. */
enum err_code curl_job_check_ca(const char *ca_file, struct err *err) MUST_CHECK;

/* "origin: what it is: libcurl's words"; protocol is what the server should have spoken. */
enum err_code curl_job_explain(const struct curl_job *j, CURLcode rc, const char *origin,
    const char *protocol, struct err *err);

#endif
