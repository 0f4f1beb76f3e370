/*
 * A provider writes names for addresses through one API: find, get, put, poll.  It knows the API
 * and its limits and nothing else; waiting, retries, consent, forward check, DNS proof and the
 * journal live once, in the room fix.  A new provider is one file and one row in the table.
 */
#ifndef MAILREADY_PROVIDER_PROVIDER_H
#define MAILREADY_PROVIDER_PROVIDER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/ip.h"
#include "http/http.h"

enum {
	PROVIDER_NAMES_MAX = 10,
	PROVIDER_TAGS_MAX = 20,
	PROVIDER_DESCRIPTION_MAX = 255,
	PROVIDER_IPS_MAX = 32,
};

/* The world, injected: tests have their own.  arg is passed to each function. */
struct provider_world {
	void *arg;
	const char *(*getenv)(void *arg, const char *name); /* NULL: not set */
	int64_t (*wall_s)(void *arg);
	http_fn *http;
	/* Time for one call that only reads; NULL: its own limit. */
	uint64_t (*left_us)(void *arg);
	/* Resolves one question through the run's resolver, blocking; for providers that must find a
	 * zone themselves (RFC 2136).  NULL when there is none. */
	const struct dns_answer *(
	    *ask)(void *arg, const char *name, uint16_t type, struct arena *a);
};

/* A program of the user's own that sets PTR records: [provider NAME] of the configuration. */
struct provider_own {
	const char *name; /* an account of this name; letters, digits, - and _ */
	const char *path; /* absolute */
};

/* The user's options about the account, for all providers. */
struct provider_options {
	const char *region;  /* "" : from the environment or profile */
	const char *project; /* id; "" */
	const char
	    *cloud; /* domain suffix of a cloud of the same family; "" : the provider's own */
	const char *const *endpoints; /* "URL" or "SERVICE=URL" */
	size_t n_endpoints;
	uint16_t authority_port; /* RFC 2136: the port of the zones' servers; 53 */
	bool allow_special;  /* RFC 2136: a zone may lead to a server in private address space */
	const char *program; /* that of [provider] in the configuration; "" or NULL */
	const struct provider_own *own; /* those of [provider NAME] */
	size_t n_own;
	const char *program_fault; /* why the configuration cannot say them; "" or NULL */
	const char *machine; /* what this machine's firmware calls it, "HUAWEICLOUD"; "" or NULL */
	struct provider_world world;
};

/* The PTR record set of one address. */
struct provider_record {
	struct ip ip;
	const char *names[PROVIDER_NAMES_MAX]; /* internal form */
	size_t n_names;
	uint32_t ttl_s; /* 0: unknown or the provider's choice */
	bool ttl_zero;  /* but not here: it is known to be 0, so that nobody caches the record */
	const char *description;             /* "" */
	const char *tags[PROVIDER_TAGS_MAX]; /* "KEY=VALUE" */
	size_t n_tags;                       /* 0 in a put: the tags that are there stay */
	bool exact_tags; /* of a put: these tags and no others, also when they are none */
	/* What the record belongs to in the account, where the API groups records; "" or NULL: unknown.
	 * In a put it counts when the record is made. */
	const char *enterprise_project;
	bool is_default;  /* the provider's own generated name, set by nobody */
	const char *note; /* what a record of its own would change for others, sentences; or NULL */
};

/* The A or AAAA record set of one name. */
struct provider_set {
	struct ip ips[PROVIDER_IPS_MAX];
	size_t n; /* 0: the set does not exist */
	uint32_t ttl_s;
	bool ttl_zero;    /* as in a record */
	bool is_default;  /* the name has none of its own: a wildcard gives these */
	const char *note; /* as in a record */
};

enum provider_state { PROVIDER_ACTIVE, PROVIDER_PENDING, PROVIDER_FAILED, PROVIDER_ABSENT };

/* Where an address stands in the account: opaque to the caller but for the texts, which go to
 * reports and the journal and hold no secret. */
struct provider_place {
	char id[256];   /* what put and poll need, "region:uuid" and the like */
	char text[320]; /* for people: "EIP 1234-... in cn-north-4, project ..." */
};

struct rest_api; /* provider/rest/rest_priv.h */
struct provider; /* the table row below */
struct provider_session {
	const struct provider *provider;
	const struct provider_options *options; /* borrowed */
	struct arena arena;                     /* of the session; no secrets in it */
	void *state; /* the provider's own: credentials, tokens; wiped by close */
	/*
	 * The results of the last call beyond its error code; every call starts with 0 and false.
	 */
	uint32_t retry_after_s; /* how long the API wants to be left alone; 0: it did not say */
	bool maybe_done;        /* a write failed, but may have been carried out: get before put */
	/* A put failed for now because the API does not see the name's address yet: how long that
	 * usually takes; 0: it failed for another reason. */
	uint32_t unseen_s;
	/* Warnings of calls that worked: a credentials file that others can read, a frozen EIP.
	 * Sentences, one a line, safe to print; "" for none.  Grows; the caller may empty it. */
	char warnings[1024];
};

