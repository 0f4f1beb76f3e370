/* Rows of lists together: which one stands for its list, and what their silence proves. */
#include "views/list_priv.h"
#include "views/lists.h"

bool
list_view_leads(const struct list_view *views, size_t i)
{
	return i == 0 || views[i].list != views[i - 1].list;
}

const struct list_view *
list_view_main(const struct list_view *views, size_t n, size_t first)
{
	static const int ranks[] = {
		[LIST_NOT_APPLICABLE] = 0,
		[LIST_CLEAN] = 1,
		[LIST_UNKNOWN] = 2,
		[LIST_LISTED] = 3,
	};
	const struct list_view *best = &views[first];
	for (size_t i = first + 1; i < n && views[i].list == best->list; i++) {
		const struct list_view *v = &views[i];
		int more = ranks[v->verdict.state] - ranks[best->verdict.state];
		bool worse = v->verdict.state == LIST_LISTED &&
		    v->verdict.impact > best->verdict.impact;
		if (more > 0 || (more == 0 && worse))
			best = v;
	}
	return best;
}

/* What the tested lists have in common.  Many lack the IPv6 entry, whose absence says nothing. */
struct silence {
	size_t tested;
	size_t empty;      /* of these, without even their test entry */
	size_t nodata;     /* of these, with NODATA, as where answers are removed */
	bool came_through; /* some list's answer inside 127.0.0.0/8 did */
};

static bool
is_empty(const struct list_view *v)
{
	return v->verdict.reason == LIST_EMPTY ||
	    (v->verdict.reason == LIST_KEY_WRONG && v->entry == DNS_NODATA);
}

static struct silence
hear_silence(const struct target *t, const struct list_view *views, size_t n)
{
	struct silence s = { .tested = 0 };
	for (size_t i = 0; i < n; i++) {
		const struct list_view *v = &views[i];
		bool answered = v->entry == DNS_FOUND || v->verdict.n_codes > 0;
		s.came_through |= answered && v->verdict.reason != LIST_PARKED;
		bool counts = t->ip.family == 4 || v->is_domain;
		if (!counts || !v->tested || !list_view_leads(views, i) ||
		    v->verdict.reason == LIST_FAMILY)
			continue;
		s.tested++;
		s.empty += is_empty(v);
		s.nodata += is_empty(v) && v->entry == DNS_NODATA;
	}
	return s;
}

static bool
is_most(size_t n, size_t of)
{
	return n >= LISTS_BLAME_MIN && 2 * n > of;
}

/* A list without a test entry is trusted by itself, but not where its fellows go unheard. */
void
list_views_doubt(const struct target *t, struct list_view *views, size_t n)
{
	struct silence s = hear_silence(t, views, n);
	bool filtered = is_most(s.nodata, s.tested) && !s.came_through;
	for (size_t i = 0; i < n; i++) {
		struct list_view *v = &views[i];
		if (filtered && is_empty(v) && v->entry == DNS_NODATA)
			v->verdict.reason = LIST_FILTERED;
		if (!is_most(s.empty, s.tested) || v->verdict.state != LIST_CLEAN || v->tested)
			continue;
		v->verdict.state = LIST_UNKNOWN;
		v->verdict.reason = LIST_UNTESTED;
	}
}
