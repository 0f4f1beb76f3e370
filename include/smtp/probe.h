/*
 * Drives one SMTP dialogue on a socket of its own.  Never sends MAIL.  Bounded in time, bytes
 * and lines.
 */
#ifndef MAILREADY_SMTP_PROBE_H
#define MAILREADY_SMTP_PROBE_H

#include <stdint.h>

#include "net/endpoint.h"
#include "smtp/dialogue.h"

struct loop;
struct smtp_probe;

/* Whom to talk to, and under which names; the probe copies it. */
struct smtp_job {
	struct endpoint server;
	const char *our_name; /* for our EHLO; NULL for this host's name, or the address literal of
				 the socket when the host has no full name */
	const char *server_name; /* by which the user or an MX record knows the server, for SNI;
				    NULL or "" for the name that it gives itself */
	uint64_t deadline_us;
	/* Once connected: servers may let clients wait for the greeting.  0: as deadline_us. */
	uint64_t talk_deadline_us;
};

typedef void smtp_done_fn(void *arg, const struct smtp_dialogue *dialogue);

/*
 * Starts a dialogue; done is called exactly once from the loop, never from within this call, and
 * the dialogue is valid during that call only.  The probe frees itself afterwards.
 */
struct smtp_probe *smtp_probe_start(struct loop *loop, const struct smtp_job *job,
    smtp_done_fn *done, void *arg);

/* Ends it without calling back: the connection is cut, the probe freed.  Not from within done. */
void smtp_probe_cancel(struct smtp_probe *p);

#endif
