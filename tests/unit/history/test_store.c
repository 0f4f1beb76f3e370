/* What goes into the history comes out of it; what is wrong with its file is said, and left alone. */
#include "test.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/hash.h"
#include "history/store.h"
#include "history/store_priv.h"

enum { DAY = 86400, START = 1700000000 };

struct world {
	char dir[64], path[128];
	struct arena arena;
	struct history *h;
	struct err err;
};

static void
open_history(struct world *w, enum history_mode mode)
{
	history_close(w->h);
	if (history_open(w->path, mode, &w->h, &w->err) != ERR_NONE)
		fail_msg("%s", w->err.text);
}

static int
setup(void **state)
{
	struct world *w = calloc(1, sizeof *w);
	const char *tmp = getenv("TMPDIR");

	snprintf(w->dir, sizeof w->dir, "%s/history.XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(w->dir));
	snprintf(w->path, sizeof w->path, "%s/state/history.db", w->dir);
	arena_init(&w->arena);
	*state = w;
	return 0;
}

static int
teardown(void **state)
{
	struct world *w = *state;
	char command[200];
	pid_t pid = fork();

	history_close(w->h);
	arena_fini(&w->arena);
	snprintf(command, sizeof command, "%s", w->dir);
	if (pid == 0)
		execlp("rm", "rm", "-rf", command, (char *)NULL);
	waitpid(pid, NULL, 0);
	free(w);
	return 0;
}

static struct digest_finding
finding(const char *rule, enum verdict verdict, const char *text)
{
	return (struct digest_finding){ .rule = rule,
		.verdict = verdict,
		.severity = SEVERITY_HIGH,
		.subject = "192.0.2.1",
		.text = text,
		.remedy = "do it",
		.why = "" };
}

static struct digest_list
listing(const char *zone, enum list_state state)
{
	return (struct digest_list){ .zone = zone,
		.subject = "192.0.2.1",
		.state = state,
		.kind = LIST_KIND_BLOCK,
		.impact = LIST_HIGH,
		.why = state == LIST_UNKNOWN ? LIST_TIMEOUT : LIST_OK,
		.codes = state == LIST_LISTED ? "127.0.0.2" : "" };
}

/* A report of day d; findings and lists are the caller's. */
static struct digest
report(int day, struct digest_finding *findings, size_t n_findings, struct digest_list *lists,
    size_t n_lists)
{
	static const char *names[] = { "a.example", "b.example" };

	return (struct digest){ .time_s = START + (int64_t)day * DAY,
		.time_us = 41000,
		.label = "outbound 1",
		.groups = "relays, customer a",
		.address = "192.0.2.1",
		.host = "mail.example",
		.ehlo = "mail.example",
		.domain = "",
		.verdict = VERDICT_FAIL,
		.reason = "because",
		.has_ptr = true,
		.has_iprev = true,
		.has_ehlo = true,
		.ptr_status = PTR_FOUND,
		.ptr_names = names,
		.n_ptr_names = 2,
		.iprev = IPREV_FAIL,
		.ehlo_seen = "mail.example",
		.ehlo_result = IPREV_PASS,
		.cert_expires_s = 1800000000,
		.lists = lists,
		.n_lists = n_lists,
		.findings = findings,
		.n_findings = n_findings };
}

static void
add(struct world *w, const struct digest *d)
{
	if (history_add(w->h, d, 1, &w->err) != ERR_NONE)
		fail_msg("%s", w->err.text);
}

static int64_t
only_server(struct world *w)
{
	struct history_server *servers;
	size_t n;

	assert_int_equal(history_servers(w->h, NULL, &w->arena, &servers, &n, &w->err), ERR_NONE);
	assert_int_equal(n, 1);
	return servers[0].id;
}

static void
assert_same(const struct digest *a, const struct digest *b)
{
	assert_int_equal(a->time_s, b->time_s);
	assert_int_equal(a->time_us, b->time_us);
	assert_string_equal(a->label, b->label);
	assert_string_equal(a->groups != NULL ? a->groups : "", b->groups != NULL ? b->groups : "");
	assert_string_equal(a->address, b->address);
	assert_string_equal(a->host, b->host);
	assert_string_equal(a->ehlo, b->ehlo);
	assert_string_equal(a->domain, b->domain);
	assert_int_equal(a->verdict, b->verdict);
	assert_string_equal(a->reason, b->reason);
	assert_int_equal(a->has_ptr, b->has_ptr);
	assert_int_equal(a->has_iprev, b->has_iprev);
	assert_int_equal(a->has_ehlo, b->has_ehlo);
	assert_int_equal(a->ptr_status, b->ptr_status);
	assert_int_equal(a->n_ptr_names, b->n_ptr_names);
	for (size_t i = 0; i < a->n_ptr_names; i++)
		assert_string_equal(a->ptr_names[i], b->ptr_names[i]);
	assert_int_equal(a->iprev, b->iprev);
	assert_string_equal(a->ehlo_seen, b->ehlo_seen);
	assert_int_equal(a->ehlo_result, b->ehlo_result);
	assert_int_equal(a->cert_expires_s, b->cert_expires_s);
	assert_memory_equal(&a->counts, &b->counts, sizeof a->counts);
	assert_int_equal(a->n_findings, b->n_findings);
	for (size_t i = 0; i < a->n_findings; i++) {
		assert_string_equal(a->findings[i].rule, b->findings[i].rule);
		assert_string_equal(a->findings[i].subject, b->findings[i].subject);
		assert_string_equal(a->findings[i].text, b->findings[i].text);
		assert_string_equal(a->findings[i].remedy, b->findings[i].remedy);
		assert_string_equal(a->findings[i].why, b->findings[i].why);
		assert_int_equal(a->findings[i].verdict, b->findings[i].verdict);
		assert_int_equal(a->findings[i].severity, b->findings[i].severity);
		assert_int_equal(a->findings[i].required, b->findings[i].required);
		assert_int_equal(a->findings[i].sure, b->findings[i].sure);
	}
	assert_int_equal(a->n_lists, b->n_lists);
	for (size_t i = 0; i < a->n_lists; i++) {
		assert_string_equal(a->lists[i].zone, b->lists[i].zone);
		assert_string_equal(a->lists[i].subject, b->lists[i].subject);
		assert_int_equal(a->lists[i].state, b->lists[i].state);
		assert_int_equal(a->lists[i].kind, b->lists[i].kind);
		assert_int_equal(a->lists[i].impact, b->lists[i].impact);
		assert_int_equal(a->lists[i].why, b->lists[i].why);
		assert_string_equal(a->lists[i].codes, b->lists[i].codes);
	}
}

/* Five days: something comes, moves to another place, changes its words, and goes. */
static size_t
five_days(struct world *w, struct digest *days)
{
	static struct digest_finding f[5][3];
	static struct digest_list l[5][2];
	static const size_t n_findings[] = { 1, 3, 2, 2, 0 };
	static const enum list_state states[] = { LIST_CLEAN, LIST_LISTED, LIST_LISTED,
		LIST_UNKNOWN, LIST_LISTED };

	for (size_t i = 0; i < 5; i++) {
		f[i][0] = finding("ptr.found", VERDICT_PASS, "it is there");
		f[i][1] = finding("iprev.fail", VERDICT_FAIL, i == 3 ? "other words" : "it fails");
		f[i][2] = finding("smtp.tls", VERDICT_WARN, "it warns");
		l[i][0] = listing("a.example", states[i]);
		l[i][1] = listing("b.example", LIST_CLEAN);
		f[i][0].required = true;
		days[i] = report((int)i, f[i], n_findings[i], l[i], i == 4 ? 1 : 2);
		days[i].counts = (struct list_counts){ .asked = i == 4 ? 1 : 2,
			.listed = states[i] == LIST_LISTED,
			.clean = (i == 4 ? 0 : 1) + (size_t)(states[i] == LIST_CLEAN),
			.unknown = states[i] == LIST_UNKNOWN,
			.not_applicable = i };
	}
	/* the second day's warning stands where the third day has none any more, the fourth first */
	f[3][0] = finding("smtp.tls", VERDICT_WARN, "it warns");
	/* one run was sure of what stood before it already */
	f[2][1].sure = true;
	days[4].verdict = VERDICT_PASS;
	days[4].n_ptr_names = 0;
	for (size_t i = 0; i < 5; i++)
		add(w, &days[i]);
	return 5;
}

/* A file that holds them, and that nobody has open. */
static void
store_five_days(struct world *w, struct digest days[5])
{
	open_history(w, HISTORY_WRITE);
	five_days(w, days);
	history_close(w->h);
	w->h = NULL;
}

static void
test_round_trip(void **state)
{
	struct world *w = *state;
	struct digest days[5], *got;
	size_t n;

	open_history(w, HISTORY_WRITE);
	five_days(w, days);
	open_history(w, HISTORY_READ);
	int64_t id = only_server(w);
	assert_int_equal(history_runs(w->h, id, 0, 100, &w->arena, &got, &n, &w->err), ERR_NONE);
	assert_int_equal(n, 5);
	for (size_t i = 0; i < 5; i++)
		assert_same(&got[i], &days[4 - i]);
	assert_int_equal(history_runs(w->h, id, START + 2 * DAY, 2, &w->arena, &got, &n, &w->err),
	    ERR_NONE);
	assert_int_equal(n, 2);
	assert_same(&got[1], &days[3]);
	assert_int_equal(history_runs(w->h, id, START + 9 * DAY, 9, &w->arena, &got, &n, &w->err),
	    ERR_NONE);
	assert_int_equal(n, 0);
	assert_int_equal(history_runs(w->h, id + 1, 0, 9, &w->arena, &got, &n, &w->err), ERR_NONE);
	assert_int_equal(n, 0);
}

static void
test_spans(void **state)
{
	struct world *w = *state;
	struct digest days[5];
	struct history_span *s;
	size_t n;
	static const struct {
		const char *rule, *text;
		int first, last;
		size_t n_runs;
	} rows[] = {
		{ "iprev.fail", "other words", 1, 3, 3 },
		{ "smtp.tls", "it warns", 1, 1, 1 },
		{ "smtp.tls", "it warns", 3, 3, 1 },
	};

	open_history(w, HISTORY_WRITE);
	five_days(w, days);
	assert_int_equal(history_spans(w->h, only_server(w), 0, &w->arena, &s, &n, &w->err),
	    ERR_NONE);
	assert_int_equal(n, N_ELEMENTS(rows));
	for (size_t i = 0; i < n; i++) {
		ROW(rows[i].rule);
		assert_string_equal(s[i].rule, rows[i].rule);
		assert_string_equal(s[i].text, rows[i].text);
		assert_int_equal(s[i].first_s, START + rows[i].first * DAY);
		assert_int_equal(s[i].last_s, START + rows[i].last * DAY);
		assert_int_equal(s[i].n_runs, rows[i].n_runs);
		assert_false(s[i].standing);
	}
	assert_int_equal(history_spans(w->h, only_server(w), START + 3 * DAY, &w->arena, &s, &n,
			     &w->err),
	    ERR_NONE);
	assert_int_equal(n, 2);
	add(w, &days[1]); /* it is back */
	assert_int_equal(history_spans(w->h, only_server(w), 0, &w->arena, &s, &n, &w->err),
	    ERR_NONE);
	assert_int_equal(n, 5);
	assert_true(s[1].standing || s[4].standing);
}

/* What was seen first and last stays with a finding, whatever its words and its place; it has a limit. */
static void
test_evidence(void **state)
{
	struct world *w = *state;
	static char much[9000];
	struct digest_finding good = finding("ptr.found", VERDICT_PASS, "good"),
			      bad = finding("dnsbl.listed", VERDICT_FAIL, "listed");
	struct history_span *spans;
	size_t n;

	good.evidence = "not kept";
	memset(much, 'x', sizeof much - 1);
	for (size_t i = 99; i < sizeof much - 1; i += 100)
		much[i] = '\n';
	open_history(w, HISTORY_WRITE);
	for (int day = 0; day < 5; day++) {
		const struct {
			const char *seen, *last; /* NULL: see below */
		} days_seen[] = {
			{ "A one\n  127.0.0.2", "A one\n  127.0.0.2" },
			{ "A two", "A two" },
			{ "A three\033[31m", "A three\\x1b[31m" },
			{ NULL, "" },
			{ much, NULL },
		};
		struct digest_finding both[] = { good, bad };
		size_t at = day == 2 ? 0 : 1;
		both[1 - at] = good;
		both[at] = bad;
		both[at].text = day == 1 ? "listed, in other words" : "listed";
		both[at].evidence = days_seen[day].seen;
		struct digest d = report(day, both, 2, NULL, 0);
		assert_int_equal(history_add(w->h, &d, 1, &w->err), ERR_NONE);
		assert_int_equal(history_spans(w->h, only_server(w), 0, &w->arena, &spans, &n,
				     &w->err),
		    ERR_NONE);
		assert_int_equal(n, 1);
		assert_string_equal(spans[0].first_evidence, "A one\n  127.0.0.2");
		if (days_seen[day].last != NULL)
			assert_string_equal(spans[0].last_evidence, days_seen[day].last);
	}
	assert_in_range(strlen(spans[0].last_evidence), 1900, 2060);
	assert_non_null(strstr(spans[0].last_evidence, "\n..."));
}

static void
test_listings_and_points(void **state)
{
	struct world *w = *state;
	struct digest days[5];
	struct history_listing *l;
	struct history_point *p;
	size_t n;

	open_history(w, HISTORY_WRITE);
	five_days(w, days);
	assert_int_equal(history_listings(w->h, only_server(w), 0, &w->arena, &l, &n, &w->err),
	    ERR_NONE);
	assert_int_equal(n, 2);
	assert_string_equal(l[0].zone, "a.example");
	assert_int_equal(l[0].first_s, START + 1 * DAY);
	assert_int_equal(l[0].last_s, START + 2 * DAY);
	assert_false(l[0].standing);
	assert_int_equal(l[1].first_s, START + 4 * DAY);
	assert_true(l[1].standing);
	assert_int_equal(history_points(w->h, only_server(w), 0, &w->arena, &p, &n, &w->err),
	    ERR_NONE);
	assert_int_equal(n, 5);
	assert_int_equal(p[0].time_s, START);
	assert_int_equal(p[4].verdict, VERDICT_PASS);
	assert_int_equal(p[1].lists.listed, 1);
	assert_int_equal(p[1].lists.asked, 2);
	assert_int_equal(p[3].lists.unknown, 1);
}

static void
test_servers(void **state)
{
	struct world *w = *state;
	struct history_server *s;
	struct digest all[4];
	size_t n;
	static const struct {
		const char *name;
		size_t n;
	} rows[] = { { NULL, 3 }, { "192.0.2.1", 2 }, { "outbound 1", 2 }, { "second", 1 },
		{ "mail.example", 3 }, { "nobody", 0 }, { "' OR 1 --", 0 } };

	for (size_t i = 0; i < 4; i++)
		all[i] = report(0, NULL, 0, NULL, 0);
	all[1].ehlo = "other.example";
	all[2].address = "192.0.2.2";
	all[2].label = "second";
	open_history(w, HISTORY_WRITE);
	/* the last is the first again: seen once by one run */
	assert_int_equal(history_add(w->h, all, 4, &w->err), ERR_NONE);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].name != NULL ? rows[i].name : "all");
		assert_int_equal(history_servers(w->h, rows[i].name, &w->arena, &s, &n, &w->err),
		    ERR_NONE);
		assert_int_equal(n, rows[i].n);
		for (size_t k = 0; k < n; k++)
			assert_int_equal(s[k].n_runs, 1);
	}
}

