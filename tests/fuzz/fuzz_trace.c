/* Received and Authentication-Results of anybody: read in bounds, and no hop without an address. */
#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "mail/hop.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
look_received(const char *text, size_t size)
{
	struct arena a;
	struct received r;
	arena_init(&a);
	received_read(&a, text, size, &r);
	assert(r.address.family == 0 || r.address.family == 4 || r.address.family == 6);
	assert(
	    (r.name[0] != '\0') == (r.ptr == RECEIVED_PTR_SEEN || r.ptr == RECEIVED_PTR_DOUBTED));
	assert(strlen(r.name) < NAME_TEXT_MAX && strlen(r.by) < NAME_TEXT_MAX);
	assert(strlen(r.ehlo) <= size && strlen(r.date) <= size);
	assert(r.has_from || (r.address.family == 0 && received_is_handed_over(&r)));
	arena_fini(&a);
}

static void
look_results(const char *text, size_t size)
{
	struct arena a;
	struct auth_results r;
	arena_init(&a);
	auth_results_read(&a, text, size, &r);
	assert(r.n <= AUTH_RESULTS_MAX && strlen(r.server) <= size);
	for (size_t i = 0; i < r.n; i++) {
		assert(r.list[i].n_properties <= AUTH_PROPERTIES_MAX);
		assert(strlen(r.list[i].method) + strlen(r.list[i].result) <= size);
	}
	arena_fini(&a);
}

static void
look_message(const char *text, size_t size)
{
	struct arena a;
	struct err err;
	struct message m;
	struct hop h;
	arena_init(&a);
	struct message_reader *r = message_begin(&a);
	bool read = message_add(r, text, size, &err) == ERR_NONE;
	if (!read)
		message_drop(r);
	else if (message_end(r, &m, &err) == ERR_NONE) {
		hop_find(&a, &m, NULL, 0, &h);
		assert((h.status == HOP_FOUND) == (h.received.address.family != 0 && h.number > 0));
		assert(h.number <= h.n_received && h.n_received <= MESSAGE_TRACE_MAX);
		assert(h.n_results <= HOP_RESULTS_MAX);
	}
	arena_fini(&a);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	look_received(text, size);
	look_results(text, size);
	look_message(text, size);
	return 0;
}
