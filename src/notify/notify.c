/* The queue of messages: what is put into it, when it is tried, and when it is given up. */
#include "notify/notify.h"

#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/safe.h"
#include "http/mail.h"
#include "net/loop.h"
#include "notify/notify_priv.h"

enum {
	MINUTE_S = 60,
	HOUR_S = 3600,
	DAY_S = 24 * HOUR_S,
	GIVE_UP_S = 7 * DAY_S,
	LINE_SHOWN = 2048
};

/* After the first attempt, the second ...; the last delay is for all later ones. */
static const int64_t delays_s[] = { MINUTE_S, 5 * MINUTE_S, 15 * MINUTE_S, HOUR_S, 4 * HOUR_S };
enum { N_DELAYS = sizeof delays_s / sizeof delays_s[0] };

struct sender {
	const struct notify_run *run;
	struct notify_result *result;
	uint64_t started_us;
	struct arena arena;
	struct outlet *outlets;
	size_t n;
	char id[NOTE_ID_LEN + 1]; /* of this run's messages */
};

static void
sender_init(struct sender *s, const struct notify_run *run, struct notify_result *result)
{
	*s = (struct sender){ .run = run, .result = result, .started_us = loop_now_us() };
	arena_init(&s->arena);
	s->outlets = notify_outlets(run->config, &s->arena, &s->n);
}

static void
sender_fini(struct sender *s)
{
	arena_fini(&s->arena);
}

/* Tries take time, and leases must not. */
static int64_t
now_s(const struct sender *s)
{
	return s->run->now_s + (int64_t)((loop_now_us() - s->started_us) / 1000000);
}

/* All of it may be from the history, or from a server. */
static void
say(const struct notify_run *run, const char *channel, const char *text, const char *more)
{
	const char *const words[] = { channel, ": ", text, more };
	struct buf line;
	buf_init(&line, 4 * LINE_SHOWN);
	for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
		safe_add(&line, words[i], strlen(words[i]), LINE_SHOWN / 2);
	fprintf(run->errors, "mailready: %s\n", line.data);
	buf_fini(&line);
}

static void
set_id(char id[NOTE_ID_LEN + 1])
{
	unsigned char bytes[NOTE_ID_LEN / 2];
	if (getrandom(bytes, sizeof bytes, 0) != (ssize_t)sizeof bytes) {
		perror("mailready: getrandom");
		exit(70);
	}
	for (size_t i = 0; i < sizeof bytes; i++)
		snprintf(id + 2 * i, 3, "%02x", bytes[i]);
}

/* --- the queue --------------------------------------------------------------------------- */

static enum err_code
put(const struct sender *s, const struct outlet *e, const struct letter *letter, struct err *err)
{
	int64_t id, now = now_s(s);
	const struct history_message m = { .channel = e->name,
		.subject = letter->subject,
		.body = letter->body,
		.made_s = now,
		.next_s = now,
		.error = "" };
	return history_queue_put(s->run->history, &m, &id, err);
}

/*
 * What waits for an event that there is news of is of no use any more: sent after the news, it would set an
 * alarm that is over.
 */
static enum err_code
replace(const struct sender *s, const struct history_message *old, struct letter *letter,
    struct err *err)
{
	struct history *h = s->run->history;
	if (letter->is_news || letter->waits)
		return history_queue_done(h, old->id, err);
	letter->waits = true;
	return history_queue_rest(h, old, letter->body, old->next_s, old->error, err);
}

static enum err_code
supersede(const struct sender *s, const struct outlet *e, struct letter *letters, size_t n,
    struct arena *a, struct err *err)
{
	struct history_message *all;
	size_t n_all;
	enum err_code code = history_queue_list(s->run->history, a, &all, &n_all, err);
	for (size_t i = 0; code == ERR_NONE && i < n_all; i++) {
		if (strcmp(all[i].channel, e->name) != 0)
			continue;
		const char *event = alarm_event(all[i].body, a);
		size_t k = 0;
		while (k < n && (event[0] == '\0' || strcmp(event, letters[k].event) != 0))
			k++;
		if (k < n)
			code = replace(s, &all[i], &letters[k], err);
	}
	return code;
}

static bool
is_alarm(const struct sender *s, const struct outlet *e)
{
	return e->channel->is_alarm != NULL && e->channel->is_alarm(s->run->config, e->index);
}

static enum err_code
queue(const struct sender *s, const struct outlet *e, const struct note *note, struct arena *a,
    struct err *err)
{
	size_t n = 0;
	enum err_code code = ERR_NONE;
	struct letter *letters = e->channel->letters(s->run->config, e->index, note, a, &n);
	if (is_alarm(s, e) && n > 0)
		code = supersede(s, e, letters, n, a, err);
	for (size_t i = 0; code == ERR_NONE && i < n; i++)
		if (!letters[i].waits)
			code = put(s, e, &letters[i], err);
	return code == ERR_NONE && n > 0 ?
	    history_sent_put(s->run->history, e->name, now_s(s), err) :
	    code;
}

