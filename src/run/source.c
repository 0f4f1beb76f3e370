/* Targets one at a time: from the command line, blocks of addresses, and files. */
#include "run/source_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/mem.h"
#include "base/terminal.h"

enum line_status { LINE_READ, LINE_WAIT, LINE_END };
enum {
	LINE_BYTES_MAX = 16 << 20, /* a device may never end one */
	WORD_SHOWN = 60,           /* of a line that is not a target */
};

static const char *
shown_path(const struct source *s)
{
	return strcmp(s->options->in.list, "-") == 0 ? "standard input" : s->options->in.list;
}

static enum err_code
open_file(struct source *s)
{
	const char *path = s->options->in.list;
	struct stat st;

	s->fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC);
	if (s->fd < 0)
		return err_set(s->err, ERR_NOINPUT, "%s: %s", path, strerror(errno));
	if (fstat(s->fd, &st) != 0)
		st.st_mode = 0;
	if (S_ISDIR(st.st_mode))
		return err_set(s->err, ERR_NOINPUT, "%s: %s", shown_path(s), strerror(EISDIR));
	if (S_ISREG(st.st_mode) && st.st_size > 0)
		s->size = (uint64_t)st.st_size;
	s->buffer = mem_zalloc(1, SOURCE_BUFFER);
	return ERR_NONE;
}

enum err_code
source_open(struct source *s, const struct run_options *o, struct err *err)
{
	*s = (struct source){ .options = o, .fd = -1, .err = err };
	s->reader.huge = o->in.huge;
	arena_init(&s->text);
	return o->in.list != NULL ? open_file(s) : ERR_NONE;
}

void
source_close(struct source *s)
{
	if (s->fd > STDIN_FILENO)
		close(s->fd);
	s->fd = -1;
	free(s->buffer);
	arena_fini(&s->text);
}

/* Never sleeps: who writes into a pipe may take as long as they like, answers come in meanwhile. */
static enum line_status
fill(struct source *s)
{
	struct pollfd ready = { .fd = s->fd, .events = POLLIN };

	if (poll(&ready, 1, 0) == 0)
		return LINE_WAIT;
	ssize_t n;
	do
		n = read(s->fd, s->buffer, SOURCE_BUFFER);
	while (n < 0 && errno == EINTR);
	if (n < 0 && errno == EAGAIN)
		return LINE_WAIT;
	if (n < 0)
		(void)err_set(s->err, ERR_IO, "%s: %s", shown_path(s), strerror(errno));
	s->from = 0;
	s->to = n > 0 ? (size_t)n : 0;
	return n > 0 ? LINE_READ : LINE_END;
}

/* Holds a target's longest line, whatever the file holds; what exceeds it is counted only. */
static void
keep(struct source *s, const char *text, size_t n)
{
	if (s->line_len < TARGET_LINE_MAX) {
		size_t room = TARGET_LINE_MAX - s->line_len;
		memcpy(s->line + s->line_len, text, n < room ? n : room);
	}
	s->line_len += n;
}

static enum line_status
read_line(struct source *s)
{
	for (;;) {
		char *text = s->buffer + s->from;
		char *end = memchr(text, '\n', s->to - s->from);
		size_t n = end != NULL ? (size_t)(end - text) : s->to - s->from;
		keep(s, text, n);
		s->from += n;
		s->consumed += n;
		if (end != NULL) {
			s->from++;
			s->consumed++;
			return LINE_READ;
		}
		if (s->line_len > LINE_BYTES_MAX) {
			(void)err_set(s->err, ERR_DATA,
			    "%s: line %d does not end within %d MiB: this is not a list of targets",
			    shown_path(s), s->n_lines + 1, LINE_BYTES_MAX >> 20);
			return LINE_END;
		}
		enum line_status status = fill(s);
		if (status == LINE_END && s->line_len > 0 && s->err->code == ERR_NONE)
			return LINE_READ;
		if (status != LINE_READ)
			return status;
	}
}

static void
say(struct source *s, const char *what)
{
	if (s->spec.line > 0)
		terminal_say(s->options->out.errors, "mailready: %s:%d: %s", shown_path(s),
		    s->spec.line, what);
	else
		terminal_say(s->options->out.errors, "mailready: %s", what);
}

/* It is still given out, under the word that was given: it has a row in the report. */
static void
bad_line(struct source *s, const char *word, size_t len, const char *why)
{
	int line = s->spec.line;
	size_t shown = len < WORD_SHOWN ? len : WORD_SHOWN;

	say(s, why);
	s->bad_lines++;
	s->spec = (struct target_spec){ .line = line };
	s->spec.names = (struct target_names){ .ehlo = "", .domain = "" };
	s->spec.names.host = arena_strndup(&s->text, word, shown);
	s->wrong = line > 0 ? arena_printf(&s->text, "line %d: %s", line, why) :
			      arena_strdup(&s->text, why);
}

