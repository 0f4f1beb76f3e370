/*
 * Zone files as people have them, in front of ldns: directives ($ORIGIN, $TTL, $INCLUDE, $GENERATE),
 * relative names, and what an entry takes over from the one before (RFC 1035 5.1, RFC 2308 4).  Each
 * record comes out on its own, complete, for ldns to judge its data.  Nothing is left out in silence:
 * an entry is handed on, or the file is refused.  Pure but for what include does.
 */
#ifndef MAILREADY_DNS_ZONE_READ_PRIV_H
#define MAILREADY_DNS_ZONE_READ_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/name.h"
#include "dns/zone_lex_priv.h"

struct buf;

enum { ZONE_RECORDS_MAX = 100000, ZONE_INCLUDE_DEPTH_MAX = 8 };

/* Valid during the call only. */
struct zone_record {
	const char *path;
	const struct zone_entry *entry; /* where it stands, for messages */
	const char *owner;              /* internal name form */
	const char *type;               /* in upper case, as it is written */
	uint16_t number;  /* of the type; 0: a word of a provider that ldns does not know */
	const char *text; /* "OWNER TTL IN TYPE DATA" without relative names; "" with 0 */
};

struct zone_input {
	const char *path; /* for messages */
	const char *text; /* borrowed */
	size_t len;
	const char *origin; /* internal name form, or NULL: relative names wait for an $ORIGIN */
	void *arg;
	enum err_code (*record)(void *arg, const struct zone_record *record, struct err *err);
	/* something that is legal, and hardly what was meant */
	void (*remark)(void *arg, const char *text);
	/* fills text with the file of that name */
	enum err_code (*include)(void *arg, const char *name, struct buf *text, struct err *err);
};

/* ERR_DATA with file, line, the first words of the entry, and what was expected. */
enum err_code zone_read(const struct zone_input *in, struct err *err) MUST_CHECK;

enum { ZONE_TYPE_MAX = 24 };

/* What stands before the data of a record. */
struct zone_head {
	bool has_ttl, has_class;
	bool passed; /* of a class that only one provider has */
	uint32_t ttl_s;
	uint16_t number; /* of the type; 0: one that ldns does not know */
	size_t data;     /* the first word of it; there is one */
	char type[ZONE_TYPE_MAX];
};

/* TTL and class in either order, the [AGE:nnn] of Windows, and the type. */
enum err_code zone_head_read(const char *path, const struct zone_entry *e, struct zone_head *out,
    struct err *err) MUST_CHECK;

/* "1h30m" or seconds, up to 2^31-1 (RFC 2181 8); false when it is not a time to live. */
bool zone_ttl(const struct zone_word *w, uint32_t *out);

/* A name in the internal form, as far as it is written.  Not ASCII: refused with the A-label. */
enum err_code zone_name_read(const char *path, const struct zone_entry *e,
    const struct zone_word *w, char out[NAME_TEXT_MAX], struct err *err) MUST_CHECK;

/* Does it end in a dot? */
bool zone_name_is_whole(const struct zone_word *w);

/*
 * Was the final dot of a name forgotten?  Completed with the origin, it would have a domain twice, or
 * lead into arpa or out of it.  is_data: it is not an owner.
 */
bool zone_name_lacks_dot(const char *name, const char *origin, bool is_data);

/* With its final dot, and what has a meaning of its own in a zone file escaped. */
void zone_name_put(struct buf *out, const char *name);

/* The range of $GENERATE: "START-STOP" or "START-STOP/STEP". */
struct zone_range {
	uint64_t first, last, step;
};
bool zone_range_read(const struct zone_word *w, struct zone_range *out);

/* Appends a word of $GENERATE for one number: $ and ${OFFSET[,WIDTH[,BASE]]}.  False: broken. */
bool zone_generate(const struct zone_word *w, uint64_t number, struct buf *out);

#endif
