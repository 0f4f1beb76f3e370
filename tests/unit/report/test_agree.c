/*
 * Every format says the same.  Each row is a world of facts and the truth about it; what each format
 * shows of the world is read back and compared with the truth: the verdict, the count of the lists,
 * and the state of each list.
 */
#include "test.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "checks/registry.h"
#include "history/store.h"
#include "lists/catalogue.h"
#include "report/digest.h"
#include "report/past.h"
#include "report/render.h"
#include "said.h"
#include "views/generic_table.h"
#include "views/hoster_table.h"

/* What a target may cost, whatever the world sends: its output, and the memory that showing takes. */
enum { OUT_MAX = 2 << 20, ROW_MAX = 2 << 20 };

enum { LISTS_MAX = 8, MANY_NAMES = 3600, NOW_S = 1790000000 };

#define LIST(zone, family, impact) \
	"[" zone ".example]\noperator = " zone "\nfamily = " family "\nimpact = " impact \
	"\ncode.127.0.0.2 = " impact " seen\n"
#define FINE \
	"PTR 8.8.8.8.in-addr.arpa mail.own.example\n" \
	"A mail.own.example 8.8.8.8\n"

struct truth_list {
	const char *zone, *subject;
	enum list_state state;
	enum verdict verdict; /* of the finding about a listing */
};

