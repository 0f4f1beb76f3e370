/*
 * What is told of a run, in all its forms, against files in tests/golden at a fixed clock.
 * UPDATE_GOLDEN=1 (make golden) rewrites them, and git diff shows what changed.
 */
#include "test.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "golden.h"
#include "notify/notify_priv.h"

enum { NOW_S = 1790000000, SINCE_S = NOW_S - 3 * 86400 };

static const struct digest_finding listed = { .rule = "dnsbl.listed",
	.verdict = VERDICT_FAIL,
	.severity = SEVERITY_CRITICAL,
	.subject = "zen.example",
	.text = "203.0.113.25 is listed on zen.example: 127.0.0.2",
	.remedy = "Find out why mail from this address was taken for spam, end it, and then ask "
		  "for removal at https://zen.example/remove.",
	.why = "Receivers that use it refuse: 554 5.7.1." };
static const struct digest_finding expiring = { .rule = "smtp.cert-expiring",
	.verdict = VERDICT_WARN,
	.severity = SEVERITY_MEDIUM,
	.subject = "mail.example.com",
	.text = "the certificate of mail.example.com expires in 5 days",
	.remedy = "Renew it: `renew --name <b>.example`",
	.why = "" };
static const struct digest_finding no_ptr = { .rule = "ptr.missing",
	.verdict = VERDICT_PERMERROR,
	.severity = SEVERITY_CRITICAL,
	.subject = "203.0.113.25",
	.text = "203.0.113.25 has no PTR record",
	.remedy = "Publish one.",
	.why = "Gmail refuses." };
static const struct digest_finding unknown = { .rule = "dnsbl.unknown",
	.verdict = VERDICT_TEMPERROR,
	.severity = SEVERITY_LOW,
	.subject = "two.example",
	.text = "two.example did not answer",
	.remedy = "",
	.why = "" };
static const struct digest_finding good = { .rule = "ptr.found",
	.verdict = VERDICT_PASS,
	.severity = SEVERITY_INFO,
	.subject = "203.0.113.25",
	.text = "PTR mail.example.com",
	.remedy = "",
	.why = "" };
/* What strangers could write, made safe as digests are. */
static const struct digest_finding hostile = { .rule = "ptr.bad-name",
	.verdict = VERDICT_FAIL,
	.severity = SEVERITY_HIGH,
	.subject = "<script>alert(1)</script>",
	.text = "<script>alert(1)</script> \"quoted\" & 'single' \\x0d\\x0aBcc: all@example.com "
		"=?utf-8?q?x?= \xe2\x82\xac m\xc3\xbcll",
	.remedy = ".\nFrom here on\n--=_0123456789abcdef0123456789abcdef--\n<img src=x onerror=y>",
	.why = "https://example.com/?a=b&c=d\"><b>" };

static struct digest
make_digest(const char *label, const char *address, enum verdict v, const char *reason)
{
	return (struct digest){ .time_s = NOW_S - 3,
		.label = label,
		.address = address,
		.host = "",
		.ehlo = "",
		.domain = "",
		.verdict = v,
		.reason = reason,
		.ehlo_seen = "" };
}

static struct digest_finding findings[4];
static struct change list[5];
static struct digest digests[3];
static struct changes changes[3];
static struct watched_server servers[3];

static void
make_servers(void)
{
	findings[0] = listed;
	findings[1] = expiring;
	findings[2] = unknown;
	findings[3] = good;
	digests[0] = make_digest("outbound 1", "203.0.113.25", VERDICT_FAIL,
	    "203.0.113.25 is listed on zen.example");
	digests[1] = make_digest("", "2001:db8::25", VERDICT_PASS, "all checks are good");
	digests[1].host = "mx2.example.com";
	digests[2] = make_digest("outbound 3", "203.0.113.27", VERDICT_WARN,
	    "the certificate expires in 5 days");
	digests[0].findings = findings;
	digests[0].n_findings = 4;
	changes[0] = (struct changes){ .verdict = VERDICT_FAIL, .before = VERDICT_PASS };
	changes[1] = (struct changes){ .verdict = VERDICT_PASS, .before = VERDICT_PASS };
	changes[2] = (struct changes){ .verdict = VERDICT_WARN, .before = VERDICT_WARN };
	for (size_t i = 0; i < N_ELEMENTS(servers); i++)
		servers[i] = (struct watched_server){ &digests[i], &changes[i] };
}

