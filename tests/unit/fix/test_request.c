#include "fix/request.h"

#include "base/arena.h"
#include "fix/plan.h"
#include "test.h"
#include "views/hoster_table.h"

static const char *const one_name[] = { "mail.example.com" };
static const char *const other_name[] = { "www.example.com" };
static const char *const right_and_other[] = { "mail.example.com", "www.example.com" };
static const char *const two_names[] = { "a.example.com", "b.example.com" };
static const char *const servers[] = { "ns1.isp.example", "ns2.isp.example" };
static const char *const hostile[] = { "evil\033[2J.example" };
static const char *const evidence[] = {
	"ns1.isp.example says that 25.113.0.203.in-addr.arpa does not exist (NXDOMAIN)",
	"mail.example.com has the address 203.0.113.25, so that the name will be confirmed at once",
};

struct request_case {
	const char *name;
	struct request_facts facts;
	const char *subject, *to;
	const char *who[4]; /* phrases that must be there */
	const char *body[8];
	const char *never[3]; /* and those that must not */
	const char *own;      /* all of it */
	bool by_customer;
};

static const struct hoster_row customer = { .name = "Cloud",
	.who = HOSTER_CUSTOMER,
	.ipv6 = HOSTER_IPV6_NO,
	.where = "in the console",
	.page = "https://cloud.example/ptr",
	.call = { { "cloud ptr {address} {name} --and-an-option-that-makes-this-line-a-long-one" },
	    1 },
	.condition = { { "The name must resolve first." }, 1 } };
static const struct hoster_row ticket = { .name = "Line",
	.who = HOSTER_TICKET,
	.where = "from its support",
	.page = "https://line.example/",
	.call = { { "never {name}" }, 1 } };
static const struct hoster_row nobody = { .name = "Shop",
	.who = HOSTER_NOBODY,
	.where = "it sets none",
	.page = "https://shop.example/" };

#define UNKNOWN .owner = "", .zone = "", .mailbox = "", .provider = "", .provider_note = ""
#define ADDRESS .ip = { 4, { 203, 0, 113, 25 } }

