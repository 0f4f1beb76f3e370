/* The world of a repair: the DNS through our own stub, clocks, waiting, and the reports' way out. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "base/json.h"
#include "base/mem.h"
#include "base/name.h"
#include "checks/registry.h"
#include "config/programs.h"
#include "net/loop.h"
#include "repair/repair_priv.h"

enum {
	REPORT_MAX = 16 << 20,
	JSON_STYLE = JSON_PRESERVE_ORDER | JSON_INDENT(2) | JSON_ENSURE_ASCII |
	    JSON_REAL_PRECISION(9)
};

const struct check *const fix_checks[] = { &check_ptr, &check_iprev, &check_generic_ptr };
const size_t fix_checks_n = sizeof fix_checks / sizeof fix_checks[0];

static uint64_t
now_us(void *arg)
{
	(void)arg;
	return loop_now_us();
}

static int64_t
wall_s(void *arg)
{
	(void)arg;
	return (int64_t)time(NULL);
}

static void
wait_us(void *arg, uint64_t us)
{
	struct timespec left = { .tv_sec = (time_t)(us / 1000000),
		.tv_nsec = (long)(us % 1000000) * 1000 };
	(void)arg;
	while (nanosleep(&left, &left) != 0 && errno == EINTR)
		;
}

static uint32_t
random_number(void *arg)
{
	uint32_t n = 0;
	(void)arg;
	return getrandom(&n, sizeof n, 0) == (ssize_t)sizeof n ? n : 0;
}

static void
gather(void *arg, const struct target *t, const struct check *const *checks, size_t n_checks,
    struct facts *f)
{
	struct repair *r = arg;
	struct gather_job job = { .target = t,
		.checks = checks,
		.n_checks = n_checks,
		.facts = f,
		.deadline_us = loop_now_us() + LOOK_US };
	world_gather(&r->dns, &job);
}

static void
progress(void *arg, const char *text)
{
	struct repair *r = arg;
	if (r->options->progress == NULL || strncmp(r->said, text, sizeof r->said - 1) == 0)
		return;
	snprintf(r->said, sizeof r->said, "%s", text);
	r->options->progress(text);
}

/* One question of a provider's. */
struct question {
	struct loop *loop;
	struct arena *arena;
	const struct dns_answer *answer;
};

static void
answered(void *arg, const struct dns_answer *answer)
{
	struct question *q = arg;
	q->answer = dns_answer_copy(q->arena, answer);
	loop_stop(q->loop);
}

static const struct dns_answer *
ask(void *arg, const char *name, uint16_t type, struct arena *a)
{
	struct repair *r = arg;
	struct question q = { .loop = r->dns.loop, .arena = a };
	dns_stub_ask(r->dns.stub, name, type, NULL, loop_now_us() + LOOK_US, answered, &q);
	loop_run(r->dns.loop);
	return q.answer;
}

static const char *
get_variable(void *arg, const char *name)
{
	(void)arg;
	return getenv(name);
}

/* A service that says nothing must not take longer than the user gave it all. */
static enum err_code
carry(void *arg, const struct http_request *request, struct arena *a, struct http_reply *reply,
    struct err *err)
{
	struct repair *r = arg;
	struct http_request timed = *request;
	uint64_t now = loop_now_us();
	uint64_t left_ms = r->deadline_us > now ? (r->deadline_us - now) / 1000 : 0;
	if (left_ms < timed.timeout_ms)
		timed.timeout_ms = left_ms > REQUEST_MS_MIN ? (uint32_t)left_ms : REQUEST_MS_MIN;
	return http_send(r->http, &timed, a, reply, err);
}

static uint64_t
left_us(void *arg)
{
	const struct repair *r = arg;
	uint64_t now = loop_now_us(), least = (uint64_t)REQUEST_MS_MIN * 1000;
	return r->deadline_us > now + least ? r->deadline_us - now : least;
}

