/* Which servers the proof asks, at which addresses, and what it makes of those that it cannot ask. */
#include "test.h"

#include <stdlib.h>

#include "base/arena.h"
#include "fix/verify.h"

#define ADDRESS "203.0.113.25"
#define ZONE "113.0.203.in-addr.arpa"
#define PUBLIC_ADDRESS "9.9.9.25"
#define PUBLIC_ZONE "9.9.9.in-addr.arpa"
#define NEW "mail.example.com"
#define OLD "old.example.com"

enum { HOSTS = 50 };

/* One address of a name server, and what is heard there. */
struct host {
	const char *name;
	const char *address; /* NULL: the name does not exist; "": it has no address */
	const char *says;    /* a PTR name, or the word of a status */
};

struct row {
	const char *name;
	struct host hosts[HOSTS];
	bool waits;      /* there is a minute for it */
	bool no_special; /* special-use addresses must not be asked */
	bool proven;
	const char *missing; /* a part */
	const char *unasked; /* parts of "SERVER: why" of all that are not asked, in order */
	size_t n_good, n_asked;
};

static const struct row rows[] = {
	{ "one server", .hosts = { { "ns1", "192.0.2.1", NEW } }, .proven = true, .n_good = 1,
	    .n_asked = 1 },
	{ "two addresses of one server",
	    .hosts = { { "ns1", "192.0.2.1", NEW }, { "ns1", "192.0.2.2", NEW } }, .proven = true,
	    .n_good = 2, .n_asked = 2 },
	{ "two addresses, the second lags",
	    .hosts = { { "ns1", "192.0.2.1", NEW }, { "ns1", "192.0.2.2", OLD } },
	    .missing = "ns1 (192.0.2.2) still says PTR " OLD, .n_good = 1, .n_asked = 2 },
	{ "both families, IPv6 lags",
	    .hosts = { { "ns1", "192.0.2.1", NEW }, { "ns1", "2001:db8::1", OLD } },
	    .missing = "ns1 (2001:db8::1) still says PTR " OLD, .n_good = 1, .n_asked = 2 },
	{ "both families, IPv4 lags",
	    .hosts = { { "ns1", "192.0.2.1", OLD }, { "ns1", "2001:db8::1", NEW } },
	    .missing = "ns1 (192.0.2.1) still says PTR " OLD, .n_good = 1, .n_asked = 2 },
	{ "ten servers, the tenth lags",
	    .hosts = { { "ns0", "192.0.2.10", NEW }, { "ns1", "192.0.2.1", NEW },
		{ "ns2", "192.0.2.2", NEW }, { "ns3", "192.0.2.3", NEW },
		{ "ns4", "192.0.2.4", NEW }, { "ns5", "192.0.2.5", NEW },
		{ "ns6", "192.0.2.6", NEW }, { "ns7", "192.0.2.7", NEW },
		{ "ns8", "192.0.2.8", NEW }, { "ns9", "192.0.2.9", OLD } },
	    .missing = "ns9 still says PTR " OLD, .n_good = 9, .n_asked = 10 },
	{ "IPv6 alone", .hosts = { { "ns1", "2001:db8::1", NEW }, { "ns2", "2001:db8::2", NEW } },
	    .proven = true, .n_good = 2, .n_asked = 2 },
	{ "no route to IPv4",
	    .hosts = { { "ns1", "192.0.2.1", "no-route" }, { "ns1", "2001:db8::1", NEW } },
	    .proven = true, .n_good = 1, .n_asked = 2,
	    .unasked = "ns1 (192.0.2.1): this machine has no route to 192.0.2.1" },
	{ "no route to IPv6, where one server has nothing else",
	    .hosts = { { "ns1", "192.0.2.1", NEW }, { "ns2", "2001:db8::2", "no-route" } },
	    .proven = true, .n_good = 1, .n_asked = 2,
	    .unasked = "ns2: this machine has no route" },
	{ "no route to any", .hosts = { { "ns1", "192.0.2.1", "no-route" } }, .n_asked = 1,
	    .missing = "none of the name servers of " ZONE " can be asked from here",
	    .unasked = "ns1: this machine has no route" },
	{ "a family that leads nowhere: silent everywhere",
	    .hosts = { { "ns1", "192.0.2.1", NEW }, { "ns1", "2001:db8::1", "timeout" },
		{ "ns2", "192.0.2.2", NEW }, { "ns2", "2001:db8::2", "unreachable" } },
	    .proven = true, .n_good = 2, .n_asked = 4,
	    .unasked = "ns1 (2001:db8::1): no answer|ns2 (2001:db8::2): 2001:db8::2 is not reach" },
	{ "one silent address of a family that works",
	    .hosts = { { "ns1", "192.0.2.1", NEW }, { "ns1", "2001:db8::1", "timeout" },
		{ "ns2", "192.0.2.2", NEW }, { "ns2", "2001:db8::2", NEW } },
	    .missing = "ns1 (2001:db8::1): no answer", .n_good = 3, .n_asked = 4 },
	{ "the same, after some looks: named, and not waited for", .waits = true,
	    .hosts = { { "ns1", "192.0.2.1", NEW }, { "ns1", "2001:db8::1", "timeout" },
		{ "ns2", "192.0.2.2", NEW }, { "ns2", "2001:db8::2", NEW } },
	    .proven = true, .n_good = 3, .n_asked = 4, .unasked = "ns1 (2001:db8::1): no answer" },
	{ "the same, while the rest of it lags", .waits = true,
	    .hosts = { { "ns1", "192.0.2.1", OLD }, { "ns1", "2001:db8::1", "timeout" },
		{ "ns2", "192.0.2.2", NEW }, { "ns2", "2001:db8::2", NEW } },
	    .missing = "ns1 (192.0.2.1) still says PTR " OLD, .n_good = 2, .n_asked = 4,
	    .unasked = "ns1 (2001:db8::1): no answer" },
	{ "silent at all its addresses, for a minute", .waits = true,
	    .hosts = { { "ns1", "192.0.2.1", NEW }, { "ns2", "192.0.2.2", "timeout" },
		{ "ns2", "2001:db8::2", "timeout" } },
	    .missing = "ns2 (192.0.2.2): no answer", .n_good = 1, .n_asked = 3 },
	{ "silent at all its addresses: no excuse",
	    .hosts = { { "ns1", "192.0.2.1", NEW }, { "ns2", "2001:db8::2", "timeout" } },
	    .missing = "ns2: no answer", .n_good = 1, .n_asked = 2 },
	{ "the second address of a family is silent",
	    .hosts = { { "ns1", "192.0.2.1", NEW }, { "ns1", "192.0.2.2", "timeout" } },
	    .missing = "ns1 (192.0.2.2): no answer", .n_good = 1, .n_asked = 2 },
	{ "a name that does not exist, and one without address",
	    .hosts = { { "ns1", "192.0.2.1", NEW }, { "ns2", NULL, NULL }, { "ns3", "", NULL } },
	    .proven = true, .n_good = 1, .n_asked = 1,
	    .unasked = "ns2: the name does not exist|ns3: the name has no address" },
	{ "a name that could not be looked up",
	    .hosts = { { "ns1", "192.0.2.1", NEW }, { "ns2", "servfail", NULL } },
	    .missing = "ns2: its address could not be looked up: SERVFAIL", .n_good = 1,
	    .n_asked = 1 },
	{ "none exists", .hosts = { { "ns1", NULL, NULL } },
	    .missing = "none of the name servers of " ZONE " can be asked from here",
	    .unasked = "ns1: the name does not exist" },
	{ "a lame one is named, not waited for",
	    .hosts = { { "ns1", "192.0.2.1", NEW }, { "ns2", "192.0.2.2", "refused" } },
	    .proven = true, .n_good = 1, .n_asked = 2 },
	{ "all lame", .hosts = { { "ns1", "192.0.2.1", "refused" } },
	    .missing = "none of the name servers of " ZONE " serves the zone", .n_asked = 1 },
	{ "a private address is left out",
	    .hosts = { { "ns1", "9.9.9.9", NEW }, { "ns1", "10.0.0.1", OLD },
		{ "ns2", "10.0.0.2", OLD } },
	    .no_special = true, .proven = true, .n_good = 1, .n_asked = 1,
	    .unasked = "ns1 (10.0.0.1): 10.0.0.1 is a special-use address|"
		       "ns2: 10.0.0.2 is a special-use address" },
	{ "more addresses than are asked: said, and the rest proves it",
	    .hosts = { { "ns1", "*40", NEW } }, .proven = true, .n_good = 32, .n_asked = 32,
	    .unasked = "ns1 (192.0.2.37) and 3 more: left out, because at most 32" },
	{ "thirteen servers with two addresses each, the last one lags",
	    .hosts = { { "a", "192.0.2.1", NEW }, { "a", "2001:db8::1", NEW },
		{ "b", "192.0.2.2", NEW }, { "b", "2001:db8::2", NEW }, { "c", "192.0.2.3", NEW },
		{ "c", "2001:db8::3", NEW }, { "d", "192.0.2.4", NEW }, { "d", "2001:db8::4", NEW },
		{ "e", "192.0.2.5", NEW }, { "e", "2001:db8::5", NEW }, { "f", "192.0.2.6", NEW },
		{ "f", "2001:db8::6", NEW }, { "g", "192.0.2.7", NEW }, { "g", "2001:db8::7", NEW },
		{ "h", "192.0.2.8", NEW }, { "h", "2001:db8::8", NEW }, { "i", "192.0.2.9", NEW },
		{ "i", "2001:db8::9", NEW }, { "j", "192.0.2.10", NEW },
		{ "j", "2001:db8::10", NEW }, { "k", "192.0.2.11", NEW },
		{ "k", "2001:db8::11", NEW }, { "l", "192.0.2.12", NEW },
		{ "l", "2001:db8::12", NEW }, { "m", "192.0.2.13", NEW },
		{ "m", "2001:db8::13", OLD } },
	    .missing = "m (2001:db8::13) still says PTR " OLD, .n_good = 25, .n_asked = 26 },
	{ "more servers than are asked", .hosts = { { "*40", "192.0.2.1", NEW } }, .proven = true,
	    .n_good = 32, .n_asked = 1, .unasked = "ns36 and 3 more: left out" },
};

