/* Reading a catalogue: an INI file of lists, or plain lines with a zone each. */
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/utf8.h"
#include "catalogue_priv.h"

static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r';
}

/* Cuts blanks off both ends, and a comment. */
static void
trim(const char **line, size_t *len)
{
	const char *comment = memchr(*line, '#', *len);
	if (comment != NULL)
		*len = (size_t)(comment - *line);
	while (*len > 0 && is_blank((*line)[*len - 1]))
		--*len;
	while (*len > 0 && is_blank(**line)) {
		++*line;
		--*len;
	}
}

enum err_code
catalogue_add_plain(struct catalogue *c, struct arena *a, const char *word, struct err *err)
{
	if (catalogue_is_pattern(word))
		return err_set(err, ERR_DATA, "\"%s\" is a pattern: expected a zone", word);
	size_t known = c->n;
	struct list *l = catalogue_add(c, a, word, err);
	if (l == NULL)
		return err->code;
	if (c->n > known)
		l->plain = l->ip6 = true;
	return ERR_NONE;
}

static enum err_code
add_line(struct catalogue *c, struct arena *a, const char *line, size_t len, struct err *err)
{
	if (memchr(line, '\0', len) != NULL)
		return err_set(err, ERR_DATA,
		    "a NUL byte: expected a zone such as zen.spamhaus.org");
	return catalogue_add_plain(c, a, arena_strndup(a, line, len), err);
}

static void
remark(struct catalogue *c, struct arena *a, const struct err *err)
{
	c->remarks = arena_grow(a, c->remarks, c->n_remarks, &c->cap_remarks, sizeof *c->remarks);
	c->remarks[c->n_remarks++] = arena_printf(a, "%s; this line is skipped", err->text);
}

enum { PLAIN_BAD_MAX = 100 };

/* Each line stands for itself: the others mean the same without one that is wrong. */
static enum err_code
read_plain(struct catalogue *c, struct arena *a, const char *name, const char *text, size_t len,
    struct err *err)
{
	const char *end = text + len;
	size_t good = 0, bad = 0;
	for (int number = 1; text < end && bad <= PLAIN_BAD_MAX; number++) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		const char *line = text;
		size_t line_len = (size_t)((newline == NULL ? end : newline) - text);
		struct err fault = { .code = ERR_NONE };
		text += line_len + (newline != NULL);
		trim(&line, &line_len);
		if (line_len == 0)
			continue;
		if (add_line(c, a, line, line_len, &fault) == ERR_NONE) {
			good++;
			continue;
		}
		(void)err_prefix(&fault, "%s:%d", name, number);
		if (bad++ == 0)
			*err = fault;
		remark(c, a, &fault);
	}
	/* with more bad lines than good ones it is another kind of file */
	return bad > good || bad > PLAIN_BAD_MAX ? err->code : ERR_NONE;
}

/* The first byte of the first line that is neither blank nor a comment; '\0' without one. */
static char
first_byte(const char *text, size_t len)
{
	const char *end = text + len;
	while (text < end) {
		if (*text == '#' || *text == ';') {
			text = memchr(text, '\n', (size_t)(end - text));
			if (text == NULL)
				return '\0';
		} else if (*text != '\n' && !is_blank(*text)) {
			return *text;
		}
		text++;
	}
	return '\0';
}

enum err_code
catalogue_read_text(struct catalogue *c, struct arena *a, const char *name, const char *text,
    size_t len, struct err *err)
{
	if (len > CATALOGUE_FILE_MAX)
		return err_set(err, ERR_DATA, "%s: over the limit of 1 MiB", name);
	c->n_files++;
	if (utf8_is_utf16(text, len))
		return err_set(err, ERR_DATA, "%s: is UTF-16 text; save it as UTF-8 or ASCII",
		    name);
	utf8_skip_mark(&text, &len);
	if (first_byte(text, len) == '[')
		return catalogue_read_ini(c, a, name, text, len, err);
	return read_plain(c, a, name, text, len, err);
}

enum err_code
catalogue_read_file(struct catalogue *c, struct arena *a, const char *path, struct err *err)
{
	struct buf text;
	buf_init(&text, CATALOGUE_FILE_MAX);
	enum err_code code = file_read(path, &text, err);
	if (code == ERR_NONE)
		code = catalogue_read_text(c, a, path, text.data, text.len, err);
	buf_fini(&text);
	return code;
}
