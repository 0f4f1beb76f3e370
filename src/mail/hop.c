/* The border of a receiver in a message's trace. */
#include "mail/hop.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/name.h"

/* Receivers whose servers hand mail to one another over public addresses, which nobody else has. */
static const struct {
	const char *by; /* the servers' names end in it */
	const char *first, *last;
} public_insides[] = {
	/* Exchange Online, by region (Asia, Europe, America, Australia): as the Received fields of messages in
	 * public archives have them, read 2026-11-30 */
	{ "outlook.com", "2603:1096::", "2603:1096:ffff:ffff:ffff:ffff:ffff:ffff" },
	{ "outlook.com", "2603:10a6::", "2603:10a6:ffff:ffff:ffff:ffff:ffff:ffff" },
	{ "outlook.com", "2603:10b6::", "2603:10b6:ffff:ffff:ffff:ffff:ffff:ffff" },
	{ "outlook.com", "2603:10c6::", "2603:10c6:ffff:ffff:ffff:ffff:ffff:ffff" },
};

static bool
is_between(const struct ip *ip, const struct ip *first, const struct ip *last)
{
	return ip->family == first->family && ip_compare(ip, first) >= 0 &&
	    ip_compare(ip, last) <= 0;
}

static bool
is_public_inside(const struct received *r)
{
	for (size_t i = 0; i < sizeof public_insides / sizeof public_insides[0]; i++) {
		struct ip first, last;
		if (name_is_under(r->by, public_insides[i].by) &&
		    ip_parse(public_insides[i].first, &first) &&
		    ip_parse(public_insides[i].last, &last) &&
		    is_between(&r->address, &first, &last))
			return true;
	}
	return false;
}

static bool
is_own(const struct received *r, const struct hop_range *own, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (is_between(&r->address, &own[i].first, &own[i].last))
			return true;
	return n == 0 && is_public_inside(r);
}

static bool
is_inside(const struct received *r, const struct hop_range *own, size_t n)
{
	if (received_is_handed_over(r))
		return true;
	return r->address.family != 0 && (ip_is_inside(&r->address) || is_own(r, own, n));
}

/* Has the server that wrote the hop this name, or one of the same organisation? */
static bool
is_of_server(const char *id, const struct received *hop)
{
	char name[NAME_TEXT_MAX];
	if (!name_from_user(id, name) || name[0] == '\0' || hop->by[0] == '\0')
		return false;
	const char *org = name_org_domain(name);
	return name_equal(name, hop->by) ||
	    (org[0] != '\0' && name_equal(org, name_org_domain(hop->by)));
}

/* The fields from the top down to the one at end, and those that follow it at once. */
static void
take_results(struct arena *a, const struct message *m, size_t end, struct hop *out)
{
	for (size_t i = 0; i < m->n_trace && out->n_results < HOP_RESULTS_MAX; i++) {
		const struct message_trace *t = &m->trace[i];
		struct hop_results *r = &out->results[out->n_results];
		if (t->received && i > end)
			return;
		if (t->received)
			continue;
		auth_results_read(a, t->value, t->len, &r->results);
		r->certain = i < end;
		if (r->results.n > 0 &&
		    (r->certain || is_of_server(r->results.server, &out->received)))
			out->n_results++;
	}
}

void
hop_find(struct arena *a, const struct message *m, const struct hop_range *own, size_t n,
    struct hop *out)
{
	*out = (struct hop){ .status = HOP_NO_FIELD };
	size_t end = m->n_trace;
	for (size_t i = 0; i < m->n_trace; i++) {
		const struct message_trace *t = &m->trace[i];
		if (!t->received)
			continue;
		out->n_received++;
		if (end < m->n_trace)
			continue;
		received_read(a, t->value, t->len, &out->received);
		out->status = HOP_INSIDE;
		if (is_inside(&out->received, own, n))
			continue;
		end = i;
		out->number = out->n_received;
		out->status = out->received.address.family != 0 ? HOP_FOUND : HOP_NO_ADDRESS;
	}
	out->n_below = end < m->n_trace ? out->n_received - out->number : 0;
	if (out->status == HOP_FOUND)
		take_results(a, m, end, out);
}
