/* A message, read once: its header in memory, its body through the hashes of its signatures. */
#include "mail/message.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/mem.h"
#include "header_priv.h"
#include "mail/canon.h"

enum { CHUNK = 65536 };

static const struct enumtab_row body_rows[] = {
	{ "same", MESSAGE_BODY_SAME },
	{ "changed", MESSAGE_BODY_CHANGED },
	{ "short", MESSAGE_BODY_SHORT },
	{ "unknown", MESSAGE_BODY_UNKNOWN },
};
const struct enumtab message_body_names = ENUMTAB(body_rows);

struct message_reader {
	struct arena *arena;
	struct buf header;
	size_t line; /* where the header's last line begins */
	bool in_body, last_was_cr;
	struct message message;
	struct canon_body *bodies[MESSAGE_SIGNATURES_MAX]; /* NULL: its signature has a fault */
};

struct message_reader *
message_begin(struct arena *a)
{
	struct message_reader *r = mem_zalloc(1, sizeof *r);
	r->arena = a;
	buf_init(&r->header, MESSAGE_HEADER_MAX);
	return r;
}

void
message_drop(struct message_reader *r)
{
	uint8_t hash[CANON_HASH_BYTES];
	uint64_t length;
	for (size_t i = 0; i < MESSAGE_SIGNATURES_MAX; i++)
		if (r->bodies[i] != NULL)
			canon_body_end(r->bodies[i], hash, &length);
	buf_fini(&r->header);
	free(r);
}

static void
add_signature(struct message_reader *r, const struct header *h, size_t i)
{
	struct message *m = &r->message;
	const struct header_field *f = &h->fields[i];
	if (m->n_signatures == MESSAGE_SIGNATURES_MAX) {
		m->n_more++;
		return;
	}
	struct message_signature *s = &m->signatures[m->n_signatures];
	dkim_signature_read(r->arena, f->text + f->value, f->len - f->value, &s->dkim);
	s->body = MESSAGE_BODY_UNKNOWN;
	size_t sealed = 0;
	for (size_t n = 0; n < s->dkim.n_names; n++)
		sealed += strcasecmp(s->dkim.names[n], "from") == 0;
	s->from_sealed = sealed > m->n_from;
	if (s->dkim.fault[0] == '\0' && !header_digest(r->arena, h, i, &s->dkim, s->digest))
		s->dkim.fault = "its hash could not be computed";
	if (s->dkim.fault[0] == '\0')
		r->bodies[m->n_signatures] = canon_body_new(s->dkim.relaxed_body,
		    s->dkim.has_length ? s->dkim.length : UINT64_MAX);
	m->n_signatures++;
}

static void
add_from(struct message_reader *r, const struct header_field *f)
{
	struct address_domains found, *all = &r->message.from;
	address_domains(r->arena, f->text + f->value, f->len - f->value, &found);
	all->broken |= found.broken || found.n_addresses == 0;
	all->n_addresses += found.n_addresses;
	for (size_t i = 0; i < found.n && all->n < ADDRESS_DOMAINS_MAX; i++)
		all->list[all->n++] = found.list[i];
	r->message.n_from++;
}

static void
add_trace(struct message_reader *r, const struct header_field *f)
{
	struct message *m = &r->message;
	struct message_trace t = { .received = header_is(f, "Received"), .len = f->len - f->value };
	if ((!t.received && !header_is(f, "Authentication-Results")) ||
	    m->n_trace == MESSAGE_TRACE_MAX)
		return;
	t.value = arena_strndup(r->arena, f->text + f->value, t.len);
	m->trace = arena_grow(r->arena, m->trace, m->n_trace, &m->cap_trace, sizeof t);
	m->trace[m->n_trace++] = t;
}

static void
take_fields(struct message_reader *r, const struct header *h)
{
	struct message *m = &r->message;
	for (size_t i = 0; i < h->n; i++) {
		const struct header_field *f = &h->fields[i];
		if (header_is(f, "From"))
			add_from(r, f);
		add_trace(r, f);
		if (!header_is(f, "Return-Path") || m->has_return_path)
			continue;
		m->has_return_path = true;
		address_domains(r->arena, f->text + f->value, f->len - f->value, &m->return_path);
	}
	m->signatures = arena_array(r->arena, MESSAGE_SIGNATURES_MAX, sizeof *m->signatures);
	for (size_t i = 0; i < h->n; i++)
		if (header_is(&h->fields[i], "DKIM-Signature"))
			add_signature(r, h, i);
}

