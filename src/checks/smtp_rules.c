/* Why what the SMTP port shows matters. */
#include "checks/smtp_priv.h"

#include <stdarg.h>
#include <stdio.h>

#define OUTBOUND_ONLY \
	"A server that only sends needs no open SMTP port, so this is not a fault. Its banner, " \
	"EHLO reply and TLS could not be checked. Only the few receivers that call senders back " \
	"notice it."

#define CALL_BACK \
	"Bounces and replies to your mail arrive here, and the few receivers that call senders " \
	"back cannot get through."

#define VERIFIERS \
	"Most senders encrypt opportunistically and take any certificate (RFC 7435). Senders " \
	"that follow MTA-STS (RFC 8461) verify it against the name in the MX record and hold " \
	"mail back when it does not match; Microsoft 365 then reports 4.7.325. DANE with usage 3 " \
	"(RFC 7672) checks only the key."

const struct rule smtp_rules[SMTP_RULES] = {
	[SMTP_SKIPPED] = { "smtp.skipped", &topic_dialogue, "SMTP port not looked at",
	    SEVERITY_INFO, false, "", OUTBOUND_ONLY },
	[SMTP_PORT_CLOSED] = { "smtp.closed", &topic_dialogue, "SMTP port is closed", SEVERITY_INFO,
	    false, "", OUTBOUND_ONLY },
	[SMTP_MX_CLOSED] = { "smtp.mx-closed", &topic_dialogue, "SMTP port of an MX is closed",
	    SEVERITY_HIGH, false, "RFC 5321 5.1",
	    "Senders take the next MX record; if that is the last one, the mail to the domain "
	    "waits "
	    "at them for days and is returned." },
	[SMTP_PORT_FILTERED] = { "smtp.filtered", &topic_dialogue, "SMTP port does not answer",
	    SEVERITY_INFO, false, "", OUTBOUND_ONLY },
	[SMTP_PORT_UNREACHABLE] = { "smtp.unreachable", &topic_dialogue,
	    "SMTP port is not reachable from here", SEVERITY_INFO, false, "", OUTBOUND_ONLY },
	[SMTP_PORT_SILENT] = { "smtp.silent", &topic_dialogue, "SMTP server did not answer in time",
	    SEVERITY_LOW, false, "RFC 5321 3.1",
	    "The server speaks first in SMTP. Some delay their greeting on purpose, and client "
	    "programs wait up to five minutes for it (RFC 5321 4.5.3.2.1), so slowness alone is "
	    "not a fault." },
	[SMTP_NOT_FINISHED] = { "smtp.unknown", &topic_dialogue, "SMTP dialogue was not finished",
	    SEVERITY_INFO, false, "", OUTBOUND_ONLY },
	[SMTP_PROTOCOL_BROKEN] = { "smtp.broken", &topic_dialogue, "SMTP port does not speak SMTP",
	    SEVERITY_MEDIUM, false, "RFC 5321 4.2", CALL_BACK },
	[SMTP_GREETING_REFUSED] = { "smtp.greeting-refused", &topic_dialogue,
	    "SMTP server greets with a refusal", SEVERITY_LOW, false, "RFC 5321 3.1",
	    "554 means that no mail is accepted here, 421 that the service is closed for now. "
	    "Either may apply only to the machine that runs this check. " CALL_BACK },
	[SMTP_EHLO_REFUSED] = { "smtp.ehlo-refused", &topic_dialogue, "SMTP server refuses EHLO",
	    SEVERITY_MEDIUM, false, "RFC 5321 4.1.1.1", CALL_BACK },
	[SMTP_OUR_NAME] = { "smtp.our-name", &topic_dialogue, "SMTP server refuses our EHLO name",
	    SEVERITY_INFO, false, "RFC 5321 4.1.4",
	    "The server judges the machine that this check runs on, not the other way round: its "
	    "EHLO name and TLS could not be checked. A mail server with a right name gets "
	    "through." },
	[SMTP_MASKED] = { "smtp.masked", &topic_dialogue, "firewall rewrites the SMTP dialogue",
	    SEVERITY_MEDIUM, false, "RFC 3207",
	    "SMTP inspection hides STARTTLS, so that mail travels in the clear, and senders that "
	    "require TLS do not deliver; long lines and extensions get lost in it, too." },
	[SMTP_HELO_ONLY] = { "smtp.helo-only", &topic_dialogue, "SMTP server knows HELO only",
	    SEVERITY_LOW, false, "RFC 5321 3.2",
	    "Without EHLO there is no STARTTLS: every mail to this server travels in the clear. A "
	    "firewall that rewrites SMTP is a usual cause." },
	[SMTP_LINE_ENDS] = { "smtp.line-ends", &topic_dialogue, "SMTP lines end with LF alone",
	    SEVERITY_LOW, false, "RFC 5321 2.3.8",
	    "Lines end with CR and LF. Strict clients do not see the end of a line that lacks the "
	    "CR, and servers that are lax about line ends were open to SMTP smuggling "
	    "(CVE-2023-51764)." },
	[SMTP_MIXED_CODES] = { "smtp.mixed-codes", &topic_dialogue, "SMTP reply mixes codes",
	    SEVERITY_LOW, false, "RFC 5321 4.2.1",
	    "All lines of a reply carry the same code. Clients differ in which of several codes "
	    "they believe." },
	[SMTP_STARTTLS_MISSING] = { "smtp.starttls-missing", &topic_tls, "no STARTTLS",
	    SEVERITY_MEDIUM, false, "RFC 3207",
	    "Mail to this server travels in the clear, and senders that require TLS do not "
	    "deliver: Microsoft 365 holds such mail back with 4.7.321. A server that offers no TLS "
	    "often also sends without it, which Gmail answers with 421 4.7.29 or 550 "
	    "5.7.29." },
	[SMTP_STARTTLS_REFUSED] = { "smtp.starttls-refused", &topic_tls,
	    "STARTTLS is offered and refused", SEVERITY_MEDIUM, false, "RFC 3207 4",
	    "The server refuses what it offers. Some senders continue in the clear; those that "
	    "require TLS do not deliver: Microsoft 365 holds such mail back with 4.7.321." },
	[SMTP_STARTTLS_INJECTION] = { "smtp.starttls-injection", &topic_tls,
	    "plain text after STARTTLS", SEVERITY_HIGH, false, "RFC 3207 6",
	    "A careless client can take plain text after the reply to STARTTLS for part of the "
	    "encrypted session (CVE-2011-0411). It comes from a broken server or from somebody on "
	    "the way." },
	[SMTP_TLS_HANDSHAKE] = { "smtp.tls-failed", &topic_tls, "TLS handshake fails",
	    SEVERITY_MEDIUM, false, "RFC 3207 4.1",
	    "Senders that cannot finish the handshake try again in the clear, later, or never. "
	    "Those that require TLS do not deliver." },
	[SMTP_TLS_NOT_KNOWN] = { "smtp.tls-unknown", &topic_tls, "TLS could not be checked",
	    SEVERITY_INFO, false, "RFC 3207", VERIFIERS },
	[SMTP_TLS_DIALOGUE] = { "smtp.tls-dialogue", &topic_tls,
	    "SMTP dialogue breaks off after STARTTLS", SEVERITY_LOW, false, "RFC 3207 4.2",
	    "The dialogue starts over after the handshake, with EHLO. A server that does not "
	    "answer it gets no mail over TLS." },
	[SMTP_TLS_OLD] = { "smtp.tls-old", &topic_tls, "only old TLS versions", SEVERITY_LOW, false,
	    "RFC 8996",
	    "TLS before 1.2 must not be used any more. Senders that have turned it off deliver in "
	    "the clear or not at all." },
	[SMTP_TLS_WEAK] = { "smtp.tls-weak", &topic_tls, "TLS key exchange is too weak",
	    SEVERITY_MEDIUM, false, "RFC 9325 4.5",
	    "Level 2 is the default of OpenSSL in current systems, and takes no key of less than "
	    "112 bits of security, for RSA and DH 2048 bits. Senders end the handshake with \"dh "
	    "key too small\", and try again in the clear, later, or never." },
	[SMTP_CERT_EXPIRED] = { "smtp.cert-expired", &topic_certificate, "certificate has expired",
	    SEVERITY_HIGH, false, "RFC 8461 4.2", VERIFIERS },
	[SMTP_CERT_EXPIRING] = { "smtp.cert-expiring", &topic_certificate,
	    "certificate expires soon", SEVERITY_MEDIUM, false, "RFC 8461 4.2",
	    "Automatic renewal normally happens 30 days before expiry, so it has probably "
	    "failed. " VERIFIERS },
	[SMTP_CERT_NOT_YET_VALID] = { "smtp.cert-not-yet-valid", &topic_certificate,
	    "certificate is not valid yet", SEVERITY_HIGH, false, "RFC 5280 4.1.2.5", VERIFIERS },
	[SMTP_CERT_NAME] = { "smtp.cert-name", &topic_certificate,
	    "certificate is for another name", SEVERITY_LOW, false, "RFC 6125 6.4", VERIFIERS },
	[SMTP_CERT_CHAIN] = { "smtp.cert-chain", &topic_certificate, "certificate is not verified",
	    SEVERITY_LOW, false, "RFC 5280 6", VERIFIERS },
	[SMTP_CERT_WEAK] = { "smtp.cert-weak", &topic_certificate,
	    "certificate is too weak for current clients", SEVERITY_MEDIUM, false, "RFC 9325 4.5",
	    "Level 2 is the default of OpenSSL in current systems, and takes no key of less than "
	    "112 bits of security, for RSA 2048 bits, and no signature with SHA-1. " VERIFIERS },
	[SMTP_CHAIN_EXPIRED] = { "smtp.chain-expired", &topic_certificate,
	    "certificate of the chain has expired", SEVERITY_HIGH, false, "RFC 5280 6.1.3",
	    VERIFIERS },
	[SMTP_READY] = { "smtp.ready", &topic_certificate,
	    "SMTP, STARTTLS and certificate are good", SEVERITY_INFO, false, "RFC 5321 3.1",
	    CALL_BACK },
};

struct finding *
smtp_find(const struct smtp_case *c, enum smtp_rule rule, enum verdict verdict, const char *fmt,
    ...)
{
	char text[2048];
	va_list ap;
	va_start(ap, fmt);
	vsnprintf(text, sizeof text, fmt, ap);
	va_end(ap);
	struct finding *f = finding_add(c->out, &smtp_rules[rule], verdict, c->subject, "%s", text);
	finding_evidence(c->out, f, c->fact);
	return f;
}
