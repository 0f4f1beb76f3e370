/* Reads the configuration: its files, sections and servers. */
#include "config/config.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/paths.h"
#include "config/config_priv.h"

enum {
	DAY_S = 86400,
	RETENTION_DAYS = 400,
	HEARTBEAT_DAYS = 7,
	FILE_MAX = 1 << 20,
	PATH_TEXT_MAX = 4096
};

static const char machine_file[] = "/etc/mailready.conf";

/* A file being read. */
struct reading {
	struct config *c;
	struct arena *arena;
	uint64_t seen[CONFIG_SECTIONS]; /* keys that this file has */
	uint64_t seen_named;            /* that the section at hand has */
	const char *name;               /* of that section; NULL: it has none */
};

const char *
config_section_label(const char *section, const char *word)
{
	const size_t len = strlen(word);

	if (strncmp(section, word, len) != 0 || section[len] != ' ')
		return NULL;
	const char *label = section + len + strspn(section + len, " ");
	return *label != '\0' ? label : NULL;
}

static enum err_code
unknown_section(const char *section, struct err *err)
{
	const char *known[CONFIG_SECTIONS];

	if (section[0] == '\0')
		return err_set(err, ERR_CONFIG, "expected a [section] before the first key");
	if (strcmp(section, "server") == 0)
		return err_set(err, ERR_CONFIG, "[server] needs a name: expected [server NAME]");
	for (size_t i = 0; i < CONFIG_SECTIONS; i++)
		known[i] = config_sections[i].name;
	const char *nearest = ini_nearest(section, known, CONFIG_SECTIONS);
	return err_set(err, ERR_CONFIG,
	    "there is no section [%s]: expected [server NAME], [run], [log], [mail], [webhook], "
	    "[command], [notify] or [provider]%s%s%s",
	    section, nearest != NULL ? "; did you mean [" : "", nearest != NULL ? nearest : "",
	    nearest != NULL ? "]?" : "");
}

/* CONFIG_SECTIONS when there is no such section, and for [server] alone. */
static size_t
find_section(const char *section, const char **label)
{
	size_t i = 0;

	for (*label = NULL; i < CONFIG_SECTIONS; i++) {
		const struct config_section *s = &config_sections[i];
		*label = s->named ? config_section_label(section, s->name) : NULL;
		if (*label != NULL || (i != CONFIG_SERVER && strcmp(s->name, section) == 0))
			break;
	}
	return i;
}

const char *
config_label_fault(const char *label)
{
	enum { LABEL_MAX = 40 }; /* what inifile takes, without "server " */
	size_t len = strlen(label);

	if (len == 0 || len > LABEL_MAX)
		return "expected 1 to 40 bytes";
	if (label[0] == ' ' || label[len - 1] == ' ')
		return "expected no blank at the beginning or end";
	for (size_t i = 0; i < len; i++)
		if (strchr("[];#\"", label[i]) != NULL || (unsigned char)label[i] < ' ' ||
		    label[i] == 0x7f)
			return "expected no [ ] ; # \" and no control bytes";
	return NULL;
}

static enum err_code
begin_server(struct reading *r, const char *label, const struct ini_line *line, struct err *err)
{
	struct config *c = r->c;
	size_t n = 0;

	for (size_t i = 0; i < c->n_servers; i++) {
		if (strcmp(c->servers[i].label, label) != 0)
			c->servers[n++] = c->servers[i];
		else if (strcmp(c->servers[i].file, line->file) == 0)
			return err_set(err, ERR_CONFIG, "[server %s] is already in line %d", label,
			    c->servers[i].line);
	}
	c->n_servers = n;
	c->servers = arena_grow(r->arena, c->servers, n, &c->cap_servers, sizeof *c->servers);
	c->servers[c->n_servers++] = (struct config_server){
		.label = arena_strdup(r->arena, label),
		.address = "",
		.host = "",
		.ehlo = "",
		.domain = "",
		.file = line->file,
		.line = line->line,
	};
	return ERR_NONE;
}

/* A section with a name, of which the same file has one already in another line. */
static bool
is_twice(const char *word, const char *name, const char *file, int line,
    const struct ini_line *here, struct err *err)
{
	if (name == NULL || file == NULL || strcmp(file, here->file) != 0)
		return false;
	(void)err_set(err, ERR_CONFIG, "[%s %s] is already in line %d", word, name, line);
	return true;
}

/* As [webhook], below. */
static enum err_code
begin_mail(struct reading *r, const char *name, const struct ini_line *line, struct err *err)
{
	struct notify_config *n = &r->c->notify;
	struct notify_mail *mail = config_mail(r->c, name != NULL ? name : "", r->arena);

	if (is_twice("mail", name, mail->file, mail->line, line, err))
		return err->code;
	if (name != NULL && mail->file != NULL) {
		*mail = n->mails[--n->n_mails];
		mail = config_mail(r->c, name, r->arena);
	}
	mail->file = line->file;
	mail->line = line->line;
	return ERR_NONE;
}

/* [webhook] goes on in each file; one with a name takes the place of an earlier file's. */
static enum err_code
begin_webhook(struct reading *r, const char *name, const struct ini_line *line, struct err *err)
{
	struct notify_config *n = &r->c->notify;
	struct notify_webhook *hook = config_webhook(r->c, name != NULL ? name : "", r->arena);

	if (is_twice("webhook", name, hook->file, hook->line, line, err))
		return err->code;
	if (name != NULL && hook->file != NULL) {
		*hook = n->webhooks[--n->n_webhooks];
		hook = config_webhook(r->c, name, r->arena);
	}
	hook->file = line->file;
	hook->line = line->line;
	return ERR_NONE;
}

