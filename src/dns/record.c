/* One resource record in a message: where it is, and its data as text. */
#include "dns/record_priv.h"

#include <string.h>

#include "base/arena.h"

enum {
	POINTER = 0xc0, /* RFC 1035 4.1.4 */
	FIXED_LEN = 10, /* type, class, TTL and length of the data */
	MX_PREFERENCE_LEN = 2,
	SUBSTITUTE = 0x1a,
	SOA_NUMBERS_LEN = 20, /* serial, refresh, retry, expire and minimum */
};

uint16_t
wire_get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint32_t
get32(const uint8_t *p)
{
	return (uint32_t)wire_get16(p) << 16 | wire_get16(p + 2);
}

/* A name ends with a pointer or with the root. */
static bool
skip_name(const uint8_t *msg, size_t len, size_t *at)
{
	while (*at < len) {
		uint8_t first = msg[*at];
		if ((first & POINTER) == POINTER) {
			*at += 2;
			return *at <= len;
		}
		if (first > NAME_LABEL_MAX)
			return false;
		*at += 1U + first;
		if (first == 0)
			return true;
	}
	return false;
}

bool
rr_read(const uint8_t *msg, size_t len, size_t *at, struct rr *out)
{
	*out = (struct rr){ .msg = msg, .owner = *at };
	if (!skip_name(msg, len, at) || len - *at < FIXED_LEN)
		return false;
	const uint8_t *p = msg + *at;
	out->type = wire_get16(p);
	out->class = wire_get16(p + 2);
	out->ttl_s = get32(p + 4);
	out->data_len = wire_get16(p + 8);
	out->data = *at + FIXED_LEN;
	if (len - out->data < out->data_len)
		return false;
	*at = out->data + out->data_len;
	return true;
}

/* The name at *at, which must end where the record does or before. */
static bool
read_name(const struct rr *rr, size_t *at, char out[NAME_TEXT_MAX])
{
	size_t end = rr->data + rr->data_len;
	return rr->steps_left == NULL ?
	    name_from_wire(rr->msg, end, at, out) :
	    name_from_wire_within(rr->msg, end, at, rr->steps_left, out);
}

bool
rr_owner(const struct rr *rr, char out[NAME_TEXT_MAX])
{
	size_t at = rr->owner;
	return read_name(rr, &at, out);
}

uint32_t
rr_negative_ttl_s(const struct rr *rr)
{
	uint32_t minimum = get32(rr->msg + rr->data + rr->data_len - 4);
	return minimum < rr->ttl_s ? minimum : rr->ttl_s;
}

/*
 * TXT is a list of strings, each with a length byte; its text is all of them joined (RFC 7208 3.3).  A NUL byte
 * would end it: it becomes the control byte that stands for others (SUB).
 */
static const char *
txt_text(const struct rr *rr, struct arena *a)
{
	char *text = arena_alloc(a, rr->data_len + 1), *to = text;
	const uint8_t *from = rr->msg + rr->data, *end = from + rr->data_len;
	while (from < end) {
		size_t n = *from++;
		if (n > (size_t)(end - from))
			return NULL;
		for (size_t i = 0; i < n; i++)
			*to++ = from[i] != '\0' ? (char)from[i] : SUBSTITUTE;
		from += n;
	}
	return text;
}

static const char *
address_text(const struct rr *rr, struct ip *ip, struct arena *a)
{
	char text[IP_TEXT_MAX];
	ip->family = rr->type == DNS_A ? 4 : 6;
	size_t len = ip->family == 4 ? 4 : 16;
	if (rr->data_len != len)
		return NULL;
	memcpy(ip->bytes, rr->msg + rr->data, len);
	return arena_strdup(a, ip_format(ip, text));
}

static const char *
name_text(const struct rr *rr, size_t *at, struct arena *a)
{
	char name[NAME_TEXT_MAX];
	return read_name(rr, at, name) ? arena_strdup(a, name) : NULL;
}

/* The data is a name with so many bytes before it. */
static const char *
only_name(const struct rr *rr, size_t before, struct arena *a)
{
	size_t at = rr->data + before;
	if (rr->data_len < before)
		return NULL;
	const char *name = name_text(rr, &at, a);
	return at == rr->data + rr->data_len ? name : NULL;
}

/* The zone's first server, its contact, and numbers (RFC 1035 3.3.13); the contact is the text. */
static const char *
soa_text(const struct rr *rr, struct dns_record *out, struct arena *a)
{
	size_t at = rr->data;
	out->primary = name_text(rr, &at, a);
	const char *mail = out->primary == NULL ? NULL : name_text(rr, &at, a);
	return rr->data + rr->data_len - at == SOA_NUMBERS_LEN ? mail : NULL;
}

bool
record_read(const struct rr *rr, struct arena *a, struct dns_record *out)
{
	*out = (struct dns_record){ .owner = "", .type = rr->type, .ttl_s = rr->ttl_s, .text = "" };
	switch (rr->type) {
	case DNS_A:
	case DNS_AAAA:
		out->text = address_text(rr, &out->ip, a);
		break;
	case DNS_TXT:
		out->text = txt_text(rr, a);
		break;
	case DNS_NS:
	case DNS_CNAME:
	case DNS_DNAME:
	case DNS_PTR:
		out->text = only_name(rr, 0, a);
		break;
	case DNS_SOA:
		out->text = soa_text(rr, out, a);
		break;
	case DNS_MX:
		out->text = only_name(rr, MX_PREFERENCE_LEN, a);
		out->preference = out->text != NULL ? wire_get16(rr->msg + rr->data) : 0;
		break;
	default:
		break; /* other types are known to exist, their data is not kept */
	}
	return out->text != NULL;
}
