/*
 * What a provider's program writes: the first byte says which request it answers, the rest is its output.
 * Whatever is read without error keeps the limits of the interface, and all else is an error with a sentence
 * that does nothing to a terminal.
 */
#include <assert.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "provider/program/program_priv.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define PATH "/usr/local/bin/provider"

static const struct ip ip = { .family = 4, .bytes = { 203, 0, 113, 10 } };

static enum err_code
answer_find(const json_t *reply, struct arena *a, struct err *err)
{
	struct provider_place place;
	enum err_code code = program_read_find(reply, PATH, &ip, a, &place, err);
	if (code == ERR_NONE) {
		assert(place.id[0] != '\0' && strlen(place.id) < sizeof place.id);
		assert(strpbrk(place.text, "\r\n\033") == NULL);
	}
	/* only a reply without an id says that the address is not there */
	assert(code != ERR_DATA || json_string_length(json_object_get(reply, "id")) == 0);
	return code;
}

static enum err_code
answer_get(const json_t *reply, struct arena *a, struct err *err)
{
	struct provider_record r = { .ip = ip, .description = "" };
	enum provider_state state;
	char name[NAME_TEXT_MAX];
	enum err_code code = program_read_get(reply, PATH, a, &r, &state, err);
	assert(r.n_names <= PROVIDER_NAMES_MAX && r.ttl_s <= INT32_MAX);
	for (size_t i = 0; i < r.n_names; i++)
		assert(name_from_text(r.names[i], name) && strcmp(name, r.names[i]) == 0);
	return code;
}

static enum err_code
answer_poll(const json_t *reply, struct arena *a, struct err *err)
{
	enum provider_state state;
	(void)a;
	enum err_code code = program_read_poll(reply, PATH, &state, err);
	assert(code != ERR_NONE || state != PROVIDER_FAILED || strstr(err->text, "failed") != NULL);
	return code;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static enum err_code (*const answers[])(const json_t *reply, struct arena *a,
	    struct err *err) = { answer_find, answer_get, answer_poll };
	if (size == 0)
		return 0;
	struct err err = { .text = "" };
	struct arena a;
	json_t *reply;
	arena_init(&a);
	enum err_code code = program_read((const char *)data + 1, size - 1, PATH, &reply, &err);
	assert((code == ERR_NONE) == json_is_object(reply));
	if (code == ERR_NONE)
		code = answers[data[0] % (sizeof answers / sizeof answers[0])](reply, &a, &err);
	assert(code == ERR_NONE || strstr(err.text, PATH) != NULL);
	assert(code == ERR_NONE || code == ERR_TEMP || (code == ERR_DATA && data[0] % 3 == 0));
	assert(strpbrk(err.text, "\r\n\033") == NULL);
	json_decref(reply);
	arena_fini(&a);
	return 0;
}
