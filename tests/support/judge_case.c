/* Cases of the judges: reads them, gathers their facts, judges, and compares. */
#include "judge_case.h"

#include <glob.h>
#include <stdlib.h>
#include <time.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "base/mem.h"
#include "base/name.h"
#include "checks/finding.h"
#include "checks/registry.h"
#include "fix/now.h"
#include "gather/dump.h"
#include "judge_lists.h"
#include "lists/catalogue.h"
#include "preflight/preflight.h"
#include "report/render.h"
#include "test.h"
#include "views/generic_table.h"
#include "views/understanding.h"

enum { FILE_MAX = 4 << 20, ROUNDS_MAX = 50, PTR_MATCHES = EHLO_PTR_OTHER + 1 };

/* A case on its way: everything lives in the arena. */
struct run {
	struct arena arena;
	struct err err;
	struct json_reader reader;
	struct catalogue lists;
	struct generic_table *generic;
	struct policy policy;
	struct target target;
	struct facts facts;
	struct understanding known;
	const json_t *json;
	const struct check *const *checks;
	size_t n_checks;
	bool *asked; /* rows of "dns" that a fact took */
	struct preflight intent;
};

static char *
copy_text(const char *text, size_t len)
{
	char *copy = mem_zalloc(len + 1, 1);
	memcpy(copy, text, len);
	return copy;
}

/* Members are laid over those that are there; an object over an object, member by member. */
static void
lay_over(json_t *below, const json_t *above)
{
	for (void *at = json_object_iter((json_t *)(uintptr_t)above); at != NULL;
	     at = json_object_iter_next((json_t *)(uintptr_t)above, at)) {
		json_t *value = json_object_iter_value(at);
		json_t *old = json_object_get(below, json_object_iter_key(at));
		if (json_is_object(value) && json_is_object(old))
			lay_over(old, value);
		else
			json_object_set(below, json_object_iter_key(at), value);
	}
}

/* "like": what is given to a case before this one is given to this one, too. */
static void
inherit(json_t *document, size_t index, json_t *one)
{
	static const char *const given[] = { "target", "policy", "answers", "dns", "smtp", "each" };
	const char *like = json_string_value(json_object_get(one, "like"));
	json_t *base = NULL, *both = json_object();
	for (size_t i = 0; i < index && base == NULL && like != NULL; i++)
		if (strcmp(json_string_value(json_object_get(json_array_get(document, i), "name")),
			like) == 0)
			base = json_array_get(document, i);
	if (like != NULL && base == NULL)
		fail_msg("no case before this one is named \"%s\"", like);
	for (size_t i = 0; i < N_ELEMENTS(given) && base != NULL; i++) {
		json_t *value = json_object_get(base, given[i]);
		if (value != NULL)
			json_object_set_new(both, given[i], json_deep_copy(value));
	}
	lay_over(both, one);
	json_object_update(one, both);
	json_decref(both);
}

static void
load_file(struct judge_cases *cases, const char *path, size_t dir_len)
{
	struct err err = { .text = "" };
	json_t *document = json_read_file(path, FILE_MAX, &err);
	if (document == NULL)
		fail_msg("%s", err.text);
	cases->documents = mem_realloc(cases->documents, cases->n_documents + 1, sizeof(json_t *));
	cases->documents[cases->n_documents++] = document;

	const char *short_path = path + dir_len + 1;
	size_t index;
	json_t *one;
	json_array_foreach (document, index, one) {
		const char *name = json_string_value(json_object_get(one, "name"));
		if (name == NULL)
			fail_msg("%s: case %zu has no name", path, index);
		inherit(document, index, one);
		char *title = NULL;
		if (asprintf(&title, "%s: %s", short_path, name) < 0)
			fail_msg("out of memory");
		cases->list = mem_realloc(cases->list, cases->n + 1, sizeof(*cases->list));
		cases->list[cases->n++] = (struct judge_case){
			.name = title,
			.check = copy_text(short_path, strcspn(short_path, "/")),
			.json = one,
		};
	}
}

