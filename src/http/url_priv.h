/* Which URLs may be asked, decided before libcurl sees them. */
#ifndef MAILREADY_HTTP_URL_PRIV_H
#define MAILREADY_HTTP_URL_PRIV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

enum { URL_ORIGIN_MAX = 300 };

struct url_view {
	bool tls;    /* https */
	bool direct; /* a host that no proxy may stand before: loopback or the metadata service */
	char origin[URL_ORIGIN_MAX]; /* "https://host:port", for people */
};

/* ERR_CONFIG, with a text that shows no more than the origin, when it may not be asked. */
enum err_code url_view(const char *url, struct url_view *out, struct err *err) MUST_CHECK;

/*
 * The same for a mail server: "smtp://host:port" or "smtps://host", followed by at most one
 * slash.  plain: without TLS, for smtp:// and loopback addresses or localhost alone.
 */
enum err_code url_view_mail(const char *url, bool plain, struct url_view *out,
    struct err *err) MUST_CHECK;

#endif
