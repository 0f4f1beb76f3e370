/* Which addresses a name means, and what is said of those that are missing. */
#include "test.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "dns/planned.h"
#include "dns/stub.h"
#include "fake_dns.h"
#include "run/resolve_priv.h"
#include "run/run.h"

enum { TEXT_MAX = 4096, ZONE_MAX = 8192 };

struct row {
	const char *name;
	const char *zone;        /* the DNS; example.com is asked for */
	int families;            /* 0: both */
	enum fake_step upstream; /* what else is asked; FAKE_GOOD: there is no server */
	size_t n_questions;      /* to the server */
	const char *addresses;   /* "ADDRESS HOST" each */
	const char *remarks[4];  /* "KIND PART": a part of each sentence */
};

#define HOST "example.com. A 203.0.113.80\n"
#define MX1 "mx1.example.com. A 203.0.113.1\n"
#define MX2 "mx2.example.com. A 203.0.113.2\nmx2.example.com. AAAA 2001:db8::2\n"
#define MX(preference, host) "example.com. MX " #preference " " host ".\n"

static const struct row rows[] = {
	{ .name = "no MX record: its own address",
	    .zone = HOST,
	    .addresses = "203.0.113.80 example.com\n" },
	{ .name = "its own addresses, sorted, each once",
	    .zone = "example.com. A 203.0.113.9\nexample.com. A 203.0.113.8\n"
		    "example.com. AAAA ::ffff:203.0.113.9\nexample.com. AAAA 2001:db8::1\n",
	    .addresses = "203.0.113.8 example.com\n203.0.113.9 example.com\n"
			 "2001:db8::1 example.com\n" },
	{ .name = "MX first: the servers in the order of preference, not the web server",
	    .zone = HOST MX(20, "mx1.example.com") MX(10, "mx2.example.com") MX1 MX2,
	    .addresses = "203.0.113.2 mx2.example.com\n2001:db8::2 mx2.example.com\n"
			 "203.0.113.1 mx1.example.com\n",
	    .remarks = { "note 2 mail servers (MX): mx2.example.com, mx1.example.com; they receive "
			 "its mail. To check a server that only sends, or the domain's own address "
			 "203.0.113.80, give its address" } },
	{ .name = "a domain without address",
	    .zone = MX(10, "mx1.example.com") MX1,
	    .addresses = "203.0.113.1 mx1.example.com\n",
	    .remarks = { "note example.com: 1 mail server (MX): mx1.example.com; it receives its "
			 "mail. To check a server that only sends, give its address" } },
	{ .name = "its own mail server: nothing to explain",
	    .zone = HOST MX(10, "example.com"),
	    .addresses = "203.0.113.80 example.com\n" },
	{ .name = "one of its own mail servers",
	    .zone = HOST MX(10, "example.com") MX(20, "mx1.example.com") MX1,
	    .addresses = "203.0.113.80 example.com\n203.0.113.1 mx1.example.com\n",
	    .remarks = { "note that only sends, give" } },
	{ .name = "two servers of one address",
	    .zone = MX(10, "mx1.example.com") MX(20, "mx3.example.com") MX1
	    "mx3.example.com. A 203.0.113.1\n",
	    .addresses = "203.0.113.1 mx1.example.com\n",
	    .remarks = { "note 2 mail servers (MX): mx1.example.com, mx3.example.com;" } },
	{ .name = "one server named twice",
	    .zone = MX(10, "mx1.example.com") MX(20, "MX1.example.com") MX1,
	    .addresses = "203.0.113.1 mx1.example.com\n",
	    .remarks = { "note 1 mail server (MX)" } },
	{ .name = "null MX",
	    .zone = "example.com. MX 0 .\n",
	    .addresses = "",
	    .remarks = { "nothing example.com accepts no mail: it has a null MX record (RFC "
			 "7505)" } },
	{ .name = "null MX of a web server",
	    .zone = HOST "example.com. MX 0 .\n",
	    .addresses = "",
	    .remarks = { "nothing Its own address 203.0.113.80 was not checked: if that is a mail "
			 "server, give the address" } },
	{ .name = "a root among other servers is none",
	    .zone = MX(10, "mx1.example.com") "example.com. MX 0 .\n" MX1,
	    .addresses = "203.0.113.1 mx1.example.com\n",
	    .remarks = { "note 1 mail server (MX)" } },
	{ .name = "a server without address",
	    .zone = HOST MX(10, "mx1.example.com") MX(20, "gone.example.com") MX1,
	    .addresses = "203.0.113.1 mx1.example.com\n",
	    .remarks = { "note 2 mail servers",
		"wrong gone.example.com (MX of example.com): host name without an address; "
		"expected a name with A" } },
	{ .name = "no server has an address: nor is the domain's judged",
	    .zone = HOST MX(10, "gone.example.com"),
	    .addresses = "",
	    .remarks = { "note 1 mail server", "wrong gone.example.com (MX of example.com)" } },
	{ .name = "a server without address of the family",
	    .families = FAMILY_6,
	    .zone = MX(10, "mx1.example.com") MX(20, "mx2.example.com") MX1 MX2,
	    .addresses = "2001:db8::2 mx2.example.com\n",
	    .remarks = { "note 2 mail servers",
		"wrong mx1.example.com (MX of example.com): host name without an IPv6 address" } },
	{ .name = "an address in the place of a server's name",
	    .zone = MX(10, "203.0.113.7"),
	    .addresses = "",
	    .remarks = { "note 1 mail server",
		"wrong its MX record names 203.0.113.7, which is not a host name" } },
	{ .name = "an alias in the place of a server's name",
	    .zone = MX(10, "alias.example.com") "alias.example.com. CNAME mx1.example.com.\n" MX1,
	    .addresses = "203.0.113.1 alias.example.com\n",
	    .remarks = { "note 1 mail server",
		"note alias.example.com (MX of example.com): an alias of mx1.example.com" } },
	{ .name = "the domain is an alias",
	    .zone = "example.com. CNAME example.net.\n"
		    "example.net. MX 10 mx1.example.com.\n" MX1,
	    .addresses = "203.0.113.1 mx1.example.com\n",
	    .remarks = { "note 1 mail server" } },
	{ .name = "neither MX record nor address",
	    .zone = "example.com. TXT text\n",
	    .addresses = "",
	    .remarks = { "wrong example.com: host name without an address; expected a domain with "
			 "an MX record" } },
	{ .name = "the MX record is unknown: never no MX record",
	    .zone = HOST,
	    .upstream = FAKE_SERVFAIL,
	    .n_questions = 2,
	    .addresses = "",
	    .remarks = { "unasked example.com: its MX record could not be looked up: SERVFAIL" } },
	{ .name = "a server's addresses are unknown",
	    .zone = HOST "example.com. AAAA "
			 "2001:db8::80\n" MX(10, "mx.example.net") MX(20, "mx2.example.com") MX2,
	    .upstream = FAKE_SERVFAIL,
	    .n_questions = 2,
	    .addresses = "203.0.113.2 mx2.example.com\n2001:db8::2 mx2.example.com\n",
	    .remarks = { "note 2 mail servers",
		"unasked mx.example.net (MX of example.com): its addresses could not be looked up: "
		"SERVFAIL" } },
};

