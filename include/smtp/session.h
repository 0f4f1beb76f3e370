/*
 * The client side of one dialogue as a pure state machine: bytes of the peer in, bytes to send
 * out, no sockets and no clock.  It fills a struct smtp_dialogue and never sends MAIL.
 *
 *     greeting -> EHLO (-> HELO when EHLO is unknown) -> STARTTLS when offered -> handshake
 *     (the caller's) -> EHLO -> QUIT -> end
 */
#ifndef MAILREADY_SMTP_SESSION_H
#define MAILREADY_SMTP_SESSION_H

#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"
#include "smtp/dialogue.h"
#include "smtp/reply.h"

struct arena;

/* What is true while the session is in each state.  Replies are read one at a time. */
enum smtp_state {
	SMTP_AT_GREETING,  /* connected; nothing was sent */
	SMTP_AT_EHLO,      /* greeted with 220; EHLO is out */
	SMTP_AT_HELO,      /* EHLO was unknown; HELO is out; extensions are impossible */
	SMTP_AT_STARTTLS,  /* status is SMTP_TALKED; STARTTLS was offered and is out */
	SMTP_AT_HANDSHAKE, /* the peer awaits a handshake; input and output are not ours */
	SMTP_AT_EHLO_TLS,  /* tls is SMTP_TLS_DONE; the second EHLO is out */
	SMTP_AT_QUIT, /* the dialogue is complete; QUIT is out; nothing that comes can change it */
	SMTP_AT_END,  /* nothing more to read or send */
	SMTP_STATES,
};

struct smtp_session {
	enum smtp_state state;
	struct smtp_dialogue *dialogue; /* borrowed; filled during the dialogue */
	struct arena *arena;            /* borrowed; the dialogue's texts live in it */
	const char *our_name;           /* borrowed */
	struct smtp_reply reply;
	struct buf out; /* bytes to send; the caller sends and resets it */
};

/* dialogue starts as a copy of smtp_dialogue_pending. */
void smtp_session_init(struct smtp_session *s, struct smtp_dialogue *dialogue, struct arena *arena,
    const char *our_name);
void smtp_session_fini(struct smtp_session *s);

/* Bytes that the peer sent; under TLS after decryption. */
void smtp_session_input(struct smtp_session *s, const char *data, size_t len);

/* In SMTP_AT_HANDSHAKE only: how it ended.  reason is copied; the caller fills in what TLS showed. */
void smtp_session_tls_up(struct smtp_session *s);
void smtp_session_tls_failed(struct smtp_session *s, const char *reason);

/* The connection ended; reason (copied) is a phrase: "connection closed by the server". */
void smtp_session_lost(struct smtp_session *s, const char *reason);

/*
 * We cannot continue, for a reason (copied) of our own, such as time.  What is not known now is
 * unknown: it never counts as refused, failed or broken.
 */
void smtp_session_give_up(struct smtp_session *s, const char *reason);

#endif