static const struct row {
	const char *name, *address;
	bool no_lists;     /* the check of lists is not run */
	const char *lists; /* the catalogue */
	const char *facts; /* "TYPE name answer" a line; what is not there does not exist */
	size_t n_names;    /* PTR names besides, as long as can be, of bytes that are escaped */
	/* the truth */
	enum verdict verdict;
	const char *ptr, *iprev;
	struct list_counts counts;
	struct truth_list list[LISTS_MAX];
} rows[] = {
	{ .name = "clean",
	    .address = "8.8.8.8",
	    .lists = LIST("a", "ip4", "high") LIST("b", "ip4", "low"),
	    .facts = FINE,
	    .verdict = VERDICT_PASS,
	    .ptr = "found",
	    .iprev = "pass",
	    .counts = { .asked = 2, .clean = 2 },
	    .list = { { "a.example", "8.8.8.8", LIST_CLEAN, VERDICT_PASS },
		{ "b.example", "8.8.8.8", LIST_CLEAN, VERDICT_PASS } } },
	{ .name = "IPv6, and lists that take none",
	    .address = "2a00:1450::25",
	    .lists = LIST("a", "ip4", "high") LIST("b", "ip4 ip6", "high") LIST("c", "ip4", "low"),
	    .facts = "PTR 5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.5.4.1.0.0.a.2.ip6.arpa "
		     "mail.own.example\nAAAA mail.own.example 2a00:1450::25\n",
	    .verdict = VERDICT_PASS,
	    .ptr = "found",
	    .iprev = "pass",
	    .counts = { .asked = 1, .clean = 1, .not_applicable = 2 },
	    .list = { { "a.example", "2a00:1450::25", LIST_NOT_APPLICABLE, VERDICT_SKIP },
		{ "b.example", "2a00:1450::25", LIST_CLEAN, VERDICT_PASS },
		{ "c.example", "2a00:1450::25", LIST_NOT_APPLICABLE, VERDICT_SKIP } } },
	{ .name = "IPv6, and no list that takes it",
	    .address = "2a00:1450::25",
	    .lists = LIST("a", "ip4", "high") LIST("c", "ip4", "low"),
	    .facts = "PTR 5.2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.5.4.1.0.0.a.2.ip6.arpa "
		     "mail.own.example\nAAAA mail.own.example 2a00:1450::25\n",
	    .verdict = VERDICT_PASS,
	    .ptr = "found",
	    .iprev = "pass",
	    .counts = { .not_applicable = 2 },
	    .list = { { "a.example", "2a00:1450::25", LIST_NOT_APPLICABLE, VERDICT_SKIP },
		{ "c.example", "2a00:1450::25", LIST_NOT_APPLICABLE, VERDICT_SKIP } } },
	{ .name = "a listing of low impact that nothing confirms",
	    .address = "8.8.8.8",
	    .lists = LIST("a", "ip4", "low") LIST("b", "ip4", "high"),
	    .facts = FINE "A 8.8.8.8.a.example 127.0.0.2\n",
	    .verdict = VERDICT_PASS,
	    .ptr = "found",
	    .iprev = "pass",
	    .counts = { .asked = 2, .listed = 1, .clean = 1 },
	    .list = { { "a.example", "8.8.8.8", LIST_LISTED, VERDICT_INFO },
		{ "b.example", "8.8.8.8", LIST_CLEAN, VERDICT_PASS } } },
	{ .name = "two listings of low impact confirm each other",
	    .address = "8.8.8.8",
	    .lists = LIST("a", "ip4", "low") LIST("b", "ip4", "low"),
	    .facts = FINE "A 8.8.8.8.a.example 127.0.0.2\nA 8.8.8.8.b.example 127.0.0.2\n",
	    .verdict = VERDICT_WARN,
	    .ptr = "found",
	    .iprev = "pass",
	    .counts = { .asked = 2, .listed = 2 },
	    .list = { { "a.example", "8.8.8.8", LIST_LISTED, VERDICT_WARN },
		{ "b.example", "8.8.8.8", LIST_LISTED, VERDICT_WARN } } },
	{ .name = "a critical listing, a refusal, a wildcard",
	    .address = "8.8.8.8",
	    .lists = LIST("a", "ip4", "critical") LIST("b", "ip4", "high") LIST("c", "ip4", "low"),
	    .facts = FINE "A 8.8.8.8.a.example 127.0.0.2\nA 8.8.8.8.b.example 127.255.255.254\n"
			  "A 8.8.8.8.c.example 127.0.0.2\nA 1.0.0.127.c.example 127.0.0.2\n",
	    .verdict = VERDICT_FAIL,
	    .ptr = "found",
	    .iprev = "pass",
	    .counts = { .asked = 3, .listed = 1, .unknown = 2 },
	    .list = { { "a.example", "8.8.8.8", LIST_LISTED, VERDICT_FAIL },
		{ "b.example", "8.8.8.8", LIST_UNKNOWN, VERDICT_TEMPERROR },
		{ "c.example", "8.8.8.8", LIST_UNKNOWN, VERDICT_TEMPERROR } } },
	{ .name = "a list of domains and several domains",
	    .address = "8.8.8.8",
	    .lists = LIST("d", "domain", "medium") "names = full\n" LIST("b", "ip4", "high"),
	    .facts = FINE "PTR 8.8.8.8.in-addr.arpa mail.other.example\n"
			  "A mail.other.example 8.8.8.8\n"
			  "A mail.own.example.d.example 127.0.0.2\n",
	    .verdict = VERDICT_WARN,
	    .ptr = "found",
	    .iprev = "pass",
	    .counts = { .asked = 2, .listed = 1, .clean = 1 },
	    .list = { { "d.example", "mail.own.example", LIST_LISTED, VERDICT_WARN },
		{ "d.example", "mail.other.example", LIST_CLEAN, VERDICT_PASS },
		{ "b.example", "8.8.8.8", LIST_CLEAN, VERDICT_PASS } } },
	{ .name = "a list of domains that is unknown for one of them",
	    .address = "8.8.8.8",
	    .lists = LIST("d", "domain", "medium") "names = full\n" LIST("b", "ip4", "high"),
	    .facts = FINE "PTR 8.8.8.8.in-addr.arpa mail.other.example\n"
			  "A mail.other.example 8.8.8.8\n"
			  "A mail.own.example.d.example servfail\n",
	    .verdict = VERDICT_WARN, /* two PTR names */
	    .ptr = "found",
	    .iprev = "pass",
	    .counts = { .asked = 2, .clean = 1, .unknown = 1 },
	    .list = { { "d.example", "mail.own.example", LIST_UNKNOWN, VERDICT_TEMPERROR },
		{ "d.example", "mail.other.example", LIST_CLEAN, VERDICT_PASS },
		{ "b.example", "8.8.8.8", LIST_CLEAN, VERDICT_PASS } } },
	{ .name = "a list of domains and no name",
	    .address = "8.8.8.8",
	    .lists = LIST("d", "domain", "medium") LIST("b", "ip4", "high"),
	    .facts = "",
	    .verdict = VERDICT_FAIL,
	    .ptr = "nxdomain",
	    .iprev = "permerror",
	    .counts = { .asked = 1, .clean = 1, .not_applicable = 1 },
	    .list = { { "b.example", "8.8.8.8", LIST_CLEAN, VERDICT_PASS } } },
	{ .name = "a PTR record that cannot be looked up",
	    .address = "8.8.8.8",
	    .lists = LIST("b", "ip4", "high"),
	    .facts = "PTR 8.8.8.8.in-addr.arpa servfail\n",
	    .verdict = VERDICT_TEMPERROR,
	    .ptr = "temperror",
	    .iprev = "temperror",
	    .counts = { .asked = 1, .clean = 1 },
	    .list = { { "b.example", "8.8.8.8", LIST_CLEAN, VERDICT_PASS } } },
	{ .name = "two PTR names, one of which cannot be looked up",
	    .address = "8.8.8.8",
	    .lists = LIST("b", "ip4", "high"),
	    .facts = FINE "PTR 8.8.8.8.in-addr.arpa mail.other.example\n"
			  "A mail.other.example servfail\n",
	    .verdict = VERDICT_WARN,
	    .ptr = "found",
	    .iprev = "pass",
	    .counts = { .asked = 1, .clean = 1 },
	    .list = { { "b.example", "8.8.8.8", LIST_CLEAN, VERDICT_PASS } } },
	{ .name = "an allow list counts for nothing",
	    .address = "8.8.8.8",
	    .lists = LIST("w", "ip4", "info") "kind = allow\n" LIST("b", "ip4", "high"),
	    .facts = FINE "A 8.8.8.8.w.example 127.0.0.2\n",
	    .verdict = VERDICT_PASS,
	    .ptr = "found",
	    .iprev = "pass",
	    .counts = { .asked = 1, .clean = 1 },
	    .list = { { "w.example", "8.8.8.8", LIST_LISTED, VERDICT_INFO },
		{ "b.example", "8.8.8.8", LIST_CLEAN, VERDICT_PASS } } },
	{ .name = "3600 PTR names",
	    .address = "8.8.8.8",
	    .lists = LIST("d", "domain", "medium") "names = full\n" LIST("b", "ip4", "high"),
	    .facts = "",
	    .n_names = MANY_NAMES,
	    .verdict = VERDICT_FAIL,
	    .ptr = "found",
	    .iprev = "temperror",
	    .counts = { .asked = 1, .clean = 1, .not_applicable = 1 },
	    .list = { { "b.example", "8.8.8.8", LIST_CLEAN, VERDICT_PASS } } },
	{ .name = "no list is looked at",
	    .address = "8.8.8.8",
	    .no_lists = true,
	    .lists = LIST("b", "ip4", "high"),
	    .facts = FINE,
	    .verdict = VERDICT_PASS,
	    .ptr = "found",
	    .iprev = "pass" },
};

