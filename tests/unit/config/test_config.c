/* The configuration: what each key sets, what is refused and with which words, and edits of its text. */
#include "test.h"

#include <fcntl.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "config/config.h"

static enum err_code
read_conf(const char *text, struct arena *a, struct config *c, struct err *err)
{
	return config_read_text("conf", text, strlen(text), a, c, err);
}

static const char every_key[] = "# a comment\n"
				"[server outbound 1]\n"
				"address = 203.0.113.25\n"
				"ehlo = mail.example.com ; behind it\n"
				"domain = example.com\n"
				"dkim = example.com/sel1\n"
				"dkim = example.org\n"
				"[server b]\n"
				"host = mx.example.com\n"
				"[run]\n"
				"resolver = 127.0.0.1\n"
				"resolver = 127.0.0.2#53\n"
				"no-smtp = yes\n"
				"lists-direct = no\n"
				"history = /var/h.db\n"
				"retention = never\n"
				"confirm = 3/5\n"
				"confirm-unknown = 4\n"
				"confirm-again = 0\n"
				"confirm-pause = 90s\n"
				"[mail]\n"
				"to = a@example.com\n"
				"to = b@example.com\n"
				"from = m@example.com\n"
				"server = smtp://localhost:25\n"
				"tls = never\n"
				"user = u\n"
				"password-file = /p\n"
				"[webhook]\n"
				"url = https://hook.example/x\n"
				"secret-file = /s\n"
				"[command]\n"
				"program = /usr/bin/tell\n"
				"[notify]\n"
				"heartbeat = 7d\n"
				"unknown = yes\n"
				"timeout = 10s\n"
				"ca-file = /ca\n"
				"[provider]\n"
				"program = /usr/bin/ptr\n"
				"[provider zone-b_2]\n"
				"program = /usr/bin/ptr-b\n";

static void
read_every_key(struct arena *a, struct config *c)
{
	struct err err;

	if (read_conf(every_key, a, c, &err) != ERR_NONE)
		fail_msg("%s", err.text);
}

static void
test_values(void **state)
{
	(void)state;
	struct arena a;
	struct config c;

	arena_init(&a);
	read_every_key(&a, &c);
	assert_int_equal(c.n_servers, 2);
	assert_int_equal(c.n_programs, 2);
	assert_string_equal(c.programs[0].name, "");
	assert_string_equal(c.programs[0].path, "/usr/bin/ptr");
	assert_string_equal(c.programs[1].name, "zone-b_2");
	assert_string_equal(c.programs[1].path, "/usr/bin/ptr-b");
	assert_string_equal(c.servers[0].label, "outbound 1");
	assert_string_equal(c.servers[0].address, "203.0.113.25");
	assert_string_equal(c.servers[0].ehlo, "mail.example.com");
	assert_string_equal(c.servers[0].domain, "example.com");
	assert_int_equal(c.servers[0].n_dkim, 2);
	assert_string_equal(c.servers[0].dkim[0].domain, "example.com");
	assert_string_equal(c.servers[0].dkim[0].selector, "sel1");
	assert_string_equal(c.servers[0].dkim[1].domain, "example.org");
	assert_int_equal(c.servers[1].n_dkim, 0);
	assert_string_equal(c.servers[1].host, "mx.example.com");
	assert_string_equal(c.servers[1].address, "");
	assert_int_equal(c.n_options, 3);
	assert_string_equal(c.options[1].name, "resolver");
	assert_string_equal(c.options[1].value, "127.0.0.2#53");
	assert_int_equal(c.options[1].line, 12);
	assert_string_equal(c.options[2].name, "no-smtp");
	assert_null(c.options[2].value);
	assert_string_equal(c.history, "/var/h.db");
	assert_int_equal(c.retention_s, 0);
	assert_int_equal(c.policy.confirm, 3);
	assert_int_equal(c.policy.of, 5);
	assert_int_equal(c.policy.unknown, 4);
	assert_int_equal(c.looks, 0);
	assert_int_equal(c.look_pause_s, 90);
	arena_fini(&a);
}

