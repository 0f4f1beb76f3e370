/*
 * Inside the stub: a lookup is one question on its way to an answer; a server is one endpoint
 * with its sockets, its round-trip times and its window; a flight is one lookup waiting at one
 * server's socket under one id.
 *
 * Calls go one way: stub.c (all of them) -> lookup.c (what one does next) -> server.c (windows,
 * datagrams), outbox.c, tcp.c (streams); these report back through the three lookup_* functions below.
 */
#ifndef MAILREADY_DNS_STUB_PRIV_H
#define MAILREADY_DNS_STUB_PRIV_H

#include "base/arena.h"
#include "dns/msg.h"
#include "dns/stub.h"
#include "net/loop.h"
#include "rate_priv.h"
#include "window_priv.h"

enum {
	SOCKETS =
	    4, /* a server: several random ports, so that a forger must guess one too (RFC 5452 9.2) */
	BUCKETS = 256,   /* a socket: flights by id */
	FLIGHTS = 2,     /* a lookup: late answers of the last but one server still count */
	DIRECT_MAX = 64, /* servers asked directly that are remembered */
	DATAGRAM_MAX = 4096,
	BATCH = 32,       /* datagrams a system call; more gains nothing */
	SILENT_AFTER = 3, /* unanswered attempts in a row that make a server a silent one */
	STREAMS_MAX = 64, /* TCP connections to one server at a time */
};

struct lookup;
struct server;
struct tcp;

/* Lookups in the order they came. */
struct queue {
	struct lookup *head, **tail;
};

struct flight {
	struct lookup *lookup;
	struct dns_socket *sock; /* NULL: this slot is free */
	struct flight *next;     /* in the socket's bucket */
	uint16_t id;
	bool again;       /* it took that place with a question that had been sent before */
	bool counted;     /* holds a place in the window: not yet given up as silent */
	unsigned sent;    /* datagrams under this id */
	uint64_t sent_us; /* the last of them */
};

struct dns_socket {
	struct server *server;
	int fd; /* -1: not open */
	struct loop_watch *watch;
	struct flight *buckets[BUCKETS];
};

/* Queries that leave together, through one socket, when the current batch of events is done. */
struct outbox {
	struct dns_socket *sock;
	size_t n;
	struct {
		size_t len;
		uint8_t wire[DNS_QUERY_MAX]; /* a copy: the lookup may end before it leaves */
	} queries[BATCH];
};

struct server {
	struct server *next; /* among the direct ones */
	struct dns_stub *stub;
	struct endpoint endpoint;
	bool plain; /* answers only queries without EDNS */
	struct dns_socket socks[SOCKETS];
	struct window window; /* its places are flights */
	unsigned unanswered;  /* attempts in a row that timed out */
	bool dead;            /* a lookup waited for it in vain to its end, and none ever did not */
	struct queue waiting; /* for a place in the window, not sent yet */
	struct queue again;   /* the same, sent before */
	struct queue streams; /* for a connection */
	unsigned n_streams;
	struct outbox outbox;
};

struct lookup {
	struct lookup *prev, *next; /* all lookups of the stub */
	struct lookup *queue_next;  /* in the queue named next */
	struct queue *queue;        /* the start queue or one of a server's; NULL: in none */
	struct dns_stub *stub;
	bool to_one;           /* ask one server only, without recursion */
	struct endpoint one;   /* that server */
	struct server *direct; /* the same once begun; NULL: the upstreams */
	unsigned upstream;     /* index of the one asked now */
	bool over_tcp;         /* truncation was seen: every further attempt is a stream */
	bool plain;            /* EDNS was refused: every further attempt goes without */
	const char *name;      /* asked now: the end of the chain so far */
	uint16_t type;
	struct dns_query query;
	struct flight flights[FLIGHTS];
	struct tcp *tcp;
	unsigned attempts;
	unsigned tries;                   /* of these, that failed or got no answer in time */
	bool sparing;                     /* the question is a burden on others */
	unsigned failed;                  /* upstreams that answered with a failure: a bit each */
	struct dns_answer failure;        /* the first of those answers */
	const char *chain[DNS_CHAIN_MAX]; /* of earlier answers that left it open */
	size_t n_chain;
	bool planned; /* part of the chain came from the planned records */
	uint64_t start_us, deadline_us;
	struct loop_timer *timer; /* next attempt or deadline */
	uint64_t timer_us;        /* for when it is set */
	struct arena arena;
	dns_done_fn *done;
	void *arg;
};

