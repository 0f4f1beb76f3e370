/* A saved plan: what loads must dump, load again, and still be the same plan. */
#include <assert.h>
#include <stdlib.h>

#include "base/arena.h"
#include "base/json.h"
#include "fix/plan.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
round_trip(const json_t *json, struct arena *a)
{
	struct plan once, twice;
	struct err err = { .code = ERR_NONE };

	if (plan_load(json, a, &once, &err) != ERR_NONE) {
		assert(err.code == ERR_DATA && err.text[0] != '\0');
		return;
	}
	json_t *dumped = plan_json(&once, 1);
	char *text = json_dumps(dumped, JSON_ENSURE_ASCII);
	assert(text != NULL);
	free(text);
	assert(plan_load(dumped, a, &twice, &err) == ERR_NONE);
	assert(plan_still(&once, &twice, &err) == ERR_NONE);
	json_decref(dumped);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct err err;
	json_t *json = json_read((const char *)data, size, &err);

	if (json == NULL)
		return 0;
	arena_init(&a);
	round_trip(json, &a);
	arena_fini(&a);
	json_decref(json);
	return 0;
}
