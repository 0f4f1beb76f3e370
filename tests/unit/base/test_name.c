#include "base/name.h"

#include "test.h"

#define L10 "aaaaaaaaaa"
#define L63 L10 L10 L10 L10 L10 L10 "aaa"
#define D61 L10 L10 L10 L10 L10 L10 "a"
#define E10 "\\001\\001\\001\\001\\001\\001\\001\\001\\001\\001"
#define E63 E10 E10 E10 E10 E10 E10 "\\001\\001\\001"
#define E61 E10 E10 E10 E10 E10 E10 "\\001"

/* internal NULL = no domain name at all */
static const struct {
	const char *name, *text, *internal;
} texts[] = {
	{ "plain", "mail.example.com", "mail.example.com" },
	{ "upper case and final dot", "MAIL.Example.COM.", "mail.example.com" },
	{ "root as nothing", "", "" },
	{ "root as a dot", ".", "" },
	{ "one label", "localhost", "localhost" },
	{ "underscore", "_dmarc.example.com", "_dmarc.example.com" },
	{ "wildcard", "*.example.com", "*.example.com" },
	{ "escaped dot", "a\\.b.example", "a\\.b.example" },
	{ "escaped backslash", "a\\\\.b", "a\\\\.b" },
	{ "needless escape", "\\a\\-b", "a-b" },
	{ "decimal escape of a letter", "\\065.b", "a.b" },
	{ "decimal escape of a dot", "a\\046b", "a\\.b" },
	{ "decimal escape of NUL", "a\\000b", "a\\000b" },
	{ "blank", "a b", "a\\032b" },
	{ "control byte", "a\x1b[m", "a\\027[m" },
	{ "bytes over 127", "b\xc3\xbc", "b\\195\\188" },
	{ "label of 63", L63 ".b", L63 ".b" },
	{ "label of 63 escaped bytes", E63 ".b", E63 ".b" },
	{ "name of 255", L63 "." L63 "." L63 "." D61, L63 "." L63 "." L63 "." D61 },
	{ "the longest text", E63 "." E63 "." E63 "." E61, E63 "." E63 "." E63 "." E61 },
	{ "name of 255 and final dot", L63 "." L63 "." L63 "." D61 ".",
	    L63 "." L63 "." L63 "." D61 },
	{ "name of 256", L63 "." L63 "." L63 "." D61 "a", NULL },
	{ "name of 256, short last label", L63 "." L63 "." L63 "." L10 L10 L10 L10 L10 L10 ".a",
	    NULL },
	{ "label of 64", L63 "a.b", NULL },
	{ "two dots", "a..b", NULL },
	{ "two dots at the end", "a..", NULL },
	{ "dot at the start", ".a", NULL },
	{ "only dots", "..", NULL },
	{ "lone backslash", "a\\", NULL },
	{ "short decimal escape", "a\\12", NULL },
	{ "decimal escape with a letter", "a\\12x", NULL },
	{ "decimal escape over 255", "a\\256", NULL },
};

static void
test_text(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(texts); i++) {
		ROW(texts[i].name);
		char out[NAME_TEXT_MAX], again[NAME_TEXT_MAX];
		uint8_t wire[NAME_WIRE_MAX];
		assert_int_equal(name_from_text(texts[i].text, out), texts[i].internal != NULL);
		assert_int_equal(name_to_wire(texts[i].text, wire) > 0, texts[i].internal != NULL);
		if (texts[i].internal == NULL)
			continue;
		assert_string_equal(out, texts[i].internal);
		assert_true(name_from_text(out, again));
		assert_string_equal(again, out);
		size_t pos = 0, len = name_to_wire(out, wire);
		assert_true(name_from_wire(wire, len, &pos, again));
		assert_int_equal(pos, len);
		assert_string_equal(again, out);
	}
}

static void
test_to_wire(void **state)
{
	(void)state;
	uint8_t wire[NAME_WIRE_MAX];
	assert_int_equal(name_to_wire("", wire), 1);
	assert_int_equal(wire[0], 0);
	assert_int_equal(name_to_wire("a\\.b.c\\000", wire), 8);
	assert_memory_equal(wire, "\3a.b\2c\0\0", 8);
	assert_int_equal(name_to_wire(L63 "." L63 "." L63 "." D61, wire), NAME_WIRE_MAX);
}

#define W(bytes) (bytes), sizeof(bytes) - 1

