/* The tables of the history, each version as the step from the one before it. */
#include <stdio.h>

#include "store_priv.h"

/*
 * Texts are kept once: a year of daily runs says the same every day.  What a report holds is kept as
 * spans: a row says what stood at a place of a server's reports from number first_seq to last_seq, and
 * a run that finds the same as the one before writes nothing but its line in report.  last_seq NULL:
 * it is in the server's last report.
 */
static const char version_1[] =
    "CREATE TABLE text ("
    "  id INTEGER PRIMARY KEY,"
    "  hash INTEGER NOT NULL,"
    "  value TEXT NOT NULL);"
    "CREATE INDEX text_hash ON text(hash);"

    "CREATE TABLE server ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  address TEXT NOT NULL,"
    "  ehlo TEXT NOT NULL,"
    "  domain TEXT NOT NULL,"
    "  label TEXT NOT NULL,"
    "  host TEXT NOT NULL,"
    "  last_seq INTEGER NOT NULL DEFAULT 0,"
    "  last_s INTEGER NOT NULL DEFAULT 0,"
    "  UNIQUE (address, ehlo, domain));"

    "CREATE TABLE report ("
    "  server INTEGER NOT NULL REFERENCES server(id),"
    "  seq INTEGER NOT NULL,"
    "  time_s INTEGER NOT NULL,"
    "  time_us INTEGER NOT NULL,"
    "  verdict TEXT NOT NULL,"
    "  reason INTEGER NOT NULL REFERENCES text(id),"
    "  ptr_status INTEGER NOT NULL REFERENCES text(id),"
    "  ptr_names INTEGER NOT NULL REFERENCES text(id)," /* a line each */
    "  iprev INTEGER NOT NULL REFERENCES text(id),"
    "  ehlo_seen INTEGER NOT NULL REFERENCES text(id),"
    "  ehlo_result INTEGER NOT NULL REFERENCES text(id),"
    "  cert_expires_s INTEGER NOT NULL,"
    "  listed INTEGER NOT NULL,"
    "  asked INTEGER NOT NULL,"
    "  untold INTEGER NOT NULL,"
    "  PRIMARY KEY (server, seq)) WITHOUT ROWID;"

    "CREATE TABLE finding ("
    "  id INTEGER PRIMARY KEY,"
    "  rule INTEGER NOT NULL REFERENCES text(id),"
    "  subject INTEGER NOT NULL REFERENCES text(id),"
    "  text INTEGER NOT NULL REFERENCES text(id),"
    "  remedy INTEGER NOT NULL REFERENCES text(id),"
    "  why INTEGER NOT NULL REFERENCES text(id),"
    "  verdict TEXT NOT NULL,"
    "  severity TEXT NOT NULL,"
    "  required INTEGER NOT NULL,"
    "  UNIQUE (rule, subject, text, remedy, why, verdict, severity, required));"

    "CREATE TABLE finding_span ("
    "  server INTEGER NOT NULL REFERENCES server(id),"
    "  place INTEGER NOT NULL,"
    "  first_seq INTEGER NOT NULL,"
    "  last_seq INTEGER,"
    "  first_s INTEGER NOT NULL,"
    "  last_s INTEGER,"
    "  finding INTEGER NOT NULL REFERENCES finding(id),"
    "  PRIMARY KEY (server, place, first_seq)) WITHOUT ROWID;"
    "CREATE UNIQUE INDEX finding_standing ON finding_span(server, place) WHERE last_seq IS NULL;"

    "CREATE TABLE listing ("
    "  id INTEGER PRIMARY KEY,"
    "  zone INTEGER NOT NULL REFERENCES text(id),"
    "  subject INTEGER NOT NULL REFERENCES text(id),"
    "  state INTEGER NOT NULL REFERENCES text(id),"
    "  kind INTEGER NOT NULL REFERENCES text(id),"
    "  impact INTEGER NOT NULL REFERENCES text(id),"
    "  reason INTEGER NOT NULL REFERENCES text(id),"
    "  UNIQUE (zone, subject, state, kind, impact, reason));"

    "CREATE TABLE listing_span ("
    "  server INTEGER NOT NULL REFERENCES server(id),"
    "  place INTEGER NOT NULL,"
    "  first_seq INTEGER NOT NULL,"
    "  last_seq INTEGER,"
    "  first_s INTEGER NOT NULL,"
    "  last_s INTEGER,"
    "  listing INTEGER NOT NULL REFERENCES listing(id),"
    "  PRIMARY KEY (server, place, first_seq)) WITHOUT ROWID;"
    "CREATE UNIQUE INDEX listing_standing ON listing_span(server, place) WHERE last_seq IS NULL;"

    "CREATE TABLE message ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  channel TEXT NOT NULL,"
    "  subject TEXT NOT NULL,"
    "  body TEXT NOT NULL,"
    "  made_s INTEGER NOT NULL,"
    "  next_s INTEGER NOT NULL,"
    "  tries INTEGER NOT NULL,"
    "  error TEXT NOT NULL);"

    "CREATE TABLE sent ("
    "  channel TEXT PRIMARY KEY,"
    "  sent_s INTEGER NOT NULL) WITHOUT ROWID;";

