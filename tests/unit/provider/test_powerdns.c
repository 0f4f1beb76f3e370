/* The list of a PowerDNS server: what its replies mean, whatever their shape, and what is left out. */
#include "provider/rest/powerdns_priv.h"

#include "base/arena.h"
#include "dns/answer.h"
#include "test.h"

#define BASE "https://pdns.example/api/v1/servers/localhost/zones"
#define ZONES BASE "?dnssec=false"
#define ZONE "113.0.203.in-addr.arpa"
#define A_ZONE(name, kind) "{\"id\":\"" name ".\",\"name\":\"" name ".\",\"kind\":\"" kind "\"}"
#define ONE_ZONE \
	{ \
		ZONES, 200, "[" A_ZONE(ZONE, "Native") "]" \
	}
#define SETS(inner) \
	{ \
		BASE "/" ZONE ".", 200, "{\"rrsets\":[" inner "]}" \
	}
#define PTR(owner, content, more) \
	"{\"name\":\"" owner \
	".\",\"type\":\"PTR\",\"ttl\":60,\"records\":[{\"content\":\"" content "\"" more "}]}"

/* OVER: there is no reply, because it is beyond the limit. */
enum { OVER = -1, TURNS_MAX = 4 };

struct turn {
	const char *url;
	int status;
	const char *reply;
};

/* The server, and the DNS, where 66.113.0.203.in-addr.arpa is an alias. */
struct world {
	const struct turn *next;
	bool silent; /* the DNS */
	int n_questions;
};

static const char *
get_variable(void *arg, const char *name)
{
	(void)arg;
	return strcmp(name, "PDNS_API_URL") == 0 ? "https://pdns.example" :
	    strcmp(name, "PDNS_API_KEY") == 0    ? "t0ken-of-mine" :
						   "";
}

static int64_t
wall_s(void *arg)
{
	(void)arg;
	return 1768464554;
}

static enum err_code
carry(void *arg, const struct http_request *r, struct arena *a, struct http_reply *reply,
    struct err *err)
{
	struct world *w = arg;
	const struct turn *turn = w->next++;
	assert_non_null(turn->url);
	assert_string_equal(r->url, turn->url);
	assert_string_equal(r->method, "GET");
	*reply = (struct http_reply){ .status = turn->status, .retry_after = "" };
	reply->over = turn->status == OVER;
	if (reply->over)
		return err_set(err, ERR_TEMP, "over the limit of %zu bytes", r->body_max);
	reply->body = arena_strdup(a, turn->reply);
	reply->body_len = strlen(turn->reply);
	return ERR_NONE;
}

static const struct dns_answer *
ask(void *arg, const char *name, uint16_t type, struct arena *a)
{
	struct world *w = arg;
	struct dns_answer *answer = arena_alloc(a, sizeof *answer);
	static const char *alias[] = { "66.64/26." ZONE };
	w->n_questions++;
	(void)type;
	*answer = (struct dns_answer){ .status = w->silent ? DNS_TIMEOUT : DNS_NODATA };
	if (!w->silent && strcmp(name, "66." ZONE) == 0) {
		answer->chain = alias;
		answer->n_chain = 1;
	}
	return answer;
}

