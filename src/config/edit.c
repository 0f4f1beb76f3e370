/* Watched servers in the text of the configuration: all else in it stays as its owner wrote it. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "config/config_priv.h"
#include "history/digest.h"

enum { FILE_MAX = 1 << 20, PATH_TEXT_MAX = 4096 };

/* The file at hand: its text, and what becomes of it. */
struct edit {
	char path[PATH_TEXT_MAX]; /* links resolved: the file itself is replaced */
	int lock;                 /* on its directory, against another edit; -1 */
	struct buf text, fresh;
	struct stat st; /* whose it is, and its mode */
};

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

/* A new file of root's is the machine's: its service reads it, and no secret is in it. */
static struct stat
new_stat(void)
{
	return (struct stat){
		.st_mode = geteuid() == 0 ? 0644 : 0600,
		.st_uid = (uid_t)-1, /* as it is made */
		.st_gid = (gid_t)-1,
	};
}

static enum err_code
edit_open(struct edit *e, const char *path, struct err *err)
{
	char *real = realpath(path, NULL);
	bool exists = real != NULL;

	*e = (struct edit){ .lock = -1 };
	buf_init(&e->text, FILE_MAX);
	buf_init(&e->fresh, FILE_MAX);
	int n = snprintf(e->path, sizeof e->path, "%s", exists ? real : path);
	free(real);
	if (n < 0 || (size_t)n >= sizeof e->path)
		return err_set(err, ERR_CANTCREAT, "%s: the path is too long", path);
	if (!file_make_dirs(e->path) || (e->lock = file_open_dir(e->path)) < 0 ||
	    flock(e->lock, LOCK_EX) != 0)
		return err_set(err, ERR_CANTCREAT, "%s: %s", e->path, strerror(errno));
	if (!exists) {
		e->st = new_stat();
		return ERR_NONE;
	}
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

/* Whole or not at all, also when the machine stops now. */
static enum err_code
replace(struct edit *e, struct err *err)
{
	if (e->fresh.failed)
		return err_set(err, ERR_DATA, "%s: would grow over %d bytes", e->path, FILE_MAX);
	const struct file_kind kind = { .mode = 0600, .like = &e->st };
	int fd = file_replace(e->path, e->fresh.data, e->fresh.len, &kind, err);
	if (fd < 0)
		return err->code;
	close(fd);
	return ERR_NONE;
}

static enum err_code
word_fault(const char *key, const char *value, struct err *err)
{
	for (const char *c = value; c != NULL && *c != '\0'; c++)
		if ((unsigned char)*c <= ' ' || *c == 0x7f || strchr(";#\"", *c) != NULL)
			return err_set(err, ERR_DATA,
			    "%s '%s' contains a byte that is not allowed in a name", key, value);
	return ERR_NONE;
}

/* As its key takes them; what is wrong with one is said before the file is touched. */
static enum err_code
groups_fault(const char *groups, struct err *err)
{
	enum { NAME_MAX_SHOWN = 64 };
	const char *at = groups != NULL ? groups : "";
	char name[NAME_MAX_SHOWN];
	size_t n = 0;

	for (size_t len; (len = digest_next_group(&at)) > 0; at += len, n++) {
		snprintf(name, sizeof name, "%.*s", (int)len, at);
		const char *fault = config_label_fault(name);
		if (fault != NULL)
			return err_set(err, ERR_DATA, "'%s' is not a name for a group: %s", name,
			    fault);
	}
	if (groups != NULL && n == 0)
		return err_set(err, ERR_DATA, "'%s' has no name of a group", groups);
	return ERR_NONE;
}

static void
put_key(struct buf *out, const char *key, const char *value)
{
	if (value != NULL && value[0] != '\0')
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
	put_key(out, "mail-from", s->mail_from);
	put_key(out, "from", s->from);
	put_key(out, "group", s->groups);
	for (size_t i = 0; i < s->n_dkim; i++)
		buf_printf(out, "dkim = %s%s%s\n", s->dkim[i].domain,
		    s->dkim[i].selector[0] != '\0' ? "/" : "", s->dkim[i].selector);
	enum err_code code = check_text(e, &e->fresh, err);
	return code == ERR_NONE ? replace(e, err) : code;
}

enum err_code
config_add_server(const char *path, const struct config_server *s, struct err *err)
{
	struct edit e;
	const char *fault = config_label_fault(s->label);

	if (fault != NULL)
		return err_set(err, ERR_DATA, "'%s' is not a name for a server: %s", s->label,
		    fault);
	if (word_fault("EHLO name", s->ehlo, err) != ERR_NONE ||
	    word_fault("domain", s->domain, err) != ERR_NONE ||
	    word_fault("MAIL FROM", s->mail_from, err) != ERR_NONE ||
	    word_fault("From domain", s->from, err) != ERR_NONE ||
	    groups_fault(s->groups, err) != ERR_NONE || config_server_check(s, err) != ERR_NONE)
		return err->code;
	enum err_code code = edit_open(&e, path, err);
	if (code == ERR_NONE)
		code = append(&e, s, err);
	edit_close(&e);
	return code;
}

/* The lines of a server's section, from its heading to its last key; what follows is the next one's. */
struct section {
	const char *label;
	int first, last; /* 0: not found */
};

static enum err_code
note_line(void *arg, const struct ini_line *line, struct err *err)
{
	struct section *s = arg;
	const char *label = config_section_label(line->section, "server");

	(void)err;
	if (label != NULL && strcmp(label, s->label) == 0) {
		s->first = line->head;
		s->last = line->line;
	}
	return ERR_NONE;
}

/* Where a line begins, or the text ends. */
static const char *
line_start(const char *text, int line)
{
	for (; line > 1 && *text != '\0'; line--) {
		text += strcspn(text, "\n");
		text += *text == '\n';
	}
	return text;
}

/* The one that adding put before the section. */
static void
drop_blank_line(struct buf *text)
{
	if (text->len >= 2 && memcmp(text->data + text->len - 2, "\n\n", 2) == 0)
		text->data[--text->len] = '\0';
}

static enum err_code
copy_without(struct edit *e, const char *label, struct err *err)
{
	struct section s = { .label = label };
	const char *text = e->text.data;

	if (ini_read_sections(e->path, text, e->text.len, note_line, note_line, &s, err) !=
	    ERR_NONE)
		return err->code;
	if (s.first == 0)
		return err_set(err, ERR_DATA, "%s has no [server %s]", e->path, label);
	buf_add(&e->fresh, text, (size_t)(line_start(text, s.first) - text));
	drop_blank_line(&e->fresh);
	buf_puts(&e->fresh, line_start(text, s.last + 1));
	return ERR_NONE;
}

enum err_code
config_remove_server(const char *path, const char *label, struct err *err)
{
	struct edit e;
	enum err_code code = edit_open(&e, path, err);

	if (code == ERR_NONE)
		code = copy_without(&e, label, err);
	if (code == ERR_NONE)
		code = check_text(&e, &e.fresh, err);
	if (code == ERR_NONE)
		code = replace(&e, err);
	edit_close(&e);
	return code;
}
