/* Servers that are asked directly: found by a hash; of those that nothing waits for, the last are kept. */
#include "dns/stub_priv.h"

static struct server **
bucket_of(struct dns_stub *stub, const struct endpoint *e)
{
	uint32_t hash = e->port;
	for (size_t i = 0; i < sizeof e->ip.bytes; i++)
		hash = hash * 31 + e->ip.bytes[i];
	return &stub->direct[hash % DIRECT_BUCKETS];
}

static void
idle_add(struct server *s)
{
	struct dns_stub *stub = s->stub;

	s->idle_next = NULL;
	s->idle_prev = stub->idle_last;
	*(s->idle_prev != NULL ? &s->idle_prev->idle_next : &stub->idle_first) = s;
	stub->idle_last = s;
}

static void
idle_remove(struct server *s)
{
	struct dns_stub *stub = s->stub;

	*(s->idle_prev != NULL ? &s->idle_prev->idle_next : &stub->idle_first) = s->idle_next;
	*(s->idle_next != NULL ? &s->idle_next->idle_prev : &stub->idle_last) = s->idle_prev;
}

static void
forget(struct server *s)
{
	struct dns_stub *stub = s->stub;
	struct server **at = bucket_of(stub, &s->endpoint);

	while (*at != s)
		at = &(*at)->next;
	*at = s->next;
	stub->n_direct--;
	server_free(s);
}

/* What lies in an outbox, or a socket that is to be closed, is for the pump first. */
void
direct_trim(struct dns_stub *stub)
{
	struct server *s;

	while (stub->n_direct > DIRECT_MAX && (s = stub->idle_first) != NULL && !s->is_awake) {
		idle_remove(s);
		forget(s);
	}
}

static struct server *
find(struct dns_stub *stub, const struct endpoint *e)
{
	struct server *s = *bucket_of(stub, e);

	while (s != NULL && !endpoint_equal(&s->endpoint, e))
		s = s->next;
	return s;
}

static struct server *
add(struct dns_stub *stub, const struct endpoint *e)
{
	struct server **bucket = bucket_of(stub, e);

	struct server *s = server_new(stub, e, true);
	s->next = *bucket;
	*bucket = s;
	stub->n_direct++;
	return s;
}

struct server *
direct_take(struct dns_stub *stub, const struct endpoint *e)
{
	struct server *s = find(stub, e);

	if (s == NULL)
		s = add(stub, e);
	else if (s->n_lookups == 0)
		idle_remove(s);
	s->n_lookups++;
	return s;
}

void
direct_give_back(struct server *s)
{
	if (--s->n_lookups == 0)
		idle_add(s);
}

void
direct_free_all(struct dns_stub *stub)
{
	for (size_t i = 0; i < DIRECT_BUCKETS; i++)
		while (stub->direct[i] != NULL)
			forget(stub->direct[i]);
}
