/* The file that says what is wanted: what comes of it, and what is wrong with it. */
#include "test.h"

#include <stdlib.h>

#include "base/arena.h"
#include "preflight/preflight.h"

/* good: the servers as "name@line ehlo/banner ptr,ptr domain,domain provider address,address"; "-" is
 * nothing.  bad: parts of the error, between bars. */
static const struct row {
	const char *name, *text, *good, *bad;
} rows[] = {
	{ "one server, no section", "address = 203.0.113.25\nehlo = Mail.Example.COM.\n",
	    "-@1 mail.example.com/mail.example.com mail.example.com - - 203.0.113.25", NULL },
	{ "all keys",
	    "[out 1]\naddress = 203.0.113.25, 2001:DB8::25\nehlo=a.example.com\nptr = "
	    "c.example.com "
	    "b.example.com\ndomain = example.com,example.org\nbanner = d.example.com\nprovider = "
	    "rfc2136\n",
	    "out 1@1 a.example.com/d.example.com b.example.com,c.example.com "
	    "example.com,example.org rfc2136 203.0.113.25,2001:db8::25",
	    NULL },
	{ "defaults, and what a server says itself",
	    "domain = example.com\nprovider = huawei\n\n[a]\naddress = 203.0.113.1\nehlo = "
	    "a.example.com\n# a comment\n; another\n[b]\naddress = 203.0.113.2\nehlo = "
	    "b.example.com\ndomain = example.org\nprovider = manual\n",
	    "a@4 a.example.com/a.example.com a.example.com example.com huawei 203.0.113.1; "
	    "b@9 b.example.com/b.example.com b.example.com example.org manual 203.0.113.2",
	    NULL },
	{ "an EHLO name for all", "ehlo = a.example.com\n[a]\naddress = 203.0.113.1\n",
	    "a@2 a.example.com/a.example.com a.example.com - - 203.0.113.1", NULL },
	{ "keys that stand there several times",
	    "address = 203.0.113.1\naddress = 203.0.113.2\nehlo = a.example.com\nptr = "
	    "a.example.com\nptr = b.example.com a.example.com\n",
	    "-@1 a.example.com/a.example.com a.example.com,b.example.com - - "
	    "203.0.113.1,203.0.113.2",
	    NULL },
	{ "an international name", "address = 203.0.113.1\nehlo = m\xc3\xbcller.example\n",
	    "-@1 xn--mller-kva.example/xn--mller-kva.example xn--mller-kva.example - - "
	    "203.0.113.1",
	    NULL },
	{ "a mapped IPv4 address", "address = ::ffff:203.0.113.1\nehlo = a.example.com\n",
	    "-@1 a.example.com/a.example.com a.example.com - - 203.0.113.1", NULL },
	{ "a byte order mark and CR",
	    "\xef\xbb\xbf[a]\r\naddress = 203.0.113.1\r\nehlo = a.example.com\r\n",
	    "a@1 a.example.com/a.example.com a.example.com - - 203.0.113.1", NULL },
	{ "empty", "", NULL, "intent: the file is empty|ehlo = " },
	{ "comments alone", "# nothing\n", NULL, "the file is empty" },
	{ "a key that is near to one", "address = 203.0.113.1\nehol = a.example.com\n", NULL,
	    "intent:2: unknown key 'ehol'|address, ehlo, ptr, domain, from, mail-from, dkim, "
	    "banner, provider|did you mean ehlo?" },
	{ "a key that is near to none", "colour = red\n", NULL,
	    "intent:1: unknown key 'colour': expected one of address" },
	{ "From is a domain", "from = a@example.com\n", NULL,
	    "intent:1: from: 'a@example.com' is not a domain name" },
	{ "a key has a domain", "dkim = /sel1\n", NULL,
	    "intent:1: dkim: '/sel1': |DOMAIN/SELECTOR" },
	{ "keys have one spelling", "Address = 203.0.113.1\n", NULL,
	    "unknown key 'Address'|did you mean address?" },
	{ "no address", "[a]\nehlo = a.example.com\n", NULL,
	    "intent:1: [a] has no address|address = " },
	{ "no EHLO name", "\naddress = 203.0.113.1\n", NULL, "intent:2: has no EHLO name|ehlo = " },
	{ "a section without keys", "[a]\naddress = 203.0.113.1\nehlo = a.example.com\n[b]\n", NULL,
	    "intent:4: [b] has no address" },
	{ "a section twice",
	    "[a]\naddress = 203.0.113.1\nehlo = a.example.com\n[a]\naddress = 203.0.113.2\n", NULL,
	    "intent:4: the section [a] is on line 1 already" },
	{ "a section without name", "[]\naddress = 203.0.113.1\n", NULL,
	    "intent:1: the section has no name" },
	{ "a section that is not closed", "[a\naddress = 203.0.113.1\n", NULL,
	    "intent:1: expected \"[section]\"" },
	{ "an address beside sections",
	    "address = 203.0.113.1\n[a]\naddress = 203.0.113.2\nehlo = a.example.com\n", NULL,
	    "intent:1: address: expected it in the section" },
	{ "not an address", "address = 203.0.113.256\nehlo = a.example.com\n", NULL,
	    "intent:1: address: '203.0.113.256' is not an address: expected IPv4 or IPv6 "
	    "addresses" },
	{ "a block", "address = 203.0.113.0/24\n", NULL,
	    "address: '203.0.113.0/24' is not an address" },
	{ "a host name", "address = mail.example.com\n", NULL,
	    "address: 'mail.example.com' is not an address" },
	{ "an address twice", "address = 203.0.113.1 203.0.113.1\n", NULL,
	    "intent:1: address: 203.0.113.1 appears twice" },
	{ "an address in two sections",
	    "[a]\naddress = 203.0.113.1\nehlo = a.example.com\n[b]\naddress = 203.0.113.1\n", NULL,
	    "intent:5: address: 203.0.113.1 appears twice" },
	{ "nothing behind address", "address =\n", NULL,
	    "intent:1: address: expected a value (IPv4 or IPv6 addresses)" },
	{ "commas alone", "address = ,,\n", NULL,
	    "intent:1: address: ',,' holds nothing of use: expected at least one" },
	{ "nothing behind ehlo", "ehlo =\n", NULL,
	    "intent:1: ehlo: expected a value (a full host name)" },
	{ "two EHLO names", "ehlo = a.example.com b.example.com\n", NULL,
	    "ehlo: 'b.example.com' is one name too many" },
	{ "EHLO name twice", "ehlo = a.example.com\nehlo = b.example.com\n", NULL,
	    "intent:2: ehlo: given a second time: expected it once" },
	{ "one label", "ehlo = mail\n", NULL, "ehlo: 'mail' |expected a full host name such as" },
	{ "an address as name", "ehlo = 203.0.113.1\n", NULL, "ehlo: '203.0.113.1' " },
	{ "an address literal", "ehlo = [203.0.113.1]\n", NULL, "ehlo: '[203.0.113.1]' " },
	{ "an underscore", "ptr = mail_1.example.com\n", NULL,
	    "ptr: 'mail_1.example.com' contains an underscore" },
	{ "a wildcard", "ptr = *.example.com\n", NULL, "ptr: '*.example.com' is a wildcard" },
	{ "no name at all", "ptr = a..example.com\n", NULL, "ptr: 'a..example.com' is not a name" },
	{ "eleven PTR names",
	    "ptr = a.x.example b.x.example c.x.example d.x.example e.x.example f.x.example\n"
	    "ptr = g.x.example h.x.example i.x.example j.x.example k.x.example\n",
	    NULL, "intent:2: ptr: more than 10 for one server" },
	{ "a mail address", "domain = me@example.com\n", NULL,
	    "domain: 'me@example.com' is not a domain: expected what is after the @" },
	{ "an unknown provider", "provider = huawai\n", NULL,
	    "provider: 'huawai' is not known: expected one of manual, huawei|did you mean "
	    "huawei?" },
	{ "a provider twice", "provider = huawei\nprovider = huawei\n", NULL,
	    "intent:2: provider: given a second time: expected it once" },
	{ "escape sequences are shown safely", "ehlo = \033[31mred\n", NULL, "\\x1b[31mred" },
	{ "a line too long", NULL, NULL, "intent:1: the line is over 1024 bytes" },
};

