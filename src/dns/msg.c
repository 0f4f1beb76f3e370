#include "dns/msg.h"

#include <ldns/ldns.h>
#include <string.h>

#include "base/arena.h"
#include "record_priv.h"

enum { FLAG_QR = 0x80, FLAG_AA = 0x04, FLAG_TC = 0x02, OPCODE = 0x78, TYPE_OPT = 41, OPT_EDE = 15 };
enum {
	RCODE_NOERROR = 0,
	RCODE_FORMERR = 1,
	RCODE_SERVFAIL = 2,
	RCODE_NXDOMAIN = 3,
	RCODE_NOTIMP = 4,
	RCODE_REFUSED = 5,
	RCODE_BADVERS = 16
};

static uint16_t
get16(const uint8_t *p)
{
	return (uint16_t)(p[0] << 8 | p[1]);
}

static uint8_t *
put16(uint8_t *p, unsigned v)
{
	p[0] = (uint8_t)(v >> 8);
	p[1] = (uint8_t)v;
	return p + 2;
}

bool
dns_query_build(struct dns_query *q, const char *name, uint16_t type, bool recurse, bool edns)
{
	memset(q->wire, 0, DNS_HEADER);
	q->wire[2] = recurse ? 1 : 0; /* RD */
	q->wire[5] = 1;               /* one question */

	size_t n = name_to_wire(name, q->wire + DNS_HEADER);
	if (n == 0)
		return false;
	uint8_t *p = put16(q->wire + DNS_HEADER + n, type);
	p = put16(p, 1); /* IN */
	q->question_len = n + 4;
	if (edns) {
		q->wire[11] = 1;
		*p++ = 0; /* root */
		p = put16(p, TYPE_OPT);
		p = put16(p, DNS_EDNS_SIZE);
		memset(p, 0, 6); /* extended rcode, version, flags, no options */
		p += 6;
	}
	q->len = (size_t)(p - q->wire);
	return true;
}

void
dns_query_set_id(struct dns_query *q, uint16_t id)
{
	put16(q->wire, id);
}

/* The bytes of a question, letters compared without case: some servers echo it in lower case. */
static bool
same_question(const uint8_t *a, const uint8_t *b, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint8_t x = a[i], y = b[i];
		if (x >= 'A' && x <= 'Z')
			x |= 0x20;
		if (y >= 'A' && y <= 'Z')
			y |= 0x20;
		if (x != y)
			return false;
	}
	return true;
}

/* RFC 5452 9.1.  A header-only FORMERR is what servers from before EDNS send. */
static bool
is_ours(const struct dns_query *q, const uint8_t *msg, size_t len)
{
	if (len < DNS_HEADER || memcmp(msg, q->wire, 2) != 0 || !(msg[2] & FLAG_QR) ||
	    (msg[2] & OPCODE))
		return false;
	if (get16(msg + 4) == 0)
		return len == DNS_HEADER && (msg[3] & 15) == RCODE_FORMERR;
	return get16(msg + 4) == 1 && len >= DNS_HEADER + q->question_len &&
	    same_question(msg + DNS_HEADER, q->wire + DNS_HEADER, q->question_len);
}

static bool
owned_by(const ldns_rr *rr, const char *owner)
{
	char name[NAME_TEXT_MAX];

	return record_name(ldns_rr_owner(rr), name) && name_equal(name, owner);
}

static const ldns_rr *
find_cname(const ldns_rr_list *answer, const char *owner)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(answer, i);
		if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_CNAME &&
		    ldns_rr_get_class(rr) == LDNS_RR_CLASS_IN && owned_by(rr, owner))
			return rr;
	}
	return NULL;
}

/*
 * RFC 1034 3.6.2: a name with a CNAME has no record besides, and one CNAME.  Resolvers differ in which
 * they take where it has more, so that nobody can tell what a receiver sees.
 */
