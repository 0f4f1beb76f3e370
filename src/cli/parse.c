/* Words of the command line against the table of options. */
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/inifile.h"
#include "checks/registry.h"
#include "commands.h"
#include "options.h"

enum { DEFAULT_TIMEOUT_US = 3000000, FIX_TIMEOUT_US = 600000000, COLUMNS_MIN = 40 };

/* Where the parser stands in argv. */
struct words {
	struct settings *s;
	const struct command *command;
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
			if ((row->commands & c->id) != 0 && names[k] != NULL &&
			    strlen(names[k]) == len && memcmp(names[k], name, len) == 0)
				return row;
		}
	}
	return NULL;
}

static const struct option_row *
option_by_letter(const struct command *c, char letter)
{
	for (size_t i = 0; i < options_n; i++) {
		if ((options_all[i].commands & c->id) != 0 && options_all[i].letter == letter)
			return &options_all[i];
	}
	return NULL;
}

static enum err_code
unknown_option(struct words *w, const char *name)
{
	const char **known = arena_array(&w->s->arena, options_n, sizeof(*known));
	size_t n = 0;
	for (size_t i = 0; i < options_n; i++) {
		if ((options_all[i].commands & w->command->id) != 0)
			known[n++] = options_all[i].name;
	}
	const char *nearest = ini_nearest(name, known, n);
	if (nearest == NULL)
		return err_set(w->err, ERR_USAGE, "there is no option --%s for '%s'", name,
		    w->command->name);
	return err_set(w->err, ERR_USAGE, "there is no option --%s for '%s'; did you mean --%s?",
	    name, w->command->name, nearest);
}

/* "$LOG" of a script where LOG is not set. */
static bool
is_unnamed_file(const struct option_row *row, const char *value)
{
	static const char *const files[] = { "FILE", "DIR", "JOURNAL", "STATE" };
	for (size_t i = 0; row->arg != NULL && i < sizeof(files) / sizeof(files[0]); i++) {
		if (strcmp(row->arg, files[i]) == 0)
			return value[0] == '\0';
	}
	return false;
}

/* Calls the setter; its error gets the option's name in front. */
static enum err_code
apply(struct words *w, const struct option_row *row, const char *value)
{
	if (is_unnamed_file(row, value))
		return err_set(w->err, ERR_USAGE, "--%s: expected %s, not an empty word", row->name,
		    row->arg);
	if (row->set(w->s, value, w->err) == ERR_NONE)
		return ERR_NONE;
	return err_prefix(w->err, "--%s", row->name);
}

static enum err_code
apply_with_next(struct words *w, const struct option_row *row)
{
	if (*w->next == NULL)
		return err_set(w->err, ERR_USAGE, "--%s: expected %s behind it", row->name,
		    row->arg);
	return apply(w, row, *w->next++);
}

static enum err_code
parse_long(struct words *w, const char *word)
{
	size_t len = strcspn(word, "=");
	const struct option_row *row = option_by_name(w->command, word, len);
	if (row == NULL)
		return unknown_option(w, arena_strndup(&w->s->arena, word, len));
	if (row->arg == NULL && word[len] == '=')
		return err_set(w->err, ERR_USAGE, "--%s takes no argument", row->name);
	if (row->arg == NULL)
		return apply(w, row, NULL);
	return word[len] == '=' ? apply(w, row, word + len + 1) : apply_with_next(w, row);
}

/* "-vq", "-f json", "-fjson": a letter with an argument takes the rest of the word. */
static enum err_code
parse_letters(struct words *w, const char *letters)
{
	for (const char *c = letters; *c != '\0'; c++) {
		const struct option_row *row = option_by_letter(w->command, *c);
		if (row == NULL)
			return err_set(w->err, ERR_USAGE, "there is no option -%c for '%s'", *c,
			    w->command->name);
		if (row->arg != NULL)
			return c[1] != '\0' ? apply(w, row, c + 1) : apply_with_next(w, row);
		if (apply(w, row, NULL) != ERR_NONE)
			return w->err->code;
	}
	return ERR_NONE;
}

static void
add_word(struct settings *s, const char *word)
{
	s->words = arena_grow(&s->arena, s->words, s->n_words, &s->cap_words, sizeof(*s->words));
	s->words[s->n_words++] = word;
}

