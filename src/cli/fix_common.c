/* What fix, ptr, undo and wait share: the words, the question, the exit status. */
#include "cli/fix_common.h"

#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/safe.h"
#include "base/terminal.h"
#include "cli/exit.h"

/* Design section 6: these two and the classes of errors. */
enum { EXIT_FINE = 0, EXIT_OPEN = 1, EXIT_UNDECIDED = 2 };

static bool
is_address(const char *word)
{
	struct err ignored;
	struct ip ip;
	return fix_parse_address(word, &ip, &ignored) == ERR_NONE;
}

enum err_code
fix_take_names(struct settings *s, struct err *err)
{
	if (s->words.n < 2 || is_address(s->words.at[1])) {
		if (s->words.n != 2 || is_address(s->words.at[0]))
			return ERR_NONE;
		return err_set(err, ERR_USAGE, "the address comes first: did you mean %s %s?",
		    s->words.at[1], s->words.at[0]);
	}
	if (s->names.n > 0)
		return err_set(err, ERR_USAGE,
		    "the name is given twice: '%s' after the address, and --name %s",
		    s->words.at[1], s->names.at[0]);
	for (size_t i = 1; i < s->words.n; i++)
		words_add(s, &s->names, s->words.at[i]);
	s->words.n = 1;
	return ERR_NONE;
}

enum err_code
fix_words(struct settings *s, struct err *err)
{
	struct fix_spec *specs = arena_array(&s->arena, s->words.n + 1, sizeof *specs);
	for (size_t i = 0; i < s->words.n; i++) {
		if (fix_parse_address(s->words.at[i], &specs[i].ip, err) != ERR_NONE)
			return err->code;
		for (size_t k = 0; k < s->names.n; k++)
			if (fix_parse_name(s->names.at[k], &specs[i], err) != ERR_NONE)
				return err->code;
	}
	s->fix.specs = specs;
	s->fix.n_specs = s->words.n;
	return ERR_NONE;
}

/* Anything but a clear yes is no. */
static enum err_code
ask(size_t n_records, bool *yes, struct err *err)
{
	char answer[16] = "";
	if (!isatty(STDIN_FILENO))
		return err_set(err, ERR_NOPERM,
		    "%zu record%s would be written: cannot ask (standard input is not a terminal); "
		    "use --yes to go ahead",
		    n_records, n_records == 1 ? "" : "s");
	fprintf(stderr, "Write %s? [y/N] ", n_records == 1 ? "this record" : "these records");
	fflush(stderr);
	*yes = fgets(answer, sizeof answer, stdin) != NULL &&
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
	terminal_say(stderr, "mailready: waiting: %s", line.data);
	buf_fini(&line);
}

void
fix_complete(struct settings *s)
{
	struct fix_options *f = &s->fix;
	f->run = &s->run;
	f->json = s->format == FORMAT_JSON;
	f->form = &fix_forms[s->format];
	f->endpoints = s->endpoints.at;
	f->n_endpoints = s->endpoints.n;
	f->wish.tags = s->tags.at;
	f->wish.n_tags = s->tags.n;
	f->consent = s->yes ? NULL : ask;
	f->progress = s->run.out.render.quiet ? NULL : say_progress;
}

static int
exit_of_fix(const struct fix_result *result)
{
	/* the address's report has said it */
	if (result->n_failed > 0)
		return exit_of_code(result->first.code);
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
	if (command_begin(s, &out, &err) != ERR_NONE)
		return exit_of_error(&err);
	fix_complete(s);
	err.code = work(s, &result, &err);
	return output_close(&out, &err) != ERR_NONE ? exit_of_error(&err) : exit_of_fix(&result);
}
