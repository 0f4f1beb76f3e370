#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "source_priv.h"

enum err_code
source_open(struct source *s, const struct target_spec *specs, size_t n_specs, const char *path,
    FILE *errors, struct err *err)
{
	*s = (struct source){ .specs = specs, .n_specs = n_specs, .path = path, .errors = errors };
	if (path == NULL)
		return ERR_NONE;
	s->file = file_open(path, err);
	return s->file != NULL ? ERR_NONE : err->code;
}

void
source_close(struct source *s)
{
	if (s->file != NULL && s->file != stdin)
		fclose(s->file);
}

static const char *
shown_path(const struct source *s)
{
	return strcmp(s->path, "-") == 0 ? "standard input" : s->path;
}

/* Never holds more than a target's longest line, whatever the file holds; false at its end. */
static bool
read_line(FILE *f, char line[TARGET_LINE_MAX], size_t *len)
{
	int c;

	*len = 0;
	while ((c = getc_unlocked(f)) != EOF && c != '\n')
		if ((*len)++ < TARGET_LINE_MAX)
			line[*len - 1] = (char)c;
	return c != EOF || *len > 0;
}

static const struct target_spec *
next_line(struct source *s, struct target_spec *scratch, struct err *err)
{
	char line[TARGET_LINE_MAX];
	size_t len;

	while (read_line(s->file, line, &len)) {
		struct err why;
		s->line++;
		switch (target_parse_line(line, len, scratch, &why)) {
		case TARGET_LINE_BLANK:
			break;
		case TARGET_LINE_GOOD:
			scratch->line = s->line;
			return scratch;
		case TARGET_LINE_BAD:
			fprintf(s->errors, "mailready: %s:%d: %s\n", shown_path(s), s->line, why.text);
			s->bad_lines++;
			break;
		}
	}
	if (ferror(s->file))
		(void)err_set(err, ERR_IO, "%s: %s", shown_path(s), strerror(errno));
	return NULL;
}

const struct target_spec *
source_next(struct source *s, struct target_spec *scratch, struct err *err)
{
	if (s->next_spec < s->n_specs)
		return &s->specs[s->next_spec++];
	return s->file != NULL ? next_line(s, scratch, err) : NULL;
}
