/* Sets of strings: sorted, each once. */
#include "base/strset.h"

#include <stdlib.h>
#include <string.h>

static int
compare(const void *x, const void *y)
{
	return strcmp(*(const char *const *)x, *(const char *const *)y);
}

size_t
strset_make(const char **list, size_t n)
{
	size_t kept = 0;
	if (n > 1)
		qsort(list, n, sizeof *list, compare);
	for (size_t i = 0; i < n; i++)
		if (kept == 0 || strcmp(list[kept - 1], list[i]) != 0)
			list[kept++] = list[i];
	return kept;
}

bool
strset_has(const char *const *set, size_t n, const char *text)
{
	return n > 0 && bsearch(&text, set, n, sizeof *set, compare) != NULL;
}

bool
strset_equal(const char *const *x, size_t n_x, const char *const *y, size_t n_y)
{
	if (n_x != n_y)
		return false;
	for (size_t i = 0; i < n_x; i++)
		if (strcmp(x[i], y[i]) != 0)
			return false;
	return true;
}
