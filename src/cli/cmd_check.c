/* mailready check: the main job. */
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/inifile.h"
#include "cli/check_here.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/identities.h"

/* "chek 192.0.2.1": a word that is not a command is check's first word. */
static void
refuse_word(struct settings *s, size_t at, const struct err *err)
{
	const char **names = arena_array(&s->arena, commands_n, sizeof *names);
	for (size_t i = 0; i < commands_n; i++)
		names[i] = commands_all[i]->name;
	const char *nearest = at == 0 ? ini_nearest(s->words.at[at], names, commands_n) : NULL;
	complain(nearest == NULL ?
		err->text :
		arena_printf(&s->arena, "%s; did you mean the command %s?", err->text, nearest));
}

/* A word that is not a target is reported and counted; the others are still checked. */
static size_t
read_words(struct settings *s)
{
	struct target_spec *specs = arena_array(&s->arena, s->words.n + 1, sizeof *specs);
	size_t bad = 0;
	for (size_t i = 0; i < s->words.n; i++) {
		struct err err = { 0 };
		struct target_spec *spec = &specs[s->run.in.n_specs];
		if (target_parse_word(s->words.at[i], s->run.in.huge, &s->arena, spec, &err) !=
		    ERR_NONE) {
			refuse_word(s, i, &err);
			bad++;
			continue;
		}
		spec->names.ehlo = s->helo != NULL ? s->helo : "";
		spec->names.domain = s->domain != NULL ? s->domain : "";
		identities_put(s, &spec->names);
		s->run.in.n_specs++;
	}
	s->run.in.specs = specs;
	return bad;
}

static bool
is_address(const char *word)
{
	struct ip ip;
	return ip_parse(word, &ip);
}

/* "-" among the words is standard input; between two addresses it could be a range as well. */
static enum err_code
take_dash(struct settings *s, struct err *err)
{
	size_t n = 0;
	for (size_t i = 0; i < s->words.n; i++) {
		if (strcmp(s->words.at[i], "-") != 0) {
			s->words.at[n++] = s->words.at[i];
			continue;
		}
		if (i > 0 && i + 1 < s->words.n && is_address(s->words.at[i - 1]) &&
		    is_address(s->words.at[i + 1]))
			return err_set(err, ERR_USAGE,
			    "'-' between two addresses: a range is written without blanks, %s-%s; "
			    "for "
			    "standard input, name it first",
			    s->words.at[i - 1], s->words.at[i + 1]);
		if (s->run.in.list != NULL)
			return err_set(err, ERR_USAGE, "only one list of targets can be read");
		s->run.in.list = "-";
	}
	s->words.n = n;
	return ERR_NONE;
}

/* The file says which targets, with all their names. */
static enum err_code
check_again(const struct settings *s, struct err *err)
{
	bool named = s->helo != NULL || s->domain != NULL || s->n_dkim > 0 ||
	    s->message_file != NULL || s->guess_selectors || s->mail_from != NULL ||
	    s->from != NULL;
	if (s->words.n > 0 || s->run.in.list != NULL || named)
		return err_set(err, ERR_USAGE,
		    "--again takes its targets and their names from its file: expected no other "
		    "target, and no option that names one");
	return ERR_NONE;
}

static enum err_code
check_words(struct settings *s, struct err *err)
{
	if (s->again != NULL)
		return check_again(s, err);
	if (take_dash(s, err) != ERR_NONE || identities_read(s, err) != ERR_NONE)
		return err->code;
	if (s->words.n == 0 && s->run.in.list == NULL)
		return check_here(s, &s->n_hidden, err);
	if (s->run.state != NULL && s->run.in.list != NULL && strcmp(s->run.in.list, "-") == 0)
		return err_set(err, ERR_USAGE,
		    "--resume reads the list again: it needs a file, not standard input");
	if (s->run.in.list != NULL && (s->helo != NULL || s->domain != NULL))
		return err_set(err, ERR_USAGE,
		    "--helo and --domain are for targets of the command line; in a list they "
		    "follow each address");
	if (s->run.in.list != NULL &&
	    (s->n_dkim > 0 || s->message_file != NULL || s->guess_selectors))
		return err_set(err, ERR_USAGE,
		    "--dkim, --message and --guess-selectors are for targets of the command line, "
		    "not for "
		    "those of a list");
	if (s->run.in.list != NULL && (s->mail_from != NULL || s->from != NULL))
		return err_set(err, ERR_USAGE,
		    "--mail-from and --from are for targets of the command line; in a list the "
		    "third word of a line is the sender's domain");
	return ERR_NONE;
}

/* A list, or a block: too many to wait for the slowest, or to do without knowing how far it is. */
static bool
is_bulk(const struct settings *s)
{
	for (size_t i = 0; i < s->run.in.n_specs; i++) {
		const struct target_spec *spec = &s->run.in.specs[i];
		if (spec->first.family != 0 && target_is_many(spec))
			return true;
	}
	return s->run.in.list != NULL || s->again != NULL;
}

/* Nothing to ask is no failure. */
static enum err_code
work_again(struct settings *s, struct run_result *result, struct err *err)
{
	enum err_code code = run_again(&s->run, s->again, result, err);
	size_t n = 0;
	for (size_t i = 0; i <= VERDICT_FAIL; i++)
		n += result->n[i];
	if (n == 0 && result->interrupted == 0)
		result->n[VERDICT_PASS] = 1;
	return code;
}

static enum err_code
work(struct settings *s, struct run_result *result, struct err *err)
{
	/* one address gives one report; whatever else is named may give several */
	bool single = s->words.n == 1 && s->run.in.list == NULL && s->run.in.n_specs == 1 &&
	    !target_is_many(&s->run.in.specs[0]);
	bool bulk = is_bulk(s);
	bool watched = isatty(STDERR_FILENO) && !isatty(fileno(s->run.out.file));
	s->run.look.policy.many = bulk;
	s->run.look.patience_us = bulk ? RESOLVER_PATIENCE_US : 0;
	s->run.out.render.many = !single;
	s->run.out.ordered = s->ordered || !bulk || !s->run.out.renderer->alone;
	s->run.out.progress = s->progress || (bulk && watched && !s->run.out.render.quiet);
	enum err_code code = s->again != NULL ? work_again(s, result, err) :
						run_check(&s->run, result, err);
	result->n[VERDICT_TEMPERROR] += s->n_hidden;
	result->unknown += s->n_hidden;
	return code;
}

/* Nothing was asked for, and this machine cannot be checked: how to begin. */
static int
show_examples(const struct err *err)
{
	int status = exit_of_error(err);
	fputs("Examples:\n", stderr);
	examples_print(stderr);
	fputs("mailready --help shows the commands\n", stderr);
	return status;
}

static int
run(struct settings *s)
{
	struct err err = { 0 };
	bool here = s->words.n == 0 && s->run.in.list == NULL && s->again == NULL;
	if (check_words(s, &err) != ERR_NONE)
		return here ? show_examples(&err) : exit_of_error(&err);
	size_t bad = s->words.n > 0 ? read_words(s) : 0;
	s->run.out.render.lost = bad;
	if (s->run.in.n_specs == 0 && s->run.in.list == NULL && s->again == NULL)
		return exit_of_result(&(struct run_result){ .bad_lines = bad }, s->fail_on);
	return command_work(s, bad, work);
}

const struct command command_check = {
	.name = "check",
	.usage = "[TARGET...]",
	.help = "checks whether receivers will accept mail",
	.example = "mailready check 203.0.113.25 --helo mail.example.com",
	.run = run,
	.format = report_format,
};