static void
add_change(enum change_kind kind, const struct digest_finding *f,
    const struct digest_finding *before, const char *text)
{
	changes[0].list = list;
	list[changes[0].n++] = (struct change){ kind, f, before, text, 0, f != NULL ? SINCE_S : 0 };
}

static void
build_change(struct note *note, struct arena *a)
{
	static const struct digest_finding was = { .rule = "smtp.cert-expiring",
		.verdict = VERDICT_INFO,
		.subject = "mail.example.com",
		.text = "",
		.remedy = "",
		.why = "" };
	/* a renewal mends both, and is said once */
	static const struct digest_finding chain = { .rule = "smtp.cert-chain",
		.verdict = VERDICT_WARN,
		.severity = SEVERITY_LOW,
		.subject = "mail.example.com",
		.text = "the certificate of mail.example.com is not trusted",
		.remedy = "Renew it",
		.why = "Few mind." };
	make_servers();
	add_change(CHANGE_NEW, &listed, NULL, listed.text);
	add_change(CHANGE_WORSE, &expiring, &was, expiring.text);
	add_change(CHANGE_NEW, &chain, NULL, chain.text);
	add_change(CHANGE_PTR, NULL, NULL,
	    "the PTR name is mail.example.com now; before it was mx.example.com");
	add_change(CHANGE_GONE, &no_ptr, NULL, "no longer: 203.0.113.25 has no PTR record");
	note_make(servers, 3, false, NOW_S, a, note);
}

static void
build_reminder(struct note *note, struct arena *a)
{
	make_servers();
	add_change(CHANGE_REMINDER, &expiring, NULL, expiring.text);
	note_make(servers, 2, false, NOW_S, a, note);
}

static void
build_one(struct note *note, struct arena *a)
{
	make_servers();
	changes[0].first = true;
	add_change(CHANGE_NEW, &listed, NULL, listed.text);
	note_make(servers, 1, false, NOW_S, a, note);
}

static void
build_hostile(struct note *note, struct arena *a)
{
	make_servers();
	findings[0] = hostile;
	digests[0].label = "<b>\"M\xc3\xbcller\" & Co</b>";
	digests[0].reason = hostile.text;
	add_change(CHANGE_NEW, &hostile, NULL, hostile.text);
	note_make(servers, 2, false, NOW_S, a, note);
}

static void
build_heartbeat(struct note *note, struct arena *a)
{
	make_servers();
	changes[0].verdict = changes[0].before = VERDICT_FAIL;
	note_make(servers, 3, false, NOW_S, a, note);
	note_become(note, NOTE_HEARTBEAT, a);
}

static void
build_test(struct note *note, struct arena *a)
{
	note_make(NULL, 0, false, NOW_S, a, note);
	note_become(note, NOTE_TEST, a);
}

static const struct {
	const char *name;
	void (*build)(struct note *note, struct arena *a);
} builds[] = {
	{ "change", build_change },
	{ "one", build_one },
	{ "reminder", build_reminder },
	{ "hostile", build_hostile },
	{ "heartbeat", build_heartbeat },
	{ "test", build_test },
};

static void
put_text(const struct note *note, struct arena *a, struct buf *out)
{
	buf_printf(out, "Subject: %s\n\n", note->subject);
	note_text(note, a, out);
}

static void
put_json(const struct note *note, struct arena *a, struct buf *out)
{
	json_error_t error;
	json_t *json = json_loads(note_json(note, a), 0, &error);
	assert_non_null(json);
	char *dump = json_dumps(json, JSON_INDENT(2));
	buf_printf(out, "%s\n", dump);
	free(dump);
	json_decref(json);
}

static void
put_message(const struct note *note, struct arena *a, struct buf *out)
{
	static const char *const to[] = { "ops@example.com", "second@example.com" };
	const char *message = note_message(note, "mailready@example.com", to, 2, a);
	for (; *message != '\0'; message++) /* what stands in a repository has no CR */
		if (*message != '\r')
			buf_putc(out, *message);
}

