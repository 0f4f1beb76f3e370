/* A report that is too large becomes a row that says so: nobody else's is lost, and none is cut. */
#include "test.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "checks/registry.h"
#include "run/run.h"

enum { LARGE = 5 << 20, PATH = 40, OUT_MAX = 1 << 20 };

/* The report of 127.0.0.2 is too large, but for the one that takes its place. */
static void
write_row(const struct report *r, const struct render_options *o, struct buf *out)
{
	const struct finding *f = r->findings->list[0];

	(void)o;
	for (size_t i = 0; r->n_checks > 0 && r->target->ip.bytes[3] == 2 && i < LARGE; i++)
		buf_putc(out, 'x');
	buf_printf(out, "%s %s %s\n", r->target->address,
	    enumtab_name(&verdict_names, (int)r->verdict), f->rule->id);
}

static void
write_separator(const struct render_options *o, struct buf *out)
{
	(void)o;
	buf_puts(out, ",\n");
}

static const struct renderer lines = { .name = "lines", .alone = true, .report = write_row };
static const struct renderer array = { .name = "array",
	.report = write_row,
	.between = write_separator };

#define FIRST "127.0.0.1 temperror ptr.undecided\n"
#define SECOND "127.0.0.2 temperror report.too-large\n"
#define THIRD "127.0.0.3 temperror ptr.undecided\n"

static const struct row {
	const char *name;
	const struct renderer *renderer;
	bool resume;
	const char *output;
} rows[] = {
	{ "lines", &lines, false, FIRST SECOND THIRD },
	{ "what stands between reports", &array, false, FIRST ",\n" SECOND ",\n" THIRD },
	{ "a run that can be resumed", &lines, true, FIRST SECOND THIRD },
};

static void
temporary(char path[PATH])
{
	snprintf(path, PATH, "/tmp/mailready-rows-XXXXXX");
	int fd = mkstemp(path);

	assert_true(fd >= 0);
	close(fd);
}

static void
run_once(const struct row *row, const char *output, const char *state)
{
	static const struct check *const checks[] = { &check_ptr };
	struct target_spec spec = { .names = { .host = "", .ehlo = "", .domain = "" } };
	struct run_result result;
	struct err err = { 0 };
	char *said = NULL;
	size_t said_len;
	FILE *out = fopen(output, "r+e"), *errors = open_memstream(&said, &said_len);

	assert_true(out != NULL && errors != NULL);
	assert_true(ip_parse("127.0.0.1", &spec.first) && ip_parse("127.0.0.3", &spec.last));
	const struct run_options o = {
		.in = { .specs = &spec,
		    .n_specs = 1,
		    .families = FAMILY_4 | FAMILY_6,
		    .n_shards = 1 },
		.checks = checks,
		.n_checks = N_ELEMENTS(checks),
		.look = { .resolvers = { { .ip = spec.first, .port = 53 } },
		    .n_resolvers = 1,
		    .timeout_us = 1000000,
		    .policy = { .allow_special = true, .offline = true, .many = true } },
		.out = { .renderer = row->renderer,
		    .file = out,
		    .name = output,
		    .ordered = true,
		    .errors = errors },
		.state = row->resume ? state : NULL,
	};
	if (run_check(&o, &result, &err) != ERR_NONE)
		fail_msg("%s", err.text);
	fclose(out);
	fclose(errors);
	assert_int_equal(result.n[VERDICT_TEMPERROR], 3);
	assert_int_equal(result.unknown, 3);
	if (strstr(said, "the report of 127.0.0.2 has more than") == NULL && said[0] != '\0')
		fail_msg("%s", said);
	free(said);
}

static void
test_large_report(void **state)
{
	(void)state;
	assert_int_equal(setenv("MAILREADY_DATA", "data", 1), 0);
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		char output[PATH], resume[PATH];
		struct buf got;
		struct err err;
		ROW(rows[i].name);
		temporary(output);
		temporary(resume);
		unlink(resume);
		buf_init(&got, OUT_MAX);
		/* the same command again has nothing to do */
		for (int times = rows[i].resume ? 2 : 1; times > 0; times--) {
			run_once(&rows[i], output, resume);
			buf_reset(&got);
			assert_int_equal(file_read(output, &got, &err), ERR_NONE);
			assert_string_equal(got.data, rows[i].output);
		}
		buf_fini(&got);
		unlink(output);
		unlink(resume);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_large_report) };
	return cmocka_run_group_tests(tests, NULL, NULL);
}
