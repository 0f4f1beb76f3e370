/* What a case expects: questions, findings, texts, and what is known. */
#include "by_name.h"
#include "golden.h"
#include "judge_priv.h"

#include <stdlib.h>

#include "base/buf.h"
#include "report/render.h"
#include "test.h"
#include "views/spf.h"

enum { PTR_MATCHES = EHLO_PTR_OTHER + 1, TEXT_MAX = 4 << 20 };

static void
check_asked(struct run *r)
{
	size_t index;
	json_t *row;
	json_array_foreach (json_object_get(r->json, "dns"), index, row) {
		bool unasked = json_get_bool(&r->reader, json_array_get(row, 4), "unasked", false);
		if (r->asked[index] == unasked)
			fail_msg("%s %s was %s", case_text(row, 0), case_text(row, 1),
			    unasked ? "asked" : "never asked");
	}
}

static const char *
asked_key(const struct facts *f, const char *part)
{
	for (size_t i = 0; i < f->n; i++)
		if (strstr(f->list[i]->key, part) != NULL)
			return f->list[i]->key;
	return NULL;
}

static void
check_wanted(struct run *r)
{
	size_t n;
	const char **parts = case_strings(r, json_object_get(r->json, "unwanted"), &n);
	for (size_t i = 0; i < n; i++)
		if (asked_key(&r->facts, parts[i]) != NULL)
			fail_msg("%s was asked", asked_key(&r->facts, parts[i]));
	parts = case_strings(r, json_object_get(r->json, "wanted"), &n);
	for (size_t i = 0; i < n; i++)
		if (asked_key(&r->facts, parts[i]) == NULL)
			fail_msg("%s was never asked", parts[i]);
	const json_t *questions = json_object_get(r->json, "questions");
	if (questions != NULL)
		assert_int_equal(r->facts.n, json_integer_value(questions));
}

/* A sentence part: it starts in lower case, but for abbreviations and names, and has no stop. */
static void
check_style(const char *text)
{
	bool upper = text[0] >= 'A' && text[0] <= 'Z' && text[1] >= 'a' && text[1] <= 'z';
	if (upper || text[strlen(text) - 1] == '.')
		fail_msg("a finding's text starts in lower case and has no final stop: %s", text);
}

/* What is to be copied has no stop after it. */
static void
check_copyable(const char *remedy)
{
	for (const char *url = strstr(remedy, "://"); url != NULL; url = strstr(url + 3, "://")) {
		size_t len = strcspn(url, " `");
		if (strchr(".,;)", url[len - 1]) != NULL)
			fail_msg("a stop after an address: %s", remedy);
	}
	for (const char *mark = strchr(remedy, '`'); mark != NULL; mark = strchr(mark + 1, '`'))
		if (mark[1] != '\0' && strchr(".,;)", mark[1]) != NULL)
			fail_msg("a stop after a command: %s", remedy);
}

static void
check_findings(struct run *r, const struct findings *found)
{
	const char *got = "", *want = "";
	for (size_t i = 0; i < found->n; i++) {
		const struct finding *f = found->list[i];
		got = arena_printf(&r->arena, "%s %s:%s", got, f->rule->id,
		    enumtab_name(&verdict_names, (int)f->verdict));
		/* outside text never gets out raw */
		for (const char *c = f->text; *c != '\0'; c++)
			assert_true((unsigned char)*c >= ' ');
		for (const char *c = f->headline; *c != '\0'; c++)
			assert_true((unsigned char)*c >= ' ');
		assert_in_range(strlen(f->headline), 1, HEADLINE_MAX);
		check_style(f->text);
		assert_non_null(f->subject);
		assert_non_null(f->remedy);
		check_copyable(f->remedy);
	}
	size_t n;
	const json_t *expected = json_object_get(r->json, "expect");
	const char **expect = case_strings(r, expected, &n);
	for (size_t i = 0; i < n; i++)
		want = arena_printf(&r->arena, "%s %s", want, expect[i]);
	if (expected != NULL || r->n_checks == 1)
		assert_string_equal(got, want);
}

