/* mailready merge: reports of several files, sorted by address; the latest of each counts. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/lines.h"
#include "base/mem.h"
#include "base/safe.h"
#include "base/terminal.h"
#include "run/line_priv.h"
#include "run/run_priv.h"

enum { LINE_MAX_BYTES = 64 << 20, OUT_BYTES = 1 << 16, ESCAPED_MAX = 6 /* times as long */ };

/* Where a report stands, and what it is sorted by; there is one for every line. */
struct entry {
	struct ip ip;
	unsigned char verdict;
	bool any_unknown;
	uint32_t who, file, len;
	int64_t time;
	uint64_t offset;
};

struct merge {
	const struct run_output *out;
	struct run_result *result;
	struct err *err;
	const char *const *paths;
	FILE **files;
	size_t n_files;
	struct entry *entries;
	size_t n, cap;
	struct summary *summary;
	struct buf line; /* one report as it is read, */
	char *text;      /* and as it is written */
	size_t text_cap;
	struct buf piece; /* of the output */
};

static void
add_entry(struct merge *m, const struct entry *e)
{
	if (m->n == m->cap) {
		m->cap = m->cap == 0 ? 1024 : m->cap + m->cap / 2;
		m->entries = mem_realloc(m->entries, m->cap, sizeof *m->entries);
	}
	m->entries[m->n++] = *e;
}

static void
bad_line(struct merge *m, size_t file, size_t number, const char *why)
{
	terminal_say(m->out->errors, "mailready: %s:%zu: %s", m->paths[file], number, why);
	m->result->bad_lines++;
}

static void
take_line(struct merge *m, size_t file, size_t number, uint64_t offset)
{
	struct report_line line;
	struct err why;

	if (report_line_read(m->line.data, m->line.len, &line, NULL, &why) != ERR_NONE) {
		bad_line(m, file, number, why.text);
		return;
	}
	struct entry e = { .ip = line.ip,
		.verdict = (unsigned char)line.verdict,
		.any_unknown = line.any_unknown,
		.who = line.who,
		.file = (uint32_t)file,
		.len = (uint32_t)m->line.len,
		.time = line.time,
		.offset = offset };
	add_entry(m, &e);
}

static enum err_code
read_lines(struct merge *m, size_t file)
{
	FILE *f = m->files[file];
	uint64_t offset = 0, taken;
	size_t number = 0;
	enum lines_status status;

	while ((status = lines_next(f, &m->line, &taken)) != LINES_END) {
		number++;
		if (status == LINES_LONG)
			bad_line(m, file, number, "line is too long for a report");
		else if (m->line.len > 0)
			take_line(m, file, number, offset);
		offset += taken;
	}
	if (ferror(f))
		return err_set(m->err, ERR_IO, "%s: %s", m->paths[file], strerror(errno));
	return ERR_NONE;
}

static enum err_code
read_file(struct merge *m, size_t i)
{
	struct stat st;

	/* before it is opened: a pipe that nobody writes to would keep us there */
	if (stat(m->paths[i], &st) == 0 && !S_ISREG(st.st_mode))
		return err_set(m->err, ERR_NOINPUT,
		    "%s is not a regular file; files are read twice", m->paths[i]);
	m->files[i] = fopen(m->paths[i], "re");
	if (m->files[i] == NULL)
		return err_set(m->err, ERR_NOINPUT, "%s: %s%s", m->paths[i], strerror(errno),
		    errno == EMFILE ? "; merge some of them first" : "");
	return read_lines(m, i);
}

/* Of one target the latest comes first; at the same time, what was given last. */
static int
by_target(const void *a, const void *b)
{
	const struct entry *x = a, *y = b;
	int order = ip_compare(&x->ip, &y->ip);

	if (order != 0)
		return order;
	if (x->who != y->who)
		return x->who < y->who ? -1 : 1;
	if (x->time != y->time)
		return x->time > y->time ? -1 : 1;
	if (x->file != y->file)
		return x->file > y->file ? -1 : 1;
	return x->offset > y->offset ? -1 : 1;
}

static enum err_code
flush(struct merge *m)
{
	FILE *out = m->out->file;
	bool written = fwrite(m->piece.data, 1, m->piece.len, out) == m->piece.len;

	buf_reset(&m->piece);
	return written ?
	    ERR_NONE :
	    err_set(m->err, ERR_IO, "the reports cannot be written: %s", strerror(errno));
}

static enum err_code
copy_report(struct merge *m, const struct entry *e)
{
	struct report_line line;

	if (m->text_cap < e->len) {
		m->text = mem_realloc(m->text, e->len, 1);
		m->text_cap = e->len;
	}
	if (pread(fileno(m->files[e->file]), m->text, e->len, (off_t)e->offset) != (ssize_t)e->len)
		return err_set(m->err, ERR_IO, "%s changed while it was read", m->paths[e->file]);
	if (m->summary != NULL &&
	    report_line_read(m->text, e->len, &line, m->summary, m->err) != ERR_NONE)
		return err_prefix(m->err, "%s", m->paths[e->file]);
	m->result->n[e->verdict]++;
	m->result->unknown += e->any_unknown;
	safe_add_json(&m->piece, m->text, e->len);
	buf_putc(&m->piece, '\n');
	return m->piece.len >= OUT_BYTES ? flush(m) : ERR_NONE;
}

static enum err_code
write_reports(struct merge *m)
{
	enum err_code code = ERR_NONE;

	if (m->n > 0)
		qsort(m->entries, m->n, sizeof *m->entries, by_target);
	for (size_t i = 0; i < m->n && code == ERR_NONE; i++) {
		const struct entry *e = &m->entries[i], *before = e - 1;
		if (i == 0 || before->who != e->who || !ip_equal(&before->ip, &e->ip))
			code = copy_report(m, e);
	}
	return code == ERR_NONE ? flush(m) : code;
}

static enum err_code
merge(struct merge *m)
{
	for (size_t i = 0; i < m->n_files; i++)
		if (read_file(m, i) != ERR_NONE)
			return m->err->code;
	if (m->n == 0 && m->result->bad_lines == 0)
		return err_set(m->err, ERR_NOINPUT, "%s%s: no report in it", m->paths[0],
		    m->n_files > 1 ? " and the others" : "");
	return write_reports(m);
}

static void
close_files(struct merge *m)
{
	for (size_t i = 0; i < m->n_files; i++)
		if (m->files[i] != NULL)
			fclose(m->files[i]);
	free(m->files);
}

enum err_code
run_merge(const struct run_output *out, const char *const *paths, size_t n,
    struct run_result *result, struct err *err)
{
	struct summary summary;
	struct merge m = { .out = out,
		.result = result,
		.err = err,
		.paths = paths,
		.files = mem_zalloc(n, sizeof *m.files),
		.n_files = n };

	*result = (struct run_result){ .bad_lines = 0 };
	buf_init(&m.line, LINE_MAX_BYTES);
	buf_init(&m.piece, ESCAPED_MAX * (size_t)LINE_MAX_BYTES + 2 * OUT_BYTES);
	summary_init(&summary);
	m.summary = out->summary ? &summary : NULL;
	enum err_code code = merge(&m);
	if (code == ERR_NONE && out->summary)
		summary_print(&summary, out->errors);
	close_files(&m);
	summary_fini(&summary);
	buf_fini(&m.line);
	buf_fini(&m.piece);
	free(m.text);
	free(m.entries);
	return code;
}
