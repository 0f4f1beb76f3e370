/* Records of KumoMTA and PowerMTA: what was refused, by whom and when. */
#include "test.h"

#include "base/arena.h"
#include "base/when.h"
#include "explain/input.h"

#define KUMO(type, response) \
	"{\"type\":\"" type "\",\"id\":\"1d98\",\"sender\":\"bounce@a.example\",\"recipient\":" \
	"\"bob@b.example\",\"queue\":\"b.example\",\"response\":" response \
	",\"peer_address\":{\"name\":\"MX.b.example.\",\"addr\":\"192.0.2.26\"},\"timestamp\":" \
	"1796019980,\"egress_source\":\"s1\",\"source_address\":{\"address\":\"203.0.113.9:" \
	"4711\"}}"
#define NO_PTR \
	"{\"code\":550,\"enhanced_code\":{\"class\":5,\"subject\":7,\"detail\":25},\"content\":" \
	"\"[203.0.113.25] no PTR - gsmtp\",\"command\":\".\"}"
#define PMTA \
	"type,timeLogged,timeQueued,orig,rcpt,orcpt,dsnAction,dsnStatus,dsnDiag,dsnMta,bounceCat," \
	"srcType,srcMta,dlvType,dlvSourceIp\n"

static const struct {
	const char *name, *text;
	const char *found; /* "code status|host|address|stage|sender|recipient|time|text;" each */
} rows[] = {
	{ "KumoMTA, a bounce", KUMO("Bounce", NO_PTR),
	    "550 5.7.25|mx.b.example|203.0.113.25|end-of-data|a.example|b.example|2026-11-30 "
	    "06:26|[203.0.113.25] no PTR - gsmtp;" },
	{ "KumoMTA, deferred, no status and no address in the reply",
	    KUMO("TransientFailure",
		"{\"code\":421,\"enhanced_code\":null,\"content\":\"later\","
		"\"command\":\"RCPT TO:<bob@b.example>\"}"),
	    "421 |mx.b.example|203.0.113.9|rcpt|a.example|b.example|2026-11-30 06:26|later;" },
	{ "KumoMTA refuses a client", KUMO("Rejection", NO_PTR),
	    "550 5.7.25||203.0.113.25|end-of-data|a.example|b.example|2026-11-30 "
	    "06:26|[203.0.113.25] no PTR - gsmtp (by us);" },
	{ "KumoMTA, delivered", KUMO("Delivery", "{\"code\":250,\"content\":\"OK\"}"), "" },
	{ "KumoMTA, received", KUMO("Reception", "{\"code\":250,\"content\":\"\"}"), "" },
	{ "KumoMTA, recipients in an array, and nothing else",
	    "{\"type\":\"Bounce\",\"recipient\":[\"x@c.example\",\"y@d.example\"],\"response\":{"
	    "\"code\":554,\"content\":\"no\"}}",
	    "554 |||||c.example||no;" },
	{ "an object of somebody else", "{\"code\":550}", "0 |||||||{\"code\":550};" },
	{ "PowerMTA",
	    PMTA
	    "b,2026-11-30 07:26:20+0100,2026-11-30 07:26:00+0100,bounce@a.example,bob@b."
	    "example,,failed,5.7.25 (bad),\"smtp;550 5.7.25 [203.0.113.25] no \"\"PTR\"\", so\","
	    "MX.b.example (192.0.2.26),policy-related,smtp,x,smtp,203.0.113.9\r\n"
	    "d,2026-11-30 07:26:20+0100,x,a@a.example,b@b.example,,relayed,2.0.0,\"smtp;250 "
	    "ok\",mx (192.0.2.26),,smtp,x,smtp,203.0.113.9\n"
	    "t,2026-11-30 07:26:20+0100,x,a@a.example,b@c.example,,delayed,4.7.1,\"smtp;421 "
	    "later\",,,smtp,x,smtp,203.0.113.9\n"
	    "b\n",
	    "550 5.7.25|mx.b.example|203.0.113.25||a.example|b.example|2026-11-30 "
	    "06:26|[203.0.113.25] no \"PTR\", so;"
	    "421 4.7.1||203.0.113.9||a.example|c.example|2026-11-30 06:26|later;" },
	{ "PowerMTA, other columns, in quotes, without a code",
	    "\"type\",\"rcpt\",\"dsnDiag\",\"dsnStatus\"\nb,x@b.example,connection lost,4.4.2 "
	    "(x)\n",
	    "0 4.4.2|||||b.example||connection lost;" },
	{ "a head without what is needed", "type,rcpt\nb,x@b.example\n",
	    "0 |||||||type,rcpt;0 |||||||b,x@b.example;" },
};

struct seen {
	struct arena arena;
	const char *text;
};

static bool
note(void *arg, const struct reply *r, const char *file, size_t line)
{
	struct seen *s = arg;
	char address[IP_TEXT_MAX] = "", when[WHEN_TEXT_MAX] = "";
	(void)file;
	(void)line;
	if (r->address.family != 0)
		ip_format(&r->address, address);
	if (r->time_s != 0)
		when_minute(r->time_s, when);
	s->text = arena_printf(&s->arena, "%s%d %s|%s|%s|%s|%s|%s|%s|%s%s;", s->text, r->code,
	    r->status, r->host, address, r->stage, r->sender, r->recipient, when, r->text,
	    r->by_us ? " (by us)" : "");
	return true;
}

static void
test_records(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct seen s = { .text = "" };
		struct err err = { .code = ERR_NONE };
		struct input_count count = { .lines = 0 };
		ROW(rows[i].name);
		arena_init(&s.arena);
		const struct input_options o = { .now_s = 1796019980, .found = note, .arg = &s };
		assert_int_equal(input_read_text("test", rows[i].text, strlen(rows[i].text), &o,
				     &count, &err),
		    ERR_NONE);
		assert_string_equal(s.text, rows[i].found);
		arena_fini(&s.arena);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_records),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
