/* One question over TCP (RFC 7766): connect, send, receive, report. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "dns/random.h"
#include "dns/record_priv.h"
#include "dns/stub_priv.h"

/* One question over its own connection (RFC 7766): two bytes of length before each message. */
struct tcp {
	struct lookup *lookup;
	struct server *server;
	int fd;
	struct loop_watch *watch;
	uint8_t out[2 + DNS_QUERY_MAX]; /* bytes [0, sent) have left */
	size_t out_len, sent;
	uint8_t prefix[2]; /* the length of what comes */
	uint8_t *in;       /* that many bytes, once the prefix is complete */
	size_t got;        /* bytes that are here, the prefix included */
};

void
tcp_cancel(struct tcp *t)
{
	if (t == NULL)
		return;
	t->lookup->tcp = NULL;
	t->server->n_streams--;
	loop_watch_free(t->watch);
	if (t->fd >= 0)
		endpoint_close(t->fd);
	free(t->in);
	free(t);
}

static void
tcp_failed(struct tcp *t, enum dns_status status)
{
	struct lookup *l = t->lookup;
	struct server *s = t->server;

	tcp_cancel(t);
	event_failed(l, s, status);
}

/* Either the whole query has left, or the rest leaves when the socket is writable again. */
static void
tcp_write(struct tcp *t)
{
	while (t->sent < t->out_len) {
		ssize_t n = send(t->fd, t->out + t->sent, t->out_len - t->sent, MSG_NOSIGNAL);
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
			return;
		if (n < 0) {
			tcp_failed(t, DNS_UNREACHABLE);
			return;
		}
		t->sent += (size_t)n;
	}
	loop_watch_set(t->watch, LOOP_READ);
}

static size_t
message_len(const struct tcp *t)
{
	return wire_get16(t->prefix);
}

static void
tcp_complete(struct tcp *t)
{
	struct lookup *l = t->lookup;
	struct server *s = t->server;
	struct dns_answer answer;

	memcpy(l->query.wire, t->out + 2, 2);
	enum dns_reply reply = dns_reply_parse(&l->query, l->name, l->type, t->in, message_len(t),
	    true, &l->arena, &answer);
	tcp_cancel(t);
	/* a stream that answers something else is broken: there is no later message to wait for */
	if (reply == DNS_REPLY_NOT_OURS) {
		event_failed(l, s, DNS_MALFORMED);
		return;
	}
	event_answered(l, s, reply, &answer);
}

/* Where the next bytes go: the prefix first, then as much memory as it says. */
static ssize_t
tcp_receive(struct tcp *t)
{
	if (t->got < 2)
		return recv(t->fd, t->prefix + t->got, 2 - t->got, 0);
	if (t->in == NULL)
		t->in = mem_zalloc(1, message_len(t) + 1);
	return recv(t->fd, t->in + t->got - 2, message_len(t) + 2 - t->got, 0);
}

static void
tcp_read(struct tcp *t)
{
	for (;;) {
		ssize_t n = tcp_receive(t);
		if (n < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR))
			return;
		if (n <= 0) {
			tcp_failed(t, n < 0 && t->got == 0 ? DNS_UNREACHABLE : DNS_MALFORMED);
			return;
		}
		t->got += (size_t)n;
		/* a length of zero is not a message either */
		if (t->got >= 2 && message_len(t) == 0) {
			tcp_failed(t, DNS_MALFORMED);
			return;
		}
		if (t->got >= 2 && t->got - 2 == message_len(t)) {
			tcp_complete(t);
			return;
		}
	}
}

static void
tcp_ready(void *arg, int events)
{
	struct tcp *t = arg;

	if ((events & LOOP_WRITE) && t->sent < t->out_len)
		tcp_write(t);
	else if (events & LOOP_READ)
		tcp_read(t);
}

bool
tcp_start(struct lookup *l, struct server *s)
{
	struct tcp *t = mem_zalloc(1, sizeof *t);

	l->tcp = t;
	s->n_streams++;
	t->lookup = l;
	t->server = s;
	dns_query_set_id(&l->query, random_u16());
	t->out[0] = (uint8_t)(l->query.len >> 8);
	t->out[1] = (uint8_t)l->query.len;
	memcpy(t->out + 2, l->query.wire, l->query.len);
	t->out_len = 2 + l->query.len;
	s->stub->stats.tcp++;
	rate_spend(&s->stub->rate, loop_now_us());
	t->fd = endpoint_connect(&s->endpoint, SOCK_STREAM);
	int error = errno;
	if (t->fd < 0 && endpoint_starved(error)) {
		tcp_cancel(t);
		return false;
	}
	if (t->fd < 0) {
		tcp_cancel(t);
		event_not_connected(l, s, error);
		return true;
	}
	t->watch = loop_watch_new(s->stub->loop, t->fd, tcp_ready, t);
	loop_watch_set(t->watch, LOOP_READ | LOOP_WRITE);
	event_sent(l, s, loop_now_us());
	return true;
}
