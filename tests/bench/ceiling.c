/*
 * What one client thread can do at most: queries that are all known and built beforehand leave by
 * sendmmsg, answers are counted by recvmmsg, and of these nothing is looked at but the id.
 * usage: ceiling ADDRESS PORT WINDOW FILE        (FILE: "NAME TYPE" a line, type as a number)
 * One that is not answered within a second is sent again, three times at most.  Says how many
 * queries there were and how many were answered; status 1 when these differ.
 */
#include <arpa/inet.h>
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum { BATCH = 32, QUERY_MAX = 280, ANSWER_MAX = 4096, IDS = 65536, WINDOW_MAX = 30000 };
enum { AGAIN_US = 1000000, SENT_MAX = 4, BUFFER = 4 << 20 };

struct query {
	uint8_t wire[QUERY_MAX];
	size_t len;
	unsigned sent;
	bool done;
	int64_t sent_us;
};

static struct query *queries;
static size_t n_queries, n_begun, n_done, n_answered, n_flying, oldest;
static struct query *by_id[IDS];
static int fd;

static int64_t
now_us(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

static _Noreturn void
die(const char *what)
{
	perror(what);
	exit(1);
}

static void
build(struct query *q, const char *name, unsigned type)
{
	static const uint8_t head[12] = { 0, 0, 1, 0, 0, 1, 0, 0, 0, 0, 0, 1 };
	static const uint8_t opt[11] = { 0, 0, 41, 1232 >> 8, 1232 & 255 };
	uint8_t *p = q->wire;
	memcpy(p, head, sizeof head);
	p += sizeof head;
	while (*name != '\0') {
		size_t n = strcspn(name, ".");
		*p++ = (uint8_t)n;
		memcpy(p, name, n);
		p += n;
		name += n + (name[n] == '.');
	}
	const uint8_t tail[5] = { 0, (uint8_t)(type >> 8), (uint8_t)type, 0, 1 };
	memcpy(p, tail, sizeof tail);
	memcpy(p + sizeof tail, opt, sizeof opt);
	q->len = (size_t)(p - q->wire) + sizeof tail + sizeof opt;
}

static void
read_queries(const char *path)
{
	char name[254];
	unsigned type;
	size_t cap = 0;
	FILE *f = fopen(path, "re");
	if (!f)
		die(path);
	while (fscanf(f, "%253s %u", name, &type) == 2) {
		if (n_queries == cap) {
			cap = cap ? cap * 2 : 1024;
			queries = realloc(queries, cap * sizeof *queries);
			if (!queries)
				die("memory");
		}
		queries[n_queries] = (struct query){ .len = 0 };
		build(&queries[n_queries++], name, type);
	}
	fclose(f);
}

static void
connect_to(const char *address, const char *port)
{
	struct sockaddr_in to = { .sin_family = AF_INET,
		.sin_port = htons((uint16_t)strtoul(port, NULL, 10)) };
	int size = BUFFER;
	if (inet_pton(AF_INET, address, &to.sin_addr) != 1)
		die(address);
	fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &size, sizeof size);
	if (fd < 0 || connect(fd, (struct sockaddr *)&to, sizeof to) < 0)
		die("connect");
}

static void
finish(struct query *q, bool answered)
{
	q->done = true;
	n_done++;
	n_answered += answered;
	n_flying--;
}

/* The oldest that waits too long; they were sent in order, and one late one at a time will do. */
static struct query *
next_again(int64_t now)
{
	while (oldest < n_begun && queries[oldest].done)
		oldest++;
	if (oldest == n_begun || now - queries[oldest].sent_us < AGAIN_US)
		return NULL;
	if (queries[oldest].sent < SENT_MAX)
		return &queries[oldest];
	finish(&queries[oldest], false);
	return NULL;
}

static struct query *
next_new(size_t window)
{
	static uint16_t id;
	if (n_begun == n_queries || n_flying >= window)
		return NULL;
	struct query *q = &queries[n_begun++];
	while (by_id[id] && !by_id[id]->done)
		id++;
	by_id[id] = q;
	q->wire[0] = (uint8_t)(id >> 8);
	q->wire[1] = (uint8_t)id++;
	n_flying++;
	return q;
}

static unsigned
send_some(size_t window)
{
	struct mmsghdr headers[BATCH] = { 0 };
	struct iovec parts[BATCH];
	unsigned n = 0;
	int64_t now = now_us();
	struct query *q = next_again(now);
	if (!q)
		q = next_new(window);
	for (; q; q = n < BATCH ? next_new(window) : NULL) {
		q->sent++;
		q->sent_us = now;
		parts[n] = (struct iovec){ q->wire, q->len };
		headers[n].msg_hdr = (struct msghdr){ .msg_iov = &parts[n], .msg_iovlen = 1 };
		n++;
	}
	for (unsigned at = 0; at < n;) {
		int sent = sendmmsg(fd, headers + at, n - at, 0);
		if (sent <= 0)
			break;
		at += (unsigned)sent;
	}
	return n;
}

static void
receive_some(void)
{
	static uint8_t data[BATCH][ANSWER_MAX];
	struct mmsghdr headers[BATCH] = { 0 };
	struct iovec parts[BATCH];
	int n;
	for (size_t i = 0; i < BATCH; i++) {
		parts[i] = (struct iovec){ data[i], ANSWER_MAX };
		headers[i].msg_hdr = (struct msghdr){ .msg_iov = &parts[i], .msg_iovlen = 1 };
	}
	do {
		n = recvmmsg(fd, headers, BATCH, MSG_DONTWAIT, NULL);
		for (int i = 0; i < n; i++) {
			struct query *q = by_id[data[i][0] << 8 | data[i][1]];
			if (q && !q->done)
				finish(q, true);
		}
	} while (n == BATCH);
}

int
main(int argc, char **argv)
{
	if (argc != 5)
		return 64;
	size_t window = strtoul(argv[3], NULL, 10);
	if (window < 1 || window > WINDOW_MAX)
		return 64;
	read_queries(argv[4]);
	connect_to(argv[1], argv[2]);
	while (n_done < n_queries) {
		struct pollfd p = { fd, POLLIN, 0 };
		if (send_some(window) == 0)
			poll(&p, 1, 50);
		receive_some();
	}
	printf("%zu queries, %zu answered\n", n_queries, n_answered);
	return n_answered == n_queries ? 0 : 1;
}
