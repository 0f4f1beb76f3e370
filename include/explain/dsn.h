/*
 * Delivery status notifications (RFC 3464), and bounces that are text alone: a message line by line.  Pure;
 * memory is bounded by what one recipient's fields hold.
 */
#ifndef MAILREADY_EXPLAIN_DSN_H
#define MAILREADY_EXPLAIN_DSN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/buf.h"
#include "explain/reply.h"

enum { DSN_FIELD_MAX = 8192, DSN_TEXT_MAX = 8192, DSN_KEPT_MAX = 64 };

struct dsn {
	/* called for each recipient that was refused; false ends the reading */
	bool (*found)(void *arg, const struct reply *r, size_t line);
	void *arg;
	size_t line;       /* lines so far */
	size_t found_line; /* where the group under way began */
	bool stopped;
	bool in_status;   /* within a message/delivery-status part */
	bool ended;       /* the original message has begun: what it holds is not about it */
	bool in_header;   /* of the message itself */
	size_t n_groups;  /* recipients that were found */
	struct buf field; /* the field under way, unfolded */
	struct buf prose; /* of a bounce without a status part: the paragraph under way */
	/* such paragraphs that hold a reply, until it is known that no fields follow */
	struct {
		char *text;
		size_t line;
	} kept[DSN_KEPT_MAX];
	size_t n_kept;
	struct arena arena; /* of the group */
	struct reply group;
	bool has_reply;
	const char *status, *action;
};

void dsn_init(struct dsn *d, bool (*found)(void *arg, const struct reply *r, size_t line),
    void *arg);
void dsn_fini(struct dsn *d);

/* One line without its end. */
void dsn_line(struct dsn *d, const char *line, size_t len);

/* After the last line: gives out what is left. */
void dsn_end(struct dsn *d);

/* Does the text begin as a message does: with "From " or header fields of mail? */
bool dsn_is_message(const char *text, size_t len);

#endif
