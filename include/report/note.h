/*
 * The message about a scheduled run, whatever channel carries it: the changes that count, per server,
 * and the line that says it all; as text, HTML and JSON.  Pure; strings are in the arena or the
 * digests'.
 */
#ifndef MAILREADY_REPORT_NOTE_H
#define MAILREADY_REPORT_NOTE_H

#include <stddef.h>
#include <stdint.h>

#include "history/store.h"
#include "report/watch.h"

struct arena;

#define NOTIFY_SCHEMA "mailready.notify/1"

enum { NOTE_ID_LEN = 32 };

enum note_kind { NOTE_CHANGE, NOTE_HEARTBEAT, NOTE_TEST };
extern const struct enumtab note_kind_names; /* "change" "heartbeat" "test" */

/* Unchanged findings, by verdict. */
struct note_rest {
	size_t bad, unknown, warn, good;
};

struct note_server {
	const struct digest *now;
	const char *name; /* "outbound 1 (203.0.113.25)" */
	enum verdict verdict, before;
	bool first;                    /* there was no verdict before */
	const struct change **changes; /* those that are shown */
	size_t n_changes;
	const struct digest_finding **standing; /* confirmed, told or not */
	size_t n_standing;
	const struct digest_finding **over; /* as struct changes has them: for alarms alone */
	size_t n_over;
	struct note_rest rest;
	bool shown;  /* in full; too many would make no message that is read */
	size_t room; /* bytes that its changes may take of a part of the message */
};

enum { NOTE_SHOWN_MAX = 50, NOTE_OTHERS_MAX = 200 };

struct note {
	enum note_kind kind;
	char id[NOTE_ID_LEN + 1]; /* the same on every channel and at every try */
	int64_t time_s;
	const char *subject;
	struct note_server *servers;
	size_t n, n_changed, n_changes;
	const struct history_outage *outages; /* of which is told; each counts as a change */
	size_t n_outages;
};

/* unknown: changes to and from "unknown" count, too.  The caller sets the id. */
void note_make(const struct watched_server *servers, size_t n, bool unknown, int64_t now_s,
    struct arena *a, struct note *out);

/* Puts outages above the servers; they lead the subject. */
void note_add_outages(struct note *note, const struct history_outage *outages, size_t n,
    struct arena *a);

/* The same as a heartbeat, or with no servers as a test: another kind and subject. */
void note_become(struct note *note, enum note_kind kind, struct arena *a);

/* The forms. */
void note_text(const struct note *note, struct arena *a, struct buf *out);
void note_html(const struct note *note, struct arena *a, struct buf *out);
const char *note_json(const struct note *note, struct arena *a);

#endif
