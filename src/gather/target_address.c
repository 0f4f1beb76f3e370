/* One address or host name as the user writes it, and how a word is refused. */
#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "base/safe.h"
#include "gather/targets_priv.h"

enum { ADDRESS_WORD_MAX = IP_TEXT_MAX + 16 }; /* "[IPv6:...]:25" */

/* A word of the user's, shortened and made safe for a message. */
enum err_code
target_refuse(struct err *err, const char *word, const char *expected)
{
	struct buf shown;

	buf_init(&shown, 512);
	safe_add(&shown, word, strlen(word), 100);
	enum err_code code = err_set(err, ERR_DATA, "\"%s\" is %s", shown.data, expected);
	buf_fini(&shown);
	return code;
}

bool
target_parse_host(const char *word, char out[NAME_TEXT_MAX])
{
	if (!name_from_user(word, out))
		return false;
	switch (name_host_fault(out)) {
	case NAME_UNDERSCORE:
		return name_labels(out) > 1;
	case NAME_GOOD:
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

size_t
target_len_without_port(const char *word)
{
	static const char port[] = ":25";
	size_t len = strlen(word), n = sizeof port - 1;
	bool counted = word[0] == '[' || strstr(word, "::") == NULL;
	return counted && len > n && strcmp(word + len - n, port) == 0 ? len - n : len;
}

bool
target_parse_address(const char *word, struct ip *out)
{
	static const char tag[] = "[IPv6:";
	char text[ADDRESS_WORD_MAX];
	if (ip_parse(word, out))
		return true;
	size_t len = target_len_without_port(word);
	if (len >= sizeof text)
		return false;
	memcpy(text, word, len);
	text[len] = '\0';
	bool bracketed = text[0] == '[' && text[len - 1] == ']';
	if (bracketed || (len > 0 && text[len - 1] == '.'))
		text[len - 1] = '\0';
	if (!bracketed)
		return ip_parse(text, out);
	bool tagged = strncasecmp(text, tag, sizeof tag - 1) == 0;
	return ip_parse(text + (tagged ? sizeof tag - 1 : 1), out);
}
