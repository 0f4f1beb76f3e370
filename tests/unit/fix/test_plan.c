/* Plans from facts and records alone: every row is a world, a wish, and the plan that must come. */
#include "test.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/buf.h"
#include "checks/registry.h"
#include "fix/now.h"
#include "fix/plan.h"

#define ADDRESS "203.0.113.25"
#define REVERSE "25.113.0.203.in-addr.arpa"

static enum err_code
check_record(const struct provider_record *r, struct err *err)
{
	assert_int_equal(r->ip.family, 4);
	assert_true(r->n_names > 0 && r->ttl_s > 0);
	if (r->n_tags > 0 && strcmp(r->tags[0], "role=bad") == 0)
		return err_set(err, ERR_DATA, "this cloud takes no such tag");
	return ERR_NONE;
}

static const struct provider cloud = {
	.name = "cloud",
	.title = "Test Cloud",
	.max_names = 3,
	.min_ttl_s = 60,
	.max_ttl_s = 86400,
	.default_ttl_s = 300,
	.ip4 = true,
	.has_default = true,
	.check = check_record,
};
/* Where nobody sets a PTR record there is none. */
static const struct provider own_server = {
	.name = "server",
	.title = "Test Server",
	.max_names = 3,
	.min_ttl_s = 60,
	.max_ttl_s = 86400,
	.default_ttl_s = 300,
	.ip4 = true,
};

/*
 * ptr: names in DNS, "-" none (NXDOMAIN), "?" SERVFAIL.  forward, one letter a name: g good,
 * m missing, o other address, a other address behind an alias, ? SERVFAIL, l late (one of two
 * servers).  account: NULL none, "" absent, "*" none with zones of its own; else NAME[,NAME].
 */
struct row {
	const char *name;
	const char *address, *names; /* NULL: ADDRESS, M */
	const char *ptr, *forward, *account;
	enum provider_state state;
	bool is_default, here, holds;
	struct plan_wish wish;
	enum err_code code;
	enum plan_status status;
	const char *steps;               /* "kind subject: old > new; ..." */
	const char *says;                /* in the error, the summary, a note or a need */
	uint32_t set_ttl_s;              /* of the account's record; 300 */
	const struct provider *provider; /* cloud */
	const char *refusal;             /* of an account that was asked; NULL */
	const char *never;               /* is said nowhere; NULL */
	bool wild;                       /* what the account holds for names is a wildcard's */
	const char *note;                /* of the account's record */
};

#define M "mail.example.com"
#define SET_M "ptr " ADDRESS ": - > " M " 300"

static const char *const one_tag[] = { "role=mx" };
static const char *const bad_tag[] = { "role=bad" };
static const char
    *const long_description = "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
			      "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx";

