/* Opening and closing the file; transactions. */
#include "store_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"

/* Another run's transaction takes milliseconds; a disk that sleeps takes seconds. */
enum { BUSY_MS = 10000, BUSY_STEP_US = 20000, PATH_LEN_MAX = 4096, VALUE_LEN_MAX = 64 << 20 };

enum err_code
history_begin(struct history *h, struct err *err)
{
	return store_begin(h, err);
}

enum err_code
history_end(struct history *h, enum err_code code, struct err *err)
{
	return store_end(h, code, err);
}

static enum err_code
open_error(const char *path, enum history_mode mode, struct err *err)
{
	if (errno == ENOENT && mode == HISTORY_READ)
		return err_set(err, ERR_NOINPUT,
		    "%s: there is no history yet; 'mailready run' creates one", path);
	enum err_code code = errno == EACCES || errno == EPERM ? ERR_NOPERM :
	    errno == EROFS || errno == ENOSPC                  ? ERR_IO :
	    mode == HISTORY_READ                               ? ERR_NOINPUT :
								 ERR_CANTCREAT;

	return err_set(err, code, "%s: %s", path, strerror(errno));
}

/*
 * The system's own words for what stands in the way, and a file that nobody else can read: SQLite
 * gives the files beside it the same mode.
 */
static enum err_code
try_file(const char *path, enum history_mode mode, struct err *err)
{
	struct stat st;

	if (mode == HISTORY_WRITE && !file_make_dirs(path))
		return err_set(err, ERR_CANTCREAT, "%s: its directory cannot be created: %s", path,
		    strerror(errno));
	int flags = mode == HISTORY_WRITE ? O_RDWR | O_CREAT : O_RDONLY;
	int fd = open(path, flags | O_CLOEXEC | O_NONBLOCK, 0600);
	if (fd < 0)
		return open_error(path, mode, err);
	bool regular = fstat(fd, &st) == 0 && S_ISREG(st.st_mode);
	close(fd);
	return regular ? ERR_NONE : err_set(err, ERR_DATA, "%s is not a regular file", path);
}

/* Nothing stored in the file may make SQLite do more than store: it may come from anywhere. */
static void
harden(sqlite3 *db)
{
	sqlite3_extended_result_codes(db, 1);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_TRIGGER, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_ENABLE_VIEW, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
	sqlite3_limit(db, SQLITE_LIMIT_LENGTH, VALUE_LEN_MAX);
}

/* SQLite does not wait by itself when the journal's mode is changed. */
static int
use_wal(sqlite3 *db)
{
	static const char sql[] = "PRAGMA journal_mode = WAL";
	int rc = sqlite3_exec(db, sql, NULL, NULL, NULL);

	for (int ms = 0; (rc & 0xff) == SQLITE_BUSY && ms < BUSY_MS; ms += BUSY_STEP_US / 1000) {
		usleep(BUSY_STEP_US);
		rc = sqlite3_exec(db, sql, NULL, NULL, NULL);
	}
	return rc;
}

static int
check_pages(struct history *h)
{
	sqlite3_stmt *stmt = NULL;
	int rc = sqlite3_prepare_v2(h->db, "PRAGMA quick_check(1)", -1, &stmt, NULL);

	if (rc == SQLITE_OK)
		rc = sqlite3_step(stmt);
	bool sound = rc == SQLITE_ROW &&
	    strcmp((const char *)sqlite3_column_text(stmt, 0), "ok") == 0;
	sqlite3_finalize(stmt);
	return rc == SQLITE_ROW ? (sound ? SQLITE_OK : SQLITE_CORRUPT) : rc;
}

static enum err_code
connect(struct history *h, const char *name, int flags, struct err *err)
{
	sqlite3_close(h->db);
	h->db = NULL;
	int rc = sqlite3_open_v2(name, &h->db, flags | SQLITE_OPEN_NOMUTEX, NULL);
	if (rc != SQLITE_OK)
		return store_error(h, rc, err);
	harden(h->db);
	sqlite3_busy_timeout(h->db, BUSY_MS);
	return ERR_NONE;
}

