/* One question on its way to an answer: which server is asked next, and what its answer means. */
#include <stdlib.h>

#include "base/mem.h"
#include "dns/planned.h"
#include "dns/random.h"
#include "dns/stub_priv.h"

enum {
	ARENA_FIRST = 768, /* a name, an event and an answer of some records */
	LATE_US = 20000,   /* a timer this late means that the process stood still */
	DOUBT_US = 500000, /* what the other upstreams have for an answer that is not doubted */
};

static void lookup_timer(void *arg);

struct server *
lookup_server(const struct lookup *l)
{
	return l->direct != NULL ? l->direct : l->stub->upstreams[l->upstream];
}

/* Lookups are recycled with their timer, which libuv would close only a turn later. */
struct lookup *
lookup_new(struct dns_stub *stub)
{
	struct lookup *l = stub->idle;

	if (l != NULL) {
		stub->idle = l->next;
		*l = (struct lookup){ .timer = l->timer, .arena = l->arena };
	} else {
		l = mem_zalloc(1, sizeof *l);
		l->timer = loop_timer_new(stub->loop, lookup_timer, l);
		arena_init_small(&l->arena, ARENA_FIRST);
	}
	l->stub = stub;
	l->next = stub->lookups;
	if (l->next != NULL)
		l->next->prev = l;
	stub->lookups = l;
	return l;
}

void
lookup_recycle(struct lookup *l)
{
	struct dns_stub *stub = l->stub;

	*(l->prev != NULL ? &l->prev->next : &stub->lookups) = l->next;
	if (l->next != NULL)
		l->next->prev = l->prev;
	if (l->direct != NULL)
		direct_give_back(l->direct);
	arena_reset(&l->arena);
	l->next = stub->idle;
	stub->idle = l;
}

/* Nothing of what was asked counts any more. */
static void
lookup_recall(struct lookup *l)
{
	tcp_cancel(l->tcp);
	server_forget(l);
	l->events = NULL;
}

static void
lookup_finish(struct lookup *l, struct dns_answer *answer)
{
	chain_join(l, answer);
	answer->planned |= l->planned;
	answer->time_us = (uint32_t)(loop_now_us() - l->start_us);
	answer->attempts = l->attempts;
	loop_timer_stop(l->timer);
	lookup_recall(l);
	/* the places that this one held are for those that wait */
	loop_defer_wake(l->stub->defer);
	l->done(l->arg, answer);
	lookup_recycle(l);
}

/* No server is left.  A doubted answer says more than a failure. */
static void
lookup_give_up(struct lookup *l)
{
	struct dns_answer answer = l->doubted != NULL ? *l->doubted : l->failure;

	lookup_finish(l, &answer);
}

static void
lookup_finish_status(struct lookup *l, enum dns_status status)
{
	struct dns_answer answer = dns_answer_pending;

	answer.status = status;
	if (l->attempts > 0)
		answer.server = lookup_server(l)->endpoint;
	lookup_finish(l, &answer);
}

/* The time is up: a failure that some server did report says more than the silence of the rest. */
void
lookup_expire(struct lookup *l)
{
	if (l->failed != 0) {
		lookup_give_up(l);
		return;
	}
	if (l->direct != NULL && !l->direct->heard && l->attempts > 1)
		l->direct->dead = true;
	lookup_finish_status(l, DNS_TIMEOUT);
}

static unsigned
server_bit(const struct lookup *l, const struct server *s)
{
	for (unsigned i = 0; i < l->stub->n_upstreams && !l->to_one; i++)
		if (l->stub->upstreams[i] == s)
			return 1u << i;
	return 1;
}

static bool
all_failed(const struct lookup *l)
{
	return l->failed == (1u << lookup_n_servers(l)) - 1;
}

bool
lookup_is_tcp(const struct lookup *l)
{
	return l->to_one ? l->direct->folds : l->stub->over_tcp;
}

/* The next upstream that has not failed yet. */
static void
lookup_next_server(struct lookup *l)
{
	if (l->to_one || all_failed(l))
		return;
	do
		l->upstream = (l->upstream + 1) % (unsigned)l->stub->n_upstreams;
	while (l->failed & 1u << l->upstream);
}

static void
hand_over(struct queue *q)
{
	struct lookup *l;

	while ((l = queue_pop(q)) != NULL) {
		l->upstream = l->stub->preferred;
		server_submit(lookup_server(l), l);
	}
}

