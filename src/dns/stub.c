/* All lookups: asking, acting on what happened to them, and their servers. */
#include <stdlib.h>

#include "base/mem.h"
#include "dns/stub_priv.h"

enum {
	DEAD_WAIT_US = 300000, /* for a dead server, where there is no other to ask */
	ROOM_WAIT_US = 50000,  /* then it is seen whether sockets were closed elsewhere */
};

/* Among many targets, one dead authority must not take the whole time of each. */
static void
begin_direct(struct lookup *l)
{
	l->direct = direct_take(l->stub, &l->one);
	uint64_t short_us = loop_now_us() + DEAD_WAIT_US;
	if (l->direct->dead && short_us < l->deadline_us)
		l->deadline_us = short_us;
}

static void
begin(struct lookup *l)
{
	l->begun = true;
	if (lookup_at_home(l))
		return;
	/* what is asked when the time is up already is not worth a datagram */
	if (l->start_us >= l->deadline_us) {
		lookup_expire(l);
		return;
	}
	l->stub->stats.questions++;
	l->upstream = l->stub->preferred;
	if (l->to_one)
		begin_direct(l);
	l->over_tcp = lookup_is_tcp(l);
	lookup_set_timer(l, l->deadline_us);
	lookup_attempt(l);
}

/* What is asked in this very turn does not count yet: a caller that asks step by step overshoots by
 * one step.  To wait for a server that never answered would be in vain. */
bool
dns_stub_busy(const struct dns_stub *stub)
{
	if (stub->starved.head != NULL)
		return true;
	for (size_t i = 0; i < stub->n_upstreams; i++) {
		const struct server *s = stub->upstreams[i];
		bool silent = !s->heard && s->unanswered >= SILENT_AFTER;
		if ((s->waiting.head != NULL || s->streams.head != NULL) && !silent)
			return true;
	}
	return false;
}

/*
 * The one place that acts on what happened to lookups.  One that is finished has no events any more,
 * and is not due until it is used again.
 */
static void
act_on_due(struct dns_stub *stub)
{
	struct lookup *l;

	while ((l = lookup_take_due(stub)) != NULL) {
		if (!l->begun)
			begin(l);
		lookup_act(l);
		l->is_due = false;
	}
}

/*
 * In the order they came, as long as there are sockets.  The system may have fewer than were
 * counted: then the first one waits again.
 */
static void
admit_starved(struct dns_stub *stub)
{
	bool more = true;

	while (more && stub->starved.head != NULL && endpoint_room()) {
		struct lookup *l = queue_pop(&stub->starved);
		server_submit(lookup_server(l), l);
		more = l->queue != &stub->starved;
	}
	if (stub->starved.head != NULL)
		loop_timer_at(stub->room_timer, loop_now_us() + ROOM_WAIT_US);
}

static void
serve_awake(struct dns_stub *stub)
{
	struct server *s = stub->awake;

	stub->awake = NULL;
	stub->awake_tail = &stub->awake;
	while (s != NULL) {
		struct server *next = s->awake_next;
		s->is_awake = false;
		server_admit(s);
		server_flush(s);
		sockets_close_spent(s);
		s = next;
	}
}

/* What fails to leave is an event, which wakes this again. */
static void
pump(void *arg)
{
	struct dns_stub *stub = arg;

	act_on_due(stub);
	serve_awake(stub); /* which closes sockets: those that wait for one come next */
	admit_starved(stub);
	serve_awake(stub);
	direct_trim(stub);
	if (stub->was_busy && !dns_stub_busy(stub) && stub->room != NULL) {
		stub->was_busy = false;
		stub->room(stub->room_arg);
	}
}

static void
turn_came(void *arg)
{
	struct dns_stub *stub = arg;

	loop_defer_wake(stub->defer);
}

void
dns_stub_on_room(struct dns_stub *stub, void (*room)(void *arg), void *arg)
{
	stub->room = room;
	stub->room_arg = arg;
}

static struct lookup *
ask(struct dns_stub *stub, const char *name, uint16_t type, const struct endpoint *server,
    uint64_t deadline_us)
{
	struct lookup *l = lookup_new(stub);

	l->name = arena_strdup(&l->arena, name);
	l->type = type;
	l->to_one = server != NULL;
	if (server != NULL)
		l->one = *server;
	l->start_us = loop_now_us();
	l->deadline_us = deadline_us;
	lookup_make_due(l);
	return l;
}

void
dns_stub_ask(struct dns_stub *stub, const char *name, uint16_t type, const struct endpoint *server,
    uint64_t deadline_us, dns_done_fn *done, void *arg)
{
	struct lookup *l = ask(stub, name, type, server, deadline_us);

	l->done = done;
	l->arg = arg;
}

void
dns_stub_ask_sparingly(struct dns_stub *stub, const char *name, uint16_t type,
    const struct endpoint *server, uint64_t deadline_us, dns_done_fn *done, void *arg)
{
	struct lookup *l = ask(stub, name, type, server, deadline_us);

	l->sparing = true;
	l->done = done;
	l->arg = arg;
}

struct dns_stub *
dns_stub_new(struct loop *loop, const struct dns_stub_config *config)
{
	struct dns_stub *stub = mem_zalloc(1, sizeof *stub);

	stub->loop = loop;
	stub->defer = loop_defer_new(loop, pump, stub);
	stub->rate_timer = loop_timer_new(loop, turn_came, stub);
	stub->room_timer = loop_timer_new(loop, turn_came, stub);
	stub->awake_tail = &stub->awake;
	queue_init(&stub->starved);
	stub->window_max = config->window_max;
	rate_init(&stub->rate, config->qps_max);
	stub->planned = config->planned;
	stub->offline = config->offline;
	stub->over_tcp = config->over_tcp;
	stub->due_tail = &stub->due;
	for (size_t i = 0; i < config->n_upstreams && i < DNS_UPSTREAMS_MAX; i++)
		stub->upstreams[stub->n_upstreams++] = server_new(stub, &config->upstreams[i],
		    false);
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
		arena_fini(&l->arena);
		free(l);
	}
	for (size_t i = 0; i < stub->n_upstreams; i++)
		server_free(stub->upstreams[i]);
	direct_free_all(stub);
	loop_timer_free(stub->rate_timer);
	loop_timer_free(stub->room_timer);
	loop_defer_free(stub->defer);
	free(stub);
}

void
dns_stub_stats(const struct dns_stub *stub, struct dns_stub_stats *out)
{
	*out = stub->stats;
	for (size_t i = 0; i < stub->n_upstreams; i++) {
		const struct server *s = stub->upstreams[i];
		if (i == 0 || s->window.size < out->window)
			out->window = s->window.size;
	}
	out->srtt_us = stub->n_upstreams > 0 ? stub->upstreams[0]->window.srtt_us : 0;
}