struct world {
	struct loop *loop;
	struct fake_dns *server;
	struct planned *planned;
	struct dns_stub *stub;
	struct arena arena;
	struct resolve resolve;
	struct buf said;
	size_t n_calls;
};

static void
finished(void *arg)
{
	struct world *w = arg;

	w->n_calls++;
	loop_stop(w->loop);
}

static void
open_world(struct world *w, const char *zone, int families, enum fake_step upstream)
{
	struct dns_stub_config config = { .offline = upstream == FAKE_GOOD };
	struct err err = { 0 };
	char text[4096];
	int len = snprintf(text, sizeof text, "$TTL 60\n%s", zone);

	assert_in_range(len, 1, sizeof text - 1);
	*w = (struct world){ .loop = loop_new() };
	assert_int_equal(planned_read("zone", text, (size_t)len, NULL, &w->planned, &err),
	    ERR_NONE);
	w->server = fake_dns_new(w->loop, &upstream, 1, FAKE_STREAM_GOOD);
	struct endpoint e = fake_dns_endpoint(w->server);
	config.planned = w->planned;
	config.upstreams = &e;
	config.n_upstreams = upstream != FAKE_GOOD;
	w->stub = dns_stub_new(w->loop, &config);
	arena_init(&w->arena);
	buf_init(&w->said, TEXT_MAX);
	w->resolve = (struct resolve){ .stub = w->stub,
		.arena = &w->arena,
		.families = families,
		.time_us = 2000000,
		.done = finished,
		.arg = w };
	resolve_start(&w->resolve, "example.com");
	assert_int_equal(w->n_calls, 0);
	loop_run(w->loop);
	assert_int_equal(w->n_calls, 1);
}