static const struct {
	const char *suffix;
	void (*put)(const struct note *note, struct arena *a, struct buf *out);
} forms[] = {
	{ "text", put_text },
	{ "html", note_html },
	{ "json", put_json },
	{ "eml", put_message },
};

static void
test_golden(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(builds) * N_ELEMENTS(forms); i++) {
		const char *name = builds[i / N_ELEMENTS(forms)].name;
		struct note note;
		struct arena a;
		struct buf got;
		char path[100];
		arena_init(&a);
		buf_init(&got, GOLDEN_MAX);
		snprintf(path, sizeof path, "tests/golden/notify-%s.%s", name,
		    forms[i % N_ELEMENTS(forms)].suffix);
		ROW(path);
		builds[i / N_ELEMENTS(forms)].build(&note, &a);
		memcpy(note.id, "0123456789abcdef0123456789abcdef", NOTE_ID_LEN + 1);
		forms[i % N_ELEMENTS(forms)].put(&note, &a, &got);
		assert_false(got.failed);
		golden_compare(path, &got);
		buf_fini(&got);
		arena_fini(&a);
	}
}

static size_t
count(const char *text, const char *word)
{
	size_t n = 0;
	for (const char *at = text; (at = strstr(at, word)) != NULL; at++)
		n++;
	return n;
}

/* So many servers beside the one that changed: those that are not good are named, or so many, and how many are not. */
static void
test_others(void **state)
{
	(void)state;
	static const struct {
		const char *name, *more;
		size_t n;
	} rows[] = {
		{ "none left out", "", NOTE_OTHERS_MAX },
		{ "one left out", "and 1 more", NOTE_OTHERS_MAX + 1 },
	};
	for (size_t i = 0; i < N_ELEMENTS(rows) * 2; i++) {
		const size_t n = rows[i / 2].n;
		struct watched_server *all;
		struct note note;
		struct arena a;
		struct buf got;
		ROW(rows[i / 2].name);
		arena_init(&a);
		buf_init(&got, GOLDEN_MAX);
		make_servers();
		add_change(CHANGE_NEW, &listed, NULL, listed.text);
		all = arena_array(&a, n + 1, sizeof *all);
		for (size_t k = 0; k <= n; k++)
			all[k] = servers[k == 0 ? 0 : 2];
		note_make(all, n + 1, false, NOW_S, &a, &note);
		if (i % 2 == 0)
			note_html(&note, &a, &got);
		else
			note_text(&note, &a, &got);
		assert_int_equal(count(got.data, "outbound 3"), NOTE_OTHERS_MAX);
		assert_int_equal(count(got.data, " more"), rows[i / 2].more[0] != '\0');
		assert_non_null(strstr(got.data, rows[i / 2].more));
		buf_fini(&got);
		arena_fini(&a);
	}
}

/* 7-bit, lines of at most 998 bytes ended by CRLF, one header of each name, no boundary but our own. */
static void
test_message(void **state)
{
	(void)state;
	static const char *const to[] = { "ops@example.com" };
	for (size_t i = 0; i < N_ELEMENTS(builds); i++) {
		struct note note;
		struct arena a;
		size_t column = 0, boundaries = 0;
		ROW(builds[i].name);
		arena_init(&a);
		builds[i].build(&note, &a);
		memcpy(note.id, "0123456789abcdef0123456789abcdef", NOTE_ID_LEN + 1);
		const char *m = note_message(&note, "mailready@example.com", to, 1, &a);
		assert_null(strcasestr(m, "\nBcc:"));
		for (const char *p = m; *p != '\0'; p++, column++) {
			assert_true((*p >= ' ' && *p <= '~') || *p == '\r' || *p == '\n');
			assert_int_equal(*p == '\n', p > m && p[-1] == '\r');
			boundaries += column == 0 && strncmp(p, "--=_0123456789abcdef", 20) == 0;
			if (*p == '\n')
				column = (size_t)-1;
			assert_true(column == (size_t)-1 || column < 998);
		}
		assert_int_equal(boundaries, 3);
		arena_fini(&a);
	}
}

