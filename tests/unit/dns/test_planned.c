#include "own_dir.h"
#include "test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

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
	(void)!planned_read("plan.zone", text, strlen(text), NULL, &p, err);
	return p;
}

/* What a file knows, and where its knowledge ends. */
static const char edges[] =
    "$ORIGIN example.com.\n"
    "@ SOA ns hostmaster 1 2 3 4 5\n"
    "@ NS ns\n"
    "sub NS ns.sub\n"
    "ns.sub A 192.0.2.3\n"
    "own SOA ns hostmaster 1 2 3 4 5\n"
    "own NS ns\n"
    "*.wild A 192.0.2.4\n"
    "deep.known.wild A 192.0.2.5\n"
    "apex ALIAS lb.test.\n"
    "apex TXT here\n"
    "svc HTTPS 1 . nosuchkey\n"
    "long DNAME a23456789.b23456789.c23456789.d23456789.e23456789.f23456789.g23456789."
    "h23456789.i23456789.j23456789.k23456789.l23456789.m23456789.n23456789.o23456789."
    "p23456789.q23456789.r23456789.s23456789.example.net.\n"
    "round DNAME x.round\n"
    "$ORIGIN 113.0.203.in-addr.arpa.\n"
    "@ DNAME rev.example.com.\n"
    "9 PTR hidden.example.com.\n"
    "25.rev.example.com. PTR mail.example.com.\n"
    "24/29.2.0.192.in-addr.arpa. NS ns.test.\n"
    "25.2.0.192.in-addr.arpa. CNAME 25.24/29.2.0.192.in-addr.arpa.\n"
    "alias.example.net. CNAME www.sub.example.com.\n";

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

#define LABELS_90 \
	"a23456789.b23456789.c23456789.d23456789.e23456789.f23456789.g23456789.h23456789." \
	"i23456789."

static const struct row edge_rows[] = {
	{ "the name servers of the zone itself", .qname = "example.com", .type = DNS_A,
	    .offline = true, .answers = true, .status = DNS_NODATA },
	{ "a name that the zone does not have", .qname = "x.example.com", .type = DNS_A,
	    .offline = true, .answers = true, .status = DNS_NXDOMAIN },
	{ "below a delegation: not known here", .qname = "x.sub.example.com", .type = DNS_A,
	    .offline = true, .answers = true, .status = DNS_NOT_ASKED },
	{ "at a delegation", .qname = "sub.example.com", .type = DNS_A, .offline = true,
	    .answers = true, .status = DNS_NOT_ASKED },
	{ "the delegation itself", .qname = "sub.example.com", .type = DNS_NS, .offline = true,
	    .answers = true, .status = DNS_FOUND, .n_records = 1 },
	{ "an address of a delegation's server", .qname = "ns.sub.example.com", .type = DNS_A,
	    .offline = true, .answers = true, .status = DNS_FOUND, .n_records = 1 },
	{ "below a delegation to the file itself", .qname = "x.own.example.com", .type = DNS_A,
	    .offline = true, .answers = true, .status = DNS_NXDOMAIN },
	{ "below a delegation, online: DNS is asked", .qname = "x.sub.example.com", .type = DNS_A,
	    .next = "x.sub.example.com" },
	{ "an alias into a delegation", .qname = "alias.example.net", .type = DNS_A,
	    .offline = true, .answers = true, .status = DNS_NOT_ASKED, .n_chain = 1 },
	{ "a provider delegates by RFC 2317", .qname = "25.2.0.192.in-addr.arpa", .type = DNS_PTR,
	    .offline = true, .answers = true, .status = DNS_NOT_ASKED, .n_chain = 1 },
	{ "a wildcard may answer", .qname = "x.wild.example.com", .type = DNS_A, .offline = true,
	    .answers = true, .status = DNS_NOT_ASKED },
	{ "a wildcard is not for names that exist", .qname = "known.wild.example.com",
	    .type = DNS_A, .offline = true, .answers = true, .status = DNS_NODATA },
	{ "nor for what is below them", .qname = "x.known.wild.example.com", .type = DNS_A,
	    .offline = true, .answers = true, .status = DNS_NXDOMAIN },
	{ "a record that was passed over may be an address", .qname = "apex.example.com",
	    .type = DNS_A, .offline = true, .answers = true, .status = DNS_NOT_ASKED },
	{ "what is beside it is known", .qname = "apex.example.com", .type = DNS_TXT,
	    .offline = true, .answers = true, .status = DNS_FOUND, .n_records = 1 },
	{ "a record of which only its type counts", .qname = "svc.example.com", .type = DNS_A,
	    .offline = true, .answers = true, .status = DNS_NODATA },
	{ "DNAME is followed", .qname = "25.113.0.203.in-addr.arpa", .type = DNS_PTR,
	    .answers = true, .status = DNS_FOUND, .n_records = 1, .n_chain = 1 },
	{ "DNAME hides what is below it", .qname = "9.113.0.203.in-addr.arpa", .type = DNS_PTR,
	    .offline = true, .answers = true, .status = DNS_NXDOMAIN, .n_chain = 1 },
	{ "DNAME, online: DNS is asked for its end", .qname = "9.113.0.203.in-addr.arpa",
	    .type = DNS_PTR, .n_chain = 1, .next = "9.rev.example.com" },
	{ "DNAME is not for its own name", .qname = "113.0.203.in-addr.arpa", .type = DNS_PTR,
	    .offline = true, .answers = true, .status = DNS_NODATA },
	{ "DNAME that makes a name too long", .qname = LABELS_90 "long.example.com", .type = DNS_A,
	    .answers = true, .status = DNS_BADRCODE },
	{ "DNAME loop", .qname = "a.round.example.com", .type = DNS_A, .answers = true,
	    .status = DNS_LOOP, .n_chain = DNS_CHAIN_MAX },
};

