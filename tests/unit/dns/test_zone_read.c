#include "test.h"

#include "base/buf.h"
#include "dns/zone_read_priv.h"

enum { TEXT_MAX = 4000 };

struct seen {
	struct buf out, remarks;
};

/* A record a line; of a type that ldns does not know its name in brackets. */
static enum err_code
on_record(void *arg, const struct zone_record *record, struct err *err)
{
	struct seen *seen = arg;
	(void)err;
	if (record->number == 0)
		buf_printf(&seen->out, "[%s] %s\n", record->type, record->owner);
	else
		buf_printf(&seen->out, "%s\n", record->text);
	return ERR_NONE;
}

static void
on_remark(void *arg, const char *text)
{
	struct seen *seen = arg;
	buf_printf(&seen->remarks, "%s\n", text);
}

static enum err_code
on_include(void *arg, const char *name, struct buf *text, struct err *err)
{
	(void)arg;
	if (strcmp(name, "part") == 0)
		buf_puts(text, "p A 192.0.2.7\n$ORIGIN other.example.\nq A 192.0.2.8\n");
	else if (strcmp(name, "loop") == 0)
		buf_puts(text, "$INCLUDE loop\n");
	else if (strcmp(name, "bad") == 0)
		buf_puts(text, "\np A\n");
	else
		return err_set(err, ERR_NOINPUT, "%s: no such file", name);
	return ERR_NONE;
}

static enum err_code
read_text(const char *text, size_t len, const char *origin, struct seen *seen, struct err *err)
{
	struct zone_input in = { .path = "a.zone",
		.text = text,
		.len = len,
		.origin = origin,
		.arg = seen,
		.record = on_record,
		.remark = on_remark,
		.include = on_include };
	buf_init(&seen->out, 1 << 24);
	buf_init(&seen->remarks, TEXT_MAX);
	return zone_read(&in, err);
}

static void
seen_fini(struct seen *seen)
{
	buf_fini(&seen->out);
	buf_fini(&seen->remarks);
}

struct row {
	const char *name, *text, *out;
	const char *origin;  /* of --origin */
	const char *remarks; /* NULL: none */
};

#define E "$ORIGIN example.\n"

