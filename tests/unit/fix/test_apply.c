/* Plans applied to a cloud that fails in every way there is, killed at every event, and undone. */
#include "test.h"

#include <dirent.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "checks/registry.h"
#include "fake_cloud.h"
#include "views/understanding.h"

#define ADDRESS "203.0.113.25"
#define M "mail.example.com"
#define OLD "old.example.com"
#define HOUR_US 3600000000ull

static const char *const wanted[] = { M };
static struct policy policy = { .allow_special = true,
	.authority = AUTHORITY_ALWAYS,
	.authority_port = 53 };
static struct target target = {
	.names = { .host = "", .ehlo = "", .domain = "", .wanted = wanted, .n_wanted = 1 },
	.policy = &policy
};
static int64_t now_s = 1700000000; /* journals are named by it */
static char dir[] = "/tmp/mailready-apply.XXXXXX";

struct bench {
	struct fake_cloud *c;
	struct provider_session session;
	struct world world;
	struct journal journal;
	struct apply ap;
	struct arena a;
	struct err err;
};

static void
bench_init(struct bench *b, struct fake_cloud *c, uint64_t limit_us)
{
	memset(b, 0, sizeof *b);
	b->c = c;
	arena_init(&b->a);
	fake_cloud_session(c, &b->session);
	fake_cloud_world(c, &b->world);
	b->ap = (struct apply){ .session = &b->session,
		.journal = &b->journal,
		.world = &b->world,
		.target = &target,
		.deadline_us = c->now_us + limit_us };
}

static void
bench_fini(struct bench *b)
{
	journal_close(&b->journal);
	arena_fini(&b->a);
}

/* What a gathering, the account and plan_make() say. */
static void
make_plan(struct bench *b, struct plan_wish wish)
{
	static const struct provider_place place = { .id = "r:1", .text = "EIP 1 in r" };
	struct fake_cloud *c = b->c;
	struct plan_account account = { .provider = &fake_cloud_provider, .place = &place };
	struct provider_record *r = &account.record;
	struct facts facts;
	*r = (struct provider_record){ .ip = target.ip,
		.description = "",
		.ttl_s = c->ttl_s,
		.n_names = c->n_names,
		.is_default = c->is_default };
	for (size_t i = 0; i < c->n_names; i++)
		r->names[i] = arena_strdup(&b->a, c->names[i]);
	account.state = c->n_names > 0 ? PROVIDER_ACTIVE : PROVIDER_ABSENT;
	account.forwards[0] = (struct plan_forward){ .here = true,
		.set.n = c->n_ips,
		.set.ttl_s = 300 };
	memcpy(account.forwards[0].set.ips, c->ips, sizeof c->ips);
	facts_init(&facts, &b->a);
	b->world.gather(c, &target, NULL, 0, &facts);
	struct understanding known;
	understanding_init(&known, &target, &facts, &b->a);
	struct plan_input in = { .known = &known, .account = &account, .wish = &wish };
	assert_int_equal(plan_make(&in, &b->a, &b->journal.plan, &b->err), ERR_NONE);
	facts_fini(&facts);
}

static void
start_journal(struct bench *b)
{
	struct journal *j = &b->journal;
	j->region = "r";
	j->project = j->cloud = "";
	j->authority_port = 53;
	assert_int_equal(journal_create(j, dir, now_s++, &b->err), ERR_NONE);
}

static void
verify(struct bench *b, struct proof *out, uint64_t limit_us)
{
	static const struct check *const checks[] = { &check_ptr, &check_iprev };
	struct verify v = { .world = &b->world,
		.target = &target,
		.checks = checks,
		.n_checks = 2,
		.want = { .ptr = true, .names = wanted, .n_names = 1, .forward = true },
		.deadline_us = b->c->now_us + limit_us };
	verify_run(&v, &b->a, out);
}

struct row {
	const char *name;
	const char *before;       /* PTR name; NULL none */
	bool is_default, forward; /* forward: written too */
	enum cloud_call call;
	enum cloud_fault fault;
	int n; /* calls that fail */
	uint64_t pending_us, lag_us;
	enum err_code code;
	const char *says;
	enum step_state state; /* of the last step */
	const char *after;     /* the account's name in the end; NULL none */
	int n_puts;            /* at most */
};

