/* The servers of one zone, found and asked: what authority.c makes its view of. */
#ifndef MAILREADY_VIEWS_AUTHORITY_PRIV_H
#define MAILREADY_VIEWS_AUTHORITY_PRIV_H

#include "views/authority.h"
#include "views/names.h"
#include "views/way.h"

/* What the servers of a zone are asked. */
struct authority_question {
	const struct target *target;
	const char *name;
	uint16_t type;
	struct name_set servers; /* those that are named for the zone */
};

/* Wants the addresses of the servers, and the answer of each that is to be asked. */
void authority_want_servers(const struct authority_question *q, struct facts *f);

/* Fills in names, servers, what was left out, and what follows from all of them. */
void authority_view_servers(const struct authority_question *q, const struct facts *f,
    struct arena *a, struct authority_view *out);

/* ---- authority_address.c */

/* A zone's owner must not make us send to our own network. */
bool authority_may_send(const struct target *t, const struct facts *f, const struct ip *ip);

/* The first of the server's addresses to which the way is that one; NULL. */
const struct ip *authority_on_way(const struct target *t, const struct facts *f, const char *server,
    enum nat64_way way);

/* Why nothing is sent to the server, of AUTHORITY_PRIVATE; its answer is that about this network's prefix. */
const char *authority_kept(const struct authority_server *server, struct arena *a);

#endif
