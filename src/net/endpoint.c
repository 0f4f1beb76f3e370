/* Addresses with a port: text, comparison, connecting sockets. */
#include "net/endpoint.h"

#include <arpa/inet.h>
#include <errno.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	LIMIT_MAX = 65536, /* more than any run needs */
	KEPT_FREE = 64,
};

static size_t n_sockets; /* open */

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

static bool
copy_part(const char *text, size_t len, char *out, size_t size)
{
	if (len >= size)
		return false;
	memcpy(out, text, len);
	out[len] = '\0';
	return true;
}

/* fe80::/10 (RFC 4291 2.5.6): the same address may be on every link. */
static bool
is_link_local(const struct ip *ip)
{
	return ip->family == 6 && ip->bytes[0] == 0xfe && (ip->bytes[1] & 0xc0) == 0x80;
}

/* The text after '%'.  What stands there is shown again: nothing but what names an interface. */
static bool
parse_zone(const char *text, size_t len, struct endpoint *out)
{
	for (size_t i = 0; i < len; i++)
		if (text[i] <= ' ' || text[i] > '~' || text[i] == '/' || text[i] == '%')
			return false;
	return len > 0 && is_link_local(&out->ip) &&
	    copy_part(text, len, out->zone, sizeof out->zone);
}

bool
endpoint_parse(const char *text, uint16_t default_port, struct endpoint *out)
{
	char address[IP_TEXT_MAX];
	size_t len = strcspn(text, "#"), ip_len = strcspn(text, "%#");

	*out = (struct endpoint){ .port = default_port };
	if (text[len] == '#' && !parse_port(text + len + 1, &out->port))
		return false;
	if (!copy_part(text, ip_len, address, sizeof address) || !ip_parse(address, &out->ip))
		return false;
	return ip_len == len || parse_zone(text + ip_len + 1, len - ip_len - 1, out);
}

/* The port behind a colon: after brackets, or where the text is not an IPv6 address as a whole. */
static bool
parse_with_colon(const char *text, uint16_t default_port, struct endpoint *out)
{
	char plain[ENDPOINT_TEXT_MAX];
	bool bracketed = text[0] == '[';
	const char *end = strrchr(text, bracketed ? ']' : ':');
	/* behind a bare "::" the groups cannot be counted: that is a mistyped address */
	if (end == NULL || (!bracketed && strstr(text, "::") != NULL))
		return false;
	const char *port = end + bracketed;
	if (*port != '\0' && (*port != ':' || port[1] == '\0') && (!bracketed || *port != '#'))
		return false;
	int n = snprintf(plain, sizeof plain, "%.*s%s%s", (int)(end - text) - bracketed,
	    text + bracketed, *port != '\0' ? "#" : "", *port != '\0' ? port + 1 : "");
	return n > 0 && (size_t)n < sizeof plain && strchr(port + (*port != '\0'), '#') == NULL &&
	    endpoint_parse(plain, default_port, out);
}

/* "::1:53": an address, and another one with the usual port.  at: where the port would begin. */
static bool
has_two_readings(const char *text, size_t *at)
{
	char address[IP_TEXT_MAX];
	struct ip ip;
	const char *colon = strrchr(text, ':');
	if (colon == NULL || strcmp(colon, ":53") != 0)
		return false;
	*at = (size_t)(colon - text);
	return ip_parse_family(text, 6, &ip) && copy_part(text, *at, address, sizeof address) &&
	    ip_parse_family(address, 6, &ip);
}

enum err_code
endpoint_from_user(const char *text, uint16_t default_port, struct endpoint *out,
    enum err_code code, struct err *err)
{
	size_t at;
	if (has_two_readings(text, &at))
		return err_set(err, code,
		    "'%s' has two readings: the address, written [%s], or port 53 of another one, "
		    "written %.*s#53",
		    text, text, (int)at, text);
	if (endpoint_parse(text, default_port, out) || parse_with_colon(text, default_port, out))
		return ERR_NONE;
	return err_set(err, code,
	    "expected an IP address, or ADDRESS#PORT (as in 127.0.0.1#5300, or fe80::1%%eth0 for a "
	    "link-local address), not '%s'",
	    text);
}

