/* What servers report of a lookup: what left, what came, what failed.  The pump acts on it later. */
#include <errno.h>

#include "dns/stub_priv.h"

enum { TCP_ATTEMPT_US = 1500000 };

void
lookup_set_timer(struct lookup *l, uint64_t due_us)
{
	l->timer_us = due_us;
	loop_timer_at(l->timer, due_us);
}

size_t
lookup_n_servers(const struct lookup *l)
{
	return l->to_one ? 1 : l->stub->n_upstreams;
}

void
event_sent(struct lookup *l, const struct server *s, uint64_t now)
{
	/* the first round over the upstreams is quick, each further one waits twice as long */
	unsigned round = l->attempts++ / (unsigned)lookup_n_servers(l);
	uint64_t wait = l->over_tcp ? TCP_ATTEMPT_US : window_timeout_us(&s->window, round);
	struct dns_stub_stats *stats = &s->stub->stats;

	if (!s->is_direct && stats->unheard_us == 0)
		stats->unheard_us = now;
	if (l->attempts >= DNS_ATTEMPTS_MAX || now + wait > l->deadline_us)
		lookup_set_timer(l, l->deadline_us);
	else
		lookup_set_timer(l, now + wait);
}

void
lookup_make_due(struct lookup *l)
{
	struct dns_stub *stub = l->stub;

	if (l->is_due)
		return;
	l->is_due = true;
	l->due_next = NULL;
	*stub->due_tail = l;
	stub->due_tail = &l->due_next;
	loop_defer_wake(stub->defer);
}

struct lookup *
lookup_take_due(struct dns_stub *stub)
{
	struct lookup *l = stub->due;

	if (l == NULL)
		return NULL;
	stub->due = l->due_next;
	if (stub->due == NULL)
		stub->due_tail = &stub->due;
	return l;
}

static struct event *
add(struct lookup *l, struct server *s)
{
	struct event *e = arena_alloc(&l->arena, sizeof *e), **at = &l->events;

	while (*at != NULL)
		at = &(*at)->next;
	*at = e;
	e->server = s;
	lookup_make_due(l);
	return e;
}

void
event_answered(struct lookup *l, struct server *s, enum dns_reply reply,
    const struct dns_answer *answer)
{
	struct event *e = add(l, s);

	s->heard = true;
	if (!s->is_direct) {
		s->stub->stats.heard_us = loop_now_us();
		s->stub->stats.unheard_us = 0;
	}
	s->unanswered = 0;
	s->dead = false;
	e->answered = true;
	e->reply = reply;
	e->answer = *answer;
}

void
event_failed(struct lookup *l, struct server *s, enum dns_status status)
{
	add(l, s)->answer = *dns_answer_bare(status);
}

/* EINVAL: the interface of a link-local address does not exist. */
void
event_not_connected(struct lookup *l, struct server *s, int error)
{
	bool no_route = error == ENETUNREACH || error == EHOSTUNREACH || error == EADDRNOTAVAIL ||
	    error == EAFNOSUPPORT || error == EINVAL;

	event_failed(l, s, no_route ? DNS_NO_ROUTE : DNS_UNREACHABLE);
}

void
server_wake(struct server *s)
{
	struct dns_stub *stub = s->stub;

	if (s->is_awake)
		return;
	s->is_awake = true;
	s->awake_next = NULL;
	*stub->awake_tail = s;
	stub->awake_tail = &s->awake_next;
}
