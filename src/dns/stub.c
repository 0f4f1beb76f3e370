#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "dns/planned.h"
#include "stub_priv.h"

enum {
	TCP_ATTEMPT_US = 1500000,
	SILENT_AFTER = 3,        /* unanswered attempts in a row that make a server a silent one */
	SILENT_WAIT_US = 300000, /* what such a one is given, where there is no other to ask */
};

static void lookup_attempt(struct lookup *l);
static void lookup_timer(void *arg);

struct server *
lookup_server(const struct lookup *l)
{
	return l->direct != NULL ? l->direct : l->stub->upstreams[l->upstream];
}

static size_t
lookup_n_servers(const struct lookup *l)
{
	return l->to_one ? 1 : l->stub->n_upstreams;
}

/* Lookups are recycled with their timer, which libuv would close only a turn later. */
static struct lookup *
lookup_new(struct dns_stub *stub)
{
	struct lookup *l = stub->idle;

	if (l != NULL) {
		stub->idle = l->next;
		struct loop_timer *timer = l->timer;
		*l = (struct lookup){ .timer = timer };
	} else {
		l = mem_zalloc(1, sizeof *l);
		l->timer = loop_timer_new(stub->loop, lookup_timer, l);
	}
	l->stub = stub;
	l->next = stub->lookups;
	if (l->next != NULL)
		l->next->prev = l;
	stub->lookups = l;
	arena_init(&l->arena);
	return l;
}

static void
lookup_recycle(struct lookup *l)
{
	struct dns_stub *stub = l->stub;

	*(l->prev != NULL ? &l->prev->next : &stub->lookups) = l->next;
	if (l->next != NULL)
		l->next->prev = l->prev;
	arena_fini(&l->arena);
	l->next = stub->idle;
	stub->idle = l;
}

/* Puts the chain of earlier answers before that of the last one. */
static void
join_chain(struct lookup *l, struct dns_answer *answer)
{
	if (l->n_chain == 0)
		return;
	size_t n = l->n_chain + answer->n_chain;
	const char **chain = arena_array(&l->arena, n, sizeof *chain);
	memcpy(chain, l->chain, l->n_chain * sizeof *chain);
	if (answer->n_chain > 0)
		memcpy(chain + l->n_chain, answer->chain, answer->n_chain * sizeof *chain);
	answer->chain = chain;
	answer->n_chain = n;
}

