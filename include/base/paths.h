/* The places of files: the program's own data, and a user's files in XDG directories. */
#ifndef MAILREADY_BASE_PATHS_H
#define MAILREADY_BASE_PATHS_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/*
 * Where a data file is: $MAILREADY_DATA, ../share/mailready beside the program's directory,
 * data/ of the source tree that it was built in, or the compiled-in PREFIX/share/mailready.
 * ERR_CONFIG names the places looked at.
 */
enum err_code data_path(const char *file, char *out, size_t size, struct err *err) MUST_CHECK;

/* Is there something of this name?  Also where it cannot be seen: reading it then says why. */
bool path_exists(const char *path);

/*
 * $VARIABLE/mailready/FILE, or below the home directory; the directory itself for the file "".  False when
 * neither is known.
 */
bool user_path(const char *variable, const char *below_home, const char *file, char *out,
    size_t size);

#endif
