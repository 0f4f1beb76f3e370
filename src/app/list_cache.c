#include "list_cache_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/json.h"
#include "base/strset.h"
#include "run_priv.h"

#define SCHEMA "mailready.cache/1"

enum {
	FILE_MAX = 1 << 20,
	QUESTIONS_OF_TARGET = 3, /* its own, and two test entries */
	TARGETS_AT_ONCE = 100,   /* that a reservation is made for in a run of many */
	HOUR_S = 3600,
	RESOLVERS_KEPT = 16,
};

static void
say(const struct list_cache *c, const char *what)
{
	if (c->errors != NULL)
		fprintf(c->errors, "mailready: %s: %s\n", c->path, what);
}

static void
make_parent(const char *path)
{
	char dir[PATH_MAX];
	snprintf(dir, sizeof dir, "%s", path);
	for (char *slash = strchr(dir + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		(void)mkdir(dir, 0700);
		*slash = '/';
	}
}

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
	const char *named = o->lists.cache;
	*c = (struct list_cache){ .named = named != NULL,
		.errors = o->errors,
		.arena = a,
		.now_s = now_s,
		.lists = lists };
	c->resolver = resolver_text(config, o->policy.lists_direct, a);
	c->left = arena_array(a, lists->n, sizeof *c->left);
	if (o->policy.offline || (named != NULL && strcmp(named, "none") == 0))
		return;
	if (named != NULL)
		c->path = named;
	else if (user_path("XDG_CACHE_HOME", "/.cache", "lists.json", path, sizeof path))
		c->path = arena_strdup(a, path);
}

/* The lock is a file beside it: the file itself is replaced. -1 when it cannot be had. */
static int
lock(const struct list_cache *c)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof path, "%s.lock", c->path);
	if (n < 0 || (size_t)n >= sizeof path)
		return -1;
	if (!c->named)
		make_parent(path);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	if (fd >= 0 && flock(fd, LOCK_EX) == 0)
		return fd;
	if (c->named)
		say(c, strerror(errno));
	if (fd >= 0)
		close(fd);
	return -1;
}

static json_t *
fresh(void)
{
	return json_pack("{s:s,s:{},s:{}}", "schema", SCHEMA, "tested", "asked");
}

static bool
is_whole(const json_t *root)
{
	const char *schema = json_string_value(json_object_get(root, "schema"));
	return schema != NULL && strcmp(schema, SCHEMA) == 0 &&
	    json_is_object(json_object_get(root, "tested")) &&
	    json_is_object(json_object_get(root, "asked"));
}

/* Never NULL. */
static json_t *
load(const struct list_cache *c)
{
	struct err err = { 0 };
	if (access(c->path, F_OK) != 0)
		return fresh();
	json_t *root = json_read_file(c->path, FILE_MAX, &err);
	if (root != NULL && is_whole(root))
		return root;
	json_decref(root);
	say(c, "is no cache of this program or damaged; it is begun anew");
	return fresh();
}

/* In one piece: jansson itself would make a system call of each word. */
static bool
write_json(const json_t *root, int fd)
{
	char *text = json_dumps(root, JSON_COMPACT | JSON_SORT_KEYS);
	size_t len = text != NULL ? strlen(text) : 0;
	bool written = len > 0 && file_write_all(fd, text, len);
	free(text);
	return written;
}

