/*
 * Asynchronous stub resolver on our own sockets.  Asks the configured upstreams, or one given
 * server without recursion; follows CNAME chains that the upstream left open; falls back to TCP
 * on truncation and to no EDNS when a server cannot do it.
 *
 * An answer counts only when address, port, id and question match (RFC 5452).  A question to one
 * server, that is to an authority, leaves from a port of its own, with letters in a random case that
 * the answer must repeat; a server that answers with other letters is asked over TCP.  The first
 * retransmission is timed by the round trips measured so far (RFC 6298; 150 ms while nothing is
 * known) and goes to the next upstream.  The number of questions on the way starts at
 * DNS_WINDOW_START per server, grows while nothing is lost and shrinks when a loss is proven by a
 * retransmission that was answered; servers that answer nothing at all do not shrink it.
 */
#ifndef MAILREADY_DNS_STUB_H
#define MAILREADY_DNS_STUB_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/err.h"
#include "dns/answer.h"
#include "net/endpoint.h"

struct loop;
struct planned;
struct dns_stub;

enum {
	DNS_WINDOW_START = 150,
	DNS_ATTEMPTS_MAX = 6,
	DNS_SPARING_MAX = 2,
	DNS_SPARING_LOSSY_MAX = 3,
	DNS_UPSTREAMS_MAX = 8,
	DNS_WINDOW_MAX = 20000
};

struct dns_stub_config {
	const struct endpoint *upstreams; /* in order of preference; copied */
	size_t n_upstreams;               /* 0 with offline only */
	const struct planned *planned;    /* overlay, or NULL; borrowed */
	bool offline;                     /* answer from planned alone, send nothing */
	/* ceilings, 0 for none: questions a second to all servers together, retransmissions
	 * included; questions on the way to any one server */
	unsigned qps_max, window_max;
	bool over_tcp; /* the upstreams are asked over TCP alone */
};

struct dns_stub *dns_stub_new(struct loop *loop, const struct dns_stub_config *config);

/* Ends all lookups without calling back.  Not from within a callback of its own. */
void dns_stub_free(struct dns_stub *stub);

/* The answer is valid during the call only; copy it with dns_answer_copy(). */
typedef void dns_done_fn(void *arg, const struct dns_answer *answer);

/*
 * Asks one question.  server: NULL for the upstreams with recursion, else that server without.
 * deadline_us: on the loop's clock; the answer is then DNS_TIMEOUT.  The callback is called
 * exactly once, from the loop, never from within this call.
 */
void dns_stub_ask(struct dns_stub *stub, const char *name, uint16_t type,
    const struct endpoint *server, uint64_t deadline_us, dns_done_fn *done, void *arg);

/*
 * The same for a question that is a burden on others, as one to a block list is: it is sent
 * DNS_SPARING_MAX times, or DNS_SPARING_LOSSY_MAX where datagrams are seen to get lost on the way
 * (what was lost reached nobody); and over TCP or without EDNS when the server wants it so.  What
 * went to an upstream that never answered anything does not count when there is another one.
 */
void dns_stub_ask_sparingly(struct dns_stub *stub, const char *name, uint16_t type,
    const struct endpoint *server, uint64_t deadline_us, dns_done_fn *done, void *arg);

/*
 * Does a question wait for a place in a window?  Then a new one would only wait after it, and its
 * deadline run meanwhile: better to ask it later.  room is called, from the loop, when nothing waits
 * any more.
 */
bool dns_stub_busy(const struct dns_stub *stub);
void dns_stub_on_room(struct dns_stub *stub, void (*room)(void *arg), void *arg);

struct dns_stub_stats {
	uint64_t questions; /* that planned records did not answer */
	uint64_t datagrams, tcp, answers;
	uint64_t known; /* of the answers, those that say what there is: no SERVFAIL, no REFUSED */
	uint64_t ignored;    /* datagrams that were not ours */
	unsigned window;     /* smallest of the upstreams' windows now */
	uint32_t srtt_us;    /* of the first upstream; 0 = unknown */
	uint64_t heard_us;   /* when an upstream answered last; 0: never */
	uint64_t unheard_us; /* when one was first asked after that; 0: none was */
};
void dns_stub_stats(const struct dns_stub *stub, struct dns_stub_stats *out);

/* What a resolv.conf(5) says about the resolvers of this host. */
struct resolv_conf {
	struct endpoint servers[DNS_UPSTREAMS_MAX]; /* in its order */
	size_t n;
	bool use_vc; /* "options use-vc": they are to be asked over TCP alone */
};

/* No nameserver line that can be used is an error. */
enum err_code dns_read_resolv_conf(const char *path, struct resolv_conf *out,
    struct err *err) MUST_CHECK;

/*
 * Puts the servers of a file of systemd-resolved (resolv.conf(5)) in the place of its stub, 127.0.0.53,
 * which also answers from this machine's names.  False, and
 * nothing changed, when the stub is not among them, or the file names no server.
 */
bool dns_pass_by_resolved(const char *path, struct resolv_conf *conf);

#endif