/* The test that goes on: a world in which time passes by waiting alone. */
static const struct row *now;
static size_t n_asked;
static uint64_t clock_us;

static uint64_t
now_us(void *arg)
{
	(void)arg;
	return clock_us;
}

static void
wait_us(void *arg, uint64_t us)
{
	(void)arg;
	clock_us += us;
}

static void
progress(void *arg, const char *text)
{
	(void)arg, (void)text;
}

static void
add_record(struct dns_answer *answer, struct arena *a, const char *text)
{
	struct dns_record *r = &answer->records[answer->n_records++];
	*r = (struct dns_record){ .owner = "", .ttl_s = 60, .text = arena_strdup(a, text) };
	(void)ip_parse(text, &r->ip);
	answer->status = DNS_FOUND;
}

/* "*40" stands for forty of them. */
static size_t
times(const char *text)
{
	return text != NULL && text[0] == '*' ? strtoul(text + 1, NULL, 10) : 1;
}

static void
add_servers(struct dns_answer *out, struct arena *a)
{
	for (const struct host *h = now->hosts; h->name != NULL; h++)
		for (size_t i = 0; i < times(h->name); i++)
			add_record(out, a,
			    h->name[0] == '*' ? arena_printf(a, "ns%02zu", i) : h->name);
}

static bool
is_host(const struct host *h, const char *name)
{
	return strcmp(h->name, name) == 0 || (h->name[0] == '*' && strncmp(name, "ns", 2) == 0);
}