static const struct row rows[] = {
	/* --- the plain cases */
	{ "no PTR record, name leads back", .ptr = "-", .forward = "g", .account = "",
	    .state = PROVIDER_ABSENT, .status = PLAN_CHANGE, .steps = SET_M,
	    .says = "set the PTR record to mail" },
	{ "provider's default name", .ptr = "ecs-25.compute.example", .forward = "g",
	    .account = "ecs-25.compute.example", .is_default = true, .status = PLAN_CHANGE,
	    .steps = "ptr " ADDRESS ": default ecs-25.compute.example > " M " 300" },
	{ "default that the API does not show", .ptr = "ecs-25.compute.example", .forward = "g",
	    .account = "", .state = PROVIDER_ABSENT, .status = PLAN_CHANGE, .steps = SET_M },
	{ "right already", .ptr = M, .forward = "g", .account = M, .status = PLAN_NOTHING,
	    .steps = "", .says = "nothing to do" },
	{ "right already, no account", .ptr = M, .forward = "g", .status = PLAN_NOTHING,
	    .steps = "", .says = "nothing to do" },
	{ "held, DNS does not show it yet", .ptr = "-", .forward = "g", .account = M,
	    .status = PLAN_WAIT, .steps = "", .says = "does not show it yet" },
	{ "held, change under way", .ptr = "-", .forward = "g", .account = M,
	    .state = PROVIDER_PENDING, .status = PLAN_WAIT, .steps = "" },
	{ "held, but the API says it failed", .ptr = "-", .forward = "g", .account = M,
	    .state = PROVIDER_FAILED, .status = PLAN_CHANGE,
	    .steps = "ptr " ADDRESS ": " M " 300 > " M " 300" },
	{ "held, the DNS is unknown", .ptr = "?", .forward = "g", .account = M, .status = PLAN_WAIT,
	    .steps = "" },
	{ "PTR is unknown, account can write", .ptr = "?", .forward = "g", .account = "",
	    .state = PROVIDER_ABSENT, .status = PLAN_CHANGE, .steps = SET_M },
	{ "another change under way", .ptr = "-", .forward = "g", .account = "",
	    .state = PROVIDER_PENDING, .status = PLAN_UNDECIDED, .steps = "",
	    .says = "in progress" },
	/* --- names set on purpose */
	{ "other name, set on purpose", .ptr = "old.example.com", .forward = "g",
	    .account = "old.example.com", .status = PLAN_BLOCKED,
	    .steps = "ptr " ADDRESS ": old.example.com 300 > " M " 300", .says = "--replace" },
	{ "other name, replaced", .ptr = "old.example.com", .forward = "g",
	    .account = "old.example.com", .wish.replace = true, .status = PLAN_CHANGE,
	    .steps = "ptr " ADDRESS ": old.example.com 300 > " M " 300" },
	{ "one of two names stays", .ptr = "a.example.com," M, .forward = "g",
	    .account = "a.example.com," M, .status = PLAN_BLOCKED,
	    .steps = "ptr " ADDRESS ": a.example.com," M " 300 > " M " 300",
	    .says = "a.example.com" },
	{ "order of names is no difference", .names = "b.example.com,a.example.com",
	    .ptr = "a.example.com,b.example.com", .forward = "gg",
	    .account = "b.example.com,a.example.com", .status = PLAN_NOTHING, .steps = "" },
	{ "one name more", .names = "a.example.com,b.example.com", .ptr = "a.example.com",
	    .forward = "gg", .account = "a.example.com", .wish.replace = true,
	    .status = PLAN_CHANGE,
	    .steps = "ptr " ADDRESS ": a.example.com 300 > a.example.com,b.example.com 300",
	    .says = "one is enough" },
	/* --- properties */
	{ "TTL given, another is set", .ptr = M, .forward = "g", .account = M, .wish.ttl_s = 600,
	    .status = PLAN_CHANGE, .steps = "ptr " ADDRESS ": " M " 300 > " M " 600",
	    .says = "other properties" },
	{ "TTL given, the same is set", .ptr = M, .forward = "g", .account = M, .wish.ttl_s = 300,
	    .status = PLAN_NOTHING, .steps = "" },
	{ "description given", .ptr = M, .forward = "g", .account = M,
	    .wish.description = "mail server", .status = PLAN_CHANGE,
	    .steps = "ptr " ADDRESS ": " M " 300 > " M " 300 (mail server)" },
	{ "empty description, none is set", .ptr = M, .forward = "g", .account = M,
	    .wish.description = "", .status = PLAN_NOTHING, .steps = "" },
	{ "tag given", .ptr = M, .forward = "g", .account = M, .wish.tags = one_tag,
	    .wish.n_tags = 1, .status = PLAN_CHANGE,
	    .steps = "ptr " ADDRESS ": " M " 300 > " M " 300 [role=mx]" },
	{ "tag given, the TTL is another", .ptr = M, .forward = "g", .account = M, .set_ttl_s = 600,
	    .wish.tags = one_tag, .wish.n_tags = 1, .status = PLAN_CHANGE,
	    .steps = "ptr " ADDRESS ": " M " 600 > " M " 600 [role=mx]" },
	{ "another name, another TTL", .ptr = "old.example", .forward = "g",
	    .account = "old.example", .set_ttl_s = 600, .wish.replace = true, .status = PLAN_CHANGE,
	    .steps = "ptr " ADDRESS ": old.example 600 > " M " 300" },
	{ "tag that the provider does not take", .ptr = "-", .forward = "g", .account = "",
	    .wish.tags = bad_tag, .wish.n_tags = 1, .code = ERR_DATA, .says = "no such tag" },
	/* --- forward records */
	{ "forward missing, written elsewhere", .ptr = "-", .forward = "m", .account = "",
	    .state = PROVIDER_ABSENT, .status = PLAN_BLOCKED, .steps = "",
	    .says = M " A " ADDRESS },
	{ "forward missing, forced", .ptr = "-", .forward = "m", .account = "",
	    .state = PROVIDER_ABSENT, .wish.force_order = true, .status = PLAN_CHANGE,
	    .steps = SET_M, .says = "before its name resolves to the address" },
	{ "forward elsewhere", .ptr = "-", .forward = "o", .account = "", .state = PROVIDER_ABSENT,
	    .status = PLAN_BLOCKED, .steps = "", .says = "resolves to 198.51.100.9" },
	{ "forward missing, zone in the account", .ptr = "-", .forward = "m", .account = "*",
	    .state = PROVIDER_ABSENT, .here = true, .status = PLAN_BLOCKED, .steps = "",
	    .says = "--with-forward" },
	{ "forward missing, written too", .ptr = "-", .forward = "m", .account = "*",
	    .state = PROVIDER_ABSENT, .here = true, .wish.with_forward = true,
	    .status = PLAN_CHANGE, .steps = "forward " M ": - > " ADDRESS " 300; " SET_M },
	{ "forward with another address, written too", .ptr = "-", .forward = "o", .account = "*",
	    .state = PROVIDER_ABSENT, .here = true, .holds = true, .wish.with_forward = true,
	    .status = PLAN_CHANGE,
	    .steps = "forward " M ": 198.51.100.9 900 > 198.51.100.9," ADDRESS " 900; " SET_M },
	{ "with --with-forward, but elsewhere", .ptr = "-", .forward = "m", .account = "",
	    .state = PROVIDER_ABSENT, .wish.with_forward = true, .status = PLAN_BLOCKED,
	    .steps = "", .says = M " A " ADDRESS },
	{ "forward behind an alias", .ptr = "-", .forward = "a", .account = "*",
	    .state = PROVIDER_ABSENT, .here = true, .wish.with_forward = true,
	    .status = PLAN_BLOCKED, .steps = "", .says = "end.example.com A " ADDRESS },
	{ "forward by a wildcard, written for the name itself", .ptr = "-", .forward = "o",
	    .account = "*", .state = PROVIDER_ABSENT, .here = true, .holds = true, .wild = true,
	    .wish.with_forward = true, .status = PLAN_CHANGE,
	    .steps = "forward " M ": default 198.51.100.9 > 198.51.100.9," ADDRESS " 300; " SET_M,
	    .says = "the name loses its MX" },
	{ "forward behind a wildcard's alias", .ptr = "-", .forward = "a", .account = "*",
	    .state = PROVIDER_ABSENT, .here = true, .wild = true, .wish.with_forward = true,
	    .status = PLAN_CHANGE, .steps = "forward " M ": default > " ADDRESS " 300; " SET_M },
	{ "PTR by a wildcard", .ptr = "x.example.net", .forward = "g", .account = "x.example.net",
	    .is_default = true, .note = "the neighbours lose it", .status = PLAN_CHANGE,
	    .steps = "ptr " ADDRESS ": default x.example.net > " M " 300",
	    .says = "the neighbours lose it" },
	{ "forward is unknown", .ptr = "-", .forward = "?", .account = "", .state = PROVIDER_ABSENT,
	    .status = PLAN_UNDECIDED, .says = "SERVFAIL" },
	{ "forward is unknown, forced", .ptr = "-", .forward = "?", .account = "",
	    .state = PROVIDER_ABSENT, .wish.force_order = true, .status = PLAN_CHANGE,
	    .steps = SET_M },
	{ "forward on one of two servers", .ptr = "-", .forward = "l", .account = "",
	    .state = PROVIDER_ABSENT, .status = PLAN_UNDECIDED, .says = "not every name server" },
	{ "one of two names leads back", .names = "a.example.com,b.example.com", .ptr = "-",
	    .forward = "gm", .account = "", .state = PROVIDER_ABSENT, .status = PLAN_BLOCKED,
	    .steps = "", .says = "b.example.com A " ADDRESS },
	{ "two names, both written", .names = "a.example.com,b.example.com", .ptr = "-",
	    .forward = "mm", .account = "*", .state = PROVIDER_ABSENT, .here = true,
	    .wish.with_forward = true, .status = PLAN_CHANGE,
	    .steps = "forward a.example.com: - > " ADDRESS
		     " 300; forward b.example.com: - > " ADDRESS " 300; ptr " ADDRESS
		     ": - > a.example.com,b.example.com 300" },
	{ "PTR right, forward missing", .ptr = M, .forward = "m", .account = M,
	    .status = PLAN_BLOCKED, .steps = "", .says = M " A " ADDRESS },
	{ "PTR right, forward written", .ptr = M, .forward = "m", .account = M, .here = true,
	    .wish.with_forward = true, .status = PLAN_CHANGE,
	    .steps = "forward " M ": - > " ADDRESS " 300" },
	/* --- no account */
	{ "no account, no PTR record", .ptr = "-", .forward = "g", .status = PLAN_BLOCKED,
	    .steps = "", .says = "none of the accounts" },
	{ "not of this account", .ptr = "-", .forward = "g", .status = PLAN_BLOCKED, .steps = "",
	    .refusal = "Test Cloud: " ADDRESS " is not in project p; q",
	    .says = "Test Cloud: " ADDRESS " is not in project p; q" },
	{ "not of this account, and right already", .ptr = M, .forward = "g",
	    .status = PLAN_NOTHING, .steps = "", .refusal = "Test Cloud: not here",
	    .never = "not here" },
	{ "IPv6 without a PTR record: the other cure", .address = "2001:db8::25", .ptr = "-",
	    .forward = "g", .wish.force_order = true, .status = PLAN_BLOCKED, .steps = "",
	    .says = "inet_protocols=ipv4" },
	{ "IPv4: no other cure", .ptr = "-", .forward = "g", .status = PLAN_BLOCKED, .steps = "",
	    .never = "IPv4 alone" },
	{ "no account, PTR right, forward elsewhere", .ptr = M, .forward = "o",
	    .status = PLAN_BLOCKED, .steps = "",
	    .says = "the PTR record is right, but " M " resolves to 198.51.100.9" },
	{ "no account, PTR is unknown", .ptr = "?", .forward = "g", .status = PLAN_UNDECIDED,
	    .steps = "" },
	{ "no account, forward missing", .ptr = "-", .forward = "m", .status = PLAN_BLOCKED,
	    .says = M " A " ADDRESS },
	/* --- taken away */
	{ "unset", .names = "", .ptr = M, .forward = "", .account = M, .wish.unset = true,
	    .status = PLAN_CHANGE, .steps = "ptr " ADDRESS ": " M " 300 > default",
	    .says = "default applies again" },
	{ "unset, where there is no default", .names = "", .ptr = M, .forward = "", .account = M,
	    .wish.unset = true, .provider = &own_server, .status = PLAN_CHANGE,
	    .steps = "ptr " ADDRESS ": " M " 300 > -", .says = "remove the PTR record",
	    .never = "default" },
	{ "unset, no account", .names = "", .ptr = M, .forward = "", .wish.unset = true,
	    .status = PLAN_BLOCKED, .steps = "", .says = "can remove the PTR record" },
	{ "unset, nothing is set", .names = "", .ptr = "-", .forward = "", .account = "",
	    .state = PROVIDER_ABSENT, .wish.unset = true, .status = PLAN_NOTHING, .steps = "" },
	{ "unset, the default is there", .names = "", .ptr = "ecs-25.compute.example",
	    .forward = "", .account = "ecs-25.compute.example", .is_default = true,
	    .wish.unset = true, .status = PLAN_NOTHING, .steps = "" },
	/* --- refused */
	{ "no name", .names = "", .ptr = "-", .forward = "", .account = "", .code = ERR_DATA,
	    .says = "--name" },
	{ "wildcard", .names = "*.example.com", .ptr = "-", .forward = "g", .account = "",
	    .code = ERR_DATA, .says = "wildcard" },
	{ "underscore", .names = "mail_1.example.com", .ptr = "-", .forward = "g", .account = "",
	    .code = ERR_DATA, .says = "underscore" },
	{ "one label", .names = "mail", .ptr = "-", .forward = "g", .account = "", .code = ERR_DATA,
	    .says = "one label" },
	{ "address as name", .names = "203.0.113.25", .ptr = "-", .forward = "g", .account = "",
	    .code = ERR_DATA, .says = "IP address" },
	{ "reverse name as name", .names = REVERSE, .ptr = "-", .forward = "g", .account = "",
	    .code = ERR_DATA, .says = "final dot" },
	{ "too many names for the provider",
	    .names = "a.example.com,b.example.com,c.example.com,d.example.com", .ptr = "-",
	    .forward = "gggg", .account = "", .code = ERR_DATA, .says = "takes 3" },
	{ "TTL too short", .ptr = "-", .forward = "g", .account = "", .wish.ttl_s = 59,
	    .code = ERR_DATA, .says = "60 to 86400" },
	{ "TTL too long", .ptr = "-", .forward = "g", .account = "", .wish.ttl_s = 86401,
	    .code = ERR_DATA, .says = "60 to 86400" },
	{ "description too long", .ptr = "-", .forward = "g", .account = "",
	    .wish.description = "long", .code = ERR_DATA, .says = "at most 255" },
	{ "IPv6 at a provider without", .address = "2001:db8::25", .ptr = "-", .forward = "g",
	    .account = "", .code = ERR_NOPERM, .says = "IPv6" },
	{ "private address", .address = "10.0.0.1", .ptr = "-", .forward = "g", .account = "",
	    .code = ERR_DATA, .says = "--allow-special" },
};

