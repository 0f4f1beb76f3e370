/*
 * A run's target and facts as JSON ("mailready.facts/1"), and back: support cases, golden tests
 * and judging again with newer rules, offline.
 */
#ifndef MAILREADY_GATHER_DUMP_H
#define MAILREADY_GATHER_DUMP_H

#include <jansson.h>

#include "base/err.h"
#include "gather/check.h"
#include "gather/facts.h"
#include "gather/target.h"

#define DUMP_SCHEMA "mailready.facts/1"

extern const struct enumtab authority_mode_names; /* "auto" "always" "never" */

/*
 * A new reference.  Facts are sorted by key, so that arrival order does not show.  The checks that
 * ran and the lists that they knew are noted, so that judging again is about the same things.
 */
json_t *dump_run(const struct target *t, const struct check *const *checks, size_t n_checks,
    const struct facts *f);

/*
 * Fills target and facts from one dumped run.  policy is the caller's: its smtp_port,
 * allow_special, authority, offline and now_s are set from the dump.  Strings are copied into the
 * facts' arena.  Untrusted input: errors name the member.
 */
enum err_code dump_load(const json_t *run, struct policy *policy, struct target *t, struct facts *f,
    struct err *err) MUST_CHECK;

/* Did the dumped run include the check of that id?  Yes when the dump does not say. */
bool dump_has_check(const json_t *run, const char *id);

/* The zones of the lists that the dumped run knew, as plain text with one a line, in the arena;
 * NULL when the dump does not say. */
const char *dump_zones(const json_t *run, struct arena *a);

#endif
