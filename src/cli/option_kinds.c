/* What an option of each kind does with its argument. */
#include <string.h>

#include "base/number.h"
#include "cli/options.h"

typedef enum err_code kind_fn(const struct option_row *row, struct settings *s, const char *value,
    struct err *err);

static void *
member(const struct option_row *row, struct settings *s)
{
	return (char *)s + row->offset;
}

static enum err_code
put_flag(const struct option_row *row, struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	*(bool *)member(row, s) = row->kind == OPTION_FLAG;
	return ERR_NONE;
}

static enum err_code
put_more(const struct option_row *row, struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	(*(int *)member(row, s))++;
	return ERR_NONE;
}

static enum err_code
put_text(const struct option_row *row, struct settings *s, const char *value, struct err *err)
{
	(void)err;
	*(const char **)member(row, s) = value;
	return ERR_NONE;
}

/* An empty word is "$LOG" of a script where LOG is not set. */
static enum err_code
put_file(const struct option_row *row, struct settings *s, const char *value, struct err *err)
{
	if (value[0] == '\0')
		return err_set(err, ERR_USAGE, "expected %s, not an empty word", row->arg);
	return put_text(row, s, value, err);
}

static enum err_code
put_list(const struct option_row *row, struct settings *s, const char *value, struct err *err)
{
	(void)err;
	words_add(s, member(row, s), value);
	return ERR_NONE;
}

static enum err_code
put_port(const struct option_row *row, struct settings *s, const char *value, struct err *err)
{
	uint64_t port;
	if (!number_is(value, 1, UINT16_MAX, &port))
		return err_set(err, ERR_USAGE, "'%s' is not a port: expected 1 to 65535", value);
	*(uint16_t *)member(row, s) = (uint16_t)port;
	return ERR_NONE;
}

static enum err_code
put_count(const struct option_row *row, struct settings *s, const char *value, struct err *err)
{
	uint64_t n;
	if (number_count(value, 1, row->max, &n, ERR_USAGE, err) != ERR_NONE)
		return err->code;
	*(unsigned *)member(row, s) = (unsigned)n;
	return ERR_NONE;
}

static enum err_code
put_seconds(const struct option_row *row, struct settings *s, const char *value, struct err *err)
{
	return number_seconds(value, row->max, member(row, s), ERR_USAGE, err);
}

static enum err_code
put_span(const struct option_row *row, struct settings *s, const char *value, struct err *err)
{
	return number_span(value, 1, NUMBER_SPAN_MAX_S, member(row, s), ERR_USAGE, err);
}

static enum err_code
find_word(const struct option_row *row, const char *word, int *code, struct err *err)
{
	char choices[200];
	if (enumtab_code(row->words, word, code))
		return ERR_NONE;
	return err_set(err, ERR_USAGE, "'%s' is not known: expected %s", word,
	    enumtab_choices(row->words, choices, sizeof choices));
}

static enum err_code
put_word(const struct option_row *row, struct settings *s, const char *value, struct err *err)
{
	return find_word(row, value, member(row, s), err);
}

static enum err_code
put_bits(const struct option_row *row, struct settings *s, const char *value, struct err *err)
{
	for (const char *word = value;; word++) {
		size_t len = strcspn(word, ",");
		int bits;
		if (find_word(row, arena_strndup(&s->arena, word, len), &bits, err) != ERR_NONE)
			return err->code;
		*(unsigned *)member(row, s) |= (unsigned)bits;
		word += len;
		if (*word == '\0')
			return ERR_NONE;
	}
}

static enum err_code
call_function(const struct option_row *row, struct settings *s, const char *value, struct err *err)
{
	return row->set(s, value, err);
}

enum err_code
option_apply(const struct option_row *row, struct settings *s, const char *value, struct err *err)
{
	static kind_fn *const kinds[] = {
		[OPTION_FLAG] = put_flag,
		[OPTION_OFF] = put_flag,
		[OPTION_MORE] = put_more,
		[OPTION_TEXT] = put_text,
		[OPTION_FILE] = put_file,
		[OPTION_LIST] = put_list,
		[OPTION_PORT] = put_port,
		[OPTION_COUNT] = put_count,
		[OPTION_SECONDS] = put_seconds,
		[OPTION_SPAN] = put_span,
		[OPTION_WORD] = put_word,
		[OPTION_BITS] = put_bits,
		[OPTION_FUNCTION] = call_function,
	};
	return kinds[row->kind](row, s, value, err);
}