/* "file:PATH?immutable=1" with what means something in a URI written as %XX. */
static void
immutable_name(const char *path, struct buf *out)
{
	buf_puts(out, "file:");
	for (; *path != '\0'; path++) {
		if (strchr("%?#", *path) != NULL)
			buf_printf(out, "%%%02X", (unsigned)(unsigned char)*path);
		else
			buf_putc(out, *path);
	}
	buf_puts(out, "?immutable=1");
}

/*
 * Reading, too, writes beside a file in WAL mode.  Where there is no right or room to, and no run has
 * left anything beside it, the file is read as it is.
 */
static enum err_code
connect_immutable(struct history *h, struct err *err)
{
	struct buf name;
	struct stat st;

	buf_init(&name, 4 * PATH_LEN_MAX);
	buf_printf(&name, "%s-wal", h->path);
	bool left = stat(name.data, &st) == 0 && st.st_size > 0;
	buf_reset(&name);
	enum err_code code = ERR_NONE;
	if (left)
		code = err_set(err, ERR_IO,
		    "%s: another run has left a file beside it that must be merged first, but its "
		    "directory is read-only",
		    h->path);
	if (code == ERR_NONE) {
		immutable_name(h->path, &name);
		code = connect(h, name.data, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, err);
	}
	buf_fini(&name);
	return code;
}

static enum err_code
connect_read(struct history *h, struct err *err)
{
	enum err_code code = connect(h, h->path, SQLITE_OPEN_READONLY, err);

	if (code != ERR_NONE)
		return code;
	int rc = sqlite3_exec(h->db, "SELECT 1 FROM sqlite_schema", NULL, NULL, NULL);
	int primary = rc & 0xff;
	if (primary == SQLITE_CANTOPEN || primary == SQLITE_READONLY || primary == SQLITE_IOERR ||
	    primary == SQLITE_FULL)
		return connect_immutable(h, err);
	return rc == SQLITE_OK ? ERR_NONE : store_error(h, rc, err);
}

/* A damaged file, another program's and a newer one are seen before anything is written. */
static enum err_code
connect_write(struct history *h, const char *const *steps, size_t n_steps, struct err *err)
{
	bool older;

	if (connect(h, h->path, SQLITE_OPEN_READWRITE, err) != ERR_NONE)
		return err->code;
	int rc = check_pages(h);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(h->db, "PRAGMA synchronous = FULL", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return store_error(h, rc, err);
	if (schema_ready(h, steps, n_steps, true, &older, err) != ERR_NONE)
		return err->code;
	rc = use_wal(h->db);
	return rc == SQLITE_OK ? ERR_NONE : store_error(h, rc, err);
}

enum err_code
store_open(const char *path, enum history_mode mode, const char *const *steps, size_t n_steps,
    struct history **out, struct err *err)
{
	bool older = false;

	*out = NULL;
	if (try_file(path, mode, err) != ERR_NONE)
		return err->code;
	struct history *h = mem_zalloc(1, sizeof *h);
	h->path = mem_strdup(path);
	enum err_code code = mode == HISTORY_WRITE ? connect_write(h, steps, n_steps, err) :
						     connect_read(h, err);
	if (code == ERR_NONE && mode == HISTORY_READ)
		code = schema_ready(h, steps, n_steps, false, &older, err);
	if (code == ERR_NONE && older)
		code = connect_write(h, steps, n_steps, err);
	if (code == ERR_NONE)
		*out = h;
	else
		history_close(h);
	return code;
}

enum err_code
history_open(const char *path, enum history_mode mode, struct history **out, struct err *err)
{
	return store_open(path, mode, schema_steps, schema_steps_n, out, err);
}

void
history_close(struct history *h)
{
	if (h == NULL)
		return;
	for (size_t i = 0; i < SQL_N; i++)
		sqlite3_finalize(h->stmts[i]);
	sqlite3_close(h->db);
	free(h->path);
	free(h);
}
