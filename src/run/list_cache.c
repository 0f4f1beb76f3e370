/* What is remembered of lists between runs: their health, and how much was asked of them. */
#include "run/list_cache_priv.h"

#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/name.h"
#include "base/paths.h"
#include "base/strset.h"
#include "base/when.h"
#include "run/run_priv.h"

enum {
	/* that one target can lead to: its own and its reason, and two test entries */
	QUESTIONS_ADDRESS = 4,
	/* sixteen names and their reasons, two test entries and the probe */
	QUESTIONS_DOMAIN = 35,
	QUESTIONS_MORE = 4, /* for each further domain: in full and registered, and their reasons */
	TARGETS_AT_ONCE = 100, /* that a reservation is made for in a run of many */
	HOUR_S = 3600,
	RESOLVERS_KEPT = 16,
};

static const char *
resolver_text(const struct dns_stub_config *config, bool direct, struct arena *a)
{
	const char *text = direct ? "direct" : "";
	for (size_t i = 0; i < config->n_upstreams; i++) {
		char one[ENDPOINT_TEXT_MAX];
		text = arena_printf(a, "%s %s", text, endpoint_format(&config->upstreams[i], one));
	}
	return text;
}

void
list_cache_open(struct list_cache *c, const struct run_options *o,
    const struct dns_stub_config *config, struct catalogue *lists, int64_t now_s, struct arena *a)
{
	char path[PATH_MAX];
	const char *named = o->look.lists.cache;
	*c = (struct list_cache){ .named = named != NULL,
		.errors = o->out.errors,
		.arena = a,
		.now_s = now_s,
		.lists = lists };
	c->resolver = resolver_text(config, o->look.policy.lists_direct, a);
	c->left = arena_array(a, lists->n, sizeof *c->left);
	for (size_t i = 0; i < o->in.n_specs; i++)
		if (o->in.specs[i].names.n_domains > c->more_domains)
			c->more_domains = (unsigned)o->in.specs[i].names.n_domains;
	if (o->look.policy.offline || (named != NULL && strcmp(named, "none") == 0))
		return;
	if (named != NULL)
		c->path = named;
	else if (user_path("XDG_CACHE_HOME", "/.cache", "lists.json", path, sizeof path))
		c->path = arena_strdup(a, path);
}

static bool
is_fresh(const struct list_cache *c, const json_t *when)
{
	int64_t then_s = json_integer_value(when);
	return json_is_integer(when) && then_s <= c->now_s &&
	    then_s > c->now_s - LIST_CACHE_HOURS * HOUR_S;
}

/* Never those of high impact, nor the first of the run: they show what has begun to go wrong. */
static bool
may_skip_test(const struct list_cache *c, size_t i)
{
	return i >= LIST_CACHE_CANARIES && c->lists->lists[i].impact < LIST_HIGH;
}

const char *const *
list_cache_tested(struct list_cache *c, size_t *n)
{
	*n = 0;
	int fd = c->path != NULL && c->lists->n > 0 ? list_cache_lock(c) : -1;
	if (fd < 0)
		return NULL;
	const json_t *zones = json_object_get(json_object_get(list_cache_load(c), "tested"),
	    c->resolver);
	const char **out = arena_array(c->arena, c->lists->n, sizeof *out);
	for (size_t i = 0; i < c->lists->n; i++) {
		const char *zone = c->lists->lists[i].zone;
		if (may_skip_test(c, i) && is_fresh(c, json_object_get(zones, zone)))
			out[(*n)++] = zone;
	}
	*n = strset_make(out, *n);
	close(fd);
	return out;
}

static json_int_t
asked_today(const json_t *asked, const char *zone, const char *day)
{
	const json_t *o = json_object_get(asked, zone);
	const char *on = json_string_value(json_object_get(o, "day"));
	json_int_t n = json_integer_value(json_object_get(o, "n"));
	return on != NULL && strcmp(on, day) == 0 && n > 0 ? n : 0;
}

static void
set_asked(json_t *asked, const char *zone, const char *day, json_int_t n)
{
	json_object_set_new(asked, zone, json_pack("{s:s,s:I}", "day", day, "n", n));
}

/* The most questions that one target can lead to. */
static unsigned
need_of(const struct list_cache *c, const struct list *l)
{
	return (l->ip4 || l->ip6 ? QUESTIONS_ADDRESS : 0u) +
	    (l->domain ? QUESTIONS_DOMAIN + QUESTIONS_MORE * c->more_domains : 0u);
}

/* Reserves as much as a run of many needs for a while, or what is left. */
static void
reserve(struct list_cache *c, json_t *asked, size_t i, const char *day)
{
	struct list *l = &c->lists->lists[i];
	json_int_t used = asked_today(asked, l->zone, day);
	json_int_t free_now = (json_int_t)l->budget - used + c->left[i];
	json_int_t wanted = (json_int_t)need_of(c, l) * (c->n_taken == 0 ? 1 : TARGETS_AT_ONCE);
	if (wanted > free_now)
		wanted = free_now;
	if (wanted < need_of(c, l)) {
		l->exhausted = true;
		return;
	}
	set_asked(asked, l->zone, day, used + wanted - c->left[i]);
	c->left[i] = (unsigned)wanted;
}

