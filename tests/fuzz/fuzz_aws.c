/*
 * AWS: the first byte says what is read, and the status of answers; the rest is the file of the CLI, or the
 * bodies of the answers, with a byte 0x1e between them; the last one is given ever again.  Whatever is read without error keeps the limits of the interface.
 */
#include <assert.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "provider/aws/aws_priv.h"
#include "provider/provider_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { FORWARD = 4 };

struct world {
	const char *body;
	size_t len;
	int status;
};

static const char *
environment(void *arg, const char *name)
{
	(void)arg;
	static const char *const values[][2] = {
		{ "AWS_ACCESS_KEY_ID", "AKIAEXAMPLE000000001" },
		{ "AWS_SECRET_ACCESS_KEY", "secretsecretsecret" },
		{ "AWS_REGION", "eu-west-1" },
	};
	for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
		if (strcmp(values[i][0], name) == 0)
			return values[i][1];
	return NULL;
}

static int64_t
now(void *arg)
{
	(void)arg;
	return 1768464554;
}

static enum err_code
answer(void *carrier, const struct http_request *r, struct arena *a, struct http_reply *reply,
    struct err *err)
{
	struct world *w = carrier;
	const char *end = memchr(w->body, 0x1e, w->len);
	size_t len = end != NULL ? (size_t)(end - w->body) : w->len;
	(void)r, (void)err;
	*reply = (struct http_reply){ .status = w->status,
		.body = arena_strndup(a, w->body, len),
		.body_len = len,
		.retry_after = "7" };
	if (end != NULL) {
		w->body += len + 1;
		w->len -= len + 1;
	}
	return ERR_NONE;
}

static void
check_record(const struct provider_record *r)
{
	char name[NAME_TEXT_MAX];
	assert(r->ip.family == 4 || r->ip.family == 6);
	assert(r->n_names <= 1);
	if (r->n_names == 1)
		assert(name_from_text(r->names[0], name) && strcmp(name, r->names[0]) == 0);
}

static void
check_set(struct provider_session *s, const struct ip *ip)
{
	struct provider_set set = { .n = 0 };
	struct err err = { .text = "" };
	enum provider_state state;
	if (provider_aws.forward_get(s, "mail.m.example", ip, &set, &err) == ERR_NONE)
		assert(set.n <= PROVIDER_IPS_MAX && set.ttl_s <= INT32_MAX);
	else
		assert(set.n == 0 && err.text[0] != '\0');
	set = (struct provider_set){ .n = 0 };
	if (provider_aws.forward_put(s, "mail.m.example", ip, &set, &err) == ERR_NONE)
		(void)provider_aws.forward_poll(s, "mail.m.example", ip, &state, &err);
}

static void
read_answers(struct world *w, int what)
{
	struct provider_options options = { .region = "",
		.world = { .arg = w, .getenv = environment, .wall_s = now, .http = answer } };
	struct provider_session s = { .provider = &provider_aws, .options = &options };
	struct provider_place place = { .id = "eu-west-1:eipalloc-1", .text = "it" };
	struct provider_record record = { .n_names = 0 }, *records;
	struct ip ip;
	struct err err = { .text = "" };
	enum provider_state state;
	size_t n;
	assert(ip_parse("192.0.2.10", &ip));
	arena_init(&s.arena);
	if (provider_aws.open(&s, &err) == ERR_NONE) {
		if (what == 0 && provider_aws.find(&s, &ip, &place, &err) == ERR_NONE)
			assert(strncmp(place.id, "eu-west-1:", 10) == 0);
		if (what == 1 &&
		    provider_aws.get(&s, &place, &ip, &s.arena, &record, &state, &err) == ERR_NONE)
			check_record(&record);
		if (what == 2 && provider_aws.list(&s, &s.arena, &records, &n, &err) == ERR_NONE)
			for (size_t i = 0; i < n; i++)
				check_record(&records[i]);
		if (what == FORWARD)
			check_set(&s, &ip);
		provider_aws.close(&s);
	}
	arena_fini(&s.arena);
}

static void
read_file(const char *text, size_t len)
{
	struct aws_config c = { .profile = "default" };
	struct err err = { .text = "" };
	struct arena a;
	arena_init(&a);
	char *copy = arena_strndup(&a, text, len);
	if (aws_config_read_text(&c, "f", copy, len % 2 == 0 ? "profile " : "", &err) != ERR_NONE)
		assert(err.code == ERR_CONFIG && err.text[0] != '\0');
	assert(strlen(c.region) < sizeof c.region && strchr(c.region, '.') == NULL);
	aws_config_fini(&c);
	arena_fini(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 400, 401, 503 };
	if (size == 0)
		return 0;
	struct world w = { .body = (const char *)data + 1,
		.len = size - 1,
		.status = statuses[data[0] >> 2 & 3] };
	if ((data[0] & 0x10) != 0)
		read_answers(&w, FORWARD);
	else if ((data[0] & 3) == 3)
		read_file(w.body, w.len);
	else
		read_answers(&w, data[0] & 3);
	return 0;
}
