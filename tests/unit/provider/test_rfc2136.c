/* The provider against a server that signs, refuses, forges and forgets. */
#include "provider/rfc2136/rfc2136_priv.h"

#include <arpa/inet.h>
#include <ldns/ldns.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "dns/nat64.h"
#include "inside.h"
#include "provider/provider_priv.h"
#include "test.h"
#include "wire.h"

#define SECRET "MDEyMzQ1Njc4OWFiY2RlZg=="

/* ---- a server that does what real ones do seldom, in a process of its own */

enum deed { DONE, IGNORED, UNSIGNED, FORGED, CUT, TSIG_ERROR, ONE_RCODE, OTHER_ID, OPCODE_QUERY };

/* The way in which a server says that it does not accept a key. */
enum refusal {
	ACCEPTS,
	AS_NOTAUTH, /* Knot 3.4, PowerDNS: NOTAUTH without a signature; unsigned questions are answered */
	AS_NSD,     /* NOTAUTH with BADKEY, and no question */
	AS_REFUSED, /* REFUSED; unsigned questions are answered */
	NOT_SERVED, /* NOTAUTH to whoever signs, and what another zone's server says to who does not */
	CLOSED,     /* NOTAUTH to whoever signs, REFUSED to who does not */
};

struct server_script {
	enum refusal refusal; /* of keys, in questions */
	enum deed deed;       /* what comes of an update */
	int rcode;            /* or the error of TSIG */
	int query_rcode;      /* what comes of a question; 0: an answer */
	size_t n_records;     /* of a set that was written; 0: one */
	bool forgets;         /* the third question after an update finds nothing */
	size_t lag;           /* so many questions after an update still find nothing */
	bool wildcard;        /* answers for every name that nobody has set */
	int holds_rcode; /* what comes of the question whether a name holds records; 0: the truth */
};

struct connection {
	uint8_t in[65535];
	size_t len;
	struct wire reply;
	bool written; /* an update was carried out: the name is there */
	size_t asked; /* questions about it since then */
};

static void
sign_reply(struct connection *c, const char *secret)
{
	ldns_pkt *query, *reply;
	uint8_t *wire;
	size_t len;
	if (ldns_wire2pkt(&query, c->in, c->len) != LDNS_STATUS_OK ||
	    ldns_wire2pkt(&reply, c->reply.bytes, c->reply.len) != LDNS_STATUS_OK ||
	    ldns_pkt_tsig(query) == NULL ||
	    ldns_pkt_tsig_sign(reply, "upd.", secret, 300, "hmac-sha256.",
		ldns_rr_rdf(ldns_pkt_tsig(query), 3)) != LDNS_STATUS_OK ||
	    ldns_pkt2wire(&wire, reply, &len) != LDNS_STATUS_OK)
		_exit(3);
	memcpy(c->reply.bytes, wire, len);
	c->reply.len = len;
	free(wire);
	ldns_pkt_free(query);
	ldns_pkt_free(reply);
}

static void
refuse_signature(struct wire *w, int error)
{
	enum { ERROR_AT = 26 };
	uint8_t rdata[] =
	    "\x0bhmac-sha256\0\0\0\0\0\0\1\1\x2c\0\0\0\0\0\x12\0\6\0\0\x65\x53\xf1\x64";
	rdata[ERROR_AT] = (uint8_t)error;
	w->bytes[3] = 9;
	wire_record(w, WIRE_ADDITIONAL, "upd", 250, 0, rdata, sizeof rdata - 1);
	w->bytes[w->len - (sizeof rdata - 1) - 7] = 255; /* class ANY */
}

/* Is it an update that changes nothing? */
static bool
only_asks(const struct connection *c)
{
	return c->in[8] == 0 && c->in[9] == 0;
}

static bool
answer_update(struct connection *c, const struct server_script *script)
{
	struct wire *w = &c->reply;
	memset(w->bytes, 0, 12);
	if (only_asks(c)) {
		memcpy(w->bytes, c->in, 2);
		w->bytes[2] = 0xa8;
		w->bytes[3] = (uint8_t)(script->holds_rcode != 0 ? script->holds_rcode :
			c->written                               ? 0 :
								   8);
		w->len = 12;
		sign_reply(c, SECRET);
		return true;
	}
	memcpy(w->bytes, c->in, 2);
	w->bytes[2] = script->deed == OPCODE_QUERY ? 0x80 : 0xa8;
	w->bytes[3] = (uint8_t)(script->deed == ONE_RCODE ? script->rcode : 0);
	w->len = 12;
	c->written = c->written || script->deed == DONE;
	if (script->deed == CUT)
		return false;
	if (script->deed == OTHER_ID)
		w->bytes[0] ^= 1;
	if (script->deed == TSIG_ERROR)
		refuse_signature(w, script->rcode);
	else if (script->deed != UNSIGNED)
		sign_reply(c, script->deed == FORGED ? "ZmVkY2JhOTg3NjU0MzIxMA==" : SECRET);
	return true;
}

/* To who signs, and to who does not. */
static const struct {
	int signed_rcode, plain_rcode;
} refusals[] = {
	[AS_NOTAUTH] = { 9, 0 },
	[AS_NSD] = { 9, 0 },
	[AS_REFUSED] = { 5, 0 },
	[NOT_SERVED] = { 9, 3 },
	[CLOSED] = { 9, 5 },
};

static void
refuse_key(struct connection *c, enum refusal how)
{
	struct wire *w = &c->reply;
	wire_reply(w, c->in, c->len, refusals[how].signed_rcode);
	if (how != AS_NSD)
		return;
	w->len = 12;
	memset(w->bytes + 4, 0, 8);
	refuse_signature(w, 17);
}

