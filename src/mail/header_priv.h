/* The header of a message as fields that can be found, and what a signature is computed over. */
#ifndef MAILREADY_MAIL_HEADER_PRIV_H
#define MAILREADY_MAIL_HEADER_PRIV_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;
struct dkim_signature;

struct header_field {
	const char *text; /* borrowed: all of its lines, the last line end included */
	size_t len;
	size_t name_len; /* without blanks before the colon */
	size_t value;    /* where it begins, after the colon */
};

struct header {
	struct header_field *fields; /* from the top */
	size_t n;
	size_t bad_line; /* the first that is no field, from 1; 0: none */
	bool too_many;   /* fields */
};

/* text must live as long as the header. */
void header_read(struct arena *a, const char *text, size_t len, size_t max, struct header *out);

bool header_is(const struct header_field *f, const char *name);

/* How many fields have the name, compared without case. */
size_t header_count(const struct header *h, const char *name);

/*
 * The hash that the i-th field, a DKIM-Signature, signs: the fields of h=, each time the last one that was not
 * taken yet, then the field itself without its b= (RFC 6376 3.7, 5.4.2).  False when it could not be computed.
 */
bool header_digest(struct arena *a, const struct header *h, size_t i,
    const struct dkim_signature *s, uint8_t digest[32]);

#endif