/* --- a world and its report */

struct world {
	struct arena arena;
	struct catalogue lists;
	struct generic_table *generic;
	struct hoster_table *hosters;
	struct policy policy;
	struct target target;
	struct facts facts;
	struct understanding known;
	struct findings findings;
	const struct check *checks[16];
	struct report report;
};

/* Healthy lists have their test entries. */
static bool
is_test_entry(const struct world *w, const char *name)
{
	for (size_t i = 0; i < w->lists.n; i++) {
		const struct list *l = &w->lists.lists[i];
		if (strcmp(name, l->test4.listed) == 0 || strcmp(name, l->test6.listed) == 0 ||
		    strcmp(name, l->test_domain.listed) == 0)
			return true;
	}
	return false;
}

static void
add_record(struct dns_answer *answer, struct dns_record *records, const char *name, uint16_t type,
    const char *text)
{
	struct dns_record *r = &records[answer->n_records++];

	answer->status = DNS_FOUND;
	*r = (struct dns_record){ .owner = name, .type = type, .text = text, .ttl_s = 300 };
	if (type == DNS_A || type == DNS_AAAA)
		assert_true(ip_parse(text, &r->ip));
}

/* The name of that number: 250 bytes, which are shown as four times as many. */
static const char *
long_name(struct arena *a, size_t number)
{
	struct buf name;

	buf_init(&name, NAME_TEXT_MAX);
	buf_printf(&name, "%04zu", number);
	for (size_t label = 0; label < 4; label++) {
		buf_putc(&name, '.');
		for (size_t i = 0; i < 60; i++)
			buf_puts(&name, "\\001");
	}
	const char *text = arena_strdup(a, name.data);
	buf_fini(&name);
	return text;
}

