/* Catalogues from users: whatever is read without error must be whole. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "lists/catalogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_list(const struct list *l)
{
	char name[NAME_TEXT_MAX];
	const struct ip six = { .family = 6, .bytes = { 0x20, 1 } };
	uint8_t wire[NAME_WIRE_MAX];
	assert(l->plain || l->n_codes > 0);
	assert(l->ip4 || l->ip6);
	assert(name_to_wire(list_query_name(l, &six, name), wire) > 0);
	for (size_t i = 0; i < l->n_codes; i++) {
		assert(l->codes[i].first <= l->codes[i].last);
		assert(l->codes[i].last >> 24 == 127 && *l->codes[i].meaning != '\0');
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct catalogue c = { 0 };
	struct err err = { 0 };
	arena_init(&a);
	if (catalogue_read_text(&c, &a, "fuzz", (const char *)data, size, &err) == ERR_NONE) {
		for (size_t i = 0; i < c.n; i++)
			check_list(&c.lists[i]);
	} else {
		assert(strncmp(err.text, "fuzz:", 5) == 0);
	}
	arena_fini(&a);
	return 0;
}
