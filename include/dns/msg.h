/*
 * DNS messages: a query from a template, and an answer that is checked and read where it stands.
 * Pure; a fuzz target.
 */
#ifndef MAILREADY_DNS_MSG_H
#define MAILREADY_DNS_MSG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/name.h"
#include "dns/answer.h"

struct arena;

enum {
	DNS_HEADER = 12,
	DNS_QUERY_MAX = DNS_HEADER + NAME_WIRE_MAX + 4 + 11,
	DNS_EDNS_SIZE = 1232, /* the payload that passes every path unfragmented (flag day 2020) */
};

struct dns_query {
	uint8_t wire[DNS_QUERY_MAX];
	size_t len;
	size_t question_len; /* name, type and class */
	bool mixed;          /* the case of its letters is part of the question */
};

/* recurse: RD.  edns: adds an OPT record (RFC 6891).  False when the name does not fit. */
bool dns_query_build(struct dns_query *q, const char *name, uint16_t type, bool recurse, bool edns);

/*
 * Gives each letter of the name the case of a bit, so that whoever forges an answer must guess it as
 * well (draft-vixie-dnsext-dns0x20): servers compare without case (RFC 4343) and repeat the question as
 * it came.
 */
void dns_query_mix_case(struct dns_query *q, uint64_t bits);

void dns_query_set_id(struct dns_query *q, uint16_t id);

enum dns_reply {
	DNS_REPLY_NOT_OURS,   /* wrong id, question, opcode or QR: as if it had never arrived */
	DNS_REPLY_TRUNCATED,  /* ours, TC set: ask again over TCP */
	DNS_REPLY_NO_EDNS,    /* ours, FORMERR or NOTIMP, or BADVERS: ask again without EDNS */
	DNS_REPLY_OTHER_CASE, /* ours but for the case of a mixed question: ask again over TCP */
	DNS_REPLY_GOOD,       /* ours and parsed: out is filled */
	DNS_REPLY_MALFORMED,  /* ours, but broken inside: out->status is DNS_MALFORMED */
};

/*
 * Judges a datagram (or TCP message) against the query it may answer (RFC 5452 9.1: id and
 * question; the socket has already fixed address and port) and parses it.  Records whose owner is
 * not on the CNAME chain of the question are ignored.  out is allocated in a; server, time and
 * attempts are the caller's to fill.
 */
enum dns_reply dns_reply_parse(const struct dns_query *q, const char *name, uint16_t type,
    const uint8_t *msg, size_t len, bool tcp, struct arena *a, struct dns_answer *out);

/*
 * The rcode of an error that leaves the question out, as NSD's about a key does; -1 when the bytes
 * are anything else.  Nothing but the id and the connection bind it to the query: for connections
 * that are used once.
 */
int dns_bare_error(const struct dns_query *q, const uint8_t *msg, size_t len);

#endif
