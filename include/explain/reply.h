/*
 * One refusal as somebody has it: a reply of RFC 5321 4.2, alone, in a sentence of a bounce or in a line
 * of a log.  Pure; memory is bounded by REPLY_TEXT_MAX a reply.
 */
#ifndef MAILREADY_EXPLAIN_REPLY_H
#define MAILREADY_EXPLAIN_REPLY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/ip.h"

struct arena;

enum {
	REPLY_TEXT_MAX = 4096, /* of a reply; what is longer is cut */
	REPLY_STATUS_MAX = 12, /* "5.999.999" with NUL (RFC 3463 2) */
};

struct reply {
	int code;                      /* 0: none was found */
	char status[REPLY_STATUS_MAX]; /* "" */
	const char *text;              /* without codes, lines joined by a blank; never NULL */
	const char *stage;             /* a word of enum explanation.stage; "" */
	const char *host;              /* who answered, lower case; "" */
	struct ip address;             /* that the text quotes, or the log has; family 0 */
	const char *ehlo, *sender, *recipient; /* the name in EHLO, two domains; "" */
	int64_t time_s;                        /* seconds since 1970; 0 */
	bool by_us;       /* this machine refused: its server, its filter or its mail boxes */
	bool from_client; /* its server, another's mail: address is the other's */
};

/*
 * Reads len bytes: the reply itself, or a sentence with one ("host mx.example[192.0.2.1] said: 550 ...
 * (in reply to RCPT TO command)").  Lines may be joined by newlines, by "\n" in two characters, or by
 * blanks with the codes left in (Postfix).  True when a basic code was found; text is filled anyway.
 */
bool reply_read(const char *text, size_t len, struct arena *a, struct reply *out);

/* Does the word that a user gave hold a reply, and is more than one word? */
bool reply_is_in(const char *word);

/* Is the word "550" or the like, the first of a reply whose words are not quoted? */
bool reply_is_code(const char *word);

/* The stage for the words of a log: "RCPT TO command", "end of data"; "" when none is known. */
const char *reply_stage(const char *words);

/* The part of a mail address after its last @, lower case, without brackets; "" when there is none. */
const char *reply_domain(const char *address, size_t len, struct arena *a);

/* The first address that a text quotes; family 0 when it quotes none. */
struct ip reply_address(const char *text);

#endif
