/* A sink on a socket: takes mail for a while, and gives out what its clients said. */
#ifndef MAILREADY_SMTP_LISTEN_H
#define MAILREADY_SMTP_LISTEN_H

#include "base/err.h"
#include "net/endpoint.h"
#include "smtp/sink.h"

enum {
	LISTEN_CLIENTS_MAX = 16,     /* at the same time; others are closed at once */
	LISTEN_SESSIONS_MAX = 10000, /* in all */
	LISTEN_IDLE_US = 60000000,   /* a client that says nothing for so long is closed */
};

struct listen_options {
	struct endpoint at;
	uint64_t time_us; /* it ends then */
	unsigned count;   /* it ends after so many deliveries, which may be refused ones */
	struct sink_options
	    sink; /* delivered and arg are called with the client's address filled in */
	void (*ready)(void *arg); /* called once it takes connections; NULL */
};

/*
 * Returns when the time is up, or all deliveries are there; clients that are connected still are cut off.
 * *n_sessions: connections that there were.  ERR_CANTCREAT: the socket cannot be opened.
 */
enum err_code smtp_listen(const struct listen_options *o, size_t *n_sessions,
    struct err *err) MUST_CHECK;

#endif
