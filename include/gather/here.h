/* This machine as a mail server: the addresses that its mail leaves from, and what it calls itself. */
#ifndef MAILREADY_GATHER_HERE_H
#define MAILREADY_GATHER_HERE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/ip.h"

struct arena;

enum { HERE_FAMILIES = 2 };

struct here_address {
	struct ip ip;
	bool
	    bound; /* the mail server's configuration names it; else it is the one that routes choose */
};

struct here {
	const char *mailer;  /* "Postfix"; "": no mail server is known here */
	const char *ehlo;    /* the name that it sends in EHLO; "": not known */
	const char *asked;   /* what said so: "postconf", "/etc/smtpd.conf"; "" */
	const char *trouble; /* why a mail server that is here could not be asked; "" */
	struct here_address addresses[HERE_FAMILIES]; /* at most one a family, IPv4 first */
	size_t n;
};

/*
 * Looks at the mail servers Postfix, Exim and OpenSMTPD, the first that is installed below root ("" but in
 * tests), for whose program it waits a few seconds.  Nothing is sent.  The addresses may be private.
 */
void here_look(const char *root, struct arena *a, struct here *out);

#endif
