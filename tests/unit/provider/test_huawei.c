/*
 * Request goldens: what the provider sends, byte by byte, and what it makes of scripted replies,
 * as whole conversations in tests/golden/huawei.  UPDATE_GOLDEN=1 (make golden) rewrites them.
 */
#include "test.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/file.h"
#include "provider/huawei/huawei_priv.h"
#include "provider/provider_priv.h"
#include "standin.h"

enum { TALK_MAX = 1 << 18, STEPS_MAX = 8, REPLIES_MAX = 16, NOW_S = 1768464554 };

#define EIP_ID "c0ffee00-1111-4222-8333-444455556666"
#define EIP_ROW \
	"{\"id\":\"" EIP_ID "\",\"public_ip_address\":\"203.0.113.10\",\"status\":\"ACTIVE\"," \
	"\"enterprise_project_id\":\"0\"}"
#define EIP "200 {\"publicips\":[" EIP_ROW "]}"
#define NO_EIP "200 {\"publicips\":[]}"
#define NO_PTRS "200 {\"floatingips\":[]}"
#define NO_PTR "404 {\"code\":\"DNS.0507\",\"message\":\"none\"}"
#define NO_API "404 {\"error_code\":\"APIG.0101\",\"error_msg\":\"no such API\"}"
#define ONE(status) \
	"{\"id\":\"ap-southeast-1:" EIP_ID "\",\"ptrdname\":\"mail.example.com.\"," \
	"\"description\":null,\"ttl\":300,\"address\":\"203.0.113.10\",\"status\":\"" status "\"}"
#define TWO \
	"{\"id\":\"9a175b97\",\"publicip\":{\"region\":\"ap-southeast-1\",\"id\":\"" EIP_ID \
	"\",\"address\":\"203.0.113.10\"},\"ptrdnames\":[\"a.example.com.\",\"B.example.com.\"]," \
	"\"description\":\"old\",\"ttl\":600,\"status\":\"ACTIVE\",\"tags\":[{\"key\":\"role\"," \
	"\"value\":\"mx\"}," \
	"{\"key\":\"old\",\"value\":\"\"}]}"
#define ZONE \
	"200 {\"zones\":[{\"id\":\"2c9e\",\"name\":\"example.com.\",\"zone_type\":\"public\"}]}"
#define NO_ZONE "200 {\"zones\":[]}"
#define SET \
	"200 {\"recordsets\":[{\"id\":\"5e7\",\"name\":\"mail.example.com.\",\"type\":\"A\"," \
	"\"ttl\":60,\"records\":[\"192.0.2.1\"],\"status\":\"ACTIVE\"}]}"
#define UNREACHABLE "000 its name does not resolve"
#define PROJECT_ID "0123456789abcdef0123456789abcdef"

#define KEY \
	"HUAWEICLOUD_SDK_AK=FAKEAK0000EXAMPLE001", \
	    "HUAWEICLOUD_SDK_SK=fakeSecretKey0000000000000000000000example"
#define PROJECT "HUAWEICLOUD_SDK_PROJECT_ID=" PROJECT_ID
#define REGION "HW_REGION_NAME=ap-southeast-1"

