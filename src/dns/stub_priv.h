/*
 * Inside the stub: a lookup is one question on its way to an answer; a server is one endpoint
 * with its sockets, its round-trip times and its window; a flight is one lookup waiting at one
 * server's socket under one id.
 *
 * Calls go one way: stub.c (all of them) -> lookup.c (what one does next) -> server.c (windows)
 * -> socket.c (datagrams), tcp.c (streams), outbox.c -> event.c.  Nothing acts on a lookup from inside a send:
 * server.c and tcp.c append what happened to it as an event, the pump in stub.c hands the events to
 * lookup.c.
 */
#ifndef MAILREADY_DNS_STUB_PRIV_H
#define MAILREADY_DNS_STUB_PRIV_H

#include "base/arena.h"
#include "dns/msg.h"
#include "dns/rate_priv.h"
#include "dns/stub.h"
#include "dns/window_priv.h"
#include "net/loop.h"

enum {
	FLIGHTS = 2,     /* a lookup: late answers of the last but one server still count */
	DIRECT_MAX = 64, /* servers asked directly that are remembered */
	DIRECT_BUCKETS = 1024,
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

/* What a server did to a lookup; in the lookup's arena. */
struct event {
	struct event *next;
	struct server *server;
	bool answered; /* false: it could not be used, the answer's status says why */
	enum dns_reply reply;
	struct dns_answer answer;
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
	struct dns_socket *next; /* of the same server */
	struct server *server;
	int fd;
	struct loop_watch *watch;
	size_t n_flights; /* now */
	size_t n_taken;   /* ever */
	size_t n_buckets;
	struct flight *buckets[]; /* by id */
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
	struct server *next; /* in its bucket of the direct ones */
	struct server *idle_prev, *idle_next;
	unsigned n_lookups; /* that ask it directly */
	struct server *awake_next;
	bool is_awake; /* something is to leave, or waits for a place */
	struct dns_stub *stub;
	struct endpoint endpoint;
	bool is_direct; /* not one of the upstreams */
	bool plain;     /* answers only queries without EDNS */
	bool folds;     /* does not repeat the case of letters: asked over TCP */
	struct dns_socket *socks;
	unsigned n_socks;
	struct window window; /* its places are flights */
	unsigned unanswered;  /* attempts in a row that timed out */
	bool heard;           /* it has answered something, ever */
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
	struct queue *queue;        /* one of a server's; NULL: in none */
	struct lookup *due_next;    /* among those that are due */
	bool is_due;                /* the pump is going to act on it, or does so now */
	bool begun;
	struct event *events; /* not acted on yet, in the order they came */
	struct dns_stub *stub;
	bool to_one;           /* ask one server only, without recursion */
	struct endpoint one;   /* that server */
	struct server *direct; /* the same once begun; NULL: the upstreams */
	unsigned upstream;     /* index of the one asked now */
	bool over_tcp;         /* wanted, or truncation was seen: every attempt is a stream */
	bool plain;            /* EDNS was refused: every further attempt goes without */
	bool folded;           /* its question came back with other letters: asked over TCP since */
	uint64_t cases;        /* which letters of a question to one server are upper case */
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
	const struct dns_answer *doubted; /* the first answer that dns_doubt() doubts; NULL */
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
	bool over_tcp; /* for the upstreams */
	struct server *upstreams[DNS_UPSTREAMS_MAX];
	size_t n_upstreams;
	struct rate rate;              /* over all servers */
	struct loop_timer *rate_timer; /* for the next turn, while something waits for it */
	unsigned window_max;           /* places of any server; 0: no ceiling */
	unsigned preferred;            /* upstream that a new lookup starts with */
	struct server *direct[DIRECT_BUCKETS];
	size_t n_direct;
	struct server *idle_first,
	    *idle_last; /* direct ones that no lookup asks, the oldest first */
	struct server *awake, **awake_tail;
	struct queue starved;          /* wait for a socket */
	struct loop_timer *room_timer; /* others may have closed some */
	struct lookup *lookups;
	struct lookup *due, **due_tail; /* asked, not begun; or with events */
	bool was_busy;                  /* something waited for a window since room was said last */
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

/* direct.c */
/* For a lookup, which gives it back. */
struct server *direct_take(struct dns_stub *stub, const struct endpoint *e);
void direct_give_back(struct server *s);
/* Forgets those that were not asked for the longest time, down to DIRECT_MAX. */
void direct_trim(struct dns_stub *stub);
void direct_free_all(struct dns_stub *stub);

/* server.c */
struct server *server_new(struct dns_stub *stub, const struct endpoint *e, bool direct);
void server_free(struct server *s);
/* Into the outbox now, or as soon as the window has a place and the rate allows it; over TCP as soon
 * as there is a stream. */
void server_submit(struct server *s, struct lookup *l);
/* Lets in what waits, as far as the window has places. */
void server_admit(struct server *s);
/* Sends what is in the outbox. */
void server_flush(struct server *s);
/* Takes a lookup out of the queue and of all sockets. */
void server_forget(struct lookup *l);
/* The same for the sockets of this server only: it has answered, and nothing more counts. */
void server_drop(const struct server *s, struct lookup *l);
/* An attempt was not answered in time: its places are free, a late answer still counts. */
void server_give_up(struct lookup *l);

/* socket.c */
/* One for the next question: of its own, or one that others use, too.  NULL with errno set. */
struct dns_socket *socket_choose(struct server *s);
/* To be called where nothing is in the server's outbox. */
void sockets_close_spent(struct server *s);
void sockets_close_all(struct server *s);
/* Gives it an id of its own at this socket. */
void flight_start(struct flight *f, struct dns_socket *sock);
struct flight *flight_find(struct dns_socket *sock, uint16_t id); /* NULL: none */
/* Its place is free, a late answer still counts. */
void flight_uncount(struct flight *f);
/* Nothing that comes counts any more; none is fine. */
void flight_drop(struct flight *f);
/* The network said that its server is not there. */
void flight_fail(struct flight *f, struct server *s);

/* outbox.c */
/* May a query that leaves through this socket be added, or has the outbox to be sent first? */
bool outbox_takes(const struct outbox *out, const struct dns_socket *sock);
void outbox_add(struct outbox *out, struct dns_socket *sock, const struct dns_query *q);
/* Sends all and empties it.  Returns how many could not leave, with their ids. */
size_t outbox_send(struct outbox *out, uint16_t failed[BATCH]);

/* tcp.c */
/* False when there is no descriptor for it: nothing has happened. */
bool tcp_start(struct lookup *l, struct server *s);
void tcp_cancel(struct tcp *t);

/* event.c */
void lookup_set_timer(struct lookup *l, uint64_t due_us);
/* How many servers it may ask. */
size_t lookup_n_servers(const struct lookup *l);
/* A query left for the server: the time for the next attempt runs from now. */
void event_sent(struct lookup *l, const struct server *s, uint64_t now);
/* A datagram or stream brought an answer that is ours; copied.  The server is there. */
void event_answered(struct lookup *l, struct server *s, enum dns_reply reply,
    const struct dns_answer *answer);
/* A server could not be used: status is DNS_UNREACHABLE, DNS_NO_ROUTE or DNS_MALFORMED. */
void event_failed(struct lookup *l, struct server *s, enum dns_status status);
/* No socket could be connected to it, for this errno: nothing has left the machine. */
void event_not_connected(struct lookup *l, struct server *s, int error);
/* The pump is to let in what waits, and to send; at its next turn, whoever wakes it. */
void server_wake(struct server *s);
/* The pump is to act on it. */
void lookup_make_due(struct lookup *l);
/* The next one that is due; NULL when none is.  It stays due until the pump is done with it. */
struct lookup *lookup_take_due(struct dns_stub *stub);

/* chain.c */
void chain_join(struct lookup *l, struct dns_answer *answer);
bool chain_is_open(const struct lookup *l, const struct dns_answer *answer);
bool chain_loops(const struct lookup *l, const struct dns_answer *answer);
bool chain_cut(const struct lookup *l, struct dns_answer *answer);

/* lookup.c */
/* The one that it asks now. */
struct server *lookup_server(const struct lookup *l);
struct lookup *lookup_new(struct dns_stub *stub);
void lookup_recycle(struct lookup *l);
/* Does it begin with TCP: are its servers to be asked so? */
bool lookup_is_tcp(const struct lookup *l);
/* Asks the server whose turn it is. */
void lookup_attempt(struct lookup *l);
/* Acts on its events, which may finish it. */
void lookup_act(struct lookup *l);
/* The time is up. */
void lookup_expire(struct lookup *l);
/* True, and finished, when planned records answer or the question must not leave the machine. */
bool lookup_at_home(struct lookup *l);

#endif
