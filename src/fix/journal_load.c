/* Reading a journal back: the lines in order, and what may follow what. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/json.h"
#include "fix/journal_priv.h"

enum { ENDPOINTS_MAX = 16 };

/* The end of the year 9999: a time that is shown has four digits for its year. */
#define JOURNAL_TIME_MAX_S INT64_C(253402300799)

/* Reading from the front; the line's number is for errors. */
struct loader {
	struct journal *j;
	struct arena *a;
	struct err *err;
	int line;
};

static enum err_code
refuse(struct loader *l, const char *what)
{
	return err_set(l->err, ERR_DATA, "%s", what);
}

static void
load_endpoints(struct json_reader *r, const json_t *o, struct loader *l)
{
	const json_t *array = json_need_array(r, o, "endpoints");
	size_t n = json_array_size(array);
	if (n > ENDPOINTS_MAX) {
		r->failed = true;
		(void)refuse(l, "too many endpoints");
		return;
	}
	l->j->endpoints = arena_array(l->a, n + 1, sizeof *l->j->endpoints);
	for (size_t i = 0; i < n && !r->failed; i++) {
		const json_t *item = json_array_get(array, i);
		r->failed = !json_is_string(item);
		if (r->failed)
			(void)refuse(l, "an endpoint is not a string");
		else
			l->j->endpoints[l->j->n_endpoints++] = arena_strdup(l->a,
			    json_string_value(item));
	}
}

static enum err_code
load_head(struct loader *l, const json_t *o)
{
	struct json_reader r = { .err = l->err };
	struct journal *j = l->j;
	if (strcmp(json_need_string(&r, o, "schema"), JOURNAL_SCHEMA) != 0 && !r.failed)
		return refuse(l, "not a journal: \"schema\" must be \"" JOURNAL_SCHEMA "\"");
	j->region = arena_strdup(l->a, json_need_string(&r, o, "region"));
	j->project = arena_strdup(l->a, json_need_string(&r, o, "project"));
	j->cloud = arena_strdup(l->a, json_need_string(&r, o, "cloud"));
	load_endpoints(&r, o, l);
	j->authority_port = (uint16_t)json_need_int(&r, o, "authority_port", 1, UINT16_MAX);
	j->allow_special = json_get_bool(&r, o, "allow_special", false);
	const json_t *plan = json_need_object(&r, o, "plan");
	if (r.failed || plan_load(plan, l->a, &j->plan, l->err) != ERR_NONE)
		return l->err->code;
	if (j->plan.provider[0] == '\0' || j->plan.n_steps == 0)
		return refuse(l, "a journal's plan names a provider and has steps");
	return ERR_NONE;
}

/* What may follow what: the order of a step's life, and back through its inverse. */
static bool
may_follow(enum step_state before, enum step_state after)
{
	switch (after) {
	case STEP_PLANNED:
		return false;
	case STEP_BEGUN:
		return before <= STEP_SENT || before == STEP_FAILED;
	case STEP_SENT:
		return before == STEP_BEGUN;
	case STEP_DONE:
		/* what was said to have failed may turn out to be there */
		return before <= STEP_SENT || before == STEP_FAILED;
	case STEP_FAILED:
		return before == STEP_BEGUN || before == STEP_SENT || before == STEP_UNDO_BEGUN;
	case STEP_UNDO_BEGUN:
		return before != STEP_PLANNED && before != STEP_UNDONE;
	case STEP_UNDONE:
		return before != STEP_PLANNED;
	}
	return false;
}

static enum err_code
load_step(struct loader *l, const json_t *o)
{
	struct json_reader r = { .err = l->err };
	struct journal *j = l->j;
	int state = STEP_PLANNED;
	int64_t time_s = json_need_int(&r, o, "time", 0, JOURNAL_TIME_MAX_S);
	int64_t step = json_need_int(&r, o, "step", 0, (int64_t)j->plan.n_steps - 1);
	const char *word = json_need_string(&r, o, "state");
	if (r.failed)
		return l->err->code;
	if (!enumtab_code(&step_state_names, word, &state))
		return refuse(l, "\"state\" is not known");
	if (!may_follow(j->steps[step], (enum step_state)state))
		return refuse(l, "a step cannot change to this state");
	journal_take(j, (size_t)step, (enum step_state)state, time_s);
	return ERR_NONE;
}

