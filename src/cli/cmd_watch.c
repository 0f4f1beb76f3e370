/* mailready watch: which servers are watched, in the configuration's own text. */
#include <errno.h>
#include <limits.h>
#include <string.h>
#include <unistd.h>

#include "cli/commands.h"
#include "cli/exit.h"
#include "cli/watch_common.h"

/* Where servers are added and removed. */
static enum err_code
own_file(const struct settings *s, char path[PATH_MAX], struct err *err)
{
	if (config_own_path(s->watch.config, path, PATH_MAX))
		return ERR_NONE;
	return err_set(err, ERR_CONFIG,
	    "your configuration cannot be found without HOME: expected --config FILE");
}

static bool
is_word_of(const struct config_server *server, const char *word)
{
	return strcmp(server->label, word) == 0 || strcmp(server->address, word) == 0 ||
	    strcmp(server->host, word) == 0;
}

/* A name that nobody gave is made of what is watched. */
static const char *
label_for(struct settings *s, const struct config *c, const char *word)
{
	const char *label = s->watch.label != NULL ? s->watch.label : word;
	if (s->watch.label == NULL && strlen(label) > 40)
		label = arena_printf(&s->arena, "%.40s", label);
	for (unsigned i = 2; s->watch.label == NULL; i++) {
		bool taken = false;
		for (size_t k = 0; k < c->n_servers; k++)
			taken = taken || strcmp(c->servers[k].label, label) == 0;
		if (!taken)
			break;
		label = arena_printf(&s->arena, "%.36s %u", word, i);
	}
	return label;
}

static enum err_code
refuse_known(const struct config *c, const struct config_server *server, struct err *err)
{
	for (size_t i = 0; i < c->n_servers; i++) {
		const struct config_server *known = &c->servers[i];
		if (strcmp(known->label, server->label) == 0)
			return err_set(err, ERR_DATA,
			    "there is a server '%s' already (%s:%d); expected another --name",
			    known->label, known->file, known->line);
		if (strcmp(known->address, server->address) == 0 &&
		    strcmp(known->host, server->host) == 0 &&
		    strcmp(known->ehlo, server->ehlo) == 0 &&
		    strcmp(known->domain, server->domain) == 0)
			return err_set(err, ERR_DATA, "%s is watched already, as '%s' (%s:%d)",
			    known->address[0] != '\0' ? known->address : known->host, known->label,
			    known->file, known->line);
	}
	return ERR_NONE;
}

static enum err_code
take_keys(const struct settings *s, struct config_server *server, struct err *err)
{
	if (s->n_dkim > CONFIG_DKIM_MAX)
		return err_set(err, ERR_USAGE, "at most %d DKIM keys can be watched",
		    CONFIG_DKIM_MAX);
	memcpy(server->dkim, s->dkim, s->n_dkim * sizeof s->dkim[0]);
	server->n_dkim = s->n_dkim;
	return ERR_NONE;
}

static enum err_code
add(struct settings *s, const struct config *c, struct err *err)
{
	struct target_spec spec;
	char path[PATH_MAX], address[IP_TEXT_MAX];
	struct config_server server = { .address = "", .host = "" };
	if (s->words.n != 2)
		return err_set(err, ERR_USAGE, "expected one address or host name after add");
	if (target_parse_word(s->words.at[1], false, &s->arena, &spec, err) != ERR_NONE)
		return err->code;
	if (target_is_many(&spec) && spec.first.family != 0)
		return err_set(err, ERR_USAGE, "'%s' is more than one address: add each",
		    s->words.at[1]);
	if (spec.first.family == 0)
		server.host = s->words.at[1];
	else
		server.address = ip_format(&spec.first, address);
	server.ehlo = s->helo != NULL ? s->helo : "";
	server.domain = s->domain != NULL ? s->domain : "";
	server.mail_from = s->mail_from;
	server.from = s->from;
	server.groups = s->watch.groups;
	if (take_keys(s, &server, err) != ERR_NONE)
		return err->code;
	server.label = label_for(s, c, spec.first.family == 0 ? server.host : server.address);
	if (refuse_known(c, &server, err) != ERR_NONE || own_file(s, path, err) != ERR_NONE ||
	    config_add_server(path, &server, err) != ERR_NONE)
		return err->code;
	printf("%s is watched from now on (%s)\n", server.label, path);
	return ERR_NONE;
}

