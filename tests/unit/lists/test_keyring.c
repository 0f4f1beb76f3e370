#include "test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "lists/catalogue.h"
#include "lists/keyring.h"

static const char secret[] = "SecretOfTheTest";

static char *environment[8];

static void
set_environment(const char *a, const char *b)
{
	size_t n = 0;
	for (size_t i = 0; i < N_ELEMENTS(environment); i++)
		environment[i] = NULL;
	union {
		const char *from;
		char *to; /* as the system's environ has it; nobody writes to it */
	} words[] = { { a }, { b } };
	for (size_t i = 0; i < 2; i++)
		if (words[i].from != NULL)
			environment[n++] = words[i].to;
}

static const struct {
	const char *name;
	const char *a, *b;
	enum err_code code;
	const char *key; /* that is there afterwards */
} variables[] = {
	{ "one key", "MAILREADY_KEY_SPAMHAUS_DQS=SecretOfTheTest", NULL, ERR_NONE, "spamhaus-dqs" },
	{ "empty: none", "MAILREADY_KEY_ABUSIX=", NULL, ERR_NONE, NULL },
	{ "other variables", "MAILREADY_DATA=/x", "MAILREADY_KEYS=x", ERR_NONE, NULL },
	{ "no name", "MAILREADY_KEY_=SecretOfTheTest", NULL, ERR_CONFIG, NULL },
	{ "two labels", "MAILREADY_KEY_ABUSIX=SecretOfTheTest.example", NULL, ERR_CONFIG, NULL },
	{ "blank", "MAILREADY_KEY_ABUSIX=SecretOf TheTest", NULL, ERR_CONFIG, NULL },
	{ "hyphen at its end", "MAILREADY_KEY_ABUSIX=SecretOfTheTest-", NULL, ERR_CONFIG, NULL },
	{ "too long",
	    "MAILREADY_KEY_ABUSIX=SecretOfTheTest0123456789012345678901234567890123456789012345678"
	    "90123456789",
	    NULL, ERR_CONFIG, NULL },
	{ "twice", "MAILREADY_KEY_ABUSIX=SecretOfTheTest", "MAILREADY_KEY_abusix=SecretOfTheTest",
	    ERR_CONFIG, "abusix" },
};

static void
test_environment(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(variables); i++) {
		struct keyring *k = keyring_new();
		struct err err = { 0 };
		ROW(variables[i].name);
		set_environment(variables[i].a, variables[i].b);
		assert_int_equal(keyring_read_env(k, environment, &err), variables[i].code);
		assert_int_equal(keyring_is_empty(k), variables[i].key == NULL);
		if (variables[i].key != NULL)
			assert_true(keyring_has(k, variables[i].key));
		assert_null(strcasestr(err.text, secret));
		keyring_free(k);
	}
	keyring_free(NULL);
	assert_true(keyring_is_empty(NULL));
	assert_false(keyring_has(NULL, "abusix"));
}

static const struct {
	const char *name;
	const char *text;
	mode_t mode;
	enum err_code code;
	const char *said;
} files[] = {
	{ "good", "[keys]\nabusix = SecretOfTheTest\n", 0600, ERR_NONE, NULL },
	{ "read-only", "[keys]\nabusix = SecretOfTheTest\n", 0400, ERR_NONE, NULL },
	{ "the group may read", "[keys]\nabusix = SecretOfTheTest\n", 0640, ERR_NOPERM,
	    "chmod 600" },
	{ "all may read", "[keys]\nabusix = SecretOfTheTest\n", 0604, ERR_NOPERM, "chmod 600" },
	{ "other section", "[key]\nabusix = SecretOfTheTest\n", 0600, ERR_CONFIG,
	    ":2: expected the" },
	{ "no section", "abusix = SecretOfTheTest\n", 0600, ERR_CONFIG,
	    ":1: expected the section" },
	{ "the wrong way round", "[keys]\nSecretOfTheTest = abusix\n", 0600, ERR_CONFIG, ":2: " },
	{ "the key alone", "[keys]\nSecretOfTheTest\n", 0600, ERR_CONFIG, ":2: " },
	{ "the key as section", "[SecretOfTheTest]\na = b\n", 0600, ERR_CONFIG, ":2: " },
	{ "no label", "[keys]\nabusix = SecretOfTheTest/\n", 0600, ERR_CONFIG, ":2: " },
	{ "twice", "[keys]\nabusix = a\nabusix = SecretOfTheTest\n", 0600, ERR_CONFIG, ":3: " },
};

static void
test_files(void **state)
{
	(void)state;
	char path[] = "/tmp/mailready-keys-XXXXXX";
	int fd = mkstemp(path);
	assert_true(fd >= 0);
	for (size_t i = 0; i < N_ELEMENTS(files); i++) {
		struct keyring *k = keyring_new();
		struct err err = { 0 };
		size_t len = strlen(files[i].text);
		ROW(files[i].name);
		assert_int_equal(ftruncate(fd, 0), 0);
		assert_int_equal(pwrite(fd, files[i].text, len, 0), (ssize_t)len);
		assert_int_equal(fchmod(fd, files[i].mode), 0);
		assert_int_equal(keyring_read_file(k, path, &err), files[i].code);
		if (files[i].said != NULL && strstr(err.text, files[i].said) == NULL)
			fail_msg("said: %s", err.text);
		assert_null(strcasestr(err.text, secret));
		assert_int_equal(keyring_has(k, "abusix"),
		    files[i].code == ERR_NONE || strcmp(files[i].name, "twice") == 0);
		keyring_free(k);
	}
	close(fd);
	unlink(path);
	struct keyring *k = keyring_new();
	struct err err = { 0 };
	assert_int_equal(keyring_read_file(k, path, &err), ERR_NOINPUT);
	assert_int_equal(keyring_read_file(k, "/tmp", &err), ERR_CONFIG);
	keyring_free(k);
}

