/* The provider against the strict stand-in, over real HTTP: what works, and each fault. */
#include <unistd.h>

#include "base/arena.h"
#include "provider/huawei/huawei_priv.h"
#include "provider/provider_priv.h"
#include "standin.h"
#include "test.h"

enum { POLLS_MAX = 200, POLL_US = 10000 };

static struct standin standin;
static struct http_client *client;

static const char *const key_environment[] = {
	"HUAWEICLOUD_SDK_AK=STANDINAK00000000001",
	"HUAWEICLOUD_SDK_SK=standinSecretKey000000000000000000000001",
	"HW_REGION_NAME=ap-southeast-1",
	NULL,
};

struct world {
	struct provider_options options;
	struct provider_session session;
	struct provider_place place;
	struct arena arena;
	struct ip ip;
	struct err err;
};

static void
world_init(struct world *w, const char *const *environment, const char *address)
{
	standin_environment(environment);
	*w = (struct world){ 0 };
	w->options = (struct provider_options){ .endpoints = standin.endpoints,
		.n_endpoints = 1,
		.world = { .arg = client,
		    .getenv = standin_getenv,
		    .wall_s = standin_wall_s,
		    .http = http_send } };
	w->session = (struct provider_session){ .provider = &provider_huawei,
		.options = &w->options };
	arena_init(&w->arena);
	assert_true(ip_parse(address, &w->ip));
}

static void
world_fini(struct world *w)
{
	provider_huawei.close(&w->session);
	arena_fini(&w->arena);
}

static void
expect(struct world *w, enum err_code got, enum err_code want)
{
	if (got != want)
		fail_msg("code %d instead of %d: %s", (int)got, (int)want, w->err.text);
}

static void
open_and_find(struct world *w)
{
	expect(w, provider_huawei.open(&w->session, &w->err), ERR_NONE);
	expect(w, provider_huawei.find(&w->session, &w->ip, &w->place, &w->err), ERR_NONE);
}

static void
order(const char *text)
{
	json_decref(standin_control(&standin, text));
}

static void
expect_no_violation(void)
{
	json_t *state = standin_control(&standin, "{}");
	const json_t *list = json_object_get(state, "violations");
	if (json_array_size(list) > 0)
		fail_msg("%s", json_string_value(json_array_get(list, 0)));
	json_decref(state);
}

static enum provider_state
poll_to_end(struct world *w)
{
	enum provider_state state = PROVIDER_PENDING;
	for (int i = 0; i < POLLS_MAX && state == PROVIDER_PENDING; i++) {
		usleep(POLL_US);
		expect(w, provider_huawei.poll(&w->session, &w->place, &w->ip, &state, &w->err),
		    ERR_NONE);
	}
	return state;
}

/* --- what works -------------------------------------------------------------------------- */

static struct provider_record
record_of(const char *names, struct arena *a)
{
	struct provider_record r = { .ttl_s = 300, .description = "" };
	while (*names != '\0') {
		size_t len = strcspn(names, " ");
		r.names[r.n_names++] = arena_strndup(a, names, len);
		names += len + (names[len] == ' ');
	}
	return r;
}

static const char *
names_of(const struct provider_record *r, struct arena *a)
{
	const char *text = "";
	for (size_t i = 0; i < r->n_names; i++)
		text = arena_printf(a, "%s%s%s", text, i > 0 ? " " : "", r->names[i]);
	return text;
}

/* From one set of names to the next; "" is an unset. */
static const struct {
	const char *name;
	const char *steps[5];
} walks[] = {
	{ "one name", { "mail.example.com" } },
	{ "one name, another, none", { "mail.example.com", "mx.example.net", "" } },
	{ "two names", { "a.example.com b.example.com" } },
	{ "two, one of them, three, none",
	    { "a.example.com b.example.com", "b.example.com",
		"a.example.com b.example.com c.example.com", "" } },
	{ "one, two, none, one",
	    { "a.example.com", "a.example.com b.example.com", "", "a.example.com" } },
	{ "ten names",
	    { "a.example.com b.example.com c.example.com d.example.com e.example.com f.example.com "
	      "g.example.com h.example.com i.example.com j.example.com",
		"" } },
	{ "none at all", { "" } },
};

static void
walk(struct world *w, const char *names)
{
	struct provider_record r = record_of(names, &w->arena), now;
	enum provider_state state;
	expect(w,
	    provider_huawei.put(&w->session, &w->place, &w->ip, r.n_names > 0 ? &r : NULL, &w->err),
	    ERR_NONE);
	assert_int_equal(poll_to_end(w), r.n_names > 0 ? PROVIDER_ACTIVE : PROVIDER_ABSENT);
	expect(w,
	    provider_huawei.get(&w->session, &w->place, &w->ip, &w->arena, &now, &state, &w->err),
	    ERR_NONE);
	assert_string_equal(names_of(&now, &w->arena), names);
	assert_int_equal(now.is_default, r.n_names == 0);
	assert_true(ip_equal(&now.ip, &w->ip));
}