/* No markup of strangers: each < of the page is one of ours. */
static void
test_html(void **state)
{
	(void)state;
	struct note note;
	struct arena a;
	struct buf out;
	arena_init(&a);
	buf_init(&out, GOLDEN_MAX);
	build_hostile(&note, &a);
	note_html(&note, &a, &out);
	assert_null(strcasestr(out.data, "<script"));
	assert_null(strcasestr(out.data, "<img"));
	assert_null(strcasestr(out.data, "<b>"));
	assert_null(strstr(out.data, "=d\">"));
	assert_non_null(strstr(out.data, "&lt;script&gt;"));
	buf_fini(&out);
	arena_fini(&a);
}

/* A label that says no more than the address is not said twice. */
static void
test_names(void **state)
{
	(void)state;
	static const char *const rows[][3] = { { "", "", "203.0.113.25" },
		{ "203.0.113.25", "", "203.0.113.25" },
		{ "outbound 1", "", "outbound 1 (203.0.113.25)" },
		{ "", "mx.example.com", "203.0.113.25 (mx.example.com)" },
		{ "mx.example.com", "mx.example.com", "mx.example.com (203.0.113.25)" } };
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct note note;
		struct arena a;
		ROW(rows[i][2]);
		arena_init(&a);
		make_servers();
		digests[0].label = rows[i][0];
		digests[0].host = rows[i][1];
		note_make(servers, 1, false, NOW_S, &a, &note);
		assert_string_equal(note.servers[0].name, rows[i][2]);
		arena_fini(&a);
	}
}

static const struct {
	const char *name;
	enum change_kind kind;
	const struct digest_finding *finding, *before;
	bool unknown;
	size_t told;
} unknowns[] = {
	{ "unknown", .kind = CHANGE_NEW, .finding = &unknown },
	{ "unknown, wanted", .kind = CHANGE_NEW, .finding = &unknown, .unknown = true, .told = 1 },
	{ "can be told again", .kind = CHANGE_GONE, .finding = &unknown },
	{ "can be told again, wanted", .kind = CHANGE_GONE, .finding = &unknown, .unknown = true,
	    .told = 1 },
	{ "a warning", .kind = CHANGE_NEW, .finding = &expiring, .told = 1 },
	{ "worse than not told", .kind = CHANGE_WORSE, .finding = &listed, .before = &unknown,
	    .told = 1 },
	{ "other names", .kind = CHANGE_PTR, .told = 1 },
};

static void
test_unknown(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(unknowns); i++) {
		struct note note;
		struct arena a;
		ROW(unknowns[i].name);
		arena_init(&a);
		make_servers();
		add_change(unknowns[i].kind, unknowns[i].finding, unknowns[i].before, "a change");
		note_make(servers, 3, unknowns[i].unknown, NOW_S, &a, &note);
		assert_int_equal(note.n_changes, unknowns[i].told);
		assert_int_equal(note.n_changed, unknowns[i].told);
		arena_fini(&a);
	}
}

/* Many servers fit, and one long text does not make a long subject. */
static void
test_many(void **state)
{
	(void)state;
	enum { MANY = 5000 };
	struct watched_server *many = calloc(MANY, sizeof *many);
	static char text[2000];
	struct note note;
	struct arena a;
	struct buf out;
	assert_non_null(many);
	arena_init(&a);
	buf_init(&out, GOLDEN_MAX);
	make_servers();
	for (size_t i = 0; i + 2 < sizeof text; i += 2)
		memcpy(text + i, "\xc3\xbc", 3);
	add_change(CHANGE_NEW, &listed, NULL, text);
	for (size_t i = 0; i < MANY; i++)
		many[i] = servers[0];
	note_make(many, MANY, false, NOW_S, &a, &note);
	assert_int_equal(note.n_changes, MANY);
	assert_true(strlen(note.subject) <= 70);
	note_text(&note, &a, &out);
	assert_false(out.failed);
	assert_non_null(strstr(out.data, "-- \nmailready"));
	buf_reset(&out);
	note_html(&note, &a, &out);
	assert_false(out.failed);
	assert_non_null(strstr(out.data, "</html>"));
	note_become(&note, NOTE_HEARTBEAT, &a);
	buf_reset(&out);
	note_text(&note, &a, &out);
	assert_false(out.failed);
	assert_non_null(strstr(out.data, "-- \nmailready"));
	/* one far down the list is shown all the same */
	for (size_t i = 0; i < MANY; i++)
		many[i] = servers[1];
	many[MANY - 7] = servers[0];
	note_make(many, MANY, false, NOW_S, &a, &note);
	buf_reset(&out);
	note_text(&note, &a, &out);
	assert_memory_equal(out.data, "outbound 1", 10);
	assert_non_null(strstr(out.data, "4999 other servers unchanged, all good."));
	buf_fini(&out);
	arena_fini(&a);
	free(many);
}

