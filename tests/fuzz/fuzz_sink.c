/* SMTP clients of any kind: the sink answers whole lines in bounds, the same however the input is cut. */
#include <assert.h>
#include <string.h>

#include "smtp/sink.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct seen {
	size_t n, recipients, length;
};

static void
take(void *arg, struct sink_delivery *d)
{
	struct seen *seen = arg;
	assert(strlen(d->ehlo) < SINK_LINE_MAX && d->n_recipients <= SINK_RECIPIENTS_MAX);
	assert(d->refused != SINK_NOWHERE || d->sender != NULL);
	seen->n++;
	seen->recipients += d->n_recipients;
	seen->length += d->text.len;
	sink_delivery_free(d);
}

static size_t
talk(const struct sink_options *o, const char *text, size_t size, size_t piece)
{
	size_t said = 0;
	struct sink *s = sink_new(o);
	for (size_t at = 0; at < size; at += piece) {
		sink_input(s, text + at, size - at < piece ? size - at : piece);
		struct buf *out = sink_output(s);
		assert(!out->failed && (out->len == 0 || out->data[out->len - 1] == '\n'));
		said += out->len;
		buf_reset(out);
		if (sink_wants(s) == SINK_WANTS_TLS)
			break; /* the rest would be TLS */
	}
	sink_free(s);
	return said;
}

/* The first byte: where it refuses, and how long the pieces are. */
int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct seen whole = { 0 }, parts = { 0 };
	if (size < 2)
		return 0;
	struct sink_options o = { .name = "sink.example",
		.refuse = (enum sink_stage)(data[0] % (SINK_NOWHERE + 1)),
		.keep = true,
		.delivered = take,
		.arg = &whole };
	const char *text = (const char *)data + 1;
	size_t said = talk(&o, text, size - 1, size);
	o.arg = &parts;
	size_t said_in_parts = talk(&o, text, size - 1, (size_t)data[0] / 8 + 1);
	assert(size > 8192 || said == said_in_parts);
	assert(memcmp(&whole, &parts, sizeof whole) == 0);
	return 0;
}
