/* Writing the journal of a repair: a line is on disk before the call that it announces. */
#include "fix/journal_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/json.h"
#include "base/when.h"

enum { SAME_SECOND_MAX = 100, STYLE = JSON_COMPACT | JSON_ENSURE_ASCII | JSON_PRESERVE_ORDER };

static const struct enumtab_row state_rows[] = {
	{ "planned", STEP_PLANNED },
	{ "begun", STEP_BEGUN },
	{ "sent", STEP_SENT },
	{ "done", STEP_DONE },
	{ "failed", STEP_FAILED },
	{ "undo-begun", STEP_UNDO_BEGUN },
	{ "undone", STEP_UNDONE },
};
const struct enumtab step_state_names = ENUMTAB(state_rows);

static enum err_code
cannot_write(const struct journal *j, struct err *err)
{
	return err_set(err, ERR_IO, "%s: the journal cannot be written: %s", j->path,
	    strerror(errno));
}

/* Takes the reference. */
static enum err_code
add_line(struct journal *j, json_t *line, struct err *err)
{
	char *text = json_dumps(line, STYLE);
	json_decref(line);
	if (text == NULL)
		return err_set(err, ERR_INTERNAL, "%s: a line of the journal cannot be written",
		    j->path);
	size_t len = strlen(text);
	text[len] =
	    '\n'; /* in the place of the final NUL: one write, never a line without its end */
	bool good = file_write_all(j->fd, text, len + 1) && fdatasync(j->fd) == 0;
	free(text);
	if (!good)
		return cannot_write(j, err);
	j->whole += len + 1;
	return ERR_NONE;
}

static json_t *
head_json(const struct journal *j, int64_t now_s)
{
	json_t *o = json_object(), *endpoints = json_array();
	for (size_t i = 0; i < j->n_endpoints; i++)
		json_array_append_new(endpoints, json_string(j->endpoints[i]));
	json_object_set_new(o, "schema", json_string(JOURNAL_SCHEMA));
	json_object_set_new(o, "time", json_integer(now_s));
	json_object_set_new(o, "region", json_string(j->region));
	json_object_set_new(o, "project", json_string(j->project));
	json_object_set_new(o, "cloud", json_string(j->cloud));
	json_object_set_new(o, "endpoints", endpoints);
	json_object_set_new(o, "authority_port", json_integer(j->authority_port));
	json_object_set_new(o, "allow_special", json_boolean(j->allow_special));
	json_object_set_new(o, "plan", plan_json(&j->plan, now_s));
	return o;
}

static enum err_code
cannot_make(const char *path, struct err *err)
{
	return err_set(err, ERR_CANTCREAT, "%s: the journal cannot be created: %s", path,
	    strerror(errno));
}

/* A name that nobody has, from address, time and, within one second, a number. */
static bool
make_file(struct journal *j, const char *dir, int64_t now_s)
{
	char when[WHEN_TEXT_MAX];
	for (int i = 0; i < SAME_SECOND_MAX; i++) {
		char number[12] = "";
		if (i > 0)
			snprintf(number, sizeof number, "-%d", i + 1);
		int len = snprintf(j->path, sizeof j->path, "%s/%s-%s%s.jsonl", dir,
		    j->plan.address, when_compact(now_s, when), number);
		if (len < 0 || (size_t)len >= sizeof j->path) {
			errno = ENAMETOOLONG;
			return false;
		}
		if (!file_make_dirs(j->path))
			return false;
		j->fd = open(j->path,
		    O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (j->fd >= 0 || errno != EEXIST)
			return j->fd >= 0;
	}
	return false;
}

enum err_code
journal_create(struct journal *j, const char *dir, int64_t now_s, struct err *err)
{
	j->fd = -1;
	j->whole = 0;
	if (!make_file(j, dir, now_s) || flock(j->fd, LOCK_EX | LOCK_NB) != 0 ||
	    !file_sync_dir(j->path))
		return cannot_make(j->path, err);
	return add_line(j, head_json(j, now_s), err);
}

void
journal_take(struct journal *j, size_t step, enum step_state state, int64_t now_s)
{
	j->steps[step] = state;
	j->last_s[step] = now_s;
	j->undoing |= state == STEP_UNDO_BEGUN || state == STEP_UNDONE;
	if (state == STEP_SENT)
		j->written_s[step] = now_s;
}

enum err_code
journal_step(struct journal *j, size_t step, enum step_state state, const char *note, int64_t now_s,
    struct err *err)
{
	json_t *o = json_object();
	json_object_set_new(o, "time", json_integer(now_s));
	json_object_set_new(o, "step", json_integer((json_int_t)step));
	json_object_set_new(o, "state", json_string(enumtab_name(&step_state_names, (int)state)));
	if (note[0] != '\0')
		json_object_set_new(o, "note", json_safe_string(note));
	if (add_line(j, o, err) != ERR_NONE)
		return err->code;
	journal_take(j, step, state, now_s);
	return ERR_NONE;
}

static enum err_code
add_event(struct journal *j, const char *event, bool *flag, int64_t now_s, struct err *err)
{
	json_t *o = json_object();
	json_object_set_new(o, "time", json_integer(now_s));
	json_object_set_new(o, "event", json_string(event));
	if (add_line(j, o, err) != ERR_NONE)
		return err->code;
	*flag = true;
	return ERR_NONE;
}

enum err_code
journal_proven(struct journal *j, int64_t now_s, struct err *err)
{
	return add_event(j, "proven", &j->proven, now_s, err);
}

enum err_code
journal_undone(struct journal *j, int64_t now_s, struct err *err)
{
	return add_event(j, "undone", &j->undone, now_s, err);
}

enum err_code
journal_reopen(struct journal *j, struct err *err)
{
	j->fd = open(j->path, O_WRONLY | O_APPEND | O_NOFOLLOW | O_CLOEXEC);
	if (j->fd < 0)
		return cannot_write(j, err);
	if (flock(j->fd, LOCK_EX | LOCK_NB) != 0)
		return err_set(err, ERR_TEMP, "%s: another run has this journal open", j->path);
	/* loaded before it was locked: its former owner may have continued */
	struct stat st;
	if (fstat(j->fd, &st) != 0)
		return cannot_write(j, err);
	if (!j->torn && (size_t)st.st_size != j->whole)
		return err_set(err, ERR_TEMP, "%s: another run has just written to this journal",
		    j->path);
	if (j->torn && ftruncate(j->fd, (off_t)j->whole) != 0)
		return cannot_write(j, err);
	j->torn = false;
	return ERR_NONE;
}

void
journal_close(struct journal *j)
{
	if (j->fd >= 0)
		close(j->fd);
	j->fd = -1;
}
