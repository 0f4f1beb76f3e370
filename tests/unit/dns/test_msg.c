#include "test.h"

#include "base/arena.h"
#include "dns/msg.h"
#include "wire.h"

/* One row: what is put into the answer, and what must come out. */
struct row {
	const char *name;
	uint16_t type;
	void (*make)(struct wire *w, const struct dns_query *q);
	bool tcp;
	enum dns_reply reply;
	enum dns_status status;
	size_t n_records, n_chain;
	const char *first; /* text of the first record; NULL: not looked at */
};

#define QNAME "1.2.0.192.in-addr.arpa"

static void
start(struct wire *w, const struct dns_query *q, int rcode)
{
	wire_reply(w, q->wire, q->len, rcode);
}

static void
one_ptr(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	wire_text(w, WIRE_ANSWER, QNAME, DNS_PTR, "MAIL.example");
}

static void
two_ptr(struct wire *w, const struct dns_query *q)
{
	one_ptr(w, q);
	wire_text(w, WIRE_ANSWER, QNAME, DNS_PTR, "b.example");
}

static void
root_ptr(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	wire_text(w, WIRE_ANSWER, QNAME, DNS_PTR, "");
}

static void
nxdomain(struct wire *w, const struct dns_query *q)
{
	start(w, q, 3);
	wire_soa(w, "2.0.192.in-addr.arpa", "hostmaster.example");
}

static void
nodata(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	wire_soa(w, "2.0.192.in-addr.arpa", "hostmaster.example");
}

static void
servfail(struct wire *w, const struct dns_query *q)
{
	start(w, q, 2);
	wire_ede(w, 22, "delegation broken");
}

static void
refused(struct wire *w, const struct dns_query *q)
{
	start(w, q, 5);
}

static void
notzone(struct wire *w, const struct dns_query *q)
{
	start(w, q, 10);
}

static void
chain(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	wire_text(w, WIRE_ANSWER, QNAME, DNS_CNAME, "1.0/25.2.0.192.in-addr.arpa");
	wire_text(w, WIRE_ANSWER, "1.0/25.2.0.192.in-addr.arpa", DNS_PTR, "mail.example");
}

/* RFC 1034 3.6.2: a name with a CNAME has nothing else; which of the two holds cannot be told */
static void
chain_and_ptr(struct wire *w, const struct dns_query *q)
{
	chain(w, q);
	wire_text(w, WIRE_ANSWER, QNAME, DNS_PTR, "other.example");
}

static void
two_chains(struct wire *w, const struct dns_query *q)
{
	chain(w, q);
	wire_text(w, WIRE_ANSWER, QNAME, DNS_CNAME, "other.example");
}

static void
chain_twice(struct wire *w, const struct dns_query *q)
{
	chain(w, q);
	wire_text(w, WIRE_ANSWER, QNAME, DNS_CNAME, "1.0/25.2.0.192.in-addr.arpa");
}

/* The class of the first answer is behind the question, a pointer or a whole name, and the type. */
static void
chain_of_another_class(struct wire *w, const struct dns_query *q)
{
	chain(w, q);
	size_t owner = w->bytes[q->question_len + DNS_HEADER] >= 0xc0 ? 2 : q->question_len - 4;
	w->bytes[DNS_HEADER + q->question_len + owner + 3] = 3; /* CH */
}

/* the order of records means nothing (RFC 1034 3.6) */
static void
chain_backwards(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	wire_text(w, WIRE_ANSWER, "b.example", DNS_PTR, "mail.example");
	wire_text(w, WIRE_ANSWER, "a.example", DNS_CNAME, "b.example");
	wire_text(w, WIRE_ANSWER, QNAME, DNS_CNAME, "a.example");
}

static void
chain_dangling(struct wire *w, const struct dns_query *q)
{
	start(w, q, 3);
	wire_text(w, WIRE_ANSWER, QNAME, DNS_CNAME, "nowhere.example");
}

static void
loop_of_two(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	wire_text(w, WIRE_ANSWER, QNAME, DNS_CNAME, "a.example");
	wire_text(w, WIRE_ANSWER, "a.example", DNS_CNAME, QNAME);
}

static void
loop_of_one(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	wire_text(w, WIRE_ANSWER, QNAME, DNS_CNAME, QNAME);
}

