#include "dns/tsig.h"

#include <ldns/ldns.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>

#include "base/buf.h"
#include "dns/msg.h"
#include "test.h"

/* "0123456789abcdef" */
static const struct tsig_key key = { "upd", "hmac-sha256", "MDEyMzQ1Njc4OWFiY2RlZg==" };
static const struct tsig_key other_secret = { "upd", "hmac-sha256", "ZmVkY2JhOTg3NjU0MzIxMA==" };
static const struct tsig_key other_name = { "udp", "hmac-sha256", "MDEyMzQ1Njc4OWFiY2RlZg==" };

static void
make_query(struct buf *out)
{
	struct dns_query q;
	assert_true(dns_query_build(&q, "o.z", DNS_PTR, false, false));
	dns_query_set_id(&q, 0x1234);
	buf_init(out, 65535);
	buf_add(out, q.wire, q.len);
}

/* What a server with that key answers to a message with that MAC. */
static void
make_reply(const struct tsig_key *k, const struct tsig_mac *mac, struct buf *out)
{
	make_query(out);
	out->data[2] |= (char)0x80;
	ldns_pkt *packet;
	assert_int_equal(ldns_wire2pkt(&packet, (uint8_t *)out->data, out->len), LDNS_STATUS_OK);
	uint8_t field[2 + TSIG_MAC_MAX] = { 0, (uint8_t)mac->len };
	memcpy(field + 2, mac->bytes, mac->len);
	ldns_rdf *rdf = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_INT16_DATA, mac->len + 2, field);
	char name[NAME_TEXT_MAX + 1];
	snprintf(name, sizeof name, "%s.", k->name);
	assert_int_equal(ldns_pkt_tsig_sign(packet, name, k->secret, 300, "hmac-sha256.", rdf),
	    LDNS_STATUS_OK);
	uint8_t *wire;
	size_t len;
	assert_int_equal(ldns_pkt2wire(&wire, packet, &len), LDNS_STATUS_OK);
	buf_reset(out);
	buf_add(out, wire, len);
	free(wire);
	ldns_rdf_deep_free(rdf);
	ldns_pkt_free(packet);
}

/* A refusal as RFC 8945 5.3.2 has it: no MAC, the error, and other data. */
static void
make_refusal(int error, const char *other, size_t other_len, struct buf *out)
{
	make_query(out);
	out->data[2] |= (char)0x80;
	out->data[3] = 9;
	out->data[11] = 1;
	static const uint8_t algorithm[] = "\x0bhmac-sha256";
	uint8_t rest[] = { 0, 0, 0, 0, 0, 1, 1, 44, 0, 0, 0x12, 0x34, 0, (uint8_t)error, 0,
		(uint8_t)other_len };
	size_t len = sizeof algorithm + sizeof rest + other_len;
	const uint8_t head[] = { 3, 'u', 'p', 'd', 0, 0, 250, 0, 255, 0, 0, 0, 0, 0, (uint8_t)len };
	buf_add(out, head, sizeof head);
	buf_add(out, algorithm, sizeof algorithm);
	buf_add(out, rest, sizeof rest);
	buf_add(out, other, other_len);
}

static struct tsig_mac
sign(struct buf *message)
{
	struct tsig_mac mac;
	make_query(message);
	assert_true(tsig_sign(&key, message, &mac));
	assert_int_equal(mac.len, 32);
	return mac;
}

static void
mac_is_that_of_the_rfc(void **state)
{
	(void)state;
	struct buf plain, message;
	make_query(&plain);
	struct tsig_mac mac = sign(&message);
	/* name, class ANY, TTL 0, algorithm, then time and fudge as sent, error and other length */
	static const uint8_t names[] = "\x03upd\x00\x00\xff\x00\x00\x00\x00\x0bhmac-sha256";
	const uint8_t *tsig = (const uint8_t *)message.data + plain.len;
	const uint8_t *times = tsig + 5 + 10 + 13;
	buf_add(&plain, names, sizeof names);
	buf_add(&plain, times, 8);
	buf_add(&plain, "\0\0\0\0", 4);

	uint8_t expected[EVP_MAX_MD_SIZE];
	unsigned len;
	HMAC(EVP_sha256(), "0123456789abcdef", 16, (uint8_t *)plain.data, plain.len, expected,
	    &len);
	assert_int_equal(len, mac.len);
	assert_memory_equal(expected, mac.bytes, len);
	assert_int_equal(message.data[11], 1); /* one additional record */
	buf_fini(&plain);
	buf_fini(&message);
}

