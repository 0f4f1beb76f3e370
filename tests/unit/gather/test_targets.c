#include "test.h"

#include "base/buf.h"
#include "gather/targets.h"
#include "mail/dkim_signature.h"

struct row {
	const char *name, *line;
	enum target_line result;
	const char *address, *host, *ehlo, *domain; /* address: "first" or "first last" */
	const char *error;                          /* a word that the message must hold */
};

static const struct row rows[] = {
	{ "IPv4", .line = "203.0.113.25\n", .result = TARGET_LINE_GOOD, .address = "203.0.113.25",
	    .host = "", .ehlo = "", .domain = "" },
	{ "IPv6", .line = "2001:DB8::25", .result = TARGET_LINE_GOOD, .address = "2001:db8::25",
	    .host = "", .ehlo = "", .domain = "" },
	{ "mapped IPv4", .line = "::ffff:203.0.113.25", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.25", .host = "", .ehlo = "", .domain = "" },
	{ "host", .line = "Mail.Example.COM.", .result = TARGET_LINE_GOOD,
	    .host = "mail.example.com", .ehlo = "", .domain = "" },
	{ "IDN host", .line = "m\xc3\xbcller.example", .result = TARGET_LINE_GOOD,
	    .host = "xn--mller-kva.example", .ehlo = "", .domain = "" },
	{ "with EHLO name", .line = "203.0.113.25 Mail.example", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.25", .host = "", .ehlo = "Mail.example", .domain = "" },
	{ "byte order mark",
	    .line = "\xef\xbb\xbf"
		    "203.0.113.25",
	    .result = TARGET_LINE_GOOD, .address = "203.0.113.25", .host = "", .ehlo = "",
	    .domain = "" },
	{ "byte order mark alone", .line = "\xef\xbb\xbf", .result = TARGET_LINE_BLANK },
	{ "with domain", .line = "203.0.113.25\tmail.example  example.org",
	    .result = TARGET_LINE_GOOD, .address = "203.0.113.25", .host = "",
	    .ehlo = "mail.example", .domain = "example.org" },
	{ "comment behind", .line = " 203.0.113.25 # the old one\r\n", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.25", .host = "", .ehlo = "", .domain = "" },
	{ "blank", .line = "  \t\r\n", .result = TARGET_LINE_BLANK },
	{ "only a comment", .line = "# 203.0.113.25\n", .result = TARGET_LINE_BLANK },
	{ "an octet too large", .line = "203.0.113.256", .result = TARGET_LINE_BAD,
	    .error = "203.0.113.256" },
	{ "three octets", .line = "203.0.113", .result = TARGET_LINE_BAD, .error = "203.0.113" },
	{ "five octets", .line = "203.0.113.25.1", .result = TARGET_LINE_BAD,
	    .error = "203.0.113.25.1" },
	{ "broken IPv6", .line = "2001:db8:::25", .result = TARGET_LINE_BAD,
	    .error = "2001:db8:::25" },
	{ "a block", .line = "203.0.113.0/24", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.0 203.0.113.255", .host = "", .ehlo = "", .domain = "" },
	{ "a block of odd size", .line = "203.0.113.8/30 mail.example", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.8 203.0.113.11", .host = "", .ehlo = "mail.example",
	    .domain = "" },
	{ "a block of one", .line = "203.0.113.9/32", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.9", .host = "", .ehlo = "", .domain = "" },
	{ "the largest block", .line = "10.0.0.0/8", .result = TARGET_LINE_GOOD,
	    .address = "10.0.0.0 10.255.255.255", .host = "", .ehlo = "", .domain = "" },
	{ "too large a block", .line = "10.0.0.0/7", .result = TARGET_LINE_BAD, .error = "--huge" },
	{ "an IPv6 block", .line = "2001:db8::/120", .result = TARGET_LINE_GOOD,
	    .address = "2001:db8:: 2001:db8::ff", .host = "", .ehlo = "", .domain = "" },
	{ "the largest IPv6 block", .line = "2001:db8::/104", .result = TARGET_LINE_GOOD,
	    .address = "2001:db8:: 2001:db8::ff:ffff", .host = "", .ehlo = "", .domain = "" },
	{ "too large an IPv6 block", .line = "2001:db8::/103", .result = TARGET_LINE_BAD,
	    .error = "/104" },
	{ "a block with host bits", .line = "203.0.113.7/24", .result = TARGET_LINE_BAD,
	    .error = "did you mean 203.0.113.0/24, or 203.0.113.7 alone?" },
	{ "a small block with host bits", .line = "203.0.113.7/29", .result = TARGET_LINE_BAD,
	    .error = "did you mean 203.0.113.0/29, or 203.0.113.7 alone?" },
	{ "an IPv6 block with host bits", .line = "2001:db8::25/120", .result = TARGET_LINE_BAD,
	    .error = "did you mean 2001:db8::/120, or 2001:db8::25 alone?" },
	{ "an IPv6 address with the prefix of its network", .line = "2001:db8::25/64",
	    .result = TARGET_LINE_BAD, .error = "did you mean 2001:db8::25 alone?" },
	{ "a prefix too long", .line = "203.0.113.7/33", .result = TARGET_LINE_BAD,
	    .error = "/32" },
	{ "an IPv6 prefix too long", .line = "2001:db8::/129", .result = TARGET_LINE_BAD,
	    .error = "/128" },
	{ "a prefix with a sign", .line = "203.0.113.0/+24", .result = TARGET_LINE_BAD,
	    .error = "prefix" },
	{ "no prefix", .line = "203.0.113.0/", .result = TARGET_LINE_BAD, .error = "prefix" },
	{ "a mask", .line = "203.0.113.0/255.255.255.0", .result = TARGET_LINE_BAD,
	    .error = "did you mean 203.0.113.0/24?" },
	{ "a mask with holes", .line = "203.0.113.0/255.0.255.0", .result = TARGET_LINE_BAD,
	    .error = "expected a prefix length from /0 to /32" },
	{ "stars", .line = "203.0.113.*", .result = TARGET_LINE_BAD,
	    .error = "did you mean 203.0.113.0/24?" },
	{ "two stars", .line = "203.0.*.*", .result = TARGET_LINE_BAD,
	    .error = "did you mean 203.0.0.0/16?" },
	{ "a star in the middle", .line = "203.*.113.7", .result = TARGET_LINE_BAD,
	    .error = "not an IPv4 or IPv6 address" },
	{ "a range", .line = "203.0.113.250-203.0.114.3", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.250 203.0.114.3", .host = "", .ehlo = "", .domain = "" },
	{ "a range with blanks", .line = "203.0.113.25 - 203.0.113.27", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.25 203.0.113.27", .host = "", .ehlo = "", .domain = "" },
	{ "a range with blanks, and an EHLO name", .line = "2001:db8::1 - 2001:db8::2 mail.example",
	    .result = TARGET_LINE_GOOD, .address = "2001:db8::1 2001:db8::2", .host = "",
	    .ehlo = "mail.example", .domain = "" },
	{ "a range with a blank before its dash", .line = "203.0.113.25 -203.0.113.27",
	    .result = TARGET_LINE_BAD, .error = "\"-203.0.113.27\" is not an EHLO name" },
	{ "a range with a blank after its dash", .line = "203.0.113.25- 203.0.113.27",
	    .result = TARGET_LINE_BAD, .error = "203.0.113.25-" },
	{ "a dash for no EHLO name", .line = "203.0.113.25 - example.com",
	    .result = TARGET_LINE_BAD, .error = "\"-\" is not an EHLO name" },
	{ "a dash between names", .line = "a.example - b.example", .result = TARGET_LINE_BAD,
	    .error = "\"-\" is not an EHLO name" },
	{ "a dash at the end", .line = "203.0.113.25 -", .result = TARGET_LINE_BAD,
	    .error = "a range is written as" },
	{ "a range of one", .line = "203.0.113.7-203.0.113.7", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.7", .host = "", .ehlo = "", .domain = "" },
	{ "an IPv6 range", .line = "2001:db8::fffe-2001:db8::1:1", .result = TARGET_LINE_GOOD,
	    .address = "2001:db8::fffe 2001:db8::1:1", .host = "", .ehlo = "", .domain = "" },
	{ "the largest range", .line = "10.0.0.1-11.0.0.0", .result = TARGET_LINE_GOOD,
	    .address = "10.0.0.1 11.0.0.0", .host = "", .ehlo = "", .domain = "" },
	{ "too large a range", .line = "10.0.0.1-11.0.0.1", .result = TARGET_LINE_BAD,
	    .error = "--huge" },
	{ "too large an IPv6 range", .line = "2001:db8::-2001:db8::1:0:0",
	    .result = TARGET_LINE_BAD, .error = "/104" },
	{ "a range backwards", .line = "203.0.113.9-203.0.113.8", .result = TARGET_LINE_BAD,
	    .error = "lower" },
	{ "a range of two families", .line = "203.0.113.9-2001:db8::1", .result = TARGET_LINE_BAD,
	    .error = "one family" },
	{ "half a range", .line = "203.0.113.9-12", .result = TARGET_LINE_BAD,
	    .error = "after the hyphen: did you mean 203.0.113.9-203.0.113.12?" },
	{ "half a range backwards", .line = "203.0.113.9-7", .result = TARGET_LINE_BAD,
	    .error = "after the hyphen" },
	{ "the dash of a text editor",
	    .line = "203.0.113.25\xe2\x80\x93"
		    "203.0.113.27",
	    .result = TARGET_LINE_BAD, .error = "did you mean 203.0.113.25-203.0.113.27" },
	{ "two dots", .line = "2001:db8::1..2001:db8::9", .result = TARGET_LINE_BAD,
	    .error = "did you mean 2001:db8::1-2001:db8::9" },
	{ "a host with hyphens", .line = "mail-1.a-b.example", .result = TARGET_LINE_GOOD,
	    .host = "mail-1.a-b.example", .ehlo = "", .domain = "" },
	{ "a host with a slash", .line = "mail.example/24", .result = TARGET_LINE_BAD,
	    .error = "not an IPv4 or IPv6 address" },
	{ "a single label", .line = "mailserver", .result = TARGET_LINE_BAD,
	    .error = "mailserver" },
	{ "IPv4 with a final dot", .line = "203.0.113.25.", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.25", .host = "", .ehlo = "", .domain = "" },
	{ "IPv6 with a final dot", .line = "2001:db8::25.", .result = TARGET_LINE_GOOD,
	    .address = "2001:db8::25", .host = "", .ehlo = "", .domain = "" },
	{ "IPv4 in brackets", .line = "[203.0.113.25]", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.25", .host = "", .ehlo = "", .domain = "" },
	{ "IPv6 in brackets", .line = "[2001:db8::25]", .result = TARGET_LINE_GOOD,
	    .address = "2001:db8::25", .host = "", .ehlo = "", .domain = "" },
	{ "an address literal of SMTP", .line = "[IPv6:2001:db8::25]", .result = TARGET_LINE_GOOD,
	    .address = "2001:db8::25", .host = "", .ehlo = "", .domain = "" },
	{ "IPv4 with the port", .line = "203.0.113.25:25 mail.example", .result = TARGET_LINE_GOOD,
	    .address = "203.0.113.25", .host = "", .ehlo = "mail.example", .domain = "" },
	{ "IPv6 with the port", .line = "[2001:db8::25]:25", .result = TARGET_LINE_GOOD,
	    .address = "2001:db8::25", .host = "", .ehlo = "", .domain = "" },
	{ "all of IPv6 with the port", .line = "2001:db8:0:0:0:0:0:9:25",
	    .result = TARGET_LINE_GOOD, .address = "2001:db8::9", .host = "", .ehlo = "",
	    .domain = "" },
	{ "IPv6 that ends like a port", .line = "2001:db8::9:25", .result = TARGET_LINE_GOOD,
	    .address = "2001:db8::9:25", .host = "", .ehlo = "", .domain = "" },
	{ "a name with the port", .line = "mail.example.com:25", .result = TARGET_LINE_GOOD,
	    .host = "mail.example.com", .ehlo = "", .domain = "" },
	{ "an address with another port", .line = "203.0.113.25:587", .result = TARGET_LINE_BAD,
	    .error = "did you mean 203.0.113.25 with --smtp-port 587?" },
	{ "a name with another port", .line = "mail.example.com:465", .result = TARGET_LINE_BAD,
	    .error = "did you mean mail.example.com with --smtp-port 465?" },
	{ "a bracket that does not end", .line = "[203.0.113.25", .result = TARGET_LINE_BAD,
	    .error = "not an IPv4 or IPv6 address" },
	{ "a name in brackets", .line = "[mail.example.com]:25", .result = TARGET_LINE_BAD,
	    .error = "did you mean mail.example.com?" },
	{ "a mail address", .line = "postmaster@example.com", .result = TARGET_LINE_BAD,
	    .error = "a mail address, not a target; did you mean example.com?" },
	{ "a domain with an @", .line = "@example.com", .result = TARGET_LINE_BAD,
	    .error = "did you mean the domain example.com, or --resolver example.com?" },
	{ "a mailto link", .line = "mailto:postmaster@example.com", .result = TARGET_LINE_BAD,
	    .error = "did you mean example.com?" },
	{ "a URL", .line = "https://mail.example.com/", .result = TARGET_LINE_BAD,
	    .error = "a URL, not a target; did you mean mail.example.com?" },
	{ "a URL with everything", .line = "http://me:pw@mail.example.com:8080/a@b?c",
	    .result = TARGET_LINE_BAD, .error = "did you mean mail.example.com?" },
	{ "a URL of an address", .line = "smtp://[2001:db8::25]:25", .result = TARGET_LINE_BAD,
	    .error = "did you mean [2001:db8::25]?" },
	{ "a URL of nothing", .line = "file:///etc/hosts", .result = TARGET_LINE_BAD,
	    .error = "is a URL, not a target" },
	{ "quotes", .line = "\"203.0.113.25\"", .result = TARGET_LINE_BAD,
	    .error = "did you mean 203.0.113.25?" },
	{ "a semicolon behind", .line = "203.0.113.27; comment", .result = TARGET_LINE_BAD,
	    .error = "did you mean 203.0.113.27?" },
	{ "two readings of a comma", .line = "203.0.113.24,203.0.113.25", .result = TARGET_LINE_BAD,
	    .error = "did you mean two, 203.0.113.24 and 203.0.113.25, or 203.0.113.24 with the "
		     "EHLO name 203.0.113.25?" },
	{ "a table without header", .line = "203.0.113.24;mail.example;x",
	    .result = TARGET_LINE_BAD, .error = "A table needs a header such as \"address;helo\"" },
	{ "an underscore", .line = "mail_1.example.com", .result = TARGET_LINE_GOOD,
	    .host = "mail_1.example.com", .ehlo = "", .domain = "" },
	{ "a single label with an underscore", .line = "mail_server", .result = TARGET_LINE_BAD,
	    .error = "a host name with a domain" },
	{ "a setting", .line = "smtp_bind_address = 203.0.113.25", .result = TARGET_LINE_BAD,
	    .error = "is a setting, not a target" },
	{ "a line of a hosts file", .line = "203.0.113.25 mail.example.com mail",
	    .result = TARGET_LINE_BAD, .error = "\"mail\" is not a domain" },
	{ "four words", .line = "203.0.113.25 a.example b.example c", .result = TARGET_LINE_BAD,
	    .error = "too many" },
	{ "escape sequence is shown safely", .line = "\x1b[31m", .result = TARGET_LINE_BAD,
	    .error = "\\x1b" },
};

static void
test_lines(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct row *row = &rows[i];
		struct target_reader reader = { .huge = false };
		struct target_spec spec;
		struct err err = { .code = ERR_NONE };
		char first[IP_TEXT_MAX], last[IP_TEXT_MAX], text[2 * IP_TEXT_MAX];
		struct arena arena;

		ROW(row->name);
		arena_init(&arena);
		assert_int_equal(target_parse_line(&reader, row->line, strlen(row->line), &arena,
				     &spec, &err),
		    row->result);
		if (row->result == TARGET_LINE_BAD) {
			assert_int_equal(err.code, ERR_DATA);
			if (strstr(err.text, row->error) == NULL)
				fail_msg("\"%s\" is not in: %s", row->error, err.text);
		}
		if (row->result == TARGET_LINE_GOOD) {
			bool many = !ip_equal(&spec.first, &spec.last);
			snprintf(text, sizeof text, "%s%s%s", ip_format(&spec.first, first),
			    many ? " " : "", many ? ip_format(&spec.last, last) : "");
			assert_string_equal(spec.first.family != 0 ? text : "",
			    row->address != NULL ? row->address : "");
			assert_int_equal(target_is_many(&spec), many || row->address == NULL);
			assert_string_equal(spec.names.host, row->host);
			assert_string_equal(spec.names.ehlo, row->ehlo);
			assert_string_equal(spec.names.domain, row->domain);
		}
		arena_fini(&arena);
	}
}

static void
test_line_limits(void **state)
{
	static char line[TARGET_LINE_MAX + 1];
	struct target_reader reader = { .huge = false };
	struct target_spec spec;
	struct arena arena;
	struct err err;

	(void)state;
	arena_init(&arena);
	memset(line, 'a', sizeof line);
	assert_int_equal(target_parse_line(&reader, line, sizeof line, &arena, &spec, &err),
	    TARGET_LINE_BAD);
	assert_int_equal(target_parse_line(&reader, "203.0.113.25\0x", 14, &arena, &spec, &err),
	    TARGET_LINE_BAD);
	assert_non_null(strstr(err.text, "NUL"));
	assert_int_equal(target_parse_line(&reader, "", 0, &arena, &spec, &err), TARGET_LINE_BLANK);
	assert_int_equal(target_parse_word("0.0.0.0/0", true, &arena, &spec, &err), ERR_NONE);
	assert_int_equal(target_parse_word("::/0", true, &arena, &spec, &err), ERR_DATA);
	arena_fini(&arena);
}

/* --- whole lists */

#define UTF16LE \
	"\xff\xfe" \
	"2\0" \
	"0\0" \
	"3\0"

static const struct list_row {
	const char *name, *text;
	/* a word for each target: "ADDRESS,HOST,EHLO,DOMAIN"; "!" is a bad line, "!!" the end */
	const char *read;
	const char *says; /* an error or a note */
	size_t len;       /* of text, when it holds NUL */
} list_rows[] = {
	{ "a table", "ip,helo,domain\n203.0.113.25,mail.example,example\n203.0.113.26,,\n",
	    "203.0.113.25,,mail.example,example 203.0.113.26,,,", NULL, 0 },
	{ "semicolons", "Domain;EHLO;Address\nexample.org;mail.example;203.0.113.25\n",
	    "203.0.113.25,,mail.example,example.org", NULL, 0 },
	{ "tabs", "address\thelo\n203.0.113.25\tmail.example\n", "203.0.113.25,,mail.example,",
	    NULL, 0 },
	{ "tabs, the first column empty", "note\taddress\n\t203.0.113.25\n", "203.0.113.25,,,",
	    "the column \"note\" is not used", 0 },
	{ "tabs, the first column without a name", "\taddress\n1\t203.0.113.25\n",
	    "203.0.113.25,,,", NULL, 0 },
	{ "blanks", "address  helo\n203.0.113.25   mail.example # old\n",
	    "203.0.113.25,,mail.example,", NULL, 0 },
	{ "blanks, not in our order", "helo address\nmail.example 203.0.113.25\n",
	    "203.0.113.25,,mail.example,", NULL, 0 },
	{ "one column", "IP\n203.0.113.25\n", "203.0.113.25,,,", NULL, 0 },
	{ "domains", "domain\nexample.com\n", ",example.com,,", NULL, 0 },
	{ "host names", "hostname,helo\nmail.example.com,m.example\n",
	    ",mail.example.com,m.example,", NULL, 0 },
	{ "an address with its host name", "ip,hostname\n203.0.113.25,Mail.Example.com\n",
	    "203.0.113.25,mail.example.com,,", NULL, 0 },
	{ "a host name where there is no address", "ip,host\n,mail.example.com\n",
	    ",mail.example.com,,", NULL, 0 },
	{ "senders and keys",
	    "ip;from;mail-from;dkim\n203.0.113.25;example.com;a@example.org;x.example/s y.example\n"
	    "203.0.113.26;;;\n203.0.113.27;;<>;\n",
	    "203.0.113.25,,,,from=example.com,mail-from=a@example.org,dkim=x.example/s,dkim=y."
	    "example/ "
	    "203.0.113.26,,, 203.0.113.27,,,,mail-from=<>",
	    NULL, 0 },
	{ "senders and keys in words",
	    "203.0.113.25 mail.example from=example.com mail-from=a@example.org dkim=x.example/s "
	    "dkim=y.example\n203.0.113.26 mail-from=<> mail.example example.org # old\n"
	    "mail.example.com from=example.com\n203.0.113.28 - 203.0.113.29 from=example.com\n",
	    "203.0.113.25,,mail.example,,from=example.com,mail-from=a@example.org,dkim=x.example/s,"
	    "dkim=y.example/ "
	    "203.0.113.26,,mail.example,example.org,mail-from=<> "
	    ",mail.example.com,,,from=example.com "
	    "203.0.113.28-203.0.113.29,,,,from=example.com",
	    NULL, 0 },
	{ "a word with a key that is none", "203.0.113.25 form=example.com\n", "!",
	    "\"form=example.com\" is not known; expected from=DOMAIN, mail-from=SENDER or", 0 },
	{ "From in words is a domain", "203.0.113.25 from=a@example.com\n", "!",
	    "not the domain of a From header", 0 },
	{ "a word without a value", "203.0.113.25 mail-from=\n", "!",
	    "without a value; the empty sender of bounces is mail-from=<>", 0 },
	{ "a word twice", "203.0.113.25 from=a.example from=b.example\n", "!",
	    "\"from=b.example\" is given a second time", 0 },
	{ "a sender twice", "203.0.113.25 mail-from=<> mail-from=<>\n", "!", "given a second time",
	    0 },
	{ "a key in words that is none", "203.0.113.25 dkim=/s\n", "!",
	    "not a DKIM key (DOMAIN/SELECTOR)", 0 },
	{ "a domain too many beside keys", "203.0.113.25 a.example from=b.example c.example d.e\n",
	    "!", "\"d.e\" is one word too many", 0 },
	{ "From is a domain", "ip,from\n203.0.113.25,a@example.com\n", "!",
	    "not the domain of a From header", 0 },
	{ "a sender with a blank", "ip,mail from\n203.0.113.25,a b@example.com\n", "!",
	    "not a sender: it contains a blank", 0 },
	{ "a key that is none", "ip,dkim\n203.0.113.25,/s\n", "!",
	    "not a DKIM key (DOMAIN/SELECTOR)", 0 },
	{ "quotes",
	    "\"ip\",\"comment\",\"helo\"\r\n\"203.0.113.25\",\"old, \"\"#2\"\"\","
	    "\"mail.example\"\r\n",
	    "203.0.113.25,,mail.example,", "the column \"comment\" is not used", 0 },
	{ "names of columns as people write them",
	    "IP Address, helo_name ,Sender-Domain\n203.0.113.25,m.example,example.org\n",
	    "203.0.113.25,,m.example,example.org", NULL, 0 },
	{ "byte order mark, comment, blank lines",
	    "\xef\xbb\xbf# servers\n\nip;helo\n\n# old\n203.0.113.25;m.example\n;\n",
	    "203.0.113.25,,m.example,", NULL, 0 },
	{ "blocks in a table", "ip,helo\n203.0.113.24/31,m.example\n",
	    "203.0.113.24-203.0.113.25,,m.example,", NULL, 0 },
	{ "fewer fields", "ip,helo,domain\n203.0.113.25\n", "203.0.113.25,,,", NULL, 0 },
	{ "more fields", "ip,helo\n203.0.113.25,a.example,b.example\n203.0.113.26,\n",
	    "! 203.0.113.26,,,", "3 fields, but the header has 2", 0 },
	{ "no target in a row", "ip,helo\n,mail.example\n", "!", "neither an address nor a host",
	    0 },
	{ "two targets in a row", "ip,host\nmail.example.com,other.example.com\n", "!",
	    "another target than mail.example.com", 0 },
	{ "two addresses in a row", "ip,host\n203.0.113.25,203.0.113.26\n", "!",
	    "another address than that of the row", 0 },
	{ "the same address twice", "ip,host\n203.0.113.25,203.0.113.25\n", "203.0.113.25,,,", NULL,
	    0 },
	{ "a host that is not one", "ip,host\n203.0.113.25,mail server\n", "!", "not a host name",
	    0 },
	{ "an EHLO name with a blank", "ip,helo\n203.0.113.25,mail server\n", "!",
	    "not an EHLO name", 0 },
	{ "a quote that does not end", "ip,note\n203.0.113.25,\"a\n203.0.113.26,b\"\n", "!!",
	    "a quoted field does not end on its line", 0 },
	{ "text behind a quote", "ip,note\n203.0.113.25,\"a\"b\n203.0.113.26,b\n",
	    "! 203.0.113.26,,,", "text after the closing quote", 0 },
	{ "two columns for one thing", "ip,address\n203.0.113.25,203.0.113.26\n", "!!",
	    "the columns \"ip\" and \"address\" mean the same", 0 },
	{ "two readings of a header", "ip;note,host\n203.0.113.25;a,b.example\n", "!!",
	    "the header can be read in two ways: each comma or each semicolon", 0 },
	{ "a header after lines that are bad", "sep=;\nip;helo\n203.0.113.25;m.example\n",
	    "! 203.0.113.25,,m.example,", NULL, 0 },
	{ "a target is not a header", "203.0.113.25,host\n", "!", "did you mean two", 0 },
	{ "a header after a target is a bad line", "203.0.113.25\nip,helo\n", "203.0.113.25,,, !",
	    "\"ip,helo\" is not", 0 },
	{ "a hosts file",
	    "127.0.0.1\tlocalhost\n127.0.1.1 vm17\n203.0.113.25 mail.example.com mail\n"
	    "203.0.113.26 short long.example.com\n10.0.0.9 nas\nff02::1 ip6-allnodes\n",
	    "203.0.113.25,mail.example.com,, 203.0.113.26,long.example.com,, 10.0.0.9,,,",
	    "is read as a hosts file", 0 },
	{ "a hosts file of IPv6", "::1 localhost ip6-localhost\nx y\n2001:db8::25 m.example.com\n",
	    "! 2001:db8::25,m.example.com,,", "expected a line of a hosts file", 0 },
	{ "UTF-16", UTF16LE, "!!", "is UTF-16 text; save it as UTF-8", sizeof UTF16LE - 1 },
	{ "UTF-16 without a mark",
	    "2\0"
	    "0\0",
	    "!!", "is UTF-16 text", 4 },
};

static void
put_target(struct buf *out, const struct target_spec *spec)
{
	char first[IP_TEXT_MAX] = "", last[IP_TEXT_MAX];
	if (spec->first.family != 0)
		ip_format(&spec->first, first);
	buf_printf(out, "%s%s", out->len > 0 ? " " : "", first);
	if (!ip_equal(&spec->first, &spec->last))
		buf_printf(out, "-%s", ip_format(&spec->last, last));
	buf_printf(out, ",%s,%s,%s", spec->names.host, spec->names.ehlo, spec->names.domain);
	if (spec->names.from != NULL)
		buf_printf(out, ",from=%s", spec->names.from);
	if (spec->names.mail_from != NULL)
		buf_printf(out, ",mail-from=%s", spec->names.mail_from);
	for (size_t i = 0; i < spec->names.n_dkim; i++)
		buf_printf(out, ",dkim=%s/%s", spec->names.dkim[i].domain,
		    spec->names.dkim[i].selector);
}

/* Targets as in list_row.read; what is said about lines in said. */
static void
read_list(const char *text, size_t len, struct arena *a, struct buf *out, struct buf *said)
{
	static const char *const marks[] = { [TARGET_LINE_BAD] = "!", [TARGET_LINE_STOP] = "!!" };
	struct target_reader reader = { .huge = false };
	const char *end = text + len;
	enum target_line kind = TARGET_LINE_BLANK;
	while (text < end && kind != TARGET_LINE_STOP) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t n = (size_t)((newline != NULL ? newline : end) - text);
		struct target_spec spec;
		struct err err = { .code = ERR_NONE };
		kind = target_parse_line(&reader, text, n, a, &spec, &err);
		text += n + (newline != NULL);
		if (kind == TARGET_LINE_GOOD)
			put_target(out, &spec);
		if (kind >= TARGET_LINE_BAD) {
			buf_printf(out, "%s%s", out->len > 0 ? " " : "", marks[kind]);
			buf_printf(said, "%s\n", err.text);
		}
		if (reader.note != NULL)
			buf_printf(said, "%s\n", reader.note);
	}
}

static void
test_lists(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(list_rows); i++) {
		const struct list_row *row = &list_rows[i];
		struct arena arena;
		struct buf read, said;
		ROW(row->name);
		arena_init(&arena);
		buf_init(&read, 4096);
		buf_init(&said, 4096);
		read_list(row->text, row->len > 0 ? row->len : strlen(row->text), &arena, &read,
		    &said);
		assert_string_equal(read.data, row->read);
		if (row->says == NULL && strchr(row->read, '!') == NULL)
			assert_string_equal(said.data, "");
		if (row->says != NULL && strstr(said.data, row->says) == NULL)
			fail_msg("\"%s\" is not in: %s", row->says, said.data);
		buf_fini(&read);
		buf_fini(&said);
		arena_fini(&arena);
	}
}

static void
test_many_columns(void **state)
{
	(void)state;
	char line[2 * TARGET_COLUMNS_MAX + 10] = "ip";
	struct target_reader reader = { .huge = false };
	struct target_spec spec;
	struct arena arena;
	struct err err;
	arena_init(&arena);
	for (size_t i = 1; i < TARGET_COLUMNS_MAX; i++)
		memcpy(line + 2 * i, ",a", 3);
	assert_int_equal(target_parse_line(&reader, line, strlen(line), &arena, &spec, &err),
	    TARGET_LINE_BLANK);
	assert_int_equal(reader.n_columns, TARGET_COLUMNS_MAX);
	memcpy(line + strlen(line), ",a", 3);
	assert_int_equal(target_parse_line(&reader, line, strlen(line), &arena, &spec, &err),
	    TARGET_LINE_BAD);
	assert_non_null(strstr(err.text, "more than 64 columns"));
	arena_fini(&arena);
}

static void
test_next(void **state)
{
	static const struct {
		const char *address, *next;
	} cases[] = {
		{ "203.0.113.1", "203.0.113.2" },
		{ "203.0.255.255", "203.1.0.0" },
		{ "255.255.255.255", "0.0.0.0" },
		{ "2001:db8::ffff", "2001:db8::1:0" },
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct ip ip;
		char text[IP_TEXT_MAX];
		ROW(cases[i].address);
		assert_true(ip_parse(cases[i].address, &ip));
		target_ip_next(&ip);
		assert_string_equal(ip_format(&ip, text), cases[i].next);
	}
}

/* Stable across releases, or the shards of a run that is half done no longer fit; and even. */
static void
test_shards(void **state)
{
	static const struct {
		const char *address, *host;
		unsigned of16;
	} cases[] = {
		{ "203.0.113.1", "", 0 },
		{ "203.0.113.2", "", 2 },
		{ "2001:db8::1", "", 14 },
		{ NULL, "mail.example.com", 9 },
	};
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct ip ip = { .family = 0 };
		ROW(cases[i].address != NULL ? cases[i].address : cases[i].host);
		if (cases[i].address != NULL)
			assert_true(ip_parse(cases[i].address, &ip));
		assert_int_equal(target_shard(&ip, cases[i].host, 16), cases[i].of16);
	}
	size_t n[16] = { 0 };
	struct ip ip;
	assert_true(ip_parse("198.51.0.0", &ip));
	for (size_t i = 0; i < 65536; i++, target_ip_next(&ip))
		n[target_shard(&ip, "", 16)]++;
	for (size_t i = 0; i < 16; i++)
		assert_in_range(n[i], 3700, 4500);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_lines),
		cmocka_unit_test(test_line_limits),
		cmocka_unit_test(test_lists),
		cmocka_unit_test(test_many_columns),
		cmocka_unit_test(test_next),
		cmocka_unit_test(test_shards),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
