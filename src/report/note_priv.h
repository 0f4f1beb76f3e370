/* What the forms of a note share. */
#ifndef MAILREADY_REPORT_NOTE_PRIV_H
#define MAILREADY_REPORT_NOTE_PRIV_H

#include "base/arena.h"
#include "report/note.h"

/*
 * What to do about the change of that index, for people; "" for one without a finding, and when an
 * earlier one of the same server has said it: some findings are fixed together.
 */
const char *change_remedy(const struct change *const *changes, size_t index);

/* "2 bad, 1 warning, 9 good"; "nothing" when there is none. */
const char *note_rest_text(const struct note_rest *rest, struct arena *a);

/* Its present state; nothing for a finding that is gone, or a change without one. */
bool note_has_verdict(const struct change *c);

/* The sentence of the finding, when the change's own does not hold it already; else "". */
const char *note_detail(const struct change *c);

/*
 * "dnsbl.listed, zen.example, critical, was warn, for 3 days now"; "" of a change without finding.  now_s:
 * when the run began.
 */
const char *note_about(const struct change *c, int64_t now_s, struct arena *a);

/*
 * Adds the server's changes, worst first, as put writes them and as far as its room reaches; how many
 * were left out.  So no server takes the place of another.
 */
typedef void note_put_change(const struct note_server *s, size_t index, struct arena *a,
    struct buf *out);
size_t note_put_changes(const struct note_server *s, note_put_change *put, struct arena *a,
    struct buf *out);

/* "and 12 more changes, which `mailready history 203.0.113.25` shows" */
const char *note_left_out_text(const struct note_server *s, size_t n, struct arena *a);

/*
 * Servers that are named, but not shown in full, those that have changed first, and at most NOTE_OTHERS_MAX; *n is
 * the number of all of them.
 */
const struct note_server **note_others(const struct note *note, struct arena *a, size_t *n);

/* "29 other servers unchanged, all good."; "" without others. */
const char *note_good_text(const struct note *note, struct arena *a);

/* What is above the servers that are named, but not shown in full. */
const char *note_others_title(const struct note *note);

#endif