static void
answer(struct world *w, const struct row *row, struct fact *fact)
{
	struct dns_record *records = arena_array(&w->arena, 4 + row->n_names, sizeof *records);
	struct dns_answer answer = dns_answer_pending;
	char *save = NULL, *facts = (char *)arena_strdup(&w->arena, row->facts);
	int status;

	answer.status = DNS_NXDOMAIN;
	answer.records = records;
	if (fact->type == DNS_A && is_test_entry(w, fact->name))
		add_record(&answer, records, fact->name, DNS_A, "127.0.0.2");
	for (char *l = strtok_r(facts, "\n", &save); l != NULL; l = strtok_r(NULL, "\n", &save)) {
		char *type = strsep(&l, " "), *name = strsep(&l, " ");
		if (strcmp(name, fact->name) != 0 ||
		    strcmp(type, enumtab_name(&dns_type_names, fact->type)) != 0)
			continue;
		if (enumtab_code(&dns_status_names, l, &status))
			answer.status = (enum dns_status)status;
		else
			add_record(&answer, records, fact->name, fact->type, l);
	}
	for (size_t i = 0; i < row->n_names && fact->type == DNS_PTR; i++)
		add_record(&answer, records, fact->name, DNS_PTR, long_name(&w->arena, i));
	facts_set_dns(fact, &w->arena, &answer);
}

/* Asks until nothing new is wanted. */
static void
gather(struct world *w, const struct row *row)
{
	for (size_t n = SIZE_MAX; n != w->facts.n;) {
		n = w->facts.n;
		for (size_t i = 0; i < w->report.n_checks; i++)
			w->checks[i]->wants(&w->target, &w->facts);
		for (size_t i = 0; i < w->facts.n; i++)
			if (!w->facts.list[i]->final)
				answer(w, row, w->facts.list[i]);
	}
}

static void
build(struct world *w, const struct row *row)
{
	struct err err;

	*w = (struct world){
		.policy = { .lists = &w->lists, .authority = AUTHORITY_NEVER, .now_s = NOW_S }
	};
	arena_init(&w->arena);
	assert_int_equal(hoster_table_read_file("data/hosters.ini", &w->hosters, &err), ERR_NONE);
	assert_int_equal(generic_table_read_file("data/generic-ptr.ini", &w->generic, &err),
	    ERR_NONE);
	if (catalogue_read_text(&w->lists, &w->arena, "lists", row->lists, strlen(row->lists),
		&err) != ERR_NONE)
		fail_msg("%s", err.text);
	w->policy.generic = w->generic;
	w->policy.hosters = w->hosters;
	w->target = (struct target){ .names = { .host = "", .ehlo = "", .domain = "" },
		.policy = &w->policy };
	assert_true(ip_parse(row->address, &w->target.ip));
	ip_format(&w->target.ip, w->target.address);
	facts_init(&w->facts, &w->arena);
	findings_init(&w->findings, &w->arena);
	understanding_init(&w->known, &w->target, &w->facts, &w->arena);
	w->report = (struct report){ .target = &w->target,
		.facts = &w->facts,
		.known = &w->known,
		.checks = w->checks,
		.findings = &w->findings,
		.time_us = 1000,
		.arena = &w->arena };
	for (size_t i = 0; i < checks_n; i++)
		if (checks_all[i] != &check_dnsbl || !row->no_lists)
			w->checks[w->report.n_checks++] = checks_all[i];
	gather(w, row);
	findings_judge(&w->findings, w->checks, w->report.n_checks, &w->known);
	w->report.verdict = findings_verdict(&w->findings);
}

static void
tear_down(struct world *w)
{
	generic_table_free(w->generic);
	hoster_table_free(w->hosters);
	facts_fini(&w->facts);
	arena_fini(&w->arena);
}

/* --- the comparison */

static const struct truth_list *
truth_of(const struct row *row, const char *zone, const char *subject)
{
	for (size_t i = 0; i < LISTS_MAX && row->list[i].zone != NULL; i++)
		if (strcmp(row->list[i].zone, zone) == 0 &&
		    (subject[0] == '\0' || strcmp(row->list[i].subject, subject) == 0))
			return &row->list[i];
	fail_msg("no list is %s about %s", zone, subject);
	return row->list;
}