/* text NULL = malformed, and the position stays */
static const struct {
	const char *name, *msg;
	size_t len, at;
	const char *text;
	size_t end;
} wires[] = {
	{ "root", W("\0"), 0, "", 1 },
	{ "no pointer", W("\4MAIL\3com\0x"), 0, "mail.com", 10 },
	{ "pointer at once", W("\1a\0\xc0\0x"), 3, "a", 5 },
	{ "pointer behind labels", W("\3com\0\1a\xc0\0x"), 5, "a.com", 9 },
	{ "pointer to a pointer", W("\3com\0\1a\xc0\0\1b\xc0\5"), 9, "b.a.com", 13 },
	{ "pointer to the root", W("\0\xc0\0"), 1, "", 3 },
	{ "odd bytes", W("\4a.\\\0\1\xff\0"), 0, "a\\.\\\\\\000.\\255", 8 },
	{ "nothing", W(""), 0, NULL, 0 },
	{ "start at the end", W("\0"), 1, NULL, 0 },
	{ "start behind the end", W("\0"), 7, NULL, 0 },
	{ "label cut", W("\3co"), 0, NULL, 0 },
	{ "no root label", W("\3com"), 0, NULL, 0 },
	{ "pointer cut", W("\1a\xc0"), 0, NULL, 0 },
	{ "pointer to itself", W("\0\xc0\1"), 1, NULL, 0 },
	{ "pointer into its own labels", W("\1a\xc0\0"), 0, NULL, 0 },
	{ "pointer forward", W("\xc0\2\0"), 0, NULL, 0 },
	{ "pointer beyond the message", W("\0\xff\xff"), 1, NULL, 0 },
	{ "two pointers in a circle", W("\xc0\2\xc0\0"), 2, NULL, 0 },
	{ "circle over a label", W("\1a\xc0\4\1b\xc0\0"), 4, NULL, 0 },
	{ "label type 01", W("Aa\0"), 0, NULL, 0 },
	{ "label type 10", W("\201a\0"), 0, NULL, 0 },
};

/* A message that is a row of pointers, each to the one before it: n of them, then the root. */
static bool
pointers_read(size_t n)
{
	uint8_t msg[1024] = { 0 };
	char out[NAME_TEXT_MAX];
	size_t pos = 1 + 2 * (n - 1);

	for (size_t i = 0; i < n; i++) {
		size_t target = i == 0 ? 0 : 1 + 2 * (i - 1);
		msg[1 + 2 * i] = (uint8_t)(0xc0 | target >> 8);
		msg[2 + 2 * i] = (uint8_t)target;
	}
	return name_from_wire(msg, 1 + 2 * n, &pos, out);
}

static void
test_pointers_are_bounded(void **state)
{
	(void)state;
	assert_true(pointers_read(1));
	assert_true(pointers_read(127));
	assert_false(pointers_read(128));
	assert_false(pointers_read(500));
}

static void
test_from_wire(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(wires); i++) {
		ROW(wires[i].name);
		char out[NAME_TEXT_MAX];
		uint8_t msg[32];
		size_t pos = wires[i].at;
		memcpy(msg, wires[i].msg, wires[i].len);
		bool good = name_from_wire(msg, wires[i].len, &pos, out);
		assert_int_equal(good, wires[i].text != NULL);
		assert_int_equal(pos, good ? wires[i].end : wires[i].at);
		if (good)
			assert_string_equal(out, wires[i].text);
	}
}

static void
test_wire_length_is_limited(void **state)
{
	(void)state;
	/* 300 names "a", each going on at the one before: 127 labels make 255 bytes */
	uint8_t msg[1201] = { 0 };
	for (size_t i = 0; i < 300; i++) {
		size_t at = 1 + 4 * i, before = i == 0 ? 0 : at - 4;
		msg[at] = 1;
		msg[at + 1] = 'a';
		msg[at + 2] = (uint8_t)(0xc0 | before >> 8);
		msg[at + 3] = (uint8_t)before;
	}
	char out[NAME_TEXT_MAX];
	size_t pos = 1 + 4 * 126;
	assert_true(name_from_wire(msg, sizeof msg, &pos, out));
	assert_int_equal(name_labels(out), 127);
	pos = 1 + 4 * 127;
	assert_false(name_from_wire(msg, sizeof msg, &pos, out));
	pos = 1 + 4 * 299;
	assert_false(name_from_wire(msg, sizeof msg, &pos, out));
}

static const struct {
	const char *name, *suffix;
	bool under;
} suffixes[] = {
	{ "a.example.com", "example.com", true },
	{ "example.com", "example.com", true },
	{ "example.com", "", true },
	{ "", "", true },
	{ "", "com", false },
	{ "com", "example.com", false },
	{ "badexample.com", "example.com", false },
	{ "a\\.example.com", "example.com", false },
	{ "a\\\\.example.com", "example.com", true },
	{ "a.example.com", "a", false },
};

static void
test_is_under(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(suffixes); i++) {
		ROW(suffixes[i].name);
		assert_int_equal(name_is_under(suffixes[i].name, suffixes[i].suffix),
		    suffixes[i].under);
	}
}