static void
test_walks(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(walks); i++) {
		struct world w;
		ROW(walks[i].name);
		order("{\"reset\": {\"pending_s\": 0.03}}");
		world_init(&w, key_environment, "203.0.113.25");
		open_and_find(&w);
		for (size_t j = 0; j < N_ELEMENTS(walks[i].steps) && walks[i].steps[j] != NULL; j++)
			walk(&w, walks[i].steps[j]);
		expect_no_violation();
		world_fini(&w);
	}
}

static void
test_all_fields(void **state)
{
	(void)state;
	struct world w;
	enum provider_state at;
	struct provider_record now;
	order("{\"reset\": {\"pending_s\": 0}}");
	world_init(&w, key_environment, "203.0.113.27");
	open_and_find(&w);
	struct provider_record r = record_of("mail.example.com", &w.arena);
	r.ttl_s = 86400;
	r.description = "Mail f\xc3\xbcr \"alle\" \xe9\x82\xae \xf0\x9f\x93\xa7";
	r.tags[r.n_tags++] = "role=mx";
	r.tags[r.n_tags++] = "owner=post master";
	for (int i = 0; i < 3; i++) {
		expect(&w, provider_huawei.put(&w.session, &w.place, &w.ip, &r, &w.err), ERR_NONE);
		expect(&w,
		    provider_huawei.get(&w.session, &w.place, &w.ip, &w.arena, &now, &at, &w.err),
		    ERR_NONE);
		assert_int_equal(now.ttl_s, r.ttl_s);
		assert_string_equal(now.description, r.description);
		assert_int_equal(now.n_tags, r.n_tags);
		assert_string_equal(now.tags[0], r.tags[0]);
		/* then other tags, then no description */
		r.tags[1] = "owner=Stra\xc3\x9f"
			    "e/1";
		r.description = i == 0 ? r.description : "";
	}
	json_t *all = standin_control(&standin, "{}");
	const json_t *ptr = json_array_get(json_object_get(all, "ptrs"), 0);
	assert_string_equal(json_string_value(json_object_get(ptr, "enterprise_project_id")),
	    "eps-mail");
	json_decref(all);
	expect_no_violation();
	world_fini(&w);
}

/* --- enterprise projects ------------------------------------------------------------------- */

static const char *const eps_environment[] = {
	"HUAWEICLOUD_SDK_AK=STANDINEPSAK00000001",
	"HUAWEICLOUD_SDK_SK=standinEpsSecret0000000000000000000000001",
	"HW_REGION_NAME=ap-southeast-1",
	NULL,
};

/* A key whose rights end at one enterprise project, whether or not it may list PTR records there. */
static void
test_limited_keys(void **state)
{
	(void)state;
	static const char *const orders[] = {
		"{\"reset\": {\"pending_s\": 0.03}}",
		"{\"reset\": {\"pending_s\": 0.03, \"eps_list\": false}}",
	};
	for (size_t i = 0; i < N_ELEMENTS(orders); i++) {
		struct world w;
		struct provider_record *list;
		size_t n;
		ROW(orders[i]);
		order(orders[i]);
		world_init(&w, eps_environment, "203.0.113.27");
		open_and_find(&w);
		walk(&w, "mail.example.com");
		walk(&w, "mx.example.net");
		expect(&w, provider_huawei.list(&w.session, &w.arena, &list, &n, &w.err), ERR_NONE);
		assert_int_equal(n, 1);
		assert_string_equal(names_of(&list[0], &w.arena), "mx.example.net");
		walk(&w, "");
		expect_no_violation();
		world_fini(&w);
	}
}

static void
test_limited_key_elsewhere(void **state)
{
	(void)state;
	struct world w;
	order("{\"reset\": {}}");
	world_init(&w, eps_environment, "203.0.113.25");
	expect(&w, provider_huawei.open(&w.session, &w.err), ERR_NONE);
	expect(&w, provider_huawei.find(&w.session, &w.ip, &w.place, &w.err), ERR_DATA);
	assert_non_null(strstr(w.err.text, "is not an EIP of project"));
	world_fini(&w);
}