void
judge_cases_load(struct judge_cases *cases, const char *dir)
{
	char pattern[1024];
	glob_t found = { .gl_pathc = 0 };
	*cases = (struct judge_cases){ .n = 0 };
	snprintf(pattern, sizeof pattern, "%s/*/*.json", dir);
	if (glob(pattern, 0, NULL, &found) != 0)
		fail_msg("no case matches %s", pattern);
	for (size_t i = 0; i < found.gl_pathc; i++)
		load_file(cases, found.gl_pathv[i], strlen(dir));
	globfree(&found);
}

static void
free_text(const char *text)
{
	free((void *)(uintptr_t)text);
}

void
judge_cases_free(struct judge_cases *cases)
{
	for (size_t i = 0; i < cases->n; i++) {
		free_text(cases->list[i].name);
		free_text(cases->list[i].check);
	}
	for (size_t i = 0; i < cases->n_documents; i++)
		json_decref(cases->documents[i]);
	free(cases->list);
	free(cases->documents);
}

/* "*60 text {N}": the text's count, and the text behind it. */
static size_t
repetitions(const char **text)
{
	if ((*text)[0] != '*' || (*text)[1] < '0' || (*text)[1] > '9')
		return 1;
	char *end;
	size_t n = strtoul(*text + 1, &end, 10);
	*text = end + strspn(end, " ");
	return n;
}

static const char *
repetition(struct arena *a, const char *text, size_t index)
{
	const char *mark = strstr(text, "{N}");
	if (mark == NULL)
		return text;
	return arena_printf(a, "%.*s%zu%s", (int)(mark - text), text, index, mark + 3);
}

/* The string at an index of an array; fails the test when there is none. */
static const char *
need_text(const json_t *array, size_t index)
{
	const char *text = json_string_value(json_array_get(array, index));
	if (text == NULL)
		fail_msg("a string was expected at index %zu", index);
	return text != NULL ? text : "";
}

/* The strings of an array (or one string), repetitions written out. */
static const char **
read_strings(struct run *r, const json_t *value, size_t *n)
{
	const char **list = NULL;
	size_t cap = 0, count = json_is_string(value) ? 1 : json_array_size(value);
	*n = 0;
	for (size_t i = 0; i < count; i++) {
		const char *text = json_is_string(value) ? json_string_value(value) :
							   need_text(value, i);
		for (size_t k = 0, times = repetitions(&text); k < times; k++) {
			list = arena_grow(&r->arena, list, *n, &cap, sizeof(*list));
			list[(*n)++] = repetition(&r->arena, text, k);
		}
	}
	return list;
}

static int
read_code(const struct enumtab *table, const char *word)
{
	int code = 0;
	if (!enumtab_code(table, word, &code))
		fail_msg("\"%s\" is unknown", word);
	return code;
}

/* "2026-01-14 23:59:59", in UTC, as seconds since the epoch. */
static int64_t
read_time(const json_t *json, const char *key, int64_t otherwise)
{
	const char *text = json_string_value(json_object_get(json, key));
	struct tm tm = { .tm_isdst = 0 };
	if (text == NULL)
		return otherwise;
	const char *end = strptime(text, "%Y-%m-%d %H:%M:%S", &tm);
	if (end == NULL || *end != '\0')
		fail_msg("\"%s\" is not a time", text);
	return timegm(&tm);
}

