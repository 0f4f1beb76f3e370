/* The servers behind the stub of systemd-resolved. */
#include <stdlib.h>
#include <unistd.h>

#include "dns/stub.h"
#include "test.h"

static const struct {
	const char *name;
	const char *servers;  /* as in resolv.conf */
	const char *resolved; /* text of its file; NULL: there is none */
	const char *asked;
	bool passed_by;
} rows[] = {
	{ "the stub", "127.0.0.53", "# x\nnameserver 192.0.2.1\nnameserver 2001:db8::1\n",
	    "192.0.2.1 2001:db8::1", true },
	{ "the stub without local names", "127.0.0.54", "nameserver 192.0.2.1\n", "192.0.2.1",
	    true },
	{ "no stub", "192.0.2.9", "nameserver 192.0.2.1\n", "192.0.2.9", false },
	{ "the stub at another port is another program", "127.0.0.53#5353",
	    "nameserver 192.0.2.1\n", "127.0.0.53#5353", false },
	{ "the stub beside others", "192.0.2.9 127.0.0.53 192.0.2.8", "nameserver 192.0.2.1\n",
	    "192.0.2.9 192.0.2.1 192.0.2.8", true },
	{ "each once", "127.0.0.53 192.0.2.1", "nameserver 192.0.2.1\nnameserver 192.0.2.1\n",
	    "192.0.2.1", true },
	{ "no file", "127.0.0.53", NULL, "127.0.0.53", false },
	{ "no servers", "127.0.0.53", "search example\n", "127.0.0.53", false },
	{ "the stub again", "127.0.0.53", "nameserver 127.0.0.53\n", "127.0.0.53", false },
};

static size_t
read_servers(const char *text, struct endpoint *out)
{
	char copy[256], *save = NULL;
	size_t n = 0;
	snprintf(copy, sizeof copy, "%s", text);
	for (char *w = strtok_r(copy, " ", &save); w != NULL; w = strtok_r(NULL, " ", &save))
		assert_true(endpoint_parse(w, 53, &out[n++]));
	return n;
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].name);
		char path[] = "/tmp/mailready-resolved-XXXXXX";
		int fd = mkstemp(path);
		assert_true(fd >= 0);
		const char *text = rows[i].resolved != NULL ? rows[i].resolved : "";
		assert_int_equal(write(fd, text, strlen(text)), strlen(text));
		close(fd);
		if (rows[i].resolved == NULL)
			unlink(path);
		struct resolv_conf conf = { .n = 0 };
		struct endpoint expected[DNS_UPSTREAMS_MAX];
		conf.n = read_servers(rows[i].servers, conf.servers);
		assert_int_equal(dns_pass_by_resolved(path, &conf), rows[i].passed_by);
		assert_int_equal(conf.n, read_servers(rows[i].asked, expected));
		for (size_t j = 0; j < conf.n; j++)
			assert_true(endpoint_equal(&conf.servers[j], &expected[j]));
		unlink(path);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_rows) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
