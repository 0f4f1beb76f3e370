/* A program of the user's, which gets the note's JSON on its standard input. */
#include <string.h>

#include "base/json.h"
#include "net/program.h"
#include "notify/notify_priv.h"

static size_t
count(const struct notify_config *config)
{
	return config->command[0] != '\0';
}

static struct letter *
letters(const struct notify_config *config, size_t index, const struct note *note, struct arena *a,
    size_t *n)
{
	(void)config;
	(void)index;
	return letter_alone(note, note_json(note, a), a, n);
}

/* Nothing of our own environment: it may hold keys of providers and lists. */
static enum err_code
run(const struct notify_config *config, size_t index, struct attempt *t, struct err *err)
{
	static const char *const env[] = { "PATH=/usr/local/bin:/usr/bin:/bin", "LC_ALL=C.UTF-8",
		"MAILREADY_NOTIFY=1", NULL };
	const struct program program = { .path = config->command,
		.env = env,
		.input = t->body,
		.input_len = strlen(t->body),
		.timeout_us = config->timeout_us };
	(void)index;
	t->reached = config->command;
	return program_run(&program, err);
}

const struct channel channel_command = {
	.name = "command",
	.count = count,
	.letters = letters,
	.send = run,
};
