/* Targets as the user writes them: one word, or one line of a list. */
#include "gather/targets.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "base/lines.h"
#include "base/utf8.h"
#include "gather/targets_priv.h"

/* --- lines of words */

/* "192.0.2.1 - 192.0.2.9", a range with blanks; NULL when it is something else. */
static char *
join_range(const char *first, const char *dash, const char *last, struct arena *a)
{
	struct ip ip;
	if (strcmp(dash, "-") != 0 || last == NULL || !ip_parse(first, &ip) || !ip_parse(last, &ip))
		return NULL;
	return arena_printf(a, "%s-%s", first, last);
}

/* A setting of Postfix and the like: "smtp_bind_address = 192.0.2.1". */
static bool
is_setting(const char *word)
{
	return word != NULL && strcmp(word, "=") == 0;
}

#define LINE_FORM "TARGET [EHLO-NAME [DOMAIN]]"

static enum err_code
take_domain(const char *word, struct arena *a, struct target_names *out, struct err *err)
{
	if (strlen(word) >= NAME_TEXT_MAX)
		return target_refuse(err, word, "too long for a domain");
	if (strchr(word, '.') == NULL)
		return target_refuse(err, word,
		    "not a domain; expected \"" LINE_FORM "\". Is this a hosts file? "
		    "Then omit the short names, or begin with its line of localhost");
	out->domain = arena_strdup(a, word);
	return ERR_NONE;
}

/* at: which of the words without a key it is. */
static enum err_code
take_word(size_t at, const char *word, struct arena *a, struct target_names *out, struct err *err)
{
	if (at == 1)
		return take_domain(word, a, out, err);
	if (at > 1)
		return target_refuse(err, word, "one word too many; expected \"" LINE_FORM "\"");
	if (strlen(word) >= NAME_TEXT_MAX)
		return target_refuse(err, word, "too long for an EHLO name");
	out->ehlo = arena_strdup(a, word);
	return ERR_NONE;
}

/* Names by their place, the sender by its key. */
static enum err_code
parse_names(char *line, char *word, struct arena *a, struct target_names *out, struct err *err)
{
	enum err_code code = ERR_NONE;
	for (size_t n = 0; code == ERR_NONE && word != NULL; word = lines_word(&line))
		code = target_is_setting(word) ? target_take_setting(word, a, out, err) :
						 take_word(n++, word, a, out, err);
	return code;
}

static enum err_code
parse_words(char *line, bool huge, struct arena *a, struct target_spec *out, struct err *err)
{
	char *first = lines_word(&line), *word = lines_word(&line);
	if (is_setting(word))
		return target_refuse(err, first,
		    "a setting, not a target; expected \"" LINE_FORM "\"");
	if (word != NULL && word[0] == '-') {
		first = join_range(first, word, lines_word(&line), a);
		if (first == NULL)
			return target_refuse(err, word,
			    "not an EHLO name; a range is written as 192.0.2.1-192.0.2.9");
		word = lines_word(&line);
	}
	enum err_code code = target_parse_word(first, huge, a, out, err);
	return code != ERR_NONE ? code : parse_names(line, word, a, &out->names, err);
}

/* --- hosts files */

/* The lines with which such a file begins: "127.0.0.1 localhost", "::1 localhost ip6-localhost". */
static bool
is_hosts_line(const char *line)
{
	char copy[TARGET_LINE_MAX], *rest = copy;
	struct ip ip;
	snprintf(copy, sizeof copy, "%s", line);
	const char *address = lines_word(&rest), *name = lines_word(&rest);
	if (name == NULL || !ip_parse(address, &ip) || strncmp(name, "localhost", 9) != 0)
		return false;
	const struct ip_range *range = ip_special(&ip);
	return range != NULL && strcmp(range->kind, "loopback") == 0;
}

/* No mail server outside has such an address; hosts files are full of them. */
static bool
is_local(const struct ip *ip)
{
	static const char *const kinds[] = { "loopback", "link-local", "multicast", "broadcast",
		"unspecified", "reserved" };
	const struct ip_range *range = ip_special(ip);
	for (size_t i = 0; range != NULL && i < sizeof kinds / sizeof kinds[0]; i++)
		if (strcmp(range->kind, kinds[i]) == 0)
			return true;
	return false;
}