static struct dns_answer
answer_of(enum dns_status status)
{
	struct dns_answer answer = dns_answer_pending;
	answer.status = status;
	answer.soa_zone = "example.com";
	answer.soa_negative_ttl_s = 120;
	return answer;
}

static void
set(struct facts *f, const struct endpoint *server, const char *name, uint16_t type,
    const struct dns_answer *answer)
{
	struct fact *fact = facts_need_dns(f, server, name, type);
	facts_set_dns(fact, f->arena, answer);
}

static struct dns_record
record_of(const char *owner, uint16_t type, const char *text)
{
	struct dns_record r = { .owner = owner, .type = type, .ttl_s = 900, .text = text };
	if (type == DNS_A)
		assert_true(ip_parse(text, &r.ip));
	return r;
}

static size_t
split(const char *list, struct arena *a, const char *out[PROVIDER_NAMES_MAX])
{
	size_t n = 0;
	char *save = NULL, *copy = arena_strdup(a, list);
	for (char *w = strtok_r(copy, ",", &save); w != NULL; w = strtok_r(NULL, ",", &save))
		out[n++] = w;
	return n;
}

static void
set_ptr(const struct row *row, struct facts *f)
{
	char reverse[IP_REVERSE_MAX];
	struct ip ip;
	const char *names[PROVIDER_NAMES_MAX];
	struct dns_record records[PROVIDER_NAMES_MAX];
	struct dns_answer answer = answer_of(row->ptr[0] == '-' ? DNS_NXDOMAIN :
		row->ptr[0] == '?'                              ? DNS_SERVFAIL :
								  DNS_FOUND);
	assert_true(ip_parse(row->address != NULL ? row->address : ADDRESS, &ip));
	const char *owner = arena_strdup(f->arena, ip_reverse_name(&ip, reverse));
	answer.soa_zone = "113.0.203.in-addr.arpa";
	if (answer.status == DNS_FOUND) {
		answer.n_records = split(row->ptr, f->arena, names);
		answer.records = records;
		for (size_t i = 0; i < answer.n_records; i++)
			answer.records[i] = record_of(owner, DNS_PTR, names[i]);
	}
	set(f, NULL, owner, DNS_PTR, &answer);
}

