/*
 * What is known of a server, as plain values: the parts of an understanding
 * (views/understanding.h), in whose arena strings and arrays live.  Names and texts are as the
 * world sent them.
 */
#ifndef MAILREADY_VIEWS_VIEWS_H
#define MAILREADY_VIEWS_VIEWS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/enumtab.h"
#include "gather/facts.h"
#include "gather/target.h"
#include "lists/code.h"
#include "views/hoster_table.h"

enum ptr_status { PTR_TEMPERROR, PTR_FOUND, PTR_NXDOMAIN, PTR_NODATA };
extern const struct enumtab ptr_status_names; /* "temperror" "found" "nxdomain" "nodata" */

struct ptr_view {
	enum ptr_status status;
	const char *reverse_name;
	const char **names; /* sorted, lower case, each once; "" is the root */
	size_t n_names;
	const char **chain; /* RFC 2317 CNAME targets in order */
	size_t n_chain;
	const struct dns_answer *answer;
	const struct fact *fact; /* NULL when not wanted */
};

/* The most PTR names whose addresses are looked up for one target; beyond it iprev says so. */
enum { IPREV_NAMES_MAX = 256 };

enum iprev_result { IPREV_TEMPERROR, IPREV_PASS, IPREV_FAIL, IPREV_PERMERROR };
extern const struct enumtab iprev_result_names;

struct iprev_view {
	enum iprev_result result;
	const char **confirmed; /* PTR names that resolve to the address, sorted */
	size_t n_confirmed;
	const char **others; /* PTR names that lead elsewhere or nowhere */
	size_t n_others;
	const char **unknown; /* PTR names whose addresses are unknown */
	size_t n_unknown;
};

/* The state after the resolver's answer has left the caches. */
struct ptr_next {
	bool differs;             /* the authority speaks with one voice, and says something else */
	const char *const *names; /* its PTR names */
	size_t n_names;
	struct iprev_view iprev; /* of these names */
	const char *wait;        /* for how long the resolver's answer may be cached */
};

enum generic_class {
	GENERIC_OWN,
	GENERIC_WEAK,
	GENERIC_ADDRESS,
	GENERIC_DYNAMIC,
	GENERIC_PROVIDER
};
extern const struct enumtab generic_class_names; /* "own" "weak" "address" "dynamic" "provider" */

struct generic_view {
	bool judged;                /* there was a name to judge */
	bool is_generic;            /* any name is ADDRESS, DYNAMIC or PROVIDER */
	enum generic_class class;   /* of the worst name */
	const char *name;           /* that name */
	const char *provider;       /* "" unless PROVIDER */
	const char *match;          /* the part that decided; "" */
	const char *rule;           /* what decided, as a phrase: "contains the address"; "" */
	const char *note;           /* where the provider's customers change the PTR record; "" */
	size_t n_judged, n_generic; /* names */
};

enum hoster_sign { HOSTER_UNKNOWN, HOSTER_BY_NAME, HOSTER_BY_SERVER, HOSTER_BY_MAILBOX };
extern const struct enumtab hoster_sign_names; /* "ptr-name" "name-server" "soa" */

/* Whose customer has the address: who sets its PTR record. */
struct hoster_view {
	const struct hoster_row
	    *row; /* of the table (views/hoster_table.h); NULL: not recognised */
	enum hoster_sign sign;
	const char *seen; /* the PTR name, the name server or the mail box that told; "" */
};

enum ehlo_source { EHLO_NONE, EHLO_GIVEN, EHLO_BANNER, EHLO_REPLY };
extern const struct enumtab ehlo_source_names; /* "none" "given" "banner" "reply" */

struct ehlo_view {
	enum ehlo_source
	    source;       /* which name the result is about: given before reply before banner */
	const char *name; /* as seen or given; "" when none */
	enum iprev_result
	    result; /* pass: valid and resolves to the address; fail; temperror; permerror: not a usable name */
	bool literal;  /* an address literal [192.0.2.1] */
	bool resolves; /* its A or AAAA holds the address */
	enum { EHLO_PTR_UNKNOWN, EHLO_PTR_SAME, EHLO_PTR_ORG, EHLO_PTR_OTHER } ptr_match;
};

/* Whose word the sender in MAIL FROM is. */
enum sender_source {
	SENDER_NONE,  /* nobody said anything of the sender */
	SENDER_GIVEN, /* as it was given */
	SENDER_EMPTY, /* the empty one of bounces was given: the EHLO name stands for it (RFC 7208 2.4) */
	SENDER_FROM, /* taken to be postmaster of the domain in the From header */
};

/* The identities of the server's mail: what it says in MAIL FROM and in the From header. */
struct sender_view {
	enum sender_source source; /* of MAIL FROM */
	const char *mail_from;     /* "user@example.com" as SPF takes it; "" for NONE and EMPTY */
	const char
	    *mail_from_domain; /* internal form; "" without one, or when it is not a valid domain */
	const char *from_domain; /* of the From header, internal form; "" when it is not known */
};

/* What the server's names have to do with a listing that the list gives for them. */
enum list_explained {
	LIST_UNEXPLAINED,
	LIST_BY_NO_PTR,      /* there is no PTR record */
	LIST_BY_GENERIC_PTR, /* the PTR name is generic */
	LIST_CAUSE_GONE,     /* neither: the names give no reason for it now */
};

struct list_view {
	const struct list *list;
	const char *subject; /* what was asked about: the address, or a domain */
	bool is_domain;
	bool tested;                 /* its silence was proved by its test entry in this run */
	struct list_verdict verdict; /* its state: listed, clean, unknown or not applicable */
	enum dns_status entry; /* of the test entry that must be listed; pending without one */
	const char *text;      /* TXT of the listing, untrusted; "" */
	uint32_t ttl_s;        /* of the listing; 0 */
	const char *removal;   /* of a listing: the page, filled in; "" */
	enum list_explained explained; /* of a listing */
	const char *explained_by;      /* the rule or check whose finding explains it; "" */
};
/*
 * Block lists, each counted once, whatever it was asked about: a list is listed when it lists any
 * of its subjects, else unknown when it is unknown for any, else clean.  A list that is clean for
 * one subject and not applicable to another is clean.  Lists that allow or inform are not counted.
 */
struct list_counts {
	size_t asked; /* lists that take the address or a name: listed + clean + unknown */
	size_t listed;
	size_t clean;
	size_t unknown;        /* also for want of a key, over budget, and in an offline run */
	size_t not_applicable; /* all others of the catalogue: asked + not_applicable are all */
};

/*
 * What the lists of the policy's catalogue say, in its order: a row for the address, and, for
 * lists of domains, one for each name.  A list of domains has no row when there is no name.  The
 * rows of a list stand together.
 */
struct lists_view {
	struct list_view *rows;
	size_t n;
	struct list_counts counts;
};

/* Is it the first row of its list? */
bool list_view_leads(const struct list_view *views, size_t i);

/* The row that says most among the rows of a list, given its first; it represents the list. */
const struct list_view *list_view_main(const struct list_view *views, size_t n, size_t first);

struct smtp_view {
	struct endpoint server; /* the target's SMTP port */
	const char *left_out;   /* why it is not talked to, a phrase; NULL when it is */
	const char *name; /* a host name: by which the target was given, else that it gives itself;
			     "" */
	const struct smtp_dialogue *dialogue; /* never NULL */
	const struct fact *fact;              /* its fact; NULL when it was not wanted */
	const struct smtp_cert *cert;         /* of a dialogue with TLS; else NULL */
};

#endif
