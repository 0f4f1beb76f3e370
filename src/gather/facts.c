/* The facts of one target: wanted once, found by question, filled in later. */
#include "gather/facts.h"

#include <stdio.h>
#include <string.h>

#include "base/name.h"

enum {
	KEY_MAX = NAME_TEXT_MAX + ENDPOINT_TEXT_MAX + 32,
	FEW = 12, /* facts that are found sooner by looking through them than by hashing a key */
};

void
facts_init(struct facts *f, struct arena *a)
{
	*f = (struct facts){ .arena = a, .max = FACTS_MAX };
	map_init(&f->index);
}

void
facts_fini(struct facts *f)
{
	map_fini(&f->index);
}

static char *
add(char *to, const char *text)
{
	size_t n = strnlen(text, NAME_TEXT_MAX - 1);

	memcpy(to, text, n);
	to[n] = '\0';
	return to + n;
}

/*
 * "dns PTR 1.2.0.192.in-addr.arpa", with " @192.0.2.53" for one server's own view.  Written
 * without printf: every reading of a fact comes through here.
 */
static const char *
dns_key(const struct endpoint *server, const char *name, uint16_t type, char out[KEY_MAX])
{
	char at[ENDPOINT_TEXT_MAX];
	char *p = add(out, "dns ");

	p = add(p, enumtab_name(&dns_type_names, type));
	p = add(add(p, " "), name);
	if (server != NULL)
		add(add(p, " @"), endpoint_format(server, at));
	return out;
}

static const char *
smtp_key(const struct endpoint *server, char out[KEY_MAX])
{
	char at[IP_TEXT_MAX];

	snprintf(out, KEY_MAX, "smtp %s#%u", ip_format(&server->ip, at), server->port);
	return out;
}

static struct fact *
fact_add(struct facts *f, enum fact_kind kind, const char *key)
{
	struct fact *fact = arena_alloc(f->arena, sizeof *fact);

	fact->kind = kind;
	fact->key = arena_strdup(f->arena, key);
	fact->dns = &dns_answer_pending;
	fact->smtp = &smtp_dialogue_pending;
	if (f->n >= f->max) {
		fact->final = true;
		fact->dns = dns_answer_bare(DNS_NOT_ASKED);
	}
	f->list = arena_grow(f->arena, f->list, f->n, &f->cap, sizeof *f->list);
	f->list[f->n++] = fact;
	return fact;
}

/* Few questions share a name: they are compared one by one. */
static void
index_add(struct facts *f, struct fact *fact)
{
	fact->same_name = map_get(&f->index, fact->name);
	map_put(&f->index, fact->name, fact);
}

static void
index_last(struct facts *f)
{
	for (size_t i = 0; i < FEW && f->n == FEW + 1; i++)
		index_add(f, f->list[i]);
	if (f->n > FEW)
		index_add(f, f->list[f->n - 1]);
}

static bool
is_about(const struct fact *fact, enum fact_kind kind, const struct endpoint *server,
    const char *name, uint16_t type)
{
	if (fact->kind != kind)
		return false;
	if (kind == FACT_SMTP)
		return endpoint_equal(&fact->endpoint, server);
	return fact->type == type && fact->at_server == (server != NULL) &&
	    strcmp(fact->name, name) == 0 &&
	    (server == NULL || endpoint_equal(&fact->endpoint, server));
}

static struct fact *
find(const struct facts *f, enum fact_kind kind, const struct endpoint *server, const char *name,
    uint16_t type)
{
	struct fact *fact;

	if (f->n > FEW) {
		fact = map_get(&f->index, name);
		while (fact != NULL && !is_about(fact, kind, server, name, type))
			fact = fact->same_name;
		return fact;
	}
	for (size_t i = 0; i < f->n; i++)
		if (is_about(f->list[i], kind, server, name, type))
			return f->list[i];
	return NULL;
}

