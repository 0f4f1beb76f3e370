/* The rules of the check `smtp`, and what its parts share. */
#ifndef MAILREADY_CHECKS_SMTP_PRIV_H
#define MAILREADY_CHECKS_SMTP_PRIV_H

#include <stddef.h>

#include "checks/finding.h"
#include "views/understanding.h"

enum smtp_rule {
	SMTP_SKIPPED,
	SMTP_PORT_CLOSED,
	SMTP_MX_CLOSED,
	SMTP_PORT_FILTERED,
	SMTP_PORT_UNREACHABLE,
	SMTP_PORT_SILENT,
	SMTP_NOT_FINISHED,
	SMTP_PROTOCOL_BROKEN,
	SMTP_GREETING_REFUSED,
	SMTP_EHLO_REFUSED,
	SMTP_OUR_NAME,
	SMTP_MASKED,
	SMTP_HELO_ONLY,
	SMTP_LINE_ENDS,
	SMTP_MIXED_CODES,
	SMTP_STARTTLS_MISSING,
	SMTP_STARTTLS_REFUSED,
	SMTP_STARTTLS_INJECTION,
	SMTP_TLS_HANDSHAKE,
	SMTP_TLS_NOT_KNOWN,
	SMTP_TLS_DIALOGUE,
	SMTP_TLS_OLD,
	SMTP_TLS_WEAK,
	SMTP_CERT_EXPIRED,
	SMTP_CERT_EXPIRING,
	SMTP_CERT_NOT_YET_VALID,
	SMTP_CERT_NAME,
	SMTP_CERT_CHAIN,
	SMTP_CERT_WEAK,
	SMTP_CHAIN_EXPIRED,
	SMTP_READY,
	SMTP_RULES,
};
extern const struct rule smtp_rules[SMTP_RULES];

/* One judgement under way. */
struct smtp_case {
	struct understanding *known;
	const struct target *target;
	struct findings *out;
	const struct smtp_dialogue *dialogue;
	const struct fact *fact; /* NULL when it was not wanted */
	const char *subject;     /* "203.0.113.25 port 25" */
	const char *name;        /* as in struct smtp_view */
	const char *server; /* what to call the server in a remedy: its name, else its address */
};

/* Adds a finding about the dialogue; it rests on the dialogue's fact. */
struct finding *smtp_find(const struct smtp_case *c, enum smtp_rule rule, enum verdict verdict,
    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Dates, names and chain of the certificate; the dialogue's tls is SMTP_TLS_DONE. */
void smtp_judge_cert(const struct smtp_case *c);

/* "2026-09-01" (UTC). */
const char *smtp_day(const struct smtp_case *c, int64_t when_s);

#endif
