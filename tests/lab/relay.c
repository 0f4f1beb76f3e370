/*
 * A DNS relay that makes the network worse.  Each argument is a rule:
 *
 *     [ADDR@]PORT:UPSTREAM:DELAY_MS[:LOSS_PERMILLE[:forge]]
 *
 * Listens on ADDR (127.0.0.1) and sends on to 127.0.0.1 port UPSTREAM; port 0 is a black hole.
 * Every UDP query waits DELAY_MS, or is lost (a fixed sequence decides, so that runs repeat).
 * forge: before the true answer, the client gets NXDOMAIN with the wrong id, with another
 * question, as a query, and from another port; who believes one of them reports a wrong result.
 * TCP connections are passed on with the same delay of what the client sends.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { RULES_MAX = 16, PACKET_MAX = 4096, HEADER = 12, BURST = 256 };

/* A query that waits for its time; a rule's delay is constant, so that they form a queue. */
struct waiting {
	struct waiting *next;
	int64_t due_us;
	struct sockaddr_in from;
	size_t len;
	uint8_t data[];
};

/* Who asked, found by the id that the query had on its way to the upstream. */
struct asker {
	struct sockaddr_in from;
	uint8_t id[2];
	bool open;
};

struct rule {
	int upstream_port, loss;
	int64_t delay_us;
	bool forge;
	int client, upstream, listener, other; /* sockets; other: forged answers leave by it */
	struct asker *askers;
	uint16_t next_id;
	uint32_t dice;
	struct waiting *first, **last;
};

static struct rule rules[RULES_MAX];
static size_t n_rules;

static _Noreturn void
die(const char *what)
{
	fprintf(stderr, "relay: %s: %s\n", what, strerror(errno));
	exit(1);
}

static int64_t
now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static struct sockaddr_in
address(const char *text, int port)
{
	struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
	if (inet_pton(AF_INET, text, &a.sin_addr) != 1)
		die(text);
	return a;
}

static int
open_socket(int type)
{
	int one = 1, big = 4 << 20;
	int fd = socket(AF_INET, type | SOCK_CLOEXEC, 0);
	if (fd < 0)
		die("socket");
	setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (type == SOCK_DGRAM)
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &big, sizeof big);
	return fd;
}

static int
bound(int type, const char *text, int port)
{
	struct sockaddr_in a = address(text, port);
	int fd = open_socket(type);
	if (bind(fd, (struct sockaddr *)&a, sizeof a) < 0)
		die(text);
	return fd;
}

static int
connected(int type, int port)
{
	struct sockaddr_in a = address("127.0.0.1", port);
	int fd = open_socket(type);
	if (connect(fd, (struct sockaddr *)&a, sizeof a) < 0)
		die("connect");
	return fd;
}

static void
add_rule(const char *text)
{
	struct rule *r = &rules[n_rules++];
	char addr[INET_ADDRSTRLEN] = "127.0.0.1", mode[8] = "";
	int port, delay_ms;
	const char *at = strchr(text, '@');
	if (at)
		snprintf(addr, sizeof addr, "%.*s", (int)(at - text), text);
	if (sscanf(at ? at + 1 : text, "%d:%d:%d:%d:%7s", &port, &r->upstream_port, &delay_ms,
		&r->loss, mode) < 3) {
		fprintf(stderr, "relay: bad rule %s\n", text);
		exit(2);
	}
	r->delay_us = (int64_t)delay_ms * 1000;
	r->forge = !strcmp(mode, "forge");
	r->last = &r->first;
	r->client = bound(SOCK_DGRAM, addr, port);
	r->other = bound(SOCK_DGRAM, addr, 0);
	r->upstream = r->listener = -1;
	if (!r->upstream_port)
		return;
	r->askers = calloc(UINT16_MAX + 1, sizeof *r->askers);
	r->upstream = connected(SOCK_DGRAM, r->upstream_port);
	r->listener = bound(SOCK_STREAM, addr, port);
	if (!r->askers || listen(r->listener, BURST) < 0)
		die("listen");
}

static void
send_forgeries(const struct rule *r, const struct sockaddr_in *to, const uint8_t *query, size_t len)
{
	static const struct {
		size_t byte; /* that differs from what the client waits for */
		bool other_port;
	} kinds[] = { { 1, false }, { HEADER + 1, false }, { 2, false }, { 0, true } };
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
		uint8_t forged[PACKET_MAX];
		memcpy(forged, query, len);
		forged[2] |= 0x84; /* QR, AA */
		forged[3] = 0x83;  /* RA, NXDOMAIN */
		if (!kinds[i].other_port)
			forged[kinds[i].byte] ^= kinds[i].byte == 2 ? 0x80 : 1;
		sendto(kinds[i].other_port ? r->other : r->client, forged, len, 0,
		    (const struct sockaddr *)to, sizeof *to);
	}
}