static void
check_text(struct run *r, const char *key, const char *text, bool there)
{
	size_t n;
	const char **parts = case_strings(r, json_object_get(r->json, key), &n);
	for (size_t i = 0; i < n; i++)
		if ((strstr(text, parts[i]) != NULL) != there)
			fail_msg("\"%s\" is %s %s:\n%s", parts[i], there ? "not in" : "in", key,
			    text);
}

static void
check_parts(struct run *r, const struct findings *found)
{
	const char *texts = "", *remedies = "", *reasons = "";
	for (size_t i = 0; i < found->n; i++) {
		const struct finding *f = found->list[i];
		texts = arena_printf(&r->arena, "%s%s\n", texts, f->text);
		remedies = arena_printf(&r->arena, "%s%s\n", remedies, f->remedy);
		reasons = arena_printf(&r->arena, "%s%s\n", reasons, f->why);
	}
	check_text(r, "text", texts, true);
	check_text(r, "remedy", remedies, true);
	check_text(r, "why", reasons, true);
	check_text(r, "not_text", texts, false);
	check_text(r, "not_remedy", remedies, false);
	check_text(r, "not_why", reasons, false);
}

/* A text of a finding: "=all of it", "" for none, or parts. */
static void
check_words(struct run *r, const json_t *want, const char *key, const char *text)
{
	size_t n;
	const char **parts = case_strings(r, json_object_get(want, key), &n);
	for (size_t i = 0; i < n; i++) {
		if (parts[i][0] == '=' || parts[i][0] == '\0')
			assert_string_equal(text, parts[i] + (parts[i][0] == '='));
		else if (strstr(text, parts[i]) == NULL)
			fail_msg("\"%s\" is not in the %s: %s", parts[i], key, text);
	}
}

static void
check_finding(struct run *r, const json_t *want, const struct finding *f)
{
	const char *first = json_string_value(json_object_get(want, "first"));
	const json_t *n = json_object_get(want, "evidence");
	check_words(r, want, "subject", f->subject);
	check_words(r, want, "headline", f->headline);
	check_words(r, want, "text", f->text);
	check_words(r, want, "remedy", f->remedy);
	check_words(r, want, "severity", enumtab_name(&severity_names, (int)f->severity));
	if (json_object_get(want, "sums_up") != NULL)
		assert_int_equal(f->sums_up, json_is_true(json_object_get(want, "sums_up")));
	if (json_object_get(want, "required") != NULL)
		assert_int_equal(f->rule->required,
		    json_is_true(json_object_get(want, "required")));
	if (n != NULL)
		assert_int_equal(f->n_evidence, json_integer_value(n));
	if (first != NULL) {
		assert_true(f->n_evidence > 0);
		assert_string_equal(f->evidence[0]->key, first);
	}
}

/*
 * "findings": of each, its rule, in the order of what was found, and what else a case wants to say;
 * "each": what all of them have in common.
 */
static void
check_each(struct run *r, const struct findings *found)
{
	size_t index, at = 0;
	json_t *want;
	json_array_foreach (json_object_get(r->json, "findings"), index, want) {
		const char *rule = json_need_string(&r->reader, want, "rule");
		while (at < found->n && strcmp(found->list[at]->rule->id, rule) != 0)
			at++;
		if (at == found->n)
			fail_msg("there is no finding %s, or not in this place", rule);
		else
			check_finding(r, want, found->list[at++]);
	}
	const json_t *common = json_object_get(r->json, "each");
	for (size_t i = 0; i < found->n && common != NULL; i++)
		check_finding(r, common, found->list[i]);
	const char *verdict = json_string_value(json_object_get(r->json, "verdict"));
	if (verdict != NULL)
		assert_string_equal(enumtab_name(&verdict_names, (int)findings_verdict(found)),
		    verdict);
}

/* Blanks and line ends as one blank each, so that where a line is broken does not matter. */
static void
join_lines(char *text)
{
	char *to = text;
	for (const char *from = text; *from != '\0'; from++) {
		char c = *from;
		if (c == '\n')
			c = ' ';
		if (c != ' ' || (to > text && to[-1] != ' '))
			*to++ = c;
	}
	*to = '\0';
}