/* Formats for programs say the id, those for people the word. */
static void
is_verdict(const char *said, enum verdict v)
{
	if (strcmp(said, enumtab_name(&verdict_names, (int)v)) != 0)
		assert_string_equal(said, verdict_word(v));
}

static void
check_list(const struct row *row, const struct said *s, size_t i)
{
	const struct truth_list *l = truth_of(row, s->list[i].zone, s->list[i].subject);

	assert_string_equal(s->list[i].state, enumtab_name(&list_state_names, (int)l->state));
	if (s->list[i].verdict[0] != '\0')
		is_verdict(s->list[i].verdict, l->verdict);
}

/* all: the format shows every list that is listed, clean or unknown. */
static void
compare(const struct row *row, const struct said *s, bool all)
{
	size_t n = 0;

	is_verdict(s->verdict, row->verdict);
	if (s->ptr[0] != '\0')
		assert_string_equal(s->ptr, row->ptr);
	if (s->iprev[0] != '\0')
		assert_string_equal(s->iprev, row->iprev);
	if (s->counted)
		assert_memory_equal(&s->counts, &row->counts, sizeof s->counts);
	for (size_t i = 0; i < s->n; i++) {
		check_list(row, s, i);
		n += strcmp(s->list[i].state, "not-applicable") != 0;
	}
	for (size_t i = 0; i < LISTS_MAX && row->list[i].zone != NULL; i++)
		n -= all && row->list[i].state != LIST_NOT_APPLICABLE;
	if (all)
		assert_int_equal(n, 0);
}

/* A format of one run, or of servers over time. */
static const struct format {
	const char *name;
	said_reader *read;
	bool counts; /* it shows how many lists there are, where they were looked at */
	bool lists;  /* it shows each of them */
	unsigned verbose;
	bool names; /* it has PTR names, or their number */
} formats[] = {
	{ "text", said_text, true, false, 0, false },
	{ "brief", said_brief, false, false, 0, false },
	{ "json", said_json, true, true, 0, true },
	{ "jsonl", said_json, true, true, 0, true },
	{ "csv", said_csv, true, false, 0, true },
	{ "markdown", said_markdown, true, true, 1, false },
	{ "html", said_html, true, true, 0, true },
	{ "nagios", said_nagios, true, false, 0, false },
	{ "openmetrics", said_openmetrics, true, false, 0, true },
	{ "junit", said_junit, false, false, 0, false },
};
static const struct format over_time[] = {
	{ "text", said_brief, false, false, 0, false },
	{ "json", said_past_json, true, true, 0, true },
	{ "csv", said_past_csv, false, false, 0, false },
	{ "markdown", said_markdown, true, true, 1, false },
	{ "html", said_html, true, true, 0, true },
	{ "openmetrics", said_openmetrics, true, false, 0, true },
	{ "junit", said_junit, false, false, 0, false },
};

static const struct format *
format_named(const struct format *all, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(all[i].name, name) == 0)
			return &all[i];
	fail_msg("the test cannot read %s", name);
	return all;
}

/* However many names there are, a few stand for them, and the number is right. */
static void
check_names(const struct format *f, const char *text)
{
	static const struct {
		const char *format, *text;
	} shown[] = {
		{ "json", "count\": 3600" },
		{ "jsonl", "\"count\":3600" },
		{ "html", " and 3584 more</dd>" },
		{ "csv", ",3600,0,,,,,,,,,,,,,\r\n" },
		{ "openmetrics", "mailready_ptr_names{address=\"8.8.8.8\"} 3600\n" },
	};

	for (size_t i = 0; i < N_ELEMENTS(shown); i++)
		if (strcmp(shown[i].format, f->name) == 0 && strstr(text, shown[i].text) == NULL)
			fail_msg("%s does not say '%s'", f->name, shown[i].text);
}

static void
check_format(const struct row *row, const struct format *f, const char *text)
{
	struct said said = { .n = 0 };

	print_message("[  format  ] %s\n", f->name);
	f->read(text, &said);
	/* a monitoring plug-in has no numbers for lists that were not asked */
	bool silent = strcmp(f->name, "nagios") == 0 && row->counts.asked == 0;
	assert_int_equal(said.counted, f->counts && !row->no_lists && !silent);
	compare(row, &said, f->lists);
	if (row->n_names == MANY_NAMES && f->names)
		check_names(f, text);
}

