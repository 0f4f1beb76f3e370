/* run_again(): what stands in a file of an earlier run, what is asked again, and what is refused. */
#include "test.h"

#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "checks/registry.h"
#include "mail/dkim_signature.h"
#include "run/run.h"

enum { PATH = 40, OUT_MAX = 1 << 20, TARGETS = 500 };

static const char planned[] = "1.0.0.127.in-addr.arpa. 60 IN PTR mail.example.\n"
			      "mail.example. 60 IN A 127.0.0.1\n";

/* All that a target is known by. */
static void
write_row(const struct report *r, const struct render_options *o, struct buf *out)
{
	const struct target_names *n = &r->target->names;

	(void)o;
	buf_printf(out, "new %s %s [%s %s %s %s %s %s", target_title(r->target),
	    enumtab_name(&verdict_names, (int)r->verdict), n->host,
	    n->mx_of != NULL ? n->mx_of : "-", n->ehlo, n->domain, n->from != NULL ? n->from : "-",
	    n->mail_from != NULL ? n->mail_from : "-");
	for (size_t i = 0; i < n->n_dkim; i++)
		buf_printf(out, " %s/%s", n->dkim[i].domain, n->dkim[i].selector);
	buf_puts(out, "]\n");
}

static void
end_at_report(const struct report *r, const struct render_options *o, struct buf *out)
{
	write_row(r, o, out);
	raise(SIGTERM);
}

#define HEADER "address,host,verdict\r\n"

static void
write_header(const struct render_options *o, struct buf *out)
{
	(void)o;
	buf_puts(out, HEADER);
}

static const struct renderer json = { .name = "jsonl", .alone = true, .report = write_row };
static const struct renderer csv = { .name = "csv",
	.alone = true,
	.begin = write_header,
	.report = write_row };

#define REPORT(target, verdict, more) \
	"{\"schema\":\"mailready.report/1\",\"time\":\"2026-09-01T12:00:00Z\",\"target\":{" target \
	"},\"verdict\":\"" verdict "\",\"summary\":\"s\"" more ",\"findings\":[]}\n"
#define GOOD REPORT("\"address\":\"192.0.2.1\",\"family\":4", "pass", "")
#define BAD REPORT("\"address\":\"127.0.0.3\",\"family\":4", "fail", "")
#define UNKNOWN REPORT("\"address\":\"127.0.0.1\",\"family\":4,\"host\":null", "temperror", "")
#define NAMED \
	REPORT("\"address\":\"127.0.0.1\",\"family\":4,\"host\":\"mx.example\",\"mx_of\":" \
	       "\"example.com\"," \
	       "\"ehlo\":\"mail.example\",\"domain\":\"example.com\",\"from\":\"example.net\"," \
	       "\"mail_from\":\"<>\"", \
	    "temperror", \
	    ",\"dkim\":[{\"domain\":\"example.net\",\"selector\":\"s1\",\"origin\":\"given\"}," \
	    "{\"domain\":\"example.org\",\"selector\":null,\"origin\":\"assumed\"}," \
	    "{\"domain\":\"example.net\",\"selector\":\"s2\",\"origin\":\"guessed\"}]")
#define ODD REPORT("\"address\":\"not a target\",\"family\":0", "temperror", "")
#define BLOCK REPORT("\"address\":\"192.0.2.0/24\",\"family\":0", "temperror", "")
#define LINE_GIVEN(address, host, verdict, given) \
	address "," host "," verdict ",r,p,n,i,c,g,seen.example,e,,,,,,,,,,,,,,,,," given "\r\n"
#define LINE(address, host, verdict, ehlo) LINE_GIVEN(address, host, verdict, "," ehlo ",,,,")

