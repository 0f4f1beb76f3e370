/* The file that a report is written to: complete, or not there. */
#include "cli/output.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/safe.h"

enum { LINK_MAX_BYTES = 40, NAME_SUFFIX_MAX = 40, NAME_TRIES_MAX = 100 };

void
output_guard(void)
{
	for (int fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) != -1 || errno != EBADF)
			continue;
		/* read-only: writing to it still fails, as the parent meant it */
		if (open("/dev/null", O_RDONLY) != fd)
			_exit(70);
	}
}

/* Devices, pipes and links are written in place: renaming over them would replace them. */
static bool
is_replaceable(const char *path)
{
	struct stat st;
	return lstat(path, &st) != 0 ? errno == ENOENT : S_ISREG(st.st_mode);
}

/* The base name of what the textfile collector of node_exporter reads, and its length without ".prom". */
static const char *
collected(const char *path, size_t *len)
{
	static const char suffix[] = ".prom";
	const char *slash = strrchr(path, '/'), *name = slash != NULL ? slash + 1 : path;
	size_t whole = strlen(name), end = strlen(suffix);
	bool is = whole > end && strcmp(name + whole - end, suffix) == 0;
	*len = is ? whole - end : 0;
	return is ? name : NULL;
}

const char *
output_collected_name(const char *path, struct arena *a)
{
	size_t len;
	const char *name = path != NULL ? collected(path, &len) : NULL;
	return name != NULL ? safe_text(a, arena_strndup(a, name, len)) : NULL;
}

/* Metrics are not secret, and another user reads them, whatever the umask of who writes them. */
static mode_t
mode_for(const char *path)
{
	struct stat st;
	size_t len;
	if (stat(path, &st) == 0)
		return st.st_mode & 0777;
	if (collected(path, &len) != NULL)
		return 0644;
	mode_t mask = umask(0);
	umask(mask);
	return 0666 & ~mask;
}

static FILE *
stream(int fd, mode_t mode)
{
	FILE *file = fchmod(fd, mode) == 0 ? fdopen(fd, "w") : NULL;
	if (file == NULL)
		close(fd);
	return file;
}

/* The link in /proc is what a nameless file can be named by without privileges (open(2)). */
static void
link_of(int fd, char out[LINK_MAX_BYTES])
{
	snprintf(out, LINK_MAX_BYTES, "/proc/self/fd/%d", fd);
}

/* NULL where the file system, or a missing /proc, does not allow it. */
static FILE *
open_nameless(const struct output *o)
{
	char link[LINK_MAX_BYTES];
	char *path = mem_strdup(o->path);
	int fd = open(dirname(path), O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
	free(path);
	if (fd < 0)
		return NULL;
	link_of(fd, link);
	if (access(link, F_OK) == 0)
		return stream(fd, mode_for(o->path));
	close(fd);
	return NULL;
}

/* A name beside the path; tries are for files that another run of this number has left. */
static int
give_name(struct output *o)
{
	char link[LINK_MAX_BYTES];
	size_t size = strlen(o->path) + NAME_SUFFIX_MAX;
	o->temp = mem_zalloc(size, 1);
	link_of(fileno(o->file), link);
	for (int i = 0; i < NAME_TRIES_MAX; i++) {
		snprintf(o->temp, size, "%s.%ld-%d", o->path, (long)getpid(), i);
		if (linkat(AT_FDCWD, link, AT_FDCWD, o->temp, AT_SYMLINK_FOLLOW) == 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	int why = errno;
	free(o->temp);
	o->temp = NULL;
	return why;
}

static FILE *
open_temp(struct output *o)
{
	static const char suffix[] = ".XXXXXX";
	size_t size = strlen(o->path) + sizeof suffix;
	o->temp = mem_zalloc(size, 1);
	snprintf(o->temp, size, "%s%s", o->path, suffix);
	int fd = mkostemp(o->temp, O_CLOEXEC);
	if (fd < 0)
		return NULL;
	FILE *file = stream(fd, mode_for(o->path));
	if (file == NULL)
		unlink(o->temp);
	return file;
}

static FILE *
open_to_replace(struct output *o)
{
	FILE *file = open_nameless(o);
	o->nameless = file != NULL;
	return file != NULL ? file : open_temp(o);
}

static FILE *
open_in_place(const char *path)
{
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0666);
	if (fd < 0)
		return NULL;
	FILE *file = fdopen(fd, "r+");
	if (file == NULL)
		close(fd);
	return file;
}

static FILE *
open_file(struct output *o, bool in_place)
{
	if (in_place)
		return open_in_place(o->path);
	return is_replaceable(o->path) ? open_to_replace(o) : fopen(o->path, "we");
}

enum err_code
output_open(struct output *o, const char *path, bool in_place, struct err *err)
{
	*o = (struct output){ .file = stdout };
	if (path == NULL || strcmp(path, "-") == 0)
		return ERR_NONE;
	o->path = path;
	o->file = open_file(o, in_place);
	if (o->file != NULL)
		return ERR_NONE;
	int why = errno;
	free(o->temp);
	o->temp = NULL;
	return err_set(err, ERR_CANTCREAT, "%s: cannot be written: %s", path, strerror(why));
}

/* Both flush and close can be the first to tell of a full disk. */
static int
close_file(struct output *o, bool keep)
{
	errno = 0;
	int why = fflush(o->file) != 0 || ferror(o->file) ? errno : 0;
	if (why == 0 && ferror(o->file))
		why = EIO;
	if (o->file == stdout)
		return why;
	if (o->nameless && keep && why == 0)
		why = give_name(o);
	if (fclose(o->file) != 0 && why == 0)
		why = errno;
	return why;
}

enum err_code
output_close(struct output *o, struct err *err)
{
	bool keep = err->code == ERR_NONE;
	int why = close_file(o, keep);
	if (o->temp != NULL && (!keep || why != 0))
		unlink(o->temp);
	else if (o->temp != NULL && rename(o->temp, o->path) != 0) {
		why = errno;
		unlink(o->temp);
	}
	free(o->temp);
	o->temp = NULL;
	if (why == 0 || !keep)
		return err->code;
	return err_set(err, ERR_IO, "%s: writing failed: %s",
	    o->path != NULL ? o->path : "standard output", strerror(why));
}
