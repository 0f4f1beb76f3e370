/*
 * Drives one provider from a script, with the real HTTP carrier and the real environment:
 *   provider_drive NAME find|get|put|unset|poll|wait ADDR [PTR-NAME...]
 *   provider_drive NAME list
 *   provider_drive NAME forward-get|forward-put HOST ADDR...   (no ADDR but one of a family: unset-forward)
 * DRIVE_RESOLVER, DRIVE_REGION, DRIVE_PROJECT, DRIVE_ENDPOINTS (separated by blanks), DRIVE_TTL,
 * DRIVE_DESCRIPTION and DRIVE_SPECIAL=1 stand for the options of the program.  One fact a line on
 * standard output; errors with their class on standard error, the class is the exit status.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/enumtab.h"
#include "base/name.h"
#include "dns/stub.h"
#include "net/loop.h"
#include "provider/provider.h"

enum { ENDPOINTS_MAX = 8, ASK_US = 5 * 1000 * 1000, WAIT_S = 60 };

static const struct enumtab_row state_rows[] = {
	{ "ACTIVE", PROVIDER_ACTIVE },
	{ "PENDING", PROVIDER_PENDING },
	{ "FAILED", PROVIDER_FAILED },
	{ "ABSENT", PROVIDER_ABSENT },
};
static const struct enumtab states = ENUMTAB(state_rows);

/* What a provider reaches the outside with. */
struct outside {
	struct http_client *http;
	struct loop *loop;
	struct dns_stub *stub;
	struct arena *arena;
	const struct dns_answer *answer;
};

static const char *
get_variable(void *arg, const char *name)
{
	(void)arg;
	return getenv(name);
}

static const char *
setting(const char *name)
{
	const char *value = getenv(name);
	return value == NULL ? "" : value;
}

static int64_t
wall_s(void *arg)
{
	(void)arg;
	return time(NULL);
}

static int
failed(const struct err *err)
{
	static const int statuses[] = { 0, 64, 65, 66, 69, 70, 73, 74, 75, 77, 78 };
	fprintf(stderr, "error %d: %s\n", statuses[err->code], err->text);
	return statuses[err->code];
}

static void
on_answer(void *arg, const struct dns_answer *answer)
{
	struct outside *r = arg;
	r->answer = dns_answer_copy(r->arena, answer);
	loop_stop(r->loop);
}

static const struct dns_answer *
ask(void *arg, const char *name, uint16_t type, struct arena *a)
{
	struct outside *r = arg;
	r->arena = a;
	dns_stub_ask(r->stub, name, type, NULL, loop_now_us() + ASK_US, on_answer, r);
	loop_run(r->loop);
	return r->answer;
}

static enum err_code
send(void *arg, const struct http_request *request, struct arena *a, struct http_reply *reply,
    struct err *err)
{
	return http_send(((struct outside *)arg)->http, request, a, reply, err);
}

static void
print_record(const struct provider_record *r)
{
	char address[IP_TEXT_MAX];
	printf("%s ttl=%u default=%d", ip_format(&r->ip, address), (unsigned)r->ttl_s,
	    r->is_default);
	for (size_t i = 0; i < r->n_names; i++)
		printf(" %s", r->names[i]);
	if (r->description[0] != '\0')
		printf(" (%s)", r->description);
	putchar('\n');
}

static int
list(struct provider_session *s)
{
	struct err err;
	struct provider_record *records;
	size_t n;
	if (s->provider->list == NULL)
		return 64;
	if (s->provider->list(s, &s->arena, &records, &n, &err) != ERR_NONE)
		return failed(&err);
	for (size_t i = 0; i < n; i++)
		print_record(&records[i]);
	return 0;
}

static int
forward(struct provider_session *s, const char *verb, char *const *args, int n_args)
{
	struct err err;
	struct provider_set set = { .ttl_s = (uint32_t)strtoul(setting("DRIVE_TTL"), NULL, 10) };
	char text[IP_TEXT_MAX], name[NAME_TEXT_MAX];
	for (int i = 1; i < n_args && set.n < PROVIDER_IPS_MAX; i++)
		if (!ip_parse(args[i], &set.ips[set.n++]))
			return 64;
	if (set.n == 0 || !name_from_text(args[0], name))
		return 64;
	struct ip family = set.ips[0];
	if (strcmp(verb, "forward-put") != 0)
		set.n = 0;
	enum err_code code;
	if (strcmp(verb, "forward-get") == 0)
		code = s->provider->forward_get(s, name, &family, &set, &err);
	else
		code = s->provider->forward_put(s, name, &family, &set, &err);
	if (code != ERR_NONE)
		return failed(&err);
	if (strcmp(verb, "forward-get") == 0) {
		printf("forward ttl=%u", (unsigned)set.ttl_s);
		for (size_t i = 0; i < set.n; i++)
			printf(" %s", ip_format(&set.ips[i], text));
		putchar('\n');
	}
	return 0;
}