/* Two servers, of which the first shows the address. */
static void
set_late(const char *name, struct facts *f)
{
	struct dns_record ns[] = { record_of("example.com", DNS_NS, "ns1.example.com"),
		record_of("example.com", DNS_NS, "ns2.example.com") };
	struct dns_record address = record_of(name, DNS_A, ADDRESS);
	struct dns_answer answer = answer_of(DNS_FOUND), none = answer_of(DNS_NXDOMAIN);
	set(f, NULL, name, DNS_A, &none);
	answer.records = ns;
	answer.n_records = 2;
	set(f, NULL, "example.com", DNS_NS, &answer);
	for (int i = 0; i < 2; i++) {
		const char *at = i == 0 ? "198.51.100.1" : "198.51.100.2";
		struct dns_record glue = record_of(ns[i].text, DNS_A, at);
		struct endpoint server = { .ip = glue.ip, .port = 53 };
		answer.records = &glue;
		answer.n_records = 1;
		set(f, NULL, ns[i].text, DNS_A, &answer);
		struct dns_answer own = i == 0 ? answer_of(DNS_FOUND) : none;
		own.authoritative = true;
		own.records = &address;
		own.n_records = i == 0;
		set(f, &server, name, DNS_A, &own);
	}
}

static void
set_forward(char letter, const char *name, struct facts *f)
{
	static const char *chain[] = { "end.example.com" };
	struct dns_record record = record_of(name, DNS_A, letter == 'g' ? ADDRESS : "198.51.100.9");
	struct dns_answer answer = answer_of(letter == '?' ? DNS_SERVFAIL :
		letter == 'm'                              ? DNS_NXDOMAIN :
							     DNS_FOUND);
	if (letter == 'l') {
		set_late(name, f);
		return;
	}
	if (answer.status == DNS_FOUND) {
		answer.records = &record;
		answer.n_records = 1;
	}
	if (letter == 'a') {
		answer.chain = chain;
		answer.n_chain = 1;
	}
	set(f, NULL, name, DNS_A, &answer);
}

