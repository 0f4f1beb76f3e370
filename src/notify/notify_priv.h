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

/* What is put into the queue; in an arena. */
struct letter {
	const char *subject, *body;
	const char
	    *event;   /* of an alarm: takes the place of one that waits for the same event; "" */
	bool is_news; /* if not, it waits as long as the one whose place it takes */
	bool waits;   /* it has such a place */
};

/* A way to send, and how it is used: each of its places in the configuration is an outlet. */
struct channel {
	const char *name;
	size_t (*count)(const struct notify_config *config);
	/* The name of that place; NULL: it has only one, without a name. */
	const char *(*place)(const struct notify_config *config, size_t index);
	/* Which news it is for; NULL: all. */
	const struct notify_filter *(*filter)(const struct notify_config *config, size_t index);
	/*
	 * Does it keep alarms?  Then it gets what has come and gone, not signs of life.  NULL: it does not.
	 */
	bool (*is_alarm)(const struct notify_config *config, size_t index);
	struct letter *(*letters)(const struct notify_config *config, size_t index,
	    const struct note *note, struct arena *a, size_t *n);
	/* ERR_NONE: sent, but for what rest holds. */
	enum err_code (*send)(const struct notify_config *config, size_t index,
	    struct attempt *attempt, struct err *err);
};

struct outlet {
	const struct channel *channel;
	size_t index;
	const char *name; /* as in the queue: "mail", "webhook ops" */
	/* in this run */
	bool down; /* it failed: the rest of its messages waits untried */
	int64_t not_before_s;
	struct err why;
};

/* All that are configured, in a. */
struct outlet *notify_outlets(const struct notify_config *config, struct arena *a, size_t *n);

/* What of a run is for an outlet. */
struct selection {
	struct watched_server *servers;
	size_t n;
	struct history_outage *outages;
	size_t n_outages;
};
/* alarms: it keeps them, so that what is no longer severe enough has gone */
void notify_select(const struct notify_filter *filter, bool alarms, const struct notify_run *run,
    const struct watched_server *servers, size_t n, struct arena *a, struct selection *out);

/* A letter of its own: what most channels put into the queue. */
struct letter *letter_alone(const struct note *note, const char *body, struct arena *a, size_t *n);

/* "mailready.webhook/1": what a template is filled with, all of a note's events. */
#define WEBHOOK_VALUES "mailready.webhook/1"
const char *note_values(const struct note *note, struct arena *a);

/* The same, a letter an event; repeat: also of what stands. */
struct letter *note_alarms(const struct note *note, bool repeat, struct arena *a, size_t *n);

/* Which event a body of an alarm is of, as letter.event; "" of any other. */
const char *alarm_event(const char *body, struct arena *a);

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
