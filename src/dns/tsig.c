/* Transaction signatures: signs a message, and checks the signature of the reply. */
#include "dns/tsig.h"

#include <ldns/ldns.h>
#include <string.h>

#include "base/buf.h"

/* Fields of the TSIG record (RFC 8945 4.2), as ldns numbers them. */
enum { FIELD_MAC = 3, FIELD_ORIGINAL_ID = 4, FIELD_ERROR = 5, FIELD_OTHER = 6 };

static const char *const algorithms[] = { "hmac-md5", "hmac-sha1", "hmac-sha256", "hmac-sha512" };

bool
tsig_algorithm_known(const char *algorithm)
{
	for (size_t i = 0; i < sizeof algorithms / sizeof algorithms[0]; i++)
		if (strcmp(algorithm, algorithms[i]) == 0)
			return true;
	return false;
}

/* With final dot, as ldns compares them; MD5 has a registered name of its own (RFC 8945 6). */
static void
algorithm_name(const struct tsig_key *key, char *out, size_t size)
{
	bool md5 = strcmp(key->algorithm, "hmac-md5") == 0;
	snprintf(out, size, "%s.", md5 ? "hmac-md5.sig-alg.reg.int" : key->algorithm);
}

/* The bytes of an rdata field that starts with two bytes of length. */
static const uint8_t *
sized_field(const ldns_rr *tsig, size_t field, size_t *len)
{
	const ldns_rdf *rdf = ldns_rr_rdf(tsig, field);
	*len = rdf == NULL || ldns_rdf_size(rdf) < 2 ? 0 : ldns_rdf_size(rdf) - 2;
	return *len == 0 ? NULL : ldns_rdf_data(rdf) + 2;
}

static bool
sign_packet(const struct tsig_key *key, ldns_pkt *packet, struct buf *message, struct tsig_mac *mac)
{
	char name[NAME_TEXT_MAX + 1], algorithm[64];
	snprintf(name, sizeof name, "%s.", key->name);
	algorithm_name(key, algorithm, sizeof algorithm);
	if (ldns_pkt_tsig_sign(packet, name, key->secret, TSIG_FUDGE_S, algorithm, NULL) !=
	    LDNS_STATUS_OK)
		return false;
	const uint8_t *bytes = sized_field(ldns_pkt_tsig(packet), FIELD_MAC, &mac->len);
	if (bytes == NULL || mac->len > TSIG_MAC_MAX)
		return false;
	memcpy(mac->bytes, bytes, mac->len);

	uint8_t *wire = NULL;
	size_t len = 0;
	if (ldns_pkt2wire(&wire, packet, &len) != LDNS_STATUS_OK)
		return false;
	buf_reset(message);
	buf_add(message, wire, len);
	LDNS_FREE(wire);
	return !message->failed;
}

/* ldns leaks memory when a secret is not base64. */
static bool
is_usable(const struct tsig_key *key)
{
	ldns_rdf *bytes = NULL;
	if (ldns_str2rdf_b64(&bytes, key->secret) != LDNS_STATUS_OK)
		return false;
	explicit_bzero(ldns_rdf_data(bytes), ldns_rdf_size(bytes));
	ldns_rdf_deep_free(bytes);
	return true;
}

bool
tsig_sign(const struct tsig_key *key, struct buf *message, struct tsig_mac *mac)
{
	ldns_pkt *packet = NULL;
	if (!is_usable(key) ||
	    ldns_wire2pkt(&packet, (const uint8_t *)message->data, message->len) != LDNS_STATUS_OK)
		return false;
	bool signed_now = sign_packet(key, packet, message, mac);
	ldns_pkt_free(packet);
	return signed_now;
}

/* RFC 8945 5.2.3: a server that refuses our clock sends its own, in 48 bits. */
static int64_t
server_time(const ldns_rr *tsig)
{
	size_t len;
	const uint8_t *bytes = sized_field(tsig, FIELD_OTHER, &len);
	int64_t seconds = 0;
	for (size_t i = 0; len == 6 && i < len; i++)
		seconds = seconds << 8 | bytes[i];
	return seconds;
}

/*
 * A server that passes a message on gives it an id of its own, and puts the sender's back into the
 * reply: the signature is over the id that the TSIG record keeps (RFC 8945 5.3.2 with 4.3.2).
 */
static void
restore_id(const ldns_rr *tsig, struct buf *message)
{
	const ldns_rdf *id = ldns_rr_rdf(tsig, FIELD_ORIGINAL_ID);
	if (id != NULL && ldns_rdf_size(id) == 2)
		memcpy(message->data, ldns_rdf_data(id), 2);
}

static bool
mac_is_good(const struct tsig_key *key, ldns_pkt *packet, const uint8_t *message, size_t len,
    const struct tsig_mac *request_mac)
{
	char name[NAME_TEXT_MAX + 1];
	snprintf(name, sizeof name, "%s.", key->name);
	uint8_t field[2 + TSIG_MAC_MAX] = { 0, (uint8_t)request_mac->len };
	memcpy(field + 2, request_mac->bytes, request_mac->len);
	ldns_rdf *mac = ldns_rdf_new_frm_data(LDNS_RDF_TYPE_INT16_DATA, 2 + request_mac->len,
	    field);
	struct buf digested;
	buf_init(&digested, len);
	buf_add(&digested, message, len);
	restore_id(ldns_pkt_tsig(packet), &digested);
	bool good = mac != NULL &&
	    ldns_pkt_tsig_verify(packet, (const uint8_t *)digested.data, len, name, key->secret,
		mac);
	buf_fini(&digested);
	ldns_rdf_deep_free(mac);
	return good;
}

static void
check_packet(const struct tsig_key *key, ldns_pkt *packet, const uint8_t *message, size_t len,
    const struct tsig_mac *request_mac, struct tsig_reply *out)
{
	ldns_rr *tsig = ldns_pkt_tsig(packet);
	if (tsig == NULL) {
		out->result = TSIG_UNSIGNED;
		return;
	}
	const ldns_rdf *error = ldns_rr_rdf(tsig, FIELD_ERROR);
	if (error == NULL || ldns_rdf_size(error) != 2)
		return;
	out->error = ldns_rdf2native_int16(error);
	if (out->error == 0) {
		bool good = mac_is_good(key, packet, message, len, request_mac);
		/* of an algorithm that it does not know ldns leaves the record out, and lost */
		ldns_pkt_set_tsig(packet, tsig);
		out->result = good ? TSIG_GOOD : TSIG_FORGED;
		return;
	}
	/* a refusal need not be signed (RFC 8945 5.3.2), and whoever forges one gains nothing */
	out->result = TSIG_REFUSED;
	out->server_time_s = out->error == TSIG_BADTIME ? server_time(tsig) : 0;
}

void
tsig_check(const struct tsig_key *key, const uint8_t *message, size_t len,
    const struct tsig_mac *request_mac, struct tsig_reply *out)
{
	*out = (struct tsig_reply){ .result = TSIG_FORGED };
	ldns_pkt *packet = NULL;
	if (ldns_wire2pkt(&packet, message, len) != LDNS_STATUS_OK)
		return;
	check_packet(key, packet, message, len, request_mac, out);
	ldns_pkt_free(packet);
}
