/* A zone file of planned records, then questions about it. */
#include "base/arena.h"
#include "dns/planned.h"
#include "limit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* One line of $GENERATE is 100,000 records. */
const unsigned fuzz_input_ms = 8000;

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const char *const names[] = { "mail.example", "1.2.0.192.in-addr.arpa", "",
		"l1.example" };
	struct planned *p = NULL;
	struct err err;
	struct arena a;

	if (size == 0 || size > 4096)
		return 0;
	enum err_code code = planned_read("fuzz", (const char *)data, size,
	    data[0] & 2 ? "example" : NULL, &p, &err);
	arena_init(&a);
	for (size_t i = 0; code == ERR_NONE && i < sizeof names / sizeof names[0]; i++) {
		struct dns_answer out;
		const char *next;
		(void)planned_answer(p, names[i], i % 2 ? DNS_PTR : DNS_A, data[0] & 1, &a, &out,
		    &next);
	}
	arena_fini(&a);
	planned_free(p);
	return 0;
}