/* The first name with a domain is the host's; the others are aliases. */
static enum target_line
parse_hosts_line(char *line, struct arena *a, struct target_spec *out, struct err *err)
{
	char host[NAME_TEXT_MAX];
	const char *address = lines_word(&line), *name;
	*out = (struct target_spec){ .names = { .host = "", .ehlo = "", .domain = "" } };
	if (!ip_parse(address, &out->first)) {
		(void)target_refuse(err, address,
		    "not an address; expected a line of a hosts file, \"ADDRESS NAME ALIAS...\"");
		return TARGET_LINE_BAD;
	}
	if (is_local(&out->first))
		return TARGET_LINE_BLANK;
	out->last = out->first;
	while ((name = lines_word(&line)) != NULL && out->names.host[0] == '\0')
		if (strchr(name, '.') != NULL && target_parse_host(name, host))
			out->names.host = arena_strdup(a, host);
	return TARGET_LINE_GOOD;
}

/* --- lines */

/* The line without its end, as a string. */
static enum target_line
plain_line(const char *line, size_t len, char out[TARGET_LINE_MAX], struct err *err)
{
	if (len >= TARGET_LINE_MAX) {
		(void)err_set(err, ERR_DATA, "line longer than %d bytes", TARGET_LINE_MAX - 1);
		return TARGET_LINE_BAD;
	}
	if (memchr(line, '\0', len) != NULL) {
		(void)err_set(err, ERR_DATA, "line contains a NUL byte; expected text");
		return TARGET_LINE_BAD;
	}
	/* files that are joined have the mark in the middle, too */
	utf8_skip_mark(&line, &len);
	memcpy(out, line, len);
	out[len] = '\0';
	out[strcspn(out, "\n")] = '\0';
	return TARGET_LINE_GOOD;
}

static bool
is_blank(const char *text)
{
	return text[strspn(text, " \t\r")] == '\0';
}

enum target_line
target_line_text(const char *line, size_t len, char out[TARGET_LINE_MAX], struct err *err)
{
	enum target_line kind = plain_line(line, len, out, err);
	if (kind != TARGET_LINE_GOOD)
		return kind;
	out[strcspn(out, "#")] = '\0';
	return is_blank(out) ? TARGET_LINE_BLANK : TARGET_LINE_GOOD;
}

static enum target_line
parse_open_line(struct target_reader *r, char *line, struct arena *a, struct target_spec *out,
    struct err *err)
{
	line[strcspn(line, "#")] = '\0';
	if (is_blank(line))
		return TARGET_LINE_BLANK;
	if (r->words) {
		r->form = TARGET_FORM_WORDS;
		return TARGET_LINE_WORDS;
	}
	if (r->form == TARGET_FORM_OPEN && is_hosts_line(line)) {
		r->form = TARGET_FORM_HOSTS;
		r->note =
		    "is read as a hosts file, \"ADDRESS NAME ALIAS...\"; loopback, link-local "
		    "and multicast addresses in it are passed over";
	}
	if (r->form == TARGET_FORM_HOSTS)
		return parse_hosts_line(line, a, out, err);
	if (parse_words(line, r->huge, a, out, err) != ERR_NONE)
		return TARGET_LINE_BAD;
	r->form = TARGET_FORM_WORDS;
	return TARGET_LINE_GOOD;
}

enum target_line
target_parse_line(struct target_reader *r, const char *line, size_t len, struct arena *a,
    struct target_spec *out, struct err *err)
{
	char copy[TARGET_LINE_MAX];
	bool is_first = !r->begun;
	r->begun = true;
	r->note = NULL;
	if (is_first && utf8_is_utf16(line, len)) {
		(void)err_set(err, ERR_DATA, "is UTF-16 text; save it as UTF-8 or ASCII");
		return TARGET_LINE_STOP;
	}
	enum target_line kind = plain_line(line, len, copy, err);
	if (kind == TARGET_LINE_GOOD && r->form == TARGET_FORM_OPEN)
		kind = target_take_header(r, copy, a, err);
	if (kind != TARGET_LINE_GOOD)
		return kind;
	return r->form == TARGET_FORM_TABLE ? target_parse_row(r, copy, a, out, err) :
					      parse_open_line(r, copy, a, out, err);
}

/* --- what they lead to */

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
