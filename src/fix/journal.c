#include "fix/journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/json.h"

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

/* All of a line in as few calls as the system allows, and on disk. */
static enum err_code
add_text(struct journal *j, const char *text, size_t len, struct err *err)
{
	while (len > 0) {
		ssize_t n = write(j->fd, text, len);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return cannot_write(j, err);
		text += n;
		len -= (size_t)n;
	}
	return fdatasync(j->fd) == 0 ? ERR_NONE : cannot_write(j, err);
}

/* Takes the reference. */
static enum err_code
add_line(struct journal *j, json_t *line, struct err *err)
{
	char *text = json_dumps(line, STYLE);
	enum err_code code;
	json_decref(line);
	if (text == NULL)
		return err_set(err, ERR_INTERNAL, "%s: a line of the journal cannot be written",
		    j->path);
	size_t len = strlen(text);
	text[len] =
	    '\n'; /* in the place of the final NUL: one write, never a line without its end */
	code = add_text(j, text, len + 1, err);
	free(text);
	if (code == ERR_NONE)
		j->whole += len + 1;
	return code;
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

/* mkdir -p, for us alone. */
static bool
make_dir(const char *dir)
{
	char path[JOURNAL_PATH_MAX];
	if ((size_t)snprintf(path, sizeof path, "%s", dir) >= sizeof path) {
		errno = ENAMETOOLONG;
		return false;
	}
	for (char *slash = strchr(path + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(path, 0700) != 0 && errno != EEXIST)
			return false;
		*slash = '/';
	}
	return mkdir(path, 0700) == 0 || errno == EEXIST;
}

/* A name that nobody has, from address, time and, within one second, a number. */
static bool
make_file(struct journal *j, const char *dir, int64_t now_s)
{
	char when[32];
	struct tm tm;
	time_t now = (time_t)now_s;
	strftime(when, sizeof when, "%Y%m%dT%H%M%SZ", gmtime_r(&now, &tm));
	for (int i = 0; i < SAME_SECOND_MAX; i++) {
		char number[12] = "";
		if (i > 0)
			snprintf(number, sizeof number, "-%d", i + 1);
		int len = snprintf(j->path, sizeof j->path, "%s/%s-%s%s.jsonl", dir,
		    j->plan.address, when, number);
		if (len < 0 || (size_t)len >= sizeof j->path) {
			errno = ENAMETOOLONG;
			return false;
		}
		j->fd = open(j->path,
		    O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
		if (j->fd >= 0 || errno != EEXIST)
			return j->fd >= 0;
	}
	return false;
}

/* A new file is only there after a crash when its directory is on disk, too. */
static bool
sync_dir(const char *dir)
{
	int fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	bool good = fsync(fd) == 0 || errno == EINVAL;
	close(fd);
	return good;
}

enum err_code
journal_create(struct journal *j, const char *dir, int64_t now_s, struct err *err)
{
	j->fd = -1;
	j->whole = 0;
	if (!make_dir(dir) || !make_file(j, dir, now_s))
		return cannot_make(j->path[0] != '\0' ? j->path : dir, err);
	if (flock(j->fd, LOCK_EX | LOCK_NB) != 0 || !sync_dir(dir))
		return cannot_make(j->path, err);
	return add_line(j, head_json(j, now_s), err);
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
	j->steps[step] = state;
	if (state == STEP_SENT)
		j->written_s[step] = now_s;
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
	/* loaded before it was locked: whoever had it may have gone on */
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
