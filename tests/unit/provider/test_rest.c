/* The rows of the table of simple APIs are sound, and what is said of a reply is what it means. */
#include "provider/rest/rest_priv.h"

#include "base/arena.h"
#include "test.h"

/* One answer for every request; what was asked last. */
struct cloud {
	int status;
	const char *reply;
	char asked[300];
	char header[100];
	int n;
};

static const char *
get_variable(void *arg, const char *name)
{
	(void)arg;
	if (strcmp(name, "PDNS_API_URL") == 0)
		return "https://pdns.example";
	if (strstr(name, "_FILE") != NULL)
		return "";
	return strncmp(name, "OVH_CLIENT", 10) == 0 || strcmp(name, "HOME") == 0 ? "" :
	    strstr(name, "URL") != NULL || strstr(name, "ENDPOINT") != NULL      ? "" :
	    strstr(name, "ZONE") != NULL || strstr(name, "SERVER") != NULL       ? "" :
										   "t0ken-of-mine";
}

static int64_t
wall_s(void *arg)
{
	(void)arg;
	return 1768464554;
}

static enum err_code
carry(void *arg, const struct http_request *r, struct arena *a, struct http_reply *reply,
    struct err *err)
{
	struct cloud *c = arg;
	(void)err, (void)a;
	*reply = (struct http_reply){ .status = 200, .body = "1768464554", .retry_after = "" };
	if (strstr(r->url, "/auth/time") != NULL)
		return ERR_NONE;
	c->n++;
	snprintf(c->asked, sizeof c->asked, "%s %s%s%s", r->method, r->url,
	    r->body != NULL ? " " : "", r->body != NULL ? r->body : "");
	snprintf(c->header, sizeof c->header, "%s: %s", r->headers[0].name, r->headers[0].value);
	*reply = (struct http_reply){ .status = c->status,
		.body = c->reply,
		.body_len = strlen(c->reply),
		.retry_after = "7",
		.date = "",
		.request_id = "" };
	return ERR_NONE;
}

static void
session_begin(struct provider_session *s, const struct provider *p, struct provider_options *o,
    struct cloud *c)
{
	struct err err;
	*o = (struct provider_options){ .region = "",
		.project = "",
		.cloud = "",
		.world = { .arg = c, .getenv = get_variable, .wall_s = wall_s, .http = carry } };
	*s = (struct provider_session){ .provider = p, .options = o };
	arena_init(&s->arena);
	assert_int_equal(p->open(s, &err), ERR_NONE);
}

static void
session_end(struct provider_session *s)
{
	s->provider->close(s);
	arena_fini(&s->arena);
}

static void
assert_filled(struct arena *a, const char *text)
{
	static const struct rest_values values = { "i", "f", "n", "a", "m", "t", "d", "w", "r" };
	assert_null(strpbrk(rest_fill(a, text, &values, true), "{}"));
	/* a word that is not one of the placeholders would be filled with nothing */
	for (const char *word = text; (word = strchr(word, '{')) != NULL; word++) {
		const char *one = arena_strndup(a, word, strcspn(word, "}") + 1);
		assert_int_equal(strlen(rest_fill(a, one, &values, false)), 1);
	}
}

static void
assert_write(struct arena *a, const struct rest_write *w)
{
	assert_filled(a, w->path);
	if (w->body == NULL)
		return;
	json_t *body = json_loads(w->body, 0, NULL), *value;
	const char *key;
	if (w->body[0] != '{') {
		assert_filled(a, w->body);
		return;
	}
	assert_true(json_is_object(body));
	json_object_foreach (body, key, value) {
		assert_true(json_is_string(value) || json_is_null(value));
		if (json_is_string(value))
			assert_filled(a, json_string_value(value));
	}
	json_decref(body);
}

static void
rows_are_sound(void **test)
{
	struct arena a;
	(void)test;
	arena_init(&a);
	for (size_t i = 0; i < providers_n; i++) {
		const struct rest_api *api = providers_all[i]->rest;
		if (api == NULL)
			continue;
		ROW(providers_all[i]->name);
		assert_string_equal(api->service, providers_all[i]->name);
		assert_non_null(api->rights);
		assert_true(api->unseen[0] == NULL || api->unseen_s > 0);
		assert_true(api->base == NULL || strncmp(api->base, "https://", 8) == 0);
		for (size_t k = 0; k < api->n_kinds; k++) {
			const struct rest_kind *kind = &api->kinds[k];
			assert_true(provider_is_id(kind->word));
			assert_true(strncmp(kind->find, api->version, strlen(api->version)) == 0);
			assert_filled(&a, kind->find);
			assert_filled(&a, kind->get);
			assert_write(&a, &kind->set);
			assert_write(&a, &kind->unset);
			for (size_t j = 0; j < k; j++)
				assert_string_not_equal(kind->word, api->kinds[j].word);
		}
		for (size_t k = 0; api->defaults != NULL && api->defaults[k] != NULL; k++)
			assert_filled(&a, api->defaults[k]);
	}
	arena_fini(&a);
}