static const struct row rows[] = {
	/* clang-format off */
	{ .name = "all well", .after = M, .state = STEP_DONE, .n_puts = 1 },
	{ .name = "pending for a while", .pending_us = 3000000, .after = M, .state = STEP_DONE, .n_puts = 1 },
	{ .name = "over a default", .before = "ecs-25.example", .is_default = true, .after = M, .state = STEP_DONE, .n_puts = 1 },
	{ .name = "over a name, replaced", .before = OLD, .after = M, .state = STEP_DONE, .n_puts = 1 },
	{ .name = "forward first", .forward = true, .after = M, .state = STEP_DONE, .n_puts = 1 },
	{ .name = "put: 503 once", .call = CLOUD_PUT, .fault = CLOUD_TEMP, .n = 1, .after = M, .state = STEP_DONE, .n_puts = 2 },
	{ .name = "put: 503 always", .call = CLOUD_PUT, .fault = CLOUD_TEMP, .n = 99, .code = ERR_TEMP, .says = "503", .state = STEP_BEGUN,
	  .n_puts = APPLY_TRIES_MAX },
	{ .name = "put: answer lost, it had arrived", .call = CLOUD_PUT, .fault = CLOUD_TEMP_DONE, .n = 1, .after = M, .state = STEP_DONE, .n_puts = 1 },
	{ .name = "put: answer lost, pending", .call = CLOUD_PUT, .fault = CLOUD_TEMP_DONE, .n = 1, .pending_us = 2000000, .after = M,
	  .state = STEP_DONE, .n_puts = 1 },
	{ .name = "put: done, but the answer cannot be trusted", .call = CLOUD_PUT, .fault = CLOUD_DOUBTED, .n = 1, .after = M, .state = STEP_DONE,
	  .n_puts = 1 },
	{ .name = "put: the same, and it shows later", .call = CLOUD_PUT, .fault = CLOUD_DOUBTED, .n = 1, .lag_us = 8000000, .after = M,
	  .state = STEP_DONE, .n_puts = 1 },
	{ .name = "put: it shows later", .lag_us = 8000000, .after = M, .state = STEP_DONE, .n_puts = 1 },
	{ .name = "put: no connection once", .call = CLOUD_PUT, .fault = CLOUD_UNAVAILABLE, .n = 1, .after = M, .state = STEP_DONE, .n_puts = 2 },
	{ .name = "put: no connection", .call = CLOUD_PUT, .fault = CLOUD_UNAVAILABLE, .n = 99, .code = ERR_UNAVAILABLE, .says = "no connection",
	  .state = STEP_BEGUN, .n_puts = APPLY_TRIES_MAX },
	{ .name = "put: 401 is never repeated", .call = CLOUD_PUT, .fault = CLOUD_UNAUTHORIZED, .n = 99, .code = ERR_NOPERM, .says = "401",
	  .state = STEP_FAILED, .n_puts = 1 },
	{ .name = "put: 403", .call = CLOUD_PUT, .fault = CLOUD_FORBIDDEN, .n = 99, .code = ERR_NOPERM, .says = "403", .state = STEP_FAILED, .n_puts = 1 },
	{ .name = "put: 400", .call = CLOUD_PUT, .fault = CLOUD_REFUSED, .n = 99, .code = ERR_DATA, .says = "400", .state = STEP_FAILED, .n_puts = 1 },
	{ .name = "put: 429 with Retry-After", .call = CLOUD_PUT, .fault = CLOUD_BUSY, .n = 1, .after = M, .state = STEP_DONE, .n_puts = 2 },
	{ .name = "put: 429 with more than there is time for", .call = CLOUD_PUT, .fault = CLOUD_BUSY_LONG, .n = 1, .code = ERR_TEMP, .says = "429",
	  .state = STEP_BEGUN, .n_puts = 1 },
	{ .name = "put: said yes, did nothing", .call = CLOUD_PUT, .fault = CLOUD_LOST, .n = 99, .code = ERR_UNAVAILABLE, .says = "instead of",
	  .state = STEP_SENT, .n_puts = 1 },
	{ .name = "put: status ERROR", .call = CLOUD_PUT, .fault = CLOUD_BROKEN, .n = 1, .code = ERR_UNAVAILABLE, .says = "ERROR",
	  .state = STEP_FAILED, .after = M, .n_puts = 1 },
	{ .name = "put: PENDING for ever", .call = CLOUD_PUT, .fault = CLOUD_STUCK, .n = 1, .code = ERR_TEMP, .says = "--resume",
	  .state = STEP_SENT, .after = M, .n_puts = 1 },
	{ .name = "put: somebody else was faster", .call = CLOUD_PUT, .fault = CLOUD_MEDDLED, .n = 1, .code = ERR_NOPERM, .says = "somebody.example.net",
	  .state = STEP_FAILED, .after = "somebody.example.net", .n_puts = 1 },
	{ .name = "get: 503 once", .call = CLOUD_GET, .fault = CLOUD_TEMP, .n = 1, .after = M, .state = STEP_DONE, .n_puts = 1 },
	{ .name = "get: 503 always", .call = CLOUD_GET, .fault = CLOUD_TEMP, .n = 99, .code = ERR_TEMP, .says = "503", .state = STEP_PLANNED },
	{ .name = "get: 401", .call = CLOUD_GET, .fault = CLOUD_UNAUTHORIZED, .n = 99, .code = ERR_NOPERM, .says = "401", .state = STEP_PLANNED },
	{ .name = "poll: 503 twice", .call = CLOUD_POLL, .fault = CLOUD_TEMP, .n = 2, .after = M, .state = STEP_DONE, .n_puts = 1 },
	{ .name = "poll: 503 always", .call = CLOUD_POLL, .fault = CLOUD_TEMP, .n = 99, .code = ERR_TEMP, .says = "503", .state = STEP_SENT, .after = M, .n_puts = 1 },
	{ .name = "poll: 403", .call = CLOUD_POLL, .fault = CLOUD_FORBIDDEN, .n = 99, .code = ERR_NOPERM, .says = "403", .state = STEP_SENT, .after = M, .n_puts = 1 },
	{ .name = "forward put: 503 once", .forward = true, .call = CLOUD_FORWARD_PUT, .fault = CLOUD_TEMP, .n = 1, .after = M, .state = STEP_DONE, .n_puts = 1 },
	{ .name = "forward put: refused, PTR is left", .forward = true, .call = CLOUD_FORWARD_PUT, .fault = CLOUD_REFUSED, .n = 1, .code = ERR_DATA,
	  .says = "400", .state = STEP_PLANNED },
	{ .name = "forward put: answer lost", .forward = true, .call = CLOUD_FORWARD_PUT, .fault = CLOUD_TEMP_DONE, .n = 1, .after = M, .state = STEP_DONE, .n_puts = 1 },
	{ .name = "forward put: status ERROR, PTR is left", .forward = true, .call = CLOUD_FORWARD_PUT, .fault = CLOUD_BROKEN, .n = 1,
	  .code = ERR_UNAVAILABLE, .says = "ERROR", .state = STEP_PLANNED },
	{ .name = "forward put: PENDING for ever", .forward = true, .call = CLOUD_FORWARD_PUT, .fault = CLOUD_STUCK, .n = 1, .code = ERR_TEMP,
	  .says = "--resume", .state = STEP_PLANNED },
	{ .name = "forward poll: 503 twice", .forward = true, .call = CLOUD_FORWARD_POLL, .fault = CLOUD_TEMP, .n = 2, .after = M, .state = STEP_DONE, .n_puts = 1 },
	{ .name = "forward poll: 403", .forward = true, .call = CLOUD_FORWARD_POLL, .fault = CLOUD_FORBIDDEN, .n = 99, .code = ERR_NOPERM, .says = "403",
	  .state = STEP_PLANNED },
	{ .name = "forward get: 503 always", .forward = true, .call = CLOUD_FORWARD_GET, .fault = CLOUD_TEMP, .n = 99, .code = ERR_TEMP, .says = "503",
	  .state = STEP_PLANNED },
	/* clang-format on */
};

