/* The outlets and programs of a configuration: each is made when it is first named. */
#include <string.h>

#include "base/arena.h"
#include "config/config_priv.h"

struct notify_mail *
config_mail(struct config *c, const char *name, struct arena *a)
{
	struct notify_config *n = &c->notify;

	for (size_t i = 0; i < n->n_mails; i++)
		if (strcmp(n->mails[i].name, name) == 0)
			return &n->mails[i];
	n->mails = arena_grow(a, n->mails, n->n_mails, &n->cap_mails, sizeof *n->mails);
	n->mails[n->n_mails] = (struct notify_mail){ .name = arena_strdup(a, name),
		.from = "",
		.server = "",
		.user = "",
		.password_file = "",
		.tls = NOTIFY_TLS_UNSET,
		.filter = { .groups = "" } };
	return &n->mails[n->n_mails++];
}

struct notify_webhook *
config_webhook(struct config *c, const char *name, struct arena *a)
{
	struct notify_config *n = &c->notify;

	for (size_t i = 0; i < n->n_webhooks; i++)
		if (strcmp(n->webhooks[i].name, name) == 0)
			return &n->webhooks[i];
	n->webhooks = arena_grow(a, n->webhooks, n->n_webhooks, &n->cap_webhooks,
	    sizeof *n->webhooks);
	n->webhooks[n->n_webhooks] = (struct notify_webhook){ .name = arena_strdup(a, name),
		.url = "",
		.url_file = "",
		.secret_file = "",
		.kind = "",
		.template = "",
		.key_file = "",
		.topic = "",
		.filter = { .groups = "" } };
	return &n->webhooks[n->n_webhooks++];
}

struct config_program *
config_program(struct config *c, const char *name, struct arena *a)
{
	for (size_t i = 0; i < c->n_programs; i++)
		if (strcmp(c->programs[i].name, name) == 0)
			return &c->programs[i];
	c->programs = arena_grow(a, c->programs, c->n_programs, &c->cap_programs,
	    sizeof *c->programs);
	c->programs[c->n_programs] = (struct config_program){ .name = arena_strdup(a, name),
		.path = "" };
	return &c->programs[c->n_programs++];
}