static const struct {
	const char *provider, *place, *ip;
	const char *set, *unset, *header;
} writes[] = {
	{ "hetzner", "primary_ips - 42", "192.0.2.1",
	    "POST https://api.hetzner.cloud/v1/primary_ips/42/actions/change_dns_ptr "
	    "{\"ip\":\"192.0.2.1\",\"dns_ptr\":\"mail.example\"}",
	    "POST https://api.hetzner.cloud/v1/primary_ips/42/actions/change_dns_ptr "
	    "{\"ip\":\"192.0.2.1\",\"dns_ptr\":null}",
	    "Authorization: Bearer t0ken-of-mine" },
	{ "robot", "rdns - -", "2001:db8::1",
	    "POST https://robot-ws.your-server.de/rdns/2001%3Adb8%3A%3A1 ptr=mail.example",
	    "DELETE https://robot-ws.your-server.de/rdns/2001%3Adb8%3A%3A1",
	    "Authorization: Basic dDBrZW4tb2YtbWluZTp0MGtlbi1vZi1taW5l" },
	{ "ovh", "ip - 192.0.2.0/29", "192.0.2.1",
	    "POST https://eu.api.ovh.com/1.0/ip/192.0.2.0%2F29/reverse "
	    "{\"ipReverse\":\"192.0.2.1\",\"reverse\":\"mail.example.\"}",
	    "DELETE https://eu.api.ovh.com/1.0/ip/192.0.2.0%2F29/reverse/192.0.2.1",
	    "X-Ovh-Application: t0ken-of-mine" },
	{ "linode", "ips - -", "2001:db8::1",
	    "PUT https://api.linode.com/v4/networking/ips/2001%3Adb8%3A%3A1 "
	    "{\"rdns\":\"mail.example\"}",
	    "PUT https://api.linode.com/v4/networking/ips/2001%3Adb8%3A%3A1 {\"rdns\":null}",
	    "Authorization: Bearer t0ken-of-mine" },
	{ "vultr", "instances6 - i-1", "2001:db8::1",
	    "POST https://api.vultr.com/v2/instances/i-1/ipv6/reverse "
	    "{\"ip\":\"2001:0db8:0000:0000:0000:0000:0000:0001\",\"reverse\":\"mail.example\"}",
	    "DELETE https://api.vultr.com/v2/instances/i-1/ipv6/reverse/"
	    "2001%3A0db8%3A0000%3A0000%3A0000%3A0000%3A0000%3A0001",
	    "Authorization: Bearer t0ken-of-mine" },
	{ "vultr", "instances - i-1", "192.0.2.1",
	    "POST https://api.vultr.com/v2/instances/i-1/ipv4/reverse "
	    "{\"ip\":\"192.0.2.1\",\"reverse\":\"mail.example\"}",
	    "POST https://api.vultr.com/v2/instances/i-1/ipv4/reverse/default "
	    "{\"ip\":\"192.0.2.1\"}",
	    "Authorization: Bearer t0ken-of-mine" },
	{ "scaleway", "ips nl-ams-1 a-1", "192.0.2.1",
	    "PATCH https://api.scaleway.com/instance/v1/zones/nl-ams-1/ips/a-1 "
	    "{\"reverse\":\"mail.example\"}",
	    "PATCH https://api.scaleway.com/instance/v1/zones/nl-ams-1/ips/a-1 "
	    "{\"reverse\":null}",
	    "X-Auth-Token: t0ken-of-mine" },
};

static void
requests_are_those_of_the_apis(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(writes); i++) {
		struct cloud cloud = { .status = 200, .reply = "{}" };
		struct provider_options o;
		struct provider_session s;
		struct provider_place place = { .text = "there" };
		struct provider_record r = { .names = { "mail.example" },
			.n_names = 1,
			.description = "" };
		struct ip ip;
		struct err err = { 0 };
		ROW(writes[i].place);
		assert_true(ip_parse(writes[i].ip, &ip));
		snprintf(place.id, sizeof place.id, "%s", writes[i].place);
		session_begin(&s, provider_by_name(writes[i].provider), &o, &cloud);
		assert_int_equal(s.provider->put(&s, &place, &ip, &r, &err), ERR_NONE);
		assert_string_equal(cloud.asked, writes[i].set);
		assert_string_equal(cloud.header, writes[i].header);
		assert_int_equal(s.provider->put(&s, &place, &ip, NULL, &err), ERR_NONE);
		assert_string_equal(cloud.asked, writes[i].unset);
		snprintf(place.id, sizeof place.id, "nothing - 1");
		assert_int_equal(s.provider->put(&s, &place, &ip, NULL, &err), ERR_INTERNAL);
		assert_int_equal(cloud.n, 2);
		session_end(&s);
	}
}