/* "lists_file" lies beside the cases; "exhausted" names its lists that allow no more questions. */
static void
read_lists(struct run *r, const json_t *json, const char *check)
{
	const char *file = json_get_string(&r->reader, json, "lists_file", "");
	const char *path = arena_printf(&r->arena, "tests/judge/%s/%s", check, file);
	if (file[0] != '\0' && catalogue_read_file(&r->lists, &r->arena, path, &r->err) != ERR_NONE)
		fail_msg("%s", r->err.text);
	size_t n;
	const char **zones = read_strings(r, json_object_get(json, "exhausted"), &n);
	for (size_t i = 0; i < n; i++) {
		struct list *list = catalogue_find(&r->lists, zones[i]);
		if (list == NULL)
			fail_msg("there is no list %s", zones[i]);
		else
			list->exhausted = true;
	}
	r->policy.probe = json_get_string(&r->reader, json, "probe", "");
	r->policy.tested = read_strings(r, json_object_get(json, "tested"), &r->policy.n_tested);
}

static void
read_policy(struct run *r, const json_t *json)
{
	struct json_reader *in = &r->reader;
	struct err *err = &r->err;
	const char *lists = json_get_string(in, json, "lists", "");
	if (generic_table_read_file("data/generic-ptr.ini", &r->generic, err) != ERR_NONE)
		fail_msg("%s", err->text);
	if (lists[0] != '\0' &&
	    catalogue_read_text(&r->lists, &r->arena, "lists", lists, strlen(lists), err) !=
		ERR_NONE)
		fail_msg("%s", err->text);
	r->policy = (struct policy){
		.lists = &r->lists,
		.generic = r->generic,
		.smtp = json_get_bool(in, json, "smtp", false),
		.smtp_port = (uint16_t)json_get_int(in, json, "smtp_port", 1, 65535, 25),
		.allow_special = json_get_bool(in, json, "allow_special", true),
		.authority = (enum authority_mode)read_code(&authority_mode_names,
		    json_get_string(in, json, "authority", "never")),
		.authority_port = 53,
		.offline = json_get_bool(in, json, "offline", false),
		.many = json_get_bool(in, json, "many", false),
		.lists_direct = json_get_bool(in, json, "lists_direct", false),
		.now_s = read_time(json, "now", 1800000000),
	};
}

static void
read_target(struct run *r, const json_t *json)
{
	struct json_reader *in = &r->reader;
	const char *address = json_need_string(in, json, "address");
	if (!ip_parse(address, &r->target.ip))
		fail_msg("\"%s\" is no address", address);
	ip_format(&r->target.ip, r->target.address);
	r->target.host = json_get_string(in, json, "host", "");
	r->target.ehlo = json_get_string(in, json, "ehlo", "");
	r->target.domain = json_get_string(in, json, "domain", "");
	r->target.policy = &r->policy;
}

static struct endpoint
read_endpoint(const char *text)
{
	struct endpoint e = { .port = 53 };
	if (text[0] != '\0' && !endpoint_parse(text, 53, &e))
		fail_msg("\"%s\" is no server", text);
	return e;
}

static void
read_records(struct run *r, const json_t *row, const char *name, struct dns_answer *out)
{
	struct json_reader *in = &r->reader;
	const json_t *options = json_array_get(row, 4);
	size_t n;
	const char **texts = read_strings(r, json_array_get(row, 3), &n);
	uint16_t type = (uint16_t)read_code(&dns_type_names, need_text(row, 0));
	out->records = arena_array(&r->arena, n, sizeof(*out->records));
	out->n_records = n;
	for (size_t i = 0; i < n; i++) {
		struct dns_record *record = &out->records[i];
		record->owner = json_get_string(in, options, "owner", dns_answer_end(out, name));
		record->type = type;
		record->ttl_s = (uint32_t)json_get_int(in, options, "ttl", 0, UINT32_MAX, 3600);
		record->text = texts[i];
		if ((type == DNS_A || type == DNS_AAAA) && !ip_parse(texts[i], &record->ip))
			fail_msg("\"%s\" is no address", texts[i]);
	}
}

