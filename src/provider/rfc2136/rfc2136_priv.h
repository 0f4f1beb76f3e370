/* The parts of the provider rfc2136: finding the server, talking to it, and the table's functions. */
#ifndef MAILREADY_PROVIDER_RFC2136_RFC2136_PRIV_H
#define MAILREADY_PROVIDER_RFC2136_RFC2136_PRIV_H

#include <stdbool.h>

#include "dns/answer.h"
#include "dns/tsig.h"
#include "dns/update.h"
#include "provider/provider.h"

/* Where one record set is written. */
enum { RFC2136_SERVERS_MAX = 8 };

struct rfc2136_place {
	struct endpoint server;
	struct endpoint
	    servers[RFC2136_SERVERS_MAX]; /* addresses of the primary, of a place that was found */
	size_t n_servers;
	bool derived; /* the server was found through the zone, nobody named it */
	const char *zone;
	const char *owner;
};

struct rfc2136_state {
	const char *file; /* of the key; for messages */
	struct tsig_key key;
	/* The last set that was read, and the last that was written: a put demands that what was
	 * read is there still, a poll that what was written is. */
	struct rfc2136_set {
		const char *owner; /* NULL: none yet */
		uint16_t type;
		struct dns_rrset set;   /* of its own: what the zone holds for it */
		struct dns_rrset shown; /* what is answered */
		bool synthesised;       /* that comes from a wildcard, or the server makes it up */
	} seen, written;
	int n_polls; /* that did not find what was written */
};

/* ---- rfc2136_zone.c: what the run's resolver knows */

/* The end of the reverse name's CNAME chain (RFC 2317) with its zone and server. */
enum err_code rfc2136_locate_ptr(struct provider_session *s, const struct ip *ip,
    struct rfc2136_place *out, struct err *err) MUST_CHECK;

/* The zone and server of a name that is used as it is. */
enum err_code rfc2136_locate_name(struct provider_session *s, const char *name,
    struct rfc2136_place *out, struct err *err) MUST_CHECK;

/* Does nobody name a server, so that the zone's SOA does? */
bool rfc2136_server_is_derived(const struct provider_options *o);

/* ---- rfc2136_talk.c: signed messages to one server */

struct rfc2136_question {
	const struct rfc2136_place *place;
	const char *name;
	uint16_t type;
};

/* A question to the place's server: the answer is told (or DNS_LOOP) and authoritative, or there
 * is an error. */
enum err_code rfc2136_query(struct provider_session *s, const struct rfc2136_question *question,
    struct arena *a, struct dns_answer *out, struct err *err) MUST_CHECK;

enum err_code rfc2136_update(struct provider_session *s, const struct rfc2136_place *place,
    const struct dns_update *update, struct err *err) MUST_CHECK;

/*
 * Does the zone hold records of that type at the name, whatever is answered?  Sends an update that
 * changes nothing.  A server or key that takes none leaves it at true.  ERR_TEMP: unknown now.
 */
enum err_code rfc2136_holds(struct provider_session *s, const struct rfc2136_question *question,
    bool *out, struct err *err) MUST_CHECK;

/* ---- synthesised.c */

/*
 * What changes for others when the place's owner, whose records of that type are synthesised, gets
 * records of its own (RFC 4592 2.2.1): sentences in the session's arena; NULL when nothing does.
 */
const char *rfc2136_hidden(struct provider_session *s, const struct rfc2136_place *place,
    uint16_t type);

#endif
