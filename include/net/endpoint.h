/* An address with a port, and sockets towards it. */
#ifndef MAILREADY_NET_ENDPOINT_H
#define MAILREADY_NET_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/ip.h"

enum {
	ENDPOINT_ZONE_MAX = 16, /* the name of a network interface, with NUL (IF_NAMESIZE) */
	ENDPOINT_TEXT_MAX = IP_TEXT_MAX + ENDPOINT_ZONE_MAX + 6,
};

struct endpoint {
	struct ip ip;
	uint16_t port;                /* host order */
	char zone[ENDPOINT_ZONE_MAX]; /* of a link-local address: its interface; "" elsewhere */
};

/*
 * "ADDR" or "ADDR#PORT" (as dig and unbound write it); default_port when none is given.  A link-local
 * address may have a zone (RFC 4007 11): "fe80::1%eth0".  Whether there is such an interface shows
 * when a socket is connected.
 */
bool endpoint_parse(const char *text, uint16_t default_port, struct endpoint *out);

/*
 * The same as people write it: also "[ADDR]", "ADDR:PORT" and "[ADDR]:PORT".  What may be an IPv6
 * address or another one with ":53" is refused with both readings.  Errors have the caller's code.
 */
enum err_code endpoint_from_user(const char *text, uint16_t default_port, struct endpoint *out,
    enum err_code code, struct err *err) MUST_CHECK;

/* "127.0.0.1#5300"; port 53 is left out.  Returns out. */
const char *endpoint_format(const struct endpoint *e, char out[ENDPOINT_TEXT_MAX]);

bool endpoint_equal(const struct endpoint *a, const struct endpoint *b);

/*
 * A non-blocking, close-on-exec socket of the given type (SOCK_DGRAM, SOCK_STREAM), connecting to
 * the endpoint.  UDP sockets get a random source port from the kernel and hear that peer only.
 * -1 with errno set.
 */
int endpoint_connect(const struct endpoint *e, int type);

/* A socket of the same kind that takes TCP connections to the endpoint; -1 with errno set. */
int endpoint_listen(const struct endpoint *e);

/*
 * The next client of such a socket, and its address (without a port); -1 with errno set, EMFILE when there
 * is no room, in which case the client is sent away.
 */
int endpoint_accept(int fd, struct ip *peer);

/* Closes a socket of these, so that another one may be opened. */
void endpoint_close(int fd);

/*
 * Descriptors are few: of those that the process may have, some are kept for files, programs and
 * the rest of it.  Without room endpoint_connect() fails with EMFILE.
 */
bool endpoint_room(void);

/* Is a quarter of the sockets free?  For whoever begins something that needs several. */
bool endpoint_spare(void);

/* Does this errno mean that there was no descriptor, which says nothing about the peer? */
bool endpoint_starved(int error);

/* Takes all the descriptors that the system allows this process; to be called once, at the start. */
void endpoint_take_limit(void);

#endif
