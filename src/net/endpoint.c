/* Addresses with a port: text, comparison, connecting sockets. */
#include "net/endpoint.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static bool
parse_port(const char *text, uint16_t *port)
{
	unsigned value = 0;

	if (*text == '\0')
		return false;
	for (; *text != '\0'; text++) {
		if (*text < '0' || *text > '9')
			return false;
		value = value * 10 + (unsigned)(*text - '0');
		if (value > 65535)
			return false;
	}
	*port = (uint16_t)value;
	return value != 0;
}

bool
endpoint_parse(const char *text, uint16_t default_port, struct endpoint *out)
{
	char address[IP_TEXT_MAX];
	size_t len = strcspn(text, "#");

	out->port = default_port;
	if (len >= sizeof address || (text[len] == '#' && !parse_port(text + len + 1, &out->port)))
		return false;
	memcpy(address, text, len);
	address[len] = '\0';
	return ip_parse(address, &out->ip);
}

const char *
endpoint_format(const struct endpoint *e, char out[ENDPOINT_TEXT_MAX])
{
	ip_format(&e->ip, out);
	if (e->port != 53) {
		size_t len = strlen(out);
		snprintf(out + len, ENDPOINT_TEXT_MAX - len, "#%u", e->port);
	}
	return out;
}

bool
endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && ip_equal(&a->ip, &b->ip);
}

/* The length for connect(). */
static socklen_t
fill_sockaddr(const struct endpoint *e, struct sockaddr_storage *ss)
{
	memset(ss, 0, sizeof *ss);
	if (e->ip.family == 4) {
		struct sockaddr_in sin = { .sin_family = AF_INET, .sin_port = htons(e->port) };
		memcpy(&sin.sin_addr, e->ip.bytes, 4);
		memcpy(ss, &sin, sizeof sin);
		return sizeof sin;
	}
	struct sockaddr_in6 sin6 = { .sin6_family = AF_INET6, .sin6_port = htons(e->port) };
	memcpy(&sin6.sin6_addr, e->ip.bytes, 16);
	memcpy(ss, &sin6, sizeof sin6);
	return sizeof sin6;
}

int
endpoint_connect(const struct endpoint *e, int type)
{
	struct sockaddr_storage ss;
	socklen_t len = fill_sockaddr(e, &ss);
	int fd = socket(ss.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&ss, len) == 0 || errno == EINPROGRESS)
		return fd;
	int saved = errno;
	close(fd);
	errno = saved;
	return -1;
}
