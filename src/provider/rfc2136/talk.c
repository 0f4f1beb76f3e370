/* Questions and updates to one server, signed; and what its refusals mean. */
#include <inttypes.h>
#include <string.h>
#include <sys/random.h>

#include "base/buf.h"
#include "dns/exchange.h"
#include "dns/msg.h"
#include "provider/provider_priv.h"
#include "provider/rfc2136/rfc2136_priv.h"

enum { TIMEOUT_MS = 5000, MESSAGE_MAX = 65535, RCODE_NOERROR = 0 };

/* The meaning of an rcode for the user; the words follow the server's address. */
static const struct rcode_row {
	int rcode;
	enum err_code code;
	const char *text;
} rcodes[] = {
	{ 1, ERR_UNAVAILABLE, "does not understand the message (FORMERR)" },
	{ 2, ERR_TEMP, "has an internal fault (SERVFAIL); see its log" },
	{ 4, ERR_DATA, "takes no dynamic updates (NOTIMP)" },
	{ 5, ERR_NOPERM,
	    "does not allow this key to do that (REFUSED): BIND needs a grant in update-policy or "
	    "allow-update of the zone, Knot an acl with the key and the action update" },
	{ 7, ERR_DATA,
	    "has a record that was not there before (YXRRSET): somebody else has "
	    "changed it; plan again" },
	{ 8, ERR_DATA,
	    "no longer has the record that was read (NXRRSET): somebody else has changed it; plan "
	    "again" },
	{ 9, ERR_DATA, "does not serve the zone (NOTAUTH)" },
	{ 10, ERR_DATA, "says that the name is not in the zone (NOTZONE)" },
};

static enum err_code
rcode_error(const char *server, const char *zone, int rcode, struct err *err)
{
	for (size_t i = 0; i < sizeof rcodes / sizeof rcodes[0]; i++)
		if (rcodes[i].rcode == rcode)
			return err_set(err, rcodes[i].code, "zone %s: the server %s %s", zone,
			    server, rcodes[i].text);
	return err_set(err, ERR_UNAVAILABLE, "zone %s: the server %s answers with rcode %d", zone,
	    server, rcode);
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
		/* a server that nobody named and that does not know us is somebody else's */
		return err_set(err, place->derived ? ERR_DATA : ERR_NOPERM,
		    "%s does not know the key %s with %s from %s (BADKEY)", server, state->key.name,
		    state->key.algorithm, state->file);
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
	/* an error needs no proof, success does: Knot's NOTAUTH for an unknown zone is not signed */
	if (!good_rcode)
		return rcode_error(server, place->zone, rcode, err);
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

static uint16_t
random_id(void)
{
	uint16_t id = 0;
	/* never blocks long and cannot fail for so few bytes; TSIG binds the reply besides */
	if (getrandom(&id, sizeof id, 0) != (ssize_t)sizeof id)
		id = 1;
	return id;
}

/* The rcode for judge(); -1 when no complete answer has arrived. */
static int
rcode_of(enum dns_reply reply, const struct dns_answer *answer)
{
	bool broken = reply == DNS_REPLY_MALFORMED && answer->rcode == RCODE_NOERROR;
	return reply == DNS_REPLY_NOT_OURS || broken ? -1 : answer->rcode;
}

static enum err_code
judge_answer(struct provider_session *s, const struct rfc2136_question *question,
    const struct tsig_reply *tsig, enum dns_reply reply, const struct dns_answer *answer,
    struct err *err)
{
	bool told = reply == DNS_REPLY_GOOD &&
	    (dns_told(answer->status) || answer->status == DNS_LOOP);
	bool refused = reply == DNS_REPLY_GOOD && answer->status == DNS_REFUSED;
	if (!refused || tsig->result == TSIG_REFUSED) {
		int rcode = rcode_of(reply, answer);
		if (judge(s, question->place, tsig, rcode, told, err) != ERR_NONE)
			return err->code;
	}
	if (told && answer->authoritative)
		return ERR_NONE;
	char server[ENDPOINT_TEXT_MAX];
	return err_set(err, ERR_DATA, "%s does not serve the zone %s%s",
	    endpoint_format(&question->place->server, server), question->place->zone,
	    refused ? ", or does not allow this key to ask (REFUSED)" : "");
}

enum err_code
rfc2136_query(struct provider_session *s, const struct rfc2136_question *question, struct arena *a,
    struct dns_answer *out, struct err *err)
{
	struct dns_query q;
	if (!dns_query_build(&q, question->name, question->type, false, false))
		return err_set(err, ERR_DATA, "%s is too long for a domain name", question->name);
	dns_query_set_id(&q, random_id());
	struct buf message, reply;
	buf_init(&message, MESSAGE_MAX);
	buf_init(&reply, MESSAGE_MAX);
	buf_add(&message, q.wire, q.len);
	struct tsig_reply tsig = { .result = TSIG_FORGED };
	enum err_code code = talk(s, question->place, &message, &reply, &tsig, err);
	if (code == ERR_NONE) {
		enum dns_reply kind = dns_reply_parse(&q, question->name, question->type,
		    (const uint8_t *)reply.data, reply.len, true, a, out);
		code = judge_answer(s, question, &tsig, kind, out, err);
	}
	buf_fini(&message);
	buf_fini(&reply);
	s->maybe_done = false; /* a question changes nothing */
	return code;
}

enum err_code
rfc2136_update(struct provider_session *s, const struct rfc2136_place *place,
    const struct dns_update *update, struct err *err)
{
	struct dns_update u = *update;
	u.id = random_id();
	struct buf message, reply;
	buf_init(&message, MESSAGE_MAX);
	buf_init(&reply, MESSAGE_MAX);
	struct tsig_reply tsig = { .result = TSIG_FORGED };
	enum err_code code;
	if (!dns_update_build(&u, &message))
		code = err_set(err, ERR_DATA, "cannot make a message for %s: a name is too long",
		    u.owner);
	else
		code = talk(s, place, &message, &reply, &tsig, err);
	if (code == ERR_NONE) {
		int rcode = dns_update_rcode((const uint8_t *)reply.data, reply.len, u.id);
		code = judge(s, place, &tsig, rcode, rcode == RCODE_NOERROR, err);
		s->maybe_done = rcode <= RCODE_NOERROR && code != ERR_NONE;
	}
	buf_fini(&message);
	buf_fini(&reply);
	return code;
}
