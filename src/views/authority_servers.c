/* The servers of a zone: at which addresses they are asked, and what came of it. */
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "views/authority_priv.h"

/* More than are asked, so that some of the rest can be named. */
enum { ADDRESSES_MAX = 2 * AUTHORITY_ASKED_MAX };

/* The addresses that one server is asked at, as far as there is a place for them. */
struct addresses {
	struct endpoint list[ADDRESSES_MAX];
	size_t n, n_more;
	bool by_ipv6; /* those of IPv6 matter */
};

static int
by_address(const void *x, const void *y)
{
	return ip_compare(&((const struct endpoint *)x)->ip, &((const struct endpoint *)y)->ip);
}

static void
add_all(const struct target *t, const struct facts *f, const struct dns_answer *answer,
    struct addresses *out)
{
	for (size_t i = 0; i < answer->n_records; i++) {
		if (!authority_may_send(t, f, &answer->records[i].ip))
			continue;
		if (out->n == ADDRESSES_MAX)
			out->n_more++;
		else
			out->list[out->n++] = (struct endpoint){ .ip = answer->records[i].ip,
				.port = t->policy->authority_port };
	}
}

/* Each only when nothing got to the one before it. */
static void
add_needed(const struct authority_question *q, const struct facts *f, const char *server,
    struct addresses *out)
{
	static const uint8_t families[] = { 4, 6 };
	if (facts_dns(f, server, DNS_A)->status == DNS_PENDING)
		return;
	for (size_t i = 0; i < sizeof families; i++) {
		out->by_ipv6 = families[i] == 6;
		if (!authority_endpoint(q->target, f, server, families[i], &out->list[out->n]))
			continue;
		const struct endpoint *e = &out->list[out->n++];
		if (!dns_unreached(facts_dns_at(f, e, q->name, q->type)->status))
			return;
	}
}

static bool
asks_all(const struct authority_question *q)
{
	return q->target->policy->authority == AUTHORITY_ALWAYS;
}

static void
find_addresses(const struct authority_question *q, const struct facts *f, const char *server,
    struct addresses *out)
{
	*out = (struct addresses){ .by_ipv6 = asks_all(q) };
	if (!asks_all(q)) {
		add_needed(q, f, server, out);
		return;
	}
	add_all(q->target, f, facts_dns(f, server, DNS_A), out);
	add_all(q->target, f, facts_dns(f, server, DNS_AAAA), out);
	qsort(out->list, out->n, sizeof out->list[0], by_address);
}

static const struct fact *
find_fact(const struct authority_question *q, const struct facts *f, const struct endpoint *e)
{
	return facts_find_dns_at(f, e, q->name, q->type);
}

/* Of the names that are looked up. */
static size_t
n_names(const struct authority_question *q)
{
	size_t max = asks_all(q) ? AUTHORITY_NAMES_MAX : AUTHORITY_NAMES_FEW;
	return q->servers.n < max ? q->servers.n : max;
}

/* How many have been asked; where one address a server is enough, their names are bound enough. */
static size_t
count_asked(const struct authority_question *q, const struct facts *f)
{
	struct addresses at;
	size_t n = 0;
	for (size_t i = 0; asks_all(q) && i < n_names(q); i++) {
		find_addresses(q, f, q->servers.list[i], &at);
		for (size_t k = 0; k < at.n; k++)
			n += find_fact(q, f, &at.list[k]) != NULL;
	}
	return n;
}

void
authority_want_servers(const struct authority_question *q, struct facts *f)
{
	struct addresses at;
	size_t n_asked = count_asked(q, f);
	for (size_t i = 0; i < n_names(q); i++) {
		facts_follow_dns(f, q->servers.list[i], DNS_A);
		facts_follow_dns(f, q->servers.list[i], DNS_AAAA);
		find_addresses(q, f, q->servers.list[i], &at);
		if (at.by_ipv6)
			authority_want_way(q->target, f, q->servers.list[i]);
		for (size_t k = 0; k < at.n && n_asked < AUTHORITY_ASKED_MAX; k++) {
			n_asked += asks_all(q) && find_fact(q, f, &at.list[k]) == NULL;
			facts_follow_dns_at(f, &at.list[k], q->name, q->type);
		}
	}
}

/* The view on its way. */
struct making {
	const struct authority_question *q;
	const struct facts *f;
	struct arena *arena;
	struct authority_view *out;
	size_t cap;
	bool is_full;       /* no further address is asked */
	bool may_have_ipv4; /* an address of some server could not be looked up */
};

