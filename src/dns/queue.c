/* Lookups that wait at a server, in the order they came. */
#include <assert.h>

#include "dns/stub_priv.h"

void
queue_init(struct queue *q)
{
	q->head = NULL;
	q->tail = &q->head;
}

void
queue_push(struct queue *q, struct lookup *l)
{
	assert(l->queue == NULL);
	l->queue = q;
	l->queue_next = NULL;
	*q->tail = l;
	q->tail = &l->queue_next;
}

struct lookup *
queue_pop(struct queue *q)
{
	struct lookup *l = q->head;

	if (l != NULL)
		queue_remove(l);
	return l;
}

void
queue_remove(struct lookup *l)
{
	struct queue *q = l->queue;

	if (q == NULL)
		return;
	struct lookup **at = &q->head;
	while (*at != l)
		at = &(*at)->queue_next;
	*at = l->queue_next;
	if (l->queue_next == NULL)
		q->tail = at;
	l->queue = NULL;
}
