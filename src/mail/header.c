/* Header fields of a message: found, and hashed as a signature has it. */
#include "header_priv.h"

#include <openssl/evp.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "mail/canon.h"
#include "mail/dkim_signature.h"
#include "mail/message.h"
#include "mail/tags.h"

/* The length of a field's name and where its value begins; false when the line has none. */
static bool
read_name(struct header_field *f)
{
	size_t n = 0;
	while (n < f->len && f->text[n] > ' ' && f->text[n] <= '~' && f->text[n] != ':')
		n++;
	f->name_len = n;
	while (n < f->len && (f->text[n] == ' ' || f->text[n] == '\t'))
		n++;
	f->value = n + 1;
	return f->name_len > 0 && n < f->len && f->text[n] == ':';
}

static size_t
line_length(const char *text, size_t len)
{
	const char *end = memchr(text, '\n', len);
	return end != NULL ? (size_t)(end - text) + 1 : len;
}

void
header_read(struct arena *a, const char *text, size_t len, size_t max, struct header *out)
{
	size_t cap = 0, line = 0;
	*out = (struct header){ .n = 0 };
	for (size_t at = 0; at < len; line++) {
		size_t n = line_length(text + at, len - at);
		bool more = text[at] == ' ' || text[at] == '\t';
		struct header_field f = { .text = text + at, .len = n };
		at += n;
		if (more && out->n > 0) {
			struct header_field *last = &out->fields[out->n - 1];
			last->len = (size_t)(text + at - last->text);
		} else if (!more && read_name(&f)) {
			if (out->n == max) {
				out->too_many = true;
				return;
			}
			out->fields = arena_grow(a, out->fields, out->n, &cap, sizeof f);
			out->fields[out->n++] = f;
		} else if (out->bad_line == 0 && !(line == 0 && strncmp(f.text, "From ", 5) == 0)) {
			out->bad_line = line + 1; /* the first line of a mailbox file is not one */
		}
	}
}

bool
header_is(const struct header_field *f, const char *name)
{
	return strlen(name) == f->name_len && strncasecmp(f->text, name, f->name_len) == 0;
}

size_t
header_count(const struct header *h, const char *name)
{
	size_t n = 0;
	for (size_t i = 0; i < h->n; i++)
		n += header_is(&h->fields[i], name);
	return n;
}

/* The field without the value of b= and the blanks around it. */
static void
add_signature_field(struct arena *a, struct buf *out, const struct header_field *f, bool relaxed)
{
	struct tag_list *l = arena_alloc(a, sizeof *l);
	const char *value = f->text + f->value, *end = f->text + f->len;
	tags_read(a, value, (size_t)(end - value), l);
	const struct tag *b = tags_find(l, "b");
	const char *equals = memchr(value + b->at, '=', (size_t)(end - value) - b->at);
	const char *from = equals + 1;
	const char *to = memchr(from, ';', (size_t)(end - from));
	size_t before = (size_t)(from - f->text), after = to != NULL ? (size_t)(end - to) : 0;
	char *text = arena_alloc(a, before + after + 1);
	memcpy(text, f->text, before);
	if (to != NULL)
		memcpy(text + before, to, after);
	canon_header(out, text, before + after, relaxed);
	buf_cut(out, out->len - 2); /* it is hashed without its line end */
}

static void
add_named(const struct header *h, struct buf *out, const char *name, bool *taken, bool relaxed)
{
	for (size_t i = h->n; i-- > 0;) {
		if (taken[i] || !header_is(&h->fields[i], name))
			continue;
		taken[i] = true;
		canon_header(out, h->fields[i].text, h->fields[i].len, relaxed);
		return;
	}
}

bool
header_digest(struct arena *a, const struct header *h, size_t i, const struct dkim_signature *s,
    uint8_t digest[32])
{
	struct buf out;
	unsigned len = 0;
	bool *taken = arena_array(a, h->n, sizeof *taken);
	buf_init(&out, 4 * (size_t)MESSAGE_HEADER_MAX);
	for (size_t n = 0; n < s->n_names; n++)
		add_named(h, &out, s->names[n], taken, s->relaxed_header);
	add_signature_field(a, &out, &h->fields[i], s->relaxed_header);
	bool good = !out.failed &&
	    EVP_Digest(out.data, out.len, digest, &len, EVP_sha256(), NULL) == 1;
	buf_fini(&out);
	return good;
}
