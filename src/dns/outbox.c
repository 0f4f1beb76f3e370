/* Queries that leave together: one system call for up to BATCH of them. */
#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "dns/record_priv.h"
#include "dns/stub_priv.h"

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

/* A buffer that is full is like a loss: the query is sent again later. */
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
size_t
outbox_send(struct outbox *out, uint16_t failed[BATCH])
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
	out->n = 0;
	return n_failed;
}

bool
outbox_takes(const struct outbox *out, const struct dns_socket *sock)
{
	return out->n == 0 || (out->n < BATCH && out->sock == sock);
}

void
outbox_add(struct outbox *out, struct dns_socket *sock, const struct dns_query *q)
{
	out->sock = sock;
	memcpy(out->queries[out->n].wire, q->wire, q->len);
	out->queries[out->n++].len = q->len;
}
