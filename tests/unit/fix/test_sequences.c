/*
 * Every sequence of apply, undo and resume, with each step failing, killed, refused and recovering:
 * what is written is read again, and in the end everything can be put back.
 */
#include "test.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "fake_cloud.h"

#define M "mail.example.com"
#define OLD "old.example.com"

enum { LIMIT_US = 120000000, LAST_EVENT = 9, PATIENCE_US = 10000000 };

static const char *const wanted[] = { M };
static struct policy policy = { .allow_special = true, .authority_port = 53 };
static struct target target = {
	.names = { .host = "", .ehlo = "", .domain = "", .wanted = wanted, .n_wanted = 1 },
	.policy = &policy
};
static char dir[] = "/dev/shm/mailready-sequences.XXXXXX"; /* thousands of journals, each synced */
static int64_t now_s = 1700000000;                         /* journals are named by it */

/* How the cloud behaves in one run. */
struct weather {
	enum cloud_call call;
	enum cloud_fault fault;
	int n;        /* calls that fail */
	int crash_at; /* the event at which the process is killed; 0: none */
	uint64_t lag_us;
};

enum work { FORWARDS, BACK, WORKS };

static char sequence[100]; /* of which a failure speaks */

static struct weather weathers[50];
static size_t n_weathers;

static void
add_weather(struct weather w)
{
	assert_true(n_weathers < N_ELEMENTS(weathers));
	weathers[n_weathers++] = w;
}

/* Once, and always. */
static void
add_faults(enum cloud_call call, const enum cloud_fault *faults, size_t n)
{
	for (size_t i = 0; i < n; i++)
		for (int times = 1; times < 100; times += 98)
			add_weather((struct weather){ call, faults[i], times, 0, 0 });
}

static void
make_weathers(void)
{
	static const enum cloud_fault of_puts[] = { CLOUD_TEMP, CLOUD_TEMP_DONE, CLOUD_UNAVAILABLE,
		CLOUD_FORBIDDEN, CLOUD_BUSY_LONG, CLOUD_REFUSED, CLOUD_DOUBTED },
				      of_states[] = { CLOUD_LOST, CLOUD_BROKEN, CLOUD_STUCK },
				      of_reads[] = { CLOUD_TEMP, CLOUD_FORBIDDEN };
	add_weather((struct weather){ .n = 0 });
	add_weather((struct weather){ .lag_us = 5000000 });
	add_faults(CLOUD_PUT, of_puts, N_ELEMENTS(of_puts));
	add_faults(CLOUD_GET, of_reads, N_ELEMENTS(of_reads));
	add_faults(CLOUD_POLL, of_reads, N_ELEMENTS(of_reads));
	for (size_t i = 0; i < N_ELEMENTS(of_states); i++)
		add_weather((struct weather){ CLOUD_PUT, of_states[i], 1, 0, 0 });
	add_weather((struct weather){ CLOUD_PUT, CLOUD_DOUBTED, 1, 0, 30000000 });
	for (int event = 1; event <= LAST_EVENT; event++)
		add_weather((struct weather){ .crash_at = event });
}

/* Shared with the processes that are killed. */
static struct shared {
	struct fake_cloud cloud;
	char path[JOURNAL_PATH_MAX];
} * shared;

struct bench {
	struct provider_session session;
	struct world world;
	struct journal journal;
	struct apply ap;
	struct arena a;
	struct err err;
};

static void
bench_init(struct bench *b)
{
	memset(b, 0, sizeof *b);
	arena_init(&b->a);
	fake_cloud_session(&shared->cloud, &b->session);
	fake_cloud_world(&shared->cloud, &b->world);
	b->ap = (struct apply){ .session = &b->session,
		.journal = &b->journal,
		.world = &b->world,
		.target = &target,
		.deadline_us = shared->cloud.now_us + LIMIT_US };
}

static void
bench_fini(struct bench *b)
{
	journal_close(&b->journal);
	arena_fini(&b->a);
}

static void
value_of(struct arena *a, const char *name, struct plan_value *out)
{
	*out = (struct plan_value){ .n_values = 1, .ttl_s = 300, .description = "" };
	out->values = arena_array(a, 1, sizeof *out->values);
	out->tags = arena_array(a, 1, sizeof *out->tags);
	out->values[0] = name;
}

/* The forward records are left to test_apply.c. */
static void
start(void)
{
	struct bench b;
	fake_cloud_init(&shared->cloud, OLD);
	bench_init(&b);
	struct plan *p = &b.journal.plan;
	*p = (struct plan){ .ip = target.ip,
		.names = wanted,
		.n_names = 1,
		.wish = { .force_order = true, .description = "" },
		.provider = "fake",
		.place = { .id = "r:1", .text = "EIP 1 in r" },
		.status = PLAN_CHANGE,
		.summary = "set it",
		.n_steps = 1 };
	memcpy(p->address, target.address, sizeof p->address);
	p->steps[0] = (struct plan_step){ .kind = STEP_PTR, .subject = target.address, .rule = "" };
	value_of(&b.a, OLD, &p->steps[0].old);
	value_of(&b.a, M, &p->steps[0].new);
	b.journal.region = "r";
	b.journal.project = b.journal.cloud = "";
	b.journal.authority_port = 53;
	assert_int_equal(journal_create(&b.journal, dir, now_s++, &b.err), ERR_NONE);
	memcpy(shared->path, b.journal.path, sizeof shared->path);
	bench_fini(&b);
}

