/* INI files: a line is blank, a comment, a [section], or a key and its value. */
#include "base/inifile.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/utf8.h"

enum {
	LINE_LEN_MAX = 1024,
	FILE_LEN_MAX = 1024 * 1024,
	SECTION_LEN_MAX = 49,
	WORD_LEN_MAX = 64,
};

struct reading {
	char section[SECTION_LEN_MAX + 1];
	struct ini_line line;
	ini_fn *on_section, *on_key; /* on_section may be NULL */
	void *arg;
	struct err *err;
};

/* Not a line feed, which ends the line. */
static bool
is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\v' || c == '\f' || c == '\r';
}

/* Cuts blanks off both ends. */
static char *
strip(char *text)
{
	while (is_blank(*text))
		text++;
	size_t len = strlen(text);
	while (len > 0 && is_blank(text[len - 1]))
		len--;
	text[len] = '\0';
	return text;
}

/* What a line says: without blanks around it, and without its comment. */
static char *
content_of(char *line)
{
	char *text = strip(line);
	if (*text == '#' || *text == ';')
		*text = '\0';
	for (char *c = strchr(text, ';'); c != NULL; c = strchr(c + 1, ';'))
		if (c > text && is_blank(c[-1]))
			*c = '\0';
	return strip(text);
}

static enum err_code
bad_line(struct reading *r)
{
	return err_set(r->err, ERR_CONFIG, "expected \"[section]\" or \"key = value\"");
}

static enum err_code
take_section(struct reading *r, const char *name)
{
	size_t len = strcspn(name, "]");
	if (name[len] == '\0')
		return bad_line(r);
	if (len > SECTION_LEN_MAX)
		return err_set(r->err, ERR_CONFIG, "the section name is over %d bytes",
		    SECTION_LEN_MAX);
	memcpy(r->section, name, len);
	r->section[len] = '\0';
	r->line.head = r->line.line;
	r->line.key = r->line.value = "";
	return r->on_section == NULL ? ERR_NONE : r->on_section(r->arg, &r->line, r->err);
}

static enum err_code
take_key(struct reading *r, char *text)
{
	char *sign = strpbrk(text, "=:");
	if (sign == NULL)
		return bad_line(r);
	*sign = '\0';
	r->line.key = strip(text);
	r->line.value = strip(sign + 1);
	return r->on_key(r->arg, &r->line, r->err);
}

static enum err_code
take_line(struct reading *r, const char *line, size_t len)
{
	char copy[LINE_LEN_MAX + 1];
	if (len > LINE_LEN_MAX)
		return err_set(r->err, ERR_CONFIG, "the line is over %d bytes", LINE_LEN_MAX);
	if (memchr(line, '\0', len) != NULL)
		return err_set(r->err, ERR_CONFIG, "the line contains a NUL byte");
	memcpy(copy, line, len);
	copy[len] = '\0';
	char *text = content_of(copy);
	if (*text == '\0')
		return ERR_NONE;
	return *text == '[' ? take_section(r, text + 1) : take_key(r, text);
}

enum err_code
ini_read_sections(const char *name, const char *text, size_t len, ini_fn *on_section,
    ini_fn *on_key, void *arg, struct err *err)
{
	if (len > FILE_LEN_MAX)
		return err_set(err, ERR_CONFIG, "%s: over the limit of 1 MiB", name);
	if (utf8_is_utf16(text, len))
		return err_set(err, ERR_CONFIG, "%s: is UTF-16 text; save it as UTF-8 or ASCII",
		    name);
	utf8_skip_mark(&text, &len);
	struct reading r = { .on_section = on_section, .on_key = on_key, .arg = arg, .err = err };
	r.line = (struct ini_line){ .file = name, .section = r.section };
	for (const char *end = text + len; text < end;) {
		const char *newline = memchr(text, '\n', (size_t)(end - text));
		size_t line_len = (size_t)((newline != NULL ? newline : end) - text);
		r.line.line++;
		if (take_line(&r, text, line_len) != ERR_NONE)
			return err_prefix(err, "%s:%d", name, r.line.line);
		text += line_len + (newline != NULL);
	}
	return ERR_NONE;
}

enum err_code
ini_read_text(const char *name, const char *text, size_t len, ini_fn *fn, void *arg,
    struct err *err)
{
	return ini_read_sections(name, text, len, NULL, fn, arg, err);
}

enum err_code
ini_read_file(const char *path, ini_fn *fn, void *arg, struct err *err)
{
	struct buf text;
	buf_init(&text, FILE_LEN_MAX);
	enum err_code code = file_read(path, &text, err);
	if (code == ERR_DATA) /* too long: wrong content of a configuration file */
		code = err->code = ERR_CONFIG;
	if (code == ERR_NONE)
		code = ini_read_text(path, text.data, text.len, fn, arg, err);
	buf_fini(&text);
	return code;
}

static size_t
smaller(size_t a, size_t b)
{
	return a < b ? a : b;
}

/* Insertions, deletions, replacements and swaps of neighbours that make a into b. */
static size_t
edit_distance(const char *a, const char *b)
{
	size_t rows[3][WORD_LEN_MAX + 1]; /* of the table: before last, last and this one */
	size_t a_len = strlen(a), b_len = strlen(b);
	for (size_t j = 0; j <= b_len; j++)
		rows[0][j] = j;
	for (size_t i = 1; i <= a_len; i++) {
		size_t *row = rows[i % 3];
		const size_t *last = rows[(i + 2) % 3], *before = rows[(i + 1) % 3];
		row[0] = i;
		for (size_t j = 1; j <= b_len; j++) {
			size_t replaced = last[j - 1] + (a[i - 1] != b[j - 1]);
			row[j] = smaller(replaced, smaller(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = smaller(row[j], before[j - 2] + 1);
		}
	}
	return rows[a_len % 3][b_len];
}

const char *
ini_nearest(const char *word, const char *const *known, size_t n)
{
	const char *nearest = NULL;
	size_t len = strlen(word);
	if (len > WORD_LEN_MAX)
		return NULL;
	/* a third of the word may be wrong: more would suggest unrelated words */
	size_t best = smaller(len / 3, 2) + 1;
	for (size_t i = 0; i < n; i++) {
		if (strlen(known[i]) > WORD_LEN_MAX)
			continue;
		size_t distance = edit_distance(word, known[i]);
		if (distance < best) {
			best = distance;
			nearest = known[i];
		}
	}
	return nearest;
}
