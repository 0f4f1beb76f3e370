/* When most lists fail in the same way, something between them and us is the likeliest cause. */
#include "base/arena.h"
#include "checks/dnsbl_priv.h"
#include "checks/list_blame.h"

/* Removed answers leave NODATA, blocked zones NXDOMAIN: the view has told them apart. */
static const struct dnsbl_blame blames[] = {
	{ { LIST_FILTERED, LIST_UNTESTED }, false,
	    "do not list even their own test entries (NODATA): the resolver may remove answers "
	    "inside 127.0.0.0/8",
	    "Ask through a resolver without this protection (--resolver), or exempt the lists' "
	    "zones from it: private-domain in unbound, rebind-domain-ok in dnsmasq; or ask the "
	    "lists' own servers, with --lists-direct." },
	{ { LIST_EMPTY, LIST_UNTESTED }, false,
	    "do not list even their own test entries (NXDOMAIN): the resolver may block their "
	    "zones, or not know the DNS of the internet",
	    "Check whether the resolver blocks these zones or serves its own DNS; or ask another "
	    "with --resolver, or the lists' own servers with --lists-direct." },
	{ { LIST_REFUSED_PUBLIC, LIST_REFUSED_VOLUME, LIST_REFUSED_OTHER }, true,
	    "refuse this resolver, as lists do with public ones",
	    "Use your own recursive resolver, one that does not forward to a public one (apt "
	    "install unbound; --resolver 127.0.0.1); or get a key (see "
	    "mailready-lists(5))." },
	{ { LIST_TIMEOUT, LIST_PENDING }, true,
	    "gave no answer in time: the resolver, or the way to it, may be at fault",
	    "Check that the resolver answers for other names and that nothing filters DNS; then "
	    "try again, with a longer --timeout or another --resolver." },
	{ { LIST_SERVFAIL, LIST_REFUSED, LIST_DNS_ERROR }, true,
	    "could not be looked up: the resolver may be at fault",
	    "Read the resolver's log about these names, or ask another with --resolver." },
	{ { LIST_PARKED, LIST_WILDCARD }, true,
	    "seem to list everything or answer with other addresses: the resolver may rewrite "
	    "answers",
	    "Ask through a resolver that does not rewrite answers (--resolver)." },
};

bool
dnsbl_is_blamed(const struct dnsbl_blame *b, const struct list_view *v)
{
	if (b == NULL || v->verdict.state != LIST_UNKNOWN || v->list->kind != LIST_KIND_BLOCK)
		return false;
	/* an empty answer that is not like those of most others is the list's own */
	if (v->verdict.reason == LIST_EMPTY && v->entry != DNS_NXDOMAIN)
		return false;
	for (size_t i = 0; i < sizeof b->reasons / sizeof b->reasons[0]; i++)
		if (b->reasons[i] != LIST_OK && b->reasons[i] == v->verdict.reason)
			return true;
	return false;
}

static size_t
count_blamed(const struct dnsbl_blame *b, const struct dnsbl_tally *tally)
{
	size_t n = 0;
	for (size_t i = 0; i < tally->n; i++)
		n += list_view_leads(tally->views, i) && dnsbl_is_blamed(b, &tally->views[i]);
	return n;
}

const struct dnsbl_blame *
dnsbl_find_blame(const struct target *t, const struct dnsbl_tally *tally, size_t *n_blamed)
{
	for (size_t i = 0; i < sizeof blames / sizeof blames[0]; i++) {
		*n_blamed = count_blamed(&blames[i], tally);
		if (t->ip.family == 6 && !blames[i].ip6)
			continue;
		if (*n_blamed >= LISTS_BLAME_MIN && 2 * *n_blamed > tally->asked)
			return &blames[i];
	}
	return NULL;
}

bool
list_blame(const struct target *t, const struct list_view *views, size_t n, struct arena *a,
    const char **what, const char **remedy)
{
	struct dnsbl_tally tally;
	dnsbl_tally_up(t, views, n, &tally);
	size_t n_blamed;
	const struct dnsbl_blame *blame = dnsbl_find_blame(t, &tally, &n_blamed);
	if (blame == NULL)
		return false;
	*what = arena_printf(a, "%zu of %zu lists %s", n_blamed, tally.asked, blame->text);
	*remedy = blame->remedy;
	return true;
}
