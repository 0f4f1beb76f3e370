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
	SAFE_NAME_MAX = 255,
	MORE_MAX = 40,  /* " and 18446744073709551615 more" */
	PIECE_MAX = 16, /* one escape or character: "\u{10ffff}" and NUL */
};

static const char more[] = "...";

struct range {
	uint32_t first, last;
};

/* Characters that act on a terminal or on reading order, or that are not seen at all. */
static const struct range unseen[] = {
	{ 0x80, 0x9f },       /* C1 controls: U+009B starts an escape sequence */
	{ 0xad, 0xad },       /* soft hyphen */
	{ 0x34f, 0x34f },     /* combining grapheme joiner */
	{ 0x61c, 0x61c },     /* Arabic letter mark (bidi) */
	{ 0x115f, 0x1160 },   /* Hangul fillers */
	{ 0x17b4, 0x17b5 },   /* Khmer inherent vowels */
	{ 0x180b, 0x180f },   /* Mongolian variation selectors and vowel separator */
	{ 0x200b, 0x200f },   /* zero-width characters and bidi marks */
	{ 0x2028, 0x202e },   /* line and paragraph separators, bidi overrides */
	{ 0x2060, 0x206f },   /* word joiner, invisible operators, bidi isolates */
	{ 0x2800, 0x2800 },   /* Braille pattern blank */
	{ 0x3164, 0x3164 },   /* Hangul filler */
	{ 0xfe00, 0xfe0f },   /* variation selectors */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xffa0, 0xffa0 },   /* halfwidth Hangul filler */
	{ 0xfff9, 0xfffb },   /* interlinear annotation */
	{ 0xe0000, 0xe0fff }, /* tags, more variation selectors */
};

/* Marks that stand above or below the character before them: a tower of them is not writing. */
static const struct range marks[] = {
	{ 0x300, 0x36f },   /* combining diacritical marks */
	{ 0x483, 0x489 },   /* Cyrillic */
	{ 0x591, 0x5bd },   /* Hebrew */
	{ 0x610, 0x61a },   /* Arabic */
	{ 0x64b, 0x65f },   /* Arabic */
	{ 0x6d6, 0x6dc },   /* Arabic */
	{ 0xe31, 0xe31 },   /* Thai */
	{ 0xe34, 0xe3a },   /* Thai */
	{ 0xe47, 0xe4e },   /* Thai */
	{ 0xeb1, 0xebc },   /* Lao */
	{ 0xec8, 0xece },   /* Lao */
	{ 0xf71, 0xf84 },   /* Tibetan */
	{ 0x1ab0, 0x1aff }, /* combining diacritical marks extended */
	{ 0x1dc0, 0x1dff }, /* combining diacritical marks supplement */
	{ 0x20d0, 0x20ff }, /* combining marks for symbols */
	{ 0xfe20, 0xfe2f }, /* combining half marks */
};
enum { MARKS_MAX = 4 /* in a row */ };

static bool
is_in(const struct range *ranges, size_t n, uint32_t c)
{
	for (size_t i = 0; i < n; i++) {
		if (c >= ranges[i].first && c <= ranges[i].last)
			return true;
	}
	return false;
}

/* Counts on the marks that stand right before c, and itself. */
static bool
is_unsafe(uint32_t c, unsigned *n_marks)
{
	*n_marks = is_in(marks, sizeof marks / sizeof marks[0], c) ? *n_marks + 1 : 0;
	return *n_marks > MARKS_MAX || is_in(unseen, sizeof unseen / sizeof unseen[0], c);
}

/*
 * Writes what stands for the first character or bad byte of p; returns how many bytes it took.
 * n_marks: marks that stand right before it, and then those up to its end.
 */
static size_t
piece_of(const unsigned char *p, size_t len, unsigned *n_marks, char piece[PIECE_MAX])
{
	uint32_t c;
	size_t n = utf8_decode(p, len, &c);
	if (n == 0 || c < 0x20 || c == 0x7f) {
		*n_marks = 0;
		snprintf(piece, PIECE_MAX, "\\x%02x", p[0]);
		return 1;
	}
	if (is_unsafe(c, n_marks)) {
		snprintf(piece, PIECE_MAX, "\\u{%04x}", (unsigned)c);
		return n;
	}
	memcpy(piece, p, n);
	piece[n] = '\0';
	return n;
}