/* What a record belonged to comes back with it, and it loses no tags and keeps none of ours. */
static void
test_record_comes_back(void **state)
{
	(void)state;
	struct world w;
	enum provider_state at;
	struct provider_record old, now;
	order("{\"reset\": {\"pending_s\": 0}}");
	world_init(&w, key_environment, "203.0.113.27");
	open_and_find(&w);
	struct provider_record r = record_of("mail.example.com", &w.arena);
	r.enterprise_project = "eps-other";
	expect(&w, provider_huawei.put(&w.session, &w.place, &w.ip, &r, &w.err), ERR_NONE);
	expect(&w, provider_huawei.get(&w.session, &w.place, &w.ip, &w.arena, &old, &at, &w.err),
	    ERR_NONE);
	assert_string_equal(old.enterprise_project, "eps-other");
	expect(&w, provider_huawei.put(&w.session, &w.place, &w.ip, NULL, &w.err), ERR_NONE);
	expect(&w, provider_huawei.put(&w.session, &w.place, &w.ip, &old, &w.err), ERR_NONE);
	r = old, r.tags[r.n_tags++] = "role=mx";
	expect(&w, provider_huawei.put(&w.session, &w.place, &w.ip, &r, &w.err), ERR_NONE);
	expect(&w, provider_huawei.put(&w.session, &w.place, &w.ip, &old, &w.err), ERR_NONE);
	expect(&w, provider_huawei.get(&w.session, &w.place, &w.ip, &w.arena, &now, &at, &w.err),
	    ERR_NONE);
	assert_string_equal(now.enterprise_project, "eps-other");
	assert_int_equal(now.n_tags, 1); /* nobody said that there must be none */
	old.exact_tags = true;
	expect(&w, provider_huawei.put(&w.session, &w.place, &w.ip, &old, &w.err), ERR_NONE);
	expect(&w, provider_huawei.get(&w.session, &w.place, &w.ip, &w.arena, &now, &at, &w.err),
	    ERR_NONE);
	assert_int_equal(now.n_tags, 0);
	expect_no_violation();
	world_fini(&w);
}

/* --- credentials ------------------------------------------------------------------------- */

static const struct {
	const char *name;
	const char *environment[8];
	const char *project;
	enum err_code code; /* of open */
	const char *text;
} logins[] = {
	{ "temporary keys",
	    { "HW_ACCESS_KEY=STANDINTEMPAK0000001",
		"HW_SECRET_KEY=standinTempSecret00000000000000000000001",
		"HW_SECURITY_TOKEN=c3RhbmRpbi1zZWN1cml0eS10b2tlbg/+==",
		"HW_REGION_NAME=ap-southeast-1" },
	    "", ERR_NONE, "" },
	{ "temporary keys without their token",
	    { "HW_ACCESS_KEY=STANDINTEMPAK0000001",
		"HW_SECRET_KEY=standinTempSecret00000000000000000000001",
		"HW_REGION_NAME=ap-southeast-1" },
	    "", ERR_NOPERM, "HTTP 401, APIGW.0301" },
	{ "password",
	    { "HW_USER_NAME=postmaster", "HW_USER_PASSWORD=correct horse \"battery\" \\ staple",
		"HW_DOMAIN_NAME=standin-account", "HW_REGION_NAME=ap-southeast-1" },
	    "", ERR_NONE, "" },
	{ "password, for a project by id",
	    { "HW_USER_NAME=postmaster", "HW_USER_PASSWORD=correct horse \"battery\" \\ staple",
		"HW_DOMAIN_NAME=standin-account", "HW_REGION_NAME=ap-southeast-1" },
	    "0123456789abcdef0123456789abcdef", ERR_NONE, "" },
	{ "wrong password",
	    { "HW_USER_NAME=postmaster", "HW_USER_PASSWORD=secret-guess",
		"HW_DOMAIN_NAME=standin-account", "HW_REGION_NAME=ap-southeast-1" },
	    "", ERR_NOPERM, "the login of user \"postmaster\" of account \"standin-account\"" },
	{ "ready-made token",
	    { "HW_AUTH_TOKEN=standin-ready-made-token", "HW_REGION_NAME=ap-southeast-1" }, "",
	    ERR_NONE, "" },
	{ "agency of the server", { "HOME=/nonexistent" }, "", ERR_NONE, "" },
	{ "a project by id",
	    { "CLOUD_SDK_AK=STANDINAK00000000001",
		"CLOUD_SDK_SK=standinSecretKey000000000000000000000001",
		"HW_REGION_NAME=ap-southeast-1" },
	    "0123456789abcdef0123456789abcdef", ERR_NONE, "" },
	{ "a project by name",
	    { "OS_ACCESS_KEY=STANDINAK00000000001",
		"OS_SECRET_KEY=standinSecretKey000000000000000000000001",
		"OS_REGION_NAME=ap-southeast-1" },
	    "ap-southeast-1", ERR_NONE, "" },
	{ "a region without project",
	    { "HW_ACCESS_KEY=STANDINAK00000000001",
		"HW_SECRET_KEY=standinSecretKey000000000000000000000001",
		"HW_REGION_NAME=la-north-2" },
	    "", ERR_CONFIG, "no project \"la-north-2\"" },
	{ "no region",
	    { "HW_ACCESS_KEY=STANDINAK00000000001",
		"HW_SECRET_KEY=standinSecretKey000000000000000000000001" },
	    "", ERR_CONFIG, "no region: give it with --region" },
	{ "half a key", { "HW_ACCESS_KEY=STANDINAK00000000001" }, "", ERR_CONFIG,
	    "HW_ACCESS_KEY is set, but HW_SECRET_KEY is not" },
	{ "wrong key",
	    { "HW_ACCESS_KEY=STANDINAK00000000001",
		"HW_SECRET_KEY=standinSecretKey000000000000000000000002",
		"HW_REGION_NAME=ap-southeast-1" },
	    "", ERR_NOPERM, "repeated failures lock a key" },
};