static const struct {
	const char *name, *provider;
	int status;
	const char *reply;
	enum err_code code;
	bool is_default;
	const char *says;
} readings[] = {
	{ "a default name", "ovh", 200, "{\"reverse\":\"ns3.ip-192-0-2.eu.\"}", ERR_NONE, true,
	    "" },
	{ "that of a VPS", "ovh", 200, "{\"reverse\":\"vps-1a2b.vps.ovh.net.\"}", ERR_NONE, true,
	    "" },
	{ "another network's", "ovh", 200, "{\"reverse\":\"ns3.ip-192-0-3.eu.\"}", ERR_NONE, false,
	    "" },
	{ "a pattern is not a part", "ovh", 200, "{\"reverse\":\"xvps.ovh.net.\"}", ERR_NONE, false,
	    "" },
	{ "its own", "ovh", 200, "{\"reverse\":\"mail.example.\"}", ERR_NONE, false, "" },
	{ "no record", "ovh", 404, "{\"message\":\"does not exist\"}", ERR_NONE, false, NULL },
	{ "a gateway's 404 is not one", "ovh", 404, "<html>", ERR_DATA, false, "does not have it" },
	{ "no record at Robot", "robot", 404, "{\"error\":{\"code\":\"RDNS_NOT_FOUND\"}}", ERR_NONE,
	    false, NULL },
	{ "not its address", "robot", 404, "{\"error\":{\"code\":\"IP_NOT_FOUND\"}}", ERR_DATA,
	    false, "does not have it" },
	{ "Robot's rate limit", "robot", 403,
	    "{\"error\":{\"code\":\"RATE_LIMIT_EXCEEDED\",\"message\":\"slowly\"}}", ERR_TEMP,
	    false, "too many requests (HTTP 403: slowly)" },
	{ "Robot's refusal", "robot", 401, "{}", ERR_NOPERM, false,
	    "the password is refused, from ROBOT_USER and ROBOT_PASSWORD" },
	{ "another address", "robot", 200,
	    "{\"rdns\":{\"ip\":\"192.0.2.2\",\"ptr\":\"mail.example\"}}", ERR_DATA, false,
	    "plan again" },
};

static void
records_are_read(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(readings); i++) {
		struct cloud cloud = { .status = readings[i].status, .reply = readings[i].reply };
		struct provider_options o;
		struct provider_session s;
		struct provider_place place = { .text = "there" };
		struct provider_record r;
		enum provider_state state;
		struct ip ip = { .family = 4, .bytes = { 192, 0, 2, 1 } };
		struct err err = { 0 };
		ROW(readings[i].name);
		session_begin(&s, provider_by_name(readings[i].provider), &o, &cloud);
		snprintf(place.id, sizeof place.id, "%s - 192.0.2.0/29",
		    s.provider->rest->kinds[0].word);
		assert_int_equal(s.provider->get(&s, &place, &ip, &s.arena, &r, &state, &err),
		    readings[i].code);
		if (readings[i].code == ERR_NONE) {
			assert_int_equal(state,
			    readings[i].says == NULL ? PROVIDER_ABSENT : PROVIDER_ACTIVE);
			assert_int_equal(r.is_default, readings[i].is_default);
		} else if (strstr(err.text, readings[i].says) == NULL) {
			fail_msg("%s", err.text);
		}
		session_end(&s);
	}
}

/* What is done with one and the same reply to every request. */
static enum err_code
op_find(struct provider_session *s, const struct ip *ip, struct err *err)
{
	struct provider_place place;
	return s->provider->find(s, ip, &place, err);
}

static enum err_code
op_get(struct provider_session *s, const struct ip *ip, struct err *err)
{
	struct provider_place place = { .text = "there" };
	struct provider_record record;
	enum provider_state state;
	const struct rest_api *api = s->provider->rest;
	if (api->n_kinds > 0)
		snprintf(place.id, sizeof place.id, "%s - 1", api->kinds[0].word);
	else
		snprintf(place.id, sizeof place.id, "1.2.0.192.in-addr.arpa");
	return s->provider->get(s, &place, ip, &s->arena, &record, &state, err);
}

static enum err_code
op_list(struct provider_session *s, const struct ip *ip, struct err *err)
{
	struct provider_record *records;
	size_t n;
	(void)ip;
	return s->provider->list(s, &s->arena, &records, &n, err);
}

