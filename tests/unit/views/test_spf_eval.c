/* check_host() of RFC 7208 4 to 7 over small zones: the result, and what it took. */
#include "base/arena.h"
#include "test.h"
#include "views/spf.h"
#include "views/understanding.h"

/* "NAME TYPE VALUE|NAME TYPE VALUE": TIMEOUT for a type is no answer; what has no line is NXDOMAIN. */
#define ZONE_SERVERS \
	"mail.t.example A 192.0.2.1|mail.t.example AAAA 2001:db8::1|www.t.example A 192.0.2.80|" \
	"t.example MX mail.t.example|slow.t.example TXT TIMEOUT|slow.t.example A TIMEOUT|" \
	"sign.t.example A 127.0.0.2|pass.t.example TXT v=spf1 +all|fail.t.example TXT v=spf1 " \
	"-all|" \
	"soft.t.example TXT v=spf1 ~all|neutral.t.example TXT v=spf1 ?all|" \
	"broken.t.example TXT v=spf1 oops|other.t.example TXT hello|" \
	"two.t.example TXT v=spf1 -all|two.t.example TXT v=spf1 +all|" \
	"1.2.0.192.in-addr.arpa PTR mail.t.example|1.2.0.192.in-addr.arpa PTR www.t.example|"

static const struct row {
	const char *name;   /* with the section */
	const char *record; /* of t.example; "": none */
	enum spf_result result;
	unsigned lookups, voids;
	const char *ip; /* NULL: 192.0.2.1 */
} rows[] = {
	{ "4.5 no record", "", SPF_NONE, 0, 0, NULL },
	{ "4.5 another version", "v=spf2 -all", SPF_NONE, 0, 0, NULL },
	{ "4.6 an error behind a match", "v=spf1 ip4:192.0.2.1 oops", SPF_PERMERROR, 0, 0, NULL },
	{ "4.6.2 the first match decides", "v=spf1 ?ip4:192.0.2.0/24 -all", SPF_NEUTRAL, 0, 0,
	    NULL },
	{ "4.6.4 no term that asks", "v=spf1 ip4:192.0.2.1 -all", SPF_PASS, 0, 0, NULL },
	{ "4.6.4 void at the limit", "v=spf1 a:x.example a:y.example -all", SPF_FAIL, 2, 2, NULL },
	{ "4.6.4 void over the limit", "v=spf1 a:x.example mx:y.example exists:z.example -all",
	    SPF_PERMERROR, 3, 3, NULL },
	{ "4.6.4 exp asks, but is no term that counts", "v=spf1 a:x.example exp=y.example -all",
	    SPF_FAIL, 1, 1, NULL },
	{ "4.7 nothing matches", "v=spf1 ip4:192.0.2.2", SPF_NEUTRAL, 0, 0, NULL },
	{ "4.7 nothing at all", "v=spf1", SPF_NEUTRAL, 0, 0, NULL },
	{ "4.8 a name that cannot be asked for", "v=spf1 a:mail..t.example -all", SPF_FAIL, 1, 0,
	    NULL },
	{ "5.1 terms after all are not looked at", "v=spf1 ~all a:slow.t.example", SPF_SOFTFAIL, 0,
	    0, NULL },
	{ "5.1 redirect after all is not, either", "v=spf1 ~all redirect=pass.t.example",
	    SPF_SOFTFAIL, 0, 0, NULL },
	{ "5.2 include: pass", "v=spf1 include:pass.t.example -all", SPF_PASS, 1, 0, NULL },
	{ "5.2 include: its qualifier counts", "v=spf1 ~include:pass.t.example -all", SPF_SOFTFAIL,
	    1, 0, NULL },
	{ "5.2 include: fail", "v=spf1 include:fail.t.example ~all", SPF_SOFTFAIL, 1, 0, NULL },
	{ "5.2 include: softfail", "v=spf1 include:soft.t.example -all", SPF_FAIL, 1, 0, NULL },
	{ "5.2 include: neutral", "v=spf1 include:neutral.t.example -all", SPF_FAIL, 1, 0, NULL },
	{ "5.2 include: temperror", "v=spf1 include:slow.t.example +all", SPF_TEMPERROR, 1, 0,
	    NULL },
	{ "5.2 include: permerror", "v=spf1 include:broken.t.example +all", SPF_PERMERROR, 1, 0,
	    NULL },
	{ "5.2 include: several", "v=spf1 include:two.t.example +all", SPF_PERMERROR, 1, 0, NULL },
	{ "5.2 include: none", "v=spf1 include:other.t.example +all", SPF_PERMERROR, 1, 0, NULL },
	{ "5.2 include: no such name", "v=spf1 include:x.example +all", SPF_PERMERROR, 1, 0, NULL },
	{ "5.3 a", "v=spf1 a:mail.t.example -all", SPF_PASS, 1, 0, NULL },
	{ "5.3 a of another address", "v=spf1 a:www.t.example -all", SPF_FAIL, 1, 0, NULL },
	{ "5.3 a with a prefix", "v=spf1 a:www.t.example/24 -all", SPF_PASS, 1, 0, NULL },
	{ "5.3 a with a prefix of no whole bytes", "v=spf1 a:www.t.example/25 -all", SPF_PASS, 1, 0,
	    NULL },
	{ "5.3 a with a prefix that ends before it", "v=spf1 a:www.t.example/26 -all", SPF_FAIL, 1,
	    0, NULL },
	{ "5.3 a for an IPv6 client", "v=spf1 a:mail.t.example -all", SPF_PASS, 1, 0,
	    "2001:db8::1" },
	{ "5.3 the IPv4 prefix is not for it", "v=spf1 a:mail.t.example/0 -all", SPF_FAIL, 1, 0,
	    "2001:db8::2" },
	{ "5.3 the IPv6 prefix is", "v=spf1 a:mail.t.example//64 -all", SPF_PASS, 1, 0,
	    "2001:db8::2" },
	{ "5.3 a fails to be answered", "v=spf1 a:slow.t.example +all", SPF_TEMPERROR, 1, 0, NULL },
	{ "5.4 mx", "v=spf1 mx -all", SPF_PASS, 1, 0, NULL },
	{ "5.4 no MX record is not an A record", "v=spf1 mx:mail.t.example -all", SPF_FAIL, 1, 1,
	    NULL },
	{ "5.5 ptr", "v=spf1 ptr:t.example -all", SPF_PASS, 1, 0, NULL },
	{ "5.5 ptr of another domain", "v=spf1 ptr:u.example -all", SPF_FAIL, 1, 0, NULL },
	{ "5.5 ptr of a name that is not confirmed", "v=spf1 ptr:www.t.example -all", SPF_FAIL, 1,
	    0, NULL },
	{ "5.5 no PTR record", "v=spf1 ptr -all", SPF_FAIL, 1, 1, "192.0.2.2" },
	{ "5.6 ip4 of the whole", "v=spf1 ip4:203.0.113.0/0 -all", SPF_PASS, 0, 0, NULL },
	{ "5.6 ip6 never matches IPv4", "v=spf1 ip6:::/0 -all", SPF_FAIL, 0, 0, NULL },
	{ "5.6 a mapped address is IPv4", "v=spf1 ip4:192.0.2.1 -all", SPF_PASS, 0, 0,
	    "::ffff:192.0.2.1" },
	{ "5.7 exists", "v=spf1 exists:sign.t.example -all", SPF_PASS, 1, 0, NULL },
	{ "5.7 exists asks for A, whoever the client is", "v=spf1 exists:sign.t.example -all",
	    SPF_PASS, 1, 0, "2001:db8::9" },
	{ "5.7 exists not", "v=spf1 exists:x.example -all", SPF_FAIL, 1, 1, NULL },
	{ "6 an unknown modifier", "v=spf1 foo=bar -all", SPF_FAIL, 0, 0, NULL },
	{ "6.1 redirect", "v=spf1 redirect=soft.t.example", SPF_SOFTFAIL, 1, 0, NULL },
	{ "6.1 redirect before its terms", "v=spf1 redirect=fail.t.example ip4:192.0.2.1", SPF_PASS,
	    0, 0, NULL },
	{ "6.1 redirect to nothing", "v=spf1 redirect=x.example", SPF_PERMERROR, 1, 0, NULL },
	{ "7 a macro", "v=spf1 exists:%{l}.%{d2} -all", SPF_PASS, 1, 0, NULL },
	{ "7 p is the confirmed name", "v=spf1 a:%{p} -all", SPF_PASS, 1, 0, NULL },
	{ "7 p is unknown", "v=spf1 a:%{p}.t.example -all", SPF_FAIL, 1, 1, "192.0.2.2" },
	{ "7 h is the EHLO name", "v=spf1 a:%{h} -all", SPF_PASS, 1, 0, NULL },
};

