/* Statements, bound and read one column at a time; and errors of SQLite in words of ours. */
#include <errno.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/safe.h"
#include "store_priv.h"

enum { TEXT_LEN_MAX = 1 << 16 };

static const int64_t time_max_s = 253402300799; /* the end of the year 9999 */
static const int64_t seq_max = INT64_MAX / 4;   /* what is reckoned with stays in range */

static const struct {
	int sqlite; /* primary code */
	enum err_code code;
	const char *text;
} faults[] = {
	{ SQLITE_NOTADB, ERR_DATA, "is not a history: not an SQLite database" },
	{ SQLITE_CORRUPT, ERR_DATA,
	    "is damaged; nothing is written to it (sqlite3 FILE .recover saves what can be read)" },
	{ SQLITE_BUSY, ERR_TEMP, "another run has locked it for too long; try again later" },
	{ SQLITE_LOCKED, ERR_TEMP, "another run has locked it for too long; try again later" },
	{ SQLITE_FULL, ERR_IO, "no room left on its disk; nothing of this run is stored" },
	{ SQLITE_READONLY, ERR_IO, "cannot be written: it or its directory is read-only" },
	{ SQLITE_PERM, ERR_NOPERM, "permission denied" },
	{ SQLITE_AUTH, ERR_NOPERM, "permission denied" },
	{ SQLITE_CANTOPEN, ERR_CANTCREAT, "cannot be opened" },
};

enum err_code
store_error(struct history *h, int sqlite, struct err *err)
{
	int system = h->db != NULL ? sqlite3_system_errno(h->db) : 0;

	/* a full disk shows itself in several ways: where shared memory is made, for one */
	if ((sqlite & 0xff) == SQLITE_IOERR && (system == ENOSPC || system == EFBIG))
		sqlite = SQLITE_FULL;
	for (size_t i = 0; i < sizeof faults / sizeof faults[0]; i++)
		if (faults[i].sqlite == (sqlite & 0xff))
			return err_set(err, faults[i].code, "%s: %s", h->path, faults[i].text);
	return err_set(err, ERR_IO, "%s: %s%s%s", h->path,
	    h->db != NULL ? sqlite3_errmsg(h->db) : sqlite3_errstr(sqlite), system != 0 ? ": " : "",
	    system != 0 ? strerror(system) : "");
}

static void
set_error(struct query *q, int sqlite)
{
	if (q->code == ERR_NONE)
		q->code = store_error(q->h, sqlite, q->err);
}

void
query_start(struct query *q, struct history *h, enum sql sql, struct err *err)
{
	*q = (struct query){ .h = h, .err = err };
	if (h->stmts[sql] == NULL) {
		int rc = sqlite3_prepare_v3(h->db, sql_text[sql], -1, SQLITE_PREPARE_PERSISTENT,
		    &h->stmts[sql], NULL);
		if (rc != SQLITE_OK)
			set_error(q, rc);
	}
	q->stmt = h->stmts[sql];
}

void
query_int(struct query *q, int64_t value)
{
	if (q->code != ERR_NONE)
		return;
	int rc = sqlite3_bind_int64(q->stmt, ++q->n, value);
	if (rc != SQLITE_OK)
		set_error(q, rc);
}

void
query_text(struct query *q, const char *text)
{
	if (q->code != ERR_NONE)
		return;
	int rc = sqlite3_bind_text(q->stmt, ++q->n, text, -1, SQLITE_TRANSIENT);
	if (rc != SQLITE_OK)
		set_error(q, rc);
}

bool
query_row(struct query *q)
{
	if (q->code != ERR_NONE)
		return false;
	int rc = sqlite3_step(q->stmt);
	if (rc != SQLITE_ROW && rc != SQLITE_DONE)
		set_error(q, rc);
	return rc == SQLITE_ROW;
}

int64_t
query_get(const struct query *q, int column)
{
	return sqlite3_column_int64(q->stmt, column);
}

int64_t
query_time(const struct query *q, int column)
{
	int64_t time_s = query_get(q, column);

	return time_s < 0 ? 0 : time_s > time_max_s ? time_max_s : time_s;
}