static void
setup(struct fake_cloud *c, const struct row *row)
{
	fake_cloud_init(c, row->before);
	c->is_default = row->is_default;
	c->pending_us = row->pending_us;
	c->lag_us = row->lag_us;
	c->n_ips = row->forward ? 0 : 1;
	c->ips[0] = target.ip;
}

static const struct plan_wish all_allowed = { .replace = true, .with_forward = true };

static void
check_account(const struct fake_cloud *c, const char *name)
{
	assert_int_equal(c->n_names, name != NULL);
	if (name != NULL)
		assert_string_equal(c->names[0], name);
}

static void
run_row(const struct row *row)
{
	struct fake_cloud c;
	struct bench b;
	struct journal loaded;
	struct err err;
	ROW(row->name);
	setup(&c, row);
	bench_init(&b, &c, 600000000);
	make_plan(&b, all_allowed);
	assert_int_equal(b.journal.plan.status, PLAN_CHANGE);
	assert_int_equal(b.journal.plan.n_steps, row->forward ? 2 : 1);
	start_journal(&b);
	c.fault[row->call] = row->fault;
	c.fault_n[row->call] = row->n;
	uint64_t start = c.now_us;
	assert_int_equal(apply_plan(&b.ap, &b.err), row->code);
	if (row->code != ERR_NONE && strstr(b.err.text, row->says) == NULL)
		fail_msg("'%s' does not say '%s'", b.err.text, row->says);
	if (row->fault == CLOUD_BROKEN) /* nothing is waited for */
		assert_true(c.now_us - start < 2000000);
	if (row->fault == CLOUD_BUSY)
		assert_true(c.now_us - start >= 7000000);
	size_t last = b.journal.plan.n_steps - 1;
	assert_string_equal(enumtab_name(&step_state_names, (int)b.journal.steps[last]),
	    enumtab_name(&step_state_names, (int)row->state));
	assert_true(c.n_calls[CLOUD_PUT] <= row->n_puts);
	check_account(&c, row->after != NULL ? row->after : row->before);
	/* what is in memory is what is on disk */
	assert_int_equal(journal_load(b.journal.path, &b.a, &loaded, &err), ERR_NONE);
	assert_memory_equal(loaded.steps, b.journal.steps, sizeof loaded.steps);
	bench_fini(&b);
}

