/* What mail servers say of themselves: real files, and scripts in the place of their programs. */
#include "test.h"

#include <stdlib.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "gather/here.h"

enum { PATH = 200 };

static char root[] = "/tmp/mailready-here.XXXXXX";

#define POSTFIX "/usr/sbin/postconf"
#define EXIM "/usr/sbin/exim4"
#define SMTPD "/etc/smtpd.conf"
#define BOUND "inet_interfaces=198.51.100.7"

/* A postconf that knows these values, and says them as the real one does: a line each. */
#define POSTCONF(values) \
	"test \"$1\" = -hx || exit 1\nshift\nunset HOME\n" values \
	"\nfor name; do eval \"printf '%s\\n' \\\"\\$$name\\\"\"; done\n"

static const struct row {
	const char *name;
	const char *files[3][2]; /* path, content: what is executable gets a first line */
	const char *mailer, *ehlo, *asked, *trouble; /* trouble: a part; NULL as "" */
	const char *bound[HERE_FAMILIES];            /* IPv4, IPv6; NULL: not bound */
	bool no_ipv6;
} rows[] = {
	{ .name = "no mail server" },
	{ .name = "Postfix: the name of its client",
	    .mailer = "Postfix",
	    .ehlo = "out.example.com",
	    .files = { { POSTFIX,
		POSTCONF("smtp_helo_name=out.example.com myhostname=mx.example.com "
			 "inet_protocols=all inet_interfaces=all") } },
	    .asked = POSTFIX },
	{ .name = "Postfix: its host name",
	    .mailer = "Postfix",
	    .ehlo = "mx.example.com",
	    .files = { { POSTFIX, POSTCONF("myhostname=mx.example.com inet_protocols=all") } },
	    .asked = POSTFIX },
	{ .name = "Postfix: addresses to send from",
	    .mailer = "Postfix",
	    .ehlo = "a.example",
	    .files = { { POSTFIX,
		POSTCONF("myhostname=a.example smtp_bind_address=198.51.100.1 "
			 "smtp_bind_address6=2001:db8::1 inet_protocols=all") } },
	    .asked = POSTFIX,
	    .bound = { "198.51.100.1", "2001:db8::1" } },
	{ .name = "Postfix: they are more than where it listens",
	    .mailer = "Postfix",
	    .ehlo = "",
	    .files = { { POSTFIX,
		POSTCONF("smtp_bind_address=198.51.100.1 inet_protocols=ipv4 " BOUND) } },
	    .asked = POSTFIX,
	    .bound = { "198.51.100.1" },
	    .no_ipv6 = true },
	{ .name = "Postfix: the only address where it listens",
	    .mailer = "Postfix",
	    .ehlo = "",
	    .files = { { POSTFIX,
		POSTCONF("inet_protocols='ipv4, ipv6' "
			 "inet_interfaces='198.51.100.7, [2001:db8::7]'") } },
	    .asked = POSTFIX,
	    .bound = { "198.51.100.7", "2001:db8::7" } },
	{ .name = "Postfix: one of two",
	    .mailer = "Postfix",
	    .ehlo = "",
	    .asked = POSTFIX,
	    .files = { { POSTFIX,
		POSTCONF("inet_protocols=all "
			 "inet_interfaces='198.51.100.7 127.0.0.1'") } } },
	{ .name = "Postfix: loopback alone",
	    .mailer = "Postfix",
	    .ehlo = "",
	    .asked = POSTFIX,
	    .files = { { POSTFIX, POSTCONF("inet_protocols=all inet_interfaces=127.0.0.1") } } },
	{ .name = "Postfix elsewhere, with a configuration of its own",
	    .mailer = "Postfix",
	    .files = { { "/usr/local/sbin/postconf", POSTCONF("myhostname=\"$MAIL_CONFIG\"") } },
	    .ehlo = "/etc/other",
	    .asked = "/usr/local/sbin/postconf" },
	{ .name = "Postfix that fails",
	    .files = { { POSTFIX, "echo fatal: no main.cf >&2; exit 1" } },
	    .mailer = "Postfix",
	    .ehlo = "",
	    .asked = POSTFIX,
	    .trouble = "fatal: no main.cf" },
	{ .name = "Postfix that says too much",
	    .files = { { POSTFIX, "head -c 20000 /dev/zero | tr '\\0' x" } },
	    .mailer = "Postfix",
	    .ehlo = "",
	    .asked = POSTFIX,
	    .trouble = "wrote more than" },
	{ .name = "Postfix that says nothing",
	    .files = { { POSTFIX, "exit 0" } },
	    .mailer = "Postfix",
	    .ehlo = "",
	    .asked = POSTFIX },
	{ .name = "Postfix that is left over beside Exim",
	    .mailer = "Exim",
	    .ehlo = "x.example",
	    .files = { { POSTFIX, "exit 1" }, { EXIM, "echo primary_hostname = x.example" } },
	    .asked = EXIM },
	{ .name = "Exim: what is asked",
	    .mailer = "Exim",
	    .ehlo = "-bP/primary_hostname",
	    .files = { { EXIM, "echo \"primary_hostname = $1/$2\"" } },
	    .asked = EXIM },
	{ .name = "Exim without a name",
	    .mailer = "Exim",
	    .ehlo = "",
	    .asked = EXIM,
	    .files = { { EXIM, "echo 'primary_hostname ='" } } },
	{ .name = "Exim that answers something else",
	    .mailer = "Exim",
	    .ehlo = "",
	    .asked = EXIM,
	    .files = { { EXIM, "echo; echo; echo no_such_option" } } },
	{ .name = "OpenSMTPD: the name of its relay",
	    .mailer = "OpenSMTPD",
	    .ehlo = "o.example",
	    .files = { { SMTPD,
		"# action a relay helo no.example\n"
		"action \"out\" relay src 198.51.100.9 helo \"o.example\"\n" } },
	    .asked = SMTPD,
	    .bound = { "198.51.100.9" } },
	{ .name = "OpenSMTPD: the name of the mail system",
	    .mailer = "OpenSMTPD",
	    .ehlo = "m.example",
	    .files = { { SMTPD, "action out relay helo $name\naction x relay helo-src <names>\n" },
		{ "/etc/mailname", "m.example\n" } },
	    .asked = SMTPD },
	{ .name = "OpenSMTPD: an empty configuration",
	    .mailer = "OpenSMTPD",
	    .ehlo = "m.example",
	    .files = { { SMTPD, "# nothing\n" }, { "/etc/mailname", " m.example \n" } },
	    .asked = SMTPD },
};

