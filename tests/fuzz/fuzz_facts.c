/* Dumped facts: what loads must dump, load again, and dump the same. */
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "base/json.h"
#include "gather/dump.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The dump of the loaded facts as text, NULL when they do not load. */
static char *
round_trip(const char *text, size_t len)
{
	struct policy policy = { .now_s = 0 };
	struct target target;
	struct facts facts;
	struct arena a;
	struct err err;
	char *out = NULL;
	json_t *json = json_read(text, len, &err);

	if (json == NULL)
		return NULL;
	arena_init(&a);
	facts_init(&facts, &a);
	if (dump_load(json, &policy, &target, &facts, &err) == ERR_NONE) {
		json_t *again = dump_run(&target, NULL, 0, &facts);
		out = json_dumps(again, JSON_COMPACT | JSON_SORT_KEYS);
		json_decref(again);
	}
	facts_fini(&facts);
	arena_fini(&a);
	json_decref(json);
	return out;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *once = round_trip((const char *)data, size);

	if (once == NULL)
		return 0;
	char *twice = round_trip(once, strlen(once));
	assert(twice != NULL && strcmp(once, twice) == 0);
	free(once);
	free(twice);
	return 0;
}
