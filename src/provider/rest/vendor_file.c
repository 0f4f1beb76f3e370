/*
 * The files in which the vendors' own tools keep the token.  Where they are and what their keys are called is
 * data of each provider; here are the ways to read them.  Source of the forms: hetznercloud/cli, linode/linode-cli,
 * scaleway/scaleway-sdk-go (scw), vultr/vultr-cli.
 */
#include "provider/rest/vendor_file_priv.h"

#include <stdio.h>
#include <string.h>

#include "base/inifile.h"
#include "base/safe.h"
#include "base/secret.h"
#include "provider/creds/yaml_doc_priv.h"
#include "provider/provider_priv.h"

struct reading {
	const struct rest_file *file;
	const char *name; /* of the file, for errors */
	const char *wanted;
	struct arena *arena;
	struct rest_found *out;
	struct err *err;
	const char *choice;       /* as it is written; NULL: none */
	bool is_entry, is_chosen; /* the section that is being read */
	bool exists;              /* one was the chosen */
	char *pending;            /* the token of an entry that may not have said its name yet */
};

static enum err_code
none_such(struct reading *r)
{
	bool said = r->wanted[0] != '\0';
	return err_set(r->err, ERR_CONFIG, "%s has no %s \"%s\"%s%s", r->name, r->file->choice,
	    r->out->choice, said ? ", which is named in " : "",
	    said ? r->file->choice_variable : "");
}

/* A file without any token is no credential; one whose choice has none is half a credential. */
static enum err_code
settle(struct reading *r)
{
	if (r->out->token != NULL && r->out->token[0] != '\0')
		return ERR_NONE;
	secret_free(r->out->token);
	r->out->token = NULL;
	if (r->out->choice == NULL)
		return ERR_NOINPUT;
	return err_set(r->err, ERR_CONFIG, "%s: the %s \"%s\" has no %s", r->name, r->file->choice,
	    r->out->choice, r->file->token);
}

/* What the variable names, else what the file does; a name is shown to people. */
static void
choose(struct reading *r, const char *current)
{
	const char *name = r->wanted[0] != '\0' ? r->wanted : current;
	if (name == NULL || name[0] == '\0')
		return;
	r->choice = arena_strdup(r->arena, name);
	r->out->choice = safe_text(r->arena, r->choice);
}

static void
take_token(char **to, const char *value)
{
	secret_free(*to);
	*to = secret_dup(value);
}

/* ---- INI, and of TOML what the tool writes: a section is a heading and lines "key = value" */

/* A text of TOML in quotes on one line, a comment may follow it (TOML 1.0.0, "String"); out is as long as value. */
static enum err_code
unquote(const char *value, char *out, struct err *err)
{
	const char *end = value[0] == '"' || value[0] == '\'' ? strchr(value + 1, value[0]) : NULL;
	const char *rest = end == NULL ? "" : end + 1 + strspn(end + 1, " \t");
	bool escaped = end != NULL && value[0] == '"' &&
	    memchr(value, '\\', (size_t)(end - value)) != NULL;
	if (end == NULL || escaped || (*rest != '\0' && *rest != '#'))
		return err_set(err, ERR_CONFIG, "expected one text in quotes, without escapes");
	memcpy(out, value + 1, (size_t)(end - value - 1));
	out[end - value - 1] = '\0';
	return ERR_NONE;
}

/* The value of a line, into out of VALUE_MAX bytes; a line of an INI file is no longer. */
enum { VALUE_MAX = 1025 };

static enum err_code
value_of(const struct reading *r, const struct ini_line *line, char *out, struct err *err)
{
	if (r->file->format == REST_TOML)
		return unquote(line->value, out, err);
	snprintf(out, VALUE_MAX, "%s", line->value);
	return ERR_NONE;
}

static enum err_code
on_current(void *arg, const struct ini_line *line, struct err *err)
{
	struct reading *r = arg;
	char name[VALUE_MAX] = "";
	if (strcmp(line->section, r->file->current_section) != 0 ||
	    strcmp(line->key, r->file->current) != 0)
		return ERR_NONE;
	if (value_of(r, line, name, err) != ERR_NONE)
		return err->code;
	choose(r, name);
	return ERR_NONE;
}

/* "[[contexts]]" begins an entry whose name is one of its keys; in an INI file, the heading is the name. */
static enum err_code
on_section(void *arg, const struct ini_line *line, struct err *err)
{
	struct reading *r = arg;
	(void)err;
	secret_free(r->pending);
	r->pending = NULL;
	r->is_entry = r->file->format == REST_INI || strcmp(line->section, r->file->list) == 0;
	r->is_chosen = r->file->format == REST_INI && strcmp(line->section, r->choice) == 0;
	r->exists = r->exists || r->is_chosen;
	return ERR_NONE;
}

static enum err_code
on_key(void *arg, const struct ini_line *line, struct err *err)
{
	struct reading *r = arg;
	char value[VALUE_MAX];
	bool is_name = r->file->format == REST_TOML && strcmp(line->key, "name") == 0;
	bool is_token = strcmp(line->key, r->file->token) == 0;
	if (!r->is_entry || (!is_name && !is_token))
		return ERR_NONE;
	if (value_of(r, line, value, err) != ERR_NONE)
		return err->code;
	if (is_token)
		take_token(&r->pending, value);
	else
		r->is_chosen = strcmp(value, r->choice) == 0;
	explicit_bzero(value, sizeof value);
	r->exists = r->exists || r->is_chosen;
	if (r->is_chosen && r->pending != NULL)
		take_token(&r->out->token, r->pending);
	return ERR_NONE;
}

