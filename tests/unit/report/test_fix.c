/* What came of a repair, for people and as JSON: tests/golden/fix-*. */
#include "report/fix.h"

#include "base/arena.h"
#include <stdlib.h>

#include "base/json.h"
#include "golden.h"
#include "test.h"
#include "views/hoster.h"

enum { NOW_S = 1790000000, HOUR_S = 3600 };

#define ADDRESS "203.0.113.25"
#define REVERSE "PTR 25.113.0.203.in-addr.arpa"

static const char *const mail[] = { "mail.example.com" };
static const char *old_names[] = { "ecs-25.compute.example" };
static const char *new_names[] = { "mail.example.com" };
static const char *old_ips[] = { "198.51.100.9" };
static const char *both_ips[] = { "198.51.100.9", ADDRESS };
static const char *one_tag[] = { "role=m\x1bx" };
static const char *notes[] = { "the name leads nowhere yet", "the record has other properties" };

static const struct plan_step ptr_step = { .kind = STEP_PTR,
	.subject = ADDRESS,
	.rule = "generic_ptr.provider",
	.old = { .values = old_names,
	    .n_values = 1,
	    .is_default = true,
	    .ttl_s = 300,
	    .description = "" },
	.new = { .values = new_names,
	    .n_values = 1,
	    .ttl_s = 600,
	    .description = "mail\x1b server",
	    .tags = one_tag,
	    .n_tags = 1 } };
static const struct plan_step forward_step = { .kind = STEP_FORWARD,
	.subject = "mail.example.com",
	.rule = "",
	.old = { .values = old_ips, .n_values = 1, .ttl_s = 900, .description = "" },
	.new = { .values = both_ips, .n_values = 2, .ttl_s = 900, .description = "" } };
static const struct plan_step unset_step = { .kind = STEP_PTR,
	.subject = ADDRESS,
	.rule = "",
	.old = { .values = new_names, .n_values = 1, .ttl_s = 300, .description = "" },
	.new = { .is_default = true, .description = "" } };
static const struct plan_step first_step = { .kind = STEP_PTR,
	.subject = ADDRESS,
	.rule = "ptr.missing",
	.old = { .description = "" },
	.new = { .values = new_names, .n_values = 1, .description = "" } };

static const struct rule rule = { "iprev.pass", &topic_ptr, "forward-confirmed", SEVERITY_CRITICAL,
	false, "RFC 8601", "Why." };

/* Everything that a report may point to. */
struct scene {
	struct arena arena;
	struct plan plan;
	struct journal journal;
	struct proof proof;
	struct findings findings;
	struct request request;
	struct request_facts asked;
	struct err err;
	struct fix_report report;
};

static void
planned(struct scene *w)
{
	w->plan.steps[0] = forward_step;
	w->plan.steps[1] = ptr_step;
	w->plan.n_steps = 2;
	w->plan.notes = notes;
	w->plan.n_notes = 2;
	w->report.warnings = "the credentials can be read by others\nthe EIP is frozen\n";
}

static void
blocked(struct scene *w)
{
	w->plan.status = PLAN_BLOCKED;
	w->plan.summary = "two records are missing";
	w->plan.provider = "";
	w->plan.place.text[0] = '\0';
	w->report.title = "";
	w->plan.needs[0] = (struct plan_need){ .name = "mail.example.com",
		.type = "A",
		.value = ADDRESS,
		.zone = "example.com",
		.mailbox = "dns@example.com" };
	w->plan.needs[1] = (struct plan_need){ .name = "mx.example.net",
		.type = "A",
		.value = ADDRESS,
		.zone = "",
		.mailbox = "" };
	w->plan.n_needs = 2;
	w->request = (struct request){ .who = "The provider writes it.",
		.to = "noc@provider.example",
		.subject = "PTR record",
		.body = "Please set it.\n" };
	w->request.own = "";
	w->report.request = &w->request;
}

