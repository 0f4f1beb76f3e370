/* The place of a name: its zone, found through DNS, and the server that takes updates. */
#include <string.h>

#include "base/name.h"
#include "dns/nat64.h"
#include "provider/rfc2136/rfc2136_priv.h"

static const struct dns_answer *
ask(struct provider_session *s, const char *name, uint16_t type)
{
	return s->options->world.ask(s->options->world.arg, name, type, &s->arena);
}

static enum err_code
unknown(struct provider_session *s, const char *name, const struct dns_answer *answer,
    struct err *err)
{
	enum err_code code = answer->status == DNS_LOOP ? ERR_DATA : ERR_TEMP;
	return err_set(err, code, "cannot find the zone of %s: %s", name,
	    dns_answer_reason(answer, &s->arena));
}

/* Nobody of ours writes in the zones that only delegate. */
static bool
is_registry(const char *zone)
{
	return name_equal(zone, "in-addr.arpa") || name_equal(zone, "ip6.arpa") ||
	    name_equal(zone, "arpa") || zone[0] == '\0';
}

/*
 * The owner of the SOA that answers for the name.  A negative answer carries it (RFC 2308 3); where
 * a server leaves it out, the names above are asked.
 */
static enum err_code
find_zone(struct provider_session *s, const char *owner, const char **zone, struct err *err)
{
	for (const char *name = owner; !is_registry(name); name = name_parent(name)) {
		const struct dns_answer *answer = ask(s, name, DNS_SOA);
		if (!dns_is_known(answer->status))
			return unknown(s, name, answer, err);
		*zone = answer->status == DNS_FOUND ? answer->records[0].owner : answer->soa_zone;
		if ((*zone)[0] != '\0' && name_is_under(owner, *zone))
			return is_registry(*zone) ?
			    err_set(err, ERR_DATA, "no zone below %s holds %s: it is not delegated",
				*zone, owner) :
			    ERR_NONE;
	}
	return err_set(err, ERR_DATA, "no zone holds %s", owner);
}

static bool
is_this_provider(const char *service, size_t len)
{
	return len == strlen("rfc2136") && strncmp(service, "rfc2136", len) == 0;
}

/* --endpoint rfc2136=ADDR#PORT, or ADDR#PORT alone; false when there is none for us. */
static bool
named_server(const struct provider_options *o, const char **text)
{
	for (size_t i = 0; i < o->n_endpoints; i++) {
		const char *equals = strchr(o->endpoints[i], '=');
		*text = equals == NULL ? o->endpoints[i] : equals + 1;
		if (equals == NULL ?
			strstr(*text, "://") == NULL :
			is_this_provider(o->endpoints[i], (size_t)(equals - o->endpoints[i])))
			return true;
	}
	return false;
}

static uint16_t
default_port(const struct provider_options *o)
{
	return o->authority_port == 0 ? 53 : o->authority_port;
}

/*
 * The owner of a zone must not make us send into our own network, nor through its translators: what is known of
 * these, and the last address that nothing is sent to.
 */
struct keeping {
	const struct dns_answer *learned; /* dns/nat64.h; NULL until it matters */
	const struct ip *kept;            /* NULL: none */
	enum nat64_way way;               /* to it */
};

static enum nat64_way
way_to(struct provider_session *s, struct keeping *k, const struct ip *ip)
{
	if (s->options->allow_special)
		return NAT64_OPEN;
	if (k->learned == NULL && nat64_way(&dns_answer_pending, ip) == NAT64_UNKNOWN)
		k->learned = ask(s, nat64_discovery, DNS_AAAA);
	return nat64_way(k->learned != NULL ? k->learned : &dns_answer_pending, ip);
}

/* False when there is none but such addresses. */
static bool
add_servers(struct provider_session *s, const struct dns_answer *answer,
    struct rfc2136_place *place, struct keeping *k)
{
	for (size_t i = 0; answer->status == DNS_FOUND && i < answer->n_records; i++) {
		const struct ip *ip = &answer->records[i].ip;
		enum nat64_way way = way_to(s, k, ip);
		if (way != NAT64_OPEN) {
			k->kept = ip;
			k->way = way;
		} else if (place->n_servers < RFC2136_SERVERS_MAX) {
			place->servers[place->n_servers++] = (struct endpoint){ .ip = *ip,
				.port = default_port(s->options) };
		}
	}
	return place->n_servers > 0;
}

