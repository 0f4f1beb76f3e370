/* What is wanted of servers, from users: whatever is read without error must be whole. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "preflight/preflight.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_server(const struct preflight_server *s)
{
	const char *wanted[PROVIDER_NAMES_MAX + 1];
	assert(s->n_addresses > 0 && s->n_addresses <= INTENT_ADDRESSES_MAX);
	assert(s->n_names > 0 && s->n_names <= PROVIDER_NAMES_MAX);
	assert(s->n_domains <= INTENT_DOMAINS_MAX);
	assert(name_host_fault(s->ehlo) == NAME_GOOD && name_host_fault(s->banner) == NAME_GOOD);
	for (size_t i = 0; i < s->n_names; i++) {
		assert(name_host_fault(s->names[i]) == NAME_GOOD);
		assert(i == 0 || strcmp(s->names[i - 1], s->names[i]) < 0);
	}
	for (size_t i = 0; i < s->n_addresses; i++)
		assert(s->addresses[i].ip.family == 4 || s->addresses[i].ip.family == 6);
	assert(preflight_wanted(s, wanted) >= s->n_names);
	assert(s->provider != NULL && s->line > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct preflight p = { .known = NULL };
	struct err err = { .code = ERR_NONE };
	arena_init(&a);
	if (intent_read_text("fuzz", (const char *)data, size, &a, &p, &err) == ERR_NONE) {
		assert(p.n_servers > 0);
		for (size_t i = 0; i < p.n_servers; i++)
			check_server(&p.servers[i]);
	} else {
		assert(err.code == ERR_DATA && strncmp(err.text, "fuzz:", 5) == 0);
	}
	arena_fini(&a);
	return 0;
}
