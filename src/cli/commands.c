/* The table of commands, and what those that run checks have in common. */
#include "commands.h"

#include <string.h>

#include "exit.h"
#include "output.h"

const struct command *const commands_all[] = {
	&command_check,
	&command_judge,
	&command_lists,
	&command_merge,
	&command_report,
	&command_watch,
	&command_run_watched,
	&command_history,
	&command_notify,
	&command_fix,
	&command_ptr,
	&command_undo,
	&command_wait,
	&command_preflight,
	&command_help,
	&command_version,
};
const size_t commands_n = sizeof(commands_all) / sizeof(commands_all[0]);

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
dispatch(struct settings *s, const struct command *command)
{
	if (!s->help && !s->version)
		return command->run(s);
	s->n_words = 0;
	s->about = s->help ? command : NULL;
	return s->help ? command_help.run(s) : command_version.run(s);
}

int
command_main(const struct command *command, char *const *argv)
{
	struct settings s;
	struct err err = { 0 };
	settings_init(&s);
	bool parsed = options_parse(&s, command, argv, &err) == ERR_NONE;
	if (s.run.renderer->plugin && !s.help && !s.version)
		exit_as_plugin();
	int status = parsed ? dispatch(&s, command) : exit_of_error(&err);
	settings_fini(&s);
	return status;
}

static int
exit_status(struct settings *s, const struct run_result *result, const struct err *err)
{
	if (err->code != ERR_NONE)
		return exit_of_error(err);
	if (result->interrupted != 0)
		return exit_of_signal(&s->run, result);
	return exit_of_result(result, s->fail_on);
}

const char *
report_format_name(size_t i)
{
	return i < renderers_n ? renderers_all[i]->name : NULL;
}

int
command_run(struct settings *s, size_t bad_words,
    enum err_code (*work)(struct settings *s, struct run_result *result, struct err *err))
{
	struct output out;
	struct err err = { 0 };
	struct run_result result = { 0 };
	if (settings_check(s, &err) != ERR_NONE ||
	    output_open(&out, s->output, s->run.state != NULL, &err) != ERR_NONE)
		return exit_of_error(&err);
	settings_direct(s, out.file);
	s->run.render.strict_warn = (s->fail_on & FAIL_ON_WARN) != 0;
	s->run.render.strict_unknown = (s->fail_on & FAIL_ON_UNKNOWN) != 0;
	err.code = work(s, &result, &err);
	struct err close_err = { 0 };
	bool closed = output_close(&out, err.code == ERR_NONE, &close_err) == ERR_NONE;
	result.bad_lines += bad_words;
	return exit_status(s, &result, closed || err.code != ERR_NONE ? &err : &close_err);
}
