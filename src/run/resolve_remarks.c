/* How a name was understood, and which of its addresses could not be found, in sentences. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/name.h"
#include "base/safe.h"
#include "dns/answer.h"
#include "run/resolve_priv.h"
#include "views/names.h"

struct remarks {
	const struct resolve *resolve;
	struct arena *arena;
	const char *name; /* of the target, as it is shown */
	void (*say)(void *arg, enum resolve_remark kind, const char *text);
	void *arg;
};

static const char *
shown(struct arena *a, const char *name)
{
	char text[NAME_TEXT_MAX];

	return arena_strdup(a, name_display(name, text));
}

static size_t
n_addresses(const struct resolve_host *host)
{
	return (host->a != NULL ? host->a->n_records : 0) +
	    (host->aaaa != NULL ? host->aaaa->n_records : 0);
}

/* ---- hosts whose addresses are missing */

static const char *
host_shown(const struct remarks *m, const struct resolve_host *host)
{
	return host->is_server ?
	    arena_printf(m->arena, "%s (MX of %s)", shown(m->arena, host->name), m->name) :
	    m->name;
}

static void
say_no_address(const struct remarks *m, const struct resolve_host *host)
{
	const char *which = host->a == NULL ? "an IPv6" : host->aaaa == NULL ? "an IPv4" : "an";
	const char *expected = host->is_server ? "a name with A or AAAA records" :
						 "a domain with an MX record, a name with A or "
						 "AAAA records, or an address";

	m->say(m->arg, RESOLVE_WRONG,
	    arena_printf(m->arena, "%s: host name without %s address; expected %s",
		host_shown(m, host), which, expected));
}

static void
say_not_looked_up(const struct remarks *m, const struct resolve_host *host,
    const struct dns_answer *unknown)
{
	const char *which = n_addresses(host) == 0 ? "its" :
	    unknown == host->a                     ? "its IPv4" :
						     "its IPv6";

	m->say(m->arg, RESOLVE_UNASKED,
	    arena_printf(m->arena, "%s: %s addresses could not be looked up: %s",
		host_shown(m, host), which, dns_answer_reason(unknown, m->arena)));
}

static bool
is_unknown(const struct dns_answer *answer)
{
	return answer != NULL && !dns_is_known(answer->status);
}

static void
say_missing(const struct remarks *m, const struct resolve_host *host)
{
	if (!resolve_is_name(host))
		m->say(m->arg, RESOLVE_WRONG,
		    arena_printf(m->arena,
			"%s: its MX record names %s, which is not a host name; expected a name "
			"with A or AAAA records",
			m->name, host->name));
	else if (is_unknown(host->a))
		say_not_looked_up(m, host, host->a);
	else if (is_unknown(host->aaaa))
		say_not_looked_up(m, host, host->aaaa);
	else if (n_addresses(host) == 0)
		say_no_address(m, host);
}

static void
say_too_many(const struct remarks *m, size_t n, const char *what, int max)
{
	m->say(m->arg, RESOLVE_UNASKED,
	    arena_printf(m->arena, "%s: it has %zu %s; only the first %d were checked", m->name, n,
		what, max));
}

/* ---- how it was understood */

/* The addresses of the name itself that are not judged: "203.0.113.80, 2001:db8::80"; "". */
static const char *
own_addresses(const struct remarks *m)
{
	enum { OWN_SHOWN = 4 };
	struct resolved judged[RESOLVE_ADDRESSES_MAX];
	size_t n_judged = resolve_addresses(m->resolve, judged), n = 0;
	const struct dns_answer *answers[] = { m->resolve->own.a, m->resolve->own.aaaa };
	const char *own[OWN_SHOWN];

	for (size_t i = 0; i < 2; i++)
		for (size_t k = 0; answers[i] != NULL && k < answers[i]->n_records; k++) {
			bool is_judged = false;
			for (size_t j = 0; j < n_judged; j++)
				is_judged |= ip_equal(&judged[j].ip, &answers[i]->records[k].ip);
			if (!is_judged && n++ < OWN_SHOWN)
				own[n - 1] = answers[i]->records[k].text;
		}
	size_t n_shown = n < OWN_SHOWN ? n : OWN_SHOWN;
	return n == 0 ? "" : safe_names(m->arena, own, n_shown, n - n_shown);
}

