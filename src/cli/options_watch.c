#include "options_watch.h"

#include <limits.h>
#include <string.h>

#include "exit.h"

enum err_code
set_config(struct settings *s, const char *value, struct err *err)
{
	(void)err;
	s->watch.config = value;
	return ERR_NONE;
}

enum err_code
set_history_file(struct settings *s, const char *value, struct err *err)
{
	(void)err;
	s->watch.history = value;
	return ERR_NONE;
}

enum err_code
set_label(struct settings *s, const char *value, struct err *err)
{
	(void)err;
	s->watch.label = value;
	return ERR_NONE;
}

enum err_code
set_since_ago(struct settings *s, const char *value, struct err *err)
{
	if (config_time(value, &s->watch.since_s) && s->watch.since_s > 0)
		return ERR_NONE;
	return err_set(err, ERR_USAGE,
	    "'%s' is no time: expected a number with s, m, h or d behind it, such as 30d", value);
}

enum err_code
set_dry_run(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->watch.dry_run = true;
	return ERR_NONE;
}

enum err_code
set_export(struct settings *s, const char *value, struct err *err)
{
	s->watch.export = strcmp(value, "jsonl") == 0;
	if (s->watch.export)
		return ERR_NONE;
	return err_set(err, ERR_USAGE, "'%s' is no format of exports: expected jsonl", value);
}

enum err_code
set_notify_test(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->watch.test = true;
	return ERR_NONE;
}

enum err_code
set_wait(struct settings *s, const char *value, struct err *err)
{
	if (config_time(value, &s->watch.wait_s) && s->watch.wait_s > 0)
		return ERR_NONE;
	return err_set(err, ERR_USAGE,
	    "'%s' is no time: expected a number with s, m, h or d behind it, such as 25m", value);
}

enum err_code
set_pending(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->watch.pending = true;
	return ERR_NONE;
}

enum err_code
watch_config(struct settings *s, struct config *c, struct err *err)
{
	if (config_read(s->watch.config, &s->arena, c, err) != ERR_NONE)
		return err->code;
	for (size_t i = 0; i < c->n_remarks; i++)
		complain(c->remarks[i]);
	return ERR_NONE;
}

enum err_code
watch_history(struct settings *s, const struct config *c, const char **out, struct err *err)
{
	char path[PATH_MAX];
	*out = s->watch.history;
	if (*out != NULL)
		return ERR_NONE;
	if (!config_history_path(c, path, sizeof(path)))
		return err_set(err, ERR_CONFIG,
		    "where the history is cannot be told without HOME: expected --history FILE");
	*out = arena_strdup(&s->arena, path);
	return ERR_NONE;
}
