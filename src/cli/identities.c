/* The names that a server's mail bears: from options, and from a message. */
#include "cli/identities.h"

#include <string.h>

#include "base/arena.h"
#include "cli/settings.h"

enum err_code
identities_read(struct settings *s, struct err *err)
{
	if (s->message_file == NULL || s->message != NULL)
		return ERR_NONE;
	if (strcmp(s->message_file, "-") == 0 && s->run.in.list != NULL &&
	    strcmp(s->run.in.list, "-") == 0)
		return err_set(err, ERR_USAGE,
		    "standard input cannot be both the message and a list of targets");
	struct message *m = arena_alloc(&s->arena, sizeof *m);
	if (message_read(s->message_file, &s->arena, m, err) != ERR_NONE)
		return err->code;
	s->message = m;
	if (s->from == NULL && m->n_from == 1 && m->from.n == 1)
		s->from = m->from.list[0];
	if (s->mail_from == NULL && m->has_return_path && !m->return_path.broken)
		s->mail_from = m->return_path.n > 0 ? m->return_path.list[0] : "<>";
	return ERR_NONE;
}

void
identities_put(const struct settings *s, struct target_names *out)
{
	out->mail_from = s->mail_from;
	out->from = s->from;
	out->dkim = s->dkim;
	out->n_dkim = s->n_dkim;
	out->guess_selectors = s->guess_selectors;
	out->message = s->message;
}
