/*
 * Sending mail by SMTP (libcurl): one message, several recipients, one dialogue.  TLS is required,
 * and verified, but for a server on this very machine when it is said so; no proxy is ever used.
 */
#ifndef MAILREADY_HTTP_MAIL_H
#define MAILREADY_HTTP_MAIL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"

struct arena;

/*
 * A server may look through the whole message before it answers.  Whoever gives up earlier sends a
 * message again that was taken (RFC 5321 section 4.5.3.2.6, RFC 1047).
 */
enum { MAIL_FINAL_MS = 10 * 60 * 1000 };

struct mail_server {
	const char *url;      /* "smtp://host:587" (STARTTLS), "smtps://host"; ports 25 and 465 */
	bool plain;           /* without TLS: to loopback addresses and localhost only */
	const char *helo;     /* the name said in EHLO */
	const char *user;     /* of AUTH; "": none */
	const char *password; /* a secret; NULL with no user */
	const char *ca_file;  /* in the place of the system's; "" */
	uint32_t timeout_ms;  /* of the dialogue up to the final dot */
	uint32_t final_ms;    /* more for the reply to that; see MAIL_FINAL_MS */
};

struct mail {
	const char *from; /* base/mime addresses */
	const char *const *to;
	size_t n_to;
	const char *data; /* headers and body, lines ended by CRLF */
	size_t len;
};

/* The result for one recipient. */
struct mail_recipient {
	bool taken;        /* the server answers for it from here on */
	const char *reply; /* what it said when it refused: "550 5.1.1 no such user", safe; "" */
};

/*
 * ERR_NONE: the server took the message, for the recipients that are marked as taken, at least one.
 * Else it took nothing, or went silent before saying so: the same message can then arrive twice.
 * ERR_UNAVAILABLE  no connection, or no SMTP or TLS on it
 * ERR_TEMP         time-out, cut off, refused for now (4xx), and all else that may pass
 * ERR_NOPERM       certificate not trusted, login refused, mail refused (5xx)
 * ERR_CONFIG       URL, addresses or CA file are unusable
 * The text names the server, and quotes its last reply; never the user or the password.
 * recipients: n_to of them, filled in either case; what they point to is in a.
 */
enum err_code mail_send(const struct mail_server *server, const struct mail *mail, struct arena *a,
    struct mail_recipient *recipients, struct err *err) MUST_CHECK;

/* The URL and plain of a server, without sending: ERR_CONFIG.  For configurations. */
enum err_code mail_server_check(const char *url, bool plain, struct err *err) MUST_CHECK;

#endif
