/* Whole small files: read, written, replaced. */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"

/* Reads to the end instead of asking for the size: pipes and /dev/stdin have none. */
static enum err_code
read_all(int fd, const char *path, struct buf *out, struct err *err)
{
	for (;;) {
		char chunk[8192];
		ssize_t got = read(fd, chunk, sizeof chunk);
		if (got == 0)
			return ERR_NONE;
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(err, errno == EISDIR ? ERR_NOINPUT : ERR_IO, "%s: %s", path,
			    strerror(errno));
		buf_add(out, chunk, (size_t)got);
		if (out->failed)
			return err_set(err, ERR_DATA, "%s: over the limit of %zu bytes", path,
			    out->max);
	}
}

enum err_code
file_read(const char *path, struct buf *out, struct err *err)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return err_set(err, ERR_NOINPUT, "%s: %s", path, strerror(errno));
	enum err_code code = read_all(fd, path, out, err);
	close(fd);
	return code;
}

FILE *
file_open(const char *path, struct err *err)
{
	struct stat st;
	FILE *f = strcmp(path, "-") == 0 ? stdin : fopen(path, "re");
	if (f != NULL && (fstat(fileno(f), &st) != 0 || !S_ISDIR(st.st_mode)))
		return f;
	if (f != NULL) {
		if (f != stdin)
			fclose(f);
		errno = EISDIR;
	}
	(void)err_set(err, ERR_NOINPUT, "%s: %s", strcmp(path, "-") == 0 ? "standard input" : path,
	    strerror(errno));
	return NULL;
}

bool
file_write_all(int fd, const char *data, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, data, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return false;
		data += n;
		len -= (size_t)n;
	}
	return true;
}

/* One that is there is not always said to be: on what is read-only, for one. */
static bool
make_dir(const char *dir)
{
	if (mkdir(dir, 0700) == 0 || errno == EEXIST)
		return true;
	int why = errno;
	bool exists = access(dir, F_OK) == 0;
	errno = why;
	return exists;
}

bool
file_make_dirs(const char *path)
{
	char dir[PATH_MAX];

	if (strlen(path) >= sizeof dir) {
		errno = ENAMETOOLONG;
		return false;
	}
	memcpy(dir, path, strlen(path) + 1);
	for (char *slash = dir; (slash = strchr(slash + 1, '/')) != NULL; *slash = '/') {
		*slash = '\0';
		if (!make_dir(dir))
			return false;
	}
	return true;
}

int
file_open_dir(const char *path)
{
	char dir[PATH_MAX];
	const char *slash = strrchr(path, '/');
	size_t len = slash == NULL ? 0 : (size_t)(slash - path) + 1;

	if (len >= sizeof dir) {
		errno = ENAMETOOLONG;
		return -1;
	}
	memcpy(dir, path, len);
	dir[len] = '\0';
	return open(len > 0 ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

bool
file_sync_dir(const char *path)
{
	int fd = file_open_dir(path);
	if (fd < 0)
		return false;
	bool synced = fsync(fd) == 0 || errno == EINVAL; /* EINVAL: it cannot be, and need not */
	int why = errno;
	close(fd);
	errno = why;
	return synced;
}

/* The owner first: changing it takes away bits of the mode. */
static bool
make_alike(int fd, const struct stat *like)
{
	return like == NULL ||
	    (fchown(fd, like->st_uid, like->st_gid) == 0 && fchmod(fd, like->st_mode & 07777) == 0);
}

static int
replace_error(const char *path, enum err_code code, struct err *err)
{
	(void)err_set(err, code, "%s: %s", path, strerror(errno));
	return -1;
}

int
file_replace(const char *path, const char *data, size_t len, const struct file_kind *kind,
    struct err *err)
{
	char fresh[PATH_MAX];
	int n = snprintf(fresh, sizeof fresh, "%s.mailready-new", path);

	if (n < 0 || (size_t)n >= sizeof fresh) {
		errno = ENAMETOOLONG;
		return replace_error(path, ERR_CANTCREAT, err);
	}
	/* what a killed run left, or somebody has put there for us to write through */
	(void)unlink(fresh);
	int fd = open(fresh, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC, kind->mode);
	if (fd < 0)
		return replace_error(path, ERR_CANTCREAT, err);
	bool sync = !kind->may_be_lost;
	if (file_write_all(fd, data, len) && make_alike(fd, kind->like) &&
	    (!sync || fsync(fd) == 0) && rename(fresh, path) == 0 && (!sync || file_sync_dir(path)))
		return fd;
	(void)replace_error(path, ERR_IO, err);
	close(fd);
	(void)unlink(fresh);
	return -1;
}
