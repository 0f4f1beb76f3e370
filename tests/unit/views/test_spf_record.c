/* SPF records as terms: the grammar of RFC 7208 12, and what people write in its place. */
#include "views/spf_record.h"

#include "base/arena.h"
#include "test.h"

static const struct {
	const char *text;
	bool is;
} versions[] = {
	{ "v=spf1", true },
	{ "v=spf1 -all", true },
	{ "V=sPf1 -all", true },
	{ "v=spf10", false },
	{ "v=spf1-all", false },
	{ "v=spf1\t-all", false },
	{ " v=spf1 -all", false },
	{ "spf2.0/pra -all", false },
	{ "", false },
};

static void
test_version(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(versions); i++) {
		ROW(versions[i].text);
		assert_int_equal(spf_is_record(versions[i].text), versions[i].is);
	}
}

/* Valid terms: kind, qualifier, domain, prefix lengths. */
static const struct {
	const char *term;
	enum spf_kind kind;
	char qualifier;
	const char *domain;
	int bits4, bits6;
} terms[] = {
	{ "all", SPF_ALL, '+', NULL, 32, 128 },
	{ "-ALL", SPF_ALL, '-', NULL, 32, 128 },
	{ "?include:a.example", SPF_INCLUDE, '?', "a.example", 32, 128 },
	{ "a", SPF_A, '+', NULL, 32, 128 },
	{ "~a/24", SPF_A, '~', NULL, 24, 128 },
	{ "a//64", SPF_A, '+', NULL, 32, 64 },
	{ "a/0//0", SPF_A, '+', NULL, 0, 0 },
	{ "a:b.example/24//64", SPF_A, '+', "b.example", 24, 64 },
	{ "a:b/c.example", SPF_A, '+', "b/c.example", 32, 128 },
	{ "a:%{d}/8", SPF_A, '+', "%{d}", 8, 128 },
	{ "mx", SPF_MX, '+', NULL, 32, 128 },
	{ "mx:b.example//48", SPF_MX, '+', "b.example", 32, 48 },
	{ "ptr", SPF_PTR, '+', NULL, 32, 128 },
	{ "ptr:b.example", SPF_PTR, '+', "b.example", 32, 128 },
	{ "ip4:192.0.2.0/24", SPF_IP4, '+', NULL, 24, 128 },
	{ "ip6:2001:db8::/32", SPF_IP6, '+', NULL, 32, 32 },
	{ "ip6:::192.0.2.1", SPF_IP6, '+', NULL, 32, 128 },
	{ "exists:%{ir}.b.example", SPF_EXISTS, '+', "%{ir}.b.example", 32, 128 },
	{ "redirect=b.example", SPF_REDIRECT, '+', "b.example", 32, 128 },
	{ "EXP=b.example", SPF_EXP, '+', "b.example", 32, 128 },
	{ "moo.cow-far_out=man:dog/cat", SPF_OTHER, '+', NULL, 32, 128 },
	{ "ra=", SPF_OTHER, '+', NULL, 32, 128 },
};

static void
test_terms(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(terms); i++) {
		struct arena a;
		struct spf_record r;
		ROW(terms[i].term);
		arena_init(&a);
		spf_parse(arena_printf(&a, "v=spf1  %s ", terms[i].term), &a, &r);
		if (r.fault != NULL)
			fail_msg("%s", r.fault);
		assert_int_equal(r.n, 1);
		assert_int_equal(r.terms[0].kind, terms[i].kind);
		assert_int_equal(r.terms[0].qualifier, terms[i].qualifier);
		assert_int_equal(r.terms[0].bits4, terms[i].bits4);
		assert_int_equal(r.terms[0].bits6, terms[i].bits6);
		assert_int_equal(r.terms[0].at, 9);
		assert_string_equal(r.terms[0].text, terms[i].term);
		if (terms[i].domain != NULL)
			assert_string_equal(r.terms[0].domain, terms[i].domain);
		assert_true(r.redirect == (terms[i].kind == SPF_REDIRECT ? r.terms : NULL));
		assert_true(r.exp == (terms[i].kind == SPF_EXP ? r.terms : NULL));
		arena_fini(&a);
	}
}