static int64_t
count(struct world *w, const char *sql)
{
	sqlite3_stmt *stmt;

	if (w->h == NULL)
		return -1;
	assert_int_equal(sqlite3_prepare_v2(w->h->db, sql, -1, &stmt, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(stmt), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(stmt, 0);
	sqlite3_finalize(stmt);
	return n;
}

static void
test_forget(void **state)
{
	struct world *w = *state;
	struct digest days[5], *got;
	struct history_span *s;
	size_t n;

	open_history(w, HISTORY_WRITE);
	five_days(w, days);
	days[3].has_demands = true;
	days[3].demands = &(
	    struct digest_demand){ .receiver = "gmail", .name = "Gmail", .code = "" };
	days[3].n_demands = 1;
	add(w, &days[3]); /* out of order, as from a run that was slow */
	assert_int_equal(count(w, "SELECT count(*) FROM demand"), 1);
	assert_int_equal(history_forget(w->h, START + 4 * DAY, DAY, &w->err), ERR_NONE);
	assert_int_equal(history_runs(w->h, only_server(w), 0, 9, &w->arena, &got, &n, &w->err),
	    ERR_NONE);
	assert_int_equal(n, 3);
	assert_same(&got[0], &days[3]);
	assert_same(&got[1], &days[4]);
	assert_int_equal(history_spans(w->h, only_server(w), 0, &w->arena, &s, &n, &w->err),
	    ERR_NONE);
	assert_int_equal(s[0].first_s, START + 1 * DAY); /* it stood on the fourth day still */
	assert_int_equal(history_forget(w->h, START + 99 * DAY, 0, &w->err), ERR_NONE);
	static const char *const empty[] = { "SELECT count(*) FROM server",
		"SELECT count(*) FROM report", "SELECT count(*) FROM finding",
		"SELECT count(*) FROM finding_span", "SELECT count(*) FROM listing",
		"SELECT count(*) FROM listing_span", "SELECT count(*) FROM text",
		"SELECT count(*) FROM demand", "SELECT count(*) FROM pragma_foreign_key_check" };
	for (size_t i = 0; i < N_ELEMENTS(empty); i++) {
		ROW(empty[i]);
		assert_int_equal(count(w, empty[i]), 0);
	}
}

/* Daily runs, then some at other times: how many are left when what is older than 100 days goes. */
static void
test_forget_by_a_wrong_clock(void **state)
{
	struct world *w = *state;
	enum { DAILY = 90, YEARS = 3650, OTHERS_MAX = 12 };
	static const struct {
		const char *name;
		int others[OTHERS_MAX]; /* days of further runs; 0: no more */
		int now;
		size_t left;
	} rows[] = {
		{ "nothing is old", { 90 }, 90, 91 },
		{ "the oldest go day by day", { 100, 110 }, 110, 81 + 1 },
		{ "one run ten years ahead", { YEARS }, YEARS, 76 + 1 },
		{ "several runs ten years ahead", { YEARS, YEARS + 1, YEARS + 2 }, YEARS + 2,
		    74 + 3 },
		{ "right again: runs to come do not count", { YEARS, 91, 92 }, 92, 93 },
		{ "switched off for a year", { 455 }, 455, 76 + 1 },
		{ "before the clock was set", { -19000 }, 89, 90 },
	};

	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct digest *got, d;
		size_t n;
		ROW(rows[i].name);
		unlink(w->path);
		open_history(w, HISTORY_WRITE);
		for (int day = 0; day < DAILY; day++) {
			d = report(day, NULL, 0, NULL, 0);
			add(w, &d);
		}
		for (size_t k = 0; k < OTHERS_MAX && rows[i].others[k] != 0; k++) {
			d = report(rows[i].others[k], NULL, 0, NULL, 0);
			add(w, &d);
		}
		assert_int_equal(history_forget(w->h, START + (int64_t)rows[i].now * DAY, 100 * DAY,
				     &w->err),
		    ERR_NONE);
		assert_int_equal(history_runs(w->h, only_server(w), 0, 1000, &w->arena, &got, &n,
				     &w->err),
		    ERR_NONE);
		assert_int_equal(n, rows[i].left);
	}
}

/* A message that a clock ten years ahead has put off is due; one that has to wait for a day is not. */
static void
test_queue_by_a_wrong_clock(void **state)
{
	struct world *w = *state;
	static const struct {
		const char *name;
		int64_t next_s;
		bool due;
	} rows[] = {
		{ "now", START, true },
		{ "in a minute", START + 60, false },
		{ "in a day", START + DAY, false },
		{ "later than anybody waits", START + DAY + 1, true },
		{ "in ten years", START + (int64_t)3650 * DAY, true },
	};

	open_history(w, HISTORY_WRITE);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct history_message m = { .channel = "mail",
			.subject = "s",
			.body = "b",
			.made_s = START,
			.next_s = rows[i].next_s };
		int64_t id;
		bool found;
		ROW(rows[i].name);
		assert_int_equal(history_message_is_due(&m, START), rows[i].due);
		assert_int_equal(history_queue_put(w->h, &m, &id, &w->err), ERR_NONE);
		assert_int_equal(history_queue_take(w->h, START, 60, &w->arena, &m, &found,
				     &w->err),
		    ERR_NONE);
		assert_int_equal(found, rows[i].due);
		assert_int_equal(history_queue_done(w->h, id, &w->err), ERR_NONE);
	}
}

