/* What a word that is not a target is, and what was probably meant. */
#include <stdint.h>
#include <string.h>
#include <strings.h>

#include "base/number.h"
#include "gather/targets_priv.h"

/* NULL when the word is not of this kind. */
typedef const char *hint_fn(const char *word, struct arena *a);

/* A target without a hint of its own: hints do not lead to hints. */
static bool
is_target(const char *word)
{
	char host[NAME_TEXT_MAX];
	struct ip ip;
	return target_parse_address(word, &ip) || target_parse_host(word, host);
}

static const char *
meant(const char *kind, const char *target, struct arena *a)
{
	return is_target(target) ? arena_printf(a, "%s; did you mean %s?", kind, target) : kind;
}

/* The host between the user and the port (RFC 3986 3.2). */
static const char *
hint_url(const char *word, struct arena *a)
{
	const char *host = strstr(word, "://");
	if (host == NULL)
		return NULL;
	host += 3;
	size_t len = strcspn(host, "/?#");
	const char *at = memchr(host, '@', len);
	if (at != NULL) {
		len -= (size_t)(at + 1 - host);
		host = at + 1;
	}
	size_t n = host[0] == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":");
	return meant("a URL, not a target", arena_strndup(a, host, n < len ? n : len), a);
}

static const char *
hint_mail_address(const char *word, struct arena *a)
{
	const char *at = strrchr(word, '@');
	if (at == NULL)
		return NULL;
	const char *domain = arena_strndup(a, at + 1, strcspn(at + 1, ">?"));
	if (at == word)
		return arena_printf(a,
		    "not a target; did you mean the domain %s, or --resolver %s?", domain, domain);
	return meant("a mail address, not a target", domain, a);
}

/* "mail.example.com:587", but not an IPv6 address, which is full of colons. */
static const char *
hint_port(const char *word, struct arena *a)
{
	uint64_t port;
	const char *colon = strrchr(word, ':');
	if (colon == NULL || !number_is(colon + 1, 1, UINT16_MAX, &port))
		return NULL;
	const char *target = arena_strndup(a, word, (size_t)(colon - word));
	if (!is_target(target))
		return NULL;
	return arena_printf(a,
	    "a target with a port; did you mean %s with --smtp-port %s? Without it port 25 is "
	    "asked",
	    target, colon + 1);
}

/* Postfix asks for no MX record of a name in brackets; here they are for addresses. */
static const char *
hint_brackets(const char *word, struct arena *a)
{
	size_t len = strcspn(word, "]");
	if (word[0] != '[' || word[len] != ']')
		return NULL;
	return meant("not an address, which alone stands in brackets",
	    arena_strndup(a, word + 1, len - 1), a);
}

static const char *
hint_comma(const char *word, struct arena *a)
{
	size_t len = strcspn(word, ",;");
	if (word[len] == '\0' || word[len + 1] == '\0')
		return NULL;
	const char *first = arena_strndup(a, word, len), *rest = word + len + 1;
	if (!is_target(first))
		return NULL;
	const char *second = arena_strndup(a, rest, strcspn(rest, ",;"));
	return arena_printf(a,
	    "not one target; did you mean two, %s and %s, or %s with the EHLO name %s? Put blanks "
	    "or "
	    "line ends between targets. A table needs a header such as \"address%chelo\"",
	    first, second, first, second, word[len]);
}

/* "192.0.2.*", "192.0.*.*" */
static const char *
hint_stars(const char *word, struct arena *a)
{
	struct ip ip;
	char text[IP_TEXT_MAX];
	size_t n = 0, len = strlen(word);
	if (len >= sizeof text)
		return NULL;
	for (size_t i = 0; i <= len; i++)
		text[i] = word[i] == '*' ? '0' : word[i];
	while (
	    n < 2 && len > 2 * n + 1 && strcmp(word + len - 2 * n - 2, n == 0 ? ".*" : ".*.*") == 0)
		n++;
	if (n == 0 || !ip_parse_family(text, 4, &ip) || memchr(word, '*', len - 2 * n) != NULL)
		return NULL;
	return arena_printf(a, "not a block; did you mean %s/%zu?", text, 32 - 8 * n);
}

/* A range with the dash of a text editor, or with two dots. */
static const char *
hint_dash(const char *word, struct arena *a)
{
	static const char *const dashes[] = { "\xe2\x80\x93", "\xe2\x80\x94", ".." };
	struct ip first, last;
	for (size_t i = 0; i < sizeof dashes / sizeof dashes[0]; i++) {
		const char *at = strstr(word, dashes[i]);
		if (at == NULL)
			continue;
		const char *from = arena_strndup(a, word, (size_t)(at - word));
		const char *to = at + strlen(dashes[i]);
		if (ip_parse(from, &first) && ip_parse(to, &last))
			return arena_printf(a, "not a range; did you mean %s-%s, with a hyphen?",
			    from, to);
	}
	return NULL;
}

/* What comes along when a word is copied from a text: quotes, commas, a semicolon. */
static const char *
hint_marks(const char *word, struct arena *a)
{
	static const char before[] = "\"'(<", after[] = "\"')>,;";
	const char *begin = word + strspn(word, before), *end = word + strlen(word);
	while (end > begin && strchr(after, end[-1]) != NULL)
		end--;
	const char *bare = arena_strndup(a, begin, (size_t)(end - begin));
	if (strcmp(bare, word) == 0 || !is_target(bare))
		return NULL;
	return arena_printf(a, "not a target; did you mean %s?", bare);
}

const char *
target_hint(const char *word, struct arena *a)
{
	static hint_fn *const hints[] = { hint_url, hint_mail_address, hint_brackets, hint_port,
		hint_marks, hint_comma, hint_stars, hint_dash };
	const char *hint = NULL;
	for (size_t i = 0; i < sizeof hints / sizeof hints[0] && hint == NULL; i++)
		hint = hints[i](word, a);
	return hint;
}
