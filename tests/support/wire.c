#include "wire.h"

#include <assert.h>
#include <string.h>

#include "base/ip.h"
#include "base/name.h"

static void
add(struct wire *w, const void *data, size_t len)
{
	assert(w->len + len <= sizeof w->bytes);
	memcpy(w->bytes + w->len, data, len);
	w->len += len;
}

static void
add16(struct wire *w, unsigned v)
{
	uint8_t b[2] = { (uint8_t)(v >> 8), (uint8_t)v };
	add(w, b, 2);
}

static void
add_name(struct wire *w, const char *name)
{
	uint8_t wire[NAME_WIRE_MAX];
	size_t n = name_to_wire(name, wire);
	assert(n > 0);
	add(w, wire, n);
}

uint16_t
wire_question(const uint8_t *query, size_t len, char *name)
{
	size_t pos = 12;
	if (!name_from_wire(query, len, &pos, name) || pos + 4 > len)
		return 0;
	return (uint16_t)(query[pos] << 8 | query[pos + 1]);
}

void
wire_reply(struct wire *w, const uint8_t *query, size_t len, int rcode)
{
	char name[NAME_TEXT_MAX];
	size_t pos = 12;

	bool good = name_from_wire(query, len, &pos, name);
	assert(good);
	(void)good;
	w->len = 0;
	add(w, query, pos + 4);
	w->bytes[2] = (uint8_t)(0x80 | (query[2] & 1));
	w->bytes[3] = (uint8_t)(0x80 | rcode);
	memset(w->bytes + 6, 0, 6);
}

void
wire_flag(struct wire *w, unsigned byte, uint8_t mask)
{
	w->bytes[byte] |= mask;
}

void
wire_record(struct wire *w, enum wire_section section, const char *owner, uint16_t type,
    uint32_t ttl_s, const void *rdata, size_t rdlen)
{
	add_name(w, owner);
	add16(w, type);
	add16(w, type == 41 ? 1232 : 1);
	add16(w, ttl_s >> 16);
	add16(w, ttl_s & 0xffff);
	add16(w, (unsigned)rdlen);
	add(w, rdata, rdlen);
	unsigned n = (unsigned)(w->bytes[section] << 8 | w->bytes[section + 1]) + 1;
	w->bytes[section] = (uint8_t)(n >> 8);
	w->bytes[section + 1] = (uint8_t)n;
}

void
wire_text(struct wire *w, enum wire_section section, const char *owner, uint16_t type,
    const char *value)
{
	uint8_t rdata[300];
	size_t n;
	struct ip ip;

	if (type == DNS_TXT) {
		n = strlen(value) + 1;
		rdata[0] = (uint8_t)(n - 1);
		memcpy(rdata + 1, value, n - 1);
	} else if (type == DNS_A || type == DNS_AAAA) {
		bool good = ip_parse(value, &ip);
		assert(good);
		(void)good;
		n = type == DNS_A ? 4 : 16;
		memcpy(rdata, ip.bytes, n);
	} else {
		n = name_to_wire(value, rdata);
	}
	wire_record(w, section, owner, type, 300, rdata, n);
}

void
wire_soa(struct wire *w, const char *zone, const char *mail)
{
	uint8_t rdata[600];
	size_t n = name_to_wire("ns.example", rdata);

	n += name_to_wire(mail, rdata + n);
	memset(rdata + n, 0, 20);
	rdata[n + 19] = 60; /* negative TTL */
	wire_record(w, WIRE_AUTHORITY, zone, DNS_SOA, 300, rdata, n + 20);
}

void
wire_ede(struct wire *w, uint16_t code, const char *text)
{
	uint8_t rdata[300];
	size_t n = strlen(text);

	rdata[0] = 0, rdata[1] = 15;
	rdata[2] = 0, rdata[3] = (uint8_t)(n + 2);
	rdata[4] = (uint8_t)(code >> 8), rdata[5] = (uint8_t)code;
	memcpy(rdata + 6, text, n);
	wire_record(w, WIRE_ADDITIONAL, "", 41, 0, rdata, n + 6);
}
