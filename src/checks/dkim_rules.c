/* The rules of the dkim check, and why each matters. */
#include "dkim_rules_priv.h"

#define WHY_UNSIGNED \
	"Gmail and Yahoo take mail from anybody only with SPF or DKIM, and from those who send " \
	"much only with " \
	"both: 421 4.7.30, later 550 5.7.30. Orange wants both from everybody."
#define WHY_NO_KEY \
	"Without a usable key a receiver cannot verify the signature: the mail counts as not " \
	"signed. " WHY_UNSIGNED

const struct rule dkim_rules[DKIM_RULES] = {
	[RULE_ASSUMED] = { "dkim.assumed", &topic_dkim, "DKIM signature taken as good",
	    SEVERITY_INFO, false, "RFC 9989 4.4",
	    "Alignment needs only the domain that signs. Whether its key exists was not looked "
	    "up." },
	[RULE_BODY_CHANGED] = { "dkim.body-changed", &topic_dkim,
	    "DKIM: the body was changed after signing", SEVERITY_HIGH, false, "RFC 6376 6.1.3",
	    "A receiver takes a broken signature for none. " WHY_UNSIGNED },
	[RULE_BODY_LENGTH] = { "dkim.body-length", &topic_dkim,
	    "DKIM signs a part of the body only", SEVERITY_MEDIUM, false, "RFC 6376 8.2",
	    "Anybody can add text below the signed part. Some receivers, Gmail among them, "
	    "distrust such "
	    "signatures." },
	[RULE_EXPIRED] = { "dkim.expired", &topic_dkim, "DKIM signature has expired", SEVERITY_HIGH,
	    false, "RFC 6376 3.5", "A receiver may take an expired signature for none." },
	[RULE_GUESSED] = { "dkim.guessed", &topic_dkim, "DKIM key found by guessing", SEVERITY_INFO,
	    false, "RFC 6376 3.6.2", "A key at a usual selector need not be the one that signs." },
	[RULE_HEADER_CHANGED] = { "dkim.header-changed", &topic_dkim,
	    "DKIM signature does not match the header", SEVERITY_HIGH, false, "RFC 6376 6.1.3",
	    "A receiver takes a broken signature for none. " WHY_UNSIGNED },
	[RULE_KEY_GOOD] = { "dkim.key-good", &topic_dkim, "DKIM key found", SEVERITY_INFO, false,
	    "RFC 6376 6.1.2", "Receivers verify signatures with it." },
	[RULE_KEY_INVALID] = { "dkim.key-invalid", &topic_dkim, "DKIM key record is not usable",
	    SEVERITY_HIGH, false, "RFC 6376 6.1.2", WHY_NO_KEY },
	[RULE_KEY_MISSING] = { "dkim.key-missing", &topic_dkim, "DKIM key is missing",
	    SEVERITY_HIGH, false, "RFC 6376 6.1.2", WHY_NO_KEY },
	[RULE_KEY_REVOKED] = { "dkim.key-revoked", &topic_dkim, "DKIM key was revoked",
	    SEVERITY_HIGH, false, "RFC 6376 3.6.1", WHY_NO_KEY },
	[RULE_KEY_SEVERAL] = { "dkim.key-several", &topic_dkim, "several DKIM keys at one selector",
	    SEVERITY_HIGH, false, "RFC 6376 3.6.2.2",
	    "Which of them a receiver takes is not defined: signatures fail at random." },
	[RULE_KEY_SHORT] = { "dkim.key-short", &topic_dkim, "DKIM key is too short", SEVERITY_HIGH,
	    false, "RFC 8301 3.2",
	    "Receivers must not take signatures of an RSA key below 1024 bits for valid; Gmail and "
	    "Yahoo "
	    "want 1024 bits at least." },
	[RULE_KEY_SMALL] = { "dkim.key-small", &topic_dkim, "DKIM key has fewer than 2048 bits",
	    SEVERITY_LOW, false, "RFC 8301 3.2",
	    "Receivers still take 1024 bits; 2048 are advised, because shorter keys can be "
	    "broken." },
	[RULE_LINE_ENDS] = { "dkim.line-ends", &topic_dkim, "message has lone CR or LF",
	    SEVERITY_MEDIUM, false, "RFC 5322 2.3",
	    "Mail servers change or refuse such lines on the way, and then the signature does not "
	    "match." },
	[RULE_NOT_GIVEN] = { "dkim.not-given", &topic_dkim, "no DKIM key was named", SEVERITY_INFO,
	    false, "RFC 6376 3.6.2",
	    "A key can be found only by the selector that stands in the signature." },
	[RULE_NOT_GUESSED] = { "dkim.not-guessed", &topic_dkim,
	    "no DKIM key at the usual selectors", SEVERITY_INFO, false, "RFC 6376 3.6.2",
	    "The selector may have any name: that none was guessed says nothing of the mail." },
	[RULE_SIGNATURE_GOOD] = { "dkim.signature-good", &topic_dkim, "DKIM signature verified",
	    SEVERITY_INFO, false, "RFC 6376 6.1.3",
	    "Receivers count it for the domain that signed." },
	[RULE_SIGNATURE_INVALID] = { "dkim.signature-invalid", &topic_dkim,
	    "DKIM signature is not valid", SEVERITY_HIGH, false, "RFC 6376 6.1.1",
	    "A receiver takes such a signature for none. " WHY_UNSIGNED },
	[RULE_TESTING] = { "dkim.testing", &topic_dkim, "DKIM key is marked as a test",
	    SEVERITY_MEDIUM, false, "RFC 6376 3.6.1",
	    "A receiver that follows the mark treats the mail as if it was not signed." },
	[RULE_UNDECIDED] = { "dkim.undecided", &topic_dkim, "DKIM key could not be looked up",
	    SEVERITY_HIGH, true, "RFC 6376 6.1.2",
	    "A receiver that also gets no answer defers the mail or takes it as not signed." },
	[RULE_UNSIGNED] = { "dkim.unsigned", &topic_dkim, "message has no DKIM signature",
	    SEVERITY_HIGH, false, "RFC 6376 6", WHY_UNSIGNED },
};
