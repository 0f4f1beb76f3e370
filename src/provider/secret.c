#include "provider/secret_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <jansson.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

static void
free_wiped(void *p)
{
	if (p != NULL)
		explicit_bzero(p, malloc_usable_size(p));
	free(p);
}

void
secret_protect(void)
{
	static bool done;
	if (done)
		return;
	done = true;
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	json_set_alloc_funcs(mem_alloc, free_wiped);
}

char *
secret_dup(const char *text)
{
	return text != NULL ? mem_strdup(text) : NULL;
}

void
secret_free(char *text)
{
	if (text != NULL)
		explicit_bzero(text, strlen(text));
	free(text);
}

void
secret_file_free(struct secret_file *f)
{
	if (f->text != NULL)
		explicit_bzero(f->text, f->len);
	free(f->text);
	*f = (struct secret_file){ 0 };
}

/* One buffer of the largest size: a growing one would leave copies behind. */
static enum err_code
read_all(int fd, struct secret_file *f, const char *path, struct err *err)
{
	f->text = mem_zalloc(SECRET_FILE_MAX + 1, 1);
	for (;;) {
		ssize_t got = read(fd, f->text + f->len, SECRET_FILE_MAX - f->len);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(err, ERR_CONFIG, "%s: %s", path, strerror(errno));
		if (got == 0)
			return ERR_NONE;
		f->len += (size_t)got;
		if (f->len == SECRET_FILE_MAX)
			return err_set(err, ERR_CONFIG, "%s: over the limit of %d bytes", path,
			    SECRET_FILE_MAX);
	}
}

static enum err_code
read_checked(int fd, struct secret_file *f, const char *path, struct err *err)
{
	struct stat st;
	if (fstat(fd, &st) != 0)
		return err_set(err, ERR_CONFIG, "%s: %s", path, strerror(errno));
	if (!S_ISREG(st.st_mode))
		return err_set(err, ERR_CONFIG, "%s: not a file", path);
	if ((st.st_mode & (S_IRWXG | S_IRWXO)) != 0)
		f->exposed_mode = st.st_mode & 07777;
	return read_all(fd, f, path, err);
}

enum err_code
secret_file_read(struct secret_file *f, const char *path, struct err *err)
{
	*f = (struct secret_file){ 0 };
	secret_protect();
	/* not blocking: a fifo in the file's place must not hold the program up */
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		bool absent = errno == ENOENT || errno == ENOTDIR;
		return err_set(err, absent ? ERR_NOINPUT : ERR_CONFIG, "%s: %s", path,
		    strerror(errno));
	}
	enum err_code code = read_checked(fd, f, path, err);
	close(fd);
	if (code != ERR_NONE)
		secret_file_free(f);
	return code;
}
