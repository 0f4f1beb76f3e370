/* A ceiling on questions a second. */
#include "dns/rate_priv.h"

enum {
	SECOND_NS = 1000000000,
	EARLY_NS = 10000000, /* what a turn may come early, so that late timers cost no rate */
};

/* The interval makes up for what may come early: no second sees more than was asked for. */
void
rate_init(struct rate *r, unsigned qps)
{
	*r = (struct rate){ .interval_ns = 0 };
	if (qps > 0)
		r->interval_ns = ((uint64_t)SECOND_NS + EARLY_NS) / qps + 1;
}

bool
rate_limits(const struct rate *r)
{
	return r->interval_ns != 0;
}

bool
rate_allows(const struct rate *r, uint64_t now_us)
{
	return !rate_limits(r) || now_us * 1000 + EARLY_NS >= r->next_ns;
}

void
rate_spend(struct rate *r, uint64_t now_us)
{
	uint64_t now_ns = now_us * 1000;

	if (rate_limits(r))
		r->next_ns = (r->next_ns > now_ns ? r->next_ns : now_ns) + r->interval_ns;
}

uint64_t
rate_due_us(const struct rate *r)
{
	return r->next_ns > EARLY_NS ? (r->next_ns - EARLY_NS) / 1000 + 1 : 0;
}
