/* mailready preflight: is everything there before a server goes live, and what is still to be done? */
#include "cli/commands.h"
#include "cli/exit.h"
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

static enum err_code
work(struct settings *s, struct run_result *result, struct err *err)
{
	struct preflight_options o = { .run = &s->run,
		.intent = s->words.at[0],
		.strict_warn = (s->fail_on & FAIL_ON_WARN) != 0,
		.strict_unknown = (s->fail_on & FAIL_ON_UNKNOWN) != 0,
		.render = formats[s->format].render };
	return run_preflight(&o, result, err);
}

static int
run(struct settings *s)
{
	struct err err = { 0 };
	if (s->words.n == 1)
		return command_work(s, 0, work);
	err_set(&err, ERR_USAGE, "expected one file of servers, or - for standard input");
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