static void
say_servers(const struct remarks *m)
{
	const struct resolve *r = m->resolve;
	const char **names = arena_array(m->arena, r->n_servers, sizeof *names);
	const char *own = own_addresses(m);

	for (size_t i = 0; i < r->n_servers; i++)
		names[i] = r->servers[i].name;
	m->say(m->arg, RESOLVE_NOTE,
	    arena_printf(m->arena,
		"%s: %zu mail server%s (MX): %s; %s its mail. To check a server that only "
		"sends%s%s, give its address",
		m->name, r->n_named, r->n_named == 1 ? "" : "s",
		names_shown(names, r->n_servers, m->arena),
		r->n_named == 1 ? "it receives" : "they receive",
		own[0] != '\0' ? ", or the domain's own address " : "", own));
}

/* An MX record must not name an alias, but most senders follow it. */
static void
say_alias(const struct remarks *m, const struct resolve_host *host)
{
	const struct dns_answer *answer = host->a != NULL ? host->a : host->aaaa;

	if (answer != NULL && answer->n_chain > 0)
		m->say(m->arg, RESOLVE_NOTE,
		    arena_printf(m->arena,
			"%s: an alias of %s; an MX record must name a host that has the addresses "
			"itself (RFC 2181 section 10.3)",
			host_shown(m, host), shown(m->arena, answer->chain[answer->n_chain - 1])));
}

static void
say_all_servers(const struct remarks *m)
{
	const struct resolve *r = m->resolve;
	size_t n = 0;

	say_servers(m);
	for (size_t i = 0; i < r->n_servers; i++) {
		say_alias(m, &r->servers[i]);
		say_missing(m, &r->servers[i]);
		n += n_addresses(&r->servers[i]);
	}
	if (r->n_named > r->n_servers)
		say_too_many(m, r->n_named, "mail servers (MX)", RESOLVE_SERVERS_MAX);
	if (n > RESOLVE_ADDRESSES_MAX)
		say_too_many(m, n, "addresses", RESOLVE_ADDRESSES_MAX);
}

static void
say_own(const struct remarks *m)
{
	size_t n = n_addresses(&m->resolve->own);

	say_missing(m, &m->resolve->own);
	if (n > RESOLVE_ADDRESSES_MAX)
		say_too_many(m, n, "addresses", RESOLVE_ADDRESSES_MAX);
}

/* "; its own address 203.0.113.80 is not checked: give the address to check it", where it has one. */
static const char *
own_is_left_out(const struct remarks *m)
{
	const char *own = own_addresses(m);

	if (own[0] == '\0')
		return "";
	return arena_printf(m->arena,
	    ". Its own address %s was not checked: if that is a mail server, give the address",
	    own);
}

static void
say_no_mail(const struct remarks *m)
{
	m->say(m->arg, RESOLVE_NOTHING,
	    arena_printf(m->arena, "%s accepts no mail: it has a null MX record (RFC 7505)%s",
		m->name, own_is_left_out(m)));
}

static void
say_unknown(const struct remarks *m)
{
	m->say(m->arg, RESOLVE_UNASKED,
	    arena_printf(m->arena,
		"%s: its MX record could not be looked up: %s; which servers receive its mail is "
		"unknown%s",
		m->name, dns_answer_reason(m->resolve->mx, m->arena), own_is_left_out(m)));
}

void
resolve_remarks(const struct resolve *r,
    void (*say)(void *arg, enum resolve_remark kind, const char *text), void *arg)
{
	static void (*const sayers[])(const struct remarks *) = {
		[RESOLVE_OWN] = say_own,
		[RESOLVE_SERVERS] = say_all_servers,
		[RESOLVE_NO_MAIL] = say_no_mail,
		[RESOLVE_UNKNOWN] = say_unknown,
	};
	struct remarks m = { .resolve = r,
		.arena = r->arena,
		.name = shown(r->arena, r->own.name),
		.say = say,
		.arg = arg };

	sayers[resolve_kind(r)](&m);
}
