/* What other runs have left about lists: whatever the file holds, a run uses it, and writes it again. */
#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lists/catalogue.h"
#include "run/list_cache_priv.h"

enum { NOW_S = 1790000000, TARGETS = 3, PATH = 64 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char lists_text[] =
    "[a.example]\nfamily = ip4\nimpact = low\ncode.127.0.0.2 = low seen\nbudget = 100\n"
    "[b.example]\nfamily = ip4\nimpact = low\ncode.127.0.0.2 = low seen\n"
    "[c.example]\nfamily = ip4 domain\nimpact = low\ncode.127.0.0.2 = low seen\nbudget = 1000\n";

static void
use_cache(const char *path, struct arena *a)
{
	static FILE *null;
	struct catalogue lists = { .n = 0 };
	struct run_options o = { .look = { .lists = { .cache = path } } };
	struct endpoint resolver;
	struct dns_stub_config config = { .upstreams = &resolver, .n_upstreams = 1 };
	struct list_cache cache;
	struct facts facts;
	struct err err;
	size_t n;

	if (null == NULL)
		null = fopen("/dev/null", "we");
	o.out.errors = null;
	if (catalogue_read_text(&lists, a, "lists", lists_text, strlen(lists_text), &err) !=
		ERR_NONE ||
	    !endpoint_parse("127.0.0.1#53", 53, &resolver))
		abort();
	list_cache_open(&cache, &o, &config, &lists, NOW_S, a);
	const char *const *tested = list_cache_tested(&cache, &n);
	assert(n <= lists.n);
	for (size_t i = 0; i < n; i++)
		assert(catalogue_find(&lists, tested[i]) != NULL);
	facts_init(&facts, a);
	for (int i = 0; i < TARGETS; i++) {
		list_cache_take(&cache);
		list_cache_settle(&cache, &facts);
	}
	list_cache_close(&cache);
	facts_fini(&facts);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char path[PATH], lock[PATH + 8];
	struct arena a;

	snprintf(path, sizeof path, "%s/mailready-fuzz-%d.json",
	    access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp", (int)getpid());
	FILE *f = fopen(path, "we");
	if (f == NULL || fwrite(data, 1, size, f) != size || fclose(f) != 0)
		abort();
	arena_init(&a);
	use_cache(path, &a);
	arena_fini(&a);
	snprintf(lock, sizeof lock, "%s.lock", path);
	unlink(lock);
	unlink(path);
	return 0;
}