static const struct talk {
	const char *name;
	const char *environment[8];
	const char *cloud, *endpoint;
	const char *steps[STEPS_MAX];
	const char
	    *replies[REPLIES_MAX]; /* "STATUS BODY", in the order in which they are asked for */
} talks[] = {
	{ "one-name", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "find", "get", "put mail.example.com", "poll", "poll" },
	    .replies = { EIP, NO_PTRS, NO_PTR, NO_PTRS, NO_PTR, "202 " ONE("PENDING_CREATE"),
		NO_PTRS, "200 " ONE("PENDING_CREATE"), NO_PTRS, "200 " ONE("ACTIVE") } },
	{ "two-names", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "find", "put a.example.com b.example.com #role=mx", "poll" },
	    .replies = { EIP, NO_PTRS, NO_PTR, "202 " TWO, "200 {\"floatingips\":[" TWO "]}" } },
	{ "two-to-one", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "find", "get", "put a.example.com" },
	    .replies = { EIP, "200 {\"floatingips\":[" TWO "]}", "200 {\"floatingips\":[" TWO "]}",
		"202 null" } },
	{ "two-other-tags", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "find", "put a.example.com b.example.com #role=mx #owner=x" },
	    .replies = { EIP, "200 {\"floatingips\":[" TWO "]}", "204 ", "204 ", "202 null" } },
	{ "unset-one", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "find", "unset", "poll", "poll" },
	    .replies = { EIP, NO_PTRS, "200 " ONE("ACTIVE"), "202 ", NO_PTRS, "200 " ONE("ACTIVE"),
		NO_PTRS, NO_PTR } },
	{ "unset-two", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "find", "unset", "poll" },
	    .replies = { EIP, "200 {\"floatingips\":[" TWO "]}", "202 null", NO_PTRS, NO_PTR } },
	{ "unset-nothing", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "find", "unset" }, .replies = { EIP, NO_PTRS, NO_PTR } },
	{ "under-way", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "find", "put b.example.com" },
	    .replies = { EIP, NO_PTRS, "200 " ONE("PENDING_UPDATE") } },
	{ "blocked", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "find", "get", "poll" },
	    .replies = { EIP, NO_PTRS, "200 " ONE("POLICE"), "200 {\"tags\":[]}", NO_PTRS,
		"200 " ONE("POLICE") } },
	{ "temporary-key",
	    .environment = { "HW_ACCESS_KEY=FAKEAK0000EXAMPLE002",
		"HW_SECRET_KEY=fakeTempSecret000000000000000000example",
		"HW_SECURITY_TOKEN=gQpmYWtl/+AbC123==", PROJECT, REGION },
	    .steps = { "open", "find" }, .replies = { EIP } },
	{ "password",
	    .environment = { "HW_USER_NAME=u\"ser", "HW_USER_PASSWORD=p\\a\"ss \xc3\xbc",
		"HW_DOMAIN_NAME=acc", REGION },
	    .steps = { "open", "find" },
	    .replies = { "201 {\"token\":{\"project\":{\"id\":\"" PROJECT_ID "\"}}}", EIP } },
	{ "password-refused",
	    .environment = { "HW_USER_NAME=user", "HW_USER_PASSWORD=pass", "HW_DOMAIN_NAME=acc",
		REGION },
	    .steps = { "open" },
	    .replies = { "401 {\"error\":{\"code\":401,\"message\":\"The username or password is "
			 "wrong.\"}}" } },
	{ "project-by-region", .environment = { KEY, REGION }, .steps = { "open", "find" },
	    .replies = { "200 {\"projects\":[{\"id\":\"" PROJECT_ID
			 "\",\"name\":\"ap-southeast-1\"}]}",
		EIP } },
	{ "two-projects", .environment = { KEY, REGION }, .steps = { "open" },
	    .replies = { "200 {\"projects\":[{\"id\":\"p1\"},{\"id\":\"p2\"}]}" } },
	{ "no-project", .environment = { KEY, REGION }, .steps = { "open" },
	    .replies = { "200 {\"projects\":[]}" } },
	{ "projects-forbidden", .environment = { KEY, REGION }, .steps = { "open" },
	    .replies = { "403 "
			 "{\"error\":{\"code\":403,\"message\":\"no\",\"title\":\"Forbidden\"}"
			 "}" } },
	{ "all-enterprise-projects", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "find" }, .replies = { NO_EIP, EIP } },
	{ "limited-to-an-enterprise-project", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "find", "get", "put mail.example.com" },
	    .replies = { "403 {\"code\":\"VPC.2701\",\"message\":\"not allowed\"}", EIP,
		"403 {\"code\":\"DNS.0030\"}", "403 {\"code\":\"DNS.0030\"}", NO_PTR, NO_PTR,
		"202 " ONE("PENDING_CREATE") } },
	{ "limited-and-not-granted", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "find" },
	    .replies = { "403 {\"code\":\"VPC.2701\",\"message\":\"first\"}",
		"403 {\"code\":\"VPC.2701\",\"message\":\"second\"}" } },
	{ "no-regional-hosts", .environment = { KEY, "HW_REGION_NAME=la-north-2" },
	    .steps = { "open", "find", "get" },
	    .replies = { UNREACHABLE,
		"200 {\"projects\":[{\"id\":\"" PROJECT_ID "\",\"name\":\"la-north-2\"}]}", EIP,
		UNREACHABLE, NO_PTRS, NO_PTR } },
	{ "no-regional-login",
	    .environment = { "HW_USER_NAME=user", "HW_USER_PASSWORD=pass", "HW_DOMAIN_NAME=acc",
		"HW_REGION_NAME=la-north-2" },
	    .steps = { "open", "find" },
	    .replies = { UNREACHABLE, "201 {\"token\":{\"project\":{\"id\":\"" PROJECT_ID "\"}}}",
		EIP } },
	{ "no-network", .environment = { KEY, "HW_REGION_NAME=la-north-2" }, .steps = { "open" },
	    .replies = { UNREACHABLE, UNREACHABLE } },
	{ "named-host-unreachable", .environment = { KEY, PROJECT, REGION },
	    .endpoint = "dns=https://dns.example.com", .steps = { "open", "find", "get" },
	    .replies = { EIP, UNREACHABLE } },
	{ "server-fault", .environment = { KEY, PROJECT, REGION }, .steps = { "open", "find" },
	    .replies = { "500 {\"code\":\"VPC.0000\",\"message\":\"broken\"}" } },
	{ "not-ours", .environment = { KEY, PROJECT, REGION }, .steps = { "open", "find" },
	    .replies = { NO_EIP, "400 {\"code\":\"VPC.0002\",\"message\":\"unknown parameter\"}",
		"200 {\"projects\":[{\"name\":\"cn-north-4\"},{\"name\":\"eu-west-101\"}]}" } },
	{ "filter-ignored", .environment = { KEY, PROJECT, REGION }, .steps = { "open", "find" },
	    .replies = { "200 "
			 "{\"publicips\":[{\"id\":\"other\",\"public_ip_address\":\"203.0.113.11\"}"
			 "]}",
		NO_EIP, "403 {}" } },
	{ "global-endpoint", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "find", "get", "put mail.example.com" },
	    .replies = { EIP, NO_PTRS, "404 {\"code\":\"DNS.0502\",\"message\":\"not here\"}",
		NO_PTRS, NO_PTR, NO_PTRS, NO_PTR, "202 " ONE("PENDING_CREATE") } },
	{ "nowhere", .environment = { KEY, PROJECT, REGION }, .steps = { "open", "find", "get" },
	    .replies = { EIP, NO_PTRS, "404 {\"code\":\"DNS.0502\",\"message\":\"not here\"}",
		NO_PTRS, "500 {\"code\":\"DNS.0001\"}" } },
	{ "without-v21", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "find", "put mail.example.com", "put a.example.com b.example.com" },
	    .replies = { EIP, NO_API, NO_PTR, "202 " ONE("PENDING_CREATE"),
		"200 " ONE("ACTIVE") } },
	{ "open-telekom-cloud", .environment = { KEY, PROJECT, "HW_REGION_NAME=eu-nl" },
	    .cloud = "otc.t-systems.com", .steps = { "open", "find", "get" },
	    .replies = { EIP, NO_API, NO_PTR } },
	{ "europe", .environment = { KEY, PROJECT, "HW_REGION_NAME=eu-west-101" },
	    .steps = { "open", "find" }, .replies = { EIP } },
	{ "private-cloud", .environment = { KEY, REGION },
	    .endpoint = "https://api.cloud.example:8443/base/", .steps = { "open", "find" },
	    .replies = { "200 {\"projects\":[{\"id\":\"" PROJECT_ID "\"}]}", EIP } },
	{ "endpoint-variable",
	    .environment = { KEY, PROJECT, REGION,
		"HUAWEICLOUD_SDK_REGION_EIP_AP_SOUTHEAST_1=vpc.example.net,other" },
	    .steps = { "open", "find" }, .replies = { EIP } },
	{ "unknown-service", .environment = { KEY, PROJECT, REGION },
	    .endpoint = "ecs=https://x.example", .steps = { "open" }, .replies = { NULL } },
	{ "forward-new", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "fget mail.example.com", "fput mail.example.com 203.0.113.10" },
	    .replies = { NO_ZONE, ZONE, "200 {\"recordsets\":[]}", NO_ZONE, ZONE,
		"200 {\"recordsets\":[]}", "202 {}" } },
	{ "forward-more", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "fget mail.example.com",
		"fput mail.example.com 192.0.2.1 203.0.113.10" },
	    .replies = { NO_ZONE, ZONE, SET, NO_ZONE, ZONE, SET, "202 {}" } },
	{ "forward-remove", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "fput mail.example.com" },
	    .replies = { NO_ZONE, ZONE, SET, "202 {}" } },
	{ "forward-foreign", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "fget a.example.org" },
	    .replies = { NO_ZONE, NO_ZONE, NO_ZONE, NO_ZONE } },
	{ "list", .environment = { KEY, PROJECT, REGION }, .steps = { "open", "list" },
	    .replies = { EIP, NO_EIP, "200 {\"floatingips\":[" TWO "]}" } },
	{ "list-v2", .environment = { KEY, PROJECT, REGION }, .steps = { "open", "list" },
	    .replies = { "400 {}", EIP, NO_EIP, NO_API,
		"200 {\"floatingips\":[" ONE("ACTIVE") "]}" } },
	{ "hostile-reply", .environment = { KEY, PROJECT, REGION },
	    .steps = { "open", "find", "find" },
	    .replies = { "403 {\"code\":\"X\\u001b[31m\",\"message\":\"\\u202eevil\\n\"}", "403 {}",
		"200 "
		"{\"publicips\":[{\"id\":\"../../x\",\"public_ip_address\":\"203.0.113.10\"}]}" } },
};

