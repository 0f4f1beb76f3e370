/* Whole small files in memory, bounded. */
#ifndef MAILREADY_BASE_FILE_H
#define MAILREADY_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <stdio.h>

#include "base/err.h"

struct buf;

/*
 * Fills out (made with buf_init() by the caller, whose maximum is the limit) with the content of
 * a file.  ERR_NOINPUT when it cannot be opened, ERR_IO when reading fails, ERR_DATA when it is
 * over the limit; the text starts with the path.
 */
enum err_code file_read(const char *path, struct buf *out, struct err *err) MUST_CHECK;

/*
 * Opens an input for reading line by line; "-" is standard input, which the caller must not close.
 * NULL and ERR_NOINPUT when it cannot be opened or is a directory.
 */
FILE *file_open(const char *path, struct err *err);

/* Writes all len bytes, however often the system takes only some; false with errno set. */
bool file_write_all(int fd, const char *data, size_t len);

#endif