static void
close_world(struct world *w)
{
	dns_stub_free(w->stub);
	fake_dns_free(w->server);
	loop_free(w->loop);
	planned_free(w->planned);
	buf_fini(&w->said);
	arena_fini(&w->arena);
}

struct expected {
	const char *const *at;
	size_t n;
};

static void
compare_remark(void *arg, enum resolve_remark kind, const char *text)
{
	static const char *const kinds[] = { [RESOLVE_NOTE] = "note",
		[RESOLVE_NOTHING] = "nothing",
		[RESOLVE_WRONG] = "wrong",
		[RESOLVE_UNASKED] = "unasked" };
	struct expected *expected = arg;
	const char *row = expected->at[expected->n++];

	print_message("%s %s\n", kinds[kind], text);
	assert_non_null(row);
	size_t len = strcspn(row, " ");
	assert_int_equal(strlen(kinds[kind]), len);
	assert_memory_equal(row, kinds[kind], len);
	assert_non_null(strstr(text, row + len + 1));
}

static void
run_row(const struct row *row)
{
	struct resolved found[RESOLVE_ADDRESSES_MAX];
	struct world w;
	char address[IP_TEXT_MAX];
	struct expected expected = { row->remarks, 0 };

	ROW(row->name);
	open_world(&w, row->zone, row->families != 0 ? row->families : FAMILY_4 | FAMILY_6,
	    row->upstream);
	size_t n = resolve_addresses(&w.resolve, found);
	for (size_t i = 0; i < n; i++)
		buf_printf(&w.said, "%s %s\n", ip_format(&found[i].ip, address), found[i].host);
	assert_string_equal(w.said.data != NULL ? w.said.data : "", row->addresses);
	resolve_remarks(&w.resolve, compare_remark, &expected);
	assert_null(row->remarks[expected.n]);
	if (row->n_questions > 0)
		assert_in_range(fake_dns_queries(w.server), row->n_questions, SIZE_MAX);
	close_world(&w);
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++)
		run_row(&rows[i]);
}

/* More servers and addresses than are looked at: the most preferred are, and the rest is said. */
static void
test_bounds(void **state)
{
	static const char *const remarks[] = { "note 20 mail servers (MX): mx100.example.com, ",
		"unasked it has 20 mail servers (MX); only the first 16 were checked",
		"unasked it has 48 addresses; only the first 32 were checked", NULL };
	struct expected expected = { remarks, 0 };
	struct resolved found[RESOLVE_ADDRESSES_MAX];
	struct buf zone;
	struct world w;

	(void)state;
	buf_init(&zone, ZONE_MAX);
	for (unsigned i = 0; i < 20; i++) {
		buf_printf(&zone, "example.com. MX %u mx%u.example.com.\n", 119 - i, 119 - i);
		for (unsigned k = 0; k < 3; k++)
			buf_printf(&zone, "mx%u.example.com. A 203.0.113.%u\n", 119 - i, 3 * i + k);
	}
	open_world(&w, zone.data, FAMILY_4 | FAMILY_6, FAKE_GOOD);
	assert_int_equal(resolve_addresses(&w.resolve, found), RESOLVE_ADDRESSES_MAX);
	assert_string_equal(found[0].host, "mx100.example.com");
	resolve_remarks(&w.resolve, compare_remark, &expected);
	assert_null(remarks[expected.n]);
	close_world(&w);
	buf_fini(&zone);
}

/* A host name costs one round trip: all its questions leave before the first answer is there. */
static void
test_one_round_trip(void **state)
{
	static const enum fake_step nothing[] = { FAKE_NXDOMAIN };
	struct world w;

	(void)state;
	open_world(&w, "other.example.org. A 203.0.113.80\n", FAMILY_4 | FAMILY_6, nothing[0]);
	assert_int_equal(fake_dns_queries(w.server), 3);
	assert_int_equal(resolve_kind(&w.resolve), RESOLVE_OWN);
	close_world(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_one_round_trip),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