static const char *const secrets[] = { "standinSecretKey", "standinTempSecret", "c3RhbmRpbi",
	"correct horse", "secret-guess", "standin-ready" };

static void
expect_no_secret(const char *text)
{
	for (size_t i = 0; i < N_ELEMENTS(secrets); i++)
		assert_null(strstr(text, secrets[i]));
}

static void
test_logins(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(logins); i++) {
		struct world w;
		char metadata[96];
		ROW(logins[i].name);
		order("{\"reset\": {}}");
		world_init(&w, logins[i].environment, "203.0.113.25");
		snprintf(metadata, sizeof metadata, "metadata=%s", standin.url);
		const char *endpoints[] = { standin.url, metadata };
		w.options.endpoints = endpoints;
		w.options.n_endpoints = 2;
		w.options.project = logins[i].project;
		expect(&w, provider_huawei.open(&w.session, &w.err), logins[i].code);
		if (logins[i].code == ERR_NONE)
			expect(&w, provider_huawei.find(&w.session, &w.ip, &w.place, &w.err),
			    ERR_NONE);
		else if (strstr(w.err.text, logins[i].text) == NULL)
			fail_msg("\"%s\" lacks \"%s\"", w.err.text, logins[i].text);
		expect_no_secret(w.err.text);
		expect_no_violation();
		world_fini(&w);
	}
}

static void
test_no_agency(void **state)
{
	(void)state;
	static const char *const nothing[] = { "HW_REGION_NAME=ap-southeast-1", NULL };
	struct world w;
	char metadata[96];
	order("{\"reset\": {\"agency\": false, \"metadata_token\": false}}");
	world_init(&w, nothing, "203.0.113.25");
	snprintf(metadata, sizeof metadata, "metadata=%s", standin.url);
	const char *endpoints[] = { standin.url, metadata };
	w.options.endpoints = endpoints;
	w.options.n_endpoints = 2;
	expect(&w, provider_huawei.open(&w.session, &w.err), ERR_CONFIG);
	assert_non_null(strstr(w.err.text, "this server has no agency"));
	world_fini(&w);
}

/* --- find -------------------------------------------------------------------------------- */

static const struct {
	const char *address;
	enum err_code code;
	const char *text; /* of the error, or the place */
	const char *warning;
} finds[] = {
	{ "203.0.113.25", ERR_NONE, "EIP c0ffee00-1111-4222-8333-444455556625 in ap-southeast-1",
	    "" },
	{ "203.0.113.27", ERR_NONE, "444455556627", "" },
	{ "203.0.113.28", ERR_NONE, "444455556628", "status FREEZED" },
	{ "198.51.100.1", ERR_DATA,
	    "not an EIP of project 0123456789abcdef0123456789abcdef in region ap-southeast-1, "
	    "asked "
	    "with the "
	    "credentials of the variable HUAWEICLOUD_SDK_AK",
	    "" },
	{ "198.51.100.1", ERR_DATA, "this account has the projects ap-southeast-1, cn-north-4",
	    "" },
	{ "2001:db8::1", ERR_DATA, "not for IPv6", "" },
};

static void
test_finds(void **state)
{
	(void)state;
	order("{\"reset\": {}}");
	for (size_t i = 0; i < N_ELEMENTS(finds); i++) {
		struct world w;
		ROW(finds[i].address);
		world_init(&w, key_environment, finds[i].address);
		expect(&w, provider_huawei.open(&w.session, &w.err), ERR_NONE);
		expect(&w, provider_huawei.find(&w.session, &w.ip, &w.place, &w.err),
		    finds[i].code);
		const char *text = finds[i].code == ERR_NONE ? w.place.text : w.err.text;
		if (strstr(text, finds[i].text) == NULL)
			fail_msg("\"%s\" lacks \"%s\"", text, finds[i].text);
		assert_non_null(strstr(w.session.warnings, finds[i].warning));
		expect_no_violation();
		world_fini(&w);
	}
}

static void
test_list(void **state)
{
	(void)state;
	static const char *const orders[] = {
		"{\"reset\": {\"ptrs\": [{\"address\": \"203.0.113.26\", \"names\": "
		"[\"mx.example.com.\"]}], \"page_max\": 500}}",
		"{\"reset\": {\"ptrs\": [{\"address\": \"203.0.113.26\", \"names\": "
		"[\"mx.example.com.\"]}], \"page_max\": 1}}",
		"{\"reset\": {\"ptrs\": [{\"address\": \"203.0.113.26\", \"names\": "
		"[\"mx.example.com.\"]}], \"v21\": false}}",
	};
	for (size_t i = 0; i < N_ELEMENTS(orders); i++) {
		struct world w;
		struct provider_record *list;
		size_t n;
		ROW(orders[i]);
		order(orders[i]);
		world_init(&w, key_environment, "203.0.113.25");
		expect(&w, provider_huawei.open(&w.session, &w.err), ERR_NONE);
		expect(&w, provider_huawei.list(&w.session, &w.arena, &list, &n, &w.err), ERR_NONE);
		assert_int_equal(n, 4);
		for (size_t j = 0; j < n; j++) {
			char text[IP_TEXT_MAX];
			bool is_set = strcmp(ip_format(&list[j].ip, text), "203.0.113.26") == 0;
			assert_string_equal(names_of(&list[j], &w.arena),
			    is_set ? "mx.example.com" : "");
			assert_int_equal(list[j].is_default, !is_set);
		}
		expect_no_violation();
		world_fini(&w);
	}
}