static void
add_addresses(struct dns_answer *out, const char *name, uint16_t type, struct arena *a)
{
	int status;
	for (const struct host *h = now->hosts; h->name != NULL; h++) {
		if (!is_host(h, name))
			continue;
		if (h->address == NULL)
			out->status = DNS_NXDOMAIN;
		else if (enumtab_code(&dns_status_names, h->address, &status))
			out->status = (enum dns_status)status;
		else if (h->address[0] == '*' && type == DNS_A)
			for (size_t i = 1; i <= times(h->address); i++)
				add_record(out, a, arena_printf(a, "192.0.2.%zu", i));
		else if (h->address[0] != '\0' && h->address[0] != '*' &&
		    (strchr(h->address, ':') != NULL) == (type == DNS_AAAA))
			add_record(out, a, h->address);
	}
}

static const char *
says_at(const struct endpoint *e)
{
	char text[IP_TEXT_MAX];
	ip_format(&e->ip, text);
	for (const struct host *h = now->hosts; h->name != NULL; h++)
		if (h->address != NULL && (h->address[0] == '*' || strcmp(h->address, text) == 0))
			return h->says;
	fail_msg("%s was asked", text);
	return "";
}

static void
answer_server(struct dns_answer *out, const struct fact *fact, struct arena *a)
{
	int status;
	const char *says = says_at(&fact->endpoint);
	n_asked++;
	out->server = fact->endpoint;
	out->authoritative = true;
	if (enumtab_code(&dns_status_names, says, &status))
		out->status = (enum dns_status)status;
	else
		add_record(out, a, says);
}

