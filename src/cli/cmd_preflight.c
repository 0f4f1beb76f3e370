/* mailready preflight: is everything there before a server goes live, and what is still to be done? */
#include <string.h>

#include "commands.h"
#include "exit.h"
#include "preflight/preflight.h"

static const struct format {
	const char *name;
	void (*render)(const struct preflight *p, const struct render_options *o, struct buf *out);
} formats[] = {
	{ "text", preflight_text },
	{ "json", preflight_json },
	{ "junit", preflight_junit },
};
enum { FORMATS = sizeof formats / sizeof formats[0] };

static const char *
format_name(size_t i)
{
	return i < FORMATS ? formats[i].name : NULL;
}

static const struct format *
format_by_name(const char *name)
{
	for (size_t i = 0; i < FORMATS; i++)
		if (strcmp(formats[i].name, name) == 0)
			return &formats[i];
	return NULL;
}

static enum err_code
work(struct settings *s, struct run_result *result, struct err *err)
{
	const struct format *format = format_by_name(s->run.renderer->name);
	if (format == NULL)
		return err_set(err, ERR_USAGE,
		    "preflight has no format '%s': expected text, json or junit",
		    s->run.renderer->name);
	struct preflight_options o = { .run = &s->run,
		.intent = s->words[0],
		.strict_warn = (s->fail_on & FAIL_ON_WARN) != 0,
		.strict_unknown = (s->fail_on & FAIL_ON_UNKNOWN) != 0,
		.render = format->render };
	return run_preflight(&o, result, err);
}

static int
run(struct settings *s)
{
	struct err err = { 0 };
	if (s->n_words == 1)
		return command_run(s, 0, work);
	err_set(&err, ERR_USAGE,
	    "expected one file that says what is wanted, or - for standard input");
	int status = exit_of_error(&err);
	usage_say(&command_preflight);
	return status;
}

const struct command command_preflight = {
	.name = "preflight",
	.id = CMD_PREFLIGHT,
	.usage = "INTENT.ini",
	.help = "tells what is missing before servers go live",
	.run = run,
	.format = format_name,
};
