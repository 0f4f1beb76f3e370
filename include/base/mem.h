/*
 * Memory that cannot be had ends the program: callers have no error branch for it.
 * Every function prints "mailready: out of memory" to standard error and exits 70 (EX_SOFTWARE)
 * when the system refuses, and never returns NULL.
 */
#ifndef MAILREADY_BASE_MEM_H
#define MAILREADY_BASE_MEM_H

#include <stddef.h>

/*
 * From now on what is large goes back to the system when it is freed.  glibc else learns to keep it,
 * small pieces settle in it, and a long run grows.
 */
void mem_return_large(void);

/* Zeroed memory for n elements of size bytes; the caller frees it.  n * size is overflow-checked. */
void *mem_zalloc(size_t n, size_t size);

/* malloc(), for libraries that take such a function; not zeroed. */
void *mem_alloc(size_t size);

/* realloc() for n elements of size bytes; the old pointer is gone afterwards. */
void *mem_realloc(void *old, size_t n, size_t size);

/* For what a library could not do for want of memory: ends the program as above. */
_Noreturn void mem_ran_out(void);

/* A copy of a string; the caller frees it. */
char *mem_strdup(const char *s);

#endif