static enum err_code
op_poll(struct provider_session *s, const struct ip *ip, struct err *err)
{
	struct provider_place place = { .id = "primary_ips - 1", .text = "there" };
	enum provider_state state;
	((struct rest *)s->state)->action = "5";
	return s->provider->poll(s, &place, ip, &state, err);
}

typedef enum err_code op_fn(struct provider_session *s, const struct ip *ip, struct err *err);

static const struct {
	const char *name;
	op_fn *op;
	const char *provider; /* NULL: each that has it */
	const char *reply, *says;
} shapes[] = {
	{ "find: nothing", op_find, NULL, "", "the answer" },
	{ "find: null", op_find, NULL, "null", "the answer" },
	{ "find: a number", op_find, NULL, "7", "the answer" },
	{ "find: a text", op_find, NULL, "\"x\"", "the answer" },
	{ "find: no members", op_find, NULL, "{}", "answer" },
	{ "find: a list of numbers", op_find, NULL, "[7]", "answer" },
	{ "find: a list of lists", op_find, NULL, "[[]]", "answer" },
	{ "find: a list of null", op_find, NULL, "[null]", "answer" },
	{ "find: a list for an object", op_find, "linode", "[]", "is not an object" },
	{ "find: an object in a list", op_find, "linode", "[{\"address\":\"192.0.2.1\"}]",
	    "is not an object" },
	{ "find: an address that is a number", op_find, "linode", "{\"address\":7}",
	    "no valid 'address'" },
	{ "find: an address that is an object", op_find, "linode", "{\"address\":{}}",
	    "no valid 'address'" },
	{ "find: an address that is not one", op_find, "linode", "{\"address\":\"192.0.2\"}",
	    "invalid address 192.0.2" },
	{ "find: null for the address", op_find, "linode", "{\"address\":null}", "something else" },
	{ "find: a list for the inner object", op_find, "robot", "{\"rdns\":[]}",
	    "no valid 'rdns.ip'" },
	{ "find: an object for a list", op_find, "hetzner", "{\"primary_ips\":{}}", "has no list" },
	{ "find: null for a list", op_find, "hetzner", "{\"primary_ips\":null}", "has no list" },
	{ "find: objects without address", op_find, "hetzner", "{\"primary_ips\":[{}]}",
	    "no valid 'ip'" },
	{ "find: without the next page", op_find, "hetzner", "{\"primary_ips\":[]}",
	    "what its next page is" },
	{ "find: an object for the next page", op_find, "hetzner",
	    "{\"primary_ips\":[],\"meta\":{\"pagination\":{\"next_page\":{}}}}",
	    "what its next page is" },
	{ "find: a list without end", op_find, "hetzner",
	    "{\"primary_ips\":[],\"meta\":{\"pagination\":{\"next_page\":2}}}",
	    "what its next page is" },
	{ "find: an id that is an object", op_find, "scaleway",
	    "{\"ips\":[{\"address\":\"192.0.2.1\",\"id\":\"a/b\"}]}", "invalid id" },
	{ "find: an object for a list of texts", op_find, "ovh", "{\"a\":\"b\"}", "has no list" },
	{ "find: an object for the zones", op_find, "powerdns", "{}", "has no list" },
	{ "find: null for the zones", op_find, "powerdns", "null", "has no list" },
	{ "find: zones that are texts", op_find, "powerdns", "[\"x\"]", "no id" },
	{ "get: a list for the zone", op_get, "powerdns", "[{\"id\":\"x\",\"kind\":\"Native\"}]",
	    "no list 'rrsets'" },
	{ "get: nothing", op_get, NULL, "", "is not an object" },
	{ "get: null", op_get, NULL, "null", "is not an object" },
	{ "get: a list", op_get, NULL, "[]", "is not an object" },
	{ "get: a list of objects", op_get, NULL, "[{}]", "is not an object" },
	{ "get: a number", op_get, NULL, "7", "is not JSON" },
	{ "get: no members", op_get, NULL, "{}", "the answer about" },
	{ "get: without a name", op_get, "linode", "{\"address\":\"192.0.2.1\"}",
	    "no valid 'rdns'" },
	{ "get: a name that is a number", op_get, "linode",
	    "{\"address\":\"192.0.2.1\",\"rdns\":7}", "no valid 'rdns'" },
	{ "get: a name that is a list", op_get, "linode",
	    "{\"address\":\"192.0.2.1\",\"rdns\":[\"mail.example\"]}", "no valid 'rdns'" },
	{ "get: a name that is not one", op_get, "linode",
	    "{\"address\":\"192.0.2.1\",\"rdns\":\"a..b\"}", "invalid name a..b" },
	{ "get: a list for the object", op_get, "scaleway", "{\"ip\":[]}", "no valid 'address'" },
	{ "get: a text for the entries", op_get, "hetzner",
	    "{\"primary_ip\":{\"ip\":\"192.0.2.1\",\"dns_ptr\":\"mail.example\"}}",
	    "no list 'dns_ptr'" },
	{ "get: null for the entries", op_get, "hetzner",
	    "{\"primary_ip\":{\"ip\":\"192.0.2.1\",\"dns_ptr\":null}}", "no list 'dns_ptr'" },
	{ "get: an entry that is a text", op_get, "vultr", "{\"ipv4s\":[\"192.0.2.1\"]}",
	    "no valid 'ip'" },
	{ "get: an entry without a name", op_get, "vultr", "{\"ipv4s\":[{\"ip\":\"192.0.2.1\"}]}",
	    "no valid 'reverse'" },
	{ "list: nothing", op_list, NULL, "", "has no list" },
	{ "list: null", op_list, NULL, "null", "has no list" },
	{ "list: a number", op_list, NULL, "7", "is not JSON" },
	{ "list: an object", op_list, NULL, "{}", "has no list" },
	{ "list: an object that is a list", op_list, "robot", "[[]]", "no valid 'rdns.ip'" },
	{ "list: a name that is an object", op_list, "robot",
	    "[{\"rdns\":{\"ip\":\"192.0.2.1\",\"ptr\":{}}}]", "no valid 'rdns.ptr'" },
	{ "list: an address that is not one", op_list, "robot",
	    "[{\"rdns\":{\"ip\":\"x\",\"ptr\":\"mail.example\"}}]", "invalid address x" },
	{ "list: without the number of pages", op_list, "linode", "{\"data\":[]}",
	    "what its next page is" },
	{ "list: a text for the number of pages", op_list, "linode",
	    "{\"data\":[],\"pages\":\"1\"}", "what its next page is" },
	{ "list: entries that are an object", op_list, "hetzner",
	    "{\"primary_ips\":[{\"ip\":\"192.0.2.1\",\"dns_ptr\":{}}]}", "no list 'dns_ptr'" },
	{ "poll: a list", op_poll, "hetzner", "[]", "no 'action.status'" },
	{ "poll: nothing", op_poll, "hetzner", "", "no 'action.status'" },
	{ "poll: a list for the state", op_poll, "hetzner", "{\"action\":{\"status\":[]}}",
	    "no 'action.status'" },
};