static void
test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++)
		run_row(&rows[i]);
}

/* In a child: applies, and dies at an event of the cloud.  False when it came to its end. */
static bool
killed_at(struct fake_cloud *shared, const struct row *row, char *path, int event)
{
	now_s++;
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		struct bench b;
		setup(shared, row);
		bench_init(&b, shared, 600000000);
		make_plan(&b, all_allowed);
		start_journal(&b);
		memcpy(path, b.journal.path, strlen(b.journal.path) + 1);
		shared->events = 0;
		shared->crash_at = event;
		_exit(apply_plan(&b.ap, &b.err) == ERR_NONE ? 0 : 1);
	}
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_true(WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 99);
	shared->crash_at = 0;
	return WEXITSTATUS(status) == 99;
}

static void
pick_up(struct fake_cloud *shared, const struct row *row, const char *path)
{
	struct bench b;
	bench_init(&b, shared, 600000000);
	assert_int_equal(journal_load(path, &b.a, &b.journal, &b.err), ERR_NONE);
	assert_int_equal(journal_reopen(&b.journal, &b.err), ERR_NONE);
	if (apply_plan(&b.ap, &b.err) != ERR_NONE)
		fail_msg("resume: %s", b.err.text);
	check_account(shared, M);
	assert_int_equal(shared->n_ips, 1);
	assert_true(shared->n_calls[CLOUD_PUT] <= 2);
	if (apply_undo(&b.ap, &b.err) != ERR_NONE)
		fail_msg("undo: %s", b.err.text);
	check_account(shared, row->is_default ? NULL : row->before);
	assert_int_equal(shared->n_ips, row->forward ? 0 : 1);
	assert_true(b.journal.undone);
	bench_fini(&b);
}