/* How many bytes from here on are printable ASCII, which nearly all text is: eight at once, then one by one. */
static size_t
plain_len(const unsigned char *p, size_t len)
{
	static const uint64_t low = UINT64_C(0x0101010101010101);
	uint64_t eight;
	size_t n = 0;
	for (; len - n >= sizeof eight; n += sizeof eight) {
		memcpy(&eight, p + n, sizeof eight);
		/* a high bit for each byte below ' ', and above '~' */
		if (((eight - ' ' * low) | (eight + low) | eight) & 0x80 * low)
			break;
	}
	while (n < len && p[n] >= 0x20 && p[n] < 0x7f)
		n++;
	return n;
}

/*
 * What is left of the text, when it takes no more than the dots would: so that a text that was cut
 * stays as it is when it is made safe again.
 */
static bool
add_rest(struct buf *out, const unsigned char *p, size_t len, unsigned n_marks, size_t room)
{
	struct buf rest;
	buf_init(&rest, room + strlen(more));
	for (size_t i = 0; i < len && !rest.failed;) {
		char piece[PIECE_MAX];
		i += piece_of(p + i, len - i, &n_marks, piece);
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
	unsigned n_marks = 0;
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
		if (plain > 0)
			n_marks = 0;
		unsigned before = n_marks;
		size_t took = piece_of(p + i, len - i, &n_marks, piece);
		size_t piece_len = strlen(piece);
		if (piece_len > room) {
			if (!add_rest(out, p + i, len - i, before, room))
				buf_puts(out, more);
			return;
		}
		i += took;
		buf_add(out, piece, piece_len);
		room -= piece_len;
	}
}

/* RFC 8259 section 7: in UTF-16, so that what is beyond U+FFFF takes two. */
static void
put_json_escape(struct buf *out, uint32_t c)
{
	if (c > 0xffff) {
		buf_printf(out, "\\u%04x", (unsigned)(0xd800 + ((c - 0x10000) >> 10)));
		c = 0xdc00 + (c & 0x3ff);
	}
	buf_printf(out, "\\u%04x", (unsigned)c);
}

void
safe_add_json(struct buf *out, const char *json, size_t len)
{
	const unsigned char *p = (const unsigned char *)json;
	unsigned n_marks = 0;

	for (size_t i = 0, n; i < len; i += n) {
		uint32_t c;
		n = plain_len(p + i, len - i);
		buf_add(out, p + i, n);
		if (n > 0) {
			n_marks = 0;
			continue;
		}
		n = utf8_decode(p + i, len - i, &c);
		if (n == 0 || c < 0x20) {
			n = 1;
			buf_putc(out, ' ');
		} else if (c == 0x7f || is_unsafe(c, &n_marks)) {
			put_json_escape(out, c);
		} else {
			buf_add(out, p + i, n);
		}
	}
}

static const char *
kept(struct arena *a, struct buf *text)
{
	const char *out = arena_strndup(a, text->data, text->len);

	buf_fini(text);
	return out;
}

/* The safe form of at most max bytes and "...". */
static const char *
safe_short(struct arena *a, const char *text, size_t max)
{
	size_t len = strlen(text);
	struct buf safe;

	if (len == 0)
		return "";
	if (len <= max && plain_len((const unsigned char *)text, len) == len)
		return arena_strndup(a, text, len);
	buf_init(&safe, max + sizeof more);
	safe_add(&safe, text, len, max);
	return kept(a, &safe);
}

const char *
safe_text(struct arena *a, const char *text)
{
	return safe_short(a, text, SAFE_TEXT_MAX);
}

const char *
safe_name(struct arena *a, const char *name)
{
	return safe_short(a, name, SAFE_NAME_MAX);
}

/* Each at most max bytes and "..."; room is for what follows. */
static void
join(struct buf *out, const char *const *items, size_t n, const char *separator, size_t max,
    size_t room)
{
	buf_init(out, n * (max + sizeof more + strlen(separator)) + room);
	for (size_t i = 0; i < n; i++) {
		if (i > 0)
			buf_puts(out, separator);
		safe_add(out, items[i], strlen(items[i]), max);
	}
}

const char *
safe_join(struct arena *a, const char *const *items, size_t n, const char *separator)
{
	struct buf joined;

	join(&joined, items, n, separator, SAFE_TEXT_MAX, 0);
	return kept(a, &joined);
}

const char *
safe_names(struct arena *a, const char *const *names, size_t n, size_t n_more)
{
	size_t shown = n < SAFE_NAMES_MAX ? n : SAFE_NAMES_MAX;
	struct buf joined;

	join(&joined, names, shown, ", ", SAFE_NAME_MAX, MORE_MAX);
	if (n - shown + n_more > 0)
		buf_printf(&joined, " and %zu more", n - shown + n_more);
	return kept(a, &joined);
}
