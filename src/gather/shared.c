/* Questions that several targets have: asked once, the answer kept for a while. */
#include "gather/shared.h"

#include <stdlib.h>

#include "base/mem.h"
#include "net/loop.h"

enum {
	SECOND_US = 1000000,
	KEPT_S = 300,       /* the resolver keeps it longer, and is asked again for little */
	CHAIN_KEPT_S = 30,  /* the TTLs of CNAME records are not known here */
	WORTH_US = 500000,  /* for less time than this a question is not asked again */
	RECORDS_KEPT = 100, /* an answer with more is not worth its memory */
};

/* A question with its answer, or on its way, or neither any more. */
struct entry {
	struct dns_answer *answer; /* NULL: none; in the arena of its generation, or a later one */
	uint64_t until_us;
	uint64_t aged_us;      /* up to when its TTLs have been counted down */
	struct flight *flight; /* the one to wait with */
};

struct waiter {
	struct waiter *next;
	const struct fact *fact;
	uint64_t deadline_us;
	dns_done_fn *done;
	void *arg;
};

struct flight {
	struct flight *prev, *next;
	struct shared *shared;
	struct entry *entry; /* NULL: its generation is gone */
	uint64_t born;       /* when that was the young one */
	uint64_t deadline_us;
	struct waiter *waiters, **last;
};

struct generation {
	struct arena arena;
	struct map index; /* entries by the fact's key */
};

struct shared {
	struct dns_stub *stub;
	struct generation young, old;
	uint64_t turn; /* how many generations there were before the young one */
	struct flight *flights;
};

struct shared *
shared_new(struct dns_stub *stub)
{
	struct shared *s = mem_zalloc(1, sizeof *s);

	s->stub = stub;
	return s;
}

static void
generation_clear(struct generation *g)
{
	map_fini(&g->index);
	arena_fini(&g->arena);
}

static void
flight_free(struct flight *f)
{
	*(f->prev != NULL ? &f->prev->next : &f->shared->flights) = f->next;
	if (f->next != NULL)
		f->next->prev = f->prev;
	free(f);
}

void
shared_free(struct shared *s)
{
	if (s == NULL)
		return;
	for (struct flight *f = s->flights, *next; f != NULL; f = next) {
		next = f->next;
		while (f->waiters != NULL) {
			struct waiter *w = f->waiters;
			f->waiters = w->next;
			free(w);
		}
		free(f);
	}
	generation_clear(&s->young);
	generation_clear(&s->old);
	free(s);
}

/* Entries left in the old generation were not used since the young one began. */
static void
turn_generation(struct shared *s)
{
	if (s->young.index.n < SHARED_ENTRIES && s->young.arena.total < SHARED_BYTES)
		return;
	for (struct flight *f = s->flights; f != NULL; f = f->next)
		if (f->born < s->turn)
			f->entry = NULL;
	generation_clear(&s->old);
	s->old = s->young;
	s->turn++;
	s->young = (struct generation){ 0 };
}

static void
keep(struct shared *s, struct entry *e, const struct dns_answer *answer, uint64_t until_us,
    uint64_t aged_us)
{
	e->answer = dns_answer_copy(&s->young.arena, answer);
	e->until_us = until_us;
	e->aged_us = aged_us;
}

static struct entry *
add_entry(struct shared *s, const char *key)
{
	struct entry *e = arena_alloc(&s->young.arena, sizeof *e);

	map_put(&s->young.index, arena_strdup(&s->young.arena, key), e);
	return e;
}

/* One that is found in the old generation moves to the young one; NULL when there is none. */
static struct entry *
find(struct shared *s, const char *key)
{
	struct entry *e = map_get(&s->young.index, key), *from;

	if (e != NULL)
		return e;
	from = map_get(&s->old.index, key);
	if (from == NULL)
		return NULL;
	e = add_entry(s, key);
	e->flight = from->flight;
	if (e->flight != NULL) {
		e->flight->entry = e;
		e->flight->born = s->turn;
	}
	if (from->answer != NULL)
		keep(s, e, from->answer, from->until_us, from->aged_us);
	return e;
}