static bool
is_contradicted(const ldns_rr_list *answer, const ldns_rr *cname, uint16_t type)
{
	for (size_t i = 0; i < ldns_rr_list_rr_count(answer); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(answer, i);
		bool other = ldns_rr_get_type(rr) == LDNS_RR_TYPE_CNAME ?
		    ldns_dname_compare(ldns_rr_rdf(rr, 0), ldns_rr_rdf(cname, 0)) != 0 :
		    ldns_rr_get_type(rr) == (ldns_rr_type)type;
		if (other && ldns_dname_compare(ldns_rr_owner(rr), ldns_rr_owner(cname)) == 0)
			return true;
	}
	return false;
}

/* Walks the CNAMEs from qname as far as the message leads: DNS_FOUND, or what is wrong with them. */
static enum dns_status
read_chain(const ldns_rr_list *answer, const char *qname, uint16_t type, struct arena *a,
    struct dns_answer *out)
{
	const char *end = qname;
	char target[NAME_TEXT_MAX];

	if (type == DNS_CNAME)
		return DNS_FOUND;
	for (;;) {
		const ldns_rr *rr = find_cname(answer, end);
		if (rr == NULL)
			return DNS_FOUND;
		if (is_contradicted(answer, rr, type))
			return DNS_MALFORMED;
		if (!record_name(ldns_rr_rdf(rr, 0), target) ||
		    dns_chain_has(out->chain, out->n_chain, target) || name_equal(qname, target) ||
		    out->n_chain == DNS_CHAIN_MAX)
			return DNS_LOOP;
		if (out->chain == NULL)
			out->chain = arena_array(a, DNS_CHAIN_MAX, sizeof *out->chain);
		end = arena_strdup(a, target);
		out->chain[out->n_chain++] = end;
	}
}

/* Records of the type at the end of the chain; false when one of them is malformed. */
static bool
read_records(const ldns_rr_list *answer, const char *qname, uint16_t type, struct arena *a,
    struct dns_answer *out)
{
	const char *end = dns_answer_end(out, qname);
	size_t n = ldns_rr_list_rr_count(answer);

	if (n == 0)
		return true;
	out->records = arena_array(a, n < DNS_RECORDS_MAX ? n : DNS_RECORDS_MAX,
	    sizeof *out->records);
	for (size_t i = 0; i < n && out->n_records < DNS_RECORDS_MAX; i++) {
		const ldns_rr *rr = ldns_rr_list_rr(answer, i);
		if (ldns_rr_get_type(rr) != (ldns_rr_type)type ||
		    ldns_rr_get_class(rr) != LDNS_RR_CLASS_IN || !owned_by(rr, end))
			continue;
		if (!record_read(rr, a, &out->records[out->n_records]))
			return false;
		out->records[out->n_records++].owner = end;
	}
	return true;
}

/* SOA of a negative answer (RFC 2308 2), or NS of a referral. */
static void
read_authority(const ldns_pkt *pkt, struct arena *a, struct dns_answer *out, bool *refers)
{
	const ldns_rr_list *list = ldns_pkt_authority(pkt);
	char owner[NAME_TEXT_MAX], mail[NAME_TEXT_MAX];

	for (size_t i = 0; i < ldns_rr_list_rr_count(list); i++) {
		const ldns_rr *rr = ldns_rr_list_rr(list, i);
		if (!record_name(ldns_rr_owner(rr), owner))
			continue;
		if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_SOA &&
		    record_name(ldns_rr_rdf(rr, 1), mail)) {
			const ldns_rdf *minimum = ldns_rr_rdf(rr, 6);
			uint32_t ttl = minimum != NULL ? ldns_rdf2native_int32(minimum) : 0;
			out->soa_zone = arena_strdup(a, owner);
			out->soa_mail = arena_strdup(a, mail);
			out->soa_negative_ttl_s = ttl < ldns_rr_ttl(rr) ? ttl : ldns_rr_ttl(rr);
		} else if (ldns_rr_get_type(rr) == LDNS_RR_TYPE_NS && !out->authoritative &&
		    out->n_records == 0) {
			out->referral = arena_strdup(a, owner);
			*refers = true; /* upwards, to the root's servers, the name is empty */
		}
	}
}