/* A full page is not the end, even when nothing follows it. */
static void
test_list_pages(void **state)
{
	(void)state;
	static const size_t counts[] = { 499, 500, 501 };
	for (size_t i = 0; i < N_ELEMENTS(counts); i++) {
		struct world w;
		struct provider_record *list;
		size_t n;
		world_init(&w, key_environment, "203.0.113.25");
		const char *eips = "", *ptrs = "";
		for (size_t k = 0; k < counts[i]; k++) {
			const char *comma = k > 0 ? "," : "";
			eips = arena_printf(&w.arena,
			    "%s%s{\"id\":\"c0ffee00-1111-4222-8333-%012zu\",\"address\":\"198.18.%"
			    "zu.%zu\"}",
			    eips, comma, k, k / 250, k % 250);
			ptrs = arena_printf(&w.arena,
			    "%s%s{\"address\":\"198.18.%zu.%zu\",\"names\":[\"m%zu.example.com.\"]"
			    "}",
			    ptrs, comma, k / 250, k % 250, k);
		}
		order(arena_printf(&w.arena, "{\"reset\":{\"eips\":[%s],\"ptrs\":[%s]}}", eips,
		    ptrs));
		expect(&w, provider_huawei.open(&w.session, &w.err), ERR_NONE);
		expect(&w, provider_huawei.list(&w.session, &w.arena, &list, &n, &w.err), ERR_NONE);
		assert_int_equal(n, counts[i]);
		for (size_t k = 0; k < n; k++)
			assert_int_equal(list[k].n_names, 1);
		expect_no_violation();
		world_fini(&w);
	}
}

/* --- faults ------------------------------------------------------------------------------ */

#define ON_PATCH "\"method\":\"PATCH\""
#define ON_GET "\"method\":\"GET\",\"path\":\"floatingips/\""

