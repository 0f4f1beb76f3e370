/* Templates of webhooks: what is filled in where, how it is cut, and what is refused with which words. */
#include "test.h"

#include <stdlib.h>

#include "base/json.h"
#include "notify/template_priv.h"
#include "own_dir.h"

static const char values[] =
    "{\"title\": \"<b> & \\\"q\\\"\", \"level\": \"high\", \"state\": \"firing\", \"kind\": null,"
    " \"time\": \"\xf0\x9f\x92\xa3\xf0\x9f\x92\xa3\xf0\x9f\x92\xa3\xf0\x9f\x92\xa3\","
    " \"events\": [{\"text\": \"one\", \"state\": \"resolved\"}, {\"text\": \"${key}\"},"
    " {\"text\": \"three\"}]}";

static void
write_template(const char *text)
{
	FILE *f = fopen("t.json", "we");
	assert_non_null(f);
	assert_true(fputs(text, f) >= 0);
	assert_int_equal(fclose(f), 0);
}

static const struct {
	const char *name, *template, *body;
} rows[] = {
	{ "a value is one string, whatever is in it", "{'body': {'a': 'x ${title}'}}",
	    "{'a':'x <b> & \\'q\\''}" },
	{ "escapes are the template's, for values alone",
	    "{'escape': {'<': '&lt;', '&': '&amp;'}, 'body': ['< ${title}']}",
	    "['< &lt;b> &amp; \\'q\\'']" },
	{ "cut", "{'body': ['${title:6}']}", "['<b>...']" },
	{ "it just fits", "{'body': ['${title:9}']}", "['<b> & \\'q\\'']" },
	{ "half of an escape is none", "{'escape': {'&': '&amp;'}, 'body': ['${title:10}']}",
	    "['<b> ...']" },
	{ "a character of two units is not cut", "{'body': ['${time:6}']}",
	    "['\xf0\x9f\x92\xa3...']" },
	{ "what is empty is left out",
	    "{'body': {'a': '${kind}', 'b': 'k: ${kind}', 'c': ['${kind}']}}", "{'c':[]}" },
	{ "what is not all empty stays", "{'body': ['${kind}:${level}']}", "[':high']" },
	{ "an object on a condition",
	    "{'body': [{'$if': 'kind', 'a': 1}, {'$if': 'level', 'a': 2}]}", "[{'a':2}]" },
	{ "words",
	    "{'words': {'w': {'from': 'level', 'to': {'high': 4, '*': 'x'}}}, 'body': ['${w}', "
	    "'p${w}']}",
	    "[4,'p4']" },
	{ "a word that is null",
	    "{'words': {'w': {'from': 'level', 'to': {'*': null}}}, 'body': {'a': 'v ${w}', 'b': "
	    "'${w}', 'c': 'v ${w}${level}'}}",
	    "{'c':'v high'}" },
	{ "a number is joined as text",
	    "{'words': {'w': {'from': 'level', 'to': {'high': 4}}}, 'body': [{'$join': '+', '$of': "
	    "['${w}', 'a', '${w}']}]}",
	    "['4+a+4']" },
	{ "another word",
	    "{'words': {'w': {'from': 'state', 'to': {'high': 4, '*': 'l ${level}'}}}, 'body': "
	    "['${w}']}",
	    "['l high']" },
	{ "no word",
	    "{'words': {'w': {'from': 'state', 'to': {'high': 4}}}, 'body': {'a': '${w}'}}", "{}" },
	{ "each event, and how many more",
	    "{'body': [0, {'$each': 'events', '$max': 2, '$item': {'t': '${text}', 's': "
	    "'${state}'}, '$rest': '${more} more'}]}",
	    "[0,{'t':'one','s':'resolved'},{'t':'${key}','s':'firing'},'1 more']" },
	{ "as many as fit, and how many more",
	    "{'body': [{'$each': 'events', '$max': 3, '$limit': 9, '$item': {'t': ['${text}']}, "
	    "'$rest': '${more} more'}]}",
	    "[{'t':['one']},{'t':['${key}']},'1 more']" },
	{ "no more",
	    "{'body': [{'$each': 'events', '$max': 3, '$item': '${text}', '$rest': '${more} "
	    "more'}]}",
	    "['one','${key}','three']" },
	{ "joined",
	    "{'body': {'a': {'$join': '+', '$of': ['${kind}', {'$each': 'events', '$max': 9, "
	    "'$item': '${text}'}]}}}",
	    "{'a':'one+${key}+three'}" },
	{ "as much as fits",
	    "{'body': {'a': {'$join': '+', '$limit': 12, '$of': [{'$each': 'events', '$max': 9, "
	    "'$item': '${text}'}]}}}",
	    "{'a':'one+...'}" },
	{ "joined of nothing", "{'body': {'a': {'$join': '+', '$of': ['${kind}']}}}", "{}" },
	{ "one event", "{'per': 'event', 'body': ['${text} ${state} ${level}']}",
	    "['one resolved high']" },
	{ "of the sending", "{'body': ['${key} ${topic}', 1, true, null]}",
	    "['k\\'ey to<pic',1,true,null]" },
};

