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
	LABELS_MAX = 127, /* of one byte each: the longest name */
	LABELS_IPV6 = 34,
	RECORD_LEN = 14,
	UNITS_MAX = 1,  /* few of its names are read before it is too much */
	UNITS_HALF = 2, /* half of its names are read, and marks made of them */
	UNITS_ALL = 4,  /* each owner is read once, the data twice; the rest is room */
	TRIES = 10,
};

/* CNAMEs or PTR records of a name of so many labels, each owner and value of so many pointers. */
struct row {
	const char *name;
	uint16_t type;
	size_t labels, rungs;
	enum dns_reply reply;
	int units_max;
};

/* What servers send has a few steps a name; names that take all that they may cost too much together. */
static const struct row rows[] = {
	{ "PTR records, a pointer a label", DNS_PTR, LABELS_MAX, LABELS_MAX - 1,
	    DNS_REPLY_MALFORMED, UNITS_MAX },
	{ "CNAMEs of the name, which are a loop", DNS_CNAME, LABELS_MAX, LABELS_MAX - 1,
	    DNS_REPLY_GOOD, UNITS_MAX },
	{ "PTR records of the longest names, few pointers", DNS_PTR, LABELS_MAX, 20,
	    DNS_REPLY_MALFORMED, UNITS_HALF },
	{ "PTR records as those of IPv6", DNS_PTR, LABELS_IPV6, 3, DNS_REPLY_GOOD, UNITS_ALL },
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
read_names(const struct wire *w, size_t n, size_t labels)
{
	char name[NAME_TEXT_MAX];
	uint64_t start = cpu_ns();
	for (size_t i = 1; i < n; i++) {
		size_t at = w->len - i * RECORD_LEN, value = at + RECORD_LEN - 2;
		assert_true(name_from_wire(w->bytes, w->len, &at, name));
		assert_true(name_from_wire(w->bytes, w->len, &value, name));
	}
	assert_int_equal(name_labels(name), labels);
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
	enum dns_reply reply = dns_reply_parse(q, name, DNS_PTR, w->bytes, w->len, true, &a,
	    &answer);
	uint64_t took = cpu_ns() - start;
	arena_fini(&a);
	assert_int_equal(reply, row->reply);
	return took;
}

/* The best of several tries: what disturbs one of them is not the message. */
static double
units_of(const struct row *row)
{
	static struct wire w;
	char name[2 * LABELS_MAX];
	struct dns_query q;

	for (size_t i = 0; i < 2 * row->labels; i++)
		name[i] = i % 2 == 0 ? 'a' : '.';
	name[2 * row->labels - 1] = '\0';
	assert_true(dns_query_build(&q, name, DNS_PTR, true, false));
	size_t n = make_worst(&w, &q, row);
	assert_true(n > 4000);
	double best = row->units_max + 1;
	for (size_t try = 0; try < TRIES && best > row->units_max; try++) {
		double unit = (double)read_names(&w, n, row->labels) + 1;
		double units = (double)read_message(row, &q, name, &w) / unit;
		best = units < best ? units : best;
	}
	return best;
}

static void
test_worst_messages(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].name);
		double units = units_of(&rows[i]);
		print_message("%.2f units\n", units);
		assert_true(units <= rows[i].units_max);
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
