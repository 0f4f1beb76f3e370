/*
 * What the worst messages cost: in units of work, not of time, so that a busy machine changes nothing.
 * A unit is one reading of every name that the message holds.
 */
#include "test.h"

#include <time.h>

#include "base/arena.h"
#include "dns/msg.h"
#include "wire.h"

enum {
	LABELS = 127, /* of one byte each: the longest name */
	RECORD_LEN = 14,
	UNITS_MAX = 1, /* few of its names are read before it is too much */
	UNITS_ALL = 4, /* each owner is read once, the data twice; the rest is room */
	TRIES = 10,
};

/* A CNAME of another name, or PTR records, each owner and value of so many pointers. */
struct row {
	const char *name;
	uint16_t asked, type;
	size_t rungs;
	enum dns_reply reply;
	int units_max;
};

/* What servers send has a few pointers a name; names that have all they may cost too much together. */
static const struct row rows[] = {
	{ "PTR records of the name", DNS_PTR, DNS_PTR, LABELS - 1, DNS_REPLY_MALFORMED, UNITS_MAX },
	{ "CNAMEs of the name, which are a loop", DNS_PTR, DNS_CNAME, LABELS - 1, DNS_REPLY_GOOD,
	    UNITS_MAX },
	{ "PTR records of twenty pointers a name", DNS_PTR, DNS_PTR, 20, DNS_REPLY_GOOD,
	    UNITS_ALL },
};

static uint64_t
cpu_ns(void)
{
	struct timespec t;
	assert_int_equal(clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t), 0);
	return (uint64_t)t.tv_sec * 1000000000U + (uint64_t)t.tv_nsec;
}

static void
put16(struct wire *w, size_t value)
{
	w->bytes[w->len++] = (uint8_t)(value >> 8);
	w->bytes[w->len++] = (uint8_t)value;
}

static void
put_head(struct wire *w, size_t owner, uint16_t type, size_t data_len)
{
	w->bytes[w->len++] = (uint8_t)(0xc0 | owner >> 8);
	w->bytes[w->len++] = (uint8_t)owner;
	put16(w, type);
	put16(w, 1); /* IN */
	put16(w, 0);
	put16(w, 3600);
	put16(w, data_len);
}

/*
 * A record whose data is so many of the name's labels, a pointer behind each, the last one to the rest of
 * the question; where its first label is.
 */
static size_t
put_ladder(struct wire *w, size_t rungs)
{
	size_t below = DNS_HEADER + 2 * rungs;
	put_head(w, DNS_HEADER, DNS_TXT, 4 * rungs);
	for (size_t i = 0; i < rungs; i++) {
		size_t here = w->len;
		w->bytes[w->len++] = 1;
		w->bytes[w->len++] = 'a';
		put16(w, 0xc000 | below);
		below = here;
	}
	return below;
}

/* As many records as a message holds; their number. */
static size_t
make_worst(struct wire *w, const struct dns_query *q, const struct row *row)
{
	wire_reply(w, q->wire, q->len, 0);
	size_t n = 1, top = put_ladder(w, row->rungs);
	for (; w->len + RECORD_LEN <= WIRE_MAX; n++) {
		put_head(w, top, row->type, 2);
		put16(w, 0xc000 | top);
	}
	w->bytes[WIRE_ANSWER] = (uint8_t)(n >> 8);
	w->bytes[WIRE_ANSWER + 1] = (uint8_t)n;
	return n;
}

/* Reads the owners and the values one by one: the unit. */
static uint64_t
read_names(const struct wire *w, size_t n)
{
	char name[NAME_TEXT_MAX];
	uint64_t start = cpu_ns();
	for (size_t i = 1; i < n; i++) {
		size_t at = w->len - i * RECORD_LEN, value = at + RECORD_LEN - 2;
		assert_true(name_from_wire(w->bytes, w->len, &at, name));
		assert_true(name_from_wire(w->bytes, w->len, &value, name));
	}
	assert_int_equal(name_labels(name), LABELS);
	return cpu_ns() - start;
}

static uint64_t
read_message(const struct row *row, const struct dns_query *q, const char *name,
    const struct wire *w)
{
	struct dns_answer answer;
	struct arena a;
	arena_init(&a);
	uint64_t start = cpu_ns();
	enum dns_reply reply = dns_reply_parse(q, name, row->asked, w->bytes, w->len, true, &a,
	    &answer);
	uint64_t took = cpu_ns() - start;
	arena_fini(&a);
	assert_int_equal(reply, row->reply);
	return took;
}

/* The best of several tries: what disturbs one of them is not the message. */
static void
test_worst_messages(void **state)
{
	static struct wire w;
	char name[2 * LABELS];
	struct dns_query q;
	(void)state;
	for (size_t i = 0; i < sizeof name; i++)
		name[i] = i % 2 == 0 ? 'a' : '.';
	name[sizeof name - 1] = '\0';
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].name);
		assert_true(dns_query_build(&q, name, rows[i].asked, true, false));
		size_t n = make_worst(&w, &q, &rows[i]);
		assert_true(n > 4000);
		double best = rows[i].units_max + 1;
		for (size_t try = 0; try < TRIES && best > rows[i].units_max; try++) {
			double unit = (double)read_names(&w, n) + 1;
			double units = (double)read_message(&rows[i], &q, name, &w) / unit;
			best = units < best ? units : best;
		}
		print_message("%.2f units\n", best);
		assert_true(best <= rows[i].units_max);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_worst_messages),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