/* Each strikes a put of one name where there is none. */
static const struct {
	const char *name;
	const char *fault;
	enum err_code code;
	const char *text;
	bool maybe_done;
	uint32_t retry_after_s;
} faults[] = {
	{ "401", .fault = ON_PATCH ",\"kind\":\"status\",\"status\":401,\"code\":\"DNS.0005\"",
	    .code = ERR_NOPERM,
	    .text = "the token is not valid (HTTP 401, DNS.0005, request standin-" },
	{ "a 401 that calls itself passing",
	    .fault = ON_PATCH ",\"kind\":\"status\",\"status\":401,\"code\":\"APIGW.0308\"",
	    .code = ERR_NOPERM, .text = "401" },
	{ "clock", .fault = ON_GET ",\"kind\":\"skew\",\"seconds\":-1800", .code = ERR_NOPERM,
	    .text = "this computer's clock is 30 minutes ahead of the server's" },
	{ "clock the other way", .fault = ON_PATCH ",\"kind\":\"skew\",\"seconds\":7200",
	    .code = ERR_NOPERM, .text = "clock is 1" },
	{ "403", .fault = ON_PATCH ",\"kind\":\"status\",\"status\":403,\"code\":\"DNS.0030\"",
	    .code = ERR_NOPERM, .text = "dns:ptr:set" },
	{ "403 without code", .fault = ON_PATCH ",\"kind\":\"status\",\"status\":403",
	    .code = ERR_NOPERM, .text = "no permission" },
	{ "403 that is flow control",
	    .fault = ON_PATCH ",\"kind\":\"status\",\"status\":403,\"code\":\"DNS.0014\"",
	    .code = ERR_TEMP, .text = "too many requests" },
	{ "quota", .fault = ON_PATCH ",\"kind\":\"status\",\"status\":403,\"code\":\"DNS.0405\"",
	    .code = ERR_NOPERM, .text = "quota of PTR records is used up" },
	{ "404", .fault = ON_PATCH ",\"kind\":\"status\",\"status\":404,\"code\":\"DNS.0502\"",
	    .code = ERR_DATA, .text = "check --region and --project" },
	{ "no such API",
	    .fault = ON_GET ",\"kind\":\"status\",\"status\":404,\"code\":\"APIG.0101\"",
	    .code = ERR_CONFIG, .text = "this endpoint does not have this API" },
	{ "409", .fault = ON_PATCH ",\"kind\":\"status\",\"status\":409,\"code\":\"DNS.0503\"",
	    .code = ERR_TEMP, .text = "still being changed" },
	{ "429",
	    .fault = ON_PATCH
	    ",\"kind\":\"status\",\"status\":429,\"code\":\"APIGW.0308\",\"retry_after\":7",
	    .code = ERR_TEMP, .text = "too many requests", .retry_after_s = 7 },
	{ "429 for very long",
	    .fault = ON_PATCH ",\"kind\":\"status\",\"status\":429,\"retry_after\":999999999",
	    .code = ERR_TEMP, .text = "too many requests", .retry_after_s = 3600 },
	{ "500", .fault = ON_PATCH ",\"kind\":\"status\",\"status\":500,\"code\":\"DNS.0001\"",
	    .code = ERR_TEMP, .text = "temporary fault", .maybe_done = true },
	{ "502", .fault = ON_PATCH ",\"kind\":\"status\",\"status\":502", .code = ERR_TEMP,
	    .text = "HTTP 502", .maybe_done = true },
	{ "502 when reading", .fault = ON_GET ",\"kind\":\"status\",\"status\":502",
	    .code = ERR_TEMP, .text = "HTTP 502" },
	{ "500, but done", .fault = ON_PATCH ",\"kind\":\"done-status\",\"status\":500",
	    .code = ERR_TEMP, .text = "HTTP 500", .maybe_done = true },
	{ "cut before", .fault = ON_PATCH ",\"kind\":\"cut\"", .code = ERR_TEMP,
	    .text = "closed without a reply", .maybe_done = true },
	{ "cut after", .fault = ON_PATCH ",\"kind\":\"cut-after\"", .code = ERR_TEMP,
	    .text = "closed without a reply", .maybe_done = true },
	{ "cut in the reply", .fault = ON_PATCH ",\"kind\":\"cut-body\"", .code = ERR_TEMP,
	    .text = "cut off", .maybe_done = true },
	{ "cut when reading", .fault = ON_GET ",\"kind\":\"cut\",\"times\":9", .code = ERR_TEMP,
	    .text = "closed without a reply" },
	{ "empty reply to a write", .fault = ON_PATCH ",\"kind\":\"body\",\"body\":\"\"",
	    .code = ERR_NONE, .text = "" },
	{ "null to a write", .fault = ON_PATCH ",\"kind\":\"body\",\"body\":\"null\"",
	    .code = ERR_NONE, .text = "" },
	{ "null to a read",
	    .fault =
		"\"method\":\"GET\",\"path\":\"v2.1/ptrs\",\"kind\":\"body\",\"body\":\"null\"",
	    .code = ERR_TEMP, .text = "\"floatingips\" is missing" },
	{ "half an object", .fault = ON_PATCH ",\"kind\":\"body\",\"body\":\"{\\\"id\\\": \"",
	    .code = ERR_TEMP, .text = "is not valid", .maybe_done = true },
	{ "an array", .fault = ON_PATCH ",\"kind\":\"body\",\"body\":\"[]\"", .code = ERR_TEMP,
	    .text = "an array", .maybe_done = true },
	{ "a page of a proxy",
	    .fault = ON_PATCH ",\"kind\":\"body\",\"body\":\"<html>Log in</html>\"",
	    .code = ERR_TEMP, .text = "is not valid", .maybe_done = true },
	{ "a member of another type",
	    .fault = "\"method\":\"GET\",\"path\":\"v2.1/"
		     "ptrs\",\"kind\":\"body\",\"body\":\"{\\\"floatingips\\\": 5}\"",
	    .code = ERR_TEMP, .text = "must be an array" },
	{ "endless", .fault = ON_PATCH ",\"kind\":\"huge\"", .code = ERR_TEMP,
	    .text = "over the limit", .maybe_done = true },
	{ "redirect", .fault = ON_PATCH ",\"kind\":\"redirect\"", .code = ERR_CONFIG,
	    .text = "redirects are not followed" },
};

static void
test_faults(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(faults); i++) {
		struct world w;
		char text[512];
		ROW(faults[i].name);
		order("{\"reset\": {\"pending_s\": 0}}");
		world_init(&w, key_environment, "203.0.113.25");
		open_and_find(&w);
		snprintf(text, sizeof text, "{\"faults\": [{%s}]}", faults[i].fault);
		order(text);
		struct provider_record r = record_of("mail.example.com", &w.arena);
		expect(&w, provider_huawei.put(&w.session, &w.place, &w.ip, &r, &w.err),
		    faults[i].code);
		if (faults[i].code != ERR_NONE && strstr(w.err.text, faults[i].text) == NULL)
			fail_msg("\"%s\" lacks \"%s\"", w.err.text, faults[i].text);
		assert_int_equal(w.session.maybe_done, faults[i].maybe_done);
		assert_int_equal(w.session.retry_after_s, faults[i].retry_after_s);
		expect_no_secret(w.err.text);
		expect_no_violation();
		world_fini(&w);
	}
}

static const struct {
	const char *kind;
	enum provider_state state;
	const char *text;
} ends[] = {
	{ "error", PROVIDER_FAILED, "has the status ERROR" },
	{ "stuck", PROVIDER_PENDING, "" },
	{ "no-dns", PROVIDER_ACTIVE, "" },
};