static void
set_account(const struct row *row, const struct target *t, struct arena *a,
    struct plan_account *out)
{
	static const struct provider_place place = { .id = "r:1", .text = "EIP 1 in r" };
	const char *account = row->account[0] == '*' ? "" : row->account;
	*out = (struct plan_account){ .provider = row->provider != NULL ? row->provider : &cloud,
		.place = &place,
		.state = row->state };
	out->record = (struct provider_record){ .ip = t->ip,
		.description = "",
		.ttl_s = row->set_ttl_s != 0 ? row->set_ttl_s : 300,
		.is_default = row->is_default,
		.note = row->note };
	out->record.n_names = split(account, a, out->record.names);
	for (size_t i = 0; i < t->names.n_wanted; i++) {
		struct plan_forward *f = &out->forwards[i];
		f->here = row->here;
		f->set.ttl_s = 900;
		f->set.n = row->holds;
		f->set.is_default = row->wild;
		f->set.note = row->wild ? "the name loses its MX" : NULL;
		assert_true(ip_parse("198.51.100.9", &f->set.ips[0]));
	}
}

static void
put_value(struct buf *out, const struct plan_value *v)
{
	if (v->is_default)
		buf_puts(out, v->n_values > 0 ? "default " : "default");
	else if (v->n_values == 0)
		buf_puts(out, "-");
	for (size_t i = 0; i < v->n_values; i++)
		buf_printf(out, "%s%s", i > 0 ? "," : "", v->values[i]);
	if (v->n_values > 0 && !v->is_default)
		buf_printf(out, " %u", v->ttl_s);
	if (v->description[0] != '\0')
		buf_printf(out, " (%s)", v->description);
	for (size_t i = 0; i < v->n_tags; i++)
		buf_printf(out, " [%s]", v->tags[i]);
}

