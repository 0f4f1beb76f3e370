/* DNS messages put together by hand, for scripted servers and parser tests. */
#ifndef MAILREADY_TESTS_WIRE_H
#define MAILREADY_TESTS_WIRE_H

#include <stddef.h>
#include <stdint.h>

#include "dns/answer.h"

enum { WIRE_MAX = 65535 };

struct wire {
	uint8_t bytes[WIRE_MAX];
	size_t len;
};

/* An answer to the query: its id and question, QR and RA set, the rcode, no records. */
void wire_reply(struct wire *w, const uint8_t *query, size_t len, int rcode);

void wire_flag(struct wire *w, unsigned byte, uint8_t mask); /* byte 2: 0x02 TC, 0x04 AA */

enum wire_section { WIRE_ANSWER = 6, WIRE_AUTHORITY = 8, WIRE_ADDITIONAL = 10 };

/* One record with raw rdata. */
void wire_record(struct wire *w, enum wire_section section, const char *owner, uint16_t type,
    uint32_t ttl_s, const void *rdata, size_t rdlen);

/* A (dotted quad), AAAA, PTR, CNAME, NS (a name), TXT (one string). */
void wire_text(struct wire *w, enum wire_section section, const char *owner, uint16_t type,
    const char *value);

void wire_soa(struct wire *w, const char *zone, const char *mail);

/* An OPT record that carries an extended DNS error (RFC 8914). */
void wire_ede(struct wire *w, uint16_t code, const char *text);

/* The first question's name and type. */
uint16_t wire_question(const uint8_t *query, size_t len, char *name);

#endif