/* However much one server has to say, the message has its end, and the changes of the others. */
static void
test_one_is_loud(void **state)
{
	(void)state;
	enum { LOUD = 4000 };
	static const char *const to[] = { "ops@example.com" };
	static struct change loud[LOUD], quiet;
	static char text[1000];
	struct watched_server two[2];
	struct note note;
	struct arena a;
	arena_init(&a);
	make_servers();
	memset(text, '&', sizeof text - 1);
	for (size_t i = 0; i < LOUD; i++)
		loud[i] = (struct change){ CHANGE_NEW, &listed, NULL, text, 0, 0 };
	quiet = (struct change){ CHANGE_NEW, &expiring, NULL, "its certificate expires", 0, 0 };
	changes[0].list = loud;
	changes[0].n = LOUD;
	changes[2].list = &quiet;
	changes[2].n = 1;
	two[0] = servers[0];
	two[1] = servers[2];
	note_make(two, 2, false, NOW_S, &a, &note);
	snprintf(note.id, sizeof note.id, "id");
	static void (*const parts[])(const struct note *, struct arena *,
	    struct buf *) = { note_text, note_html };
	for (size_t i = 0; i < N_ELEMENTS(parts); i++) {
		struct buf out;
		buf_init(&out, 1 << 20);
		parts[i](&note, &a, &out);
		assert_false(out.failed);
		assert_non_null(
		    strstr(out.data, " more changes: see mailready history 203.0.113.25"));
		assert_non_null(strstr(out.data, "its certificate expires"));
		buf_fini(&out);
	}
	const char *message = note_message(&note, "a@example.com", to, 1, &a);
	assert_true(strlen(message) < 2 << 20);
	assert_string_equal(message + strlen(message) - strlen("--=_id--\r\n"), "--=_id--\r\n");
	arena_fini(&a);
}

/* Names that fill a part: it ends with a whole line that says so, and the page is left out. */
static void
test_too_long(void **state)
{
	(void)state;
	enum { MANY = 240 };
	static const char *const to[] = { "ops@example.com" };
	static char name[6000];
	static struct watched_server many[MANY];
	struct note note;
	struct arena a;
	arena_init(&a);
	make_servers();
	memset(name, 'n', sizeof name - 1);
	add_change(CHANGE_NEW, &listed, NULL, "listed");
	digests[0].label = name;
	for (size_t i = 0; i < MANY; i++)
		many[i] = servers[0];
	note_make(many, MANY, false, NOW_S, &a, &note);
	snprintf(note.id, sizeof note.id, "id");
	const char *message = note_message(&note, "a@example.com", to, 1, &a);
	assert_non_null(strstr(message, "(The rest does not fit into a message: mailready report"));
	assert_null(strstr(message, "text/html"));
	assert_non_null(strstr(message, "\r\n--=_id--\r\n"));
	arena_fini(&a);
}

/* Computed with Python's hmac module, so that receivers agree. */
static void
test_signature(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a);
	assert_string_equal(webhook_signature("key", 1790000000, "{\"a\":1}", &a),
	    "t=1790000000,v1=7a4d26944722100249410c8c7f2e76c3cc6e9735fcc98b39e44a122da5490ffc");
	assert_string_equal(webhook_signature("key", 1790000001, "{\"a\":1}", &a),
	    "t=1790000001,v1=80238b273e6573a04fa15a702be3e1afde4f55a89a77d47c06a2d154515c7b69");
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_golden),
		cmocka_unit_test(test_others),
		cmocka_unit_test(test_message),
		cmocka_unit_test(test_html),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_unknown),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_one_is_loud),
		cmocka_unit_test(test_too_long),
		cmocka_unit_test(test_signature),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