/*
 * 0.2.0 calls what has no answer "unknown" everywhere: the column, and the rules that are stored.  The
 * numbers are the hash_text() of the new names.
 */
static const char version_2[] =
    "ALTER TABLE report RENAME COLUMN untold TO unknown;"
    "UPDATE text SET value = 'ptr.authority-unknown', hash = -6979198192109012563"
    "  WHERE value = 'ptr.authority-untold';"
    "UPDATE text SET value = 'iprev.names-unknown', hash = -2777247868901847548"
    "  WHERE value = 'iprev.names-untold';"
    "UPDATE text SET value = 'smtp.unknown', hash = 332928543919508433"
    "  WHERE value = 'smtp.untold';"
    "UPDATE text SET value = 'smtp.tls-unknown', hash = -2588658842516930703"
    "  WHERE value = 'smtp.tls-untold';"
    "UPDATE text SET value = 'dnsbl.all-unknown', hash = -2720258071985967620"
    "  WHERE value = 'dnsbl.none-told';";

/*
 * A list that does not take an address of that family is not applicable, which 0.1.0 stored as a list
 * that was asked and gave no answer.  The counts are made again from the lists, each zone once.
 */
static const char version_3[] =
    "ALTER TABLE report ADD COLUMN not_applicable INTEGER NOT NULL DEFAULT 0;"
    "INSERT INTO text(hash, value) VALUES (660815995654594544, 'not-applicable');"
    "UPDATE listing SET state = (SELECT max(id) FROM text WHERE value = 'not-applicable')"
    "  WHERE reason = (SELECT id FROM text WHERE value = 'unsupported-family');"
    "UPDATE report SET (asked, listed, unknown, not_applicable) ="
    "  (SELECT coalesce(sum(said > 0), 0), coalesce(sum(said = 3), 0),"
    "    coalesce(sum(said = 2), 0), coalesce(sum(said = 0), 0)"
    "  FROM (SELECT max(CASE t.value WHEN 'listed' THEN 3 WHEN 'unknown' THEN 2"
    "      WHEN 'clean' THEN 1 ELSE 0 END) AS said"
    "    FROM listing_span p JOIN listing l ON l.id = p.listing JOIN text t ON t.id = l.state"
    "    WHERE p.server = report.server AND p.first_seq <= report.seq"
    "      AND (p.last_seq IS NULL OR p.last_seq >= report.seq)"
    "      AND l.kind = (SELECT id FROM text WHERE value = 'block')"
    "    GROUP BY l.zone));";