struct fact *
facts_need_dns(struct facts *f, const struct endpoint *server, const char *name, uint16_t type)
{
	char key[KEY_MAX];
	struct fact *fact = find(f, FACT_DNS, server, name, type);

	if (fact != NULL)
		return fact;
	fact = fact_add(f, FACT_DNS, dns_key(server, name, type, key));
	fact->name = arena_strdup(f->arena, name);
	fact->type = type;
	fact->at_server = server != NULL;
	if (server != NULL)
		fact->endpoint = *server;
	index_last(f);
	return fact;
}

const struct dns_answer *
facts_want_dns(struct facts *f, const char *name, uint16_t type)
{
	return facts_need_dns(f, NULL, name, type)->dns;
}

const struct dns_answer *
facts_follow_dns(struct facts *f, const char *name, uint16_t type)
{
	struct fact *fact = facts_need_dns(f, NULL, name, type);

	fact->followed = true;
	return fact->dns;
}

void
facts_follow_dns_at(struct facts *f, const struct endpoint *server, const char *name, uint16_t type)
{
	facts_need_dns(f, server, name, type)->followed = true;
}

const struct dns_answer *
facts_spare_dns(struct facts *f, const struct endpoint *server, const char *name, uint16_t type,
    enum facts_lead lead)
{
	struct fact *fact = facts_need_dns(f, server, name, type);

	fact->sparing = true;
	fact->followed |= lead == FACTS_LEAD;
	fact->found_followed |= lead == FACTS_LEAD_FOUND;
	return fact->dns;
}

struct fact *
facts_need_smtp(struct facts *f, const struct endpoint *server)
{
	char key[KEY_MAX];
	struct fact *fact = find(f, FACT_SMTP, server, "", 0);

	if (fact != NULL)
		return fact;
	fact = fact_add(f, FACT_SMTP, smtp_key(server, key));
	fact->name = "";
	fact->endpoint = *server;
	fact->followed = true;
	index_last(f);
	return fact;
}

void
facts_want_smtp(struct facts *f, const struct endpoint *server)
{
	(void)facts_need_smtp(f, server);
}

const struct fact *
facts_find_dns_at(const struct facts *f, const struct endpoint *server, const char *name,
    uint16_t type)
{
	return find(f, FACT_DNS, server, name, type);
}

const struct fact *
facts_find_dns(const struct facts *f, const char *name, uint16_t type)
{
	return facts_find_dns_at(f, NULL, name, type);
}

const struct fact *
facts_find_smtp(const struct facts *f, const struct endpoint *server)
{
	return find(f, FACT_SMTP, server, "", 0);
}

const struct dns_answer *
facts_dns_at(const struct facts *f, const struct endpoint *server, const char *name, uint16_t type)
{
	const struct fact *fact = facts_find_dns_at(f, server, name, type);

	return fact != NULL ? fact->dns : &dns_answer_pending;
}

const struct dns_answer *
facts_dns(const struct facts *f, const char *name, uint16_t type)
{
	return facts_dns_at(f, NULL, name, type);
}

const struct smtp_dialogue *
facts_smtp(const struct facts *f, const struct endpoint *server)
{
	const struct fact *fact = facts_find_smtp(f, server);

	return fact != NULL ? fact->smtp : &smtp_dialogue_pending;
}

bool
fact_leads_on(const struct fact *fact)
{
	/* what a resolver says of its own is checked, whoever wanted it */
	bool own = fact->kind == FACT_DNS && !fact->at_server && !fact->sparing &&
	    dns_doubt(fact->dns) != DNS_SURE;
	return own || fact->followed || (fact->found_followed && fact->dns->status == DNS_FOUND);
}

void
facts_set_dns(struct fact *fact, struct arena *a, const struct dns_answer *answer)
{
	fact->dns = dns_answer_copy(a, answer);
	fact->final = true;
}

void
facts_set_smtp(struct fact *fact, struct arena *a, const struct smtp_dialogue *dialogue)
{
	fact->smtp = smtp_dialogue_copy(a, dialogue);
	fact->final = true;
}
