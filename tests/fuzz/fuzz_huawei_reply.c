/*
 * Replies of the cloud: the first byte says what is read and with which status, the rest is the
 * body of every reply.  Whatever is read without error keeps the limits of the interface.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "provider/provider_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OP_SHIFT = 5 }; /* the five bits below say the status */

struct world {
	struct provider_session session;
	struct provider_place place;
	struct ip ip;
	struct arena arena;
	const char *body;
	size_t len;
	int status;
};

static const char *
environment(void *arg, const char *name)
{
	(void)arg;
	static const char *const values[][2] = {
		{ "HW_ACCESS_KEY", "FAKEAK0000EXAMPLE001" },
		{ "HW_SECRET_KEY", "fakeSecretKey0000000000000000000000example" },
		{ "HW_REGION_NAME", "ap-southeast-1" },
		{ "HW_PROJECT_ID", "0123456789abcdef0123456789abcdef" },
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
	const struct world *w = carrier;
	(void)r;
	(void)err;
	*reply = (struct http_reply){ .status = w->status,
		.body = arena_strndup(a, w->body, w->len),
		.body_len = w->len,
		.request_id = "",
		.subject_token = "" };
	/* a header's value for the price of one line */
	size_t line = strcspn(reply->body, "\r\n");
	reply->date = reply->retry_after = arena_strndup(a, reply->body, line);
	return ERR_NONE;
}

static void
check_record(const struct provider_record *r)
{
	char out[NAME_TEXT_MAX];
	assert(r->n_names <= PROVIDER_NAMES_MAX && r->n_tags <= PROVIDER_TAGS_MAX);
	assert(r->ttl_s <= INT32_MAX && r->description != NULL);
	for (size_t i = 0; i < r->n_names; i++)
		assert(name_from_text(r->names[i], out) && strcmp(out, r->names[i]) == 0);
	for (size_t i = 0; i < r->n_tags; i++)
		assert(strchr(r->tags[i], '=') != NULL);
}

static void
op_find(struct world *w, struct err *err)
{
	if (provider_huawei.find(&w->session, &w->ip, &w->place, err) == ERR_NONE)
		assert(strspn(w->place.id,
			   "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
			   "0123456789-_:") == strlen(w->place.id));
}

static void
op_get(struct world *w, struct err *err)
{
	struct provider_record r;
	enum provider_state state;
	if (provider_huawei.get(&w->session, &w->place, &w->ip, &w->arena, &r, &state, err) ==
	    ERR_NONE)
		check_record(&r);
}

static void
op_put(struct world *w, struct err *err)
{
	struct provider_record r = { .names = { "mail.example.com" },
		.n_names = 1,
		.ttl_s = 300,
		.description = "d",
		.tags = { "a=b" },
		.n_tags = 1 };
	(void)provider_huawei.put(&w->session, &w->place, &w->ip, &r, err);
	r.names[r.n_names++] = "b.example.com";
	(void)provider_huawei.put(&w->session, &w->place, &w->ip, &r, err);
}

static void
op_unset(struct world *w, struct err *err)
{
	enum provider_state state;
	(void)provider_huawei.put(&w->session, &w->place, &w->ip, NULL, err);
	(void)provider_huawei.poll(&w->session, &w->place, &w->ip, &state, err);
}

static void
op_list(struct world *w, struct err *err)
{
	struct provider_record *list;
	size_t n;
	if (provider_huawei.list(&w->session, &w->arena, &list, &n, err) != ERR_NONE)
		return;
	for (size_t i = 0; i < n; i++)
		check_record(&list[i]);
}

static void
op_forward(struct world *w, struct err *err)
{
	struct provider_set set;
	if (provider_huawei.forward_get(&w->session, "mail.example.com", &w->ip, &set, err) ==
	    ERR_NONE)
		assert(set.n <= PROVIDER_IPS_MAX);
	set = (struct provider_set){ .ips = { w->ip }, .n = 1, .ttl_s = 300 };
	(void)provider_huawei.forward_put(&w->session, "mail.example.com", &w->ip, &set, err);
	enum provider_state state = PROVIDER_ACTIVE;
	if (provider_huawei.forward_poll(&w->session, "mail.example.com", &w->ip, &state, err) ==
		ERR_NONE &&
	    state == PROVIDER_FAILED)
		assert(err->text[0] != '\0');
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 202, 204, 400, 401, 403, 404, 409, 429, 500, 301,
		100 };
	static void (*const ops[])(struct world * w, struct err * err) = { op_find, op_get, op_put,
		op_unset, op_list, op_forward };
	if (size == 0)
		return 0;
	struct world w = { .body = (const char *)data + 1,
		.len = size - 1,
		.ip = { .family = 4, .bytes = { 203, 0, 113, 10 } },
		.place = { .id = "ap-southeast-1:c0ffee00" } };
	struct provider_options o = {
		.world = { .arg = &w, .getenv = environment, .wall_s = now, .http = answer }
	};
	struct err err = { 0 };
	w.session = (struct provider_session){ .provider = &provider_huawei, .options = &o };
	w.status = statuses[(data[0] & 0x1f) % (sizeof statuses / sizeof statuses[0])];
	arena_init(&w.arena);
	assert(provider_huawei.open(&w.session, &err) == ERR_NONE);
	ops[(data[0] >> OP_SHIFT) % (sizeof ops / sizeof ops[0])](&w, &err);
	assert(
	    strpbrk(err.text, "\r\n\033") == NULL && strpbrk(w.session.warnings, "\r\033") == NULL);
	provider_huawei.close(&w.session);
	arena_fini(&w.arena);
	return 0;
}
