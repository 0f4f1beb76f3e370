/* The target of a check, and the rules of the run. */
#ifndef MAILREADY_GATHER_TARGET_H
#define MAILREADY_GATHER_TARGET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

struct catalogue;
struct dkim_identity;
struct message;
struct generic_table;
struct hoster_table;
struct keyring;
struct receiver_table;

enum authority_mode {
	AUTHORITY_AUTO, /* ask the authority when the resolver's view leaves something to explain */
	AUTHORITY_ALWAYS,
	AUTHORITY_NEVER,
};

/* Settings of a run; the same for all its targets.  Checks may depend on nothing else. */
struct policy {
	const struct catalogue *lists;       /* never NULL, may be empty */
	const struct generic_table *generic; /* provider naming patterns; never NULL */
	const struct hoster_table *hosters;  /* who sets PTR records; NULL: nobody is recognised */
	const struct keyring
	    *keys;         /* of lists that need one; NULL: none.  The engine alone uses it */
	bool lists_direct; /* ask the lists' own servers instead of the resolver */
	const char *probe; /* a label that no domain list has; NULL or "": none is tried */
	/* Zones whose test entries were right lately, so that they are not asked for; sorted. */
	const char *const *tested;
	size_t n_tested;
	bool smtp;           /* talk to the SMTP port */
	uint16_t smtp_port;  /* 25 */
	const char *ehlo_as; /* what we say in EHLO; NULL: this host's name */
	bool allow_special;  /* ask lists about special-use addresses too */
	enum authority_mode authority;
	uint16_t authority_port; /* 53 */
	bool offline;
	bool many;    /* of many targets each is asked only what its judgement needs */
	bool named;   /* the checks were named: each says something, also that it has no subject */
	bool explain; /* what is fetched for readers of everything alone: SPF's exp= */
	const struct receiver_table *receivers; /* what they demand; NULL: it is not shown */
	bool show_receivers; /* it was asked for: also where nothing is known of the sender */
	bool bulk;           /* the sender is above the thresholds for bulk senders */
	bool no_remedies;    /* the output has no place for them: the long ones are not written */
	int64_t now_s;       /* wall clock at the start of the run, seconds since the epoch */
};

/* What the user says about a target besides its address.  Strings are never NULL, but where it says so. */
struct target_names {
	/* The host name that was given instead of an address, or that an MX record named; "". */
	const char *host;
	const char *mx_of;  /* the domain that was given, whose MX record that is; or NULL */
	const char *ehlo;   /* EHLO name as the user gave it; "" when not given */
	const char *domain; /* sender domain; "" when not given */
	/* The identities of its mail as the user gave them; views/sender.h reads them. */
	const char *mail_from; /* of MAIL FROM: an address, or a domain; NULL when not given */
	const char *from;      /* the domain of the From header, when it is not domain; or NULL */
	const struct dkim_identity *dkim; /* keys to judge */
	size_t n_dkim;
	bool guess_selectors;          /* try the usual selectors of the From domain, too */
	const struct message *message; /* that it sent; NULL */
	const char *const *domains;    /* further sender domains */
	const char *const
	    *wanted; /* PTR names that the owner wants, internal form; fix and preflight */
	size_t n_domains, n_wanted;
};

struct target {
	struct ip ip;              /* family 0: it could not be checked, for it has no address */
	char address[IP_TEXT_MAX]; /* ip as text; then "" */
	struct target_names names;
	const struct policy *policy;
};

/* What reports call it: its address, or the name as it was given where that has none. */
static inline const char *
target_title(const struct target *t)
{
	return t->address[0] != '\0' ? t->address : t->names.host;
}

#endif
