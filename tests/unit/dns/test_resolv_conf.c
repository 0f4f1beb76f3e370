#include "test.h"

#include <stdlib.h>
#include <unistd.h>

#include "dns/stub.h"

struct row {
	const char *name, *text;
	size_t n;
	const char *first;
};

static const struct row rows[] = {
	{ "one", "nameserver 192.0.2.53\n", 1, "192.0.2.53" },
	{ "tabs, comments, no newline", "# x\nsearch example\nnameserver\t2001:db8::53 # the one",
	    1, "2001:db8::53" },
	{ "order is kept, what is not an address is not",
	    "nameserver nonsense\nnameserver 192.0.2.1\nnameserver 192.0.2.2\n", 2, "192.0.2.1" },
	{ "a scoped address cannot be reached by us",
	    "nameserver fe80::1%eth0\nnameserver 127.0.0.53\n", 1, "127.0.0.53" },
	{ "a word that only begins like it", "nameservers 192.0.2.1\n", 0, NULL },
	{ "none", "search example\n", 0, NULL },
	{ "empty", "", 0, NULL },
};

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		char path[] = "/tmp/mailready-resolv-XXXXXX", text[ENDPOINT_TEXT_MAX];
		struct endpoint e[DNS_UPSTREAMS_MAX];
		struct err err;
		size_t n;
		int fd = mkstemp(path);

		ROW(rows[i].name);
		assert_true(fd >= 0);
		assert_int_equal(write(fd, rows[i].text, strlen(rows[i].text)),
		    strlen(rows[i].text));
		close(fd);
		enum err_code code = dns_read_resolv_conf(path, e, DNS_UPSTREAMS_MAX, &n, &err);
		unlink(path);
		assert_int_equal(n, rows[i].n);
		assert_int_equal(code, n > 0 ? ERR_NONE : ERR_CONFIG);
		if (n > 0)
			assert_string_equal(endpoint_format(&e[0], text), rows[i].first);
	}
}

static void
test_missing(void **state)
{
	struct endpoint e[1];
	struct err err;
	size_t n;

	(void)state;
	assert_int_equal(dns_read_resolv_conf("/nonexistent", e, 1, &n, &err), ERR_CONFIG);
	assert_non_null(strstr(err.text, "--resolver"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows),
		cmocka_unit_test(test_missing) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
