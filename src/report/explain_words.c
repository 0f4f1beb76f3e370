/* The words of explanations, and texts that name nobody. */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "report/explain.h"

static const struct enumtab_row now_rows[] = {
	{ "unknown", EXPLAIN_UNKNOWN },
	{ "still-broken", EXPLAIN_STILL_BROKEN },
	{ "repaired", EXPLAIN_REPAIRED },
	{ "never-was", EXPLAIN_NEVER_WAS },
	{ "not-visible", EXPLAIN_NOT_VISIBLE },
	{ "receiver-fault", EXPLAIN_RECEIVER_FAULT },
};
static const struct enumtab_row by_rows[] = {
	{ "mark", EXPLAIN_BY_MARK },
	{ "mx", EXPLAIN_BY_MX },
	{ "greeting", EXPLAIN_BY_GREETING },
	{ "words", EXPLAIN_BY_WORDS },
	{ "none", EXPLAIN_BY_NONE },
};
static const struct enumtab_row who_rows[] = {
	{ "you", EXPLAIN_YOU },
	{ "hoster", EXPLAIN_HOSTER },
	{ "list", EXPLAIN_LIST },
	{ "recipient", EXPLAIN_RECIPIENT },
	{ "receiver", EXPLAIN_RECEIVER },
};
static const struct enumtab_row sure_rows[] = {
	{ "read", EXPLAIN_READ },
	{ "memory", EXPLAIN_MEMORY },
	{ "guess", EXPLAIN_GUESS },
};
const struct enumtab explain_now_names = ENUMTAB(now_rows);
const struct enumtab explain_by_names = ENUMTAB(by_rows);
const struct enumtab explain_who_names = ENUMTAB(who_rows);
const struct enumtab explain_sure_names = ENUMTAB(sure_rows);

/* Of a local part without quotes: atext and the dot of RFC 5322 3.2.3, and what is not ASCII (RFC 6531). */
static bool
is_local(char c)
{
	return isalnum((unsigned char)c) || (unsigned char)c >= 0x80 ||
	    (c != '\0' && strchr("!#$%&'*+-/=?^_`{|}~.", c) != NULL);
}

static bool
is_domain_start(char c)
{
	return isalnum((unsigned char)c) || c == '[' || (unsigned char)c >= 0x80;
}

/* How many of the len bytes at the end of out are a local part. */
static size_t
local_len(const char *out, size_t len)
{
	size_t n = 0;
	if (len > 1 && out[len - 1] == '"') {
		const char *open = memrchr(out, '"', len - 1);
		return open != NULL ? (size_t)(out + len - open) : 0;
	}
	while (n < len && is_local(out[len - 1 - n]))
		n++;
	return n;
}

const char *
explain_masked(struct arena *a, const char *text)
{
	char *out = arena_strndup(a, text, strlen(text));
	size_t len = 0;
	for (const char *c = text; *c != '\0'; c++) {
		size_t local = *c == '@' && is_domain_start(c[1]) ? local_len(out, len) : 0;
		if (local > 0) {
			len -= local;
			out[len++] = '*';
		}
		out[len++] = *c;
	}
	out[len] = '\0';
	return out;
}
