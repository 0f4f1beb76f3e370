/* The fixpoint of wants and answers: asks what is new, and looks again when it leads on. */
#include "gather/engine.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/name.h"
#include "dns/stub.h"
#include "gather/pace.h"
#include "gather/shared.h"
#include "lists/keyring.h"
#include "net/loop.h"
#include "smtp/probe.h"

/* A question on its way; lives until its transport has called back, or gathering is cancelled. */
struct pending {
	struct pending *prev, *next; /* of the same gathering */
	struct gather *gather;
	struct fact *fact;
	struct paced *list;       /* whose question it is; NULL */
	struct loop_timer *wait;  /* until the question may leave; NULL */
	struct smtp_probe *probe; /* NULL: it is not an SMTP dialogue */
	struct pace_waiter place;
	bool own; /* it holds one of the list's places */
	uint64_t asked_us;
};

struct gather {
	struct gather_job job;
	struct loop *loop;
	struct dns_stub *stub;
	struct loop_defer *defer; /* look again at what is wanted, or finish */
	struct pending *pending;
	size_t begun;             /* facts[0, begun) have been asked */
	uint64_t now_us;          /* when the loop last called */
	uint64_t span_us;         /* from the start to the deadline */
	size_t waiting;           /* of these, how many have no answer yet */
	bool look_again;          /* a followed fact has arrived */
	char own[IP_REVERSE_MAX]; /* what questions about this target alone begin with */
	size_t own_len;
};

static struct pending *
pending_new(struct gather *g, struct fact *fact)
{
	struct pending *p = mem_zalloc(1, sizeof *p);

	*p = (struct pending){ .next = g->pending, .gather = g, .fact = fact };
	if (p->next != NULL)
		p->next->prev = p;
	g->pending = p;
	return p;
}

static void
pending_free(struct pending *p)
{
	*(p->prev != NULL ? &p->prev->next : &p->gather->pending) = p->next;
	if (p->next != NULL)
		p->next->prev = p->prev;
	loop_timer_free(p->wait);
	free(p);
}

static void
arrived(struct pending *p)
{
	struct gather *g = p->gather;

	g->waiting--;
	g->look_again |= fact_leads_on(p->fact);
	if (g->look_again || g->waiting == 0)
		loop_defer_wake(g->defer);
	pending_free(p);
}

static const struct keyring *
keys_of(const struct gather *g)
{
	return g->job.target->policy != NULL ? g->job.target->policy->keys : NULL;
}

/* Whoever answers may repeat the question, with the key that stood in it. */
static void
hide_keys(struct dns_answer *answer, const struct keyring *keys, struct arena *a)
{
	answer->ede_text = keyring_hide(keys, a, answer->ede_text);
	answer->soa_zone = keyring_hide(keys, a, answer->soa_zone);
	answer->soa_mail = keyring_hide(keys, a, answer->soa_mail);
	answer->referral = keyring_hide(keys, a, answer->referral);
	for (size_t i = 0; i < answer->n_chain; i++)
		answer->chain[i] = keyring_hide(keys, a, answer->chain[i]);
	for (size_t i = 0; i < answer->n_records; i++) {
		answer->records[i].owner = keyring_hide(keys, a, answer->records[i].owner);
		answer->records[i].text = keyring_hide(keys, a, answer->records[i].text);
	}
}

static void
take_answer(const struct gather *g, struct fact *fact, const struct dns_answer *answer)
{
	struct arena *a = g->job.facts->arena;

	if (keyring_is_empty(keys_of(g))) {
		facts_set_dns(fact, a, answer);
		return;
	}
	struct dns_answer *copy = dns_answer_copy(a, answer);
	hide_keys(copy, keys_of(g), a);
	fact->dns = copy;
	fact->final = true;
}

static void
dns_arrived(void *arg, const struct dns_answer *answer)
{
	struct pending *p = arg;

	take_answer(p->gather, p->fact, answer);
	if (p->gather->job.pace != NULL)
		pace_note(p->gather->job.pace, p->list, answer->status, p->own, p->asked_us,
		    loop_now_us());
	arrived(p);
}

