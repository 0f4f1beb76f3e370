/* The DKIM-Signature field: RFC 6376 3.5 and the refusals of 6.1.1. */
#include "mail/dkim_signature.h"

#include "base/arena.h"
#include "test.h"

#define BH "bh=47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU="
#define REST BH "; b=AAAA"
#define WHO "d=example.com; s=sel; "
#define GOOD "v=1; a=rsa-sha256; " WHO "h=from:to; " REST

static const struct {
	const char *name, *text, *fault;
} rows[] = {
	{ "all that must be", GOOD, "" },
	{ "all that may be",
	    "v=1; a=ed25519-sha256; c=relaxed/simple; i=@mail.example.com; q=dns/txt; t=1; x=2; "
	    "l=0; "
	    "z=From:a; " WHO "h=from; " REST,
	    "" },
	{ "folds", "v=1;\r\n a=rsa-sha256;\r\n\td=example.com; s=sel; h=to :\r\n From ; " REST,
	    "" },
	{ "an unknown tag", GOOD "; y=1", "" },
	{ "no v", "a=rsa-sha256; " WHO "h=from; " REST, "it has no v=" },
	{ "version 2", "v=2; a=rsa-sha256; " WHO "h=from; " REST, "v= is not 1" },
	{ "no a", "v=1; " WHO "h=from; " REST, "it has no a=" },
	{ "no b", "v=1; a=rsa-sha256; " WHO "h=from; " BH, "it has no b=" },
	{ "an empty b", "v=1; a=rsa-sha256; " WHO "h=from; " BH "; b=", "it has no b=" },
	{ "no bh", "v=1; a=rsa-sha256; " WHO "h=from; b=AAAA", "it has no bh=" },
	{ "no d", "v=1; a=rsa-sha256; s=sel; h=from; " REST, "it has no d=" },
	{ "no h", "v=1; a=rsa-sha256; " WHO REST, "it has no h=" },
	{ "no s", "v=1; a=rsa-sha256; d=example.com; h=from; " REST, "it has no s=" },
	{ "a tag twice", GOOD "; s=x", "its tags are not valid: s is given twice" },
	{ "a word without equals sign", GOOD "; word",
	    "its tags are not valid: expected tag=value" },
	{ "From is not signed", "v=1; a=rsa-sha256; " WHO "h=to:subject; " REST,
	    "h= does not hold From (RFC 6376 5.4)" },
	{ "SHA-1", "v=1; a=rsa-sha1; " WHO "h=from; " REST,
	    "a= is rsa-sha1, which counts for nothing (RFC 8301 3.1)" },
	{ "an unknown algorithm", "v=1; a=rsa-md5; " WHO "h=from; " REST,
	    "a= is neither rsa-sha256 nor ed25519-sha256" },
	{ "an unknown form", "v=1; a=rsa-sha256; c=nofws; " WHO "h=from; " REST,
	    "c= must be simple or relaxed" },
	{ "three forms", "v=1; a=rsa-sha256; c=simple/simple/simple; " WHO "h=from; " REST,
	    "c= must be simple or relaxed" },
	{ "another identity", "v=1; a=rsa-sha256; i=@example.net; " WHO "h=from; " REST,
	    "i= is not of the domain in d=" },
	{ "a parent as identity", "v=1; a=rsa-sha256; i=@com; " WHO "h=from; " REST,
	    "i= is not of the domain in d=" },
	{ "an identity without @", "v=1; a=rsa-sha256; i=example.com; " WHO "h=from; " REST,
	    "i= is not of the domain in d=" },
	{ "another way of asking", "v=1; a=rsa-sha256; q=http; " WHO "h=from; " REST,
	    "q= does not allow dns/txt" },
	{ "several ways of asking", "v=1; a=rsa-sha256; q=http:dns/txt; " WHO "h=from; " REST, "" },
	{ "x before t", "v=1; a=rsa-sha256; t=2; x=1; " WHO "h=from; " REST, "x= is not after t=" },
	{ "x equal to t", "v=1; a=rsa-sha256; t=2; x=2; " WHO "h=from; " REST,
	    "x= is not after t=" },
	{ "t of words", "v=1; a=rsa-sha256; t=now; " WHO "h=from; " REST,
	    "t= is not a valid time" },
	{ "x that is negative", "v=1; a=rsa-sha256; x=-1; " WHO "h=from; " REST,
	    "x= is not a valid time" },
	{ "l of words", "v=1; a=rsa-sha256; l=all; " WHO "h=from; " REST,
	    "l= is not a valid number" },
	{ "a hash of another length", "v=1; a=rsa-sha256; " WHO "h=from; bh=AAAA; b=AAAA",
	    "bh= is not a SHA-256 hash in base64" },
	{ "b that is not base64", "v=1; a=rsa-sha256; " WHO "h=from; " BH "; b=A",
	    "b= is not valid base64" },
	{ "a domain with a blank", "v=1; a=rsa-sha256; d=exa mple.com; s=a; h=from; " REST,
	    "d= is not a valid domain name" },
	{ "a domain of one label", "v=1; a=rsa-sha256; d=com; s=a; h=from; " REST,
	    "d= is not a valid domain name" },
	{ "a selector of several labels", "v=1; a=rsa-sha256; d=example.com; s=a.b; h=from; " REST,
	    "" },
	{ "a selector that is not one", "v=1; a=rsa-sha256; d=example.com; s=a..b; h=from; " REST,
	    "s= is not a valid selector" },
};

