/*
 * Replies of the APIs that are rows of one table, and of PowerDNS: the first byte says which provider
 * reads them, the second what is read and with which status, the rest is the body of every reply.  Whatever is
 * read without error keeps the limits of the interface, and no error shows the token.
 */
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "provider/provider_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { OP_SHIFT = 5, CALLS_MAX = 300 }; /* the five bits below say the status */

#define TOKEN "t0kenOfTheFuzzer"

struct world {
	struct provider_session session;
	struct provider_place place;
	struct ip ip;
	struct arena arena;
	const char *body;
	size_t len;
	int status;
	size_t n_calls;
};

/* Every variable is a token, or the address of an API. */
static const char *
environment(void *arg, const char *name)
{
	(void)arg;
	if (strncmp(name, "OVH_CLIENT", 10) == 0 || strstr(name, "_FILE") != NULL)
		return NULL; /* an application, or a service account; a token, or a file with it */
	return strstr(name, "URL") != NULL || strstr(name, "ENDPOINT") != NULL ?
	    "https://cloud.example" :
	    TOKEN;
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
	(void)err;
	assert(++w->n_calls < CALLS_MAX && strpbrk(r->url, " \r\n{}") == NULL);
	*reply = (struct http_reply){ .status = w->status,
		.body = arena_strndup(a, w->body, w->len),
		.body_len = w->len,
		.request_id = "" };
	reply->retry_after = arena_strndup(a, w->body, strcspn(reply->body, "\r\n"));
	return ERR_NONE;
}

static void
check_record(const struct provider_record *r)
{
	char out[NAME_TEXT_MAX];
	assert(r->n_names <= PROVIDER_NAMES_MAX && r->ttl_s <= INT32_MAX && r->description != NULL);
	for (size_t i = 0; i < r->n_names; i++)
		assert(name_from_text(r->names[i], out) && strcmp(out, r->names[i]) == 0);
}

static void
use_place(struct world *w, struct err *err)
{
	const struct provider *p = w->session.provider;
	struct provider_record r;
	enum provider_state state;
	if (p->get(&w->session, &w->place, &w->ip, &w->arena, &r, &state, err) == ERR_NONE)
		check_record(&r);
	r = (struct provider_record){ .names = { "mail.example.com" },
		.n_names = 1,
		.description = "" };
	(void)p->put(&w->session, &w->place, &w->ip, &r, err);
	if (p->poll != NULL)
		(void)p->poll(&w->session, &w->place, &w->ip, &state, err);
	(void)p->put(&w->session, &w->place, &w->ip, NULL, err);
}

/* What is found is used, with the same replies. */
static void
op_find(struct world *w, struct err *err)
{
	if (w->session.provider->find(&w->session, &w->ip, &w->place, err) != ERR_NONE)
		return;
	assert(strpbrk(w->place.text, "\r\n\033") == NULL);
	use_place(w, err);
}

static void
op_find6(struct world *w, struct err *err)
{
	assert(ip_parse("2001:db8::25", &w->ip));
	op_find(w, err);
}

static void
op_forward(struct world *w, struct err *err)
{
	const struct provider *p = w->session.provider;
	struct provider_set set;
	enum provider_state state;
	if (p->forward_get == NULL)
		return;
	if (p->forward_get(&w->session, "mail.example.com", &w->ip, &set, err) == ERR_NONE)
		assert(set.n <= PROVIDER_IPS_MAX);
	set = (struct provider_set){ .ips = { w->ip }, .n = 1, .ttl_s = 300 };
	(void)p->forward_put(&w->session, "mail.example.com", &w->ip, &set, err);
	if (p->forward_poll != NULL)
		(void)p->forward_poll(&w->session, "mail.example.com", &w->ip, &state, err);
}

static void
op_list(struct world *w, struct err *err)
{
	struct provider_record *records = NULL;
	size_t n = 0;
	if (w->session.provider->list == NULL ||
	    w->session.provider->list(&w->session, &w->arena, &records, &n, err) != ERR_NONE)
		return;
	for (size_t i = 0; i < n; i++)
		check_record(&records[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const int statuses[] = { 200, 201, 204, 400, 401, 403, 404, 409, 422, 423, 429, 500,
		301, 100 };
	static void (*const ops[])(struct world * w, struct err * err) = { op_find, op_find6,
		op_forward, op_list };
	const struct provider *tables[16];
	size_t n = 0;
	for (size_t i = 0; i < providers_n; i++)
		if (providers_all[i]->rest != NULL)
			tables[n++] = providers_all[i];
	if (size < 2 || n == 0)
		return 0;
	struct world w = { .body = (const char *)data + 2,
		.len = size - 2,
		.ip = { .family = 4, .bytes = { 203, 0, 113, 10 } } };
	struct provider_options o = { .region = "",
		.project = "",
		.cloud = "",
		.world = { .arg = &w, .getenv = environment, .wall_s = now, .http = answer } };
	struct err err = { 0 };
	w.session = (struct provider_session){ .provider = tables[data[0] % n], .options = &o };
	w.status = statuses[(data[1] & 0x1f) % (sizeof statuses / sizeof statuses[0])];
	arena_init(&w.arena);
	arena_init(&w.session.arena);
	assert(w.session.provider->open(&w.session, &err) == ERR_NONE);
	ops[(data[1] >> OP_SHIFT) % (sizeof ops / sizeof ops[0])](&w, &err);
	assert(strpbrk(err.text, "\r\n\033") == NULL && strstr(err.text, TOKEN) == NULL);
	w.session.provider->close(&w.session);
	arena_fini(&w.session.arena);
	arena_fini(&w.arena);
	return 0;
}