static void
test_queue(void **state)
{
	struct world *w = *state;
	struct history_message m = { .channel = "mail",
		.subject = "s",
		.body = "b\nb",
		.made_s = 100,
		.next_s = 100 };
	struct history_message got;
	struct history *other;
	int64_t id, sent;
	size_t n;
	bool found;

	open_history(w, HISTORY_WRITE);
	assert_int_equal(history_open(w->path, HISTORY_WRITE, &other, &w->err), ERR_NONE);
	assert_int_equal(history_queue_put(w->h, &m, &id, &w->err), ERR_NONE);
	assert_int_equal(history_queue_take(w->h, 99, 60, &w->arena, &got, &found, &w->err),
	    ERR_NONE);
	assert_false(found);
	assert_int_equal(history_queue_take(w->h, 100, 60, &w->arena, &got, &found, &w->err),
	    ERR_NONE);
	assert_true(found);
	assert_int_equal(got.id, id);
	assert_string_equal(got.body, "b\nb");
	assert_string_equal(got.error, "");
	assert_int_equal(got.tries, 0);
	/* nobody else gets it until the lease is over */
	assert_int_equal(history_queue_take(other, 159, 60, &w->arena, &got, &found, &w->err),
	    ERR_NONE);
	assert_false(found);
	assert_int_equal(history_queue_take(other, 160, 60, &w->arena, &got, &found, &w->err),
	    ERR_NONE);
	assert_true(found);
	assert_int_equal(got.tries, 1);
	assert_int_equal(history_queue_failed(other, &got, 500, "refused", &w->err), ERR_NONE);
	assert_int_equal(history_queue_take(w->h, 499, 60, &w->arena, &got, &found, &w->err),
	    ERR_NONE);
	assert_false(found);
	assert_int_equal(history_queue_take(w->h, 500, 60, &w->arena, &got, &found, &w->err),
	    ERR_NONE);
	assert_true(found);
	assert_string_equal(got.error, "refused");
	assert_int_equal(history_queue_count(w->h, &n, &w->err), ERR_NONE);
	assert_int_equal(n, 1);
	assert_int_equal(history_queue_done(w->h, id, &w->err), ERR_NONE);
	assert_int_equal(history_queue_count(other, &n, &w->err), ERR_NONE);
	assert_int_equal(n, 0);
	assert_int_equal(history_sent_get(w->h, "mail", &sent, &w->err), ERR_NONE);
	assert_int_equal(sent, 0);
	assert_int_equal(history_sent_put(w->h, "mail", 7, &w->err), ERR_NONE);
	assert_int_equal(history_sent_put(w->h, "mail", 8, &w->err), ERR_NONE);
	assert_int_equal(history_sent_get(w->h, "mail", &sent, &w->err), ERR_NONE);
	assert_int_equal(sent, 8);
	history_close(other);
}

