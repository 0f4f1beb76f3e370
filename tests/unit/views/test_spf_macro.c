/* Macros of SPF records: RFC 7208 7, and what is not one. */
#include "views/spf_macro.h"

#include "base/arena.h"
#include "test.h"

static const struct spf_macros example4 = { .sender = "strong-bad@email.example.com",
	.domain = "email.example.com",
	.helo = "mx.example.org",
	.ptr = "mx.example.org",
	.ip = { 4, { 192, 0, 2, 3 } },
	.now_s = 1800000000 };

static const struct spf_macros example6 = { .sender = "strong-bad@email.example.com",
	.domain = "email.example.com",
	.helo = "mx.example.org",
	.ptr = "unknown",
	.ip = { 6, { 0x20, 0x01, 0x0d, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xcb, 0x01 } } };

/* The examples of RFC 7208 7.4, and more. */
static const struct {
	const char *text, *expanded;
	bool ip6;
} expansions[] = {
	{ "%{s}", "strong-bad@email.example.com", false },
	{ "%{o}", "email.example.com", false },
	{ "%{d}", "email.example.com", false },
	{ "%{d4}", "email.example.com", false },
	{ "%{d3}", "email.example.com", false },
	{ "%{d2}", "example.com", false },
	{ "%{d1}", "com", false },
	{ "%{dr}", "com.example.email", false },
	{ "%{d2r}", "example.email", false },
	{ "%{l}", "strong-bad", false },
	{ "%{l-}", "strong.bad", false },
	{ "%{lr}", "strong-bad", false },
	{ "%{lr-}", "bad.strong", false },
	{ "%{l1r-}", "strong", false },
	{ "%{ir}.%{v}._spf.%{d2}", "3.2.0.192.in-addr._spf.example.com", false },
	{ "%{lr-}.lp._spf.%{d2}", "bad.strong.lp._spf.example.com", false },
	{ "%{lr-}.lp.%{ir}.%{v}._spf.%{d2}", "bad.strong.lp.3.2.0.192.in-addr._spf.example.com",
	    false },
	{ "%{ir}.%{v}.%{l1r-}.lp._spf.%{d2}", "3.2.0.192.in-addr.strong.lp._spf.example.com",
	    false },
	{ "%{d2}.trusted-domains.example.net", "example.com.trusted-domains.example.net", false },
	{ "%{ir}.%{v}._spf.%{d2}",
	    "1.0.B.C.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.0.8.B.D.0.1.0.0.2.ip6._spf.example.com",
	    true },
	{ "%{c}", "192.0.2.3", false },
	{ "%{c}", "2001:db8::cb01", true },
	{ "%{t}", "1800000000", false },
	{ "%{r}", "unknown", false },
	{ "%{h} and %{p}", "mx.example.org and mx.example.org", false },
	{ "%%%_%-", "% %20", false },
	{ "%{S}", "strong-bad%40email.example.com", false },
	{ "%{L1-}", "bad", false },
	{ "%{d99}", "email.example.com", false },
	{ "%{d0001}", "com", false },
	{ "%{o+-}", "email.example.com", false },
};

static void
test_expansion(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(expansions); i++) {
		struct arena a;
		ROW(expansions[i].text);
		arena_init(&a);
		assert_null(spf_string_fault(expansions[i].text, strlen(expansions[i].text),
		    SPF_EXPLANATION, &a));
		assert_string_equal(spf_expand(expansions[i].text,
					expansions[i].ip6 ? &example6 : &example4, &a),
		    expansions[i].expanded);
		arena_fini(&a);
	}
}

static const struct {
	const char *text;
	enum spf_string kind;
	const char *fault; /* a part of it; NULL: valid */
} strings[] = {
	{ "example.com", SPF_DOMAIN_SPEC, NULL },
	{ "example.com.", SPF_DOMAIN_SPEC, NULL },
	{ "_spf.%{d2}", SPF_DOMAIN_SPEC, NULL },
	{ "%{d}", SPF_DOMAIN_SPEC, NULL },
	{ "a:b/c.example.com", SPF_DOMAIN_SPEC, NULL },
	{ "x.xn--p1ai", SPF_DOMAIN_SPEC, NULL },
	{ "", SPF_DOMAIN_SPEC, "missing" },
	{ "com", SPF_DOMAIN_SPEC, "dot" },
	{ "com.", SPF_DOMAIN_SPEC, "dot" },
	{ "example.123", SPF_DOMAIN_SPEC, "top-level" },
	{ "example.-com", SPF_DOMAIN_SPEC, "top-level" },
	{ "example.com-", SPF_DOMAIN_SPEC, "top-level" },
	{ "example.com:25", SPF_DOMAIN_SPEC, "top-level" },
	{ "example..", SPF_DOMAIN_SPEC, "top-level" },
	{ "%{c}.example.com", SPF_DOMAIN_SPEC, "explanations" },
	{ "%{R}.example.com", SPF_DOMAIN_SPEC, "explanations" },
	{ "%{c} at %{t}", SPF_EXPLANATION, NULL },
	{ "%{x}", SPF_EXPLANATION, "macro" },
	{ "%{d0}", SPF_EXPLANATION, "macro" },
	{ "%{d", SPF_EXPLANATION, "macro" },
	{ "%{d;}", SPF_EXPLANATION, "macro" },
	{ "%{}", SPF_EXPLANATION, "macro" },
	{ "%", SPF_EXPLANATION, "macro" },
	{ "%a", SPF_MODIFIER, "macro" },
	{ "a b", SPF_MODIFIER, "blank" },
	{ "a\tb", SPF_EXPLANATION, "0x09" },
	{ "caf\xc3\xa9", SPF_EXPLANATION, "ASCII" },
	{ "", SPF_MODIFIER, NULL },
};

static void
test_strings(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(strings); i++) {
		struct arena a;
		ROW(strings[i].text);
		arena_init(&a);
		const char *fault = spf_string_fault(strings[i].text, strlen(strings[i].text),
		    strings[i].kind, &a);
		if (strings[i].fault == NULL)
			assert_null(fault);
		else if (fault == NULL || strstr(fault, strings[i].fault) == NULL)
			fail_msg("\"%s\" is not in: %s", strings[i].fault,
			    fault != NULL ? fault : "nothing");
		arena_fini(&a);
	}
}

#define A63 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

static void
test_names(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text, *domain; /* NULL: none */
	} rows[] = {
		{ "a final dot", "%{d}.", "email.example.com" },
		{ "lower case", "X.Example", "x.example" },
		{ "a blank", "a%_b.example", "a\\032b.example" },
		{ "a backslash is a byte like any other", "a\\b.example", "a\\\\b.example" },
		{ "labels are dropped on the left", A63 "." A63 "." A63 "." A63 ".example",
		    A63 "." A63 "." A63 ".example" },
		{ "an empty label", "a..example", NULL },
		{ "a long label", A63 "a.example", NULL },
		{ "nothing", "", NULL },
	};
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct arena a;
		char out[NAME_TEXT_MAX];
		ROW(rows[i].name);
		arena_init(&a);
		assert_int_equal(spf_expand_domain(rows[i].text, &example4, &a, out),
		    rows[i].domain != NULL);
		if (rows[i].domain != NULL)
			assert_string_equal(out, rows[i].domain);
		arena_fini(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_expansion),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_names),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