static void
test_labels_and_parents(void **state)
{
	(void)state;
	static const struct {
		const char *name, *parent;
		size_t labels;
	} cases[] = {
		{ "", "", 0 },
		{ "com", "", 1 },
		{ "a.b.c", "b.c", 3 },
		{ "a\\.b.c", "c", 2 },
		{ "a\\\\.c", "c", 2 },
		{ "\\046\\000.c.d", "c.d", 3 },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		ROW(cases[i].name);
		assert_string_equal(name_parent(cases[i].name), cases[i].parent);
		assert_int_equal(name_labels(cases[i].name), cases[i].labels);
	}
	assert_true(name_equal("a.b", "a.b"));
	assert_false(name_equal("a.b", "a.bc"));
}

static const struct {
	const char *name;
	enum name_fault fault;
} hosts[] = {
	{ "mail.example.com", NAME_GOOD },
	{ "mx-1.example.com", NAME_GOOD },
	{ "1.example.com", NAME_GOOD },
	{ "xn--bcher-kva.de", NAME_GOOD },
	{ "mail.example.x1", NAME_GOOD },
	{ "lan.example.com", NAME_GOOD },
	{ "localhost.example.com", NAME_GOOD },
	{ "arpa.example.com", NAME_GOOD },
	{ "", NAME_ROOT },
	{ "mail_1.example.com", NAME_UNDERSCORE },
	{ "mail_1.-x.example.com", NAME_UNDERSCORE },
	{ "*.example.com", NAME_BAD_BYTE },
	{ "a\\032b.example.com", NAME_BAD_BYTE },
	{ "a\\.b.example.com", NAME_BAD_BYTE },
	{ "mail@example.com", NAME_BAD_BYTE },
	{ "[192.0.2.1]", NAME_BAD_BYTE },
	{ "-mail.example.com", NAME_HYPHEN },
	{ "mail-.example.com", NAME_HYPHEN },
	{ "mail.-example.com", NAME_HYPHEN },
	{ "mail.example.com-", NAME_HYPHEN },
	{ "-", NAME_HYPHEN },
	{ "192.0.2.1", NAME_ADDRESS },
	{ "2001:db8::1", NAME_ADDRESS },
	{ "192.0.2.1.example.com", NAME_GOOD },
	{ "localhost", NAME_LOCALHOST },
	{ "localhost.localdomain", NAME_LOCALHOST },
	{ "mail.localhost", NAME_LOCALHOST },
	{ "mail", NAME_SINGLE },
	{ "local", NAME_SINGLE },
	{ "mail.example.com.2.0.192.in-addr.arpa", NAME_ARPA },
	{ "in-addr.arpa", NAME_ARPA },
	{ "x.ip6.arpa", NAME_ARPA },
	{ "mail.local", NAME_SPECIAL_TLD },
	{ "mail.corp.internal", NAME_SPECIAL_TLD },
	{ "mail.lan", NAME_SPECIAL_TLD },
	{ "mail.localdomain", NAME_SPECIAL_TLD },
	{ "mail.invalid", NAME_SPECIAL_TLD },
	{ "mail.home.arpa", NAME_SPECIAL_TLD },
	{ "host-192-0-2-1.openstacklocal", NAME_SPECIAL_TLD },
	{ "mail.123", NAME_NUMERIC_TLD },
	{ "192.0.2.256", NAME_NUMERIC_TLD },
};

static void
test_host_fault(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(hosts); i++) {
		ROW(hosts[i].name);
		assert_string_equal(name_fault_text(name_host_fault(hosts[i].name)),
		    name_fault_text(hosts[i].fault));
	}
}

static void
test_fault_texts_are_sound(void **state)
{
	(void)state;
	for (int i = NAME_GOOD; i <= NAME_NUMERIC_TLD; i++) {
		const char *text = name_fault_text((enum name_fault)i);
		assert_non_null(text);
		assert_true(strlen(text) > 5);
		for (int j = NAME_GOOD; j < i; j++)
			assert_string_not_equal(text, name_fault_text((enum name_fault)j));
	}
}

