/* The event loop: libuv with watches, timers, deferred work and signals of our own. */
#include "net/loop.h"

#include <assert.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <uv.h>

#include "base/mem.h"

struct loop {
	uv_loop_t uv;
	uv_idle_t
	    idle; /* runs while deferred work is due: once a turn, and the turn does not sleep */
	struct loop_defer *due, **due_tail; /* in the order they were woken */
	uint64_t turn;
};

struct loop_watch {
	uv_poll_t uv; /* first: uv_close hands it back as the memory to free */
	int events;
	loop_watch_fn *fn;
	void *arg;
};

/*
 * Most timers are stopped, or set to a later time, before they are due.  libuv's stays as it is then,
 * and does nothing when it fires, or waits for the rest.
 */
struct loop_timer {
	uv_timer_t uv;
	loop_timer_fn *fn;
	void *arg;
	uint64_t due_us;   /* when fn is to be called; 0: it is stopped */
	uint64_t armed_us; /* when libuv's fires; 0: it does not */
};

struct loop_defer {
	struct loop *loop;
	struct loop_defer *next; /* among those that are due */
	bool is_due;
	uint64_t woken; /* in which turn */
	loop_timer_fn *fn;
	void *arg;
};

struct loop_signal {
	uv_signal_t uv;
	loop_signal_fn *fn;
	void *arg;
};

/* libuv fails here only when the system is out of descriptors or memory. */
static void
must(int status, const char *what)
{
	if (status == 0)
		return;
	fprintf(stderr, "mailready: %s: %s\n", what, uv_strerror(status));
	exit(70);
}

struct loop *
loop_new(void)
{
	struct loop *loop = mem_zalloc(1, sizeof *loop);
	must(uv_loop_init(&loop->uv), "event loop");
	must(uv_idle_init(&loop->uv, &loop->idle), "deferred work");
	loop->idle.data = loop;
	loop->due_tail = &loop->due;
	return loop;
}

void
loop_free(struct loop *loop)
{
	/* what was freed earlier is closed asynchronously: one more turn releases it */
	uv_close((uv_handle_t *)&loop->idle, NULL);
	uv_run(&loop->uv, UV_RUN_DEFAULT);
	int busy = uv_loop_close(&loop->uv);
	assert(busy == 0);
	(void)busy;
	free(loop);
}

void
loop_run(struct loop *loop)
{
	uv_run(&loop->uv, UV_RUN_DEFAULT);
}

void
loop_stop(struct loop *loop)
{
	uv_stop(&loop->uv);
}

uint64_t
loop_now_us(void)
{
	return uv_hrtime() / 1000;
}

static void
close_done(uv_handle_t *handle)
{
	free(handle->data);
}

/* data is the object itself: one callback frees watches, timers and defers alike. */
static void
close_handle(uv_handle_t *handle)
{
	uv_close(handle, close_done);
}

static int
poll_mask(int events)
{
	return (events & LOOP_READ ? UV_READABLE : 0) | (events & LOOP_WRITE ? UV_WRITABLE : 0);
}

static void
watch_ready(uv_poll_t *handle, int status, int events)
{
	struct loop_watch *w = handle->data;

	/* On an error, such as an ICMP message to a UDP socket, libuv stops the watch.  The socket may
	 * well live on: recv() or connect() will tell its owner what it is. */
	if (status < 0) {
		uv_poll_start(handle, poll_mask(w->events), watch_ready);
		events = UV_READABLE | UV_WRITABLE;
	}
	int mask = (events & (UV_READABLE | UV_DISCONNECT) ? LOOP_READ : 0) |
	    (events & UV_WRITABLE ? LOOP_WRITE : 0);
	w->fn(w->arg, mask);
}

struct loop_watch *
loop_watch_new(struct loop *loop, int fd, loop_watch_fn *fn, void *arg)
{
	struct loop_watch *w = mem_zalloc(1, sizeof *w);
	must(uv_poll_init(&loop->uv, &w->uv, fd), "watching a socket");
	w->uv.data = w;
	w->fn = fn;
	w->arg = arg;
	return w;
}

void
loop_watch_set(struct loop_watch *w, int events)
{
	w->events = events;
	if (events == 0)
		uv_poll_stop(&w->uv);
	else
		must(uv_poll_start(&w->uv, poll_mask(events), watch_ready), "watching a socket");
}

