/* When most lists fail in the same way, something between them and us is the likeliest cause. */
#include "checks/dnsbl_priv.h"

static const struct dnsbl_blame blames[] = {
	{ { LIST_EMPTY, LIST_UNTESTED }, DNS_NODATA, false,
	    "do not list even their own test entries (NODATA): the resolver may remove answers "
	    "inside 127.0.0.0/8",
	    "Ask through a resolver without this protection (--resolver), or except the lists' "
	    "zones from it: private-domain in unbound, rebind-domain-ok in dnsmasq." },
	{ { LIST_EMPTY, LIST_UNTESTED }, DNS_NXDOMAIN, false,
	    "do not list even their own test entries (NXDOMAIN): the resolver may block their "
	    "zones, or not know the DNS of the internet",
	    "See whether the resolver blocks these zones or serves a DNS of its own, or ask "
	    "another with --resolver." },
	{ { LIST_REFUSED_PUBLIC, LIST_REFUSED_VOLUME, LIST_REFUSED_OTHER }, DNS_PENDING, true,
	    "refuse the questions of this resolver, as lists do with public ones",
	    "Ask through a resolver of your own that forwards to nobody, for example unbound on "
	    "this host, and name it with --resolver 127.0.0.1." },
	{ { LIST_TIMEOUT, LIST_PENDING }, DNS_PENDING, true,
	    "gave no answer in time: the resolver or the way to it may be at fault",
	    "See that the resolver answers for other names and that nothing filters DNS; then try "
	    "again, with a longer --timeout or another --resolver." },
	{ { LIST_SERVFAIL, LIST_REFUSED, LIST_DNS_ERROR }, DNS_PENDING, true,
	    "could not be looked up: the resolver may be at fault",
	    "See what the resolver logs for these names, or ask another with --resolver." },
	{ { LIST_PARKED, LIST_WILDCARD }, DNS_PENDING, true,
	    "seem to list everything or answer with other addresses: the resolver may rewrite "
	    "answers",
	    "Ask through a resolver that does not rewrite answers (--resolver)." },
};

bool
dnsbl_is_blamed(const struct dnsbl_blame *b, const struct list_view *v)
{
	if (b == NULL || v->verdict.state != LIST_UNKNOWN)
		return false;
	/* removed answers leave NODATA, blocked zones NXDOMAIN */
	if (v->verdict.reason == LIST_EMPTY && b->entry != v->entry)
		return false;
	for (size_t i = 0; i < sizeof b->reasons / sizeof b->reasons[0]; i++)
		if (b->reasons[i] != LIST_OK && b->reasons[i] == v->verdict.reason)
			return true;
	return false;
}

/* Has any list's answer inside 127.0.0.0/8 come through the resolver? */
static bool
any_came_through(const struct list_view *views, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		const struct list_view *v = &views[i];
		bool answered = v->entry == DNS_FOUND || v->verdict.n_codes > 0;
		if (answered && v->verdict.reason != LIST_PARKED)
			return true;
	}
	return false;
}

const struct dnsbl_blame *
dnsbl_find_blame(const struct target *t, const struct list_view *views, size_t n, size_t asked,
    size_t *n_blamed)
{
	bool came_through = any_came_through(views, n);
	for (size_t i = 0; i < sizeof blames / sizeof blames[0]; i++) {
		const struct dnsbl_blame *b = &blames[i];
		*n_blamed = 0;
		if ((t->ip.family == 6 && !b->ip6) || (b->entry == DNS_NODATA && came_through))
			continue;
		for (size_t k = 0; k < n; k++)
			*n_blamed += dnsbl_is_blamed(b, &views[k]);
		if (*n_blamed >= DNSBL_BLAME_MIN && 2 * *n_blamed > asked)
			return b;
	}
	return NULL;
}
