/* The channels: a new one is one file, and one row in notify.c. */
#ifndef MAILREADY_NOTIFY_NOTIFY_PRIV_H
#define MAILREADY_NOTIFY_NOTIFY_PRIV_H

#include "notify/notify.h"
#include "report/note.h"

/* One attempt to send a queued message. */
struct attempt {
	const char *body; /* what the channel's body() made */
	int64_t now_s;
	struct arena *arena;
	/* what came of it */
	const char *rest;     /* a body for those who were not reached; NULL: none */
	const char *remark;   /* to be reported although it was sent; "" */
	const char *reached;  /* "ops@example.com", for the test's report */
	int64_t not_before_s; /* the receiver asked to wait so long; 0 */
	bool dropped;         /* nobody is left who wants it */
};

struct channel {
	const char *name; /* as in the queue */
	bool (*is_configured)(const struct notify_config *config);
	/* The queued text; in a. */
	const char *(
	    *body)(const struct notify_config *config, const struct note *note, struct arena *a);
	/* ERR_NONE: sent, but for what rest holds. */
	enum err_code (
	    *send)(const struct notify_config *config, struct attempt *attempt, struct err *err);
};

/*
 * What the webhook's header says: "t=TIME,v1=HEX", an HMAC-SHA256 over "TIME.BODY".  The time is
 * signed, too, so that a receiver can refuse what somebody recorded and sends again.
 */
const char *webhook_signature(const char *key, int64_t now_s, const char *text, struct arena *a);

/* A whole message (RFC 5322): both parts, 7-bit, with Message-ID <id@domain of from>. */
const char *note_message(const struct note *note, const char *from, const char *const *to,
    size_t n_to, struct arena *a);

extern const struct channel channel_mail, channel_webhook, channel_command;

#endif
