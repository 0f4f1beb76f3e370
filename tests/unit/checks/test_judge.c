/* Every case of tests/judge is a test of its own. */
#include <stdlib.h>

#include "base/mem.h"
#include "judge_case.h"
#include "test.h"

static void
test_case(void **state)
{
	const struct judge_case *one = *state;
	judge_case_run(one);
}

int
main(void)
{
	struct judge_cases cases;
	judge_cases_load(&cases, "tests/judge");
	struct CMUnitTest *tests = mem_zalloc(cases.n, sizeof *tests);
	for (size_t i = 0; i < cases.n; i++)
		tests[i] = (struct CMUnitTest){
			.name = cases.list[i].name,
			.test_func = test_case,
			.initial_state = &cases.list[i],
		};
	int failed = _cmocka_run_group_tests("judge", tests, cases.n, NULL, NULL);
	free(tests);
	judge_cases_free(&cases);
	return failed;
}
