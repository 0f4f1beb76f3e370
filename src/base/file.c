#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
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