/* The answer of a zone's lines to a question. */
static void
answer(const char *zone, struct fact *fact, struct arena *a)
{
	struct dns_answer out = *dns_answer_bare(DNS_NXDOMAIN);
	struct dns_record records[16] = { { .owner = fact->name } };
	char *copy = arena_strdup(a, zone), *rest = copy;
	const char *type = enumtab_name(&dns_type_names, fact->type);
	for (char *line = strtok_r(copy, "|", &rest); line != NULL;
	     line = strtok_r(NULL, "|", &rest)) {
		char *of = strchr(line, ' '), *value = strchr(of + 1, ' ');
		*of = *value = '\0';
		if (strcmp(line, fact->name) != 0)
			continue;
		if (out.status == DNS_NXDOMAIN)
			out.status = DNS_NODATA;
		if (strcmp(of + 1, type) != 0)
			continue;
		out.status = strcmp(value + 1, "TIMEOUT") == 0 ? DNS_TIMEOUT : DNS_FOUND;
		if (out.status == DNS_TIMEOUT)
			continue;
		struct dns_record *record = &records[out.n_records++];
		*record = (struct dns_record){ .owner = fact->name,
			.type = fact->type,
			.text = value + 1 };
		(void)ip_parse(value + 1, &record->ip);
	}
	out.records = records;
	facts_set_dns(fact, a, &out);
}

