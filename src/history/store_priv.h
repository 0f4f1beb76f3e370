/* Inside of the history: the database, its statements, and what reading and writing share. */
#ifndef MAILREADY_HISTORY_STORE_PRIV_H
#define MAILREADY_HISTORY_STORE_PRIV_H

#include <sqlite3.h>

#include "history/store.h"

/* Every statement has its text in store_sql.c, prepared once and kept. */
enum sql {
	SQL_BEGIN,
	SQL_BEGIN_READ,
	SQL_COMMIT,
	/* one text, stored once */
	SQL_TEXT_FIND,
	SQL_TEXT_ADD,
	/* servers and their reports */
	SQL_SERVER_FIND,
	SQL_SERVER_ADD,
	SQL_SERVER_RAN,
	SQL_SERVER_END,
	SQL_SERVERS,
	SQL_SERVERS_NAMED,
	SQL_REPORT_ADD,
	SQL_REPORTS,
	SQL_REPORT_LAST,
	SQL_POINTS,
	/* findings, and when they stood */
	SQL_FINDING_FIND,
	SQL_FINDING_ADD,
	SQL_FINDING_OPEN,
	SQL_FINDING_SURE,
	SQL_FINDING_SEEN,
	SQL_FINDING_CLOSE,
	SQL_FINDINGS,
	SQL_FINDINGS_LAST, /* of the last report alone */
	SQL_FINDING_SPANS,
	/* answers of lists, and when they stood */
	SQL_LISTING_FIND,
	SQL_LISTING_ADD,
	SQL_LISTING_OPEN,
	SQL_LISTING_CLOSE,
	SQL_LISTINGS,
	SQL_LISTINGS_LAST,
	SQL_LISTING_SPANS,
	/* demands of receivers that are not met */
	SQL_DEMANDS_LOOKED,
	SQL_DEMANDS_GET,
	SQL_DEMANDS,
	SQL_DEMANDS_MARK,
	SQL_DEMAND_PUT,
	SQL_DEMANDS_SWEEP,
	/* forgetting */
	SQL_RUN_TIMES,
	SQL_FORGET_REPORTS,
	SQL_FORGET_FINDING_SPANS,
	SQL_FORGET_LISTING_SPANS,
	SQL_FORGET_SERVERS,
	SQL_FORGET_FINDINGS,
	SQL_FORGET_LISTINGS,
	SQL_FORGET_TEXTS,
	SQL_FORGET_DEMANDS,
	SQL_FORGET_OUTAGES,
	SQL_VACUUM,
	/* messages */
	SQL_MESSAGE_PUT,
	SQL_MESSAGE_DUE,
	SQL_MESSAGE_TAKEN,
	SQL_MESSAGE_DONE,
	SQL_MESSAGE_FAILED,
	SQL_MESSAGE_REST,
	SQL_MESSAGE_COUNT,
	SQL_MESSAGES,
	SQL_SENT_GET,
	SQL_SENT_PUT,
	/* outages */
	SQL_OUTAGE_SEEN,
	SQL_OUTAGE_ADD,
	SQL_OUTAGE_END,
	SQL_OUTAGES,
	/* the mail log */
	SQL_LOG_GET,
	SQL_LOG_PUT,
	SQL_REFUSALS,
	SQL_REFUSALS_CLEAR,
	SQL_REFUSAL_ADD,
	SQL_N,
};
extern const char *const sql_text[SQL_N];

struct history {
	sqlite3 *db;
	char *path; /* its own copy */
	sqlite3_stmt *stmts[SQL_N];
	unsigned depth; /* of transactions in each other; the outermost counts */
	bool failed;    /* something within it: all of it is taken back */
};

/*
 * One statement being bound, stepped and read.  The first error sticks: what follows does nothing
 * and query_row() is false.
 */
struct query {
	struct history *h;
	sqlite3_stmt *stmt;
	struct err *err;
	int n; /* parameters that are bound */
	enum err_code code;
};

void query_start(struct query *q, struct history *h, enum sql sql, struct err *err);
void query_int(struct query *q, int64_t value); /* binds the next parameter */
void query_text(struct query *q, const char *text);
bool query_row(struct query *q); /* false: no more rows, or an error */
int64_t query_get(const struct query *q, int column);
int64_t query_time(const struct query *q, int column); /* within the years that calendars know */
int64_t query_seq(const struct query *q, int column);  /* a report's number, within what adds up */
/* A copy that is safe to print, whoever wrote the file; "" for NULL. */
const char *query_str(const struct query *q, int column, struct arena *a);
/* The same of lines, each safe to print. */
const char *query_lines(const struct query *q, int column, struct arena *a);
const char *query_raw(const struct query *q, int column, struct arena *a); /* as it is stored */
const char *store_safe(const char *text, struct arena *a);
/* Ends it; the error, if there was one. */
enum err_code query_end(struct query *q) MUST_CHECK;
/* For a statement without rows: runs it to its end. */
enum err_code query_run(struct query *q) MUST_CHECK;

/* A statement without parameters and rows. */
enum err_code store_run(struct history *h, enum sql sql, struct err *err) MUST_CHECK;

/*
 * Writes are one transaction each, or part of the caller's: begin waits for other writers, end commits,
 * or takes all back.
 */
enum err_code store_begin(struct history *h, struct err *err) MUST_CHECK;
enum err_code store_end(struct history *h, enum err_code code, struct err *err) MUST_CHECK;
/* What d says of receivers' demands in the place of what the server's run before said. */
enum err_code store_demands(struct history *h, int64_t server, int64_t time_s,
    const struct digest *d, struct err *err) MUST_CHECK;
/* Several statements see the data of one moment. */
enum err_code store_begin_read(struct history *h, struct err *err) MUST_CHECK;

/* SQLite's error as ours: "PATH: what happened". */
enum err_code store_error(struct history *h, int sqlite, struct err *err);

/* A word that this file's own writer wrote: anything else is damage. */
enum err_code store_word(struct query *q, int column, const struct enumtab *words, int *out);

/* The same of a word without which the rest still holds: false, and nothing in out, for another word. */
bool store_knows(const struct query *q, int column, const struct enumtab *words, int *out);

/* --- the schema */

/* One step: what brings a file from version i to i + 1.  Versions start at 0, the empty file. */
extern const char *const schema_steps[];
extern const size_t schema_steps_n;

enum { STORE_APPLICATION = 0x4d527431 /* "MRt1", in the header of the file */ };

/*
 * Brings the file up to date by these steps, in one transaction.  *older: it was not and, as write is
 * false, still is not.  ERR_DATA: another program's file, or of a newer version; ERR_NOINPUT: empty and write is false.
 */
enum err_code schema_ready(struct history *h, const char *const *steps, size_t n, bool write,
    bool *older, struct err *err) MUST_CHECK;

/* history_open() with a schema of its own; for tests of older and newer ones. */
enum err_code store_open(const char *path, enum history_mode mode, const char *const *steps,
    size_t n_steps, struct history **out, struct err *err) MUST_CHECK;

/* --- reading, for the writer */

/* The server's newest report by number, to be compared with the next. */
enum err_code store_last(struct history *h, int64_t server, struct arena *a, struct digest *out,
    struct err *err) MUST_CHECK;

#endif
