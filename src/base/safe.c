/* Untrusted text made safe for terminals, logs and JSON. */
#include "base/safe.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/utf8.h"

enum {
	SAFE_TEXT_MAX = 1024,
	PIECE_MAX = 16, /* one escape or character: "\u{10ffff}" and NUL */
};

static const char more[] = "...";

/* Characters that act on a terminal or on reading order, or that are not seen at all. */
static const struct {
	uint32_t first, last;
} unseen[] = {
	{ 0x80, 0x9f },       /* C1 controls: U+009B starts an escape sequence */
	{ 0xad, 0xad },       /* soft hyphen */
	{ 0x61c, 0x61c },     /* Arabic letter mark (bidi) */
	{ 0x180e, 0x180e },   /* Mongolian vowel separator */
	{ 0x200b, 0x200f },   /* zero-width characters and bidi marks */
	{ 0x2028, 0x202e },   /* line and paragraph separators, bidi overrides */
	{ 0x2060, 0x206f },   /* word joiner, invisible operators, bidi isolates */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xfff9, 0xfffb },   /* interlinear annotation */
	{ 0xe0000, 0xe0fff }, /* tags */
};

static bool
is_unseen(uint32_t c)
{
	for (size_t i = 0; i < sizeof unseen / sizeof unseen[0]; i++) {
		if (c >= unseen[i].first && c <= unseen[i].last)
			return true;
	}
	return false;
}

/* Writes what stands for the first character or bad byte of p; returns how many bytes it took. */
static size_t
piece_of(const unsigned char *p, size_t len, char piece[PIECE_MAX])
{
	uint32_t c;
	size_t n = utf8_decode(p, len, &c);
	if (n == 0 || c < 0x20 || c == 0x7f) {
		snprintf(piece, PIECE_MAX, "\\x%02x", p[0]);
		return 1;
	}
	if (is_unseen(c)) {
		snprintf(piece, PIECE_MAX, "\\u{%04x}", (unsigned)c);
		return n;
	}
	memcpy(piece, p, n);
	piece[n] = '\0';
	return n;
}

/* How many bytes from here on are printable ASCII, which nearly all text is. */
static size_t
plain_len(const unsigned char *p, size_t len)
{
	size_t n = 0;
	while (n < len && p[n] >= 0x20 && p[n] < 0x7f)
		n++;
	return n;
}

/*
 * What is left of the text, when it takes no more than the dots would: so that a text that was cut
 * stays as it is when it is made safe again.
 */
static bool
add_rest(struct buf *out, const unsigned char *p, size_t len, size_t room)
{
	struct buf rest;
	buf_init(&rest, room + strlen(more));
	for (size_t i = 0; i < len && !rest.failed;) {
		char piece[PIECE_MAX];
		i += piece_of(p + i, len - i, piece);
		buf_puts(&rest, piece);
	}
	bool fits = !rest.failed;
	if (fits)
		buf_add(out, rest.data, rest.len);
	buf_fini(&rest);
	return fits;
}

void
safe_add(struct buf *out, const char *text, size_t len, size_t max_out)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t room = max_out;
	for (size_t i = 0; i < len;) {
		size_t plain = plain_len(p + i, len - i);
		if (plain > room)
			plain = room;
		buf_add(out, p + i, plain);
		room -= plain;
		i += plain;
		if (i == len)
			break;
		char piece[PIECE_MAX];
		size_t took = piece_of(p + i, len - i, piece);
		size_t piece_len = strlen(piece);
		if (piece_len > room) {
			if (!add_rest(out, p + i, len - i, room))
				buf_puts(out, more);
			return;
		}
		i += took;
		buf_add(out, piece, piece_len);
		room -= piece_len;
	}
}

const char *
safe_text(struct arena *a, const char *text)
{
	size_t len = strlen(text);
	if (len <= SAFE_TEXT_MAX && plain_len((const unsigned char *)text, len) == len)
		return arena_strndup(a, text, len);
	const char *const items[] = { text };
	return safe_join(a, items, 1, "");
}

const char *
safe_join(struct arena *a, const char *const *items, size_t n, const char *separator)
{
	struct buf joined;
	buf_init(&joined, n * (SAFE_TEXT_MAX + sizeof more + strlen(separator)));
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_puts(&joined, separator);
		safe_add(&joined, items[i], strlen(items[i]), SAFE_TEXT_MAX);
	}
	const char *text = arena_strndup(a, joined.data, joined.len);
	buf_fini(&joined);
	return text;
}