/* What is left of a message is the same message still. */
static void
test_queue_rest(void **state)
{
	struct world *w = *state;
	struct history_message m = { .channel = "mail",
		.subject = "s",
		.body = "all",
		.made_s = 100,
		.next_s = 100 };
	struct history_message got;
	int64_t id;
	size_t n;
	bool found;

	open_history(w, HISTORY_WRITE);
	assert_int_equal(history_queue_put(w->h, &m, &id, &w->err), ERR_NONE);
	assert_int_equal(history_queue_take(w->h, 100, 60, &w->arena, &got, &found, &w->err),
	    ERR_NONE);
	assert_true(found);
	assert_int_equal(history_queue_rest(w->h, &got, "rest", 600, "in part", &w->err), ERR_NONE);
	assert_int_equal(history_queue_count(w->h, &n, &w->err), ERR_NONE);
	assert_int_equal(n, 1);
	assert_int_equal(history_queue_take(w->h, 599, 60, &w->arena, &got, &found, &w->err),
	    ERR_NONE);
	assert_false(found);
	assert_int_equal(history_queue_take(w->h, 600, 60, &w->arena, &got, &found, &w->err),
	    ERR_NONE);
	assert_true(found);
	assert_int_equal(got.id, id);
	assert_int_equal(got.tries, 1);
	assert_int_equal(got.made_s, 100);
	assert_string_equal(got.body, "rest");
	assert_string_equal(got.error, "in part");
}