static void
put_file(const char *const file[2])
{
	char path[PATH];
	bool program = strstr(file[0], "bin/") != NULL;

	snprintf(path, sizeof path, "%s%s", root, file[0]);
	assert_true(file_make_dirs(path));
	FILE *f = fopen(path, "we");
	assert_non_null(f);
	fprintf(f, "%s%s", program ? "#!/bin/sh\n" : "", file[1]);
	assert_int_equal(fclose(f), 0);
	assert_int_equal(chmod(path, program ? 0700 : 0600), 0);
}

static void
take_file(const char *const file[2])
{
	char path[PATH];

	snprintf(path, sizeof path, "%s%s", root, file[0]);
	assert_int_equal(remove(path), 0);
}

static const char *
text(const char *text)
{
	return text != NULL ? text : "";
}

/* What is not bound is what the routes of this machine choose: not known to a test. */
static void
compare_addresses(const struct row *row, const struct here *here)
{
	const char *bound[HERE_FAMILIES] = { NULL };
	char address[HERE_FAMILIES][IP_TEXT_MAX];

	assert_in_range(here->n, 0, HERE_FAMILIES);
	for (size_t i = 0; i < here->n; i++) {
		int v6 = here->addresses[i].ip.family == 6;
		assert_false(v6 && row->no_ipv6);
		assert_true(i == 0 || v6);
		if (here->addresses[i].bound)
			bound[v6] = ip_format(&here->addresses[i].ip, address[v6]);
	}
	for (size_t i = 0; i < HERE_FAMILIES; i++)
		assert_string_equal(text(bound[i]), text(row->bound[i]));
}

static void
run_row(const struct row *row)
{
	struct arena a;
	struct here here;

	ROW(row->name);
	arena_init(&a);
	for (size_t i = 0; i < N_ELEMENTS(row->files) && row->files[i][0] != NULL; i++)
		put_file(row->files[i]);
	here_look(root, &a, &here);
	for (size_t i = 0; i < N_ELEMENTS(row->files) && row->files[i][0] != NULL; i++)
		take_file(row->files[i]);
	assert_string_equal(here.mailer, text(row->mailer));
	assert_string_equal(here.ehlo, text(row->ehlo));
	assert_string_equal(here.asked, text(row->asked));
	assert_non_null(strstr(here.trouble, text(row->trouble)));
	assert_int_equal(here.trouble[0] != '\0', row->trouble != NULL);
	compare_addresses(row, &here);
	arena_fini(&a);
}

static void
test_rows(void **state)
{
	(void)state;
	assert_int_equal(setenv("MAIL_CONFIG", "/etc/other", 1), 0);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++)
		run_row(&rows[i]);
}

/* Without a name of its own the mail system takes the machine's. */
static void
test_host_name(void **state)
{
	static const char *const file[] = { SMTPD, "" };
	struct arena a;
	struct here here;

	(void)state;
	arena_init(&a);
	put_file(file);
	here_look(root, &a, &here);
	take_file(file);
	assert_string_not_equal(here.ehlo, "");
	arena_fini(&a);
}

int
main(void)
{
	static const char *const dirs[] = { "/usr/local/sbin", "/usr/local", "/usr/sbin", "/usr",
		"/etc", "" };
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_host_name),
	};
	if (mkdtemp(root) == NULL)
		return 1;
	int failed = cmocka_run_group_tests(tests, NULL, NULL);
	for (size_t i = 0; i < N_ELEMENTS(dirs); i++)
		take_file((const char *const[2]){ dirs[i], NULL });
	return failed;
}
