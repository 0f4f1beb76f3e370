/*
 * Secrets in memory: copies that are wiped when they are done with, files that hold them, and the
 * guard that keeps them out of core files and other processes' reach.
 */
#ifndef MAILREADY_PROVIDER_SECRET_PRIV_H
#define MAILREADY_PROVIDER_SECRET_PRIV_H

#include <stddef.h>

#include "base/err.h"

struct provider_session;

enum { SECRET_FILE_MAX = 256 * 1024 };

/*
 * To be called before the first secret is read; once is enough.  From then on the process leaves
 * no core file and cannot be read by others of the same user (prctl(2), PR_SET_DUMPABLE), and
 * what jansson releases is overwritten, so that secrets may pass through JSON values.
 */
void secret_protect(void);

/* A copy on the heap; secret_free() wipes it.  NULL gives NULL. */
char *secret_dup(const char *text);
void secret_free(char *text);

/* A file in memory, NUL-terminated, never copied elsewhere. */
struct secret_file {
	char *text;
	size_t len;
	unsigned exposed_mode; /* permission bits when others than the owner may read it, else 0 */
};

/* ERR_NOINPUT when it does not exist, ERR_CONFIG for all else; the text names the file. */
enum err_code secret_file_read(struct secret_file *f, const char *path, struct err *err) MUST_CHECK;
void secret_file_free(struct secret_file *f);

#endif