struct dns_stub {
	struct loop *loop;
	struct loop_defer *defer;
	const struct planned *planned;
	bool offline;
	struct server *upstreams[DNS_UPSTREAMS_MAX];
	size_t n_upstreams;
	struct rate rate;              /* over all servers */
	struct loop_timer *rate_timer; /* for the next turn, while something waits for it */
	unsigned window_max;           /* places of any server; 0: no ceiling */
	unsigned preferred;            /* upstream that a new lookup starts with */
	struct server *direct;
	size_t n_direct;
	struct lookup *lookups;
	struct queue start; /* asked, not begun */
	bool was_busy;      /* something waited for a window since room was said last */
	void (*room)(void *arg);
	void *room_arg;
	struct lookup *idle; /* to be used again, timers and all */
	struct dns_stub_stats stats;
};

/* queue.c */
void queue_init(struct queue *q);
void queue_push(struct queue *q, struct lookup *l);
struct lookup *queue_pop(struct queue *q); /* NULL when it is empty */
void queue_remove(struct lookup *l);       /* from whichever it is in; none is fine */

/* server.c */
struct server *server_new(struct dns_stub *stub, const struct endpoint *e);
void server_free(struct server *s);
/* Into the outbox now, or as soon as the window has a place and the rate allows it; over TCP as soon
 * as there is a stream. */
void server_submit(struct server *s, struct lookup *l);
/* Lets in what waits, as far as the window has places. */
void server_admit(struct server *s);
/* Takes a lookup out of the queue and of all sockets. */
void server_forget(struct lookup *l);
/* The same for the sockets of this server only: it has answered, and nothing more counts. */
void server_drop(const struct server *s, struct lookup *l);
/* An attempt was not answered in time: its places are free, a late answer still counts. */
void server_give_up(struct lookup *l);
/* Those that wait for a place at a silent upstream start at the one preferred now. */
void server_hand_over(struct server *s);

/* outbox.c */
void outbox_add(struct server *s, struct dns_socket *sock, const struct dns_query *q);
void outbox_flush(struct server *s);

/* tcp.c */
void tcp_start(struct lookup *l, struct server *s);
void tcp_cancel(struct tcp *t);

/* lookup.c */
struct lookup *lookup_new(struct dns_stub *stub);
void lookup_recycle(struct lookup *l);
void lookup_set_timer(struct lookup *l, uint64_t due_us);
/* Asks the server whose turn it is. */
void lookup_attempt(struct lookup *l);
/* The time is up. */
void lookup_expire(struct lookup *l);
/* True, and finished, when planned records answer or the question must not leave the machine. */
bool lookup_at_home(struct lookup *l);
struct server *lookup_server(const struct lookup *l);
/* A datagram or stream brought an answer that is ours. */
void lookup_answered(struct lookup *l, struct server *s, enum dns_reply reply,
    struct dns_answer *answer);
/* A query could not leave: the flight under that id, if there is one still, goes elsewhere. */
void server_query_failed(struct dns_socket *sock, uint16_t id);
/* A server could not be used: status is DNS_UNREACHABLE or DNS_MALFORMED. */
void lookup_server_failed(struct lookup *l, struct server *s, enum dns_status status);
/* A datagram left for the server: the time for the next attempt runs from now. */
void lookup_sent(struct lookup *l, struct server *s, uint64_t now);

/* random.c: from the system's generator (RFC 5452 4.3 wants ids unpredictable). */
uint16_t random_u16(void);

#endif