/* Quotes are single ones in the tables. */
static const char *
quoted(const char *text, char *out)
{
	char *p = out;
	for (; *text != '\0'; text++)
		*p++ = *text == '\'' ? '"' : *text;
	*p = '\0';
	return out;
}

static void
test_filled(void **state)
{
	(void)state;
	struct err err;
	char text[1000], expected[1000];
	json_t *of = json_read(values, strlen(values), &err);
	assert_non_null(of);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct filled filled = { .body = NULL };
		struct webhook_template about;
		const struct filling with = { .values = of, .key = "k\"ey", .topic = "to<pic" };
		ROW(rows[i].name);
		write_template(quoted(rows[i].template, text));
		json_t *document = template_read("t.json", &about, &err);
		if (document == NULL ||
		    template_fill(document, &about, &with, &filled, &err) != ERR_NONE)
			fail_msg("%s", err.text);
		assert_string_equal(filled.body, quoted(rows[i].body, expected));
		filled_free(&filled);
		json_decref(document);
	}
	json_decref(of);
}

/* What is a number in the body is text in a header; what is empty is no header. */
static void
test_headers(void **state)
{
	(void)state;
	struct err err;
	char text[1000];
	struct filled filled = { .body = NULL };
	struct webhook_template about;
	json_t *of = json_read(values, strlen(values), &err);
	const struct filling with = { .values = of, .key = "", .topic = "" };
	write_template(quoted("{'words': {'w': {'from': 'level', 'to': {'high': 4}}, 'n': {'from': "
			      "'level', 'to': {'*': null}}}, 'headers': {'Priority': '${w}', 'X': "
			      "'${n}'}, 'body': ['${w}']}",
	    text));
	json_t *document = template_read("t.json", &about, &err);
	if (document == NULL || template_fill(document, &about, &with, &filled, &err) != ERR_NONE)
		fail_msg("%s", err.text);
	const char *priority = json_string_value(json_object_get(filled.headers, "Priority"));
	assert_non_null(priority);
	assert_string_equal(priority, "4");
	assert_int_equal(json_object_size(filled.headers), 1);
	assert_string_equal(filled.body, "[4]");
	filled_free(&filled);
	json_decref(document);
	json_decref(of);
}