static void
smtp_arrived(void *arg, const struct smtp_dialogue *dialogue)
{
	struct pending *p = arg;

	struct gather *g = p->gather;

	facts_set_smtp(p->fact, g->job.facts->arena, dialogue);
	if (g->job.talk_deadline_us > g->job.deadline_us)
		g->job.deadline_us = loop_now_us() + g->span_us;
	arrived(p);
}

/* The name after the target's own labels; NULL when it does not begin with them. */
static const char *
behind_own(const struct gather *g, const char *name)
{
	if (strncmp(name, g->own, g->own_len) != 0 || name[g->own_len] != '.')
		return NULL;
	return name + g->own_len + 1;
}

/* Not about this target alone: other targets may ask the same. */
static bool
is_common(const struct gather *g, const struct fact *fact)
{
	return g->job.shared != NULL && behind_own(g, fact->name) == NULL;
}

/* No list is named like an address. */
static struct paced *
list_of(const struct gather *g, const struct fact *fact)
{
	const char *zone = behind_own(g, fact->name);

	return !fact->sparing ? NULL : pace_find(g->job.pace, zone != NULL ? zone : fact->name);
}

static void
submit(struct gather *g, const struct fact *fact, const char *name, uint64_t deadline_us,
    struct pending *p)
{
	const struct endpoint *server = fact->at_server ? &fact->endpoint : NULL;

	p->asked_us = g->now_us;
	(fact->sparing ? dns_stub_ask_sparingly : dns_stub_ask)(g->stub, name, fact->type, server,
	    deadline_us, dns_arrived, p);
}

/* Nothing leaves: there is no time for it at the list's own pace, or nothing answers there. */
static void
leave_unasked(struct pending *p, enum dns_status status)
{
	facts_set_dns(p->fact, p->gather->job.facts->arena, dns_answer_bare(status));
	arrived(p);
}

/*
 * The key of a list is put in here and nowhere else: no fact ever holds it, nor what is shared.
 * Without its key the question is answered like a wrong one.
 */
static bool
put_key(const struct gather *g, const struct fact *fact, char keyed[NAME_TEXT_MAX])
{
	return keyring_put(keys_of(g), fact->name, keyed) == KEYRING_PUT;
}

static void
ask_own(struct pending *p, uint64_t deadline_us)
{
	struct gather *g = p->gather;
	char keyed[NAME_TEXT_MAX];

	p->own = true;
	if (!put_key(g, p->fact, keyed)) {
		submit(g, p->fact, p->fact->name, deadline_us, p);
		return;
	}
	submit(g, p->fact, keyed, deadline_us, p);
	explicit_bzero(keyed, sizeof keyed);
}

/* A question that waited for a place has its time from now on. */
static void
place_came(void *arg, enum pace_turn came)
{
	struct pending *p = arg;
	struct gather *g = p->gather;

	g->now_us = loop_now_us();
	if (came == PACE_ASK)
		ask_own(p, g->now_us + g->span_us);
	else
		leave_unasked(p, DNS_TIMEOUT);
}

static bool
is_keyed(const struct gather *g, const struct fact *fact)
{
	char keyed[NAME_TEXT_MAX];

	if (keyring_is_empty(keys_of(g)))
		return false;
	bool is = put_key(g, fact, keyed);
	explicit_bzero(keyed, sizeof keyed);
	return is;
}

static void
ask_common(struct gather *g, struct pending *p)
{
	if (pace_is_silent(p->list)) {
		leave_unasked(p, DNS_TIMEOUT);
		return;
	}
	p->asked_us = g->now_us;
	shared_ask(g->job.shared, p->fact, g->job.deadline_us, dns_arrived, p);
}

static void
ask(struct gather *g, struct pending *p)
{
	if (is_common(g, p->fact) && !is_keyed(g, p->fact)) {
		ask_common(g, p);
		return;
	}
	p->place = (struct pace_waiter){ .deadline_us = g->job.deadline_us,
		.turn = place_came,
		.arg = p };
	enum pace_turn now = pace_ask(p->list, &p->place, g->now_us);
	if (now == PACE_ASK)
		ask_own(p, g->job.deadline_us);
	else if (now == PACE_SILENT)
		leave_unasked(p, DNS_TIMEOUT);
}

