/*
 * Before a server goes live: what its owner wants, how much of it is there, and what is still to be
 * done, in the order to do it.  Pure: everything that was asked of the world is in the input.
 *
 * What is wanted of the DNS is compared with what its authorities say.  Everything else is what the
 * checks find: about the names, once the records stand as they are wanted; about lists and the
 * server, now.
 */
#ifndef MAILREADY_REPORT_PREFLIGHT_H
#define MAILREADY_REPORT_PREFLIGHT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/enumtab.h"
#include "checks/finding.h"
#include "provider/provider.h"
#include "report/render.h"
#include "views/understanding.h"

struct dkim_identity;

#define PREFLIGHT_SCHEMA "mailready.preflight/1"

enum preflight_state {
	PREFLIGHT_MET,
	PREFLIGHT_LATER,   /* can only be looked at when the server is on, or the run is on line */
	PREFLIGHT_BETTER,  /* works, but some receivers mind */
	PREFLIGHT_UNKNOWN, /* unknown now */
	PREFLIGHT_MISSING, /* receivers refuse for it, or it is not what is wanted */
};
extern const struct enumtab preflight_state_names; /* "met" "later" "better" "unknown" "missing" */

/* One wanted thing of one address.  Texts are safe to print, none is NULL. */
struct preflight_item {
	enum stage stage;
	enum preflight_state state;
	bool required; /* unknown: leaves the whole undecided */
	bool planned;  /* met by records that are not published yet */
	enum severity severity;
	const char *rule; /* id of the finding that it is, or that it would be */
	const char *what; /* the wanted thing: "mail.example.com A 203.0.113.25" */
	const char *seen; /* what there is instead, or that makes it met */
	const char *todo; /* sentences, the same for all addresses that they can be done for; "" */
	const char *line; /* the address's own record or command line; "" */
	const char *why;  /* "" when there is nothing to do */
};

struct preflight_address {
	struct ip ip;
	char text[IP_TEXT_MAX];
	uint64_t time_us; /* the look at it took so long */
	struct preflight_item *items;
	size_t n, cap;
};

/* A server as its owner wants it.  Names are in the internal form. */
struct preflight_server {
	const char *name; /* of its section; "" in a file of one server without sections */
	int line;         /* where it begins */
	const char *ehlo, *banner;
	const char *const *names; /* of the PTR record; sorted */
	size_t n_names;
	const char *const *domains; /* of senders */
	size_t n_domains;
	/* the identities of its mail, as check takes them (gather/target.h); NULL: not said */
	const char *mail_from, *from;
	const struct dkim_identity *dkim;
	size_t n_dkim;
	const char
	    *provider; /* that can write the PTR records; "manual": none of ours; "": not said */
	struct preflight_address *addresses;
	size_t n_addresses;
};

struct preflight {
	const char *file; /* the intent */
	int64_t now_s;
	bool strict_warn, strict_unknown; /* --fail-on: better, unknown */
	struct preflight_server *servers;
	size_t n_servers;
	const struct provider_list *known; /* that its file may name; NULL: the table alone */
};

/* All names that must lead to its addresses: the EHLO name and the PTR names, each once; out has room
 * for one more than the PTR names. */
size_t preflight_wanted(const struct preflight_server *s, const char **out);

/* What is known of one address. */
struct preflight_input {
	const struct preflight_server *server;
	/* of a target whose wanted names are those of preflight_wanted(), and whose policy asks the
	 * authority always; gathered with fix_wants (fix/now.h), and what the checks want */
	struct understanding *known;
	const struct findings *findings;   /* of the checks, now */
	const struct check *const *checks; /* that found them */
	size_t n_checks;
	const struct provider *const *providers; /* those that have credentials here */
	size_t n_providers;
	const char *options; /* for mailready fix: " --allow-special"; "" */
};

/* Adds the items of one address; they live in a. */
void preflight_look(const struct preflight_input *in, struct arena *a,
    struct preflight_address *out);

/* Texts, each once. */
struct preflight_texts {
	const char **list;
	size_t n, cap;
};

/* What is to be done, once, for whatever addresses it is about. */
struct preflight_step {
	const struct preflight_item *item; /* the first of them */
	const char *todo;                  /* never "" */
	struct preflight_texts addresses;
	struct preflight_texts lines; /* records or command lines, one each or none at all */
	struct preflight_texts seen;  /* what there is instead */
};

struct preflight_sum {
	enum verdict verdict; /* pass: ready; fail: not ready; temperror: unknown */
	const char *headline; /* "2 things are missing, 1 unknown"; never "" */
	bool planned;         /* what is met is so once the planned records are published */
	size_t n[PREFLIGHT_MISSING + 1]; /* items by state */
	struct preflight_step *steps;    /* missing and better by stage, then what was unknown */
	size_t n_steps;
	struct preflight_step *later;
	size_t n_later;
};
void preflight_add_up(const struct preflight *p, struct arena *a, struct preflight_sum *out);

/* For people, as JSON (data/preflight.schema.json), and for CI servers. */
void preflight_text(const struct preflight *p, const struct render_options *o, struct buf *out);
void preflight_json(const struct preflight *p, const struct render_options *o, struct buf *out);
void preflight_junit(const struct preflight *p, const struct render_options *o, struct buf *out);

#endif