static enum err_code
load_event(struct loader *l, const char *event)
{
	if (strcmp(event, "proven") == 0)
		l->j->proven = true;
	else if (strcmp(event, "undone") == 0)
		l->j->undone = true;
	else
		return refuse(l, "\"event\" is not known");
	return ERR_NONE;
}

static enum err_code
load_line(struct loader *l, const char *text, size_t len)
{
	json_t *o = json_read(text, len, l->err);
	if (o == NULL)
		return l->err->code;
	const char *event = json_string_value(json_object_get(o, "event"));
	enum err_code code = l->line == 1 ? load_head(l, o) :
	    event != NULL                 ? load_event(l, event) :
					    load_step(l, o);
	json_decref(o);
	return code;
}

enum err_code
journal_parse(const char *path, const char *text, size_t len, struct arena *a, struct journal *out,
    struct err *err)
{
	struct loader l = { .j = out, .a = a, .err = err };
	*out = (struct journal){ .fd = -1, .region = "", .project = "", .cloud = "" };
	snprintf(out->path, sizeof out->path, "%s", path);
	while (out->whole < len) {
		const char *line = text + out->whole;
		const char *end = memchr(line, '\n', len - out->whole);
		if (end == NULL)
			break;
		l.line++;
		if (load_line(&l, line, (size_t)(end - line)) != ERR_NONE)
			return err_prefix(err, "%s:%d", path, l.line);
		out->whole += (size_t)(end - line) + 1;
	}
	/* a line without its end was never answered for: what it would say did not happen yet */
	out->torn = out->whole < len;
	if (l.line == 0)
		return err_set(err, ERR_DATA,
		    "%s: it has no complete line: nothing was done when it was written", path);
	return ERR_NONE;
}

/* A journal says, among other things, where credentials are sent: NULL when it is one of ours. */
static const char *
mode_fault(const struct stat *st)
{
	if (!S_ISREG(st->st_mode))
		return "not a regular file";
	if (st->st_uid != geteuid() && st->st_uid != 0)
		return "somebody else owns this journal, and it says where credentials are sent";
	if ((st->st_mode & (S_IWGRP | S_IWOTH)) != 0)
		return "others may write to this journal, and it says where credentials are sent";
	return NULL;
}

/* Follows no link, and opens only regular files: a pipe would block. */
static int
open_own(const char *path, struct err *err)
{
	struct stat st = { .st_mode = 0 };
	int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
	if (fd < 0) {
		(void)err_set(err, errno == ELOOP ? ERR_NOPERM : ERR_NOINPUT, "%s: %s", path,
		    errno == ELOOP ? "a symbolic link; name the journal itself" : strerror(errno));
		return -1;
	}
	const char *fault = fstat(fd, &st) == 0 ? mode_fault(&st) : strerror(errno);
	if (fault == NULL)
		return fd;
	(void)err_set(err, S_ISREG(st.st_mode) ? ERR_NOPERM : ERR_NOINPUT, "%s: %s", path, fault);
	close(fd);
	return -1;
}

static enum err_code
read_all(int fd, const char *path, struct buf *text, struct err *err)
{
	char chunk[8192];
	ssize_t n;
	while ((n = read(fd, chunk, sizeof chunk)) != 0) {
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
		buf_add(text, chunk, (size_t)n);
		if (text->failed)
			return err_set(err, ERR_DATA, "%s: over %d bytes: not a journal", path,
			    JOURNAL_SIZE_MAX);
	}
	return ERR_NONE;
}

enum err_code
journal_load(const char *path, struct arena *a, struct journal *out, struct err *err)
{
	struct buf text;
	*out = (struct journal){ .fd = -1 };
	if (strlen(path) >= sizeof out->path)
		return err_set(err, ERR_NOINPUT, "the path of the journal is too long");
	int fd = open_own(path, err);
	if (fd < 0)
		return err->code;
	buf_init(&text, JOURNAL_SIZE_MAX);
	enum err_code code = read_all(fd, path, &text, err);
	close(fd);
	if (code == ERR_NONE)
		code = journal_parse(path, text.data, text.len, a, out, err);
	buf_fini(&text);
	return code;
}
