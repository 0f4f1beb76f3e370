/*
 * The sockets of one server, and what is on the way through them.
 *
 * A forger who is not on the path must guess the port that an answer goes to (RFC 5452 4.5).  A question
 * to a server that is asked directly has a socket, and so a port, of its own, as long as there are
 * descriptors; the user's resolvers get many questions a second, through few sockets, which are renewed.
 */
#include <errno.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "base/mem.h"
#include "dns/random.h"
#include "dns/record_priv.h"
#include "dns/stub_priv.h"

enum {
	SHARED = 4,        /* sockets to a resolver */
	SHARED_MAX = 1024, /* questions through one of them, until it is renewed */
	OWN = 64,      /* sockets to a server that is asked directly; then questions share them */
	BUCKETS = 256, /* a shared socket: flights by id */
	RECEIVE_BUFFER = 4 << 20,
};

/* Nothing waits at it, and nothing more is to leave through it. */
static bool
is_spent(const struct dns_socket *sock)
{
	return sock->n_flights == 0 && (sock->server->is_direct || sock->n_taken >= SHARED_MAX);
}

static struct flight **
bucket_of(struct dns_socket *sock, uint16_t id)
{
	return &sock->buckets[id % sock->n_buckets];
}

struct flight *
flight_find(struct dns_socket *sock, uint16_t id)
{
	for (struct flight *f = *bucket_of(sock, id); f != NULL; f = f->next)
		if (f->id == id)
			return f;
	return NULL;
}

void
flight_uncount(struct flight *f)
{
	if (f->counted)
		window_give_back(&f->sock->server->window, f->again);
	f->counted = false;
}

void
flight_drop(struct flight *f)
{
	if (f->sock == NULL)
		return;
	flight_uncount(f);
	struct flight **at = bucket_of(f->sock, f->id);
	while (*at != f)
		at = &(*at)->next;
	*at = f->next;
	f->sock->n_flights--;
	if (is_spent(f->sock)) {
		server_wake(f->sock->server);
		loop_defer_wake(f->sock->server->stub->defer);
	}
	f->sock = NULL;
}

void
flight_fail(struct flight *f, struct server *s)
{
	flight_drop(f);
	event_failed(f->lookup, s, DNS_UNREACHABLE);
}

/* Every lookup at this socket goes elsewhere. */
static void
socket_failed(struct dns_socket *sock)
{
	for (size_t b = 0; b < sock->n_buckets; b++)
		while (sock->buckets[b] != NULL)
			flight_fail(sock->buckets[b], sock->server);
}

static void
receive(struct dns_socket *sock, const uint8_t *msg, size_t len, uint64_t now)
{
	struct server *s = sock->server;
	struct dns_answer answer;
	struct flight *f = len >= DNS_HEADER ? flight_find(sock, wire_get16(msg)) : NULL;

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
	flight_drop(f);
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

static struct dns_socket *
socket_open(struct server *s)
{
	size_t n_buckets = s->is_direct ? 1 : BUCKETS;
	int size = RECEIVE_BUFFER, fd = endpoint_connect(&s->endpoint, SOCK_DGRAM);

	if (fd < 0)
		return NULL;
	/* a burst of answers must fit; the kernel caps it at rmem_max, which is then the best there is */
	if (!s->is_direct)
		(void)setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	struct dns_socket *sock = mem_zalloc(1, sizeof *sock + n_buckets * sizeof(struct flight *));
	*sock = (struct dns_socket){ .next = s->socks,
		.server = s,
		.fd = fd,
		.n_buckets = n_buckets };
	s->socks = sock;
	s->n_socks++;
	sock->watch = loop_watch_new(s->stub->loop, fd, socket_readable, sock);
	loop_watch_set(sock->watch, LOOP_READ);
	return sock;
}

/* May another question leave through it?  One that has had its share only waits for its answers. */
static bool
takes(const struct dns_socket *sock)
{
	return sock->server->is_direct || sock->n_taken < SHARED_MAX;
}

static unsigned
count_taking(const struct server *s)
{
	unsigned n = 0;

	for (const struct dns_socket *sock = s->socks; sock != NULL; sock = sock->next)
		n += takes(sock);
	return n;
}

/* The last descriptors are for servers that have none yet. */
static bool
may_open(const struct server *s)
{
	if (s->n_socks == 0)
		return true;
	return count_taking(s) < (s->is_direct ? OWN : SHARED) && endpoint_spare();
}

struct dns_socket *
socket_choose(struct server *s)
{
	struct dns_socket *sock = may_open(s) ? socket_open(s) : NULL;

	if (sock != NULL || s->n_socks == 0)
		return sock;
	/* without descriptors the old ones have to do */
	unsigned n = count_taking(s), skip = random_u16() % (n > 0 ? n : s->n_socks);
	for (sock = s->socks;; sock = sock->next)
		if ((n == 0 || takes(sock)) && skip-- == 0)
			return sock;
}

void
flight_start(struct flight *f, struct dns_socket *sock)
{
	do
		f->id = random_u16();
	while (flight_find(sock, f->id) != NULL);
	f->sock = sock;
	f->next = *bucket_of(sock, f->id);
	*bucket_of(sock, f->id) = f;
	sock->n_flights++;
	sock->n_taken++;
}

static void
close_first(struct server *s, struct dns_socket **at)
{
	struct dns_socket *sock = *at;

	*at = sock->next;
	s->n_socks--;
	loop_watch_free(sock->watch);
	endpoint_close(sock->fd);
	free(sock);
}

void
sockets_close_spent(struct server *s)
{
	struct dns_socket **at = &s->socks;

	while (*at != NULL)
		if (is_spent(*at))
			close_first(s, at);
		else
			at = &(*at)->next;
}

void
sockets_close_all(struct server *s)
{
	while (s->socks != NULL)
		close_first(s, &s->socks);
}
