/* Tables of hosters: what is read without error is whole, and fills in whatever its lines say. */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "views/hoster.h"

enum { OUT_MAX = 1 << 20 };

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
use_row(const struct hoster_table *t, const struct hoster_row *row, struct arena *a)
{
	static const struct ip ips[] = { { 4, { 192, 0, 2, 1 } }, { 6, { 0x20, 1, 0xd, 0xb8 } } };
	struct buf out;
	buf_init(&out, OUT_MAX);
	assert(row->name[0] != '\0' && row->where[0] != '\0' && row->page[0] != '\0');
	assert(row->source.n > 0 && row->source.n <= HOSTER_LINES_MAX);
	for (size_t i = 0; i < 2; i++) {
		const struct hoster_lines *calls = hoster_calls(row, &ips[i]);
		for (size_t k = 0; k < calls->n; k++)
			(void)hoster_fill(calls->list[k], &ips[i], "mail.example.com", a);
		hoster_put_terraform(hoster_terraform(row, &ips[i]), &ips[i], "m.example.com", a,
		    &out);
		(void)hoster_lets_customer(row, &ips[i]);
	}
	(void)hoster_by_name(t, row->name, row->id);
	(void)hoster_by_server(t, row->id);
	(void)hoster_by_mailbox(t, row->id);
	buf_fini(&out);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct hoster_table *t;
	struct err err = { 0 };
	struct arena a;
	size_t n;
	if (hoster_table_read_text("fuzz", (const char *)data, size, &t, &err) != ERR_NONE) {
		assert(t == NULL && strncmp(err.text, "fuzz:", 5) == 0);
		return 0;
	}
	arena_init(&a);
	const struct hoster_row *rows = hoster_table_rows(t, &n);
	for (size_t i = 0; i < n; i++)
		use_row(t, &rows[i], &a);
	arena_fini(&a);
	hoster_table_free(t);
	return 0;
}
