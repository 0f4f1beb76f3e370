/* The exit status of every command, and the line that says what went wrong. */
#include "cli/exit.h"

#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/safe.h"
#include "base/terminal.h"
#include "cli/settings.h"

enum { EXIT_GOOD = 0, EXIT_BAD = 1, EXIT_UNDECIDED = 2, EXIT_DATA = 65, EXIT_SIGNAL = 128 };

static const struct renderer *plugin; /* NULL: a command like any other */

void
exit_as_plugin(const struct renderer *format)
{
	plugin = format;
}

/* Monitoring shows standard output alone. */
static void
say_as_plugin(const char *text)
{
	struct buf out;
	buf_init(&out, 8 * ERR_TEXT_MAX);
	plugin->trouble(text, &out);
	fputs(out.data, stdout);
	buf_fini(&out);
}

void
complain(const char *text)
{
	struct buf line;
	buf_init(&line, 4 * ERR_TEXT_MAX);
	safe_add(&line, text, strlen(text), 3 * ERR_TEXT_MAX);
	if (plugin != NULL)
		say_as_plugin(line.data);
	else
		terminal_say(stderr, "mailready: %s", line.data);
	buf_fini(&line);
}

int
exit_of_code(enum err_code code)
{
	static const int statuses[] = {
		[ERR_NONE] = 0,
		[ERR_USAGE] = 64,
		[ERR_DATA] = EXIT_DATA,
		[ERR_NOINPUT] = 66,
		[ERR_UNAVAILABLE] = 69,
		[ERR_INTERNAL] = 70,
		[ERR_CANTCREAT] = 73,
		[ERR_IO] = 74,
		[ERR_TEMP] = 75,
		[ERR_NOPERM] = 77,
		[ERR_CONFIG] = 78,
	};
	return plugin != NULL ? PLUGIN_UNKNOWN : statuses[code];
}

int
exit_of_error(const struct err *err)
{
	complain(err->text);
	return exit_of_code(err->code);
}

/* A name without address has a row in what the plug-in prints, and is a server that is bad. */
static int
state_of_result(const struct run_result *result, bool unknown, bool strict_warn)
{
	size_t n[VERDICT_FAIL + 1];
	memcpy(n, result->n, sizeof n);
	n[VERDICT_FAIL] += result->bad_hosts;
	bool lost = result->bad_lines > result->bad_hosts;
	enum plugin_state state = plugin_state(n, lost, unknown, strict_warn);
	return (int)(lost ? state : plugin_worse(state, result->limits));
}

int
exit_of_result(const struct run_result *result, unsigned fail_on)
{
	const size_t *n = result->n;
	bool unknown = (fail_on & FAIL_ON_UNKNOWN) != 0 && result->unknown > 0;
	if (plugin != NULL)
		return state_of_result(result, unknown, (fail_on & FAIL_ON_WARN) != 0);
	if (result->bad_lines > 0)
		return EXIT_DATA;
	if (n[VERDICT_FAIL] + n[VERDICT_PERMERROR] > 0)
		return EXIT_BAD;
	if ((fail_on & FAIL_ON_WARN) != 0 && n[VERDICT_WARN] > 0)
		return EXIT_BAD;
	bool judged = n[VERDICT_PASS] + n[VERDICT_WARN] > 0;
	if (n[VERDICT_TEMPERROR] > 0 || unknown || !judged)
		return EXIT_UNDECIDED;
	return EXIT_GOOD;
}

int
exit_of_signal(const struct run_options *o, const struct run_result *result)
{
	size_t n = 0;
	for (size_t i = 0; i <= VERDICT_FAIL; i++)
		n += result->n[i];
	terminal_say(stderr, "mailready: interrupted; what is finished is written: %zu report%s", n,
	    n == 1 ? "" : "s");
	if (o->in.n_specs == 0 && o->in.list == NULL)
		return EXIT_SIGNAL + result->interrupted;
	if (o->state != NULL)
		complain("the same command continues from there");
	else
		complain("to be able to continue such a run, use --resume STATE and --output FILE");
	return plugin != NULL ? PLUGIN_UNKNOWN : EXIT_SIGNAL + result->interrupted;
}
