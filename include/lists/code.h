/*
 * The meaning of a list's answers: listed, clean, or unknown with a reason.  Pure.
 */
#ifndef MAILREADY_LISTS_CODE_H
#define MAILREADY_LISTS_CODE_H

#include "base/enumtab.h"
#include "dns/answer.h"
#include "lists/catalogue.h"

enum list_state {
	LIST_UNKNOWN, /* it was or should have been asked, and has not said */
	LIST_CLEAN,
	LIST_LISTED,
	LIST_NOT_APPLICABLE, /* not for this subject or run: LIST_FAMILY, or LIST_NOT_ASKED of a
				special-use address or an offline run */
};
extern const struct enumtab list_state_names; /* "unknown" "clean" "listed" "not-applicable" */

/* Why a list is unknown or not applicable. */
enum list_reason {
	LIST_OK = 0,
	LIST_PENDING, /* no answer when the time was up (also dns timeout) */
	LIST_TIMEOUT,
	LIST_SERVFAIL,
	LIST_REFUSED,        /* rcode REFUSED */
	LIST_DNS_ERROR,      /* any other DNS failure */
	LIST_REFUSED_PUBLIC, /* 127.255.255.254: asked through a public or unattributable resolver */
	LIST_REFUSED_VOLUME, /* 127.255.255.255: too many queries */
	LIST_REFUSED_TYPO,   /* 127.255.255.252: zone name mistyped */
	LIST_REFUSED_OTHER,  /* another code that the list uses to refuse */
	LIST_EMPTY,          /* the test entry that must be listed is not */
	LIST_WILDCARD,       /* the test entry that must not be listed is */
	LIST_PARKED,         /* an answer outside 127.0.0.0/8 */
	LIST_UNTESTED,   /* silent, without a test entry, where most lists with one seem empty */
	LIST_NOT_ASKED,  /* offline, special-use address */
	LIST_FAMILY,     /* the list does not take this address family */
	LIST_KEY_NEEDED, /* no key for it */
	LIST_KEY_WRONG,  /* with the key, not even the test entry is listed */
	LIST_FILTERED,   /* empty like most others, and no answer in 127.0.0.0/8 came through */
	LIST_BUDGET,     /* it allows no more questions today */
	LIST_PRIVATE,    /* not asked: its servers have private addresses alone */
};
extern const struct enumtab list_reason_names; /* "timeout" "refused-public-resolver" ... */

/* A sentence part for people, for every reason. */
const char *list_reason_text(enum list_reason reason);

struct list_verdict {
	enum list_state state;
	enum list_reason reason; /* LIST_OK when it is listed or clean */
	enum list_impact impact; /* of the worst code when listed, else of the list */
	const char *codes[16];   /* the answers that decided, as text: sorted, each once */
	size_t n_codes;
	/* parallel to codes: what the list means by them; "" when that is not known, or no matter
	 * because the list gave no usable answer */
	const char *meanings[16];
	/* parallel to codes, when listed: what to fix, ""; what explains it */
	const char *fixes[16];
	enum list_cause causes[16];
	enum list_cause cause; /* of any code, when listed */
	struct ip odd;         /* the answer outside 127/8, for LIST_PARKED; else family 0 */
};

/*
 * One list's verdict from three answers: the address's own, and those of the test entries
 * (NULL when the list has none).  The rules are RFC 5782 sections 2.3 and 5.  What makes a list
 * untrustworthy comes first: an answer outside 127/8 anywhere, a refusal anywhere, the entry that
 * must not be listed, the entry that must be; then DNS failures; only then the address's answer.
 */
void list_judge(const struct list *l, const struct dns_answer *answer,
    const struct dns_answer *must_list, const struct dns_answer *must_not, struct arena *a,
    struct list_verdict *out);

/* Does the answer, taken by itself, hold a listing code? */
bool list_answer_lists(const struct list *l, const struct dns_answer *answer);

#endif