/* What is kept of the line, without the end that another system gave it. */
static size_t
shown_len(const struct source *s, size_t len)
{
	size_t kept = len < TARGET_LINE_MAX ? len : TARGET_LINE_MAX;

	return kept > 0 && s->line[kept - 1] == '\r' ? kept - 1 : kept;
}

static enum line_status
next_line(struct source *s)
{
	for (;;) {
		struct err why;
		enum line_status status = read_line(s);
		if (status != LINE_READ)
			return status;
		size_t len = s->line_len;
		s->line_len = 0;
		s->line_bytes = len + 1;
		s->n_lines++;
		enum target_line line = target_parse_line(&s->reader, s->line, len, &s->text,
		    &s->spec, &why);
		s->spec.line = s->n_lines;
		if (s->reader.note != NULL && !s->options->out.render.quiet)
			say(s, s->reader.note);
		if (line == TARGET_LINE_GOOD)
			return LINE_READ;
		if (line == TARGET_LINE_BAD) {
			bad_line(s, s->line, shown_len(s, len), why.text);
			return LINE_READ;
		}
		if (line == TARGET_LINE_STOP) {
			(void)err_set(s->err, why.code, "%s:%d: %s", shown_path(s), s->n_lines,
			    why.text);
			return LINE_END;
		}
	}
}

static enum line_status
next_spec(struct source *s)
{
	if (s->text.head != NULL)
		arena_fini(&s->text);
	s->wrong = NULL;
	if (s->next_word == s->options->in.n_specs)
		return s->fd < 0 || s->ended ? LINE_END : next_line(s);
	s->spec = s->options->in.specs[s->next_word++];
	return LINE_READ;
}

/* An address of a family that is not looked at is said once, not once for each of its block. */
static void
refuse_unwanted(struct source *s)
{
	int family = s->spec.first.family;
	char text[IP_TEXT_MAX], why[2 * IP_TEXT_MAX + 100];

	if (family == 0 || (s->options->in.families & (family == 4 ? FAMILY_4 : FAMILY_6)) != 0)
		return;
	snprintf(why, sizeof why, "%s: IPv%d address, but only IPv%d is checked (-%d)",
	    ip_format(&s->spec.first, text), family, 10 - family, 10 - family);
	bad_line(s, text, strlen(text), why);
}

/* The next target of the input, whoever's shard it is. */
static enum source_status
any_next(struct source *s, struct ip *out)
{
	while (!s->in_block) {
		switch (next_spec(s)) {
		case LINE_WAIT:
			return SOURCE_WAIT;
		case LINE_END:
			s->ended = true;
			return SOURCE_END;
		case LINE_READ:
			refuse_unwanted(s);
			s->in_block = true;
			s->next = s->spec.first;
		}
	}
	s->n_seen++;
	*out = s->next;
	s->in_block = s->next.family != 0 && !ip_equal(&s->next, &s->spec.last);
	target_ip_next(&s->next);
	return SOURCE_TARGET;
}

enum source_status
source_next(struct source *s, struct source_target *out)
{
	const struct run_options *o = s->options;
	enum source_status status;

	do {
		status = any_next(s, &out->ip);
	} while (status == SOURCE_TARGET && o->in.n_shards > 1 &&
	    target_shard(&out->ip, s->spec.names.host, o->in.n_shards) != o->in.shard);
	out->spec = &s->spec;
	out->wrong = s->wrong;
	out->number = s->n_given;
	s->n_given += status == SOURCE_TARGET;
	return status;
}

/* Of the block that is being given out; IPv4 alone may be large enough to matter. */
static double
share_of_block(const struct source *s)
{
	double done = 0, all = 0;

	for (int i = 0; s->in_block && i < 16; i++) {
		done = done * 256 + s->next.bytes[i] - s->spec.first.bytes[i];
		all = all * 256 + s->spec.last.bytes[i] - s->spec.first.bytes[i];
	}
	return all > 0 ? done / all : 1;
}

double
source_share(const struct source *s)
{
	size_t n_specs = s->options->in.n_specs;
	double words = (double)s->next_word - 1 + share_of_block(s);

	if (n_specs > 0 && s->options->in.list == NULL)
		return words < 0 ? 0 : words / (double)n_specs;
	if (s->size == 0)
		return -1;
	/* a file that is one line with one block: the line is read, the block is not */
	double line = (1 - share_of_block(s)) * (double)s->line_bytes;
	return ((double)s->consumed - line) / (double)s->size;
}