enum err_code
options_parse(struct settings *s, const struct command *command, char *const *argv, struct err *err)
{
	struct words w = { s, command, argv, err };
	bool only_words = false;
	while (*w.next != NULL) {
		const char *word = *w.next++;
		enum err_code code = ERR_NONE;
		if (only_words || word[0] != '-' || word[1] == '\0')
			add_word(s, word);
		else if (strcmp(word, "--") == 0)
			only_words = true;
		else if (word[1] == '-')
			code = parse_long(&w, word + 2);
		else
			code = parse_letters(&w, word + 1);
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
	return row->set(s, value, err);
}

void
settings_init(struct settings *s)
{
	*s = (struct settings){
		.run = {
			.n_shards = 1,
			.timeout_us = DEFAULT_TIMEOUT_US,
			.renderer = renderer_by_name("text"),
			.policy = {
				.smtp = true,
				.smtp_port = 25,
				.authority_port = 53,
			},
		},
		.past = { .since = "30d", .format = past_format_by_name("text") },
		.fix = { .region = "", .project = "", .cloud = "", .timeout_us = FIX_TIMEOUT_US },
	};
	arena_init(&s->arena);
	s->only = arena_array(&s->arena, checks_n, sizeof(*s->only));
	s->skip = arena_array(&s->arena, checks_n, sizeof(*s->skip));
}

void
settings_fini(struct settings *s)
{
	arena_fini(&s->arena);
}

static enum err_code
select_checks(struct settings *s, struct err *err)
{
	s->checks = arena_array(&s->arena, checks_n, sizeof(*s->checks));
	s->run.checks = s->checks;
	for (size_t i = 0; i < checks_n; i++) {
		if ((!s->any_only || s->only[i]) && !s->skip[i])
			s->checks[s->run.n_checks++] = checks_all[i];
	}
	if (s->run.n_checks == 0)
		return err_set(err, ERR_USAGE, "--only and --skip leave no check to run");
	return ERR_NONE;
}

/* https://no-color.org: set and not empty, whatever its value. */
static bool
wants_color(enum color_mode mode, FILE *out)
{
	if (mode != COLOR_AUTO)
		return mode == COLOR_ALWAYS;
	const char *no_color = getenv("NO_COLOR");
	const char *term = getenv("TERM");
	if (no_color != NULL && no_color[0] != '\0')
		return false;
	return term != NULL && strcmp(term, "dumb") != 0 && isatty(fileno(out));
}

/* 0: no terminal, or one that does not say, or too narrow for anything to fit. */
static unsigned
columns_of(FILE *out)
{
	struct winsize size;
	if (ioctl(fileno(out), TIOCGWINSZ, &size) != 0 || size.ws_col < COLUMNS_MIN)
		return 0;
	return size.ws_col;
}

/* What only a file that is written in place, line by line, can go on with. */
static enum err_code
check_resume(const struct settings *s, struct err *err)
{
	const struct run_options *o = &s->run;
	if (o->state == NULL)
		return ERR_NONE;
	if (s->output == NULL || strcmp(s->output, "-") == 0)
		return err_set(err, ERR_USAGE,
		    "--resume needs --output FILE, which it goes on with");
	if (!o->renderer->alone)
		return err_set(err, ERR_USAGE, "--resume needs --format jsonl or csv, not %s",
		    o->renderer->name);
	if (o->dump != NULL)
		return err_set(err, ERR_USAGE, "--resume and --dump-facts cannot go together");
	if (o->summary && strcmp(o->renderer->name, "jsonl") != 0)
		return err_set(err, ERR_USAGE,
		    "--summary of a run that is resumed reads its output again: it needs --format "
		    "jsonl");
	return ERR_NONE;
}

enum err_code
settings_check(struct settings *s, struct err *err)
{
	if (s->run.policy.offline && s->run.planned == NULL)
		return err_set(err, ERR_USAGE, "--offline answers from --planned FILE: name one");
	if (s->run.families == 0)
		s->run.families = FAMILY_4 | FAMILY_6;
	s->run.lists.files = s->list_files.words;
	s->run.lists.n_files = s->list_files.n;
	s->run.lists.only = s->only_lists.words;
	s->run.lists.n_only = s->only_lists.n;
	s->run.lists.skip = s->skip_lists.words;
	s->run.lists.n_skip = s->skip_lists.n;
	if (check_resume(s, err) != ERR_NONE)
		return err->code;
	s->run.output = s->output;
	return select_checks(s, err);
}

void
settings_direct(struct settings *s, FILE *out)
{
	s->run.out = out;
	s->run.errors = stderr;
	s->run.render.color = wants_color(s->color, out);
	s->run.render.columns = columns_of(out);
}
