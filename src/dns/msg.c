/* DNS messages: queries from a template, replies checked and read where they are. */
#include "dns/msg.h"

#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "dns/record_priv.h"

enum { FLAG_QR = 0x80, FLAG_AA = 0x04, FLAG_TC = 0x02, OPCODE = 0x78 };
enum {
	CLASS_IN = 1,
	TYPE_OPT = 41,
	OPT_EDE = 15,
	RR_LEN_MIN = 11,
	STEPS_LEAST = 4096,
	STEPS_A_BYTE = 8
};
enum { NO_NAME = 2 /* the mark of an owner that cannot be read: even, as no other is */ };
enum {
	RCODE_NOERROR = 0,
	RCODE_FORMERR = 1,
	RCODE_SERVFAIL = 2,
	RCODE_NXDOMAIN = 3,
	RCODE_NOTIMP = 4,
	RCODE_REFUSED = 5,
	RCODE_BADVERS = 16
};

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
	q->mixed = false;
	return true;
}

static bool
is_letter(uint8_t c)
{
	return (c | 0x20) >= 'a' && (c | 0x20) <= 'z';
}

void
dns_query_mix_case(struct dns_query *q, uint64_t bits)
{
	uint8_t *at = q->wire + DNS_HEADER;

	q->mixed = true;
	for (uint8_t len; (len = *at++) != 0; at += len)
		for (uint8_t i = 0; i < len; i++)
			if (is_letter(at[i])) {
				at[i] = (uint8_t)(at[i] ^ (bits & 1) << 5);
				bits = bits >> 1 | bits << 63;
			}
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
	if (wire_get16(msg + 4) == 0)
		return len == DNS_HEADER && (msg[3] & 15) == RCODE_FORMERR;
	return wire_get16(msg + 4) == 1 && len >= DNS_HEADER + q->question_len &&
	    same_question(msg + DNS_HEADER, q->wire + DNS_HEADER, q->question_len);
}

/* The records of a message, in its three sections. */
struct sections {
	const struct rr *answer, *authority, *additional;
	size_t n_answer, n_authority, n_additional;
	/*
	 * Of the owners in the answer, made when first asked for; 0: not made yet.  A message may hold
	 * thousands of records whose owners take many pointers to read: each is read once.
	 */
	uint64_t *owner_marks;
	/*
	 * Labels and pointers of all names that are read.  The names of IPv6 have most of both, three steps a
	 * byte where one answer holds thousands; short messages may have long names, too.
	 */
	size_t steps_left;
};

/* False when the message ends before all that it announces. */
static bool
read_sections(const uint8_t *msg, size_t len, size_t question_len, struct arena *a,
    struct sections *out)
{
	*out = (struct sections){ .n_answer = wire_get16(msg + 6),
		.n_authority = wire_get16(msg + 8),
		.n_additional = wire_get16(msg + 10) };
	size_t n = out->n_answer + out->n_authority + out->n_additional;
	size_t at = DNS_HEADER + question_len;
	if (n > len / RR_LEN_MIN)
		return false;
	struct rr *all = arena_array(a, n, sizeof *all);
	out->steps_left = STEPS_LEAST + len * STEPS_A_BYTE;
	for (size_t i = 0; i < n; i++) {
		if (!rr_read(msg, len, &at, &all[i]))
			return false;
		all[i].steps_left = &out->steps_left;
	}
	out->answer = all;
	out->authority = all + out->n_answer;
	out->additional = all + out->n_answer + out->n_authority;
	out->owner_marks = arena_array(a, out->n_answer, sizeof *out->owner_marks);
	return true;
}

/*
 * Never 0.  Names with the same mark are taken for the same: whoever could make two of them is the sender
 * of the message, who may as well write the name itself.
 */
static uint64_t
mark_of(const char *name)
{
	return hash_text(name) | 1;
}

/* Does the record of that index in the answer belong to the name of that mark? */
static bool
is_owned_by(const struct sections *s, size_t i, uint64_t mark)
{
	char owner[NAME_TEXT_MAX];

	if (s->answer[i].class != CLASS_IN)
		return false;
	if (s->owner_marks[i] == 0)
		s->owner_marks[i] = rr_owner(&s->answer[i], owner) ? mark_of(owner) : NO_NAME;
	return s->owner_marks[i] == mark;
}

static const struct rr *
find_cname(const struct sections *s, const char *owner)
{
	uint64_t mark = mark_of(owner);

	for (size_t i = 0; i < s->n_answer; i++)
		if (s->answer[i].type == DNS_CNAME && is_owned_by(s, i, mark))
			return &s->answer[i];
	return NULL;
}

