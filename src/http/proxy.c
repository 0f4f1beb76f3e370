/* What a proxy of the environment does to a request. */
#include "http/proxy_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/hide.h"
#include "base/secret.h"

#define VARIABLES "check https_proxy and all_proxy"

static const char *const variables[] = { "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY",
	"http_proxy" };

static int
hex_value(char c)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *at = c != '\0' ? strchr(digits, c) : NULL;
	return at != NULL ? (int)((at - digits) % 16) : -1;
}

/* In place: what is sent to the proxy is the password without its %XX. */
static void
decode(char *text)
{
	char *out = text;
	for (; *text != '\0'; text++) {
		bool escape = text[0] == '%' && hex_value(text[1]) >= 0 && hex_value(text[2]) >= 0;
		*out++ = escape ? (char)(hex_value(text[1]) * 16 + hex_value(text[2])) : *text;
		text += escape ? 2 : 0;
	}
	*out = '\0';
}

/* By the last '@': a URL that libcurl cannot parse is the one that it quotes. */
static void
learn(const char *url)
{
	const char *scheme = strstr(url, "://"), *host = strrchr(url, '@');
	const char *user = scheme != NULL ? scheme + 3 : url;
	if (host == NULL || host < user)
		return;
	const char *colon = memchr(user, ':', (size_t)(host - user));
	char *password = secret_dup(colon != NULL ? colon + 1 : user);
	password[host - (colon != NULL ? colon + 1 : user)] = '\0';
	hide_learn(password);
	decode(password);
	hide_learn(password);
	secret_free(password);
}

void
proxy_hide_passwords(void)
{
	for (size_t i = 0; i < sizeof variables / sizeof variables[0]; i++) {
		const char *url = getenv(variables[i]);
		if (url != NULL)
			learn(url);
	}
}

static bool
refused(long status, const char *origin, struct err *err)
{
	if (status == 407)
		err_set(err, ERR_CONFIG,
		    "%s: the proxy requires a login, or does not accept the one that it got (HTTP "
		    "407): " VARIABLES,
		    origin);
	else
		err_set(err, status >= 500 ? ERR_TEMP : ERR_UNAVAILABLE,
		    "%s: the proxy does not connect to it (HTTP %ld)", origin, status);
	return true;
}

static bool
says(const struct curl_job *j, const char *start)
{
	return strncmp(j->reason, start, strlen(start)) == 0;
}

bool
proxy_failed(const struct curl_job *j, CURLcode rc, const char *origin, struct err *err)
{
	long status = 0;
	j->api->getinfo(j->easy, CURLINFO_HTTP_CONNECTCODE, &status);
	if (rc != CURLE_OK && status >= 400)
		return refused(status, origin, err);
	if (rc == CURLE_COULDNT_RESOLVE_PROXY && says(j, "Could not resolve proxy"))
		err_set(err, ERR_UNAVAILABLE, "%s: the proxy's name does not resolve: %s", origin,
		    j->reason);
	else if (rc == CURLE_COULDNT_RESOLVE_PROXY || says(j, "Unsupported proxy"))
		/* libcurl quotes the whole of it */
		err_set(err, ERR_CONFIG,
		    "%s: the proxy's URL is not valid: " VARIABLES
		    "; special characters of a password are written as %%XX",
		    origin);
	else
		return false;
	return true;
}
