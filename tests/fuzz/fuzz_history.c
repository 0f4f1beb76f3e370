/*
 * A history file that somebody has made.  The input is lines that each set a column of a sound file:
 * a letter for the column, one for the kind, and the value, as in "ti5" or "rt\x1b[31m".  What can be
 * read at all is compared and written in every format, safely.
 */
#include <assert.h>
#include <sqlite3.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "history/change.h"
#include "history/store.h"
#include "report/past.h"

enum {
	START = 1790000000,
	DAY = 86400,
	OUT_MAX = 16 << 20,
	HISTORY_MAX = 1 << 20,
	RUNS_MAX = 100,
	PATH = 64
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char *const columns[] = { "text.value", "text.hash", "server.address", "server.label",
	"server.host", "server.ehlo", "server.domain", "server.last_seq", "server.last_s",
	"report.seq", "report.time_s", "report.time_us", "report.verdict", "report.reason",
	"report.ptr_status", "report.ptr_names", "report.more_ptr_names", "report.asked",
	"report.listed", "report.cert_expires_s", "finding.verdict", "finding.severity",
	"finding.text", "finding_span.first_s", "finding_span.last_s", "finding_span.last_seq",
	"listing.state", "listing_span.first_s", "message.made_s", "message.next_s",
	"message.channel", "sent.sent_s" };
enum { N_COLUMNS = sizeof columns / sizeof columns[0], FIRST = 'A' };

static struct digest
run_of(int day, struct digest_finding *finding, struct digest_list *list)
{
	static const char *names[] = { "mail.example" };

	return (struct digest){ .time_s = START + (int64_t)day * DAY,
		.label = "outbound",
		.address = "192.0.2.1",
		.host = "mail.example",
		.ehlo = "mail.example",
		.domain = "",
		.verdict = VERDICT_FAIL,
		.reason = "listed",
		.has_ptr = true,
		.ptr_status = PTR_FOUND,
		.ptr_names = names,
		.n_ptr_names = 1,
		.ehlo_seen = "",
		.lists = list,
		.n_lists = 1,
		.counts = { .asked = 1, .listed = 1 },
		.findings = finding,
		.n_findings = 1 };
}

static void
store_history(const char *path)
{
	struct digest_finding finding = { "ptr.missing", VERDICT_FAIL, SEVERITY_HIGH, true, "a",
		"b", "c", "d", false, NULL, false, NULL };
	struct digest_list list = { "bl.example", "192.0.2.1", LIST_LISTED, LIST_KIND_BLOCK,
		LIST_HIGH, LIST_OK, "127.0.0.2" };
	const struct history_message m = { .channel = "mail", .subject = "s", .body = "b" };
	struct history *h;
	struct err err;
	int64_t id;
	enum err_code code = history_open(path, HISTORY_WRITE, &h, &err);

	for (int day = 0; day < 3 && code == ERR_NONE; day++) {
		struct digest d = run_of(day, &finding, &list);
		code = history_add(h, &d, 1, &err);
	}
	if (code == ERR_NONE)
		code = history_queue_put(h, &m, &id, &err);
	if (code != ERR_NONE)
		abort();
	history_close(h);
}

/* A new one for each input; it is stored once. */
static void
make_history(const char *path)
{
	static struct buf sound;
	struct err err;

	if (sound.data == NULL) {
		store_history(path);
		buf_init(&sound, HISTORY_MAX);
		if (file_read(path, &sound, &err) != ERR_NONE)
			abort();
	}
	FILE *f = fopen(path, "we");
	if (f == NULL || fwrite(sound.data, 1, sound.len, f) != sound.len || fclose(f) != 0)
		abort();
}

/* What SQLite does not take stays as it was. */
static void
set_column(sqlite3 *db, const char *line, size_t len)
{
	size_t column = (size_t)(line[0] - FIRST);
	char sql[100];
	sqlite3_stmt *stmt;

	if (line[0] < FIRST || column >= N_COLUMNS)
		return;
	const char *dot = strchr(columns[column], '.');
	snprintf(sql, sizeof sql, "UPDATE OR IGNORE %.*s SET %s = ?", (int)(dot - columns[column]),
	    columns[column], dot + 1);
	if (sqlite3_prepare_v2(db, sql, -1, &stmt, NULL) != SQLITE_OK)
		return;
	if (line[1] == 'i')
		sqlite3_bind_int64(stmt, 1, strtoll(line + 2, NULL, 10));
	else
		sqlite3_bind_text(stmt, 1, line + 2, (int)len - 2, SQLITE_TRANSIENT);
	sqlite3_step(stmt);
	sqlite3_finalize(stmt);
}

static void
change_history(const char *path, char *text)
{
	sqlite3 *db;
	char *save = NULL;

	if (sqlite3_open(path, &db) != SQLITE_OK)
		abort();
	sqlite3_exec(db, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
	for (char *line = strtok_r(text, "\n", &save); line != NULL;
	     line = strtok_r(NULL, "\n", &save))
		if (strlen(line) >= 2)
			set_column(db, line, strlen(line));
	sqlite3_close(db);
}

static void
write_in_every_format(const struct past *past)
{
	const struct render_options o = { .verbose = 1 };
	struct buf out;

	buf_init(&out, OUT_MAX);
	for (size_t i = 0; i < past_formats_n; i++) {
		buf_reset(&out);
		past_formats[i].write(past, &o, &out);
		for (size_t k = 0; k < out.len; k++) {
			unsigned char c = (unsigned char)out.data[k];
			assert((c >= ' ' && c != 0x7f) || c == '\n' || c == '\r');
		}
	}
	buf_reset(&out);
	history_text(past->servers, &out);
	buf_fini(&out);
}

static void
read_server(struct history *h, const struct history_server *server, struct arena *a)
{
	struct digest *runs;
	struct history_point *points;
	struct history_span *spans;
	struct history_listing *listings;
	struct changes changes;
	struct past_server s = { .server = server };
	struct err err;

	if (history_runs(h, server->id, 0, RUNS_MAX, a, &runs, &s.n_runs, &err) != ERR_NONE ||
	    history_points(h, server->id, 0, a, &points, &s.n_points, &err) != ERR_NONE ||
	    history_spans(h, server->id, 0, a, &spans, &s.n_spans, &err) != ERR_NONE ||
	    history_listings(h, server->id, 0, a, &listings, &s.n_listings, &err) != ERR_NONE ||
	    s.n_runs == 0)
		return;
	changes_of(runs, s.n_runs, &change_policy_default, a, &changes);
	s.last = s.runs = runs;
	s.points = points;
	s.spans = spans;
	s.listings = listings;
	const struct past past = { START - DAY, START + (int64_t)9 * DAY, &s, 1, NULL, 0, true };
	write_in_every_format(&past);
}

static void
read_history(const char *path)
{
	struct history *h;
	struct history_server *servers;
	struct history_message *messages;
	struct arena a;
	struct err err;
	size_t n;

	if (history_open(path, HISTORY_READ, &h, &err) != ERR_NONE)
		return;
	arena_init(&a);
	if (history_servers(h, NULL, &a, &servers, &n, &err) == ERR_NONE && n > 0)
		read_server(h, &servers[0], &a);
	(void)!history_queue_list(h, &a, &messages, &n, &err);
	arena_fini(&a);
	history_close(h);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[PATH], beside[PATH + 8], *text = malloc(size + 1);

	if (text == NULL)
		abort();
	memcpy(text, data, size);
	text[size] = '\0';
	snprintf(path, sizeof path, "%s/mailready-fuzz-%d.db",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (int)getpid());
	make_history(path);
	change_history(path, text);
	read_history(path);
	static const char *const ends[] = { "", "-wal", "-shm" };
	for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
		snprintf(beside, sizeof beside, "%s%s", path, ends[i]);
		unlink(beside);
	}
	free(text);
	return 0;
}
