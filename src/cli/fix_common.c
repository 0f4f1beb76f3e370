#include "fix_common.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/safe.h"
#include "exit.h"
#include "output.h"

/* Design section 6: these two and the classes of errors. */
enum { EXIT_FINE = 0, EXIT_OPEN = 1, EXIT_UNDECIDED = 2 };

enum err_code
fix_words(struct settings *s, struct err *err)
{
	struct fix_spec *specs = arena_array(&s->arena, s->n_words + 1, sizeof(*specs));
	for (size_t i = 0; i < s->n_words; i++) {
		if (fix_parse_address(s->words[i], &specs[i].ip, err) != ERR_NONE)
			return err->code;
		for (size_t k = 0; k < s->n_names; k++)
			if (fix_parse_name(s->names[k], &specs[i], err) != ERR_NONE)
				return err->code;
	}
	s->fix.specs = specs;
	s->fix.n_specs = s->n_words;
	return ERR_NONE;
}

int
fix_usage(const struct err *err, const struct command *command)
{
	int status = exit_of_error(err);
	usage_say(command);
	return status;
}

/* Anything but a clear yes is no. */
static enum err_code
ask(size_t n_records, bool *yes, struct err *err)
{
	char answer[16] = "";
	if (!isatty(STDIN_FILENO))
		return err_set(err, ERR_NOPERM,
		    "%zu record%s would be written: standard input is no terminal to ask at; --yes "
		    "does not ask",
		    n_records, n_records == 1 ? "" : "s");
	fprintf(stderr, "Write %s? [y/N] ", n_records == 1 ? "this record" : "these records");
	fflush(stderr);
	*yes = fgets(answer, sizeof(answer), stdin) != NULL &&
	    (strcmp(answer, "y\n") == 0 || strcmp(answer, "Y\n") == 0 ||
		strcmp(answer, "yes\n") == 0);
	return ERR_NONE;
}

static void
say_progress(const char *text)
{
	struct buf line;
	buf_init(&line, ERR_TEXT_MAX);
	safe_add(&line, text, strlen(text), ERR_TEXT_MAX - 8);
	fprintf(stderr, "mailready: waiting: %s\n", line.data);
	buf_fini(&line);
}

static void
complete(struct settings *s)
{
	struct fix_options *f = &s->fix;
	f->run = &s->run;
	f->json = strcmp(s->run.renderer->name, "json") == 0;
	f->endpoints = s->endpoints;
	f->n_endpoints = s->n_endpoints;
	f->wish.tags = s->tags;
	f->wish.n_tags = s->n_tags;
	f->consent = s->yes ? NULL : ask;
	f->progress = s->run.render.quiet ? NULL : say_progress;
}

static int
exit_of_fix(const struct fix_result *result)
{
	if (result->n_failed > 0)
		return exit_of_error(&result->first);
	if (result->n_open > 0)
		return EXIT_OPEN;
	return result->n_undecided > 0 ? EXIT_UNDECIDED : EXIT_FINE;
}

int
fix_command(struct settings *s,
    enum err_code (*work)(struct settings *s, struct fix_result *result, struct err *err))
{
	struct output out;
	struct err err = { 0 };
	struct fix_result result = { 0 };
	if (settings_check(s, &err) != ERR_NONE ||
	    output_open(&out, s->output, false, &err) != ERR_NONE)
		return exit_of_error(&err);
	settings_direct(s, out.file);
	complete(s);
	enum err_code code = work(s, &result, &err);
	struct err close_err = { 0 };
	if (output_close(&out, code == ERR_NONE, &close_err) != ERR_NONE && code == ERR_NONE)
		return exit_of_error(&close_err);
	return code != ERR_NONE ? exit_of_error(&err) : exit_of_fix(&result);
}
