/* mailready lists --test: can each list be trusted, through this resolver? */
#include <time.h>

#include "checks/list_blame.h"
#include "gather/pace.h"
#include "net/loop.h"
#include "run/list_cache_priv.h"
#include "run/lists_priv.h"
#include "run/run_priv.h"
#include "run/world.h"
#include "views/list_health.h"

struct testing {
	const struct run_options *options;
	struct catalogue *lists; /* to be tested */
	struct policy policy;
	struct target target;
	struct facts facts;
	char probe[16];
	struct arena *arena;
};

/* The entries belong to the lists, whoever asks for them: the target does not matter. */
static void
set_up(struct testing *t, const struct keyring *keys)
{
	run_probe(t->probe);
	t->policy = t->options->look.policy;
	t->policy.lists = t->lists;
	t->policy.keys = keys;
	t->policy.probe = t->probe;
	t->target = (struct target){
		.ip = { .family = 4, .bytes = { 127, 0, 0, 2 } },
		.names = { .host = "", .ehlo = "", .domain = "" },
		.policy = &t->policy,
	};
	ip_format(&t->target.ip, t->target.address);
	facts_init(&t->facts, t->arena);
}

/* What this costs of the lists' budgets is noted before it is asked. */
static struct list_view *
gather(struct testing *t, struct dns_world *world, size_t *n)
{
	static const struct check *const checks[] = { &check_list_health };
	struct list_cache cache;
	list_cache_open(&cache, t->options, &world->config, t->lists, (int64_t)time(NULL),
	    t->arena);
	list_cache_take(&cache);
	struct gather_job job = {
		.target = &t->target,
		.checks = checks,
		.n_checks = 1,
		.facts = &t->facts,
		.pace = pace_new(t->lists, t->arena),
		.deadline_us = loop_now_us() + t->options->look.timeout_us,
	};
	world_gather(world, &job);
	pace_free(job.pace);
	struct list_view *views = list_health_views(&t->target, &t->facts, t->arena, n);
	list_cache_settle(&cache, &t->facts);
	list_cache_note(&cache, views, *n);
	list_cache_close(&cache);
	return views;
}

static void
show(struct listing *l, const struct testing *t, const struct list_view *views, size_t n)
{
	struct lists_health health = { .views = views, .n = n, .blame = "", .remedy = "" };
	if (!list_blame(&t->target, views, n, t->arena, &health.blame, &health.remedy))
		health.blame = "";
	l->format->health(&health, &l->text);
}

enum err_code
lists_test(struct listing *l, size_t *unhealthy, struct err *err)
{
	struct testing t = { .options = l->options,
		.lists = &l->source.selection.lists,
		.arena = &l->arena };
	struct dns_world world;
	enum err_code code = world_open(&world, &l->options->look, l->options->out.errors, err);
	set_up(&t, l->source.keys);
	if (code == ERR_NONE) {
		size_t n;
		const struct list_view *views = gather(&t, &world, &n);
		for (size_t i = 0; i < n; i++)
			*unhealthy += views[i].verdict.state != LIST_LISTED &&
			    views[i].verdict.reason != LIST_UNTESTED;
		show(l, &t, views, n);
	}
	facts_fini(&t.facts);
	world_close(&world);
	return code;
}