/*
 * Counted from when the last message was queued: one that waits is not to be doubled.  A time that is
 * still to come was written while the clock was ahead: it is counted from now.
 */
static enum err_code
is_heartbeat_due(const struct sender *s, const struct outlet *e, bool *due, struct err *err)
{
	int64_t sent_s = 0, every_s = s->run->config->heartbeat_s;
	*due = false;
	if (every_s <= 0)
		return ERR_NONE;
	if (history_sent_get(s->run->history, e->name, &sent_s, err) != ERR_NONE)
		return err->code;
	*due = now_s(s) - sent_s >= every_s;
	if (sent_s > now_s(s))
		return history_sent_put(s->run->history, e->name, now_s(s), err);
	return ERR_NONE;
}

/* One without a server of its groups has nothing to be alive about. */
static enum err_code
queue_for(const struct sender *s, const struct outlet *e, const struct watched_server *servers,
    size_t n, struct arena *a, struct err *err)
{
	struct note note;
	struct selection of;
	const struct notify_filter *filter = e->channel->filter != NULL ?
	    e->channel->filter(s->run->config, e->index) :
	    NULL;
	notify_select(filter, is_alarm(s, e), s->run, servers, n, a, &of);
	note_make(of.servers, of.n, s->run->config->unknown, s->run->now_s, a, &note);
	note_add_outages(&note, of.outages, of.n_outages, a);
	memcpy(note.id, s->id, sizeof note.id);
	if (strcmp(e->name, e->channel->name) != 0)
		set_id(note.id); /* others may get other news */
	bool changed = note.n_changes > 0, due = changed || is_alarm(s, e);
	if (!changed)
		note_become(&note, NOTE_HEARTBEAT, a);
	if (!due && of.n > 0 && is_heartbeat_due(s, e, &due, err) != ERR_NONE)
		return err->code;
	return due ? queue(s, e, &note, a, err) : ERR_NONE;
}

static enum err_code
queue_all(struct sender *s, const struct watched_server *servers, size_t n, struct arena *a,
    struct err *err)
{
	set_id(s->id);
	for (size_t i = 0; i < s->n; i++)
		if (queue_for(s, &s->outlets[i], servers, n, a, err) != ERR_NONE)
			return err->code;
	return ERR_NONE;
}

static int64_t
delay_s(unsigned tries)
{
	return delays_s[tries < N_DELAYS ? tries : N_DELAYS - 1];
}

/*
 * From when on the message is counted as waiting.  A clock that was wrong gives up nothing early, and
 * keeps nothing for ever: what was queued by one that was ahead is as if it were queued now, and more
 * than a day in which nobody tried does not count, be it a jump of the clock or a machine that was off.
 */
static int64_t
waiting_since(const struct history_message *m, int64_t now)
{
	if (m->made_s > now)
		return now;
	return now - m->next_s > DAY_S ? m->made_s + (now - m->next_s) : m->made_s;
}

/* A failed message waits, or is given up. */
static enum err_code
put_off(const struct sender *s, const struct history_message *m, const struct attempt *t,
    const struct err *why, bool tell, struct arena *a, struct err *err)
{
	int64_t now = now_s(s), next = now + delay_s(m->tries);
	if (t->dropped || now - m->made_s >= GIVE_UP_S) {
		const char *reason = t->dropped ? "dropped" : "given up after 7 days";
		say(s->run, m->channel, why->text, arena_printf(a, "; %s: %s", reason, m->subject));
		s->result->given_up += !t->dropped;
		return history_queue_done(s->run->history, m->id, err);
	}
	if (t->not_before_s > next)
		next = t->not_before_s;
	if (tell)
		say(s->run, m->channel, why->text,
		    arena_printf(a, "; tried again in %lld min",
			(long long)(next - now + MINUTE_S - 1) / MINUTE_S));
	return history_queue_failed(s->run->history, m, next, why->text, err);
}

/* A message for those who were not reached takes the place of the one that was for all. */
static enum err_code
settle(const struct sender *s, const struct history_message *m, const struct attempt *t,
    struct err *err)
{
	s->result->sent++;
	if (t->remark[0] != '\0')
		say(s->run, m->channel, t->remark, "; tried again for up to 7 days");
	if (t->rest == NULL)
		return history_queue_done(s->run->history, m->id, err);
	return history_queue_rest(s->run->history, m, t->rest, now_s(s) + delay_s(m->tries),
	    t->remark, err);
}

