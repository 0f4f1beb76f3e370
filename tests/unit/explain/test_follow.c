/* A log that grows and is rotated: each line of it is seen once. */
#include "test.h"

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>
#include <utime.h>
#include <zlib.h>

#include "base/arena.h"
#include "explain/follow_priv.h"
#include "own_dir.h"

enum { NOW_S = 1796019980 };

struct world {
	struct arena arena;
	size_t number; /* of the row */
	const char *path, *seen;
	struct history_log state;
	const char *remark;
	bool shrinks; /* it is cut while it is read */
};

static const char *
in_dir(struct world *w, const char *name)
{
	return arena_printf(&w->arena, "%zu%s", w->number, name);
}

/* A line of Postfix about the recipient's domain. */
static const char *
line(struct world *w, const char *what)
{
	return arena_printf(&w->arena,
	    "Nov 29 06:26:20 mx postfix/smtp[1]: 4X: to=<b@%s.example>, "
	    "relay=mx.b.example[192.0.2.1]:25, dsn=5.0.0, "
	    "status=bounced (host mx.b.example[192.0.2.1] said: 550 no (in reply to RCPT TO "
	    "command))",
	    what);
}

static void
put(const char *path, const char *mode, const char *text, size_t len)
{
	FILE *f = fopen(path, mode);
	assert_non_null(f);
	assert_int_equal(fwrite(text, 1, len, f), len);
	assert_int_equal(fclose(f), 0);
}

/* "a b" are two lines, "c-" is one without its end, "0" has a NUL byte, "L" is too long, "?" of no log. */
static void
append(struct world *w, const char *words)
{
	for (const char *c = words; *c != '\0'; c++) {
		const char what[] = { *c, '\0' };
		if (*c == 'L') {
			char *large = malloc(100000);
			memset(large, 'x', 100000);
			put(w->path, "a", large, 100000);
			put(w->path, "a", "\n", 1);
			free(large);
		} else if (*c == '0') {
			put(w->path, "a", "Nov 29 \0 status=bounced\n", 24);
		} else if (*c == '?') {
			put(w->path, "a", "550 5.7.1 no\n", 13);
		} else if (*c == '\n') {
			put(w->path, "a", "\n", 1);
		} else if (*c != '-') {
			const char *text = line(w, what);
			put(w->path, "a", text, strlen(text));
			if (c[1] != '-')
				put(w->path, "a", "\n", 1);
		}
	}
}

/* By seconds alone files of a test are of one age. */
static void
set_age(const char *path, int s)
{
	const struct utimbuf t = { .actime = NOW_S - s, .modtime = NOW_S - s };
	assert_int_equal(utime(path, &t), 0);
}

static void
compress_file(struct world *w, const char *name)
{
	const char *path = in_dir(w, name);
	char text[8192];
	FILE *f = fopen(path, "r");
	assert_non_null(f);
	size_t n = fread(text, 1, sizeof text, f);
	assert_int_equal(fclose(f), 0);
	gzFile out = gzopen(arena_printf(&w->arena, "%s.gz", path), "wb");
	assert_int_equal(gzwrite(out, text, (unsigned)n), n);
	assert_int_equal(gzclose(out), Z_OK);
	set_age(arena_printf(&w->arena, "%s.gz", path), 50);
	assert_int_equal(unlink(path), 0);
}

static bool
note(void *arg, const struct reply *r, const char *file, size_t n)
{
	struct world *w = arg;
	(void)file;
	(void)n;
	if (w->shrinks)
		assert_int_equal(truncate(w->path, 0), 0);
	w->shrinks = false;
	w->seen = arena_printf(&w->arena, "%s%.*s", w->seen, (int)strcspn(r->recipient, "."),
	    r->recipient);
	return true;
}

static enum err_code
follow(struct world *w)
{
	struct err err;
	struct history_log now = { .path = w->path };
	const struct input_options o = { .now_s = NOW_S, .found = note, .arg = w };
	w->seen = "";
	enum err_code code = follow_read(&w->state, &o, &w->arena, &now, &w->remark, &err);
	if (code == ERR_NONE)
		w->state = now;
	return code;
}

