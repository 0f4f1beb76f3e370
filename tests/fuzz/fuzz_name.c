/* Names from the wire and from text: what is accepted must come back unchanged from both. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/name.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
expect(bool holds)
{
	if (!holds)
		abort();
}

static void
ask_everything(const char *name)
{
	char shown[NAME_TEXT_MAX];
	expect(strlen(name_fault_text(name_host_fault(name))) > 0);
	expect(name_is_under(name, name_parent(name)));
	const char *org = name_org_domain(name);
	expect(org[0] == '\0' || name_is_under(name, org));
	name_in_private_suffix(name);
	const char *display = name_display(name, shown);
	expect(strlen(display) < NAME_TEXT_MAX);
}

static void
expect_round_trip(const char *name)
{
	uint8_t wire[NAME_WIRE_MAX];
	char again[NAME_TEXT_MAX];
	size_t pos = 0, len = name_to_wire(name, wire);
	expect(len > 0);
	expect(name_from_wire(wire, len, &pos, again) && pos == len);
	expect(name_equal(again, name));
	expect(name_from_text(name, again) && name_equal(again, name));
	ask_everything(name);
}

static void
from_wire(const uint8_t *data, size_t size)
{
	char name[NAME_TEXT_MAX];
	for (size_t start = 0; start < size; start++) {
		size_t pos = start;
		if (!name_from_wire(data, size, &pos, name)) {
			expect(pos == start);
			continue;
		}
		expect(pos > start && pos <= size);
		expect_round_trip(name);
	}
}

static void
from_text(const uint8_t *data, size_t size)
{
	char name[NAME_TEXT_MAX];
	char *text = calloc(size + 1, 1);
	expect(text != NULL);
	if (size > 0)
		memcpy(text, data, size);
	if (name_from_text(text, name))
		expect_round_trip(name);
	if (name_from_user(text, name))
		expect_round_trip(name);
	free(text);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	/* one name after the other makes long messages quadratic */
	if (size > 1024)
		return 0;
	from_wire(data, size);
	from_text(data, size);
	return 0;
}
