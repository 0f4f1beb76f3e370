#include "base/keys.h"

#include "base/arena.h"
#include "test.h"

enum color { RED = 3, GREEN = 7 };

struct thing {
	const char *name, *names[4];
	enum color color;
	unsigned count, n_names;
	int64_t age_s;
	bool old;
};

static enum err_code
add_name(const struct key_line *l, struct err *err)
{
	struct thing *t = l->into;
	if (strcmp(l->value, "nobody") == 0)
		return err_set(err, ERR_CONFIG, "'%s' is not a name", l->value);
	if (l->first)
		t->n_names = 0;
	t->names[t->n_names++] = l->line->value;
	return ERR_NONE;
}

static const struct enumtab_row color_rows[] = { { "red", RED }, { "green", GREEN } };
static const struct enumtab colors = ENUMTAB(color_rows);

#define AT(member) .offset = offsetof(struct thing, member)
static const struct key rows[] = {
	{ "name", key_text, AT(name), .arg = "NAME" },
	{ "color", key_word, AT(color), .words = &colors },
	{ "count", key_count, AT(count), .min = 2, .max = 30 },
	{ "age", key_span, AT(age_s), .min = 60, .max = 86400 },
	{ "old", key_yes_no, AT(old) },
	{ "also", add_name, .many = true },
};
static const struct keys keys = KEYS(rows);
static const struct keys terse = { rows, N_ELEMENTS(rows), .expected = "name or another" };

struct file {
	const struct keys *keys;
	struct arena arena;
	struct thing thing;
	uint64_t seen;
};

static enum err_code
on_key(void *arg, const struct ini_line *line, struct err *err)
{
	struct file *f = arg;
	return keys_read(f->keys, &f->seen, line, &f->thing, &f->arena, err);
}

static void
test_values(void **state)
{
	(void)state;
	static const char text[] = "name = a b\ncolor = Green\ncount = 30\nage = 2h\nold = yes\n"
				   "also = x\nalso = y\n";
	struct file f = { .keys = &keys, .thing = { .n_names = 3 } };
	struct err err;
	arena_init(&f.arena);
	assert_int_equal(ini_read_text("t", text, strlen(text), on_key, &f, &err), ERR_NONE);
	assert_string_equal(f.thing.name, "a b");
	assert_int_equal(f.thing.color, GREEN);
	assert_int_equal(f.thing.count, 30);
	assert_int_equal(f.thing.age_s, 7200);
	assert_true(f.thing.old);
	assert_int_equal(f.thing.n_names, 2);
	/* of a second file that goes on with the first one's: what is new comes in its place */
	f.seen = 0;
	assert_int_equal(ini_read_text("t", "also = z\nold = no\n", 18, on_key, &f, &err),
	    ERR_NONE);
	assert_int_equal(f.thing.n_names, 1);
	assert_false(f.thing.old);
	arena_fini(&f.arena);
}

static const struct {
	const char *text, *error;
	const struct keys *keys;
} refusals[] = {
	{ "nam = x",
	    "t:1: unknown key 'nam': expected one of name, color, count, age, old, also; "
	    "did you mean name?",
	    &keys },
	{ "weight = 1",
	    "t:1: unknown key 'weight': expected one of name, color, count, age, old, also",
	    &keys },
	{ "nam = x", "t:1: unknown key 'nam': did you mean name?", &terse },
	{ "weight = 1", "t:1: unknown key 'weight': expected name or another", &terse },
	{ "Name = x", "t:1: unknown key 'Name': did you mean name?", &terse },
	{ "name = x\n\nname = x", "t:3: name: given a second time: expected it once", &keys },
	{ "name = x\nname =", "t:2: name: given a second time: expected it once", &keys },
	{ "name =", "t:1: name: expected a value (NAME)", &keys },
	{ "count =", "t:1: count: expected a value", &keys },
	{ "also = x\nalso =", "t:2: also: expected a value", &keys },
	{ "also = nobody", "t:1: also: 'nobody' is not a name", &keys },
	{ "color = blue", "t:1: color: 'blue' is not known: expected red or green", &keys },
	{ "count = 1", "t:1: count: '1' is not a whole number from 2 to 30", &keys },
	{ "count = 31", "t:1: count: '31' is not a whole number from 2 to 30", &keys },
	{ "age = 59s", "t:1: age: '59s' is out of range: expected 1m to 1d", &keys },
	{ "age = 2",
	    "t:1: age: '2' is not a time: expected a number followed by s, m, h or d, such as "
	    "30d",
	    &keys },
	{ "old = maybe", "t:1: old: 'maybe' is neither yes nor no", &keys },
};

static void
test_refusals(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(refusals); i++) {
		struct file f = { .keys = refusals[i].keys };
		struct err err = { 0 };
		const char *text = refusals[i].text;
		ROW(text);
		arena_init(&f.arena);
		assert_int_equal(ini_read_text("t", text, strlen(text), on_key, &f, &err),
		    ERR_CONFIG);
		assert_string_equal(err.text, refusals[i].error);
		arena_fini(&f.arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_values),
		cmocka_unit_test(test_refusals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