static void
forward(struct rule *r, const struct waiting *w)
{
	uint16_t id = r->next_id++;
	struct asker *asker = &r->askers[id];
	uint8_t query[PACKET_MAX];
	memcpy(query, w->data, w->len);
	*asker = (struct asker){ .from = w->from, .id = { query[0], query[1] }, .open = true };
	query[0] = (uint8_t)(id >> 8);
	query[1] = (uint8_t)id;
	send(r->upstream, query, w->len, MSG_DONTWAIT);
}

static bool
is_lost(struct rule *r)
{
	r->dice = r->dice * 1664525u + 1013904223u;
	return (int)((r->dice >> 8) % 1000) < r->loss;
}

static void
take_queries(struct rule *r)
{
	for (int i = 0; i < BURST; i++) {
		struct sockaddr_in from;
		socklen_t size = sizeof from;
		uint8_t query[PACKET_MAX];
		ssize_t n = recvfrom(r->client, query, sizeof query, MSG_DONTWAIT,
		    (struct sockaddr *)&from, &size);
		if (n < 0)
			return;
		if (n <= HEADER + 1 || !r->upstream_port || is_lost(r))
			continue;
		if (r->forge)
			send_forgeries(r, &from, query, (size_t)n);
		struct waiting *w = malloc(sizeof *w + (size_t)n);
		if (!w)
			die("malloc");
		*w = (struct waiting){ .due_us = now_us() + r->delay_us,
			.from = from,
			.len = (size_t)n };
		memcpy(w->data, query, w->len);
		*r->last = w;
		r->last = &w->next;
	}
}

static void
take_answers(struct rule *r)
{
	for (int i = 0; i < BURST; i++) {
		uint8_t answer[UINT16_MAX];
		ssize_t n = recv(r->upstream, answer, sizeof answer, MSG_DONTWAIT);
		if (n < 0)
			return;
		struct asker *asker = &r->askers[answer[0] << 8 | answer[1]];
		if (n < HEADER || !asker->open)
			continue;
		asker->open = false;
		memcpy(answer, asker->id, 2);
		sendto(r->client, answer, (size_t)n, 0, (struct sockaddr *)&asker->from,
		    sizeof asker->from);
	}
}

/* What one side says to the other; false at the end of the connection. */
static bool
copy(int from, int to, int64_t delay_us)
{
	uint8_t bytes[UINT16_MAX];
	ssize_t n = recv(from, bytes, sizeof bytes, 0);
	if (n <= 0)
		return false;
	usleep((useconds_t)delay_us);
	return send(to, bytes, (size_t)n, MSG_NOSIGNAL) == n;
}

/* A process for each connection: simple, and ends with the relay. */
static void
take_connection(const struct rule *r)
{
	int client = accept4(r->listener, NULL, NULL, SOCK_CLOEXEC);
	if (client < 0)
		return;
	if (fork() != 0) {
		close(client);
		return;
	}
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	int upstream = connected(SOCK_STREAM, r->upstream_port);
	struct pollfd p[] = { { client, POLLIN, 0 }, { upstream, POLLIN, 0 } };
	while (poll(p, 2, -1) > 0)
		if ((p[0].revents && !copy(client, upstream, r->delay_us)) ||
		    (p[1].revents && !copy(upstream, client, 0)))
			break;
	_exit(0);
}

/* Sends what is due; false when nothing waits, else how long until the next is. */
static bool
release(struct timespec *until_next)
{
	int64_t now = now_us(), next = INT64_MAX;
	for (struct rule *r = rules; r < rules + n_rules; r++) {
		while (r->first && r->first->due_us <= now) {
			struct waiting *w = r->first;
			r->first = w->next;
			if (!r->first)
				r->last = &r->first;
			forward(r, w);
			free(w);
		}
		if (r->first && r->first->due_us < next)
			next = r->first->due_us;
	}
	if (next == INT64_MAX)
		return false;
	*until_next = (struct timespec){ (next - now) / 1000000, (next - now) % 1000000 * 1000 };
	return true;
}

int
main(int argc, char **argv)
{
	signal(SIGCHLD, SIG_IGN);
	for (int i = 1; i < argc && n_rules < RULES_MAX; i++)
		add_rule(argv[i]);
	for (;;) {
		struct pollfd p[RULES_MAX * 3];
		for (size_t i = 0; i < n_rules; i++) {
			p[i * 3] = (struct pollfd){ rules[i].client, POLLIN, 0 };
			p[i * 3 + 1] = (struct pollfd){ rules[i].upstream, POLLIN, 0 };
			p[i * 3 + 2] = (struct pollfd){ rules[i].listener, POLLIN, 0 };
		}
		struct timespec wait;
		if (ppoll(p, n_rules * 3, release(&wait) ? &wait : NULL, NULL) < 0 &&
		    errno != EINTR)
			die("poll");
		for (size_t i = 0; i < n_rules; i++) {
			if (p[i * 3].revents)
				take_queries(&rules[i]);
			if (p[i * 3 + 1].revents)
				take_answers(&rules[i]);
			if (p[i * 3 + 2].revents)
				take_connection(&rules[i]);
		}
	}
}
