/* Journals: cut at every byte, written by strangers, and on disk as they should be. */
#include "test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "fix/journal.h"

#define ADDRESS "203.0.113.25"
#define HEAD \
	"{\"schema\":\"mailready.journal/" \
	"1\",\"time\":1,\"region\":\"r\",\"project\":\"p\",\"cloud\":\"\"," \
	"\"endpoints\":[\"https://" \
	"dns.example\"],\"authority_port\":53,\"allow_special\":true,\"plan\":" PLAN "}\n"
#define VALUE(values) \
	"{\"values\":[" values "],\"default\":false,\"ttl\":300,\"description\":\"\",\"tags\":[]}"
#define STEPS \
	"[{\"kind\":\"ptr\",\"subject\":\"" ADDRESS "\",\"rule\":\"ptr.missing\",\"old\":" VALUE( \
	    "") ",\"new\":" VALUE("\"mail.example.com\"") "}]"
#define PLAN_WITH(address, provider, names, steps) \
	"{\"schema\":\"mailready.plan/1\",\"version\":\"0\",\"time\":1,\"address\":\"" address \
	"\",\"names\":[" names "],\"provider\":" provider \
	",\"place\":\"EIP\",\"place_id\":\"r:1\",\"status\":\"change\"," \
	"\"summary\":\"s\",\"wish\":{\"ttl\":null,\"description\":null,\"tags\":[],\"replace\":" \
	"false}," \
	"\"dns\":{\"told\":true,\"names\":[],\"cached\":60},\"steps\":" steps \
	",\"needs\":[],\"notes\":[]}"
#define PLAN PLAN_WITH(ADDRESS, "\"cloud\"", "\"mail.example.com\"", STEPS)
#define STEP(state) "{\"time\":5,\"step\":0,\"state\":\"" state "\"}\n"

static char dir[] = "/tmp/mailready-journal.XXXXXX";

static void
fill(struct journal *j)
{
	static const char *names[] = { "mail.example.com" };
	static const char *endpoints[] = { "https://dns.example" };
	struct plan *p = &j->plan;
	memset(j, 0, sizeof *j);
	j->region = "r";
	j->project = "p";
	j->cloud = "";
	j->endpoints = endpoints;
	j->n_endpoints = 1;
	j->authority_port = 5300;
	assert_true(ip_parse(ADDRESS, &p->ip));
	ip_format(&p->ip, p->address);
	p->names = names;
	p->n_names = 1;
	p->provider = "cloud";
	p->summary = "set it";
	p->status = PLAN_CHANGE;
	p->n_steps = 1;
	p->steps[0] = (struct plan_step){ .kind = STEP_PTR,
		.subject = ADDRESS,
		.rule = "ptr.missing",
		.old = { .description = "l\303\266schen \033[1m" },
		.new = { .description = "", .values = names, .n_values = 1, .ttl_s = 300 } };
}

/* A journal of a whole run; its text. */
static void
write_run(struct journal *j, struct buf *text)
{
	struct err err;
	fill(j);
	assert_int_equal(journal_create(j, dir, 1700000000, &err), ERR_NONE);
	static const enum step_state life[] = { STEP_BEGUN, STEP_SENT, STEP_DONE, STEP_UNDO_BEGUN,
		STEP_UNDONE };
	for (size_t i = 0; i < N_ELEMENTS(life); i++) {
		assert_int_equal(journal_step(j, 0, life[i], i == 0 ? "a note" : "", 1700000001,
				     &err),
		    ERR_NONE);
		if (life[i] == STEP_DONE)
			assert_int_equal(journal_proven(j, 1700000002, &err), ERR_NONE);
	}
	assert_int_equal(journal_undone(j, 1700000003, &err), ERR_NONE);
	journal_close(j);
	buf_init(text, JOURNAL_SIZE_MAX);
	assert_int_equal(file_read(j->path, text, &err), ERR_NONE);
}

