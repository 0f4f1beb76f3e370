/*
 * Drives notification from a script, at a time of the script's choice:
 *   notify_drive CONFIG HISTORY NOW change|nothing|test
 * The change is one new finding of one server.  "sent N, queued M" on standard output; errors with their
 * class on standard error, the class is the exit status.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "config/config.h"
#include "notify/notify.h"

static struct digest_finding finding = { .rule = "dnsbl.listed",
	.verdict = VERDICT_FAIL,
	.severity = SEVERITY_CRITICAL,
	.subject = "zen.example",
	.text = "203.0.113.25 is listed on zen.example: 127.0.0.2 (\xe2\x82\xac "
		"<b>\"M\xc3\xbcll\"</b>)",
	.remedy = "Ask for removal at https://zen.example/remove.",
	.why = "Receivers that use it refuse: 554 5.7.1." };
static struct change change = { CHANGE_NEW, &finding, NULL,
	"203.0.113.25 is listed on zen.example: 127.0.0.2 (\xe2\x82\xac <b>\"M\xc3\xbcll\"</b>)", 0,
	0 };

static int
failed(const struct err *err)
{
	static const int statuses[] = { 0, 64, 65, 66, 69, 70, 73, 74, 75, 77, 78 };
	fprintf(stderr, "error %d: %s\n", statuses[err->code], err->text);
	return statuses[err->code];
}

static enum err_code
tell(const struct notify_run *run, size_t n_changes, struct err *err)
{
	struct notify_result result;
	struct digest now = { .time_s = run->now_s,
		.label = "outbound 1",
		.address = "203.0.113.25",
		.host = "",
		.ehlo = "",
		.domain = "",
		.verdict = VERDICT_FAIL,
		.reason = finding.text,
		.ehlo_seen = "",
		.findings = &finding,
		.n_findings = 1 };
	struct changes changes = { .list = &change,
		.n = n_changes,
		.verdict = VERDICT_FAIL,
		.before = VERDICT_PASS };
	const struct watched_server server = { &now, &changes };
	if (notify_queue(run, &server, 1, err) != ERR_NONE ||
	    notify_send(run, &result, err) != ERR_NONE)
		return err->code;
	printf("sent %zu, queued %zu\n", result.sent, result.queued);
	return ERR_NONE;
}

static enum err_code
drive(const struct config *config, char **argv, struct err *err)
{
	struct notify_run run = { .config = &config->notify,
		.now_s = strtoll(argv[3], NULL, 10),
		.errors = stderr };
	if (strcmp(argv[4], "test") == 0)
		return notify_test(&run, stdout, err);
	if (history_open(argv[2], HISTORY_WRITE, &run.history, err) != ERR_NONE)
		return err->code;
	enum err_code code = tell(&run, strcmp(argv[4], "change") == 0, err);
	history_close(run.history);
	return code;
}

int
main(int argc, char **argv)
{
	struct arena a;
	struct config config;
	struct err err = { 0 };
	if (argc != 5)
		return 64;
	arena_init(&a);
	if (config_read(argv[1], &a, &config, &err) == ERR_NONE)
		(void)!drive(&config, argv, &err);
	arena_fini(&a);
	return err.code != ERR_NONE ? failed(&err) : 0;
}