static void
steps_text(const struct plan *p, struct buf *out)
{
	for (size_t i = 0; i < p->n_steps; i++) {
		const struct plan_step *s = &p->steps[i];
		buf_printf(out, "%s%s %s: ", i > 0 ? "; " : "",
		    enumtab_name(&step_kind_names, (int)s->kind), s->subject);
		put_value(out, &s->old);
		buf_puts(out, " > ");
		put_value(out, &s->new);
	}
}

static void
said_text(const struct plan *p, struct buf *out)
{
	buf_printf(out, "%s\n", p->summary);
	for (size_t i = 0; i < p->n_notes; i++)
		buf_printf(out, "%s\n", p->notes[i]);
	for (size_t i = 0; i < p->n_needs; i++)
		buf_printf(out, "%s %s %s\n", p->needs[i].name, p->needs[i].type,
		    p->needs[i].value);
}

/* The saved plan is the plan: the same when loaded and dumped again, and still valid. */
static void
check_saved(const struct plan *p, struct arena *a)
{
	struct plan loaded;
	struct err err = { .code = ERR_NONE };
	json_t *once = plan_json(p, 1), *twice;
	assert_int_equal(plan_load(once, a, &loaded, &err), ERR_NONE);
	assert_int_equal(plan_still(&loaded, p, &err), ERR_NONE);
	loaded.n_notes = p->n_notes;
	loaded.notes = p->notes;
	loaded.n_needs = p->n_needs;
	memcpy(loaded.needs, p->needs, sizeof loaded.needs);
	twice = plan_json(&loaded, 1);
	assert_true(json_equal(once, twice));
	json_decref(once);
	json_decref(twice);
}