static void
replies_are_believed_when_signed(void **state)
{
	(void)state;
	enum change { AS_IS, TAMPERED, CUT, OTHER_EXCHANGE, FORWARDED };
	static const struct {
		const char *name;
		const struct tsig_key *signer;
		enum change change;
		enum tsig_result expected;
	} cases[] = {
		{ "good", &key, AS_IS, TSIG_GOOD },
		{ "by a server that passed the message on", &key, FORWARDED, TSIG_GOOD },
		{ "another secret", &other_secret, AS_IS, TSIG_FORGED },
		{ "another key name", &other_name, AS_IS, TSIG_FORGED },
		{ "a changed byte", &key, TAMPERED, TSIG_FORGED },
		{ "a cut message", &key, CUT, TSIG_FORGED },
		{ "a reply to another message", &key, OTHER_EXCHANGE, TSIG_FORGED },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		ROW(cases[i].name);
		struct buf message, reply;
		struct tsig_mac mac = sign(&message);
		make_reply(cases[i].signer, &mac, &reply);
		if (cases[i].change == TAMPERED)
			reply.data[13] ^= 1;
		if (cases[i].change == FORWARDED)
			memcpy(reply.data, "\x7d\xef", 2);
		if (cases[i].change == OTHER_EXCHANGE)
			mac.bytes[0] ^= 1;
		struct tsig_reply r;
		tsig_check(&key, (uint8_t *)reply.data, reply.len - (cases[i].change == CUT), &mac,
		    &r);
		assert_int_equal(r.result, cases[i].expected);
		assert_int_equal(r.error, 0);
		buf_fini(&message);
		buf_fini(&reply);
	}
}

static void
refusals_say_why(void **state)
{
	(void)state;
	static const struct {
		int error;
		const char *other;
		size_t len;
		int64_t time_s;
	} cases[] = {
		{ TSIG_BADSIG, "", 0, 0 },
		{ TSIG_BADKEY, "", 0, 0 },
		{ TSIG_BADTIME, "\x00\x00\x5f\xee\x66\x00", 6, 0x5fee6600 },
		{ TSIG_BADTIME, "\x01", 1, 0 },
		{ TSIG_BADSIG, "\x00\x00\x5f\xee\x66\x00", 6, 0 },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct buf message, reply;
		struct tsig_mac mac = sign(&message);
		make_refusal(cases[i].error, cases[i].other, cases[i].len, &reply);
		struct tsig_reply r;
		tsig_check(&key, (uint8_t *)reply.data, reply.len, &mac, &r);
		assert_int_equal(r.result, TSIG_REFUSED);
		assert_int_equal(r.error, cases[i].error);
		assert_int_equal(r.server_time_s, cases[i].time_s);
		buf_fini(&message);
		buf_fini(&reply);
	}
}

static void
no_signature_at_all(void **state)
{
	(void)state;
	struct buf message, reply;
	struct tsig_mac mac = sign(&message);
	make_query(&reply);
	struct tsig_reply r;
	tsig_check(&key, (uint8_t *)reply.data, reply.len, &mac, &r);
	assert_int_equal(r.result, TSIG_UNSIGNED);
	tsig_check(&key, (const uint8_t *)"", 0, &mac, &r);
	assert_int_equal(r.result, TSIG_FORGED);
	buf_fini(&message);
	buf_fini(&reply);
}

static void
every_known_algorithm_signs(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		size_t mac_len; /* 0: not known */
	} cases[] = { { "hmac-md5", 16 }, { "hmac-sha1", 20 }, { "hmac-sha256", 32 },
		{ "hmac-sha512", 64 }, { "hmac-sha224", 0 }, { "hmac-sha384", 0 }, { "", 0 } };
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		ROW(cases[i].name);
		assert_int_equal(tsig_algorithm_known(cases[i].name), cases[i].mac_len > 0);
		if (cases[i].mac_len == 0)
			continue;
		struct tsig_key k = key;
		snprintf(k.algorithm, sizeof k.algorithm, "%s", cases[i].name);
		struct buf message;
		struct tsig_mac mac;
		make_query(&message);
		assert_true(tsig_sign(&k, &message, &mac));
		assert_int_equal(mac.len, cases[i].mac_len);
		buf_fini(&message);
	}
}

static void
a_bad_secret_signs_nothing(void **state)
{
	(void)state;
	struct tsig_key bad = { "upd", "hmac-sha256", "no base64!" };
	struct buf message;
	struct tsig_mac mac;
	make_query(&message);
	assert_false(tsig_sign(&bad, &message, &mac));
	buf_fini(&message);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(mac_is_that_of_the_rfc),
		cmocka_unit_test(replies_are_believed_when_signed),
		cmocka_unit_test(refusals_say_why),
		cmocka_unit_test(no_signature_at_all),
		cmocka_unit_test(every_known_algorithm_signs),
		cmocka_unit_test(a_bad_secret_signs_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