static void
lookup_finish(struct lookup *l, struct dns_answer *answer)
{
	join_chain(l, answer);
	answer->planned |= l->planned;
	answer->time_us = (uint32_t)(loop_now_us() - l->start_us);
	answer->attempts = l->attempts;
	loop_timer_stop(l->timer);
	tcp_cancel(l->tcp);
	server_forget(l);
	/* the places that this one held are for those that wait */
	loop_defer_wake(l->stub->defer);
	l->done(l->arg, answer);
	lookup_recycle(l);
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

/* The time is up: a failure that some server did report tells more than the silence of the rest. */
static void
lookup_expire(struct lookup *l)
{
	if (l->failed_servers > 0)
		lookup_finish(l, &l->failure);
	else
		lookup_finish_status(l, DNS_TIMEOUT);
}

static void
lookup_next_server(struct lookup *l)
{
	if (!l->to_one)
		l->upstream = (l->upstream + 1) % (unsigned)l->stub->n_upstreams;
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
	server_hand_over(s);
}

static void
lookup_timer(void *arg)
{
	struct lookup *l = arg;

	if (loop_now_us() >= l->deadline_us) {
		lookup_expire(l);
		return;
	}
	note_silence(l);
	server_give_up(l);
	loop_defer_wake(l->stub->defer);
	tcp_cancel(l->tcp);
	lookup_next_server(l);
	lookup_attempt(l);
}

void
lookup_sent(struct lookup *l, struct server *s)
{
	uint64_t now = loop_now_us();
	/* the first round over the upstreams is quick, each further one waits twice as long */
	unsigned round = l->attempts++ / (unsigned)lookup_n_servers(l);
	uint64_t wait = l->over_tcp ? TCP_ATTEMPT_US : server_timeout_us(s, round);

	if (l->attempts >= DNS_ATTEMPTS_MAX || now + wait > l->deadline_us)
		loop_timer_at(l->timer, l->deadline_us);
	else
		loop_timer_at(l->timer, now + wait);
}

static void
lookup_attempt(struct lookup *l)
{
	struct server *s = lookup_server(l);

	/* with every attempt spent, what is left is to wait for a late answer */
	if (l->attempts >= DNS_ATTEMPTS_MAX) {
		loop_timer_at(l->timer, l->deadline_us);
		return;
	}
	if (!dns_query_build(&l->query, l->name, l->type, !l->to_one, !s->plain && !l->plain)) {
		lookup_finish_status(l, DNS_NOT_ASKED);
		return;
	}
	if (l->over_tcp)
		tcp_start(l, s);
	else
		server_submit(s, l);
}

static void
remember_failure(struct lookup *l, const struct dns_answer *answer, const struct server *s)
{
	if (l->failed_servers++ > 0)
		return;
	l->failure = *answer;
	l->failure.server = s->endpoint;
}

static void
lookup_failed(struct lookup *l, struct server *s, const struct dns_answer *answer)
{
	remember_failure(l, answer, s);
	if (l->failed_servers >= lookup_n_servers(l) || l->attempts >= DNS_ATTEMPTS_MAX) {
		lookup_finish(l, &l->failure);
		return;
	}
	lookup_next_server(l);
	lookup_attempt(l);
}

void
lookup_server_failed(struct lookup *l, struct server *s, enum dns_status status)
{
	struct dns_answer answer = dns_answer_pending;

	if (l->attempts == 0)
		l->attempts = 1; /* it was tried, though nothing left */
	answer.status = status;
	lookup_failed(l, s, &answer);
}

/* A resolver gives the whole chain; a server that is authoritative for its first part only does not. */
static bool
chain_is_open(const struct lookup *l, const struct dns_answer *answer)
{
	return answer->status == DNS_NODATA && answer->n_chain > 0 && !l->to_one &&
	    answer->soa_zone[0] == '\0';
}

static bool
chain_seen(const struct lookup *l, const char *name)
{
	for (size_t i = 0; i < l->n_chain; i++)
		if (name_equal(l->chain[i], name))
			return true;
	return false;
}

/* Begins anew with the chain's end; the deadline stays. */
static void
lookup_go_on(struct lookup *l, const struct dns_answer *answer)
{
	bool loops = false;

	for (size_t i = 0; i < answer->n_chain && !loops; i++) {
		loops = l->n_chain == DNS_CHAIN_MAX || chain_seen(l, answer->chain[i]);
		if (!loops)
			l->chain[l->n_chain++] = answer->chain[i];
	}
	if (loops) {
		lookup_finish_status(l, DNS_LOOP);
		return;
	}
	server_forget(l);
	l->name = l->chain[l->n_chain - 1];
	l->attempts = 0;
	l->failed_servers = 0;
	l->over_tcp = false;
	loop_timer_at(l->timer, l->deadline_us);
	lookup_attempt(l);
}

/* The same server once more, in another way; not counted against it. */
static void
lookup_again(struct lookup *l, struct server *s, enum dns_reply reply)
{
	if (reply == DNS_REPLY_TRUNCATED) {
		l->over_tcp = true;
		server_forget(l);
		tcp_start(l, s);
		return;
	}
	l->plain = true;
	if (dns_query_build(&l->query, l->name, l->type, !l->to_one, false))
		server_submit(s, l);
}

void
lookup_answered(struct lookup *l, struct server *s, enum dns_reply reply, struct dns_answer *answer)
{
	if (reply == DNS_REPLY_TRUNCATED || reply == DNS_REPLY_NO_EDNS) {
		/* a server that says so after we did as it asked does not mean it */
		if (l->attempts < DNS_ATTEMPTS_MAX && l->tcp == NULL)
			lookup_again(l, s, reply);
		return;
	}
	answer->server = s->endpoint;
	l->stub->stats.answers++;
	/* one question refused may be that question's fault; answered without EDNS it was the EDNS */
	s->plain |= l->plain && dns_told(answer->status);
	if (chain_is_open(l, answer))
		lookup_go_on(l, answer);
	else if (dns_told(answer->status))
		lookup_finish(l, answer);
	else
		lookup_failed(l, s, answer);
}

/* True when the planned records answer, or the question must not leave the machine. */
static bool
answer_at_home(struct lookup *l)
{
	struct dns_stub *stub = l->stub;
	struct dns_answer answer = dns_answer_pending;
	const char *next = l->name;

	answer.status = DNS_NOT_ASKED;
	if (!l->to_one && stub->planned != NULL &&
	    planned_answer(stub->planned, l->name, l->type, stub->offline, &l->arena, &answer, &next)) {
		lookup_finish(l, &answer);
		return true;
	}
	if (stub->offline || (stub->n_upstreams == 0 && !l->to_one)) {
		lookup_finish(l, &answer);
		return true;
	}
	if (answer.n_chain > 0) {
		memcpy(l->chain, answer.chain, answer.n_chain * sizeof *l->chain);
		l->n_chain = answer.n_chain;
		l->planned = true;
		l->name = next;
	}
	return false;
}

static bool
server_is_idle(const struct server *s)
{
	if (s->in_flight > 0 || s->wait_head != NULL)
		return false;
	for (const struct lookup *l = s->stub->lookups; l != NULL; l = l->next)
		if (l->direct == s)
			return false;
	return true;
}

/* Forgets the first idle one when there are too many; a busy crowd may exceed the limit. */
static void
trim_direct(struct dns_stub *stub)
{
	for (struct server **at = &stub->direct; *at != NULL; at = &(*at)->next) {
		struct server *s = *at;
		if (server_is_idle(s)) {
			*at = s->next;
			server_free(s);
			stub->n_direct--;
			return;
		}
	}
}

static struct server *
direct_server(struct dns_stub *stub, const struct endpoint *e)
{
	for (struct server *s = stub->direct; s != NULL; s = s->next)
		if (endpoint_equal(&s->endpoint, e))
			return s;
	if (stub->n_direct >= DIRECT_MAX)
		trim_direct(stub);
	struct server *s = server_new(stub, e);
	s->next = stub->direct;
	stub->direct = s;
	stub->n_direct++;
	return s;
}

/* Among many targets, one dead authority must not take the whole time of each. */
static void
begin_direct(struct lookup *l)
{
	uint64_t short_us = loop_now_us() + SILENT_WAIT_US;

	l->direct = direct_server(l->stub, &l->one);
	if (l->direct->unanswered >= SILENT_AFTER && short_us < l->deadline_us)
		l->deadline_us = short_us;
}

static void
begin(struct lookup *l)
{
	if (answer_at_home(l))
		return;
	/* what is asked when the time is up already is not worth a datagram */
	if (l->start_us >= l->deadline_us) {
		lookup_expire(l);
		return;
	}
	l->upstream = l->stub->preferred;
	if (l->to_one)
		begin_direct(l);
	loop_timer_at(l->timer, l->deadline_us);
	lookup_attempt(l);
}

static void
pump(void *arg)
{
	struct dns_stub *stub = arg;

	while (stub->start_head != NULL) {
		struct lookup *l = stub->start_head;
		stub->start_head = l->queue_next;
		if (stub->start_head == NULL)
			stub->start_tail = &stub->start_head;
		begin(l);
	}
	for (size_t i = 0; i < stub->n_upstreams; i++)
		server_admit(stub->upstreams[i]);
	for (struct server *s = stub->direct; s != NULL; s = s->next)
		server_admit(s);
	/* what failed to leave one server may be in the outbox of another: that wakes this again */
	for (size_t i = 0; i < stub->n_upstreams; i++)
		server_flush(stub->upstreams[i]);
	for (struct server *s = stub->direct; s != NULL; s = s->next)
		server_flush(s);
}

void
dns_stub_ask(struct dns_stub *stub, const char *name, uint16_t type, const struct endpoint *server,
    uint64_t deadline_us, dns_done_fn *done, void *arg)
{
	struct lookup *l = lookup_new(stub);

	stub->stats.questions++;
	l->name = arena_strdup(&l->arena, name);
	l->type = type;
	l->to_one = server != NULL;
	if (server != NULL)
		l->one = *server;
	l->start_us = loop_now_us();
	l->deadline_us = deadline_us;
	l->done = done;
	l->arg = arg;
	*stub->start_tail = l;
	stub->start_tail = &l->queue_next;
	loop_defer_wake(stub->defer);
}

struct dns_stub *
dns_stub_new(struct loop *loop, const struct dns_stub_config *config)
{
	struct dns_stub *stub = mem_zalloc(1, sizeof *stub);

	stub->loop = loop;
	stub->defer = loop_defer_new(loop, pump, stub);
	stub->planned = config->planned;
	stub->offline = config->offline;
	stub->start_tail = &stub->start_head;
	for (size_t i = 0; i < config->n_upstreams && i < DNS_UPSTREAMS_MAX; i++)
		stub->upstreams[stub->n_upstreams++] = server_new(stub, &config->upstreams[i]);
	return stub;
}

void
dns_stub_free(struct dns_stub *stub)
{
	while (stub->lookups != NULL) {
		struct lookup *l = stub->lookups;
		tcp_cancel(l->tcp);
		lookup_recycle(l);
	}
	while (stub->idle != NULL) {
		struct lookup *l = stub->idle;
		stub->idle = l->next;
		loop_timer_free(l->timer);
		free(l);
	}
	for (size_t i = 0; i < stub->n_upstreams; i++)
		server_free(stub->upstreams[i]);
	while (stub->direct != NULL) {
		struct server *s = stub->direct;
		stub->direct = s->next;
		server_free(s);
	}
	loop_defer_free(stub->defer);
	free(stub);
}

void
dns_stub_stats(const struct dns_stub *stub, struct dns_stub_stats *out)
{
	*out = stub->stats;
	for (size_t i = 0; i < stub->n_upstreams; i++) {
		const struct server *s = stub->upstreams[i];
		if (i == 0 || s->window < out->window)
			out->window = s->window;
	}
	out->srtt_us = stub->n_upstreams > 0 ? stub->upstreams[0]->srtt_us : 0;
}
