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

enum { DAY_S = 86400, RETENTION_DAYS = 400, FILE_MAX = 1 << 20, PATH_TEXT_MAX = 4096 };

static const char machine_file[] = "/etc/mailready.conf";

/* "server outbound 1" is the section "server" with a label; NULL when it has none. */
static const char *
server_label(const char *section)
{
	static const char word[] = "server";
	const size_t len = sizeof word - 1;

	if (strncmp(section, word, len) != 0 || section[len] != ' ')
		return NULL;
	const char *label = section + len + strspn(section + len, " ");
	return *label != '\0' ? label : NULL;
}

static enum err_code
unknown_section(const char *section, struct err *err)
{
	const char *known[16];
	size_t n = 0;

	if (section[0] == '\0')
		return err_set(err, ERR_CONFIG, "expected a [section] before the first key");
	for (size_t i = 0; i < config_keys_n; i++)
		if (i == 0 || strcmp(config_keys[i].section, config_keys[i - 1].section) != 0)
			known[n++] = config_keys[i].section;
	if (strcmp(section, "server") == 0)
		return err_set(err, ERR_CONFIG, "[server] needs a name: expected [server NAME]");
	const char *nearest = ini_nearest(section, known, n);
	return err_set(err, ERR_CONFIG,
	    "there is no section [%s]: expected [server NAME], [run], [mail], [webhook], [command] "
	    "or [notify]%s%s%s",
	    section, nearest != NULL ? "; did you mean [" : "", nearest != NULL ? nearest : "",
	    nearest != NULL ? "]?" : "");
}

static enum err_code
unknown_key(const char *section, const char *key, struct arena *a, struct err *err)
{
	const char **known = arena_array(a, config_keys_n, sizeof *known);
	size_t n = 0;

	for (size_t i = 0; i < config_keys_n; i++)
		if (strcmp(config_keys[i].section, section) == 0)
			known[n++] = config_keys[i].key;
	if (n == 0)
		return unknown_section(section, err);
	const char *nearest = ini_nearest(key, known, n), *all = "";
	if (nearest != NULL)
		return err_set(err, ERR_CONFIG, "[%s] has no key '%s'; did you mean %s?", section,
		    key, nearest);
	for (size_t i = 0; i < n; i++)
		all = arena_printf(a, "%s%s%s", all, i > 0 ? ", " : "", known[i]);
	return err_set(err, ERR_CONFIG, "[%s] has no key '%s': expected one of %s", section, key,
	    all);
}

static const struct config_key *
find_key(const char *section, const char *key)
{
	for (size_t i = 0; i < config_keys_n; i++)
		if (strcmp(config_keys[i].section, section) == 0 &&
		    strcmp(config_keys[i].key, key) == 0)
			return &config_keys[i];
	return NULL;
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
	const char *fault = config_label_fault(label);
	size_t n = 0;

	if (fault != NULL)
		return err_set(err, ERR_CONFIG, "'%s' is not a valid name of a server: %s", label,
		    fault);
	for (size_t i = 0; i < c->n_servers; i++) {
		if (strcmp(c->servers[i].label, label) != 0)
			c->servers[n++] = c->servers[i];
		else if (strcmp(c->servers[i].file, r->file) == 0)
			return err_set(err, ERR_CONFIG, "[server %s] is already in line %d", label,
			    c->servers[i].line);
	}
	c->n_servers = n;
	c->servers = arena_grow(r->arena, c->servers, n, &c->cap_servers, sizeof *c->servers);
	c->servers[c->n_servers++] = (struct config_server){ .label = arena_strdup(r->arena, label),
		.address = "",
		.host = "",
		.ehlo = "",
		.domain = "",
		.file = r->file,
		.line = line->line };
	return ERR_NONE;
}

/* The values of an earlier file are dropped; a key twice in one file is a mistake. */
static enum err_code
begin_key(struct reading *r, const struct config_key *key, struct err *err)
{
	struct config *c = r->c;
	size_t n = 0;

	for (size_t i = 0; i < r->n_before; i++)
		if (r->before[i] == key)
			return key->many ? ERR_NONE : err_set(err, ERR_CONFIG, "appears twice");
	r->before[r->n_before++] = key;
	if (key->kind == CONFIG_RECIPIENT)
		c->notify.n_to = 0;
	for (size_t i = 0; i < c->n_options; i++)
		if (strcmp(c->options[i].name, key->key) != 0)
			c->options[n++] = c->options[i];
	if (key->kind == CONFIG_OPTION || key->kind == CONFIG_FLAG)
		c->n_options = n;
	return ERR_NONE;
}

static enum err_code
take_key(struct reading *r, const char *section, const struct ini_line *line, struct err *err)
{
	const struct config_key *key = find_key(section, line->key);

	if (key == NULL)
		return unknown_key(section, line->key, r->arena, err);
	enum err_code code = ERR_NONE;
	if (line->value[0] == '\0')
		code = err_set(err, ERR_CONFIG, "expected a value (%s)", key->arg);
	if (code == ERR_NONE && key->kind != CONFIG_SERVER)
		code = begin_key(r, key, err);
	if (code == ERR_NONE)
		code = config_setters[key->kind](r, key, line, err);
	return code == ERR_NONE ? code : err_prefix(err, "%s", key->key);
}

/* Also of a section without keys, which would go unnoticed. */
static enum err_code
on_section(void *arg, const struct ini_line *line, struct err *err)
{
	struct reading *r = arg;
	const char *label = server_label(line->section);

	if (label != NULL)
		return begin_server(r, label, line, err);
	for (size_t i = 0; i < config_keys_n; i++)
		if (strcmp(config_keys[i].section, line->section) == 0 &&
		    config_keys[i].kind != CONFIG_SERVER)
			return ERR_NONE;
	return unknown_section(line->section, err);
}

static enum err_code
on_key(void *arg, const struct ini_line *line, struct err *err)
{
	bool server = server_label(line->section) != NULL;

	return take_key(arg, server ? "server" : line->section, line, err);
}

static void
config_init(struct config *c)
{
	*c = (struct config){ .history = "",
		.retention_s = (int64_t)RETENTION_DAYS * DAY_S,
		.policy = change_policy_default,
		.notify = { .from = "",
		    .server = "",
		    .user = "",
		    .password_file = "",
		    .ca_file = "",
		    .url = "",
		    .secret_file = "",
		    .command = "",
		    .timeout_us = 30000000 } };
}

static enum err_code
read_text(struct config *c, const char *name, const char *text, size_t len, struct arena *a,
    struct err *err)
{
	struct reading r = { .c = c,
		.arena = a,
		.file = arena_strdup(a, name),
		.before = arena_array(a, config_keys_n, sizeof *r.before) };

	return ini_read_sections(r.file, text, len, on_section, on_key, &r, err);
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
