/* One SMTP dialogue on a socket: moves bytes between session, TLS and the network. */
#include "smtp/probe.h"

#include <errno.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/mem.h"
#include "base/name.h"
#include "net/loop.h"
#include "smtp/session.h"
#include "smtp/tls_priv.h"

enum {
	CHUNK = 4096,
	WIRE_MAX = 64 * 1024,
	RECEIVE_MAX = 1024 *
	    1024, /* a dialogue with a long certificate chain stays below 100 KiB */
	STARVED_WAIT_US = 100 * 1000,
	QUIT_WAIT_US = 250 * 1000, /* courtesy only: everything is known by then */
	LITERAL_MAX = IP_TEXT_MAX + 8,
};

struct smtp_probe {
	struct arena arena;
	struct smtp_dialogue dialogue;
	struct smtp_session session;
	struct tls *tls; /* NULL before the handshake */
	struct buf wire; /* bytes that the socket did not take yet */
	int fd;          /* -1: there was no connection to try */
	bool connected;
	bool starved; /* waits for a descriptor */
	bool quitting;
	size_t received;
	struct loop *loop;
	struct loop_watch *watch;
	struct loop_timer *timer;
	uint64_t start_us;
	struct smtp_job job; /* its texts in the arena */
	smtp_done_fn *done;
	void *arg;
};

/*
 * The meaning of connect() errors.  A packet filter that rejects shows as several (ip(7),
 * tcp(7)).
 */
static const struct {
	int error;
	enum smtp_status status;
} connect_errors[] = {
	{ ECONNREFUSED, SMTP_CLOSED },
	{ ETIMEDOUT, SMTP_FILTERED },
	{ EACCES, SMTP_FILTERED },
	{ EPERM, SMTP_FILTERED },
	{ EMFILE, SMTP_PENDING },
	{ ENFILE, SMTP_PENDING },
};

static void
connect_failed(struct smtp_probe *p, int error)
{
	p->dialogue.status = SMTP_UNREACHABLE;
	for (size_t i = 0; i < sizeof connect_errors / sizeof connect_errors[0]; i++)
		if (connect_errors[i].error == error)
			p->dialogue.status = connect_errors[i].status;
	p->dialogue.error = arena_strdup(&p->arena, strerror(error));
}

static void
release(struct smtp_probe *p)
{
	loop_watch_free(p->watch);
	loop_timer_free(p->timer);
	if (p->fd >= 0)
		endpoint_close(p->fd);
	tls_free(p->tls);
	smtp_session_fini(&p->session);
	buf_fini(&p->wire);
	arena_fini(&p->arena);
	free(p);
}

static void
finish(struct smtp_probe *p)
{
	p->dialogue.time_us = (uint32_t)(loop_now_us() - p->start_us);
	p->done(p->arg, &p->dialogue);
	release(p);
}

/* RFC 5321 4.1.3: [192.0.2.1] or [IPv6:2001:db8::1]. */
static const char *
own_literal(struct smtp_probe *p)
{
	struct sockaddr_storage ss = { 0 };
	socklen_t len = sizeof ss;
	if (getsockname(p->fd, (struct sockaddr *)&ss, &len) != 0)
		return "localhost";
	struct ip ip = { .family = ss.ss_family == AF_INET ? 4 : 6 };
	if (ip.family == 4) {
		struct sockaddr_in sin;
		memcpy(&sin, &ss, sizeof sin);
		memcpy(ip.bytes, &sin.sin_addr, 4);
	} else {
		struct sockaddr_in6 sin6;
		memcpy(&sin6, &ss, sizeof sin6);
		memcpy(ip.bytes, &sin6.sin6_addr, 16);
	}
	char text[IP_TEXT_MAX];
	ip_format(&ip, text);
	return arena_printf(&p->arena, "[%s%s]", ip.family == 6 ? "IPv6:" : "", text);
}

