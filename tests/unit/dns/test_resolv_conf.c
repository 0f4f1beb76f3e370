#include "test.h"

#include <stdlib.h>
#include <unistd.h>

#include "dns/stub.h"

struct row {
	const char *name, *text;
	size_t n;
	const char *first;
	bool use_vc;
};

#define X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
#define X512 X64 X64 X64 X64 X64 X64 X64 X64

static const struct row rows[] = {
	{ "a long line is one line, wherever it is cut", /* fgets() of 512 bytes would read 511 */
	    "#" X64 X64 X64 X64 X64 X64 X64 "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
	    "xxxxxxxx"
	    "nameserver 192.0.2.66\nnameserver 192.0.2.1\n",
	    .n = 1, .first = "192.0.2.1" },
	{ "what is behind a long line is read", X512 X512 "\nnameserver ::1\n", .n = 1,
	    .first = "::1" },
	{ "one", "nameserver 192.0.2.53\n", .n = 1, .first = "192.0.2.53" },
	{ "tabs, comments, no newline", "# x\nsearch example\nnameserver\t2001:db8::53 # the one",
	    .n = 1, .first = "2001:db8::53" },
	{ "order is kept, what is not an address is not",
	    "nameserver nonsense\nnameserver 192.0.2.1\nnameserver 192.0.2.2\n", .n = 2,
	    .first = "192.0.2.1" },
	{ "a link-local address, its comment close behind",
	    "nameserver fe80::1%eth0;the router\nnameserver 127.0.0.53\n", .n = 2,
	    .first = "fe80::1%eth0" },
	{ "nothing but a link-local one", "nameserver fe80::53%2\r\n", .n = 1,
	    .first = "fe80::53%2" },
	{ "a zone is no part of other addresses",
	    "nameserver 2001:db8::1%eth0\nnameserver 192.0.2.1%eth0\nnameserver ::1\n", .n = 1,
	    .first = "::1" },
	{ "a zone without a name", "nameserver fe80::1%\nnameserver ::1\n", .n = 1,
	    .first = "::1" },
	{ "over TCP alone", "options edns0 use-vc trust-ad\nnameserver 192.0.2.1\n", .n = 1,
	    .first = "192.0.2.1", .use_vc = true },
	{ "several lines of options", "nameserver ::1\n options\tuse-vc\noptions rotate\n", .n = 1,
	    .first = "::1", .use_vc = true },
	{ "a word that only begins like it",
	    "nameserver ::1\noptions use-vcs\noption use-vc\n# options use-vc\n", .n = 1,
	    .first = "::1" },
	{ "more than are used",
	    "nameserver ::1\nnameserver ::2\nnameserver ::3\nnameserver ::4\nnameserver ::5\n"
	    "nameserver ::6\nnameserver ::7\nnameserver ::8\nnameserver ::9\noptions use-vc\n",
	    .n = DNS_UPSTREAMS_MAX, .first = "::1", .use_vc = true },
	{ "a word that only begins like it", "nameservers 192.0.2.1\n", .n = 0, .first = NULL },
	{ "none", "search example\n", .n = 0, .first = NULL },
	{ "empty", "", .n = 0, .first = NULL },
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		char path[] = "/tmp/mailready-resolv-XXXXXX", text[ENDPOINT_TEXT_MAX];
		struct resolv_conf conf;
		struct err err;
		int fd = mkstemp(path);

		ROW(rows[i].name);
		assert_true(fd >= 0);
		assert_int_equal(write(fd, rows[i].text, strlen(rows[i].text)),
		    strlen(rows[i].text));
		close(fd);
		enum err_code code = dns_read_resolv_conf(path, &conf, &err);
		unlink(path);
		assert_int_equal(conf.n, rows[i].n);
		assert_int_equal(code, conf.n > 0 ? ERR_NONE : ERR_CONFIG);
		assert_int_equal(conf.use_vc, rows[i].use_vc);
		if (conf.n > 0)
			assert_string_equal(endpoint_format(&conf.servers[0], text), rows[i].first);
	}
}

static void
test_missing(void **state)
{
	struct resolv_conf conf;
	struct err err;

	(void)state;
	assert_int_equal(dns_read_resolv_conf("/nonexistent", &conf, &err), ERR_CONFIG);
	assert_non_null(strstr(err.text, "--resolver"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows),
		cmocka_unit_test(test_missing) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
