/* Continuing a run that ended early: the state file and the output it speaks of. */
#include "run/resume_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/hash.h"
#include "base/mem.h"
#include "net/loop.h"
#include "run/resume_about_priv.h"

enum {
	STATE_FILE_MAX = 64 << 20,
	LOG_MAX = 1 << 20,       /* then the state file is written anew */
	SYNC_EVERY_US = 2000000, /* what a machine that dies may cost */
	READ_BYTES = 65536,
};

static enum err_code
output_error(struct resume *r)
{
	return err_set(r->err, ERR_IO, "%s: %s", r->options->out.name, strerror(errno));
}

/* What the user wants to know of a run that cannot go on: nothing is lost. */
static enum err_code
no_further(struct resume *r, const char *path)
{
	return err_set(r->err, ERR_IO,
	    "%s: %s; %" PRIu64 " targets are safe in %s; the same command continues from there",
	    path, strerror(errno), r->n_safe, r->options->out.name);
}

static void
put_ranges(const struct done *d, struct buf *out)
{
	uint64_t from = 0, first, last;

	while (done_range(d, &from, &first, &last)) {
		buf_printf(out, "%s%" PRIu64, out->len > 0 ? "," : "", first);
		if (last > first)
			buf_printf(out, "-%" PRIu64, last);
	}
}

static void
put_counts(const struct run_result *result, uint64_t out[STATE_COUNTS])
{
	for (size_t i = 0; i <= VERDICT_FAIL; i++)
		out[i] = result->n[i];
	out[VERDICT_FAIL + 1] = result->unknown;
	out[VERDICT_FAIL + 2] = result->bad_hosts;
}

static void
take_counts(struct run_result *result, const uint64_t in[STATE_COUNTS])
{
	for (size_t i = 0; i <= VERDICT_FAIL; i++)
		result->n[i] = in[i];
	result->unknown = in[VERDICT_FAIL + 1];
	result->bad_hosts = in[VERDICT_FAIL + 2];
}

static void
put_state(struct resume *r, const struct run_result *result, struct buf *out)
{
	struct buf ranges;
	struct state_point p = { .offset = r->offset };

	buf_init(&ranges, STATE_FILE_MAX / 2);
	put_ranges(&r->done, &ranges);
	put_counts(result, p.counts);
	p.ranges = ranges.data;
	state_put_begin(out);
	for (size_t i = 0; i < r->n_about; i++)
		state_put_about(out, r->about[i].key, r->about[i].value);
	state_put_point(out, &p, true);
	buf_fini(&ranges);
}

/* The whole state in a new file, which takes the place of the old one once the output is on disk. */
static enum err_code
write_anew(struct resume *r, const struct run_result *result)
{
	struct buf text;

	if (fdatasync(r->out_fd) != 0)
		return output_error(r);
	buf_init(&text, STATE_FILE_MAX);
	put_state(r, result, &text);
	const struct file_kind kind = { .mode = 0666 };
	int fd = file_replace(r->options->state, text.data, text.len, &kind, r->err);
	r->log_bytes = text.len;
	buf_fini(&text);
	if (fd < 0)
		return r->err->code;
	if (r->fd >= 0)
		close(r->fd);
	r->fd = fd;
	r->synced_us = loop_now_us();
	return ERR_NONE;
}

static const char *
about_value(const struct state *s, const char *key)
{
	for (size_t i = 0; i < s->n_about; i++)
		if (strcmp(s->about[i].key, key) == 0)
			return s->about[i].value;
	return "";
}

/* The first thing that differs is said. */
static enum err_code
compare(struct resume *r, const struct state *s)
{
	for (size_t i = 0; i < r->n_about; i++) {
		const char *key = r->about[i].key, *then = about_value(s, key),
			   *now = r->about[i].value;
		if (strcmp(then, now) != 0)
			return err_set(r->err, ERR_DATA,
			    "%s is the state of another run: %s was \"%s\", now it is \"%s\"",
			    r->options->state, key, then, now);
	}
	return ERR_NONE;
}

