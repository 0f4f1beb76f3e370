/* What the whole configuration must be: what single keys do not show. */
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/mime.h"
#include "config/config_priv.h"
#include "gather/targets.h"
#include "http/mail.h"
#include "notify/template.h"
#include "provider/provider.h"

enum { PATH_TEXT_MAX = 4096 };

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

/* What [mail NAME] does not set is that of [mail]; a login goes with its server. */
static void
inherit(struct notify_mail *mail, const struct notify_mail *plain)
{
	if (mail->from[0] == '\0')
		mail->from = plain->from;
	if (mail->server[0] == '\0') {
		mail->server = plain->server;
		mail->user = mail->user[0] != '\0' ? mail->user : plain->user;
		mail->password_file = mail->password_file[0] != '\0' ? mail->password_file :
								       plain->password_file;
		mail->tls = mail->tls != NOTIFY_TLS_UNSET ? mail->tls : plain->tls;
	}
	if (mail->tls == NOTIFY_TLS_UNSET)
		mail->tls = NOTIFY_TLS_REQUIRED;
}

static enum err_code
check_mail(const struct notify_mail *m, struct err *err)
{
	if (m->name[0] != '\0' && m->n_to == 0)
		return err_set(err, ERR_CONFIG, "expected to, a recipient");
	if (m->n_to > 0 && (m->from[0] == '\0' || m->server[0] == '\0'))
		return err_set(err, ERR_CONFIG, "sets to, but not %s",
		    m->from[0] == '\0' ? "from" : "server");
	if (m->from[0] != '\0' && !mime_is_address(m->from))
		return err_set(err, ERR_CONFIG,
		    "from: '%s' is not a mail address: expected one such as "
		    "mailready@example.com, in ASCII",
		    m->from);
	if (m->server[0] != '\0' &&
	    mail_server_check(m->server, m->tls == NOTIFY_TLS_NEVER, err) != ERR_NONE)
		return err->code;
	if (m->user[0] != '\0' && m->password_file[0] == '\0')
		return err_set(err, ERR_CONFIG, "has user, but no password-file");
	return ERR_NONE;
}

/* Those that are left have recipients. */
static enum err_code
check_mails(struct config *c, struct arena *a, struct err *err)
{
	struct notify_config *n = &c->notify;
	size_t kept = 0;

	if (n->n_mails == 0)
		return ERR_NONE;
	const struct notify_mail plain = *config_mail(c, "", a);
	for (size_t i = 0; i < n->n_mails; i++) {
		struct notify_mail *m = &n->mails[i];
		inherit(m, &plain);
		if (check_mail(m, err) != ERR_NONE) {
			err_prefix(err, "%s:%d: [mail%s%s]", m->file, m->line,
			    m->name[0] != '\0' ? " " : "", m->name);
			return err->code = ERR_CONFIG;
		}
		if (m->n_to > 0)
			n->mails[kept++] = *m;
	}
	n->n_mails = kept;
	return ERR_NONE;
}

static const char *
webhook_heading(const struct notify_webhook *hook, struct arena *a)
{
	return hook->name[0] != '\0' ? arena_printf(a, "[webhook %s]", hook->name) : "[webhook]";
}

/* What the template of a kind wants must be there. */
static enum err_code
check_template(struct notify_webhook *hook, struct arena *a, struct err *err)
{
	struct webhook_template about;
	char path[PATH_TEXT_MAX];

	if (hook->kind[0] != '\0' && strcmp(hook->kind, "json") != 0) {
		if (webhook_kind_path(hook->kind, path, sizeof path, err) != ERR_NONE)
			return err->code;
		hook->template = arena_strdup(a, path);
	}
	if (hook->template[0] == '\0')
		return hook->topic[0] == '\0' && hook->key_file[0] == '\0' ?
		    ERR_NONE :
		    err_set(err, ERR_CONFIG, "topic and key-file are for a kind that uses them");
	if (webhook_template_check(hook->template, &about, err) != ERR_NONE)
		return err->code;
	if (about.needs_key && hook->key_file[0] == '\0')
		return err_set(err, ERR_CONFIG, "this kind needs key-file");
	if (about.needs_topic && hook->topic[0] == '\0')
		return err_set(err, ERR_CONFIG, "this kind needs topic");
	hook->per_event = about.per_event;
	hook->repeat = about.repeat;
	return ERR_NONE;
}

static enum err_code
check_webhook(struct notify_webhook *hook, struct arena *a, struct err *err)
{
	bool by_file = hook->url_file[0] != '\0';

	if (by_file == (hook->url[0] != '\0'))
		return err_set(err, ERR_CONFIG, "expected either url or url-file");
	if (hook->kind[0] != '\0' && hook->template[0] != '\0')
		return err_set(err, ERR_CONFIG, "expected either kind or template");
	return check_template(hook, a, err);
}