static const char *const seen[] = { "the zone's servers say that there is no PTR record" };
static const struct hoster_row hoster = { .name = "Example Cloud",
	.who = HOSTER_CUSTOMER,
	.where = "in the console",
	.page = "https://cloud.example/ptr",
	.reviewed = "2026-11-30",
	.call = { { "cloud set {address} {name}" }, 1 },
	.condition = { { "The name must resolve first." }, 1 },
	.terraform = { { "resource \"r\" \"{label}\" {", "name = \"{name}\"", "}" }, 3 } };

/* What it is made of, and the letter itself. */
static void
asked_of_hoster(struct scene *w, const struct hoster_row *row)
{
	blocked(w);
	w->plan.n_needs = 0;
	w->asked = (struct request_facts){ .ip = w->plan.ip,
		.names = mail,
		.n_names = 1,
		.owner = "",
		.zone = "113.0.203.in-addr.arpa",
		.mailbox = "",
		.provider = "",
		.provider_note = "",
		.resolving = mail,
		.n_resolving = 1,
		.hoster = row,
		.evidence = seen,
		.n_evidence = 1 };
	request_write(&w->asked, &w->arena, &w->request);
	w->report.asked = &w->asked;
	w->report.hoster = row;
}

static void
by_customer(struct scene *w)
{
	asked_of_hoster(w, &hoster);
}

static void
by_ticket(struct scene *w)
{
	static struct hoster_row ticket;
	ticket = hoster;
	ticket.who = HOSTER_TICKET;
	ticket.where = "from its support";
	ticket.terraform.n = 0;
	asked_of_hoster(w, &ticket);
}

static void
hoster_unknown(struct scene *w)
{
	asked_of_hoster(w, NULL);
}

static void
nobody_to_write_to(struct scene *w)
{
	blocked(w);
	w->plan.status = PLAN_UNDECIDED;
	w->plan.n_needs = 0;
	w->request.to = "";
}

static void
nothing(struct scene *w)
{
	w->plan.status = PLAN_NOTHING;
	w->plan.summary = "everything is as wanted";
}

static void
waits(struct scene *w)
{
	w->plan.status = PLAN_WAIT;
	w->plan.summary = "the DNS does not show it yet";
}

static void
declined(struct scene *w)
{
	planned(w);
	w->report.outcome = FIX_DECLINED;
	w->report.result = true;
}

static void
written(struct scene *w)
{
	planned(w);
	w->report.outcome = FIX_WRITTEN;
	w->report.result = true;
	w->journal.plan = w->plan;
	w->journal.steps[0] = w->journal.steps[1] = STEP_SENT;
	w->journal.written_s[0] = NOW_S - 2;
	w->journal.written_s[1] = NOW_S - 1;
	snprintf(w->journal.path, sizeof w->journal.path,
	    "/var/lib/x/\x1b"
	    "a.jsonl");
	w->report.journal = &w->journal;
}

static struct proof_server
server(const char *name, const char *record, const char *says, bool good, bool lame)
{
	return (struct proof_server){ name, record, says, good, lame, false };
}

static void
proven(struct scene *w)
{
	written(w);
	w->report.outcome = FIX_PROVEN;
	w->journal.steps[0] = w->journal.steps[1] = STEP_DONE;
	w->proof.proven = true;
	w->proof.missing = "";
	w->proof.verdict = VERDICT_PASS;
	w->proof.time_us = 1234567;
	w->proof.servers[0] = server("ns1.example", REVERSE, "PTR mail.example.com", true, false);
	w->proof.servers[1] = server("ns2.example", REVERSE, "PTR mail.example.com", true, false);
	w->proof.servers[2] = server("ns9.example", REVERSE, "REFUSED", false, true);
	w->proof.servers[3] = server("ns1.example", "A mail.example.com", "A " ADDRESS, true,
	    false);
	w->proof.servers[4] = (struct proof_server){ .server = "ns3.example",
		.record = REVERSE,
		.says = "the name does not exist",
		.unasked = true };
	w->proof.n_servers = 5;
	finding_add(&w->findings, &rule, VERDICT_PASS, ADDRESS, "the name leads back");
	finding_add(&w->findings, &rule, VERDICT_INFO, ADDRESS, "worth a word");
	w->proof.findings = &w->findings;
	w->report.proof = &w->proof;
}