int64_t
query_seq(const struct query *q, int column)
{
	int64_t seq = query_get(q, column);

	return seq < 0 ? 0 : seq > seq_max ? seq_max : seq;
}

const char *
query_lines(const struct query *q, int column, struct arena *a)
{
	const char *text = (const char *)sqlite3_column_text(q->stmt, column);
	struct buf lines;

	buf_init(&lines, 8 * TEXT_LEN_MAX);
	for (const char *line = text != NULL ? text : ""; *line != '\0';) {
		size_t len = strcspn(line, "\n");
		safe_add(&lines, line, len, TEXT_LEN_MAX);
		line += len + (line[len] == '\n');
		buf_puts(&lines, *line != '\0' ? "\n" : "");
	}
	const char *safe = arena_strndup(a, lines.data, lines.len);
	buf_fini(&lines);
	return safe;
}

const char *
query_raw(const struct query *q, int column, struct arena *a)
{
	const unsigned char *text = sqlite3_column_text(q->stmt, column);

	return text == NULL || *text == '\0' ? "" : arena_strdup(a, (const char *)text);
}

/* We wrote safe text, but the file may have come from anywhere. */
const char *
store_safe(const char *text, struct arena *a)
{
	struct buf safe;
	bool plain = true;

	for (const char *c = text; *c != '\0' && plain; c++)
		plain = *c >= ' ' && *c <= '~';
	if (plain)
		return *text == '\0' ? "" : arena_strdup(a, text);
	buf_init(&safe, TEXT_LEN_MAX);
	safe_add(&safe, text, strlen(text), TEXT_LEN_MAX - 4);
	const char *out = arena_strdup(a, safe.data);
	buf_fini(&safe);
	return out;
}

const char *
query_str(const struct query *q, int column, struct arena *a)
{
	const unsigned char *text = sqlite3_column_text(q->stmt, column);

	return text == NULL ? "" : store_safe((const char *)text, a);
}

enum err_code
query_end(struct query *q)
{
	if (q->stmt != NULL) {
		sqlite3_reset(q->stmt);
		sqlite3_clear_bindings(q->stmt);
	}
	return q->code;
}

enum err_code
query_run(struct query *q)
{
	while (query_row(q))
		;
	return query_end(q);
}

enum err_code
store_word(struct query *q, int column, const struct enumtab *words, int *out)
{
	const char *word = (const char *)sqlite3_column_text(q->stmt, column);

	if (q->code == ERR_NONE && (word == NULL || !enumtab_code(words, word, out)))
		set_error(q, SQLITE_CORRUPT);
	return q->code;
}

bool
store_knows(const struct query *q, int column, const struct enumtab *words, int *out)
{
	const char *word = (const char *)sqlite3_column_text(q->stmt, column);

	return word != NULL && enumtab_code(words, word, out);
}

enum err_code
store_run(struct history *h, enum sql sql, struct err *err)
{
	struct query q;

	query_start(&q, h, sql, err);
	return query_run(&q);
}

static enum err_code
begin(struct history *h, enum sql sql, struct err *err)
{
	if (h->depth == 0) {
		h->failed = false;
		if (store_run(h, sql, err) != ERR_NONE)
			return err->code;
	}
	h->depth++;
	return ERR_NONE;
}

enum err_code
store_begin(struct history *h, struct err *err)
{
	return begin(h, SQL_BEGIN, err);
}

enum err_code
store_begin_read(struct history *h, struct err *err)
{
	return begin(h, SQL_BEGIN_READ, err);
}

enum err_code
store_end(struct history *h, enum err_code code, struct err *err)
{
	h->failed = h->failed || code != ERR_NONE;
	if (--h->depth > 0)
		return code;
	if (!h->failed)
		code = store_run(h, SQL_COMMIT, err);
	else if (code == ERR_NONE)
		code = err_set(err, ERR_INTERNAL, "%s: a part of this run could not be stored",
		    h->path);
	/* some errors have taken everything back already */
	if ((h->failed || code != ERR_NONE) && sqlite3_get_autocommit(h->db) == 0)
		sqlite3_exec(h->db, "ROLLBACK", NULL, NULL, NULL);
	return code;
}
