/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing over U+10FFFF. */
#ifndef MAILREADY_BASE_UTF8_H
#define MAILREADY_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* The first character of len bytes (1 or more); how many it took, or 0 when they are not UTF-8. */
size_t utf8_decode(const unsigned char *p, size_t len, uint32_t *c);

#endif