/* --- the scripted cloud ------------------------------------------------------------------ */

struct cloud {
	const struct talk *talk;
	size_t n_replies;
	struct buf text;
};

static enum err_code
scripted(void *carrier, const struct http_request *r, struct arena *a, struct http_reply *reply,
    struct err *err)
{
	struct cloud *c = carrier;
	buf_printf(&c->text, "%s %s\n", r->method, r->url);
	for (size_t i = 0; i < r->n_headers; i++)
		buf_printf(&c->text, "%s: %s\n", r->headers[i].name, r->headers[i].value);
	if (r->body != NULL)
		buf_printf(&c->text, "\n%.*s\n", (int)r->body_len, r->body);
	const char *script = c->n_replies < REPLIES_MAX ? c->talk->replies[c->n_replies++] : NULL;
	*reply = (struct http_reply){ .body = "",
		.date = "",
		.retry_after = "",
		.request_id = "r-1",
		.subject_token = "" };
	if (script == NULL)
		return err_set(err, ERR_UNAVAILABLE, "the script has no more replies");
	reply->status = (int)strtol(script, NULL, 10);
	if (reply->status == 0) {
		buf_printf(&c->text, "-> %s\n\n", script);
		return err_set(err, ERR_UNAVAILABLE, "%s", script + 4);
	}
	reply->body = arena_strdup(a, script + 4);
	reply->body_len = strlen(reply->body);
	if (reply->status == 201)
		reply->subject_token = arena_strdup(a, "MIIfaketoken");
	buf_printf(&c->text, "-> %.120s%s\n\n", script, strlen(script) > 120 ? "..." : "");
	return ERR_NONE;
}

