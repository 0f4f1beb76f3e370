/* The SMTP port of a server: which it is, whether it is talked to, what it said. */
#include "views/smtp.h"

#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "views/understanding.h"
#include "views/way.h"

enum { MASK_MIN = 8 }; /* asterisks that no greeting has by itself */

struct endpoint
smtp_server(const struct target *t)
{
	return (struct endpoint){ .ip = t->ip, .port = t->policy->smtp_port };
}

const char *
smtp_left_out(const struct target *t, const struct facts *f)
{
	const struct ip_range *range = ip_special(&t->ip);
	if (!t->policy->smtp)
		return "skipped on request";
	if (t->policy->offline)
		return "the run is offline";
	if (range != NULL && !t->policy->allow_special)
		return range->name;
	return way_to(t, f, &t->ip) == NAT64_INSIDE ? "it leads into this network (NAT64)" : NULL;
}

void
smtp_want(const struct target *t, struct facts *f)
{
	struct endpoint server = smtp_server(t);
	if (smtp_left_out(t, f) != NULL)
		return;
	way_want(t, f, &t->ip);
	if (way_to(t, f, &t->ip) == NAT64_OPEN)
		facts_want_smtp(f, &server);
}

/* Was it asked where the address leads, and is that still unknown? */
static bool
is_held(const struct understanding *k)
{
	return facts_find_dns(k->facts, nat64_discovery, DNS_AAAA) != NULL &&
	    way_to(k->target, k->facts, &k->target->ip) == NAT64_UNKNOWN;
}

static const struct smtp_dialogue *
not_asked(const struct understanding *k)
{
	struct smtp_dialogue *d = arena_alloc(k->arena, sizeof *d);
	*d = smtp_dialogue_pending;
	d->status = SMTP_NOT_ASKED;
	d->error = arena_printf(k->arena,
	    "it is unknown whether the address leads into this network (NAT64), because %s could "
	    "not be looked up: %s",
	    nat64_discovery,
	    dns_answer_reason(facts_dns(k->facts, nat64_discovery, DNS_AAAA), k->arena));
	return d;
}

static bool
is_masked_greeting(const char *text)
{
	size_t n = 0;
	for (const char *c = text; *c != '\0'; c++)
		n += *c == '*';
	return n >= MASK_MIN && 2 * n > strlen(text);
}

/* XXXXXXXA, XXXXXXXX, XXXB */
static bool
is_masked_extension(const char *line)
{
	size_t n = strspn(line, "X");
	return n >= 3 &&
	    (line[n] == '\0' || (line[n] < 'X' && line[n] >= 'A' && line[n + 1] == '\0'));
}

const char *
smtp_mask(const struct smtp_dialogue *d)
{
	for (size_t i = 0; i < d->n_capabilities; i++)
		if (is_masked_extension(d->capabilities[i]))
			return d->capabilities[i];
	return is_masked_greeting(d->banner) ? d->banner : NULL;
}

bool
smtp_refuses_our_name(const struct smtp_dialogue *d)
{
	const char *quoted[] = { "helo", "ehlo", d->our_name };
	bool quotes = false;
	for (size_t i = 0; i < sizeof quoted / sizeof quoted[0]; i++)
		quotes |= quoted[i][0] != '\0' && strcasestr(d->error, quoted[i]) != NULL;
	return d->ehlo_code >= 400 && d->ehlo_name[0] == '\0' && quotes;
}

static const char *
server_name(const struct target *t, const struct smtp_dialogue *d, struct arena *a)
{
	const char *known[] = { t->names.host, d->ehlo_name, d->banner_name };
	char name[NAME_TEXT_MAX];
	for (size_t i = 0; i < sizeof known / sizeof known[0]; i++)
		if (name_from_user(known[i], name) && name_host_fault(name) == NAME_GOOD)
			return arena_strdup(a, name);
	return "";
}

const struct smtp_view *
known_smtp(struct understanding *k)
{
	if (k->smtp != NULL)
		return k->smtp;
	struct smtp_view *v = arena_alloc(k->arena, sizeof *v);
	v->server = smtp_server(k->target);
	v->left_out = smtp_left_out(k->target, k->facts);
	v->dialogue = facts_smtp(k->facts, &v->server);
	v->name = server_name(k->target, v->dialogue, k->arena);
	v->fact = facts_find_smtp(k->facts, &v->server);
	if (v->left_out == NULL && v->fact == NULL && is_held(k))
		v->dialogue = not_asked(k);
	if (v->dialogue->tls == SMTP_TLS_DONE)
		v->cert = &v->dialogue->cert;
	return k->smtp = v;
}
