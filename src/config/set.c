#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "config/config_priv.h"

enum { DAY_S = 86400, TIME_MAX_DAYS = 36600, TIMEOUT_MAX_S = 3600 };

static const struct enumtab_row tls_rows[] = {
	{ "required", NOTIFY_TLS_REQUIRED },
	{ "never", NOTIFY_TLS_NEVER },
};
static const struct enumtab tls_words = ENUMTAB(tls_rows);

bool
config_time(const char *text, int64_t *seconds)
{
	static const struct {
		char letter;
		int64_t s;
	} units[] = { { 's', 1 }, { 'm', 60 }, { 'h', 3600 }, { 'd', DAY_S } };
	char *end = NULL;

	*seconds = 0;
	if (strcmp(text, "never") == 0)
		return true;
	if (text[0] < '0' || text[0] > '9')
		return false;
	errno = 0;
	long long n = strtoll(text, &end, 10);
	for (size_t i = 0; i < sizeof units / sizeof units[0]; i++)
		if (end[0] == units[i].letter && end[1] == '\0' && errno == 0 && n > 0 &&
		    n <= (int64_t)TIME_MAX_DAYS * DAY_S / units[i].s)
			*seconds = n * units[i].s;
	return *seconds > 0;
}

static enum err_code
yes_no(const char *value, bool *out, struct err *err)
{
	*out = strcmp(value, "yes") == 0;
	if (*out || strcmp(value, "no") == 0)
		return ERR_NONE;
	return err_set(err, ERR_CONFIG, "'%s' is neither yes nor no", value);
}

/* Where the key's value goes. */
static void *
place(const struct config_key *key, struct config *c)
{
	return (char *)c + key->offset;
}

static void
put_text(struct reading *r, const struct config_key *key, const char *value)
{
	const char *copy = arena_strdup(r->arena, value);

	memcpy(place(key, r->c), &copy, sizeof copy);
}

static enum err_code
set_text(struct reading *r, const struct config_key *key, const struct ini_line *line,
    struct err *err)
{
	(void)err;
	put_text(r, key, line->value);
	return ERR_NONE;
}

static enum err_code
set_path(struct reading *r, const struct config_key *key, const struct ini_line *line,
    struct err *err)
{
	if (line->value[0] != '/')
		return err_set(err, ERR_CONFIG, "'%s' is not an absolute path", line->value);
	put_text(r, key, line->value);
	return ERR_NONE;
}

static enum err_code
set_url(struct reading *r, const struct config_key *key, const struct ini_line *line,
    struct err *err)
{
	static const char *const schemes[2][2] = { { "smtp://", "smtps://" },
		{ "https://", "http://" } };
	const char *const *known = schemes[key->kind == CONFIG_URL_WEB];

	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(known[i]);
		if (strncmp(line->value, known[i], len) == 0 && line->value[len] != '\0') {
			put_text(r, key, line->value);
			return ERR_NONE;
		}
	}
	return err_set(err, ERR_CONFIG, "'%s' is not a URL of that kind: expected %s... or %s...",
	    line->value, known[0], known[1]);
}

static enum err_code
set_recipient(struct reading *r, const struct config_key *key, const struct ini_line *line,
    struct err *err)
{
	struct notify_config *n = &r->c->notify;

	(void)key;
	if (strchr(line->value, '@') == NULL || strpbrk(line->value, " ,;<>") != NULL)
		return err_set(err, ERR_CONFIG,
		    "'%s' is not a mail address: expected one address per line", line->value);
	if (n->n_to == NOTIFY_RECIPIENTS_MAX)
		return err_set(err, ERR_CONFIG, "more than %d recipients", NOTIFY_RECIPIENTS_MAX);
	n->to[n->n_to++] = arena_strdup(r->arena, line->value);
	return ERR_NONE;
}

static enum err_code
set_time(struct reading *r, const struct config_key *key, const struct ini_line *line,
    struct err *err)
{
	int64_t seconds;

	if (!config_time(line->value, &seconds))
		return err_set(err, ERR_CONFIG,
		    "'%s' is not a time: expected a number followed by s, m, h or d, or never",
		    line->value);
	if (key->offset != offsetof(struct config, notify.timeout_us)) {
		memcpy(place(key, r->c), &seconds, sizeof seconds);
		return ERR_NONE;
	}
	if (seconds < 1 || seconds > TIMEOUT_MAX_S)
		return err_set(err, ERR_CONFIG, "'%s' is out of range: expected 1s to 1h",
		    line->value);
	r->c->notify.timeout_us = (uint64_t)seconds * 1000000;
	return ERR_NONE;
}

