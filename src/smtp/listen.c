/* Clients of a sink: sockets, TLS and time. */
#include "smtp/listen.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/mem.h"
#include "net/loop.h"
#include "smtp/tls_priv.h"

enum { CHUNK = 16384, OUT_MAX = 4 << 20, GOODBYE_US = 2000000 };

struct listener;

struct client {
	struct listener *listener;
	int fd; /* -1: the place is free */
	struct ip address;
	struct loop_watch *watch;
	struct loop_timer *timer;
	struct sink *sink;
	struct tls *tls;
	bool tls_up;
	struct buf out; /* for the wire */
	size_t sent;
};

struct listener {
	const struct listen_options *options;
	struct sink_options sink; /* the caller's, with our delivered() */
	struct loop *loop;
	int fd;
	struct loop_watch *watch;
	struct loop_timer *timer;
	struct ssl_ctx_st *ctx;
	struct client clients[LISTEN_CLIENTS_MAX];
	const struct client *turn; /* whose input is read */
	size_t n_sessions;
	unsigned n_deliveries;
};

static void
delivered(void *arg, struct sink_delivery *d)
{
	struct listener *l = arg;
	if (l->n_deliveries == l->options->count) {
		sink_delivery_free(d);
		return;
	}
	d->address = l->turn->address;
	l->options->sink.delivered(l->options->sink.arg, d);
	if (++l->n_deliveries < l->options->count)
		return;
	/* the client has yet to read its reply, and to say goodbye */
	loop_watch_set(l->watch, 0);
	loop_timer_at(l->timer, loop_now_us() + GOODBYE_US);
}

static bool
any_client(const struct listener *l)
{
	for (size_t i = 0; i < LISTEN_CLIENTS_MAX; i++)
		if (l->clients[i].fd >= 0)
			return true;
	return false;
}

static void
close_client(struct client *c)
{
	if (c->fd < 0)
		return;
	c->listener->turn = c;
	sink_free(c->sink);
	tls_free(c->tls);
	loop_watch_free(c->watch);
	loop_timer_free(c->timer);
	buf_fini(&c->out);
	endpoint_close(c->fd);
	c->fd = -1;
	if (c->listener->n_deliveries == c->listener->options->count && !any_client(c->listener))
		loop_stop(c->listener->loop);
}

static void
client_late(void *arg)
{
	close_client(arg);
}

/* ---- output */

/* What the sink says, under TLS once that is up. */
static void
take_output(struct client *c)
{
	struct buf *plain = sink_output(c->sink);
	if (c->tls_up)
		tls_write(c->tls, plain->data, plain->len);
	else
		buf_add(&c->out, plain->data, plain->len);
	buf_reset(plain);
	if (c->tls != NULL)
		tls_output(c->tls, &c->out);
}

/* False when the client is gone. */
static bool
send_output(struct client *c)
{
	while (c->sent < c->out.len) {
		ssize_t n = send(c->fd, c->out.data + c->sent, c->out.len - c->sent, MSG_NOSIGNAL);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno == EAGAIN || errno == EWOULDBLOCK;
		c->sent += (size_t)n;
	}
	buf_reset(&c->out);
	c->sent = 0;
	return true;
}

/* ---- input */

static bool
shake_hands(struct client *c)
{
	enum tls_state state = tls_step(c->tls);
	if (state == TLS_UP) {
		c->tls_up = true;
		sink_tls_up(c->sink, tls_version(c->tls), tls_cipher(c->tls));
	}
	return state == TLS_UP || state == TLS_HANDSHAKING;
}

/* False when TLS has failed or ended. */
static bool
input_tls(struct client *c, const char *data, size_t len)
{
	char plain[CHUNK];
	enum tls_state state = TLS_UP;
	size_t n;
	tls_input(c->tls, data, len);
	if (!c->tls_up && !shake_hands(c))
		return false;
	while (c->tls_up && (n = tls_read(c->tls, plain, sizeof plain, &state)) > 0)
		sink_input(c->sink, plain, n);
	return state == TLS_UP;
}

static void
begin_tls(struct client *c)
{
	if (sink_wants(c->sink) == SINK_WANTS_TLS && c->tls == NULL)
		c->tls = tls_new_server(c->listener->ctx);
}