static void
check_plan(const struct row *row, const struct plan *p, struct arena *a)
{
	struct buf steps, said;
	buf_init(&steps, 10000);
	buf_init(&said, 10000);
	steps_text(p, &steps);
	said_text(p, &said);
	assert_string_equal(enumtab_name(&plan_status_names, (int)p->status),
	    enumtab_name(&plan_status_names, (int)row->status));
	if (row->steps != NULL)
		assert_string_equal(steps.data, row->steps);
	if (row->says != NULL && strstr(said.data, row->says) == NULL)
		fail_msg("'%s' does not say '%s'", said.data, row->says);
	if (row->never != NULL && strstr(said.data, row->never) != NULL)
		fail_msg("'%s' says '%s'", said.data, row->never);
	check_saved(p, a);
	buf_fini(&steps);
	buf_fini(&said);
}

static void
run_row(const struct row *row)
{
	const char *address = row->address != NULL ? row->address : ADDRESS;
	struct policy policy = { .allow_special = strcmp(address, "10.0.0.1") != 0,
		.authority_port = 53 };
	const char *wanted[PROVIDER_NAMES_MAX];
	struct arena a;
	struct facts facts;
	struct plan_account account = { .provider = NULL };
	struct plan plan;
	struct err err = { .code = ERR_NONE };
	struct plan_wish wish = row->wish;

	ROW(row->name);
	arena_init(&a);
	facts_init(&facts, &a);
	struct target t = { .names = { .host = "", .ehlo = "", .domain = "", .wanted = wanted },
		.policy = &policy };
	assert_true(ip_parse(address, &t.ip));
	ip_format(&t.ip, t.address);
	t.names.n_wanted = split(row->names != NULL ? row->names : M, &a, wanted);
	set_ptr(row, &facts);
	for (size_t i = 0; i < t.names.n_wanted; i++)
		set_forward(row->forward[i], wanted[i], &facts);
	if (row->account != NULL)
		set_account(row, &t, &a, &account);
	if (wish.description != NULL && strcmp(wish.description, "long") == 0)
		wish.description = long_description;
	struct understanding known;
	understanding_init(&known, &t, &facts, &a);
	struct plan_input in = { .known = &known,
		.wish = &wish,
		.account = row->account != NULL ? &account : NULL,
		.refusals = &row->refusal,
		.n_refusals = row->refusal != NULL };
	assert_int_equal(plan_make(&in, &a, &plan, &err), row->code);
	if (row->code == ERR_NONE)
		check_plan(row, &plan, &a);
	else if (strstr(err.text, row->says) == NULL)
		fail_msg("'%s' does not say '%s'", err.text, row->says);
	facts_fini(&facts);
	arena_fini(&a);
}

static void
test_rows(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++)
		run_row(&rows[i]);
}

/* A plan that was saved is refused for everything that may have changed since. */
static void
test_still(void **state)
{
	(void)state;
	static const char *const mail[] = { M }, *const other[] = { "other.example.com" };
	const struct plan_value none = { .description = "" };
	struct plan_value m = { .values = (const char *[]){ M },
		.n_values = 1,
		.description = "",
		.ttl_s = 300 };
	struct plan base = { .address = ADDRESS,
		.names = mail,
		.n_names = 1,
		.provider = "cloud",
		.place = { .id = "r:1", .text = "EIP" },
		.status = PLAN_CHANGE,
		.summary = "s",
		.n_steps = 1 };
	base.steps[0] = (struct plan_step){ STEP_PTR, ADDRESS, "", none, m };
	struct plan_value ttl = m,
			  others = { .values = (const char **)(uintptr_t)other,
				  .n_values = 1,
				  .description = "" };
	ttl.ttl_s = 600;
	struct err err;
	const struct {
		const char *name;
		enum plan_status status;
		size_t n_steps;
		const char *place;
		struct plan_value old, new;
		enum err_code code;
		const char *says;
	} cases[] = {
		{ "the same", .status = PLAN_CHANGE, .n_steps = 1, .place = "r:1", .old = none,
		    .new = m, .code = ERR_NONE, .says = "" },
		{ "done by someone else", .status = PLAN_NOTHING, .place = "r:1", .old = none,
		    .new = m, .code = ERR_NOPERM, .says = "changed" },
		{ "set meanwhile", .status = PLAN_CHANGE, .n_steps = 1, .place = "r:1",
		    .old = others, .new = m, .code = ERR_NOPERM, .says = "other.example.com" },
		{ "another TTL", .status = PLAN_CHANGE, .n_steps = 1, .place = "r:1", .old = none,
		    .new = ttl, .code = ERR_NOPERM, .says = "would now be" },
		{ "another place", .status = PLAN_CHANGE, .n_steps = 1, .place = "r:2", .old = none,
		    .new = m, .code = ERR_NOPERM, .says = "EIP" },
		{ "blocked meanwhile", .status = PLAN_BLOCKED, .n_steps = 1, .place = "r:1",
		    .old = none, .new = m, .code = ERR_NOPERM, .says = "changed" },
	};
	for (size_t i = 0; i < N_ELEMENTS(cases); i++) {
		struct plan now = base;
		ROW(cases[i].name);
		now.status = cases[i].status;
		now.n_steps = cases[i].n_steps;
		now.steps[0].old = cases[i].old;
		now.steps[0].new = cases[i].new;
		snprintf(now.place.id, sizeof now.place.id, "%s", cases[i].place);
		assert_int_equal(plan_still(&base, &now, &err), cases[i].code);
		if (cases[i].code != ERR_NONE)
			assert_non_null(strstr(err.text, cases[i].says));
	}
}

