/* A directory of its own for a test. */
#include "own_dir.h"

#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { OPEN_DIRS = 8 }; /* descriptors that nftw() may use */

int
own_dir_enter(void **state)
{
	static char dir[64];
	snprintf(dir, sizeof dir, "/tmp/test_dir.XXXXXX");
	*state = dir;
	return mkdtemp(dir) != NULL && chdir(dir) == 0 ? 0 : -1;
}

static int
take_away(const char *path, const struct stat *st, int type, struct FTW *at)
{
	(void)st, (void)type, (void)at;
	return remove(path);
}

int
own_dir_leave(void **state)
{
	return chdir("/") == 0 ? nftw(*state, take_away, OPEN_DIRS, FTW_DEPTH | FTW_PHYS) : -1;
}