static enum err_code
list(struct settings *s, const struct config *c, struct err *err)
{
	if (s->words.n > 1)
		return err_set(err, ERR_USAGE, "nothing is expected after list");
	for (size_t i = 0; i < c->n_servers; i++) {
		const struct config_server *server = &c->servers[i];
		printf("%s: %s%s%s%s%s%s%s%s%s", server->label,
		    server->address[0] != '\0' ? server->address : server->host,
		    server->ehlo[0] != '\0' ? ", EHLO " : "", server->ehlo,
		    server->domain[0] != '\0' ? ", domain " : "", server->domain,
		    server->mail_from != NULL ? ", MAIL FROM " : "",
		    server->mail_from != NULL ? server->mail_from : "",
		    server->from != NULL ? ", From " : "",
		    server->from != NULL ? server->from : "");
		for (size_t k = 0; k < server->n_dkim; k++)
			printf("%s%s", k == 0 ? ", DKIM " : " ",
			    dkim_identity_text(&s->arena, &server->dkim[k]));
		if (server->groups != NULL && server->groups[0] != '\0')
			printf(", group %s", server->groups);
		putchar('\n');
	}
	if (c->n_servers == 0)
		printf("no server is watched\n");
	if (fflush(stdout) != 0)
		return err_set(err, ERR_IO, "standard output: %s", strerror(errno));
	return ERR_NONE;
}

/* An address may stand for several servers; then only a name says which. */
static enum err_code
remove_one(struct settings *s, const struct config *c, struct err *err)
{
	const struct config_server *found = NULL;
	char path[PATH_MAX];
	if (s->words.n != 2)
		return err_set(err, ERR_USAGE, "expected one name or address after remove");
	for (size_t i = 0; i < c->n_servers; i++) {
		const struct config_server *server = &c->servers[i];
		if (!is_word_of(server, s->words.at[1]))
			continue;
		bool named = strcmp(server->label, s->words.at[1]) == 0;
		if (found != NULL && !named)
			return err_set(err, ERR_DATA,
			    "'%s' names more than one server: expected a name, "
			    "such as '%s'",
			    s->words.at[1], server->label);
		found = server;
		if (named)
			break;
	}
	if (found == NULL)
		return err_set(err, ERR_DATA,
		    "'%s' is not watched; mailready watch list shows the watched servers",
		    s->words.at[1]);
	if (own_file(s, path, err) != ERR_NONE ||
	    config_remove_server(path, found->label, err) != ERR_NONE)
		return err->code;
	printf("%s is no longer watched; its history is kept\n", found->label);
	return ERR_NONE;
}

static const struct {
	const char *word;
	enum err_code (*work)(struct settings *s, const struct config *c, struct err *err);
} actions[] = { { "add", add }, { "list", list }, { "remove", remove_one } };

static enum err_code
work(struct settings *s, struct err *err)
{
	struct config config;
	char path[PATH_MAX];
	if (s->words.n == 0)
		return err_set(err, ERR_USAGE, "expected add, list or remove");
	for (size_t i = 0; i < sizeof actions / sizeof actions[0]; i++) {
		if (strcmp(s->words.at[0], actions[i].word) != 0)
			continue;
		/* one that is to be made by add */
		bool missing = s->watch.config != NULL &&
		    config_own_path(s->watch.config, path, sizeof path) &&
		    access(path, F_OK) != 0 && actions[i].work == add;
		enum err_code code = missing ?
		    config_read_text(path, "", 0, &s->arena, &config, err) :
		    watch_config(s, &config, err);
		return code == ERR_NONE ? actions[i].work(s, &config, err) : code;
	}
	return err_set(err, ERR_USAGE,
	    "'%s' is not an action of watch: expected add, list or remove", s->words.at[0]);
}

static int
run(struct settings *s)
{
	struct err err = { 0 };
	if (work(s, &err) == ERR_NONE)
		return 0;
	return err.code == ERR_USAGE ? command_refuse(s, &err) : exit_of_error(&err);
}

const struct command command_watch = {
	.name = "watch",
	.usage = "add|list|remove ...",
	.help = "sets which servers are watched",
	.example = "mailready watch add 203.0.113.25 --helo mail.example.com --name out1",
	.run = run,
};