struct world {
	struct arena arena;
	struct facts facts;
	struct policy policy;
	struct target target;
	struct understanding known;
	size_t rounds; /* trips to the DNS */
};

static void
gather(struct world *w, const char *zone)
{
	size_t before = (size_t)-1;
	for (w->rounds = 0; before != w->facts.n; w->rounds++) {
		before = w->facts.n;
		for (size_t i = 0; i < w->facts.n; i++)
			if (!w->facts.list[i]->final)
				answer(zone, w->facts.list[i], &w->arena);
		spf_want(&w->target, &w->facts);
	}
	w->rounds--;
}

static void
set_up(struct world *w, const char *ip)
{
	*w = (struct world){ .policy = { .authority = AUTHORITY_NEVER, .allow_special = true } };
	arena_init(&w->arena);
	facts_init(&w->facts, &w->arena);
	w->target = (struct target){ .names = { .host = "",
					 .ehlo = "mail.t.example",
					 .domain = "",
					 .mail_from = "sign@t.example" },
		.policy = &w->policy };
	assert_true(ip_parse(ip, &w->target.ip));
	ip_format(&w->target.ip, w->target.address);
	understanding_init(&w->known, &w->target, &w->facts, &w->arena);
}

static void
tear_down(struct world *w)
{
	facts_fini(&w->facts);
	arena_fini(&w->arena);
}

static void
test_results(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		const struct row *row = &rows[i];
		struct world w;
		ROW(row->name);
		set_up(&w, row->ip != NULL ? row->ip : "192.0.2.1");
		const char *zone = row->record[0] == '\0' ?
		    ZONE_SERVERS :
		    arena_printf(&w.arena, ZONE_SERVERS "t.example TXT %s", row->record);
		gather(&w, zone);
		const struct spf_check *c = known_spf(&w.known)->mail_from;
		if (c->result != row->result)
			fail_msg("%s, not %s: %s", enumtab_name(&spf_result_names, (int)c->result),
			    enumtab_name(&spf_result_names, (int)row->result), c->problem_text);
		assert_int_equal(c->lookups, row->lookups);
		assert_int_equal(c->voids, row->voids);
		tear_down(&w);
	}
}

