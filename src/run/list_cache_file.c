/* The file of the cache: locked, read once as long as nobody else writes it, replaced. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/terminal.h"
#include "run/list_cache_priv.h"

#define SCHEMA "mailready.cache/1"

enum { FILE_MAX = 1 << 20, LOCK_TRIES = 50, LOCK_PAUSE_NS = 100 * 1000 * 1000 };

static void
say(const struct list_cache *c, const char *what)
{
	terminal_say(c->errors, "mailready: %s: %s", c->path, what);
}

/* Others hold it for a moment only; who holds it for longer does not stop a run: it has no cache then. */
static bool
lock_soon(int fd)
{
	const struct timespec pause = { .tv_nsec = LOCK_PAUSE_NS };
	for (int i = 0; flock(fd, LOCK_EX | LOCK_NB) != 0; i++)
		if ((errno != EWOULDBLOCK && errno != EINTR) || i == LOCK_TRIES ||
		    nanosleep(&pause, NULL) != 0)
			return false;
	return true;
}

/* A file beside it, for the file itself is replaced. */
int
list_cache_lock(struct list_cache *c)
{
	char path[PATH_MAX];
	int n = snprintf(path, sizeof path, "%s.lock", c->path);
	if (n < 0 || (size_t)n >= sizeof path)
		return -1;
	if (!c->named)
		(void)file_make_dirs(path);
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd >= 0 && lock_soon(fd))
		return fd;
	if (c->named)
		say(c, strerror(errno));
	if (fd >= 0)
		close(fd);
	c->path = NULL;
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

static bool
is_unchanged(const struct stat *a, const struct stat *b)
{
	return a->st_ino == b->st_ino && a->st_dev == b->st_dev && a->st_size == b->st_size &&
	    a->st_mtim.tv_sec == b->st_mtim.tv_sec && a->st_mtim.tv_nsec == b->st_mtim.tv_nsec;
}

static json_t *
read_anew(const struct list_cache *c)
{
	struct err err = { 0 };
	json_t *root = json_read_file(c->path, FILE_MAX, &err);
	if (root != NULL && is_whole(root))
		return root;
	json_decref(root);
	say(c, "not a cache of this program, or damaged; starting a new one");
	return fresh();
}

json_t *
list_cache_load(struct list_cache *c)
{
	struct stat now;
	bool exists = stat(c->path, &now) == 0;
	if (c->root != NULL && exists && is_unchanged(&now, &c->stamp))
		return c->root;
	json_decref(c->root);
	c->root = exists ? read_anew(c) : fresh();
	c->stamp = exists ? now : (struct stat){ .st_size = -1 };
	return c->root;
}

/* In one piece: jansson itself would make a system call of each word. */
void
list_cache_store(struct list_cache *c)
{
	char *text = json_dumps(c->root, JSON_COMPACT | JSON_SORT_KEYS);
	struct err err = { 0 };
	const struct file_kind kind = { .mode = 0600, .may_be_lost = true };
	int fd = text != NULL ? file_replace(c->path, text, strlen(text), &kind, &err) : -1;
	free(text);
	if (fd < 0 || fstat(fd, &c->stamp) != 0)
		c->stamp.st_size = -1;
	if (fd >= 0)
		close(fd);
	else if (c->named)
		terminal_say(c->errors, "mailready: %s", err.text);
}
