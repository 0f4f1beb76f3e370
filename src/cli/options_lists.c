/* The options about DNS lists. */
#include "options_lists.h"

#include <string.h>

#include "base/arena.h"

static void
add_word_of_option(struct settings *s, struct words_of_option *to, const char *value)
{
	to->words = arena_grow(&s->arena, to->words, to->n, &to->cap, sizeof(*to->words));
	to->words[to->n++] = value;
}

/* A word, or a file; files replace the words, and several files add up. */
enum err_code
add_lists(struct settings *s, const char *value, struct err *err)
{
	static const struct {
		const char *word;
		enum list_set set;
	} sets[] = {
		{ "default", LIST_SET_DEFAULT },
		{ "critical", LIST_SET_CRITICAL },
		{ "all", LIST_SET_ALL },
	};
	for (size_t i = 0; i < sizeof(sets) / sizeof(sets[0]); i++) {
		if (strcmp(value, sets[i].word) != 0)
			continue;
		if (s->list_files.n > 0 || (s->run.lists.named && s->run.lists.set != sets[i].set))
			return err_set(err, ERR_USAGE,
			    "'%s' cannot be joined with other lists: name one set, or files",
			    value);
		s->run.lists.set = sets[i].set;
		s->run.lists.named = true;
		return ERR_NONE;
	}
	if (s->run.lists.named)
		return err_set(err, ERR_USAGE, "a set of lists and the file %s cannot be joined",
		    value);
	add_word_of_option(s, &s->list_files, value);
	return ERR_NONE;
}

enum err_code
add_only_list(struct settings *s, const char *value, struct err *err)
{
	(void)err;
	add_word_of_option(s, &s->only_lists, value);
	return ERR_NONE;
}

enum err_code
add_skip_list(struct settings *s, const char *value, struct err *err)
{
	(void)err;
	add_word_of_option(s, &s->skip_lists, value);
	return ERR_NONE;
}

enum err_code
set_lists_direct(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->run.policy.lists_direct = true;
	return ERR_NONE;
}

enum err_code
set_keys(struct settings *s, const char *value, struct err *err)
{
	(void)err;
	s->run.lists.keys = value;
	return ERR_NONE;
}

enum err_code
set_cache(struct settings *s, const char *value, struct err *err)
{
	if (value[0] == '\0')
		return err_set(err, ERR_USAGE, "expected a file, or none");
	s->run.lists.cache = value;
	return ERR_NONE;
}

enum err_code
set_test(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->test_lists = true;
	return ERR_NONE;
}