static struct outlet *
outlet_of(const struct sender *s, const struct history_message *m)
{
	for (size_t i = 0; i < s->n; i++)
		if (strcmp(s->outlets[i].name, m->channel) == 0)
			return &s->outlets[i];
	return NULL;
}

static enum err_code
try_message(struct sender *s, const struct history_message *m, struct arena *a, struct err *err)
{
	struct attempt t = { .body = m->body,
		.now_s = now_s(s),
		.arena = a,
		.remark = "",
		.reached = "" };
	struct outlet *e = outlet_of(s, m);
	if (e == NULL) {
		struct err why;
		t.dropped = true;
		err_set(&why, ERR_CONFIG, "the channel is not configured");
		return put_off(s, m, &t, &why, true, a, err);
	}
	if (e->down) {
		t.not_before_s = e->not_before_s;
		return put_off(s, m, &t, &e->why, false, a, err);
	}
	if (e->channel->send(s->run->config, e->index, &t, &e->why) == ERR_NONE)
		return settle(s, m, &t, err);
	e->down = !t.dropped;
	e->not_before_s = t.not_before_s;
	return put_off(s, m, &t, &e->why, true, a, err);
}

/*
 * Longer than a try can take: time-out, a program's last second, what the machine needs, and the reply of
 * a mail server that thinks about the message.
 */
static int64_t
lease_s(const struct notify_config *config)
{
	int64_t final_s = config->n_mails > 0 ? MAIL_FINAL_MS / 1000 : 0;

	return 2 * (int64_t)(config->timeout_us / 1000000) + 10 + final_s;
}

static enum err_code
send_due(struct sender *s, struct err *err)
{
	bool found = true;
	while (found) {
		struct arena a;
		struct history_message m;
		arena_init(&a);
		int64_t now = now_s(s);
		enum err_code code = history_queue_take(s->run->history, now,
		    lease_s(s->run->config), &a, &m, &found, err);
		if (code == ERR_NONE && found) {
			m.made_s = waiting_since(&m, now);
			code = try_message(s, &m, &a, err);
		}
		arena_fini(&a);
		if (code != ERR_NONE)
			return code;
	}
	return history_queue_count(s->run->history, &s->result->queued, err);
}

enum err_code
notify_queue(const struct notify_run *run, const struct watched_server *servers, size_t n,
    struct err *err)
{
	struct sender s;
	sender_init(&s, run, NULL);
	enum err_code code = queue_all(&s, servers, n, &s.arena, err);
	sender_fini(&s);
	return code;
}

enum err_code
notify_send(const struct notify_run *run, struct notify_result *result, struct err *err)
{
	struct sender s;
	*result = (struct notify_result){ 0 };
	sender_init(&s, run, result);
	enum err_code code = send_due(&s, err);
	sender_fini(&s);
	return code;
}

/* --- the test ---------------------------------------------------------------------------- */

static enum err_code
test_outlet(const struct notify_run *run, const struct outlet *e, const struct note *note,
    FILE *out, struct arena *a, struct err *err)
{
	size_t n = 0;
	const struct letter *letters = e->channel->letters(run->config, e->index, note, a, &n);
	for (size_t i = 0; i < n; i++) {
		struct attempt t = { .body = letters[i].body,
			.now_s = run->now_s,
			.arena = a,
			.remark = "",
			.reached = "" };
		if (e->channel->send(run->config, e->index, &t, err) != ERR_NONE)
			return err_prefix(err, "%s", e->name);
		if (t.rest != NULL)
			return err_set(err, ERR_NOPERM, "%s: %s", e->name, t.remark);
		fprintf(out, "%s: a test message was accepted (%s)\n", e->name, t.reached);
	}
	return ERR_NONE;
}

enum err_code
notify_test(const struct notify_run *run, FILE *out, struct err *err)
{
	struct note note;
	struct arena a;
	struct err one;
	size_t n = 0;
	arena_init(&a);
	const struct outlet *outlets = notify_outlets(run->config, &a, &n);
	note_make(NULL, 0, false, run->now_s, &a, &note);
	note_become(&note, NOTE_TEST, &a);
	set_id(note.id);
	err_set(err, ERR_NONE, "%s", "");
	for (size_t i = 0; i < n; i++) {
		if (test_outlet(run, &outlets[i], &note, out, &a, &one) == ERR_NONE)
			continue;
		if (err->code == ERR_NONE)
			*err = one;
		else
			fprintf(run->errors, "mailready: %s\n", one.text);
	}
	arena_fini(&a);
	if (n == 0)
		return err_set(err, ERR_CONFIG,
		    "no channel is configured: expected [mail], [webhook] or [command] in the "
		    "configuration");
	return err->code;
}