/* False when the client is gone, or cannot be understood. */
static bool
read_input(struct client *c)
{
	char data[CHUNK];
	ssize_t n = recv(c->fd, data, sizeof data, 0);
	if (n < 0)
		return errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR;
	if (n == 0)
		return false;
	loop_timer_at(c->timer, loop_now_us() + LISTEN_IDLE_US);
	bool sound = true;
	if (c->tls != NULL)
		sound = input_tls(c, data, (size_t)n);
	else
		sink_input(c->sink, data, (size_t)n);
	take_output(c);
	begin_tls(c);
	return sound && (sink_wants(c->sink) != SINK_WANTS_TLS || c->tls != NULL);
}

static void
turn_client(void *arg, int events)
{
	struct client *c = arg;
	c->listener->turn = c;
	/* who does not read what we say is not read either */
	bool alive = (events & LOOP_READ) == 0 || c->out.len > 0 || read_input(c);
	alive = send_output(c) && alive && !c->out.failed;
	bool done = c->out.len == 0 && sink_wants(c->sink) == SINK_WANTS_END;
	if (!alive || done)
		close_client(c);
	else
		loop_watch_set(c->watch, c->out.len > 0 ? LOOP_WRITE : LOOP_READ);
}

/* ---- connections */

static struct client *
free_place(struct listener *l)
{
	for (size_t i = 0; i < LISTEN_CLIENTS_MAX; i++)
		if (l->clients[i].fd < 0)
			return &l->clients[i];
	return NULL;
}

static void
take_client(void *arg, int events)
{
	struct listener *l = arg;
	struct ip peer;
	int fd = endpoint_accept(l->fd, &peer);
	(void)events;
	if (fd < 0)
		return;
	struct client *c = free_place(l);
	if (c == NULL || ++l->n_sessions > LISTEN_SESSIONS_MAX) {
		endpoint_close(fd);
		return;
	}
	*c = (struct client){ .listener = l, .fd = fd, .address = peer };
	buf_init(&c->out, OUT_MAX);
	c->watch = loop_watch_new(l->loop, fd, turn_client, c);
	c->timer = loop_timer_new(l->loop, client_late, c);
	loop_timer_at(c->timer, loop_now_us() + LISTEN_IDLE_US);
	c->sink = sink_new(&l->sink);
	take_output(c);
	turn_client(c, 0);
}

static void
time_is_up(void *arg)
{
	struct listener *l = arg;
	loop_stop(l->loop);
}

static enum err_code
open_listener(struct listener *l, struct err *err)
{
	char text[ENDPOINT_TEXT_MAX];
	const struct listen_options *o = l->options;
	l->ctx = tls_throwaway(o->sink.name);
	if (l->ctx == NULL)
		return err_set(err, ERR_INTERNAL, "OpenSSL made no certificate");
	l->fd = endpoint_listen(&o->at);
	if (l->fd < 0)
		return err_set(err, ERR_CANTCREAT, "%s: cannot take connections: %s",
		    endpoint_format(&o->at, text), strerror(errno));
	l->loop = loop_new();
	l->watch = loop_watch_new(l->loop, l->fd, take_client, l);
	loop_watch_set(l->watch, LOOP_READ);
	l->timer = loop_timer_new(l->loop, time_is_up, l);
	loop_timer_at(l->timer, loop_now_us() + o->time_us);
	return ERR_NONE;
}

static void
close_listener(struct listener *l)
{
	for (size_t i = 0; i < LISTEN_CLIENTS_MAX; i++)
		close_client(&l->clients[i]);
	if (l->fd >= 0) {
		loop_watch_free(l->watch);
		loop_timer_free(l->timer);
		endpoint_close(l->fd);
		loop_free(l->loop);
	}
	tls_throwaway_free(l->ctx);
}

enum err_code
smtp_listen(const struct listen_options *o, size_t *n_sessions, struct err *err)
{
	struct listener *l = mem_zalloc(1, sizeof *l);
	l->options = o;
	l->sink = o->sink;
	l->sink.delivered = delivered;
	l->sink.arg = l;
	l->fd = -1;
	for (size_t i = 0; i < LISTEN_CLIENTS_MAX; i++)
		l->clients[i].fd = -1;
	enum err_code code = open_listener(l, err);
	if (code == ERR_NONE) {
		if (o->ready != NULL)
			o->ready(o->sink.arg);
		loop_run(l->loop);
	}
	close_listener(l);
	*n_sessions = l->n_sessions;
	free(l);
	return code;
}