/* As [webhook]: its one key takes the place of an earlier file's by itself. */
static enum err_code
begin_program(struct reading *r, const char *name, const struct ini_line *line, struct err *err)
{
	struct config_program *p = config_program(r->c, name != NULL ? name : "", r->arena);

	if (is_twice("provider", name, p->file, p->line, line, err))
		return err->code;
	p->file = line->file;
	p->line = line->line;
	return ERR_NONE;
}

/* Also of a section without keys, which would go unnoticed. */
static enum err_code
on_section(void *arg, const struct ini_line *line, struct err *err)
{
	struct reading *r = arg;
	const char *label;
	size_t i = find_section(line->section, &label);
	const char *fault = label != NULL ? config_label_fault(label) : NULL;

	if (i == CONFIG_SECTIONS)
		return unknown_section(line->section, err);
	if (fault != NULL)
		return err_set(err, ERR_CONFIG, "'%s' is not a name for a %s: %s", label,
		    config_sections[i].name, fault);
	r->seen_named = 0;
	r->name = label != NULL ? arena_strdup(r->arena, label) : NULL;
	if (i == CONFIG_MAIL)
		return begin_mail(r, r->name, line, err);
	if (i == CONFIG_WEBHOOK)
		return begin_webhook(r, r->name, line, err);
	if (i == CONFIG_PROVIDER)
		return begin_program(r, r->name, line, err);
	/* [server] alone was not found */
	return i == CONFIG_SERVER && label != NULL ? begin_server(r, label, line, err) : ERR_NONE;
}

/* What the keys of the section at hand set. */
static void *
section_struct(const struct reading *r, size_t section)
{
	if (section == CONFIG_SERVER)
		return &r->c->servers[r->c->n_servers - 1];
	const char *name = r->name != NULL ? r->name : "";
	if (section == CONFIG_MAIL)
		return config_mail(r->c, name, r->arena);
	if (section == CONFIG_WEBHOOK)
		return config_webhook(r->c, name, r->arena);
	if (section == CONFIG_PROVIDER)
		return config_program(r->c, name, r->arena);
	return r->c;
}

static enum err_code
on_key(void *arg, const struct ini_line *line, struct err *err)
{
	struct reading *r = arg;
	const char *label;
	size_t i = find_section(line->section, &label);

	if (i == CONFIG_SECTIONS) /* before the first one */
		return unknown_section(line->section, err);
	return keys_read(&config_sections[i].keys, label != NULL ? &r->seen_named : &r->seen[i],
	    line, section_struct(r, i), r->arena, err);
}

static void
config_init(struct config *c)
{
	*c = (struct config){
		.history = "",
		.log = "",
		.retention_s = (int64_t)RETENTION_DAYS * DAY_S,
		.policy = change_policy_default,
		.looks = 2,
		.look_pause_s = 120,
		.notify = {
		    .ca_file = "",
		    .command = "",
		    .heartbeat_s = (int64_t)HEARTBEAT_DAYS * DAY_S,
		    .unknown = true,
		    .timeout_us = 30000000,
		},
	};
}

static enum err_code
read_text(struct config *c, const char *name, const char *text, size_t len, struct arena *a,
    struct err *err)
{
	struct reading r = { .c = c, .arena = a };

	/* the name is kept: options and servers say where they were read */
	return ini_read_sections(arena_strdup(a, name), text, len, on_section, on_key, &r, err);
}

enum err_code
config_read_text(const char *name, const char *text, size_t len, struct arena *a,
    struct config *out, struct err *err)
{
	config_init(out);
	enum err_code code = read_text(out, name, text, len, a, err);
	return code == ERR_NONE ? config_finish(out, a, err) : code;
}

static enum err_code
read_file(struct config *c, const char *path, bool must, struct arena *a, struct err *err)
{
	struct buf text;

	/* one that is there but cannot be read is never passed over */
	if (!must && access(path, F_OK) != 0 && errno == ENOENT)
		return ERR_NONE;
	buf_init(&text, FILE_MAX);
	enum err_code code = file_read(path, &text, err);
	if (code == ERR_NONE) {
		c->files[c->n_files++] = arena_strdup(a, path);
		code = read_text(c, path, text.data, text.len, a, err);
	}
	buf_fini(&text);
	return code;
}

enum err_code
config_read(const char *path, struct arena *a, struct config *out, struct err *err)
{
	char own[PATH_TEXT_MAX];

	config_init(out);
	enum err_code code = read_file(out, path != NULL ? path : machine_file, path != NULL, a,
	    err);
	if (code == ERR_NONE && path == NULL &&
	    user_path("XDG_CONFIG_HOME", "/.config", "config", own, sizeof own))
		code = read_file(out, own, false, a, err);
	return code == ERR_NONE ? config_finish(out, a, err) : code;
}

static bool
copy_path(const char *path, char *out, size_t size)
{
	int n = snprintf(out, size, "%s", path);

	return n >= 0 && (size_t)n < size;
}

bool
config_own_path(const char *path, char *out, size_t size)
{
	if (path != NULL || geteuid() == 0)
		return copy_path(path != NULL ? path : machine_file, out, size);
	return user_path("XDG_CONFIG_HOME", "/.config", "config", out, size);
}

bool
config_history_path(const struct config *c, char *out, size_t size)
{
	const char *state = getenv("XDG_STATE_HOME");

	if (c->history[0] != '\0')
		return copy_path(c->history, out, size);
	if (geteuid() == 0 && (state == NULL || state[0] == '\0'))
		return copy_path("/var/lib/mailready/history.db", out, size);
	return user_path("XDG_STATE_HOME", "/.local/state", "history.db", out, size);
}
