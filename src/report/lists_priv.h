/* What the formats of the catalogue share; all texts are in a. */
#ifndef MAILREADY_REPORT_LISTS_PRIV_H
#define MAILREADY_REPORT_LISTS_PRIV_H

#include "base/arena.h"
#include "report/lists.h"

/* "ip4 ip6 domain", "none" */
const char *list_family_text(const struct list *l, struct arena *a);

/* "127.0.0.2", "127.0.0.4-7" */
const char *list_code_text(const struct list_code *row, struct arena *a);

/* "D.C.B.A.ZONE", "DOMAIN.ZONE", "none over DNS" */
const char *list_question_text(const struct list *l, struct arena *a);

/* Why the test found a list to be of no use, with what it answered; "" for one that works. */
const char *list_health_reason(const struct list_view *v, struct arena *a);

#endif
