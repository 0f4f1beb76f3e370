/* Servers before they go live: the same look and the same checks as any run, summed up otherwise. */
#include "preflight/preflight.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/name.h"
#include "config/programs.h"
#include "fix/now.h"
#include "views/names.h"

enum { REPORT_MAX = 64 << 20 };

struct preflight_run {
	const struct preflight_options *options;
	struct arena arena; /* of all that outlives the reports */
	struct preflight intent;
	struct provider_list known;
	const struct provider **providers; /* those with credentials */
	size_t n_providers;
	const char *fix_options;
};

static const char *
get_variable(void *arg, const char *name)
{
	(void)arg;
	return getenv(name);
}

static int64_t
wall_s(void *arg)
{
	(void)arg;
	return (int64_t)time(NULL);
}

/* Looks at environment and files, sends nothing. */
static void
find_providers(struct preflight_run *r)
{
	struct provider_options o = { .region = "",
		.project = "",
		.cloud = "",
		.world = { .getenv = get_variable, .wall_s = wall_s } };
	config_programs(&o, &r->arena);
	provider_list_make(&r->known, &o, &r->arena);
	r->providers = arena_array(&r->arena, r->known.n, sizeof *r->providers);
	for (size_t i = 0; i < r->known.n; i++)
		if (r->known.at[i]->configured(&o))
			r->providers[r->n_providers++] = r->known.at[i];
	r->intent.known = &r->known;
}

/* The options that make mailready fix see the same DNS. */
static void
set_fix_options(struct preflight_run *r)
{
	const struct run_options *o = r->options->run;
	char server[ENDPOINT_TEXT_MAX];
	const char *text = "";
	for (size_t i = 0; i < o->look.n_resolvers; i++)
		text = arena_printf(&r->arena, "%s --resolver %s", text,
		    endpoint_format(&o->look.resolvers[i], server));
	if (o->look.policy.authority_port != 53)
		text = arena_printf(&r->arena, "%s --authority-port %u", text,
		    o->look.policy.authority_port);
	if (o->look.policy.allow_special)
		text = arena_printf(&r->arena, "%s --allow-special", text);
	r->fix_options = text;
}

/* ---- targets */

static bool
is_asked_already(const struct target_spec *specs, size_t n, const char *domain)
{
	for (size_t i = 0; i < n; i++)
		if (names_hold(specs[i].names.domains, specs[i].names.n_domains, domain))
			return true;
	return false;
}

/* Lists say the same about a domain for every address: ask with the first. */
static void
set_domains(struct preflight_run *r, const struct preflight_server *s,
    const struct target_spec *specs, size_t n, struct target_spec *spec)
{
	const char **domains = arena_array(&r->arena, s->n_domains + 1, sizeof *domains);
	for (size_t i = 0; i < s->n_domains; i++)
		if (!is_asked_already(specs, n, s->domains[i]))
			domains[spec->names.n_domains++] = s->domains[i];
	spec->names.domains = domains;
}

static const struct target_spec *
make_targets(struct preflight_run *r, size_t *n)
{
	struct target_spec *specs = arena_array(&r->arena, INTENT_ADDRESSES_MAX, sizeof *specs);
	for (size_t i = 0; i < r->intent.n_servers; i++) {
		const struct preflight_server *s = &r->intent.servers[i];
		for (size_t k = 0; k < s->n_addresses; k++) {
			struct target_spec *spec = &specs[*n];
			*spec = (struct target_spec){ .first = s->addresses[k].ip,
				.last = s->addresses[k].ip,
				.names = { .host = "",
				    .ehlo = s->ehlo,
				    .domain = "",
				    .mail_from = s->mail_from,
				    .from = s->from,
				    .dkim = s->dkim,
				    .n_dkim = s->n_dkim } };
			const char **wanted = arena_array(&r->arena, s->n_names + 1,
			    sizeof *wanted);
			spec->names.n_wanted = preflight_wanted(s, wanted);
			spec->names.wanted = wanted;
			set_domains(r, s, specs, *n, spec);
			(*n)++;
		}
	}
	return specs;
}

/* ---- the run */

static struct preflight_address *
find_address(const struct preflight *p, const struct ip *ip, const struct preflight_server **server)
{
	for (size_t i = 0; i < p->n_servers; i++) {
		*server = &p->servers[i];
		for (size_t k = 0; k < (*server)->n_addresses; k++)
			if (ip_equal(&(*server)->addresses[k].ip, ip))
				return &(*server)->addresses[k];
	}
	return NULL;
}

static void
look(void *arg, const struct report *report)
{
	struct preflight_run *r = arg;
	struct preflight_input in = { .known = report->known,
		.findings = report->findings,
		.checks = report->checks,
		.n_checks = report->n_checks,
		.providers = r->providers,
		.n_providers = r->n_providers,
		.options = r->fix_options };
	struct preflight_address *out = find_address(&r->intent, &report->target->ip, &in.server);
	if (out == NULL)
		return;
	out->time_us = report->time_us;
	r->intent.now_s = report->target->policy->now_s;
	preflight_look(&in, &r->arena, out);
}

static enum err_code
check(struct preflight_run *r, struct run_result *result, struct err *err)
{
	struct run_options o = *r->options->run;
	const struct check **checks = arena_array(&r->arena, o.n_checks + 1, sizeof *checks);
	checks[0] = &fix_wants;
	for (size_t i = 0; i < o.n_checks; i++)
		checks[i + 1] = o.checks[i];
	o.checks = checks;
	o.n_checks++;
	o.look.policy.authority = AUTHORITY_ALWAYS;
	o.in.specs = make_targets(r, &o.in.n_specs);
	o.out.ordered = true;
	o.out.sink = look;
	o.out.sink_arg = r;
	return run_check(&o, result, err);
}

static enum err_code
render(const struct preflight_run *r, struct err *err)
{
	const struct run_options *o = r->options->run;
	struct buf text;
	enum err_code code = ERR_NONE;
	buf_init(&text, REPORT_MAX);
	r->options->render(&r->intent, &o->out.render, &text);
	if (text.failed)
		code = err_set(err, ERR_INTERNAL, "the report grew over %d bytes", REPORT_MAX);
	else if (!file_write_all(fileno(o->out.file), text.data, text.len))
		code = err_set(err, ERR_IO, "the report cannot be written: %s", strerror(errno));
	buf_fini(&text);
	return code;
}

enum err_code
run_preflight(const struct preflight_options *o, struct run_result *result, struct err *err)
{
	struct preflight_run r = { .options = o };
	arena_init(&r.arena);
	find_providers(&r);
	enum err_code code = intent_read_file(o->intent, &r.arena, &r.intent, err);
	if (code == ERR_NONE && o->before != NULL)
		code = o->before(o->before_arg, &r.intent, err);
	if (code == ERR_NONE) {
		r.intent.strict_warn = o->strict_warn;
		r.intent.strict_unknown = o->strict_unknown;
		set_fix_options(&r);
		code = check(&r, result, err);
	}
	/* half of what is wanted says nothing of the whole */
	if (result->interrupted != 0)
		memset(result->n, 0, sizeof result->n);
	else if (code == ERR_NONE) {
		struct preflight_sum sum;
		preflight_add_up(&r.intent, &r.arena, &sum);
		*result = (struct run_result){ .unknown = 0 };
		result->n[sum.verdict] = 1;
		code = render(&r, err);
	}
	arena_fini(&r.arena);
	return code;
}
