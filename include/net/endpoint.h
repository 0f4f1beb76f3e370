/* An address with a port, and sockets towards it. */
#ifndef MAILREADY_NET_ENDPOINT_H
#define MAILREADY_NET_ENDPOINT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/ip.h"

enum { ENDPOINT_TEXT_MAX = IP_TEXT_MAX + 6 };

struct endpoint {
	struct ip ip;
	uint16_t port; /* host order */
};

/* "ADDR" or "ADDR#PORT" (as dig and unbound write it); default_port when none is given. */
bool endpoint_parse(const char *text, uint16_t default_port, struct endpoint *out);

/* "127.0.0.1#5300"; port 53 is left out.  Returns out. */
const char *endpoint_format(const struct endpoint *e, char out[ENDPOINT_TEXT_MAX]);

bool endpoint_equal(const struct endpoint *a, const struct endpoint *b);

/*
 * A non-blocking, close-on-exec socket of the given type (SOCK_DGRAM, SOCK_STREAM), connecting to
 * the endpoint.  UDP sockets get a random source port from the kernel and hear that peer only.
 * -1 with errno set.
 */
int endpoint_connect(const struct endpoint *e, int type);

#endif
