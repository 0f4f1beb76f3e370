/* Takes a URL apart. */
#include "http/url_priv.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/ip.h"

enum { HOST_MAX = 256 };

/*
 * Two readers of one URL may disagree about its host; everything they could disagree about is
 * refused: users and passwords, backslashes, blanks, bytes beyond ASCII.
 */
static bool
is_plain(const char *url)
{
	for (const unsigned char *p = (const unsigned char *)url; *p != '\0'; p++)
		if (*p <= ' ' || *p >= 0x7f || *p == '\\' || *p == '"' || *p == '<' || *p == '>')
			return false;
	return true;
}

/* The host between "//" and what follows it, without the brackets of an IPv6 address. */
static bool
read_host(const char *authority, size_t len, char host[HOST_MAX])
{
	if (len == 0 || len >= HOST_MAX || memchr(authority, '@', len) != NULL)
		return false;
	const char *end = authority[0] == '[' ? memchr(authority, ']', len) :
						memchr(authority, ':', len);
	if (authority[0] == '[') {
		if (end == NULL)
			return false;
		authority++;
		len--;
	}
	size_t host_len = end != NULL ? (size_t)(end - authority) : len;
	memcpy(host, authority, host_len);
	host[host_len] = '\0';
	return host_len > 0 &&
	    strspn(host,
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
		"0123456789.-_:") == host_len;
}

static bool
is_loopback(const char *host)
{
	static const struct ip loopback6 = { .family = 6, .bytes = { [15] = 1 } };
	struct ip ip;
	if (!ip_parse(host, &ip))
		return false;
	return (ip.family == 4 && ip.bytes[0] == 127) || ip_equal(&ip, &loopback6);
}

/* Plain http reveals credentials to whoever is in between; here nobody is. */
static bool
is_near(const char *host)
{
	static const struct ip metadata = { .family = 4, .bytes = { 169, 254, 169, 254 } };
	struct ip ip;
	return is_loopback(host) || (ip_parse(host, &ip) && ip_equal(&ip, &metadata));
}

enum err_code
url_view(const char *url, struct url_view *out, struct err *err)
{
	char host[HOST_MAX];
	*out = (struct url_view){ .tls = strncasecmp(url, "https://", 8) == 0 };
	if (!out->tls && strncasecmp(url, "http://", 7) != 0)
		return err_set(err, ERR_CONFIG, "a URL must start with https://");
	const char *authority = url + (out->tls ? 8 : 7);
	size_t len = strcspn(authority, "/?#");
	if (!is_plain(url) || !read_host(authority, len, host))
		return err_set(err, ERR_CONFIG, "the URL is malformed, or contains a user name");
	snprintf(out->origin, sizeof out->origin, "%s://%.*s", out->tls ? "https" : "http",
	    (int)len, authority);
	out->direct = is_near(host);
	if (!out->tls && !out->direct)
		return err_set(err, ERR_CONFIG,
		    "%s: plain HTTP is only for loopback addresses (127.0.0.1, [::1]); use https",
		    out->origin);
	return ERR_NONE;
}

enum err_code
url_view_mail(const char *url, bool plain, struct url_view *out, struct err *err)
{
	char host[HOST_MAX];
	*out = (struct url_view){ .tls = strncasecmp(url, "smtps://", 8) == 0, .direct = true };
	if (!out->tls && strncasecmp(url, "smtp://", 7) != 0)
		return err_set(err, ERR_CONFIG,
		    "a mail server is written as smtp://HOST:PORT or smtps://HOST");
	const char *authority = url + (out->tls ? 8 : 7);
	size_t len = strcspn(authority, "/?#");
	if (!is_plain(url) || !read_host(authority, len, host))
		return err_set(err, ERR_CONFIG,
		    "the mail server's URL is malformed, or contains a user name");
	if (authority[len] != '\0' && strcmp(authority + len, "/") != 0)
		return err_set(err, ERR_CONFIG,
		    "the mail server's URL has more than a host and a port");
	snprintf(out->origin, sizeof out->origin, "%s://%.*s", out->tls ? "smtps" : "smtp",
	    (int)len, authority);
	/* libcurl gives localhost the loopback addresses, whatever the DNS says */
	if (plain && (out->tls || (!is_loopback(host) && strcasecmp(host, "localhost") != 0)))
		return err_set(err, ERR_CONFIG,
		    "%s: mail without TLS is only for smtp:// on loopback (127.0.0.1, [::1], "
		    "localhost)",
		    out->origin);
	return ERR_NONE;
}
