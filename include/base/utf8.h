/* UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing over U+10FFFF. */
#ifndef MAILREADY_BASE_UTF8_H
#define MAILREADY_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { UTF8_LEN_MAX = 4 }; /* bytes of one character */

/* The first character of len bytes (1 or more); how many it took, or 0 when they are not UTF-8. */
size_t utf8_decode(const unsigned char *p, size_t len, uint32_t *c);

/*
 * How many characters start in len bytes: every byte but a continuation byte starts one.  Text
 * that is not UTF-8 has a count, too, never more than its bytes.
 */
size_t utf8_count(const char *text, size_t len);

/* Moves past the byte order mark (U+FEFF) that some editors put before UTF-8 text. */
void utf8_skip_mark(const char **text, size_t *len);

/*
 * Does a file that begins so hold UTF-16?  With its byte order mark, or of ASCII characters, of
 * which every second byte is NUL.  Whoever reads text refuses it by name: no byte of it is right.
 */
bool utf8_is_utf16(const char *text, size_t len);

#endif
