/* A resolv.conf(5), as the host's and as the one of systemd-resolved. */
#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

#include "dns/stub.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check(const struct resolv_conf *conf)
{
	char text[ENDPOINT_TEXT_MAX];
	struct endpoint again;
	assert(conf->n <= DNS_UPSTREAMS_MAX);
	for (size_t i = 0; i < conf->n; i++) {
		bool read = endpoint_parse(endpoint_format(&conf->servers[i], text), 53, &again);
		assert(read && endpoint_equal(&again, &conf->servers[i]));
		(void)read;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[40];
	struct err err = { .code = ERR_NONE };
	struct resolv_conf conf, stub = { .n = 1 };
	int fd = memfd_create("resolv.conf", MFD_CLOEXEC);
	assert(fd >= 0);
	ssize_t wrote = write(fd, data, size);
	assert(wrote == (ssize_t)size);
	(void)wrote;
	snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
	enum err_code code = dns_read_resolv_conf(path, &conf, &err);
	assert((code == ERR_NONE) == (conf.n > 0));
	assert(code == ERR_NONE || err.text[0] != '\0');
	check(&conf);
	bool parsed = endpoint_parse("127.0.0.53", 53, &stub.servers[0]);
	assert(parsed);
	(void)parsed;
	bool passed = dns_pass_by_resolved(path, &stub);
	assert(!passed || stub.n > 0);
	(void)passed;
	check(&stub);
	close(fd);
	return 0;
}
