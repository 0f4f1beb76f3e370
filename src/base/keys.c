/* The keys of an INI section as one table. */
#include "base/keys.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/number.h"
#include "base/safe.h"

const char *
keys_choices(const char *word, const char *const *names, size_t n, struct arena *a)
{
	const char *nearest = ini_nearest(word, names, n);
	const char *all = safe_join(a, names, n, ", ");
	return nearest == NULL ?
	    arena_printf(a, "expected one of %s", all) :
	    arena_printf(a, "expected one of %s; did you mean %s?", all, nearest);
}

static enum err_code
unknown_key(const struct keys *keys, const struct ini_line *line, struct arena *a, struct err *err)
{
	const char *names[KEYS_MAX];
	for (size_t i = 0; i < keys->n; i++)
		names[i] = keys->list[i].name;
	const char *nearest = ini_nearest(line->key, names, keys->n);
	if (keys->expected == NULL)
		return err_set(err, ERR_CONFIG, "unknown key '%s': %s", line->key,
		    keys_choices(line->key, names, keys->n, a));
	if (nearest == NULL)
		return err_set(err, ERR_CONFIG, "unknown key '%s': expected %s", line->key,
		    keys->expected);
	return err_set(err, ERR_CONFIG, "unknown key '%s': did you mean %s?", line->key, nearest);
}

static enum err_code
read_value(const struct key_line *l, struct err *err)
{
	const struct key *key = l->key;
	if (!l->first && !key->many)
		return err_set(err, ERR_CONFIG, "given a second time: expected it once");
	if (l->value[0] == '\0')
		return err_set(err, ERR_CONFIG, "expected a value%s%s%s",
		    key->arg != NULL ? " (" : "", key->arg != NULL ? key->arg : "",
		    key->arg != NULL ? ")" : "");
	return key->set(l, err);
}

enum err_code
keys_read(const struct keys *keys, uint64_t *seen, const struct ini_line *line, void *into,
    struct arena *a, struct err *err)
{
	size_t i = 0;
	assert(keys->n <= KEYS_MAX);
	/* first bytes first: the catalogue of lists alone has thousands of keys */
	while (i < keys->n &&
	    (keys->list[i].name[0] != line->key[0] || strcmp(keys->list[i].name, line->key) != 0))
		i++;
	if (i == keys->n)
		return unknown_key(keys, line, a, err);
	const struct key_line l = {
		.key = &keys->list[i],
		.value = line->value,
		.line = line,
		.into = into,
		.arena = a,
		.first = (*seen & UINT64_C(1) << i) == 0,
	};
	*seen |= UINT64_C(1) << i;
	if (read_value(&l, err) != ERR_NONE)
		return err_prefix(err, "%s", line->key);
	return ERR_NONE;
}

void *
key_place(const struct key_line *l)
{
	return (char *)l->into + l->key->offset;
}

enum err_code
key_text(const struct key_line *l, struct err *err)
{
	(void)err;
	*(const char **)key_place(l) = arena_strdup(l->arena, l->value);
	return ERR_NONE;
}

enum err_code
key_word(const struct key_line *l, struct err *err)
{
	return enumtab_read(l->key->words, l->value, key_place(l), ERR_CONFIG, err);
}

enum err_code
key_count(const struct key_line *l, struct err *err)
{
	uint64_t n = 0;
	enum err_code code = number_count(l->value, (uint64_t)l->key->min, (uint64_t)l->key->max,
	    &n, ERR_CONFIG, err);
	if (code == ERR_NONE)
		*(unsigned *)key_place(l) = (unsigned)n;
	return code;
}

enum err_code
key_span(const struct key_line *l, struct err *err)
{
	return number_span(l->value, l->key->min, l->key->max, key_place(l), ERR_CONFIG, err);
}

enum err_code
key_read_yes_no(const char *value, bool *out, struct err *err)
{
	*out = strcmp(value, "yes") == 0;
	if (*out || strcmp(value, "no") == 0)
		return ERR_NONE;
	return err_set(err, ERR_CONFIG, "'%s' is neither yes nor no", value);
}

enum err_code
key_yes_no(const struct key_line *l, struct err *err)
{
	return key_read_yes_no(l->value, key_place(l), err);
}
