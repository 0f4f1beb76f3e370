#include "fake_dns.h"

#include <arpa/inet.h>
#include <assert.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/name.h"
#include "wire.h"

enum { LATE_US = 250000 };

struct conn {
	struct fake_dns *server;
	int fd; /* -1: free */
	struct loop_watch *watch;
};

struct fake_dns {
	struct loop *loop;
	const enum fake_step *steps;
	size_t n_steps, n_queries, n_recursive, n_ports, n_mixed, n_repeated;
	bool ports[65536]; /* seen */
	uint8_t last[4096];
	enum fake_stream stream;
	int udp, other, tcp; /* other: a socket with another port */
	struct loop_watch *udp_watch, *tcp_watch;
	struct conn conns[FAKE_CONNS];
	size_t n_conns, max_conns;
	struct loop_timer *late;
	struct sockaddr_in late_to;
	uint16_t port;
	struct wire wire, late_wire;
};

static int
bound_socket(int type, uint16_t port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(port) };
	int fd = socket(AF_INET, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	sin.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	if (fd >= 0 && bind(fd, (struct sockaddr *)&sin, sizeof sin) == 0)
		return fd;
	if (port == 0)
		abort();
	close(fd);
	return -1;
}

static uint16_t
port_of(int fd)
{
	struct sockaddr_in sin = { 0 };
	socklen_t len = sizeof sin;

	getsockname(fd, (struct sockaddr *)&sin, &len);
	return ntohs(sin.sin_port);
}

static void
good_answer(struct wire *w, const uint8_t *query, size_t len)
{
	char name[NAME_TEXT_MAX];
	uint16_t type = wire_question(query, len, name);

	wire_reply(w, query, len, 0);
	wire_text(w, WIRE_ANSWER, name, type,
	    type == DNS_PTR      ? "mail.example" :
		type == DNS_A    ? "192.0.2.1" :
		type == DNS_AAAA ? "2001:db8::1" :
				   "text");
}

static void
changed_answer(struct wire *w, const uint8_t *query, size_t len, bool blocked)
{
	wire_reply(w, query, len, blocked ? 3 : 0);
	if (blocked)
		wire_ede(w, 15, "blocked");
	else
		wire_text(w, WIRE_ANSWER, "host.example", DNS_A, "10.1.2.3");
}

/* "host" -> a.host -> b.host -> a.host ...: each answer holds one CNAME and no end */
static void
cname_answer(struct wire *w, const uint8_t *query, size_t len, bool loop)
{
	char name[NAME_TEXT_MAX];

	wire_question(query, len, name);
	if (!loop && name_equal(name, "end.example")) {
		good_answer(w, query, len);
		return;
	}
	wire_reply(w, query, len, 0);
	wire_text(w, WIRE_ANSWER, name, DNS_CNAME,
	    !loop                             ? "end.example" :
		name_equal(name, "a.example") ? "b.example" :
						"a.example");
}

static void
folded_answer(struct wire *w, const uint8_t *query, size_t len)
{
	wire_reply(w, query, len, 3);
	for (uint8_t *at = w->bytes + 12; at < w->bytes + w->len; at++)
		if (*at >= 'A' && *at <= 'Z')
			*at |= 0x20;
}

static bool
has_edns(const uint8_t *query)
{
	return query[11] == 1;
}

static void
make_answer(struct fake_dns *f, enum fake_step step, const uint8_t *query, size_t len)
{
	struct wire *w = &f->wire;

	good_answer(w, query, len);
	switch (step) {
	case FAKE_NXDOMAIN:
		wire_reply(w, query, len, 3);
		break;
	case FAKE_OWN:
		wire_flag(w, 2, 0x04);
		break;
	case FAKE_BLOCKED:
	case FAKE_INSIDE:
		changed_answer(w, query, len, step == FAKE_BLOCKED);
		break;
	case FAKE_SERVFAIL:
	case FAKE_SERVFAIL_TWICE:
		wire_reply(w, query, len, 2);
		break;
	case FAKE_REFUSED:
	case FAKE_LATE_REFUSED:
		wire_reply(w, query, len, 5);
		break;
	case FAKE_WRONG_ID:
	case FAKE_FORGED_THEN_GOOD:
		w->bytes[0] ^= 0x55;
		break;
	case FAKE_WRONG_QUESTION:
		w->bytes[13] ^= 1;
		break;
	case FAKE_GARBAGE:
		memset(w->bytes + 2, 0xff, 10);
		break;
	case FAKE_BROKEN:
		w->len -= 4;
		break;
	case FAKE_FORMERR_EDNS:
	case FAKE_ALWAYS_FORMERR:
		if (step == FAKE_ALWAYS_FORMERR || has_edns(query))
			wire_reply(w, query, len, 1);
		break;
	case FAKE_TRUNCATED:
		wire_flag(w, 2, 0x02);
		break;
	case FAKE_CNAME_OPEN:
	case FAKE_CNAME_LOOP:
		cname_answer(w, query, len, step == FAKE_CNAME_LOOP);
		break;
	case FAKE_FOLDED:
		folded_answer(w, query, len);
		break;
	case FAKE_GOOD:
	case FAKE_DROP:
	case FAKE_LATE:
	case FAKE_WRONG_PORT:
		break;
	}
}

