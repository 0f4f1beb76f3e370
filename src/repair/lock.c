/*
 * One run at a time changes an address: two of them would each read, compare and write between the other's
 * steps, and of two journals neither could be undone to what was there before both.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/file.h"
#include "base/paths.h"
#include "repair/repair_priv.h"

const char *
repair_state_dir(struct arena *a)
{
	char dir[PATH_MAX];
	return user_path("XDG_STATE_HOME", "/.local/state", "", dir, sizeof dir) ?
	    arena_strdup(a, dir) :
	    NULL;
}

/* "process 4711", or "another process" where it has not written its number yet. */
static const char *
holder(int fd, struct arena *a)
{
	char text[16] = "";
	ssize_t n = pread(fd, text, sizeof text - 1, 0);
	long pid = n > 0 ? strtol(text, NULL, 10) : 0;
	return pid > 0 ? arena_printf(a, "process %ld", pid) : "another process";
}

/* Who waits for the lock shall know whom to ask; that it cannot be written changes nothing. */
static void
sign(int fd)
{
	char text[16];
	int len = snprintf(text, sizeof text, "%ld\n", (long)getpid());
	if (ftruncate(fd, 0) == 0)
		(void)file_write_all(fd, text, (size_t)len);
}

static enum err_code
wait_for_it(struct one *one)
{
	const struct world *w = &one->repair->world;
	uint64_t pace = PACE_FIRST_US;
	while (flock(one->lock_fd, LOCK_EX | LOCK_NB) != 0) {
		if (errno != EWOULDBLOCK)
			return err_set(&one->err, ERR_CANTCREAT, "%s cannot be locked: %s",
			    one->target.address, strerror(errno));
		const char *who = holder(one->lock_fd, &one->arena);
		w->progress(w->arg,
		    arena_printf(&one->arena, "another run (%s) changes %s; waiting for its end",
			who, one->target.address));
		if (!pace_wait(w, &pace, 0, one->deadline_us))
			return err_set(&one->err, ERR_TEMP,
			    "%s: another run of mailready (%s) is changing it, and the time is up; "
			    "try "
			    "again when it has ended",
			    one->target.address, who);
	}
	return ERR_NONE;
}

enum err_code
one_lock(struct one *one)
{
	const char *dir = repair_state_dir(&one->arena);
	if (dir == NULL)
		dir = one->repair->options->journal_dir;
	if (dir == NULL)
		return ERR_NONE; /* an undo of a journal that somebody named: nobody else is looked for */
	const char *path = arena_printf(&one->arena, "%s/%s.lock", dir, one->target.address);
	if (file_make_dirs(path))
		one->lock_fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (one->lock_fd < 0)
		return err_set(&one->err, ERR_CANTCREAT, "%s: the lock cannot be created: %s", path,
		    strerror(errno));
	if (wait_for_it(one) != ERR_NONE)
		return one->err.code;
	sign(one->lock_fd);
	return ERR_NONE;
}

void
one_unlock(struct one *one)
{
	if (one->lock_fd >= 0)
		close(one->lock_fd);
	one->lock_fd = -1;
}
