/* Files and standard input, plain or compressed, line by line; whatever is in them. */
#include "explain/input.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/mem.h"
#include "explain/dsn.h"
#include "explain/log.h"
#include "explain/record_priv.h"
#include "explain/unzstd_priv.h"

enum { CHUNK = 256 << 10, GZIP_BUFFER = 128 << 10 };

struct reading {
	const char *name; /* for people */
	const struct input_options *options;
	struct input_count *count;
	struct err *err;
	struct arena arena; /* of a line */
	struct dsn dsn;
	struct record_table table; /* of an accounting file */
	bool is_table;
	bool is_message, begun, stopped;
	size_t n_line;
	/* the line that is not complete yet */
	char *part;
	size_t part_len;
	size_t dropped; /* of the line, which is not read */
	struct log_memory *memory;
};

static void
reading_init(struct reading *r, const char *name, const struct input_options *o,
    struct input_count *count, struct err *err)
{
	*r = (struct reading){ .name = name, .options = o, .count = count, .err = err };
	err->code = ERR_NONE;
	arena_init(&r->arena);
	r->part = mem_alloc(INPUT_LINE_MAX + 1);
	r->memory = mem_alloc(sizeof *r->memory);
	memset(r->memory, 0, sizeof *r->memory);
}

static void
reading_fini(struct reading *r)
{
	if (r->is_message)
		dsn_fini(&r->dsn);
	arena_fini(&r->arena);
	free(r->part);
	free(r->memory);
}

static bool
found_at(struct reading *r, const struct reply *reply, size_t line)
{
	r->count->found++;
	r->stopped = !r->options->found(r->options->arg, reply, r->name, line);
	return !r->stopped;
}

static bool
found_in_message(void *arg, const struct reply *reply, size_t line)
{
	return found_at(arg, reply, line);
}

static bool
is_blank(const char *line)
{
	return line[strspn(line, " \t\r")] == '\0';
}

/* Where a run goes on in such a file, its rows are without their head. */
static void
refuse_table(struct reading *r)
{
	(void)err_set(r->err, ERR_DATA,
	    "%s:%zu: an accounting file of PowerMTA cannot be followed: have it explained by "
	    "mailready explain FILE",
	    r->name, r->n_line);
}

static enum log_line
read_line(struct reading *r, const char *line, size_t len, struct reply *reply)
{
	if (line[0] == '{')
		return record_object(line, len, &r->arena, reply);
	if (record_is_head(line, &r->arena, &r->table)) {
		if (r->options->log_only)
			refuse_table(r);
		r->is_table = true;
		return LOG_QUIET;
	}
	return r->is_table ? record_row(&r->table, line, r->options->now_s, &r->arena, reply) :
			     log_read(line, len, r->options->now_s, r->memory, &r->arena, reply);
}

/* A line of a log, a record, or a reply. */
static void
take_log_line(struct reading *r, const char *line, size_t len)
{
	struct reply reply;
	if (is_blank(line))
		return;
	switch (read_line(r, line, len, &reply)) {
	case LOG_REFUSED:
		r->count->log_lines++;
		(void)found_at(r, &reply, r->n_line);
		break;
	case LOG_QUIET:
		r->count->log_lines++;
		break;
	case LOG_OTHER:
		if (r->options->log_only)
			break;
		reply_read(line, len, &r->arena, &reply);
		(void)found_at(r, &reply, r->n_line);
		break;
	}
	if (r->arena.total > 0)
		arena_reset(&r->arena);
}

/* UTF-16 is text to its writer; everything else with such bytes is not. */
static void
refuse_binary(struct reading *r, const char *line, size_t len)
{
	bool wide = len >= 2 &&
	    (memcmp(line, "\xff\xfe", 2) == 0 || memcmp(line, "\xfe\xff", 2) == 0);
	(void)err_set(r->err, ERR_DATA, "%s:%zu: %s", r->name, r->n_line,
	    wide ? "UTF-16 is not read: convert it, iconv -f UTF-16 -t UTF-8" :
		   "binary data: expected a mail log, a bounce message, or replies one a line");
}