void
loop_watch_free(struct loop_watch *w)
{
	if (w != NULL)
		close_handle((uv_handle_t *)&w->uv);
}

static void timer_fires(uv_timer_t *handle);

static void
timer_arm(struct loop_timer *t)
{
	/* libuv counts whole milliseconds from its own idea of now, which is as old as the current
	 * batch of events and rounded down: measured from there, no timer fires before its time */
	uv_update_time(t->uv.loop);
	uint64_t now_ms = uv_now(t->uv.loop);
	uint64_t due_ms = t->due_us / 1000 + (t->due_us % 1000 != 0);

	t->armed_us = t->due_us;
	uv_timer_start(&t->uv, timer_fires, due_ms > now_ms ? due_ms - now_ms : 0, 0);
}

static void
timer_fires(uv_timer_t *handle)
{
	struct loop_timer *t = handle->data;

	t->armed_us = 0;
	if (t->due_us == 0)
		return;
	if (t->due_us > loop_now_us()) {
		timer_arm(t);
		return;
	}
	t->due_us = 0;
	t->fn(t->arg);
}

struct loop_timer *
loop_timer_new(struct loop *loop, loop_timer_fn *fn, void *arg)
{
	struct loop_timer *t = mem_zalloc(1, sizeof *t);
	must(uv_timer_init(&loop->uv, &t->uv), "timer");
	t->uv.data = t;
	t->fn = fn;
	t->arg = arg;
	return t;
}

void
loop_timer_at(struct loop_timer *t, uint64_t due_us)
{
	t->due_us = due_us > 0 ? due_us : 1;
	if (t->armed_us == 0 || t->armed_us > t->due_us)
		timer_arm(t);
	uv_ref((uv_handle_t *)&t->uv);
}

/* One that is stopped keeps no loop running. */
void
loop_timer_stop(struct loop_timer *t)
{
	t->due_us = 0;
	uv_unref((uv_handle_t *)&t->uv);
}

void
loop_timer_free(struct loop_timer *t)
{
	if (t != NULL)
		close_handle((uv_handle_t *)&t->uv);
}

/* What wakes during a turn waits for the next one, so that sockets are looked at in between. */
static void
run_due(uv_idle_t *handle)
{
	struct loop *loop = handle->data;

	loop->turn++;
	while (loop->due != NULL && loop->due->woken < loop->turn) {
		struct loop_defer *d = loop->due;
		loop->due = d->next;
		if (loop->due == NULL)
			loop->due_tail = &loop->due;
		d->is_due = false;
		d->fn(d->arg); /* may free d */
	}
	if (loop->due == NULL)
		uv_idle_stop(handle);
}

struct loop_defer *
loop_defer_new(struct loop *loop, loop_timer_fn *fn, void *arg)
{
	struct loop_defer *d = mem_zalloc(1, sizeof *d);
	d->loop = loop;
	d->fn = fn;
	d->arg = arg;
	return d;
}

void
loop_defer_wake(struct loop_defer *d)
{
	if (d->is_due)
		return;
	d->is_due = true;
	d->woken = d->loop->turn;
	d->next = NULL;
	*d->loop->due_tail = d;
	d->loop->due_tail = &d->next;
	uv_idle_start(&d->loop->idle, run_due);
}

static void
stop_waiting(struct loop_defer *d)
{
	struct loop_defer **at = &d->loop->due;

	while (*at != d)
		at = &(*at)->next;
	*at = d->next;
	if (d->next == NULL)
		d->loop->due_tail = at;
}

void
loop_defer_free(struct loop_defer *d)
{
	if (d == NULL)
		return;
	if (d->is_due)
		stop_waiting(d);
	free(d);
}

static void
signal_came(uv_signal_t *handle, int signal)
{
	struct loop_signal *s = handle->data;

	s->fn(s->arg, signal);
}

struct loop_signal *
loop_signal_new(struct loop *loop, int signal, loop_signal_fn *fn, void *arg)
{
	struct loop_signal *s = mem_zalloc(1, sizeof *s);
	must(uv_signal_init(&loop->uv, &s->uv), "waiting for a signal");
	s->uv.data = s;
	s->fn = fn;
	s->arg = arg;
	must(uv_signal_start(&s->uv, signal_came, signal), "waiting for a signal");
	return s;
}

void
loop_signal_free(struct loop_signal *s)
{
	if (s != NULL)
		close_handle((uv_handle_t *)&s->uv);
}
