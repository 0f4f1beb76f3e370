/* Every case of tests/judge is a test of its own.  usage: test_judge [FOLDER] */
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
main(int argc, char **argv)
{
	struct judge_cases cases;
	size_t n = 0;
	judge_cases_load(&cases, "tests/judge");
	struct CMUnitTest *tests = mem_zalloc(cases.n, sizeof *tests);
	for (size_t i = 0; i < cases.n; i++)
		if (argc == 1 || strcmp(cases.list[i].check, argv[1]) == 0)
			tests[n++] = (struct CMUnitTest){
				.name = cases.list[i].name,
				.test_func = test_case,
				.initial_state = &cases.list[i],
			};
	int failed = _cmocka_run_group_tests("judge", tests, n, NULL, NULL);
	free(tests);
	judge_cases_free(&cases);
	return failed;
}
