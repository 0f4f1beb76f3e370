/* Questions and updates to one server, signed; and what its refusals mean. */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "dns/exchange.h"
#include "dns/msg.h"
#include "dns/random.h"
#include "provider/provider_priv.h"
#include "provider/rfc2136/rfc2136_priv.h"

enum {
	TIMEOUT_MS = 5000,
	MESSAGE_MAX = 65535,
	RCODE_NOERROR = 0,
	RCODE_NXDOMAIN = 3,
	RCODE_REFUSED = 5,
	RCODE_NXRRSET = 8,
	RCODE_NOTAUTH = 9
};

/* The meaning of an rcode for the user; the words follow the server's address. */
static const struct rcode_row {
	int rcode;
	enum err_code code;
	const char *text;
	bool says_whose; /* another server may be the right one */
} rcodes[] = {
	{ 1, ERR_UNAVAILABLE, "does not understand the message (FORMERR)", false },
	{ 2, ERR_TEMP, "has an internal fault (SERVFAIL); see its log", false },
	{ 4, ERR_DATA, "takes no dynamic updates (NOTIMP)", true },
	{ RCODE_REFUSED, ERR_NOPERM,
	    "does not allow this key to do that (REFUSED): BIND needs a grant in update-policy or "
	    "allow-update of the zone, Knot an acl with the key and the action update, PowerDNS "
	    "dnsupdate, allow-dnsupdate-from and TSIG-ALLOW-DNSUPDATE of the zone",
	    true },
	{ 7, ERR_DATA,
	    "has a record that was not there before (YXRRSET): somebody else has "
	    "changed it; plan again",
	    false },
	{ RCODE_NXRRSET, ERR_DATA,
	    "no longer has the record that was read (NXRRSET): somebody else has changed it; plan "
	    "again",
	    false },
	{ RCODE_NOTAUTH, ERR_DATA, "does not serve the zone (NOTAUTH)", true },
	{ 10, ERR_DATA, "says that the name is not in the zone (NOTZONE)", true },
};

/* Nobody named the server: the user may know a better one. */
static const char *
origin_of(const struct rfc2136_place *place)
{
	return place->derived ? "; the zone's SOA names this server: --endpoint "
				"rfc2136=ADDRESS names another" :
				"";
}

static enum err_code
rcode_error(const struct rfc2136_place *place, const char *server, int rcode, struct err *err)
{
	for (size_t i = 0; i < sizeof rcodes / sizeof rcodes[0]; i++)
		if (rcodes[i].rcode == rcode)
			return err_set(err, rcodes[i].code, "zone %s: the server %s %s%s",
			    place->zone, server, rcodes[i].text,
			    rcodes[i].says_whose ? origin_of(place) : "");
	return err_set(err, ERR_UNAVAILABLE, "zone %s: the server %s answers with rcode %d",
	    place->zone, server, rcode);
}

static enum err_code
clock_error(const struct provider_session *s, const char *server, const struct tsig_reply *reply,
    struct err *err)
{
	if (reply->server_time_s == 0)
		return err_set(err, ERR_CONFIG,
		    "the clock of %s differs from ours (BADTIME): correct it", server);
	int64_t ahead = reply->server_time_s - provider_now_s(s);
	return err_set(err, ERR_CONFIG,
	    "the clock of %s is %" PRId64
	    " s %s ours (BADTIME; %d s are allowed): correct the wrong one",
	    server, ahead < 0 ? -ahead : ahead, ahead < 0 ? "behind" : "ahead of", TSIG_FUDGE_S);
}

/* While the place is looked for, a server that nobody named and that does not know us is another's. */
static enum err_code
class_of_refusal(const struct rfc2136_place *place)
{
	return place->derived && place->n_servers > 0 ? ERR_DATA : ERR_NOPERM;
}

/* The server refuses the signature (RFC 8945 5.2). */
static enum err_code
tsig_error(const struct provider_session *s, const struct rfc2136_place *place, const char *server,
    const struct tsig_reply *reply, struct err *err)
{
	const struct rfc2136_state *state = s->state;
	switch (reply->error) {
	case TSIG_BADSIG:
		return err_set(err, ERR_NOPERM,
		    "%s has another secret for the key %s than %s (BADSIG)", server,
		    state->key.name, state->file);
	case TSIG_BADKEY:
		return err_set(err, class_of_refusal(place),
		    "%s does not know the key %s with %s from %s (BADKEY)%s", server,
		    state->key.name, state->key.algorithm, state->file, origin_of(place));
	case TSIG_BADTIME:
		return clock_error(s, server, reply, err);
	default:
		return err_set(err, ERR_NOPERM,
		    "%s refuses the signature of the key %s (TSIG error %d)", server,
		    state->key.name, reply->error);
	}
}