static void
answer_query(struct connection *c, const struct server_script *script)
{
	static const uint8_t soa[22] = { 0 }; /* the root's names, and five numbers */
	char owner[NAME_TEXT_MAX], text[32];
	uint16_t type = wire_question(c->in, c->len, owner);
	bool is_signed = c->in[11] > 0;
	int rcode = is_signed ? script->query_rcode : refusals[script->refusal].plain_rcode;
	if (is_signed && script->refusal != ACCEPTS) {
		refuse_key(c, script->refusal);
		return;
	}
	wire_reply(&c->reply, c->in, c->len, rcode);
	wire_flag(&c->reply, 2, 0x04); /* AA */
	if (type == DNS_SOA && rcode == 0)
		wire_record(&c->reply, WIRE_ANSWER, owner, DNS_SOA, 300, soa, sizeof soa);
	c->asked += c->written && type != DNS_SOA;
	bool there = c->asked > script->lag && (!script->forgets || c->asked <= 2);
	if (script->wildcard && !there && type == DNS_PTR)
		wire_text(&c->reply, WIRE_ANSWER, owner, DNS_PTR, "generic.example");
	if (there && type == DNS_PTR)
		wire_text(&c->reply, WIRE_ANSWER, owner, DNS_PTR, "mail.example");
	if (there && type == DNS_A)
		wire_text(&c->reply, WIRE_ANSWER, owner, DNS_A, "192.0.2.1");
	for (size_t i = 1; type != DNS_SOA && there && i < script->n_records; i++) {
		snprintf(text, sizeof text, type == DNS_A ? "192.0.2.%zu" : "m%zu.example", i + 1);
		wire_text(&c->reply, WIRE_ANSWER, owner, type, text);
	}
	if (is_signed)
		sign_reply(c, SECRET);
}

static void
serve(int listener, const struct server_script *script)
{
	static struct connection c;
	for (;;) {
		uint8_t len[2];
		int fd = accept(listener, NULL, NULL);
		if (fd < 0 || recv(fd, len, 2, MSG_WAITALL) != 2)
			_exit(1);
		c.len = (size_t)(len[0] << 8 | len[1]);
		if (recv(fd, c.in, c.len, MSG_WAITALL) != (ssize_t)c.len)
			_exit(2);
		bool replies = true;
		if ((c.in[2] & 0x78) == 0x28)
			replies = answer_update(&c, script);
		else
			answer_query(&c, script);
		len[0] = (uint8_t)(c.reply.len >> 8);
		len[1] = (uint8_t)c.reply.len;
		if (replies &&
		    (send(fd, len, 2, 0) != 2 ||
			send(fd, c.reply.bytes, c.reply.len, 0) != (ssize_t)c.reply.len))
			_exit(4);
		close(fd);
	}
}

static pid_t
start_server_at(int family, const struct server_script *script, uint16_t *port)
{
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6, .sin6_addr = IN6ADDR_LOOPBACK_INIT };
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr *at = family == AF_INET ? (struct sockaddr *)&sin :
						  (struct sockaddr *)&sin6;
	socklen_t len = family == AF_INET ? sizeof sin : sizeof sin6;
	int listener = socket(family, SOCK_STREAM, 0);
	assert_int_equal(bind(listener, at, len), 0);
	assert_int_equal(listen(listener, 8), 0);
	assert_int_equal(getsockname(listener, at, &len), 0);
	*port = ntohs(family == AF_INET ? sin.sin_port : sin6.sin6_port);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		alarm(20);
		serve(listener, script);
	}
	close(listener);
	return pid;
}

static pid_t
start_server(const struct server_script *script, uint16_t *port)
{
	return start_server_at(AF_INET, script, port);
}

/* ---- the provider */

static char key_file[] = "/tmp/mailready-test-key.XXXXXX";

static const char *
get_variable(void *arg, const char *name)
{
	(void)arg;
	return strcmp(name, "MAILREADY_TSIG_FILE") == 0 ? key_file : NULL;
}

static int64_t
wall_s(void *arg)
{
	(void)arg;
	return 1700000000; /* 0x6553f100 */
}

struct update_case {
	const char *name;
	struct server_script script;
	enum err_code code;
	const char *says;
	bool maybe_done;
};