static void
ask_now(void *arg)
{
	struct pending *p = arg;

	p->gather->now_us = loop_now_us();
	ask(p->gather, p);
}

/* A question to the list's own server has the same pace: it is the same list. */
static void
ask_in_turn(struct gather *g, struct pending *p)
{
	uint64_t due = pace_place(p->list, g->now_us, g->job.deadline_us);

	if (due == UINT64_MAX) {
		leave_unasked(p, DNS_NOT_ASKED);
	} else if (due <= g->now_us) {
		ask(g, p);
	} else {
		p->wait = loop_timer_new(g->loop, ask_now, p);
		loop_timer_at(p->wait, due);
	}
}

/* True when another target's question has been answered. */
static bool
is_known(struct gather *g, struct fact *fact)
{
	const struct dns_answer *answer = fact->kind == FACT_DNS && is_common(g, fact) ?
	    shared_get(g->job.shared, fact, g->now_us) :
	    NULL;

	if (answer == NULL)
		return false;
	take_answer(g, fact, answer);
	g->look_again |= fact_leads_on(fact);
	return true;
}

static void
talk(struct gather *g, struct pending *p)
{
	const struct policy *policy = g->job.target->policy;
	struct smtp_job job = {
		.server = p->fact->endpoint,
		.our_name = policy != NULL ? policy->ehlo_as : NULL,
		.server_name = g->job.target->names.host,
		.deadline_us = g->job.deadline_us,
		.talk_deadline_us = g->job.talk_deadline_us,
	};

	p->probe = smtp_probe_start(g->loop, &job, smtp_arrived, p);
}

static void
begin_fact(struct gather *g, struct fact *fact)
{
	if (fact->final || is_known(g, fact))
		return;
	struct pending *p = pending_new(g, fact);
	g->waiting++;
	if (fact->kind == FACT_DNS) {
		p->list = list_of(g, fact);
		ask_in_turn(g, p);
	} else {
		talk(g, p);
	}
}

static void
say_wants(const struct gather *g)
{
	g->job.facts->turn++;
	g->job.facts->so_far = NULL;
	for (size_t i = 0; i < g->job.n_checks; i++)
		g->job.checks[i]->wants(g->job.target, g->job.facts);
}

static void
begin_new_facts(struct gather *g)
{
	for (; g->begun < g->job.facts->n; g->begun++)
		begin_fact(g, g->job.facts->list[g->begun]);
}

static void
finish(struct gather *g)
{
	void (*done)(void *) = g->job.done;
	void *arg = g->job.arg;

	loop_defer_free(g->defer);
	free(g);
	done(arg);
}

/*
 * One turn of the fixpoint.  It ends because wants is monotone and the facts are bounded, and
 * every transport calls back by the deadline.
 */
static void
turn(void *arg)
{
	struct gather *g = arg;

	g->now_us = loop_now_us();
	while (g->look_again) {
		g->look_again = false;
		say_wants(g);
		begin_new_facts(g);
	}
	if (g->waiting == 0)
		finish(g);
}

struct gather *
gather_start(struct loop *loop, struct dns_stub *stub, const struct gather_job *job)
{
	struct gather *g = mem_zalloc(1, sizeof *g);

	g->job = *job;
	g->loop = loop;
	g->stub = stub;
	uint64_t now_us = loop_now_us();
	g->span_us = job->deadline_us > now_us ? job->deadline_us - now_us : 0;
	g->defer = loop_defer_new(loop, turn, g);
	ip_reverse_labels(&job->target->ip, g->own);
	g->own_len = strlen(g->own);
	g->look_again = true;
	loop_defer_wake(g->defer);
	return g;
}

void
gather_cancel(struct gather *g)
{
	for (struct pending *p = g->pending, *next; p != NULL; p = next) {
		next = p->next;
		if (p->probe != NULL)
			smtp_probe_cancel(p->probe);
		loop_timer_free(p->wait);
		free(p);
	}
	loop_defer_free(g->defer);
	free(g);
}