static const struct {
	const char *name;
	struct turn turns[TURNS_MAX];
	const char *listed; /* "ADDRESS TTL=NAMES;" */
	const char *says;   /* of the error, or a warning; NULL: there is none */
	enum err_code code;
	bool silent;
	int n_questions;
} rows[] = {
	{ "no zones", { { ZONES, 200, "[]" } }, .listed = "" },
	{ "no reverse zones",
	    { { ZONES, 200,
		"[" A_ZONE("example.com", "Native") "," A_ZONE("xin-addr.arpa", "Native") "]" } },
	    .listed = "" },
	{ "in the order of the addresses",
	    { ONE_ZONE,
		SETS(PTR("20." ZONE, "B.example.", "") "," PTR("3." ZONE, "a.example.",
		    ",\"disabled\":false") ",{\"name\":\"" ZONE ".\",\"type\":\"SOA\"}") },
	    .listed = "203.0.113.3 60=a.example;203.0.113.20 60=b.example;" },
	{ "several values, without TTL",
	    { ONE_ZONE,
		SETS("{\"name\":\"3." ZONE ".\",\"type\":\"PTR\",\"records\":[{\"content\":\"a.\"},"
		     "{\"content\":\"b.\"}]}") },
	    .listed = "203.0.113.3 0=a b;" },
	{ "several zones",
	    { { ZONES, 200,
		  "[" A_ZONE(ZONE, "Native") "," A_ZONE("2.0.192.in-addr.arpa", "Master") "]" },
		SETS(""),
		{ BASE "/2.0.192.in-addr.arpa.", 200,
		    "{\"rrsets\":[" PTR("1.2.0.192.in-addr.arpa", "x.", "") "]}" } },
	    .listed = "192.0.2.1 60=x;" },
	{ "a zone below it answers for its names",
	    { { ZONES, 200, "[" A_ZONE(ZONE, "Native") "," A_ZONE("3." ZONE, "Native") "]" },
		SETS(PTR("3." ZONE, "hidden.", "")),
		{ BASE "/3." ZONE ".", 200, "{\"rrsets\":[" PTR("3." ZONE, "seen.", "") "]}" } },
	    .listed = "203.0.113.3 60=seen;" },
	{ "copies",
	    { { ZONES, 200,
		"[" A_ZONE("a.ip6.arpa", "Slave") "," A_ZONE("b.ip6.arpa",
		    "Secondary") "," A_ZONE("c.ip6.arpa", "Consumer") "]" } },
	    .listed = "", .says = "copies on this server are left out: 3, such as a.ip6.arpa" },
	{ "disabled, all of a set",
	    { ONE_ZONE, SETS(PTR("3." ZONE, "a.example.", ",\"disabled\":true")) }, .listed = "",
	    .says = "disabled records are left out: 1, such as 3." ZONE " PTR" },
	{ "nobody's names",
	    { ONE_ZONE,
		SETS(PTR("*." ZONE, "a.", "") "," PTR(ZONE, "b.", "") "," PTR("1.2.3." ZONE, "c.",
		    "")) },
	    .listed = "", .says = "are left out: 3, such as *." ZONE, .n_questions = 1 },
	{ "aliases (RFC 2317)",
	    { ONE_ZONE, SETS(PTR("66.64/26." ZONE, "a.", "") "," PTR("67.64/26." ZONE, "b.", "")) },
	    .listed = "203.0.113.66 60=a;",
	    .says = "nor an alias of one, are left out: 1, such as 67.64/26." ZONE,
	    .n_questions = 2 },
	{ "aliases, and the DNS is silent",
	    { ONE_ZONE, SETS(PTR("66.64/26." ZONE, "a.", "") "," PTR("67.64/26." ZONE, "b.", "")) },
	    .listed = "", .says = "whose records these are is unknown, and they are left out: 2",
	    .silent = true, .n_questions = 1 },
	{ "an object for the zones", { { ZONES, 200, "{}" } }, .code = ERR_TEMP,
	    .says = "listing the zones: the answer has no list" },
	{ "nothing for the zones", { { ZONES, 200, "" } }, .code = ERR_TEMP,
	    .says = "listing the zones: the answer has no list" },
	{ "zones that are numbers", { { ZONES, 200, "[7]" } }, .code = ERR_TEMP,
	    .says = "a zone has no id or no name" },
	{ "a zone without an id", { { ZONES, 200, "[{\"name\":\"" ZONE ".\"}]" } },
	    .code = ERR_TEMP, .says = "a zone has no id or no name" },
	{ "a zone whose name is not one", { { ZONES, 200, "[{\"id\":\"x\",\"name\":\"a..b\"}]" } },
	    .code = ERR_TEMP, .says = "a zone has no id or no name" },
	{ "no such server", { { ZONES, 404, "{\"error\":\"Not Found\"}" } }, .code = ERR_CONFIG,
	    .says = "HTTP 404: Not Found" },
	{ "a fault", { ONE_ZONE, { BASE "/" ZONE ".", 500, "{\"error\":\"a fault\"}" } },
	    .code = ERR_TEMP, .says = "listing the zone " ZONE },
	{ "a zone without sets", { ONE_ZONE, { BASE "/" ZONE ".", 200, "{}" } }, .code = ERR_TEMP,
	    .says = "listing the zone " ZONE ": the answer has no list rrsets" },
	{ "a set without a name", { ONE_ZONE, SETS("{\"type\":\"PTR\",\"name\":\"a..b\"}") },
	    .code = ERR_TEMP, .says = "a record of the zone " ZONE " has no valid name" },
	{ "a set without records",
	    { ONE_ZONE, SETS("{\"type\":\"PTR\",\"name\":\"3." ZONE ".\"}") }, .code = ERR_TEMP,
	    .says = "3." ZONE " PTR has no list 'records'" },
	{ "a content that is not a name", { ONE_ZONE, SETS(PTR("3." ZONE, "a..b", "")) },
	    .code = ERR_TEMP, .says = "'a..b' is not a valid name" },
	{ "a content that is a number",
	    { ONE_ZONE,
		SETS("{\"type\":\"PTR\",\"name\":\"3." ZONE ".\",\"records\":[{\"content\":7}]}") },
	    .code = ERR_TEMP, .says = "'' is not a valid name" },
	{ "a zone too large", { ONE_ZONE, { BASE "/" ZONE ".", OVER, "" } }, .code = ERR_DATA,
	    .says = "listing the zone " ZONE ": the answer has more than 32 MiB: ask for one" },
	{ "too many zones", { { ZONES, OVER, "" } }, .code = ERR_DATA,
	    .says = "listing the zones: the answer has more than 32 MiB" },
};