static const struct update_case updates[] = {
	{ "done", { .deed = DONE }, ERR_NONE, "", false },
	{ "NOERROR, but not done", { .deed = IGNORED }, ERR_NOPERM, "answered NOERROR", false },
	{ "done, and seen later", { .deed = DONE, .lag = 6 }, ERR_NONE, "", false },
	{ "NOERROR without signature", { .deed = UNSIGNED }, ERR_DATA, "not signed", true },
	{ "NOERROR signed with another secret", { .deed = FORGED }, ERR_NOPERM,
	    "signature of the answer", true },
	{ "cut off after the update", { .deed = CUT }, ERR_TEMP, "cut", true },
	{ "answer to something else", { .deed = OTHER_ID }, ERR_UNAVAILABLE, "a different question",
	    true },
	{ "answer to a question", { .deed = OPCODE_QUERY }, ERR_UNAVAILABLE, "a different question",
	    true },
	{ "clocks differ", { .deed = TSIG_ERROR, .rcode = 18 }, ERR_CONFIG,
	    "is 100 s ahead of ours (BADTIME", false },
	{ "another secret", { .deed = TSIG_ERROR, .rcode = 16 }, ERR_NOPERM,
	    "has another secret for the key upd", false },
	{ "a key that it does not know", { .deed = TSIG_ERROR, .rcode = 17 }, ERR_NOPERM,
	    "does not know the key upd", false },
	{ "another error of the signature", { .deed = TSIG_ERROR, .rcode = 22 }, ERR_NOPERM,
	    "TSIG error 22", false },
	{ "FORMERR", { .deed = ONE_RCODE, .rcode = 1 }, ERR_UNAVAILABLE, "FORMERR", false },
	{ "SERVFAIL", { .deed = ONE_RCODE, .rcode = 2 }, ERR_TEMP, "SERVFAIL", false },
	{ "NOTIMP", { .deed = ONE_RCODE, .rcode = 4 }, ERR_DATA, "NOTIMP", false },
	{ "REFUSED", { .deed = ONE_RCODE, .rcode = 5 }, ERR_NOPERM, "update-policy", false },
	{ "YXRRSET", { .deed = ONE_RCODE, .rcode = 7 }, ERR_DATA, "somebody else has changed it",
	    false },
	{ "NXRRSET", { .deed = ONE_RCODE, .rcode = 8 }, ERR_DATA, "somebody else has changed it",
	    false },
	{ "NOTAUTH", { .deed = ONE_RCODE, .rcode = 9 }, ERR_DATA, "does not serve the zone",
	    false },
	{ "NOTZONE", { .deed = ONE_RCODE, .rcode = 10 }, ERR_DATA, "NOTZONE", false },
	{ "an rcode of nobody", { .deed = ONE_RCODE, .rcode = 14 }, ERR_UNAVAILABLE, "rcode 14",
	    false },
};

enum { PATIENCE = 12 }; /* polls after which it must be known */

/* What polling comes to. */
static enum provider_state
last_state(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    struct err *err)
{
	enum provider_state state = PROVIDER_PENDING;
	for (int i = 0; i < PATIENCE && state == PROVIDER_PENDING; i++)
		assert_int_equal(provider_rfc2136.poll(s, place, ip, &state, err), ERR_NONE);
	return state;
}

static void
noerror_is_no_proof(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(updates); i++) {
		const struct update_case *c = &updates[i];
		ROW(c->name);
		uint16_t port;
		pid_t pid = start_server(&c->script, &port);
		struct provider_options options = { .region = "",
			.project = "",
			.cloud = "",
			.world = { .getenv = get_variable, .wall_s = wall_s } };
		struct provider_session s = { .provider = &provider_rfc2136, .options = &options };
		struct err err = { .text = "" };
		struct ip ip = { 4, { 192, 0, 2, 1 } };
		struct provider_place place;
		struct provider_record record = { .ip = ip,
			.names = { "mail.example" },
			.n_names = 1 };
		arena_init(&s.arena);
		snprintf(place.id, sizeof place.id, "127.0.0.1#%u z o.z", port);
		assert_int_equal(provider_rfc2136.open(&s, &err), ERR_NONE);
		enum err_code code = provider_rfc2136.put(&s, &place, &ip, &record, &err);
		assert_int_equal(s.maybe_done, c->maybe_done);
		if (code == ERR_NONE)
			code = last_state(&s, &place, &ip, &err) == PROVIDER_FAILED ? err.code :
										      ERR_NONE;
		assert_int_equal(code, c->code);
		if (code != ERR_NONE)
			assert_non_null(strstr(err.text, c->says));
		assert_null(strstr(err.text, SECRET));
		provider_rfc2136.close(&s);
		arena_fini(&s.arena);
		kill(pid, SIGTERM);
		waitpid(pid, NULL, 0);
	}
}

/* ---- from finding to polling, with a resolver that says where the zone is */

static const struct dns_answer *
ask_for_zone(void *arg, const char *name, uint16_t type, struct arena *a)
{
	(void)arg;
	struct dns_answer answer = dns_answer_pending;
	answer.status = type == DNS_SOA ? DNS_NODATA : DNS_NXDOMAIN;
	answer.soa_zone = strstr(name, "arpa") != NULL ? "2.0.192.in-addr.arpa" : "example";
	return dns_answer_copy(a, &answer);
}

struct life {
	pid_t pid;
	char endpoint[40];
	const char *endpoints[1];
	struct provider_options options;
	struct provider_session s;
	struct provider_place place;
	struct ip ip;
	struct err err;
};

static void
life_begin(struct life *l, const struct server_script *script)
{
	uint16_t port;
	*l = (struct life){ .pid = start_server(script, &port),
		.endpoints = { l->endpoint },
		.options = { .endpoints = l->endpoints,
		    .n_endpoints = 1,
		    .region = "",
		    .project = "",
		    .cloud = "",
		    .world = { .getenv = get_variable, .wall_s = wall_s, .ask = ask_for_zone } },
		.s = { .provider = &provider_rfc2136, .options = &l->options },
		.ip = { 4, { 192, 0, 2, 1 } } };
	snprintf(l->endpoint, sizeof l->endpoint, "rfc2136=127.0.0.1#%u", port);
	arena_init(&l->s.arena);
	assert_int_equal(provider_rfc2136.open(&l->s, &l->err), ERR_NONE);
}

static void
life_end(struct life *l)
{
	provider_rfc2136.close(&l->s);
	arena_fini(&l->s.arena);
	kill(l->pid, SIGTERM);
	waitpid(l->pid, NULL, 0);
}

static enum provider_state
get_state(struct life *l, struct provider_record *record)
{
	enum provider_state state = PROVIDER_FAILED;
	enum err_code code = provider_rfc2136.get(&l->s, &l->place, &l->ip, &l->s.arena, record,
	    &state, &l->err);
	if (code != ERR_NONE)
		fail_msg("%s", l->err.text);
	return state;
}