static const char *
joined(struct arena *a, const char *text, const char *word, const char *separator)
{
	return arena_printf(a, "%s%s%s", text, text[0] != '\0' ? separator : "", word);
}

static const char *
list_shown(struct arena *a, const char *const *list, size_t n)
{
	const char *text = "";
	for (size_t i = 0; i < n; i++)
		text = joined(a, text, list[i], ",");
	return n == 0 ? "-" : text;
}

static const char *
server_shown(struct arena *a, const struct preflight_server *s)
{
	const char *addresses = "";
	for (size_t i = 0; i < s->n_addresses; i++)
		addresses = joined(a, addresses, s->addresses[i].text, ",");
	return arena_printf(a, "%s@%d %s/%s %s %s %s %s", s->name[0] != '\0' ? s->name : "-",
	    s->line, s->ehlo, s->banner, list_shown(a, s->names, s->n_names),
	    list_shown(a, s->domains, s->n_domains), s->provider[0] != '\0' ? s->provider : "-",
	    addresses);
}

static void
check_error(const char *bad, const struct err *err)
{
	char parts[300];
	char *save = NULL;
	snprintf(parts, sizeof parts, "%s", bad);
	for (char *p = strtok_r(parts, "|", &save); p != NULL; p = strtok_r(NULL, "|", &save))
		if (strstr(err->text, p) == NULL)
			fail_msg("'%s' is not in: %s", p, err->text);
	assert_null(strchr(err->text, '\033'));
}

