/* A log that grows: its files in the order in which they were written. */
#include "explain/follow_priv.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <zlib.h>

#include "base/hash.h"

enum { HEAD_BYTES = 512 };

/* A file is opened once: it may be rotated meanwhile. */
struct log_file {
	const char *name;
	int fd;
	int64_t inode, size, changed_s;
	bool known; /* it begins as the one that was read */
};

struct following {
	const struct history_log *before;
	const struct input_options *options;
	struct arena *arena;
	const char **remark;
	struct err *err;
};

static bool
open_file(const char *name, struct log_file *f)
{
	struct stat st;
	int why;
	*f = (struct log_file){ .name = name, .fd = open(name, O_RDONLY | O_CLOEXEC | O_NONBLOCK) };
	if (f->fd < 0)
		return false;
	why = fstat(f->fd, &st) != 0 ? EIO : S_ISREG(st.st_mode) ? 0 : EINVAL;
	if (why != 0) {
		close(f->fd);
		errno = why;
		return false;
	}
	f->inode = (int64_t)st.st_ino;
	f->size = (int64_t)st.st_size;
	f->changed_s = (int64_t)st.st_mtim.tv_sec;
	return true;
}

/* Of what a compressed file holds, too; false when it has less. */
static bool
hash_head(const struct log_file *f, int64_t len, int64_t *hash)
{
	unsigned char head[HEAD_BYTES];
	int fd = lseek(f->fd, 0, SEEK_SET) == 0 ? dup(f->fd) : -1;
	gzFile file = fd >= 0 ? gzdopen(fd, "rb") : NULL;
	if (len < 0 || len > HEAD_BYTES || file == NULL) {
		if (file != NULL)
			(void)gzclose(file);
		return false;
	}
	bool whole = gzread(file, head, (unsigned)len) == (int)len;
	(void)gzclose(file);
	*hash = (int64_t)hash_add(HASH_START, head, whole ? (size_t)len : 0);
	return lseek(f->fd, 0, SEEK_SET) == 0 && whole;
}

static bool
is_known(const struct following *w, const struct log_file *f)
{
	const struct history_log *b = w->before;
	int64_t hash;
	if (b->head_len == 0)
		return f->inode == b->inode;
	return hash_head(f, b->head_len, &hash) && hash == b->head_hash;
}

static void
remark(struct following *w, const char *text)
{
	*w->remark = *w->remark == NULL ? text : arena_printf(w->arena, "%s; %s", *w->remark, text);
}

static enum err_code
read_file(struct following *w, const struct log_file *f, int64_t from, bool grows, int64_t *end)
{
	struct input_options o = *w->options;
	struct input_count count = { .lines = 0 };
	o.log_only = true;
	o.grows = grows;
	o.from = from;
	enum err_code code = input_read_fd(dup(f->fd), f->name, &o, &count, w->err);
	*end = count.end;
	if (code == ERR_NONE && count.lines > 0 && count.log_lines == 0)
		remark(w,
		    arena_printf(w->arena,
			"%s: none of %zu new line%s is of a mail log that is known: see [log] in "
			"mailready.conf(5)",
			f->name, count.lines, count.lines == 1 ? "" : "s"));
	return code;
}

/* ---- what was rotated away */

static int
by_time(const void *a, const void *b)
{
	const struct log_file *x = a, *y = b;
	if (x->changed_s != y->changed_s)
		return x->changed_s < y->changed_s ? -1 : 1;
	return strcmp(y->name, x->name); /* FILE.2 is older than FILE.1 */
}

/* For glob: the name itself, and what rotation adds. */
static const char *
pattern_of(struct arena *a, const char *path)
{
	const char *quoted = "";
	for (; *path != '\0'; path++)
		quoted = arena_printf(a, "%s%s%c", quoted,
		    strchr("*?[\\", *path) != NULL ? "\\" : "", *path);
	return arena_printf(a, "%s[.-]*", quoted);
}

static size_t
open_rotated(struct following *w, struct log_file **files)
{
	glob_t found;
	size_t n = 0;
	if (glob(pattern_of(w->arena, w->before->path), 0, NULL, &found) != 0)
		return 0;
	*files = arena_array(w->arena, found.gl_pathc, sizeof **files);
	for (size_t i = 0; i < found.gl_pathc; i++) {
		struct log_file *f = &(*files)[n];
		if (!open_file(arena_strdup(w->arena, found.gl_pathv[i]), f))
			continue;
		f->known = is_known(w, f);
		n++;
	}
	globfree(&found);
	if (n > 1)
		qsort(*files, n, sizeof **files, by_time);
	return n;
}

/* One that cannot be read is no reason to stop. */
static void
read_rotated(struct following *w, const struct log_file *f, int64_t from)
{
	int64_t end;
	if (read_file(w, f, from, false, &end) != ERR_NONE)
		remark(w, arena_strdup(w->arena, w->err->text));
	w->err->code = ERR_NONE;
}

/* The rest of the file that was read, and those that were written after it; a copy of it is the same file. */
static void
read_all_rotated(struct following *w)
{
	struct log_file *files = NULL;
	size_t n = open_rotated(w, &files), at = 0;
	while (at < n && !files[at].known)
		at++;
	if (at < n)
		read_rotated(w, &files[at], w->before->offset);
	else
		remark(w,
		    arena_printf(w->arena,
			"%s was rotated or cut since the last run, and the file that was read then "
			"is not "
			"beside it: what came after that run, and before this file, is not seen",
			w->before->path));
	for (size_t i = at + 1; i < n; i++)
		if (!files[i].known)
			read_rotated(w, &files[i], 0);
	for (size_t i = 0; i < n; i++)
		close(files[i].fd);
}

/* ---- the whole */

/* Where the file goes on. */
static int64_t
find_start(struct following *w, const struct log_file *f)
{
	const struct history_log *b = w->before;
	if (!b->read)
		return f->size > FOLLOW_FIRST_BYTES ? f->size - FOLLOW_FIRST_BYTES : 0;
	if (is_known(w, f) && f->size >= b->offset)
		return b->offset;
	read_all_rotated(w);
	return 0;
}

enum err_code
follow_read(const struct history_log *before, const struct input_options *o, struct arena *a,
    struct history_log *now, const char **remark_out, struct err *err)
{
	struct following w = { .before = before,
		.options = o,
		.arena = a,
		.remark = remark_out,
		.err = err };
	struct log_file f;
	*remark_out = NULL;
	err->code = ERR_NONE;
	if (!open_file(before->path, &f)) {
		bool denied = errno == EACCES || errno == EPERM;
		return err_set(err, denied ? ERR_NOPERM : ERR_NOINPUT,
		    "the mail log %s is not read: %s%s", before->path,
		    errno == EINVAL ? "a file was expected" : strerror(errno),
		    denied ? ": on Debian, the group adm may read it" : "");
	}
	enum err_code code = read_file(&w, &f, find_start(&w, &f), true, &now->offset);
	now->inode = f.inode;
	now->head_len = now->offset < HEAD_BYTES ? now->offset : HEAD_BYTES;
	now->read = code == ERR_NONE;
	/* one that was cut meanwhile: what was read is not to be read again */
	if (now->read && !hash_head(&f, now->head_len, &now->head_hash))
		now->head_len = now->head_hash = 0;
	close(f.fd);
	return code;
}
