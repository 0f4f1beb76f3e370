/*
 * Growing byte buffer that declares its maximum.  Errors are sticky: what would exceed the
 * maximum is not added, failed is set, and every later addition does nothing, so that a writer is
 * straight-line code with one check at its end.  data is always NUL-terminated.
 */
#ifndef MAILREADY_BASE_BUF_H
#define MAILREADY_BASE_BUF_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

struct buf {
	char *data; /* never NULL */
	size_t len; /* without the final NUL */
	size_t cap;
	size_t max; /* len never exceeds it */
	bool failed;
};

void buf_init(struct buf *b, size_t max);
void buf_fini(struct buf *b);

/* Forgets the content and the error, keeps the memory. */
void buf_reset(struct buf *b);

/* Takes it back to an earlier length, and forgets the error. */
void buf_cut(struct buf *b, size_t len);

/* Adds len bytes for the caller to fill, before the next addition; NULL when they do not fit. */
char *buf_room(struct buf *b, size_t len);

void buf_add(struct buf *b, const void *data, size_t len);
void buf_putc(struct buf *b, char c);
void buf_puts(struct buf *b, const char *s);
void buf_printf(struct buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void buf_vprintf(struct buf *b, const char *fmt, va_list ap) __attribute__((format(printf, 2, 0)));

#endif