/* One signed message and its reply; tsig says whether to believe it. */
static enum err_code
talk(struct provider_session *s, const struct rfc2136_place *place, struct buf *message,
    struct buf *reply, struct tsig_reply *tsig, struct err *err)
{
	const struct rfc2136_state *state = s->state;
	struct tsig_mac mac;
	bool sent = false;
	if (!tsig_sign(&state->key, message, &mac))
		return err_set(err, ERR_CONFIG, "%s: the key cannot be used for signing",
		    state->file);
	enum err_code code = dns_exchange(&place->server, message, TIMEOUT_MS, reply, &sent, err);
	s->maybe_done = sent;
	if (code == ERR_NONE)
		tsig_check(&state->key, (const uint8_t *)reply->data, reply->len, &mac, tsig);
	return code;
}

/* Does the server answer for the zone when nobody signs?  False also when that is not known. */
static bool
serves_zone(struct provider_session *s, const struct rfc2136_place *place, bool *known)
{
	struct dns_query q;
	struct buf message, reply;
	struct err ignored;
	struct dns_answer answer = dns_answer_pending;
	bool sent, heard;
	*known = false;
	if (!dns_query_build(&q, place->zone, DNS_SOA, false, false))
		return false;
	dns_query_set_id(&q, random_u16());
	buf_init(&message, MESSAGE_MAX);
	buf_init(&reply, MESSAGE_MAX);
	buf_add(&message, q.wire, q.len);
	heard = dns_exchange(&place->server, &message, TIMEOUT_MS, &reply, &sent, &ignored) ==
		ERR_NONE &&
	    dns_reply_parse(&q, place->zone, DNS_SOA, (const uint8_t *)reply.data, reply.len, true,
		&s->arena, &answer) == DNS_REPLY_GOOD;
	buf_fini(&message);
	buf_fini(&reply);
	*known = heard && (dns_is_known(answer.status) || answer.status == DNS_REFERRAL);
	return *known && answer.status == DNS_FOUND && answer.authoritative;
}

/*
 * Servers say in several ways, none of them signed, that they do not accept a key: Knot and PowerDNS
 * answer NOTAUTH, as they do for a zone that is not theirs.  A question without signature shows
 * which it is.
 */
static enum err_code
not_accepted(struct provider_session *s, const struct rfc2136_place *place, const char *server,
    int rcode, struct err *err)
{
	const struct rfc2136_state *state = s->state;
	const char *word = rcode == RCODE_NOTAUTH ? "NOTAUTH" : "REFUSED";
	bool known, served = serves_zone(s, place, &known);
	if (known && !served)
		return err_set(err, ERR_DATA, "zone %s: the server %s does not serve the zone%s",
		    place->zone, server, origin_of(place));
	if (!served && rcode == RCODE_REFUSED)
		return err_set(err, ERR_DATA,
		    "zone %s: the server %s does not serve the zone, or does not allow this key to "
		    "ask (REFUSED)%s",
		    place->zone, server, origin_of(place));
	return err_set(err, class_of_refusal(place),
	    "zone %s: the server %s %s: the key %s from %s, its secret or the clock is not "
	    "accepted (%s)%s",
	    place->zone, server, served ? "serves it" : "does not say whether it serves it",
	    state->key.name, state->file, word, origin_of(place));
}

/* rcode -1: not a reply to our message at all. */
static enum err_code
judge(struct provider_session *s, const struct rfc2136_place *place, const struct tsig_reply *tsig,
    int rcode, bool good_rcode, struct err *err)
{
	char server[ENDPOINT_TEXT_MAX];
	endpoint_format(&place->server, server);
	if (rcode < 0)
		return err_set(err, ERR_UNAVAILABLE, "%s answered a different question", server);
	if (tsig->result == TSIG_REFUSED)
		return tsig_error(s, place, server, tsig, err);
	if (rcode == RCODE_NOTAUTH && tsig->result == TSIG_UNSIGNED)
		return not_accepted(s, place, server, rcode, err);
	/* an error needs no proof, success does */
	if (!good_rcode)
		return rcode_error(place, server, rcode, err);
	if (tsig->result == TSIG_UNSIGNED)
		return err_set(err, ERR_DATA,
		    "the answer of %s is not signed and cannot be trusted: the server does not "
		    "know the key",
		    server);
	if (tsig->result == TSIG_FORGED)
		return err_set(err, ERR_NOPERM, "the signature of the answer of %s is wrong",
		    server);
	return ERR_NONE;
}

/* The answer to a question, as far as it could be read. */
struct heard {
	enum dns_reply kind;
	int bare_error; /* of dns_bare_error() */
	const struct dns_answer *answer;
};