static void
test_notify_values(void **state)
{
	(void)state;
	struct arena a;
	struct config c;

	arena_init(&a);
	read_every_key(&a, &c);
	assert_int_equal(c.notify.n_mails, 1);
	assert_int_equal(c.notify.mails[0].n_to, 2);
	assert_string_equal(c.notify.mails[0].to[1], "b@example.com");
	assert_string_equal(c.notify.mails[0].from, "m@example.com");
	assert_string_equal(c.notify.mails[0].server, "smtp://localhost:25");
	assert_int_equal(c.notify.mails[0].tls, NOTIFY_TLS_NEVER);
	assert_string_equal(c.notify.mails[0].user, "u");
	assert_string_equal(c.notify.mails[0].password_file, "/p");
	assert_int_equal(c.notify.n_webhooks, 1);
	assert_string_equal(c.notify.webhooks[0].name, "");
	assert_string_equal(c.notify.webhooks[0].url, "https://hook.example/x");
	assert_string_equal(c.notify.webhooks[0].secret_file, "/s");
	assert_string_equal(c.notify.command, "/usr/bin/tell");
	assert_int_equal(c.notify.heartbeat_s, 7 * 86400);
	assert_true(c.notify.unknown);
	assert_int_equal(c.notify.timeout_us, 10000000);
	assert_string_equal(c.notify.ca_file, "/ca");
	arena_fini(&a);
}

/* [webhook] and those with names, in one file. */
static void
test_webhooks(void **state)
{
	(void)state;
	struct arena a;
	struct config c;
	struct err err;

	setenv("MAILREADY_DATA", "data", 1);
	arena_init(&a);
	if (read_conf("[webhook]\nurl = https://a.example/\n[webhook ops]\nurl-file = /u\nkind = "
		      "pagerduty\n"
		      "key-file = /k\n[webhook]\nsecret-file = /s\n[webhook me]\nkind = ntfy\n"
		      "url = https://b.example\ntopic = t\n",
		&a, &c, &err) != ERR_NONE)
		fail_msg("%s", err.text);
	assert_int_equal(c.notify.n_webhooks, 3);
	assert_string_equal(c.notify.webhooks[0].name, "");
	assert_string_equal(c.notify.webhooks[0].url, "https://a.example/");
	assert_string_equal(c.notify.webhooks[0].secret_file, "/s");
	assert_string_equal(c.notify.webhooks[0].template, "");
	assert_string_equal(c.notify.webhooks[1].name, "ops");
	assert_string_equal(c.notify.webhooks[1].url_file, "/u");
	assert_string_equal(c.notify.webhooks[1].key_file, "/k");
	assert_true(c.notify.webhooks[1].per_event && !c.notify.webhooks[1].repeat);
	assert_string_equal(c.notify.webhooks[2].topic, "t");
	assert_non_null(strstr(c.notify.webhooks[2].template, "ntfy.json"));
	/* an address alone, which is wrong, is not shown: it may be a secret */
	assert_int_equal(read_conf("[webhook]\nurl = token-in-it\n", &a, &c, &err), ERR_CONFIG);
	assert_null(strstr(err.text, "token"));
	arena_fini(&a);
}

