/* What the commands about watched servers share: the configuration and the history. */
#include "cli/watch_common.h"

#include <limits.h>

#include "cli/exit.h"

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
	if (!config_history_path(c, path, sizeof path))
		return err_set(err, ERR_CONFIG,
		    "the history cannot be found without HOME: expected --history FILE");
	*out = arena_strdup(&s->arena, path);
	return ERR_NONE;
}