/* New lookups, and those that wait, then start with the next upstream, until that one fails too. */
static void
note_silence(struct lookup *l)
{
	struct server *s = lookup_server(l);
	struct dns_stub *stub = l->stub;

	if (++s->unanswered < SILENT_AFTER || l->to_one || stub->preferred != l->upstream ||
	    stub->n_upstreams == 1)
		return;
	stub->preferred = (stub->preferred + 1) % (unsigned)stub->n_upstreams;
	hand_over(&s->waiting);
	hand_over(&s->again);
}

/* An attempt came to nothing.  What a server that never answered got, went no further. */
static void
note_try(struct lookup *l, const struct server *s)
{
	l->tries += lookup_n_servers(l) == 1 || s->heard;
}

static bool
is_on_the_way(const struct lookup *l)
{
	bool any = l->events != NULL;

	for (size_t i = 0; i < FLIGHTS; i++)
		any |= l->flights[i].sock != NULL;
	return any;
}

/* What was lost on the way was no burden on anybody. */
static unsigned
tries_max(const struct lookup *l)
{
	if (!l->sparing)
		return DNS_ATTEMPTS_MAX;
	bool lossy = window_loses(&lookup_server(l)->window, loop_now_us());
	return lossy ? DNS_SPARING_LOSSY_MAX : DNS_SPARING_MAX;
}

/* With every attempt spent, what is left is to wait for a late answer, if any may come. */
static void
lookup_go_on(struct lookup *l)
{
	if (l->tries < tries_max(l)) {
		lookup_next_server(l);
		lookup_attempt(l);
	} else if (l->failed != 0 && !is_on_the_way(l)) {
		lookup_give_up(l);
	} else {
		lookup_set_timer(l, l->deadline_us);
	}
}

static void
lookup_timer(void *arg)
{
	struct lookup *l = arg;

	uint64_t now = loop_now_us();

	/* what has come goes first; after a standstill it may be here, unread: sockets are looked at
	 * before the time counts */
	if (l->is_due || now > l->timer_us + LATE_US) {
		lookup_set_timer(l, now + 1000);
		return;
	}
	if (now >= l->deadline_us) {
		lookup_expire(l);
		return;
	}
	note_silence(l);
	server_give_up(l);
	loop_defer_wake(l->stub->defer);
	tcp_cancel(l->tcp);
	note_try(l, lookup_server(l));
	lookup_go_on(l);
}

/*
 * To one server, that is to an authority, letters go in an order of cases that a forger must guess, too.
 * It is drawn once: the late answer to an earlier attempt still counts.  A stream is bound to its peer.
 */
static bool
make_query(struct lookup *l, bool edns)
{
	if (!dns_query_build(&l->query, l->name, l->type, !l->to_one, edns))
		return false;
	if (!l->to_one || l->over_tcp)
		return true;
	while (l->cases == 0)
		for (size_t i = 0; i < sizeof l->cases / sizeof(uint16_t); i++)
			l->cases = l->cases << 16 | random_u16();
	dns_query_mix_case(&l->query, l->cases);
	return true;
}

void
lookup_attempt(struct lookup *l)
{
	struct server *s = lookup_server(l);

	/* with every attempt spent, what is left is to wait for a late answer */
	if (l->attempts >= DNS_ATTEMPTS_MAX) {
		lookup_set_timer(l, l->deadline_us);
		return;
	}
	if (!make_query(l, !s->plain && !l->plain)) {
		lookup_finish_status(l, DNS_NOT_ASKED);
		return;
	}
	tcp_cancel(l->tcp);
	server_submit(s, l);
}

/*
 * A server's failure ends its part in the lookup.  One that comes twice, or late from a server that
 * is no longer the one asked, moves nothing.
 */
static void
lookup_failed(struct lookup *l, struct server *s, const struct dns_answer *answer)
{
	if (l->failed & server_bit(l, s))
		return;
	if (l->failed == 0) {
		l->failure = *answer;
		l->failure.server = s->endpoint;
	}
	l->failed |= server_bit(l, s);
	server_drop(s, l);
	if (all_failed(l)) {
		lookup_give_up(l);
	} else if (lookup_server(l) == s) {
		note_try(l, s);
		lookup_go_on(l);
	}
}

/* Another upstream may know what the world gets.  Lists are not asked twice for it. */
static bool
is_to_be_doubted(const struct lookup *l, const struct dns_answer *answer)
{
	return lookup_n_servers(l) > 1 && !l->sparing && dns_doubt(answer) != DNS_SURE;
}

/* The other upstreams are asked, but not for long: this one has answered. */
static void
lookup_doubt(struct lookup *l, struct server *s, const struct dns_answer *answer)
{
	uint64_t soon_us = loop_now_us() + DOUBT_US;

	if (l->doubted == NULL)
		l->doubted = dns_answer_copy(&l->arena, answer);
	if (soon_us < l->deadline_us)
		l->deadline_us = soon_us;
	lookup_failed(l, s, answer);
}