/* [webhook] without an address is not one: its other keys may be the machine's. */
static void
drop_plain_without_url(struct notify_config *n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n->n_webhooks; i++) {
		const struct notify_webhook *hook = &n->webhooks[i];
		if (hook->name[0] != '\0' || hook->url[0] != '\0' || hook->url_file[0] != '\0')
			n->webhooks[kept++] = *hook;
	}
	n->n_webhooks = kept;
}

static enum err_code
check_webhooks(struct config *c, struct arena *a, struct err *err)
{
	struct notify_config *n = &c->notify;

	drop_plain_without_url(n);
	for (size_t i = 0; i < n->n_webhooks; i++) {
		struct notify_webhook *hook = &n->webhooks[i];
		if (check_webhook(hook, a, err) == ERR_NONE)
			continue;
		err_prefix(err, "%s:%d: %s", hook->file, hook->line, webhook_heading(hook, a));
		return err->code = ERR_CONFIG;
	}
	return ERR_NONE;
}

/* What --provider takes, and shells as one word; no other provider has the name. */
static const char *
program_name_fault(const char *name)
{
	if (strspn(name, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") !=
	    strlen(name))
		return "is not a name for a provider: expected letters, digits, - and _";
	if (provider_by_name(name) != NULL || strcmp(name, "manual") == 0)
		return "has the name of another provider";
	return NULL;
}

static enum err_code
check_programs(const struct config *c, struct err *err)
{
	for (size_t i = 0; i < c->n_programs; i++) {
		const struct config_program *p = &c->programs[i];
		const char *fault = program_name_fault(p->name);
		if (fault == NULL && p->name[0] != '\0' && p->path[0] == '\0')
			fault = "expected program, the path of one";
		if (fault != NULL)
			return err_set(err, ERR_CONFIG, "%s:%d: [provider %s]: %s", p->file,
			    p->line, p->name, fault);
	}
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
 * must stay readable for the service, which does not own it.  A service that checks no signature has its
 * address, or its topic, alone.
 */
static void
look_at_webhook(struct config *c, const struct notify_webhook *hook, struct arena *a)
{
	bool chat = hook->template[0] != '\0';

	remark_if_open(c, a, hook->secret_file, "the key of the webhook", "run chmod 600 on it");
	if (hook->url[0] == '\0' || hook->secret_file[0] != '\0' || hook->key_file[0] != '\0')
		return;
	remark_if_open(c, a, hook->file, "the address of the webhook",
	    chat ? arena_printf(a, "put it into a url-file for %s", webhook_heading(hook, a)) :
		   "set a secret-file in [webhook], so that messages are signed");
}

static void
look_at_secrets(struct config *c, struct arena *a)
{
	for (size_t i = 0; i < c->notify.n_mails; i++)
		remark_if_open(c, a, c->notify.mails[i].password_file, "the password",
		    "run chmod 600 on it");
	for (size_t i = 0; i < c->notify.n_webhooks; i++)
		look_at_webhook(c, &c->notify.webhooks[i], a);
}

/* A channel of a group without servers says nothing, ever. */
static void
look_at_groups(struct config *c, const struct notify_filter *filter, const char *file, int line,
    struct arena *a)
{
	bool any = filter->groups[0] == '\0';

	for (size_t i = 0; i < c->n_servers; i++) {
		const struct digest of = { .groups = c->servers[i].groups };
		any |= digest_in_groups(&of, filter->groups);
	}
	if (!any)
		remark(c, a,
		    arena_printf(a, "%s:%d: no server is in the groups of this section: %s", file,
			line, filter->groups));
}

enum err_code
config_finish(struct config *c, struct arena *a, struct err *err)
{
	enum err_code code = check_servers(c, err);

	if (code == ERR_NONE)
		code = check_mails(c, a, err);
	if (code == ERR_NONE)
		code = check_webhooks(c, a, err);
	if (code == ERR_NONE)
		code = check_programs(c, err);
	if (code == ERR_NONE)
		look_at_secrets(c, a);
	for (size_t i = 0; code == ERR_NONE && i < c->notify.n_mails; i++)
		look_at_groups(c, &c->notify.mails[i].filter, c->notify.mails[i].file,
		    c->notify.mails[i].line, a);
	for (size_t i = 0; code == ERR_NONE && i < c->notify.n_webhooks; i++)
		look_at_groups(c, &c->notify.webhooks[i].filter, c->notify.webhooks[i].file,
		    c->notify.webhooks[i].line, a);
	return code;
}