static void
test_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(ends); i++) {
		struct world w;
		char text[128];
		enum provider_state at;
		ROW(ends[i].kind);
		order("{\"reset\": {\"pending_s\": 0}}");
		world_init(&w, key_environment, "203.0.113.25");
		open_and_find(&w);
		snprintf(text, sizeof text,
		    "{\"faults\": [{\"method\":\"PATCH\",\"kind\":\"%s\"}]}", ends[i].kind);
		order(text);
		struct provider_record r = record_of("mail.example.com", &w.arena);
		expect(&w, provider_huawei.put(&w.session, &w.place, &w.ip, &r, &w.err), ERR_NONE);
		expect(&w, provider_huawei.poll(&w.session, &w.place, &w.ip, &at, &w.err),
		    ERR_NONE);
		assert_int_equal(at, ends[i].state);
		assert_non_null(strstr(w.err.text, ends[i].text));
		/* while one change is under way another has to wait */
		if (at == PROVIDER_PENDING)
			expect(&w, provider_huawei.put(&w.session, &w.place, &w.ip, NULL, &w.err),
			    ERR_TEMP);
		world_fini(&w);
	}
}

/* --- what is refused before anything is sent --------------------------------------------- */

static void
refuse(struct world *w, const struct provider_record *r, const char *text)
{
	expect(w, provider_huawei.put(&w->session, &w->place, &w->ip, r, &w->err), ERR_DATA);
	if (strstr(w->err.text, text) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", w->err.text, text);
}

static void
test_limits(void **state)
{
	(void)state;
	struct world w;
	char longest[257];
	order("{\"reset\": {\"pending_s\": 0, \"v21\": false}}");
	world_init(&w, key_environment, "203.0.113.25");
	open_and_find(&w);
	struct provider_record good = record_of("mail.example.com", &w.arena), r;
	r = good, r.ttl_s = 0, refuse(&w, &r, "TTL");
	r = good, r.ttl_s = 2147483648U, refuse(&w, &r, "TTL");
	r = good, r.n_names = 0, refuse(&w, &r, "1 to 10");
	r = good, r.description = memset(longest, 'x', 256), longest[256] = '\0';
	refuse(&w, &r, "256 characters");
	r = good, r.description = "\xff", refuse(&w, &r, "UTF-8");
	static const char *const tags[] = { "novalue", "=x", "_sys_a=b", " a=b", "a =b", "a,b=c",
		"a=b,c", "a\xff=b" };
	for (size_t i = 0; i < N_ELEMENTS(tags); i++)
		r = good, r.tags[0] = tags[i], r.n_tags = 1, refuse(&w, &r, "tag");
	r = good, r.tags[0] = "a=1", r.tags[1] = "a=2", r.n_tags = 2, refuse(&w, &r, "two tags");
	r = record_of("a.example.com b.example.com", &w.arena);
	refuse(&w, &r, "one name per address");
	/* at the limits all is well: characters count, not bytes */
	r = good, r.ttl_s = 2147483647U, r.n_tags = 1;
	r.tags[0] = "Stra\xc3\x9f"
		    "e_.:+-@ x=a b/c";
	longest[254] = '\0';
	r.description = arena_printf(&w.arena, "%s\xc3\xbc", longest);
	expect(&w, provider_huawei.put(&w.session, &w.place, &w.ip, &r, &w.err), ERR_NONE);
	expect_no_violation();
	world_fini(&w);
}

/* --- forward records --------------------------------------------------------------------- */

static const struct {
	const char *name;
	const char *owner;
	const char *before; /* what the account has, as JSON rows */
	enum err_code code;
	size_t n; /* addresses before */
	const char *text;
} forwards[] = {
	{ "new name", .owner = "mail.example.com", .before = "", .code = ERR_NONE, .text = "" },
	{ "deep name", .owner = "a.b.c.example.com", .before = "", .code = ERR_NONE, .text = "" },
	{ "one more address", .owner = "mail.example.com",
	    .before = "{\"name\":\"mail.example.com.\",\"type\":\"A\",\"records\":[\"192.0.2.9\"],"
		      "\"ttl\":"
		      "60}",
	    .code = ERR_NONE, .n = 1, .text = "" },
	{ "another family beside it", .owner = "mail.example.com",
	    .before =
		"{\"name\":\"mail.example.com.\",\"type\":\"AAAA\",\"records\":[\"2001:db8::9\"]}",
	    .code = ERR_NONE, .text = "" },
	{ "another name that looks like it", .owner = "mail.example.com",
	    .before =
		"{\"name\":\"xmail.example.com.\",\"type\":\"A\",\"records\":[\"192.0.2.9\"]}",
	    .code = ERR_NONE, .text = "" },
	{ "CNAME at the name", .owner = "mail.example.com",
	    .before = "{\"name\":\"mail.example.com.\",\"type\":\"CNAME\",\"records\":[\"x.example."
		      "com.\"]}",
	    .code = ERR_TEMP, .text = "a CNAME allows no other record" },
	{ "the service's own", .owner = "mail.example.com",
	    .before = "{\"name\":\"mail.example.com.\",\"type\":\"A\",\"records\":[\"192.0.2.9\"],"
		      "\"default\":true}",
	    .code = ERR_NOPERM, .n = 1, .text = "the service's own" },
	{ "foreign zone", .owner = "mail.example.org", .before = "", .code = ERR_DATA,
	    .text = "no public zone of this account" },
};

/* Until nothing is pending any more. */
static enum provider_state
forward_state(struct world *w, const char *owner)
{
	enum provider_state state = PROVIDER_PENDING;
	for (int i = 0; i < POLLS_MAX && state == PROVIDER_PENDING; i++) {
		usleep(POLL_US);
		expect(w, provider_huawei.forward_poll(&w->session, owner, &w->ip, &state, &w->err),
		    ERR_NONE);
	}
	return state;
}

static void
test_forward_ends(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(ends); i++) {
		struct world w;
		struct provider_set set = { .n = 1, .ttl_s = 300 };
		char text[128];
		enum provider_state at;
		ROW(ends[i].kind);
		order("{\"reset\": {\"pending_s\": 0}}");
		world_init(&w, key_environment, "203.0.113.25");
		expect(&w, provider_huawei.open(&w.session, &w.err), ERR_NONE);
		set.ips[0] = w.ip;
		snprintf(text, sizeof text, "{\"faults\": [{\"method\":\"POST\",\"kind\":\"%s\"}]}",
		    ends[i].kind);
		order(text);
		expect(&w,
		    provider_huawei.forward_put(&w.session, "mail.example.com", &w.ip, &set,
			&w.err),
		    ERR_NONE);
		expect(&w,
		    provider_huawei.forward_poll(&w.session, "mail.example.com", &w.ip, &at,
			&w.err),
		    ERR_NONE);
		assert_int_equal(at, ends[i].state);
		if (strstr(w.err.text, ends[i].text) == NULL)
			fail_msg("%s", w.err.text);
		expect(&w,
		    provider_huawei.forward_poll(&w.session, "mail.example.org", &w.ip, &at,
			&w.err),
		    ERR_DATA);
		world_fini(&w);
	}
}

