/*
 * What big receivers demand of a sender, receiver by receiver: data, not code.  A file each in
 * data/receivers; that of Gmail describes the format.  Knows nothing of targets; views/receivers.h
 * says whether a demand is met.
 */
#ifndef MAILREADY_VIEWS_RECEIVER_TABLE_H
#define MAILREADY_VIEWS_RECEIVER_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/enumtab.h"
#include "base/err.h"

struct receiver_table;

/* What a demand is about: the columns of the table, in its order. */
enum receiver_demand {
	DEMAND_PTR,
	DEMAND_FORWARD,
	DEMAND_EHLO,
	DEMAND_SENDER,
	DEMAND_SPF,
	DEMAND_DKIM,
	DEMAND_DMARC,
	DEMAND_ALIGNMENT,
	DEMAND_LIST,
	DEMAND_TLS,
	RECEIVER_DEMANDS,
};
extern const struct enumtab receiver_demand_names; /* "ptr" "forward" ... "tls" */

/* What must be so, and by which known value it is seen. */
enum receiver_test {
	TEST_PTR,           /* there is a PTR record */
	TEST_PTR_OWN,       /* and its name is not a generic one */
	TEST_FORWARD,       /* a PTR name leads back to the address */
	TEST_EHLO_VALID,    /* the EHLO name is a host name, or an address in brackets */
	TEST_EHLO_RESOLVES, /* it is a host name that has addresses */
	TEST_SENDER_EXISTS, /* the domains of MAIL FROM and From exist; their SOA record is asked for */
	TEST_SENDER_MAIL,        /* and mail to them has somewhere to go: no null MX */
	TEST_SPF,                /* SPF passes for MAIL FROM */
	TEST_SPF_NOT_FAIL,       /* it does not fail */
	TEST_SPF_OR_DKIM,        /* one of both passes */
	TEST_DKIM,               /* a signature is good */
	TEST_DMARC_RECORD,       /* there is a DMARC record for From */
	TEST_DMARC,              /* DMARC passes */
	TEST_DMARC_NOT_REFUSED,  /* it passes, or the domain's policy is not to reject */
	TEST_DMARC_NOT_ENFORCED, /* it passes, or the policy is p=none */
	TEST_ALIGNED,            /* SPF or DKIM passes for a domain aligned with From */
	TEST_ALIGNED_DKIM,       /* DKIM does */
	TEST_NOT_LISTED,         /* the DNS list of the rule does not hold the address */
	TEST_UNSEEN,             /* it cannot be seen from outside */
};

enum { RECEIVER_RULES_MAX = 64, RECEIVERS_MAX = 200 };

/* Strings are "" where the key is missing. */
struct receiver_rule {
	const char *id; /* the section's name */
	enum receiver_demand demand;
	enum receiver_test test;
	const char *list;                 /* zone of TEST_NOT_LISTED */
	enum { RULE_ALL, RULE_BULK } who; /* of whom: of senders above the threshold alone */
	enum { RULE_ANY, RULE_IPV4, RULE_IPV6 } family; /* of the sending address */
	const char *text;                               /* what is demanded: "SPF or DKIM passes" */
	const char *code;   /* what the reply then is: "550 5.7.26"; "": none is documented */
	const char *since;  /* "2024-02-01"; "": it is not documented */
	const char *source; /* page or code */
	bool secondary;     /* it is not the receiver's own: it reports what that says or does */
	const char *dated;  /* the source: its own date, or when it was seen; "2026-06" */
	const char
	    *checked; /* when somebody last compared the rule with the source: "2026-11-30" */
	int64_t checked_s;
	int line; /* of its heading */
};

struct receiver {
	const char *id;   /* the file's name without ".ini": "gmail" */
	const char *name; /* "Gmail" */
	const char
	    *bulk; /* who is a bulk sender: "close to 5,000 messages a day"; "": no difference */
	const char *note; /* what the rules are not about; "" */
	const struct receiver_rule *rules;
	size_t n_rules;
};

/*
 * Errors are ERR_CONFIG and name file and line: an unknown key, a section that lacks a key or is
 * there twice, a date that is not one.  *out is the caller's to free; NULL after an error.  A
 * directory is read file by file, those that end in ".ini", by name.
 */
enum err_code receiver_table_read_dir(const char *path, struct receiver_table **out,
    struct err *err) MUST_CHECK;

/* The same of one receiver's text; name is that of its file. */
enum err_code receiver_table_read_text(const char *name, const char *text, size_t len,
    struct receiver_table **out, struct err *err) MUST_CHECK;
void receiver_table_free(struct receiver_table *t); /* NULL is accepted */

const struct receiver *receiver_table_rows(const struct receiver_table *t, size_t *n);

/* Was it last compared with its source more than a year ago? */
bool receiver_rule_is_old(const struct receiver_rule *rule, int64_t now_s);

#endif
