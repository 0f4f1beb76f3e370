/* Lists of tags: what is read, and where the faults are. */
#include "mail/tags.h"

#include "base/arena.h"
#include "test.h"

/* Tags as "name=value@place", faults as "place:name text", with bars between. */
static const struct {
	const char *name, *text, *tags, *faults;
} rows[] = {
	{ "nothing", "", "", "" },
	{ "blanks", "  \t", "", "" },
	{ "two", "v=1; p=abc", "v=1@0|p=abc@5|", "" },
	{ "a semicolon at the end", "v=1;", "v=1@0|", "" },
	{ "blanks and folds around everything", " v =\r\n 1 ;\tp = a b ", "v=1@1|p=a b@11|", "" },
	{ "an equals sign in the value", "p=ab==", "p=ab==@0|", "" },
	{ "no value", "p=; k=rsa", "p=@0|k=rsa@4|", "" },
	{ "no equals sign", "v=1; reject", "v=1@0|", "5: expected tag=value|" },
	{ "two semicolons", "v=1;;p=x", "v=1@0|p=x@5|", "4: has a semicolon too many|" },
	{ "twice", "p=a; P=b", "p=a@0|", "5:P is given twice|" },
	{ "a name that begins with a digit", "1a=b", "", "0:1a is not a valid name of a tag|" },
	{ "a name with a hyphen", "a-b=c", "", "0:a-b is not a valid name of a tag|" },
	{ "no name", "=c", "", "0: is not a valid name of a tag|" },
	{ "a control byte", "v=1; n=a\001b", "v=1@0|n=a\001b@5|",
	    "8:n holds a byte that is not printable ASCII|" },
	{ "UTF-8", "n=\xc3\xb6", "n=\xc3\xb6@0|", "2:n holds a byte that is not printable ASCII|" },
};

static void
test_tags(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct arena a;
		struct tag_list l;
		char tags[256] = "", faults[256] = "";
		ROW(rows[i].name);
		arena_init(&a);
		tags_read(&a, rows[i].text, strlen(rows[i].text), &l);
		for (size_t t = 0; t < l.n; t++)
			snprintf(tags + strlen(tags), sizeof tags - strlen(tags), "%s=%s@%zu|",
			    l.tags[t].name, l.tags[t].value, l.tags[t].at);
		for (size_t t = 0; t < l.n_faults; t++)
			snprintf(faults + strlen(faults), sizeof faults - strlen(faults),
			    "%zu:%s %s|", l.faults[t].at, l.faults[t].name, l.faults[t].text);
		assert_string_equal(tags, rows[i].tags);
		/* without a name there is a blank all the same */
		assert_string_equal(faults, rows[i].faults);
		arena_fini(&a);
	}
}

static void
test_bounds(void **state)
{
	(void)state;
	struct arena a;
	struct tag_list l;
	static char many[TAGS_TEXT_MAX + 2];
	arena_init(&a);
	for (size_t i = 0; i < 1000; i++)
		snprintf(many + strlen(many), 16, "t%zu=x;", i);
	tags_read(&a, many, strlen(many), &l);
	assert_int_equal(l.n, TAGS_MAX);
	assert_int_equal(l.n_faults, TAG_FAULTS_MAX);
	memset(many, ';', sizeof many - 1);
	tags_read(&a, many, sizeof many - 1, &l);
	assert_int_equal(l.n, 0);
	assert_int_equal(l.n_faults, 1);
	assert_string_equal(l.faults[0].text, "is too long");
	arena_fini(&a);
}

static const struct {
	const char *text;
	int len; /* -1: not valid */
} base64[] = {
	{ "", -1 },
	{ "AAAA", 3 },
	{ "AAA=", 2 },
	{ "AA==", 1 },
	{ " A A\r\n = =", 1 },
	{ "A===", -1 },
	{ "AAA", -1 },
	{ "AA=A", -1 },
	{ "AAA-", -1 },
	{ "AAAA====", -1 },
};

static void
test_base64(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(base64); i++) {
		struct arena a;
		size_t len = 0;
		ROW(base64[i].text);
		arena_init(&a);
		uint8_t *bytes = tags_base64(&a, base64[i].text, &len);
		assert_int_equal(bytes == NULL ? -1 : (int)len, base64[i].len);
		for (size_t b = 0; b < len; b++)
			assert_int_equal(bytes[b], 0);
		arena_fini(&a);
	}
}

static void
test_words(void **state)
{
	(void)state;
	struct arena a;
	size_t n;
	arena_init(&a);
	const char **words = tags_words(&a, " from : to::subject ", ':', 8, &n);
	assert_int_equal(n, 3);
	assert_string_equal(words[0], "from");
	assert_string_equal(words[2], "subject");
	tags_words(&a, "a:b:c", ':', 2, &n);
	assert_int_equal(n, 2);
	tags_words(&a, "", ':', 2, &n);
	assert_int_equal(n, 0);
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tags),
		cmocka_unit_test(test_bounds),
		cmocka_unit_test(test_base64),
		cmocka_unit_test(test_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
