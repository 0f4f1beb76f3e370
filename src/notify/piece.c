/* The pieces of a template's string: text, and values by their names. */
#include <string.h>

#include "template_priv.h"

static bool
read_limit(const char *digits, const char *end, size_t *limit)
{
	*limit = 0;
	for (; digits < end && *limit <= PIECE_LIMIT_MAX; digits++) {
		if (*digits < '0' || *digits > '9')
			return false;
		*limit = *limit * 10 + (size_t)(*digits - '0');
	}
	return *limit >= PIECE_LIMIT_MIN && *limit <= PIECE_LIMIT_MAX;
}

bool
piece_next(const char **at, struct piece *out, const char **fault)
{
	const char *text = *at, *value = strstr(text, "${");
	*fault = NULL;
	*out = (struct piece){ .text = text };
	if (text[0] == '\0')
		return false;
	if (value != text) {
		out->len = value != NULL ? (size_t)(value - text) : strlen(text);
		*at = text + out->len;
		return true;
	}
	const char *name = text + 2, *end = strchr(name, '}');
	size_t len = strcspn(name, ":}");
	if (end == NULL || len == 0 || len >= PIECE_NAME_MAX)
		*fault = "expected ${NAME} or ${NAME:LIMIT}";
	else if (name[len] == ':' && !read_limit(name + len + 1, end, &out->limit))
		*fault = "expected a limit from 4 to 100000 in ${NAME:LIMIT}";
	if (*fault != NULL)
		return false;
	memcpy(out->name, name, len);
	*at = end + 1;
	return true;
}
