/* The options of check: what is looked at, how it is judged, and how it is shown. */
#include "options_check.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "checks/registry.h"

enum err_code
add_hostname(struct settings *s, const char *value, struct err *err)
{
	(void)err;
	s->words = arena_grow(&s->arena, s->words, s->n_words, &s->cap_words, sizeof(*s->words));
	s->words[s->n_words++] = value;
	return ERR_NONE;
}

enum err_code
set_helo(struct settings *s, const char *value, struct err *err)
{
	/* What else is wrong with a name is for the check to say; this could not be a word at all. */
	for (const char *c = value; *c != '\0'; c++) {
		if ((unsigned char)*c <= ' ' || *c == 0x7f)
			return err_set(err, ERR_USAGE,
			    "'%s' is no EHLO name: it holds a blank or a control byte", value);
	}
	if (value[0] == '\0' || strlen(value) >= NAME_TEXT_MAX)
		return err_set(err, ERR_USAGE, "expected an EHLO name of 1 to %d bytes",
		    NAME_TEXT_MAX - 1);
	s->helo = value;
	return ERR_NONE;
}

enum err_code
set_domain(struct settings *s, const char *value, struct err *err)
{
	char name[NAME_TEXT_MAX];
	if (!name_from_user(value, name) || name[0] == '\0' ||
	    name_host_fault(name) == NAME_BAD_BYTE)
		return err_set(err, ERR_USAGE, "'%s' is not a domain name", value);
	s->domain = value;
	return ERR_NONE;
}

enum err_code
set_input(struct settings *s, const char *value, struct err *err)
{
	if (s->run.input != NULL)
		return err_set(err, ERR_USAGE, "only one list of targets can be read");
	s->run.input = value;
	return ERR_NONE;
}

enum err_code
set_planned(struct settings *s, const char *value, struct err *err)
{
	(void)err;
	s->run.planned = value;
	return ERR_NONE;
}

enum err_code
set_offline(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->run.policy.offline = true;
	return ERR_NONE;
}

static const char *
check_choices(struct settings *s)
{
	const char *list = "";
	for (size_t i = 0; i < checks_n; i++)
		list = arena_printf(&s->arena, "%s%s%s", list, enumtab_glue(i, checks_n),
		    checks_all[i]->id);
	return list;
}

static enum err_code
mark_check(struct settings *s, const char *id, bool *marks, struct err *err)
{
	for (size_t i = 0; i < checks_n; i++) {
		if (strcmp(checks_all[i]->id, id) == 0) {
			marks[i] = true;
			return ERR_NONE;
		}
	}
	return err_set(err, ERR_USAGE, "there is no check '%s': expected %s", id, check_choices(s));
}

static enum err_code
mark_checks(struct settings *s, const char *value, bool *marks, struct err *err)
{
	for (const char *word = value;;) {
		size_t len = strcspn(word, ",");
		enum err_code code = mark_check(s, arena_strndup(&s->arena, word, len), marks, err);
		if (code != ERR_NONE || word[len] == '\0')
			return code;
		word += len + 1;
	}
}

enum err_code
set_only(struct settings *s, const char *value, struct err *err)
{
	s->any_only = true;
	return mark_checks(s, value, s->only, err);
}

enum err_code
set_skip(struct settings *s, const char *value, struct err *err)
{
	return mark_checks(s, value, s->skip, err);
}

enum err_code
add_family4(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->run.families |= FAMILY_4;
	return ERR_NONE;
}

enum err_code
add_family6(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->run.families |= FAMILY_6;
	return ERR_NONE;
}

enum err_code
add_resolver(struct settings *s, const char *value, struct err *err)
{
	if (s->run.n_resolvers == DNS_UPSTREAMS_MAX)
		return err_set(err, ERR_USAGE, "at most %d resolvers can be given",
		    DNS_UPSTREAMS_MAX);
	if (!endpoint_parse(value, 53, &s->run.resolvers[s->run.n_resolvers]))
		return err_set(err, ERR_USAGE,
		    "'%s' is no resolver: expected an IP address, or ADDRESS#PORT (as in "
		    "127.0.0.1#5300)",
		    value);
	s->run.n_resolvers++;
	return ERR_NONE;
}

enum err_code
set_timeout(struct settings *s, const char *value, struct err *err)
{
	/* strtod() alone would take "inf", "0x10" and "1e3" too */
	char *end = NULL;
	double seconds = strtod(value, &end);
	bool plain = value[strspn(value, "0123456789.")] == '\0' && value[0] != '\0';
	if (!plain || *end != '\0' || seconds < 0.001 || seconds > 3600)
		return err_set(err, ERR_USAGE,
		    "'%s' is no time: expected seconds from 0.001 to 3600", value);
	s->run.timeout_us = (uint64_t)(seconds * 1e6);
	return ERR_NONE;
}

