/*
 * The server side of SMTP for mail that goes nowhere: a state machine that answers a client, and keeps what
 * the client says of itself, but no text of a message unless that is asked for.  Without a socket.  Untrusted
 * input of any size: memory is bounded by the numbers below.
 */
#ifndef MAILREADY_SMTP_SINK_H
#define MAILREADY_SMTP_SINK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/enumtab.h"
#include "base/ip.h"
#include "mail/message.h"

enum {
	SINK_LINE_MAX = 2048, /* bytes of a command (RFC 5321 4.5.3.1.4, and room for extensions) */
	SINK_SIZE_MAX = 32 << 20,   /* bytes of a message, which EHLO says */
	SINK_RECIPIENTS_MAX = 1000, /* of a message */
	SINK_MESSAGES_MAX = 100,    /* that a client may begin */
	SINK_ERRORS_MAX = 20,       /* replies that refuse, then the client is sent away */
};

enum sink_stage { SINK_CONNECT, SINK_EHLO, SINK_MAIL, SINK_RCPT, SINK_DATA, SINK_NOWHERE };
extern const struct enumtab sink_stage_names; /* "connect" "ehlo" "mail" "rcpt" "data" "nowhere" */

/* What a client said until its message was taken or refused.  Strings are as it sent them. */
struct sink_delivery {
	struct arena arena;
	struct ip address;   /* the client's; filled in by who has the socket */
	const char *ehlo;    /* "" */
	const char *sender;  /* in MAIL FROM, without brackets; "" the empty one; NULL: not said */
	size_t n_recipients; /* that were taken */
	const char *tls_version; /* "TLSv1.3"; "": in clear text */
	const char *tls_cipher;
	enum sink_stage
	    refused; /* where it was refused on request; NOWHERE: the message was taken */
	const struct message *message; /* NULL when it was refused, or has no header (fault) */
	const char *fault;             /* why the message cannot be read; "" */
	struct buf text;               /* the message, with keep; else empty */
};

/* Frees what a sink gave out. */
void sink_delivery_free(struct sink_delivery *d);

struct sink_options {
	const char *name;       /* what it calls itself */
	enum sink_stage refuse; /* the stage at which everything is refused; NOWHERE */
	bool keep;              /* the text of messages */
	/* Gets each delivery, which is the callee's to free. */
	void (*delivered)(void *arg, struct sink_delivery *d);
	void *arg;
};

/* What it waits for after its output is sent. */
enum sink_want {
	SINK_WANTS_INPUT,
	SINK_WANTS_TLS, /* a handshake; then sink_tls_up() */
	SINK_WANTS_END, /* to be closed */
};

struct sink;

/* Its output has the greeting.  options must last as long. */
struct sink *sink_new(const struct sink_options *o);

/* A client whose refusal was not reported yet is, first. */
void sink_free(struct sink *s);

/* Bytes of the client, after TLS is up in plain text.  Ignored once it wants the end. */
void sink_input(struct sink *s, const char *data, size_t len);

/* What is to be sent; the caller resets it. */
struct buf *sink_output(struct sink *s);

enum sink_want sink_wants(const struct sink *s);

void sink_tls_up(struct sink *s, const char *version, const char *cipher);

#endif
