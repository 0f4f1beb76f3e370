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
	    .text = "key \"upd\" {\n\talgorithm hmac-sha256;\n\tsecret \"" SECRET "\";\n};\n",
	    .key = "upd", .algorithm = "hmac-sha256", .secret = SECRET },
	{ "as keymgr -t writes it",
	    .text = "# hmac-sha256:upd:" SECRET
		    "\nkey:\n  - id: upd\n    algorithm: hmac-sha256\n    secret: " SECRET "\n",
	    .key = "upd", .algorithm = "hmac-sha256", .secret = SECRET },
	{ "one line, no quotes",
	    .text = "key upd.example. {algorithm HMAC-SHA512;secret " SECRET ";};",
	    .key = "upd.example", .algorithm = "hmac-sha512", .secret = SECRET },
	{ "secret first, comments of all kinds",
	    .text = "// a\n/* b\n c */ key \"Upd\" { # d\n secret \"" SECRET
		    "\"; algorithm hmac-sha1; };",
	    .key = "upd", .algorithm = "hmac-sha1", .secret = SECRET },
	{ "the registered name of MD5",
	    .text = "key k { algorithm hmac-md5.sig-alg.reg.int; secret \"" SECRET "\"; };",
	    .key = "k", .algorithm = "hmac-md5", .secret = SECRET },
	{ "an algorithm as a name with its final dot",
	    .text = "key k { algorithm hmac-sha256.; secret \"" SECRET "\"; };", .key = "k",
	    .algorithm = "hmac-sha256", .secret = SECRET },
	{ "slashes in the secret are no comment",
	    .text = "key:\n- id: k\n  algorithm: hmac-sha256\n  secret: //8//w==", .key = "k",
	    .algorithm = "hmac-sha256", .secret = "//8//w==" },
	{ "quoted in Knot's form",
	    .text = "key:\n- id: \"k\"\n  secret: \"" SECRET "\"\n  algorithm: hmac-sha256",
	    .key = "k", .algorithm = "hmac-sha256", .secret = SECRET },
	{ "empty", .text = "", .says = "f:1: expected: key" },
	{ "comments only", .text = "# nothing\n\n", .says = "f:3: expected: key" },
	{ "comment without end", .text = "/* key", .says = "f:1: a comment has no end" },
	{ "quote without end", .text = "key \"upd {\n};", .says = "f:1: a quoted string" },
	{ "no brace", .text = "key upd algorithm hmac-sha256;", .says = "expected {" },
	{ "no semicolon", .text = "key k {\n algorithm hmac-sha256\n secret \"" SECRET "\"; };",
	    .says = "f:3: expected ;" },
	{ "cut off", .text = "key k { algorithm hmac-sha256; secret \"" SECRET "\";",
	    .says = "expected algorithm, secret or }" },
	{ "two keys",
	    .text = "key k { algorithm hmac-sha256; secret \"" SECRET
		    "\"; };\nkey l { algorithm hmac-sha256; "
		    "secret \"" SECRET "\"; };",
	    .says = "f:2: there is more after the key" },
	{ "two keys in Knot's form",
	    .text = "key:\n- id: k\n  algorithm: hmac-sha256\n  secret: " SECRET "\n- id: l",
	    .says = "f:5: expected algorithm: or secret:, and one key only" },
	{ "no secret", .text = "key k { algorithm hmac-sha256; };",
	    .says = "an algorithm and a secret" },
	{ "no algorithm", .text = "key k { secret \"" SECRET "\"; };",
	    .says = "an algorithm and a secret" },
	{ "algorithm that cannot be used",
	    .text = "key k { algorithm hmac-sha384; secret \"" SECRET "\"; };",
	    .says = "make a key with hmac-sha256" },
	{ "truncated MAC", .text = "key k { algorithm hmac-sha256-80; secret \"" SECRET "\"; };",
	    .says = "the algorithm is not one of" },
	{ "secret is no base64", .text = "key k { algorithm hmac-sha256; secret \"s3cr3t!!\"; };",
	    .says = "not base64" },
	{ "secret is cut", .text = "key k { algorithm hmac-sha256; secret \"MDEyMzQ1Nj\"; };",
	    .says = "not base64" },
	{ "secret is padding", .text = "key k { algorithm hmac-sha256; secret \"====\"; };",
	    .says = "not base64" },
	{ "empty secret", .text = "key k { algorithm hmac-sha256; secret \"\"; };",
	    .says = "not base64" },
	{ "not a name", .text = "key \"a..b\" { algorithm hmac-sha256; };",
	    .says = "not a domain name" },
	{ "empty name", .text = "key \"\" { algorithm hmac-sha256; };",
	    .says = "the key has no name" },
	{ "the root as name", .text = "key . { algorithm hmac-sha256; };",
	    .says = "not a domain name" },
	{ "another file", .text = "options { directory \"/\"; };", .says = "expected: key" },
	{ "hmac-sha256:name:secret", .text = "hmac-sha256:upd:" SECRET "\n",
	    .says = "expected: key" },
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