static const char lists[] = "[keyed.example]\nkey = some\ncode.127.0.0.2 = low x\n"
			    "[open.example]\ncode.127.0.0.2 = low x\n"
			    "[other.example]\nkey = other\ncode.127.0.0.2 = low x\n";

static const struct {
	const char *name;
	const char *question;
	enum keyring_word word;
	const char *asked;
} questions[] = {
	{ "address", "25.113.0.203.keyed.example", KEYRING_PUT,
	    "25.113.0.203.secretofthetest.keyed.example" },
	{ "the zone itself", "keyed.example", KEYRING_PUT, "secretofthetest.keyed.example" },
	{ "list without a key", "25.113.0.203.open.example", KEYRING_NONE, NULL },
	{ "list whose key is not there", "25.113.0.203.other.example", KEYRING_NONE, NULL },
	{ "a name that ends alike", "25.113.0.203.notkeyed.example", KEYRING_NONE, NULL },
	{ "too long with the key",
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa."
	    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa.keyed.example",
	    KEYRING_LONG, NULL },
};

static const struct {
	const char *name;
	const char *text, *shown;
} texts[] = {
	{ "none", "25.113.0.203.keyed.example", "25.113.0.203.keyed.example" },
	{ "name", "25.113.0.203.secretofthetest.keyed.example", "25.113.0.203.keyed.example" },
	{ "other case", "see 2.SecretOfTheTest.keyed.example!", "see 2.keyed.example!" },
	{ "in a text", "unknown key SECRETOFTHETEST", "unknown key [key]" },
	{ "twice", "secretofthetest, secretofthetest.x", "[key], x" },
};

static void
test_questions(void **state)
{
	(void)state;
	struct arena a;
	struct catalogue c = { 0 };
	struct err err = { 0 };
	struct keyring *k = keyring_new();
	arena_init(&a);
	assert_int_equal(catalogue_read_text(&c, &a, "f", lists, strlen(lists), &err), ERR_NONE);
	set_environment("MAILREADY_KEY_SOME=SecretOfTheTest", NULL);
	assert_int_equal(keyring_read_env(k, environment, &err), ERR_NONE);
	keyring_serve(k, &c);
	for (size_t i = 0; i < N_ELEMENTS(questions); i++) {
		char out[NAME_TEXT_MAX];
		ROW(questions[i].name);
		assert_int_equal(keyring_put(k, questions[i].question, out), questions[i].word);
		if (questions[i].asked != NULL)
			assert_string_equal(out, questions[i].asked);
	}
	for (size_t i = 0; i < N_ELEMENTS(texts); i++) {
		ROW(texts[i].name);
		assert_string_equal(keyring_hide(k, &a, texts[i].text), texts[i].shown);
	}
	assert_ptr_equal(keyring_hide(NULL, &a, texts[0].text), texts[0].text);
	keyring_free(k);
	arena_fini(&a);
}

/* The example of the manual, taken as it stands, and what stands in our own "[key]". */
static const struct {
	const char *name;
	const char *variable;
	const char *text, *shown;
} odd_keys[] = {
	{ "KEY", "MAILREADY_KEY_SOME=KEY", "no such key", "no such [key]" },
	{ "KEY in a name", "MAILREADY_KEY_SOME=KEY", "2.key.keyed.example", "2.[key]ed.example" },
	{ "one letter", "MAILREADY_KEY_SOME=e", "see e.example", "s[key][key] [key]xampl[key]" },
	{ "one that is left when another is taken out", "MAILREADY_KEY_SOME=abc", "ababc.cx",
	    "[key]x" },
};

static void
test_odd_keys(void **state)
{
	(void)state;
	alarm(20); /* what never ends is a failure, too */
	for (size_t i = 0; i < N_ELEMENTS(odd_keys); i++) {
		struct arena a;
		struct err err = { 0 };
		struct keyring *k = keyring_new();
		ROW(odd_keys[i].name);
		arena_init(&a);
		set_environment(odd_keys[i].variable, NULL);
		assert_int_equal(keyring_read_env(k, environment, &err), ERR_NONE);
		assert_string_equal(keyring_hide(k, &a, odd_keys[i].text), odd_keys[i].shown);
		keyring_free(k);
		arena_fini(&a);
	}
	alarm(0);
}

/* An operator knows the key, and may repeat it as often as a message holds it. */
static void
test_many_keys(void **state)
{
	(void)state;
	enum { TIMES = 4000 };
	static char text[TIMES * (sizeof secret - 1) + 1];
	struct arena a;
	struct err err = { 0 };
	struct keyring *k = keyring_new();
	arena_init(&a);
	set_environment("MAILREADY_KEY_SOME=SecretOfTheTest", NULL);
	assert_int_equal(keyring_read_env(k, environment, &err), ERR_NONE);
	for (size_t i = 0; i < TIMES; i++)
		memcpy(text + i * (sizeof secret - 1), secret, sizeof secret - 1);
	const char *shown = keyring_hide(k, &a, text);
	assert_int_equal(strlen(shown), TIMES * strlen("[key]"));
	assert_true(a.total < 10 * sizeof text);
	keyring_free(k);
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_environment),
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_questions),
		cmocka_unit_test(test_odd_keys),
		cmocka_unit_test(test_many_keys),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