static void
take_back(struct fake_cloud *shared, const struct row *row, const char *path)
{
	struct bench b;
	bench_init(&b, shared, 600000000);
	assert_int_equal(journal_load(path, &b.a, &b.journal, &b.err), ERR_NONE);
	assert_int_equal(journal_reopen(&b.journal, &b.err), ERR_NONE);
	if (apply_undo(&b.ap, &b.err) != ERR_NONE)
		fail_msg("undo: %s", b.err.text);
	bool unset = shared->n_calls[CLOUD_PUT] > 0 && row->is_default;
	check_account(shared, unset ? NULL : row->before);
	assert_int_equal(shared->n_ips, row->forward ? 0 : 1);
	bench_fini(&b);
}

static void
test_killed(void **state)
{
	(void)state;
	static const struct row kinds[] = {
		{ .name = "new" },
		{ .name = "new, pending", .pending_us = 2000000 },
		{ .name = "over a default", .before = "ecs-25.example", .is_default = true },
		{ .name = "replaced", .before = OLD, .pending_us = 1000000 },
		{ .name = "forward too", .forward = true },
	};
	size_t size = sizeof(struct fake_cloud) + JOURNAL_PATH_MAX;
	struct fake_cloud *shared = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	assert_true(shared != MAP_FAILED);
	char *path = (char *)(shared + 1);
	for (size_t i = 0; i < N_ELEMENTS(kinds); i++) {
		ROW(kinds[i].name);
		int event = 1;
		for (; killed_at(shared, &kinds[i], path, event); event++) {
			pick_up(shared, &kinds[i], path);
			assert_true(killed_at(shared, &kinds[i], path, event));
			take_back(shared, &kinds[i], path);
		}
		assert_true(event > 5);
	}
	munmap(shared, size);
}

/* A step that was sent, and failed all the same: the first look of undo shows the state before it. */
static void
test_undo_of_what_shows_later(void **state)
{
	(void)state;
	struct fake_cloud c, *cloud = &c;
	struct bench b;
	setup(&c, &(struct row){ .before = OLD });
	bench_init(&b, &c, 600000000);
	make_plan(&b, all_allowed);
	start_journal(&b);
	c.fault[CLOUD_PUT] = CLOUD_DOUBTED;
	c.fault_n[CLOUD_PUT] = 1;
	cloud->lag_us = 22000000; /* longer than apply looks for it */
	assert_int_equal(apply_plan(&b.ap, &b.err), ERR_NOPERM);
	assert_int_equal(b.journal.steps[0], STEP_FAILED);
	c.changed_us = c.now_us;
	cloud->lag_us = 5000000;
	if (apply_undo(&b.ap, &b.err) != ERR_NONE)
		fail_msg("%s", b.err.text);
	check_account(&c, OLD);
	assert_int_equal(c.n_calls[CLOUD_PUT], 2);
	bench_fini(&b);
}

/* Undo leaves alone what somebody has changed since. */
static void
test_undo_refused(void **state)
{
	(void)state;
	struct fake_cloud c;
	struct bench b;
	setup(&c, &(struct row){ .before = OLD });
	bench_init(&b, &c, 600000000);
	make_plan(&b, all_allowed);
	start_journal(&b);
	assert_int_equal(apply_plan(&b.ap, &b.err), ERR_NONE);
	snprintf(c.names[0], sizeof c.names[0], "third.example.com");
	assert_int_equal(apply_undo(&b.ap, &b.err), ERR_NOPERM);
	assert_non_null(strstr(b.err.text, "third.example.com"));
	check_account(&c, "third.example.com");
	bench_fini(&b);
}

