/* What the forms of a repair share. */
#ifndef MAILREADY_REPORT_FIX_PRIV_H
#define MAILREADY_REPORT_FIX_PRIV_H

#include "report/fix.h"

/*
 * How long, in seconds, and until when caches may hold what was there before; 0 when nothing was
 * written, or an undo failed.
 */
uint32_t fix_cached_s(const struct fix_report *r, int64_t *until_s);

#endif
