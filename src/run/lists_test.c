/* mailready lists --test: can each list be trusted, through this resolver? */
#include <string.h>
#include <time.h>

#include "base/json.h"
#include "checks/list_blame.h"
#include "dns/planned.h"
#include "dns/stub.h"
#include "gather/engine.h"
#include "gather/pace.h"
#include "net/loop.h"
#include "run/list_cache_priv.h"
#include "run/lists.h"
#include "run/lists_priv.h"
#include "run/run_priv.h"
#include "views/list_health.h"

struct testing {
	struct policy policy;
	struct target target;
	struct facts facts;
	struct loop *loop;
};

static void
gathered(void *arg)
{
	struct testing *t = arg;
	loop_stop(t->loop);
}

/* The entries are the lists' own, whoever asks: the target is nobody. */
static void
set_up(struct testing *t, struct listing *l, char probe[16])
{
	run_probe(probe);
	*t = (struct testing){ .policy = l->options->policy };
	t->policy.lists = &l->source.selection.lists;
	t->policy.keys = l->source.keys;
	t->policy.probe = probe;
	t->target = (struct target){
		.ip = { .family = 4, .bytes = { 127, 0, 0, 2 } },
		.host = "",
		.ehlo = "",
		.domain = "",
		.policy = &t->policy,
	};
	ip_format(&t->target.ip, t->target.address);
	facts_init(&t->facts, &l->arena);
}

static enum err_code
gather(struct testing *t, struct listing *l)
{
	static const struct check *const checks[] = { &check_list_health };
	const struct run_options *o = l->options;
	struct endpoint upstreams[DNS_UPSTREAMS_MAX];
	struct planned *planned = NULL;
	struct dns_stub_config config = { .n_upstreams = 0 };
	enum err_code code = run_resolvers(o, upstreams, &config, l->err);
	if (code == ERR_NONE && o->planned != NULL)
		code = planned_read_file(o->planned, &planned, l->err);
	if (code != ERR_NONE)
		return code;
	config.planned = planned;
	t->loop = loop_new();
	struct dns_stub *stub = dns_stub_new(t->loop, &config);
	const struct gather_job job = {
		.target = &t->target,
		.checks = checks,
		.n_checks = 1,
		.facts = &t->facts,
		.pace = pace_new(&l->source.selection.lists, &l->arena),
		.deadline_us = loop_now_us() + o->timeout_us,
		.done = gathered,
		.arg = t,
	};
	(void)gather_start(t->loop, stub, &job);
	struct list_cache cache;
	list_cache_open(&cache, o, &config, &l->source.selection.lists, (int64_t)time(NULL),
	    &l->arena);
	list_cache_take(&cache);
	loop_run(t->loop);
	dns_stub_free(stub);
	loop_free(t->loop);
	planned_free(planned);
	pace_free(job.pace);
	size_t n;
	const struct list_view *views = list_health_views(&t->target, &t->facts, &l->arena, &n);
	list_cache_settle(&cache, &t->facts);
	list_cache_note(&cache, views, n);
	list_cache_close(&cache);
	return ERR_NONE;
}

static const char *
shown_reason(const struct list_view *v, struct arena *a)
{
	const char *codes = "";
	const struct list_verdict *verdict = &v->verdict;
	if (verdict->state == LIST_LISTED)
		return "";
	if (verdict->reason == LIST_UNTESTED)
		return "it has no test entry";
	for (size_t i = 0; i < verdict->n_codes; i++)
		codes = arena_printf(a, "%s%s%s%s%s%s", codes, i == 0 ? "; it answered " : ", ",
		    verdict->codes[i], *verdict->meanings[i] != '\0' ? " (" : "",
		    verdict->meanings[i], *verdict->meanings[i] != '\0' ? ")" : "");
	return arena_printf(a, "%s%s", list_reason_text(verdict->reason), codes);
}

static void
put_rows(struct listing *l, const struct list_view *views, size_t n)
{
	buf_printf(&l->text, "%-38s %-24s %s\n", "ZONE", "HEALTH", "WHY");
	for (size_t i = 0; i < n; i++) {
		const char *reason = shown_reason(&views[i], &l->arena);
		buf_printf(&l->text, "%-38s %s", views[i].list->zone, "");
		if (*reason == '\0')
			buf_printf(&l->text, "%s\n", list_health_word(&views[i]));
		else
			buf_printf(&l->text, "%-24s %s\n", list_health_word(&views[i]), reason);
	}
}

static void
put_array(struct listing *l, const struct list_view *views, size_t n)
{
	json_t *array = json_array();
	for (size_t i = 0; i < n; i++) {
		const struct list_verdict *v = &views[i].verdict;
		json_t *o = json_object();
		json_put_text(o, "zone", views[i].list->zone);
		json_put_text(o, "name", views[i].list->name);
		json_object_set_new(o, "health", json_string(list_health_word(&views[i])));
		json_object_set_new(o, "reason",
		    json_safe_string(shown_reason(&views[i], &l->arena)));
		json_put_texts(o, "codes", v->codes, v->n_codes);
		json_array_append_new(array, o);
	}
	lists_put_json(&l->text, array);
}

enum err_code
lists_test(struct listing *l, size_t *unhealthy)
{
	struct testing t;
	char probe[16];
	size_t n;
	const char *what, *remedy;
	set_up(&t, l, probe);
	enum err_code code = gather(&t, l);
	if (code != ERR_NONE) {
		facts_fini(&t.facts);
		return code;
	}
	const struct list_view *views = list_health_views(&t.target, &t.facts, &l->arena, &n);
	for (size_t i = 0; i < n; i++)
		*unhealthy += views[i].verdict.state != LIST_LISTED &&
		    views[i].verdict.reason != LIST_UNTESTED;
	if (l->request->json)
		put_array(l, views, n);
	else
		put_rows(l, views, n);
	if (!l->request->json && list_blame(&t.target, views, n, &l->arena, &what, &remedy)) {
		buf_putc(&l->text, '\n');
		lists_put_wrapped(&l->text, "resolver", what);
		lists_put_wrapped(&l->text, "", remedy);
	}
	facts_fini(&t.facts);
	return ERR_NONE;
}
