/* The table of refusals, a row a kind, that several formats show. */
#ifndef MAILREADY_REPORT_EXPLAIN_PRIV_H
#define MAILREADY_REPORT_EXPLAIN_PRIV_H

#include "base/arena.h"
#include "report/explain.h"

struct explain_column {
	const char *name, *head; /* for programs, for people */
	const char *(
	    *text)(const struct explanation *e, struct arena *a); /* as the world sent it */
};

extern const struct explain_column explain_columns[];
extern const size_t explain_columns_n;

#endif