/* PowerDNS has readers of its own, and rows of its own. */
static bool
is_asked(const struct provider *p, size_t row)
{
	if (shapes[row].provider != NULL)
		return strcmp(shapes[row].provider, p->name) == 0;
	return p->rest != NULL && p->rest->n_kinds > 0 &&
	    (shapes[row].op != op_list || p->list != NULL);
}

/* It may pass, and says nothing of the address: never "not found", and never "no record". */
static void
other_shapes_are_errors(void **test)
{
	(void)test;
	size_t n = 0;
	for (size_t i = 0; i < N_ELEMENTS(shapes) * providers_n; i++) {
		size_t row = i / providers_n;
		const struct provider *p = providers_all[i % providers_n];
		struct cloud cloud = { .status = 200, .reply = shapes[row].reply };
		struct provider_options o;
		struct provider_session s;
		struct ip ip = { .family = 4, .bytes = { 192, 0, 2, 1 } };
		struct err err = { .text = "" };
		if (!is_asked(p, row))
			continue;
		ROW(shapes[row].name);
		session_begin(&s, p, &o, &cloud);
		enum err_code code = shapes[row].op(&s, &ip, &err);
		if (code != ERR_TEMP || err.code != code ||
		    strstr(err.text, shapes[row].says) == NULL)
			fail_msg("%s: code %d: %s", p->name, (int)code, err.text);
		session_end(&s);
		n++;
	}
	assert_true(n > N_ELEMENTS(shapes));
}