/* The world moved between plan and apply: nothing is written. */
static void
test_precondition(void **state)
{
	(void)state;
	static const struct {
		const char *name, *now;
		bool forward_gone;
		enum err_code code;
		const char *says;
		enum step_state state;
		int n_puts;
	} cases[] = {
		{ "set by somebody else", .now = "third.example.com", .code = ERR_NOPERM,
		    .says = "third.example.com", .state = STEP_PLANNED },
		{ "set by somebody else to the same", .now = M, .code = ERR_NONE, .says = "",
		    .state = STEP_DONE },
		{ "the name no longer leads back", .forward_gone = true, .code = ERR_NOPERM,
		    .says = "does not exist", .state = STEP_PLANNED },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct fake_cloud c;
		struct bench b;
		ROW(cases[i].name);
		setup(&c, &(struct row){ .before = NULL });
		bench_init(&b, &c, 600000000);
		make_plan(&b, all_allowed);
		start_journal(&b);
		c.n_names = cases[i].now != NULL;
		snprintf(c.names[0], sizeof c.names[0], "%s",
		    cases[i].now != NULL ? cases[i].now : "");
		c.n_ips = !cases[i].forward_gone;
		assert_int_equal(apply_plan(&b.ap, &b.err), cases[i].code);
		if (cases[i].code != ERR_NONE)
			assert_non_null(strstr(b.err.text, cases[i].says));
		assert_int_equal(b.journal.steps[0], cases[i].state);
		assert_int_equal(c.n_calls[CLOUD_PUT], cases[i].n_puts);
		bench_fini(&b);
	}
}

static void
test_proof(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint64_t dns_us, second_us;
		bool never, silent;
		bool proven;
		const char *missing;
		enum verdict verdict;
		size_t n_good;
	} cases[] = {
		{ "at once", .proven = true, .missing = "", .verdict = VERDICT_PASS, .n_good = 4 },
		{ "after a while", .dns_us = 20000000, .proven = true, .missing = "",
		    .verdict = VERDICT_PASS, .n_good = 4 },
		{ "second server later", .second_us = 40000000, .proven = true, .missing = "",
		    .verdict = VERDICT_PASS, .n_good = 4 },
		{ "second server too late", .second_us = 400000000,
		    .missing = "ns2.example.net still says no PTR", .verdict = VERDICT_PASS,
		    .n_good = 3 },
		{ "never", .never = true, .missing = "ns1.example.net still says no PTR",
		    .verdict = VERDICT_FAIL, .n_good = 2 },
		{ "second server silent", .silent = true, .missing = "ns2.example.net: no answer",
		    .verdict = VERDICT_PASS, .n_good = 2 },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct fake_cloud c;
		struct bench b;
		struct proof proof;
		ROW(cases[i].name);
		setup(&c, &(struct row){ .before = NULL });
		bench_init(&b, &c, 600000000);
		make_plan(&b, all_allowed);
		start_journal(&b);
		assert_int_equal(apply_plan(&b.ap, &b.err), ERR_NONE);
		c.dns_us = cases[i].dns_us;
		c.second_us = cases[i].second_us;
		c.dns_never = cases[i].never;
		c.second_silent = cases[i].silent;
		verify(&b, &proof, 300000000);
		assert_int_equal(proof.proven, cases[i].proven);
		if (strstr(proof.missing, cases[i].missing) == NULL)
			fail_msg("'%s' does not say '%s'", proof.missing, cases[i].missing);
		assert_string_equal(enumtab_name(&verdict_names, (int)proof.verdict),
		    enumtab_name(&verdict_names, (int)cases[i].verdict));
		size_t n_good = 0;
		for (size_t k = 0; k < proof.n_servers; k++)
			n_good += proof.servers[k].good;
		assert_int_equal(n_good, cases[i].n_good);
		assert_int_equal(proof.n_servers, 4);
		bench_fini(&b);
	}
}

static int
make_dir(void **state)
{
	(void)state;
	ip_parse(ADDRESS, &target.ip);
	ip_format(&target.ip, target.address);
	return mkdtemp(dir) != NULL ? 0 : -1;
}

static int
remove_dir(void **state)
{
	(void)state;
	DIR *d = opendir(dir);
	if (d == NULL)
		return -1;
	for (struct dirent *e = readdir(d); e != NULL; e = readdir(d))
		(void)unlinkat(dirfd(d), e->d_name, 0);
	closedir(d);
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_undo_of_what_shows_later),
		cmocka_unit_test(test_undo_refused),
		cmocka_unit_test(test_precondition),
		cmocka_unit_test(test_proof),
	};
	return cmocka_run_group_tests(tests, make_dir, remove_dir);
}
