/*
 * A check is two pure functions: what it wants to know, and what it makes of what is known.  Neither does I/O, reads the clock or keeps state;
 * whatever they need of the world is a fact, whatever they need of the run is in the target and
 * its policy.
 */
#ifndef MAILREADY_GATHER_CHECK_H
#define MAILREADY_GATHER_CHECK_H

#include <stddef.h>

#include "gather/facts.h"
#include "gather/target.h"

struct findings;
struct rule;
struct understanding;

struct check {
	const char *id;           /* "iprev": the word of --only, of the report and of rule ids */
	const char *title;        /* "Forward confirmation" */
	const char *spec;         /* "RFC 8601 section 3" */
	const struct rule *rules; /* every rule this check can find */
	size_t n_rules;
	/* Has it a subject in this target?  NULL: always.  Where it has none, nothing is said of it. */
	bool (*applies)(const struct target *t);
	/* Says which facts it needs.  Monotone and idempotent: called again when a followed fact
	 * has arrived, until nothing new is wanted. */
	void (*wants)(const struct target *t, struct facts *f);
	/* Turns what is known into findings, always at least one.  A pending fact means that the
	 * time was up: the finding says temperror, never pass and never fail. */
	void (*judge)(struct understanding *k, struct findings *out);
};

#endif