static const struct enumtab_row authority_rows[] = {
	{ "auto", AUTHORITY_AUTO },
	{ "always", AUTHORITY_ALWAYS },
	{ "never", AUTHORITY_NEVER },
};
static const struct enumtab_row color_rows[] = {
	{ "auto", COLOR_AUTO },
	{ "always", COLOR_ALWAYS },
	{ "never", COLOR_NEVER },
};
static const struct enumtab_row fail_on_rows[] = {
	{ "fail", 0 },
	{ "warn", FAIL_ON_WARN },
	{ "unknown", FAIL_ON_UNKNOWN },
};
static const struct enumtab authority_words = ENUMTAB(authority_rows);
static const struct enumtab color_words = ENUMTAB(color_rows);
static const struct enumtab fail_on_words = ENUMTAB(fail_on_rows);

static enum err_code
word_code(const struct enumtab *words, const char *value, int *out, struct err *err)
{
	char choices[200];
	if (enumtab_code(words, value, out))
		return ERR_NONE;
	return err_set(err, ERR_USAGE, "'%s' is not known: expected %s", value,
	    enumtab_choices(words, choices, sizeof(choices)));
}

enum err_code
set_authority(struct settings *s, const char *value, struct err *err)
{
	int mode = AUTHORITY_AUTO;
	enum err_code code = word_code(&authority_words, value, &mode, err);
	s->run.policy.authority = (enum authority_mode)mode;
	return code;
}

enum err_code
set_color(struct settings *s, const char *value, struct err *err)
{
	int mode = COLOR_AUTO;
	enum err_code code = word_code(&color_words, value, &mode, err);
	s->color = (enum color_mode)mode;
	return code;
}

enum err_code
set_fail_on(struct settings *s, const char *value, struct err *err)
{
	for (const char *word = value;;) {
		size_t len = strcspn(word, ",");
		int flag = 0;
		enum err_code code = word_code(&fail_on_words, arena_strndup(&s->arena, word, len),
		    &flag, err);
		s->fail_on |= (unsigned)flag;
		if (code != ERR_NONE || word[len] == '\0')
			return code;
		word += len + 1;
	}
}

static enum err_code
port_number(const char *value, uint16_t *out, struct err *err)
{
	char *end = NULL;
	unsigned long port = strtoul(value, &end, 10);
	bool plain = value[0] >= '0' && value[0] <= '9' && *end == '\0';
	if (!plain || port < 1 || port > UINT16_MAX)
		return err_set(err, ERR_USAGE, "'%s' is no port: expected 1 to 65535", value);
	*out = (uint16_t)port;
	return ERR_NONE;
}

enum err_code
set_authority_port(struct settings *s, const char *value, struct err *err)
{
	return port_number(value, &s->run.policy.authority_port, err);
}

enum err_code
set_smtp_port(struct settings *s, const char *value, struct err *err)
{
	return port_number(value, &s->run.policy.smtp_port, err);
}

enum err_code
set_no_smtp(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->run.policy.smtp = false;
	return ERR_NONE;
}

enum err_code
set_allow_special(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->run.policy.allow_special = true;
	return ERR_NONE;
}

static const char *
format_choices(struct settings *s)
{
	const char *list = "";
	for (size_t i = 0; i < renderers_n; i++)
		list = arena_printf(&s->arena, "%s%s%s", list, enumtab_glue(i, renderers_n),
		    renderers_all[i]->name);
	return list;
}

enum err_code
set_format(struct settings *s, const char *value, struct err *err)
{
	const struct renderer *renderer = renderer_by_name(value);
	if (renderer == NULL)
		return err_set(err, ERR_USAGE, "there is no format '%s': expected %s", value,
		    format_choices(s));
	s->run.renderer = renderer;
	return ERR_NONE;
}

enum err_code
set_json(struct settings *s, const char *value, struct err *err)
{
	(void)value;
	return set_format(s, "json", err);
}

enum err_code
add_verbose(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->run.render.verbose++;
	return ERR_NONE;
}

enum err_code
set_quiet(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->run.render.quiet = true;
	return ERR_NONE;
}

enum err_code
set_output(struct settings *s, const char *value, struct err *err)
{
	(void)err;
	s->output = value;
	return ERR_NONE;
}

enum err_code
set_dump(struct settings *s, const char *value, struct err *err)
{
	(void)err;
	s->run.dump = value;
	return ERR_NONE;
}

enum err_code
set_help(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->help = true;
	return ERR_NONE;
}

enum err_code
set_version(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->version = true;
	return ERR_NONE;
}