static struct dns_answer
read_answer(struct run *r, const json_t *row, const char *name)
{
	struct json_reader *in = &r->reader;
	const json_t *options = json_array_get(row, 4);
	struct dns_answer answer = {
		.status = (enum dns_status)read_code(&dns_status_names, need_text(row, 2)),
		.rcode = -1,
		.ede = (int)json_get_int(in, options, "ede", -1, 65535, -1),
		.ede_text = json_get_string(in, options, "ede_text", ""),
		.authoritative = json_get_bool(in, options, "aa",
		    json_object_get(options, "at") != NULL),
		.planned = json_get_bool(in, options, "planned", false),
		.server = read_endpoint(json_get_string(in, options, "server", "127.0.0.53")),
		.time_us = 1000,
		.attempts = 1,
		.soa_zone = json_get_string(in, options, "soa_zone", ""),
		.soa_mail = json_get_string(in, options, "soa_mail", ""),
		.soa_negative_ttl_s = (uint32_t)json_get_int(in, options, "negative_ttl", 0,
		    UINT32_MAX, 3600),
		.referral = json_get_string(in, options, "referral", ""),
	};
	answer.chain = read_strings(r, json_object_get(options, "chain"), &answer.n_chain);
	read_records(r, row, name, &answer);
	return answer;
}

static bool
row_is_for(struct run *r, const json_t *row, const struct fact *fact)
{
	const char *name = need_text(row, 1);
	const char *at = json_get_string(&r->reader, json_array_get(row, 4), "at", "");
	if (read_code(&dns_type_names, need_text(row, 0)) != fact->type)
		return false;
	if ((at[0] != '\0') != fact->at_server)
		return false;
	struct endpoint server = read_endpoint(at);
	if (fact->at_server && !endpoint_equal(&server, &fact->endpoint))
		return false;
	for (size_t i = 0, n = repetitions(&name); i < n; i++)
		if (strcmp(repetition(&r->arena, name, i), fact->name) == 0)
			return true;
	return false;
}

static bool
answer_dns(struct run *r, struct fact *fact)
{
	size_t index;
	json_t *row;
	json_array_foreach (json_object_get(r->json, "dns"), index, row) {
		if (!row_is_for(r, row, fact))
			continue;
		struct dns_answer answer = read_answer(r, row, fact->name);
		facts_set_dns(fact, &r->arena, &answer);
		r->asked[index] = true;
		return true;
	}
	const char *words = json_string_value(json_object_get(r->json, "answers"));
	struct dns_answer answer;
	if (words == NULL || !judge_lists_answer(&r->target, words, fact, &r->arena, &answer))
		return false;
	facts_set_dns(fact, &r->arena, &answer);
	return true;
}

/* Where a dialogue ended nothing more was said, whatever the case that this one is like has. */
static void
cut_dialogue(struct smtp_dialogue *d)
{
	bool greeted = d->status == SMTP_TALKED && d->banner_code == 220;
	if (d->status != SMTP_TALKED) {
		d->banner_code = 0;
		d->banner = "";
	}
	if (!greeted) {
		d->banner_name = d->ehlo_name = "";
		d->ehlo_code = 0;
		d->notes = 0;
		d->n_capabilities = 0;
		d->tls = SMTP_TLS_UNKNOWN;
		d->tls_error = "";
	}
	if (d->tls != SMTP_TLS_DONE) {
		d->tls_version = d->tls_cipher = "";
		d->cert = smtp_dialogue_pending.cert;
	}
}