static const struct row {
	const char *name;
	const struct renderer *renderer;
	const char *file;
	enum err_code code;
	const char *output; /* or what is said of the error */
	const char *said;   /* on standard error; "" for nothing */
	size_t asked, odd;
} rows[] = {
	{ "the unknown one", &json, GOOD UNKNOWN BAD, ERR_NONE,
	    GOOD BAD "new 127.0.0.1 pass [ -   - -]\n", "", 1, 0 },
	{ "with its names", &json, NAMED, ERR_NONE,
	    "new 127.0.0.1 pass [mx.example example.com mail.example example.com example.net <>"
	    " example.net/s1 example.org/]\n",
	    "", 1, 0 },
	{ "still unknown", &json, REPORT("\"address\":\"192.0.2.9\",\"family\":4", "temperror", ""),
	    ERR_NONE, "new 192.0.2.9 temperror [ -   - -]\n", "", 1, 0 },
	{ "nothing unknown", &json, GOOD BAD, ERR_NONE, GOOD BAD,
	    "no target is unknown; its 2 rows stand as they were", 0, 0 },
	{ "what is not a target stands", &json, ODD GOOD BLOCK, ERR_NONE, ODD GOOD BLOCK,
	    "2 rows are not of a target, and stand", 0, 2 },
	{ "csv", &csv,
	    HEADER LINE("127.0.0.1", "", "temperror", "mail.example")
		LINE("192.0.2.1", "\"a \"\"b\"\", c\"", "pass", ""),
	    ERR_NONE,
	    HEADER LINE("192.0.2.1", "\"a \"\"b\"\", c\"", "pass",
		"") "new 127.0.0.1 pass [ - mail.example  - -]\n",
	    "", 1, 0 },
	{ "csv, with its names", &csv,
	    HEADER LINE_GIVEN("127.0.0.1", "mx.example", "temperror",
		"example.com,mail.example,example.com,<>,example.net,"
		"example.net/s1 example.org"),
	    ERR_NONE,
	    HEADER "new 127.0.0.1 pass [mx.example example.com mail.example example.com "
		   "example.net <> example.net/s1 example.org/]\n",
	    "", 1, 0 },
	{ "csv with more than its columns", &csv,
	    HEADER LINE_GIVEN("127.0.0.1", "", "pass", ",,,,,,"), ERR_DATA, "too many fields", "",
	    0, 0 },
	{ "csv without one", &csv, HEADER LINE("192.0.2.1", "", "fail", ""), ERR_NONE,
	    HEADER LINE("192.0.2.1", "", "fail", ""), "its 1 row stands as it was", 0, 0 },
	{ "an empty file", &json, "", ERR_NOINPUT, "no report in it", "", 0, 0 },
	{ "a header alone", &csv, HEADER, ERR_NOINPUT, "no report in it", "", 0, 0 },
	{ "a file of somebody else", &json, "127.0.0.1\n", ERR_DATA, ":1: ", "", 0, 0 },
	{ "another schema", &json, "{\"schema\":\"mailready.run/1\"}\n", ERR_DATA,
	    "expected what --format jsonl --output wrote", "", 0, 0 },
	{ "another format", &json, HEADER, ERR_DATA, ":1: ", "", 0, 0 },
	{ "other columns", &csv, "address,verdict\r\n", ERR_DATA, "not the columns", "", 0, 0 },
	{ "cut in a row", &json, GOOD "{\"schema\":\"mail", ERR_DATA, ":2: the last line is cut",
	    "", 0, 0 },
	{ "cut before the end of its line", &csv, HEADER "192.0.2.1,,pass", ERR_DATA,
	    ":2: the last line is cut", "", 0, 0 },
	{ "a row without all its fields", &csv, HEADER "192.0.2.1,,pass\r\n", ERR_DATA,
	    "not complete", "", 0, 0 },
	{ "a field that does not end", &csv, HEADER "\"192.0.2.1,,pass\r\n", ERR_DATA,
	    "does not end", "", 0, 0 },
	{ "a verdict that is none", &csv, HEADER LINE("192.0.2.1", "", "unknown", ""), ERR_DATA,
	    "no verdict", "", 0, 0 },
	{ "control bytes", &csv, HEADER LINE("192.0.2.1", "\x1b[2J", "pass", ""), ERR_DATA,
	    "control bytes", "", 0, 0 },
};

static void
temporary(char path[PATH], const char *text)
{
	snprintf(path, PATH, "/tmp/mailready-again-XXXXXX");
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, text, strlen(text)), strlen(text));
	close(fd);
}