/* Faults: what is said, and where. */
static const struct {
	const char *record, *fault;
	size_t at;
} faults[] = {
	{ "v=spf1 -all moo", "\"moo\" is not a mechanism", 13 },
	{ "v=spf1 all. -all", "is not a mechanism", 8 },
	{ "v=spf1 -all:x", "nothing may follow", 8 },
	{ "v=spf1 -all/8", "nothing may follow", 8 },
	{ "v=spf1 include -all", "a colon and a value", 8 },
	{ "v=spf1 include: -all", "a domain is missing", 8 },
	{ "v=spf1 include:a.example/24", "top-level", 8 },
	{ "v=spf1 a: -all", "a domain is missing", 8 },
	{ "v=spf1 a:museum", "dot", 8 },
	{ "v=spf1 a:192.0.2.1", "ip4:192.0.2.1", 8 },
	{ "v=spf1 a:2001:db8::1", "ip6:2001:db8::1", 8 },
	{ "v=spf1 a/33", "from 0 to 32", 8 },
	{ "v=spf1 a/024", "from 0 to 32", 8 },
	{ "v=spf1 mx//129", "from 0 to 128", 8 },
	{ "v=spf1 a/24/64", "from 0 to 32", 8 },
	{ "v=spf1 ptr/0", "a colon and a value", 8 },
	{ "v=spf1 ip4", "a colon and a value", 8 },
	{ "v=spf1 ip4:192.0.2", "not a valid IPv4 address", 8 },
	{ "v=spf1 ip4:192.0.2.1:25", "not a valid IPv4 address", 8 },
	{ "v=spf1 ip4:192.0.2.1/33", "from 0 to 32", 8 },
	{ "v=spf1 ip4:192.0.2.1//32", "from 0 to 32", 8 },
	{ "v=spf1 ip4:192.0.2.1/", "from 0 to 32", 8 },
	{ "v=spf1 ip4:2001:db8::1", "not a valid IPv4 address", 8 },
	{ "v=spf1 ip6:192.0.2.1", "not a valid IPv6 address", 8 },
	{ "v=spf1 ip6:2001:db8::/129", "from 0 to 128", 8 },
	{ "v=spf1 exists -all", "a colon and a value", 8 },
	{ "v=spf1 ipv4:192.0.2.1", "written ip4:", 8 },
	{ "v=spf1 192.0.2.1 -all", "written ip4:192.0.2.1", 8 },
	{ "v=spf1 redirect:a.example", "written redirect=", 8 },
	{ "v=spf1 -all v=spf1 a", "not a valid", 0 },
	{ "v=spf1 redirect=a.example redirect=b.example", "more than one redirect=", 27 },
	{ "v=spf1 exp=a.example -all exp=a.example", "more than one exp=", 27 },
	{ "v=spf1 redirect= -all", "a domain is missing", 8 },
	{ "v=spf1 exp=-all", "dot", 8 },
	{ "v=spf1 exp=%{c}.example", "explanations", 8 },
	{ "v=spf1 =all", "not a valid name", 8 },
	{ "v=spf1 1up=x", "not a valid name", 8 },
	{ "v=spf1 moo.cow/x=y", "not a mechanism", 8 },
	{ "v=spf1 foo=%abc", "not a valid macro", 8 },
	{ "v=spf1 a\r -all", "0x0d", 8 },
	{ "v=spf1 \x80"
	  "a -all",
	    "ASCII", 8 },
	{ "v=spf1 a:\xef\xbb\xbf.example -all", "ASCII", 8 },
	{ "v=spf1 -all\x1a", "0x1a", 8 },
	{ "v=spf1 --all", "not a mechanism", 8 },
};

static void
test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(faults); i++) {
		struct arena a;
		struct spf_record r;
		ROW(faults[i].record);
		arena_init(&a);
		spf_parse(faults[i].record, &a, &r);
		if (faults[i].at == 0) {
			/* "v=spf1" again reads as a modifier that means nothing */
			assert_null(r.fault);
		} else {
			assert_non_null(r.fault);
			if (strstr(r.fault, faults[i].fault) == NULL)
				fail_msg("\"%s\" is not in: %s", faults[i].fault, r.fault);
			assert_int_equal(r.fault_at, faults[i].at);
		}
		arena_fini(&a);
	}
}

/* As much as a TXT record can hold. */
static void
test_large(void **state)
{
	(void)state;
	struct arena a;
	struct spf_record r;
	char text[65536] = "v=spf1";
	size_t at = strlen(text);
	for (; at + 9 < sizeof text; at += 8)
		memcpy(text + at, " a:b.cde", 9);
	arena_init(&a);
	spf_parse(text, &a, &r);
	assert_null(r.fault);
	assert_int_equal(r.n, (at - 6) / 8);
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_version),
		cmocka_unit_test(test_terms),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_large),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
