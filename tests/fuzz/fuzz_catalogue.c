/* Catalogues from users: whatever is read without error must be whole. */
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "lists/catalogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_rows(const struct list_code *rows, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		assert(rows[i].first <= rows[i].last);
		assert(rows[i].first >> 24 == 127 && rows[i].last >> 24 == 127);
		assert(*rows[i].meaning != '\0');
	}
}

static void
check_list(const struct list *l)
{
	char name[NAME_TEXT_MAX];
	const struct ip six = { .family = 6, .bytes = { 0x20, 1 } };
	uint8_t wire[NAME_WIRE_MAX];
	bool lives = l->status != LIST_DEAD && l->status != LIST_DOUBTFUL;
	assert(
	    !lives || l->plain || l->n_codes + l->n_bits > 0 || !(l->ip4 || l->ip6 || l->domain));
	assert(lives || *l->how != '\0');
	assert(!lives || l->zone[0] != '*');
	if (l->zone[0] != '*')
		assert(name_to_wire(list_query_name(l, &six, name), wire) > 0);
	check_rows(l->codes, l->n_codes);
	check_rows(l->refusals, l->n_refusals);
	check_rows(l->harmless, l->n_harmless);
	for (size_t i = 0; i < l->n_bits; i++)
		assert(l->bits[i].first >= 1 && l->bits[i].first <= 128);
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
		/* the same file again says the same again */
		size_t n = c.n;
		assert(catalogue_read_text(&c, &a, "again", (const char *)data, size, &err) ==
		    ERR_NONE);
		assert(c.n == n);
	} else {
		assert(strncmp(err.text, "fuzz:", 5) == 0);
	}
	arena_fini(&a);
	return 0;
}