/* No more than DIGEST_NAMES_MAX names are kept, and how many there were. */
static const char version_4[] =
    "ALTER TABLE report ADD COLUMN more_ptr_names INTEGER NOT NULL DEFAULT 0;";

/*
 * A server that is no longer watched, and since when; of older files, one that the last run did not see.
 * An outage is what kept runs from seeing anything, or a list from answering for any server.
 */
static const char version_5[] =
    "ALTER TABLE server ADD COLUMN ended_s INTEGER NOT NULL DEFAULT 0;"
    "UPDATE server SET ended_s = last_s"
    "  WHERE last_s < (SELECT max(last_s) FROM server);"
    "CREATE TABLE outage ("
    "  id INTEGER PRIMARY KEY AUTOINCREMENT,"
    "  kind TEXT NOT NULL,"
    "  subject TEXT NOT NULL,"
    "  text TEXT NOT NULL,"
    "  remedy TEXT NOT NULL,"
    "  servers INTEGER NOT NULL,"
    "  first_s INTEGER NOT NULL,"
    "  last_s INTEGER NOT NULL,"
    "  runs INTEGER NOT NULL,"
    "  end_s INTEGER NOT NULL DEFAULT 0);"
    "CREATE UNIQUE INDEX outage_standing ON outage(kind, subject) WHERE end_s = 0;";

/*
 * Of servers, the groups that their owner put them into; of findings, the number of the report in which they
 * were looked at again and still stood, and what they rested on when they were seen first and last.  How far the
 * mail log was read, and the refusals in it that stand.
 */
static const char version_6[] =
    "ALTER TABLE server ADD COLUMN group_names TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE finding_span ADD COLUMN sure_seq INTEGER NOT NULL DEFAULT 0;"
    "ALTER TABLE finding_span ADD COLUMN first_evidence TEXT NOT NULL DEFAULT '';"
    "ALTER TABLE finding_span ADD COLUMN last_evidence TEXT NOT NULL DEFAULT '';"
    "CREATE TABLE mail_log ("
    "  path TEXT PRIMARY KEY,"
    "  inode INTEGER NOT NULL,"
    "  offset INTEGER NOT NULL,"
    "  head_len INTEGER NOT NULL,"
    "  head_hash INTEGER NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE refusal ("
    "  id INTEGER PRIMARY KEY,"
    "  code INTEGER NOT NULL,"
    "  status TEXT NOT NULL,"
    "  text TEXT NOT NULL,"
    "  host TEXT NOT NULL,"
    "  ehlo TEXT NOT NULL,"
    "  sender TEXT NOT NULL,"
    "  address TEXT NOT NULL,"
    "  first_s INTEGER NOT NULL,"
    "  last_s INTEGER NOT NULL,"
    "  count INTEGER NOT NULL,"
    "  verdict TEXT NOT NULL);";

/*
 * Of big receivers, the demands that a server's last run did not see met, and since when none has; and whether
 * that run looked.
 */
static const char version_7[] = "ALTER TABLE server ADD COLUMN demands INTEGER NOT NULL DEFAULT 0;"
				"CREATE TABLE demand ("
				"  server INTEGER NOT NULL REFERENCES server(id),"
				"  receiver TEXT NOT NULL,"
				"  demand TEXT NOT NULL,"
				"  name TEXT NOT NULL,"
				"  state TEXT NOT NULL,"
				"  bulk_state TEXT NOT NULL,"
				"  code TEXT NOT NULL,"
				"  since_s INTEGER NOT NULL,"
				"  seen INTEGER NOT NULL,"
				"  PRIMARY KEY (server, receiver, demand)) WITHOUT ROWID;";

const char *const schema_steps[] = { version_1, version_2, version_3, version_4, version_5,
	version_6, version_7 };
const size_t schema_steps_n = sizeof schema_steps / sizeof schema_steps[0];

static enum err_code
pragma_get(struct history *h, const char *sql, int64_t *out, struct err *err)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(h->db, sql, -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW ? ERR_NONE : store_error(h, rc, err);
}