static const struct row rows[] = {
	{ "TTL and class, in either order",
	    .text = E "a 60 IN A 192.0.2.1\na IN 60 A 192.0.2.2\na in A 192.0.2.3\n",
	    "a.example. 60 IN A 192.0.2.1\na.example. 60 IN A 192.0.2.2\na.example. 60 IN A "
	    "192.0.2.3\n" },
	{ "directives in any case", .text = "$origin Example.\n$Ttl 1h30m\nA a 192.0.2.1\n",
	    "a.example. 5400 IN a 192.0.2.1\n" },
	{ "a relative $ORIGIN is completed",
	    .text = "$ORIGIN in-addr.arpa.\n$ORIGIN 2.0.192\n1 PTR m.example.\n",
	    "1.2.0.192.in-addr.arpa. 3600 IN PTR m.example.\n" },
	{ "--origin", .text = "@ NS ns\n  NS ns2\n",
	    "example. 3600 IN NS ns.example.\nexample. 3600 IN NS ns2.example.\n",
	    .origin = "example" },
	{ "the root is an origin", .text = "$ORIGIN .\na.example A 192.0.2.1\n",
	    "a.example. 3600 IN A 192.0.2.1\n" },
	{ "the SOA record names the zone",
	    .text = "example.org. SOA ns h 1 2 3 4 5\na A 192.0.2.1\n",
	    "example.org. 5 IN SOA ns.example.org. h.example.org. 1 2 3 4 5\na.example.org. 5 IN A "
	    "192.0.2.1\n" },
	{ "a SOA record without its final dot",
	    .text = "example.org 9 IN SOA a.ns. b.ns. 1 2 3 4 5\n",
	    "example.org. 9 IN SOA a.ns. b.ns. 1 2 3 4 5\n",
	    .remarks =
		"a.zone:1: no final dot, taken as the whole name of the zone: example.org\n" },
	{ "names in data are completed, others are not",
	    .text = E "a MX 10 m\na SRV 0 1 25 m\na TXT m\na CAA 0 issue m\n  HINFO m n.\n",
	    "a.example. 3600 IN MX 10 m.example.\na.example. 3600 IN SRV 0 1 25 m.example.\n"
	    "a.example. 3600 IN TXT m\na.example. 3600 IN CAA 0 issue m\na.example. 3600 IN HINFO "
	    "m n.\n" },
	{ "TTL: of the record, of $TTL, of the record before",
	    .text = E "a 7 A 192.0.2.1\nb A 192.0.2.1\n$TTL 8\nc A 192.0.2.1\nd 9 A 192.0.2.1\ne A "
		      "192.0.2.1\n",
	    "a.example. 7 IN A 192.0.2.1\nb.example. 7 IN A 192.0.2.1\nc.example. 8 IN A "
	    "192.0.2.1\n"
	    "d.example. 9 IN A 192.0.2.1\ne.example. 8 IN A 192.0.2.1\n" },
	{ "units of time", .text = E "a 1w A 192.0.2.1\nb 1D2H A 192.0.2.1\n",
	    "a.example. 604800 IN A 192.0.2.1\nb.example. 93600 IN A 192.0.2.1\n" },
	{ "byte order mark and CRLF", .text = "\xef\xbb\xbf$ORIGIN example.\r\na A 192.0.2.1\r\n",
	    "a.example. 3600 IN A 192.0.2.1\n" },
	{ "line ends of old editors, also behind a comment",
	    .text = "; x\r$ORIGIN example.\ra A 192.0.2.1\r", "a.example. 3600 IN A 192.0.2.1\n" },
	{ "parentheses, comments and the owner before",
	    .text = E "a TXT ( x ; one\n \"y ; z\" ) ; two\n\n   \n\t; three\n  60 A 192.0.2.1",
	    "a.example. 3600 IN TXT x \"y ; z\"\na.example. 60 IN A 192.0.2.1\n" },
	{ "escapes and quotes",
	    .text = E "a\\.b TXT \"e\\\"f\" g\\;h\na\\;c A 192.0.2.1\n\\097x A 192.0.2.1\n",
	    "a\\.b.example. 3600 IN TXT \"e\\\"f\" g\\;h\na\\;c.example. 3600 IN A 192.0.2.1\n"
	    "ax.example. 3600 IN A 192.0.2.1\n" },
	{ "a quoted value in a word", .text = E "a HTTPS 1 . alpn=\"h2,h3\"\n",
	    "a.example. 3600 IN HTTPS 1 . alpn=\"h2,h3\"\n" },
	{ "data of any type in hexadecimal", .text = E "a TYPE300 \\# 2 abcd\na PTR \\# 1 00\n",
	    "a.example. 3600 IN TYPE300 \\# 2 abcd\na.example. 3600 IN PTR \\# 1 00\n" },
	{ "the age that Windows notes", .text = E "a [AGE:3634093] 600 A 192.0.2.1\n",
	    "a.example. 600 IN A 192.0.2.1\n" },
	{ "types of providers, and types that are new",
	    .text = E
	    "@ ALIAS lb.test.\n@ 60 AWS ALIAS A lb.test. Z35 true\n@ LUA A \"x\"\n@ ANAME "
	    "lb.test.\n@ WALLET x\n",
	    "[ALIAS] example\n[ALIAS] example\n[LUA] example\n[ANAME] example\n[WALLET] "
	    "example\n" },
	{ "wildcards are records", .text = E "* A 192.0.2.1\n",
	    "*.example. 3600 IN A 192.0.2.1\n" },
	{ "$INCLUDE: the origin and the owner are as before",
	    .text = E "a A 192.0.2.1\n$INCLUDE part sub\n  A 192.0.2.2\n$include \"part\"\n",
	    "a.example. 3600 IN A 192.0.2.1\np.sub.example. 3600 IN A 192.0.2.7\nq.other.example. "
	    "3600 IN A 192.0.2.8\n"
	    "a.example. 3600 IN A 192.0.2.2\np.example. 3600 IN A 192.0.2.7\nq.other.example. 3600 "
	    "IN A 192.0.2.8\n" },
	{ "$GENERATE: numbers, offset, width, base, step",
	    .text = E "$GENERATE 9-11/2 h${1,3} 60 IN A 192.0.2.$\n$GENERATE 10-10 ${0,2,x} CNAME "
		      "x${-1,3,o}.${0,1,X}\n",
	    "h010.example. 60 IN A 192.0.2.9\nh012.example. 60 IN A 192.0.2.11\n0a.example. 60 "
	    "IN CNAME x011.a.example.\n" },
	{ "$GENERATE: nibbles", .text = E "$GENERATE 0-17/17 ${0,3,n}.r CNAME x${0,1,N}\n",
	    "0.0.r.example. 3600 IN CNAME x0.example.\n1.1.r.example. 3600 IN CNAME "
	    "x1.1.example.\n" },
	{ "$GENERATE: data in quotes, and a dollar sign",
	    .text = E "$GENERATE 1-1 a MX \"$0 m$\"\n$GENERATE 2-2 b TXT $$\\$\n",
	    "a.example. 3600 IN MX 10 m1.example.\nb.example. 3600 IN TXT \\$\\$\n" },
	{ "$GENERATE: quotes within quotes", .text = E "$GENERATE 1-1 a TXT \"\\\"x $\\\"\"\n",
	    "a.example. 3600 IN TXT \"x 1\"\n" },
	{ "a forgotten final dot: a domain twice, once a line",
	    .text =
		"$ORIGIN example.com.\nmail.example.com A 192.0.2.1\nmail MX 10 mail.example.com\n",
	    "mail.example.com.example.com. 3600 IN A 192.0.2.1\n"
	    "mail.example.com. 3600 IN MX 10 mail.example.com.example.com.\n",
	    .remarks = "a.zone:2: mail.example.com has no final dot and becomes "
		       "mail.example.com.example.com\n"
		       "a.zone:3: mail.example.com has no final dot and becomes "
		       "mail.example.com.example.com\n" },
	{ "a forgotten final dot: a host name in arpa",
	    .text = "$ORIGIN 2.0.192.in-addr.arpa.\n1 PTR mail.example.com\n2 CNAME 2.0/29\n",
	    "1.2.0.192.in-addr.arpa. 3600 IN PTR mail.example.com.2.0.192.in-addr.arpa.\n"
	    "2.2.0.192.in-addr.arpa. 3600 IN CNAME 2.0/29.2.0.192.in-addr.arpa.\n",
	    .remarks = "a.zone:2: mail.example.com has no final dot and becomes "
		       "mail.example.com.2.0.192.in-addr.arpa\n" },
	{ "a forgotten final dot: a reverse name below a domain",
	    .text = E "1.2.0.192.in-addr.arpa PTR m\n",
	    "1.2.0.192.in-addr.arpa.example. 3600 IN PTR m.example.\n",
	    .remarks = "a.zone:2: 1.2.0.192.in-addr.arpa has no final dot and becomes "
		       "1.2.0.192.in-addr.arpa.example\n" },
};