static void
unproven(struct scene *w)
{
	proven(w);
	w->report.outcome = FIX_UNPROVEN;
	w->proof.proven = false;
	w->proof.missing = "ns2.example has no PTR record";
	w->proof.verdict = VERDICT_TEMPERROR;
	w->proof.servers[0].good = false;
	w->proof.servers[1] = server("ns2.example", REVERSE, "no PTR record", false, false);
	w->proof.findings = NULL;
}

static void
nothing_to_prove(struct scene *w)
{
	nothing(w);
	w->report.outcome = FIX_UNPROVEN;
	w->report.result = true;
	w->proof.missing = "no server answers";
	w->proof.verdict = VERDICT_TEMPERROR;
	w->report.proof = &w->proof;
}

static void
failed(struct scene *w)
{
	written(w);
	w->report.outcome = FIX_FAILED;
	w->journal.steps[1] = STEP_FAILED;
	err_set(&w->err, ERR_NOPERM, "the API refuses it (403)");
}

static void
undone(struct scene *w)
{
	proven(w);
	w->report.undo = true;
	w->journal.steps[0] = w->journal.steps[1] = STEP_UNDONE;
	w->journal.undone = true;
}

static void
unset(struct scene *w)
{
	w->plan.steps[0] = unset_step;
	w->plan.n_steps = 1;
	w->plan.wish.unset = true;
	w->plan.n_names = 0;
	w->report.outcome = FIX_WRITTEN;
	w->report.result = true;
}

/* IPv6, where there was nothing, without a time that caches may hold it. */
static void
first(struct scene *w)
{
	assert_true(ip_parse("2001:db8::25", &w->plan.ip));
	ip_format(&w->plan.ip, w->plan.address);
	w->plan.steps[0] = forward_step;
	w->plan.steps[1] = first_step;
	w->plan.n_steps = 2;
	w->plan.cached_s = 0;
}

static const struct {
	const char *name;
	void (*make)(struct scene *w);
	bool quiet, verbose;
} cases[] = {
	{ "planned", .make = planned },
	{ "planned-quiet", .make = planned, .quiet = true },
	{ "blocked", .make = blocked },
	{ "nobody", .make = nobody_to_write_to },
	{ "nothing", .make = nothing },
	{ "waits", .make = waits },
	{ "declined", .make = declined },
	{ "written", .make = written },
	{ "proven", .make = proven },
	{ "proven-v", .make = proven, .verbose = true },
	{ "unproven", .make = unproven },
	{ "unproven-nothing", .make = nothing_to_prove },
	{ "failed", .make = failed },
	{ "undone", .make = undone },
	{ "unset", .make = unset },
	{ "first", .make = first },
	{ "customer", .make = by_customer },
	{ "ticket", .make = by_ticket },
	{ "unrecognised", .make = hoster_unknown },
};

static void
scene_init(struct scene *w)
{
	*w = (struct scene){ .report = { .title = "Example Cloud",
				 .warnings = "",
				 .plan = &w->plan,
				 .err = &w->err,
				 .now_s = NOW_S,
				 .arena = &w->arena } };
	arena_init(&w->arena);
	findings_init(&w->findings, &w->arena);
	w->plan = (struct plan){ .names = mail,
		.n_names = 1,
		.provider = "example",
		.status = PLAN_CHANGE,
		.summary = "a change is to be made",
		.cached_s = HOUR_S };
	assert_true(ip_parse(ADDRESS, &w->plan.ip));
	ip_format(&w->plan.ip, w->plan.address);
	snprintf(w->plan.place.text, sizeof w->plan.place.text, "EIP 25\x1b in r1");
	snprintf(w->plan.place.id, sizeof w->plan.place.id, "r1:25");
}

static void
compare_json(const char *path, json_t *json)
{
	struct buf out;
	char *text = json_dumps(json, JSON_INDENT(1) | JSON_ENSURE_ASCII);
	buf_init(&out, GOLDEN_MAX);
	buf_printf(&out, "%s\n", text);
	golden_compare(path, &out);
	buf_fini(&out);
	free(text);
	json_decref(json);
}

