/* Canonical forms of header fields and bodies (RFC 6376 3.4). */
#include "mail/canon.h"

#include <openssl/evp.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"

enum { BLOCK = 8192 };

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* Lower-case name, one blank for many, none at either end of the value, no folds (3.4.2). */
static void
add_relaxed(struct buf *out, const char *field, size_t len)
{
	const char *colon = memchr(field, ':', len);
	const char *end = field + len;
	const char *name_end = colon != NULL ? colon : end;
	bool blank = false, begun = false;
	while (name_end > field && is_blank(name_end[-1]))
		name_end--;
	for (const char *c = field; c < name_end; c++)
		buf_putc(out, *c >= 'A' && *c <= 'Z' ? (char)(*c + 'a' - 'A') : *c);
	buf_putc(out, ':');
	for (const char *c = colon != NULL ? colon + 1 : end; c < end; c++) {
		if (*c == '\n' || (*c == '\r' && c + 1 < end && c[1] == '\n'))
			continue;
		if (is_blank(*c)) {
			blank = begun;
			continue;
		}
		if (blank)
			buf_putc(out, ' ');
		buf_putc(out, *c);
		blank = false;
		begun = true;
	}
}

/* As it is; line ends become CRLF. */
static void
add_simple(struct buf *out, const char *field, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		if (field[i] == '\n' && (i == 0 || field[i - 1] != '\r'))
			buf_putc(out, '\r');
		buf_putc(out, field[i]);
	}
}

void
canon_header(struct buf *out, const char *field, size_t len, bool relaxed)
{
	if (len > 0 && field[len - 1] == '\n')
		len -= len > 1 && field[len - 2] == '\r' ? 2 : 1;
	if (relaxed)
		add_relaxed(out, field, len);
	else
		add_simple(out, field, len);
	buf_puts(out, "\r\n");
}

struct canon_body {
	EVP_MD_CTX *md;
	bool sound; /* OpenSSL has taken everything so far */
	bool relaxed;
	bool return_held;    /* a CR, which may be the first half of a line end */
	bool blank_held;     /* relaxed: blanks, which may be at the end of a line */
	bool in_line;        /* the line has bytes other than blanks, or any when simple */
	uint64_t lines_held; /* empty lines, which may be at the end of the body */
	uint64_t length, limit;
	size_t filled;
	unsigned char block[BLOCK];
};

struct canon_body *
canon_body_new(bool relaxed, uint64_t limit)
{
	struct canon_body *b = mem_zalloc(1, sizeof *b);
	b->md = EVP_MD_CTX_new();
	b->relaxed = relaxed;
	b->limit = limit;
	b->sound = b->md != NULL && EVP_DigestInit_ex(b->md, EVP_sha256(), NULL) == 1;
	return b;
}

static void
flush(struct canon_body *b)
{
	b->sound = b->sound && EVP_DigestUpdate(b->md, b->block, b->filled) == 1;
	b->filled = 0;
}

/* One byte of the canonical body. */
static void
put(struct canon_body *b, char c)
{
	if (b->length++ >= b->limit)
		return;
	if (b->filled == BLOCK)
		flush(b);
	b->block[b->filled++] = (unsigned char)c;
}

static void
put_line_end(struct canon_body *b)
{
	put(b, '\r');
	put(b, '\n');
}

/* A byte that is no line end: what was held before it belongs to the body. */
static void
take_byte(struct canon_body *b, char c)
{
	if (b->relaxed && is_blank(c)) {
		b->blank_held = true;
		return;
	}
	for (; b->lines_held > 0; b->lines_held--)
		put_line_end(b);
	if (b->blank_held)
		put(b, ' ');
	b->blank_held = false;
	b->in_line = true;
	put(b, c);
}

static void
take_line_end(struct canon_body *b)
{
	if (b->in_line)
		put_line_end(b);
	else
		b->lines_held++;
	b->in_line = b->blank_held = false;
}

void
canon_body_add(struct canon_body *b, const char *data, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		char c = data[i];
		if (c == '\n') {
			b->return_held = false;
			take_line_end(b);
			continue;
		}
		if (b->return_held)
			take_byte(b, '\r');
		b->return_held = c == '\r';
		if (!b->return_held)
			take_byte(b, c);
	}
}

bool
canon_body_end(struct canon_body *b, uint8_t hash[CANON_HASH_BYTES], uint64_t *length)
{
	if (b->return_held)
		take_byte(b, '\r');
	if (b->in_line || (b->length == 0 && !b->relaxed))
		put_line_end(b); /* 3.4.3: a body without lines is one line end */
	flush(b);
	bool sound = b->sound && EVP_DigestFinal_ex(b->md, hash, NULL) == 1;
	*length = b->length;
	EVP_MD_CTX_free(b->md);
	free(b);
	return sound;
}
