/* Who the mail of a target is from, as a list of targets says it: in words of a line, or in columns. */
#include <string.h>

#include "base/enumtab.h"
#include "base/lines.h"
#include "base/name.h"
#include "gather/targets_priv.h"
#include "mail/dkim_signature.h"

enum { TARGET_DKIM_MAX = 16 };

static const struct enumtab_row word_rows[] = {
	{ "from", TARGET_COLUMN_FROM },
	{ "mail-from", TARGET_COLUMN_MAIL_FROM },
	{ "dkim", TARGET_COLUMN_DKIM },
};

enum err_code
target_take_name(const char *text, const char *what, struct arena *a, const char **out,
    struct err *err)
{
	for (const char *c = text; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return target_refuse(err, text,
			    arena_printf(a, "not %s: it contains a blank or a control byte", what));
	if (strlen(text) >= NAME_TEXT_MAX)
		return target_refuse(err, text, arena_printf(a, "too long for %s", what));
	*out = arena_strdup(a, text);
	return ERR_NONE;
}

static enum err_code
take_from(const char *text, struct arena *a, struct target_names *out, struct err *err)
{
	char name[NAME_TEXT_MAX];
	if (!name_from_user(text, name) || name_host_fault(name) == NAME_BAD_BYTE)
		return target_refuse(err, text, "not the domain of a From header");
	out->from = arena_strdup(a, text);
	return ERR_NONE;
}

static enum err_code
take_key(const char *word, struct arena *a, struct target_names *out, struct err *err)
{
	if (out->n_dkim == TARGET_DKIM_MAX)
		return target_refuse(err, word, "one key too many");
	struct dkim_identity *keys = arena_array(a, out->n_dkim + 1, sizeof *keys);
	if (out->n_dkim > 0)
		memcpy(keys, out->dkim, out->n_dkim * sizeof *keys);
	const char *fault = dkim_identity_read(a, word, &keys[out->n_dkim]);
	if (fault != NULL)
		return target_refuse(err, word,
		    arena_printf(a, "not a DKIM key (DOMAIN/SELECTOR): %s", fault));
	out->dkim = keys;
	out->n_dkim++;
	return ERR_NONE;
}

enum err_code
target_take_sender(enum target_column column, const char *text, struct arena *a,
    struct target_names *out, struct err *err)
{
	char *rest = arena_strdup(a, text), *word;
	if (column == TARGET_COLUMN_FROM)
		return take_from(text, a, out, err);
	if (column == TARGET_COLUMN_MAIL_FROM)
		return target_take_name(text, "a sender", a, &out->mail_from, err);
	while ((word = lines_word(&rest)) != NULL)
		if (take_key(word, a, out, err) != ERR_NONE)
			return err->code;
	return ERR_NONE;
}

/* "from=" and the like, of any letters: no EHLO name holds such a sign. */
bool
target_is_setting(const char *word)
{
	size_t len = strspn(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_");
	return len > 0 && word[len] == '=';
}

enum err_code
target_take_setting(const char *word, struct arena *a, struct target_names *out, struct err *err)
{
	static const struct enumtab words = ENUMTAB(word_rows);
	size_t len = strcspn(word, "=");
	int column;
	if (!enumtab_code(&words, arena_strndup(a, word, len), &column))
		return target_refuse(err, word,
		    "not known; expected from=DOMAIN, mail-from=SENDER or dkim=DOMAIN/SELECTOR");
	if (word[len + 1] == '\0')
		return target_refuse(err, word,
		    "without a value; the empty sender of bounces is mail-from=<>");
	if ((column == TARGET_COLUMN_FROM && out->from != NULL) ||
	    (column == TARGET_COLUMN_MAIL_FROM && out->mail_from != NULL))
		return target_refuse(err, word, "given a second time; expected it once");
	return target_take_sender((enum target_column)column, word + len + 1, a, out, err);
}
