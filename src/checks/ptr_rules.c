/* Why what is wrong with a PTR record matters. */
#include "checks/ptr_rules_priv.h"

#include "base/arena.h"
#include "views/names.h"

#define WHY_NO_PTR \
	"Gmail answers 550 5.7.25, Microsoft 550 5.7.25 over IPv6, GMX and web.de 554, Comcast " \
	"554, freenet 550, GoDaddy 421 IB108, Postfix sites 450 4.7.1; SpamRATS NoPtr and Abusix " \
	"list it."
#define WHY_AUTHORITY \
	"Every receiver sees the answer of the zone's own servers once its cache has expired."

const struct rule ptr_rules[PTR_RULES] = {
	[RULE_AUTHORITY] = { "ptr.authority", &topic_zone, "name servers of the reverse zone",
	    SEVERITY_INFO, false, "RFC 1034 4.2",
	    "Only the holder of the zone can set the PTR record." },
	[RULE_AUTHORITY_DELEGATION] = { "ptr.authority-delegation", &topic_zone,
	    "the zone above names other servers for the reverse zone", SEVERITY_INFO, false,
	    "RFC 1034 4.2.2",
	    "A receiver's resolver begins with the servers that the zone above names, and may "
	    "learn "
	    "the zone's own list later, or never." },
	[RULE_AUTHORITY_DIFFERS] = { "ptr.authority-differs", &topic_ptr, "PTR record is changing",
	    SEVERITY_MEDIUM, false, "RFC 1034 4.3.4", WHY_AUTHORITY },
	[RULE_AUTHORITY_GONE] = { "ptr.authority-gone", &topic_zone,
	    "name servers of the reverse zone do not exist", SEVERITY_LOW, false, "RFC 1912 2.8",
	    "A receiver's resolver looks for them in vain: the zone has fewer servers than it "
	    "seems." },
	[RULE_AUTHORITY_IPV6_ALONE] = { "ptr.authority-ipv6-only", &topic_zone,
	    "reverse zone is served over IPv6 only", SEVERITY_MEDIUM, false, "RFC 3901 4",
	    "A receiver whose resolver has no IPv6 cannot look up the PTR record: it defers the "
	    "mail, or treats the server as one without PTR record." },
	[RULE_AUTHORITY_LAME] = { "ptr.authority-lame", &topic_zone,
	    "name servers do not serve the reverse zone", SEVERITY_LOW, false, "RFC 1912 2.8",
	    "A receiver whose resolver asks such a server must wait, and may not find the PTR "
	    "record." },
	[RULE_AUTHORITY_SILENT] = { "ptr.authority-silent", &topic_zone,
	    "name servers do not answer at one of their addresses", SEVERITY_LOW, false,
	    "RFC 1912 2.8",
	    "A receiver whose resolver asks there must wait and ask again; one that has this "
	    "address "
	    "family alone may not find the PTR record." },
	[RULE_AUTHORITY_SPLIT] = { "ptr.authority-split", &topic_ptr,
	    "name servers contradict each other", SEVERITY_MEDIUM, false, "RFC 1034 4.3.5",
	    "Receivers see one answer or the other, by chance: mail is sometimes refused." },
	[RULE_AUTHORITY_UNKNOWN] = { "ptr.authority-unknown", &topic_zone,
	    "name servers of the reverse zone are unknown", SEVERITY_LOW, false, "RFC 1034 4.2",
	    WHY_AUTHORITY },
	[RULE_CNAME_CHAIN] = { "ptr.cname-chain", &topic_ptr, "PTR record is an alias",
	    SEVERITY_INFO, false, "RFC 2317 4",
	    "Receivers follow the chain; the PTR record must be set at its end, not at its "
	    "start." },
	[RULE_FORGOTTEN_DOT] = { "ptr.forgotten-dot", &topic_ptr, "PTR name lacks its final dot",
	    SEVERITY_HIGH, false, "RFC 1035 5.1",
	    "A name without final dot in a zone file is completed with the zone's name, so it "
	    "never leads back to the address: Gmail answers 550 5.7.25, Postfix sites 450 "
	    "4.7.25." },
	[RULE_FOUND] = { "ptr.found", &topic_ptr, "PTR record found", SEVERITY_INFO, true,
	    "RFC 1912 2.1",
	    "Receivers look it up first; many refuse mail from an address without a PTR record." },
	[RULE_MISSING] = { "ptr.missing", &topic_ptr, "no PTR record", SEVERITY_CRITICAL, true,
	    "RFC 1912 2.1", WHY_NO_PTR },
	[RULE_NOT_HOST_NAME] = { "ptr.not-host-name", &topic_ptr,
	    "PTR name is not a valid host name", SEVERITY_HIGH, false, "RFC 1123 2.1",
	    "Receivers that want a usable name ignore this one: Postfix sites answer "
	    "450 4.7.25, or 450 4.7.1." },
	[RULE_RESOLVER_OWN] = { "ptr.resolver-own", &topic_zone,
	    "the resolver has answers of its own", SEVERITY_INFO, false, "RFC 8499 6",
	    "Receivers ask other resolvers: what this one adds, changes or blocks is seen by its "
	    "own "
	    "users alone, and decides no verdict." },
	[RULE_SEVERAL] = { "ptr.several", &topic_ptr, "several PTR names", SEVERITY_MEDIUM, false,
	    "RFC 2181 10.2",
	    "Several names are allowed, but receivers such as Postfix see only the first, and the "
	    "order rotates: the name that they check, log and compare with the EHLO name changes "
	    "from mail to mail." },
	[RULE_TTL_LONG] = { "ptr.ttl-long", &topic_ptr, "PTR record is cached for long",
	    SEVERITY_INFO, false, "RFC 1035 3.2.1",
	    "A change of the PTR record is visible everywhere only after this time." },
	[RULE_TTL_SHORT] = { "ptr.ttl-short", &topic_ptr, "PTR record is cached only briefly",
	    SEVERITY_INFO, false, "RFC 1912 2.2",
	    "Receivers must ask again for nearly every mail; when the reverse zone's servers are "
	    "down, mail is deferred at once." },
	[RULE_UNDECIDED] = { "ptr.undecided", &topic_ptr, "PTR record could not be looked up",
	    SEVERITY_HIGH, true, "RFC 8601 3",
	    "A receiver that also cannot look it up defers the mail: Postfix 450 4.7.1, GoDaddy "
	    "421 IB108." },
};

const char *
ptr_answer_shown(const struct dns_answer *answer, struct arena *a)
{
	struct name_set names = names_of_records(answer, a);
	return answer->status != DNS_FOUND ?
	    "that there is no PTR record" :
	    arena_printf(a, "PTR %s", names_shown(names.list, names.n, a));
}