/* Each step names the finding that it answers. */
static void
test_rules(void **state)
{
	(void)state;
	static const struct check *const checks[] = { &check_ptr, &check_iprev };
	static const char *const wanted[] = { M };
	struct policy policy = { .allow_special = true, .authority_port = 53 };
	struct target t = {
		.names = { .host = "", .ehlo = "", .domain = "", .wanted = wanted, .n_wanted = 1 },
		.policy = &policy
	};
	struct row row = { .ptr = "-", .account = "*", .state = PROVIDER_ABSENT, .here = true };
	struct plan_wish wish = { .with_forward = true };
	struct arena a;
	struct facts facts;
	struct findings findings;
	struct plan_account account;
	struct plan plan;
	struct err err;
	arena_init(&a);
	facts_init(&facts, &a);
	findings_init(&findings, &a);
	assert_true(ip_parse(ADDRESS, &t.ip));
	ip_format(&t.ip, t.address);
	set_ptr(&row, &facts);
	set_forward('m', M, &facts);
	set_account(&row, &t, &a, &account);
	struct understanding known;
	understanding_init(&known, &t, &facts, &a);
	findings_judge(&findings, checks, 2, &known);
	struct plan_input in = { .known = &known,
		.findings = &findings,
		.account = &account,
		.wish = &wish };
	assert_int_equal(plan_make(&in, &a, &plan, &err), ERR_NONE);
	assert_int_equal(plan.n_steps, 2);
	assert_string_equal(plan.steps[0].rule, "iprev.no-ptr");
	assert_string_equal(plan.steps[1].rule, "ptr.missing");
	facts_fini(&facts);
	arena_fini(&a);
}

/* Of two servers of one name the second adds its address to that of the first. */
static void
test_foresee(void **state)
{
	(void)state;
	static const struct {
		const char *why, *name;
		int family;
		enum plan_status status;
		size_t n; /* addresses foreseen */
	} cases[] = {
		{ "the same name", "mail.example", 4, PLAN_CHANGE, 2 },
		{ "another name", "other.example", 4, PLAN_CHANGE, 0 },
		{ "the other family has a set of its own", "mail.example", 6, PLAN_CHANGE, 0 },
		{ "what is blocked is not written", "mail.example", 4, PLAN_BLOCKED, 0 },
	};
	const char *values[] = { "203.0.113.1", "203.0.113.2" };
	struct plan earlier = { .ip = { .family = 4 }, .n_steps = 2 };
	earlier.steps[0] = (struct plan_step){ .kind = STEP_PTR, .subject = "mail.example" };
	earlier.steps[1] = (struct plan_step){ .kind = STEP_FORWARD,
		.subject = "mail.example",
		.new = { .values = values, .n_values = 2, .ttl_s = 60 } };
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		struct provider_set addresses = { .n = 0 };
		print_message("# %s\n", cases[i].why);
		earlier.status = cases[i].status;
		plan_foresee(&earlier, cases[i].name, cases[i].family, &addresses);
		assert_int_equal(addresses.n, cases[i].n);
		assert_int_equal(addresses.ttl_s, cases[i].n > 0 ? 60 : 0);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rows),
		cmocka_unit_test(test_still),
		cmocka_unit_test(test_foresee),
		cmocka_unit_test(test_rules),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
