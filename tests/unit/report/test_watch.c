/* What a scheduled run says on a terminal. */
#include "base/buf.h"
#include "report/watch.h"
#include "test.h"

static const struct digest_finding listed = { .rule = "dnsbl.listed",
	.verdict = VERDICT_FAIL,
	.subject = "zen.example",
	.text = "listed on zen.example",
	.remedy = "Ask for removal.",
	.why = "" };
static struct change one_change[] = {
	{ .kind = CHANGE_NEW, .finding = &listed, .text = "listed on zen.example" }
};
static struct change ptr_change[] = { { .kind = CHANGE_PTR,
    .text = "the PTR name is a.example now" } };

static const struct digest bad = { .address = "192.0.2.1",
	.label = "",
	.host = "",
	.ehlo = "",
	.domain = "",
	.verdict = VERDICT_FAIL,
	.reason = "listed on zen.example" };
static const struct digest good = { .address = "192.0.2.2",
	.label = "",
	.host = "",
	.ehlo = "",
	.domain = "",
	.verdict = VERDICT_PASS,
	.reason = "all is well" };

#define ONE_CHANGE .list = one_change, .n = 1, .verdict = VERDICT_FAIL, .before = VERDICT_PASS
#define STAYS(verdict_) .verdict = (verdict_), .before = (verdict_)

static const struct changes got_worse = { ONE_CHANGE }, first_run = { ONE_CHANGE, .first = true },
			    other_name = { .list = ptr_change, .n = 1, STAYS(VERDICT_PASS) },
			    stays = { STAYS(VERDICT_PASS) },
			    stays_unknown = { STAYS(VERDICT_TEMPERROR) };

#define WORSE \
	"  new     fail      dnsbl.listed: listed on zen.example\n" \
	"                    Ask for removal.\n"

static const struct {
	const char *name;
	struct watched_server servers[3];
	size_t n, n_sent, n_queued;
	bool quiet;
	const char *text;
} rows[] = {
	{ "nothing", .n = 0, .text = "" },
	{ "all have changed: none is left to count", { { &bad, &got_worse } }, .n = 1,
	    .text = "192.0.2.1: fail, was pass\n" WORSE },
	{ "the first run", { { &bad, &first_run } }, .n = 1,
	    .text = "192.0.2.1: fail (first run)\n" WORSE },
	{ "other PTR names, the same verdict", { { &good, &other_name } }, .n = 1,
	    .text = "192.0.2.2: pass\n  ptr     the PTR name is a.example now\n" },
	{ "nothing has changed", { { &good, &stays } }, .n = 1,
	    .text = "1 server without a change: 1 pass\n" },
	{ "nothing has changed, and nobody wants to hear of it", { { &good, &stays } }, .n = 1,
	    .quiet = true, .text = "" },
	{ "bad in this run alone", { { &bad, &stays } }, .n = 1,
	    .text = "192.0.2.1: fail in this run, not confirmed yet: listed on zen.example\n"
		    "1 server without a change: 1 pass\n" },
	{ "several", { { &good, &stays }, { &bad, &got_worse }, { &good, &stays_unknown } }, .n = 3,
	    .n_sent = 1, .n_queued = 2,
	    .text = "192.0.2.1: fail, was pass\n" WORSE
		    "192.0.2.2: pass in this run, not confirmed yet: all is well\n"
		    "2 servers without a change: 1 unknown, 1 pass\n"
		    "1 message sent\n2 messages waiting\n" },
	{ "without a history", { { &bad, NULL }, { &good, NULL } }, .n = 2,
	    .text = "192.0.2.1: fail: listed on zen.example\n192.0.2.2: pass: all is well\n" },
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct watch_report report = { rows[i].servers, rows[i].n, rows[i].quiet, 0,
			NULL, 0, rows[i].n_sent, rows[i].n_queued };
		struct buf got;
		ROW(rows[i].name);
		buf_init(&got, 4096);
		watch_text(&report, &got);
		assert_string_equal(got.len > 0 ? got.data : "", rows[i].text);
		buf_fini(&got);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
