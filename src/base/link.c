/* Finds web addresses in a text. */
#include "base/link.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"

/* RFC 3986 2, without quotes and brackets of every kind but the round ones, which sentences have around it. */
static const char signs[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
			    "-._~:/?#@!$&*+,;=%";

/* How long the address is that begins here; 0: none does. */
static size_t
url_len(const char *text)
{
	static const char *const schemes[] = { "https://", "http://" };

	for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
		size_t scheme = strlen(schemes[i]);
		if (strncmp(text, schemes[i], scheme) != 0)
			continue;
		size_t len = scheme + strspn(text + scheme, signs);
		/* the sign that ends a sentence is not part of it */
		while (len > scheme && strchr(".,;:!?", text[len - 1]) != NULL)
			len--;
		return isalnum((unsigned char)text[scheme]) ? len : 0;
	}
	return 0;
}

bool
link_next(const char **rest, struct arena *a, struct link_text *out)
{
	const char *text = *rest;

	*out = (struct link_text){ .words = text, .url = "" };
	if (text[0] == '\0')
		return false;
	*rest = "";
	for (const char *c = strstr(text, "http"); c != NULL; c = strstr(c + 1, "http")) {
		bool alone = c == text || c[-1] == ' ' || c[-1] == '(' || c[-1] == '\n';
		size_t len = alone ? url_len(c) : 0;
		if (len == 0)
			continue;
		out->words = arena_strndup(a, text, (size_t)(c - text));
		out->url = arena_strndup(a, c, len);
		*rest = c + len;
		break;
	}
	return true;
}
