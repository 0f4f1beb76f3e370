/* From the words after a command's name to the exit status: what all commands share. */
#include "cli/commands.h"

#include <string.h>

#include "cli/exit.h"

const struct command *
command_by_name(const char *name)
{
	for (size_t i = 0; i < commands_n; i++) {
		if (strcmp(commands_all[i]->name, name) == 0)
			return commands_all[i];
	}
	return NULL;
}

static int
dispatch(struct settings *s)
{
	if (!s->help && !s->version)
		return s->command->run(s);
	s->words.n = 0;
	s->about = s->help && s->named ? s->command : NULL;
	return s->help ? command_help.run(s) : command_version.run(s);
}

int
command_main(const struct command *command, bool named, char *const *argv)
{
	struct settings s;
	struct err err = { 0 };
	settings_init(&s);
	s.named = named;
	bool parsed = options_parse(&s, command, argv, &err) == ERR_NONE;
	if (s.run.out.renderer->trouble != NULL && !s.help && !s.version)
		exit_as_plugin(s.run.out.renderer);
	int status = parsed ? dispatch(&s) : exit_of_error(&err);
	settings_fini(&s);
	return status;
}

int
command_refuse(const struct settings *s, const struct err *err)
{
	int status = exit_of_error(err);
	usage_say(s->command);
	return status;
}

enum err_code
command_begin(struct settings *s, struct output *out, struct err *err)
{
	if (settings_check(s, err) != ERR_NONE ||
	    output_open(out, s->output, s->run.state != NULL, err) != ERR_NONE)
		return err->code;
	settings_direct(s, out->file);
	return ERR_NONE;
}

static int
exit_status(struct settings *s, const struct run_result *result, const struct err *err)
{
	/* a plug-in has one status line, which says it */
	if (result->outage.there && s->run.out.renderer->trouble != NULL)
		return exit_of_code(err->code);
	if (err->code != ERR_NONE)
		return exit_of_error(err);
	if (result->interrupted != 0)
		return exit_of_signal(&s->run, result);
	return exit_of_result(result, s->fail_on);
}

int
command_work(struct settings *s, size_t bad_words,
    enum err_code (*work)(struct settings *s, struct run_result *result, struct err *err))
{
	struct output out;
	struct err err = { 0 };
	struct run_result result = { 0 };
	if (command_begin(s, &out, &err) != ERR_NONE)
		return exit_of_error(&err);
	s->run.out.render.strict_warn = (s->fail_on & FAIL_ON_WARN) != 0;
	s->run.out.render.strict_unknown = (s->fail_on & FAIL_ON_UNKNOWN) != 0;
	err.code = work(s, &result, &err);
	err.code = output_close(&out, &err);
	result.bad_lines += bad_words;
	return exit_status(s, &result, &err);
}