/* Extended DNS error (RFC 8914 2) among the options of the OPT record. */
static void
read_ede(const ldns_pkt *pkt, struct arena *a, struct dns_answer *out)
{
	const ldns_rdf *rdf = ldns_pkt_edns_data(pkt);
	if (rdf == NULL)
		return;
	const uint8_t *p = ldns_rdf_data(rdf), *end = p + ldns_rdf_size(rdf);
	while (end - p >= 4) {
		size_t len = get16(p + 2);
		if (len > (size_t)(end - p) - 4)
			return;
		if (get16(p) == OPT_EDE && len >= 2) {
			out->ede = get16(p + 4);
			out->ede_text = arena_strndup(a, (const char *)p + 6, len - 2);
			return;
		}
		p += 4 + len;
	}
}

/*
 * Records that answer some other question, or answers to a name that does not exist: the sender is
 * confused, and what it left out is not known to be missing.
 */
static bool
is_beside_the_point(const ldns_rr_list *answer, const struct dns_answer *out)
{
	if (out->rcode == RCODE_NXDOMAIN)
		return out->n_records > 0;
	return out->rcode == RCODE_NOERROR && out->n_records == 0 && out->n_chain == 0 &&
	    ldns_rr_list_rr_count(answer) > 0;
}

/* RFC 2308 2.2: a referral has NS records and no SOA.  Behind a CNAME the chain goes on elsewhere. */
static enum dns_status
status_of(const struct dns_answer *out, bool refers)
{
	switch (out->rcode) {
	case RCODE_NOERROR:
		if (out->n_records > 0)
			return DNS_FOUND;
		return refers && out->soa_zone[0] == '\0' && out->n_chain == 0 ? DNS_REFERRAL :
										 DNS_NODATA;
	case RCODE_NXDOMAIN:
		return DNS_NXDOMAIN;
	case RCODE_SERVFAIL:
		return DNS_SERVFAIL;
	case RCODE_REFUSED:
		return DNS_REFUSED;
	default:
		return DNS_BADRCODE;
	}
}

static enum dns_reply
read_packet(const ldns_pkt *pkt, const char *name, uint16_t type, struct arena *a,
    struct dns_answer *out)
{
	const ldns_rr_list *answer = ldns_pkt_answer(pkt);

	enum dns_status chain = read_chain(answer, name, type, a, out);
	if (chain == DNS_LOOP) {
		out->status = DNS_LOOP;
		return DNS_REPLY_GOOD;
	}
	if (chain == DNS_MALFORMED || !read_records(answer, name, type, a, out) ||
	    is_beside_the_point(answer, out)) {
		out->status = DNS_MALFORMED;
		return DNS_REPLY_MALFORMED;
	}
	bool refers = false;
	read_authority(pkt, a, out, &refers);
	out->status = status_of(out, refers);
	return DNS_REPLY_GOOD;
}

enum dns_reply
dns_reply_parse(const struct dns_query *q, const char *name, uint16_t type, const uint8_t *msg,
    size_t len, bool tcp, struct arena *a, struct dns_answer *out)
{
	ldns_pkt *pkt = NULL;
	bool sent_edns = q->wire[11] == 1;

	if (!is_ours(q, msg, len))
		return DNS_REPLY_NOT_OURS;
	if ((msg[2] & FLAG_TC) && !tcp)
		return DNS_REPLY_TRUNCATED;

	*out = dns_answer_pending;
	out->status = DNS_MALFORMED;
	out->rcode = msg[3] & 15;
	out->authoritative = msg[2] & FLAG_AA;
	out->tcp = tcp;
	if (sent_edns && (out->rcode == RCODE_FORMERR || out->rcode == RCODE_NOTIMP))
		return DNS_REPLY_NO_EDNS;
	if (len == DNS_HEADER || ldns_wire2pkt(&pkt, msg, len) != LDNS_STATUS_OK)
		return DNS_REPLY_MALFORMED;

	if (ldns_pkt_edns(pkt))
		out->rcode |= ldns_pkt_edns_extended_rcode(pkt) << 4;
	read_ede(pkt, a, out);
	enum dns_reply reply = sent_edns && out->rcode == RCODE_BADVERS ?
	    DNS_REPLY_NO_EDNS :
	    read_packet(pkt, name, type, a, out);
	ldns_pkt_free(pkt);
	return reply;
}