static const char *
listed(const struct provider_record *r, size_t n, struct arena *a)
{
	char text[IP_TEXT_MAX];
	const char *out = "";
	for (size_t i = 0; i < n; i++) {
		assert_int_equal(r[i].ttl_zero, r[i].ttl_s == 0);
		out = arena_printf(a, "%s%s %u=", out, ip_format(&r[i].ip, text), r[i].ttl_s);
		for (size_t k = 0; k < r[i].n_names; k++)
			out = arena_printf(a, "%s%s%s", out, k > 0 ? " " : "", r[i].names[k]);
		out = arena_printf(a, "%s;", out);
	}
	return out;
}

static void
records_are_listed(void **test)
{
	(void)test;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct world w = { .next = rows[i].turns, .silent = rows[i].silent };
		struct provider_options o = { .region = "",
			.world = { .arg = &w,
			    .getenv = get_variable,
			    .wall_s = wall_s,
			    .http = carry,
			    .ask = ask } };
		struct provider_session s = { .provider = provider_by_name("powerdns"),
			.options = &o };
		struct provider_record *r = NULL;
		struct err err = { .text = "" };
		size_t n = 0;
		ROW(rows[i].name);
		arena_init(&s.arena);
		assert_int_equal(s.provider->open(&s, &err), ERR_NONE);
		enum err_code code = s.provider->list(&s, &s.arena, &r, &n, &err);
		const char *said = code == ERR_NONE ? s.warnings : err.text;
		if (code != rows[i].code || (code != ERR_NONE && err.code != code))
			fail_msg("code %d: %s", (int)code, said);
		if (rows[i].says != NULL ? strstr(said, rows[i].says) == NULL : said[0] != '\0')
			fail_msg("it says: %s", said);
		if (code == ERR_NONE)
			assert_string_equal(listed(r, n, &s.arena), rows[i].listed);
		assert_int_equal(w.n_questions, rows[i].n_questions);
		assert_true(w.next == rows[i].turns + TURNS_MAX || w.next->url == NULL);
		s.provider->close(&s);
		arena_fini(&s.arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(records_are_listed) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