/* The forms that only show; of a plan that an account can carry out, too. */
static void
test_forms(void **state)
{
	static const struct {
		const char *name;
		void (*make)(struct scene *w);
	} scenes[] = {
		{ "customer", by_customer },
		{ "ticket", by_ticket },
		{ "unrecognised", hoster_unknown },
		{ "planned", planned },
		{ "failed", failed },
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(scenes); i++)
		for (size_t k = FIX_FORM_MARKDOWN; k < FIX_FORMS; k++) {
			const struct render_options o = { .quiet = false };
			struct scene w;
			struct buf out;
			char path[80];
			ROW(scenes[i].name);
			scene_init(&w);
			scenes[i].make(&w);
			buf_init(&out, GOLDEN_MAX);
			assert_true(fix_forms[k].shows_only);
			fix_forms[k].write(&w.report, &o, &out);
			snprintf(path, sizeof path, "tests/golden/fix-%s.%s", scenes[i].name,
			    fix_forms[k].name);
			golden_compare(path, &out);
			buf_fini(&out);
			arena_fini(&w.arena);
		}
}

static void
test_reports(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct scene w;
		struct buf out;
		char path[80];
		const struct render_options o = { .quiet = cases[i].quiet,
			.verbose = cases[i].verbose };
		ROW(cases[i].name);
		scene_init(&w);
		cases[i].make(&w);
		buf_init(&out, GOLDEN_MAX);
		fix_text(&w.report, &o, &out);
		snprintf(path, sizeof path, "tests/golden/fix-%s.text", cases[i].name);
		golden_compare(path, &out);
		buf_fini(&out);
		snprintf(path, sizeof path, "tests/golden/fix-%s.json", cases[i].name);
		if (!o.quiet && o.verbose == 0)
			compare_json(path, fix_json(&w.report));
		arena_fini(&w.arena);
	}
}

static void
test_error_words(void **state)
{
	(void)state;
	static const struct {
		enum err_code code;
		const char *word;
	} words[] = {
		{ ERR_USAGE, "usage" },
		{ ERR_DATA, "data" },
		{ ERR_NOINPUT, "no-input" },
		{ ERR_UNAVAILABLE, "unavailable" },
		{ ERR_INTERNAL, "internal" },
		{ ERR_CANTCREAT, "cannot-create" },
		{ ERR_IO, "io" },
		{ ERR_TEMP, "temporary" },
		{ ERR_NOPERM, "refused" },
		{ ERR_CONFIG, "configuration" },
	};
	for (size_t i = 0; i < N_ELEMENTS(words); i++) {
		struct scene w;
		ROW(words[i].word);
		scene_init(&w);
		failed(&w);
		w.err.code = words[i].code;
		json_t *json = fix_json(&w.report);
		json_t *error = json_object_get(json, "error");
		assert_string_equal(json_string_value(json_object_get(error, "class")),
		    words[i].word);
		json_decref(json);
		arena_fini(&w.arena);
	}
}

static void
test_ptr(void **state)
{
	(void)state;
	struct provider_record records[] = {
		{ .n_names = 0 },
		{ .names = { "ecs-25.compute.example" }, .n_names = 1, .is_default = true },
		{ .names = { "a.example.com", "b.example.com" },
		    .n_names = 2,
		    .ttl_s = 300,
		    .description = "mail\x1b server",
		    .tags = { "role=mx", "team=\x1b" },
		    .n_tags = 2 },
	};
	struct buf out;
	json_t *all = json_array();
	buf_init(&out, GOLDEN_MAX);
	for (size_t i = 0; i < N_ELEMENTS(records); i++) {
		assert_true(ip_parse(ADDRESS, &records[i].ip));
		ptr_text(&records[i], &(struct render_options){ .columns = 0 }, &out);
		json_array_append_new(all, ptr_json(&records[i]));
	}
	golden_compare("tests/golden/fix-ptr.text", &out);
	compare_json("tests/golden/fix-ptr.json", all);
	buf_fini(&out);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_reports),
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_error_words),
		cmocka_unit_test(test_ptr),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