/* [mail NAME] has what it does not set from [mail]; a login goes with its server. */
static void
test_mails(void **state)
{
	(void)state;
	struct arena a;
	struct config c;
	struct err err;

	arena_init(&a);
	if (read_conf(
		"[mail]\nfrom = m@x.example\nserver = smtp://localhost\ntls = never\nuser = u\n"
		"password-file = /p\n[mail ops]\nto = a@x.example\ngroups = relays, customer a\n"
		"severity = high\n[mail boss]\nto = b@x.example\nserver = smtps://mail.x.example\n"
		"[server s]\naddress = 192.0.2.1\ngroup = relays\ngroup = b , relays\n",
		&a, &c, &err) != ERR_NONE)
		fail_msg("%s", err.text);
	assert_int_equal(c.notify.n_mails, 2);
	assert_string_equal(c.notify.mails[0].name, "ops");
	assert_string_equal(c.notify.mails[0].from, "m@x.example");
	assert_string_equal(c.notify.mails[0].user, "u");
	assert_int_equal(c.notify.mails[0].tls, NOTIFY_TLS_NEVER);
	assert_string_equal(c.notify.mails[0].filter.groups, "relays, customer a");
	assert_int_equal(c.notify.mails[0].filter.severity, SEVERITY_HIGH);
	assert_string_equal(c.notify.mails[1].from, "m@x.example");
	assert_string_equal(c.notify.mails[1].user, "");
	assert_int_equal(c.notify.mails[1].tls, NOTIFY_TLS_REQUIRED);
	assert_int_equal(c.notify.mails[1].filter.severity, SEVERITY_INFO);
	assert_string_equal(c.servers[0].groups, "relays, b");
	assert_int_equal(c.n_remarks, 0);
	assert_int_equal(
	    read_conf("[command]\nprogram = /p\n[webhook w]\nurl = https://x.example\ngroups = x\n",
		&a, &c, &err),
	    ERR_NONE);
	assert_int_equal(c.n_remarks, 1);
	assert_non_null(strstr(c.remarks[0], "conf:3: no server is in the groups"));
	arena_fini(&a);
}

static void
test_defaults(void **state)
{
	(void)state;
	struct arena a;
	struct config c;
	struct err err;

	arena_init(&a);
	assert_int_equal(read_conf("", &a, &c, &err), ERR_NONE);
	assert_int_equal(c.n_servers + c.n_options + c.notify.n_mails + c.n_remarks, 0);
	assert_int_equal(c.retention_s, 400 * 86400);
	assert_memory_equal(&c.policy, &change_policy_default, sizeof c.policy);
	assert_int_equal(c.looks, 2);
	assert_int_equal(c.look_pause_s, 120);
	assert_string_equal(c.notify.command, "");
	assert_int_equal(c.notify.heartbeat_s, 7 * 86400);
	assert_true(c.notify.unknown);
	assert_int_equal(c.notify.timeout_us, 30000000);
	arena_fini(&a);
}