static void
test_forwards(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(forwards); i++) {
		struct world w;
		char text[512];
		struct provider_set set = { .n = 0 };
		ROW(forwards[i].name);
		snprintf(text, sizeof text, "{\"reset\": {\"pending_s\": 0, \"recordsets\": [%s]}}",
		    forwards[i].before);
		order(text);
		world_init(&w, key_environment, "203.0.113.25");
		expect(&w, provider_huawei.open(&w.session, &w.err), ERR_NONE);
		bool foreign = forwards[i].code == ERR_DATA;
		expect(&w,
		    provider_huawei.forward_get(&w.session, forwards[i].owner, &w.ip, &set, &w.err),
		    foreign ? ERR_DATA : ERR_NONE);
		assert_int_equal(set.n, forwards[i].n);
		set.ips[set.n++] = w.ip;
		set.ttl_s = 300;
		expect(&w,
		    provider_huawei.forward_put(&w.session, forwards[i].owner, &w.ip, &set, &w.err),
		    forwards[i].code);
		assert_non_null(strstr(w.err.text, forwards[i].text));
		if (forwards[i].code == ERR_NONE) {
			expect(&w,
			    provider_huawei.forward_get(&w.session, forwards[i].owner, &w.ip, &set,
				&w.err),
			    ERR_NONE);
			assert_int_equal(set.n, forwards[i].n + 1);
			assert_int_equal(set.ttl_s, 300);
			assert_int_equal(forward_state(&w, forwards[i].owner), PROVIDER_ACTIVE);
			set.n = 0;
			expect(&w,
			    provider_huawei.forward_put(&w.session, forwards[i].owner, &w.ip, &set,
				&w.err),
			    ERR_NONE);
			assert_int_equal(forward_state(&w, forwards[i].owner), PROVIDER_ABSENT);
		}
		expect_no_violation();
		world_fini(&w);
	}
}

static int
setup(void **state)
{
	(void)state;
	standin_start(&standin);
	client = http_client_new(NULL);
	return 0;
}

static int
teardown(void **state)
{
	(void)state;
	http_client_free(client);
	standin_stop(&standin);
	return 0;
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_walks),
		cmocka_unit_test(test_all_fields),
		cmocka_unit_test(test_limited_keys),
		cmocka_unit_test(test_limited_key_elsewhere),
		cmocka_unit_test(test_record_comes_back),
		cmocka_unit_test(test_logins),
		cmocka_unit_test(test_no_agency),
		cmocka_unit_test(test_finds),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_list_pages),
		cmocka_unit_test(test_faults),
		cmocka_unit_test(test_ends),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_forwards),
		cmocka_unit_test(test_forward_ends),
	};
	return cmocka_run_group_tests(tests, setup, teardown);
}