/* A tree takes as many round trips as it is deep, and the record's own: not one a term. */
static const struct {
	const char *name, *zone;
	size_t rounds, questions;
} trees[] = {
	{ "flat",
	    "t.example TXT v=spf1 include:a.example include:b.example include:c.example "
	    "a:d.example mx:e.example exists:f.example -all|"
	    "a.example TXT v=spf1 -all|b.example TXT v=spf1 -all|"
	    "c.example TXT v=spf1 -all|d.example A 192.0.2.9|"
	    "e.example MX g.example|g.example A 192.0.2.9|f.example TXT x",
	    3, 9 },
	{ "three deep",
	    "t.example TXT v=spf1 include:a.example include:b.example -all|"
	    "a.example TXT v=spf1 include:c.example -all|"
	    "b.example TXT v=spf1 include:d.example -all|"
	    "c.example TXT v=spf1 a:e.example -all|d.example TXT v=spf1 a:f.example -all|"
	    "e.example A 192.0.2.9|f.example A 192.0.2.9",
	    4, 8 },
	{ "ten look-ups, and the last three levels down: the tree of tests/bench/sender",
	    "t.example TXT v=spf1 include:a.example include:b.example include:c.example "
	    "-all|"
	    "a.example TXT v=spf1 include:a1.example include:a2.example ~all|"
	    "b.example TXT v=spf1 include:b1.example include:b2.example ~all|"
	    "c.example TXT v=spf1 include:c1.example include:c2.example ~all|"
	    "a1.example TXT v=spf1 ip4:192.0.2.9 ~all|"
	    "a2.example TXT v=spf1 ip4:192.0.2.9 ~all|"
	    "b1.example TXT v=spf1 ip4:192.0.2.9 ~all|"
	    "b2.example TXT v=spf1 ip4:192.0.2.9 ~all|"
	    "c1.example TXT v=spf1 ip4:192.0.2.9 ~all|"
	    "c2.example TXT v=spf1 include:last.example ~all|"
	    "last.example TXT v=spf1 ip4:192.0.2.1 ~all",
	    4, 12 },
	{ "redirect, beside the includes",
	    "t.example TXT v=spf1 include:a.example redirect=b.example|"
	    "a.example TXT v=spf1 include:c.example -all|c.example TXT v=spf1 -all|"
	    "b.example TXT v=spf1 a:d.example -all|d.example A 192.0.2.1",
	    3, 6 },
	{ "PTR record and its names, beside the includes",
	    "t.example TXT v=spf1 include:a.example ptr:b.example -all|"
	    "a.example TXT v=spf1 include:c.example -all|c.example TXT v=spf1 -all|"
	    "1.2.0.192.in-addr.arpa PTR d.example|d.example A 192.0.2.1",
	    3, 6 },
	{ "what the macro p needs, beside the includes",
	    "t.example TXT v=spf1 include:a.example exists:%{p}.b.example -all|"
	    "a.example TXT v=spf1 include:c.example -all|c.example TXT v=spf1 -all|"
	    "1.2.0.192.in-addr.arpa PTR d.example|d.example A 192.0.2.1|"
	    "d.example.b.example A 127.0.0.2",
	    4, 7 },
	{ "what is behind a match is not asked",
	    "t.example TXT v=spf1 a:e.example ip4:192.0.2.1 include:a.example -all|"
	    "e.example A 192.0.2.9",
	    2, 3 },
};

static void
test_round_trips(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(trees); i++) {
		struct world w;
		ROW(trees[i].name);
		set_up(&w, "192.0.2.1");
		gather(&w, trees[i].zone);
		assert_int_equal(w.rounds, trees[i].rounds);
		/* one of them is the record of the EHLO name */
		assert_int_equal(w.facts.n, trees[i].questions);
		tear_down(&w);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_results),
		cmocka_unit_test(test_round_trips),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