static const struct {
	const char *text, *words[3];
} refusals[] = {
	{ "[run]\nretenton = 1d\n",
	    { "conf:2:", "unknown key 'retenton'", "did you mean retention?" } },
	{ "[run]\nxyzzy = 1\n", { "conf:2:", "unknown key 'xyzzy'", "expected one of history, " } },
	{ "[log]\nfile = mail.log\n", { "conf:2:", "file: 'mail.log'", "absolute path" } },
	{ "[rum]\nhistory = /h\n", { "conf:1:", "no section [rum]", "did you mean [run]?" } },
	{ "[server]\naddress = 192.0.2.1\n", { "conf:1:", "expected [server NAME]" } },
	{ "[provider]\nprogram = ptr\n", { "conf:2:", "program: 'ptr'", "absolute path" } },
	{ "a = b\n", { "conf:1:", "expected a [section]" } },
	{ "[run]\nhistory\n", { "conf:2:", "key = value" } },
	{ "[run]\nhistory =\n", { "conf:2:", "history", "expected a value" } },
	{ "[run]\nhistory = h.db\n", { "conf:2:", "history: 'h.db'", "absolute path" } },
	{ "[run]\nhistory = /a\nhistory = /b\n", { "conf:3:", "second time" } },
	{ "[run]\nretention = 30\n", { "conf:2:", "retention: '30'", "s, m, h or d" } },
	{ "[run]\nretention = -1d\n", { "conf:2:", "'-1d'" } },
	{ "[run]\nretention = 99999999999999999999d\n", { "conf:2:", "is not a time" } },
	{ "[run]\nconfirm = 4/3\n", { "conf:2:", "'4/3' is not a share", "M from 1 to N" } },
	{ "[run]\nconfirm = 2/32\n", { "conf:2:", "N at most 31" } },
	{ "[run]\nconfirm = 2\n", { "conf:2:", "M/N" } },
	{ "[run]\nconfirm-unknown = 0\n", { "conf:2:", "number from 1 to 31" } },
	{ "[run]\nno-smtp = maybe\n", { "conf:2:", "neither yes nor no" } },
	{ "[mail]\nto = nobody\n", { "conf:2:", "not a mail address" } },
	{ "[mail]\nto = a@b.example, c@d.example\n", { "conf:2:", "one per line" } },
	{ "[mail]\nto = chef@b\xc3\xbc"
	  "cher.example\n",
	    { "conf:2:", "in ASCII" } },
	{ "[mail]\nto = ops@example.com.\n", { "conf:2:", "not a mail address" } },
	{ "[mail]\nto = a..b@example.com\n", { "conf:2:", "not a mail address" } },
	{ "[mail]\nfrom = me\n", { "conf", "from: 'me' is not a mail address" } },
	{ "[mail]\nserver = mail.example.com\n", { "conf:2:", "smtp://" } },
	{ "[mail]\ntls = perhaps\n", { "conf:2:", "required or never" } },
	{ "[mail]\nto = a@b.example\n", { "conf", "but not from" } },
	{ "[mail]\nto = a@b.example\nfrom = c@d.example\n", { "but not server" } },
	{ "[mail]\nserver = smtp://mail.example.com/x\n",
	    { "conf", "[mail]", "more than a host" } },
	{ "[mail]\nserver = smtp://mail.example.com\ntls = never\n",
	    { "conf", "[mail]", "loopback" } },
	{ "[webhook]\nurl = ftp://x.example\n", { "conf:2:", "https://" } },
	{ "[mail a]\nfrom = a@x.example\n", { "conf:1: [mail a]", "expected to" } },
	{ "[mail a]\nto = a@x.example\n[mail a]\n", { "conf:3:", "already in line 1" } },
	{ "[mail a]\nseverity = urgent\n", { "conf:2:", "critical" } },
	{ "[server a]\ngroup = a,,b\n", { "conf:2:", "not a name for a group" } },
	{ "[webhook a]\n", { "conf:1:", "[webhook a]", "either url or url-file" } },
	{ "[webhook a]\nurl = https://x.example\nkind = x\n", { "conf:1:", "is not a kind" } },
	{ "[webhook a]\nurl = https://x.example\ntopic = x\n", { "conf:1:", "a kind that uses" } },
	{ "[webhook a\"b]\n", { "conf:1:", "not a name for a webhook" } },
	{ "[provider a]\n", { "conf:1:", "[provider a]", "expected program" } },
	{ "[provider a]\nprogram = ptr\n", { "conf:2:", "absolute path" } },
	{ "[provider a b]\nprogram = /p\n", { "conf:1:", "expected letters, digits, - and _" } },
	{ "[provider hetzner]\nprogram = /p\n", { "conf:1:", "has the name of another" } },
	{ "[provider program]\nprogram = /p\n", { "conf:1:", "has the name of another" } },
	{ "[provider manual]\nprogram = /p\n", { "conf:1:", "has the name of another" } },
	{ "[provider a]\nprogram = /p\n[provider a]\n", { "conf:3:", "already in line 1" } },
	{ "[command]\nprogram = tell\n", { "conf:2:", "absolute path" } },
	{ "[notify]\ntimeout = never\n", { "conf:2:", "1s to 1h" } },
	{ "[server a]\n", { "conf:1:", "[server a]", "either address or host" } },
	{ "[server a]\naddress = 192.0.2.1\n[server b]\n[run]\n", { "conf:3:", "[server b]" } },
	{ "[server a]\n[server a]\naddress = 192.0.2.1\n", { "conf:2:", "already in line 1" } },
	{ "[server]\n", { "conf:1:", "expected [server NAME]" } },
	{ "[mial]\n", { "conf:1:", "did you mean [mail]?" } },
	{ "[server a]\nehlo = x.example\n", { "conf:1:", "[server a]", "either address or host" } },
	{ "[server a]\naddress = 192.0.2.1\nhost = x.example\n", { "conf:1:", "either" } },
	{ "[server a]\naddress = 192.0.2.0/24\n", { "conf:1:", "expected a single one" } },
	{ "[server a]\naddress = x.example\n", { "conf:1:", "is not an address" } },
	{ "[server a]\nhost = 192.0.2.1\n", { "conf:1:", "is not a host name" } },
	{ "[server a]\naddress = 192.0.2.300\n", { "conf:1:", "192.0.2.300" } },
	{ "[server a]\naddress = 192.0.2.1\naddress = 192.0.2.2\n", { "conf:3:", "second time" } },
	{ "[server a]\naddress = 192.0.2.1\n[run]\nonly = ptr\n[server a]\nehlo = x\n",
	    { "conf:5:", "already in line 1" } },
	{ "[server a]\naddress = 192.0.2.1\n[server b]\naddress = 192.0.2.1\n",
	    { "conf:3:", "the same as [server a]" } },
	{ "[server a\"b]\naddress = 192.0.2.1\n", { "conf:1:", "not a name for a server" } },
};

