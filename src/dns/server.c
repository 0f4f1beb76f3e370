/* One server: who is on the way to it, who waits for a place there, and what leaves together. */
#include <errno.h>
#include <stdlib.h>

#include "base/mem.h"
#include "dns/stub_priv.h"

struct server *
server_new(struct dns_stub *stub, const struct endpoint *e, bool direct)
{
	struct server *s = mem_zalloc(1, sizeof *s);

	s->stub = stub;
	s->endpoint = *e;
	s->is_direct = direct;
	window_init(&s->window, stub->window_max);
	queue_init(&s->waiting);
	queue_init(&s->again);
	queue_init(&s->streams);
	return s;
}

void
server_free(struct server *s)
{
	sockets_close_all(s);
	free(s);
}

/* The slot of an earlier attempt at the same server, else a free one, else the oldest. */
static struct flight *
flight_slot(struct lookup *l, const struct server *s)
{
	struct flight *slot = &l->flights[0];

	for (size_t i = 0; i < FLIGHTS; i++) {
		struct flight *f = &l->flights[i];
		if (f->sock != NULL && f->sock->server == s)
			return f;
		if (f->sock == NULL || (slot->sock != NULL && f->sent_us < slot->sent_us))
			slot = f;
	}
	return slot;
}

/* Through the socket of those that leave with it, where one is for many. */
static bool
take_off(struct flight *f, struct lookup *l, struct server *s)
{
	bool joins = s->outbox.n > 0 && !s->is_direct;

	flight_drop(f);
	struct dns_socket *sock = joins ? s->outbox.sock : socket_choose(s);
	if (sock == NULL)
		return false;
	f->lookup = l;
	f->sent = 0;
	flight_start(f, sock);
	return true;
}

void
server_flush(struct server *s)
{
	uint16_t failed[BATCH];
	struct dns_socket *sock = s->outbox.sock;
	size_t n_failed = outbox_send(&s->outbox, failed);

	for (size_t i = 0; i < n_failed; i++) {
		/* the lookup may have ended meanwhile */
		struct flight *f = flight_find(sock, failed[i]);
		if (f != NULL)
			flight_fail(f, s);
	}
}

static void
wait_for_place(struct server *s, struct queue *q, struct lookup *l)
{
	queue_push(q, l);
	lookup_set_timer(l, l->deadline_us);
	l->stub->was_busy = true;
	server_wake(s);
}

/* There is no socket to be had: the lookup waits for its turn, which is no fault of the server. */
static void
starve(struct server *s, struct lookup *l)
{
	wait_for_place(s, &s->stub->starved, l);
	loop_defer_wake(s->stub->defer);
}

static void
send_now(struct server *s, struct lookup *l)
{
	struct flight *f = flight_slot(l, s);

	if ((f->sock == NULL || f->sock->server != s) && !take_off(f, l, s)) {
		int error = errno;
		if (endpoint_starved(error))
			starve(s, l);
		else
			event_not_connected(l, s, error);
		return;
	}
	/* a retransmission keeps its socket, so that its earlier query may still be answered */
	if (!outbox_takes(&s->outbox, f->sock))
		server_flush(s);
	dns_query_set_id(&l->query, f->id);
	outbox_add(&s->outbox, f->sock, &l->query);
	server_wake(s);
	loop_defer_wake(s->stub->defer);
	f->sent_us = loop_now_us();
	if (!f->counted) {
		f->again = l->attempts > 0;
		window_take(&s->window, f->again, f->sent_us);
	}
	f->counted = true;
	f->sent++;
	s->stub->stats.datagrams++;
	rate_spend(&s->stub->rate, f->sent_us);
	event_sent(l, s, f->sent_us);
}

/* When not, the next turn's time wakes those that wait. */
static bool
rate_lets_in(struct dns_stub *stub)
{
	if (!rate_limits(&stub->rate) || rate_allows(&stub->rate, loop_now_us()))
		return true;
	loop_timer_at(stub->rate_timer, rate_due_us(&stub->rate));
	return false;
}

static bool
admit_one(struct server *s, struct queue *q, bool again)
{
	if (q->head == NULL || !window_has_place(&s->window, again) || !rate_lets_in(s->stub))
		return false;
	send_now(s, queue_pop(q));
	return true;
}

static void
start_stream(struct server *s, struct lookup *l)
{
	if (!tcp_start(l, s))
		starve(s, l);
}

/* In turns: neither silence nor a slow rate makes one kind wait for all of the other. */
void
server_admit(struct server *s)
{
	bool any;

	do {
		any = admit_one(s, &s->again, true);
		any |= admit_one(s, &s->waiting, false);
	} while (any);
	while (s->streams.head != NULL && s->n_streams < STREAMS_MAX)
		start_stream(s, queue_pop(&s->streams));
	if (s->again.head != NULL || s->waiting.head != NULL || s->streams.head != NULL)
		server_wake(s);
}

void
server_submit(struct server *s, struct lookup *l)
{
	bool again = l->attempts > 0;

	queue_remove(l);
	if (l->over_tcp && s->n_streams >= STREAMS_MAX)
		wait_for_place(s, &s->streams, l);
	else if (l->over_tcp)
		start_stream(s, l);
	else if (!window_has_place(&s->window, again) || !rate_lets_in(s->stub))
		wait_for_place(s, again ? &s->again : &s->waiting, l);
	else
		send_now(s, l);
}

void
server_drop(const struct server *s, struct lookup *l)
{
	for (size_t i = 0; i < FLIGHTS; i++)
		if (l->flights[i].sock != NULL && l->flights[i].sock->server == s)
			flight_drop(&l->flights[i]);
}

void
server_give_up(struct lookup *l)
{
	for (size_t i = 0; i < FLIGHTS; i++)
		if (l->flights[i].sock != NULL)
			flight_uncount(&l->flights[i]);
}

void
server_forget(struct lookup *l)
{
	queue_remove(l);
	for (size_t i = 0; i < FLIGHTS; i++)
		flight_drop(&l->flights[i]);
}