static void
a_record_comes_and_stays(void **test)
{
	(void)test;
	struct life l;
	const struct server_script script = { .deed = DONE };
	struct provider_record record = { .ip = { 4, { 192, 0, 2, 1 } },
		.names = { "mail.example" },
		.n_names = 1 };
	struct provider_record now;
	enum provider_state state;
	life_begin(&l, &script);
	assert_int_equal(provider_rfc2136.find(&l.s, &l.ip, &l.place, &l.err), ERR_NONE);
	assert_non_null(
	    strstr(l.place.text, "1.2.0.192.in-addr.arpa in the zone 2.0.192.in-addr.arpa"));
	assert_non_null(strstr(l.place.id, "127.0.0.1#"));
	assert_int_equal(get_state(&l, &now), PROVIDER_ABSENT);
	assert_int_equal(now.n_names, 0);
	assert_int_equal(provider_rfc2136.put(&l.s, &l.place, &l.ip, &record, &l.err), ERR_NONE);
	assert_int_equal(provider_rfc2136.poll(&l.s, &l.place, &l.ip, &state, &l.err), ERR_NONE);
	assert_int_equal(state, PROVIDER_ACTIVE);
	assert_int_equal(get_state(&l, &now), PROVIDER_ACTIVE);
	assert_int_equal(now.n_names, 1);
	assert_string_equal(now.names[0], "mail.example");
	assert_true(now.ttl_s > 0);
	assert_false(now.is_default);
	life_end(&l);
}

static const struct {
	const char *name;
	struct server_script script;
	bool is_default, hides;
} wildcards[] = {
	{ "answered, not held", { .deed = DONE, .wildcard = true }, true, true },
	{ "the name is not there at all", { .deed = DONE, .wildcard = true, .holds_rcode = 3 },
	    true, true },
	{ "the server answers no such question: as if it were its own",
	    { .deed = DONE, .wildcard = true, .holds_rcode = 5 }, false, false },
};

static void
what_a_wildcard_gives_is_nobodys(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(wildcards); i++) {
		ROW(wildcards[i].name);
		struct life l;
		struct provider_record now;
		life_begin(&l, &wildcards[i].script);
		assert_int_equal(provider_rfc2136.find(&l.s, &l.ip, &l.place, &l.err), ERR_NONE);
		snprintf(l.place.id, sizeof l.place.id, "%.30s z 1.2.z", l.endpoint + 8);
		assert_int_equal(get_state(&l, &now), PROVIDER_ACTIVE);
		assert_int_equal(now.n_names, 1);
		assert_string_equal(now.names[0], "generic.example");
		assert_int_equal(now.is_default, wildcards[i].is_default);
		assert_int_equal(now.note != NULL, wildcards[i].hides);
		if (now.note != NULL)
			assert_non_null(strstr(now.note, "all other names below 2.z:"));
		life_end(&l);
	}
}

/* It is the record's own until that is taken away: then the wildcard's again, and that is the end. */
static void
a_record_in_the_place_of_a_wildcard(void **test)
{
	(void)test;
	struct life l;
	const struct server_script script = { .deed = DONE, .wildcard = true };
	struct provider_record record = { .ip = { 4, { 192, 0, 2, 1 } },
		.names = { "mail.example" },
		.n_names = 1 };
	struct provider_record now;
	life_begin(&l, &script);
	assert_int_equal(provider_rfc2136.find(&l.s, &l.ip, &l.place, &l.err), ERR_NONE);
	assert_int_equal(get_state(&l, &now), PROVIDER_ACTIVE);
	assert_true(now.is_default);
	assert_int_equal(provider_rfc2136.put(&l.s, &l.place, &l.ip, &record, &l.err), ERR_NONE);
	assert_int_equal(last_state(&l.s, &l.place, &l.ip, &l.err), PROVIDER_ACTIVE);
	assert_int_equal(get_state(&l, &now), PROVIDER_ACTIVE);
	assert_false(now.is_default);
	assert_string_equal(now.names[0], "mail.example");
	life_end(&l);
}

static void
what_does_not_stay_has_failed(void **test)
{
	(void)test;
	struct life l;
	const struct server_script script = { .deed = DONE, .forgets = true };
	struct provider_record record = { .ip = { 4, { 192, 0, 2, 1 } },
		.names = { "mail.example" },
		.n_names = 1 };
	enum provider_state state;
	life_begin(&l, &script);
	assert_int_equal(provider_rfc2136.find(&l.s, &l.ip, &l.place, &l.err), ERR_NONE);
	assert_int_equal(provider_rfc2136.put(&l.s, &l.place, &l.ip, &record, &l.err), ERR_NONE);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(provider_rfc2136.poll(&l.s, &l.place, &l.ip, &state, &l.err),
		    ERR_NONE);
		assert_int_equal(state, PROVIDER_ACTIVE);
	}
	assert_int_equal(last_state(&l.s, &l.place, &l.ip, &l.err), PROVIDER_FAILED);
	assert_true(l.err.text[0] != '\0');
	life_end(&l);
}

