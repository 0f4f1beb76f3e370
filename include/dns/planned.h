/*
 * Records that are not published yet, read from a zone file (RFC 1035 5, parsed by ldns) and laid
 * over what DNS says: a planned RRset replaces the published one of the same name and type; for
 * everything else DNS is asked, or, offline, the answer is NODATA or NXDOMAIN where the file
 * speaks for the name, and DNS_NOT_ASKED elsewhere.  It speaks for a registrable domain in which it
 * has any record, among reverse names for the /24 or /64 of any reverse name that it has, and for
 * every zone whose SOA record it has.
 */
#ifndef MAILREADY_DNS_PLANNED_H
#define MAILREADY_DNS_PLANNED_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "base/err.h"
#include "dns/answer.h"

struct arena;
struct planned;

/* Errors name the file and the line.  Relative names need an $ORIGIN in the file. */
enum err_code planned_read_file(const char *path, struct planned **out, struct err *err) MUST_CHECK;
enum err_code planned_read(const char *path, FILE *f, struct planned **out,
    struct err *err) MUST_CHECK;
void planned_free(struct planned *p);

/* Has the file any record of this name? */
bool planned_has(const struct planned *p, const char *name);

/*
 * Fills out and returns true when the overlay answers.  Planned CNAMEs are followed within the
 * file; when the chain leaves the file and offline is false, *ask_next is the name to continue with
 * and the result is false, with the chain so far in out.
 */
bool planned_answer(const struct planned *p, const char *name, uint16_t type, bool offline,
    struct arena *a, struct dns_answer *out, const char **ask_next);

#endif
