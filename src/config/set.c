/* How the values are read that only the configuration has. */
#include <string.h>

#include "base/arena.h"
#include "base/mime.h"
#include "base/number.h"
#include "config/config_priv.h"

enum err_code
config_path(const struct key_line *l, struct err *err)
{
	if (l->value[0] != '/')
		return err_set(err, ERR_CONFIG, "'%s' is not an absolute path", l->value);
	return key_text(l, err);
}

enum err_code
config_dkim(const struct key_line *l, struct err *err)
{
	struct config_server *s = l->into;

	if (s->n_dkim == CONFIG_DKIM_MAX)
		return err_set(err, ERR_CONFIG, "more than %d keys", CONFIG_DKIM_MAX);
	const char *fault = dkim_identity_read(l->arena, l->value, &s->dkim[s->n_dkim]);
	if (fault != NULL)
		return err_set(err, ERR_CONFIG, "'%s': %s; expected DOMAIN/SELECTOR", l->value,
		    fault);
	s->n_dkim++;
	return ERR_NONE;
}

static enum err_code
add_group(const struct key_line *l, const char *name, struct err *err)
{
	const char **groups = key_place(l);
	const struct digest has = { .groups = *groups };
	const char *fault = config_label_fault(name);

	if (fault != NULL)
		return err_set(err, ERR_CONFIG, "'%s' is not a name for a group: %s", name, fault);
	if (!digest_in_groups(&has, name))
		*groups = *groups == NULL || (*groups)[0] == '\0' ?
		    name :
		    arena_printf(l->arena, "%s, %s", *groups, name);
	return ERR_NONE;
}

enum err_code
config_groups(const struct key_line *l, struct err *err)
{
	enum err_code code = ERR_NONE;
	const char *at = l->value;

	if (l->first) /* those of an earlier file go */
		*(const char **)key_place(l) = "";
	for (bool more = true; code == ERR_NONE && more;) {
		at += strspn(at, " \t");
		size_t len = strcspn(at, ","), used = len;
		while (used > 0 && strchr(" \t", at[used - 1]) != NULL)
			used--;
		code = add_group(l, arena_strndup(l->arena, at, used), err);
		more = at[len] == ',';
		at += len + more;
	}
	return code;
}

static bool
goes_on_after(const char *text, const char *scheme)
{
	size_t len = strlen(scheme);

	return strncmp(text, scheme, len) == 0 && text[len] != '\0';
}

static enum err_code
read_url(const struct key_line *l, const char *scheme, const char *other, struct err *err)
{
	if (goes_on_after(l->value, scheme) || goes_on_after(l->value, other))
		return key_text(l, err);
	/* it may hold a secret */
	return err_set(err, ERR_CONFIG, "not such a URL: expected %s... or %s...", scheme, other);
}

enum err_code
config_mail_url(const struct key_line *l, struct err *err)
{
	return read_url(l, "smtp://", "smtps://", err);
}

enum err_code
config_web_url(const struct key_line *l, struct err *err)
{
	return read_url(l, "https://", "http://", err);
}

enum err_code
config_recipient(const struct key_line *l, struct err *err)
{
	struct notify_mail *n = l->into;

	if (!mime_is_address(l->value))
		return err_set(err, ERR_CONFIG,
		    "'%s' is not a mail address: expected one per line, such as ops@example.com, "
		    "in "
		    "ASCII",
		    l->value);
	if (l->first) /* those of an earlier file go */
		n->n_to = 0;
	if (n->n_to == NOTIFY_RECIPIENTS_MAX)
		return err_set(err, ERR_CONFIG, "more than %d recipients", NOTIFY_RECIPIENTS_MAX);
	n->to[n->n_to++] = arena_strdup(l->arena, l->value);
	return ERR_NONE;
}

enum err_code
config_timeout(const struct key_line *l, struct err *err)
{
	int64_t seconds = 0;
	enum err_code code = number_span(l->value, l->key->min, l->key->max, &seconds, ERR_CONFIG,
	    err);

	if (code == ERR_NONE)
		*(uint64_t *)key_place(l) = (uint64_t)seconds * 1000000;
	return code;
}

enum err_code
config_share(const struct key_line *l, struct err *err)
{
	struct change_policy *p = key_place(l);

	return number_share(l->value, (unsigned)l->key->max, &p->confirm, &p->of, ERR_CONFIG, err);
}

/* What an earlier file said of the option goes. */
static void
forget_option(struct config *c, const char *name)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_options; i++)
		if (strcmp(c->options[i].name, name) != 0)
			c->options[n++] = c->options[i];
	c->n_options = n;
}

static void
add_option(const struct key_line *l, const char *value)
{
	struct config *c = l->into;

	c->options = arena_grow(l->arena, c->options, c->n_options, &c->cap_options,
	    sizeof *c->options);
	c->options[c->n_options++] = (struct config_option){
		.name = l->key->name,
		.value = value,
		.file = l->line->file,
		.line = l->line->line,
	};
}

enum err_code
config_option(const struct key_line *l, struct err *err)
{
	(void)err;
	if (l->first)
		forget_option(l->into, l->key->name);
	add_option(l, arena_strdup(l->arena, l->value));
	return ERR_NONE;
}

enum err_code
config_flag(const struct key_line *l, struct err *err)
{
	bool yes;
	enum err_code code = key_read_yes_no(l->value, &yes, err);

	if (code != ERR_NONE)
		return code;
	forget_option(l->into, l->key->name);
	if (yes)
		add_option(l, NULL);
	return ERR_NONE;
}
