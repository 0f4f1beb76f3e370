/* The state file of a run: lines that each prove that they are whole. */
#include "run/state_priv.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"

static const char first_line[] = "mailready.state/1";

enum { CHECK_LEN = 10 }; /* " #01234567" */

static unsigned
check_of(const char *line, size_t len)
{
	uint64_t sum = hash_add(HASH_START, line, len);

	return (unsigned)(sum ^ sum >> 32);
}

/* Ends the line that began at start. */
static void
put_check(struct buf *out, size_t start)
{
	if (!out->failed)
		buf_printf(out, " #%08x\n", check_of(out->data + start, out->len - start));
}

void
state_put_begin(struct buf *out)
{
	size_t start = out->len;

	buf_puts(out, first_line);
	put_check(out, start);
}

void
state_put_about(struct buf *out, const char *key, const char *value)
{
	size_t start = out->len;

	buf_printf(out, "about %s %s", key, value);
	put_check(out, start);
}

void
state_put_point(struct buf *out, const struct state_point *p, bool is_first)
{
	size_t start = out->len;

	buf_printf(out, "at %" PRIu64, p->offset);
	if (is_first)
		buf_puts(out, " -");
	else
		buf_printf(out, " %016" PRIx64, p->sum);
	for (size_t i = 0; i < STATE_COUNTS; i++)
		buf_printf(out, " %" PRIu64, p->counts[i]);
	buf_printf(out, " %s", p->ranges[0] != '\0' ? p->ranges : "-");
	put_check(out, start);
}

/* Where the parser stands: a line without its checksum. */
struct reader {
	struct arena *arena;
	struct state *out;
	struct err *err;
	int number;
	const char *rest;
	bool failed;
};

static enum err_code
refuse(struct reader *r, const char *what)
{
	return err_set(r->err, ERR_DATA, "line %d %s", r->number, what);
}

/* The next word of the line; "" at its end. */
static const char *
word(struct reader *r)
{
	size_t n = strcspn(r->rest, " ");
	const char *w = arena_strndup(r->arena, r->rest, n);

	r->rest += n + (r->rest[n] == ' ');
	return w;
}

static uint64_t
number(struct reader *r, int base)
{
	const char *w = word(r);
	const char *digits = base == 10 ? "0123456789" : "0123456789abcdef";
	size_t n = strspn(w, digits);

	errno = 0;
	uint64_t value = strtoull(w, NULL, base);
	r->failed |= n == 0 || w[n] != '\0' || errno != 0;
	return value;
}

static enum err_code
read_about(struct reader *r)
{
	struct state *s = r->out;

	if (s->n_about == STATE_ABOUT_MAX)
		return refuse(r, "has too many lines");
	struct state_about *about = &s->about[s->n_about++];
	about->key = word(r);
	about->value = arena_strdup(r->arena, r->rest);
	return ERR_NONE;
}

static enum err_code
read_point(struct reader *r)
{
	struct state *s = r->out;
	struct state_point p = { .offset = number(r, 10) };

	if (s->n_points == 0)
		r->failed |= strcmp(word(r), "-") != 0;
	else
		p.sum = number(r, 16);
	for (size_t i = 0; i < STATE_COUNTS; i++)
		p.counts[i] = number(r, 10);
	p.ranges = word(r);
	if (r->failed || p.ranges[0] == '\0' || r->rest[0] != '\0')
		return refuse(r, "is not a point of a run");
	if (s->n_points > 0 && p.offset < s->points[s->n_points - 1].offset)
		return refuse(r, "goes backwards");
	if (strcmp(p.ranges, "-") == 0)
		p.ranges = "";
	s->points = arena_grow(r->arena, s->points, s->n_points, &s->cap_points, sizeof *s->points);
	s->points[s->n_points++] = p;
	return ERR_NONE;
}

static enum err_code
read_content(struct reader *r, const char *line)
{
	r->rest = line;
	if (r->number == 1)
		return strcmp(line, first_line) == 0 ? ERR_NONE :
						       refuse(r, "does not belong to a state file");
	const char *what = word(r);
	if (strcmp(what, "about") == 0 && r->out->n_points == 0)
		return read_about(r);
	if (strcmp(what, "at") == 0)
		return read_point(r);
	return refuse(r, "is not known");
}

/* Is the line, without its newline, as it was written? */
static bool
is_whole(const char *line, size_t len)
{
	char check[CHECK_LEN + 1];

	if (len <= CHECK_LEN || memchr(line, '\0', len) != NULL)
		return false;
	snprintf(check, sizeof check, " #%08x", check_of(line, len - CHECK_LEN));
	return memcmp(line + len - CHECK_LEN, check, CHECK_LEN) == 0;
}

enum err_code
state_parse(const char *text, size_t len, struct arena *a, struct state *out, struct err *err)
{
	struct reader r = { .arena = a, .out = out, .err = err };
	const char *end = text + len;

	*out = (struct state){ .n_about = 0 };
	for (const char *line = text; line < end;) {
		const char *newline = memchr(line, '\n', (size_t)(end - line));
		size_t n = (size_t)((newline != NULL ? newline : end) - line);
		r.number++;
		bool is_last = newline == NULL || newline + 1 == end;
		if (newline == NULL || !is_whole(line, n)) {
			if (is_last)
				break;
			return refuse(&r, "is damaged");
		}
		if (read_content(&r, arena_strndup(a, line, n - CHECK_LEN)) != ERR_NONE)
			return err->code;
		line = newline + 1;
	}
	if (out->n_points == 0)
		return err_set(err, ERR_DATA, "it is not a state file, or it is incomplete");
	return ERR_NONE;
}
