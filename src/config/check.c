/* What the whole configuration must be: what single keys do not show. */
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/mime.h"
#include "config/config_priv.h"
#include "gather/targets.h"
#include "http/mail.h"

enum err_code
config_server_check(const struct config_server *s, struct err *err)
{
	struct target_spec spec;
	struct arena a;
	bool by_host = s->host[0] != '\0';

	if (by_host == (s->address[0] != '\0'))
		return err_set(err, ERR_CONFIG, "expected either address or host");
	arena_init(&a);
	enum err_code code = target_parse_word(by_host ? s->host : s->address, false, &a, &spec,
	    err);
	if (code == ERR_NONE && by_host && spec.first.family != 0)
		code = err_set(err, ERR_CONFIG, "'%s' is not a host name", s->host);
	else if (code == ERR_NONE && !by_host &&
	    (spec.first.family == 0 || !ip_equal(&spec.first, &spec.last)))
		code = err_set(err, ERR_CONFIG, "'%s' is not an address: expected a single one",
		    s->address);
	arena_fini(&a);
	return code == ERR_NONE ? ERR_NONE : (err->code = ERR_CONFIG);
}

static bool
same_server(const struct config_server *a, const struct config_server *b)
{
	return strcmp(a->address, b->address) == 0 && strcmp(a->host, b->host) == 0 &&
	    strcmp(a->ehlo, b->ehlo) == 0 && strcmp(a->domain, b->domain) == 0;
}

static enum err_code
check_servers(const struct config *c, struct err *err)
{
	for (size_t i = 0; i < c->n_servers; i++) {
		const struct config_server *s = &c->servers[i];
		if (config_server_check(s, err) != ERR_NONE)
			return err_prefix(err, "%s:%d: [server %s]", s->file, s->line, s->label);
		for (size_t k = 0; k < i; k++)
			if (same_server(s, &c->servers[k]))
				return err_set(err, ERR_CONFIG,
				    "%s:%d: [server %s] is the same as [server %s]", s->file,
				    s->line, s->label, c->servers[k].label);
	}
	return ERR_NONE;
}

static enum err_code
check_notify(const struct config *c, struct err *err)
{
	const struct notify_config *n = &c->notify;
	const char *file = c->n_files > 0 ? c->files[c->n_files - 1] : "configuration";

	if (n->n_to > 0 && (n->from[0] == '\0' || n->server[0] == '\0'))
		return err_set(err, ERR_CONFIG, "%s: [mail] sets to, but not %s", file,
		    n->from[0] == '\0' ? "from" : "server");
	if (n->from[0] != '\0' && !mime_is_address(n->from))
		return err_set(err, ERR_CONFIG,
		    "%s: [mail] from: '%s' is not a mail address: expected one such as "
		    "mailready@example.com, in ASCII",
		    file, n->from);
	if (n->server[0] != '\0' &&
	    mail_server_check(n->server, n->tls == NOTIFY_TLS_NEVER, err) != ERR_NONE)
		return err_prefix(err, "%s: [mail]", file);
	if (n->user[0] != '\0' && n->password_file[0] == '\0')
		return err_set(err, ERR_CONFIG, "%s: [mail] has user, but no password-file", file);
	return ERR_NONE;
}

static void
remark(struct config *c, struct arena *a, const char *text)
{
	c->remarks = arena_grow(a, c->remarks, c->n_remarks, &c->cap_remarks, sizeof *c->remarks);
	c->remarks[c->n_remarks++] = text;
}

static void
remark_if_open(struct config *c, struct arena *a, const char *path, const char *what,
    const char *todo)
{
	struct stat st;

	if (path[0] != '\0' && stat(path, &st) == 0 && (st.st_mode & S_IROTH) != 0)
		remark(c, a,
		    arena_printf(a, "%s: every user of this machine can read %s in it; %s", path,
			what, todo));
}

/*
 * An address without a signature is its own password: whoever knows it can send.  The file itself
 * must stay readable for the service, which does not own it.
 */
static void
look_at_secrets(struct config *c, struct arena *a)
{
	remark_if_open(c, a, c->notify.password_file, "the password", "run chmod 600 on it");
	remark_if_open(c, a, c->notify.secret_file, "the key of the webhook",
	    "run chmod 600 on it");
	for (size_t i = 0; c->notify.url[0] != '\0' && i < c->n_files; i++)
		if (c->notify.secret_file[0] == '\0')
			remark_if_open(c, a, c->files[i], "the address of the webhook",
			    "set a secret-file in [webhook], so that messages are signed");
}

enum err_code
config_finish(struct config *c, struct arena *a, struct err *err)
{
	enum err_code code = check_servers(c, err);

	if (code == ERR_NONE)
		code = check_notify(c, err);
	if (code == ERR_NONE)
		look_at_secrets(c, a);
	return code;
}
