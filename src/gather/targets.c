/* Targets as the user writes them: one word, or one line of a list. */
#include "gather/targets.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/lines.h"
#include "base/safe.h"
#include "gather/block_priv.h"

/* A word of the user's, shortened and made safe for a message. */
static enum err_code
refuse(struct err *err, const char *word, const char *expected)
{
	struct buf shown;

	buf_init(&shown, 512);
	safe_add(&shown, word, strlen(word), 100);
	enum err_code code = err_set(err, ERR_DATA, "\"%s\" is %s", shown.data, expected);
	buf_fini(&shown);
	return code;
}

/* Odd names are looked up as they are, but a mistyped address is not a name. */
static bool
parse_host(const char *word, char out[NAME_TEXT_MAX])
{
	if (!name_from_user(word, out))
		return false;
	switch (name_host_fault(out)) {
	case NAME_GOOD:
	case NAME_UNDERSCORE:
	case NAME_SPECIAL_TLD:
	case NAME_LOCALHOST:
		return true;
	case NAME_ROOT:
	case NAME_BAD_BYTE:
	case NAME_HYPHEN:
	case NAME_SINGLE:
	case NAME_ADDRESS:
	case NAME_ARPA:
	case NAME_NUMERIC_TLD:
		return false;
	}
	return false;
}

enum err_code
target_parse_word(const char *word, bool huge, struct arena *a, struct target_spec *out,
    struct err *err)
{
	char host[NAME_TEXT_MAX];

	*out = (struct target_spec){ .names = { .host = "", .ehlo = "", .domain = "" } };
	if (ip_parse(word, &out->first)) {
		out->last = out->first;
		return ERR_NONE;
	}
	const char *fault = block_parse(word, huge, &out->first, &out->last);
	if (fault != NULL)
		return refuse(err, word, fault);
	if (out->first.family != 0)
		return ERR_NONE;
	if (parse_host(word, host)) {
		out->names.host = arena_strdup(a, host);
		return ERR_NONE;
	}
	return refuse(err, word,
	    "not an IPv4 or IPv6 address, a block (192.0.2.0/24), a range "
	    "(192.0.2.1-192.0.2.9) or a host name with a domain");
}

/* "192.0.2.1 - 192.0.2.9", a range with blanks; NULL when it is something else. */
static char *
join_range(const char *first, const char *dash, const char *last, struct arena *a)
{
	struct ip ip;
	if (strcmp(dash, "-") != 0 || last == NULL || !ip_parse(first, &ip) || !ip_parse(last, &ip))
		return NULL;
	return arena_printf(a, "%s-%s", first, last);
}

static enum err_code
parse_words(char *line, bool huge, struct arena *a, struct target_spec *out, struct err *err)
{
	char *first = lines_word(&line), *word = lines_word(&line);
	if (word != NULL && word[0] == '-') {
		first = join_range(first, word, lines_word(&line), a);
		if (first == NULL)
			return refuse(err, word,
			    "not an EHLO name; a range is written as 192.0.2.1-192.0.2.9");
		word = lines_word(&line);
	}
	enum err_code code = target_parse_word(first, huge, a, out, err);
	if (code != ERR_NONE || word == NULL)
		return code;
	if (strlen(word) >= NAME_TEXT_MAX)
		return refuse(err, word, "too long for an EHLO name");
	out->names.ehlo = arena_strdup(a, word);
	if ((word = lines_word(&line)) == NULL)
		return ERR_NONE;
	if (strlen(word) >= NAME_TEXT_MAX)
		return refuse(err, word, "too long for a domain");
	out->names.domain = arena_strdup(a, word);
	if ((word = lines_word(&line)) != NULL)
		return refuse(err, word,
		    "one word too many; expected \"TARGET [EHLO-NAME [DOMAIN]]\"");
	return ERR_NONE;
}

enum target_line
target_line_text(const char *line, size_t len, char out[TARGET_LINE_MAX], struct err *err)
{
	static const char mark[] = "\xef\xbb\xbf";
	if (len >= TARGET_LINE_MAX) {
		(void)err_set(err, ERR_DATA, "line longer than %d bytes", TARGET_LINE_MAX - 1);
		return TARGET_LINE_BAD;
	}
	if (memchr(line, '\0', len) != NULL) {
		(void)err_set(err, ERR_DATA, "line contains a NUL byte; expected text");
		return TARGET_LINE_BAD;
	}
	/* some editors put it before UTF-8 text; files that are joined have it in the middle, too */
	size_t skipped = len >= sizeof mark - 1 && memcmp(line, mark, sizeof mark - 1) == 0 ?
	    sizeof mark - 1 :
	    0;
	memcpy(out, line + skipped, len - skipped);
	out[len - skipped] = '\0';
	out[strcspn(out, "#\n")] = '\0';
	return out[strspn(out, " \t\r")] == '\0' ? TARGET_LINE_BLANK : TARGET_LINE_GOOD;
}

enum target_line
target_parse_line(const char *line, size_t len, bool huge, struct arena *a, struct target_spec *out,
    struct err *err)
{
	char copy[TARGET_LINE_MAX];
	enum target_line kind = target_line_text(line, len, copy, err);

	if (kind != TARGET_LINE_GOOD)
		return kind;
	return parse_words(copy, huge, a, out, err) == ERR_NONE ? TARGET_LINE_GOOD :
								  TARGET_LINE_BAD;
}

bool
target_is_many(const struct target_spec *spec)
{
	return spec->first.family == 0 || !ip_equal(&spec->first, &spec->last);
}

void
target_ip_next(struct ip *ip)
{
	for (int i = ip->family == 4 ? 3 : 15; i >= 0; i--)
		if (++ip->bytes[i] != 0)
			return;
}

/* A last mixing so that neighbours do not end in neighbouring shards. */
unsigned
target_shard(const struct ip *ip, const char *host, unsigned n)
{
	const unsigned char *bytes = ip->family != 0 ? ip->bytes : (const unsigned char *)host;
	size_t len = ip->family == 0 ? strlen(host) : ip->family == 4 ? 4 : 16;
	uint64_t h = hash_add(HASH_START, bytes, len);

	h = (h ^ h >> 32) * 0x9e3779b97f4a7c15U;
	return (unsigned)((h ^ h >> 29) % n);
}
