/*
 * The event loop: readiness of our own sockets, deadlines, and work put off until the current
 * batch of events is done.  A thin room around libuv, which no other room sees.  One thread.
 *
 * Callbacks may create, arm and free any watch or timer, their own included: memory is released
 * after the callback has returned.
 */
#ifndef MAILREADY_NET_LOOP_H
#define MAILREADY_NET_LOOP_H

#include <stdbool.h>
#include <stdint.h>

struct loop;
struct loop_watch;
struct loop_timer;
struct loop_defer;

struct loop *loop_new(void);

/* Frees the loop; watches, timers and defers must have been freed before. */
void loop_free(struct loop *loop);

/* Runs until loop_stop(), or until no watch, timer or deferred work is active. */
void loop_run(struct loop *loop);
void loop_stop(struct loop *loop);

/* Monotonic time in microseconds, read anew at each call. */
uint64_t loop_now_us(void);

enum { LOOP_READ = 1, LOOP_WRITE = 2 };

typedef void loop_watch_fn(void *arg, int events);

/* Watches a descriptor that stays the caller's (close it after loop_watch_free). events: a mask. */
struct loop_watch *loop_watch_new(struct loop *loop, int fd, loop_watch_fn *fn, void *arg);
void loop_watch_set(struct loop_watch *w, int events); /* 0 pauses */
void loop_watch_free(struct loop_watch *w);            /* NULL is accepted */

typedef void loop_timer_fn(void *arg);

struct loop_timer *loop_timer_new(struct loop *loop, loop_timer_fn *fn, void *arg);
void loop_timer_at(struct loop_timer *t,
    uint64_t due_us); /* re-arms; fires once, at most 1 ms late */
void loop_timer_stop(struct loop_timer *t);
void loop_timer_free(struct loop_timer *t);

/*
 * Work that is to be done once after the current batch of events, however often it is asked for:
 * sending what was queued, looking again at what new facts lead to.
 */
struct loop_defer *loop_defer_new(struct loop *loop, loop_timer_fn *fn, void *arg);
void loop_defer_wake(struct loop_defer *d);
void loop_defer_free(struct loop_defer *d);

typedef void loop_signal_fn(void *arg, int signal);

/* Called from the loop when the process gets the signal, which then does nothing else. */
struct loop_signal;
struct loop_signal *loop_signal_new(struct loop *loop, int signal, loop_signal_fn *fn, void *arg);
void loop_signal_free(struct loop_signal *s); /* NULL is accepted */

#endif
