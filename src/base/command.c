/* Takes a text apart: its words, and the commands between and after them. */
#include "base/command.h"

#include <string.h>

#include "base/arena.h"

/* Backquotes in the names of strangers must not make a command: "`a, b`" is two of them. */
static bool
is_command(const char *text, const char *start, const char *end)
{
	size_t program = strspn(start, "abcdefghijklmnopqrstuvwxyz");
	bool begins = start - 1 == text || start[-2] == ' ';
	bool ends = end[1] == '\0' || end[1] == ' ';
	return begins && ends && program > 0 && start[program] == ' ' && end[-1] != ' ';
}

/* The first command in text, without its backquotes; NULL without one. */
static const char *
find_command(const char *text, size_t *len)
{
	for (const char *mark = strchr(text, '`'); mark != NULL; mark = strchr(mark + 1, '`')) {
		const char *start = mark + 1, *end = strchr(start, '`');
		if (end == NULL)
			return NULL;
		*len = (size_t)(end - start);
		if (is_command(text, start, end))
			return start;
	}
	return NULL;
}

bool
command_next(const char **rest, struct arena *a, struct command_text *out)
{
	size_t len;
	const char *text = *rest, *command = find_command(text, &len);
	*out = (struct command_text){ .words = text, .command = "" };
	if (text[0] == '\0')
		return false;
	*rest = "";
	if (command == NULL)
		return true;
	size_t words = (size_t)(command - text) - 1;
	while (words > 0 && text[words - 1] == ' ')
		words--;
	out->words = arena_strndup(a, text, words);
	out->command = arena_strndup(a, command, len);
	*rest = command + len + 1;
	*rest += strspn(*rest, " ");
	return true;
}