static void
chain_too_long(struct wire *w, const struct dns_query *q)
{
	char from[32], to[32];

	start(w, q, 0);
	wire_text(w, WIRE_ANSWER, QNAME, DNS_CNAME, "c0.example");
	for (int i = 0; i < DNS_CHAIN_MAX; i++) {
		snprintf(from, sizeof from, "c%d.example", i);
		snprintf(to, sizeof to, "c%d.example", i + 1);
		wire_text(w, WIRE_ANSWER, from, DNS_CNAME, to);
	}
}

/* a record of another name is no answer to this question, whoever put it there */
static void
stranger(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	wire_text(w, WIRE_ANSWER, "9.2.0.192.in-addr.arpa", DNS_PTR, "evil.example");
}

/* a server that was asked about a zone which it has delegated */
static void
referral(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	wire_text(w, WIRE_AUTHORITY, "2.0.192.in-addr.arpa", DNS_NS, "ns.example");
}

/* the zone above names the servers of the name that they were asked for; others are beside the point */
static void
delegation(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	wire_text(w, WIRE_AUTHORITY, QNAME, DNS_NS, "ns1.example");
	wire_text(w, WIRE_AUTHORITY, "0.192.in-addr.arpa", DNS_NS, "other.example");
	wire_text(w, WIRE_AUTHORITY, QNAME, DNS_NS, "ns2.example");
}

/* what old servers say of names that they know nothing about */
static void
referral_to_root(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	wire_text(w, WIRE_AUTHORITY, "", DNS_NS, "a.root-servers.net");
}

/* some resolvers add the zone's servers to an answer */
static void
answer_with_servers(struct wire *w, const struct dns_query *q)
{
	one_ptr(w, q);
	wire_text(w, WIRE_AUTHORITY, "2.0.192.in-addr.arpa", DNS_NS, "ns.example");
}

static void
nodata_with_servers(struct wire *w, const struct dns_query *q)
{
	nodata(w, q);
	wire_text(w, WIRE_AUTHORITY, "2.0.192.in-addr.arpa", DNS_NS, "ns.example");
}

static void
nxdomain_with_ptr(struct wire *w, const struct dns_query *q)
{
	start(w, q, 3);
	wire_text(w, WIRE_ANSWER, QNAME, DNS_PTR, "mail.example");
}

/* as many as a message holds: each 16 bytes, its owner a pointer to the question */
static void
full_of_addresses(struct wire *w, const struct dns_query *q)
{
	static const uint8_t head[] = { 0xc0, DNS_HEADER, 0, DNS_A, 0, 1, 0, 0, 0, 60, 0, 4 };
	size_t n = 0;

	start(w, q, 0);
	for (; w->len + sizeof head + 4 <= WIRE_MAX; n++) {
		uint8_t address[] = { 203, 0, (uint8_t)(n >> 8), (uint8_t)n };
		memcpy(w->bytes + w->len, head, sizeof head);
		memcpy(w->bytes + w->len + sizeof head, address, 4);
		w->len += sizeof head + 4;
	}
	w->bytes[WIRE_ANSWER] = (uint8_t)(n >> 8);
	w->bytes[WIRE_ANSWER + 1] = (uint8_t)n;
}

static void
other_type(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	wire_text(w, WIRE_ANSWER, QNAME, DNS_TXT, "text");
}

static void
txt_hostile(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	wire_text(w, WIRE_ANSWER, QNAME, DNS_TXT, "\x1b[31mred");
}

static void
txt_strings(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	wire_record(w, WIRE_ANSWER, QNAME, DNS_TXT, 60, "\x03one\x00\x03two", 9);
}

static void
a_records(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	wire_text(w, WIRE_ANSWER, QNAME, DNS_A, "127.0.0.2");
	wire_text(w, WIRE_ANSWER, QNAME, DNS_A, "127.0.0.10");
}

static void
a_short(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	wire_record(w, WIRE_ANSWER, QNAME, DNS_A, 60, "\x7f\0\0", 3);
}

static void
wrong_id(struct wire *w, const struct dns_query *q)
{
	one_ptr(w, q);
	w->bytes[1] ^= 1;
}

static void
wrong_name(struct wire *w, const struct dns_query *q)
{
	one_ptr(w, q);
	w->bytes[13] ^= 1;
}

