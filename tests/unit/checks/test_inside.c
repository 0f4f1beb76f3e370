/* Nothing is sent to an address inside a network because a stranger's record says so: kind by place. */
#include "test.h"

#include "base/arena.h"
#include "checks/finding.h"
#include "checks/registry.h"
#include "dns/nat64.h"
#include "inside.h"
#include "views/understanding.h"

/* Where the DNS leads to packets. */
enum place {
	PLACE_ZONE,  /* a name server of the zone that holds the PTR record */
	PLACE_ABOVE, /* one of the zone above it */
	PLACE_LIST,  /* one of a list's zone */
	PLACE_SMTP,  /* the server itself, as a name's MX record leads to it */
	PLACES
};

static const struct {
	const char *name;
	const struct check *check;
	enum authority_mode authority;
} places[] = {
	[PLACE_ZONE] = { "name server of the zone", &check_ptr, AUTHORITY_AUTO },
	[PLACE_ABOVE] = { "name server of the zone above", &check_ptr, AUTHORITY_ALWAYS },
	[PLACE_LIST] = { "name server of a list", &check_dnsbl, AUTHORITY_AUTO },
	[PLACE_SMTP] = { "mail server", &check_smtp, AUTHORITY_AUTO },
};

/* A target, and what a stranger's zones say. */
struct world {
	struct arena arena;
	struct catalogue lists;
	struct policy policy;
	struct target target;
	struct facts facts;
	enum place place;
	struct ip evil;        /* the address under test */
	enum dns_status nat64; /* of the answer about this network's translators: by 2606:64::/96 */
};

static void
set_up(struct world *w, enum place place, const char *address, bool allowed)
{
	struct err err;
	static const char list[] = "a.example\n";
	*w = (struct world){ .place = place,
		.nat64 = DNS_NODATA,
		.policy = { .lists = &w->lists,
		    .authority = places[place].authority,
		    .authority_port = 53,
		    .allow_special = allowed,
		    .lists_direct = true,
		    .smtp = true,
		    .smtp_port = 25 } };
	arena_init(&w->arena);
	assert_int_equal(catalogue_read_text(&w->lists, &w->arena, "lists", list, strlen(list),
			     &err),
	    ERR_NONE);
	/* as it stands in a record: an IPv4-mapped address stays what it is */
	bool is_ip6 = strchr(address, ':') != NULL;
	assert_true(ip_parse_family(address, is_ip6 ? 6 : 4, &w->evil));
	w->target = (struct target){ .names = { .host = "", .ehlo = "", .domain = "" },
		.policy = &w->policy };
	if (place == PLACE_SMTP)
		w->target.ip = w->evil;
	else
		assert_true(ip_parse("9.0.2.1", &w->target.ip));
	ip_format(&w->target.ip, w->target.address);
	facts_init(&w->facts, &w->arena);
}

static void
tear_down(struct world *w)
{
	facts_fini(&w->facts);
	arena_fini(&w->arena);
}

/* Of the zone whose servers are under test, the only one is evil; of others it is a good one. */
static const char *
server_of(const struct world *w, const char *zone)
{
	static const char *const evil[PLACES] = { [PLACE_ZONE] = "2.0.9.in-addr.arpa",
		[PLACE_ABOVE] = "0.9.in-addr.arpa",
		[PLACE_LIST] = "a.example",
		[PLACE_SMTP] = "" };
	return strcmp(zone, evil[w->place]) == 0 ? "ns.evil.example" : "ns.good.example";
}

static struct dns_answer
answer_of(const struct world *w, const struct fact *fact, struct dns_record *record)
{
	struct dns_answer answer = *dns_answer_bare(DNS_NXDOMAIN);
	const struct ip good = { 4, { 9, 9, 9, 9 } };
	*record = (struct dns_record){ .owner = fact->name, .type = fact->type, .text = "" };
	bool is_evil = strcmp(fact->name, "ns.evil.example") == 0;
	if (fact->type == DNS_NS)
		record->text = server_of(w, fact->name);
	record->ip = is_evil ? w->evil : good;
	bool is_address = fact->type == DNS_A || fact->type == DNS_AAAA;
	bool found = fact->type == DNS_NS || fact->type == DNS_SOA ||
	    (is_address && record->ip.family == (fact->type == DNS_A ? 4 : 6));
	if (fact->at_server)
		return *dns_answer_bare(DNS_TIMEOUT);
	if (strcmp(fact->name, nat64_discovery) == 0) {
		assert_true(ip_parse("2606:64::192.0.0.170", &record->ip));
		answer.status = w->nat64;
		answer.records = record;
		answer.n_records = w->nat64 == DNS_FOUND;
		return answer;
	}
	answer.status = found ? DNS_FOUND : is_address ? DNS_NODATA : DNS_NXDOMAIN;
	answer.soa_zone = fact->type == DNS_PTR ? "2.0.9.in-addr.arpa" : "";
	answer.records = record;
	answer.n_records = found;
	return answer;
}