static void
forward_records(void **test)
{
	(void)test;
	struct life l;
	const struct server_script script = { .deed = DONE, .n_records = 3 };
	struct provider_set set = { .n = 3, .ttl_s = 300 }, now;
	life_begin(&l, &script);
	for (size_t i = 0; i < set.n; i++)
		set.ips[i] = (struct ip){ 4, { 192, 0, 2, (uint8_t)(i + 1) } };
	assert_int_equal(provider_rfc2136.forward_get(&l.s, "mail.example", &l.ip, &now, &l.err),
	    ERR_NONE);
	assert_int_equal(now.n, 0);
	assert_int_equal(provider_rfc2136.forward_put(&l.s, "mail.example", &l.ip, &set, &l.err),
	    ERR_NONE);
	assert_int_equal(provider_rfc2136.forward_get(&l.s, "mail.example", &l.ip, &now, &l.err),
	    ERR_NONE);
	assert_int_equal(now.n, 3);
	for (size_t i = 0; i < now.n; i++)
		assert_true(now.ips[i].family == 4 && now.ips[i].bytes[0] == 192 &&
		    now.ips[i].bytes[3] >= 1);
	life_end(&l);
}

static void
too_many_addresses(void **test)
{
	(void)test;
	struct life l;
	struct provider_set set = { .n = 1, .ttl_s = 300 }, now;
	const struct server_script script = { .deed = DONE, .n_records = N_ELEMENTS(set.ips) + 1 };
	life_begin(&l, &script);
	set.ips[0] = l.ip;
	(void)provider_rfc2136.forward_put(&l.s, "mail.example", &l.ip, &set, &l.err);
	assert_int_equal(provider_rfc2136.forward_get(&l.s, "mail.example", &l.ip, &now, &l.err),
	    ERR_DATA);
	assert_non_null(strstr(l.err.text, "addresses, more than"));
	life_end(&l);
}

static void
too_many_names(void **test)
{
	(void)test;
	struct life l;
	const struct server_script script = { .deed = DONE, .n_records = PROVIDER_NAMES_MAX + 1 };
	struct provider_record now,
	    record = { .ip = { 4, { 192, 0, 2, 1 } }, .names = { "mail.example" }, .n_names = 1 };
	enum provider_state state;
	life_begin(&l, &script);
	assert_int_equal(provider_rfc2136.find(&l.s, &l.ip, &l.place, &l.err), ERR_NONE);
	/* what was written is not all that is there */
	assert_int_equal(provider_rfc2136.put(&l.s, &l.place, &l.ip, &record, &l.err), ERR_NONE);
	assert_int_equal(last_state(&l.s, &l.place, &l.ip, &l.err), PROVIDER_FAILED);
	assert_int_equal(provider_rfc2136.get(&l.s, &l.place, &l.ip, &l.s.arena, &now, &state,
			     &l.err),
	    ERR_DATA);
	assert_non_null(strstr(l.err.text, "PTR records, more than"));
	life_end(&l);
}

/* A question that is not answered is no answer. */
static void
questions_fail(void **test)
{
	(void)test;
	static const struct {
		const char *name;
		struct server_script script;
		enum err_code code;
		const char *says;
	} rows[] = {
		{ "REFUSED", { .query_rcode = 5 }, ERR_NOPERM, "the key upd from" },
		{ "SERVFAIL", { .query_rcode = 2 }, ERR_TEMP, "SERVFAIL" },
		{ "NOTAUTH, signed", { .query_rcode = 9 }, ERR_DATA, "does not serve the zone" },
		{ "NXDOMAIN", { .query_rcode = 3 }, ERR_DATA, "of its server" },
		{ "a key refused by NOTAUTH alone", { .refusal = AS_NOTAUTH }, ERR_NOPERM,
		    "serves it: the key upd from" },
		{ "a key refused without the question", { .refusal = AS_NSD }, ERR_NOPERM,
		    "does not know the key upd" },
		{ "a key refused by REFUSED", { .refusal = AS_REFUSED }, ERR_NOPERM,
		    "its secret or the clock is not accepted (REFUSED)" },
		{ "another zone's server", { .refusal = NOT_SERVED }, ERR_DATA,
		    "does not serve the zone" },
		{ "a server that does not say", { .refusal = CLOSED }, ERR_NOPERM,
		    "does not say whether it serves it: the key upd" },
	};
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct life l;
		ROW(rows[i].name);
		life_begin(&l, &rows[i].script);
		enum err_code code = provider_rfc2136.find(&l.s, &l.ip, &l.place, &l.err);
		if (code != rows[i].code || strstr(l.err.text, rows[i].says) == NULL)
			fail_msg("code %d: %s", (int)code, l.err.text);

		assert_false(l.s.maybe_done);
		life_end(&l);
	}
}

/* The zone of a stranger, or of ours: its primary at one address that is closed, and at one that is not. */
static const struct dns_answer *
ask_for_primary(void *arg, const char *name, uint16_t type, struct arena *a)
{
	(void)arg;
	struct dns_answer answer = dns_answer_pending;
	struct dns_record record = { .owner = "2.0.192.in-addr.arpa",
		.type = type,
		.text = "",
		.primary = "primary.example" };
	ip_parse(type == DNS_A ? "127.0.0.1" : "::1", &record.ip);
	bool found = type != DNS_PTR && strcmp(name, "1.2.0.192.in-addr.arpa") != 0;
	answer.status = found ? DNS_FOUND : DNS_NXDOMAIN;
	answer.soa_zone = record.owner;
	answer.records = &record;
	answer.n_records = found;
	return dns_answer_copy(a, &answer);
}

static const char *primary_at;

static enum dns_status nat64_status; /* of the answer about this network's translators */

