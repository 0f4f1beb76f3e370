/* Names as a zone file writes them. */
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/name.h"
#include "dns/zone_read_priv.h"

bool
zone_name_is_whole(const struct zone_word *w)
{
	size_t slashes = 0;
	if (w->len == 0 || w->text[w->len - 1] != '.')
		return false;
	while (slashes + 1 < w->len && w->text[w->len - 2 - slashes] == '\\')
		slashes++;
	return slashes % 2 == 0;
}

/* Letters alone in the last label, and a name above which others register theirs. */
static bool
is_internet_name(const char *name)
{
	const char *dot = strrchr(name, '.');
	if (dot == NULL || name_org_domain(name)[0] == '\0')
		return false;
	return dot[1 + strspn(dot + 1, "abcdefghijklmnopqrstuvwxyz")] == '\0';
}

bool
zone_name_lacks_dot(const char *name, const char *origin, bool is_data)
{
	if (name_labels(name) < 2 || origin[0] == '\0')
		return false;
	return name_is_under(name, origin) || name_is_under(name, "arpa") ||
	    (is_data && name_is_under(origin, "arpa") && is_internet_name(name));
}

enum err_code
zone_name_read(const char *path, const struct zone_entry *e, const struct zone_word *w,
    char out[NAME_TEXT_MAX], struct err *err)
{
	char copy[NAME_TEXT_MAX];
	if (w->quoted)
		return zone_error(err, path, e, "expected the name \"%.*s\" without quotes",
		    (int)w->len, w->text);
	if (w->len >= sizeof copy)
		return zone_error(err, path, e, "the name is longer than a name can be");
	memcpy(copy, w->text, w->len);
	copy[w->len] = '\0';
	for (size_t i = 0; i < w->len; i++)
		if ((unsigned char)copy[i] >= 0x80)
			return zone_error(err, path, e,
			    name_from_user(copy, out) ?
				"the name \"%s\" is not ASCII; write it as %s" :
				"the name \"%s\" is not ASCII",
			    copy, out);
	if (!name_from_text(copy, out))
		return zone_error(err, path, e, "\"%s\" is not a valid domain name", copy);
	return ERR_NONE;
}

void
zone_name_put(struct buf *out, const char *name)
{
	for (const char *p = name; *p != '\0'; p++) {
		if (strchr("\"();@$", *p) != NULL && (p == name || p[-1] != '\\'))
			buf_putc(out, '\\');
		if (*p == ' ')
			buf_puts(out, "\\032");
		else
			buf_putc(out, *p);
	}
	buf_putc(out, '.');
}
