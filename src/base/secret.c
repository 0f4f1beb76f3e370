/* Secrets: the files that hold them, and memory that is wiped. */
#include "base/secret.h"

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

#include "base/hide.h"
#include "base/mem.h"

void
secret_protect(void)
{
	static bool done;
	if (done)
		return;
	done = true;
	prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
	json_set_alloc_funcs(mem_alloc, secret_free);
}

char *
secret_dup(const char *text)
{
	return text != NULL ? mem_strdup(text) : NULL;
}

void
secret_free(void *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, malloc_usable_size(secret));
	free(secret);
}

/*
 * Not blocking: a fifo in the file's place must not hold the program up.  The file that is open is
 * the one that is judged: a name can be changed in between.  errno says why it cannot be opened, too.
 */
static enum err_code
open_file(const char *path, int *fd, struct stat *st, struct err *err)
{
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (*fd < 0) {
		int why = errno;
		err_set(err, ERR_NOINPUT, "%s: %s", path, strerror(why));
		errno = why;
		return ERR_NOINPUT;
	}
	if (fstat(*fd, st) == 0 && S_ISREG(st->st_mode))
		return ERR_NONE;
	close(*fd);
	return err_set(err, ERR_CONFIG, "%s: not a file", path);
}

/*
 * The rights of others.  root's files may have a group: the service's own, given through an access
 * list.
 */
static unsigned
rights_of_others(const struct stat *st)
{
	unsigned of_group = st->st_uid == 0 && geteuid() != 0 ? S_IWGRP : S_IRWXG;
	return st->st_mode & (of_group | S_IRWXO);
}

enum err_code
secret_open(const char *path, int *fd, struct err *err)
{
	struct stat st;
	enum err_code code = open_file(path, fd, &st, err);
	if (code != ERR_NONE)
		return code;
	if (st.st_uid != geteuid() && st.st_uid != 0)
		code = err_set(err, ERR_NOPERM,
		    "%s: this file holds a secret, but somebody else owns it", path);
	else if (rights_of_others(&st) != 0)
		code = err_set(err, ERR_NOPERM,
		    "%s: this file holds a secret, but others may read or write it; run chmod 600 "
		    "on it",
		    path);
	if (code != ERR_NONE)
		close(*fd);
	return code;
}

static enum err_code
take_line(char *text, const char *path, struct err *err)
{
	size_t len = strcspn(text, "\r\n");
	text[len] = '\0';
	if (len == 0 || len > SECRET_LINE_MAX)
		return err_set(err, ERR_CONFIG,
		    "%s: expected a secret of 1 to %d bytes in the first line", path,
		    SECRET_LINE_MAX);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return err_set(err, ERR_CONFIG, "%s: the secret contains a control byte",
			    path);
	return ERR_NONE;
}

/* Room for a line that is too long, so that it is seen to be; a longer rest does not matter. */
static enum err_code
read_line(const char *path, char **out, struct err *err)
{
	*out = NULL;
	int fd;
	secret_protect();
	enum err_code code = secret_open(path, &fd, err);
	if (code != ERR_NONE)
		return code;
	char *text = mem_zalloc(1, SECRET_LINE_MAX + 3);
	if (read(fd, text, SECRET_LINE_MAX + 2) < 0)
		code = err_set(err, ERR_CONFIG, "%s: %s", path, strerror(errno));
	close(fd);
	if (code == ERR_NONE)
		code = take_line(text, path, err);
	if (code == ERR_NONE)
		*out = text;
	else
		secret_free(text);
	return code;
}

enum err_code
secret_line_read(const char *path, char **out, struct err *err)
{
	if (read_line(path, out, err) == ERR_NONE)
		hide_learn(*out);
	return *out != NULL ? ERR_NONE : err->code;
}

void
secret_url_learn(const char *url)
{
	const char *host = strstr(url, "://");
	const char *path = host != NULL ? strchr(host + 3, '/') : NULL;
	hide_learn(path);
}

enum err_code
secret_url_read(const char *path, char **out, struct err *err)
{
	if (read_line(path, out, err) != ERR_NONE)
		return err->code;
	if (strstr(*out, "://") != NULL) {
		secret_url_learn(*out);
		return ERR_NONE;
	}
	secret_free(*out);
	*out = NULL;
	return err_set(err, ERR_CONFIG, "%s: its first line is not a URL", path);
}

/* One buffer of the largest size: a growing one would leave copies in memory. */
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

enum err_code
secret_file_read(struct secret_file *f, const char *path, struct err *err)
{
	*f = (struct secret_file){ 0 };
	int fd;
	struct stat st;
	secret_protect();
	enum err_code code = open_file(path, &fd, &st, err);
	if (code == ERR_NOINPUT && errno != ENOENT && errno != ENOTDIR)
		return err->code = ERR_CONFIG;
	if (code != ERR_NONE)
		return code;
	if (rights_of_others(&st) != 0)
		f->exposed_mode = st.st_mode & 07777;
	code = read_all(fd, f, path, err);
	close(fd);
	if (code != ERR_NONE)
		secret_file_free(f);
	return code;
}

void
secret_file_free(struct secret_file *f)
{
	secret_free(f->text);
	*f = (struct secret_file){ 0 };
}
