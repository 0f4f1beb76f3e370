/*
 * Mail messages: whatever they are made of, they are read in bounds, and the same in one piece as in
 * many.  The first byte says how long the pieces are.
 */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "mail/message.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static enum err_code
read_pieces(struct arena *a, const char *text, size_t len, size_t piece, struct message *m)
{
	struct err err;
	struct message_reader *r = message_begin(a);
	for (size_t at = 0; at < len; at += piece)
		if (message_add(r, text + at, len - at < piece ? len - at : piece, &err) !=
		    ERR_NONE) {
			message_drop(r);
			return err.code;
		}
	return message_end(r, m, &err);
}

static void
check_same(const struct message *a, const struct message *b)
{
	assert(a->n_fields == b->n_fields && a->n_from == b->n_from && a->from.n == b->from.n);
	assert(a->n_lf == b->n_lf && a->n_cr == b->n_cr && a->n_crlf == b->n_crlf);
	assert(a->bad_line == b->bad_line && a->n_signatures == b->n_signatures);
	for (size_t i = 0; i < a->n_signatures; i++) {
		const struct message_signature *x = &a->signatures[i], *y = &b->signatures[i];
		assert(strcmp(x->dkim.fault, y->dkim.fault) == 0);
		assert(x->body == y->body && x->body_length == y->body_length);
		assert(memcmp(x->digest, y->digest, sizeof x->digest) == 0);
	}
}

static void
check_bounds(const struct message *m, size_t size)
{
	assert(m->size == size && m->n_fields > 0 && m->n_fields <= MESSAGE_FIELDS_MAX);
	assert(m->n_signatures <= MESSAGE_SIGNATURES_MAX);
	assert(m->from.n <= ADDRESS_DOMAINS_MAX && m->return_path.n <= ADDRESS_DOMAINS_MAX);
	for (size_t i = 0; i < m->n_signatures; i++)
		if (m->signatures[i].dkim.fault[0] == '\0')
			assert(m->signatures[i].dkim.domain[0] != '\0' &&
			    m->signatures[i].dkim.signature_len > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct message whole = { 0 }, parts = { 0 };
	if (size < 2)
		return 0;
	size_t piece = (size_t)data[0] % 61 + 1;
	const char *text = (const char *)data + 1;
	arena_init(&a);
	enum err_code code = read_pieces(&a, text, size - 1, size, &whole);
	assert(code == read_pieces(&a, text, size - 1, piece, &parts));
	assert(code == ERR_NONE || code == ERR_DATA);
	if (code == ERR_NONE) {
		check_bounds(&whole, size - 1);
		check_same(&whole, &parts);
	}
	arena_fini(&a);
	return 0;
}