static int64_t
fixed_wall_s(void *arg)
{
	(void)arg;
	return NOW_S;
}

/* --- steps ------------------------------------------------------------------------------- */

struct play {
	struct provider_session session;
	struct provider_place place;
	struct ip ip;
	struct arena arena;
	struct cloud *cloud;
	struct err err;
	const char *words[16]; /* of the step */
	size_t n_words;
};

static void
split(struct play *p, const char *step)
{
	p->n_words = 0;
	while (*step != '\0') {
		size_t len = strcspn(step, " ");
		p->words[p->n_words++] = arena_strndup(&p->arena, step, len);
		step += len + (step[len] == ' ');
	}
}

static void
show_record(struct play *p, const struct provider_record *r)
{
	struct buf *out = &p->cloud->text;
	char text[IP_TEXT_MAX];
	buf_printf(out, "= %s", ip_format(&r->ip, text));
	for (size_t i = 0; i < r->n_names; i++)
		buf_printf(out, " %s", r->names[i]);
	for (size_t i = 0; i < r->n_tags; i++)
		buf_printf(out, " #%s", r->tags[i]);
	buf_printf(out, " ttl %u \"%s\"%s\n", r->ttl_s, r->description,
	    r->is_default ? " default" : "");
}

static void
show_state(struct play *p, enum provider_state state)
{
	static const char *const names[] = { "active", "pending", "failed", "absent" };
	buf_printf(&p->cloud->text, "= %s\n", names[state]);
}

static enum err_code
do_open(struct play *p)
{
	return provider_huawei.open(&p->session, &p->err);
}

static enum err_code
do_find(struct play *p)
{
	enum err_code code = provider_huawei.find(&p->session, &p->ip, &p->place, &p->err);
	if (code == ERR_NONE)
		buf_printf(&p->cloud->text, "= %s, %s\n", p->place.id, p->place.text);
	return code;
}

