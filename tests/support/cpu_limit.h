/*
 * A limit to what a piece of work may take of the processor: time that passes while others run does not
 * count, so that a busy machine changes nothing.  One at a time.
 */
#ifndef MAILREADY_TESTS_CPU_LIMIT_H
#define MAILREADY_TESTS_CPU_LIMIT_H

/* Behind so many ms of this process the program aborts, wherever it is, and says so. */
void cpu_limit_start(unsigned ms);

/* The work is done; the ms that it took. */
unsigned cpu_limit_stop(void);

#endif
