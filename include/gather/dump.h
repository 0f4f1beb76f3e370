/*
 * A run's target and facts as JSON ("mailready.facts/1"), and back: support cases, golden tests
 * and judging again with newer rules, offline.
 */
#ifndef MAILREADY_GATHER_DUMP_H
#define MAILREADY_GATHER_DUMP_H

#include <jansson.h>

#include "base/err.h"
#include "gather/facts.h"
#include "gather/target.h"

#define DUMP_SCHEMA "mailready.facts/1"

extern const struct enumtab authority_mode_names; /* "auto" "always" "never" */

/* A new reference.  Facts are sorted by key, so that arrival order does not show. */
json_t *dump_run(const struct target *t, const struct facts *f);

/*
 * Fills target and facts from one dumped run.  policy is the caller's: its smtp_port,
 * allow_special, authority, offline, lists_direct, probe, tested and now_s are set from the dump.  Strings are copied into the
 * facts' arena.  Untrusted input: errors name the member.
 */
enum err_code dump_load(const json_t *run, struct policy *policy, struct target *t, struct facts *f,
    struct err *err) MUST_CHECK;

#endif
