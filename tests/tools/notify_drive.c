/*
 * Drives notification from a script, at a time of the script's choice:
 *   notify_drive CONFIG HISTORY NOW change|worse|milder|gone|silent|ended|nothing|many|outage|
 *     over|test
 * A change is one new finding of one server, which stands when nothing has changed; many are 36 of 12, whose
 * texts are as long and as strange as texts get; an outage is over later.  "sent N, queued M" on standard output; errors with their
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

/* As it was before it became worse, and as it is when it has become better. */
static struct digest_finding mild;

enum { N_MANY = 12, CHANGES_EACH = 3, LONG = 1500 };

static const struct {
	const char *word;
	size_t n_servers, n_changes;
	enum change_kind kind;
	bool stands;
	int outage; /* 1: it began; 2: it is over */
	bool over;  /* what stood has gone without being news */
} acts[] = {
	{ "change", 1, 1, CHANGE_NEW, true, 0, false },
	{ "worse", 1, 1, CHANGE_WORSE, true, 0, false },
	{ "milder", 1, 1, CHANGE_BETTER, true, 0, false },
	{ "gone", 1, 1, CHANGE_GONE, false, 0, false },
	{ "silent", 1, 0, CHANGE_NEW, false, 0, true },
	{ "ended", 1, 1, CHANGE_ENDED, false, 0, true },
	{ "nothing", 1, 0, CHANGE_NEW, true, 0, false },
	{ "many", N_MANY, CHANGES_EACH, CHANGE_NEW, true, 0, false },
	{ "outage", 1, 0, CHANGE_NEW, false, 1, false },
	{ "over", 1, 0, CHANGE_NEW, false, 2, false },
};
enum { N_ACTS = sizeof acts / sizeof acts[0] };

/* What markup of any service would make of it, repeated. */
static const char *
strange(struct arena *a, size_t i)
{
	static const char piece[] =
	    "<!channel> @all @everyone [mend](https://evil.example/) *b* _i_ `c` | \"q\" \\ ${key} "
	    "&amp; \xf0\x9f\x92\xa3\xe2\x82\xac ";
	char *text = arena_alloc(a, LONG + sizeof piece);
	size_t len = (size_t)sprintf(text, "%zu ", i);
	while (len < LONG)
		len += (size_t)sprintf(text + len, "%s", piece);
	return text;
}

static void
make_changes(size_t act, struct digest *now, struct changes *changes, struct arena *a)
{
	bool many = acts[act].n_servers > 1;
	struct digest_finding *f = arena_array(a, CHANGES_EACH, sizeof *f);
	const struct digest_finding **standing = arena_array(a, CHANGES_EACH,
	    sizeof(const struct digest_finding *));
	struct change *list = arena_array(a, CHANGES_EACH, sizeof *list);
	for (size_t i = 0; i < CHANGES_EACH; i++) {
		f[i] = finding;
		if (many) {
			f[i].text = f[i].remedy = f[i].why = strange(a, i);
			f[i].subject = arena_printf(a, "list%zu.example", i);
		}
		standing[i] = &f[i];
		list[i] = change;
		list[i].kind = acts[act].kind;
		list[i].finding = acts[act].kind != CHANGE_ENDED ? &f[i] : NULL;
		list[i].before = acts[act].kind == CHANGE_WORSE ? &mild : NULL;
		if (acts[act].kind == CHANGE_BETTER) {
			standing[i] = list[i].finding = &mild;
			list[i].before = &f[i];
		}
		list[i].text = many ? f[i].text : change.text;
	}
	now->findings = f;
	now->n_findings = many ? CHANGES_EACH : 1;
	*changes = (struct changes){ .list = list,
		.n = acts[act].n_changes,
		.verdict = acts[act].stands ? VERDICT_FAIL : VERDICT_PASS,
		.before = VERDICT_PASS,
		.standing = standing,
		.n_standing = acts[act].stands ? now->n_findings : 0,
		.over = standing,
		.n_over = acts[act].over ? now->n_findings : 0 };
}

static void
make_server(size_t act, size_t i, int64_t now_s, struct arena *a, struct watched_server *out)
{
	struct digest *now = arena_alloc(a, sizeof *now);
	struct changes *changes = arena_alloc(a, sizeof *changes);
	*now = (struct digest){ .time_s = now_s,
		.label = acts[act].n_servers > 1 ? strange(a, i) : "outbound 1",
		.address = i > 0 ? arena_printf(a, "203.0.113.%zu", 100 + i) : "203.0.113.25",
		.host = "",
		.ehlo = "",
		.domain = "",
		.groups = "relays, customer a",
		.verdict = VERDICT_FAIL,
		.reason = finding.text,
		.ehlo_seen = "" };
	make_changes(act, now, changes, a);
	*out = (struct watched_server){ now, changes };
}

static enum err_code
tell(struct notify_run *run, size_t act, struct arena *a, struct err *err)
{
	struct notify_result result;
	struct watched_server servers[N_MANY];
	const struct history_outage outage = { .kind = OUTAGE_RESOLVER,
		.subject = "127.0.0.53",
		.text = "nothing can be looked up: 127.0.0.53 does not answer",
		.remedy = "See to the resolver.",
		.n_servers = 1,
		.first_s = run->now_s - 3600,
		.last_s = run->now_s,
		.n_runs = 2,
		.end_s = acts[act].outage == 2 ? run->now_s : 0 };
	mild = finding;
	mild.severity = SEVERITY_MEDIUM;
	run->outages = &outage;
	run->n_outages = acts[act].outage != 0;
	for (size_t i = 0; i < acts[act].n_servers; i++)
		make_server(act, i, run->now_s, a, &servers[i]);
	enum err_code code = notify_queue(run, servers, acts[act].n_servers, err);
	if (code == ERR_NONE)
		code = notify_send(run, &result, err);
	run->outages = NULL; /* it was of this call */
	run->n_outages = 0;
	if (code != ERR_NONE)
		return code;
	printf("sent %zu, queued %zu\n", result.sent, result.queued);
	return ERR_NONE;
}

static size_t
act_of(const char *word)
{
	size_t i = 0;
	while (i < N_ACTS && strcmp(acts[i].word, word) != 0)
		i++;
	return i;
}

static enum err_code
drive(const struct config *config, char **argv, struct arena *a, struct err *err)
{
	struct notify_run run = { .config = &config->notify,
		.now_s = strtoll(argv[3], NULL, 10),
		.errors = stderr };
	if (strcmp(argv[4], "test") == 0)
		return notify_test(&run, stdout, err);
	size_t act = act_of(argv[4]);
	if (act == N_ACTS)
		return err_set(err, ERR_USAGE, "no such word: %s", argv[4]);
	if (history_open(argv[2], HISTORY_WRITE, &run.history, err) != ERR_NONE)
		return err->code;
	enum err_code code = tell(&run, act, a, err);
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
		(void)!drive(&config, argv, &a, &err);
	arena_fini(&a);
	return err.code != ERR_NONE ? failed(&err) : 0;
}
