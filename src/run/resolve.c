/* Which addresses a name means: those of the servers behind its MX record, or its own. */
#include "run/resolve_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "dns/stub.h"
#include "net/loop.h"
#include "run/run.h"

bool
resolve_is_name(const struct resolve_host *host)
{
	enum name_fault fault = name_host_fault(host->name);

	return fault != NAME_ADDRESS && fault != NAME_NUMERIC_TLD && fault != NAME_ROOT;
}

static bool
names_itself_alone(const struct resolve *r)
{
	return r->n_servers == 1 && strcmp(r->servers[0].name, r->own.name) == 0;
}

enum resolve_kind
resolve_kind(const struct resolve *r)
{
	if (!dns_is_known(r->mx->status))
		return RESOLVE_UNKNOWN;
	if (r->mx->status != DNS_FOUND || names_itself_alone(r))
		return RESOLVE_OWN;
	return r->n_servers > 0 ? RESOLVE_SERVERS : RESOLVE_NO_MAIL;
}

/* ---- the servers of an MX record */

static int
by_preference(const void *a, const void *b)
{
	const struct dns_record *one = a, *other = b;

	if (one->preference != other->preference)
		return one->preference < other->preference ? -1 : 1;
	return strcmp(one->text, other->text);
}

static bool
is_known(const struct resolve *r, const char *name)
{
	for (size_t i = 0; i < r->n_servers; i++)
		if (strcmp(r->servers[i].name, name) == 0)
			return true;
	return false;
}

/* The root is the name of no server: alone it says that there is none (RFC 7505). */
void
resolve_take_servers(struct resolve *r)
{
	size_t n = r->mx->status == DNS_FOUND ? r->mx->n_records : 0;

	qsort(r->mx->records, n, sizeof r->mx->records[0], by_preference);
	size_t room = n < RESOLVE_SERVERS_MAX ? n : RESOLVE_SERVERS_MAX;
	r->n_servers = r->n_named = 0;
	r->servers = arena_array(r->arena, room, sizeof *r->servers);
	for (size_t i = 0; i < n; i++) {
		const char *name = r->mx->records[i].text;
		if (name[0] == '\0' || is_known(r, name))
			continue;
		r->n_named++;
		if (r->n_servers < room)
			r->servers[r->n_servers++] = (struct resolve_host){ .resolve = r,
				.name = name,
				.is_server = true };
	}
}

/* ---- asking */

static void ask_servers(struct resolve *r);

static void
answered(struct resolve *r)
{
	if (--r->waiting > 0)
		return;
	if (r->servers == NULL && r->mx->status == DNS_FOUND)
		ask_servers(r);
	if (r->waiting == 0)
		r->done(r->arg);
}

static void
got_a(void *arg, const struct dns_answer *answer)
{
	struct resolve_host *host = arg;

	host->a = dns_answer_copy(host->resolve->arena, answer);
	answered(host->resolve);
}

static void
got_aaaa(void *arg, const struct dns_answer *answer)
{
	struct resolve_host *host = arg;

	host->aaaa = dns_answer_copy(host->resolve->arena, answer);
	answered(host->resolve);
}

static void
got_mx(void *arg, const struct dns_answer *answer)
{
	struct resolve *r = arg;

	r->mx = dns_answer_copy(r->arena, answer);
	answered(r);
}

static void
ask(struct resolve *r, const char *name, uint16_t type, dns_done_fn *done, void *arg)
{
	r->waiting++;
	dns_stub_ask(r->stub, name, type, NULL, loop_now_us() + r->time_us, done, arg);
}

static void
ask_addresses(struct resolve_host *host)
{
	struct resolve *r = host->resolve;

	if (r->families & FAMILY_4)
		ask(r, host->name, DNS_A, got_a, host);
	if (r->families & FAMILY_6)
		ask(r, host->name, DNS_AAAA, got_aaaa, host);
}

static void
ask_servers(struct resolve *r)
{
	resolve_take_servers(r);
	for (size_t i = 0; i < r->n_servers; i++) {
		struct resolve_host *host = &r->servers[i];
		if (strcmp(host->name, r->own.name) == 0) {
			host->a = r->own.a;
			host->aaaa = r->own.aaaa;
		} else if (resolve_is_name(host)) {
			ask_addresses(host);
		}
	}
}

void
resolve_start(struct resolve *r, const char *name)
{
	r->own = (struct resolve_host){ .resolve = r, .name = name };
	ask_addresses(&r->own);
	ask(r, name, DNS_MX, got_mx, r);
}

/* ---- addresses */

static int
by_address(const void *a, const void *b)
{
	const struct resolved *one = a, *other = b;

	return ip_compare(&one->ip, &other->ip);
}

static bool
is_taken(const struct resolved *list, size_t n, const struct ip *ip)
{
	for (size_t i = 0; i < n; i++)
		if (ip_equal(&list[i].ip, ip))
			return true;
	return false;
}

static size_t
take_answer(const struct resolve_host *host, const struct dns_answer *answer, struct resolved *out,
    size_t n)
{
	for (size_t i = 0; answer != NULL && i < answer->n_records; i++) {
		struct ip ip = ip_unmapped(&answer->records[i].ip);
		if (n < RESOLVE_ADDRESSES_MAX && !is_taken(out, n, &ip))
			out[n++] = (struct resolved){ ip, host->name };
	}
	return n;
}

static size_t
take_host(const struct resolve_host *host, struct resolved *out, size_t n)
{
	size_t from = n;

	n = take_answer(host, host->a, out, n);
	n = take_answer(host, host->aaaa, out, n);
	qsort(out + from, n - from, sizeof *out, by_address);
	return n;
}

size_t
resolve_addresses(const struct resolve *r, struct resolved out[RESOLVE_ADDRESSES_MAX])
{
	enum resolve_kind kind = resolve_kind(r);
	size_t n = 0;

	if (kind == RESOLVE_OWN)
		return take_host(&r->own, out, 0);
	for (size_t i = 0; kind == RESOLVE_SERVERS && i < r->n_servers; i++)
		n = take_host(&r->servers[i], out, n);
	return n;
}
