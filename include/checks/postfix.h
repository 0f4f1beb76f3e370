/* Command lines for the mail server, in backquotes (base/command), as remedies give them. */
#ifndef MAILREADY_CHECKS_POSTFIX_H
#define MAILREADY_CHECKS_POSTFIX_H

/* For printf: the name that the server is to send in EHLO. */
#define POSTFIX_SAY "`postconf -e smtp_helo_name=%s && postfix reload`"

/* Tries all mail that waits at once: once what it was refused for is repaired. */
#define POSTFIX_RETRY "`postqueue -f`"

/*
 * The other cure of an IPv6 address without a PTR record, and its price.  The service smtp alone: the
 * server still receives over IPv6.  smtp_address_preference would not do: after a deferral Postfix goes
 * on to the IPv6 address, and is refused there.
 */
#define SEND_OVER_IPV4 \
	"Or send over IPv4 alone, if the server's IPv4 address is in order: mail to receivers " \
	"that " \
	"have only IPv6 is then not delivered (Exim: ipv4_only in the dnslookup router). In " \
	"Postfix: `postconf -P smtp/unix/inet_protocols=ipv4 && postfix reload`"

#endif
