/* The time between a repair and the end of the old answer in caches. */
#include "checks/repaired_priv.h"

#include <string.h>

#include "base/arena.h"
#include "base/when.h"
#include "views/authority.h"
#include "views/generic.h"

static bool
was_wrong(struct understanding *k)
{
	enum iprev_result result = known_iprev(k)->result;
	return result == IPREV_PERMERROR || result == IPREV_FAIL || known_ptr(k)->n_names > 1 ||
	    known_generic(k)->is_generic;
}

bool
repaired_is(struct understanding *k)
{
	const struct ptr_next *next = known_next(k);
	return next->differs && next->n_names == 1 && next->iprev.result == IPREV_PASS &&
	    generic_is_chosen(k->target, next->names[0], k->arena) && was_wrong(k);
}

const char *
repaired_when(struct understanding *k)
{
	char today[WHEN_TEXT_MAX], day[WHEN_TEXT_MAX], minute[WHEN_TEXT_MAX];
	int64_t now_s = k->target->policy->now_s;
	/* the minute after it: whoever comes at its beginning would be early */
	int64_t until_s = now_s + cached_for_s(known_ptr(k)->answer) + 59;
	bool same = strcmp(when_day(now_s, today), when_day(until_s, day)) == 0;
	when_minute(until_s, minute);
	return arena_printf(k->arena, "%s UTC", same ? strchr(minute, ' ') + 1 : minute);
}

void
repaired_mark(struct understanding *k, struct findings *out, size_t first)
{
	for (size_t i = first; i < out->n; i++) {
		struct finding *f = out->list[i];
		if (f->rule->topic != &topic_ptr ||
		    !(f->verdict == VERDICT_WARN || verdict_is_bad(f->verdict)))
			continue;
		if (!repaired_is(k))
			return;
		finding_headline(out, f, "repaired, caches until %s", repaired_when(k));
		f->severity = SEVERITY_LOW;
	}
}