static void
test_file(void **state)
{
	(void)state;
	struct journal one, two;
	struct buf text;
	struct stat st;
	struct err err;
	write_run(&one, &text);
	assert_int_equal(stat(one.path, &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_int_equal(one.whole, text.len);
	/* nothing of it could act on a terminal */
	for (size_t i = 0; i < text.len; i++)
		assert_true(text.data[i] == '\n' || (text.data[i] >= ' ' && text.data[i] <= '~'));
	fill(&two);
	assert_int_equal(journal_create(&two, dir, 1700000000, &err), ERR_NONE);
	assert_string_not_equal(one.path, two.path);
	unlink(one.path);
	unlink(two.path);
	journal_close(&two);
	buf_fini(&text);
}

static size_t
lines_before(const char *text, size_t len)
{
	size_t n = 0;
	for (size_t i = 0; i < len; i++)
		n += text[i] == '\n';
	return n;
}

/* Wherever a kill cuts it, what loads is the state of the last whole line. */
static void
test_cut_everywhere(void **state)
{
	(void)state;
	static const struct {
		enum step_state state;
		bool proven, undone;
	} after[] = {
		{ STEP_PLANNED, false, false },
		{ STEP_PLANNED, false, false },
		{ STEP_BEGUN, false, false },
		{ STEP_SENT, false, false },
		{ STEP_DONE, false, false },
		{ STEP_DONE, true, false },
		{ STEP_UNDO_BEGUN, true, false },
		{ STEP_UNDONE, true, false },
		{ STEP_UNDONE, true, true },
	};
	struct journal j;
	struct buf text;
	struct err err;
	write_run(&j, &text);
	assert_int_equal(lines_before(text.data, text.len) + 1, N_ELEMENTS(after));
	for (size_t len = 0; len <= text.len; len++) {
		struct journal cut;
		struct arena a;
		arena_init(&a);
		size_t n = lines_before(text.data, len);
		enum err_code code = journal_parse("j", text.data, len, &a, &cut, &err);
		assert_int_equal(code, n == 0 ? ERR_DATA : ERR_NONE);
		if (code == ERR_NONE) {
			assert_int_equal(cut.steps[0], after[n].state);
			assert_int_equal(cut.proven, after[n].proven);
			assert_int_equal(cut.undone, after[n].undone);
			assert_int_equal(cut.torn, text.data[len - 1] != '\n');
			assert_string_equal(cut.plan.steps[0].old.description,
			    "l\303\266schen \033[1m");
			assert_int_equal(cut.authority_port, 5300);
		}
		arena_fini(&a);
	}
	unlink(j.path);
	buf_fini(&text);
}

static void
put_file(const char *path, const char *text, size_t len)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

/* What was torn is cut before anything is added; a second run is kept out. */
static void
test_reopen(void **state)
{
	(void)state;
	struct journal j, again, second;
	struct buf text;
	struct arena a;
	struct err err;
	write_run(&j, &text);
	arena_init(&a);
	const char *sent = strstr(text.data, "\"sent\"");
	put_file(j.path, text.data, (size_t)(sent - text.data));
	assert_int_equal(journal_load(j.path, &a, &again, &err), ERR_NONE);
	assert_true(again.torn);
	assert_int_equal(again.steps[0], STEP_BEGUN);
	assert_int_equal(journal_reopen(&again, &err), ERR_NONE);
	assert_int_equal(journal_load(j.path, &a, &second, &err), ERR_NONE);
	assert_int_equal(journal_reopen(&second, &err), ERR_TEMP);
	assert_int_equal(journal_step(&again, 0, STEP_SENT, "", 7, &err), ERR_NONE);
	journal_close(&again);
	journal_close(&second);
	/* loaded before the other one wrote: what it knows is stale */
	assert_int_equal(journal_reopen(&second, &err), ERR_TEMP);
	journal_close(&second);
	assert_int_equal(journal_load(j.path, &a, &again, &err), ERR_NONE);
	assert_int_equal(again.steps[0], STEP_SENT);
	assert_int_equal(again.written_s[0], 7);
	assert_false(again.torn);
	unlink(j.path);
	arena_fini(&a);
	buf_fini(&text);
}

static void
test_no_files(void **state)
{
	(void)state;
	char path[100], link[120];
	struct journal j;
	struct arena a;
	struct err err;
	arena_init(&a);
	snprintf(path, sizeof path, "%s/plain", dir);
	snprintf(link, sizeof link, "%s/link", dir);
	put_file(path, HEAD, strlen(HEAD));
	assert_int_equal(symlink(path, link), 0);
	assert_int_equal(journal_load(path, &a, &j, &err), ERR_NONE);
	assert_int_equal(journal_load(link, &a, &j, &err), ERR_NOPERM);
	assert_int_equal(journal_load("/dev/null", &a, &j, &err), ERR_NOINPUT);
	assert_int_equal(journal_load(dir, &a, &j, &err), ERR_NOINPUT);
	/* whoever can write it chooses where credentials are sent */
	assert_int_equal(chmod(path, 0620), 0);
	assert_int_equal(journal_load(path, &a, &j, &err), ERR_NOPERM);
	assert_int_equal(chmod(path, 0602), 0);
	assert_int_equal(journal_load(path, &a, &j, &err), ERR_NOPERM);
	assert_int_equal(chmod(path, 0644), 0);
	assert_int_equal(journal_load(path, &a, &j, &err), ERR_NONE);
	if (geteuid() == 0) {
		assert_int_equal(chown(path, 65534, (gid_t)-1), 0);
		assert_int_equal(journal_load(path, &a, &j, &err), ERR_NOPERM);
		assert_int_equal(chown(path, 0, (gid_t)-1), 0);
	}
	assert_int_equal(journal_load("/nonexistent/journal", &a, &j, &err), ERR_NOINPUT);
	assert_int_equal(truncate(path, JOURNAL_SIZE_MAX + 1), 0);
	assert_int_equal(journal_load(path, &a, &j, &err), ERR_DATA);
	fill(&j);
	assert_int_equal(journal_create(&j, "/proc/nowhere", 1, &err), ERR_CANTCREAT);
	unlink(link);
	unlink(path);
	arena_fini(&a);
}

/* Never a link that somebody has put in our way. */
static void
test_planted(void **state)
{
	(void)state;
	char path[200], victim[100];
	struct journal j;
	struct err err;
	snprintf(path, sizeof path, "%s/" ADDRESS "-20231114T221320Z.jsonl", dir);
	snprintf(victim, sizeof victim, "%s/victim", dir);
	assert_int_equal(symlink(victim, path), 0);
	fill(&j);
	assert_int_equal(journal_create(&j, dir, 1700000000, &err), ERR_NONE);
	assert_string_not_equal(j.path, path);
	assert_int_not_equal(access(victim, F_OK), 0);
	journal_close(&j);
	unlink(j.path);
	unlink(path);
}

static const struct {
	const char *name, *text;
	enum err_code code;
	const char *says;
} hostile[] = {
	{ "good", HEAD STEP("begun") STEP("sent") STEP("done"), ERR_NONE, "" },
	{ "resumed", HEAD STEP("begun") STEP("begun") STEP("sent") STEP("begun"), ERR_NONE, "" },
	{ "failed, then again", HEAD STEP("begun") STEP("failed") STEP("begun"), ERR_NONE, "" },
	{ "last line torn", HEAD STEP("begun") "{\"time\":5,\"st", ERR_NONE, "" },
	{ "empty", "", ERR_DATA, "nothing was done" },
	{ "first line torn", "{\"schema\":\"mailready.jour", ERR_DATA, "nothing was done" },
	{ "not JSON", "hello\n", ERR_DATA, "j:1: not JSON" },
	{ "not JSON in the middle", HEAD "}\n" STEP("begun"), ERR_DATA, "j:2: not JSON" },
	{ "an empty line", HEAD "\n", ERR_DATA, "j:2" },
	{ "an array", "[]\n", ERR_DATA, "schema" },
	{ "another schema", "{\"schema\":\"mailready.plan/1\"}\n", ERR_DATA,
	    "mailready.journal/1" },
	{ "a plan alone", PLAN "\n", ERR_DATA, "mailready.journal/1" },
	{ "done before it was planned", HEAD STEP("undone"), ERR_DATA, "cannot change" },
	{ "sent before it was begun", HEAD STEP("sent"), ERR_DATA, "cannot change" },
	{ "begun after done", HEAD STEP("begun") STEP("sent") STEP("done") STEP("begun"), ERR_DATA,
	    "cannot change" },
	{ "planned again", HEAD STEP("planned"), ERR_DATA, "cannot change" },
	{ "unknown state", HEAD STEP("gone"), ERR_DATA, "not known" },
	{ "unknown event", HEAD "{\"event\":\"lost\"}\n", ERR_DATA, "not known" },
	{ "a time that no calendar has",
	    HEAD "{\"time\":9000000000000000000,\"step\":0,\"state\":\"begun\"}\n", ERR_DATA,
	    "\"time\"" },
	{ "step that is not there", HEAD "{\"time\":5,\"step\":1,\"state\":\"begun\"}\n", ERR_DATA,
	    "\"step\"" },
	{ "negative step", HEAD "{\"time\":5,\"step\":-1,\"state\":\"begun\"}\n", ERR_DATA,
	    "\"step\"" },
	{ "huge step", HEAD "{\"time\":5,\"step\":99999999999999999999,\"state\":\"begun\"}\n",
	    ERR_DATA, "j:2" },
	{ "step of another type", HEAD "{\"time\":5,\"step\":\"0\",\"state\":\"begun\"}\n",
	    ERR_DATA, "\"step\"" },
	{ "a member twice", HEAD "{\"time\":5,\"time\":6,\"step\":0,\"state\":\"begun\"}\n",
	    ERR_DATA, "j:2" },
	{ "NUL in a name", HEAD "{\"time\":5,\"step\":0,\"state\":\"be\\u0000gun\"}\n", ERR_DATA,
	    "j:2" },
	{ "escape sequence", HEAD "\033[2J\n", ERR_DATA, "j:2" },
};

static void
test_hostile(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(hostile); i++) {
		struct journal j;
		struct arena a;
		struct err err = { .code = ERR_NONE };
		ROW(hostile[i].name);
		arena_init(&a);
		assert_int_equal(journal_parse("j", hostile[i].text, strlen(hostile[i].text), &a,
				     &j, &err),
		    hostile[i].code);
		if (hostile[i].code != ERR_NONE && strstr(err.text, hostile[i].says) == NULL)
			fail_msg("'%s' does not say '%s'", err.text, hostile[i].says);
		arena_fini(&a);
	}
}

/* The plan in the first line, as strangers might write it. */
static void
test_hostile_plan(void **state)
{
	(void)state;
#define JOURNAL(plan) \
	"{\"schema\":\"mailready.journal/" \
	"1\",\"time\":1,\"region\":\"r\",\"project\":\"p\",\"cloud\":\"\"," \
	"\"endpoints\":[],\"authority_port\":53,\"plan\":" plan "}\n"
#define WITH_STEP(step) JOURNAL(PLAN_WITH(ADDRESS, "\"cloud\"", "\"a.example\"", "[" step "]"))
	static const struct {
		const char *name, *text, *says;
	} cases[] = {
		{ "no provider", JOURNAL(PLAN_WITH(ADDRESS, "null", "\"a.example\"", STEPS)),
		    "provider" },
		{ "no steps", JOURNAL(PLAN_WITH(ADDRESS, "\"cloud\"", "\"a.example\"", "[]")),
		    "steps" },
		{ "steps of another type",
		    JOURNAL(PLAN_WITH(ADDRESS, "\"cloud\"", "\"a.example\"", "{}")), "steps" },
		{ "no address", JOURNAL(PLAN_WITH("mail", "\"cloud\"", "\"a.example\"", STEPS)),
		    "address" },
		{ "step about another address",
		    JOURNAL(PLAN_WITH("203.0.113.9", "\"cloud\"", "\"a.example\"", STEPS)),
		    "another address" },
		{ "a name in capitals",
		    JOURNAL(PLAN_WITH(ADDRESS, "\"cloud\"", "\"A.example\"", STEPS)),
		    "lower case" },
		{ "a name with a final dot",
		    JOURNAL(PLAN_WITH(ADDRESS, "\"cloud\"", "\"a.example.\"", STEPS)),
		    "final dot" },
		{ "an empty name", JOURNAL(PLAN_WITH(ADDRESS, "\"cloud\"", "\"\"", STEPS)),
		    "name" },
		{ "a name that is a number", JOURNAL(PLAN_WITH(ADDRESS, "\"cloud\"", "7", STEPS)),
		    "not a string" },
		{ "a null plan", JOURNAL("null"), "plan" },
		{ "unknown kind", WITH_STEP("{\"kind\":\"mx\"}"), "kind" },
		{ "half a step", WITH_STEP("{\"kind\":\"ptr\",\"subject\":\"" ADDRESS "\"}"),
		    "old" },
		{ "address record without an address",
		    WITH_STEP("{\"kind\":\"forward\",\"subject\":\"a.example\",\"old\":" VALUE(
			"") ",\"new\":" VALUE("\"x\"") "}"),
		    "not an address" },
		{ "eleven PTR names",
		    WITH_STEP("{\"kind\":\"ptr\",\"subject\":\"" ADDRESS "\",\"old\":" VALUE(
			"") ",\"new\":" VALUE("\"a\",\"b\",\"c\",\"d\",\"e\",\"f\",\"g\",\"h\","
					      "\"i\",\"j\",\"k\"") "}"),
		    "at most 10" },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct journal j;
		struct arena a;
		struct err err = { .code = ERR_NONE };
		ROW(cases[i].name);
		arena_init(&a);
		assert_int_equal(journal_parse("j", cases[i].text, strlen(cases[i].text), &a, &j,
				     &err),
		    ERR_DATA);
		if (strstr(err.text, cases[i].says) == NULL)
			fail_msg("'%s' does not say '%s'", err.text, cases[i].says);
		arena_fini(&a);
	}
}

static int
make_dir(void **state)
{
	(void)state;
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int
remove_dir(void **state)
{
	(void)state;
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_file),
		cmocka_unit_test(test_cut_everywhere),
		cmocka_unit_test(test_reopen),
		cmocka_unit_test(test_no_files),
		cmocka_unit_test(test_planted),
		cmocka_unit_test(test_hostile),
		cmocka_unit_test(test_hostile_plan),
	};
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