static const struct dns_answer *
ask_for_primary_at(void *arg, const char *name, uint16_t type, struct arena *a)
{
	if (strcmp(name, nat64_discovery) == 0) {
		struct dns_record shown = { .owner = name, .type = DNS_AAAA, .text = "" };
		struct dns_answer learned = *dns_answer_bare(nat64_status);
		assert_true(ip_parse("2606:64::192.0.0.170", &shown.ip));
		learned.records = &shown;
		learned.n_records = nat64_status == DNS_FOUND;
		return dns_answer_copy(a, &learned);
	}
	struct dns_answer *answer = dns_answer_copy(a, ask_for_primary(arg, name, type, a));
	bool is_address = type == DNS_A || type == DNS_AAAA;
	if (is_address && (strchr(primary_at, ':') != NULL) != (type == DNS_AAAA)) {
		answer->status = DNS_NODATA;
		answer->n_records = 0;
	} else if (is_address) {
		assert_true(
		    ip_parse_family(primary_at, type == DNS_A ? 4 : 6, &answer->records[0].ip));
	}
	return answer;
}

/* The zone of a stranger names a server inside: nothing is sent there. */
static void
no_private_address_is_asked(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(inside_addresses); i++) {
		const struct server_script script = { .refusal = ACCEPTS };
		struct life l;
		ROW(inside_addresses[i]);
		life_begin(&l, &script);
		l.options.n_endpoints = 0;
		l.options.world.ask = ask_for_primary_at;
		primary_at = inside_addresses[i];
		assert_int_equal(provider_rfc2136.find(&l.s, &l.ip, &l.place, &l.err), ERR_CONFIG);
		assert_non_null(strstr(l.err.text, "is at the special-use address"));
		life_end(&l);
	}
}

/* Nor through this network's translators, by a prefix of its own. */
static void
no_translated_address_is_asked(void **test)
{
	static const struct {
		const char *at;
		enum dns_status learned;
		enum err_code code;
		const char *says;
	} rows[] = {
		{ "2606:64::10.0.0.1", DNS_FOUND, ERR_CONFIG,
		    "is at the special-use address 2606:64::a00:1 of this network (NAT64)" },
		{ "2606:64::8.8.8.8", DNS_SERVFAIL, ERR_TEMP,
		    "it is unknown whether primary.example, the primary server of" },
		{ "2606:64::8.8.8.8", DNS_TIMEOUT, ERR_TEMP, "ipv4only.arpa" },
	};
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct server_script script = { .refusal = ACCEPTS };
		struct life l;
		ROW(rows[i].at);
		life_begin(&l, &script);
		l.options.n_endpoints = 0;
		l.options.world.ask = ask_for_primary_at;
		primary_at = rows[i].at;
		nat64_status = rows[i].learned;
		assert_int_equal(provider_rfc2136.find(&l.s, &l.ip, &l.place, &l.err),
		    rows[i].code);
		if (strstr(l.err.text, rows[i].says) == NULL)
			fail_msg("%s", l.err.text);
		life_end(&l);
	}
}

static void
each_address_is_tried(void **test)
{
	(void)test;
	static const struct {
		const char *name;
		enum refusal refusal;
		enum err_code code;
		const char *says;
	} rows[] = {
		{ "the second one answers", ACCEPTS, ERR_NONE, "" },
		{ "a stranger's", AS_NOTAUTH, ERR_DATA,
		    "--endpoint rfc2136=ADDRESS names another" },
		{ "a stranger's NSD", AS_NSD, ERR_DATA,
		    "--endpoint rfc2136=ADDRESS names another" },
	};
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct server_script script = { .refusal = rows[i].refusal };
		struct life l;
		uint16_t port;
		ROW(rows[i].name);
		life_begin(&l, &script);
		kill(l.pid, SIGTERM);
		waitpid(l.pid, NULL, 0);
		l.pid = start_server_at(AF_INET6, &script, &port);
		l.options.n_endpoints = 0;
		l.options.authority_port = port;
		l.options.allow_special = true;
		l.options.world.ask = ask_for_primary;
		assert_int_equal(provider_rfc2136.find(&l.s, &l.ip, &l.place, &l.err),
		    rows[i].code);
		if (rows[i].code == ERR_NONE)
			assert_non_null(strstr(l.place.id, "::1"));
		else if (strstr(l.err.text, rows[i].says) == NULL)
			fail_msg("%s", l.err.text);
		life_end(&l);
	}
}

static void
places_and_keys_are_checked(void **test)
{
	(void)test;
	struct life l;
	const struct server_script script = { .deed = DONE };
	enum provider_state state;
	struct provider_record now;
	life_begin(&l, &script);
	snprintf(l.place.id, sizeof l.place.id, "nowhere");
	assert_int_equal(provider_rfc2136.get(&l.s, &l.place, &l.ip, &l.s.arena, &now, &state,
			     &l.err),
	    ERR_INTERNAL);
	assert_int_equal(provider_rfc2136.poll(&l.s, &l.place, &l.ip, &state, &l.err),
	    ERR_INTERNAL);
	assert_true(provider_rfc2136.configured(&l.options));
	life_end(&l);
}

/* ---- finding the zone, with a resolver that is a table */

struct told {
	const char *name;
	uint16_t type;
	enum dns_status status;
	const char *text; /* chain's end of a PTR, owner of the SOA, mname or address */
};

struct zone_case {
	const char *name;
	const char *endpoint; /* "" for none */
	struct told told[8];
	bool no_primary; /* the SOA's MNAME is "." */
	enum err_code code;
	const char *zone, *owner, *server; /* or a part of the error in zone */
};

#define REVERSE "1.2.0.192.in-addr.arpa"
#define PARENT "2.0.192.in-addr.arpa"
#define NO_PTR \
	{ \
		REVERSE, DNS_PTR, DNS_NXDOMAIN, "" \
	}

