/* Facts from anywhere: what loads is judged by all checks and written in every format, safely. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "checks/registry.h"
#include "gather/dump.h"
#include "lists/catalogue.h"
#include "report/digest.h"
#include "report/render.h"
#include "views/generic_table.h"
#include "views/hoster_table.h"

enum { OUT_MAX = 8 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct generic_table *
generic(void)
{
	static struct generic_table *table;
	struct err err;

	if (table == NULL &&
	    generic_table_read_file("data/generic-ptr.ini", &table, &err) != ERR_NONE)
		abort();
	return table;
}

static const struct hoster_table *
hosters(void)
{
	static struct hoster_table *table;
	struct err err;

	if (table == NULL && hoster_table_read_file("data/hosters.ini", &table, &err) != ERR_NONE)
		abort();
	return table;
}

/* The lists that the dump names, as plain zones. */
static void
read_lists(const json_t *json, struct arena *a, struct catalogue *out)
{
	const char *zones = dump_zones(json, a);
	struct err err;

	if (zones == NULL ||
	    catalogue_read_text(out, a, "lists", zones, strlen(zones), &err) != ERR_NONE)
		*out = (struct catalogue){ .n = 0 };
}

static void
write_in_every_format(const struct report *r)
{
	const struct render_options o = { .verbose = 2, .columns = 80 };
	struct digest d;
	struct buf out;

	buf_init(&out, OUT_MAX);
	digest_of_report(r, r->arena, &d);
	for (size_t i = 0; i < renderers_n; i++) {
		buf_reset(&out);
		if (renderers_all[i]->whole != NULL)
			renderers_all[i]->whole(&d, 1, &o, &out);
		else
			renderers_all[i]->report(r, &o, &out);
		assert(!out.failed);
		for (size_t k = 0; k < out.len; k++) {
			unsigned char c = (unsigned char)out.data[k];
			assert((c >= ' ' && c != 0x7f) || c == '\n' || c == '\r');
		}
	}
	buf_fini(&out);
}

static void
judge(const json_t *json, struct facts *facts)
{
	struct catalogue lists = { .n = 0 };
	struct policy policy = { .generic = generic(), .hosters = hosters() };
	struct target target;
	struct findings findings;
	struct understanding known;
	struct err err;

	if (dump_load(json, &policy, &target, facts, &err) != ERR_NONE)
		return;
	read_lists(json, facts->arena, &lists);
	policy.lists = &lists;
	findings_init(&findings, facts->arena);
	understanding_init(&known, &target, facts, facts->arena);
	for (size_t i = 0; i < checks_n; i++) {
		findings.check = checks_all[i];
		checks_all[i]->judge(&known, &findings);
	}
	const struct report report = { .target = &target,
		.facts = facts,
		.known = &known,
		.checks = checks_all,
		.n_checks = checks_n,
		.findings = &findings,
		.verdict = findings_verdict(&findings),
		.arena = facts->arena };
	write_in_every_format(&report);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct facts facts;
	struct err err;
	json_t *json = json_read((const char *)data, size, &err);

	if (json == NULL)
		return 0;
	arena_init(&a);
	facts_init(&facts, &a);
	judge(json, &facts);
	facts_fini(&facts);
	arena_fini(&a);
	json_decref(json);
	return 0;
}
