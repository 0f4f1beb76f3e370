/* What the readers of the programs' logs share: values after keys, names, addresses, the reply in a line. */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "explain/log_priv.h"

const char *
log_value(const char *text, const char *key, const char *ends, size_t *len)
{
	const char *at = strstr(text, key);
	*len = 0;
	if (at == NULL)
		return "";
	at += strlen(key);
	*len = strcspn(at, ends);
	return at;
}

const char *
log_domain(const struct log_text *l, const char *key, const char *ends)
{
	size_t len;
	const char *value = log_value(l->text, key, ends, &len);
	return reply_domain(value, len, l->arena);
}

const char *
log_host_name(const char *text, size_t len, struct arena *a)
{
	size_t n = 0;
	while (n < len && (isalnum((unsigned char)text[n]) || strchr(".-_", text[n]) != NULL))
		n++;
	while (n > 0 && text[n - 1] == '.')
		n--;
	if (n == 4 && memcmp(text, "none", 4) == 0)
		n = 0;
	char *name = arena_strndup(a, text, n);
	for (char *c = name; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return name;
}

struct ip
log_address(const char *text, size_t len, struct arena *a)
{
	return reply_address(arena_strndup(a, text, len));
}

bool
log_is_own(const char *relay)
{
	static const char *const own[] = { "127.", "::1]", "IPv6:::1]", "IPv6:0:0:0:0:0:0:0:1]",
		"private/", "public/", "/" };
	for (size_t i = 0; i < sizeof own / sizeof own[0]; i++)
		if (strncmp(relay, own[i], strlen(own[i])) == 0)
			return true;
	return false;
}

bool
log_is_own_host(const char *host)
{
	const char *open = host + strcspn(host, "[, ");
	open += open[0] == ' ';
	return open[0] == '[' && log_is_own(open + 1);
}

void
log_take(const struct log_text *l, const char *text, size_t len, const char *host)
{
	reply_read(text, len, l->arena, l->out);
	if (l->out->host[0] == '\0')
		l->out->host = host;
	if (l->stamp != NULL)
		(void)log_time(l->stamp, l->now_s, &l->out->time_s);
}
