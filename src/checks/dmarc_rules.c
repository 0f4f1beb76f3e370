/* The rules of the dmarc check, and why each matters. */
#include "dmarc_rules_priv.h"

#define WHY_REPORTS \
	"Reports go to another domain only when that says that it wants them; else anybody could " \
	"have them sent to anybody. Your mail is delivered all the same, but you do not learn " \
	"who " \
	"sends in your name."
#define WHY_RECORD \
	"Gmail, Yahoo and Outlook.com demand a DMARC record from those who send much (p=none is " \
	"enough), Orange from " \
	"everybody; Gmail answers 421 4.7.40, Microsoft 550 5.7.515."
#define WHY_ALIGNED \
	"Gmail answers 421 4.7.32, Microsoft 550 5.7.515, Orange 535 to mail that passes neither " \
	"SPF nor DKIM for " \
	"the domain in From. With p=quarantine it is put aside, with p=reject refused."

const struct rule dmarc_rules[DMARC_RULES] = {
	[RULE_FAIL] = { "dmarc.fail", &topic_dmarc, "mail fails DMARC", SEVERITY_HIGH, false,
	    "RFC 9989 5.3.5", WHY_ALIGNED },
	[RULE_FAULT] = { "dmarc.fault", &topic_dmarc, "DMARC record has faults", SEVERITY_MEDIUM,
	    false, "RFC 9989 4.8",
	    "Receivers pass over what is not valid: what it was meant to ask for does not "
	    "happen." },
	[RULE_FROM] = { "dmarc.from", &topic_dmarc, "message has no single From domain",
	    SEVERITY_HIGH, false, "RFC 5322 3.6",
	    "A message must have one From field. Gmail refuses others with 550 5.7.1, and DMARC "
	    "cannot be "
	    "judged without one domain." },
	[RULE_INVALID] = { "dmarc.invalid", &topic_dmarc, "DMARC record is without a valid policy",
	    SEVERITY_HIGH, false, "RFC 9989 4.10.1",
	    "Receivers treat the domain as if it had no DMARC record. " WHY_RECORD },
	[RULE_LIST_DIFFERS] = { "dmarc.list-differs", &topic_dmarc,
	    "DMARC differs between old and new receivers", SEVERITY_MEDIUM, false, "RFC 9989 4.10",
	    "Receivers are still on both: some find the organisational domain by the DNS tree walk "
	    "of RFC "
	    "9989, others by the Public Suffix List of RFC 7489." },
	[RULE_MISSING] = { "dmarc.missing", &topic_dmarc, "no DMARC record", SEVERITY_MEDIUM, false,
	    "RFC 9989 4.10.1", WHY_RECORD },
	[RULE_NEAR_MISS] = { "dmarc.near-miss", &topic_dmarc,
	    "DMARC record that receivers do not see", SEVERITY_MEDIUM, false, "RFC 9989 4.7",
	    "A record that does not begin with v=DMARC1 and a semicolon is passed "
	    "over. " WHY_RECORD },
	[RULE_NEEDS_DKIM] = { "dmarc.needs-dkim", &topic_dmarc,
	    "mail passes DMARC by DKIM alone, if at all", SEVERITY_HIGH, false, "RFC 9989 5.3.5",
	    WHY_ALIGNED },
	[RULE_NOT_GIVEN] = { "dmarc.not-given", &topic_dmarc, "domain in From is not known",
	    SEVERITY_INFO, false, "RFC 9989 5.3.1",
	    "DMARC is about the domain in the From header." },
	[RULE_PASS] = { "dmarc.pass", &topic_dmarc, "mail passes DMARC", SEVERITY_INFO, false,
	    "RFC 9989 5.3.5", "Receivers take the mail as the domain's own." },
	[RULE_REMOVED] = { "dmarc.removed", &topic_dmarc, "DMARC record has tags without a meaning",
	    SEVERITY_INFO, false, "RFC 9989 C.5.2",
	    "RFC 9989 took pct, rf and ri away: new receivers pass over them, older ones follow "
	    "them." },
	[RULE_REPORTS] = { "dmarc.reports", &topic_dmarc, "DMARC reports are sent to nobody",
	    SEVERITY_LOW, false, "RFC 9990 4", WHY_REPORTS },
	[RULE_REPORTS_UNDECIDED] = { "dmarc.reports-undecided", &topic_dmarc,
	    "recipient of DMARC reports could not be checked", SEVERITY_LOW, false, "RFC 9990 4",
	    WHY_REPORTS },
	[RULE_SEVERAL] = { "dmarc.several", &topic_dmarc, "several DMARC records", SEVERITY_HIGH,
	    false, "RFC 9989 4.10", "Receivers drop all of them. " WHY_RECORD },
	[RULE_SPF_ALONE] = { "dmarc.spf-alone", &topic_dmarc, "mail passes DMARC by SPF alone",
	    SEVERITY_MEDIUM, false, "RFC 9989 4.4",
	    "SPF does not survive forwarding: without an aligned DKIM signature forwarded mail "
	    "fails DMARC." },
	[RULE_TESTING] = { "dmarc.testing", &topic_dmarc, "DMARC record is marked as a test",
	    SEVERITY_INFO, false, "RFC 9989 4.7", "Receivers take the policy one step down." },
	[RULE_UNDECIDED] = { "dmarc.undecided", &topic_dmarc, "DMARC could not be judged",
	    SEVERITY_HIGH, true, "RFC 9989 4.10.1",
	    "A receiver that also gets no answer defers the mail, or delivers it unchecked." },
};