static struct smtp_dialogue
read_dialogue(struct run *r, const json_t *json, const struct endpoint *server)
{
	struct json_reader *in = &r->reader;
	const json_t *cert = json_object_get(json, "cert");
	struct smtp_dialogue d = {
		.status = (enum smtp_status)read_code(&smtp_status_names,
		    json_get_string(in, json, "status", "talked")),
		.server = *server,
		.time_us = 1000,
		.error = json_get_string(in, json, "error", ""),
		.notes = (unsigned)json_get_int(in, json, "notes", 0, 7, 0),
		.banner_code = (int)json_get_int(in, json, "banner_code", 0, 999, 220),
		.banner = json_get_string(in, json, "banner", ""),
		.banner_name = json_get_string(in, json, "banner_name", ""),
		.ehlo_code = (int)json_get_int(in, json, "ehlo_code", 0, 999, 250),
		.ehlo_name = json_get_string(in, json, "ehlo_name", ""),
		.tls = (enum smtp_tls)read_code(&smtp_tls_names,
		    json_get_string(in, json, "tls", "unknown")),
		.tls_version = json_get_string(in, json, "tls_version", ""),
		.tls_cipher = json_get_string(in, json, "tls_cipher", ""),
		.tls_error = json_get_string(in, json, "tls_error", ""),
		.cert = {
			.not_before_s = read_time(cert, "not_before", 0),
			.not_after_s = read_time(cert, "not_after", 0),
			.issuer = json_get_string(in, cert, "issuer", ""),
			.chain_good = json_get_bool(in, cert, "chain_good", false),
			.chain_error = json_get_string(in, cert, "chain_error", ""),
			.self_signed = json_get_bool(in, cert, "self_signed", false),
		},
	};
	d.capabilities = read_strings(r, json_object_get(json, "capabilities"), &d.n_capabilities);
	d.cert.names = read_strings(r, json_object_get(cert, "names"), &d.cert.n_names);
	return d;
}

static bool
answer_smtp(struct run *r, struct fact *fact)
{
	const json_t *json = json_object_get(r->json, "smtp");
	if (json == NULL)
		return false;
	struct smtp_dialogue dialogue = read_dialogue(r, json, &fact->endpoint);
	cut_dialogue(&dialogue);
	facts_set_smtp(fact, &r->arena, &dialogue);
	return true;
}

static void
want_facts(struct run *r)
{
	size_t n;
	const char **others = read_strings(r, json_object_get(r->json, "with"), &n);
	for (size_t i = 0; i < n; i++)
		check_by_id(others[i])->wants(&r->target, &r->facts);
	for (size_t i = 0; i < r->n_checks; i++)
		r->checks[i]->wants(&r->target, &r->facts);
}

/* Asks anew as the engine does: only when a fact that is followed has arrived. */
static void
gather(struct run *r)
{
	bool again = true;
	for (int round = 0; again; round++) {
		assert_true(round < ROUNDS_MAX);
		want_facts(r);
		again = false;
		for (size_t i = 0; i < r->facts.n; i++) {
			struct fact *fact = r->facts.list[i];
			if (fact->final)
				continue;
			bool arrived = fact->kind == FACT_SMTP ? answer_smtp(r, fact) :
								 answer_dns(r, fact);
			again |= arrived && fact_leads_on(fact);
		}
	}
	size_t n = r->facts.n;
	want_facts(r);
	assert_int_equal(r->facts.n, n);
}