static void
test_records(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct row *row = &rows[i];
		struct err err = { .text = "" };
		struct seen seen;
		ROW(row->name);
		if (read_text(row->text, strlen(row->text), row->origin, &seen, &err) != ERR_NONE)
			fail_msg("%s", err.text);
		assert_string_equal(seen.out.data, row->out);
		assert_string_equal(seen.remarks.data, row->remarks != NULL ? row->remarks : "");
		seen_fini(&seen);
	}
}

struct bad_row {
	const char *name, *text, *error;
};

#define LABEL_60 "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddeeeeeeeeeeffffffffff"

static const struct bad_row bad_rows[] = {
	{ "a relative name without $ORIGIN", "\n25 PTR m.example.\n",
	    "a.zone:2: \"25 PTR m.example.\": the name \"25\" has no final dot" },
	{ "... in the data", "a.example. PTR mail.example\n", "\"mail.example\" has no final dot" },
	{ "... an $ORIGIN itself", "$ORIGIN example.com\n", "--origin ZONE" },
	{ "@ without $ORIGIN", "@ NS a.example.\n", "no $ORIGIN before it says which" },
	{ "a blank, and no owner before", E " A 192.0.2.1\n", "no name is before it" },
	{ "a mistyped type", E "a IN PRT b\n", "\"PRT\" is not a record type; did you mean PTR?" },
	{ "a mistyped class", E "a INN PTR b\n", "did you mean IN?" },
	{ "a short word is no new type", E "a AA 192.0.2.1\n", "\"AA\" is not a record type" },
	{ "a word in lower case is no new type", "127.0.0.1 localhost\n",
	    "\"localhost\" is not a record type" },
	{ "one word", "garbage\n", "a.zone:1: \"garbage\": no record type" },
	{ "no data", E "a 60 IN A ; here\n", "no data after the type A" },
	{ "class CH", E "a CH TXT x\n", "class CH; expected records of the class IN" },
	{ "class by number", E "a CLASS3 TXT x\n", "class CLASS3" },
	{ "a type of questions", E "a AXFR x\n", "AXFR is not a type of records" },
	{ "a TTL over its limit", E "a 2147483648 A 192.0.2.1\n",
	    "\"2147483648\" is not a record type" },
	{ "$TTL without a time", "$TTL soon\n", "expected $TTL and a time" },
	{ "a mistyped directive", "$ORIGN example.\n", "\"$ORIGN\" is not a directive" },
	{ "a blank before a directive", " $ORIGIN example.\n", "a blank before $ORIGIN" },
	{ "a word too many", "$ORIGIN example. org.\n", "expected $ORIGIN ZONE" },
	{ "comment of another kind", "# hash comment first\n", "begins with ';'" },
	{ "comment of a third kind", "// slash comment\n", "begins with ';'" },
	{ "a quote that does not end", E "\na TXT \"x\ny\"\n",
	    "a.zone:3: \"a TXT 'x'\": no closing quote" },
	{ "a parenthesis that does not end", E "a TXT (\nx\n",
	    "a.zone:2: \"a TXT x\": no closing parenthesis" },
	{ "a parenthesis that nothing opens", E "a TXT )\n", "without an opening one" },
	{ "two parentheses", E "a TXT ((\n))\n", "within parentheses" },
	{ "a name in quotes", E "a PTR \"b.example.\"\n", "without quotes" },
	{ "an empty label", E "a..b A 192.0.2.1\n", "\"a..b\" is not a valid domain name" },
	{ "a name that is too long when it is complete",
	    "$ORIGIN " LABEL_60 "." LABEL_60 "." LABEL_60 ".\n" LABEL_60 "." LABEL_60
	    " A 192.0.2.1\n",
	    "is longer than a name can be" },
	{ "a name that is not ASCII",
	    "b\xc3\xbc"
	    "cher.example. A 192.0.2.1\n",
	    "write it as xn--bcher-kva.example" },
	{ "a name that is no UTF-8 either", "b\xff.example. A 192.0.2.1\n", "is not ASCII" },
	{ "a file that is not there", E "$INCLUDE none\n", "a.zone:2: none: no such file" },
	{ "an error in an included file", E "$INCLUDE bad\n", "bad:2: \"p A\": no data" },
	{ "files that include each other", "$INCLUDE loop\n", "more than 8 deep" },
	{ "$INCLUDE of nothing", "$INCLUDE\n", "expected $INCLUDE FILE" },
	{ "$GENERATE backwards", E "$GENERATE 2-1 a A 192.0.2.1\n",
	    "expected $GENERATE START-STOP" },
	{ "$GENERATE without data", E "$GENERATE 1-2 a A\n", "expected $GENERATE START-STOP" },
	{ "$GENERATE of too much", E "$GENERATE 1-100001 a$ A 192.0.2.1\n",
	    "more than 100000 records" },
	{ "$GENERATE with another base", E "$GENERATE 1-2 a${0,1,q} A 192.0.2.1\n",
	    "expected $ or ${OFFSET" },
	{ "$GENERATE below zero", E "$GENERATE 1-2 a${-2} A 192.0.2.1\n",
	    "expected $ or ${OFFSET" },
	{ "$GENERATE of a brace that does not end", E "$GENERATE 1-2 a${1 A 192.0.2.1\n",
	    "expected $ or ${OFFSET" },
	{ "$GENERATE of nothing", E "$GENERATE 1-2 \";\" A 192.0.2.1\n", "makes an empty line" },
};

