#include "test.h"

#include "base/arena.h"
#include "lists/keyring.h"
#include "lists/select.h"

#define CODE "code.127.0.0.2 = low x\n"

static const char first[] =
    "[zen.example]\nimpact = critical\n" CODE "[low.example]\n" CODE
    "[part.example]\npart-of = zen.example\ndefault = no\n" CODE
    "[rare.example]\ndefault = no\n" CODE "[unsure.example]\nstate = unsure\n" CODE
    "[keyed.example]\nimpact = critical\nkey = some\nstands-for = zen.example\n" CODE
    "[domain.example]\nfamily = domain\nimpact = critical\n" CODE
    "[allow.example]\nkind = allow\ndefault = no\n" CODE
    "[web.example]\nkind = web\nfamily = none\nimpact = high\nwhy = so\n"
    "[gone.example]\nstate = dead\nclosed = 2020-01\nhow = its domain was sold\n"
    "[*.old.example]\nstate = dead\nhow = emptied\n"
    "[perhaps.example]\nstate = doubtful\nhow = silent\n" CODE;

static const char second[] = "low.example\nnew.example\ngone.example\nx.old.example\n";

static const struct {
	const char *name;
	enum list_set set;
	bool key;
	const char *only, *skip;
	const char *chosen; /* labels in order, or what the error says */
	enum err_code code;
} cases[] = {
	{ "default", LIST_SET_DEFAULT, false, NULL, NULL, "zen low unsure domain", ERR_NONE },
	{ "critical", LIST_SET_CRITICAL, false, NULL, NULL, "zen domain", ERR_NONE },
	{ "with a key, the list of the key", LIST_SET_DEFAULT, true, NULL, NULL,
	    "low unsure keyed domain", ERR_NONE },
	{ "all: no part beside its whole, nothing doubtful", LIST_SET_ALL, false, NULL, NULL,
	    "zen low rare unsure keyed domain allow", ERR_NONE },
	{ "all with a key: the part stays out, too", LIST_SET_ALL, true, NULL, NULL,
	    "low rare unsure keyed domain allow", ERR_NONE },
	{ "files", LIST_SET_FILES, false, NULL, NULL, "low new", ERR_NONE },
	{ "only", LIST_SET_DEFAULT, false, "Part.Example.", NULL, "part", ERR_NONE },
	{ "only, two, in the order of the catalogue", LIST_SET_DEFAULT, false,
	    "rare.example,zen.example", NULL, "zen rare", ERR_NONE },
	{ "only: what is named is asked, doubtful or not", LIST_SET_DEFAULT, false,
	    "perhaps.example", NULL, "perhaps", ERR_NONE },
	{ "only: dead", LIST_SET_DEFAULT, false, "gone.example", NULL,
	    "the list gone.example died 2020-01: its domain was sold", ERR_USAGE },
	{ "only: dead by a pattern", LIST_SET_DEFAULT, false, "a.b.old.example", NULL,
	    "the list a.b.old.example is dead: emptied", ERR_USAGE },
	{ "only: web", LIST_SET_DEFAULT, false, "web.example", NULL, "cannot be asked over DNS",
	    ERR_USAGE },
	{ "only: unknown", LIST_SET_DEFAULT, false, "zne.example", NULL,
	    "\"zne.example\" is unknown, did you mean zen.example?", ERR_USAGE },
	{ "only: no name", LIST_SET_DEFAULT, false, "a..b", NULL, "\"a..b\" is unknown;",
	    ERR_USAGE },
	{ "skip", LIST_SET_DEFAULT, false, NULL, "low.example,domain.example", "zen unsure",
	    ERR_NONE },
	{ "skip what is not asked anyway", LIST_SET_DEFAULT, false, NULL, "gone.example",
	    "zen low unsure domain", ERR_NONE },
	{ "skip: unknown", LIST_SET_DEFAULT, false, NULL, "unsrue.example",
	    "did you mean unsure.example?", ERR_USAGE },
	{ "skip all", LIST_SET_CRITICAL, false, NULL, "zen.example,domain.example", "", ERR_NONE },
};

static size_t
split(char *text, const char **out)
{
	size_t n = 0;
	for (char *word = strsep(&text, ","); word != NULL; word = strsep(&text, ","))
		out[n++] = word;
	return n;
}

static void
select_case(size_t i, struct arena *a, struct list_selection *out, struct err *err,
    enum err_code *code)
{
	struct catalogue c = { 0 };
	char only_text[100], skip_text[100], name[] = "MAILREADY_KEY_SOME=abc";
	char *env[] = { name, NULL };
	const char *only[4], *skip[4];
	struct keyring *k = keyring_new();
	assert_int_equal(catalogue_read_text(&c, a, "f", first, strlen(first), err), ERR_NONE);
	struct list_choice choice = { .set = cases[i].set,
		.first_file = 2,
		.only = only,
		.skip = skip };
	assert_int_equal(catalogue_read_text(&c, a, "g", second, strlen(second), err), ERR_NONE);
	if (cases[i].set != LIST_SET_FILES) {
		/* "new" of the second file would be asked by default */
		c.n--;
	}
	if (cases[i].key)
		assert_int_equal(keyring_read_env(k, env, err), ERR_NONE);
	if (cases[i].only != NULL) {
		snprintf(only_text, sizeof only_text, "%s", cases[i].only);
		choice.n_only = split(only_text, only);
	}
	if (cases[i].skip != NULL) {
		snprintf(skip_text, sizeof skip_text, "%s", cases[i].skip);
		choice.n_skip = split(skip_text, skip);
	}
	*code = catalogue_select(&c, &choice, k, a, out, err);
	keyring_free(k);
}

static void
test_select(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct arena a;
		struct list_selection s = { .n_remarks = 0 };
		struct err err = { 0 };
		enum err_code code;
		char got[300] = "";
		size_t used = 0;
		ROW(cases[i].name);
		arena_init(&a);
		select_case(i, &a, &s, &err, &code);
		assert_int_equal(code, cases[i].code);
		for (size_t k = 0; code == ERR_NONE && k < s.lists.n; k++) {
			const char *zone = s.lists.lists[k].zone;
			if (strcmp(zone, "new.example") == 0 && cases[i].set != LIST_SET_FILES)
				continue;
			used += (size_t)snprintf(got + used, sizeof got - used, "%s%.*s",
			    used > 0 ? " " : "", (int)strcspn(zone, "."), zone);
		}
		if (code == ERR_NONE)
			assert_string_equal(got, cases[i].chosen);
		else if (strstr(err.text, cases[i].chosen) == NULL)
			fail_msg("said: %s", err.text);
		arena_fini(&a);
	}
}

static void
test_remarks(void **state)
{
	(void)state;
	struct arena a;
	struct list_selection s = { .n_remarks = 0 };
	struct err err = { 0 };
	enum err_code code;
	arena_init(&a);
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		ROW(cases[i].name);
		select_case(i, &a, &s, &err, &code);
		if (code == ERR_NONE && cases[i].set != LIST_SET_FILES)
			assert_int_equal(s.n_remarks, 0);
		if (cases[i].set != LIST_SET_FILES)
			continue;
		assert_int_equal(s.n_remarks, 2);
		assert_string_equal(s.remarks[0],
		    "the list gone.example is not asked: it died 2020-01: its domain was sold");
		assert_string_equal(s.remarks[1],
		    "the list x.old.example is not asked: it is dead: emptied");
	}
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_select),
		cmocka_unit_test(test_remarks),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
