/* Sets of strings: plain arrays of borrowed pointers, sorted by bytes, each string once. */
#ifndef MAILREADY_BASE_STRSET_H
#define MAILREADY_BASE_STRSET_H

#include <stdbool.h>
#include <stddef.h>

/* Makes a set of any array, in place; how many are left. */
size_t strset_make(const char **list, size_t n);

bool strset_has(const char *const *set, size_t n, const char *text);

bool strset_equal(const char *const *x, size_t n_x, const char *const *y, size_t n_y);

#endif