/* True when the planned records answer, or the question must not leave the machine. */
bool
lookup_at_home(struct lookup *l)
{
	struct dns_stub *stub = l->stub;
	struct dns_answer answer = dns_answer_pending;
	const char *next = l->name;

	answer.status = DNS_NOT_ASKED;
	if (l->n_chain == DNS_CHAIN_MAX) {
		lookup_finish_status(l, DNS_LOOP);
		return true;
	}
	if (!l->to_one && stub->planned != NULL &&
	    planned_answer(stub->planned, l->name, l->type, stub->offline, &l->arena, &answer,
		&next)) {
		lookup_finish(l, &answer);
		return true;
	}
	if (stub->offline || (stub->n_upstreams == 0 && !l->to_one)) {
		lookup_finish(l, &answer);
		return true;
	}
	if (chain_loops(l, &answer)) {
		lookup_finish_status(l, DNS_LOOP);
		return true;
	}
	for (size_t i = 0; i < answer.n_chain; i++)
		l->chain[l->n_chain++] = answer.chain[i];
	l->planned |= answer.n_chain > 0;
	l->name = next;
	return false;
}

/* Begins anew with the chain's end; the deadline stays. */
static void
lookup_follow(struct lookup *l, const struct dns_answer *answer)
{
	for (size_t i = 0; i < answer->n_chain; i++)
		l->chain[l->n_chain++] = answer->chain[i];
	lookup_recall(l);
	l->name = l->chain[l->n_chain - 1];
	l->attempts = 0;
	l->tries = 0;
	l->failed = 0;
	l->doubted = NULL;
	l->over_tcp = lookup_is_tcp(l);
	lookup_set_timer(l, l->deadline_us);
	if (!lookup_at_home(l))
		lookup_attempt(l);
}

/* A name with planned records will exist: for its other types there is no data, not no name. */
static void
amend_by_planned(const struct lookup *l, struct dns_answer *answer)
{
	if (!l->to_one && l->stub->planned != NULL && answer->status == DNS_NXDOMAIN &&
	    planned_has(l->stub->planned, dns_answer_end(answer, l->name)))
		answer->status = DNS_NODATA;
}

/* The same server once more, in another way; not counted against it. */
static void
lookup_again(struct lookup *l, struct server *s, enum dns_reply reply)
{
	if (reply == DNS_REPLY_NO_EDNS)
		l->plain = true;
	else
		l->over_tcp = true;
	l->folded |= reply == DNS_REPLY_OTHER_CASE;
	if (l->over_tcp)
		server_forget(l);
	if (make_query(l, !s->plain && !l->plain))
		server_submit(s, l);
}

static void
lookup_answered(struct lookup *l, struct server *s, enum dns_reply reply, struct dns_answer *answer)
{
	if (reply != DNS_REPLY_GOOD && reply != DNS_REPLY_MALFORMED) {
		/* a server that says so after we did as it asked does not mean it */
		if (l->attempts < DNS_ATTEMPTS_MAX && l->tcp == NULL && l->queue == NULL)
			lookup_again(l, s, reply);
		return;
	}
	answer->server = s->endpoint;
	l->stub->stats.answers++;
	l->stub->stats.known += dns_is_known(answer->status);
	/* one question refused may be that question's fault; answered without EDNS it was the EDNS */
	s->plain |= l->plain && dns_is_known(answer->status);
	s->folds |= l->folded && dns_is_known(answer->status);
	amend_by_planned(l, answer);
	if (chain_loops(l, answer)) {
		answer->status = DNS_LOOP;
		answer->n_chain = 0;
		lookup_failed(l, s, answer);
	} else if (chain_cut(l, answer) || chain_is_open(l, answer))
		lookup_follow(l, answer);
	else if (is_to_be_doubted(l, answer))
		lookup_doubt(l, s, answer);
	else if (dns_is_known(answer->status)) {
		answer->overruled = l->doubted;
		lookup_finish(l, answer);
	} else
		lookup_failed(l, s, answer);
}

void
lookup_act(struct lookup *l)
{
	struct event *e;

	while ((e = l->events) != NULL) {
		l->events = e->next;
		if (e->answered) {
			lookup_answered(l, e->server, e->reply, &e->answer);
			continue;
		}
		if (l->attempts == 0)
			l->attempts = 1; /* it was tried, though nothing left */
		lookup_failed(l, e->server, &e->answer);
	}
}