/* The sum of the output's bytes from, to; false when they are not there. */
static bool
sum_output(const struct resume *r, uint64_t from, uint64_t to, uint64_t *sum)
{
	char bytes[READ_BYTES];

	*sum = HASH_START;
	while (from < to) {
		size_t want = to - from < sizeof bytes ? (size_t)(to - from) : sizeof bytes;
		ssize_t n = pread(r->out_fd, bytes, want, (off_t)from);
		if (n <= 0)
			return false;
		*sum = hash_add(*sum, bytes, (size_t)n);
		from += (uint64_t)n;
	}
	return true;
}

/* Takes the points as far as the output holds what they say. */
static enum err_code
take_points(struct resume *r, const struct state *s, struct run_result *result)
{
	for (size_t i = 0; i < s->n_points; i++) {
		const struct state_point *p = &s->points[i];
		uint64_t sum = 0;
		if (i > 0 && (!sum_output(r, r->offset, p->offset, &sum) || sum != p->sum))
			return ERR_NONE;
		if (p->ranges[0] != '\0' && !done_read(&r->done, p->ranges))
			return err_set(r->err, ERR_DATA,
			    "%s: \"%.40s\" is not a valid range of targets", r->options->state,
			    p->ranges);
		r->offset = p->offset;
		take_counts(result, p->counts);
	}
	return ERR_NONE;
}

static enum err_code
take_state(struct resume *r, const struct state *s, uint64_t size, struct run_result *result)
{
	if (compare(r, s) != ERR_NONE)
		return r->err->code;
	if (size < s->points[0].offset)
		return err_set(r->err, ERR_DATA,
		    "%s has %" PRIu64 " bytes, but %s records %" PRIu64
		    "; it is not the output of that run",
		    r->options->out.name, size, r->options->state, s->points[0].offset);
	return take_points(r, s, result);
}

/* No state file is the state of a run that has not begun. */
static enum err_code
load(struct resume *r, uint64_t size, struct run_result *result)
{
	struct buf text;
	struct state state;
	struct arena arena;

	if (access(r->options->state, F_OK) != 0 && errno == ENOENT) {
		if (size == 0)
			return ERR_NONE;
		return err_set(r->err, ERR_DATA,
		    "%s exists, but its state %s does not; remove it, or name its state",
		    r->options->out.name, r->options->state);
	}
	arena_init(&arena);
	buf_init(&text, STATE_FILE_MAX);
	enum err_code code = file_read(r->options->state, &text, r->err);
	if (code == ERR_NONE) {
		code = state_parse(text.data, text.len, &arena, &state, r->err);
		if (code != ERR_NONE)
			code = err_prefix(r->err, "%s", r->options->state);
	}
	if (code == ERR_NONE)
		code = take_state(r, &state, size, result);
	buf_fini(&text);
	arena_fini(&arena);
	return code;
}

/* One run at a time; the lock goes with the process. */
static enum err_code
lock_output(struct resume *r, uint64_t *size)
{
	struct stat st;

	r->out_fd = fileno(r->options->out.file);
	if (fstat(r->out_fd, &st) != 0)
		return output_error(r);
	if (!S_ISREG(st.st_mode))
		return err_set(r->err, ERR_USAGE, "%s is not a regular file; --resume needs one",
		    r->options->out.name);
	if (flock(r->out_fd, LOCK_EX | LOCK_NB) != 0)
		return err_set(r->err, ERR_TEMP, "%s: another run is writing it",
		    r->options->out.name);
	*size = (uint64_t)st.st_size;
	return ERR_NONE;
}

static enum err_code
cut_output(struct resume *r)
{
	if (ftruncate(r->out_fd, (off_t)r->offset) != 0 ||
	    lseek(r->out_fd, (off_t)r->offset, SEEK_SET) < 0)
		return output_error(r);
	return ERR_NONE;
}

