/* Files with secrets: passwords, keys.  In memory for as short as it can be. */
#ifndef MAILREADY_BASE_SECRET_H
#define MAILREADY_BASE_SECRET_H

#include "base/err.h"

enum { SECRET_LINE_MAX = 1024 };

/*
 * Opens a file that is the user's or root's, and that others may neither read nor write: of root's,
 * its group may read it, for a service to which it is handed over.  ERR_NOINPUT when it cannot be
 * opened, ERR_CONFIG when it is no file, ERR_NOPERM for the rest.
 */
enum err_code secret_open(const char *path, int *fd, struct err *err) MUST_CHECK;

/*
 * The file's first line without its end, 1 to SECRET_LINE_MAX bytes, none of them a control byte.
 * The caller releases it with secret_line_free().  ERR_NOINPUT when the file cannot be opened,
 * ERR_NOPERM when others than its owner and root may read or write it, ERR_CONFIG for all else;
 * the text names the file, and shows nothing of it.
 */
enum err_code secret_line_read(const char *path, char **out, struct err *err) MUST_CHECK;

/* Wipes it; NULL is accepted. */
void secret_line_free(char *secret);

#endif