/* Asks until nothing new is wanted. */
static void
gather(struct world *w)
{
	size_t done = 0, before;
	do {
		before = done;
		places[w->place].check->wants(&w->target, &w->facts);
		for (; done < w->facts.n; done++) {
			struct fact *fact = w->facts.list[done];
			struct dns_record record;
			if (fact->kind != FACT_DNS)
				continue;
			struct dns_answer answer = answer_of(w, fact, &record);
			facts_set_dns(fact, &w->arena, &answer);
		}
	} while (done > before);
}

static bool
is_sent_to(struct world *w)
{
	gather(w);
	bool sent = false;
	for (size_t i = 0; i < w->facts.n; i++) {
		const struct fact *fact = w->facts.list[i];
		bool to_server = fact->kind == FACT_SMTP || fact->at_server;
		sent |= to_server && ip_equal(&fact->endpoint.ip, &w->evil);
	}
	return sent;
}

static void
check_place(enum place place, const char *address, bool allowed, bool expected)
{
	struct world w;
	ROW(address);
	set_up(&w, place, address, allowed);
	if (is_sent_to(&w) != expected)
		fail_msg("%s, %s, %s", places[place].name, address, allowed ? "allowed" : "not");
	tear_down(&w);
}

static void
test_inside(void **state)
{
	(void)state;
	for (int place = 0; place < PLACES; place++)
		for (size_t i = 0; i < N_ELEMENTS(inside_addresses); i++) {
			check_place((enum place)place, inside_addresses[i], false, false);
			check_place((enum place)place, inside_addresses[i], true, true);
		}
}

static void
test_public(void **state)
{
	(void)state;
	static const char *const addresses[] = { "8.8.8.8", "2a00::1", "64:ff9b::8.8.8.8" };
	for (int place = 0; place < PLACES; place++)
		for (size_t i = 0; i < N_ELEMENTS(addresses); i++)
			/* a mail server has no address of a translator */
			check_place((enum place)place, addresses[i], false,
			    place != PLACE_SMTP || addresses[i][0] != '6');
}

/* A network's own prefix, which a stranger may know: and what is unknown is not sent, either. */
static void
test_translated(void **state)
{
	static const struct {
		const char *address;
		enum dns_status learned;
		bool sent;
	} rows[] = {
		{ "2606:64::10.0.0.1", DNS_FOUND, false },
		{ "2606:64::127.0.0.1", DNS_FOUND, false },
		{ "2606:64::169.254.169.254", DNS_FOUND, false },
		{ "2606:64::8.8.8.8", DNS_FOUND, true },
		{ "2606:65::10.0.0.1", DNS_FOUND, true },
		{ "2606:64::10.0.0.1", DNS_NODATA, true },
		{ "2606:64::8.8.8.8", DNS_SERVFAIL, false },
		{ "2606:64::8.8.8.8", DNS_TIMEOUT, false },
		{ "2606:64::8.8.8.8", DNS_PENDING, false },
		{ "8.8.8.8", DNS_TIMEOUT, true },
	};
	(void)state;
	for (int place = 0; place < PLACES; place++)
		for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
			struct world w;
			ROW(rows[i].address);
			set_up(&w, (enum place)place, rows[i].address, false);
			w.nat64 = rows[i].learned;
			if (is_sent_to(&w) != rows[i].sent)
				fail_msg("%s, row %zu", places[place].name, i);
			tear_down(&w);
		}
}

/* Unknown, and why: never "bad". */
static void
test_said(void **state)
{
	(void)state;
	struct world w;
	struct understanding known;
	set_up(&w, PLACE_LIST, "10.0.0.1", false);
	gather(&w);
	understanding_init(&known, &w.target, &w.facts, &w.arena);
	const struct list_verdict *v = &known_lists(&known)->rows[0].verdict;
	assert_int_equal(v->state, LIST_UNKNOWN);
	assert_int_equal(v->reason, LIST_PRIVATE);
	assert_string_equal(dns_answer_reason(dns_answer_bare(DNS_PRIVATE), &w.arena),
	    "not asked: a private address");
	tear_down(&w);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_inside),
		cmocka_unit_test(test_public),
		cmocka_unit_test(test_translated),
		cmocka_unit_test(test_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
