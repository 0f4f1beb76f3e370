/* Words of the command line against the table of options. */
#include <string.h>

#include "base/inifile.h"
#include "cli/commands.h"

/* Where the parser is in argv. */
struct parser {
	struct settings *s;
	char *const *next;
	struct err *err;
};

static const struct option_row *
option_by_name(const struct command *c, const char *name, size_t len)
{
	for (size_t i = 0; i < options_n; i++) {
		const struct option_row *row = &options_all[i];
		const char *names[] = { row->name, row->alias };
		for (size_t k = 0; k < 2; k++) {
			if (option_is_of(row, c) && names[k] != NULL && strlen(names[k]) == len &&
			    memcmp(names[k], name, len) == 0)
				return row;
		}
	}
	return NULL;
}

static const struct option_row *
option_by_letter(const struct command *c, char letter)
{
	for (size_t i = 0; i < options_n; i++) {
		if (option_is_of(&options_all[i], c) && options_all[i].letter == letter)
			return &options_all[i];
	}
	return NULL;
}

static enum err_code
unknown_option(struct parser *p, const char *name)
{
	const char **known = arena_array(&p->s->arena, options_n, sizeof *known);
	size_t n = 0;
	for (size_t i = 0; i < options_n; i++) {
		if (option_is_of(&options_all[i], p->s->command))
			known[n++] = options_all[i].name;
	}
	const char *nearest = ini_nearest(name, known, n);
	if (nearest == NULL)
		return err_set(p->err, ERR_USAGE, "there is no option --%s for '%s'", name,
		    p->s->command->name);
	return err_set(p->err, ERR_USAGE, "there is no option --%s for '%s'; did you mean --%s?",
	    name, p->s->command->name, nearest);
}

/* An error gets the option's name in front. */
static enum err_code
apply(struct parser *p, const struct option_row *row, const char *value)
{
	if (option_apply(row, p->s, value, p->err) == ERR_NONE)
		return ERR_NONE;
	return err_prefix(p->err, "--%s", row->name);
}

static enum err_code
apply_with_next(struct parser *p, const struct option_row *row)
{
	if (*p->next == NULL)
		return err_set(p->err, ERR_USAGE, "--%s needs %s", row->name, row->arg);
	return apply(p, row, *p->next++);
}

static enum err_code
parse_long(struct parser *p, const char *word)
{
	size_t len = strcspn(word, "=");
	const struct option_row *row = option_by_name(p->s->command, word, len);
	if (row == NULL)
		return unknown_option(p, arena_strndup(&p->s->arena, word, len));
	if (row->arg == NULL && word[len] == '=')
		return err_set(p->err, ERR_USAGE, "--%s takes no argument", row->name);
	if (row->arg == NULL)
		return apply(p, row, NULL);
	return word[len] == '=' ? apply(p, row, word + len + 1) : apply_with_next(p, row);
}

/* "-vq", "-f json", "-fjson": a letter with an argument takes the rest of the word. */
static enum err_code
parse_letters(struct parser *p, const char *letters)
{
	for (const char *c = letters; *c != '\0'; c++) {
		const struct option_row *row = option_by_letter(p->s->command, *c);
		if (row == NULL)
			return err_set(p->err, ERR_USAGE, "there is no option -%c for '%s'", *c,
			    p->s->command->name);
		if (row->arg != NULL)
			return c[1] != '\0' ? apply(p, row, c + 1) : apply_with_next(p, row);
		if (apply(p, row, NULL) != ERR_NONE)
			return p->err->code;
	}
	return ERR_NONE;
}

/*
 * "@192.0.2.53", as dig names the server to ask.  A domain may be written so as well: that of a mail
 * address.
 */
static enum err_code
parse_server(struct parser *p, const struct option_row *resolver, const char *word)
{
	if (apply(p, resolver, word + 1) == ERR_NONE)
		return ERR_NONE;
	return err_prefix(p->err, "'%s' is read as --resolver; a domain is written without @",
	    word);
}

static enum err_code
parse_word(struct parser *p, const char *word)
{
	static const char resolver[] = "resolver";
	const struct option_row *row = option_by_name(p->s->command, resolver, strlen(resolver));
	if (word[0] == '@' && row != NULL)
		return parse_server(p, row, word);
	words_add(p->s, &p->s->words, word);
	return ERR_NONE;
}

enum err_code
options_parse(struct settings *s, const struct command *command, char *const *argv, struct err *err)
{
	struct parser p = { s, argv, err };
	bool only_words = false;
	s->command = command;
	while (*p.next != NULL) {
		const char *word = *p.next++;
		enum err_code code = ERR_NONE;
		if (only_words)
			words_add(s, &s->words, word);
		else if (word[0] != '-' || word[1] == '\0')
			code = parse_word(&p, word);
		else if (strcmp(word, "--") == 0)
			only_words = true;
		else if (word[1] == '-')
			code = parse_long(&p, word + 2);
		else
			code = parse_letters(&p, word + 1);
		if (code != ERR_NONE)
			return code;
	}
	return ERR_NONE;
}

enum err_code
settings_apply(struct settings *s, const char *option, const char *value, struct err *err)
{
	const struct option_row *row = option_by_name(&command_check, option, strlen(option));
	if (row == NULL || (row->arg != NULL) != (value != NULL))
		return err_set(err, ERR_INTERNAL, "there is no such option --%s", option);
	return option_apply(row, s, value, err);
}
