#include "base/inifile.h"

#include <ini.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"

enum {
	LINE_LEN_MAX = 1024,
	FILE_LEN_MAX = 1024 * 1024,
	SECTION_LEN_MAX = 49, /* inih cuts longer section names without a word */
	WORD_LEN_MAX = 64,
};

struct reading {
	const char *name;
	const char *at, *end; /* what is not read yet */
	int line;
	int head;                    /* line of the last heading */
	ini_fn *on_section, *on_key; /* on_section may be NULL */
	void *arg;
	struct err *err;
	bool failed; /* err is set; nothing is read or called any more */
};

/* What inih skips before the first word of a line: the mark of UTF-8 text, and white space. */
static size_t
skipped(const char *line, size_t len, bool first)
{
	static const char mark[] = "\xef\xbb\xbf", blanks[] = " \t\v\f\r";
	size_t n = first && len >= 3 && memcmp(line, mark, 3) == 0 ? 3 : 0;
	while (n < len && memchr(blanks, line[n], sizeof blanks - 1) != NULL)
		n++;
	return n;
}

/* The section that the line opens, and its length; NULL when it opens none. */
static const char *
heading(const char *line, size_t len, bool first, size_t *section_len)
{
	size_t skip = skipped(line, len, first);
	if (skip == len || line[skip] != '[')
		return NULL;
	const char *open = line + skip + 1;
	const char *close = memchr(open, ']', len - skip - 1);
	if (close == NULL)
		return NULL;
	*section_len = (size_t)(close - open);
	return open;
}

/* What inih would not see or would cut: NULL when the line is fine. */
static const char *
line_fault(const char *line, size_t len)
{
	if (len > LINE_LEN_MAX)
		return "the line is over 1024 bytes";
	if (memchr(line, '\0', len) != NULL)
		return "the line contains a NUL byte";
	return NULL;
}

/* inih says nothing of a section without keys. */
static enum err_code
open_section(struct reading *r, const char *section, size_t len)
{
	char name[SECTION_LEN_MAX + 1];
	const struct ini_line line = {
		.file = r->name,
		.line = r->line,
		.section = name,
		.head = r->line,
		.key = "",
		.value = "",
	};
	r->head = r->line;
	if (r->on_section == NULL)
		return ERR_NONE;
	memcpy(name, section, len);
	name[len] = '\0';
	return r->on_section(r->arg, &line, r->err);
}

/* What is wrong with the line is in err. */
static bool
take_line(struct reading *r, size_t len, size_t room)
{
	size_t section_len = 0;
	const char *fault = line_fault(r->at, len);
	const char *section = heading(r->at, len, r->line == 1, &section_len);
	if (fault == NULL && section_len > SECTION_LEN_MAX)
		fault = "the section name is over 49 bytes";
	if (fault == NULL && len >= room)
		fault = "the line is too long for this build of inih";
	if (fault != NULL)
		err_set(r->err, ERR_CONFIG, "%s", fault);
	return fault == NULL &&
	    (section == NULL || open_section(r, section, section_len) == ERR_NONE);
}

/* inih's reader: hands over one line, and ends the file early once there was an error. */
static char *
next_line(char *out, int size, void *stream)
{
	struct reading *r = stream;
	if (r->failed || r->at == r->end)
		return NULL;
	const char *newline = memchr(r->at, '\n', (size_t)(r->end - r->at));
	size_t len = (size_t)((newline == NULL ? r->end : newline) - r->at);
	r->line++;
	if (!take_line(r, len, (size_t)size)) {
		r->failed = true;
		return NULL;
	}
	memcpy(out, r->at, len);
	out[len] = '\0';
	r->at += newline == NULL ? len : len + 1;
	return out;
}

/* inih's handler: 1 = go on. */
static int
hand_over(void *user, const char *section, const char *key, const char *value)
{
	struct reading *r = user;
	struct ini_line line = {
		.file = r->name,
		.line = r->line,
		.section = section,
		.head = r->head,
		.key = key,
		.value = value,
	};
	if (r->on_key(r->arg, &line, r->err) == ERR_NONE)
		return 1;
	r->failed = true;
	return 0;
}

/*
 * Debian's inih keeps its options in variables.  One callback a key needs continuation lines off
 * (inih would call again for each), and the first error must be the last thing that happens.
 */
static void
set_inih_options(void)
{
	ini_max_line = LINE_LEN_MAX + 1;
	ini_use_stack = true;
	ini_allow_multiline = false;
	ini_stop_on_first_error = true;
}

/* inih passes one pointer to reader and handler each, so both get the same reading. */
enum err_code
ini_read_sections(const char *name, const char *text, size_t len, ini_fn *on_section,
    ini_fn *on_key, void *arg, struct err *err)
{
	if (len > FILE_LEN_MAX)
		return err_set(err, ERR_CONFIG, "%s: over the limit of 1 MiB", name);
	struct reading r = {
		.name = name,
		.at = text,
		.end = text + len,
		.on_section = on_section,
		.on_key = on_key,
		.arg = arg,
		.err = err,
	};
	set_inih_options();
	int line = ini_parse_stream(next_line, &r, hand_over, &r);
	if (line != 0 && !r.failed) {
		r.line = line;
		err_set(err, ERR_CONFIG, "expected \"[section]\" or \"key = value\"");
		r.failed = true;
	}
	return r.failed ? err_prefix(err, "%s:%d", name, r.line) : ERR_NONE;
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