/* A name of one label would be refused by strict servers (RFC 5321 2.3.5). */
static const char *
own_name(struct smtp_probe *p)
{
	char host[256] = "";
	char name[NAME_TEXT_MAX];
	if (gethostname(host, sizeof host - 1) == 0 && name_from_text(host, name) &&
	    name_host_fault(name) == NAME_GOOD)
		return arena_strdup(&p->arena, name);
	return own_literal(p);
}

static bool
connection_made(struct smtp_probe *p)
{
	int error = 0;
	socklen_t len = sizeof error;
	if (getsockopt(p->fd, SOL_SOCKET, SO_ERROR, &error, &len) != 0)
		error = errno;
	if (error != 0) {
		connect_failed(p, error);
		return false;
	}
	p->connected = true;
	loop_timer_at(p->timer, p->job.talk_deadline_us);
	p->dialogue.our_name = p->job.our_name != NULL ? p->job.our_name : own_name(p);
	p->session.our_name = p->dialogue.our_name;
	return true;
}

/* Servers choose a certificate by it.  Where nobody named the server, it has named itself. */
static const char *
server_name(struct smtp_probe *p)
{
	const char *known[] = { p->job.server_name, p->dialogue.ehlo_name,
		p->dialogue.banner_name };
	char name[NAME_TEXT_MAX];
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (name_from_user(known[i], name) && name_host_fault(name) == NAME_GOOD)
			return arena_strdup(&p->arena, name);
	return "";
}

static void
handshake(struct smtp_probe *p)
{
	if (p->tls == NULL) {
		p->dialogue.tls_name = server_name(p);
		p->tls = tls_new(p->dialogue.tls_name);
	}
	if (p->tls == NULL) {
		smtp_session_give_up(&p->session, "OpenSSL could not be set up");
		return;
	}
	enum tls_state state = tls_step(p->tls);
	if (state == TLS_UP) {
		tls_facts(p->tls, &p->arena, &p->dialogue);
		smtp_session_tls_up(&p->session);
	} else if (state != TLS_HANDSHAKING) {
		smtp_session_tls_failed(&p->session, tls_reason(p->tls));
	}
}

static void
read_plain(struct smtp_probe *p)
{
	char chunk[CHUNK];
	enum tls_state state;
	for (size_t n; (n = tls_read(p->tls, chunk, sizeof chunk, &state)) > 0;)
		smtp_session_input(&p->session, chunk, n);
	if (state != TLS_UP)
		smtp_session_lost(&p->session, "TLS closed by the server");
}

static void
deliver(struct smtp_probe *p, const char *data, size_t len)
{
	if (p->tls == NULL) {
		smtp_session_input(&p->session, data, len);
		return;
	}
	tls_input(p->tls, data, len);
	if (p->session.state == SMTP_AT_HANDSHAKE)
		handshake(p);
	if (p->session.state != SMTP_AT_HANDSHAKE && p->session.state != SMTP_AT_END)
		read_plain(p);
}

static void
receive(struct smtp_probe *p)
{
	char chunk[CHUNK];
	while (p->session.state != SMTP_AT_END) {
		ssize_t n = recv(p->fd, chunk, sizeof chunk, 0);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n <= 0) {
			smtp_session_lost(&p->session,
			    n == 0 ? "connection closed by the server" : strerror(errno));
			return;
		}
		p->received += (size_t)n;
		if (p->received > RECEIVE_MAX)
			smtp_session_lost(&p->session, "more bytes than a dialogue has");
		else
			deliver(p, chunk, (size_t)n);
	}
}

static void
collect_output(struct smtp_probe *p)
{
	struct buf *out = &p->session.out;
	if (p->tls != NULL) {
		tls_write(p->tls, out->data, out->len);
		tls_output(p->tls, &p->wire);
	} else {
		buf_add(&p->wire, out->data, out->len);
	}
	buf_reset(out);
}

static void
flush(struct smtp_probe *p)
{
	ssize_t n = send(p->fd, p->wire.data, p->wire.len, MSG_NOSIGNAL);
	if (n < 0 && errno != EAGAIN && errno != EINTR) {
		smtp_session_lost(&p->session, strerror(errno));
		return;
	}
	size_t sent = n > 0 ? (size_t)n : 0;
	memmove(p->wire.data, p->wire.data + sent, p->wire.len - sent);
	p->wire.len -= sent;
}