static void
test_refusals(void **state)
{
	(void)state;

	for (size_t i = 0; i < N_ELEMENTS(refusals); i++) {
		struct arena a;
		struct config c;
		struct err err = { 0 };
		ROW(refusals[i].text);
		arena_init(&a);
		assert_int_equal(read_conf(refusals[i].text, &a, &c, &err), ERR_CONFIG);
		for (size_t k = 0; k < 3 && refusals[i].words[k] != NULL; k++)
			if (strstr(err.text, refusals[i].words[k]) == NULL)
				fail_msg("'%s' does not say '%s'", err.text, refusals[i].words[k]);
		arena_fini(&a);
	}
}

/* --- files */

struct home {
	char dir[64], file[128];
	struct arena arena;
	struct err err;
};

static int
setup(void **state)
{
	struct home *h = calloc(1, sizeof *h);
	const char *tmp = getenv("TMPDIR");

	snprintf(h->dir, sizeof h->dir, "%s/config.XXXXXX", tmp != NULL ? tmp : "/tmp");
	assert_non_null(mkdtemp(h->dir));
	snprintf(h->file, sizeof h->file, "%s/mailready/config", h->dir);
	setenv("XDG_CONFIG_HOME", h->dir, 1);
	arena_init(&h->arena);
	*state = h;
	return 0;
}

static int
teardown(void **state)
{
	struct home *h = *state;
	char dir[100];

	unlink(h->file);
	snprintf(dir, sizeof dir, "%s/mailready", h->dir);
	rmdir(dir);
	rmdir(h->dir);
	arena_fini(&h->arena);
	free(h);
	return 0;
}