/* "golden": the table of receivers, which is the end of the text, byte by byte. */
static void
check_golden(struct run *r, const char *text)
{
	const char *name = json_string_value(json_object_get(r->json, "golden"));
	const char *table = strstr(text, "\nReceivers ");
	struct buf got;
	if (name == NULL)
		return;
	if (table == NULL)
		fail_msg("there is no table of receivers in:\n%s", text);
	buf_init(&got, TEXT_MAX);
	buf_puts(&got, table + 1);
	golden_compare(arena_printf(&r->arena, "tests/golden/receivers/%s.text", name), &got);
	buf_fini(&got);
}

/* The report as people see it. */
static void
check_shown(struct run *r, const struct findings *found)
{
	const json_t *options = json_object_get(r->json, "options");
	struct report report = {
		.target = &r->target,
		.facts = &r->facts,
		.known = &r->known,
		.checks = r->checks,
		.n_checks = r->n_checks,
		.findings = found,
		.verdict = findings_verdict(found),
		.arena = &r->arena,
	};
	struct render_options how = {
		.verbose = (int)json_get_int(&r->reader, options, "verbose", 0, 2, 0),
		.quiet = json_get_bool(&r->reader, options, "quiet", false),
	};
	struct buf text;
	buf_init(&text, TEXT_MAX);
	buf_puts(&text, "");
	renderer_by_name("text")->report(&report, &how, &text);
	assert_false(text.failed);
	check_golden(r, text.data);
	join_lines(text.data);
	check_text(r, "shown", text.data, true);
	check_text(r, "not_shown", text.data, false);
	buf_fini(&text);
}

static void
check_items(struct run *r, const struct preflight_address *at)
{
	const char *got = "", *want = "";
	size_t n;
	for (size_t i = 0; i < at->n; i++)
		got = arena_printf(&r->arena, "%s %s:%s", got,
		    enumtab_name(&stage_names, (int)at->items[i].stage),
		    enumtab_name(&preflight_state_names, (int)at->items[i].state));
	const char **expect = case_strings(r, json_object_get(r->json, "items"), &n);
	for (size_t i = 0; i < n; i++)
		want = arena_printf(&r->arena, "%s %s", want, expect[i]);
	assert_string_equal(got, want);
}

static void
check_preflight(struct run *r, const struct findings *found)
{
	size_t n;
	const char **names = case_strings(r, json_object_get(r->json, "providers"), &n);
	const struct provider **providers = arena_array(&r->arena, n + 1, sizeof *providers);
	for (size_t i = 0; i < n; i++)
		providers[i] = provider_by_name(names[i]);
	const struct preflight_input in = { .server = &r->intent.servers[0],
		.known = &r->known,
		.findings = found,
		.checks = r->checks,
		.n_checks = r->n_checks,
		.providers = providers,
		.n_providers = n,
		.options = "" };
	struct render_options how = { .verbose = 0 };
	struct buf text;
	preflight_look(&in, &r->arena, &r->intent.servers[0].addresses[0]);
	check_items(r, &r->intent.servers[0].addresses[0]);
	buf_init(&text, TEXT_MAX);
	preflight_text(&r->intent, &how, &text);
	assert_false(text.failed);
	join_lines(text.data);
	check_text(r, "preflight", text.data, true);
	check_text(r, "not_preflight", text.data, false);
	buf_fini(&text);
}

static json_t *
strings_json(const char *const *list, size_t n)
{
	json_t *array = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, json_string(list[i]));
	return array;
}

static json_t *
ptr_json(struct run *r)
{
	const struct ptr_view *v = known_ptr(&r->known);
	return json_pack("{s:s, s:o, s:o}", "status",
	    enumtab_name(&ptr_status_names, (int)v->status), "names",
	    strings_json(v->names, v->n_names), "chain", strings_json(v->chain, v->n_chain));
}

