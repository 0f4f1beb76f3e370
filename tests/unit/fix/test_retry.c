/* Logins and reads that fail for now are tried again, at a growing pace, and never a refused one. */
#include "base/arena.h"
#include "fix/apply.h"
#include "test.h"

enum { SECOND_US = 1000000 };

/* A provider whose every call fails for a while. */
static struct {
	int fails, calls;
	enum err_code code;
	uint32_t retry_after_s;
	uint64_t now_us, first_wait_us;
	int waits;
} it;

static enum err_code
call(struct provider_session *s, struct err *err)
{
	assert_int_equal(s->retry_after_s, 0);
	assert_false(s->maybe_done);
	if (it.calls++ >= it.fails)
		return ERR_NONE;
	s->retry_after_s = it.retry_after_s;
	s->maybe_done = true;
	return err_set(err, it.code, "not now");
}

static enum err_code
list(struct provider_session *s, struct arena *a, struct provider_record **out, size_t *n,
    struct err *err)
{
	(void)a, (void)out;
	assert_int_equal(*n, 0);
	*n = 7; /* what a failed call left */
	return call(s, err);
}

static enum err_code
find(struct provider_session *s, const struct ip *ip, struct provider_place *out, struct err *err)
{
	(void)ip;
	snprintf(out->id, sizeof out->id, "here");
	return call(s, err);
}

static enum err_code
forward_get(struct provider_session *s, const char *name, const struct ip *ip,
    struct provider_set *out, struct err *err)
{
	(void)name, (void)ip, (void)out;
	return call(s, err);
}

static const struct provider provider = { .name = "fake",
	.open = call,
	.list = list,
	.find = find,
	.forward_get = forward_get };

static uint64_t
now_us(void *arg)
{
	(void)arg;
	return it.now_us;
}

static void
wait_us(void *arg, uint64_t us)
{
	(void)arg;
	if (it.waits++ == 0)
		it.first_wait_us = us;
	it.now_us += us;
}

static uint32_t
no_jitter(void *arg)
{
	(void)arg;
	return 0;
}

static const struct {
	const char *name;
	int fails;
	enum err_code code;
	uint32_t retry_after_s;
	uint64_t time_us; /* 0: a minute */
	int calls;
	uint64_t first_wait_us;
	enum err_code end;
} rows[] = {
	{ "at once", .calls = 1 },
	{ "fails once", .fails = 1, .code = ERR_TEMP, .calls = 2, .first_wait_us = PACE_FIRST_US },
	{ "no connection, twice", .fails = 2, .code = ERR_UNAVAILABLE, .calls = 3,
	    .first_wait_us = PACE_FIRST_US },
	{ "as long as it is told to wait", .fails = 1, .code = ERR_TEMP, .retry_after_s = 7,
	    .calls = 2, .first_wait_us = 7 * SECOND_US + PACE_FIRST_US },
	{ "longer than there is time", .fails = 1, .code = ERR_TEMP, .retry_after_s = 70,
	    .calls = 1, .end = ERR_TEMP },
	{ "for ever: six times", .fails = 99, .code = ERR_TEMP, .calls = APPLY_TRIES_MAX,
	    .first_wait_us = PACE_FIRST_US, .end = ERR_TEMP },
	{ "until the time is up", .fails = 99, .code = ERR_TEMP, .time_us = PACE_FIRST_US + 1,
	    .calls = 2, .first_wait_us = PACE_FIRST_US, .end = ERR_TEMP },
	{ "refused: never again", .fails = 1, .code = ERR_NOPERM, .calls = 1, .end = ERR_NOPERM },
	{ "wrong: never again", .fails = 1, .code = ERR_DATA, .calls = 1, .end = ERR_DATA },
};

enum { OPEN, LIST, FIND, FORWARD, CALLS };

static enum err_code
make_call(const struct apply *ap, int which, struct err *err)
{
	struct arena a;
	struct provider_record *records;
	struct provider_place place = { .id = "" };
	struct plan_forward forward;
	struct ip ip = { .family = 4 };
	size_t n = 3;
	enum err_code code;
	arena_init(&a);
	switch (which) {
	case OPEN:
		code = apply_open(ap, err);
		break;
	case LIST:
		code = apply_list(ap, &a, &records, &n, err);
		assert_int_equal(n, 7);
		break;
	case FORWARD:
		code = apply_forward_get(ap, "mail.example.com", &ip, &a, &forward, err);
		/* a zone that is not here is an answer, and the reason is kept for the plan */
		assert_string_equal(forward.why_not, err->code == ERR_DATA ? "not now" : "");
		assert_int_equal(forward.here, code == ERR_NONE && err->code != ERR_DATA);
		code = code == ERR_NONE && forward.why_not[0] != '\0' ? ERR_DATA : code;
		break;
	default:
		code = apply_find(ap, &ip, &place, err);
		assert_string_equal(place.id, "here");
	}
	arena_fini(&a);
	return code;
}

static void
test_rows(void **state)
{
	(void)state;
	const struct world world = { .now_us = now_us, .wait_us = wait_us, .random = no_jitter };
	for (size_t i = 0; i < N_ELEMENTS(rows) * CALLS; i++) {
		size_t r = i / CALLS;
		struct err err = { .text = "" };
		struct provider_session s = { .provider = &provider,
			.retry_after_s = 9,
			.maybe_done = true };
		struct apply ap = { .session = &s, .world = &world };
		ROW(rows[r].name);
		memset(&it, 0, sizeof it);
		it.fails = rows[r].fails;
		it.code = rows[r].code;
		it.retry_after_s = rows[r].retry_after_s;
		it.now_us = 5 * SECOND_US;
		ap.deadline_us = it.now_us +
		    (rows[r].time_us != 0 ? rows[r].time_us : 60 * SECOND_US);
		assert_int_equal(make_call(&ap, (int)(i % CALLS), &err), rows[r].end);
		assert_int_equal(it.calls, rows[r].calls);
		assert_int_equal(it.first_wait_us, rows[r].first_wait_us);
		assert_true(it.now_us <= ap.deadline_us);
	}
}

/* 0.25 s, half as much again each time, at most 5 s. */
static void
test_pace(void **state)
{
	(void)state;
	const struct world world = { .now_us = now_us, .wait_us = wait_us, .random = no_jitter };
	uint64_t pace = PACE_FIRST_US, before = 0;
	memset(&it, 0, sizeof it);
	for (uint64_t want = PACE_FIRST_US; want < PACE_MAX_US; want += want / 2) {
		assert_true(pace_wait(&world, &pace, 0, 1000ull * SECOND_US));
		assert_int_equal(it.now_us - before, want);
		before = it.now_us;
	}
	assert_true(pace_wait(&world, &pace, 0, 1000ull * SECOND_US));
	assert_int_equal(it.now_us - before, PACE_MAX_US);
	/* at least as long as is asked for, and not at all when there is no time for it */
	before = it.now_us;
	assert_true(pace_wait(&world, &pace, 9 * SECOND_US, it.now_us + 9 * SECOND_US));
	assert_int_equal(it.now_us - before, 9 * SECOND_US);
	assert_false(pace_wait(&world, &pace, 9 * SECOND_US, it.now_us + 9 * SECOND_US - 1));
	assert_false(pace_wait(&world, &pace, 0, it.now_us));
	before = it.now_us;
	assert_true(pace_wait(&world, &pace, 0, it.now_us + 1));
	assert_int_equal(it.now_us - before, 1);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_pace),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
