/* How long caches hold what was there before a repair, or before its undo. */
#include "report/fix_priv.h"

static int64_t
last_written_s(const struct fix_report *r)
{
	int64_t last = 0;
	for (size_t i = 0; r->journal != NULL && i < r->plan->n_steps; i++)
		if (r->journal->written_s[i] > last)
			last = r->journal->written_s[i];
	return last;
}

/* The records that are taken back now: the one with the longest TTL goes last. */
static uint32_t
longest_ttl_s(const struct plan *p)
{
	uint32_t longest = 0;
	for (size_t i = 0; i < p->n_steps; i++)
		if (p->steps[i].new.ttl_s > longest)
			longest = p->steps[i].new.ttl_s;
	return longest;
}

uint32_t
fix_cached_s(const struct fix_report *r, int64_t *until_s)
{
	int64_t since_s = r->undo ? r->now_s : last_written_s(r);
	uint32_t cached_s = r->undo ? longest_ttl_s(r->plan) : r->plan->cached_s;
	bool written = since_s != 0 && !(r->undo && r->outcome == FIX_FAILED);
	*until_s = written && cached_s != 0 ? since_s + cached_s : 0;
	return *until_s != 0 ? cached_s : 0;
}