static const struct {
	const char *name, *org;
	bool in_private;
} orgs[] = {
	{ "mail.example.com", "example.com", false },
	{ "example.com", "example.com", false },
	{ "com", "", false },
	{ "", "", false },
	{ "a.b.example.co.uk", "example.co.uk", false },
	{ "co.uk", "", false },
	{ "mail.c1.edge.example", "edge.example", false },
	{ "foo.example", "foo.example", false },
	{ "example", "", false },
	{ "www.ck", "www.ck", false },
	{ "a.b.other.ck", "b.other.ck", false },
	{ "x.city.kawasaki.jp", "city.kawasaki.jp", false },
	{ "mail.xn--85x722f.xn--55qx5d.cn", "xn--85x722f.xn--55qx5d.cn", false },
	{ "25.113.0.203.in-addr.arpa", "", false },
	{ "arpa", "", false },
	{ "ec2-1-2-3-4.compute-1.amazonaws.com", "amazonaws.com", true },
	{ "ec2-1-2-3-4.eu-west-1.compute.amazonaws.com", "amazonaws.com", true },
	{ "amazonaws.com", "amazonaws.com", false },
	{ "user.github.io", "github.io", true },
	{ "github.io", "github.io", true },
	{ "notgithub.io", "notgithub.io", false },
	{ "a\\.com", "", false },
	{ "x\\.github.io", "x\\.github.io", false },
	{ "mail.a\\.co.uk", "a\\.co.uk", false },
};

static void
test_org_domain(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(orgs); i++) {
		ROW(orgs[i].name);
		const char *org = name_org_domain(orgs[i].name);
		assert_string_equal(org, orgs[i].org);
		if (org[0] != '\0')
			assert_ptr_equal(org, orgs[i].name + strlen(orgs[i].name) - strlen(org));
		assert_int_equal(name_in_private_suffix(orgs[i].name), orgs[i].in_private);
	}
}

static const struct {
	const char *text, *ascii, *display;
} users[] = {
	{ "Mail.Example.COM.", "mail.example.com", "mail.example.com" },
	{ "mail_1.example.com", "mail_1.example.com", "mail_1.example.com" },
	{ "Bücher.example", "xn--bcher-kva.example", "bücher.example" },
	{ "bu\314\210cher.example", "xn--bcher-kva.example", "bücher.example" },
	{ "fa\xc3\x9f.de", "xn--fa-hia.de", "fa\xc3\x9f.de" },
	{ "\xe4\xbe\x8b\xe5\xad\x90\xe3\x80\202com", "xn--fsqu00a.com",
	    "\xe4\xbe\x8b\xe5\xad\x90.com" },
	{ "xn--bcher-kva.example", "xn--bcher-kva.example", "bücher.example" },
	{ "a..b", NULL, NULL },
	{ "\xff.example", NULL, NULL },
	{ "a\xe2\x80\xae.example", NULL, NULL },
	{ "\xe2\x98\x83\xc2\x80.example", NULL, NULL },
};

static void
test_from_user(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(users); i++) {
		ROW(users[i].text);
		char out[NAME_TEXT_MAX], shown[NAME_TEXT_MAX];
		assert_int_equal(name_from_user(users[i].text, out), users[i].ascii != NULL);
		if (users[i].ascii == NULL)
			continue;
		assert_string_equal(out, users[i].ascii);
		assert_string_equal(name_display(out, shown), users[i].display);
	}
}

static void
test_long_user_input(void **state)
{
	(void)state;
	char text[5000], out[NAME_TEXT_MAX];
	memset(text, 0xc3, sizeof text);
	for (size_t i = 1; i < sizeof text; i += 2)
		text[i] = (char)0xbc;
	text[sizeof text - 2] = '\0';
	assert_false(name_from_user(text, out));
	memset(text, 'a', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_false(name_from_user(text, out));
}

static void
test_broken_a_labels_are_shown_as_they_are(void **state)
{
	(void)state;
	static const char *const names[] = {
		"xn--a.example",           /* U+0080, a control character */
		"xn--ab-g1t.example",      /* zero-width space */
		"xn--ab-g4t.example",      /* right-to-left override */
		"xn--a-din.example",       /* line separator */
		"xn--62g.example",         /* Kelvin sign: another spelling of "k" */
		"xn--ab-yu3n.example",     /* fullwidth full stop: would add a label */
		"xn--bcher-kva_.example",  /* no punycode digit */
		"xn--99999999999.example", /* overflow */
		"xn--abc-.example",        /* plain ASCII */
		"xn--.example",
	};
	for (size_t i = 0; i < N_ELEMENTS(names); i++) {
		ROW(names[i]);
		char out[NAME_TEXT_MAX];
		assert_string_equal(name_display(names[i], out), names[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_text),
		cmocka_unit_test(test_to_wire),
		cmocka_unit_test(test_from_wire),
		cmocka_unit_test(test_pointers_are_bounded),
		cmocka_unit_test(test_wire_length_is_limited),
		cmocka_unit_test(test_is_under),
		cmocka_unit_test(test_labels_and_parents),
		cmocka_unit_test(test_host_fault),
		cmocka_unit_test(test_fault_texts_are_sound),
		cmocka_unit_test(test_org_domain),
		cmocka_unit_test(test_from_user),
		cmocka_unit_test(test_long_user_input),
		cmocka_unit_test(test_broken_a_labels_are_shown_as_they_are),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
