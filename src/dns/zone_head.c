/* What stands between the name and the data of a record: TTL, class and type. */
#include <ctype.h>
#include <ldns/ldns.h>
#include <stdio.h>
#include <string.h>

#include "base/inifile.h"
#include "dns/zone_read_priv.h"

bool
zone_ttl(const struct zone_word *w, uint32_t *out)
{
	static const char units[] = "smhdw";
	static const uint32_t seconds[] = { 1, 60, 3600, 86400, 604800 };
	uint64_t sum = 0, n = 0;
	bool digits = false;
	for (size_t i = 0; i < w->len; i++) {
		const char *unit = strchr(units, tolower((unsigned char)w->text[i]));
		if (isdigit((unsigned char)w->text[i])) {
			n = n * 10 + (uint64_t)(w->text[i] - '0');
			digits = true;
		} else if (unit != NULL && digits) {
			sum += n * seconds[unit - units];
			n = 0;
			digits = false;
		} else
			return false;
		if (n > INT32_MAX || sum > INT32_MAX)
			return false;
	}
	/* "1h30": the rest is seconds */
	*out = (uint32_t)(sum + n);
	return w->len > 0 && !w->quoted && isdigit((unsigned char)w->text[0]) &&
	    sum + n <= INT32_MAX;
}

static bool
starts_with(const struct zone_word *w, const char *text)
{
	return w->len >= strlen(text) && strncmp(w->text, text, strlen(text)) == 0;
}

static bool
is_class(const struct zone_word *w)
{
	static const char *const others[] = { "CH", "HS", "CS", "CHAOS", "HESIOD", "NONE", "ANY" };
	for (size_t i = 0; i < sizeof others / sizeof others[0]; i++)
		if (zone_word_is(w, others[i]))
			return true;
	return w->len > 5 && starts_with(w, "CLASS") && isdigit((unsigned char)w->text[5]);
}

/* TTL and class in either order, and the [AGE:nnn] of Windows; *at is moved to the type. */
static enum err_code
take_fields(const char *path, const struct zone_entry *e, size_t *at, struct zone_head *out,
    struct err *err)
{
	for (; *at < e->n && !e->words[*at].quoted; ++*at) {
		const struct zone_word *w = &e->words[*at];
		if (!out->has_ttl && zone_ttl(w, &out->ttl_s))
			out->has_ttl = true;
		else if (!out->has_class && (zone_word_is(w, "IN") || zone_word_is(w, "CLASS1")))
			out->has_class = true;
		else if (!out->has_class && zone_word_is(w, "AWS"))
			out->has_class = out->passed = true;
		else if (is_class(w))
			return zone_error(err, path, e,
			    "class %.*s; expected records of the class IN", (int)w->len, w->text);
		else if (!starts_with(w, "[AGE:"))
			break;
	}
	return ERR_NONE;
}

/* A word that may well be a type that ldns does not know; *meant: or one of ours, mistyped. */
static bool
looks_like_type(const char *word, const char **meant)
{
	/* ANAME is one of providers, and not a mistyped CNAME */
	static const char *const ours[] = { "A", "AAAA", "ANAME", "CNAME", "DNAME", "IN", "MX",
		"NS", "PTR", "SOA", "SRV", "TXT" };
	size_t len = strlen(word);
	char upper[ZONE_TYPE_MAX] = "";
	for (size_t i = 0; i < len; i++)
		upper[i] = (char)toupper((unsigned char)word[i]);
	*meant = ini_nearest(upper, ours, sizeof ours / sizeof ours[0]);
	if (*meant != NULL)
		return strcmp(*meant, word) == 0;
	return len > 2 && isupper((unsigned char)word[0]) &&
	    word[strspn(word, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-")] == '\0';
}

static enum err_code
not_a_type(const char *path, const struct zone_entry *e, const char *word, const char *meant,
    struct err *err)
{
	if (starts_with(&e->words[0], "#") || starts_with(&e->words[0], "//"))
		return zone_error(err, path, e, "a comment of a zone file begins with ';'");
	return zone_error(err, path, e, "\"%s\" is not a record type%s%s%s", word,
	    meant != NULL ? "; did you mean " : "; expected NAME [TTL] [IN] TYPE DATA",
	    meant != NULL ? meant : "", meant != NULL ? "?" : "");
}

/* Types of questions, and of what belongs to a message (RFC 6895 3.1). */
static bool
is_meta(uint16_t type)
{
	return type == LDNS_RR_TYPE_OPT || (type >= 128 && type <= 255);
}

static enum err_code
take_type(const char *path, const struct zone_entry *e, size_t at, struct zone_head *out,
    struct err *err)
{
	const char *meant = NULL;
	if (at == e->n)
		return zone_error(err, path, e,
		    "no record type; expected NAME [TTL] [IN] TYPE DATA");
	const struct zone_word *w = &e->words[at];
	snprintf(out->type, sizeof out->type, "%.*s", (int)w->len, w->text);
	out->data = at + 1;
	if (w->len >= sizeof out->type || w->quoted)
		return not_a_type(path, e, out->type, NULL, err);
	out->number = out->passed ? 0 : (uint16_t)ldns_get_rr_type_by_name(out->type);
	if (is_meta(out->number))
		return zone_error(err, path, e, "%s is not a type of records that a zone can have",
		    out->type);
	if (out->number == 0 && !looks_like_type(out->type, &meant))
		return not_a_type(path, e, out->type, meant, err);
	if (out->data == e->n)
		return zone_error(err, path, e, "no data after the type %s", out->type);
	return ERR_NONE;
}

enum err_code
zone_head_read(const char *path, const struct zone_entry *e, struct zone_head *out, struct err *err)
{
	size_t at = e->indented ? 0 : 1;
	*out = (struct zone_head){ .number = 0 };
	enum err_code code = take_fields(path, e, &at, out, err);
	return code != ERR_NONE ? code : take_type(path, e, at, out, err);
}
