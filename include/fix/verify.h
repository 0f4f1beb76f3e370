/*
 * Asks every authoritative server of the zones, at every address that this machine can reach, until
 * all of them show what was written, or the time is up, and judges again with the checks, from the
 * authority's answers.  What could not be asked is named.
 */
#ifndef MAILREADY_FIX_VERIFY_H
#define MAILREADY_FIX_VERIFY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "checks/finding.h"
#include "gather/check.h"
#include "provider/provider.h"

enum { PROOF_SERVERS_MAX = 256 };

/* The world, injected: the clocks, waiting, and a gathering that returns when it is done. */
struct world {
	void *arg;
	uint64_t (*now_us)(void *arg); /* monotonic */
	int64_t (*wall_s)(void *arg);
	void (*wait_us)(void *arg, uint64_t us);
	uint32_t (*random)(void *arg);
	void (*gather)(void *arg, const struct target *t, const struct check *const *checks,
	    size_t n_checks, struct facts *f);
	/* The present state, a phrase for people: "ns2.example.com still has no PTR record". */
	void (*progress)(void *arg, const char *text);
};

/* Waiting that grows: 0.25 s, half as much again each time, at most 5 s; never past the deadline.
 * False when the deadline is here. */
enum { PACE_FIRST_US = 250000, PACE_MAX_US = 5000000 };
bool pace_wait(const struct world *w, uint64_t *pace_us, uint64_t at_least_us,
    uint64_t deadline_us);

/* The records that the DNS must show. */
struct proof_want {
	bool ptr;                 /* the PTR record is looked at */
	const char *const *names; /* exactly these PTR names, sorted; none: no PTR record */
	size_t n_names;
	bool other;   /* anything but these names: the provider's default comes back */
	bool forward; /* and every name of the target leads back to the address */
	const char *gone[PROVIDER_NAMES_MAX]; /* these no longer do; names of the target */
	size_t n_gone;
};

/* One server at one address. */
struct proof_server {
	const char *server; /* "ns1.example.com", "ns1.example.com (192.0.2.1)" */
	const char *record; /* what it was asked: "PTR 25.113.0.203.in-addr.arpa" */
	const char *says;   /* "PTR mail.example.com", "no answer in 3.0 s" */
	bool good;
	bool lame;    /* does not serve the zone at all: named, not waited for */
	bool unasked; /* cannot be asked, or not from here, as says explains: neither */
};

struct proof {
	bool proven;
	struct proof_server servers[PROOF_SERVERS_MAX]; /* as asked last */
	size_t n_servers;
	const char *missing; /* why it is not proven; "" */
	const struct findings
	    *findings; /* of the checks, judged from the authority; NULL: never gathered */
	enum verdict verdict;
	uint64_t time_us; /* how long it took */
};

struct verify {
	const struct world *world;
	const struct target *target;       /* its policy asks the authority always */
	const struct check *const *checks; /* that judge again */
	size_t n_checks;
	struct proof_want want;
	uint64_t deadline_us;
};

/* Everything in out lives in a. */
void verify_run(const struct verify *v, struct arena *a, struct proof *out);

#endif
