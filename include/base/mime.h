/*
 * Parts of a mail message as RFC 5322 and MIME write them: dates, header fields and bodies that are
 * 7-bit, in short lines, and hold nothing but what was meant.  Lines end in CRLF.
 */
#ifndef MAILREADY_BASE_MIME_H
#define MAILREADY_BASE_MIME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct buf;

enum { MIME_DATE_MAX = 40, MIME_ADDRESS_MAX = 254 /* RFC 5321 4.5.3.1.3, without the brackets */ };

/* "Thu, 26 Nov 2026 10:50:51 +0000" (RFC 5322 3.3), in UTC whatever the locale.  Returns out. */
const char *mime_date(int64_t time_s, char out[MIME_DATE_MAX]);

/*
 * A mail box as SMTP carries it: local-part@domain in ASCII, the local part without quotes, the
 * domain a name of two labels or more, or a single one ("root@localhost").
 */
bool mime_is_address(const char *text);

/* The part of such an address after the @; it points into it. */
const char *mime_domain(const char *address);

/*
 * "Name: text", folded.  Text that is not plain ASCII, holds control bytes, or could be read as an
 * encoded word becomes encoded words (RFC 2047); bytes that are not UTF-8 become question marks.
 * So a line break in text never begins another header.
 */
void mime_header(struct buf *out, const char *name, const char *text);

/* The same for addresses, a line each; display: the name before a single one, plain ASCII; "". */
void mime_address_header(struct buf *out, const char *name, const char *display,
    const char *const *addresses, size_t n);

/* A body in quoted-printable (RFC 2045 6.7): text has line ends of "\n". */
void mime_quoted_printable(struct buf *out, const char *text);

#endif
