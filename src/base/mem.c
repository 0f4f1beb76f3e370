/* Memory that cannot be had ends the program. */
#include "base/mem.h"

#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sysexits.h>

enum { LARGE = 128 << 10 };

void
mem_return_large(void)
{
#ifdef M_MMAP_THRESHOLD
	(void)mallopt(M_MMAP_THRESHOLD, LARGE);
#endif
}

void
mem_ran_out(void)
{
	fputs("mailready: out of memory\n", stderr);
	exit(EX_SOFTWARE);
}

void *
mem_zalloc(size_t n, size_t size)
{
	/* calloc(0) may answer NULL, which callers would have to tell from a refusal */
	void *p = calloc(n > 0 ? n : 1, size > 0 ? size : 1);
	if (p == NULL)
		mem_ran_out();
	return p;
}

void *
mem_alloc(size_t size)
{
	return mem_realloc(NULL, 1, size);
}

void *
mem_realloc(void *old, size_t n, size_t size)
{
	void *p = reallocarray(old, n > 0 ? n : 1, size > 0 ? size : 1);
	if (p == NULL)
		mem_ran_out();
	return p;
}

char *
mem_strdup(const char *s)
{
	char *copy = strdup(s);
	if (copy == NULL)
		mem_ran_out();
	return copy;
}
