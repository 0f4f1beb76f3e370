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

/* "dnsbl.listed, zen.example, critical, was warn"; "" of a change without finding. */
const char *note_about(const struct change *c, struct arena *a);

/* What is above the servers that are not shown in full. */
const char *note_others_title(const struct note *note);

#endif