/*
 * RFC 1034 3.6.2: a name with a CNAME has no record besides, and one CNAME.  Resolvers differ in which
 * they take where it has more, so that nobody can tell what a receiver sees.
 */
static bool
is_contradicted(const struct sections *s, const char *owner, const char *target, uint16_t type,
    struct arena *a)
{
	struct dns_record other;
	uint64_t mark = mark_of(owner);

	for (size_t i = 0; i < s->n_answer; i++) {
		const struct rr *rr = &s->answer[i];
		if ((rr->type != type && rr->type != DNS_CNAME) || !is_owned_by(s, i, mark))
			continue;
		if (rr->type != DNS_CNAME || !record_read(rr, a, &other) ||
		    !name_equal(other.text, target))
			return true;
	}
	return false;
}

/* Walks the CNAMEs from qname as far as the message leads: DNS_FOUND, or what is wrong with them. */
static enum dns_status
read_chain(const struct sections *s, const char *qname, uint16_t type, struct arena *a,
    struct dns_answer *out)
{
	const char *end = qname;
	const struct rr *rr;
	struct dns_record cname;

	while (type != DNS_CNAME && (rr = find_cname(s, end)) != NULL) {
		if (!record_read(rr, a, &cname) || is_contradicted(s, end, cname.text, type, a))
			return DNS_MALFORMED;
		if (dns_chain_has(out->chain, out->n_chain, cname.text) ||
		    name_equal(qname, cname.text) || out->n_chain == DNS_CHAIN_MAX)
			return DNS_LOOP;
		if (out->chain == NULL)
			out->chain = arena_array(a, DNS_CHAIN_MAX, sizeof *out->chain);
		end = cname.text;
		out->chain[out->n_chain++] = end;
	}
	return DNS_FOUND;
}

/* Records of the type at the end of the chain; false when one of them is malformed. */
static bool
read_records(const struct sections *s, const char *qname, uint16_t type, struct arena *a,
    struct dns_answer *out)
{
	const char *end = dns_answer_end(out, qname);
	uint64_t mark = mark_of(end);

	if (s->n_answer == 0)
		return true;
	out->records = arena_array(a, s->n_answer < DNS_RECORDS_MAX ? s->n_answer : DNS_RECORDS_MAX,
	    sizeof *out->records);
	for (size_t i = 0; i < s->n_answer && out->n_records < DNS_RECORDS_MAX; i++) {
		const struct rr *rr = &s->answer[i];
		if (rr->type != type || !is_owned_by(s, i, mark))
			continue;
		if (!record_read(rr, a, &out->records[out->n_records]))
			return false;
		out->records[out->n_records++].owner = end;
	}
	return true;
}

/* SOA of a negative answer (RFC 2308 2), or NS of a referral. */
static void
read_authority(const struct sections *s, struct arena *a, struct dns_answer *out, bool *refers)
{
	char owner[NAME_TEXT_MAX];
	struct dns_record soa;

	for (size_t i = 0; i < s->n_authority; i++) {
		const struct rr *rr = &s->authority[i];
		bool answers = out->authoritative || out->n_records > 0;
		if (rr->type == DNS_SOA && rr_owner(rr, owner) && record_read(rr, a, &soa)) {
			out->soa_zone = arena_strdup(a, owner);
			out->soa_mail = soa.text;
			out->soa_negative_ttl_s = rr_negative_ttl_s(rr);
		} else if (rr->type == DNS_NS && !answers && rr_owner(rr, owner)) {
			out->referral = arena_strdup(a, owner);
			*refers = true; /* upwards, to the root's servers, the name is empty */
		}
	}
}

/* Extended DNS error (RFC 8914 2) among the options of the OPT record. */
static void
read_ede(const struct rr *opt, struct arena *a, struct dns_answer *out)
{
	const uint8_t *p = opt->msg + opt->data, *end = p + opt->data_len;
	while (end - p >= 4) {
		size_t len = wire_get16(p + 2);
		if (len > (size_t)(end - p) - 4)
			return;
		if (wire_get16(p) == OPT_EDE && len >= 2) {
			out->ede = wire_get16(p + 4);
			out->ede_text = arena_strndup(a, (const char *)p + 6, len - 2);
			return;
		}
		p += 4 + len;
	}
}