static void
wrong_type(struct wire *w, const struct dns_query *q)
{
	one_ptr(w, q);
	w->bytes[DNS_HEADER + q->question_len - 3] ^= 1;
}

static void
other_case(struct wire *w, const struct dns_query *q)
{
	one_ptr(w, q);
	for (size_t i = DNS_HEADER; i < DNS_HEADER + q->question_len - 4; i++)
		if (w->bytes[i] >= 'a' && w->bytes[i] <= 'z')
			w->bytes[i] ^= 0x20;
}

static void
a_query(struct wire *w, const struct dns_query *q)
{
	one_ptr(w, q);
	w->bytes[2] &= 0x7f;
}

static void
other_opcode(struct wire *w, const struct dns_query *q)
{
	one_ptr(w, q);
	w->bytes[2] |= 0x28;
}

static void
two_questions(struct wire *w, const struct dns_query *q)
{
	one_ptr(w, q);
	w->bytes[5] = 2;
}

static void
no_question(struct wire *w, const struct dns_query *q)
{
	start(w, q, 2);
	w->bytes[5] = 0;
	w->len = DNS_HEADER;
}

static void
truncated(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	wire_flag(w, 2, 0x02);
}

static void
truncated_complete(struct wire *w, const struct dns_query *q)
{
	one_ptr(w, q);
	wire_flag(w, 2, 0x02);
}

static void
formerr(struct wire *w, const struct dns_query *q)
{
	start(w, q, 1);
}

static void
formerr_header_only(struct wire *w, const struct dns_query *q)
{
	start(w, q, 1);
	w->bytes[5] = 0;
	w->len = DNS_HEADER;
}

static void
badvers(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	/* the upper eight bits of rcode 16 stand in the OPT record's TTL */
	wire_record(w, WIRE_ADDITIONAL, "", 41, 1u << 24, "", 0);
}

static void
cut_off(struct wire *w, const struct dns_query *q)
{
	one_ptr(w, q);
	w->len -= 3;
}

static void
pointer_loop(struct wire *w, const struct dns_query *q)
{
	one_ptr(w, q);
	w->bytes[w->len - 14] = 0xc0;
	w->bytes[w->len - 13] = (uint8_t)(w->len - 14);
}

static void
count_lies(struct wire *w, const struct dns_query *q)
{
	one_ptr(w, q);
	w->bytes[6] = 0xff;
}

static void
tiny(struct wire *w, const struct dns_query *q)
{
	start(w, q, 0);
	w->len = 11;
}

