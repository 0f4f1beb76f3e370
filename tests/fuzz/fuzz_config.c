/* Configurations: what is read without error must be whole, and a server that is in it can be named. */
#include <assert.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
check_server(const struct config_server *s)
{
	struct err err;
	assert(config_label_fault(s->label) == NULL);
	assert((s->address[0] != '\0') != (s->host[0] != '\0'));
	assert(config_server_check(s, &err) == ERR_NONE);
}

static void
check_config(const struct config *c)
{
	const struct notify_config *n = &c->notify;
	assert(c->policy.confirm >= 1 && c->policy.confirm <= c->policy.of);
	assert(c->policy.of < CHANGE_RUNS_MAX && c->policy.unknown >= 1);
	assert(c->policy.unknown < CHANGE_RUNS_MAX);
	assert(c->retention_s >= 0 && n->heartbeat_s >= 0 && n->timeout_us >= 1000000);
	for (size_t i = 0; i < n->n_mails; i++) {
		const struct notify_mail *m = &n->mails[i];
		assert(m->from[0] != '\0' && m->server[0] != '\0');
		assert(m->n_to > 0 && m->n_to <= NOTIFY_RECIPIENTS_MAX);
	}
	assert(n->command[0] == '\0' || n->command[0] == '/');
	for (size_t i = 0; i < c->n_servers; i++)
		check_server(&c->servers[i]);
	for (size_t i = 0; i < c->n_options; i++)
		assert(c->options[i].name[0] != '\0' && c->options[i].line > 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena a;
	struct config c;
	struct err err = { 0 };
	arena_init(&a);
	if (config_read_text("fuzz", (const char *)data, size, &a, &c, &err) == ERR_NONE)
		check_config(&c);
	else
		assert(strncmp(err.text, "fuzz:", 5) == 0 ||
		    strncmp(err.text, "configuration:", 14) == 0);
	arena_fini(&a);
	return 0;
}