static const struct {
	const char *provider, *reply, *listed;
} lists[] = {
	{ "linode",
	    "{\"data\":[{\"address\":\"192.0.2.1\",\"rdns\":\"192-0-2-1.ip.linodeusercontent.com\"}"
	    ","
	    "{\"address\":\"2001:db8::1\",\"rdns\":null},"
	    "{\"address\":\"192.0.2.2\",\"rdns\":\"mail.example\"}],\"page\":1,\"pages\":1}",
	    "192.0.2.1=192-0-2-1.ip.linodeusercontent.com(default) 2001:db8::1= "
	    "192.0.2.2=mail.example " },
	{ "robot", "[{\"rdns\":{\"ip\":\"192.0.2.2\",\"ptr\":\"mail.example\"}}]",
	    "192.0.2.2=mail.example " },
	{ "robot", "[]", "" },
	/* a primary IP that a server has too, a network, a server and a load balancer */
	{ "hetzner",
	    "{\"meta\":{\"pagination\":{\"next_page\":null}},\"primary_ips\":["
	    "{\"ip\":\"192.0.2.2\",\"dns_ptr\":[{\"ip\":\"192.0.2.2\",\"dns_ptr\":\"mail.example\"}"
	    "]},"
	    "{\"ip\":\"192.0.2.3\",\"dns_ptr\":[]},"
	    "{\"ip\":\"2001:db8::/"
	    "64\",\"dns_ptr\":[{\"ip\":\"2001:db8::5\",\"dns_ptr\":\"a.example\"},"
	    "{\"ip\":\"2001:db8::6\",\"dns_ptr\":\"b.example\"}]}],\"floating_ips\":[],"
	    "\"servers\":[{\"public_net\":{\"ipv4\":{\"ip\":\"192.0.2.2\",\"dns_ptr\":\"mail."
	    "example\"},"
	    "\"ipv6\":null}}],\"load_balancers\":[{\"public_net\":{\"ipv4\":{\"ip\":\"192.0.2.9\","
	    "\"dns_ptr\":null},\"ipv6\":{\"ip\":\"2001:db8:1::1\",\"dns_ptr\":\"lb.example\"}}}]}",
	    "192.0.2.2=mail.example 192.0.2.3= 2001:db8::5=a.example 2001:db8::6=b.example "
	    "192.0.2.9= 2001:db8:1::1=lb.example " },
};

static void
addresses_are_listed(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(lists); i++) {
		struct cloud cloud = { .status = 200, .reply = lists[i].reply };
		struct provider_options o;
		struct provider_session s;
		struct provider_record *r;
		struct err err = { .text = "" };
		char text[IP_TEXT_MAX];
		const char *listed = "";
		size_t n;
		ROW(lists[i].provider);
		session_begin(&s, provider_by_name(lists[i].provider), &o, &cloud);
		if (s.provider->list(&s, &s.arena, &r, &n, &err) != ERR_NONE)
			fail_msg("%s", err.text);
		for (size_t k = 0; k < n; k++)
			listed = arena_printf(&s.arena, "%s%s=%s%s ", listed,
			    ip_format(&r[k].ip, text), r[k].n_names > 0 ? r[k].names[0] : "",
			    r[k].is_default ? "(default)" : "");
		assert_string_equal(listed, lists[i].listed);
		session_end(&s);
	}
}

static const struct {
	const char *name;
	int status;
	const char *reply;
	enum err_code code;
	const char *says;
	bool maybe_done;
	uint32_t retry_after_s, unseen_s;
} refusals[] = {
	{ "the token", 401, "{\"errors\":[{\"reason\":\"Invalid t0ken-of-mine\"}]}", ERR_NOPERM,
	    "refused, from LINODE_TOKEN (HTTP 401: Invalid [secret])", false, 7, 0 },
	{ "its rights", 403, "{}", ERR_NOPERM, "it needs the scopes ips:read_write", false, 7, 0 },
	{ "unseen", 400,
	    "{\"errors\":[{\"reason\":\"No match was found for 'x'. Reverse DNS must have a "
	    "matching forward entry.\",\"field\":\"rdns\"}]}",
	    ERR_TEMP, "usually does within 15 minutes", false, 7, 900 },
	{ "unseen, the other text", 400,
	    "{\"errors\":[{\"reason\":\"We were unable to perform a lookup for 'x' at this "
	    "time.\"}]}",
	    ERR_TEMP, "does not see the address of the name yet", false, 7, 900 },
	{ "another 400", 400, "{\"errors\":[{\"reason\":\"Must be a hostname\"}]}", ERR_DATA,
	    "does not accept it (HTTP 400: Must be a hostname)", false, 7, 0 },
	{ "too many", 429, "", ERR_TEMP, "too many requests (HTTP 429)", false, 7, 0 },
	{ "a gateway", 502, "<html>", ERR_TEMP, "HTTP 502", true, 7, 0 },
	{ "cut", 200, "{\"a", ERR_TEMP, "is not JSON", true, 0, 0 },
	{ "a status that is none", 100, "", ERR_UNAVAILABLE, "unexpected", false, 7, 0 },
};

