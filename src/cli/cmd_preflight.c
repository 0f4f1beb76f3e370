/* mailready preflight: is everything there before a server goes live, and what is still to be done? */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/paths.h"
#include "base/terminal.h"
#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/fix_common.h"
#include "preflight/preflight.h"

static const struct {
	const char *name;
	void (*render)(const struct preflight *p, const struct render_options *o, struct buf *out);
} formats[] = {
	{ "text", preflight_text },
	{ "json", preflight_json },
	{ "junit", preflight_junit },
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

static const char *
format(size_t i)
{
	return i < FORMATS ? formats[i].name : NULL;
}

/* ---- --apply */

enum { EXAMPLE_MAX = 64 << 10 };

static bool
is_manual(const struct preflight_server *server)
{
	return strcmp(server->provider, "manual") == 0;
}

/* The addresses of one server, each with its names. */
static void
add_specs(const struct preflight_server *server, struct fix_spec *specs, size_t *n)
{
	for (size_t i = 0; i < server->n_addresses; i++) {
		struct fix_spec *spec = &specs[(*n)++];
		spec->ip = server->addresses[i].ip;
		spec->provider = server->provider[0] != '\0' ? server->provider : NULL;
		for (size_t k = 0; k < server->n_names; k++)
			snprintf(spec->names[spec->n_names++], NAME_TEXT_MAX, "%s",
			    server->names[k]);
	}
}

/*
 * One plan for all of them, forward records first, and one question.  Plans, question and proof are for the
 * user and go where the question is; the report of what is there afterwards has the output to itself.
 */
static enum err_code
repair(void *arg, const struct preflight *intent, struct err *err)
{
	struct settings *s = arg;
	struct run_options shown = s->run;
	struct fix_spec *specs = arena_array(&s->arena, INTENT_ADDRESSES_MAX, sizeof *specs);
	struct fix_result ignored;
	s->fix.n_specs = 0;
	for (size_t i = 0; i < intent->n_servers; i++) {
		const struct preflight_server *server = &intent->servers[i];
		if (is_manual(server))
			continue;
		add_specs(server, specs, &s->fix.n_specs);
	}
	if (s->fix.n_specs == 0)
		return ERR_NONE;
	fix_complete(s);
	shown.out.file = stderr;
	shown.out.render.columns = terminal_columns(stderr);
	shown.out.render.color = shown.out.render.color && isatty(STDERR_FILENO);
	s->fix.run = &shown;
	s->fix.specs = specs;
	s->fix.json = false;
	s->fix.form = &fix_forms[FIX_FORM_TEXT];
	s->fix.wish.with_forward = true;
	/* what an address could not get is missing in the report that follows */
	return fix_run(&s->fix, &ignored, err);
}

/* ---- the command */

static enum err_code
work(struct settings *s, struct run_result *result, struct err *err)
{
	struct preflight_options o = { .run = &s->run,
		.intent = s->words.at[0],
		.strict_warn = (s->fail_on & FAIL_ON_WARN) != 0,
		.strict_unknown = (s->fail_on & FAIL_ON_UNKNOWN) != 0,
		.render = formats[s->format].render,
		.before = s->fix.apply ? repair : NULL,
		.before_arg = s };
	return run_preflight(&o, result, err);
}

static enum err_code
print_example(struct err *err)
{
	char path[PATH_MAX];
	struct buf text;
	buf_init(&text, EXAMPLE_MAX);
	enum err_code code = data_path("examples/servers.ini", path, sizeof path, err);
	if (code == ERR_NONE)
		code = file_read(path, &text, err);
	if (code == ERR_NONE && !file_write_all(STDOUT_FILENO, text.data, text.len))
		code = err_set(err, ERR_IO, "standard output: writing failed: %s", strerror(errno));
	buf_fini(&text);
	return code;
}

static int
run(struct settings *s)
{
	struct err err = { 0 };
	if (s->example && s->words.n == 0)
		return print_example(&err) == ERR_NONE ? 0 : exit_of_error(&err);
	if (s->words.n == 1 && !s->example)
		return command_work(s, 0, work);
	err_set(&err, ERR_USAGE,
	    s->example ? "--example prints a file, and reads none" :
			 "expected one file of servers, or - for standard input");
	return command_refuse(s, &err);
}

const struct command command_preflight = {
	.name = "preflight",
	.usage = "INTENT.ini",
	.help = "shows what is missing before servers go live",
	.example = "mailready preflight outbound.ini",
	.run = run,
	.format = format,
};
