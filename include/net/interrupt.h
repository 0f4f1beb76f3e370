/* The signals that end a run early: what is finished is kept. */
#ifndef MAILREADY_NET_INTERRUPT_H
#define MAILREADY_NET_INTERRUPT_H

#include <stdint.h>

#include "net/loop.h"

struct interrupt;

/*
 * Calls fn from the loop at SIGINT, SIGTERM and SIGHUP, which then do nothing else.  A hangup that the
 * process was started to ignore (nohup) stays ignored.
 */
struct interrupt *interrupt_new(struct loop *loop, loop_signal_fn *fn, void *arg);
void interrupt_free(struct interrupt *i); /* NULL is accepted */

/* Sleeps so long, or until one of these signals comes: returns it, else 0. */
int interrupt_sleep(uint64_t us);

#endif