static void
refusals_are_understood(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(refusals); i++) {
		struct cloud cloud = { .status = refusals[i].status, .reply = refusals[i].reply };
		struct provider_options o;
		struct provider_session s;
		struct provider_place place = { .id = "ips - -", .text = "there" };
		struct ip ip = { .family = 4, .bytes = { 192, 0, 2, 1 } };
		struct err err = { 0 };
		ROW(refusals[i].name);
		session_begin(&s, provider_by_name("linode"), &o, &cloud);
		assert_int_equal(s.provider->put(&s, &place, &ip, NULL, &err), refusals[i].code);
		if (strstr(err.text, refusals[i].says) == NULL)
			fail_msg("%s", err.text);
		assert_int_equal(s.maybe_done, refusals[i].maybe_done);
		assert_int_equal(s.retry_after_s, refusals[i].retry_after_s);
		assert_int_equal(s.unseen_s, refusals[i].unseen_s);
		session_end(&s);
	}
}

/* Nobody is asked for what the API cannot have. */
static void
a_family_without_names_is_said(void **test)
{
	size_t n = 0;
	(void)test;
	for (size_t i = 0; i < providers_n; i++) {
		const struct provider *p = providers_all[i];
		struct cloud cloud = { .status = 200, .reply = "{}" };
		struct provider_options o;
		struct provider_session s;
		struct provider_place place;
		struct ip ip;
		struct err err = { 0 };
		if (p->rest == NULL || p->ip6)
			continue;
		ROW(p->name);
		n++;
		assert_true(ip_parse("2001:db8::1", &ip));
		session_begin(&s, p, &o, &cloud);
		assert_int_equal(p->find(&s, &ip, &place, &err), ERR_DATA);
		if (strstr(err.text, "2001:db8::1: no PTR record can be set for an IPv6 address") ==
			NULL ||
		    strstr(err.text, p->title) == NULL ||
		    strstr(err.text, "use its console") == NULL)
			fail_msg("%s", err.text);
		assert_int_equal(cloud.n, 0);
		session_end(&s);
	}
	assert_int_equal(n, 1); /* Scaleway */
}

/* ---- the DNS of Hetzner Cloud: one answer a request, in turn */

struct turn {
	const char *asked;
	int status;
	const char *reply;
};

struct turns {
	const struct turn *next;
};

#define HCLOUD "https://api.hetzner.cloud/v1/"
#define NO_ZONE(name) \
	{ \
		"GET " HCLOUD "zones/" name, 404, "{\"error\":{\"code\":\"not_found\"}}" \
	}
#define ZONE \
	NO_ZONE("mail.m.example"), \
	{ \
		"GET " HCLOUD "zones/m.example", 200, \
		    "{\"zone\":{\"mode\":\"primary\",\"ttl\":3600}}" \
	}
#define SETS(inner) \
	{ \
		"GET " HCLOUD "zones/m.example/rrsets?name=mail&per_page=50", 200, \
		    "{\"rrsets\":[" inner "]}" \
	}
#define SET(type, more) \
	"{\"name\":\"mail\",\"type\":\"" type \
	"\",\"ttl\":null,\"records\":[{\"value\":\"192.0.2.7\"," \
	"\"comment\":\"c\"}]" more "}"
#define BEGUN "{\"action\":{\"id\":5,\"status\":\"running\"}}"

enum forward { READ, SET_IT, UNSET_IT, ADD_IT };

