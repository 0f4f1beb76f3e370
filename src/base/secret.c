#include "base/secret.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"

/* The file that is open is the one that is judged: a name can be changed in between. */
static enum err_code
check_mode(int fd, const char *path, struct err *err)
{
	struct stat st;
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))
		return err_set(err, ERR_CONFIG, "%s: not a file", path);
	if (st.st_uid != geteuid() && st.st_uid != 0)
		return err_set(err, ERR_NOPERM, "%s: somebody else owns this file with a secret",
		    path);
	/* root's files may have a group: the service's own, given through an access list */
	unsigned forbidden = st.st_uid == 0 && geteuid() != 0 ? S_IWGRP | S_IRWXO :
								S_IRWXG | S_IRWXO;
	if ((st.st_mode & forbidden) != 0)
		return err_set(err, ERR_NOPERM,
		    "%s: others may read or write this file with a secret; run chmod 600 on it",
		    path);
	return ERR_NONE;
}

/* Not blocking: a fifo in the file's place must not hold the program up. */
enum err_code
secret_open(const char *path, int *fd, struct err *err)
{
	*fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (*fd < 0)
		return err_set(err, ERR_NOINPUT, "%s: %s", path, strerror(errno));
	enum err_code code = check_mode(*fd, path, err);
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
		    "%s: expected a secret of 1 to %d bytes in its first line", path,
		    SECRET_LINE_MAX);
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)text[i] < ' ' || text[i] == 0x7f)
			return err_set(err, ERR_CONFIG, "%s: the secret holds a control byte",
			    path);
	return ERR_NONE;
}

/* Room for a line that is too long, so that it is seen to be; a longer rest does not matter. */
enum err_code
secret_line_read(const char *path, char **out, struct err *err)
{
	*out = NULL;
	int fd;
	enum err_code code = secret_open(path, &fd, err);
	if (code != ERR_NONE)
		return code;
	char *text = mem_zalloc(1, SECRET_LINE_MAX + 3);
	if (read(fd, text, SECRET_LINE_MAX + 2) < 0)
		code = err_set(err, ERR_CONFIG, "%s: %s", path, strerror(errno));
	close(fd);
	if (code == ERR_NONE)
		code = take_line(text, path, err);
	if (code != ERR_NONE) {
		explicit_bzero(text, SECRET_LINE_MAX + 3);
		free(text);
		return code;
	}
	*out = text;
	return ERR_NONE;
}

void
secret_line_free(char *secret)
{
	if (secret != NULL)
		explicit_bzero(secret, SECRET_LINE_MAX + 3);
	free(secret);
}