static enum err_code
execute(struct history *h, const char *sql, struct err *err)
{
	int rc = sqlite3_exec(h->db, sql, NULL, NULL, NULL);

	return rc == SQLITE_OK ? ERR_NONE : store_error(h, rc, err);
}

/* A pragma takes no parameter; the number is ours. */
static enum err_code
set_version(struct history *h, size_t version, struct err *err)
{
	char sql[100];

	snprintf(sql, sizeof sql, "PRAGMA application_id = %d; PRAGMA user_version = %zu",
	    STORE_APPLICATION, version);
	return execute(h, sql, err);
}

struct marks {
	int64_t application, version, tables;
};

static enum err_code
read_marks(struct history *h, struct marks *m, struct err *err)
{
	enum err_code code = pragma_get(h, "PRAGMA application_id", &m->application, err);

	if (code == ERR_NONE)
		code = pragma_get(h, "PRAGMA user_version", &m->version, err);
	if (code == ERR_NONE)
		code = pragma_get(h, "SELECT count(*) FROM sqlite_schema", &m->tables, err);
	return code;
}

/*
 * All of one moment, for another process may be writing them just now.  Without the kept statements:
 * the connection may be closed and opened again after this.
 */
static enum err_code
read_marks_at_once(struct history *h, struct marks *m, struct err *err)
{
	enum err_code code = execute(h, "BEGIN", err);

	if (code != ERR_NONE)
		return code;
	code = read_marks(h, m, err);
	sqlite3_exec(h->db, "ROLLBACK", NULL, NULL, NULL);
	return code;
}

static enum err_code
judge_marks(struct history *h, const struct marks *m, size_t newest, struct err *err)
{
	bool empty = m->application == 0 && m->version == 0 && m->tables == 0;

	if (!empty && m->application != STORE_APPLICATION)
		return err_set(err, ERR_DATA,
		    "%s is a database of another program; name another file for the history",
		    h->path);
	if (m->version < 0 || (uint64_t)m->version > newest)
		return err_set(err, ERR_DATA,
		    "%s was written by a newer mailready (version %lld, this one supports up to "
		    "%zu); the file is not changed",
		    h->path, (long long)m->version, newest);
	return ERR_NONE;
}

/* Another process may have been faster: what is to do is seen from within the transaction. */
static enum err_code
migrate(struct history *h, const char *const *steps, size_t n, struct err *err)
{
	struct marks m = { 0 };
	enum err_code code = read_marks(h, &m, err);

	if (code == ERR_NONE)
		code = judge_marks(h, &m, n, err);
	for (size_t i = (size_t)m.version; code == ERR_NONE && i < n; i++) {
		code = execute(h, steps[i], err);
		if (code != ERR_NONE)
			return err_prefix(err, "schema version %zu", i + 1);
	}
	return code == ERR_NONE ? set_version(h, n, err) : code;
}

enum err_code
schema_ready(struct history *h, const char *const *steps, size_t n, bool write, bool *older,
    struct err *err)
{
	struct marks m = { 0 };
	enum err_code code = read_marks_at_once(h, &m, err);

	*older = false;
	if (code == ERR_NONE)
		code = judge_marks(h, &m, n, err);
	if (code != ERR_NONE || (size_t)m.version == n)
		return code;
	if (!write && m.version == 0)
		return err_set(err, ERR_NOINPUT, "%s: no run is stored in it", h->path);
	*older = !write;
	if (!write)
		return ERR_NONE;
	/* of a new file only, before anything is in it: forgotten pages can be given back */
	if (m.version == 0)
		code = execute(h, "PRAGMA auto_vacuum = INCREMENTAL", err);
	if (code == ERR_NONE)
		code = store_begin(h, err);
	if (code != ERR_NONE)
		return code;
	return store_end(h, migrate(h, steps, n, err), err);
}
