/* The proxy that the environment names: its password stays hidden, its refusal is said as one. */
#ifndef MAILREADY_HTTP_PROXY_PRIV_H
#define MAILREADY_HTTP_PROXY_PRIV_H

#include <stdbool.h>

#include "http/curl_job_priv.h"

/* To be called before libcurl reads the variables: no error shows their passwords from then on. */
void proxy_hide_passwords(void);

/*
 * Did the proxy fail, and not the server?  Then err says so: nothing has reached the server.
 * ERR_CONFIG  its URL is not usable, or it requires a login (407): nothing changes that by itself
 * ERR_UNAVAILABLE  it does not resolve, or refuses to connect to the origin
 * ERR_TEMP    it has a fault of its own (5xx)
 */
bool proxy_failed(const struct curl_job *j, CURLcode rc, const char *origin, struct err *err);

#endif