static struct authority_server *
add_row(struct making *m, const char *name, const struct ip *ip)
{
	struct authority_view *out = m->out;
	char text[IP_TEXT_MAX];
	out->servers = arena_grow(m->arena, out->servers, out->n_servers, &m->cap,
	    sizeof *out->servers);
	struct authority_server *row = &out->servers[out->n_servers++];
	*row = (struct authority_server){ .name = name,
		.shown = name,
		.answer = &dns_answer_pending };
	if (ip == NULL)
		return row;
	row->ip = *ip;
	row->shown = arena_printf(m->arena, "%s (%s)", name, ip_format(ip, text));
	return row;
}

static void
leave_out(struct making *m, const char *shown)
{
	struct authority_view *out = m->out;
	if (out->n_left_out < AUTHORITY_LEFT_OUT_SHOWN)
		out->left_out[out->n_left_out] = shown;
	out->n_left_out++;
}

static enum authority_state
state_of(const struct dns_answer *answer)
{
	/* what is blocked on the way to a server is not its word */
	bool own = answer->authoritative && dns_doubt(answer) != DNS_BLOCKED;
	if (dns_is_known(answer->status))
		return own ? AUTHORITY_ANSWERED : AUTHORITY_LAME;
	if (answer->status == DNS_NO_ROUTE)
		return AUTHORITY_AWAY;
	/* RFC 1912 2.8: a server that is named for a zone and does not serve it */
	bool answered = answer->status == DNS_SERVFAIL || answer->status == DNS_REFUSED ||
	    answer->status == DNS_BADRCODE || answer->status == DNS_REFERRAL;
	return answered ? AUTHORITY_LAME : AUTHORITY_SILENT;
}

static void
add_asked(struct making *m, const char *name, const struct endpoint *e)
{
	const struct fact *fact = find_fact(m->q, m->f, e);
	struct authority_server *row = add_row(m, name, &e->ip);
	if (fact == NULL && m->is_full) {
		leave_out(m, row->shown);
		m->out->n_servers--;
		return;
	}
	if (fact != NULL)
		row->answer = fact->dns;
	row->fact = fact;
	row->state = state_of(row->answer);
}

/* A server whose addresses are not known, or that has none. */
static void
add_unknown(struct making *m, const char *name)
{
	const struct dns_answer *a = facts_dns(m->f, name, DNS_A);
	const struct dns_answer *aaaa = facts_dns(m->f, name, DNS_AAAA);
	struct authority_server *row = add_row(m, name, NULL);
	row->fact = facts_find_dns(m->f, name, dns_is_known(a->status) ? DNS_AAAA : DNS_A);
	row->answer = dns_is_known(a->status) ? aaaa : a;
	if (dns_is_known(a->status) && dns_is_known(aaaa->status))
		row->state = AUTHORITY_GONE;
}

/* An address that is not asked on purpose; NULL. */
static const struct ip *
find_kept(const struct making *m, const char *name, const struct addresses *at)
{
	const struct target *t = m->q->target;
	const struct ip *private = authority_private(t, m->f, name);
	bool matters = at->by_ipv6 && (at->n == 0 || asks_all(m->q));
	return private != NULL || !matters ? private :
					     authority_on_way(t, m->f, name, NAT64_UNKNOWN);
}

static void
add_kept(struct making *m, const char *name, const struct ip *ip)
{
	struct authority_server *row = add_row(m, name, ip);
	row->state = AUTHORITY_PRIVATE;
	if (ip_special(ip) != NULL)
		return;
	row->answer = facts_dns(m->f, nat64_discovery, DNS_AAAA);
	row->fact = facts_find_dns(m->f, nat64_discovery, DNS_AAAA);
}

static void
add_server(struct making *m, const char *name)
{
	struct addresses at;
	size_t before = m->out->n_servers;
	find_addresses(m->q, m->f, name, &at);
	for (size_t i = 0; i < at.n; i++)
		add_asked(m, name, &at.list[i]);
	for (size_t i = 0; i < at.n_more; i++)
		leave_out(m, name);
	const struct ip *kept = find_kept(m, name, &at);
	if (kept != NULL)
		add_kept(m, name, kept);
	else if (at.n == 0)
		add_unknown(m, name);
	m->may_have_ipv4 |= !dns_is_known(facts_dns(m->f, name, DNS_A)->status);
	/* with a single address the name says it all */
	if (m->out->n_servers == before + 1 && m->out->n_left_out == 0)
		m->out->servers[m->out->n_servers - 1].shown = name;
}

static bool
has_answered(const struct authority_server *s)
{
	return s->state == AUTHORITY_ANSWERED || s->state == AUTHORITY_LAME;
}