static void
make_file(const struct world *w, const char *content, size_t len)
{
	char dir[100];
	snprintf(dir, sizeof dir, "%s/state", w->dir);
	(void)mkdir(dir, 0700);
	FILE *f = fopen(w->path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(content, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

static void
sql_file(const struct world *w, const char *sql)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(w->path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static void
refused(struct world *w, enum history_mode mode, enum err_code code, const char *word)
{
	struct history *h;
	assert_int_equal(history_open(w->path, mode, &h, &w->err), code);
	assert_null(h);
	if (strstr(w->err.text, word) == NULL)
		fail_msg("'%s' does not say '%s'", w->err.text, word);
}

static void
test_strange_files(void **state)
{
	struct world *w = *state;
	static const char text[] = "this is no database, and is longer than a header, surely it is "
				   "longer than the hundred bytes of one";

	refused(w, HISTORY_READ, ERR_NOINPUT, "mailready run");
	make_file(w, "", 0);
	refused(w, HISTORY_READ, ERR_NOINPUT, "no run is stored");
	make_file(w, text, sizeof text);
	refused(w, HISTORY_WRITE, ERR_DATA, "not a history");
	refused(w, HISTORY_READ, ERR_DATA, "not a history");
	assert_int_equal(unlink(w->path), 0);
	sql_file(w, "CREATE TABLE other(x)");
	refused(w, HISTORY_WRITE, ERR_DATA, "another program");
	refused(w, HISTORY_READ, ERR_DATA, "another program");
	assert_int_equal(unlink(w->path), 0);
	assert_int_equal(mkdir(w->path, 0700), 0);
	refused(w, HISTORY_READ, ERR_DATA, "not a regular file");
	refused(w, HISTORY_WRITE, ERR_CANTCREAT, "directory");
	assert_int_equal(rmdir(w->path), 0);
}

static void
test_modes(void **state)
{
	struct world *w = *state;
	struct stat st;

	open_history(w, HISTORY_WRITE);
	assert_int_equal(stat(w->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	char *slash = strrchr(w->path, '/');
	*slash = '\0';
	assert_int_equal(stat(w->path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	*slash = '/';
	assert_int_equal(count(w, "SELECT synchronous = 2 FROM pragma_synchronous"), 1);
	assert_int_equal(count(w, "SELECT foreign_keys FROM pragma_foreign_keys"), 1);
	assert_int_equal(count(w, "SELECT journal_mode = 'wal' FROM pragma_journal_mode"), 1);
}

/* Bytes in the middle of the file are overwritten: nothing more is written to it. */
static void
test_damage(void **state)
{
	struct world *w = *state;
	struct digest days[5];
	struct stat st;
	char junk[2048];

	store_five_days(w, days);
	assert_int_equal(stat(w->path, &st), 0);
	memset(junk, 0xa5, sizeof junk);
	int fd = open(w->path, O_WRONLY);
	for (off_t at = 4096; at + (off_t)sizeof junk < st.st_size; at += 4096)
		assert_int_equal(pwrite(fd, junk, sizeof junk, at), sizeof junk);
	close(fd);
	refused(w, HISTORY_WRITE, ERR_DATA, "damaged");
}

/* A file that somebody else has written: nothing in it reaches a terminal, or a calendar, as it is. */
static void
test_hostile_content(void **state)
{
	struct world *w = *state;
	struct digest days[5], *got;
	struct history_span *s;
	struct history_listing *l;
	struct history_server *servers;
	size_t n;

	store_five_days(w, days);
	sql_file(w,
	    "UPDATE text SET value = value || char(27) || '[31m' || char(10);"
	    "UPDATE report SET time_s = 9223372036854775807, cert_expires_s = -5;"
	    "UPDATE server SET label = char(7), last_s = -1;"
	    "UPDATE finding_span SET first_s = -9223372036854775807;"
	    "DELETE FROM text WHERE value LIKE 'iprev.fail%'");
	open_history(w, HISTORY_READ);
	assert_int_equal(history_servers(w->h, NULL, &w->arena, &servers, &n, &w->err), ERR_NONE);
	assert_string_equal(servers[0].label, "\\x07");
	assert_int_equal(servers[0].last_s, 253402300799);
	assert_int_equal(history_runs(w->h, servers[0].id, 0, 9, &w->arena, &got, &n, &w->err),
	    ERR_NONE);
	assert_int_equal(n, 5);
	assert_string_equal(got[0].reason, "because\\x1b[31m\\x0a");
	assert_int_equal(got[0].cert_expires_s, 0);
	assert_int_equal(history_spans(w->h, servers[0].id, 0, &w->arena, &s, &n, &w->err),
	    ERR_NONE);
	for (size_t i = 0; i < n; i++) {
		assert_null(strchr(s[i].text, 27));
		assert_int_equal(s[i].first_s, 0);
	}
	assert_int_equal(history_listings(w->h, servers[0].id, 0, &w->arena, &l, &n, &w->err),
	    ERR_NONE);
	/* and a word that no writer of ours has written is damage */
	history_close(w->h);
	w->h = NULL;
	sql_file(w, "UPDATE report SET verdict = 'perhaps'");
	open_history(w, HISTORY_READ);
	assert_int_equal(history_runs(w->h, servers[0].id, 0, 9, &w->arena, &got, &n, &w->err),
	    ERR_DATA);
}

/* Words of results that no writer of ours has written: what they are about was not looked at. */
static void
test_hostile_words(void **state)
{
	struct world *w = *state;
	struct digest days[5], *got;
	size_t n;

	store_five_days(w, days);
	sql_file(w,
	    "UPDATE text SET value = 'lovely' WHERE value IN ('found', 'pass', 'listed', 'block');"
	    "UPDATE text SET value = 'enormous' WHERE value = 'high';"
	    "UPDATE text SET value = 'why-not' WHERE value = 'timeout';"
	    "UPDATE report SET listed = 3");
	open_history(w, HISTORY_READ);
	assert_int_equal(history_runs(w->h, only_server(w), 0, 9, &w->arena, &got, &n, &w->err),
	    ERR_NONE);
	assert_int_equal(n, 5);
	for (size_t i = 0; i < n; i++) {
		assert_false(got[i].has_ptr);
		assert_true(got[i].has_iprev); /* its word is "fail" */
		assert_false(got[i].has_ehlo);
		assert_string_equal(digest_ptr_word(&got[i]), "");
		assert_string_equal(digest_iprev_word(&got[i]), "fail");
		assert_int_equal(got[i].counts.asked, 0); /* 3 of 2 are listed: nothing is known */
		for (size_t k = 0; k < got[i].n_lists; k++) {
			const struct digest_list *l = &got[i].lists[k];
			assert_int_equal(l->kind, LIST_KIND_INFO);
			assert_int_equal(l->impact, LIST_INFO);
			assert_int_equal(l->state == LIST_CLEAN,
			    days[4 - i].lists[k].state == LIST_CLEAN);
			assert_int_not_equal(l->state, LIST_LISTED);
		}
	}
	assert_string_equal(digest_list_reason(&got[1].lists[0]), "why-not");
	assert_string_equal(digest_list_reason(&got[2].lists[0]), "127.0.0.2");
}

/* Numbers of reports that nobody has counted to: nothing that is reckoned with them overflows. */
static void
test_hostile_numbers(void **state)
{
	struct world *w = *state;
	struct digest days[5];
	struct history_span *s;
	struct history_listing *l;
	struct history_server *servers;
	size_t n;

	store_five_days(w, days);
	sql_file(w,
	    "UPDATE server SET last_seq = 9223372036854775807;"
	    "UPDATE finding_span SET first_seq = -9223372036854775807 WHERE last_seq IS NULL;"
	    "UPDATE finding_span SET last_seq = 9223372036854775807 WHERE last_seq IS NOT NULL;"
	    "UPDATE listing_span SET last_seq = 9223372036854775807 WHERE last_seq IS NOT NULL");
	open_history(w, HISTORY_READ);
	assert_int_equal(history_servers(w->h, NULL, &w->arena, &servers, &n, &w->err), ERR_NONE);
	assert_int_equal(history_spans(w->h, servers[0].id, 0, &w->arena, &s, &n, &w->err),
	    ERR_NONE);
	assert_true(n > 0);
	for (size_t i = 0; i < n; i++)
		assert_true(s[i].n_runs <= INT64_MAX / 2);
	assert_int_equal(history_listings(w->h, servers[0].id, 0, &w->arena, &l, &n, &w->err),
	    ERR_NONE);
	history_close(w->h);
	w->h = NULL;
	/* the next run's report has a number, too; that it cannot follow is said */
	open_history(w, HISTORY_WRITE);
	assert_int_equal(history_add(w->h, &days[4], 1, &w->err), ERR_DATA);
}

/* --- older and newer schemas: steps of this program's, and one that follows them */

static const char *const *
longer_schema(const char *next)
{
	static const char *steps[8];
	memcpy(steps, schema_steps, schema_steps_n * sizeof steps[0]);
	steps[schema_steps_n] = next;
	return steps;
}

static void
test_migration(void **state)
{
	struct world *w = *state;
	struct digest days[5], *got;
	struct history *h;
	size_t n;
	const char *const *steps;

	store_five_days(w, days);
	/* a step that fails leaves all as it was */
	assert_int_equal(store_open(w->path, HISTORY_WRITE,
			     longer_schema("CREATE TABLE half(x); INSERT INTO nowhere VALUES (1)"),
			     schema_steps_n + 1, &h, &w->err),
	    ERR_IO);
	open_history(w, HISTORY_READ);
	assert_int_equal(count(w, "SELECT count(*) FROM sqlite_schema WHERE name = 'half'"), 0);
	history_close(w->h);
	w->h = NULL;
	/* who only reads brings it up to date as well */
	steps = longer_schema("ALTER TABLE server ADD COLUMN colour TEXT");
	assert_int_equal(store_open(w->path, HISTORY_READ, steps, schema_steps_n + 1, &w->h,
			     &w->err),
	    ERR_NONE);
	assert_int_equal(count(w, "SELECT user_version FROM pragma_user_version"),
	    schema_steps_n + 1);
	assert_int_equal(count(w, "SELECT count(*) FROM server WHERE colour IS NULL"), 1);
	assert_int_equal(history_runs(w->h, only_server(w), 0, 9, &w->arena, &got, &n, &w->err),
	    ERR_NONE);
	assert_int_equal(n, 5);
	assert_same(&got[0], &days[4]);
	history_close(w->h);
	w->h = NULL;
	refused(w, HISTORY_WRITE, ERR_DATA, "newer");
	refused(w, HISTORY_READ, ERR_DATA, "newer");
}

/* --- a file that 0.1.0 wrote (files/0.1.0.sql is a dump of it) */

static void
make_0_1_0(const struct world *w)
{
	char sql[16384] = "";
	FILE *f = fopen("tests/unit/history/files/0.1.0.sql", "r");

	assert_non_null(f);
	assert_in_range(fread(sql, 1, sizeof sql - 1, f), 1000, sizeof sql - 2);
	fclose(f);
	make_file(w, "", 0);
	sql_file(w, sql);
}

static void
test_0_1_0(void **state)
{
	static const char *const renamed[] = { "ptr.authority-unknown", "iprev.names-unknown",
		"smtp.unknown", "smtp.tls-unknown", "dnsbl.all-unknown" };
	static const char *const old[] = { "ptr.authority-untold", "iprev.names-untold",
		"smtp.untold", "smtp.tls-untold", "dnsbl.none-told" };
	struct world *w = *state;
	struct digest *got;
	bool found = false;
	size_t n;

	make_0_1_0(w);
	open_history(w, HISTORY_READ);
	assert_int_equal(history_runs(w->h, only_server(w), 0, 9, &w->arena, &got, &n, &w->err),
	    ERR_NONE);
	assert_int_equal(n, 3);
	for (size_t i = 0; i < got[0].n_findings; i++)
		found |= strcmp(got[0].findings[i].rule, "ptr.authority-unknown") == 0;
	assert_true(found);
	/* the stored hash is the one that the program looks for */
	for (size_t i = 0; i < sizeof renamed / sizeof renamed[0]; i++) {
		char sql[300];
		snprintf(sql, sizeof sql, "value = '%s', hash = %lld  WHERE value = '%s'",
		    renamed[i], (long long)hash_text(renamed[i]), old[i]);
		assert_non_null(strstr(schema_steps[1], sql));
	}
}

/* Lists of an IPv6 address, as 0.1.0 stored them: the count is made again, each list once. */
static void
test_0_1_0_lists(void **state)
{
	static const char rows[] =
	    "INSERT INTO text VALUES (101, 101, 'a.example'), (102, 102, 'b.example'),"
	    "  (103, 103, 'c.example'), (104, 104, 'd.example'), (105, 105, 'host.example'),"
	    "  (106, 106, 'example'), (107, 107, 'listed'), (108, 108, 'unknown'),"
	    "  (109, 109, 'clean'), (110, 110, 'block'), (111, 111, 'allow'), (112, 112, 'high'),"
	    "  (113, 113, 'unsupported-family'), (114, 114, 'timeout'), (115, 115, '127.0.0.2');"
	    "INSERT INTO listing VALUES (1, 101, 2, 108, 110, 112, 113),"             /* family */
	    "  (2, 102, 105, 107, 110, 112, 115), (3, 102, 106, 108, 110, 112, 114)," /* listed */
	    "  (4, 103, 105, 108, 110, 112, 114), (5, 103, 106, 109, 110, 112, 8),"   /* unknown */
	    "  (6, 104, 2, 107, 111, 112, 115), (7, 104, 2, 109, 110, 112, 8);" /* allow; clean */
	    "INSERT INTO listing_span VALUES (1, 0, 1, NULL, 1795970012, NULL, 1),"
	    "  (1, 1, 1, NULL, 1795970012, NULL, 2), (1, 2, 1, NULL, 1795970012, NULL, 3),"
	    "  (1, 3, 2, NULL, 1795970013, NULL, 4), (1, 4, 2, NULL, 1795970013, NULL, 5),"
	    "  (1, 5, 1, 2, 1795970012, 1795970013, 6), (1, 5, 3, NULL, 1795970014, NULL, 7);"
	    "UPDATE report SET asked = 9, listed = 9, untold = 9";
	static const struct list_counts counts[] = {
		{ .asked = 1, .listed = 1, .not_applicable = 1 },
		{ .asked = 2, .listed = 1, .unknown = 1, .not_applicable = 1 },
		{ .asked = 3, .listed = 1, .clean = 1, .unknown = 1, .not_applicable = 1 },
	};
	struct world *w = *state;
	struct history_point *p;
	struct digest *got;
	size_t n;

	make_0_1_0(w);
	sql_file(w, rows);
	open_history(w, HISTORY_WRITE);
	assert_int_equal(history_points(w->h, only_server(w), 0, &w->arena, &p, &n, &w->err),
	    ERR_NONE);
	assert_int_equal(n, 3);
	for (size_t i = 0; i < n; i++)
		assert_memory_equal(&p[i].lists, &counts[i], sizeof counts[i]);
	assert_int_equal(history_runs(w->h, only_server(w), 0, 9, &w->arena, &got, &n, &w->err),
	    ERR_NONE);
	assert_memory_equal(&got[0].counts, &counts[2], sizeof counts[2]);
	assert_int_equal(got[0].lists[0].state, LIST_NOT_APPLICABLE);
	assert_int_equal(got[0].lists[0].why, LIST_FAMILY);
	/* the new text is the one that the program looks for */
	char sql[100];
	snprintf(sql, sizeof sql, "VALUES (%lld, 'not-applicable')",
	    (long long)hash_text("not-applicable"));
	assert_non_null(strstr(schema_steps[2], sql));
}

/* A run as "spf=not-met/not-met dkim=unknown/met", "" where all is met, NULL where it did not look. */
static void
add_demands(struct world *w, int day, const char *words)
{
	struct digest d = report(day, NULL, 0, NULL, 0);
	struct digest_demand list[4];
	char demand[20], any[20], bulk[20];
	int read = 0, code;

	d.has_demands = words != NULL;
	d.demands = list;
	for (const char *at = words != NULL ? words : ""; *at != '\0'; at += read) {
		struct digest_demand *one = &list[d.n_demands++];
		assert_int_equal(sscanf(at, "%19[a-z]=%19[a-z-]/%19[a-z-] %n", demand, any, bulk,
				     &read),
		    3);
		*one = (struct digest_demand){ .receiver = "gmail",
			.name = "Gmail",
			.code = "550 5.7.26" };
		assert_true(enumtab_code(&receiver_demand_names, demand, &code));
		one->demand = (enum receiver_demand)code;
		assert_true(enumtab_code(&demand_state_names, any, &code));
		one->any = (enum demand_state)code;
		assert_true(enumtab_code(&demand_state_names, bulk, &code));
		one->bulk = (enum demand_state)code;
	}
	add(w, &d);
}

/* Of the last run: those that are not met, each with the day since which no run has seen it met. */
static void
test_demands(void **state)
{
	static const struct {
		const char *name, *runs[4]; /* one a day */
		size_t n_runs;
		bool looked;
		const char *found;
	} rows[] = {
		{ "never looked", { NULL }, 1, false, "" },
		{ "all met", { "" }, 1, true, "" },
		{ "not met from the beginning", { "spf=not-met/not-met", "spf=not-met/not-met" }, 2,
		    true, "spf not-met not-met 0;" },
		{ "met meanwhile", { "spf=not-met/not-met", "", "spf=not-met/not-met" }, 3, true,
		    "spf not-met not-met 2;" },
		{ "a run that could not tell does not end it",
		    { "spf=not-met/not-met", "spf=unknown/unknown", "spf=not-met/not-met" }, 3,
		    true, "spf not-met not-met 0;" },
		{ "repaired", { "spf=not-met/not-met dkim=met/not-met", "dkim=met/not-met" }, 2,
		    true, "dkim met not-met 0;" },
		{ "two, by name",
		    { "spf=unknown/unknown", "spf=not-met/not-met dkim=unknown/unknown" }, 2, true,
		    "dkim unknown unknown 1;spf not-met not-met 0;" },
		{ "the last run did not look", { "spf=not-met/not-met", NULL }, 2, false, "" },
	};
	struct world *w = *state;

	open_history(w, HISTORY_WRITE);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct history_demand *got;
		size_t n;
		bool looked;
		char text[200] = "";
		ROW(rows[i].name);
		for (size_t k = 0; k < rows[i].n_runs; k++)
			add_demands(w, (int)(10 * i + k), rows[i].runs[k]);
		assert_int_equal(history_demands(w->h, only_server(w), &w->arena, &got, &n, &looked,
				     &w->err),
		    ERR_NONE);
		for (size_t k = 0; k < n; k++) {
			const struct digest_demand *d = &got[k].demand;
			snprintf(text + strlen(text), sizeof text - strlen(text), "%s %s %s %d;",
			    enumtab_name(&receiver_demand_names, (int)d->demand),
			    enumtab_name(&demand_state_names, (int)d->any),
			    enumtab_name(&demand_state_names, (int)d->bulk),
			    (int)((got[k].since_s - START) / DAY) - 10 * (int)i);
			assert_string_equal(d->name, "Gmail");
			assert_string_equal(d->code, "550 5.7.26");
		}
		assert_string_equal(text, rows[i].found);
		assert_int_equal(looked, rows[i].looked);
		add_demands(w, (int)(10 * i) + 9, NULL);
	}
}

/* What belongs together is stored together; a part that fails takes back the whole. */
static void
test_transaction(void **state)
{
	struct world *w = *state;
	struct digest d = report(0, NULL, 0, NULL, 0);
	struct history_server *servers;
	size_t n;

	open_history(w, HISTORY_WRITE);
	assert_int_equal(history_begin(w->h, &w->err), ERR_NONE);
	add(w, &d);
	assert_int_equal(history_sent_put(w->h, "mail", 7, &w->err), ERR_NONE);
	assert_int_equal(history_end(w->h, ERR_IO, &w->err), ERR_IO);
	assert_int_equal(history_servers(w->h, NULL, &w->arena, &servers, &n, &w->err), ERR_NONE);
	assert_int_equal(n, 0);
	assert_int_equal(history_begin(w->h, &w->err), ERR_NONE);
	add(w, &d);
	assert_int_equal(history_end(w->h, ERR_NONE, &w->err), ERR_NONE);
	assert_int_equal(history_servers(w->h, NULL, &w->arena, &servers, &n, &w->err), ERR_NONE);
	assert_int_equal(n, 1);
}

/* A report that cannot be stored takes the whole run back. */
static void
test_all_or_none(void **state)
{
	struct world *w = *state;
	struct digest days[5], *got;
	size_t n;

	open_history(w, HISTORY_WRITE);
	five_days(w, days);
	assert_int_equal(sqlite3_exec(w->h->db, "CREATE UNIQUE INDEX once ON report(time_s)", NULL,
			     NULL, NULL),
	    SQLITE_OK);
	struct digest all[] = { days[0], days[1] };
	all[0].time_s = START + 50 * DAY;
	all[0].ehlo = "new.example";
	assert_int_equal(history_add(w->h, all, 2, &w->err), ERR_IO);
	assert_int_equal(history_runs(w->h, only_server(w), 0, 9, &w->arena, &got, &n, &w->err),
	    ERR_NONE);
	assert_int_equal(n, 5);
}

int
main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		TEST(test_round_trip),
		TEST(test_spans),
		TEST(test_evidence),
		TEST(test_listings_and_points),
		TEST(test_demands),
		TEST(test_servers),
		TEST(test_forget),
		TEST(test_forget_by_a_wrong_clock),
		TEST(test_queue_by_a_wrong_clock),
		TEST(test_queue),
		TEST(test_queue_rest),
		TEST(test_strange_files),
		TEST(test_modes),
		TEST(test_damage),
		TEST(test_hostile_content),
		TEST(test_hostile_words),
		TEST(test_hostile_numbers),
		TEST(test_migration),
		TEST(test_0_1_0),
		TEST(test_0_1_0_lists),
		TEST(test_transaction),
		TEST(test_all_or_none),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