static enum err_code
run_once(const struct row *row, const char *input, const char *zone, FILE *out, FILE *errors,
    struct run_result *result, struct err *err)
{
	static const struct check *const checks[] = { &check_ptr };
	const struct run_options o = {
		.in = { .families = FAMILY_4 | FAMILY_6, .n_shards = 1 },
		.checks = checks,
		.n_checks = N_ELEMENTS(checks),
		.look = { .planned = zone,
		    .timeout_us = 1000000,
		    .policy = { .allow_special = true, .offline = true, .many = true } },
		.out = { .renderer = row->renderer, .file = out, .errors = errors },
	};

	return run_again(&o, input, result, err);
}

static void
check_row(const struct row *row)
{
	char input[PATH], zone[PATH], output[PATH], *said = NULL;
	struct run_result result;
	struct err err = { 0 }, ignored;
	struct buf got;
	size_t said_len, asked = 0;

	temporary(input, row->file);
	temporary(zone, planned);
	temporary(output, "");
	buf_init(&got, OUT_MAX);
	FILE *out = fopen(output, "r+e"), *errors = open_memstream(&said, &said_len);
	assert_true(out != NULL && errors != NULL);
	enum err_code code = run_once(row, input, zone, out, errors, &result, &err);
	fclose(out);
	fclose(errors);
	assert_int_equal(file_read(output, &got, &ignored), ERR_NONE);
	assert_int_equal(code, row->code);
	if (code != ERR_NONE && strstr(err.text, row->output) == NULL)
		fail_msg("%s", err.text);
	if (code == ERR_NONE)
		assert_string_equal(got.data, row->output);
	if (row->said[0] == '\0' ? said[0] != '\0' : strstr(said, row->said) == NULL)
		fail_msg("said '%s'", said);
	for (size_t i = 0; i <= VERDICT_FAIL; i++)
		asked += result.n[i];
	assert_int_equal(asked, row->asked);
	assert_int_equal(result.bad_lines, row->odd);
	free(said);
	buf_fini(&got);
	unlink(input);
	unlink(zone);
	unlink(output);
}

static size_t
lines_with(const char *text, const char *start)
{
	size_t n = 0;

	for (const char *at = text; (at = strstr(at, start)) != NULL; at++)
		n += at == text || at[-1] == '\n';
	return n;
}

/* A run that is ended keeps what was known of those that it did not come to. */
static void
test_interrupted(void **state)
{
	static const struct renderer ending = { .name = "jsonl",
		.alone = true,
		.report = end_at_report };
	char input[PATH], zone[PATH], output[PATH];
	struct row row = { .renderer = &ending };
	struct run_result result;
	struct err err = { 0 };
	struct buf text;

	(void)state;
	buf_init(&text, OUT_MAX);
	for (int i = 0; i < TARGETS; i++)
		buf_printf(&text,
		    REPORT("\"address\":\"192.0.%d.%d\",\"family\":4", "temperror", ""), i / 250,
		    i % 250);
	temporary(input, text.data);
	temporary(zone, planned);
	temporary(output, "");
	FILE *out = fopen(output, "r+e");
	assert_non_null(out);
	assert_int_equal(run_once(&row, input, zone, out, stderr, &result, &err), ERR_NONE);
	fclose(out);
	assert_int_equal(result.interrupted, SIGTERM);
	buf_reset(&text);
	assert_int_equal(file_read(output, &text, &err), ERR_NONE);
	assert_true(lines_with(text.data, "new ") > 0 && lines_with(text.data, "{") > 0);
	assert_int_equal(lines_with(text.data, "new ") + lines_with(text.data, "{"), TARGETS);
	buf_fini(&text);
	unlink(input);
	unlink(zone);
	unlink(output);
}

static void
test_again(void **state)
{
	(void)state;
	assert_int_equal(setenv("MAILREADY_DATA", "data", 1), 0);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		ROW(rows[i].name);
		check_row(&rows[i]);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_again),
		cmocka_unit_test(test_interrupted) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
