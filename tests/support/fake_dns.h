/*
 * A scripted DNS server on the test's own loop: each query that arrives takes the next step of a
 * script, the last step repeats.  For what no real server does: forging, lying, losing.
 */
#ifndef MAILREADY_TESTS_FAKE_DNS_H
#define MAILREADY_TESTS_FAKE_DNS_H

#include <stddef.h>

#include "net/endpoint.h"
#include "net/loop.h"

enum fake_step {
	FAKE_GOOD, /* PTR mail.example, A 192.0.2.1, AAAA 2001:db8::1, TXT text */
	FAKE_DROP, /* lost packet */
	FAKE_LATE, /* the good answer after 250 ms: after the retransmission */
	FAKE_NXDOMAIN,
	FAKE_OWN,     /* the good answer, with AA: from data of its own */
	FAKE_BLOCKED, /* NXDOMAIN with the extended error of blocking */
	FAKE_INSIDE,  /* A 10.1.2.3 */
	FAKE_SERVFAIL,
	FAKE_REFUSED,
	FAKE_WRONG_ID, /* forged answers: none of them may count */
	FAKE_WRONG_QUESTION,
	FAKE_WRONG_PORT, /* the right bytes from another socket */
	FAKE_FORGED_THEN_GOOD,
	FAKE_GARBAGE,      /* bytes that are no message */
	FAKE_BROKEN,       /* ours, but cut off inside */
	FAKE_FORMERR_EDNS, /* FORMERR while the query has EDNS, good otherwise */
	FAKE_ALWAYS_FORMERR,
	FAKE_TRUNCATED,      /* TC over UDP; over TCP what the stream script says */
	FAKE_CNAME_OPEN,     /* the CNAME alone, as a server of the first zone only */
	FAKE_CNAME_LOOP,     /* a CNAME that leads back, one step an answer */
	FAKE_LATE_REFUSED,   /* REFUSED after 250 ms */
	FAKE_SERVFAIL_TWICE, /* the same failure in two datagrams */
	FAKE_FOLDED,         /* NXDOMAIN about the name in lower case; over TCP the truth */
};

enum fake_stream {
	FAKE_STREAM_GOOD,
	FAKE_STREAM_SLOW,  /* one byte at a time */
	FAKE_STREAM_CLOSE, /* closed before the answer */
	FAKE_STREAM_CUT,   /* closed in the middle of it */
	FAKE_STREAM_WRONG_ID,
	FAKE_STREAM_SILENT,
};

struct fake_dns;

enum { FAKE_CONNS = 128 };

/* steps: n of them, borrowed. */
struct fake_dns *fake_dns_new(struct loop *loop, const enum fake_step *steps, size_t n,
    enum fake_stream stream);
void fake_dns_free(struct fake_dns *f);

struct endpoint fake_dns_endpoint(const struct fake_dns *f);
size_t fake_dns_queries(const struct fake_dns *f);     /* datagrams that arrived */
size_t fake_dns_recursive(const struct fake_dns *f);   /* of them with RD */
size_t fake_dns_ports(const struct fake_dns *f);       /* source ports of the datagrams */
size_t fake_dns_mixed(const struct fake_dns *f);       /* datagrams with upper case letters */
size_t fake_dns_repeated(const struct fake_dns *f);    /* with the question of the one before */
size_t fake_dns_max_streams(const struct fake_dns *f); /* connections at one time, at most */

/* Closes its sockets: the port is shut, ICMP says so.  Opens them again at the same port. */
void fake_dns_shut(struct fake_dns *f);
void fake_dns_reopen(struct fake_dns *f);

#endif