/* What happens to the log, step by step: the letters are lines, words are what rotation does. */
static const struct row {
	const char *name;
	const char *steps
	    [12]; /* "+abc": appended; "=abc": a run sees these; "!": and says that something is missing */
} rows[] = {
	{ "grows", { "+ab", "=ab", "+c", "=c", "=" } },
	{ "a line that is being written", { "+ab-", "=a", "+\nc", "=bc" } },
	{ "was empty", { "+", "=", "+a", "=a" } },
	{ "was empty, and is rotated", { "+", "=", "+a", "move", "+b", "=ab" } },
	{ "rotated", { "+ab", "=ab", "+c", "move", "+de", "=cde", "+f", "=f" } },
	{ "rotated, the last line without its end", { "+ab", "=ab", "+c-", "move", "+d", "=cd" } },
	{ "rotated with nothing new", { "+ab", "=ab", "move", "+c", "=c" } },
	{ "rotated and compressed", { "+ab", "=ab", "+c", "move", "gzip", "+d", "=cd" } },
	{ "rotated by date", { "+ab", "=ab", "+c", "date", "+d", "=cd" } },
	{ "rotated twice", { "+ab", "=ab", "+c", "move", "+d", "move", "+e", "=cde" } },
	{ "copied and cut", { "+ab", "=ab", "+c", "copy", "+d", "=cd" } },
	{ "copied, cut and longer than before", { "+ab", "=ab", "+c", "copy", "+defg", "=cdefg" } },
	{ "cut without a copy", { "+ab", "=ab", "cut", "+d", "=d!", "=" } },
	{ "gone and made anew", { "+ab", "=ab", "remove", "+de", "=de!" } },
	{ "cut while it is read", { "+ab", "shrink", "=ab", "+c", "=c!", "+d", "=d" } },
	{ "what is no line of a log", { "+a?L0b", "=ab", "+?L0c", "=c" } },
	{ "no log at all", { "+??", "=!", "+?", "=!", "+a?", "=a" } },
};

static void
move_files(struct world *w, const char *to)
{
	const char *first = in_dir(w, to), *second = in_dir(w, "log.2");
	if (access(first, F_OK) == 0) {
		assert_int_equal(rename(first, second), 0);
		set_age(second, 100);
	}
	assert_int_equal(rename(w->path, first), 0);
	set_age(first, 50);
}

static void
copy_and_cut(struct world *w)
{
	char text[8192];
	FILE *f = fopen(w->path, "r");
	size_t n = fread(text, 1, sizeof text, f);
	assert_int_equal(fclose(f), 0);
	put(in_dir(w, "log.1"), "w", text, n);
	assert_int_equal(truncate(w->path, 0), 0);
}

static void
do_step(struct world *w, const char *step)
{
	if (step[0] == '+') {
		put(w->path, "a", "", 0);
		append(w, step + 1);
	} else if (step[0] == '=') {
		size_t n = strcspn(step + 1, "!");
		assert_int_equal(follow(w), ERR_NONE);
		assert_string_equal(w->seen, arena_strndup(&w->arena, step + 1, n));
		assert_int_equal(w->remark != NULL, step[1 + n] == '!');
	} else if (strcmp(step, "move") == 0) {
		move_files(w, "log.1");
	} else if (strcmp(step, "date") == 0) {
		move_files(w, "log-20261129");
	} else if (strcmp(step, "gzip") == 0) {
		compress_file(w, "log.1");
	} else if (strcmp(step, "copy") == 0) {
		copy_and_cut(w);
	} else if (strcmp(step, "shrink") == 0) {
		w->shrinks = true;
	} else if (strcmp(step, "cut") == 0) {
		assert_int_equal(truncate(w->path, 0), 0);
	} else {
		assert_string_equal(step, "remove");
		assert_int_equal(unlink(w->path), 0);
	}
}

static void
test_files(void **state)
{
	(void)state;
	for (size_t i = 0; i < N_ELEMENTS(rows); i++) {
		struct world w = { .number = i };
		ROW(rows[i].name);
		arena_init(&w.arena);
		w.path = in_dir(&w, "log");
		w.state.path = w.path;
		for (size_t k = 0; rows[i].steps[k] != NULL; k++)
			do_step(&w, rows[i].steps[k]);
		arena_fini(&w.arena);
	}
}

/* Of a log that was never read, the end alone; of what it begins with, no half of a line. */
static void
test_first(void **state)
{
	struct world w = { .number = N_ELEMENTS(rows) };
	struct err err;
	struct history_log now;
	const struct input_options o = { .now_s = NOW_S, .found = note, .arg = &w };
	(void)state;
	arena_init(&w.arena);
	w.path = in_dir(&w, "log");
	w.state.path = w.path;
	assert_int_equal(follow(&w), ERR_NOINPUT);
	append(&w, "a");
	for (size_t i = 0; i < 11; i++)
		append(&w, "L");
	append(&w, "b");
	assert_int_equal(follow(&w), ERR_NONE);
	assert_string_equal(w.seen, "b");
	w.state = (struct history_log){ .path = "." };
	assert_int_equal(follow_read(&w.state, &o, &w.arena, &now, &w.remark, &err), ERR_NOINPUT);
	assert_non_null(strstr(err.text, "is not read: a file was expected"));
	w.state = (struct history_log){ .path = in_dir(&w, "acct.csv") };
	static const char head[] = "type,timeLogged,rcpt,dsnDiag\n";
	put(w.state.path, "w", head, sizeof head - 1);
	assert_int_equal(follow_read(&w.state, &o, &w.arena, &now, &w.remark, &err), ERR_DATA);
	assert_non_null(strstr(err.text, "accounting file of PowerMTA cannot be followed"));
	arena_fini(&w.arena);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_files),
		cmocka_unit_test(test_first),
	};
	return cmocka_run_group_tests(tests, own_dir_enter, own_dir_leave);
}
