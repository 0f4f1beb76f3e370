/*
 * Records that are not published yet, read from a zone file (RFC 1035 5) and laid
 * over what DNS says: a planned RRset replaces the published one of the same name and type; for
 * everything else DNS is asked, or, offline, the answer is NODATA or NXDOMAIN where the file
 * speaks for the name, and DNS_NOT_ASKED elsewhere.  It speaks for a registrable domain in which it
 * has any record, among reverse names for the /24 or /64 of any reverse name that it has, and for
 * every zone whose SOA record it has.  What is below a delegation or a wildcard of the file, or at a name
 * of which it has records that are passed over, is not known here: DNS is asked, or DNS_NOT_ASKED.
 */
#ifndef MAILREADY_DNS_PLANNED_H
#define MAILREADY_DNS_PLANNED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "dns/answer.h"

struct arena;
struct planned;

/*
 * Errors (ERR_DATA) name the file, the line, its first words and what was expected.  origin: what names
 * without final dot are completed with before the first $ORIGIN, in the internal form; NULL: such names
 * are an error.  $INCLUDE reads files of the same directory and below it.
 */
enum err_code planned_read_file(const char *path, const char *origin, struct planned **out,
    struct err *err) MUST_CHECK;

/* The same for a text in memory; path is where it is from. */
enum err_code planned_read(const char *path, const char *text, size_t len, const char *origin,
    struct planned **out, struct err *err) MUST_CHECK;
void planned_free(struct planned *p);

/* What was passed over, and what is hardly meant as it is written: a line each, for the user. */
const char *const *planned_remarks(const struct planned *p, size_t *n);

/* Has the file any record of this name? */
bool planned_has(const struct planned *p, const char *name);

/*
 * Fills out and returns true when the overlay answers.  Planned CNAMEs and DNAMEs (RFC 6672) are followed within the
 * file; when the chain leaves the file and offline is false, *ask_next is the name to continue with
 * and the result is false, with the chain so far in out.
 */
bool planned_answer(const struct planned *p, const char *name, uint16_t type, bool offline,
    struct arena *a, struct dns_answer *out, const char **ask_next);

#endif