static const struct row rows[] = {
	{ "one PTR, name in lower case", .type = DNS_PTR, .make = one_ptr, .reply = DNS_REPLY_GOOD,
	    .status = DNS_FOUND, .n_records = 1, .first = "mail.example" },
	{ "two PTR", .type = DNS_PTR, .make = two_ptr, .reply = DNS_REPLY_GOOD, .status = DNS_FOUND,
	    .n_records = 2 },
	{ "PTR to the root", .type = DNS_PTR, .make = root_ptr, .reply = DNS_REPLY_GOOD,
	    .status = DNS_FOUND, .n_records = 1, .first = "" },
	{ "NXDOMAIN", .type = DNS_PTR, .make = nxdomain, .reply = DNS_REPLY_GOOD,
	    .status = DNS_NXDOMAIN },
	{ "NODATA", .type = DNS_PTR, .make = nodata, .reply = DNS_REPLY_GOOD,
	    .status = DNS_NODATA },
	{ "SERVFAIL is not NXDOMAIN", .type = DNS_PTR, .make = servfail, .reply = DNS_REPLY_GOOD,
	    .status = DNS_SERVFAIL },
	{ "REFUSED is not NXDOMAIN", .type = DNS_PTR, .make = refused, .reply = DNS_REPLY_GOOD,
	    .status = DNS_REFUSED },
	{ "any other rcode", .type = DNS_PTR, .make = notzone, .reply = DNS_REPLY_GOOD,
	    .status = DNS_BADRCODE },
	{ "RFC 2317 CNAME", .type = DNS_PTR, .make = chain, .reply = DNS_REPLY_GOOD,
	    .status = DNS_FOUND, .n_records = 1, .n_chain = 1, .first = "mail.example" },
	{ "a CNAME beside a record", .type = DNS_PTR, .make = chain_and_ptr,
	    .reply = DNS_REPLY_MALFORMED, .status = DNS_MALFORMED },
	{ "two CNAMEs", .type = DNS_PTR, .make = two_chains, .reply = DNS_REPLY_MALFORMED,
	    .status = DNS_MALFORMED },
	{ "one CNAME twice", .type = DNS_PTR, .make = chain_twice, .reply = DNS_REPLY_GOOD,
	    .status = DNS_FOUND, .n_records = 1, .n_chain = 1, .first = "mail.example" },
	{ "CNAME of another class", .type = DNS_PTR, .make = chain_of_another_class,
	    .reply = DNS_REPLY_MALFORMED, .status = DNS_MALFORMED },
	{ "CNAME records in any order", .type = DNS_PTR, .make = chain_backwards,
	    .reply = DNS_REPLY_GOOD, .status = DNS_FOUND, .n_records = 1, .n_chain = 2 },
	{ "CNAME to nowhere", .type = DNS_PTR, .make = chain_dangling, .reply = DNS_REPLY_GOOD,
	    .status = DNS_NXDOMAIN, .n_chain = 1 },
	{ "CNAME loop of two", .type = DNS_PTR, .make = loop_of_two, .reply = DNS_REPLY_GOOD,
	    .status = DNS_LOOP, .n_chain = 1 },
	{ "CNAME to itself", .type = DNS_PTR, .make = loop_of_one, .reply = DNS_REPLY_GOOD,
	    .status = DNS_LOOP },
	{ "CNAME chain too long", .type = DNS_PTR, .make = chain_too_long, .reply = DNS_REPLY_GOOD,
	    .status = DNS_LOOP, .n_chain = 16 },
	{ "asked for the CNAME itself", .type = DNS_CNAME, .make = chain, .reply = DNS_REPLY_GOOD,
	    .status = DNS_FOUND, .n_records = 1 },
	{ "record of another owner: nothing is told", .type = DNS_PTR, .make = stranger,
	    .reply = DNS_REPLY_MALFORMED, .status = DNS_MALFORMED },
	{ "record of another type: nothing is told", .type = DNS_PTR, .make = other_type,
	    .reply = DNS_REPLY_MALFORMED, .status = DNS_MALFORMED },
	{ "a name that does not exist, and its PTR", .type = DNS_PTR, .make = nxdomain_with_ptr,
	    .reply = DNS_REPLY_MALFORMED, .status = DNS_MALFORMED, .n_records = 1 },
	{ "a referral is not NODATA", .type = DNS_PTR, .make = referral, .reply = DNS_REPLY_GOOD,
	    .status = DNS_REFERRAL },
	{ "a referral has the servers that were asked for", .type = DNS_NS, .make = delegation,
	    .reply = DNS_REPLY_GOOD, .status = DNS_REFERRAL, .n_records = 2,
	    .first = "ns1.example" },
	{ "not where something else was", .type = DNS_PTR, .make = delegation,
	    .reply = DNS_REPLY_GOOD, .status = DNS_REFERRAL },
	{ "nor those of another name", .type = DNS_NS, .make = referral, .reply = DNS_REPLY_GOOD,
	    .status = DNS_REFERRAL },
	{ "a referral to the root is no NODATA either", .type = DNS_PTR, .make = referral_to_root,
	    .reply = DNS_REPLY_GOOD, .status = DNS_REFERRAL },
	{ "NODATA with SOA and NS is", .type = DNS_PTR, .make = nodata_with_servers,
	    .reply = DNS_REPLY_GOOD, .status = DNS_NODATA },
	{ "an answer with NS is an answer", .type = DNS_PTR, .make = answer_with_servers,
	    .reply = DNS_REPLY_GOOD, .status = DNS_FOUND, .n_records = 1 },
	{ "all addresses of the longest message", .type = DNS_A, .make = full_of_addresses,
	    .tcp = true, .reply = DNS_REPLY_GOOD, .status = DNS_FOUND, .n_records = 4093,
	    .first = "203.0.0.0" },
	{ "TXT bytes as they are", .type = DNS_TXT, .make = txt_hostile, .reply = DNS_REPLY_GOOD,
	    .status = DNS_FOUND, .n_records = 1, .first = "\x1b[31mred" },
	{ "TXT strings joined", .type = DNS_TXT, .make = txt_strings, .reply = DNS_REPLY_GOOD,
	    .status = DNS_FOUND, .n_records = 1, .first = "onetwo" },
	{ "all A records, not the first", .type = DNS_A, .make = a_records, .reply = DNS_REPLY_GOOD,
	    .status = DNS_FOUND, .n_records = 2, .first = "127.0.0.2" },
	{ "A of three bytes", .type = DNS_A, .make = a_short, .reply = DNS_REPLY_MALFORMED,
	    .status = DNS_MALFORMED },
	{ "wrong id", .type = DNS_PTR, .make = wrong_id, .reply = DNS_REPLY_NOT_OURS },
	{ "wrong name in the question", .type = DNS_PTR, .make = wrong_name,
	    .reply = DNS_REPLY_NOT_OURS },
	{ "wrong type in the question", .type = DNS_PTR, .make = wrong_type,
	    .reply = DNS_REPLY_NOT_OURS },
	{ "question in upper case", .type = DNS_PTR, .make = other_case, .reply = DNS_REPLY_GOOD,
	    .status = DNS_FOUND, .n_records = 1 },
	{ "a query, not an answer", .type = DNS_PTR, .make = a_query, .reply = DNS_REPLY_NOT_OURS },
	{ "another opcode", .type = DNS_PTR, .make = other_opcode, .reply = DNS_REPLY_NOT_OURS },
	{ "two questions", .type = DNS_PTR, .make = two_questions, .reply = DNS_REPLY_NOT_OURS },
	{ "no question", .type = DNS_PTR, .make = no_question, .reply = DNS_REPLY_NOT_OURS },
	{ "shorter than a header", .type = DNS_PTR, .make = tiny, .reply = DNS_REPLY_NOT_OURS },
	{ "truncated", .type = DNS_PTR, .make = truncated, .reply = DNS_REPLY_TRUNCATED },
	{ "truncated with records: not believed", .type = DNS_PTR, .make = truncated_complete,
	    .reply = DNS_REPLY_TRUNCATED },
	{ "TC over TCP: the set fits into no message", .type = DNS_PTR, .make = truncated,
	    .tcp = true, .reply = DNS_REPLY_MALFORMED, .status = DNS_MALFORMED },
	{ "TC over TCP with a part of the set", .type = DNS_PTR, .make = truncated_complete,
	    .tcp = true, .reply = DNS_REPLY_MALFORMED, .status = DNS_MALFORMED },
	{ "FORMERR: no EDNS there", .type = DNS_PTR, .make = formerr, .reply = DNS_REPLY_NO_EDNS },
	{ "FORMERR, header only", .type = DNS_PTR, .make = formerr_header_only,
	    .reply = DNS_REPLY_NO_EDNS },
	{ "BADVERS", .type = DNS_PTR, .make = badvers, .reply = DNS_REPLY_NO_EDNS },
	{ "cut off", .type = DNS_PTR, .make = cut_off, .reply = DNS_REPLY_MALFORMED,
	    .status = DNS_MALFORMED },
	{ "compression pointer to itself", .type = DNS_PTR, .make = pointer_loop,
	    .reply = DNS_REPLY_MALFORMED, .status = DNS_MALFORMED },
	{ "record count lies", .type = DNS_PTR, .make = count_lies, .reply = DNS_REPLY_MALFORMED,
	    .status = DNS_MALFORMED },
};