static enum err_code
read_lines(struct reading *r, const char *text, size_t len)
{
	choose(r, "");
	enum err_code code = ini_read_text(r->name, text, len, on_current, r, r->err);
	if (code != ERR_NONE || r->choice == NULL)
		return code;
	code = ini_read_sections(r->name, text, len, on_section, on_key, r, r->err);
	secret_free(r->pending);
	return code != ERR_NONE || r->exists ? code : none_such(r);
}

/* ---- YAML: the values of a profile, else those beside the profiles */

static const yaml_node_t *
member(yaml_document_t *d, const yaml_node_t *map, const char *key)
{
	const yaml_node_t *value = yaml_doc_member(d, map, key, strcmp);
	return value == NULL || yaml_doc_is_null(value) ? NULL : value;
}

static enum err_code
take_node(struct reading *r, const yaml_node_t *node)
{
	const char *text = yaml_doc_scalar(node);
	if (node == NULL)
		return ERR_NONE;
	if (text == NULL || strlen(text) != node->data.scalar.length)
		return err_set(r->err, ERR_CONFIG, "%s:%zu: expected one value of plain text",
		    r->name, node->start_mark.line + 1);
	take_token(&r->out->token, text);
	return ERR_NONE;
}

static enum err_code
read_document(struct reading *r, yaml_document_t *d)
{
	const struct rest_file *f = r->file;
	const yaml_node_t *root = yaml_document_get_root_node(d), *token = NULL;
	if (f->choice != NULL)
		choose(r, yaml_doc_scalar(member(d, root, f->current)));
	if (r->choice != NULL && strcmp(r->choice, f->whole) != 0) {
		const yaml_node_t *one = member(d, member(d, root, f->list), r->choice);
		if (one == NULL)
			return none_such(r);
		token = member(d, one, f->token);
	}
	return take_node(r, token != NULL ? token : member(d, root, f->token));
}

static enum err_code
read_yaml(struct reading *r, const char *text, size_t len)
{
	yaml_document_t d;
	if (yaml_doc_read(&d, r->name, text, len, r->err) != ERR_NONE)
		return r->err->code;
	enum err_code code = read_document(r, &d);
	yaml_doc_free(&d);
	return code;
}

/* ---- files */

enum err_code
rest_file_read_text(const struct rest_file *f, const char *name, const char *text, size_t len,
    const char *wanted, struct arena *a, struct rest_found *out, struct err *err)
{
	struct reading r = { .file = f,
		.name = name,
		.wanted = wanted,
		.arena = a,
		.out = out,
		.err = err };
	*out = (struct rest_found){ .path = name };
	enum err_code code = f->format == REST_YAML ? read_yaml(&r, text, len) :
						      read_lines(&r, text, len);
	if (code == ERR_NONE)
		return settle(&r);
	secret_free(out->token);
	out->token = NULL;
	return code;
}

/* "~/" is the home directory, "@/" that of configurations (XDG Base Directory Specification); NULL: unknown. */
static const char *
path_of(const struct provider_options *o, struct arena *a, const char *place)
{
	const char *config = provider_variable(o, "XDG_CONFIG_HOME");
	const char *home = provider_variable(o, "HOME");
	if (place[0] == '@' && config[0] != '\0')
		return arena_printf(a, "%s%s", config, place + 1);
	return home[0] == '\0' ?
	    NULL :
	    arena_printf(a, "%s%s%s", home, place[0] == '@' ? "/.config" : "", place + 1);
}

static const char *
variable(const struct provider_options *o, const char *name)
{
	return name == NULL ? "" : provider_variable(o, name);
}

/* The file that is named, else the first of those that there is. */
static enum err_code
open_file(const struct rest_file *f, const struct provider_options *o, struct arena *a,
    struct secret_file *file, const char **path, struct err *err)
{
	enum err_code code = ERR_NOINPUT;
	*path = variable(o, f->path_variable);
	if (*path[0] != '\0') {
		code = secret_file_read(file, *path, err);
		if (code != ERR_NONE)
			(void)err_prefix(err, "%s", f->path_variable);
		return code == ERR_NONE ? code : (err->code = ERR_CONFIG);
	}
	for (size_t i = 0; i < REST_FILE_PATHS && f->paths[i] != NULL && code == ERR_NOINPUT; i++) {
		*path = path_of(o, a, f->paths[i]);
		if (*path != NULL)
			code = secret_file_read(file, *path, err);
	}
	return code;
}

enum err_code
rest_file_find(const struct rest_file *f, const struct provider_options *o, struct arena *a,
    struct rest_found *out, struct err *err)
{
	struct secret_file file;
	const char *path, *wanted = variable(o, f->choice_variable);
	*out = (struct rest_found){ .path = "" };
	enum err_code code = open_file(f, o, a, &file, &path, err);
	if (code == ERR_NOINPUT && wanted[0] != '\0')
		return err_set(err, ERR_CONFIG, "%s is set, but there is no %s", f->choice_variable,
		    path == NULL ? "home directory" : path);
	if (code != ERR_NONE)
		return code;
	code = rest_file_read_text(f, path, file.text, file.len, wanted, a, out, err);
	out->exposed_mode = out->token != NULL ? file.exposed_mode : 0;
	secret_file_free(&file);
	return code;
}
