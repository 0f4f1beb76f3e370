/* Growing byte buffer with a declared maximum. */
#include "base/buf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { BUF_MIN = 64 };

void
buf_init(struct buf *b, size_t max)
{
	/* never more than the maximum, so that what the memory has room for is allowed */
	size_t cap = max < BUF_MIN ? max + 1 : BUF_MIN;
	*b = (struct buf){ .data = mem_zalloc(cap, 1), .cap = cap, .max = max };
}

void
buf_fini(struct buf *b)
{
	free(b->data);
	*b = (struct buf){ 0 };
}

void
buf_cut(struct buf *b, size_t len)
{
	b->len = len;
	b->data[len] = '\0';
	b->failed = false;
}

void
buf_reset(struct buf *b)
{
	buf_cut(b, 0);
}

static bool
grow(struct buf *b, size_t len)
{
	if (b->failed || len > b->max - b->len) {
		b->failed = true;
		return false;
	}
	/* doubling keeps many small additions linear; near the maximum it takes all that is left */
	size_t cap = b->cap;
	while (cap - b->len <= len && cap <= b->max / 2)
		cap *= 2;
	if (cap - b->len <= len)
		cap = b->max + 1;
	b->data = mem_realloc(b->data, cap, 1);
	b->cap = cap;
	return true;
}

/* Room for len more bytes and the NUL, or the sticky error. */
static bool
reserve(struct buf *b, size_t len)
{
	return (!b->failed && b->cap - b->len > len) || grow(b, len);
}

char *
buf_room(struct buf *b, size_t len)
{
	if (!reserve(b, len))
		return NULL;
	char *room = b->data + b->len;
	b->len += len;
	b->data[b->len] = '\0';
	return room;
}

void
buf_add(struct buf *b, const void *data, size_t len)
{
	char *room = buf_room(b, len);
	if (room != NULL && len > 0)
		memcpy(room, data, len);
}

void
buf_putc(struct buf *b, char c)
{
	buf_add(b, &c, 1);
}

void
buf_puts(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap;
	va_start(ap, fmt);
	buf_vprintf(b, fmt, ap);
	va_end(ap);
}

void
buf_vprintf(struct buf *b, const char *fmt, va_list ap)
{
	/* a text that would only fit in part is not added at all */
	if (b->failed)
		return;
	va_list again;
	va_copy(again, ap);
	size_t room = b->cap - b->len;
	int len = vsnprintf(b->data + b->len, room, fmt, ap);
	if (len < 0 || !reserve(b, (size_t)len)) {
		b->failed = true;
		b->data[b->len] = '\0';
	} else {
		if ((size_t)len >= room)
			vsnprintf(b->data + b->len, (size_t)len + 1, fmt, again);
		b->len += (size_t)len;
	}
	va_end(again);
}
