/* Why what SPF says of a sender matters. */
#include "checks/spf_priv.h"

#define WHY_FAIL \
	"Gmail answers 550 5.7.26 to mail without a passing SPF or DKIM signature, Microsoft 365 " \
	"550 5.7.23, Yahoo 554 5.7.9; Orange and GMX refuse a failed SPF, too."
#define WHY_WEAK \
	"It is not a pass: Gmail answers 550 5.7.26 unless the mail has a valid DKIM signature, " \
	"Orange and Outlook.com demand SPF of their senders, and SpamAssassin adds points."
#define WHY_INVALID \
	"A record that cannot be evaluated protects nothing and passes nobody: Gmail and " \
	"Microsoft treat the mail as without SPF, some receivers refuse it with 550."
#define WHY_HELO \
	"Bounces have an empty sender: for them the EHLO name is checked in its place (RFC 7208 " \
	"2.4). SpamAssassin scores it for all mail (SPF_HELO_FAIL)."
#define WHY_LIMITS \
	"Receivers stop with a permanent error after 10 terms that ask the DNS, and after two " \
	"questions without an answer: then nobody passes, whatever else the record says."
#define WHY_WIDE \
	"Whoever has an address there passes as you. Filters give such a pass no weight, and " \
	"some " \
	"count it against the domain."

const struct rule spf_rules[SPF_RULES] = {
	[SPF_RULE_ALL_PASS] = { "spf.all-pass", &topic_spf, "SPF record lets everybody send",
	    SEVERITY_MEDIUM, false, "RFC 7208 5.1", WHY_WIDE },
	[SPF_RULE_BY_NAME] = { "spf.by-name", &topic_spf,
	    "no address in the record allows the server", SEVERITY_LOW, false, "RFC 7208 5.3",
	    "Whoever changes these records, for a new web server or another mail provider, takes "
	    "SPF "
	    "from this server as well, and does not see it." },
	[SPF_RULE_FAIL] = { "spf.fail", &topic_spf, "SPF record does not allow the address",
	    SEVERITY_HIGH, false, "RFC 7208 8.4", WHY_FAIL },
	[SPF_RULE_GOOD] = { "spf.good", &topic_spf, "SPF record allows the address", SEVERITY_INFO,
	    false, "RFC 7208 8.3", WHY_FAIL },
	[SPF_RULE_HELO] = { "spf.helo", &topic_spf,
	    "SPF of the EHLO name does not allow the address", SEVERITY_LOW, false, "RFC 7208 2.3",
	    WHY_HELO },
	[SPF_RULE_HELO_NONE] = { "spf.helo-none", &topic_spf, "EHLO name has no SPF record",
	    SEVERITY_INFO, false, "RFC 7208 2.3", WHY_HELO },
	[SPF_RULE_HELO_UNDECIDED] = { "spf.helo-undecided", &topic_spf,
	    "SPF of the EHLO name could not be looked up", SEVERITY_LOW, false, "RFC 7208 2.3",
	    WHY_HELO },
	[SPF_RULE_HUGE] = { "spf.huge", &topic_spf, "SPF record allows a huge network",
	    SEVERITY_LOW, false, "RFC 7208 11.4", WHY_WIDE },
	[SPF_RULE_INVALID] = { "spf.invalid", &topic_spf, "SPF record cannot be evaluated",
	    SEVERITY_HIGH, false, "RFC 7208 8.7", WHY_INVALID },
	[SPF_RULE_LONG] = { "spf.long", &topic_spf, "SPF record is too long for one datagram",
	    SEVERITY_LOW, false, "RFC 7208 3.4",
	    "A resolver has to ask again over TCP, which some networks block: there the record "
	    "cannot be read." },
	[SPF_RULE_LOOKUPS] = { "spf.lookups", &topic_spf, "SPF record needs nearly all look-ups",
	    SEVERITY_LOW, false, "RFC 7208 4.6.4", WHY_LIMITS },
	[SPF_RULE_MISSING] = { "spf.missing", &topic_spf, "sender's domain has no SPF record",
	    SEVERITY_MEDIUM, false, "RFC 7208 8.1", WHY_WEAK },
	[SPF_RULE_NEUTRAL] = { "spf.neutral", &topic_spf, "SPF record says nothing of the address",
	    SEVERITY_MEDIUM, false, "RFC 7208 8.2", WHY_WEAK },
	[SPF_RULE_NO_SENDER] = { "spf.no-sender", &topic_spf, "no sender to judge SPF for",
	    SEVERITY_INFO, false, "RFC 7208 2.4",
	    "SPF is about the domain that the mail is from, and about the EHLO name." },
	[SPF_RULE_PTR] = { "spf.ptr", &topic_spf, "SPF record uses ptr", SEVERITY_LOW, false,
	    "RFC 7208 5.5",
	    "The mechanism is slow and not reliable: the standard says that it should not be "
	    "published, and large receivers may leave it out." },
	[SPF_RULE_SOFTFAIL] = { "spf.softfail", &topic_spf,
	    "SPF record takes the address for a foreign one", SEVERITY_MEDIUM, false,
	    "RFC 7208 8.5", WHY_WEAK },
	[SPF_RULE_UNDECIDED] = { "spf.undecided", &topic_spf, "SPF could not be evaluated",
	    SEVERITY_MEDIUM, true, "RFC 7208 8.6",
	    "While a record cannot be looked up, receivers defer the mail with 451, or take it as "
	    "without SPF." },
	[SPF_RULE_VOIDS] = { "spf.voids", &topic_spf, "SPF record asks for names without records",
	    SEVERITY_LOW, false, "RFC 7208 4.6.4", WHY_LIMITS },
};
