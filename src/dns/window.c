/* How many questions may be on the way to one server, and how long an answer may take. */
#include "dns/window_priv.h"

#include <string.h>

#include "dns/stub.h"

enum {
	RTO_FIRST_US = 150000, /* nothing measured yet */
	RTO_MIN_US = 100000,   /* a resolver's cache answers at once, its recursion does not */
	RTO_MAX_US = 2000000,
	LOSSY_US = 3000000, /* as long as a run of one target takes */
	WINDOW_MIN = 32,
	LOSS_COST = 15,               /* places that a loss takes, where an answer gives one */
	JITTER_US = 2000,             /* what a round trip may vary by */
	QUEUE_MAX = DNS_WINDOW_START, /* places that may be taken up by what waits in a buffer */
	QUEUE_SHARE = 4,              /* or one in so many, whatever is more */
};

void
window_init(struct window *w, unsigned max)
{
	*w = (struct window){ .max = max > 0 && max < DNS_WINDOW_MAX ? max : DNS_WINDOW_MAX };
	w->size = w->max < DNS_WINDOW_START ? w->max : DNS_WINDOW_START;
}

bool
window_has_place(const struct window *w, bool again)
{
	return w->taken < w->size && (!again || w->again < (w->size + 1) / 2);
}

/* A round lasts a round trip; the first one until a round trip is known. */
static void
turn_round(struct window *w, uint64_t now_us)
{
	if (w->srtt_us == 0 || now_us - w->rounds[0].start_us < w->srtt_us)
		return;
	memmove(w->rounds + 1, w->rounds, (WINDOW_ROUNDS - 1) * sizeof w->rounds[0]);
	w->rounds[0] = (struct window_round){ .start_us = now_us };
}

void
window_take(struct window *w, bool again, uint64_t now_us)
{
	w->taken++;
	w->again += again;
	if (w->taken >= w->size)
		w->full_us = now_us;
	turn_round(w, now_us);
	w->rounds[0].sent += !again;
}

void
window_give_back(struct window *w, bool again)
{
	w->taken--;
	w->again -= again;
}

/* RFC 6298 2.2 and 2.3 */
static void
measure(struct window *w, uint32_t rtt_us)
{
	rtt_us = rtt_us != 0 ? rtt_us : 1;
	if (w->min_rtt_us == 0 || rtt_us < w->min_rtt_us)
		w->min_rtt_us = rtt_us;
	if (w->srtt_us == 0) {
		w->srtt_us = rtt_us;
		w->rttvar_us = rtt_us / 2;
		return;
	}
	uint32_t delta = rtt_us > w->srtt_us ? rtt_us - w->srtt_us : w->srtt_us - rtt_us;
	w->rttvar_us = (uint32_t)((3ull * w->rttvar_us + delta) / 4);
	w->srtt_us = (uint32_t)((7ull * w->srtt_us + rtt_us) / 8);
	if (w->srtt_us == 0)
		w->srtt_us = 1;
}

static void
count_answer(struct window *w, uint64_t sent_us)
{
	for (int i = 0; i < WINDOW_ROUNDS; i++) {
		if (sent_us >= w->rounds[i].start_us) {
			w->rounds[i].answered++;
			return;
		}
	}
}

/* The last round whose answers should all be here. */
static bool
most_are_answered(const struct window *w)
{
	const struct window_round *r = &w->rounds[WINDOW_ROUNDS - 1];

	return 2 * r->answered >= r->sent;
}

/* With n places, of a round trip that is longer than the shortest one its part of n was waiting. */
static bool
is_queue(const struct window *w, uint64_t rtt_us)
{
	uint64_t waiting = w->size * (rtt_us - w->min_rtt_us) / (rtt_us + 1);

	return waiting > QUEUE_MAX && waiting > w->size / QUEUE_SHARE;
}

/* One burst that is lost halves the window at most: its losses are proven one by one. */
static void
shrink(struct window *w, uint64_t now_us)
{
	if (now_us - w->cut_us > RTO_MIN_US) {
		w->cut_us = now_us;
		w->floor = w->size / 2 > WINDOW_MIN ? w->size / 2 : WINDOW_MIN;
	}
	w->size = w->size > w->floor + LOSS_COST ? w->size - LOSS_COST : w->floor;
	if (w->size > w->max)
		w->size = w->max;
}

void
window_answered(struct window *w, unsigned n, uint64_t sent_us, uint64_t now_us)
{
	uint64_t rtt = now_us - sent_us;

	turn_round(w, now_us);
	if (n > 1) {
		if (rtt <= 2ull * w->srtt_us + JITTER_US)
			shrink(w, now_us);
		return;
	}
	measure(w, (uint32_t)rtt);
	count_answer(w, sent_us);
	if (w->full_us >= sent_us && !is_queue(w, rtt) && most_are_answered(w) && w->size < w->max)
		w->size++;
}

bool
window_loses(const struct window *w, uint64_t now_us)
{
	return w->cut_us != 0 && now_us - w->cut_us < LOSSY_US;
}

uint64_t
window_timeout_us(const struct window *w, unsigned n)
{
	uint64_t us = RTO_FIRST_US;

	if (w->srtt_us != 0) {
		us = (uint64_t)w->srtt_us + 4u * w->rttvar_us;
		us = us < RTO_MIN_US ? RTO_MIN_US : us;
	}
	us <<= n < 5 ? n : 5;
	return us < RTO_MAX_US ? us : RTO_MAX_US;
}
