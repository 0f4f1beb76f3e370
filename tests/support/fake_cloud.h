/*
 * A provider, its HTTP, the DNS that follows it and the clock, all of them in one struct: for the
 * room fix.  Time passes only by waiting.  A script makes single calls fail; a crash ends the process
 * in the middle.  The struct may lie in shared memory, so that a crash leaves it to the parent.
 */
#ifndef MAILREADY_TESTS_FAKE_CLOUD_H
#define MAILREADY_TESTS_FAKE_CLOUD_H

#include "fix/apply.h"

enum cloud_call {
	CLOUD_GET,
	CLOUD_PUT,
	CLOUD_POLL,
	CLOUD_FORWARD_GET,
	CLOUD_FORWARD_PUT,
	CLOUD_FORWARD_POLL,
	CLOUD_CALLS
};

enum cloud_fault {
	CLOUD_WELL,
	CLOUD_TEMP,         /* 503: not done */
	CLOUD_TEMP_DONE,    /* done, but the answer was lost */
	CLOUD_UNAVAILABLE,  /* no connection */
	CLOUD_UNAUTHORIZED, /* 401 */
	CLOUD_FORBIDDEN,    /* 403 */
	CLOUD_BUSY,         /* 429 with Retry-After: 7 */
	CLOUD_BUSY_LONG,    /* the same with more than there is time for */
	CLOUD_REFUSED,      /* 400 */
	CLOUD_LOST,         /* says yes and forgets it */
	CLOUD_BROKEN,       /* status ERROR */
	CLOUD_STUCK,        /* PENDING for ever */
	CLOUD_MEDDLED,      /* fails, and meanwhile somebody else has set another name */
	CLOUD_DOUBTED,      /* done, but the answer cannot be trusted */
};

struct fake_cloud {
	/* the account */
	char names[PROVIDER_NAMES_MAX][64];
	size_t n_names;
	uint32_t ttl_s;
	bool is_default;
	struct ip ips[4]; /* forward addresses of the first wanted name, in the account */
	size_t n_ips;
	/* how it behaves */
	uint64_t pending_us; /* a put is PENDING for that long */
	uint64_t lag_us;     /* get shows what was before for that long after a put */
	uint64_t dns_us;     /* then the DNS shows it */
	uint64_t second_us;  /* and the second server, later */
	bool dns_never, second_silent;
	enum cloud_fault fault[CLOUD_CALLS]; /* of the first fault_n calls of that kind */
	int fault_n[CLOUD_CALLS];
	int crash_at; /* ends the process at that event; 0: never */
	/* what happened */
	int n_calls[CLOUD_CALLS], events;
	uint64_t now_us, changed_us, forward_us;
	char before[PROVIDER_NAMES_MAX][64]; /* what the DNS still shows */
	size_t n_before;
	char log[2000]; /* "get put poll ..." */
	bool broken, stuck;
	bool forward_broken, forward_stuck;
};

extern const struct provider fake_cloud_provider;

/* Names NULL: nothing set. */
void fake_cloud_init(struct fake_cloud *c, const char *name);
void fake_cloud_session(struct fake_cloud *c, struct provider_session *s);
void fake_cloud_world(struct fake_cloud *c, struct world *w);

#endif
