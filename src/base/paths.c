/* Where the program finds its data, and the files of its user. */
#include "base/paths.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* The directory of the running program, without a final slash; "" when the system does not say. */
static void
program_dir(char out[PATH_MAX])
{
	ssize_t n = readlink("/proc/self/exe", out, PATH_MAX - 1);

	out[n > 0 ? n : 0] = '\0';
	char *slash = strrchr(out, '/');
	if (slash != NULL)
		*slash = '\0';
}

static bool
readable(const char *dir, const char *below, const char *file, char *out, size_t size)
{
	int n = snprintf(out, size, "%s%s/%s", dir, below, file);

	return n > 0 && (size_t)n < size && access(out, R_OK) == 0;
}

enum err_code
data_path(const char *file, char *out, size_t size, struct err *err)
{
	const char *named = getenv("MAILREADY_DATA");
	char beside[PATH_MAX];

	/* a directory that the user names is the only one looked at: no silent second choice */
	if (named != NULL && *named != '\0') {
		if (readable(named, "", file, out, size))
			return ERR_NONE;
		return err_set(err, ERR_CONFIG, "%s/%s: %s (MAILREADY_DATA names that directory)",
		    named, file, strerror(errno));
	}
	program_dir(beside);
	if (readable(beside, "/../share/mailready", file, out, size) ||
	    readable(beside, "/../../data", file, out, size) ||
	    readable(MAILREADY_DATADIR, "", file, out, size))
		return ERR_NONE;
	return err_set(err, ERR_CONFIG,
	    "data file %s not found in %s/../share/mailready, %s/../../data or %s; set "
	    "MAILREADY_DATA",
	    file, beside, beside, MAILREADY_DATADIR);
}

bool
path_exists(const char *path)
{
	return access(path, F_OK) == 0 || errno == EACCES;
}

static bool
in_dir(const char *dir, const char *below, const char *file, char *out, size_t size)
{
	const char *slash = file[0] != '\0' ? "/" : "";
	int n = snprintf(out, size, "%s%s/mailready%s%s", dir, below, slash, file);
	return n > 0 && (size_t)n < size;
}

bool
user_path(const char *variable, const char *below_home, const char *file, char *out, size_t size)
{
	const char *xdg = getenv(variable), *home = getenv("HOME");
	/* the specification has relative paths ignored */
	if (xdg != NULL && xdg[0] == '/')
		return in_dir(xdg, "", file, out, size);
	return home != NULL && home[0] == '/' && in_dir(home, below_home, file, out, size);
}
