/* One message and its reply over TCP, blocking, with a deadline. */
#include "dns/exchange.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "dns/record_priv.h"

struct exchange {
	int fd;
	char server[ENDPOINT_TEXT_MAX];
	int64_t deadline_ms;
	uint32_t timeout_ms;
	struct err *err;
};

static int64_t
now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static enum err_code
timed_out(struct exchange *x, enum err_code code)
{
	return err_set(x->err, code, "%s: no answer over TCP in %.1f s", x->server,
	    x->timeout_ms / 1000.0);
}

/* Waits for the socket; expired is what running out of time means at this point. */
static enum err_code
wait_for(struct exchange *x, short events, enum err_code expired)
{
	for (;;) {
		int64_t left = x->deadline_ms - now_ms();
		if (left <= 0)
			return timed_out(x, expired);
		struct pollfd p = { .fd = x->fd, .events = events };
		int n = poll(&p, 1, (int)left);
		if (n > 0)
			return ERR_NONE;
		if (n < 0 && errno != EINTR)
			return err_set(x->err, ERR_IO, "%s: %s", x->server, strerror(errno));
	}
}

static enum err_code
wait_connected(struct exchange *x)
{
	if (wait_for(x, POLLOUT, ERR_UNAVAILABLE) != ERR_NONE)
		return x->err->code;
	int error = 0;
	socklen_t len = sizeof error;
	if (getsockopt(x->fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
		error = errno;
	if (error != 0)
		return err_set(x->err, ERR_UNAVAILABLE, "%s: %s", x->server, strerror(error));
	return ERR_NONE;
}

static enum err_code
cut_off(struct exchange *x, const char *why)
{
	return err_set(x->err, ERR_TEMP, "%s: the connection was cut: %s", x->server, why);
}

static enum err_code
send_all(struct exchange *x, const uint8_t *bytes, size_t len, bool *maybe_sent)
{
	for (size_t sent = 0; sent < len;) {
		ssize_t n = send(x->fd, bytes + sent, len - sent, MSG_NOSIGNAL);
		if (n > 0) {
			sent += (size_t)n;
			*maybe_sent = sent == len;
		} else if (errno != EAGAIN && errno != EINTR) {
			return cut_off(x, strerror(errno));
		} else if (wait_for(x, POLLOUT, ERR_TEMP) != ERR_NONE) {
			return x->err->code;
		}
	}
	return ERR_NONE;
}

static enum err_code
receive_all(struct exchange *x, uint8_t *bytes, size_t len)
{
	for (size_t got = 0; got < len;) {
		ssize_t n = recv(x->fd, bytes + got, len - got, 0);
		if (n > 0)
			got += (size_t)n;
		else if (n == 0)
			return cut_off(x, "closed before the whole answer");
		else if (errno != EAGAIN && errno != EINTR)
			return cut_off(x, strerror(errno));
		else if (wait_for(x, POLLIN, ERR_TEMP) != ERR_NONE)
			return x->err->code;
	}
	return ERR_NONE;
}

static enum err_code
converse(struct exchange *x, const struct buf *message, struct buf *reply, bool *maybe_sent)
{
	if (wait_connected(x) != ERR_NONE)
		return x->err->code;
	uint8_t bytes[2 + 65535];
	bytes[0] = (uint8_t)(message->len >> 8);
	bytes[1] = (uint8_t)message->len;
	memcpy(bytes + 2, message->data, message->len);
	if (send_all(x, bytes, 2 + message->len, maybe_sent) != ERR_NONE)
		return x->err->code;
	if (receive_all(x, bytes, 2) != ERR_NONE)
		return x->err->code;
	size_t len = wire_get16(bytes);
	if (receive_all(x, bytes, len) != ERR_NONE)
		return x->err->code;
	buf_add(reply, bytes, len);
	return reply->failed ? cut_off(x, "the answer is too long") : ERR_NONE;
}

enum err_code
dns_exchange(const struct endpoint *server, const struct buf *message, uint32_t timeout_ms,
    struct buf *reply, bool *maybe_sent, struct err *err)
{
	struct exchange x = { .timeout_ms = timeout_ms,
		.deadline_ms = now_ms() + timeout_ms,
		.err = err };
	endpoint_format(server, x.server);
	*maybe_sent = false;
	if (message->len > 65535)
		return err_set(err, ERR_INTERNAL, "a DNS message of %zu bytes", message->len);
	x.fd = endpoint_connect(server, SOCK_STREAM);
	if (x.fd < 0)
		return err_set(err, ERR_UNAVAILABLE, "%s: %s", x.server, strerror(errno));
	enum err_code code = converse(&x, message, reply, maybe_sent);
	endpoint_close(x.fd);
	return code;
}
