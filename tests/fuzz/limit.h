/* How long an input may take: see limit.c. */
#ifndef MAILREADY_TESTS_FUZZ_LIMIT_H
#define MAILREADY_TESTS_FUZZ_LIMIT_H

/* A target defines it where a short input stands for much work: milliseconds of the processor. */
extern const unsigned fuzz_input_ms __attribute__((weak));

#endif