static int
show(struct provider_session *s, const struct provider_place *place, const struct ip *ip)
{
	struct err err;
	struct provider_record record;
	enum provider_state state;
	if (s->provider->get(s, place, ip, &s->arena, &record, &state, &err) != ERR_NONE)
		return failed(&err);
	printf("%s ", enumtab_name(&states, (int)state));
	print_record(&record);
	return 0;
}

static int
put(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    char *const *names, int n)
{
	struct err err;
	struct provider_record record = { .ip = *ip,
		.description = setting("DRIVE_DESCRIPTION"),
		.ttl_s = (uint32_t)strtoul(setting("DRIVE_TTL"), NULL, 10),
		.n_names = (size_t)n };
	for (int i = 0; i < n && i < PROVIDER_NAMES_MAX; i++)
		record.names[i] = names[i];
	enum err_code code = s->provider->put(s, place, ip, n > 0 ? &record : NULL, &err);
	printf("maybe_done=%d\n", s->maybe_done);
	return code == ERR_NONE ? 0 : failed(&err);
}

/* Polls once, or until the change has come to its end. */
static int
watch(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    bool wait)
{
	struct err err = { .text = "" };
	enum provider_state state = PROVIDER_PENDING;
	for (int64_t end = wall_s(NULL) + WAIT_S; wall_s(NULL) < end; usleep(250 * 1000)) {
		if (s->provider->poll(s, place, ip, &state, &err) != ERR_NONE)
			return failed(&err);
		if (!wait || state != PROVIDER_PENDING)
			break;
	}
	printf("%s%s%s\n", enumtab_name(&states, (int)state), err.text[0] != '\0' ? ": " : "",
	    err.text);
	return 0;
}

static int
with_address(struct provider_session *s, const char *verb, char *const *args, int n)
{
	struct err err;
	struct ip ip;
	struct provider_place place;
	if (n == 0 || !ip_parse(args[0], &ip))
		return 64;
	if (s->provider->find(s, &ip, &place, &err) != ERR_NONE)
		return failed(&err);
	if (strcmp(verb, "find") == 0)
		return printf("%s\n%s\n", place.id, place.text) < 0;
	if (strcmp(verb, "get") == 0)
		return show(s, &place, &ip);
	if (strcmp(verb, "poll") == 0 || strcmp(verb, "wait") == 0)
		return watch(s, &place, &ip, verb[0] == 'w');
	return put(s, &place, &ip, args + 1, strcmp(verb, "put") == 0 ? n - 1 : 0);
}

static int
run(struct provider_session *s, const char *verb, char *const *args, int n)
{
	struct err err;
	if (s->provider->open(s, &err) != ERR_NONE)
		return failed(&err);
	int status;
	if (strcmp(verb, "list") == 0)
		status = list(s);
	else if (strstr(verb, "forward") != NULL)
		status = n > 1 ? forward(s, verb, args, n) : 64;
	else
		status = with_address(s, verb, args, n);
	if (s->warnings[0] != '\0')
		fprintf(stderr, "warning: %s\n", s->warnings);
	s->provider->close(s);
	return status;
}

static size_t
split(char *text, const char **out)
{
	size_t n = 0;
	char *rest = NULL;
	for (char *word = strtok_r(text, " ", &rest); word != NULL && n < ENDPOINTS_MAX;
	     word = strtok_r(NULL, " ", &rest))
		out[n++] = word;
	return n;
}

int
main(int argc, char **argv)
{
	const struct provider *provider = argc > 2 ? provider_by_name(argv[1]) : NULL;
	if (provider == NULL)
		return 64;
	struct endpoint upstream;
	struct outside outside = { .loop = loop_new() };
	if (endpoint_parse(setting("DRIVE_RESOLVER"), 53, &upstream)) {
		struct dns_stub_config config = { .upstreams = &upstream, .n_upstreams = 1 };
		outside.stub = dns_stub_new(outside.loop, &config);
	}
	char words[4096];
	const char *endpoints[ENDPOINTS_MAX];
	snprintf(words, sizeof words, "%s", setting("DRIVE_ENDPOINTS"));
	outside.http = http_client_new(NULL);
	struct provider_options options = { .region = setting("DRIVE_REGION"),
		.project = setting("DRIVE_PROJECT"),
		.cloud = "",
		.endpoints = endpoints,
		.n_endpoints = split(words, endpoints),
		.authority_port = 53,
		.allow_special = setting("DRIVE_SPECIAL")[0] == '1',
		.world = { .arg = &outside,
		    .getenv = get_variable,
		    .wall_s = wall_s,
		    .http = send,
		    .ask = outside.stub != NULL ? ask : NULL } };
	struct provider_session session = { .provider = provider, .options = &options };
	arena_init(&session.arena);
	int status = run(&session, argv[2], argv + 3, argc - 3);
	arena_fini(&session.arena);
	http_client_free(outside.http);
	if (outside.stub != NULL)
		dns_stub_free(outside.stub);
	loop_free(outside.loop);
	return status;
}
