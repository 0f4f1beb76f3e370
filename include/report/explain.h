/*
 * Refusals explained: what a receiver's reply means, whether its cause is still there, and what to do.
 * The room explain fills it, formats show it.  Texts are as the world sent them unless said otherwise,
 * none is NULL.
 */
#ifndef MAILREADY_REPORT_EXPLAIN_H
#define MAILREADY_REPORT_EXPLAIN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/enumtab.h"
#include "base/ip.h"
#include "base/verdict.h"
#include "report/render.h"

#define EXPLAIN_SCHEMA "mailready.explain/1"

/* By what the provider was recognised, the surest first. */
enum explain_by {
	EXPLAIN_BY_MARK,
	EXPLAIN_BY_MX,
	EXPLAIN_BY_GREETING,
	EXPLAIN_BY_WORDS,
	EXPLAIN_BY_NONE
};
extern const struct enumtab explain_by_names; /* "mark" "mx" "greeting" "words" "none" */

/* Who can act. */
enum explain_who { EXPLAIN_YOU, EXPLAIN_HOSTER, EXPLAIN_LIST, EXPLAIN_RECIPIENT, EXPLAIN_RECEIVER };
extern const struct enumtab explain_who_names; /* "you" "hoster" "list" "recipient" "receiver" */

/* The cause now. */
enum explain_now {
	EXPLAIN_UNKNOWN,
	EXPLAIN_STILL_BROKEN,
	EXPLAIN_REPAIRED,       /* caches may hold the old answer until retry_at */
	EXPLAIN_NEVER_WAS,      /* the list that the reply names does not hold the address */
	EXPLAIN_NOT_VISIBLE,    /* nobody outside can see it */
	EXPLAIN_RECEIVER_FAULT, /* the receiver's own */
};
extern const struct enumtab explain_now_names; /* "unknown" "still-broken" "repaired" ... */

/* How sure the row of the code book is. */
enum explain_sure { EXPLAIN_READ, EXPLAIN_MEMORY, EXPLAIN_GUESS };
extern const struct enumtab explain_sure_names; /* "read" "memory" "guess" */

/* A finding of the checks that ask the same question today; texts are safe to print. */
struct explain_finding {
	const char *id;
	enum verdict verdict;
	enum severity severity;
	const char *subject, *text, *remedy, *why, *spec;
};

/* Another meaning that the same reply has. */
struct explain_other {
	const char *provider, *rule, *cause;
};

enum { EXPLAIN_OTHERS_MAX = 8 };

struct explanation {
	/* the reply */
	int code;           /* 0: it has none */
	const char *status; /* "5.7.25"; "" */
	const char *stage;  /* "greeting" "ehlo" "mail" "rcpt" "data" "end-of-data"; "" */
	const char *text;   /* lines joined, repeated codes taken out */
	const char *host;   /* who answered; "" */
	struct ip address;  /* that was judged; family 0: not known */
	bool address_given; /* by the user, not quoted by the reply */
	struct ip expected; /* the user's, when the reply quotes another one; else family 0 */
	const char *ehlo, *sender,
	    *recipient;          /* EHLO name and two domains, as a log has them; "" */
	int64_t time_s;          /* when it was refused; 0 */
	bool refused;            /* false: the reply accepts, nothing was refused */
	bool by_us, from_client; /* this machine refused: see struct reply */
	/* what the code book says of it */
	const char *provider; /* for people; "" */
	enum explain_by by;
	const char *rule;     /* id of the row; "" */
	const char *cause;    /* its class; "unknown" */
	const char *or_cause; /* a second class that it may mean; "" */
	const char *title;    /* of the class */
	const char *means, *remedy, *source, *date, *checks; /* checks: their ids, by blanks; "" */
	const char *list;                                    /* the DNS list that is meant; "" */
	bool hints; /* what the checks see may be the reason, but only the receiver knows */
	enum explain_who who;
	enum explain_sure sure;
	int64_t wait_s; /* the provider's own, after a repair */
	struct explain_other others[EXPLAIN_OTHERS_MAX];
	size_t n_others;
	/* what the checks say of it now */
	enum explain_now now;
	const char *now_why; /* a sentence; "" */
	int64_t retry_at_s;  /* 0: not known */
	const struct explain_finding *findings;
	size_t n_findings;
	/* of a group: how many replies it stands for, and the time of the newest one */
	size_t count;
	const char *where; /* "mail.log:17"; "" */
};

/* How many replies of a cause came on each day (UTC). */
enum { EXPLAIN_DAYS_MAX = 366 };
struct explain_days {
	const char *cause;
	size_t n[EXPLAIN_DAYS_MAX]; /* by how many days ago, 0 is today; older ones are left out */
};

struct explain_report {
	const struct explanation *const *list;
	size_t n;
	size_t n_refused;
	int64_t now_s;
	bool recipients;                 /* local parts of mail addresses are shown */
	bool summary;                    /* a line a group */
	const struct explain_days *days; /* each cause once */
	size_t n_days;
};

/*
 * The text with every local part of a mail address replaced by "*", so that nobody is named.  Lives in
 * the arena, is no longer than the text.
 */
const char *explain_masked(struct arena *a, const char *text);

/* For people: a paragraph a group, or with summary a line. */
void explain_text(const struct explain_report *r, const struct render_options *o, struct buf *out);

/* The contract EXPLAIN_SCHEMA (data/explain.schema.json): an object a line. */
void explain_json(const struct explain_report *r, const struct render_options *o, struct buf *out);

/* A row a group: for spreadsheets (RFC 4180), for people elsewhere, and a page with the causes over time. */
void explain_csv(const struct explain_report *r, const struct render_options *o, struct buf *out);
void explain_markdown(const struct explain_report *r, const struct render_options *o,
    struct buf *out);
void explain_html(const struct explain_report *r, const struct render_options *o, struct buf *out);

#endif
