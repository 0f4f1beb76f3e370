/* run_check() that ends in the middle: all that is on the way is freed, and what is finished stays. */
#include "by_name.h"
#include "test.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "checks/registry.h"
#include "net/loop.h"
#include "run/run.h"

enum { ANSWERED = 1, SILENT = 60, HOSTS = 20, TIMEOUT_US = 20000000, SOON_US = 150000, PATH = 32 };

static const char planned[] = "2.0.0.127.in-addr.arpa. 60 IN PTR mail.example.\n"
			      "mail.example. 60 IN A 127.0.0.2\n";

/*
 * A resolver and an SMTP server, at 127.0.0.1, that take everything and say nothing.  The first
 * target needs neither: its records are planned, and nothing listens at 127.0.0.2.
 */
struct silence {
	int udp, tcp;
	struct endpoint resolver;
	uint16_t smtp_port;
	char planned[PATH], cache[PATH];
	struct target_spec specs[ANSWERED + SILENT + HOSTS];
};

static int
bound(int type, uint16_t *port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	socklen_t len = sizeof sin;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sin, sizeof sin), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&sin, &len), 0);
	*port = ntohs(sin.sin_port);
	return fd;
}

static void
temporary(char path[PATH], const char *text)
{
	snprintf(path, PATH, "/tmp/mailready-run-XXXXXX");
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static void
set_up(struct silence *s)
{
	memset(s, 0, sizeof *s);
	s->udp = bound(SOCK_DGRAM, &s->resolver.port);
	s->tcp = bound(SOCK_STREAM, &s->smtp_port);
	assert_int_equal(listen(s->tcp, SILENT), 0);
	assert_true(ip_parse("127.0.0.1", &s->resolver.ip));
	temporary(s->planned, planned);
	temporary(s->cache, "{}");
	for (size_t i = 0; i < N_ELEMENTS(s->specs); i++) {
		struct target_spec *spec = &s->specs[i];
		*spec = (struct target_spec){ .names = { .host = "", .ehlo = "", .domain = "" } };
		if (i >= ANSWERED + SILENT)
			spec->names.host = "host.example";
		else
			assert_true(
			    ip_parse(i < ANSWERED ? "127.0.0.2" : "127.0.0.1", &spec->first));
		spec->last = spec->first;
	}
}

static void
tear_down(struct silence *s)
{
	close(s->udp);
	close(s->tcp);
	unlink(s->planned);
	unlink(s->cache);
}

static size_t
open_files(void)
{
	DIR *dir = opendir("/proc/self/fd");
	size_t n = 0;

	assert_non_null(dir);
	while (readdir(dir) != NULL)
		n++;
	closedir(dir);
	return n;
}

static size_t reports;

static void
interrupt_at_report(void *arg, const struct report *r)
{
	(void)arg, (void)r;
	reports++;
	raise(SIGTERM);
}

static void
set_alarm(suseconds_t us)
{
	struct itimerval alarm = { .it_value.tv_usec = us, .it_interval.tv_usec = us };

	assert_int_equal(setitimer(ITIMER_REAL, &alarm, NULL), 0);
}

/* Not before the run waits for it: on a slow machine that may take several alarms. */
static void
interrupt_now(int signal)
{
	struct sigaction now;

	(void)signal;
	if (sigaction(SIGINT, NULL, &now) == 0 && now.sa_handler != SIG_DFL)
		raise(SIGINT);
}

struct row {
	const char *name;
	bool whole; /* all checks, and all of the lists; else those that the first target passes */
	bool at_report, soon; /* when it is interrupted: at the first report, after a while */
	const char *out;
	bool ordered;
	enum err_code code;
	int signal;
	size_t finished; /* targets */
};

static const struct row rows[] = {
	{ .name = "interrupted at the first report",
	    .at_report = true,
	    .out = "/dev/null",
	    .signal = SIGTERM,
	    .finished = 1 },
	{ .name = "interrupted while lists, servers and host names are silent",
	    .whole = true,
	    .soon = true,
	    .out = "/dev/null",
	    .ordered = true,
	    .signal = SIGINT },
	{ .name = "the output is gone", .out = "/dev/full", .code = ERR_IO, .finished = 1 },
};

static void
run_row(const struct row *row, struct silence *s)
{
	static const struct check *const few[] = { &check_iprev, &check_smtp };
	FILE *out = fopen(row->out, "we"), *errors = fopen("/dev/null", "we");
	struct run_options o = {
		.in = { .specs = s->specs,
		    .n_specs = N_ELEMENTS(s->specs),
		    .families = FAMILY_4 | FAMILY_6,
		    .n_shards = 1 },
		.checks = row->whole ? checks_all : few,
		.n_checks = row->whole ? checks_n : N_ELEMENTS(few),
		.look = { .resolvers = { s->resolver },
		    .n_resolvers = 1,
		    .planned = s->planned,
		    .lists = { .cache = s->cache },
		    .timeout_us = TIMEOUT_US,
		    .policy = { .smtp = true,
			.smtp_port = s->smtp_port,
			.allow_special = true,
			.many = true,
			.authority = row->whole ? AUTHORITY_AUTO : AUTHORITY_NEVER,
			.authority_port = s->resolver.port } },
		.out = { .renderer = renderer_by_name("jsonl"),
		    .sink = row->at_report ? interrupt_at_report : NULL,
		    .file = out,
		    .ordered = row->ordered,
		    .errors = errors,
		    .summary = true },
	};
	struct run_result result;
	struct err err = { 0 };

	assert_true(out != NULL && errors != NULL);
	reports = 0;
	if (row->soon)
		set_alarm(SOON_US);
	uint64_t start_us = loop_now_us();
	assert_int_equal(run_check(&o, &result, &err), row->code);
	set_alarm(0);
	assert_true(loop_now_us() - start_us < TIMEOUT_US / 2);
	assert_int_equal(result.interrupted, row->signal);
	size_t finished = 0;
	for (int i = 0; i <= VERDICT_FAIL; i++)
		finished += result.n[i];
	assert_int_equal(finished, row->finished);
	assert_int_equal(reports, row->at_report ? row->finished : 0);
	fclose(out);
	fclose(errors);
}

/* The same process runs one after the other; the sanitizers look for what is left of each. */
static void
test_ends_in_the_middle(void **state)
{
	struct silence s;

	(void)state;
	assert_int_equal(setenv("MAILREADY_DATA", "data", 1), 0);
	signal(SIGALRM, interrupt_now);
	set_up(&s);
	loop_free(loop_new()); /* libuv opens a pipe with the first loop, for ever */
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		size_t before = open_files();
		ROW(rows[i].name);
		run_row(&rows[i], &s);
		assert_int_equal(open_files(), before);
	}
	tear_down(&s);
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_ends_in_the_middle) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
