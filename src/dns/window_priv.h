/*
 * How many questions may be on the way to one server, and how long to wait for an answer: both are
 * learnt from the answers.  Pure: the caller says what time it is.
 *
 * An answer gives a place when the window was full since its question left, so that the window
 * doubles with every round trip as long as it is what holds the run up; unless the round trip shows
 * a queue longer than some buffers are, or most of what was sent some round trips ago is still unanswered, which is how a
 * buffer that overflows looks before any loss is proven.  A loss takes LOSS_COST places: a path that
 * loses a packet in a hundred by chance stays open, one that loses one in ten, because it is
 * flooded, closes.  A loss counts when it is proven: the answer came about one round trip after a
 * retransmission.  Silence alone takes no place away: the servers that a resolver asks may be dead.
 */
#ifndef MAILREADY_DNS_WINDOW_PRIV_H
#define MAILREADY_DNS_WINDOW_PRIV_H

#include <stdbool.h>
#include <stdint.h>

enum { WINDOW_ROUNDS = 3 };

/* What was sent for the first time while one round trip lasted, and how much of it was answered. */
struct window_round {
	uint64_t start_us;
	unsigned sent, answered;
};

struct window {
	unsigned size, max;          /* places */
	unsigned taken;              /* of them */
	unsigned again;              /* of those: by questions that had been sent before */
	uint32_t srtt_us, rttvar_us; /* RFC 6298; srtt 0 = nothing measured */
	uint32_t min_rtt_us;         /* the shortest so far: the path with nothing queued on it */
	uint64_t cut_us;             /* when a burst was found lost */
	unsigned floor;              /* what that leaves at least */
	uint64_t full_us;            /* when the last place was taken */
	struct window_round rounds[WINDOW_ROUNDS]; /* the one that goes on, and those before */
};

/* max: a ceiling; 0: as many as there are of sense. */
void window_init(struct window *w, unsigned max);

/*
 * Has it a place?  again: for a question that was sent before; these get half of the places at most,
 * so that zones whose servers are silent leave room for the others.
 */
bool window_has_place(const struct window *w, bool again);
void window_take(struct window *w, bool again, uint64_t now_us);
void window_give_back(struct window *w, bool again);

/* An answer to a question that had been sent n times, last at sent_us. */
void window_answered(struct window *w, unsigned n, uint64_t sent_us, uint64_t now_us);

/* Was a loss proven a short while ago? */
bool window_loses(const struct window *w, uint64_t now_us);

/* How long to wait for the answer to the n-th attempt, n from 0. */
uint64_t window_timeout_us(const struct window *w, unsigned n);

#endif
