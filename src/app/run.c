#include "app/run.h"

#include <errno.h>
#include <string.h>

#include "base/json.h"
#include "dns/planned.h"
#include "gather/dump.h"
#include "job_priv.h"
#include "net/loop.h"
#include "run_priv.h"
#include "source_priv.h"

enum { JOBS_MAX = 256 };

struct run {
	struct session session;
	const struct run_options *options;
	struct err *err;
	struct planned *planned;
	struct loop *loop;
	struct dns_stub *stub;
	struct loop_defer *defer;     /* report what is done, start what is next */
	struct source source;
	struct job_context context;
	struct job *head, **tail;     /* in the order of the input */
	size_t n_jobs;
	FILE *dump;
	bool stopped;                 /* the input or the dump broke: no new jobs */
};

static enum err_code
open_dump(struct run *r)
{
	const char *path = r->options->dump;

	if (path == NULL)
		return ERR_NONE;
	r->dump = fopen(path, "we");
	if (r->dump == NULL)
		return err_set(r->err, ERR_CANTCREAT, "%s: %s", path, strerror(errno));
	return ERR_NONE;
}

/* A file is only safe on disk when closing it said so. */
static enum err_code
close_dump(struct run *r, enum err_code code)
{
	if (r->dump == NULL)
		return code;
	bool failed = ferror(r->dump) != 0;
	failed |= fclose(r->dump) != 0;
	if (failed && code == ERR_NONE)
		return err_set(r->err, ERR_IO, "%s: %s", r->options->dump, strerror(errno));
	return code;
}

static void
dump(struct run *r, const struct target *t, const struct facts *f)
{
	if (r->dump == NULL)
		return;
	json_t *run = dump_run(t, f);
	if (json_dumpf(run, r->dump, JSON_COMPACT) != 0 || fputc('\n', r->dump) == EOF)
		r->stopped = true; /* close_dump() says why */
	json_decref(run);
}

static void
job_report(struct run *r, struct job *job)
{
	for (size_t i = 0; i < job->n_items; i++) {
		struct item *item = &job->items[i];
		dump(r, &item->target, &item->facts);
		session_report(&r->session, &item->target, &item->facts, item->time_us);
	}
	if (job->n_items > 0)
		return;
	bool told;
	const char *why = job_failure(job, &told);
	if (job->spec.line > 0)
		fprintf(r->options->errors, "mailready: line %d: %s\n", job->spec.line, why);
	else
		fprintf(r->options->errors, "mailready: %s\n", why);
	if (told) {
		r->session.result->bad_lines++;
	} else {
		r->session.result->n[VERDICT_TEMPERROR]++;
		r->session.result->unknown++;
	}
}

static void
report_done(struct run *r)
{
	while (r->head != NULL && job_is_done(r->head)) {
		struct job *job = r->head;
		r->head = job->next;
		if (r->head == NULL)
			r->tail = &r->head;
		r->n_jobs--;
		job_report(r, job);
		job_free(job);
	}
}

static void
start_next(struct run *r)
{
	struct target_spec scratch;

	while (r->n_jobs < JOBS_MAX && !r->stopped && !r->session.broken) {
		const struct target_spec *spec = source_next(&r->source, &scratch, r->err);
		if (spec == NULL) {
			r->stopped |= r->err->code != ERR_NONE;
			return;
		}
		struct job *job = job_start(&r->context, spec);
		*r->tail = job;
		r->tail = &job->next;
		r->n_jobs++;
	}
}

/* A job may be done as soon as it is started: an address of a family that is not looked at. */
static void
turn(void *arg)
{
	struct run *r = arg;

	do {
		report_done(r);
		start_next(r);
	} while (r->head != NULL && job_is_done(r->head));
	if (r->n_jobs == 0)
		loop_stop(r->loop);
}

static void
job_done(void *arg)
{
	struct run *r = arg;

	loop_defer_wake(r->defer);
}

/* A resolver that answers nothing at all is one fault, said once, not one a target. */
static enum err_code
check_resolver(struct run *r, const struct dns_stub_config *config)
{
	struct dns_stub_stats stats;
	char text[ENDPOINT_TEXT_MAX];

	dns_stub_stats(r->stub, &stats);
	if (stats.questions == 0 || stats.answers > 0 || config->n_upstreams == 0 || config->offline)
		return ERR_NONE;
	return err_set(r->err, ERR_UNAVAILABLE,
	    "no answer at all from the resolver %s%s; is it running, and may this host ask it?",
	    endpoint_format(&config->upstreams[0], text), config->n_upstreams > 1 ? " and the others" : "");
}

static enum err_code
run_loop(struct run *r, const struct dns_stub_config *config)
{
	r->loop = loop_new();
	r->stub = dns_stub_new(r->loop, config);
	r->defer = loop_defer_new(r->loop, turn, r);
	r->context = (struct job_context){ .options = r->options, .loop = r->loop, .stub = r->stub,
		.policy = &r->session.policy, .done = job_done, .arg = r };
	r->err->code = ERR_NONE;
	session_begin(&r->session);
	loop_defer_wake(r->defer);
	loop_run(r->loop);
	session_end(&r->session);
	r->session.result->bad_lines += r->source.bad_lines;
	enum err_code code = r->err->code;
	if (code == ERR_NONE)
		code = check_resolver(r, config);
	loop_defer_free(r->defer);
	dns_stub_free(r->stub);
	loop_free(r->loop);
	return code;
}

enum err_code
run_resolvers(const struct run_options *o, struct endpoint *out, struct dns_stub_config *config,
    struct err *err)
{
	config->offline = o->policy.offline;
	config->upstreams = out;
	config->n_upstreams = o->n_resolvers;
	memcpy(out, o->resolvers, sizeof o->resolvers);
	if (o->n_resolvers > 0 || o->policy.offline)
		return ERR_NONE;
	return dns_read_resolv_conf("/etc/resolv.conf", out, DNS_UPSTREAMS_MAX, &config->n_upstreams,
	    err);
}

static enum err_code
check_targets(struct run *r)
{
	const struct run_options *o = r->options;
	struct endpoint upstreams[DNS_UPSTREAMS_MAX];
	struct dns_stub_config config = { .n_upstreams = 0 };
	enum err_code code = run_resolvers(o, upstreams, &config, r->err);

	if (code == ERR_NONE && o->planned != NULL)
		code = planned_read_file(o->planned, &r->planned, r->err);
	if (code == ERR_NONE)
		code = source_open(&r->source, o->specs, o->n_specs, o->input, o->errors, r->err);
	if (code != ERR_NONE)
		return code;
	config.planned = r->planned;
	code = run_loop(r, &config);
	if (code == ERR_NONE && r->session.n_reports == 0 && r->session.result->bad_lines == 0 && r->session.result->unknown == 0)
		code = err_set(r->err, ERR_NOINPUT, "%s: no target in it", o->input != NULL ? o->input : "input");
	source_close(&r->source);
	return code;
}

enum err_code
run_check(const struct run_options *o, struct run_result *result, struct err *err)
{
	struct run r = { .options = o, .err = err, .tail = &r.head };
	enum err_code code = session_open(&r.session, o, result, err);

	if (code == ERR_NONE)
		code = open_dump(&r);
	if (code == ERR_NONE)
		code = check_targets(&r);
	code = close_dump(&r, code);
	planned_free(r.planned);
	session_close(&r.session);
	return code;
}
