#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "record_priv.h"
#include "stub_priv.h"

static int
send_batch(const struct outbox *out, size_t from)
{
	struct mmsghdr headers[BATCH];
	struct iovec parts[BATCH];
	unsigned n = 0;

	for (size_t i = from; i < out->n; i++, n++) {
		parts[n] = (struct iovec){ (void *)(uintptr_t)out->queries[i].wire,
			out->queries[i].len };
		headers[n] = (struct mmsghdr){ .msg_hdr = { .msg_iov = &parts[n],
						   .msg_iovlen = 1 } };
	}
	return sendmmsg(out->sock->fd, headers, n, MSG_NOSIGNAL);
}

/* A buffer that is full is like a loss: the retransmission mends it. */
static bool
is_full(int error)
{
	return error == EAGAIN || error == EWOULDBLOCK || error == ENOBUFS;
}

/*
 * Sends all, and notes the ids of those that could not leave.  An ICMP error of an earlier datagram
 * is reported to the next call, which then sends nothing: the same query is tried a second time
 * before it counts as failed.
 */
static size_t
send_all(const struct outbox *out, uint16_t failed[BATCH])
{
	size_t at = 0, tried = BATCH, n_failed = 0;

	while (at < out->n) {
		int n = send_batch(out, at);
		if (n > 0)
			at += (size_t)n;
		else if (is_full(errno))
			break;
		else if (errno == EINTR || tried != at)
			tried = at;
		else
			failed[n_failed++] = wire_get16(out->queries[at++].wire);
	}
	return n_failed;
}

void
outbox_flush(struct server *s)
{
	uint16_t failed[BATCH];
	struct dns_socket *sock = s->outbox.sock;
	size_t n_failed = send_all(&s->outbox, failed);

	/* empty before the lookups hear of it: they may well add to it again */
	s->outbox.n = 0;
	for (size_t i = 0; i < n_failed; i++)
		server_query_failed(sock, failed[i]);
}

void
outbox_add(struct server *s, struct dns_socket *sock, const struct dns_query *q)
{
	struct outbox *out = &s->outbox;

	/* what could not leave may have filled it again, by way of another server's outbox */
	while (out->n == BATCH || (out->n > 0 && out->sock != sock))
		outbox_flush(s);
	out->sock = sock;
	memcpy(out->queries[out->n].wire, q->wire, q->len);
	out->queries[out->n++].len = q->len;
	loop_defer_wake(s->stub->defer);
}
