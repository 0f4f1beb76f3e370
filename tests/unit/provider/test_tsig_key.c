#include "provider/rfc2136/tsig_key_priv.h"

#include "test.h"

#define SECRET "MDEyMzQ1Njc4OWFiY2RlZg=="

struct key_case {
	const char *name;
	const char *text;
	const char *key, *algorithm, *secret; /* NULL: refused */
	const char *says;                     /* part of the error */
};

static const struct key_case cases[] = {
	{ "as tsig-keygen writes it",
	    "key \"upd\" {\n\talgorithm hmac-sha256;\n\tsecret \"" SECRET "\";\n};\n", "upd",
	    "hmac-sha256", SECRET, NULL },
	{ "as keymgr -t writes it",
	    "# hmac-sha256:upd:" SECRET
	    "\nkey:\n  - id: upd\n    algorithm: hmac-sha256\n    secret: " SECRET "\n",
	    "upd", "hmac-sha256", SECRET, NULL },
	{ "one line, no quotes", "key upd.example. {algorithm HMAC-SHA512;secret " SECRET ";};",
	    "upd.example", "hmac-sha512", SECRET, NULL },
	{ "secret first, comments of all kinds",
	    "// a\n/* b\n c */ key \"Upd\" { # d\n secret \"" SECRET "\"; algorithm hmac-sha1; };",
	    "upd", "hmac-sha1", SECRET, NULL },
	{ "the registered name of MD5",
	    "key k { algorithm hmac-md5.sig-alg.reg.int; secret \"" SECRET "\"; };", "k",
	    "hmac-md5", SECRET, NULL },
	{ "slashes in the secret are no comment",
	    "key:\n- id: k\n  algorithm: hmac-sha256\n  secret: //8//w==", "k", "hmac-sha256",
	    "//8//w==", NULL },
	{ "quoted in Knot's form",
	    "key:\n- id: \"k\"\n  secret: \"" SECRET "\"\n  algorithm: hmac-sha256", "k",
	    "hmac-sha256", SECRET, NULL },
	{ "empty", "", NULL, NULL, NULL, "f:1: expected: key" },
	{ "comments only", "# nothing\n\n", NULL, NULL, NULL, "f:3: expected: key" },
	{ "comment without end", "/* key", NULL, NULL, NULL, "f:1: a comment has no end" },
	{ "quote without end", "key \"upd {\n};", NULL, NULL, NULL, "f:1: a quoted string" },
	{ "no brace", "key upd algorithm hmac-sha256;", NULL, NULL, NULL, "expected {" },
	{ "no semicolon", "key k {\n algorithm hmac-sha256\n secret \"" SECRET "\"; };", NULL, NULL,
	    NULL, "f:3: expected ;" },
	{ "cut off", "key k { algorithm hmac-sha256; secret \"" SECRET "\";", NULL, NULL, NULL,
	    "expected algorithm, secret or }" },
	{ "two keys",
	    "key k { algorithm hmac-sha256; secret \"" SECRET
	    "\"; };\nkey l { algorithm hmac-sha256; "
	    "secret \"" SECRET "\"; };",
	    NULL, NULL, NULL, "f:2: there is more after the key" },
	{ "two keys in Knot's form",
	    "key:\n- id: k\n  algorithm: hmac-sha256\n  secret: " SECRET "\n- id: l", NULL, NULL,
	    NULL, "f:5: expected algorithm: or secret:, and one key only" },
	{ "no secret", "key k { algorithm hmac-sha256; };", NULL, NULL, NULL,
	    "an algorithm and a secret" },
	{ "no algorithm", "key k { secret \"" SECRET "\"; };", NULL, NULL, NULL,
	    "an algorithm and a secret" },
	{ "algorithm that cannot be used",
	    "key k { algorithm hmac-sha384; secret \"" SECRET "\"; };", NULL, NULL, NULL,
	    "make a key with hmac-sha256" },
	{ "truncated MAC", "key k { algorithm hmac-sha256-80; secret \"" SECRET "\"; };", NULL,
	    NULL, NULL, "the algorithm is not one of" },
	{ "secret is no base64", "key k { algorithm hmac-sha256; secret \"s3cr3t!!\"; };", NULL,
	    NULL, NULL, "not base64" },
	{ "secret is cut", "key k { algorithm hmac-sha256; secret \"MDEyMzQ1Nj\"; };", NULL, NULL,
	    NULL, "not base64" },
	{ "secret is padding", "key k { algorithm hmac-sha256; secret \"====\"; };", NULL, NULL,
	    NULL, "not base64" },
	{ "empty secret", "key k { algorithm hmac-sha256; secret \"\"; };", NULL, NULL, NULL,
	    "not base64" },
	{ "name is no name", "key \"a..b\" { algorithm hmac-sha256; };", NULL, NULL, NULL,
	    "not a domain name" },
	{ "empty name", "key \"\" { algorithm hmac-sha256; };", NULL, NULL, NULL,
	    "the key has no name" },
	{ "the root as name", "key . { algorithm hmac-sha256; };", NULL, NULL, NULL,
	    "not a domain name" },
	{ "another file", "options { directory \"/\"; };", NULL, NULL, NULL, "expected: key" },
	{ "hmac-sha256:name:secret", "hmac-sha256:upd:" SECRET "\n", NULL, NULL, NULL,
	    "expected: key" },
};

static void
every_form_is_read(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		const struct key_case *c = &cases[i];
		ROW(c->name);
		struct tsig_key key;
		struct err err = { .text = "" };
		enum err_code code = tsig_key_parse("f", c->text, strlen(c->text), &key, &err);
		assert_int_equal(code, c->key == NULL ? ERR_CONFIG : ERR_NONE);
		if (c->key == NULL) {
			assert_non_null(strstr(err.text, c->says));
			assert_null(strstr(err.text, "MDEyMz"));
			assert_null(strstr(err.text, "s3cr3t"));
			assert_string_equal(key.secret, "");
			continue;
		}
		assert_string_equal(key.name, c->key);
		assert_string_equal(key.algorithm, c->algorithm);
		assert_string_equal(key.secret, c->secret);
	}
}

static void
long_words_are_refused(void **state)
{
	(void)state;
	static const char *const forms[] = {
		"key %s { algorithm hmac-sha256; secret \"" SECRET "\"; };",
		"key k { algorithm %s; secret \"" SECRET "\"; };",
		"key k { algorithm hmac-sha256; secret \"%s\"; };",
	};
	char word[4097], text[5000];
	memset(word, 'a', sizeof word - 1);
	word[sizeof word - 1] = '\0';
	for (size_t i = 0; i < N_ELEMENTS(forms); i++) {
		const char *slot = strstr(forms[i], "%s");
		snprintf(text, sizeof text, "%.*s%s%s", (int)(slot - forms[i]), forms[i], word,
		    slot + 2);
		struct tsig_key key;
		struct err err;
		assert_int_equal(tsig_key_parse("f", text, strlen(text), &key, &err), ERR_CONFIG);
		assert_null(strstr(err.text, "aaaa"));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_form_is_read),
		cmocka_unit_test(long_words_are_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
