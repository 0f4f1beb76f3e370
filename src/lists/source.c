/* Where lists and keys are read from. */
#include "lists/source.h"

#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/paths.h"

/* What a run reads of the shipped catalogue depends on what it may have to know. */
static const struct {
	const char *file;
	enum { ALWAYS, WITH_KEYS, WHOLE } when;
} shipped[] = {
	{ "lists/ip.ini", ALWAYS },
	{ "lists/domain.ini", ALWAYS },
	{ "lists/keys.ini", WITH_KEYS },
	{ "lists/more.ini", WHOLE },
	{ "lists/domain-more.ini", WHOLE },
	{ "lists/allow.ini", WHOLE },
	{ "lists/web.ini", WHOLE },
	{ "lists/dead.ini", WHOLE },
};

static bool
config_path(const char *file, char out[PATH_MAX])
{
	return user_path("XDG_CONFIG_HOME", "/.config", file, out, PATH_MAX);
}

static enum err_code
read_keys(struct lists_source *s, const struct lists_options *o, struct err *err)
{
	char path[PATH_MAX];
	enum err_code code = ERR_NONE;
	s->keys = keyring_new();
	if (o->keys != NULL)
		code = keyring_read_file(s->keys, o->keys, err);
	else if (config_path("keys.ini", path) && path_exists(path))
		code = keyring_read_file(s->keys, path, err);
	return code == ERR_NONE ? keyring_read_env(s->keys, environ, err) : code;
}

static enum err_code
read_shipped(struct lists_source *s, bool whole, struct arena *a, struct err *err)
{
	char path[PATH_MAX];
	for (size_t i = 0; i < sizeof shipped / sizeof shipped[0]; i++) {
		bool keyed = shipped[i].when == WITH_KEYS && !keyring_is_empty(s->keys);
		if (shipped[i].when != ALWAYS && !whole && !keyed)
			continue;
		if (data_path(shipped[i].file, path, sizeof path, err) != ERR_NONE ||
		    catalogue_read_file(&s->all, a, path, err) != ERR_NONE)
			return err->code;
	}
	return ERR_NONE;
}

/* The machine's file, then the user's: each says more, or something else, about any list. */
static enum err_code
read_configured(struct lists_source *s, struct arena *a, struct err *err)
{
	static const char machine[] = "/etc/mailready/lists.ini";
	char user[PATH_MAX];
	enum err_code code = ERR_NONE;
	if (path_exists(machine))
		code = catalogue_read_file(&s->all, a, machine, err);
	if (code == ERR_NONE && config_path("lists.ini", user) && path_exists(user))
		code = catalogue_read_file(&s->all, a, user, err);
	return code;
}

/* A word that is not a file may be a mistyped set. */
static enum err_code
read_named(struct lists_source *s, const char *path, struct arena *a, struct err *err)
{
	enum err_code code = catalogue_read_file(&s->all, a, path, err);
	if (code != ERR_NOINPUT)
		return code;
	const char *text = arena_strdup(a, err->text);
	return err_set(err, code, "%s; expected default, critical, all or a file of lists", text);
}

enum err_code
lists_open(struct lists_source *s, const struct lists_options *o, bool whole, struct arena *a,
    struct err *err)
{
	*s = (struct lists_source){ .keys = NULL };
	struct list_choice choice = {
		.set = o->n_files > 0 ? LIST_SET_FILES : o->set,
		.only = o->only,
		.n_only = o->n_only,
		.skip = o->skip,
		.n_skip = o->n_skip,
	};
	whole |= choice.set >= LIST_SET_ALL || o->n_only + o->n_skip > 0;
	if (read_keys(s, o, err) != ERR_NONE || read_shipped(s, whole, a, err) != ERR_NONE ||
	    read_configured(s, a, err) != ERR_NONE)
		return err->code;
	choice.first_file = s->all.n_files + 1;
	for (size_t i = 0; i < o->n_files; i++)
		if (read_named(s, o->files[i], a, err) != ERR_NONE)
			return err->code;
	if (catalogue_add_named(&s->all, &choice, a, err) != ERR_NONE)
		return err->code;
	keyring_serve(s->keys, &s->all);
	return catalogue_select(&s->all, &choice, s->keys, a, &s->selection, err);
}

void
lists_close(struct lists_source *s)
{
	keyring_free(s->keys);
	s->keys = NULL;
}