/* The asset tag by which clouds mark their servers; "" where there is none. */
static const char *
read_machine(char out[MACHINE_MAX])
{
	FILE *f = fopen("/sys/class/dmi/id/chassis_asset_tag", "re");
	out[0] = '\0';
	if (f == NULL)
		return out;
	if (fgets(out, MACHINE_MAX, f) != NULL)
		out[strcspn(out, " \n")] = '\0';
	fclose(f);
	return out;
}

static void
set_provider_options(struct repair *r)
{
	const struct fix_options *o = r->options;
	r->provider_options = (struct provider_options){ .region = o->region,
		.project = o->project,
		.cloud = o->cloud,
		.endpoints = o->endpoints,
		.n_endpoints = o->n_endpoints,
		.authority_port = r->policy.authority_port,
		.allow_special = r->policy.allow_special,
		.machine = read_machine(r->machine),
		.world = { .arg = r,
		    .getenv = get_variable,
		    .wall_s = wall_s,
		    .http = carry,
		    .left_us = left_us,
		    .ask = ask } };
	config_programs(&r->provider_options, &r->arena);
	provider_list_make(&r->providers, &r->provider_options, &r->arena);
	r->sessions = mem_zalloc(r->providers.n, sizeof *r->sessions);
	r->refused = mem_zalloc(r->providers.n, sizeof *r->refused);
}

enum err_code
repair_open(struct repair *r, const struct fix_options *o, struct err *err)
{
	*r = (struct repair){ .options = o, .err = err, .provider = o->provider };
	buf_init(&r->text, REPORT_MAX);
	arena_init(&r->arena);
	r->deadline_us = loop_now_us() + o->timeout_us;
	if (session_open(&r->session, o->run, false, &r->ignored, err) != ERR_NONE)
		return err->code;
	r->policy = r->session.policy;
	r->policy.authority = AUTHORITY_ALWAYS;
	r->policy.smtp = false;
	if (world_open(&r->dns, &o->run->look, o->run->out.errors, err) != ERR_NONE)
		return err->code;
	r->http = http_client_new(o->ca_file);
	r->world = (struct world){ .arg = r,
		.now_us = now_us,
		.wall_s = wall_s,
		.wait_us = wait_us,
		.random = random_number,
		.gather = gather,
		.progress = progress };
	set_provider_options(r);
	return ERR_NONE;
}

void
repair_close(struct repair *r)
{
	for (size_t i = 0; i < r->providers.n; i++) {
		if (r->sessions[i].provider == NULL)
			continue;
		r->sessions[i].provider->close(&r->sessions[i]);
		arena_fini(&r->sessions[i].arena);
	}
	free(r->sessions);
	free(r->refused);
	http_client_free(r->http);
	world_close(&r->dns);
	session_close(&r->session);
	buf_fini(&r->text);
	arena_fini(&r->arena);
}

enum err_code
repair_write(struct repair *r)
{
	FILE *out = r->options->run->out.file;
	bool good = !r->text.failed && fwrite(r->text.data, 1, r->text.len, out) == r->text.len &&
	    fflush(out) == 0;
	buf_reset(&r->text);
	return good ? ERR_NONE :
		      err_set(r->err, ERR_IO, "the report cannot be written: %s", strerror(errno));
}

enum err_code
repair_begin(struct repair *r, bool many)
{
	if (r->options->json && many)
		buf_puts(&r->text, "[\n");
	return repair_write(r);
}

enum err_code
repair_end(struct repair *r, bool many)
{
	if (r->options->json)
		buf_puts(&r->text, many ? "\n]\n" : "\n");
	return repair_write(r);
}

enum err_code
repair_report(struct repair *r, const struct fix_report *report)
{
	if (r->n_reports++ > 0)
		buf_puts(&r->text, r->options->json ? ",\n" : "\n");
	if (r->options->json) {
		json_t *json = fix_json(report);
		json_add(json, JSON_STYLE, &r->text);
		json_decref(json);
	} else {
		r->options->form->write(report, &r->options->run->out.render, &r->text);
	}
	return repair_write(r);
}
