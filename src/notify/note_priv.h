/*
 * The message about a run, before it takes the form of a channel: the changes that count, per
 * server, and the line that says it all.  Pure; strings are in the arena or the digests'.
 */
#ifndef MAILREADY_NOTIFY_NOTE_PRIV_H
#define MAILREADY_NOTIFY_NOTE_PRIV_H

#include "notify/notify.h"

struct arena;
struct buf;

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
	struct note_rest rest;
	bool shown; /* in full; too many would make no message that is read */
};

enum { NOTE_SHOWN_MAX = 50, NOTE_OTHERS_MAX = 200 };

struct note {
	enum note_kind kind;
	char id[NOTE_ID_LEN + 1]; /* the same on every channel and at every try */
	int64_t time_s;
	const char *subject;
	struct note_server *servers;
	size_t n, n_changed, n_changes;
};

/* unknown: changes to and from "unknown" count, too.  The caller sets the id. */
void note_make(const struct notify_server *servers, size_t n, bool unknown, int64_t now_s,
    struct arena *a, struct note *out);

/* The same as a heartbeat, or with no servers as a test: another kind and subject. */
void note_become(struct note *note, enum note_kind kind, struct arena *a);

/*
 * What to do about the change of that index, for people; "" for one without a finding, and when an
 * earlier change of the server has said it: some findings have the same remedy.
 */
const char *note_remedy(const struct note_server *s, size_t index);

/* "FAIL": for people. */
const char *note_verdict(enum verdict v, char out[16]);

/* "2 bad, 1 warning, 9 good"; "nothing" when there is none. */
const char *note_rest_text(const struct note_rest *rest, struct arena *a);

/* Its present state; nothing for a finding that is gone, or a change without one. */
bool note_has_verdict(const struct change *c);

/* The sentence of the finding, when the change's own does not hold it already; else "". */
const char *note_detail(const struct change *c);

/* "dnsbl.listed, zen.example, critical, was warn"; "" of a change without finding. */
const char *note_about(const struct change *c, struct arena *a);

/* The heading of the servers that are not shown in full. */
const char *note_others_title(const struct note *note);

/* The forms. */
void note_text(const struct note *note, struct arena *a, struct buf *out);
void note_html(const struct note *note, struct arena *a, struct buf *out);
const char *note_json(const struct note *note, struct arena *a);

/* A whole message (RFC 5322): both parts, 7-bit, with Message-ID <id@domain of from>. */
const char *note_message(const struct note *note, const char *from, const char *const *to,
    size_t n_to, struct arena *a);

#endif
