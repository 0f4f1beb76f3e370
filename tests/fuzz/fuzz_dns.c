/* A DNS answer: the first byte chooses the question, the rest is the message after its id. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "dns/msg.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	const char *name;
	uint16_t type;
} questions[] = {
	{ "1.2.0.192.in-addr.arpa", DNS_PTR },
	{ "mail.example", DNS_A },
	{ "mail.example", DNS_AAAA },
	{ "2.0.0.127.bl.example", DNS_TXT },
	{ "example", DNS_SOA },
	{ "example", DNS_NS },
	{ "example", DNS_MX },
	{ "mail.example", DNS_CNAME },
};

/* With bit 7 of the first byte the question is put in place, so that the fuzzer gets inside. */
static size_t
make_message(uint8_t choice, const struct dns_query *q, const uint8_t *data, size_t size,
    uint8_t *msg)
{
	memcpy(msg, data, size);
	memcpy(msg, q->wire, size < 2 ? size : 2);
	if (!(choice & 0x80) || size < DNS_HEADER + q->question_len)
		return size;
	msg[2] = (uint8_t)((msg[2] | 0x80) & ~0x78);
	msg[4] = 0, msg[5] = 1;
	memcpy(msg + DNS_HEADER, q->wire + DNS_HEADER, q->question_len);
	return size;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static uint8_t msg[65536];
	struct dns_query q;
	struct dns_answer answer;
	struct arena a;

	if (size < 1 || size > sizeof msg)
		return 0;
	size_t at = (data[0] & 7) % (sizeof questions / sizeof questions[0]);
	arena_init(&a);
	bool built = dns_query_build(&q, questions[at].name, questions[at].type, true,
	    !(data[0] & 8));
	assert(built);
	(void)built;
	if (data[0] & 32)
		dns_query_mix_case(&q, 0x9e3779b97f4a7c15);
	size_t len = make_message(data[0], &q, data + 1, size - 1, msg);
	enum dns_reply reply = dns_reply_parse(&q, questions[at].name, questions[at].type, msg, len,
	    data[0] & 16, &a, &answer);
	if (reply == DNS_REPLY_GOOD) {
		assert(answer.n_chain <= DNS_CHAIN_MAX && answer.n_records <= DNS_RECORDS_MAX);
		assert(answer.status != DNS_FOUND || answer.n_records > 0);
		(void)dns_answer_copy(&a, &answer);
		(void)dns_answer_reason(&answer, &a);
	}
	arena_fini(&a);
	return 0;
}
