/* Lines of a file and the words in them. */
#include "base/lines.h"

#include <stdbool.h>
#include <string.h>

#include "base/buf.h"

enum { CHUNK = 4096 };

static const char blanks[] = " \t\r";

/* Up to a chunk of the line; *ended: nothing of it is left.  Not fgets(): a line may hold NULs. */
static size_t
read_chunk(FILE *f, char chunk[CHUNK], bool *ended, bool *newline)
{
	size_t n = 0;
	int c = 0;
	while (n < CHUNK && (c = getc_unlocked(f)) != EOF && c != '\n')
		chunk[n++] = (char)c;
	*newline = c == '\n';
	*ended = c == EOF || c == '\n';
	return n;
}

enum lines_status
lines_next(FILE *f, struct buf *out, uint64_t *taken)
{
	char chunk[CHUNK];
	uint64_t bytes = 0;
	bool ended = false, newline = false;
	buf_reset(out);
	while (!ended) {
		size_t n = read_chunk(f, chunk, &ended, &newline);
		bytes += n + newline;
		buf_add(out, chunk, n);
	}
	if (taken != NULL)
		*taken = bytes;
	if (!out->failed)
		return bytes > 0 ? LINES_READ : LINES_END;
	buf_reset(out);
	return LINES_LONG;
}

char *
lines_word(char **line)
{
	char *word = *line + strspn(*line, blanks);
	if (*word == '\0')
		return NULL;
	char *end = word + strcspn(word, blanks);
	*line = *end != '\0' ? end + 1 : end;
	*end = '\0';
	return word;
}
