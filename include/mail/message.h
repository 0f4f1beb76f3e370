/*
 * A mail message as it is sent, read once and kept as what can be judged: whose name it bears, and of each
 * signature what is needed to verify it, but not its text.  Untrusted and of any size: the header is
 * bounded, the body is streamed.
 */
#ifndef MAILREADY_MAIL_MESSAGE_H
#define MAILREADY_MAIL_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/enumtab.h"
#include "base/err.h"
#include "mail/address.h"
#include "mail/dkim_signature.h"

struct arena;

enum {
	MESSAGE_HEADER_MAX = 1 << 20, /* bytes */
	MESSAGE_FIELDS_MAX = 20000,
	MESSAGE_SIGNATURES_MAX = 16,
	MESSAGE_TRACE_MAX = 512,
};

/* Has the body the hash that is in the signature? */
enum message_body {
	MESSAGE_BODY_SAME,
	MESSAGE_BODY_CHANGED,
	MESSAGE_BODY_SHORT,   /* it has fewer bytes than l= says */
	MESSAGE_BODY_UNKNOWN, /* it could not be computed, or the signature has a fault */
};
extern const struct enumtab message_body_names; /* "same" "changed" "short" "unknown" */

struct message_signature {
	struct dkim_signature dkim;
	enum message_body body;
	uint64_t body_length;            /* of the canonical body, in bytes */
	uint8_t digest[DKIM_HASH_BYTES]; /* of the signed header fields; without a fault alone */
	bool from_sealed; /* h= holds From once more than the message: none can be added */
};

/* A field that a server added on the way: Received, or Authentication-Results. */
struct message_trace {
	bool received;
	const char *value; /* what stands after the colon, folds included; NUL bytes may be in it */
	size_t len;
};

struct message {
	size_t n_fields;
	size_t n_from;               /* From fields; there must be one (RFC 5322 3.6) */
	struct address_domains from; /* of all of them */
	bool has_return_path;
	struct address_domains return_path;   /* of the first; none in "<>" */
	struct message_signature *signatures; /* from the top */
	size_t n_signatures, n_more;          /* n_more: not read, beyond the maximum */
	struct message_trace *trace;          /* from the top; not part of a dump */
	size_t n_trace, cap_trace;            /* those beyond MESSAGE_TRACE_MAX are left out */
	uint64_t size;                        /* bytes read */
	uint64_t n_lf, n_cr;                  /* line ends of LF alone, and CR that end no line */
	uint64_t n_crlf;
	size_t bad_line; /* the first line of the header that is no header field, from 1; 0 */
};

struct message_reader;

struct message_reader *message_begin(struct arena *a);

/* The next bytes.  ERR_DATA when the header is over a limit. */
enum err_code message_add(struct message_reader *r, const char *data, size_t len,
    struct err *err) MUST_CHECK;

/*
 * The end: fills out, in the arena, and frees the reader whatever it returns.  ERR_DATA when there was no header
 * field.
 */
enum err_code message_end(struct message_reader *r, struct message *out,
    struct err *err) MUST_CHECK;

/* Frees a reader that is not to go on. */
void message_drop(struct message_reader *r);

/* A whole file; "-" is standard input.  Errors begin with the path. */
enum err_code message_read(const char *path, struct arena *a, struct message *out,
    struct err *err) MUST_CHECK;

#endif