static bool
needs_reservation(const struct list_cache *c, size_t i)
{
	const struct list *l = &c->lists->lists[i];
	return l->budget > 0 && !l->exhausted && c->left[i] < need_of(c, l);
}

static void
reserve_all(struct list_cache *c)
{
	char day[WHEN_TEXT_MAX];
	int fd = c->path != NULL ? list_cache_lock(c) : -1;
	if (fd < 0)
		return;
	json_t *asked = json_object_get(list_cache_load(c), "asked");
	when_day(c->now_s, day);
	for (size_t i = 0; i < c->lists->n; i++)
		if (needs_reservation(c, i))
			reserve(c, asked, i, day);
	list_cache_store(c);
	close(fd);
}

void
list_cache_take(struct list_cache *c)
{
	bool any = false;
	for (size_t i = 0; i < c->lists->n; i++)
		any |= needs_reservation(c, i);
	if (any)
		reserve_all(c);
	for (size_t i = 0; i < c->lists->n; i++) {
		unsigned need = need_of(c, &c->lists->lists[i]);
		if (c->left[i] >= need)
			c->left[i] -= need;
	}
	c->n_taken++;
}

static unsigned
count_asked(const struct facts *f, const struct list *l)
{
	unsigned n = 0;
	for (size_t i = 0; i < f->n; i++) {
		const struct fact *fact = f->list[i];
		n += fact->kind == FACT_DNS && fact->sparing &&
		    fact->dns->status != DNS_NOT_ASKED && name_is_under(fact->name, l->zone);
	}
	return n;
}

void
list_cache_settle(struct list_cache *c, const struct facts *f)
{
	for (size_t i = 0; i < c->lists->n; i++) {
		const struct list *l = &c->lists->lists[i];
		/* once it is exhausted, some targets have taken theirs and some have not */
		if (l->budget == 0 || l->exhausted || c->path == NULL)
			continue;
		unsigned asked = count_asked(f, l), need = need_of(c, l);
		c->left[i] += asked < need ? need - asked : 0;
	}
}

void
list_cache_note(struct list_cache *c, const struct list_view *views, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct list_view *v = &views[i];
		const struct list *l = catalogue_find(c->lists, v->list->zone);
		bool spoke = v->verdict.state == LIST_CLEAN || v->verdict.state == LIST_LISTED;
		if (!v->tested || !spoke || !list_view_leads(views, i) || l == NULL ||
		    !may_skip_test(c, (size_t)(l - c->lists->lists)))
			continue;
		bool known = false;
		for (size_t k = 0; k < c->n_good && !known; k++)
			known = strcmp(c->good[k], v->list->zone) == 0;
		if (known)
			continue;
		c->good = arena_grow(c->arena, c->good, c->n_good, &c->cap_good, sizeof *c->good);
		c->good[c->n_good++] = v->list->zone;
	}
}

const char *const *
list_cache_known(const struct list_cache *c, const char *const *tested, size_t *n)
{
	const char **out = arena_array(c->arena, *n + c->n_good, sizeof *out);
	for (size_t i = 0; i < *n; i++)
		out[i] = tested[i];
	for (size_t i = 0; i < c->n_good; i++)
		out[(*n)++] = c->good[i];
	*n = strset_make(out, *n);
	return out;
}

/* What is too old to be of use is not kept: the file grows no further than what is used. */
static void
forget_old(const struct list_cache *c, json_t *tested)
{
	const char *resolver, *zone;
	json_t *zones, *when;
	void *next, *next_zone;
	json_object_foreach_safe(tested, next, resolver, zones)
	{
		json_object_foreach_safe(zones, next_zone, zone, when) if (!is_fresh(c, when))
		    json_object_del(zones, zone);
		if (json_object_size(zones) == 0 || json_object_size(tested) > RESOLVERS_KEPT)
			json_object_del(tested, resolver);
	}
}

static void
write_tested(const struct list_cache *c, json_t *tested)
{
	forget_old(c, tested);
	if (!json_is_object(json_object_get(tested, c->resolver)))
		json_object_set_new(tested, c->resolver, json_object());
	json_t *zones = json_object_get(tested, c->resolver);
	for (size_t i = 0; i < c->n_good; i++)
		json_object_set_new(zones, c->good[i], json_integer(c->now_s));
}

/* Another day's count, which a run that began later wrote, is left alone. */
static void
give_back(const struct list_cache *c, json_t *asked)
{
	char day[WHEN_TEXT_MAX];
	when_day(c->now_s, day);
	for (size_t i = 0; i < c->lists->n; i++) {
		const char *zone = c->lists->lists[i].zone;
		json_int_t used = asked_today(asked, zone, day);
		if (c->left[i] > 0 && used >= c->left[i])
			set_asked(asked, zone, day, used - c->left[i]);
	}
}

static bool
has_news(const struct list_cache *c)
{
	bool any = c->n_good > 0;
	for (size_t i = 0; i < c->lists->n; i++)
		any |= c->left[i] > 0;
	return any;
}

void
list_cache_close(struct list_cache *c)
{
	int fd = c->path != NULL && has_news(c) ? list_cache_lock(c) : -1;
	if (fd >= 0) {
		json_t *root = list_cache_load(c);
		write_tested(c, json_object_get(root, "tested"));
		give_back(c, json_object_get(root, "asked"));
		list_cache_store(c);
		close(fd);
	}
	json_decref(c->root);
	c->root = NULL;
}