static const struct zone_case zones[] = {
	{ "no PTR, no chain", .endpoint = "rfc2136=192.0.2.53#5353",
	    .told = { NO_PTR, { REVERSE, DNS_SOA, DNS_NXDOMAIN, PARENT } }, .code = ERR_NONE,
	    .zone = PARENT, .owner = REVERSE, .server = "192.0.2.53#5353" },
	{ "endpoint without service", .endpoint = "192.0.2.53",
	    .told = { NO_PTR, { REVERSE, DNS_SOA, DNS_NODATA, PARENT } }, .code = ERR_NONE,
	    .zone = PARENT, .owner = REVERSE, .server = "192.0.2.53" },
	{ "RFC 2317", .endpoint = "rfc2136=192.0.2.53",
	    .told = { { REVERSE, DNS_PTR, DNS_NXDOMAIN, "1.0-63." PARENT },
		{ "1.0-63." PARENT, DNS_SOA, DNS_NXDOMAIN, "0-63." PARENT } },
	    .code = ERR_NONE, .zone = "0-63." PARENT, .owner = "1.0-63." PARENT,
	    .server = "192.0.2.53" },
	{ "chain into a forward zone", .endpoint = "rfc2136=192.0.2.53",
	    .told = { { REVERSE, DNS_PTR, DNS_FOUND, "r1.example.net" },
		{ "r1.example.net", DNS_SOA, DNS_NODATA, "example.net" } },
	    .code = ERR_NONE, .zone = "example.net", .owner = "r1.example.net",
	    .server = "192.0.2.53" },
	{ "denial without SOA: the names above are asked", .endpoint = "rfc2136=192.0.2.53",
	    .told = { NO_PTR, { REVERSE, DNS_SOA, DNS_NODATA, "" },
		{ PARENT, DNS_SOA, DNS_FOUND, PARENT } },
	    .code = ERR_NONE, .zone = PARENT, .owner = REVERSE, .server = "192.0.2.53" },
	{ "SOA of a zone beside", .endpoint = "rfc2136=192.0.2.53",
	    .told = { NO_PTR, { REVERSE, DNS_SOA, DNS_NODATA, "3.0.192.in-addr.arpa" },
		{ PARENT, DNS_SOA, DNS_FOUND, PARENT } },
	    .code = ERR_NONE, .zone = PARENT, .owner = REVERSE, .server = "192.0.2.53" },
	{ "not delegated", .endpoint = "rfc2136=192.0.2.53",
	    .told = { NO_PTR, { REVERSE, DNS_SOA, DNS_NXDOMAIN, "in-addr.arpa" } },
	    .code = ERR_DATA, .zone = "not delegated", .owner = "", .server = "" },
	{ "resolver cannot tell the PTR", .endpoint = "rfc2136=192.0.2.53",
	    .told = { { REVERSE, DNS_PTR, DNS_SERVFAIL, "" } }, .code = ERR_TEMP,
	    .zone = "SERVFAIL", .owner = "", .server = "" },
	{ "resolver cannot tell the zone", .endpoint = "rfc2136=192.0.2.53",
	    .told = { NO_PTR, { REVERSE, DNS_SOA, DNS_TIMEOUT, "" } }, .code = ERR_TEMP,
	    .zone = "no answer", .owner = "", .server = "" },
	{ "CNAME loop", .endpoint = "rfc2136=192.0.2.53",
	    .told = { { REVERSE, DNS_PTR, DNS_LOOP, "" } }, .code = ERR_DATA, .zone = "CNAME loop",
	    .owner = "", .server = "" },
	{ "primary of the SOA", .endpoint = "",
	    .told = { NO_PTR, { REVERSE, DNS_SOA, DNS_NXDOMAIN, PARENT },
		{ PARENT, DNS_SOA, DNS_FOUND, PARENT },
		{ "primary.example", DNS_A, DNS_FOUND, "9.9.9.9" } },
	    .code = ERR_NONE, .zone = PARENT, .owner = REVERSE, .server = "9.9.9.9" },
	{ "primary with IPv6 alone", .endpoint = "",
	    .told = { NO_PTR, { REVERSE, DNS_SOA, DNS_NXDOMAIN, PARENT },
		{ PARENT, DNS_SOA, DNS_FOUND, PARENT },
		{ "primary.example", DNS_A, DNS_NODATA, "" },
		{ "primary.example", DNS_AAAA, DNS_FOUND, "2620:fe::9" } },
	    .code = ERR_NONE, .zone = PARENT, .owner = REVERSE, .server = "2620:fe::9" },
	{ "primary without address", .endpoint = "",
	    .told = { NO_PTR, { REVERSE, DNS_SOA, DNS_NXDOMAIN, PARENT },
		{ PARENT, DNS_SOA, DNS_FOUND, PARENT },
		{ "primary.example", DNS_A, DNS_NXDOMAIN, "" },
		{ "primary.example", DNS_AAAA, DNS_NXDOMAIN, "" } },
	    .code = ERR_DATA, .zone = "--endpoint rfc2136=", .owner = "", .server = "" },
	{ "IPv4 alone is known to be missing", .endpoint = "",
	    .told = { NO_PTR, { REVERSE, DNS_SOA, DNS_NXDOMAIN, PARENT },
		{ PARENT, DNS_SOA, DNS_FOUND, PARENT },
		{ "primary.example", DNS_A, DNS_NODATA, "" },
		{ "primary.example", DNS_AAAA, DNS_SERVFAIL, "" } },
	    .code = ERR_TEMP, .zone = "has no address (SERVFAIL", .owner = "", .server = "" },
	{ "no primary", .endpoint = "",
	    .told = { NO_PTR, { REVERSE, DNS_SOA, DNS_NXDOMAIN, PARENT },
		{ PARENT, DNS_SOA, DNS_FOUND, PARENT } },
	    .no_primary = true, .code = ERR_DATA,
	    .zone = "the SOA of " PARENT " names no primary server", .owner = "", .server = "" },
	{ "one address of two in our own network", .endpoint = "",
	    .told = { NO_PTR, { REVERSE, DNS_SOA, DNS_NXDOMAIN, PARENT },
		{ PARENT, DNS_SOA, DNS_FOUND, PARENT },
		{ "primary.example", DNS_A, DNS_FOUND, "10.0.0.1" },
		{ "primary.example", DNS_AAAA, DNS_FOUND, "2620:fe::9" } },
	    .code = ERR_NONE, .zone = PARENT, .owner = REVERSE, .server = "2620:fe::9" },
	{ "primary in our own network", .endpoint = "",
	    .told = { NO_PTR, { REVERSE, DNS_SOA, DNS_NXDOMAIN, PARENT },
		{ PARENT, DNS_SOA, DNS_FOUND, PARENT },
		{ "primary.example", DNS_A, DNS_FOUND, "10.0.0.1" } },
	    .code = ERR_CONFIG, .zone = "--endpoint rfc2136=10.0.0.1", .owner = "", .server = "" },
	{ "endpoints of other providers", .endpoint = "dns=https://dns.example",
	    .told = { NO_PTR, { REVERSE, DNS_SOA, DNS_NXDOMAIN, PARENT },
		{ PARENT, DNS_SOA, DNS_FOUND, PARENT },
		{ "primary.example", DNS_A, DNS_FOUND, "9.9.9.9" } },
	    .code = ERR_NONE, .zone = PARENT, .owner = REVERSE, .server = "9.9.9.9" },
	{ "not an endpoint", .endpoint = "rfc2136=ns.example",
	    .told = { NO_PTR, { REVERSE, DNS_SOA, DNS_NODATA, PARENT } }, .code = ERR_CONFIG,
	    .zone = "the endpoint rfc2136: expected an IP address", .owner = "", .server = "" },
};