static void
write_file(const struct home *h, const char *text)
{
	char dir[100];
	snprintf(dir, sizeof dir, "%s/mailready", h->dir);
	(void)mkdir(dir, 0700);
	FILE *f = fopen(h->file, "w");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static void
assert_file(const struct home *h, const char *text)
{
	struct buf got;
	struct err err;
	buf_init(&got, 1 << 16);
	assert_int_equal(file_read(h->file, &got, &err), ERR_NONE);
	assert_string_equal(got.data, text);
	buf_fini(&got);
}

static struct config_server
server(const char *label, const char *address)
{
	return (struct config_server){ .label = label,
		.address = address,
		.host = "",
		.ehlo = "",
		.domain = "" };
}

static void
test_add_and_remove(void **state)
{
	struct home *h = *state;
	static const char before[] =
	    "# mine\n[run]\nonly = ptr ; a reason\n\n# keep this\n[server x]\n"
	    "address = 192.0.2.9\n";
	struct config_server a = server("a", "192.0.2.1"), b = server("b b", "192.0.2.2");
	struct stat st;

	a.ehlo = "mail.example.com";
	a.dkim[0] = (struct dkim_identity){ "example.com", "sel1" };
	a.dkim[1] = (struct dkim_identity){ "example.org", "" };
	a.n_dkim = 2;
	a.groups = "relays, customer a";
	/* a file that is not there is made; root's is the machine's */
	assert_int_equal(config_add_server(h->file, &a, &h->err), ERR_NONE);
	assert_file(h,
	    "[server a]\naddress = 192.0.2.1\nehlo = mail.example.com\n"
	    "group = relays, customer a\ndkim = example.com/sel1\ndkim = example.org\n");
	assert_int_equal(stat(h->file, &st), 0);
	assert_int_equal(st.st_mode & 0777, geteuid() == 0 ? 0644 : 0600);
	assert_int_equal(config_remove_server(h->file, "a", &h->err), ERR_NONE);
	assert_file(h, "");
	/* comments, order and mode stay */
	write_file(h, before);
	assert_int_equal(chmod(h->file, 0640), 0);
	assert_int_equal(config_add_server(h->file, &a, &h->err), ERR_NONE);
	assert_int_equal(config_add_server(h->file, &b, &h->err), ERR_NONE);
	assert_int_equal(config_remove_server(h->file, "a", &h->err), ERR_NONE);
	assert_file(h,
	    "# mine\n[run]\nonly = ptr ; a reason\n\n# keep this\n[server x]\naddress = "
	    "192.0.2.9\n\n[server b b]\naddress = 192.0.2.2\n");
	assert_int_equal(config_remove_server(h->file, "b b", &h->err), ERR_NONE);
	assert_file(h, before);
	assert_int_equal(stat(h->file, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0640);
}

static void
test_remove_from_the_middle(void **state)
{
	struct home *h = *state;

	write_file(h,
	    "[server a]\n# of a\naddress = 192.0.2.1\n\n# of b\n[ server b ]\n"
	    "address = 192.0.2.2\n");
	/* to the reader this is not a section of ours: nothing is touched */
	assert_int_equal(config_remove_server(h->file, "a", &h->err), ERR_CONFIG);
	write_file(h,
	    "[server a]\n# of a\naddress = 192.0.2.1\n\n# of b\n[server  b]\n"
	    "address = 192.0.2.2\n# the end");
	assert_int_equal(config_remove_server(h->file, "a", &h->err), ERR_NONE);
	assert_file(h, "\n# of b\n[server  b]\naddress = 192.0.2.2\n# the end");
	assert_int_equal(config_remove_server(h->file, "b", &h->err), ERR_NONE);
	assert_file(h, "\n# of b\n# the end");
	assert_int_equal(config_remove_server(h->file, "b", &h->err), ERR_DATA);
	assert_non_null(strstr(h->err.text, "no [server b]"));
}

static void
test_refused_edits(void **state)
{
	struct home *h = *state;
	static const char text[] = "[server a]\naddress = 192.0.2.1\n";
	static const char broken[] = "[server a]\naddres = 192.0.2.1\n";
	struct config_server s;

	write_file(h, text);
	s = server("a", "192.0.2.2");
	assert_int_equal(config_add_server(h->file, &s, &h->err), ERR_CONFIG);
	s = server("b", "192.0.2.1");
	assert_int_equal(config_add_server(h->file, &s, &h->err), ERR_CONFIG);
	s = server("]\n[mail", "192.0.2.3");
	assert_int_equal(config_add_server(h->file, &s, &h->err), ERR_DATA);
	s = server("c", "192.0.2.3");
	s.ehlo = "x\n[mail]\nto=a@b";
	assert_int_equal(config_add_server(h->file, &s, &h->err), ERR_DATA);
	static const char *const groups[] = { "", " ,", "a\n[mail]", "a, b;c", "a ,b", "a,,b",
		"a name of a group that has more than forty bytes" };
	for (size_t i = 0; i < N_ELEMENTS(groups); i++) {
		ROW(groups[i]);
		s = server("c", "192.0.2.3");
		s.groups = groups[i];
		assert_int_not_equal(config_add_server(h->file, &s, &h->err), ERR_NONE);
	}
	assert_file(h, text);
	write_file(h, broken);
	s = server("c", "192.0.2.3");
	assert_int_equal(config_add_server(h->file, &s, &h->err), ERR_CONFIG);
	assert_int_equal(config_remove_server(h->file, "a", &h->err), ERR_CONFIG);
	assert_file(h, broken);
}

/* A link stays a link, and what it leads to is edited. */
static void
test_link(void **state)
{
	struct home *h = *state;
	char link[160];
	struct stat st;
	struct config_server s = server("a", "192.0.2.1");

	write_file(h, "");
	snprintf(link, sizeof link, "%s/link", h->dir);
	assert_int_equal(symlink(h->file, link), 0);
	assert_int_equal(config_add_server(link, &s, &h->err), ERR_NONE);
	assert_int_equal(lstat(link, &st), 0);
	assert_true(S_ISLNK(st.st_mode));
	assert_file(h, "[server a]\naddress = 192.0.2.1\n");
	assert_int_equal(unlink(link), 0);
}

static void
test_secrets(void **state)
{
	struct home *h = *state;
	struct config c;

	write_file(h, "[webhook]\nurl = https://hook.example/token\n");
	assert_int_equal(chmod(h->file, 0644), 0);
	assert_int_equal(config_read(h->file, &h->arena, &c, &h->err), ERR_NONE);
	assert_int_equal(c.n_remarks, 1);
	assert_non_null(strstr(c.remarks[0], "every user"));
	/* the service could not read the file any more */
	assert_null(strstr(c.remarks[0], "chmod"));
	assert_non_null(strstr(c.remarks[0], "secret-file"));
	assert_int_equal(chmod(h->file, 0640), 0);
	assert_int_equal(config_read(h->file, &h->arena, &c, &h->err), ERR_NONE);
	assert_int_equal(c.n_remarks, 0);
}

static void
test_missing(void **state)
{
	struct home *h = *state;
	struct config c;
	char path[256];

	/* the usual files may be missing, a named one may not */
	assert_int_equal(config_read(NULL, &h->arena, &c, &h->err), ERR_NONE);
	assert_int_equal(config_read(h->file, &h->arena, &c, &h->err), ERR_NOINPUT);
	setenv("XDG_STATE_HOME", "/state", 1);
	assert_true(config_history_path(&c, path, sizeof path));
	assert_string_equal(path, "/state/mailready/history.db");
	write_file(h, "[run]\nonly = ptr\nresolver = 192.0.2.1\n[server m]\naddress = 192.0.2.7\n");
	assert_int_equal(config_read(NULL, &h->arena, &c, &h->err), ERR_NONE);
	assert_int_equal(c.n_servers, 1);
	assert_int_equal(c.n_options, 2);
}

int
main(void)
{
#define IN_HOME(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_notify_values),
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_webhooks),
		cmocka_unit_test(test_mails),
		cmocka_unit_test(test_refusals),
		IN_HOME(test_add_and_remove),
		IN_HOME(test_remove_from_the_middle),
		IN_HOME(test_refused_edits),
		IN_HOME(test_link),
		IN_HOME(test_secrets),
		IN_HOME(test_missing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