/* The first byte of the OPT record's TTL is the upper part of the rcode (RFC 6891 6.1.3). */
static void
read_edns(const struct sections *s, struct arena *a, struct dns_answer *out)
{
	for (size_t i = 0; i < s->n_additional; i++) {
		const struct rr *rr = &s->additional[i];
		if (rr->type != TYPE_OPT)
			continue;
		out->rcode |= (int)(rr->ttl_s >> 24) << 4;
		read_ede(rr, a, out);
		return;
	}
}

/*
 * Records that answer some other question, or answers to a name that does not exist: the sender is
 * confused, and what it left out is not known to be missing.
 */
static bool
is_beside_the_point(const struct sections *s, const struct dns_answer *out)
{
	if (out->rcode == RCODE_NXDOMAIN)
		return out->n_records > 0;
	return out->rcode == RCODE_NOERROR && out->n_records == 0 && out->n_chain == 0 &&
	    s->n_answer > 0;
}

/*
 * RFC 2308 2.2: a referral has NS records and no SOA.  After a CNAME the chain continues
 * elsewhere.
 */
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

/* The servers that a referral names, where the question was for them: what the zone above says. */
static void
read_delegation(const struct sections *s, const char *name, struct arena *a, struct dns_answer *out)
{
	char owner[NAME_TEXT_MAX];
	size_t max = s->n_authority < DNS_RECORDS_MAX ? s->n_authority : DNS_RECORDS_MAX;

	out->records = arena_array(a, max, sizeof *out->records);
	for (size_t i = 0; i < s->n_authority && out->n_records < max; i++) {
		const struct rr *rr = &s->authority[i];
		if (rr->type == DNS_NS && rr_owner(rr, owner) && strcmp(owner, name) == 0 &&
		    record_read(rr, a, &out->records[out->n_records]))
			out->records[out->n_records++].owner = out->referral;
	}
}

static enum dns_reply
read_answer(const struct sections *s, const char *name, uint16_t type, struct arena *a,
    struct dns_answer *out)
{
	enum dns_status chain = read_chain(s, name, type, a, out);
	if (chain == DNS_LOOP) {
		out->status = DNS_LOOP;
		return DNS_REPLY_GOOD;
	}
	if (chain == DNS_MALFORMED || !read_records(s, name, type, a, out) ||
	    is_beside_the_point(s, out) || s->steps_left == 0) {
		out->status = DNS_MALFORMED;
		return DNS_REPLY_MALFORMED;
	}
	bool refers = false;
	read_authority(s, a, out, &refers);
	out->status = status_of(out, refers);
	if (out->status == DNS_REFERRAL && type == DNS_NS)
		read_delegation(s, name, a, out);
	return DNS_REPLY_GOOD;
}

enum dns_reply
dns_reply_parse(const struct dns_query *q, const char *name, uint16_t type, const uint8_t *msg,
    size_t len, bool tcp, struct arena *a, struct dns_answer *out)
{
	struct sections s;
	bool sent_edns = q->wire[11] == 1;

	if (!is_ours(q, msg, len))
		return DNS_REPLY_NOT_OURS;
	if (q->mixed && len > DNS_HEADER &&
	    memcmp(msg + DNS_HEADER, q->wire + DNS_HEADER, q->question_len) != 0)
		return DNS_REPLY_OTHER_CASE;
	if ((msg[2] & FLAG_TC) && !tcp)
		return DNS_REPLY_TRUNCATED;

	*out = dns_answer_pending;
	out->status = DNS_MALFORMED;
	out->rcode = msg[3] & 15;
	out->authoritative = msg[2] & FLAG_AA;
	out->tcp = tcp;
	/* TC over TCP: the set does not fit into any message, and what is left of it is not an answer */
	if (msg[2] & FLAG_TC)
		return DNS_REPLY_MALFORMED;
	if (sent_edns && (out->rcode == RCODE_FORMERR || out->rcode == RCODE_NOTIMP))
		return DNS_REPLY_NO_EDNS;
	if (len == DNS_HEADER || !read_sections(msg, len, q->question_len, a, &s))
		return DNS_REPLY_MALFORMED;
	read_edns(&s, a, out);
	if (sent_edns && out->rcode == RCODE_BADVERS)
		return DNS_REPLY_NO_EDNS;
	return read_answer(&s, name, type, a, out);
}

int
dns_bare_error(const struct dns_query *q, const uint8_t *msg, size_t len)
{
	bool bare = len >= DNS_HEADER && memcmp(msg, q->wire, 2) == 0 && (msg[2] & FLAG_QR) &&
	    !(msg[2] & OPCODE) && wire_get16(msg + 4) == 0;
	return bare && (msg[3] & 15) != RCODE_NOERROR ? msg[3] & 15 : -1;
}
