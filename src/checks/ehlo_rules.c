/* Why what is wrong with an EHLO name matters. */
#include "checks/ehlo_rules_priv.h"

#define WHY_SYNTAX \
	"Gmail answers 501 5.5.4, Postfix sites 501 5.5.2 or 504 5.5.2; rspamd and SpamAssassin " \
	"add points."
#define WHY_SEEN \
	"A mail server may send another name than the one in its greeting, and receivers judge " \
	"the one it sends."
#define WHY_COMPARED \
	"Spamhaus CSS and content filters compare EHLO name, PTR name and address; rspamd adds " \
	"points for a difference.  Refusing for it alone is against RFC 5321 4.1.4."

const struct rule ehlo_rules[EHLO_RULES] = {
	[RULE_BAD_LITERAL] = { "ehlo.bad-literal", &topic_ehlo,
	    "EHLO name is not a valid address literal", SEVERITY_HIGH, false, "RFC 5321 4.1.3",
	    WHY_SYNTAX },
	[RULE_BAD_SYNTAX] = { "ehlo.bad-syntax", &topic_ehlo, "EHLO name is not a valid host name",
	    SEVERITY_HIGH, false, "RFC 5321 4.1.2", WHY_SYNTAX },
	[RULE_BARE_ADDRESS] = { "ehlo.bare-address", &topic_ehlo,
	    "EHLO name is an address without brackets", SEVERITY_HIGH, false, "RFC 5321 4.1.3",
	    "An address must be in brackets: Postfix sites answer 501 or 504 5.5.2, Gmail 501 "
	    "5.5.4, rspamd adds 3 points." },
	[RULE_DIFFERS] = { "ehlo.differs", &topic_ehlo, "greeting and EHLO name differ",
	    SEVERITY_INFO, false, "RFC 5321 4.1.1.1", WHY_SEEN },
	[RULE_FINAL_DOT] = { "ehlo.final-dot", &topic_ehlo, "EHLO name ends with a dot",
	    SEVERITY_LOW, false, "RFC 5321 4.1.2",
	    "A domain in SMTP has no final dot; most receivers accept it, strict ones answer "
	    "501." },
	[RULE_GOOD] = { "ehlo.good", &topic_ehlo, "EHLO name resolves to the address",
	    SEVERITY_INFO, false, "RFC 5321 4.1.4", WHY_COMPARED },
	[RULE_IDN] = { "ehlo.idn", &topic_ehlo, "EHLO name is not ASCII", SEVERITY_MEDIUM, false,
	    "RFC 6531 3.7.1",
	    "EHLO takes only A-labels, even with SMTPUTF8: receivers that check the name answer "
	    "501 to bytes that are not ASCII." },
	[RULE_LITERAL] = { "ehlo.literal", &topic_ehlo, "EHLO name is an address literal",
	    SEVERITY_MEDIUM, false, "RFC 5321 4.1.3",
	    "The standard allows it for hosts without a name, but receivers take it for a sign of "
	    "infected machines, and some answer 504 5.5.2 or 550." },
	[RULE_LITERAL_OTHER] = { "ehlo.literal-other", &topic_ehlo,
	    "EHLO name is the literal of another address", SEVERITY_HIGH, false, "RFC 5321 4.1.3",
	    "An address that is not the client's own shows that the server is misconfigured: "
	    "Postfix sites and Gmail refuse such clients with 501 or 550." },
	[RULE_MISMATCH] = { "ehlo.mismatch", &topic_ehlo, "EHLO name resolves to another address",
	    SEVERITY_MEDIUM, false, "RFC 5321 4.1.4", WHY_COMPARED },
	[RULE_NO_ADDRESS] = { "ehlo.no-address", &topic_ehlo, "EHLO name has no address",
	    SEVERITY_HIGH, false, "RFC 5321 2.3.5",
	    "Postfix sites answer 450 or 550 4.7.1, Helo command rejected: Host not found; an MX "
	    "record is enough for them." },
	[RULE_NOT_QUALIFIED] = { "ehlo.not-qualified", &topic_ehlo,
	    "EHLO name is not fully qualified", SEVERITY_HIGH, false, "RFC 5321 2.3.5",
	    "Postfix sites answer 504 5.5.2, need fully-qualified hostname; Gmail 501 5.5.4; "
	    "rspamd adds 3 points." },
	[RULE_PRIVATE] = { "ehlo.private", &topic_ehlo, "EHLO name is in a private domain",
	    SEVERITY_HIGH, false, "RFC 5321 2.3.5",
	    "Nobody outside your network can resolve it: Postfix sites answer 450 or 550 4.7.1, "
	    "Host not found." },
	[RULE_PTR_OTHER] = { "ehlo.ptr-other", &topic_ehlo,
	    "EHLO name and PTR name have different domains", SEVERITY_LOW, false, "RFC 5321 4.1.4",
	    WHY_COMPARED },
	[RULE_PTR_SAME_DOMAIN] = { "ehlo.ptr-same-domain", &topic_ehlo,
	    "EHLO name is not the PTR name", SEVERITY_INFO, false, "RFC 5321 4.1.4", WHY_COMPARED },
	[RULE_SEEN] = { "ehlo.seen", &topic_ehlo, "EHLO name taken from the SMTP port",
	    SEVERITY_INFO, false, "RFC 5321 4.1.1.1", WHY_SEEN },
	[RULE_UNDECIDED] = { "ehlo.undecided", &topic_ehlo, "EHLO name could not be looked up",
	    SEVERITY_MEDIUM, true, "RFC 5321 4.1.4",
	    "A receiver that also cannot look up the name defers the mail: Postfix 450 4.7.1." },
	[RULE_UNKNOWN] = { "ehlo.unknown", &topic_ehlo, "EHLO name is not known", SEVERITY_INFO,
	    false, "RFC 5321 4.1.1.1",
	    "Receivers judge the name that the server sends in EHLO; only its owner knows it for "
	    "certain." },
};