static enum err_code
do_get(struct play *p)
{
	struct provider_record r;
	enum provider_state state;
	enum err_code code = provider_huawei.get(&p->session, &p->place, &p->ip, &p->arena, &r,
	    &state, &p->err);
	if (code == ERR_NONE) {
		show_record(p, &r);
		show_state(p, state);
	}
	return code;
}

static enum err_code
do_put(struct play *p)
{
	struct provider_record r = { .ttl_s = 300, .description = "" };
	for (size_t i = 1; i < p->n_words; i++) {
		if (p->words[i][0] == '#')
			r.tags[r.n_tags++] = p->words[i] + 1;
		else
			r.names[r.n_names++] = p->words[i];
	}
	return provider_huawei.put(&p->session, &p->place, &p->ip, &r, &p->err);
}

static enum err_code
do_unset(struct play *p)
{
	return provider_huawei.put(&p->session, &p->place, &p->ip, NULL, &p->err);
}

static enum err_code
do_poll(struct play *p)
{
	enum provider_state state;
	enum err_code code = provider_huawei.poll(&p->session, &p->place, &p->ip, &state, &p->err);
	if (code == ERR_NONE)
		show_state(p, state);
	if (code == ERR_NONE && state == PROVIDER_FAILED)
		buf_printf(&p->cloud->text, "= %s\n", p->err.text);
	return code;
}

static enum err_code
do_list(struct play *p)
{
	struct provider_record *list;
	size_t n = 0;
	enum err_code code = provider_huawei.list(&p->session, &p->arena, &list, &n, &p->err);
	for (size_t i = 0; i < n; i++)
		show_record(p, &list[i]);
	return code;
}

static enum err_code
do_forward_get(struct play *p)
{
	struct provider_set set;
	char text[IP_TEXT_MAX];
	enum err_code code = provider_huawei.forward_get(&p->session, p->words[1], &p->ip, &set,
	    &p->err);
	for (size_t i = 0; i < set.n; i++)
		buf_printf(&p->cloud->text, "= %s ttl %u\n", ip_format(&set.ips[i], text),
		    set.ttl_s);
	return code;
}

static enum err_code
do_forward_put(struct play *p)
{
	struct provider_set set = { .n = p->n_words - 2, .ttl_s = 300 };
	for (size_t i = 0; i < set.n; i++)
		assert_true(ip_parse(p->words[i + 2], &set.ips[i]));
	return provider_huawei.forward_put(&p->session, p->words[1], &p->ip, &set, &p->err);
}

static const struct {
	const char *word;
	enum err_code (*run)(struct play *p);
} verbs[] = {
	{ "open", do_open },
	{ "find", do_find },
	{ "get", do_get },
	{ "put", do_put },
	{ "unset", do_unset },
	{ "poll", do_poll },
	{ "list", do_list },
	{ "fget", do_forward_get },
	{ "fput", do_forward_put },
};

static enum err_code
run_step(struct play *p, const char *step)
{
	split(p, step);
	buf_printf(&p->cloud->text, "> %s\n", step);
	for (size_t i = 0; i < N_ELEMENTS(verbs); i++) {
		if (strcmp(verbs[i].word, p->words[0]) != 0)
			continue;
		enum err_code code = verbs[i].run(p);
		if (code == ERR_NONE)
			buf_puts(&p->cloud->text, "ok\n\n");
		else
			buf_printf(&p->cloud->text, "error %d: %s\n\n", (int)code, p->err.text);
		return code;
	}
	fail_msg("no step %s", step);
	return ERR_INTERNAL;
}

/* --- goldens ----------------------------------------------------------------------------- */

static void
compare(const char *name, const struct buf *talk)
{
	char path[256];
	struct buf want;
	struct err err;
	snprintf(path, sizeof path, "tests/golden/huawei/%s.txt", name);
	if (getenv("UPDATE_GOLDEN") != NULL) {
		FILE *f = fopen(path, "w");
		assert_non_null(f);
		fwrite(talk->data, 1, talk->len, f);
		fclose(f);
	}
	buf_init(&want, TALK_MAX);
	if (file_read(path, &want, &err) != ERR_NONE)
		fail_msg("%s", err.text);
	assert_string_equal(talk->data, want.data);
	buf_fini(&want);
}