static const struct dns_answer *
ask(void *arg, const char *name, uint16_t type, struct arena *a)
{
	const struct zone_case *c = arg;
	const struct told *t = c->told;
	while (t < c->told + N_ELEMENTS(c->told) && t->name != NULL &&
	    (strcmp(t->name, name) != 0 || t->type != type))
		t++;
	struct dns_answer answer = dns_answer_pending;
	/* what no row speaks of: no network translates here */
	answer.status = strcmp(name, nat64_discovery) == 0 ? DNS_NODATA : DNS_REFUSED;
	if (t == c->told + N_ELEMENTS(c->told) || t->name == NULL)
		return dns_answer_copy(a, &answer);
	struct dns_record record = { .owner = t->text,
		.type = type,
		.text = t->text,
		.primary = type != DNS_SOA ? NULL :
		    c->no_primary          ? "" :
					     "primary.example" };
	ip_parse(t->text, &record.ip);
	answer.status = t->status;
	answer.soa_zone = type == DNS_SOA ? t->text : "";
	answer.records = &record;
	answer.n_records = t->status == DNS_FOUND;
	answer.chain = (const char **)(uintptr_t)&t->text;
	answer.n_chain = type == DNS_PTR && t->text[0] != '\0';
	return dns_answer_copy(a, &answer);
}

static void
zones_are_found(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(zones); i++) {
		const struct zone_case *c = &zones[i];
		ROW(c->name);
		struct provider_options options = { .endpoints = &c->endpoint,
			.n_endpoints = c->endpoint[0] != '\0',
			.world = { .arg = (void *)(uintptr_t)c, .ask = ask } };
		struct provider_session s = { .provider = &provider_rfc2136, .options = &options };
		struct rfc2136_place place;
		struct err err = { .text = "" };
		struct ip ip = { 4, { 192, 0, 2, 1 } };
		char server[ENDPOINT_TEXT_MAX];
		arena_init(&s.arena);
		assert_int_equal(rfc2136_locate_ptr(&s, &ip, &place, &err), c->code);
		if (c->code == ERR_NONE) {
			assert_string_equal(place.zone, c->zone);
			assert_string_equal(place.owner, c->owner);
			assert_string_equal(endpoint_format(&place.server, server), c->server);
		} else {
			assert_non_null(strstr(err.text, c->zone));
		}
		arena_fini(&s.arena);
	}
}

static int
make_key_file(void **test)
{
	(void)test;
	static const char text[] = "key upd { algorithm hmac-sha256; secret \"" SECRET "\"; };";
	int fd = mkstemp(key_file);
	return fd < 0 || write(fd, text, sizeof text - 1) != (ssize_t)sizeof text - 1 ||
	    close(fd) != 0;
}

static int
remove_key_file(void **test)
{
	(void)test;
	return unlink(key_file);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(noerror_is_no_proof),
		cmocka_unit_test(a_record_comes_and_stays),
		cmocka_unit_test(what_a_wildcard_gives_is_nobodys),
		cmocka_unit_test(a_record_in_the_place_of_a_wildcard),
		cmocka_unit_test(what_does_not_stay_has_failed),
		cmocka_unit_test(forward_records),
		cmocka_unit_test(too_many_addresses),
		cmocka_unit_test(too_many_names),
		cmocka_unit_test(questions_fail),
		cmocka_unit_test(each_address_is_tried),
		cmocka_unit_test(no_private_address_is_asked),
		cmocka_unit_test(no_translated_address_is_asked),
		cmocka_unit_test(places_and_keys_are_checked),
		cmocka_unit_test(zones_are_found),
	};
	return cmocka_run_group_tests(tests, make_key_file, remove_key_file);
}