static void
take_line(struct reading *r, char *line, size_t len)
{
	r->n_line++;
	r->count->lines++;
	line[len] = '\0';
	if (memchr(line, '\0', len) != NULL) {
		/* a machine that lost power leaves such lines in its log */
		if (!r->options->log_only)
			refuse_binary(r, line, len);
		return;
	}
	if (r->n_line == 1 && len >= 3 && memcmp(line, "\xef\xbb\xbf", 3) == 0) {
		line += 3;
		len -= 3;
	}
	if (!r->begun && !is_blank(line)) {
		r->begun = true;
		r->is_message = !r->options->log_only && dsn_is_message(line, len);
		if (r->is_message) {
			dsn_init(&r->dsn, found_in_message, r);
			r->dsn.line = r->n_line - 1;
		}
	}
	if (r->is_message)
		dsn_line(&r->dsn, line, len);
	else
		take_log_line(r, line, len);
}

static void
refuse_long(struct reading *r)
{
	(void)err_set(r->err, ERR_DATA,
	    "%s:%zu: the line is over %d bytes: this is not a mail log, a message or replies",
	    r->name, r->n_line + 1, INPUT_LINE_MAX);
}

static void
end_line(struct reading *r)
{
	size_t len = r->part_len;
	r->count->end += (int64_t)(len + r->dropped + 1);
	r->part_len = 0;
	if (r->dropped == 0)
		take_line(r, r->part, len);
	r->dropped = 0;
}

/* Bytes as they come; lines in the middle of them are taken where they are. */
static void
take_bytes(struct reading *r, const char *data, size_t len)
{
	while (len > 0 && r->err->code == ERR_NONE && !r->stopped) {
		const char *end = memchr(data, '\n', len);
		size_t n = end != NULL ? (size_t)(end - data) : len;
		bool too_long = r->dropped > 0 || r->part_len + n > INPUT_LINE_MAX;
		if (too_long && !r->options->log_only) {
			refuse_long(r);
			return;
		}
		if (too_long) {
			r->dropped += r->part_len + n;
			r->part_len = 0;
		} else {
			memcpy(r->part + r->part_len, data, n);
			r->part_len += n;
		}
		if (end == NULL)
			return;
		end_line(r);
		data += n + 1;
		len -= n + 1;
	}
}

static enum err_code
finish(struct reading *r)
{
	if (r->err->code == ERR_NONE && !r->stopped && r->part_len > 0 && !r->options->grows)
		take_line(r, r->part, r->part_len);
	if (r->err->code == ERR_NONE && !r->stopped && r->is_message)
		dsn_end(&r->dsn);
	enum err_code code = r->err->code;
	reading_fini(r);
	return code;
}

enum err_code
input_read_text(const char *name, const char *text, size_t len, const struct input_options *o,
    struct input_count *count, struct err *err)
{
	struct reading r;
	reading_init(&r, name, o, count, err);
	take_bytes(&r, text, len);
	return finish(&r);
}

/* ---- files */

/* Compressions that are known by their first bytes only. */
static const struct {
	const char *magic;
	size_t len;
	const char *name, *tool;
} packed[] = {
	{ "\xfd"
	  "7zXZ",
	    5, "xz", "xzcat" },
	{ "BZh", 3, "bzip2", "bzcat" },
};

static void
refuse_packed(struct reading *r, const char *data, size_t len)
{
	for (size_t i = 0; i < sizeof packed / sizeof packed[0]; i++)
		if (len >= packed[i].len && memcmp(data, packed[i].magic, packed[i].len) == 0)
			(void)err_set(r->err, ERR_DATA,
			    "%s: compressed by %s, which is not read: %s %s | mailready explain -",
			    r->name, packed[i].name, packed[i].tool, r->name);
}