static void
render(const struct renderer *r, const struct world *w, const struct digest *d, unsigned verbose,
    struct buf *out)
{
	const struct render_options o = { .verbose = (int)verbose };

	if (r->begin != NULL)
		r->begin(&o, out);
	if (r->whole != NULL)
		r->whole(d, 1, &o, out);
	else
		r->report(&w->report, &o, out);
	if (r->end != NULL)
		r->end(&o, out);
	assert_false(out->failed);
}

/* The truth itself: the findings say it. */
static void
check_truth(const struct world *w, const struct row *row)
{
	assert_int_equal(w->report.verdict, row->verdict);
	for (size_t i = 0; i < LISTS_MAX && row->list[i].zone != NULL; i++) {
		bool found = row->list[i].state != LIST_LISTED;
		for (size_t k = 0; k < w->findings.n; k++) {
			const struct finding *f = w->findings.list[k];
			found |= strcmp(f->subject, row->list[i].zone) == 0 &&
			    f->verdict == row->list[i].verdict;
		}
		assert_true(found);
	}
}

static void
test_formats(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct world w;
		struct digest d;
		ROW(rows[i].name);
		build(&w, &rows[i]);
		check_truth(&w, &rows[i]);
		size_t before = w.arena.total;
		digest_of_report(&w.report, &w.arena, &d);
		for (size_t k = 0; k < renderers_n; k++) {
			const struct format *f = format_named(formats, N_ELEMENTS(formats),
			    renderers_all[k]->name);
			struct buf out;
			buf_init(&out, OUT_MAX);
			render(renderers_all[k], &w, &d, f->verbose, &out);
			check_format(&rows[i], f, out.data);
			buf_fini(&out);
		}
		assert_true(w.arena.total - before < ROW_MAX);
		tear_down(&w);
	}
}

/* The digest of a run, as the history gives it back. */
static struct digest *
stored(const char *path, const struct digest *d, struct arena *a, struct history_point **point)
{
	struct history *h;
	struct err err;
	struct digest *got;
	int64_t server;
	bool known;
	size_t n;

	assert_int_equal(history_open(path, HISTORY_WRITE, &h, &err), ERR_NONE);
	assert_int_equal(history_add(h, d, 1, &err), ERR_NONE);
	assert_int_equal(history_find(h, d, &server, &known, &err), ERR_NONE);
	assert_true(known);
	assert_int_equal(history_runs(h, server, 0, 1, a, &got, &n, &err), ERR_NONE);
	assert_int_equal(n, 1);
	assert_int_equal(history_points(h, server, 0, a, point, &n, &err), ERR_NONE);
	assert_int_equal(n, 1);
	history_close(h);
	return got;
}

/* The text begins with what happened, up to an empty line. */
static const char *
after_incidents(const char *out, const char *format)
{
	const char *end = strcmp(format, "text") == 0 ? strstr(out, "\n\n") : NULL;

	return end != NULL ? end + 2 : out;
}

static void
test_over_time(void **state)
{
	(void)state;
	char directory[] = "/tmp/agree.XXXXXX", path[64];

	assert_non_null(mkdtemp(directory));
	snprintf(path, sizeof path, "%s/history", directory);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct world w;
		struct digest d;
		struct history_point *point;
		ROW(rows[i].name);
		build(&w, &rows[i]);
		digest_of_report(&w.report, &w.arena, &d);
		struct digest *last = stored(path, &d, &w.arena, &point);
		assert_memory_equal(&point->lists, &rows[i].counts, sizeof point->lists);
		const struct past_server server = { .last = last, .points = point, .n_points = 1 };
		const struct past past = { .since_s = NOW_S - 1,
			.until_s = NOW_S,
			.servers = &server,
			.n = 1 };
		for (size_t k = 0; k < past_formats_n; k++) {
			const struct format *f = format_named(over_time, N_ELEMENTS(over_time),
			    past_formats[k].name);
			const struct render_options o = { .verbose = (int)f->verbose };
			struct buf out;
			buf_init(&out, OUT_MAX);
			past_formats[k].write(&past, &o, &out);
			check_format(&rows[i], f, after_incidents(out.data, past_formats[k].name));
			buf_fini(&out);
		}
		tear_down(&w);
		assert_int_equal(unlink(path), 0);
	}
	assert_int_equal(rmdir(directory), 0);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_formats),
		cmocka_unit_test(test_over_time),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
