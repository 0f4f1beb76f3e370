/* What this network's own translators (NAT64) make of IPv4 addresses, as its resolver shows it. */
#include "dns/nat64.h"

#include <string.h>

const char nat64_discovery[] = "ipv4only.arpa";
const int nat64_lengths[NAT64_LENGTHS] = { 32, 40, 48, 56, 64, 96 };

static bool
has_prefix(const struct ip *ip, const struct ip *prefix, int bits)
{
	return memcmp(ip->bytes, prefix->bytes, (size_t)bits / 8) == 0;
}

/* Has one of the records the same first bits before 192.0.0.170 or 192.0.0.171 (RFC 7050 2.2)? */
static bool
shows_prefix(const struct dns_answer *answer, const struct ip *ip, int bits)
{
	static const struct ip known[] = { { 4, { 192, 0, 0, 170 } }, { 4, { 192, 0, 0, 171 } } };
	struct ip inner;
	for (size_t i = 0; i < answer->n_records; i++) {
		const struct ip *one = &answer->records[i].ip;
		if (ip_embedded(one, bits, &inner) && has_prefix(ip, one, bits) &&
		    (ip_equal(&inner, &known[0]) || ip_equal(&inner, &known[1])))
			return true;
	}
	return false;
}

bool
nat64_is_prefix(const struct dns_answer *learned, const struct ip *ip, int bits)
{
	if (ip->family != 6)
		return false;
	for (const struct dns_answer *said = learned; said != NULL; said = said->overruled)
		if (shows_prefix(said, ip, bits))
			return true;
	return false;
}

bool
nat64_translated_from(const struct dns_answer *learned, const struct ip *ip, struct ip *from)
{
	for (size_t i = 0; i < NAT64_LENGTHS; i++)
		if (nat64_is_prefix(learned, ip, nat64_lengths[i]))
			return ip_embedded(ip, nat64_lengths[i], from);
	return false;
}

enum nat64_way
nat64_way(const struct dns_answer *learned, const struct ip *ip)
{
	struct ip inner;
	if (!ip_is_public(ip))
		return NAT64_INSIDE;
	/* the well-known prefix means the same in every network */
	if (ip->family != 6 || ip_translated_from(ip, &inner))
		return NAT64_OPEN;
	for (size_t i = 0; i < NAT64_LENGTHS; i++)
		if (nat64_is_prefix(learned, ip, nat64_lengths[i]) &&
		    ip_embedded(ip, nat64_lengths[i], &inner) && ip_special(&inner) != NULL)
			return NAT64_INSIDE;
	return dns_is_known(learned->status) ? NAT64_OPEN : NAT64_UNKNOWN;
}
