/* Takes a text apart: its words, and the command at their end. */
#include "base/command.h"

#include <string.h>

#include "base/arena.h"

void
command_split(const char *text, struct arena *a, struct command_text *out)
{
	size_t len = strlen(text);
	*out = (struct command_text){ .words = text, .command = "" };
	if (len < 3 || text[len - 1] != '`')
		return;
	size_t end = len - 1, start = end;
	while (start > 0 && text[start - 1] != '`')
		start--;
	if (start == 0 || start == end)
		return;
	out->command = arena_strndup(a, text + start, end - start);
	for (start--; start > 0 && text[start - 1] == ' ';)
		start--;
	out->words = arena_strndup(a, text, start);
}