static void
play(const struct talk *t, struct cloud *c)
{
	struct provider_options o = { .cloud = t->cloud,
		.endpoints = &t->endpoint,
		.n_endpoints = t->endpoint != NULL,
		.world = { .arg = c,
		    .getenv = standin_getenv,
		    .wall_s = fixed_wall_s,
		    .http = scripted } };
	struct play p = { .session = { .provider = &provider_huawei, .options = &o }, .cloud = c };
	arena_init(&p.arena);
	assert_true(ip_parse("203.0.113.10", &p.ip));
	standin_environment(t->environment);
	for (size_t i = 0; i < STEPS_MAX && t->steps[i] != NULL; i++)
		run_step(&p, t->steps[i]);
	if (p.session.warnings[0] != '\0')
		buf_printf(&c->text, "warnings: %s\n", p.session.warnings);
	provider_huawei.close(&p.session);
	arena_fini(&p.arena);
	/* a reply that nobody asked for is a case that tests less than it says */
	if (c->n_replies < REPLIES_MAX && t->replies[c->n_replies] != NULL)
		fail_msg("%s: reply %zu was not asked for", t->name, c->n_replies);
}

static void
test_talks(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(talks); i++) {
		struct cloud c = { .talk = &talks[i] };
		ROW(talks[i].name);
		buf_init(&c.text, TALK_MAX);
		play(&talks[i], &c);
		compare(talks[i].name, &c.text);
		buf_fini(&c.text);
	}
}

/* --- errors ------------------------------------------------------------------------------ */

