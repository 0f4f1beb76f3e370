/* What a client says after EHLO: its syntax (RFC 5321 4.1.1.1, 4.1.2, 4.1.3), and where it is seen. */
#ifndef MAILREADY_VIEWS_EHLO_H
#define MAILREADY_VIEWS_EHLO_H

#include <stdbool.h>

#include "base/ip.h"
#include "base/name.h"
#include "views/views.h"

enum ehlo_form {
	EHLO_FQDN,          /* a full host name */
	EHLO_LITERAL,       /* [192.0.2.1] or [IPv6:2001:db8::1] */
	EHLO_BAD_LITERAL,   /* in brackets, but not one of these */
	EHLO_BARE_ADDRESS,  /* 192.0.2.1 without brackets */
	EHLO_NOT_QUALIFIED, /* one label, or a name of the local host */
	EHLO_PRIVATE,       /* ends in a domain that the internet does not have */
	EHLO_BAD_SYNTAX,    /* anything else */
};

struct ehlo_syntax {
	enum ehlo_form form;
	char host[NAME_TEXT_MAX]; /* internal form, for FQDN; "" otherwise */
	struct ip literal;        /* for LITERAL and BARE_ADDRESS; else family 0 */
	bool final_dot;           /* was written with one, which RFC 5321 does not have */
	bool unicode;             /* was written with other bytes than ASCII (RFC 5890 U-label) */
	enum name_fault kind;     /* of a name that is not a host name; NAME_GOOD otherwise */
	const char *fault;        /* a phrase: "contains an underscore"; "" for FQDN and LITERAL */
};

void ehlo_parse(const char *text, struct ehlo_syntax *out);

/*
 * The name with which the server answers EHLO, and the one with which it greets; "" when the line
 * begins with something else.  A word without a dot is a name when both lines begin with it, or
 * when it is localhost; otherwise it is a word such as "ESMTP".
 */
const char *ehlo_name_in_reply(const struct smtp_dialogue *d);
const char *ehlo_name_in_greeting(const struct smtp_dialogue *d);

/* The name that the server says, as far as it is known, and where it was seen; "" and EHLO_NONE. */
enum ehlo_source ehlo_find_name(const struct target *t, const struct facts *f, const char **name);

/* Is the name known to exist without an address, so that its MX record decides? */
bool ehlo_mx_matters(const struct target *t, const struct facts *f, const char *host);

#endif