static const struct {
	const char *name;
	enum forward what;
	struct turn turns[5];
	enum err_code code;
	const char *says;
	size_t n;
	uint32_t ttl_s;
} forwards[] = {
	{ "none", READ, { ZONE, SETS("") }, .n = 0 },
	{ "one, with the TTL of the zone", READ, { ZONE, SETS(SET("TXT", "") "," SET("A", "")) },
	    .n = 1, .ttl_s = 3600 },
	{ "no zone", READ, { NO_ZONE("mail.m.example"), NO_ZONE("m.example") }, .code = ERR_DATA,
	    .says = "no zone of the project of HCLOUD_TOKEN holds mail.m.example" },
	{ "a fault is no missing zone", READ, { { "GET " HCLOUD "zones/mail.m.example", 503, "" } },
	    .code = ERR_TEMP, .says = "looking for the zone mail.m.example" },
	{ "a secondary zone", READ,
	    { { "GET " HCLOUD "zones/mail.m.example", 200,
		"{\"zone\":{\"mode\":\"secondary\"}}" } },
	    .code = ERR_DATA,
	    .says = "the zone mail.m.example is a copy in this project (mode secondary)" },
	{ "the name of the zone itself", READ,
	    { { "GET " HCLOUD "zones/mail.m.example", 200, "{\"zone\":{\"mode\":\"primary\"}}" },
		{ "GET " HCLOUD "zones/mail.m.example/rrsets?name=%40&per_page=50", 200,
		    "{\"rrsets\":[]}" } },
	    .n = 0 },
	{ "protected", READ, { ZONE, SETS(SET("A", ",\"protection\":{\"change\":true}")) },
	    .code = ERR_DATA, .says = "is protected from changes" },
	{ "a CNAME", READ, { ZONE, SETS(SET("CNAME", "")) }, .code = ERR_DATA,
	    .says = "mail.m.example is a CNAME" },
	{ "another name", READ, { ZONE, SETS("{\"name\":\"x\",\"type\":\"CNAME\"}") }, .n = 0 },
	{ "no list", READ,
	    { ZONE, { "GET " HCLOUD "zones/m.example/rrsets?name=mail&per_page=50", 200, "{}" } },
	    .code = ERR_TEMP, .says = "no list of sets" },
	{ "made", SET_IT,
	    { ZONE, SETS(""),
		{ "POST " HCLOUD "zones/m.example/rrsets {\"records\":[{\"value\":\"192.0.2.1\"}],"
		  "\"name\":\"mail\",\"type\":\"A\"}",
		    201, BEGUN },
		{ "GET " HCLOUD "actions/5", 200, BEGUN } },
	    .n = 0 },
	{ "added, what is there stays as it is", ADD_IT,
	    { ZONE, SETS(SET("A", "")),
		{ "POST " HCLOUD "zones/m.example/rrsets/mail/A/actions/set_records {\"records\":["
		  "{\"value\":\"192.0.2.1\"},{\"value\":\"192.0.2.7\",\"comment\":\"c\"}]}",
		    201, BEGUN },
		{ "GET " HCLOUD "actions/5", 200, BEGUN } },
	    .n = 0 },
	{ "deleted", UNSET_IT,
	    { ZONE, SETS(SET("A", "")),
		{ "DELETE " HCLOUD "zones/m.example/rrsets/mail/A", 201, BEGUN },
		{ "GET " HCLOUD "actions/5", 200, BEGUN } },
	    .n = 0 },
	{ "nothing to delete", UNSET_IT, { ZONE, SETS("") }, .n = 0 },
};

static enum err_code
carry_in_turn(void *arg, const struct http_request *r, struct arena *a, struct http_reply *reply,
    struct err *err)
{
	struct turns *t = arg;
	const struct turn *turn = t->next++;
	(void)err;
	assert_non_null(turn->asked);
	assert_string_equal(arena_printf(a, "%s %s%s%s", r->method, r->url,
				r->body != NULL ? " " : "", r->body != NULL ? r->body : ""),
	    turn->asked);
	*reply = (struct http_reply){ .status = turn->status,
		.body = turn->reply,
		.body_len = strlen(turn->reply),
		.retry_after = "" };
	return ERR_NONE;
}

static enum err_code
act_forward(struct provider_session *s, enum forward what, struct provider_set *set,
    struct err *err)
{
	const struct ip ip = { .family = 4, .bytes = { 192, 0, 2, 1 } };
	const struct ip other = { .family = 4, .bytes = { 192, 0, 2, 7 } };
	enum provider_state state;
	if (what == READ)
		return s->provider->forward_get(s, "mail.m.example", &ip, set, err);
	struct provider_set new = { .ips = { ip, other },
		.n = what == UNSET_IT ? 0 :
		    what == ADD_IT    ? 2 :
					1 };
	enum err_code code = s->provider->forward_put(s, "mail.m.example", &ip, &new, err);
	return code != ERR_NONE ? code :
				  s->provider->forward_poll(s, "mail.m.example", &ip, &state, err);
}

static void
forward_records_at_hetzner(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(forwards); i++) {
		struct cloud unused = { .status = 0 };
		struct turns turns = { forwards[i].turns };
		struct provider_options o;
		struct provider_session s;
		struct provider_set set = { .n = 0 };
		struct err err = { 0 };
		ROW(forwards[i].name);
		session_begin(&s, provider_by_name("hetzner"), &o, &unused);
		o.world.arg = &turns;
		o.world.http = carry_in_turn;
		enum err_code code = act_forward(&s, forwards[i].what, &set, &err);
		if (code != forwards[i].code ||
		    (code != ERR_NONE && strstr(err.text, forwards[i].says) == NULL))
			fail_msg("%s", err.text);
		assert_int_equal(set.n, forwards[i].n);
		assert_int_equal(set.ttl_s, forwards[i].ttl_s);
		assert_true(turns.next == forwards[i].turns + N_ELEMENTS(forwards[i].turns) ||
		    turns.next->asked == NULL);
		session_end(&s);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_sound),
		cmocka_unit_test(requests_are_those_of_the_apis),
		cmocka_unit_test(records_are_read),
		cmocka_unit_test(other_shapes_are_errors),
		cmocka_unit_test(addresses_are_listed),
		cmocka_unit_test(refusals_are_understood),
		cmocka_unit_test(a_family_without_names_is_said),
		cmocka_unit_test(forward_records_at_hetzner),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
