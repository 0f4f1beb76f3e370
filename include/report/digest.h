/* A report in little: see history/digest.h. */
#ifndef MAILREADY_REPORT_DIGEST_H
#define MAILREADY_REPORT_DIGEST_H

#include "history/digest.h"
#include "report/model.h"

/* Everything is copied into a, which may outlive the report. */
void digest_of_report(const struct report *r, struct arena *a, struct digest *out);

#endif