static void
answer(struct fact *fact, struct arena *a)
{
	struct dns_answer out = dns_answer_pending;
	out.status = DNS_NODATA;
	out.records = arena_array(a, HOSTS, sizeof *out.records);
	if (fact->at_server)
		answer_server(&out, fact, a);
	else if (fact->type == DNS_SOA || fact->type == DNS_PTR)
		out.soa_zone = now->no_special ? PUBLIC_ZONE : ZONE;
	else if (fact->type == DNS_NS)
		add_servers(&out, a);
	else
		add_addresses(&out, fact->name, fact->type, a);
	facts_set_dns(fact, a, &out);
}

/* As the engine does it; what was wanted last is answered first. */
static void
gather(void *arg, const struct target *t, const struct check *const *checks, size_t n_checks,
    struct facts *f)
{
	(void)arg;
	n_asked = 0;
	for (bool more = true; more;) {
		for (size_t i = 0; i < n_checks; i++)
			checks[i]->wants(t, f);
		more = false;
		for (size_t i = f->n; i > 0 && !more; i--) {
			more = !f->list[i - 1]->final;
			if (more)
				answer(f->list[i - 1], f->arena);
		}
	}
}

static void
check_unasked(const struct proof *p, const char *parts, struct arena *a)
{
	const char *said = "";
	char *rest = NULL;
	for (size_t i = 0; i < p->n_servers; i++)
		if (p->servers[i].unasked)
			said = arena_printf(a, "%s%s: %s\n", said, p->servers[i].server,
			    p->servers[i].says);
	char *copy = arena_strdup(a, parts != NULL ? parts : "");
	if (copy[0] == '\0')
		assert_string_equal(said, "");
	for (char *part = strtok_r(copy, "|", &rest); part != NULL;
	     part = strtok_r(NULL, "|", &rest))
		if (strstr(said, part) == NULL)
			fail_msg("'%s' is not in: %s", part, said);
}

static void
test_servers(void **state)
{
	(void)state;
	static const char *const names[] = { NEW };
	static const struct world world = { .now_us = now_us,
		.wait_us = wait_us,
		.gather = gather,
		.progress = progress };
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		now = &rows[i];
		ROW(now->name);
		struct policy policy = { .authority = AUTHORITY_ALWAYS,
			.authority_port = 53,
			.allow_special = !now->no_special };
		struct target target = { .policy = &policy,
			.names = { .host = "", .ehlo = "", .domain = "" } };
		ip_parse(now->no_special ? PUBLIC_ADDRESS : ADDRESS, &target.ip);
		struct verify v = { .world = &world,
			.target = &target,
			.deadline_us = now->waits ? 60000000 : 0,
			.want = { .ptr = true, .names = names, .n_names = 1 } };
		struct arena a;
		struct proof proof;
		size_t n_good = 0;
		arena_init(&a);
		clock_us = 0;
		verify_run(&v, &a, &proof);
		for (size_t k = 0; k < proof.n_servers; k++)
			n_good += proof.servers[k].good;
		if (strstr(proof.missing, now->missing != NULL ? now->missing : "") == NULL)
			fail_msg("'%s' does not say '%s'", proof.missing, now->missing);
		assert_int_equal(proof.proven, now->proven);
		assert_int_equal(n_good, now->n_good);
		assert_int_equal(n_asked, now->n_asked);
		check_unasked(&proof, now->unasked, &a);
		arena_fini(&a);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_servers) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
