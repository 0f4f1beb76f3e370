#include "app/targets.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/safe.h"

/* A word of the user's, shortened and made safe for a message. */
static enum err_code
refuse(struct err *err, const char *word, const char *expected)
{
	struct buf shown;

	buf_init(&shown, 512);
	safe_add(&shown, word, strlen(word), 80);
	enum err_code code = err_set(err, ERR_DATA, "\"%s\" is %s", shown.data, expected);
	buf_fini(&shown);
	return code;
}

static bool
looks_like_prefix(const char *word)
{
	const char *slash = strchr(word, '/');

	return slash != NULL && strspn(slash + 1, "0123456789") == strlen(slash + 1);
}

/* Names may be odd, they are looked up as they are; but a typing error in an address is no name. */
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
target_parse_word(const char *word, struct target_spec *out, struct err *err)
{
	*out = (struct target_spec){ .line = 0 };
	if (ip_parse(word, &out->ip))
		return ERR_NONE;
	if (looks_like_prefix(word))
		return refuse(err, word, "a block of addresses; expected one IPv4 or IPv6 address, or a host name");
	if (parse_host(word, out->host))
		return ERR_NONE;
	return refuse(err, word,
	    "no target; expected an IPv4 address, an IPv6 address or a host name with a domain");
}

/* Cuts the next word out of the line; NULL at its end. */
static char *
next_word(char **line)
{
	char *word = *line + strspn(*line, " \t\r");

	if (*word == '\0')
		return NULL;
	char *end = word + strcspn(word, " \t\r");
	*line = *end != '\0' ? end + 1 : end;
	*end = '\0';
	return word;
}

static bool
copy_word(const char *word, char out[NAME_TEXT_MAX])
{
	size_t n = strlen(word);

	if (n >= NAME_TEXT_MAX)
		return false;
	memcpy(out, word, n + 1);
	return true;
}

static enum err_code
parse_words(char *line, struct target_spec *out, struct err *err)
{
	char *word = next_word(&line);
	enum err_code code = target_parse_word(word, out, err);

	if (code != ERR_NONE)
		return code;
	if ((word = next_word(&line)) != NULL && !copy_word(word, out->ehlo))
		return refuse(err, word, "too long for an EHLO name");
	if ((word = next_word(&line)) != NULL && !copy_word(word, out->domain))
		return refuse(err, word, "too long for a domain");
	if ((word = next_word(&line)) != NULL)
		return refuse(err, word, "one word too many; expected \"ADDRESS [EHLO-NAME [DOMAIN]]\"");
	return ERR_NONE;
}

enum target_line
target_parse_line(const char *line, size_t len, struct target_spec *out, struct err *err)
{
	char copy[TARGET_LINE_MAX];

	if (len >= sizeof copy) {
		(void)err_set(err, ERR_DATA, "line longer than %d bytes", TARGET_LINE_MAX - 1);
		return TARGET_LINE_BAD;
	}
	if (memchr(line, '\0', len) != NULL) {
		(void)err_set(err, ERR_DATA, "line holds a NUL byte; expected text");
		return TARGET_LINE_BAD;
	}
	memcpy(copy, line, len);
	copy[len] = '\0';
	copy[strcspn(copy, "#\n")] = '\0';
	if (copy[strspn(copy, " \t\r")] == '\0')
		return TARGET_LINE_BLANK;
	return parse_words(copy, out, err) == ERR_NONE ? TARGET_LINE_GOOD : TARGET_LINE_BAD;
}