static const struct {
	int status;
	const char *body;
	enum err_code code;
	const char *part;
} errors[] = {
	{ 400, "{\"code\":\"DNS.0002\"}", ERR_INTERNAL, "please report" },
	{ 401, "{\"code\":\"DNS.0005\"}", ERR_NOPERM, "the token is not valid" },
	{ 400, "{\"code\":\"DNS.0213\"}", ERR_NOPERM, "the zone takes no changes" },
	{ 400, "{\"code\":\"DNS.0302\"}", ERR_DATA, "the zone was not found" },
	{ 400, "{\"code\":\"DNS.0314\"}", ERR_TEMP, "is being changed" },
	{ 400, "{\"code\":\"DNS.0317\"}", ERR_NOPERM, "cannot be deleted" },
	{ 400, "{\"code\":\"DNS.0320\"}", ERR_DATA, "name of the zone has too many labels" },
	{ 400, "{\"code\":\"DNS.0321\"}", ERR_DATA, "too many labels" },
	{ 400, "{\"code\":\"DNS.0324\"}", ERR_NOPERM, "too many record sets" },
	{ 400, "{\"code\":\"DNS.0328\"}", ERR_TEMP, "conflicts with another" },
	{ 500, "{\"code\":\"DNS.0012\"}", ERR_TEMP, "could not ask the EIP service" },
	{ 500, "{\"code\":\"DNS.0015\"}", ERR_TEMP, "could not ask IAM" },
	{ 403, "{\"code\":\"DNS.0013\"}", ERR_NOPERM, "dns:ptr:set" },
	{ 403, "{\"code\":\"DNS.0031\"}", ERR_NOPERM, "project is frozen" },
	{ 403, "{\"code\":\"DNS.0014\"}", ERR_TEMP, "too many requests" },
	{ 400, "{\"code\":\"DNS.0016\"}", ERR_TEMP, "already exists" },
	{ 409, "{\"code\":\"DNS.0021\"}", ERR_TEMP, "in progress" },
	{ 403, "{\"code\":\"DNS.0037\"}", ERR_DATA, "does not support it" },
	{ 400, "{\"code\":\"DNS.0041\"}", ERR_CONFIG, "--project" },
	{ 403, "{\"code\":\"DNS.0310\"}", ERR_CONFIG, "--project" },
	{ 403, "{\"code\":\"DNS.0405\"}", ERR_NOPERM, "mailready ptr list" },
	{ 404, "{\"code\":\"DNS.0502\"}", ERR_DATA, "--region" },
	{ 409, "{\"code\":\"DNS.0503\"}", ERR_TEMP, "still being changed" },
	{ 500, "{\"code\":\"DNS.0504\"}", ERR_INTERNAL, "id of the EIP" },
	{ 400, "{\"code\":\"DNS.0505\"}", ERR_DATA, "plain host name" },
	{ 400, "{\"code\":\"DNS.0506\"}", ERR_DATA, "2147483647" },
	{ 400, "{\"code\":\"DNS.0508\"}", ERR_DATA, "255 characters" },
	{ 400, "{\"code\":\"DNS.0601\"}", ERR_CONFIG, "--region" },
	{ 400, "{\"code\":\"DNS.1001\"}", ERR_DATA, "too many tags" },
	{ 400, "{\"code\":\"DNS.1003\"}", ERR_DATA, "a tag is refused" },
	{ 404, "{\"code\":\"DNS.0302\"}", ERR_DATA, "zone was not found" },
	{ 400, "{\"code\":\"DNS.0312\"}", ERR_TEMP, "CNAME" },
	{ 400, "{\"code\":\"DNS.0335\"}", ERR_TEMP, "CNAME" },
	{ 409, "{\"code\":\"DNS.0314\"}", ERR_TEMP, "being changed" },
	{ 403, "{\"code\":\"DNS.0318\"}", ERR_NOPERM, "belongs to the service" },
	{ 403, "{\"code\":\"DNS.0403\"}", ERR_NOPERM, "quota of record sets" },
	{ 401, "{\"error_code\":\"APIGW.0301\",\"error_msg\":\"x\"}", ERR_NOPERM, "lock a key" },
	{ 401, "{\"error_code\":\"APIG.0303\"}", ERR_NOPERM, "date of the signature" },
	{ 404, "{\"error_code\":\"APIG.0101\"}", ERR_CONFIG, "APIGW.0101" },
	{ 429, "{\"error_code\":\"APIGW.0308\"}", ERR_TEMP, "too many requests" },
	/* the gateway's code for a refusal, about a service that did not answer it */
	{ 504, "{\"error_code\":\"APIGW.0201\"}", ERR_TEMP, "temporary fault" },
	{ 413, "{\"error_code\":\"APIGW.0201\"}", ERR_DATA, "the gateway refuses" },
	{ 400, "{\"code\":\"DNS.0603\"}", ERR_INTERNAL, "please report" },
	{ 400, "{\"code\":\"DNS.0007\"}", ERR_TEMP, "try again" },
	{ 500, "{\"code\":\"DNS.0001\"}", ERR_TEMP, "temporary fault" },
	{ 403, "{\"code\":\"DNS.0030\"}", ERR_NOPERM, "dns:ptr:set" },
	{ 400, "{\"code\":\"DNS.0036\"}", ERR_TEMP, "network service" },
	{ 400, "{\"code\":\"DNS.0043\"}", ERR_INTERNAL, "please report" },
	{ 400, "{\"code\":\"DNS.0044\"}", ERR_INTERNAL, "please report" },
	{ 400, "{\"code\":\"DNS.0311\"}", ERR_CONFIG, "HW_DOMAIN_ID" },
	{ 400, "{\"code\":\"DNS.0501\"}", ERR_INTERNAL, "id of the PTR record" },
	{ 404, "{\"code\":\"DNS.0507\"}", ERR_DATA, "no PTR record" },
	{ 400, "{\"code\":\"DNS.0602\"}", ERR_DATA, "address is refused" },
	{ 400, "{\"code\":\"DNS.0303\"}", ERR_DATA, "--ttl" },
	{ 400, "{\"code\":\"DNS.0304\"}", ERR_DATA, "name of the record set" },
	{ 400, "{\"code\":\"DNS.0305\"}", ERR_DATA, "255 characters" },
	{ 400, "{\"code\":\"DNS.0307\"}", ERR_DATA, "type of the record set" },
	{ 400, "{\"code\":\"DNS.0308\"}", ERR_DATA, "value of the record set" },
	{ 400, "{\"code\":\"DNS.0319\"}", ERR_DATA, "2147483647" },
	{ 404, "{\"code\":\"DNS.0313\"}", ERR_TEMP, "is gone" },
	{ 409, "{\"code\":\"DNS.0209\"}", ERR_TEMP, "zone is being changed" },
	/* what is not in the table, or has no code at all */
	{ 401, "", ERR_NOPERM, "HTTP 401)" },
	{ 401, "{\"code\":\"DNS.0000\"}", ERR_NOPERM, "HTTP 401, DNS.0000" },
	{ 403, "{\"code\":\"DNS.9999\",\"message\":\"odd\"}", ERR_NOPERM, "it says \"odd\"" },
	{ 404, "null", ERR_DATA, "not found" },
	{ 400, "{\"badRequest\":{\"code\":\"VPC.0001\",\"message\":\"deep\"}}", ERR_DATA,
	    "VPC.0001); it says \"deep\"" },
	{ 401, "{\"error\":{\"code\":401,\"message\":\"who\"}}", ERR_NOPERM, "(HTTP 401)" },
	{ 409, "[]", ERR_TEMP, "in progress" },
	{ 418, "{\"code\":{}}", ERR_DATA, "refused" },
	{ 500, "<html>down</html>", ERR_TEMP, "<html>down</html>" },
	{ 503, "", ERR_TEMP, "temporary fault" },
	{ 302, "", ERR_CONFIG, "redirects are not followed" },
	{ 100, "", ERR_TEMP, "unexpected answer" },
};