static void
shorten_goodbye(struct smtp_probe *p)
{
	if (p->session.state != SMTP_AT_QUIT || p->quitting)
		return;
	p->quitting = true;
	uint64_t due_us = loop_now_us() + QUIT_WAIT_US;
	loop_timer_at(p->timer,
	    due_us < p->job.talk_deadline_us ? due_us : p->job.talk_deadline_us);
}

/* Sends what there is to send and waits for what comes next; the probe may be gone afterwards. */
static void
go_on(struct smtp_probe *p)
{
	if (p->session.state == SMTP_AT_HANDSHAKE && p->tls == NULL)
		handshake(p);
	collect_output(p);
	if (p->wire.len > 0)
		flush(p);
	if (p->session.state == SMTP_AT_END) {
		finish(p);
		return;
	}
	shorten_goodbye(p);
	loop_watch_set(p->watch, LOOP_READ | (p->wire.len > 0 ? LOOP_WRITE : 0));
}

static void
on_ready(void *arg, int events)
{
	struct smtp_probe *p = arg;
	if (!p->connected && !connection_made(p)) {
		finish(p);
		return;
	}
	if (events & LOOP_READ)
		receive(p);
	go_on(p);
}

/* Without a descriptor it waits for its turn, and nothing is said about the server. */
static void
try_connect(struct smtp_probe *p)
{
	uint64_t now_us = loop_now_us();
	p->fd = endpoint_connect(&p->dialogue.server, SOCK_STREAM);
	if (p->fd >= 0) {
		p->watch = loop_watch_new(p->loop, p->fd, on_ready, p);
		loop_watch_set(p->watch, LOOP_WRITE);
		loop_timer_at(p->timer, p->job.deadline_us);
		return;
	}
	p->starved = endpoint_starved(errno) && now_us + STARVED_WAIT_US < p->job.deadline_us;
	if (p->starved) {
		loop_timer_at(p->timer, now_us + STARVED_WAIT_US);
		return;
	}
	/* reported from the loop like every other end, so that callers have one path */
	connect_failed(p, errno);
	loop_timer_at(p->timer, now_us);
}

static void
on_time_up(void *arg)
{
	struct smtp_probe *p = arg;
	if (p->starved) {
		try_connect(p);
		return;
	}
	if (p->connected) {
		smtp_session_give_up(&p->session, "the time limit was reached");
	} else if (p->fd >= 0) {
		p->dialogue.status = SMTP_FILTERED;
		p->dialogue.error = "no connection within the time limit";
	}
	finish(p);
}

/* The job, with texts of its own. */
static void
keep_job(struct smtp_probe *p, const struct smtp_job *job)
{
	p->job = *job;
	if (job->talk_deadline_us == 0)
		p->job.talk_deadline_us = job->deadline_us;
	if (job->our_name != NULL)
		p->job.our_name = arena_strdup(&p->arena, job->our_name);
	p->job.server_name = job->server_name != NULL ? arena_strdup(&p->arena, job->server_name) :
							"";
}

struct smtp_probe *
smtp_probe_start(struct loop *loop, const struct smtp_job *job, smtp_done_fn *done, void *arg)
{
	struct smtp_probe *p = mem_zalloc(1, sizeof *p);
	p->done = done;
	p->arg = arg;
	p->start_us = loop_now_us();
	arena_init(&p->arena);
	buf_init(&p->wire, WIRE_MAX);
	keep_job(p, job);
	smtp_session_init(&p->session, &p->dialogue, &p->arena, "");
	p->dialogue = smtp_dialogue_pending;
	p->dialogue.server = job->server;
	p->loop = loop;
	p->fd = -1;
	p->timer = loop_timer_new(loop, on_time_up, p);
	try_connect(p);
	return p;
}

void
smtp_probe_cancel(struct smtp_probe *p)
{
	release(p);
}