static void
check_row(const struct row *row)
{
	struct dns_query q;
	struct dns_answer answer = { .n_records = 0 };
	static struct wire w;
	struct arena a;

	ROW(row->name);
	arena_init(&a);
	assert_true(dns_query_build(&q, QNAME, row->type, true, true));
	dns_query_set_id(&q, 0x1234);
	row->make(&w, &q);
	enum dns_reply reply = dns_reply_parse(&q, QNAME, row->type, w.bytes, w.len, row->tcp, &a,
	    &answer);
	assert_int_equal(reply, row->reply);
	if (reply == DNS_REPLY_GOOD || reply == DNS_REPLY_MALFORMED) {
		assert_int_equal(answer.status, row->status);
		assert_int_equal(answer.n_chain, row->n_chain);
		assert_int_equal(answer.n_records, row->n_records);
	}
	if (row->first != NULL)
		assert_string_equal(answer.records[0].text, row->first);
	arena_fini(&a);
}

static void
test_replies(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++)
		check_row(&rows[i]);
}

static void
test_negative_answer_names_its_zone(void **state)
{
	struct dns_query q;
	struct dns_answer answer;
	static struct wire w;
	struct arena a;

	(void)state;
	arena_init(&a);
	assert_true(dns_query_build(&q, QNAME, DNS_PTR, true, true));
	nxdomain(&w, &q);
	assert_int_equal(dns_reply_parse(&q, QNAME, DNS_PTR, w.bytes, w.len, false, &a, &answer),
	    DNS_REPLY_GOOD);
	assert_string_equal(answer.soa_zone, "2.0.192.in-addr.arpa");
	assert_string_equal(answer.soa_mail, "hostmaster.example");
	assert_int_equal(answer.soa_negative_ttl_s, 60);
	arena_fini(&a);
}