/*
 * What was broken or stuck has recovered since.  A copy that lags for longer than anybody looks does
 * so after a change of this run only.
 */
static void
set_weather(const struct weather *w)
{
	struct fake_cloud *c = &shared->cloud;
	memset(c->fault_n, 0, sizeof c->fault_n);
	memset(c->n_calls, 0, sizeof c->n_calls);
	c->log[0] = '\0';
	c->broken = c->stuck = false;
	c->fault[w->call] = w->fault;
	c->fault_n[w->call] = w->n;
	c->events = 0;
	c->crash_at = w->crash_at;
	c->lag_us = w->lag_us;
	if (w->lag_us > PATIENCE_US)
		c->changed_us = 0;
}

static void
expect(bool good, const char *what)
{
	if (!good)
		fail_msg("%s: %s", sequence, what);
}

static void
load(struct bench *b)
{
	expect(journal_load(shared->path, &b->a, &b->journal, &b->err) == ERR_NONE, b->err.text);
}

/* What `fix --resume` and `undo` do with a journal; true: it came to its end. */
static bool
do_work(enum work work)
{
	struct bench b, again;
	bench_init(&b);
	load(&b);
	assert_int_equal(journal_reopen(&b.journal, &b.err), ERR_NONE);
	/* an undo that was begun is not forgotten, whatever came of it */
	bool refused = work == FORWARDS && (b.journal.undoing || b.journal.undone);
	bool good = !refused &&
	    (work == FORWARDS ? apply_plan(&b.ap, &b.err) : apply_undo(&b.ap, &b.err)) == ERR_NONE;
	bench_init(&again);
	load(&again);
	expect(again.journal.steps[0] == b.journal.steps[0] &&
		again.journal.undoing == b.journal.undoing &&
		again.journal.undone == b.journal.undone,
	    "memory and file differ");
	bench_fini(&again);
	bench_fini(&b);
	return good || refused;
}

static void
run(enum work work, const struct weather *w)
{
	set_weather(w);
	if (w->crash_at == 0) {
		(void)do_work(work);
		return;
	}
	fflush(NULL);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		(void)do_work(work);
		_exit(0);
	}
	int status = 0;
	assert_int_equal(waitpid(pid, &status, 0), pid);
	expect(WIFEXITED(status) && (WEXITSTATUS(status) == 0 || WEXITSTATUS(status) == 99),
	    "the process ended by itself");
}

static enum step_state
state_now(bool *undoing)
{
	struct bench b;
	bench_init(&b);
	load(&b);
	enum step_state state = b.journal.steps[0];
	*undoing = b.journal.undoing || b.journal.undone;
	bench_fini(&b);
	return state;
}

/* In good weather: on to the end, unless it is on its way back; and back to what was before. */
static void
come_to_an_end(bool first_on)
{
	static const struct weather good = { .n = 0 };
	bool undoing;
	(void)state_now(&undoing);
	if (first_on) {
		set_weather(&good);
		expect(do_work(FORWARDS), "it does not come to its end");
		expect(undoing || strcmp(shared->cloud.names[0], M) == 0, "it is not set");
	}
	set_weather(&good);
	expect(do_work(BACK), "it cannot be undone");
	expect(strcmp(shared->cloud.names[0], OLD) == 0, "what was before is not back");
	enum step_state state = state_now(&undoing);
	expect(state == STEP_UNDONE || state == STEP_PLANNED, "the journal does not say so");
	(void)unlink(shared->path);
}

static void
test_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < n_weathers * n_weathers * WORKS * 2; i++) {
		size_t first = i / n_weathers / WORKS / 2, second = i % n_weathers;
		enum work work = (enum work)(i / n_weathers % WORKS);
		bool first_on = i / n_weathers / WORKS % 2 == 0;
		snprintf(sequence, sizeof sequence, "apply %zu, %s %zu%s", first,
		    work == BACK ? "undo" : "resume", second, first_on ? ", on" : "");
		start();
		run(FORWARDS, &weathers[first]);
		run(work, &weathers[second]);
		come_to_an_end(first_on);
	}
}

static int
prepare(void **state)
{
	(void)state;
	ip_parse("203.0.113.25", &target.ip);
	ip_format(&target.ip, target.address);
	make_weathers();
	shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
	    0);
	return shared != MAP_FAILED && mkdtemp(dir) != NULL ? 0 : -1;
}

static int
clean_up(void **state)
{
	(void)state;
	munmap(shared, sizeof *shared);
	return rmdir(dir);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_all) };
	return cmocka_run_group_tests(tests, prepare, clean_up);
}
