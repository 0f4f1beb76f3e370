/* Watched servers in the text of the configuration: all else in it stays as its owner wrote it. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "config/config.h"

enum { FILE_MAX = 1 << 20, PATH_TEXT_MAX = 4096 };

/* The file at hand: its text, and what becomes of it. */
struct edit {
	char path[PATH_TEXT_MAX]; /* links resolved: the file itself is replaced */
	int lock;                 /* on its directory, against another edit; -1 */
	struct buf text, fresh;
	struct stat st;
	bool exists;
};

/* Only the parents that are missing; as others' configuration, for the owner alone. */
static enum err_code
make_parents(const char *path, struct err *err)
{
	char dir[PATH_TEXT_MAX];

	snprintf(dir, sizeof dir, "%s", path);
	for (char *slash = strchr(dir + 1, '/'); slash != NULL; slash = strchr(slash + 1, '/')) {
		*slash = '\0';
		if (mkdir(dir, 0700) != 0 && errno != EEXIST)
			return err_set(err, ERR_CANTCREAT, "%s: %s", dir, strerror(errno));
		*slash = '/';
	}
	return ERR_NONE;
}

static enum err_code
lock_directory(struct edit *e, struct err *err)
{
	char dir[PATH_TEXT_MAX];

	snprintf(dir, sizeof dir, "%s", e->path);
	char *slash = strrchr(dir, '/');
	if (slash != NULL)
		slash[slash == dir] = '\0';
	e->lock = open(slash != NULL ? dir : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (e->lock < 0 || flock(e->lock, LOCK_EX) != 0)
		return err_set(err, ERR_CANTCREAT, "%s: %s", e->path, strerror(errno));
	return ERR_NONE;
}

/* The new file must be readable; an unreadable file is not edited. */
static enum err_code
check_text(const struct edit *e, const struct buf *text, struct err *err)
{
	struct arena a;
	struct config c;

	arena_init(&a);
	enum err_code code = config_read_text(e->path, text->data, text->len, &a, &c, err);
	arena_fini(&a);
	return code;
}

static enum err_code
edit_open(struct edit *e, const char *path, struct err *err)
{
	char *real = realpath(path, NULL);

	*e = (struct edit){ .lock = -1, .exists = real != NULL };
	buf_init(&e->text, FILE_MAX);
	buf_init(&e->fresh, FILE_MAX);
	int n = snprintf(e->path, sizeof e->path, "%s", real != NULL ? real : path);
	free(real);
	if (n < 0 || (size_t)n >= sizeof e->path)
		return err_set(err, ERR_CANTCREAT, "%s: the path is too long", path);
	if (make_parents(e->path, err) != ERR_NONE || lock_directory(e, err) != ERR_NONE)
		return err->code;
	if (!e->exists)
		return ERR_NONE;
	if (stat(e->path, &e->st) != 0)
		return err_set(err, ERR_NOINPUT, "%s: %s", e->path, strerror(errno));
	enum err_code code = file_read(e->path, &e->text, err);
	return code == ERR_NONE ? check_text(e, &e->text, err) : code;
}

static void
edit_close(struct edit *e)
{
	buf_fini(&e->text);
	buf_fini(&e->fresh);
	if (e->lock >= 0)
		close(e->lock);
}

/* A new file of root's is the machine's: its service reads it, and it contains no secret. */
static mode_t
new_mode(void)
{
	return geteuid() == 0 ? 0644 : 0600;
}

static bool
write_all(const struct edit *e, int fd)
{
	if (!file_write_all(fd, e->fresh.data, e->fresh.len))
		return false;
	/* the owner first: changing it takes away bits of the mode */
	if (e->exists && fchown(fd, e->st.st_uid, e->st.st_gid) != 0)
		return false;
	return fchmod(fd, e->exists ? e->st.st_mode & 07777 : new_mode()) == 0 && fsync(fd) == 0;
}

/* Whole or not at all, also when the machine stops now. */
static enum err_code
replace(struct edit *e, struct err *err)
{
	char temp[PATH_TEXT_MAX + 8];

	if (e->fresh.failed)
		return err_set(err, ERR_DATA, "%s: would grow over %d bytes", e->path, FILE_MAX);
	snprintf(temp, sizeof temp, "%s.XXXXXX", e->path);
	int fd = mkostemp(temp, O_CLOEXEC);
	if (fd < 0)
		return err_set(err, ERR_CANTCREAT, "%s: %s", e->path, strerror(errno));
	bool good = write_all(e, fd);
	int why = errno;
	if (close(fd) != 0 && good) {
		good = false;
		why = errno;
	}
	if (good && rename(temp, e->path) != 0) {
		good = false;
		why = errno;
	}
	if (!good) {
		unlink(temp);
		return err_set(err, ERR_IO, "%s: %s", e->path, strerror(why));
	}
	fsync(e->lock);
	return ERR_NONE;
}

static enum err_code
word_fault(const char *key, const char *value, struct err *err)
{
	for (const char *c = value; *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f || strchr(";#\"", *c) != NULL)
			return err_set(err, ERR_DATA,
			    "%s '%s' contains a byte that is not allowed in a name", key, value);
	return ERR_NONE;
}

static void
put_key(struct buf *out, const char *key, const char *value)
{
	if (value[0] != '\0')
		buf_printf(out, "%s = %s\n", key, value);
}

static enum err_code
append(struct edit *e, const struct config_server *s, struct err *err)
{
	struct buf *out = &e->fresh;

	buf_add(out, e->text.data, e->text.len);
	if (out->len > 0 && out->data[out->len - 1] != '\n')
		buf_putc(out, '\n');
	buf_printf(out, "%s[server %s]\n", out->len > 0 ? "\n" : "", s->label);
	put_key(out, "address", s->address);
	put_key(out, "host", s->host);
	put_key(out, "ehlo", s->ehlo);
	put_key(out, "domain", s->domain);
	enum err_code code = check_text(e, &e->fresh, err);
	return code == ERR_NONE ? replace(e, err) : code;
}

enum err_code
config_add_server(const char *path, const struct config_server *s, struct err *err)
{
	struct edit e;
	const char *fault = config_label_fault(s->label);

	if (fault != NULL)
		return err_set(err, ERR_DATA, "'%s' is not a valid name of a server: %s", s->label,
		    fault);
	if (word_fault("EHLO name", s->ehlo, err) != ERR_NONE ||
	    word_fault("domain", s->domain, err) != ERR_NONE ||
	    config_server_check(s, err) != ERR_NONE)
		return err->code;
	enum err_code code = edit_open(&e, path, err);
	if (code == ERR_NONE)
		code = append(&e, s, err);
	edit_close(&e);
	return code;
}

/* Is this line "[server LABEL]", or any section's? */
static bool
is_section(const char *line, size_t len, const char *label, bool *named)
{
	char text[256];
	const char *word;

	while (len > 0 && (*line == ' ' || *line == '\t')) {
		line++;
		len--;
	}
	*named = false;
	if (len == 0 || *line != '[' || len >= sizeof text)
		return len > 0 && *line == '[';
	memcpy(text, line + 1, len - 1);
	text[len - 1] = '\0';
	char *end = strchr(text, ']');
	if (end == NULL)
		return false;
	*end = '\0';
	word = text + strlen("server");
	*named = strncmp(text, "server ", strlen("server ")) == 0 &&
	    strcmp(word + strspn(word, " "), label) == 0;
	return true;
}

/* A comment or blank line: those right before a section belong to it. */
static bool
is_remark(const char *line, size_t len)
{
	size_t blanks = strspn(line, " \t");

	return blanks >= len || strchr("#;\r\n", line[blanks]) != NULL;
}

/* The one that adding put before the section. */
static void
drop_blank_line(struct buf *text)
{
	if (text->len >= 2 && memcmp(text->data + text->len - 2, "\n\n", 2) == 0)
		text->data[--text->len] = '\0';
}

/*
 * Copies all but the section.  Comments after its last key belong to the next section: they are
 * held back until it is seen what follows.
 */
static size_t
copy_without(struct edit *e, const char *label)
{
	const char *line = e->text.data, *held = NULL;
	bool inside = false;
	size_t removed = 0;

	while (*line != '\0') {
		size_t len = strcspn(line, "\n");
		bool named;
		const char *next = line + len + (line[len] == '\n');
		if (is_section(line, len, label, &named)) {
			if (inside && !named && held != NULL)
				buf_add(&e->fresh, held, (size_t)(line - held));
			if (named)
				drop_blank_line(&e->fresh);
			removed += named;
			inside = named;
			held = NULL;
		} else if (inside && is_remark(line, len)) {
			held = held != NULL ? held : line;
		} else if (inside) {
			held = NULL;
		}
		if (!inside)
			buf_add(&e->fresh, line, (size_t)(next - line));
		line = next;
	}
	if (inside && held != NULL)
		buf_puts(&e->fresh, held);
	return removed;
}

enum err_code
config_remove_server(const char *path, const char *label, struct err *err)
{
	struct edit e;
	enum err_code code = edit_open(&e, path, err);

	if (code == ERR_NONE && copy_without(&e, label) == 0)
		code = err_set(err, ERR_DATA, "%s has no [server %s]", e.path, label);
	if (code == ERR_NONE)
		code = check_text(&e, &e.fresh, err);
	if (code == ERR_NONE)
		code = replace(&e, err);
	edit_close(&e);
	return code;
}
