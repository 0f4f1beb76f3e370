/* One server: its sockets, what is on the way through them, and who waits for a place there. */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "dns/random.h"
#include "dns/record_priv.h"
#include "dns/stub_priv.h"

enum { RECEIVE_BUFFER = 4 << 20 };

struct server *
server_new(struct dns_stub *stub, const struct endpoint *e)
{
	struct server *s = mem_zalloc(1, sizeof *s);

	s->stub = stub;
	s->endpoint = *e;
	window_init(&s->window, stub->window_max);
	queue_init(&s->waiting);
	queue_init(&s->again);
	queue_init(&s->streams);
	for (size_t i = 0; i < SOCKETS; i++)
		s->socks[i] = (struct dns_socket){ .server = s, .fd = -1 };
	return s;
}

static void
socket_close(struct dns_socket *sock)
{
	if (sock->fd < 0)
		return;
	loop_watch_free(sock->watch);
	endpoint_close(sock->fd);
	sock->fd = -1;
}

void
server_free(struct server *s)
{
	for (size_t i = 0; i < SOCKETS; i++)
		socket_close(&s->socks[i]);
	free(s);
}

static struct flight **
bucket_of(struct dns_socket *sock, uint16_t id)
{
	return &sock->buckets[id % BUCKETS];
}

static struct flight *
find_flight(struct dns_socket *sock, uint16_t id)
{
	for (struct flight *f = *bucket_of(sock, id); f != NULL; f = f->next)
		if (f->id == id)
			return f;
	return NULL;
}

/* Its place is free, a late answer still counts. */
static void
uncount(struct flight *f)
{
	if (f->counted)
		window_give_back(&f->sock->server->window, f->again);
	f->counted = false;
}

static void
drop_flight(struct flight *f)
{
	if (f->sock == NULL)
		return;
	uncount(f);
	struct flight **at = bucket_of(f->sock, f->id);
	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	f->sock = NULL;
}

/* The network said that the server is not there. */
static void
flight_failed(struct flight *f)
{
	struct server *s = f->sock->server;

	drop_flight(f);
	event_failed(f->lookup, s, DNS_UNREACHABLE);
}

/* Every lookup at this socket goes elsewhere. */
static void
socket_failed(struct dns_socket *sock)
{
	for (size_t b = 0; b < BUCKETS; b++)
		while (sock->buckets[b] != NULL)
			flight_failed(sock->buckets[b]);
}

static void
receive(struct dns_socket *sock, const uint8_t *msg, size_t len, uint64_t now)
{
	struct server *s = sock->server;
	struct dns_answer answer;
	struct flight *f = len >= DNS_HEADER ? find_flight(sock, wire_get16(msg)) : NULL;

	if (f == NULL) {
		s->stub->stats.ignored++;
		return;
	}
	struct lookup *l = f->lookup;
	dns_query_set_id(&l->query, f->id);
	enum dns_reply reply = dns_reply_parse(&l->query, l->name, l->type, msg, len, false,
	    &l->arena, &answer);
	if (reply == DNS_REPLY_NOT_OURS) {
		s->stub->stats.ignored++;
		return;
	}
	window_answered(&s->window, f->sent, f->sent_us, now);
	drop_flight(f);
	event_answered(l, s, reply, &answer);
}

/* What one system call brings. */
struct inbox {
	struct mmsghdr headers[BATCH];
	struct iovec parts[BATCH];
	uint8_t data[BATCH][DATAGRAM_MAX];
};

static int
receive_batch(int fd, struct inbox *in)
{
	for (size_t i = 0; i < BATCH; i++) {
		in->parts[i] = (struct iovec){ in->data[i], DATAGRAM_MAX };
		in->headers[i].msg_hdr = (struct msghdr){ .msg_iov = &in->parts[i],
			.msg_iovlen = 1 };
	}
	return recvmmsg(fd, in->headers, BATCH, 0, NULL);
}

/* A datagram longer than its buffer comes cut off: the parser then finds it malformed. */
static void
socket_readable(void *arg, int events)
{
	static struct inbox in;
	struct dns_socket *sock = arg;
	int n;

	(void)events;
	do {
		n = receive_batch(sock->fd, &in);
		uint64_t now = loop_now_us();
		for (int i = 0; i < n; i++)
			receive(sock, in.data[i], in.headers[i].msg_len, now);
	} while (n == BATCH || (n < 0 && errno == EINTR));
	if (n < 0 && errno != EAGAIN && errno != EWOULDBLOCK)
		socket_failed(sock);
}

static bool
socket_open(struct dns_socket *sock)
{
	int size = RECEIVE_BUFFER;

	if (sock->fd >= 0)
		return true;
	sock->fd = endpoint_connect(&sock->server->endpoint, SOCK_DGRAM);
	if (sock->fd < 0)
		return false;
	/* a burst of answers must fit; the kernel caps it at rmem_max, which is then the best there is */
	(void)setsockopt(sock->fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	sock->watch = loop_watch_new(sock->server->stub->loop, sock->fd, socket_readable, sock);
	loop_watch_set(sock->watch, LOOP_READ);
	return true;
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

static bool
take_off(struct flight *f, struct lookup *l, struct server *s)
{
	if (s->outbox.n == 0)
		s->outbox.sock = &s->socks[random_u16() % SOCKETS];
	struct dns_socket *sock = s->outbox.sock;

	drop_flight(f);
	if (!socket_open(sock))
		return false;
	do
		f->id = random_u16();
	while (find_flight(sock, f->id) != NULL);
	f->lookup = l;
	f->sock = sock;
	f->sent = 0;
	f->next = *bucket_of(sock, f->id);
	*bucket_of(sock, f->id) = f;
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
		struct flight *f = find_flight(sock, failed[i]);
		if (f != NULL)
			flight_failed(f);
	}
}

void
server_wake(struct server *s)
{
	struct dns_stub *stub = s->stub;

	if (s->is_awake)
		return;
	s->is_awake = true;
	s->awake_next = NULL;
	*stub->awake_tail = s;
	stub->awake_tail = &s->awake_next;
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
			drop_flight(&l->flights[i]);
}

void
server_give_up(struct lookup *l)
{
	for (size_t i = 0; i < FLIGHTS; i++)
		if (l->flights[i].sock != NULL)
			uncount(&l->flights[i]);
}

void
server_forget(struct lookup *l)
{
	queue_remove(l);
	for (size_t i = 0; i < FLIGHTS; i++)
		drop_flight(&l->flights[i]);
}