const char *
endpoint_format(const struct endpoint *e, char out[ENDPOINT_TEXT_MAX])
{
	ip_format(&e->ip, out);
	size_t len = strlen(out);
	if (e->zone[0] != '\0')
		len += (size_t)snprintf(out + len, ENDPOINT_TEXT_MAX - len, "%%%s", e->zone);
	if (e->port != 53)
		snprintf(out + len, ENDPOINT_TEXT_MAX - len, "#%u", e->port);
	return out;
}

bool
endpoint_equal(const struct endpoint *a, const struct endpoint *b)
{
	return a->port == b->port && ip_equal(&a->ip, &b->ip) && strcmp(a->zone, b->zone) == 0;
}

/* RFC 4007 11.2: an interface, by its name or number; 0, with which nothing connects, for none. */
static uint32_t
zone_id(const char *zone)
{
	unsigned id = if_nametoindex(zone);

	return id != 0 ? id : (uint32_t)strtoul(zone, NULL, 10);
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
	if (e->zone[0] != '\0')
		sin6.sin6_scope_id = zone_id(e->zone);
	memcpy(ss, &sin6, sizeof sin6);
	return sizeof sin6;
}

/* How many sockets there may be. */
static size_t
most_sockets(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur > LIMIT_MAX)
		return LIMIT_MAX - KEPT_FREE;
	return limit.rlim_cur > 2 * KEPT_FREE ? limit.rlim_cur - KEPT_FREE : limit.rlim_cur / 2;
}

bool
endpoint_room(void)
{
	return n_sockets < most_sockets();
}

bool
endpoint_spare(void)
{
	return n_sockets < most_sockets() / 4 * 3;
}

bool
endpoint_starved(int error)
{
	return error == EMFILE || error == ENFILE;
}

void
endpoint_take_limit(void)
{
	struct rlimit limit;
	if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
		return;
	limit.rlim_cur = limit.rlim_max < LIMIT_MAX ? limit.rlim_max : LIMIT_MAX;
	(void)setrlimit(RLIMIT_NOFILE, &limit); /* without it, things take longer */
}

void
endpoint_close(int fd)
{
	close(fd);
	n_sockets--;
}

/* -1, with the reason in errno. */
static int
give_up(int fd)
{
	int saved = errno;

	close(fd);
	errno = saved;
	return -1;
}

int
endpoint_connect(const struct endpoint *e, int type)
{
	struct sockaddr_storage ss;
	socklen_t len = fill_sockaddr(e, &ss);

	if (!endpoint_room()) {
		errno = EMFILE;
		return -1;
	}
	int fd = socket(ss.ss_family, type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	if (connect(fd, (struct sockaddr *)&ss, len) == 0 || errno == EINPROGRESS) {
		n_sockets++;
		return fd;
	}
	return give_up(fd);
}

int
endpoint_listen(const struct endpoint *e)
{
	enum { BACKLOG = 32 };
	struct sockaddr_storage ss;
	socklen_t len = fill_sockaddr(e, &ss);
	int one = 1;

	int fd = socket(ss.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return -1;
	(void)setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
	if (bind(fd, (struct sockaddr *)&ss, len) == 0 && listen(fd, BACKLOG) == 0) {
		n_sockets++;
		return fd;
	}
	return give_up(fd);
}

int
endpoint_accept(int fd, struct ip *peer)
{
	struct sockaddr_storage ss = { .ss_family = AF_UNSPEC };
	socklen_t len = sizeof ss;
	int client = accept4(fd, (struct sockaddr *)&ss, &len, SOCK_NONBLOCK | SOCK_CLOEXEC);

	*peer = (struct ip){ .family = 0 };
	if (client < 0)
		return -1;
	if (!endpoint_room()) {
		close(client);
		errno = EMFILE;
		return -1;
	}
	if (ss.ss_family == AF_INET) {
		peer->family = 4;
		memcpy(peer->bytes, &((struct sockaddr_in *)&ss)->sin_addr, 4);
	} else if (ss.ss_family == AF_INET6) {
		peer->family = 6;
		memcpy(peer->bytes, &((struct sockaddr_in6 *)&ss)->sin6_addr, 16);
		*peer = ip_unmapped(peer);
	}
	n_sockets++;
	return client;
}
