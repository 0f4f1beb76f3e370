/* Domains of the addresses in a From field or a Return-Path (RFC 5322 3.4).  Untrusted. */
#ifndef MAILREADY_MAIL_ADDRESS_H
#define MAILREADY_MAIL_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

struct arena;

enum { ADDRESS_DOMAINS_MAX = 16 };

struct address_domains {
	const char *list[ADDRESS_DOMAINS_MAX]; /* internal form, in the arena, each once */
	size_t n;
	size_t n_addresses; /* mail boxes, also those without a usable domain */
	bool broken;        /* an address has no domain, or one that is not a valid name */
};

/* text: the value of the field, folds included; "<>" is one address without a domain, not broken. */
void address_domains(struct arena *a, const char *text, size_t len, struct address_domains *out);

#endif