static void
test_errors(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(bad_rows); i++) {
		const struct bad_row *row = &bad_rows[i];
		struct err err = { .text = "" };
		struct seen seen;
		ROW(row->name);
		assert_int_not_equal(read_text(row->text, strlen(row->text), NULL, &seen, &err),
		    ERR_NONE);
		if (strstr(err.text, row->error) == NULL)
			fail_msg("\"%s\" is not in: %s", row->error, err.text);
		seen_fini(&seen);
	}
}

struct bytes_row {
	const char *name, *text;
	size_t len;
	const char *error;
};

#define BYTES(text) text, sizeof(text) - 1

static const struct bytes_row bytes_rows[] = {
	{ "UTF-16 with its mark, low byte first", BYTES("\xff\xfe$\0T\0"), "UTF-16" },
	{ "UTF-16 with its mark, high byte first", BYTES("\xfe\xff\0$\0T"), "UTF-16" },
	{ "UTF-16 without a mark", BYTES("$\0T\0"), "UTF-16" },
	{ "UTF-16 without a mark, high byte first", BYTES("\0$\0T"), "UTF-16" },
	{ "a NUL byte", BYTES(E "a TXT x\0y\n"), "a.zone:2: NUL byte" },
};

static void
test_bytes(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(bytes_rows); i++) {
		const struct bytes_row *row = &bytes_rows[i];
		struct err err = { .text = "" };
		struct seen seen;
		ROW(row->name);
		assert_int_equal(read_text(row->text, row->len, NULL, &seen, &err), ERR_DATA);
		if (strstr(err.text, row->error) == NULL)
			fail_msg("\"%s\" is not in: %s", row->error, err.text);
		seen_fini(&seen);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
