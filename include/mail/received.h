/*
 * The Received header field: what a server wrote of the hop on which it took a message (RFC 5321 4.4, and
 * the forms of Postfix, Exim, Sendmail, OpenSMTPD, Exchange, Gmail, qmail and others).  Untrusted: what is not
 * understood is left out, and is never filled in by a guess.
 */
#ifndef MAILREADY_MAIL_RECEIVED_H
#define MAILREADY_MAIL_RECEIVED_H

#include <stdbool.h>
#include <stddef.h>

#include "base/enumtab.h"
#include "base/ip.h"

struct arena;

enum { RECEIVED_TEXT_MAX = 16384 /* bytes; what is longer is not read */ };

/* What the field says of the client's PTR record, as the server saw it. */
enum received_ptr {
	RECEIVED_PTR_UNSAID,  /* this form, or this server, does not say */
	RECEIVED_PTR_NONE,    /* it found no name that it believes */
	RECEIVED_PTR_SEEN,    /* name */
	RECEIVED_PTR_DOUBTED, /* name, which it calls not confirmed */
};
extern const struct enumtab received_ptr_names; /* "unsaid" "none" "seen" "doubted" */

struct received {
	bool has_from;     /* false: the message was made, or handed over, on the server itself */
	const char *ehlo;  /* what the client said in EHLO or HELO, as it is written; "" */
	struct ip address; /* the client's; family 0 when it is not written */
	enum received_ptr ptr;
	const char *name;   /* internal form; "" unless SEEN or DOUBTED */
	const char *by;     /* the server that wrote it, internal form; "" */
	const char *with;   /* its words for the protocol: "ESMTPS"; "" */
	const char *date;   /* what stands after the last semicolon; "" */
	const char *sender; /* of MAIL FROM, where the field has it ("<>" too); NULL */
};

/* value: what stands after the colon, folds included.  Strings live in the arena. */
void received_read(struct arena *a, const char *value, size_t len, struct received *out);

/* Came it from a store, by LMTP or from a mail box of another server: not by SMTP from a sender? */
bool received_is_handed_over(const struct received *r);

#endif