static void
test_extended_error_is_kept(void **state)
{
	struct dns_query q;
	struct dns_answer answer;
	static struct wire w;
	struct arena a;

	(void)state;
	arena_init(&a);
	assert_true(dns_query_build(&q, QNAME, DNS_PTR, true, true));
	servfail(&w, &q);
	assert_int_equal(dns_reply_parse(&q, QNAME, DNS_PTR, w.bytes, w.len, false, &a, &answer),
	    DNS_REPLY_GOOD);
	assert_int_equal(answer.rcode, 2);
	assert_int_equal(answer.ede, 22);
	assert_string_equal(answer.ede_text, "delegation broken");
	assert_string_equal(dns_answer_reason(&answer, &a),
	    "SERVFAIL (no reachable authority: delegation broken)");
	arena_fini(&a);
}

/* Without EDNS in the query, FORMERR is an answer like any other failure, not a reason to ask again. */
static void
test_formerr_without_edns(void **state)
{
	struct dns_query q;
	struct dns_answer answer;
	static struct wire w;
	struct arena a;

	(void)state;
	arena_init(&a);
	assert_true(dns_query_build(&q, QNAME, DNS_PTR, true, false));
	formerr(&w, &q);
	assert_int_equal(dns_reply_parse(&q, QNAME, DNS_PTR, w.bytes, w.len, false, &a, &answer),
	    DNS_REPLY_GOOD);
	assert_int_equal(answer.status, DNS_BADRCODE);
	arena_fini(&a);
}

static void
test_query(void **state)
{
	struct dns_query q;
	char name[NAME_TEXT_MAX];

	(void)state;
	assert_true(dns_query_build(&q, "mail.example", DNS_AAAA, true, true));
	assert_int_equal(wire_question(q.wire, q.len, name), DNS_AAAA);
	assert_string_equal(name, "mail.example");
	assert_int_equal(q.wire[2], 1);  /* RD */
	assert_int_equal(q.wire[11], 1); /* OPT */
	assert_int_equal(q.wire[q.len - 8] << 8 | q.wire[q.len - 7], DNS_EDNS_SIZE);
	assert_true(dns_query_build(&q, "mail.example", DNS_AAAA, false, false));
	assert_int_equal(q.wire[2], 0);
	assert_int_equal(q.len, DNS_HEADER + q.question_len);
}

static void
test_tables(void **state)
{
	(void)state;
	assert_true(enumtab_is_sound(&dns_type_names));
	assert_true(enumtab_is_sound(&dns_status_names));
}

/* Every status has an answer that holds nothing else. */
static void
test_bare(void **state)
{
	(void)state;
	for (size_t i = 0; i < dns_status_names.n; i++) {
		int status = dns_status_names.rows[i].code;
		const struct dns_answer *bare = dns_answer_bare((enum dns_status)status);
		assert_int_equal(bare->status, status);
		assert_int_equal(bare->rcode, -1);
		assert_int_equal(bare->n_records, 0);
		assert_string_equal(bare->referral, "");
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bare),
		cmocka_unit_test(test_replies),
		cmocka_unit_test(test_negative_answer_names_its_zone),
		cmocka_unit_test(test_extended_error_is_kept),
		cmocka_unit_test(test_formerr_without_edns),
		cmocka_unit_test(test_query),
		cmocka_unit_test(test_tables),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