struct provider {
	const char *name;                             /* "huawei" */
	const char *title;                            /* "Huawei Cloud" */
	size_t max_names;                             /* PTR names for one address */
	uint32_t min_ttl_s, max_ttl_s, default_ttl_s; /* all 0: the API has no TTL */
	bool ip4, ip6;
	const struct rest_api *rest;    /* the row of an API that is a table; NULL */
	const struct provider_own *own; /* a program with a name; NULL */
	bool has_default; /* where nobody sets a PTR record, it publishes a name of its own */
	bool reads_lag;   /* a write may show later: the server that is asked can be a copy */
	/* Can the API store the record's other properties: tags, description?  Pure; ERR_DATA.
	 * NULL: it takes all of them. */
	enum err_code (*check)(const struct provider_record *record, struct err *err);
	/* Are there credentials for it at all?  Looks at environment and files, sends nothing. */
	bool (*configured)(const struct provider_options *o);
	/* Reads credentials, gets a token where the API wants one.  Errors name the variable or file,
	 * never the value: ERR_CONFIG for what is missing or malformed, ERR_NOPERM for what is refused. */
	enum err_code (*open)(struct provider_session *s, struct err *err);
	void (*close)(struct provider_session *s);
	/* The address's place in the account.  ERR_DATA: this account does not have it (says which
	 * account, region and project were asked). */
	enum err_code (*find)(struct provider_session *s, const struct ip *ip,
	    struct provider_place *out, struct err *err);
	/* The present record, and whether a change is in progress. */
	enum err_code (*get)(struct provider_session *s, const struct provider_place *place,
	    const struct ip *ip, struct arena *a, struct provider_record *out,
	    enum provider_state *state, struct err *err);
	/* Sets, or with NULL unsets (restores the provider's default). ERR_TEMP: try again later. */
	enum err_code (*put)(struct provider_session *s, const struct provider_place *place,
	    const struct ip *ip, const struct provider_record *record, struct err *err);
	/* Has the last put come to its end?  PENDING: ask again; FAILED: err says why. */
	enum err_code (*poll)(struct provider_session *s, const struct provider_place *place,
	    const struct ip *ip, enum provider_state *state, struct err *err);
	/* All addresses of the account and their records; NULL when the API cannot list them. */
	enum err_code (*list)(struct provider_session *s, struct arena *a,
	    struct provider_record **out, size_t *n, struct err *err);
	/* Forward records where the zone is in the same account; NULL when it cannot.  name is the
	 * owner; family_of's family says which set: A or AAAA.  get: n 0 and ERR_NONE when there is
	 * none; ERR_DATA when the zone is not in this account, or there are too many addresses. */
	enum err_code (*forward_get)(struct provider_session *s, const char *name,
	    const struct ip *family_of, struct provider_set *out, struct err *err);
	/* Replaces the whole set with this one; n 0 removes it. */
	enum err_code (*forward_put)(struct provider_session *s, const char *name,
	    const struct ip *family_of, const struct provider_set *set, struct err *err);
	/* Has the last forward_put of that set come to its end?  As poll; NULL: it has at once. */
	enum err_code (*forward_poll)(struct provider_session *s, const char *name,
	    const struct ip *family_of, enum provider_state *state, struct err *err);
};

extern const struct provider *const providers_all[];
extern const size_t providers_n;
const struct provider *provider_by_name(const char *name); /* of the table; NULL */

/* The providers of a run: the table, and after it a row for each program with a name. */
struct provider_list {
	const struct provider *const *at;
	size_t n;
	const char *fault; /* why the programs are unknown; "" */
};

void provider_list_make(struct provider_list *out, const struct provider_options *o,
    struct arena *a);

/*
 * The provider of that name; NULL for "manual", which is not one.  ERR_USAGE lists the choices; ERR_CONFIG:
 * it may be a program's, but these are unknown.
 */
enum err_code provider_choose(const struct provider_list *l, const char *name,
    const struct provider **out, struct err *err) MUST_CHECK;

/* Adds a sentence to the session's warnings, once. */
void provider_warn(struct provider_session *s, const char *fmt, ...)
    __attribute__((format(printf, 2, 3)));

#endif