static enum err_code
set_yes_no(struct reading *r, const struct config_key *key, const struct ini_line *line,
    struct err *err)
{
	bool yes;
	enum err_code code = yes_no(line->value, &yes, err);

	if (code == ERR_NONE)
		memcpy(place(key, r->c), &yes, sizeof yes);
	return code;
}

/* A number from 1 to below CHANGE_RUNS_MAX, up to the byte that ends it. */
static bool
run_count(const char *text, char until, unsigned *out, const char **rest)
{
	char *end = NULL;
	unsigned long n = text[0] >= '0' && text[0] <= '9' ? strtoul(text, &end, 10) : 0;

	if (n < 1 || n >= CHANGE_RUNS_MAX || *end != until)
		return false;
	*out = (unsigned)n;
	*rest = end + 1;
	return true;
}

static enum err_code
set_share(struct reading *r, const struct config_key *key, const struct ini_line *line,
    struct err *err)
{
	struct change_policy *p = &r->c->policy;
	const char *rest = "";
	unsigned confirm = 0, of = 0;

	(void)key;
	if (!run_count(line->value, '/', &confirm, &rest) || !run_count(rest, '\0', &of, &rest) ||
	    confirm > of)
		return err_set(err, ERR_CONFIG,
		    "'%s' is not a share: expected M/N, M from 1 to N, N below %d", line->value,
		    CHANGE_RUNS_MAX);
	p->confirm = confirm;
	p->of = of;
	return ERR_NONE;
}

static enum err_code
set_count(struct reading *r, const struct config_key *key, const struct ini_line *line,
    struct err *err)
{
	const char *rest;
	unsigned n;

	if (!run_count(line->value, '\0', &n, &rest))
		return err_set(err, ERR_CONFIG, "'%s' is not a number from 1 to %d", line->value,
		    CHANGE_RUNS_MAX - 1);
	memcpy(place(key, r->c), &n, sizeof n);
	return ERR_NONE;
}

static enum err_code
set_tls(struct reading *r, const struct config_key *key, const struct ini_line *line,
    struct err *err)
{
	char choices[80];
	int tls;

	(void)key;
	if (!enumtab_code(&tls_words, line->value, &tls))
		return err_set(err, ERR_CONFIG, "'%s' is not known: expected %s", line->value,
		    enumtab_choices(&tls_words, choices, sizeof choices));
	r->c->notify.tls = (enum notify_tls)tls;
	return ERR_NONE;
}

static void
add_option(struct reading *r, const struct config_key *key, const struct ini_line *line,
    const char *value)
{
	struct config *c = r->c;

	c->options = arena_grow(r->arena, c->options, c->n_options, &c->cap_options,
	    sizeof *c->options);
	c->options[c->n_options++] = (struct config_option){ .name = key->key,
		.value = value == NULL ? NULL : arena_strdup(r->arena, value),
		.file = r->file,
		.line = line->line };
}

static enum err_code
set_option(struct reading *r, const struct config_key *key, const struct ini_line *line,
    struct err *err)
{
	(void)err;
	add_option(r, key, line, line->value);
	return ERR_NONE;
}

static enum err_code
set_flag(struct reading *r, const struct config_key *key, const struct ini_line *line,
    struct err *err)
{
	bool yes;
	enum err_code code = yes_no(line->value, &yes, err);

	if (code == ERR_NONE && yes)
		add_option(r, key, line, NULL);
	return code;
}

static enum err_code
set_server(struct reading *r, const struct config_key *key, const struct ini_line *line,
    struct err *err)
{
	struct config_server *s = &r->c->servers[r->c->n_servers - 1];
	const char *copy = arena_strdup(r->arena, line->value), *old;

	(void)err;
	memcpy(&old, (char *)s + key->offset, sizeof old);
	if (old[0] != '\0')
		return err_set(err, ERR_CONFIG, "appears twice");
	memcpy((char *)s + key->offset, &copy, sizeof copy);
	return ERR_NONE;
}

config_set_fn *const config_setters[] = {
	[CONFIG_OPTION] = set_option,
	[CONFIG_FLAG] = set_flag,
	[CONFIG_TEXT] = set_text,
	[CONFIG_PATH] = set_path,
	[CONFIG_URL_MAIL] = set_url,
	[CONFIG_URL_WEB] = set_url,
	[CONFIG_RECIPIENT] = set_recipient,
	[CONFIG_TIME] = set_time,
	[CONFIG_YES_NO] = set_yes_no,
	[CONFIG_SHARE] = set_share,
	[CONFIG_COUNT] = set_count,
	[CONFIG_TLS] = set_tls,
	[CONFIG_SERVER] = set_server,
};