enum err_code
resume_open(struct resume *r, const struct run_options *o, const struct catalogue *lists,
    struct run_result *result, struct err *err)
{
	uint64_t size = 0;

	*r = (struct resume){ .options = o, .err = err, .fd = -1, .out_fd = -1 };
	arena_init(&r->arena);
	if (resume_about(o, lists, &r->arena, r->about, &r->n_about, err) != ERR_NONE ||
	    lock_output(r, &size) != ERR_NONE || load(r, size, result) != ERR_NONE ||
	    cut_output(r) != ERR_NONE)
		return err->code;
	r->n_safe = done_count(&r->done);
	return write_anew(r, result);
}

void
resume_add(struct resume *r, uint64_t number)
{
	if (r->n_batch == r->cap_batch) {
		r->cap_batch = r->cap_batch == 0 ? 256 : 2 * r->cap_batch;
		r->batch = mem_realloc(r->batch, r->cap_batch, sizeof *r->batch);
	}
	r->batch[r->n_batch++] = number;
}

static int
by_number(const void *a, const void *b)
{
	const uint64_t *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* The batch as ranges, marked on the way. */
static void
put_batch(struct resume *r, struct buf *out)
{
	if (r->n_batch > 0)
		qsort(r->batch, r->n_batch, sizeof *r->batch, by_number);
	for (size_t i = 0, k; i < r->n_batch; i = k) {
		for (k = i + 1; k < r->n_batch && r->batch[k] == r->batch[k - 1] + 1;)
			k++;
		buf_printf(out, "%s%" PRIu64, i > 0 ? "," : "", r->batch[i]);
		if (k - 1 > i)
			buf_printf(out, "-%" PRIu64, r->batch[k - 1]);
		(void)done_mark(&r->done, r->batch[i], r->batch[k - 1]);
	}
}

static bool
append_point(struct resume *r, const struct buf *piece, const struct run_result *result)
{
	struct state_point p = { .offset = r->offset + piece->len,
		.sum = hash_add(HASH_START, piece->data, piece->len) };
	struct buf ranges, line;

	buf_init(&ranges, STATE_FILE_MAX / 2);
	buf_init(&line, STATE_FILE_MAX);
	put_batch(r, &ranges);
	put_counts(result, p.counts);
	p.ranges = ranges.data;
	state_put_point(&line, &p, false);
	bool written = file_write_all(r->fd, line.data, line.len);
	r->log_bytes += line.len;
	buf_fini(&line);
	buf_fini(&ranges);
	return written;
}

/* The output goes first: a state that knew of more than there is would lose it. */
static bool
sync_both(struct resume *r)
{
	r->synced_us = loop_now_us();
	return fdatasync(r->out_fd) == 0 && fdatasync(r->fd) == 0;
}

enum err_code
resume_commit(struct resume *r, const struct buf *piece, const struct run_result *result)
{
	if (piece->len == 0 && r->n_batch == 0)
		return ERR_NONE;
	if (!file_write_all(r->out_fd, piece->data, piece->len)) {
		(void)no_further(r, r->options->out.name);
		/* the disk is full, and the file ends well */
		return ftruncate(r->out_fd, (off_t)r->offset) == 0 ? r->err->code : output_error(r);
	}
	if (!append_point(r, piece, result))
		return no_further(r, r->options->state);
	r->offset += piece->len;
	r->n_safe += r->n_batch;
	r->n_batch = 0;
	if (r->log_bytes > LOG_MAX)
		return write_anew(r, result);
	if (loop_now_us() - r->synced_us > SYNC_EVERY_US && !sync_both(r))
		return output_error(r);
	return ERR_NONE;
}

enum err_code
resume_close(struct resume *r, enum err_code code)
{
	if (code == ERR_NONE && r->fd >= 0 && !sync_both(r))
		code = output_error(r);
	if (r->fd >= 0)
		close(r->fd);
	free(r->batch);
	arena_fini(&r->arena);
	return code;
}