static void
check_asked(struct run *r)
{
	size_t index;
	json_t *row;
	json_array_foreach (json_object_get(r->json, "dns"), index, row) {
		bool unasked = json_get_bool(&r->reader, json_array_get(row, 4), "unasked", false);
		if (r->asked[index] == unasked)
			fail_msg("%s %s was %s", need_text(row, 0), need_text(row, 1),
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
	const char **parts = read_strings(r, json_object_get(r->json, "unwanted"), &n);
	for (size_t i = 0; i < n; i++)
		if (asked_key(&r->facts, parts[i]) != NULL)
			fail_msg("%s was asked", asked_key(&r->facts, parts[i]));
	parts = read_strings(r, json_object_get(r->json, "wanted"), &n);
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
	}
	size_t n;
	const json_t *expected = json_object_get(r->json, "expect");
	const char **expect = read_strings(r, expected, &n);
	for (size_t i = 0; i < n; i++)
		want = arena_printf(&r->arena, "%s %s", want, expect[i]);
	if (expected != NULL || r->n_checks == 1)
		assert_string_equal(got, want);
}

static void
check_text(struct run *r, const char *key, const char *text, bool there)
{
	size_t n;
	const char **parts = read_strings(r, json_object_get(r->json, key), &n);
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
	const char **parts = read_strings(r, json_object_get(want, key), &n);
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
	buf_init(&text, FILE_MAX);
	buf_puts(&text, "");
	renderer_by_name("text")->report(&report, &how, &text);
	assert_false(text.failed);
	join_lines(text.data);
	check_text(r, "shown", text.data, true);
	check_text(r, "not_shown", text.data, false);
	buf_fini(&text);
}

/* ---- cases of "preflight" */

/* What is wanted of the intent's one address. */
static void
read_intent(struct run *r)
{
	const char *text = json_need_string(&r->reader, r->json, "intent");
	if (intent_read_text("intent", text, strlen(text), &r->arena, &r->intent, &r->err) !=
	    ERR_NONE)
		fail_msg("%s", r->err.text);
	const struct preflight_server *s = &r->intent.servers[0];
	const char **wanted = arena_array(&r->arena, s->n_names + 1, sizeof *wanted);
	r->target = (struct target){ .ip = s->addresses[0].ip,
		.host = "",
		.ehlo = s->ehlo,
		.domain = "",
		.domains = s->domains,
		.n_domains = s->n_domains,
		.wanted = wanted,
		.n_wanted = preflight_wanted(s, wanted),
		.policy = &r->policy };
	ip_format(&r->target.ip, r->target.address);
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
	const char **expect = read_strings(r, json_object_get(r->json, "items"), &n);
	for (size_t i = 0; i < n; i++)
		want = arena_printf(&r->arena, "%s %s", want, expect[i]);
	assert_string_equal(got, want);
}

static void
check_preflight(struct run *r, const struct findings *found)
{
	size_t n;
	const char **names = read_strings(r, json_object_get(r->json, "providers"), &n);
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
	buf_init(&text, FILE_MAX);
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

static const struct view_row {
	const char *name;
	json_t *(*make)(struct run *r);
} views[] = {
	{ "ptr", ptr_json },
	{ "iprev", iprev_json },
	{ "generic", generic_json },
	{ "ehlo", ehlo_json },
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
		const char **list = read_strings(r, want, &n);
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
judge_case_run(const struct judge_case *one)
{
	const struct check *check = check_by_id(one->check);
	struct run r = { .json = one->json, .checks = &check, .n_checks = 1 };
	bool preflight = strcmp(one->check, "preflight") == 0;
	const struct check *all[16] = { &fix_wants };
	if (preflight || strcmp(one->check, "report") == 0) {
		memcpy(all + 1, checks_all, checks_n * sizeof all[0]);
		r.checks = preflight ? all : checks_all;
		r.n_checks = preflight + checks_n;
	} else if (check == NULL) {
		fail_msg("there is no check \"%s\"", one->check);
	}
	arena_init(&r.arena);
	r.reader.err = &r.err;
	r.asked = arena_array(&r.arena, json_array_size(json_object_get(one->json, "dns")) + 1,
	    sizeof(bool));
	read_policy(&r, json_object_get(one->json, "policy"));
	read_lists(&r, json_object_get(one->json, "policy"), one->check);
	if (preflight)
		read_intent(&r);
	else
		read_target(&r, json_object_get(one->json, "target"));
	facts_init(&r.facts, &r.arena);

	gather(&r);
	understanding_init(&r.known, &r.target, &r.facts, &r.arena);
	struct findings found;
	findings_init(&found, &r.arena);
	for (size_t i = 0; i < r.n_checks; i++)
		r.checks[i]->judge(&r.known, &found);
	check_asked(&r);
	check_wanted(&r);
	check_findings(&r, &found);
	check_each(&r, &found);
	check_parts(&r, &found);
	check_shown(&r, &found);
	check_views(&r);
	if (preflight)
		check_preflight(&r, &found);
	if (r.reader.failed)
		fail_msg("%s", r.err.text);

	facts_fini(&r.facts);
	generic_table_free(r.generic);
	arena_fini(&r.arena);
}