static void
test_rows(void **state)
{
	(void)state;
	char long_line[1100];
	memset(long_line, 'a', sizeof long_line);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct row *row = &rows[i];
		struct arena a;
		struct preflight p = { .known = NULL };
		struct err err = { 0 };
		const char *got = "";
		ROW(row->name);
		arena_init(&a);
		const char *text = row->text != NULL ? row->text : long_line;
		size_t len = row->text != NULL ? strlen(text) : sizeof long_line;
		enum err_code code = intent_read_text("intent", text, len, &a, &p, &err);
		assert_int_equal(code, row->bad != NULL ? ERR_DATA : ERR_NONE);
		assert_int_equal(err.code, code);
		for (size_t k = 0; row->good != NULL && k < p.n_servers; k++)
			got = joined(&a, got, server_shown(&a, &p.servers[k]), "; ");
		if (row->good != NULL)
			assert_string_equal(got, row->good);
		else
			check_error(row->bad, &err);
		arena_fini(&a);
	}
}

static enum err_code
read_many(const char *before, int n, const char *after, struct err *err)
{
	struct arena a;
	struct preflight p = { .known = NULL };
	char *text = NULL;
	size_t len = 0;
	FILE *f = open_memstream(&text, &len);
	assert_non_null(f);
	fputs("ehlo = a.example.com\n", f);
	for (int i = 0; i < n; i++)
		fprintf(f, "%s%d.%d%s\n", before, i / 256, i % 256, after);
	fclose(f);
	arena_init(&a);
	enum err_code code = intent_read_text("intent", text, len, &a, &p, err);
	arena_fini(&a);
	free(text);
	return code;
}

static void
test_limits(void **state)
{
	(void)state;
	struct err err = { 0 };
	assert_int_equal(read_many("address = 203.0.", 256, "", &err), ERR_NONE);
	assert_int_equal(read_many("address = 203.0.", 257, "", &err), ERR_DATA);
	assert_non_null(strstr(err.text, "more than 256"));
	assert_int_equal(read_many("[", 257, "]", &err), ERR_DATA);
	assert_non_null(strstr(err.text, "more than 256 sections"));
	assert_int_equal(read_many("domain = a", 17, ".example", &err), ERR_DATA);
	assert_non_null(strstr(err.text, "domain: more than 16"));
}

static void
test_files(void **state)
{
	(void)state;
	struct arena a;
	struct preflight p = { .known = NULL };
	struct err err = { 0 };
	arena_init(&a);
	assert_int_equal(intent_read_file("/nonexistent/intent.ini", &a, &p, &err), ERR_NOINPUT);
	assert_non_null(strstr(err.text, "/nonexistent/intent.ini"));
	assert_int_equal(intent_read_file("/", &a, &p, &err), ERR_NOINPUT);
	assert_int_equal(intent_read_file("/dev/zero", &a, &p, &err), ERR_DATA);
	assert_non_null(strstr(err.text, "over the limit"));
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_files),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