/* The header is complete. */
static enum err_code
begin_body(struct message_reader *r, struct err *err)
{
	struct header h;
	header_read(r->arena, r->header.data, r->header.len, MESSAGE_FIELDS_MAX, &h);
	if (h.too_many)
		return err_set(err, ERR_DATA, "its header has over %d fields", MESSAGE_FIELDS_MAX);
	if (h.n == 0)
		return err_set(err, ERR_DATA,
		    "it does not begin with header fields such as \"From: user@example.com\"");
	r->message.n_fields = h.n;
	r->message.bad_line = h.bad_line;
	take_fields(r, &h);
	r->in_body = true;
	return ERR_NONE;
}

/* Adds up to a line's end to the header; how much was taken.  An empty line ends the header. */
static size_t
add_header_line(struct message_reader *r, const char *data, size_t len, bool *done)
{
	const char *end = memchr(data, '\n', len);
	size_t n = end != NULL ? (size_t)(end - data) + 1 : len;
	buf_add(&r->header, data, n);
	if (end == NULL)
		return n;
	size_t line = r->header.len - r->line;
	const char *text = r->header.data + r->line;
	*done = line == 1 || (line == 2 && text[0] == '\r');
	if (*done)
		buf_cut(&r->header, r->line);
	r->line = r->header.len;
	return n;
}

static void
count_line_ends(struct message_reader *r, const char *data, size_t len)
{
	struct message *m = &r->message;
	for (size_t i = 0; i < len; i++) {
		if (data[i] == '\n' && r->last_was_cr)
			m->n_crlf++;
		else if (data[i] == '\n')
			m->n_lf++;
		else if (r->last_was_cr)
			m->n_cr++;
		r->last_was_cr = data[i] == '\r';
	}
	m->size += len;
}

enum err_code
message_add(struct message_reader *r, const char *data, size_t len, struct err *err)
{
	count_line_ends(r, data, len);
	while (!r->in_body && len > 0) {
		bool done = false;
		size_t n = add_header_line(r, data, len, &done);
		data += n;
		len -= n;
		if (r->header.failed)
			return err_set(err, ERR_DATA,
			    "its header has over %d KiB before the first empty line",
			    MESSAGE_HEADER_MAX / 1024);
		if (done && begin_body(r, err) != ERR_NONE)
			return err->code;
	}
	for (size_t i = 0; i < r->message.n_signatures && len > 0; i++)
		if (r->bodies[i] != NULL)
			canon_body_add(r->bodies[i], data, len);
	return ERR_NONE;
}

static void
end_body(struct message_signature *s, struct canon_body *body)
{
	uint8_t hash[CANON_HASH_BYTES];
	bool sound = canon_body_end(body, hash, &s->body_length);
	if (!sound)
		s->body = MESSAGE_BODY_UNKNOWN;
	else if (s->dkim.has_length && s->dkim.length > s->body_length)
		s->body = MESSAGE_BODY_SHORT;
	else if (memcmp(hash, s->dkim.body_hash, sizeof hash) != 0)
		s->body = MESSAGE_BODY_CHANGED;
	else
		s->body = MESSAGE_BODY_SAME;
}

enum err_code
message_end(struct message_reader *r, struct message *out, struct err *err)
{
	enum err_code code = r->in_body ? ERR_NONE : begin_body(r, err);
	r->message.n_cr += r->last_was_cr;
	for (size_t i = 0; i < r->message.n_signatures; i++) {
		if (r->bodies[i] != NULL)
			end_body(&r->message.signatures[i], r->bodies[i]);
		r->bodies[i] = NULL;
	}
	*out = r->message;
	message_drop(r);
	return code;
}

enum err_code
message_read(const char *path, struct arena *a, struct message *out, struct err *err)
{
	FILE *f = file_open(path, err);
	if (f == NULL)
		return err->code;
	struct message_reader *r = message_begin(a);
	char *chunk = mem_alloc(CHUNK);
	enum err_code code = ERR_NONE;
	size_t n;
	while (code == ERR_NONE && (n = fread(chunk, 1, CHUNK, f)) > 0)
		code = message_add(r, chunk, n, err);
	if (code == ERR_NONE && ferror(f))
		code = err_set(err, ERR_IO, "reading failed: %s", strerror(errno));
	free(chunk);
	if (f != stdin)
		fclose(f);
	if (code == ERR_NONE)
		code = message_end(r, out, err);
	else
		message_drop(r);
	return code == ERR_NONE ? code : err_prefix(err, "%s", path);
}