static void
store(const struct list_cache *c, const json_t *root)
{
	char temp[PATH_MAX];
	/* one name for all: only who holds the lock writes, and what a killed run left is overwritten */
	int n = snprintf(temp, sizeof temp, "%s.new", c->path);
	if (n < 0 || (size_t)n >= sizeof temp)
		return;
	int fd = open(temp, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	bool written = fd >= 0 && write_json(root, fd);
	if (fd >= 0 && close(fd) != 0)
		written = false;
	if (written && rename(temp, c->path) == 0)
		return;
	if (c->named)
		say(c, strerror(errno));
	(void)unlink(temp);
}

static bool
is_fresh(const struct list_cache *c, const json_t *when)
{
	int64_t age = c->now_s - json_integer_value(when);
	return json_is_integer(when) && age >= 0 && age < LIST_CACHE_HOURS * HOUR_S;
}

const char *const *
list_cache_tested(struct list_cache *c, size_t *n)
{
	*n = 0;
	int fd = c->path != NULL && c->lists->n > 0 ? lock(c) : -1;
	if (fd < 0)
		return NULL;
	json_t *root = load(c);
	const json_t *zones = json_object_get(json_object_get(root, "tested"), c->resolver);
	const char **out = arena_array(c->arena, c->lists->n, sizeof *out);
	for (size_t i = LIST_CACHE_CANARIES; i < c->lists->n; i++) {
		const struct list *l = &c->lists->lists[i];
		if (l->impact < LIST_HIGH && is_fresh(c, json_object_get(zones, l->zone)))
			out[(*n)++] = l->zone;
	}
	*n = strset_make(out, *n);
	json_decref(root);
	close(fd);
	return out;
}

static void
today(const struct list_cache *c, char out[16])
{
	time_t t = (time_t)c->now_s;
	struct tm tm;
	if (gmtime_r(&t, &tm) == NULL || strftime(out, 16, "%Y-%m-%d", &tm) == 0)
		out[0] = '\0';
}

static json_int_t
asked_today(const json_t *asked, const char *zone, const char *day)
{
	const json_t *o = json_object_get(asked, zone);
	const char *on = json_string_value(json_object_get(o, "day"));
	json_int_t n = json_integer_value(json_object_get(o, "n"));
	return on != NULL && strcmp(on, day) == 0 && n > 0 ? n : 0;
}

/* Reserves as much as a run of many needs for a while, or what is left. */
static void
reserve(struct list_cache *c, json_t *asked, size_t i, const char *day)
{
	struct list *l = &c->lists->lists[i];
	json_int_t used = asked_today(asked, l->zone, day);
	json_int_t more = (json_int_t)l->budget - used;
	json_int_t wanted = QUESTIONS_OF_TARGET *
	    (json_int_t)(c->n_taken == 0 ? 1 : TARGETS_AT_ONCE);
	if (more > wanted)
		more = wanted;
	if (more < QUESTIONS_OF_TARGET) {
		l->exhausted = true;
		return;
	}
	c->left[i] = (unsigned)more;
	json_object_set_new(asked, l->zone, json_pack("{s:s,s:I}", "day", day, "n", used + more));
}

static bool
needs_reservation(const struct list_cache *c, size_t i)
{
	const struct list *l = &c->lists->lists[i];
	return l->budget > 0 && !l->exhausted && c->left[i] < QUESTIONS_OF_TARGET;
}

static void
reserve_all(struct list_cache *c)
{
	char day[16];
	int fd = c->path != NULL ? lock(c) : -1;
	if (fd < 0)
		return;
	json_t *root = load(c);
	today(c, day);
	for (size_t i = 0; i < c->lists->n; i++)
		if (needs_reservation(c, i))
			reserve(c, json_object_get(root, "asked"), i, day);
	store(c, root);
	json_decref(root);
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
	for (size_t i = 0; i < c->lists->n; i++)
		if (c->left[i] >= QUESTIONS_OF_TARGET)
			c->left[i] -= QUESTIONS_OF_TARGET;
	c->n_taken++;
}

void
list_cache_note(struct list_cache *c, const struct list_view *views, size_t n)
{
	for (size_t i = 0; c->path != NULL && i < n; i++) {
		const struct list_view *v = &views[i];
		if (!v->tested || v->verdict.state == LIST_UNKNOWN || !list_view_leads(views, i))
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

void
list_cache_close(struct list_cache *c)
{
	int fd = c->path != NULL && c->n_good > 0 ? lock(c) : -1;
	if (fd < 0)
		return;
	json_t *root = load(c);
	json_t *tested = json_object_get(root, "tested");
	forget_old(c, tested);
	if (!json_is_object(json_object_get(tested, c->resolver)))
		json_object_set_new(tested, c->resolver, json_object());
	json_t *zones = json_object_get(tested, c->resolver);
	for (size_t i = 0; i < c->n_good; i++)
		json_object_set_new(zones, c->good[i], json_integer(c->now_s));
	store(c, root);
	json_decref(root);
	close(fd);
}