static bool
take_unpacked(void *arg, const char *data, size_t len)
{
	struct reading *r = arg;
	take_bytes(r, data, len);
	return r->err->code == ERR_NONE && !r->stopped;
}

static void
take_zstd(struct reading *r, struct unzstd *u, const char *data, size_t len)
{
	const char *why = unzstd_add(u, data, len, take_unpacked, r);
	if (why != NULL)
		(void)err_set(r->err, ERR_DATA, "%s: the zstd file is damaged: %s", r->name, why);
}

static void
refuse_cut(struct reading *r, const char *kind)
{
	(void)err_set(r->err, ERR_DATA, "%s: the %s file is cut off after line %zu: fetch it again",
	    r->name, kind, r->n_line);
}

static void
check_end(struct reading *r, gzFile file, const struct unzstd *u)
{
	int why = Z_OK;
	const char *text = gzerror(file, &why);
	if (r->err->code != ERR_NONE || r->stopped)
		return;
	if (why == Z_ERRNO)
		(void)err_set(r->err, ERR_IO, "%s: %s", r->name, strerror(errno));
	else if (why == Z_BUF_ERROR)
		refuse_cut(r, "gzip");
	else if (why != Z_OK && why != Z_STREAM_END)
		(void)err_set(r->err, ERR_DATA, "%s: the gzip file is damaged: %s", r->name, text);
	else if (u != NULL && !unzstd_is_complete(u))
		refuse_cut(r, "zstd");
}

/* zlib hands on what is not compressed by gzip as it is: libzstd takes it from there. */
static void
read_all(struct reading *r, gzFile file)
{
	char *chunk = mem_alloc(CHUNK);
	struct unzstd *u = NULL;
	int n;
	bool first = true;
	while (r->err->code == ERR_NONE && !r->stopped && (n = gzread(file, chunk, CHUNK)) > 0) {
		if (first && unzstd_is(chunk, (size_t)n))
			u = unzstd_new();
		else if (first)
			refuse_packed(r, chunk, (size_t)n);
		first = false;
		if (u != NULL)
			take_zstd(r, u, chunk, (size_t)n);
		else if (r->err->code == ERR_NONE)
			take_bytes(r, chunk, (size_t)n);
	}
	check_end(r, file, u);
	unzstd_free(u);
	free(chunk);
}

/* Begins at from; within a line the rest of it is passed over, as if it had been too long. */
static void
seek(struct reading *r, gzFile file, int64_t from)
{
	if (from == 0)
		return;
	(void)gzdirect(file); /* else zlib reads all of it instead of moving there */
	if (gzseek(file, (z_off_t)(from - 1), SEEK_SET) < 0)
		(void)err_set(r->err, ERR_IO, "%s: %s", r->name, gzerror(file, &(int){ 0 }));
	r->count->end = from - 2;
	r->dropped = 1;
}

enum err_code
input_read(const char *path, const struct input_options *o, struct input_count *count,
    struct err *err)
{
	bool is_stdin = strcmp(path, "-") == 0;
	const char *name = is_stdin ? "standard input" : path;
	int fd = is_stdin ? dup(STDIN_FILENO) : open(path, O_RDONLY | O_CLOEXEC);
	return input_read_fd(fd, name, o, count, err);
}

enum err_code
input_read_fd(int fd, const char *name, const struct input_options *o, struct input_count *count,
    struct err *err)
{
	struct stat st;
	bool is_folder = fd >= 0 && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode);
	gzFile file = fd >= 0 && !is_folder ? gzdopen(fd, "rb") : NULL;
	if (file == NULL) {
		int why = is_folder ? EISDIR : errno;
		if (fd >= 0)
			close(fd);
		return err_set(err, ERR_NOINPUT, "%s: %s", name, strerror(why));
	}
	struct reading r;
	(void)gzbuffer(file, GZIP_BUFFER);
	reading_init(&r, name, o, count, err);
	seek(&r, file, o->from);
	read_all(&r, file);
	(void)gzclose(file);
	return finish(&r);
}
