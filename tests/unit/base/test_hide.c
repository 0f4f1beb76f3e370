#include "base/hide.h"

#include "test.h"

#include "base/buf.h"
#include "base/err.h"

#define SHORT "hQ7x"
#define PASSWORD "p/a\"ss+w?rd"
#define TOKEN "MIIFtokenTOKENtokenTOKENtokenTOKENtokenTOKENtokenTOKEN"

static const struct {
	const char *name, *text, *shown;
} rows[] = {
	{ "nothing", "", "" },
	{ "no secret", "the zone is not served", "the zone is not served" },
	{ "alone", PASSWORD, "[secret]" },
	{ "twice", PASSWORD " and " PASSWORD, "[secret] and [secret]" },
	{ "in other letters", "token mIIfTOKENtokenTOKENtokenTOKENtokenTOKENtokenTOKENtoken.",
	    "token [secret]." },
	{ "cut off", "token \"MIIFtokenTOK\" ...", "token \"[secret]\" ..." },
	{ "too little to matter", "MIIFtokenTO", "MIIFtokenTO" },
	{ "in a URL", "x?p=p%2Fa%22ss%2bw%3Frd&y", "x?p=[secret]&y" },
	{ "in JSON", "{\"p\":\"p/a\\\"ss+w?rd\"}", "{\"p\":\"[secret]\"}" },
	{ "in JSON with escaped slashes", "{\"p\":\"p\\/a\\\"ss+w?rd\"}", "{\"p\":\"[secret]\"}" },
	/* printf 'u:p/a"ss+w?rd' | base64, and with one and two bytes more before it */
	{ "in a login by HTTP", "Basic dTpwL2Eic3Mrdz9yZA== refused",
	    "Basic dTp[secret]A== refused" },
	{ "one byte later", "dXU6cC9hInNzK3c/cmQ=", "dXU6[secret]Q=" },
	{ "two bytes later", "dXV1OnAvYSJzcyt3P3Jk", "dXV1On[secret]" },
	{ "a short one", "key=hQ7x;", "key=[secret];" },
	{ "a short one in a word", "ahQ7x hQ7xa", "ahQ7x hQ7xa" },
	{ "what was hidden already", "[secret] and [secret]", "[secret] and [secret]" },
};

static void
learn_all(void)
{
	hide_learn(NULL);
	hide_learn("");
	hide_learn("the"); /* below HIDE_MIN */
	hide_learn("secret");
	hide_learn(SHORT);
	hide_learn(PASSWORD);
	hide_learn(PASSWORD);
	hide_learn(TOKEN);
}

static void
test_rows(void **state)
{
	(void)state;
	learn_all();
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct buf out;
		ROW(rows[i].name);
		buf_init(&out, 4096);
		hide_add(&out, rows[i].text, strlen(rows[i].text));
		assert_string_equal(out.data, rows[i].shown);
		buf_fini(&out);
	}
}

/* The one place where errors are made, and what is put before them. */
static void
test_errors(void **state)
{
	(void)state;
	struct err err;
	learn_all();
	err_set(&err, ERR_NOPERM, "it says \"%.20s\"", TOKEN);
	assert_string_equal(err.text, "it says \"[secret]\"");
	err_prefix(&err, "user with %s", PASSWORD);
	assert_string_equal(err.text, "user with [secret]: it says \"[secret]\"");
}

/* Tokens are renewed: the last ones are hidden, however many there were. */
static void
test_many(void **state)
{
	(void)state;
	char token[32];
	struct err err;
	for (int i = 0; i < 2000; i++) {
		snprintf(token, sizeof token, "token-%d-of-many", i);
		hide_learn(token);
		err_set(&err, ERR_NOPERM, "%s", token);
		assert_string_equal(err.text, "[secret]");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