static const struct request_case cases[] = {
	{ "everything is known",
	    .facts = { ADDRESS, .names = one_name, .n_names = 1, .ttl_s = 300,
		.owner = "25.0-63.113.0.203.in-addr.arpa", .zone = "0-63.113.0.203.in-addr.arpa",
		.servers = servers, .n_servers = 2, .mailbox = "hostmaster@isp.example",
		.provider = "ISP", .provider_note = "Customers change it in the portal.",
		.evidence = evidence, .n_evidence = 2 },
	    .subject = "Reverse DNS (PTR) record for 203.0.113.25: mail.example.com",
	    .to = "hostmaster@isp.example",
	    .who = { "zone 0-63.113.0.203.in-addr.arpa", "ns1.isp.example, ns2.isp.example",
		"hostmaster@isp.example",
		"a default name of ISP. Customers change it in the portal." },
	    .body = { "    25.0-63.113.0.203.in-addr.arpa. 300 IN PTR mail.example.com.\n",
		"please set", "\n- ns1.isp.example says", "will\n  be confirmed",
		"203.0.113.25 has no PTR record", "one of our\nmail servers" },
	    .never = { "to be removed" } },
	{ "nothing is known but the address",
	    .facts = { ADDRESS, UNKNOWN, .names = one_name, .n_names = 1 },
	    .subject = "Reverse DNS (PTR) record for 203.0.113.25: mail.example.com", .to = "",
	    .who = { "is unknown", "provider of the address" },
	    .body = { "    25.113.0.203.in-addr.arpa. IN PTR mail.example.com.\n" },
	    .never = { "What we found", "in the zone", " 0 IN" } },
	{ "two names, one now",
	    .facts = { ADDRESS, UNKNOWN, .names = two_names, .n_names = 2, .current = one_name,
		.n_current = 1 },
	    .subject = "Reverse DNS (PTR) record for 203.0.113.25: a.example.com, b.example.com",
	    .to = "", .who = { "is unknown" },
	    .body = { "IN PTR a.example.com.\n", "IN PTR b.example.com.\n",
		"names: mail.example.com.\n" },
	    .never = { "no PTR record" } },
	{ "one of two records is to go",
	    .facts = { ADDRESS, UNKNOWN, .names = one_name, .n_names = 1,
		.current = right_and_other, .n_current = 2 },
	    .subject = "Reverse DNS (PTR) record for 203.0.113.25: remove www.example.com",
	    .to = "", .who = { "is unknown" },
	    .body = { "please remove the reverse DNS (PTR) record www.example.com",
		"to remain alone", "IN PTR mail.example.com.\n",
		"IN PTR www.example.com.   (to be removed)\n", "by chance" },
	    .never = { "please set", "missing" } },
	{ "another record is replaced",
	    .facts = { ADDRESS, UNKNOWN, .names = one_name, .n_names = 1, .current = other_name,
		.n_current = 1 },
	    .subject = "Reverse DNS (PTR) record for 203.0.113.25: mail.example.com", .to = "",
	    .who = { "is unknown" },
	    .body = { "please set", "IN PTR mail.example.com.\n",
		"IN PTR www.example.com.   (to be removed)\n" },
	    .never = { "please remove" } },
	{ "the record is to go", .facts = { ADDRESS, UNKNOWN, .current = one_name, .n_current = 1 },
	    .subject = "Reverse DNS (PTR) record for 203.0.113.25: to be removed", .to = "",
	    .who = { "is unknown" }, .body = { "please remove", "(to be removed)" },
	    .never = { "please set", "our mail" } },
	{ "IPv6",
	    .facts = { .ip = { 6, { 0x20, 1, 0xd, 0xb8 } },
		UNKNOWN,
		.names = one_name,
		.n_names = 1 },
	    .subject = "Reverse DNS (PTR) record for 2001:db8::: mail.example.com", .to = "",
	    .who = { "is unknown" }, .body = { "8.b.d.0.1.0.0.2.ip6.arpa. IN PTR" },
	    .never = { "\033" } },
	{ "the hoster's customer does it",
	    .facts = { ADDRESS, .names = one_name, .n_names = 1, .owner = "", .zone = "",
		.mailbox = "", .provider = "Cloud", .provider_note = "In the old panel.",
		.hoster = &customer, .resolving = one_name, .n_resolving = 1 },
	    .subject = "Reverse DNS (PTR) record for 203.0.113.25: mail.example.com", .to = "",
	    .who = { "is unknown" },
	    .body = { "\nmail.example.com already resolves to 203.0.113.25.\n" },
	    .never = { "In the old panel" },
	    .own = "At Cloud its customer sets the record, in the console.\n"
		   "    cloud ptr 203.0.113.25 mail.example.com "
		   "--and-an-option-that-makes-this-line-a-long-one\n"
		   "The name must resolve first.\nSee https://cloud.example/ptr\n",
	    .by_customer = true },
	{ "not for IPv6",
	    .facts = { .ip = { 6, { 0x20, 1, 0xd, 0xb8 } },
		UNKNOWN,
		.names = one_name,
		.n_names = 1,
		.hoster = &customer },
	    .subject = "Reverse DNS (PTR) record for 2001:db8::: mail.example.com", .to = "",
	    .who = { "is unknown" }, .body = { "please set" }, .never = { "already resolves" },
	    .own = "Cloud has no PTR records for IPv6 addresses.\n"
		   "The name must resolve first.\nSee https://cloud.example/ptr\n" },
	{ "the record is to go: no call sets a name",
	    .facts = { ADDRESS, UNKNOWN, .hoster = &customer },
	    .subject = "Reverse DNS (PTR) record for 203.0.113.25: to be removed", .to = "",
	    .who = { "is unknown" }, .body = { "please remove" }, .never = { "please set" },
	    .own = "At Cloud its customer sets the record, in the console.\n"
		   "The name must resolve first.\nSee https://cloud.example/ptr\n",
	    .by_customer = true },
	{ "on request",
	    .facts = { ADDRESS, UNKNOWN, .names = one_name, .n_names = 1, .hoster = &ticket },
	    .subject = "Reverse DNS (PTR) record for 203.0.113.25: mail.example.com", .to = "",
	    .who = { "is unknown" }, .body = { "please set" }, .never = { "never" },
	    .own = "At Line the record is to be had on request, from its support.\n"
		   "See https://line.example/\n" },
	{ "not at all",
	    .facts = { ADDRESS, UNKNOWN, .names = one_name, .n_names = 1, .hoster = &nobody },
	    .subject = "Reverse DNS (PTR) record for 203.0.113.25: mail.example.com", .to = "",
	    .who = { "is unknown" }, .body = { "please set" }, .never = { "already resolves" },
	    .own = "Shop: it sets none.\nSee https://shop.example/\n" },
	{ "hostile words",
	    .facts = { ADDRESS, .names = hostile, .n_names = 1, .owner = "\033]0;x",
		.zone = "\033[1m", .servers = hostile, .n_servers = 1, .mailbox = "a\nBcc: b",
		.provider = "\007", .provider_note = "\033", .current = hostile, .n_current = 1,
		.evidence = hostile, .n_evidence = 1 },
	    .subject = "Reverse DNS (PTR) record for 203.0.113.25: evil\\x1b[2J.example",
	    .to = "a\\x0aBcc: b", .who = { "\\x1b[1m" }, .body = { "\\x1b[2J" },
	    .never = { "\033", "\nBcc", "\007" } },
};

