/* DMARC policy records, near misses and lists of tags: whatever is read stays within its bounds. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "mail/dmarc_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_record(const struct dmarc_record *r, size_t len)
{
	assert(r->tags.n <= TAGS_MAX && r->tags.n_faults <= TAG_FAULTS_MAX);
	for (size_t i = 0; i < r->tags.n; i++)
		assert(r->tags.tags[i].at <= r->tags.tags[i].value_at &&
		    r->tags.tags[i].value_at <= len);
	for (size_t i = 0; i < r->tags.n_faults; i++) {
		assert(r->tags.faults[i].at <= len);
		assert(i == 0 || r->tags.faults[i - 1].at <= r->tags.faults[i].at);
	}
	assert(r->n_reports <= DMARC_REPORT_URIS_MAX && (r->n_reports == 0 || r->has_report_uri));
	for (int place = DMARC_OWN; place <= DMARC_MISSING; place++) {
		enum dmarc_policy plain = dmarc_record_policy(r, (enum dmarc_place)place);
		enum dmarc_policy effective = dmarc_record_effective(r, (enum dmarc_place)place);
		assert(plain <= DMARC_REJECT && effective <= plain);
		assert(plain - effective == (r->testing && plain > DMARC_NONE));
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	arena_init(&a);
	const char *text = arena_strndup(&a, (const char *)data, size);
	struct dmarc_record *r = arena_alloc(&a, sizeof *r);
	assert(!dmarc_is_record(text) || dmarc_near_miss(text) == NULL);
	dmarc_record_read(&a, text, r);
	check_record(r, strlen(text));
	arena_fini(&a);
	return 0;
}
