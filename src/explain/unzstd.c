/* Zstandard through libzstd, piece by piece; its window, and so its memory, is at most 128 MiB. */
#include <stdlib.h>
#include <string.h>
#include <zstd.h>

#include "base/mem.h"
#include "explain/unzstd_priv.h"

enum { PIECE = 256 << 10 };

struct unzstd {
	ZSTD_DStream *stream;
	size_t wanted; /* 0: a frame has ended */
	char piece[PIECE];
};

struct unzstd *
unzstd_new(void)
{
	struct unzstd *u = mem_zalloc(1, sizeof *u);
	u->stream = ZSTD_createDStream();
	if (u->stream == NULL)
		mem_ran_out();
	return u;
}

void
unzstd_free(struct unzstd *u)
{
	if (u == NULL)
		return;
	ZSTD_freeDStream(u->stream);
	free(u);
}

bool
unzstd_is(const char *data, size_t len)
{
	return len >= 4 && memcmp(data, "\x28\xb5\x2f\xfd", 4) == 0;
}

const char *
unzstd_add(struct unzstd *u, const char *data, size_t len,
    bool (*take)(void *arg, const char *data, size_t len), void *arg)
{
	ZSTD_inBuffer in = { .src = data, .size = len };
	bool full = false; /* there may be more to come out of what went in */
	while (in.pos < in.size || full) {
		ZSTD_outBuffer out = { .dst = u->piece, .size = PIECE };
		u->wanted = ZSTD_decompressStream(u->stream, &out, &in);
		if (ZSTD_isError(u->wanted))
			return ZSTD_getErrorName(u->wanted);
		if (out.pos > 0 && !take(arg, u->piece, out.pos))
			return NULL;
		full = out.pos == PIECE && u->wanted != 0; /* at the end of a frame all is out */
	}
	return NULL;
}

bool
unzstd_is_complete(const struct unzstd *u)
{
	return u->wanted == 0;
}
