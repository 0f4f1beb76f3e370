/* Whole small files in memory, bounded; and files that survive a crash of the machine. */
#ifndef MAILREADY_BASE_FILE_H
#define MAILREADY_BASE_FILE_H

#include <stdbool.h>
#include <stddef.h>

#include <stdio.h>
#include <sys/types.h>

#include "base/err.h"

struct buf;
struct stat;

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

/*
 * Makes the directories that lead to path, which is the file itself or ends in "/", as far as they are
 * missing, for the owner alone (0700); false with errno set.
 */
bool file_make_dirs(const char *path);

/* Opens the directory that path is in, to lock or to sync it; -1 with errno set. */
int file_open_dir(const char *path);

/*
 * Brings to disk what the directory that path is in says: only then is a new or renamed file there
 * after a crash, too.  False with errno set.
 */
bool file_sync_dir(const char *path);

/* What a new file is like. */
struct file_kind {
	mode_t mode;             /* less the umask; unused with like */
	const struct stat *like; /* owner, group and mode; NULL: the process's */
	bool may_be_lost;        /* when the machine stops: it is not synced, which takes long */
};

/*
 * Puts a file of this content in the place of path, whole or not at all, also when the machine stops in
 * the middle.  The caller holds a lock against all others who write it: it is made as PATH.mailready-new, and
 * what is there by that name goes.  Returns the new file, open for adding to its end, which the caller closes;
 * -1 when it cannot be made (ERR_CANTCREAT) or written (ERR_IO): then the old file is as it was.
 */
int file_replace(const char *path, const char *data, size_t len, const struct file_kind *kind,
    struct err *err);

#endif