static void
every_phrase_is_there(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		const struct request_case *c = &cases[i];
		ROW(c->name);
		struct arena a;
		arena_init(&a);
		struct request r;
		request_write(&c->facts, &a, &r);
		assert_string_equal(r.subject, c->subject);
		assert_string_equal(r.to, c->to);
		assert_string_equal(r.own, c->own != NULL ? c->own : "");
		assert_int_equal(r.by_customer, c->by_customer);
		for (size_t j = 0; j < N_ELEMENTS(c->who) && c->who[j] != NULL; j++)
			assert_non_null(strstr(r.who, c->who[j]));
		for (size_t j = 0; j < N_ELEMENTS(c->body) && c->body[j] != NULL; j++)
			assert_non_null(strstr(r.body, c->body[j]));
		for (size_t j = 0; j < N_ELEMENTS(c->never) && c->never[j] != NULL; j++) {
			assert_null(strstr(r.body, c->never[j]));
			assert_null(strstr(r.who, c->never[j]));
		}
		arena_fini(&a);
	}
}

static const struct forward_case {
	const char *name;
	const char *dns_name; /* the PTR name that the DNS shows; NULL: none */
	struct plan_need need;
	bool account, forward; /* is it a request to the holder of the name's zone? */
	const char *who, *body, *never;
} forward_cases[] = {
	{ "the PTR record is right, the address another", "mail.example.com",
	    { "mail.example.com", "A", "203.0.113.25", "example.com", "dns@example.com",
		"203.0.113.99" },
	    false, true,
	    "The PTR record is right. mail.example.com A is missing in the zone example.com "
	    "(contact "
	    "dns@example.com).",
	    "    mail.example.com. IN A 203.0.113.25\n"
	    "    At present mail.example.com resolves to 203.0.113.99.\n",
	    "IN PTR" },
	{ "the PTR record is right, the name has no address", "mail.example.com",
	    { "mail.example.com", "A", "203.0.113.25", "", "", "" }, false, true,
	    "The PTR record is right. mail.example.com A is missing.",
	    "please publish the record below. The name", "change the address" },
	{ "both are wrong, and nobody here can write: the holder of the address is asked", NULL,
	    { "mail.example.com", "A", "203.0.113.25", "", "", "" }, false, false, NULL, NULL,
	    NULL },
	{ "both are wrong, and the PTR record can be written from here", NULL,
	    { "mail.example.com", "A", "203.0.113.25", "", "", "" }, true, true,
	    "The PTR record comes after that. mail.example.com A is missing.", "IN A", "IN PTR" },
};

static void
the_forward_zone_is_asked(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(forward_cases); i++) {
		const struct forward_case *c = &forward_cases[i];
		struct plan p = { .address = "203.0.113.25", .names = one_name, .n_names = 1 };
		const char *now[] = { c->dns_name };
		struct request r;
		struct arena a;
		ROW(c->name);
		arena_init(&a);
		p.needs[p.n_needs++] = c->need;
		p.dns_known = true;
		p.dns_names = now;
		p.n_dns_names = c->dns_name != NULL;
		assert_int_equal(request_is_forward(&p, c->account), c->forward);
		if (c->forward) {
			request_write_forward(&p, evidence, N_ELEMENTS(evidence), &a, &r);
			assert_string_equal(r.who, c->who);
			assert_string_equal(r.to, c->need.mailbox);
			assert_string_equal(r.subject,
			    "A record of mail.example.com: 203.0.113.25");
			assert_non_null(strstr(r.body, c->body));
			assert_null(strstr(r.body, c->never));
		}
		arena_fini(&a);
	}
}

static void
lines_are_short(void **state)
{
	(void)state;
	struct arena a;
	arena_init(&a);
	struct request r;
	request_write(&cases[0].facts, &a, &r);
	size_t lines = 0;
	for (const char *line = r.body; *line != '\0'; lines++) {
		size_t len = strcspn(line, "\n");
		assert_in_range(len, 0, 79);
		assert_int_equal(line[len], '\n');
		line += len + 1;
	}
	assert_in_range(lines, 10, 40);
	arena_fini(&a);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_phrase_is_there),
		cmocka_unit_test(the_forward_zone_is_asked),
		cmocka_unit_test(lines_are_short),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