static void
send_late(void *arg)
{
	struct fake_dns *f = arg;

	sendto(f->udp, f->late_wire.bytes, f->late_wire.len, 0, (struct sockaddr *)&f->late_to,
	    sizeof f->late_to);
}

/* What a forger would have to guess. */
static void
note_query(struct fake_dns *f, const uint8_t *query, size_t len, uint16_t port)
{
	bool mixed = false;

	for (size_t i = 12; i < len; i++)
		mixed |= query[i] >= 'A' && query[i] <= 'Z';
	f->n_mixed += mixed;
	f->n_repeated += f->n_queries > 0 && memcmp(f->last, query + 12, len - 12) == 0;
	memcpy(f->last, query + 12, len - 12);
	f->n_ports += !f->ports[port];
	f->ports[port] = true;
	f->n_queries++;
	f->n_recursive += query[2] & 1;
}

static void
act(struct fake_dns *f, const uint8_t *query, size_t len, const struct sockaddr_in *from)
{
	size_t at = f->n_queries < f->n_steps ? f->n_queries : f->n_steps - 1;
	enum fake_step step = f->steps[at];

	note_query(f, query, len, ntohs(from->sin_port));
	if (step == FAKE_DROP)
		return;
	make_answer(f, step, query, len);
	if (step == FAKE_LATE || step == FAKE_LATE_REFUSED) {
		f->late_wire = f->wire;
		f->late_to = *from;
		loop_timer_at(f->late, loop_now_us() + LATE_US);
		return;
	}
	int fd = step == FAKE_WRONG_PORT ? f->other : f->udp;
	sendto(fd, f->wire.bytes, f->wire.len, 0, (const struct sockaddr *)from, sizeof *from);
	if (step != FAKE_FORGED_THEN_GOOD && step != FAKE_SERVFAIL_TWICE)
		return;
	if (step == FAKE_FORGED_THEN_GOOD)
		good_answer(&f->wire, query, len);
	sendto(f->udp, f->wire.bytes, f->wire.len, 0, (const struct sockaddr *)from, sizeof *from);
}

static void
udp_ready(void *arg, int events)
{
	struct fake_dns *f = arg;
	uint8_t query[4096];
	struct sockaddr_in from = { 0 };
	socklen_t from_len = sizeof from;
	ssize_t n;

	(void)events;
	while (
	    (n = recvfrom(f->udp, query, sizeof query, 0, (struct sockaddr *)&from, &from_len)) > 0)
		act(f, query, (size_t)n, &from);
}

static void
hang_up(struct conn *c)
{
	if (c->fd < 0)
		return;
	loop_watch_free(c->watch);
	close(c->fd);
	c->fd = -1;
	c->server->n_conns--;
}

static void
send_stream(struct conn *c, const uint8_t *query, size_t len)
{
	struct fake_dns *f = c->server;
	uint8_t out[2 + 4096];

	good_answer(&f->wire, query, len);
	if (f->stream == FAKE_STREAM_WRONG_ID)
		f->wire.bytes[1] ^= 1;
	out[0] = (uint8_t)(f->wire.len >> 8);
	out[1] = (uint8_t)f->wire.len;
	memcpy(out + 2, f->wire.bytes, f->wire.len);
	size_t total = 2 + f->wire.len;
	if (f->stream == FAKE_STREAM_CUT)
		total /= 2;
	size_t step = f->stream == FAKE_STREAM_SLOW ? 1 : total;
	for (size_t i = 0; i < total; i += step)
		send(c->fd, out + i, step, MSG_NOSIGNAL);
	if (f->stream == FAKE_STREAM_CUT)
		hang_up(c);
}