static void
test_fault(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct arena a;
		struct dkim_signature s;
		ROW(rows[i].name);
		arena_init(&a);
		dkim_signature_read(&a, rows[i].text, strlen(rows[i].text), &s);
		assert_string_equal(s.fault, rows[i].fault);
		arena_fini(&a);
	}
}

static void
test_members(void **state)
{
	(void)state;
	struct arena a;
	struct dkim_signature s;
	static const char text[] =
	    "v=1; a=ed25519-sha256; c=relaxed; i=a@mail.Example.com; t=0012; "
	    "l=99999999999999999999999; d=Example.com; s=Sel; h=From:to; " REST;
	arena_init(&a);
	dkim_signature_read(&a, text, strlen(text), &s);
	assert_string_equal(s.fault, "");
	assert_string_equal(s.domain, "example.com");
	assert_string_equal(s.selector, "sel");
	assert_true(s.below && s.relaxed_header && !s.relaxed_body && s.has_length);
	assert_int_equal(s.algorithm, DKIM_ED25519_SHA256);
	assert_int_equal(s.time_s, 12);
	assert_int_equal(s.expires_s, -1);
	assert_true(s.length == UINT64_MAX - 1);
	assert_int_equal(s.n_names, 2);
	assert_int_equal(s.signature_len, 3);
	/* what can be known of a faulty one is known */
	dkim_signature_read(&a, "v=1; d=example.com; s=sel", 25, &s);
	assert_string_equal(s.domain, "example.com");
	assert_string_equal(s.selector, "sel");
	dkim_signature_read(&a, "", 0, &s);
	assert_string_equal(s.domain, "");
	assert_int_equal(s.time_s, -1);
	arena_fini(&a);
}

static const struct {
	const char *text, *selector;
} selectors[] = {
	{ "sel1", "sel1" },
	{ "Sel-1", "sel-1" },
	{ "a.b", "a.b" },
	{ "2026_11", "2026_11" },
	{ "", NULL },
	{ ".", NULL },
	{ "a.", NULL },
	{ "a..b", NULL },
	{ "a b", NULL },
	{ "-a", NULL },
	{ "a-", NULL },
	{ "a/b", NULL },
	{ "*", NULL },
	{ "x123456789012345678901234567890123456789012345678901234567890123", NULL },
};

static void
test_selector(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a);
	for (size_t i = 0; i < N_ELEMENTS(selectors); i++) {
		const char *selector = dkim_selector(&a, selectors[i].text);
		ROW(selectors[i].text);
		assert_string_equal(selector != NULL ? selector : "NULL",
		    selectors[i].selector != NULL ? selectors[i].selector : "NULL");
	}
	assert_string_equal(dkim_key_name(&a, "s", "example.com"), "s._domainkey.example.com");
	assert_null(
	    dkim_key_name(&a, "a.123456789012345678901234567890123456789012345678901234567890",
		"123456789012345678901234567890123456789012345678901234567890."
		"123456789012345678901234567890123456789012345678901234567890."
		"123456789012345678901234567890123456789012345678901234567890"));
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fault),
		cmocka_unit_test(test_members),
		cmocka_unit_test(test_selector),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
