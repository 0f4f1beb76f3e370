/*
 * Text on its way into HTML or XML: element content and attribute values between double quotes.
 * What would be markup becomes character references, and what XML 1.0 cannot hold (section 2.2:
 * control bytes, surrogates, U+FFFE and U+FFFF, bytes that are not UTF-8) becomes \xNN, so that no
 * text, wherever it is from, makes a document invalid or adds to its markup.
 */
#ifndef MAILREADY_BASE_MARKUP_H
#define MAILREADY_BASE_MARKUP_H

struct arena;
struct buf;

/* Line ends stay in content; in attributes a reader takes them for blanks. */
void markup_add(struct buf *out, const char *text);

/* The same as HTML, with web addresses (base/link.h) as links; the arena is for its own use. */
void markup_linked(struct buf *out, const char *text, struct arena *a);

#endif