static void
test_errors(void **state)
{
	(void)state;
	struct provider_options o = { .world.wall_s = fixed_wall_s };
	struct provider_session s = { .options = &o };
	struct huawei h = { .session = &s };
	for (size_t i = 0; i < N_ELEMENTS(errors); i++) {
		struct huawei_answer answer = { .status = errors[i].status };
		struct err err;
		ROW(errors[i].body);
		huawei_error_read(errors[i].body, strlen(errors[i].body), &answer);
		assert_int_equal(huawei_error(&h, "it", &answer, "", &err), errors[i].code);
		if (strstr(err.text, errors[i].part) == NULL)
			fail_msg("\"%s\" lacks \"%s\"", err.text, errors[i].part);
	}
}

/* --- dates ------------------------------------------------------------------------------- */

static const struct {
	const char *value;
	uint32_t seconds;
} waits[] = {
	{ "0", 0 },
	{ "7", 7 },
	{ "3600", 3600 },
	{ "3601", 3600 },
	{ "99999999999999999999", 3600 },
	{ "Thu, 15 Jan 2026 08:09:24 GMT", 10 },
	{ "Thu, 15 Jan 2026 08:09:04 GMT", 0 },
	{ "Thu, 15 Jan 2099 08:09:04 GMT", 3600 },
	{ "", 0 },
	{ "-1", 0 },
	{ "7s", 0 },
	{ "soon", 0 },
};

static void
test_retry_after(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(waits); i++) {
		ROW(waits[i].value);
		assert_int_equal(provider_retry_after(waits[i].value, NOW_S), waits[i].seconds);
	}
}

static const struct {
	const char *text;
	int64_t time_s;
} dates[] = {
	{ "Thu, 15 Jan 2026 08:09:14 GMT", NOW_S },
	{ "Thu, 01 Jan 1970 00:00:00 GMT", 0 },
	{ "Thu, 15 anF 2026 08:09:14 GMT", -1 },
	{ "Thu, 15 J 2026 08:09:14 GMT", -1 },
	{ "2026-01-15T08:09:14Z", -1 },
	{ "Thu, 15 Jan 2026", -1 },
	{ "", -1 },
};

static void
test_dates(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(dates); i++) {
		ROW(dates[i].text);
		assert_int_equal(provider_http_date(dates[i].text), dates[i].time_s);
	}
}

static const struct {
	const char *name, *text;
	enum err_code code;
	const char *url; /* or a part of the error */
} regions[] = {
	{ "endpoint", "DNS:\n  - id: 'r'\n    endpoint: 'https://dns.example'\n", ERR_NONE,
	    "https://dns.example" },
	{ "first of several",
	    "dns:\n  - id: r\n    endpoints:\n      - https://a\n      - https://b\n", ERR_NONE,
	    "https://a" },
	{ "another region", "DNS:\n  - id: q\n    endpoint: https://q\n", ERR_NONE, "" },
	{ "another service", "ECS:\n  - id: r\n    endpoint: https://q\n", ERR_NONE, "" },
	{ "of another kind", "DNS: {r: [https://q]}\n", ERR_NONE, "" },
	{ "nothing", "", ERR_NONE, "" },
	{ "no YAML", "DNS: [\n", ERR_CONFIG, "f:2:" },
	{ "brackets without end",
	    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
	    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[["
	    "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
	    ERR_CONFIG, "nested too deeply" },
};

static void
test_regions(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(regions); i++) {
		char url[HUAWEI_URL_MAX];
		struct err err = { .text = "" };
		ROW(regions[i].name);
		assert_int_equal(huawei_regions_find("f", regions[i].text, strlen(regions[i].text),
				     "DNS", "r", url, &err),
		    regions[i].code);
		if (regions[i].code == ERR_NONE)
			assert_string_equal(url, regions[i].url);
		else
			assert_non_null(strstr(err.text, regions[i].url));
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_talks),
		cmocka_unit_test(test_errors),
		cmocka_unit_test(test_retry_after),
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_regions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
