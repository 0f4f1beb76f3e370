/* The text after DATA, byte by byte. */
#include "smtp/sink_priv.h"

#include "base/buf.h"

/* A byte of the text itself: the state after it. */
static enum sink_text_state
put(struct buf *out, enum sink_text_state before, char c)
{
	buf_putc(out, c);
	if (c == '\r')
		return SINK_TEXT_CR;
	return before == SINK_TEXT_CR && c == '\n' ? SINK_TEXT_START : SINK_TEXT_INSIDE;
}

static enum sink_text_state
take(struct buf *out, enum sink_text_state state, char c, bool *end)
{
	if (state == SINK_TEXT_START && c == '.')
		return SINK_TEXT_DOT;
	if (state == SINK_TEXT_DOT && c == '\r')
		return SINK_TEXT_DOT_CR;
	if (state == SINK_TEXT_DOT_CR) {
		*end = c == '\n';
		if (*end)
			return SINK_TEXT_START;
		buf_putc(out, '\r');
		state = SINK_TEXT_CR;
	}
	return put(out, state, c);
}

size_t
sink_text(enum sink_text_state *state, const char *data, size_t len, struct buf *out, bool *end)
{
	size_t n = 0;
	for (*end = false; n < len && !*end; n++)
		*state = take(out, *state, data[n], end);
	return n;
}