static void
count_down(struct entry *e, uint64_t now_us)
{
	uint32_t passed_s = (uint32_t)((now_us - e->aged_us) / SECOND_US);

	e->aged_us += (uint64_t)passed_s * SECOND_US;
	for (size_t i = 0; i < e->answer->n_records; i++) {
		uint32_t *ttl_s = &e->answer->records[i].ttl_s;
		*ttl_s -= passed_s < *ttl_s ? passed_s : *ttl_s;
	}
}

const struct dns_answer *
shared_get(struct shared *s, const struct fact *fact, uint64_t now_us)
{
	struct entry *e = find(s, fact->key);

	if (e == NULL || e->answer == NULL || now_us >= e->until_us)
		return NULL;
	count_down(e, now_us);
	return e->answer;
}

static uint32_t
lifetime_s(const struct dns_answer *answer)
{
	uint32_t life_s = answer->n_chain > 0 ? CHAIN_KEPT_S : KEPT_S;

	if (!dns_is_known(answer->status) || answer->n_records > RECORDS_KEPT)
		return 0;
	if (answer->n_records == 0 && answer->soa_negative_ttl_s < life_s)
		life_s = answer->soa_negative_ttl_s;
	for (size_t i = 0; i < answer->n_records; i++)
		if (answer->records[i].ttl_s < life_s)
			life_s = answer->records[i].ttl_s;
	return life_s;
}

/* Silence does not end the wait of targets with much more time: they continue together. */
static void
deliver(struct shared *s, struct waiter *w, const struct dns_answer *answer)
{
	if (answer->status == DNS_TIMEOUT && w->deadline_us > loop_now_us() + WORTH_US)
		shared_ask(s, w->fact, w->deadline_us, w->done, w->arg);
	else
		w->done(w->arg, answer);
	free(w);
}

static void
arrived(void *arg, const struct dns_answer *answer)
{
	struct flight *f = arg;
	struct shared *s = f->shared;
	struct waiter *waiters = f->waiters;
	uint32_t life_s = lifetime_s(answer);

	if (f->entry != NULL) {
		if (f->entry->flight == f)
			f->entry->flight = NULL;
		uint64_t now = loop_now_us();
		if (life_s > 0)
			keep(s, f->entry, answer, now + (uint64_t)life_s * SECOND_US, now);
	}
	flight_free(f);
	while (waiters != NULL) {
		struct waiter *w = waiters;
		waiters = w->next;
		deliver(s, w, answer);
	}
}

static struct flight *
start_flight(struct shared *s, struct entry *e, const struct fact *fact, uint64_t deadline_us)
{
	struct flight *f = mem_zalloc(1, sizeof *f);
	const struct endpoint *server = fact->at_server ? &fact->endpoint : NULL;

	*f = (struct flight){ .next = s->flights,
		.shared = s,
		.entry = e,
		.born = s->turn,
		.deadline_us = deadline_us };
	f->last = &f->waiters;
	if (f->next != NULL)
		f->next->prev = f;
	s->flights = f;
	e->flight = f;
	(fact->sparing ? dns_stub_ask_sparingly : dns_stub_ask)(s->stub, fact->name, fact->type,
	    server, deadline_us, arrived, f);
	return f;
}

/*
 * Whoever has less time than those who wait cannot wait with them.  Its question is the one to wait
 * with from then on: in a long list, hundreds more may have as little time.  Those with more of it
 * go on together when it was in vain.
 */
void
shared_ask(struct shared *s, const struct fact *fact, uint64_t deadline_us, dns_done_fn *done,
    void *arg)
{
	turn_generation(s);
	struct entry *e = find(s, fact->key);
	if (e == NULL)
		e = add_entry(s, fact->key);
	struct flight *f = e->flight;
	if (f == NULL || f->deadline_us > deadline_us)
		f = start_flight(s, e, fact, deadline_us);
	struct waiter *w = mem_zalloc(1, sizeof *w);
	*w = (struct waiter){ .fact = fact, .deadline_us = deadline_us, .done = done, .arg = arg };
	*f->last = w;
	f->last = &w->next;
}
