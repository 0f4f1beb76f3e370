/*
 * Records of mail servers that write no log of lines for people: JSON objects of KumoMTA, and the accounting
 * files of PowerMTA, CSV whose first line names the columns.  Pure.
 */
#ifndef MAILREADY_EXPLAIN_RECORD_PRIV_H
#define MAILREADY_EXPLAIN_RECORD_PRIV_H

#include "explain/log.h"

enum { RECORD_COLUMNS_MAX = 128 };

/* Which columns of an accounting file are read. */
enum record_column {
	RECORD_TYPE,
	RECORD_TIME,
	RECORD_SENDER,
	RECORD_RECIPIENT,
	RECORD_STATUS,
	RECORD_DIAG,
	RECORD_MTA,
	RECORD_SOURCE,
	RECORD_COLUMNS,
};

struct record_table {
	size_t at[RECORD_COLUMNS]; /* the column's place, from 1; 0: the file has no such column */
};

/* Is the line the head of an accounting file?  Then t is filled, else left alone. */
bool record_is_head(const char *line, struct arena *a, struct record_table *t);

/* A row below it.  As log_read(). */
enum log_line record_row(const struct record_table *t, const char *line, int64_t now_s,
    struct arena *a, struct reply *out);

/* An object on a line.  As log_read(); OTHER: not one of KumoMTA. */
enum log_line record_object(const char *line, size_t len, struct arena *a, struct reply *out);

#endif
