/* An SPF record, and its macros: read, and expanded for one sender after the other. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "views/spf_macro.h"
#include "views/spf_record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct spf_macros senders[] = {
	{ .sender = "a.b-c+d@x.example",
	    .domain = "x.example",
	    .helo = "mail.x.example",
	    .ptr = "unknown",
	    .ip = { 4, { 192, 0, 2, 1 } } },
	{ .sender = "\x80 ..@\\",
	    .domain = "a\\032b",
	    .helo = "",
	    .ptr = "",
	    .ip = { 6, { 0x20, 1 } } },
};

static void
expand(const char *text, struct arena *a)
{
	for (size_t i = 0; i < sizeof senders / sizeof senders[0]; i++) {
		char name[NAME_TEXT_MAX], again[NAME_TEXT_MAX];
		assert(strlen(spf_expand(text, &senders[i], a)) <= SPF_TEXT_MAX);
		if (!spf_expand_domain(text, &senders[i], a, name))
			continue;
		/* whatever is asked for is a name in the internal form */
		assert(name_from_text(name, again) && strcmp(name, again) == 0);
	}
}

static void
check_record(const char *text, struct arena *a)
{
	struct spf_record r;
	size_t len = strlen(text), end = 0;
	spf_parse(text, a, &r);
	assert((r.fault == NULL) || (r.n > 0 && r.fault_at > 0 && r.fault_at <= len));
	for (size_t i = 0; i < r.n; i++) {
		const struct spf_term *term = &r.terms[i];
		assert(term->at > end &&
		    strncmp(text + term->at - 1, term->text, strlen(term->text)) == 0);
		end = term->at;
		if (r.fault == NULL && term->domain != NULL)
			expand(term->domain, a);
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	if (size > 4096)
		return 0;
	arena_init(&a);
	const char *text = arena_strndup(&a, (const char *)data, size);
	if (spf_is_record(text))
		check_record(text, &a);
	for (enum spf_string kind = SPF_DOMAIN_SPEC; kind <= SPF_EXPLANATION; kind++)
		if (spf_string_fault(text, strlen(text), kind, &a) == NULL)
			expand(text, &a);
	arena_fini(&a);
	return 0;
}