/* The rcode for judge(); -1 when no complete answer has arrived. */
static int
rcode_of(const struct heard *h)
{
	if (h->kind == DNS_REPLY_NOT_OURS)
		return h->bare_error;
	bool broken = h->kind == DNS_REPLY_MALFORMED && h->answer->rcode == RCODE_NOERROR;
	return broken ? -1 : h->answer->rcode;
}

static enum err_code
judge_answer(struct provider_session *s, const struct rfc2136_place *place,
    const struct tsig_reply *tsig, const struct heard *h, struct err *err)
{
	bool good = h->kind == DNS_REPLY_GOOD;
	bool known = good && (dns_is_known(h->answer->status) || h->answer->status == DNS_LOOP);
	char server[ENDPOINT_TEXT_MAX];
	endpoint_format(&place->server, server);
	if (good && h->answer->status == DNS_REFUSED && tsig->result != TSIG_REFUSED)
		return not_accepted(s, place, server, RCODE_REFUSED, err);
	if (judge(s, place, tsig, rcode_of(h), known, err) != ERR_NONE)
		return err->code;
	if (known && h->answer->authoritative)
		return ERR_NONE;
	return err_set(err, ERR_DATA, "%s does not serve the zone %s%s", server, place->zone,
	    origin_of(place));
}

enum err_code
rfc2136_query(struct provider_session *s, const struct rfc2136_question *question, struct arena *a,
    struct dns_answer *out, struct err *err)
{
	struct dns_query q;
	if (!dns_query_build(&q, question->name, question->type, false, false))
		return err_set(err, ERR_DATA, "%s is too long for a domain name", question->name);
	dns_query_set_id(&q, random_u16());
	struct buf message, reply;
	buf_init(&message, MESSAGE_MAX);
	buf_init(&reply, MESSAGE_MAX);
	buf_add(&message, q.wire, q.len);
	struct tsig_reply tsig = { .result = TSIG_FORGED };
	enum err_code code = talk(s, question->place, &message, &reply, &tsig, err);
	if (code == ERR_NONE) {
		const uint8_t *bytes = (const uint8_t *)reply.data;
		struct heard h = { .bare_error = dns_bare_error(&q, bytes, reply.len),
			.answer = out };
		h.kind = dns_reply_parse(&q, question->name, question->type, bytes, reply.len, true,
		    a, out);
		code = judge_answer(s, question->place, &tsig, &h, err);
	}
	buf_fini(&message);
	buf_fini(&reply);
	s->maybe_done = false; /* a question changes nothing */
	return code;
}

typedef bool build_fn(const struct dns_update *u, struct buf *out);

/* rcode is -1 where no reply to the message has come. */
static enum err_code
send_update(struct provider_session *s, const struct rfc2136_place *place,
    const struct dns_update *update, build_fn *build, int *rcode, struct err *err)
{
	struct dns_update u = *update;
	u.id = random_u16();
	struct buf message, reply;
	buf_init(&message, MESSAGE_MAX);
	buf_init(&reply, MESSAGE_MAX);
	struct tsig_reply tsig = { .result = TSIG_FORGED };
	enum err_code code;
	*rcode = -1;
	if (!build(&u, &message))
		code = err_set(err, ERR_DATA, "cannot make a message for %s: a name is too long",
		    u.owner);
	else
		code = talk(s, place, &message, &reply, &tsig, err);
	if (code == ERR_NONE) {
		*rcode = dns_update_rcode((const uint8_t *)reply.data, reply.len, u.id);
		code = judge(s, place, &tsig, *rcode, *rcode == RCODE_NOERROR, err);
		s->maybe_done = *rcode <= RCODE_NOERROR && code != ERR_NONE;
	}
	buf_fini(&message);
	buf_fini(&reply);
	return code;
}

enum err_code
rfc2136_update(struct provider_session *s, const struct rfc2136_place *place,
    const struct dns_update *update, struct err *err)
{
	int rcode;
	return send_update(s, place, update, dns_update_build, &rcode, err);
}

enum err_code
rfc2136_holds(struct provider_session *s, const struct rfc2136_question *question, bool *out,
    struct err *err)
{
	struct dns_update u = { .zone = question->place->zone,
		.owner = question->name,
		.type = question->type };
	int rcode;
	enum err_code code = send_update(s, question->place, &u, dns_update_build_question, &rcode,
	    err);
	s->maybe_done = false; /* it changes nothing */
	*out = rcode != RCODE_NXRRSET && rcode != RCODE_NXDOMAIN;
	return code == ERR_TEMP ? code : ERR_NONE;
}