static void
check_answers(const char *text, const struct row *all, size_t n)
{
	struct err err = { .text = "" };
	struct planned *p = read_text(text, &err);
	if (p == NULL)
		fail_msg("%s", err.text);
	for (size_t i = 0; i < n; i++) {
		const struct row *row = &all[i];
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

static void
test_answers(void **state)
{
	(void)state;
	check_answers(zone, rows, N_ELEMENTS(rows));
	check_answers(edges, edge_rows, N_ELEMENTS(edge_rows));
}

/* One line for all that is passed over, and not more than ten about forgotten dots. */
static void
test_remarks(void **state)
{
	struct err err = { .text = "" };
	size_t n = 0;
	(void)state;
	struct planned *p = read_text("$ORIGIN example.com.\n* A 192.0.2.1\n@ ALIAS lb.test.\n"
				      "*.a A 192.0.2.1\nmail A 192.0.2.1\nb LUA A \"x\"\n",
	    &err);
	const char *const *remarks = planned_remarks(p, &n);
	assert_int_equal(n, 1);
	assert_string_equal(remarks[0],
	    "plan.zone: 4 records passed over: 2 wildcard (first: line 2), 1 ALIAS (line 3), "
	    "1 LUA (line 6)");
	planned_free(p);
	p = read_text(
	    "$ORIGIN example.com.\na.example.com A 192.0.2.1\na.example.com A 192.0.2.1\n"
	    "a.example.com A 192.0.2.1\na.example.com A 192.0.2.1\na.example.com A 192.0.2.1\n"
	    "a.example.com A 192.0.2.1\na.example.com A 192.0.2.1\na.example.com A 192.0.2.1\n"
	    "a.example.com A 192.0.2.1\na.example.com A 192.0.2.1\na.example.com A 192.0.2.1\n",
	    &err);
	remarks = planned_remarks(p, &n);
	assert_int_equal(n, 11);
	assert_string_equal(remarks[10], "plan.zone: and 1 more line like these");
	planned_free(p);
}

struct bad_row {
	const char *name, *text, *error;
};

static const struct bad_row bad_rows[] = {
	{ "line of the syntax error", "$ORIGIN example.\nmail A 192.0.2.1\nmail A 192.0.2.\n",
	    "plan.zone:3" },
	{ "no record that can be used", "mail.example. NOSUCH x\n*.example. A 192.0.2.1\n",
	    "plan.zone: no record in it that can be used" },
	{ "a word too many", "mail.example. A 192.0.2.1 x\n",
	    "plan.zone:1: \"mail.example. A 192.0.2.1 x\": a word too many" },
	{ "no address", "mail.example. A 192.0.2.025\n", "expected an IPv4 address" },
	{ "a string of 256 bytes",
	    "a.example. TXT "
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
	    "expected strings of at most 255 bytes" },
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
	assert_int_equal(planned_read_file("/nonexistent/plan.zone", NULL, &p, &err), ERR_NOINPUT);
	assert_null(p);
	assert_non_null(strstr(err.text, "/nonexistent/plan.zone"));
	assert_int_equal(planned_read_file("/", NULL, &p, &err), ERR_NOINPUT);
	assert_non_null(strstr(err.text, "directory"));
	assert_int_equal(planned_read_file("/dev/null", NULL, &p, &err), ERR_DATA);
}

static void
write_file(const char *path, const char *text)
{
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

struct include_row {
	const char *name, *text;
	const char *error; /* NULL: it is read */
};

static const struct include_row include_rows[] = {
	{ "a file beside it", "$INCLUDE part\n", NULL },
	{ "a file below it", "$INCLUDE sub/part\n", NULL },
	{ "a file above it", "$INCLUDE ../part\n", "not in the directory of" },
	{ "back into the directory", "$INCLUDE sub/../part\n", NULL },
	{ "a link that leads out", "$INCLUDE out\n", "not in the directory of" },
	{ "a path from the root", "$INCLUDE /etc/hostname\n", "not in the directory of" },
	{ "a file that is not there", "$INCLUDE none\n", "plan.zone:2: " },
	{ "a directory", "$INCLUDE sub\n", "directory" },
};

static void
test_includes(void **state)
{
	char text[100];
	(void)state;
	assert_int_equal(mkdir("zones", 0700) | mkdir("zones/sub", 0700), 0);
	write_file("part", "a A 192.0.2.1\n");
	write_file("zones/part", "a A 192.0.2.1\n");
	write_file("zones/sub/part", "a A 192.0.2.1\n");
	assert_int_equal(symlink("../part", "zones/out"), 0);
	for (size_t i = 0; i < N_ELEMENTS(include_rows); i++) {
		const struct include_row *row = &include_rows[i];
		struct err err = { .text = "" };
		struct planned *p;
		ROW(row->name);
		snprintf(text, sizeof text, "$ORIGIN example.\n%s", row->text);
		write_file("zones/plan.zone", text);
		enum err_code code = planned_read_file("zones/plan.zone", NULL, &p, &err);
		if (row->error == NULL) {
			assert_int_equal(code, ERR_NONE);
			assert_true(planned_has(p, "a.example"));
		} else {
			assert_null(p);
			assert_non_null(strstr(err.text, row->error));
		}
		planned_free(p);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_answers),
		cmocka_unit_test(test_remarks),
		cmocka_unit_test_setup_teardown(test_includes, own_dir_enter, own_dir_leave),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_missing_file),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
