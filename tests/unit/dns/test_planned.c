#include "test.h"

#include "base/arena.h"
#include "dns/planned.h"

static const char zone[] =
    "$ORIGIN example.\n"
    "$TTL 600\n"
    "mail A 192.0.2.1\n"
    "mail A 192.0.2.2\n"
    "www CNAME mail\n"
    "out CNAME elsewhere.test.\n"
    "l1 CNAME l2\n"
    "l2 CNAME l1\n"
    "a.b.c TXT \"deep\"\n"
    "1.2.0.192.in-addr.arpa. 300 IN PTR MAIL.example.\n"
    "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa. PTR mail.example.\n"
    "51.198.in-addr.arpa. SOA ns.example. hostmaster.example. 1 2 3 4 5\n";

static struct planned *
read_text(const char *text, struct err *err)
{
	struct planned *p = NULL;
	FILE *f = fmemopen((void *)(uintptr_t)text, strlen(text), "r");

	assert_non_null(f);
	(void)!planned_read("plan.zone", f, &p, err);
	fclose(f);
	return p;
}

struct row {
	const char *name;
	const char *qname;
	uint16_t type;
	bool offline;
	bool answers;
	enum dns_status status;
	size_t n_records, n_chain;
	const char *next; /* where to go on when it does not answer */
};

static const struct row rows[] = {
	{ "a planned RRset replaces the published one", .qname = "mail.example", .type = DNS_A,
	    .answers = true, .status = DNS_FOUND, .n_records = 2 },
	{ "a reverse name, in lower case", .qname = "1.2.0.192.in-addr.arpa", .type = DNS_PTR,
	    .answers = true, .status = DNS_FOUND, .n_records = 1 },
	{ "CNAME followed in the file", .qname = "www.example", .type = DNS_A, .answers = true,
	    .status = DNS_FOUND, .n_records = 2, .n_chain = 1 },
	{ "CNAME that leaves the file", .qname = "out.example", .type = DNS_A, .n_chain = 1,
	    .next = "elsewhere.test" },
	{ "CNAME that leaves the file, offline", .qname = "out.example", .type = DNS_A,
	    .offline = true, .answers = true, .status = DNS_NOT_ASKED, .n_chain = 1 },
	{ "CNAME loop", .qname = "l1.example", .type = DNS_A, .answers = true, .status = DNS_LOOP,
	    .n_chain = 1 },
	{ "another type is left to DNS", .qname = "mail.example", .type = DNS_AAAA,
	    .next = "mail.example" },
	{ "another type offline", .qname = "mail.example", .type = DNS_AAAA, .offline = true,
	    .answers = true, .status = DNS_NODATA },
	{ "another name is left to DNS", .qname = "other.example", .type = DNS_A,
	    .next = "other.example" },
	{ "another name of the domain offline", .qname = "x.mail.example", .type = DNS_A,
	    .offline = true, .answers = true, .status = DNS_NXDOMAIN },
	{ "an empty non-terminal offline (RFC 8020)", .qname = "b.c.example", .type = DNS_A,
	    .offline = true, .answers = true, .status = DNS_NODATA },
	{ "another domain offline: not asked, not absent", .qname = "mail.test", .type = DNS_A,
	    .offline = true, .answers = true, .status = DNS_NOT_ASKED },
	{ "another reverse name of the /24 offline", .qname = "9.2.0.192.in-addr.arpa",
	    .type = DNS_PTR, .offline = true, .answers = true, .status = DNS_NXDOMAIN },
	{ "a reverse name of another /24 offline: not asked", .qname = "1.3.0.192.in-addr.arpa",
	    .type = DNS_PTR, .offline = true, .answers = true, .status = DNS_NOT_ASKED },
	{ "another address of the /64 offline",
	    .qname = "2.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
	    .type = DNS_PTR, .offline = true, .answers = true, .status = DNS_NXDOMAIN },
	{ "an address of another /64 offline: not asked",
	    .qname = "1.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.1.0.0.0.0.0.0.0.8.b.d.0.1.0.0.2.ip6.arpa",
	    .type = DNS_PTR, .offline = true, .answers = true, .status = DNS_NOT_ASKED },
	{ "a name of a zone whose SOA is planned", .qname = "7.100.51.198.in-addr.arpa",
	    .type = DNS_PTR, .offline = true, .answers = true, .status = DNS_NXDOMAIN },
};

static void
test_answers(void **state)
{
	struct err err;
	struct planned *p = read_text(zone, &err);

	(void)state;
	assert_non_null(p);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct row *row = &rows[i];
		struct dns_answer out;
		const char *next = NULL;
		struct arena a;

		ROW(row->name);
		arena_init(&a);
		assert_int_equal(planned_answer(p, row->qname, row->type, row->offline, &a, &out,
				     &next),
		    row->answers);
		assert_int_equal(out.n_chain, row->n_chain);
		assert_int_equal(out.n_records, row->n_records);
		if (row->answers)
			assert_int_equal(out.status, row->status);
		else
			assert_string_equal(next, row->next);
		assert_true(out.planned);
		arena_fini(&a);
	}
	planned_free(p);
}

struct bad_row {
	const char *name, *text, *error;
};

static const struct bad_row bad_rows[] = {
	{ "line of the syntax error", "$ORIGIN example.\nmail A 192.0.2.1\nmail A 192.0.2.\n",
	    "plan.zone:3" },
	{ "unknown type", "mail.example. NOSUCH x\n", "plan.zone:1" },
	{ "no records", "; only a comment\n", "no records" },
	{ "empty", "\n", "no records" },
	{ "$INCLUDE reads no other file", "$INCLUDE /etc/passwd\n", "plan.zone:1" },
	{ "label of 64 bytes",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.example. A "
	    "192.0.2.1\n",
	    "plan.zone:1" },
	{ "binary", "\x01\x02\xff\xfe\n", "plan.zone:1" },
};

static void
test_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(bad_rows); i++) {
		struct err err = { .code = ERR_NONE };

		ROW(bad_rows[i].name);
		assert_null(read_text(bad_rows[i].text, &err));
		assert_int_equal(err.code, ERR_DATA);
		if (strstr(err.text, bad_rows[i].error) == NULL)
			fail_msg("\"%s\" is not in: %s", bad_rows[i].error, err.text);
	}
}

static void
test_missing_file(void **state)
{
	struct planned *p;
	struct err err;

	(void)state;
	assert_int_equal(planned_read_file("/nonexistent/plan.zone", &p, &err), ERR_NOINPUT);
	assert_null(p);
	assert_non_null(strstr(err.text, "/nonexistent/plan.zone"));
	assert_int_equal(planned_read_file("/", &p, &err), ERR_NOINPUT);
	assert_non_null(strstr(err.text, "directory"));
	assert_int_equal(planned_read_file("/dev/null", &p, &err), ERR_DATA);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_missing_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