static json_t *
iprev_json(struct run *r)
{
	const struct iprev_view *v = known_iprev(&r->known);
	return json_pack("{s:s, s:o, s:o}", "result",
	    enumtab_name(&iprev_result_names, (int)v->result), "confirmed",
	    strings_json(v->confirmed, v->n_confirmed), "unknown",
	    strings_json(v->unknown, v->n_unknown));
}

static json_t *
generic_json(struct run *r)
{
	const struct generic_view *v = known_generic(&r->known);
	return json_pack("{s:b, s:b, s:s, s:s, s:s, s:s}", "judged", v->judged, "is_generic",
	    v->is_generic, "class", enumtab_name(&generic_class_names, (int)v->class), "name",
	    v->name, "provider", v->provider, "match", v->match);
}

static json_t *
ehlo_json(struct run *r)
{
	static const char *const matches[PTR_MATCHES] = { "unknown", "same", "org", "other" };
	const struct ehlo_view *v = known_ehlo(&r->known);
	return json_pack("{s:s, s:s, s:s, s:b, s:b, s:s}", "source",
	    enumtab_name(&ehlo_source_names, (int)v->source), "name", v->name, "result",
	    enumtab_name(&iprev_result_names, (int)v->result), "literal", v->literal, "resolves",
	    v->resolves, "ptr_match", matches[v->ptr_match]);
}

static json_t *
spf_json(struct run *r)
{
	static const struct spf_check nobody = { .domain = "", .explanation = "" };
	const struct spf_view *v = known_spf(&r->known);
	const struct spf_check *c = v->main != NULL ? v->main : &nobody;
	json_t *json = json_pack("{s:i, s:i, s:s, s:s}", "lookups", (int)c->lookups, "voids",
	    (int)c->voids, "domain", c->domain, "explanation", c->explanation);
	if (v->main != NULL)
		json_put_word(json, "result", &spf_result_names, (int)c->result);
	if (v->helo != NULL)
		json_put_word(json, "helo_result", &spf_result_names, (int)v->helo->result);
	return json;
}

static const struct view_row {
	const char *name;
	json_t *(*make)(struct run *r);
} views[] = {
	{ "ptr", ptr_json },
	{ "iprev", iprev_json },
	{ "generic", generic_json },
	{ "ehlo", ehlo_json },
	{ "spf", spf_json },
};

static int
compare_texts(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

/* Members that a case names must be equal; repetitions in arrays are written out, and sorted. */
static void
check_member(struct run *r, const char *view, const char *key, const json_t *want,
    const json_t *got)
{
	json_t *expanded = json_deep_copy(want);
	if (json_is_array(want)) {
		size_t n;
		const char **list = case_strings(r, want, &n);
		if (n != json_array_size(want))
			qsort(list, n, sizeof(*list), compare_texts);
		json_decref(expanded);
		expanded = strings_json(list, n);
	}
	char *want_text = json_dumps(expanded, JSON_ENCODE_ANY | JSON_COMPACT);
	char *got_text = json_dumps(got, JSON_ENCODE_ANY | JSON_COMPACT);
	bool equal = json_equal(expanded, got) != 0;
	json_decref(expanded);
	if (!equal)
		fail_msg("%s.%s is %s, not %s", view, key, got_text, want_text);
	free(want_text);
	free(got_text);
}

static void
check_views(struct run *r)
{
	const json_t *want = json_object_get(r->json, "view");
	for (size_t i = 0; i < N_ELEMENTS(views); i++) {
		json_t *members = json_object_get(want, views[i].name);
		if (members == NULL)
			continue;
		json_t *got = views[i].make(r);
		assert_non_null(got);
		for (void *at = json_object_iter(members); at != NULL;
		     at = json_object_iter_next(members, at)) {
			const char *key = json_object_iter_key(at);
			check_member(r, views[i].name, key, json_object_iter_value(at),
			    json_object_get(got, key));
		}
		json_decref(got);
	}
}

void
case_check(struct run *r, const struct findings *found)
{
	check_asked(r);
	check_wanted(r);
	check_findings(r, found);
	check_each(r, found);
	check_parts(r, found);
	check_shown(r, found);
	check_views(r);
	if (r->preflight)
		check_preflight(r, found);
}
