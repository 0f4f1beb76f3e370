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
	const char *remark; /* how the only one begins; NULL: none */
} cases[] = {
	{ "default", .set = LIST_SET_DEFAULT, .chosen = "zen low unsure domain", .code = ERR_NONE },
	{ "critical", .set = LIST_SET_CRITICAL, .chosen = "zen domain", .code = ERR_NONE },
	{ "with a key, the list of the key", .set = LIST_SET_DEFAULT, .key = true,
	    .chosen = "low unsure keyed domain", .code = ERR_NONE },
	{ "all: no part beside its whole, nothing doubtful", .set = LIST_SET_ALL,
	    .chosen = "zen low rare unsure keyed domain allow", .code = ERR_NONE },
	{ "all with a key: the part stays out, too", .set = LIST_SET_ALL, .key = true,
	    .chosen = "low rare unsure keyed domain allow", .code = ERR_NONE },
	{ "files", .set = LIST_SET_FILES, .chosen = "low new", .code = ERR_NONE },
	{ "only", .set = LIST_SET_DEFAULT, .only = "Part.Example.", .chosen = "part",
	    .code = ERR_NONE },
	{ "only, two, in the order of the catalogue", .set = LIST_SET_DEFAULT,
	    .only = "rare.example,zen.example", .chosen = "zen rare", .code = ERR_NONE },
	{ "only: what is named is asked, doubtful or not", .set = LIST_SET_DEFAULT,
	    .only = "perhaps.example", .chosen = "perhaps", .code = ERR_NONE },
	{ "only: dead", .set = LIST_SET_DEFAULT, .only = "gone.example",
	    .chosen = "the list gone.example died 2020-01: its domain was sold",
	    .code = ERR_USAGE },
	{ "only: dead by a pattern", .set = LIST_SET_DEFAULT, .only = "a.b.old.example",
	    .chosen = "the list a.b.old.example is dead: emptied", .code = ERR_USAGE },
	{ "only: web", .set = LIST_SET_DEFAULT, .only = "web.example",
	    .chosen = "cannot be asked over DNS", .code = ERR_USAGE },
	{ "only: unknown", .set = LIST_SET_DEFAULT, .only = "zne.example",
	    .chosen = "\"zne.example\" is unknown, did you mean zen.example?", .code = ERR_USAGE },
	{ "only: no name", .set = LIST_SET_DEFAULT, .only = "a..b",
	    .chosen = "\"a..b\" is unknown: \"a..b\" is not a domain name", .code = ERR_USAGE },
	{ "only: one label", .set = LIST_SET_DEFAULT, .only = "myblocklist",
	    .chosen = "has only one label", .code = ERR_USAGE },
	{ "only: one that the catalogue does not know", .set = LIST_SET_DEFAULT,
	    .only = "Bl.Mycompany.test.", .chosen = "bl", .code = ERR_NONE,
	    .remark = "the list bl.mycompany.test is unknown to the catalogue" },
	{ "only: that, and one that it knows", .set = LIST_SET_DEFAULT,
	    .only = "bl.mycompany.test,low.example", .chosen = "low bl", .code = ERR_NONE,
	    .remark = "the list bl.mycompany.test is unknown to the catalogue" },
	{ "skip", .set = LIST_SET_DEFAULT, .skip = "low.example,domain.example",
	    .chosen = "zen unsure", .code = ERR_NONE },
	{ "skip what is not asked anyway", .set = LIST_SET_DEFAULT, .skip = "gone.example",
	    .chosen = "zen low unsure domain", .code = ERR_NONE },
	{ "skip: unknown", .set = LIST_SET_DEFAULT, .skip = "unsrue.example",
	    .chosen = "did you mean unsure.example?", .code = ERR_USAGE },
	{ "skip all", .set = LIST_SET_CRITICAL, .skip = "zen.example,domain.example", .chosen = "",
	    .code = ERR_NONE },
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
	*code = catalogue_add_named(&c, &choice, a, err);
	if (*code == ERR_NONE)
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
			assert_int_equal(s.n_remarks, cases[i].remark != NULL);
		const char *one = s.remarks != NULL && s.n_remarks > 0 ? s.remarks[0] : "";
		const char *two = s.remarks != NULL && s.n_remarks > 1 ? s.remarks[1] : "";
		if (cases[i].remark != NULL)
			assert_int_equal(strncmp(one, cases[i].remark, strlen(cases[i].remark)), 0);
		if (cases[i].set != LIST_SET_FILES)
			continue;
		assert_int_equal(s.n_remarks, 2);
		assert_string_equal(one,
		    "the list gone.example is not asked: it died 2020-01: its domain was sold");
		assert_string_equal(two,
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