static const struct {
	const char *template, *words[2];
} refusals[] = {
	{ "[", { "t.json" } },
	{ "{}", { "there is no body" } },
	{ "{'body': 1, 'x': 2}", { "no member 'x'" } },
	{ "{'body': {'a': ['b', '${titel}']}}", { "body.a[1]:", "called titel" } },
	{ "{'body': '${title'}", { "body:", "expected ${NAME}" } },
	{ "{'body': '${}'}", { "expected ${NAME}" } },
	{ "{'body': '${title:3}'}", { "a limit from 4" } },
	{ "{'body': '${title:}'}", { "a limit from 4" } },
	{ "{'body': '${title:99999999999999999999}'}", { "a limit from 4" } },
	{ "{'body': '${text}'}", { "called text" } },
	{ "{'body': ['${more}']}", { "called more" } },
	{ "{'body': {'$each': 'events', '$max': 1, '$item': 1}}", { "as an item of an array" } },
	{ "{'body': [{'$each': 'servers', '$max': 1, '$item': 1}]}", { "\"events\"" } },
	{ "{'body': [{'$each': 'events', '$item': 1}]}", { "in $max" } },
	{ "{'body': [{'$each': 'events', '$max': 1}]}", { "$item beside" } },
	{ "{'body': [{'$each': 'events', '$max': 1, '$limit': 0, '$item': 1}]}", { "in $limit" } },
	{ "{'body': [{'$each': 'events', '$max': 1, '$item': 1, 'x': 1}]}",
	    { "not a member of $each: x" } },
	{ "{'body': [{'$each': 'events', '$max': 1, '$item': ['${nam}']}]}",
	    { "body[0].$item[0]:", "called nam" } },
	{ "{'body': {'$join': 1, '$of': []}}", { "a string in $join" } },
	{ "{'body': {'$if': 'x', 'a': 1}}", { "body.$if:" } },
	{ "{'body': {'$x': 1}}", { "body.$x:" } },
	{ "{'body': 1, 'per': 'run'}", { "\"message\" or \"event\"" } },
	{ "{'body': 1, 'repeat': true}", { "only with \"event\"" } },
	{ "{'body': 1, 'headers': {'A:': 'b'}}", { "headers.A::", "not a header" } },
	{ "{'body': 1, 'headers': {'content-length': '1'}}", { "headers.content-length:" } },
	{ "{'body': 1, 'headers': {'Mailready-Id': '1'}}", { "not for a template" } },
	{ "{'body': 1, 'headers': []}", { "headers: expected an object" } },
	{ "{'body': 1, 'words': 3}", { "words: expected an object" } },
	{ "{'body': 1, 'escape': [1]}", { "escape: expected an object" } },
	{ "{'body': 1, 'escape': {'ab': 'c'}}", { "single ASCII" } },
	{ "{'body': 1, 'words': {'w': {'from': 'x', 'to': {}}}}", { "w:", "called x" } },
	{ "{'body': 1, 'words': {'w': {'from': 'level', 'to': {'a': '${w}'}}}}",
	    { "w.a:", "called w" } },
	{ "{'body': 1, 'words': {'w': {'from': 'level', 'to': {'a': []}}}}",
	    { "w.a:", "a whole number" } },
	{ "{'body': [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}", { "nested too deeply" } },
};

static void
test_refusals(void **state)
{
	(void)state;
	char text[1000];
	for (size_t i = 0; i < N_ELEMENTS(refusals); i++) {
		struct webhook_template about;
		struct err err;
		ROW(refusals[i].template);
		write_template(quoted(refusals[i].template, text));
		assert_int_equal(webhook_template_check("t.json", &about, &err), ERR_CONFIG);
		for (size_t k = 0; k < 2 && refusals[i].words[k] != NULL; k++)
			if (strstr(err.text, refusals[i].words[k]) == NULL)
				fail_msg("'%s' does not say '%s'", err.text, refusals[i].words[k]);
	}
	struct webhook_template about;
	struct err err;
	assert_int_equal(webhook_template_check("none.json", &about, &err), ERR_NOINPUT);
}

static void
test_kinds(void **state)
{
	(void)state;
	static const struct {
		const char *kind;
		bool per_event, repeat, key, topic;
	} kinds[] = {
		{ "slack", false, false, false, false },
		{ "mattermost", false, false, false, false },
		{ "teams", false, false, false, false },
		{ "discord", false, false, false, false },
		{ "ntfy", false, false, false, true },
		{ "pagerduty", true, false, true, false },
		{ "alertmanager", true, true, false, false },
	};
	setenv("MAILREADY_DATA", "data", 1);
	for (size_t i = 0; i < N_ELEMENTS(kinds); i++) {
		struct webhook_template about = { .per_event = false };
		struct err err;
		char path[4096];
		ROW(kinds[i].kind);
		if (webhook_kind_path(kinds[i].kind, path, sizeof path, &err) != ERR_NONE ||
		    webhook_template_check(path, &about, &err) != ERR_NONE)
			fail_msg("%s", err.text);
		assert_int_equal(about.per_event, kinds[i].per_event);
		assert_int_equal(about.repeat, kinds[i].repeat);
		assert_int_equal(about.needs_key, kinds[i].key);
		assert_int_equal(about.needs_topic, kinds[i].topic);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_kinds),
		cmocka_unit_test_setup_teardown(test_filled, own_dir_enter, own_dir_leave),
		cmocka_unit_test_setup_teardown(test_headers, own_dir_enter, own_dir_leave),
		cmocka_unit_test_setup_teardown(test_refusals, own_dir_enter, own_dir_leave),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
