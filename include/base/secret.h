/*
 * Secrets: passwords and keys, the files that hold them, copies that are wiped when they are done
 * with, and the guard that keeps them out of core files and other processes' reach.
 */
#ifndef MAILREADY_BASE_SECRET_H
#define MAILREADY_BASE_SECRET_H

#include <stddef.h>

#include "base/err.h"

enum { SECRET_LINE_MAX = 1024, SECRET_FILE_MAX = 256 * 1024 };

/*
 * To be called before the first secret is read; once is enough.  From then on the process leaves
 * no core file and cannot be read by others of the same user (prctl(2), PR_SET_DUMPABLE), and
 * what jansson releases is overwritten, so that secrets may pass through JSON values.
 */
void secret_protect(void);

/* A copy on the heap; NULL gives NULL. */
char *secret_dup(const char *text);

/* free(), once the whole block of memory has been overwritten; NULL is accepted. */
void secret_free(void *secret);

/*
 * Opens a file that is the user's or root's, and that others may neither read nor write: of root's,
 * its group may read it, for a service to which it is handed over.  ERR_NOINPUT when it cannot be
 * opened, ERR_CONFIG when it is not a file, ERR_NOPERM for the rest.
 */
enum err_code secret_open(const char *path, int *fd, struct err *err) MUST_CHECK;

/*
 * The file's first line without its end, 1 to SECRET_LINE_MAX bytes, none of them a control byte.
 * The caller releases it with secret_free().  ERR_NOINPUT when the file cannot be opened,
 * ERR_NOPERM when others than its owner and root may read or write it, ERR_CONFIG for all else;
 * the text names the file, and shows nothing of it.
 */
enum err_code secret_line_read(const char *path, char **out, struct err *err) MUST_CHECK;

/*
 * The same for a URL, of which what is behind its host is the secret: a message may name the host.
 * ERR_CONFIG also when it is not a URL.
 */
enum err_code secret_url_read(const char *path, char **out, struct err *err) MUST_CHECK;
void secret_url_learn(const char *url);

/* A whole file of another program, NUL-terminated: what its mode is, is for the caller to judge. */
struct secret_file {
	char *text;
	size_t len;
	unsigned exposed_mode; /* permission bits when others than the owner may read it, else 0 */
};

/* ERR_NOINPUT when it does not exist, ERR_CONFIG for all else; the text names the file. */
enum err_code secret_file_read(struct secret_file *f, const char *path, struct err *err) MUST_CHECK;
void secret_file_free(struct secret_file *f);

#endif