/* Has the server answered at another address? */
static bool
answers_elsewhere(const struct authority_view *v, const struct authority_server *server)
{
	for (size_t i = 0; i < v->n_servers; i++)
		if (has_answered(&v->servers[i]) && strcmp(v->servers[i].name, server->name) == 0)
			return true;
	return false;
}

/*
 * A machine may have addresses of a family that leads nowhere.  That shows when no server answers in
 * it, while one that is silent there answers in the other.
 */
static void
find_away(struct authority_view *v)
{
	bool heard[2] = { false, false };
	for (size_t i = 0; i < v->n_servers; i++)
		heard[v->servers[i].ip.family == 6] |= has_answered(&v->servers[i]);
	for (size_t i = 0; i < v->n_servers; i++) {
		struct authority_server *s = &v->servers[i];
		bool failed = s->answer->status == DNS_TIMEOUT ||
		    s->answer->status == DNS_UNREACHABLE;
		if (s->state != AUTHORITY_SILENT || !failed || s->ip.family == 0 ||
		    !answers_elsewhere(v, s))
			continue;
		s->elsewhere = heard[s->ip.family == 6];
		if (!s->elsewhere)
			s->state = AUTHORITY_AWAY;
	}
}

static bool
is_ipv6_alone(const struct authority_view *v)
{
	bool by_ipv6 = false;
	for (size_t i = 0; i < v->n_servers; i++) {
		const struct authority_server *s = &v->servers[i];
		bool serves = s->state == AUTHORITY_ANSWERED || s->state == AUTHORITY_SILENT ||
		    s->state == AUTHORITY_AWAY;
		if (serves && s->ip.family != 6)
			return false;
		by_ipv6 |= serves;
	}
	return by_ipv6;
}

static void
compare(struct authority_view *v, struct arena *a)
{
	for (size_t i = 0; i < v->n_servers; i++) {
		const struct authority_server *s = &v->servers[i];
		v->n_in_state[s->state]++;
		if (s->state != AUTHORITY_ANSWERED)
			continue;
		if (v->word == AUTHORITY_UNKNOWN) {
			v->word = AUTHORITY_ONE;
			v->answer = s->answer;
		} else if (!authority_same_answer(v->answer, s->answer, a)) {
			v->word = AUTHORITY_SPLIT;
		}
	}
}

void
authority_view_servers(const struct authority_question *q, const struct facts *f, struct arena *a,
    struct authority_view *out)
{
	struct making m = { .q = q, .f = f, .arena = a, .out = out };
	m.is_full = count_asked(q, f) >= AUTHORITY_ASKED_MAX;
	out->names = q->servers.list;
	out->n_names = n_names(q);
	for (size_t i = 0; i < out->n_names; i++)
		add_server(&m, out->names[i]);
	for (size_t i = out->n_names; i < q->servers.n; i++)
		leave_out(&m, q->servers.list[i]);
	find_away(out);
	compare(out, a);
	out->ipv6_alone = !m.may_have_ipv4 && out->n_left_out == 0 && is_ipv6_alone(out);
}

bool
authority_same_answer(const struct dns_answer *x, const struct dns_answer *y, struct arena *a)
{
	/* whether a name without PTR exists at all depends on its neighbours, and matters to nobody */
	if (x->status != DNS_FOUND && y->status != DNS_FOUND)
		return dns_is_known(x->status) == dns_is_known(y->status);
	if (x->status != y->status)
		return false;
	struct name_set xs = names_of_records(x, a), ys = names_of_records(y, a);
	if (xs.n != ys.n)
		return false;
	for (size_t i = 0; i < xs.n; i++)
		if (strcmp(xs.list[i], ys.list[i]) != 0)
			return false;
	return true;
}

const char *
authority_reason(const struct authority_server *server, struct arena *a)
{
	if (server->state == AUTHORITY_GONE)
		return server->answer->status == DNS_NXDOMAIN ? "the name does not exist" :
								"the name has no address";
	if (server->state == AUTHORITY_PRIVATE)
		return authority_kept(server, a);
	if (dns_is_known(server->answer->status))
		return "an answer without authority";
	const char *why = dns_answer_reason(server->answer, a);
	return server->ip.family != 0 ?
	    why :
	    arena_printf(a, "its address could not be looked up: %s", why);
}

const char *
authority_left_out(const struct authority_view *v, struct arena *a)
{
	if (v->n_left_out <= AUTHORITY_LEFT_OUT_SHOWN)
		return v->n_left_out > 0 ? names_shown(v->left_out, v->n_left_out, a) : "";
	return arena_printf(a, "%s and %zu more",
	    names_shown(v->left_out, AUTHORITY_LEFT_OUT_SHOWN, a),
	    v->n_left_out - AUTHORITY_LEFT_OUT_SHOWN);
}
