/* What writing and reading a journal share. */
#ifndef MAILREADY_FIX_JOURNAL_PRIV_H
#define MAILREADY_FIX_JOURNAL_PRIV_H

#include "fix/journal.h"

/* What a line about a step means for the journal in memory. */
void journal_take(struct journal *j, size_t step, enum step_state state, int64_t now_s);

#endif
