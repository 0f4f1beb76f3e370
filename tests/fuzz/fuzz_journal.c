/* A journal: what loads is within bounds, and loads again when it is cut where it says it is whole. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "fix/journal.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct journal j, again;
	struct err err = { .code = ERR_NONE };
	const char *text = (const char *)data;

	arena_init(&a);
	if (journal_parse("journal", text, size, &a, &j, &err) != ERR_NONE) {
		assert(err.code == ERR_DATA && err.text[0] != '\0');
	} else {
		assert(j.whole <= size && j.torn == (j.whole < size));
		assert(j.plan.n_steps > 0 && j.plan.n_steps <= PLAN_STEPS_MAX);
		assert(journal_parse("journal", text, j.whole, &a, &again, &err) == ERR_NONE);
		assert(!again.torn && memcmp(again.steps, j.steps, sizeof j.steps) == 0);
	}
	arena_fini(&a);
	return 0;
}