static void
conn_ready(void *arg, int events)
{
	struct conn *c = arg;
	uint8_t in[2 + 4096];
	ssize_t n = recv(c->fd, in, sizeof in, 0);

	(void)events;
	if (n <= 2 || c->server->stream == FAKE_STREAM_CLOSE) {
		hang_up(c);
		return;
	}
	if (c->server->stream != FAKE_STREAM_SILENT)
		send_stream(c, in + 2, (size_t)n - 2);
}

static void
tcp_ready(void *arg, int events)
{
	struct fake_dns *f = arg;
	struct conn *c = f->conns;

	(void)events;
	while (c->fd >= 0)
		c++;
	assert(c < f->conns + FAKE_CONNS);
	c->fd = accept4(f->tcp, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	if (c->fd < 0)
		return;
	c->watch = loop_watch_new(f->loop, c->fd, conn_ready, c);
	loop_watch_set(c->watch, LOOP_READ);
	if (++f->n_conns > f->max_conns)
		f->max_conns = f->n_conns;
}

/* One port for datagrams and streams; another test may have the stream's, then the next is tried. */
static void
bind_both(struct fake_dns *f)
{
	f->tcp = -1;
	while (f->tcp < 0) {
		f->udp = bound_socket(SOCK_DGRAM, 0);
		f->port = port_of(f->udp);
		f->tcp = bound_socket(SOCK_STREAM, f->port);
		if (f->tcp < 0)
			close(f->udp);
	}
	listen(f->tcp, FAKE_CONNS);
}

static void
watch_both(struct fake_dns *f)
{
	f->udp_watch = loop_watch_new(f->loop, f->udp, udp_ready, f);
	f->tcp_watch = loop_watch_new(f->loop, f->tcp, tcp_ready, f);
	loop_watch_set(f->udp_watch, LOOP_READ);
	loop_watch_set(f->tcp_watch, LOOP_READ);
}

struct fake_dns *
fake_dns_new(struct loop *loop, const enum fake_step *steps, size_t n, enum fake_stream stream)
{
	struct fake_dns *f = mem_zalloc(1, sizeof *f);

	f->loop = loop;
	f->steps = steps;
	f->n_steps = n;
	f->stream = stream;
	for (size_t i = 0; i < FAKE_CONNS; i++)
		f->conns[i] = (struct conn){ .server = f, .fd = -1 };
	f->other = bound_socket(SOCK_DGRAM, 0);
	bind_both(f);
	f->late = loop_timer_new(loop, send_late, f);
	watch_both(f);
	return f;
}

void
fake_dns_shut(struct fake_dns *f)
{
	loop_watch_free(f->udp_watch);
	loop_watch_free(f->tcp_watch);
	close(f->udp);
	close(f->tcp);
	f->udp = f->tcp = -1;
	f->udp_watch = f->tcp_watch = NULL;
}

void
fake_dns_reopen(struct fake_dns *f)
{
	f->udp = bound_socket(SOCK_DGRAM, f->port);
	f->tcp = bound_socket(SOCK_STREAM, f->port);
	assert(f->udp >= 0 && f->tcp >= 0);
	listen(f->tcp, FAKE_CONNS);
	watch_both(f);
}

void
fake_dns_free(struct fake_dns *f)
{
	for (size_t i = 0; i < FAKE_CONNS; i++)
		hang_up(&f->conns[i]);
	loop_timer_free(f->late);
	if (f->udp >= 0)
		fake_dns_shut(f);
	close(f->other);
	free(f);
}

struct endpoint
fake_dns_endpoint(const struct fake_dns *f)
{
	return (
	    struct endpoint){ .ip = { .family = 4, .bytes = { 127, 0, 0, 1 } }, .port = f->port };
}

size_t
fake_dns_queries(const struct fake_dns *f)
{
	return f->n_queries;
}

size_t
fake_dns_recursive(const struct fake_dns *f)
{
	return f->n_recursive;
}

size_t
fake_dns_ports(const struct fake_dns *f)
{
	return f->n_ports;
}

size_t
fake_dns_mixed(const struct fake_dns *f)
{
	return f->n_mixed;
}

size_t
fake_dns_repeated(const struct fake_dns *f)
{
	return f->n_repeated;
}

size_t
fake_dns_max_streams(const struct fake_dns *f)
{
	return f->max_conns;
}