static enum err_code
only_kept(struct provider_session *s, const struct rfc2136_place *place, const char *primary,
    const struct keeping *k, struct err *err)
{
	char address[IP_TEXT_MAX];
	ip_format(k->kept, address);
	if (k->way == NAT64_INSIDE)
		return err_set(err, ERR_CONFIG,
		    "%s, the primary server of %s, is at the special-use address %s%s: if that is "
		    "correct, name it with --endpoint rfc2136=%s",
		    primary, place->zone, address,
		    ip_is_public(k->kept) ? " of this network (NAT64)" : "", address);
	return err_set(err, ERR_TEMP,
	    "it is unknown whether %s, the primary server of %s, is in this network, because %s "
	    "could not be looked up (%s): name it with --endpoint rfc2136=%s",
	    primary, place->zone, nat64_discovery, dns_answer_reason(k->learned, &s->arena),
	    address);
}

static enum err_code
no_server(struct provider_session *s, const struct rfc2136_place *place, const char *primary,
    struct err *err)
{
	const struct dns_answer *ip4 = ask(s, primary, DNS_A), *ip6 = ask(s, primary, DNS_AAAA);
	bool known = dns_is_known(ip4->status) && dns_is_known(ip6->status);
	return err_set(err, known ? ERR_DATA : ERR_TEMP,
	    "%s, the primary server of %s, has no address (%s): name it with "
	    "--endpoint rfc2136=ADDRESS",
	    primary, place->zone,
	    dns_answer_reason(dns_is_known(ip4->status) ? ip6 : ip4, &s->arena));
}

/* The addresses of the primary that the zone's SOA names (RFC 2136 4.3). */
static enum err_code
primary_server(struct provider_session *s, struct rfc2136_place *place, struct err *err)
{
	if (name_labels(place->zone) < 2)
		return err_set(err, ERR_DATA, "no zone below the top-level domain %s holds %s",
		    place->zone, place->owner);
	const struct dns_answer *soa = ask(s, place->zone, DNS_SOA);
	if (soa->status != DNS_FOUND || soa->records[0].primary == NULL)
		return unknown(s, place->zone, soa, err);
	const char *primary = soa->records[0].primary;
	if (primary[0] == '\0')
		return err_set(err, ERR_DATA,
		    "the SOA of %s names no primary server (its MNAME is the root): name it with "
		    "--endpoint rfc2136=ADDRESS",
		    place->zone);
	struct keeping k = { .kept = NULL };
	bool with_ip4 = add_servers(s, ask(s, primary, DNS_A), place, &k);
	bool with_ip6 = add_servers(s, ask(s, primary, DNS_AAAA), place, &k);
	if (with_ip4 || with_ip6)
		return ERR_NONE;
	return k.kept != NULL ? only_kept(s, place, primary, &k, err) :
				no_server(s, place, primary, err);
}

static enum err_code
find_server(struct provider_session *s, struct rfc2136_place *place, struct err *err)
{
	const char *text;
	place->derived = !named_server(s->options, &text);
	if (place->derived)
		return primary_server(s, place, err);
	if (endpoint_from_user(text, default_port(s->options), &place->servers[0], ERR_CONFIG,
		err) != ERR_NONE)
		return err_prefix(err, "the endpoint rfc2136");
	place->n_servers = 1;
	return ERR_NONE;
}

static enum err_code
locate(struct provider_session *s, const char *owner, struct rfc2136_place *out, struct err *err)
{
	*out = (struct rfc2136_place){ .owner = owner };
	if (find_zone(s, owner, &out->zone, err) != ERR_NONE)
		return err->code;
	if (find_server(s, out, err) != ERR_NONE)
		return err->code;
	out->server = out->servers[0];
	return ERR_NONE;
}

bool
rfc2136_server_is_derived(const struct provider_options *o)
{
	const char *ignored;
	return !named_server(o, &ignored);
}

static enum err_code
need_resolver(const struct provider_session *s, struct err *err)
{
	if (s->options->world.ask != NULL)
		return ERR_NONE;
	return err_set(err, ERR_CONFIG,
	    "finding the zone to update needs the DNS, which must not be asked");
}

enum err_code
rfc2136_locate_ptr(struct provider_session *s, const struct ip *ip, struct rfc2136_place *out,
    struct err *err)
{
	if (need_resolver(s, err) != ERR_NONE)
		return err->code;
	char reverse[IP_REVERSE_MAX];
	ip_reverse_name(ip, reverse);
	const struct dns_answer *answer = ask(s, reverse, DNS_PTR);
	if (!dns_is_known(answer->status))
		return unknown(s, reverse, answer, err);
	return locate(s, arena_strdup(&s->arena, dns_answer_end(answer, reverse)), out, err);
}

enum err_code
rfc2136_locate_name(struct provider_session *s, const char *name, struct rfc2136_place *out,
    struct err *err)
{
	if (need_resolver(s, err) != ERR_NONE)
		return err->code;
	return locate(s, arena_strdup(&s->arena, name), out, err);
}
