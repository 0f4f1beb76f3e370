/*
 * What one SMTP dialogue showed: a fact, plain data.  The dialogue is 220 greeting, EHLO,
 * STARTTLS when offered, EHLO again, QUIT; mail is never sent.
 */
#ifndef MAILREADY_SMTP_DIALOGUE_H
#define MAILREADY_SMTP_DIALOGUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/enumtab.h"
#include "net/endpoint.h"

struct arena;

enum smtp_status {
	SMTP_PENDING = 0,
	SMTP_TALKED,      /* the greeting was answered, and EHLO unless the greeting refused us; the
			     fields below say how */
	SMTP_CLOSED,      /* connection refused */
	SMTP_FILTERED,    /* no connection within the time limit, or ICMP prohibited */
	SMTP_UNREACHABLE, /* no route, network down */
	SMTP_SILENT,    /* connected, but no complete greeting (banner_code 0) or no complete answer
			     to EHLO before the time was up */
	SMTP_BROKEN,    /* connection ended early, or what was said is not SMTP */
	SMTP_NOT_ASKED, /* --no-smtp, --offline */
};
/* "pending" "talked" "closed" "filtered" "unreachable" "silent" "broken" "not-asked" */
extern const struct enumtab smtp_status_names;

enum smtp_tls {
	SMTP_TLS_UNKNOWN = 0, /* the dialogue did not get that far, or the time was up on the way */
	SMTP_TLS_NOT_OFFERED,
	SMTP_TLS_REFUSED, /* offered, but the command was answered with an error */
	SMTP_TLS_FAILED,  /* the handshake failed; tls_error says why */
	SMTP_TLS_DONE,
};
extern const struct enumtab smtp_tls_names; /* "unknown" "not-offered" "refused" "failed" "done" */

/* Oddities that do not stop a dialogue; a mask. */
enum smtp_note {
	SMTP_NOTE_BARE_LF = 1,     /* lines ended with LF instead of CRLF (RFC 5321 2.3.8) */
	SMTP_NOTE_MIXED_CODES = 2, /* lines of one reply had different codes (RFC 5321 4.2.1) */
	SMTP_NOTE_INJECTED = 4,    /* plain text came after the reply to STARTTLS (RFC 3207 6) */
};

enum {
	SMTP_LINES_MAX = 64,
	SMTP_LINE_MAX = 1024,
	SMTP_CERT_NAMES_MAX = 100,
	SMTP_DEPTH_MAX = 100, /* of a chain: OpenSSL goes no deeper */
};

/* A certificate of the chain at which a client stops. */
struct smtp_chain_fault {
	int depth;           /* 0: the server's own; 1: its issuer's; and so on */
	const char *subject; /* one line, untrusted */
	const char *detail;  /* key or signature that is weak; the day of the end; "": no fault */
};

struct smtp_cert {
	const char **names; /* subjectAltName dNSName entries (RFC 6125), else the CN; untrusted */
	size_t n_names;
	int64_t not_before_s, not_after_s; /* seconds since the epoch */
	const char *issuer;                /* one line, untrusted */
	const char *key;                   /* "RSA 2048 bits" */
	const char *signature;             /* "sha256WithRSAEncryption" */
	bool chain_good; /* verified against the system's trust store at OpenSSL's security level 2;
			    names and the certificate's own dates are judged apart */
	const char *chain_error; /* OpenSSL's reason when not, but for the two faults below; "" */
	struct smtp_chain_fault weak;    /* what clients at that level refuse */
	struct smtp_chain_fault expired; /* sent by the server, and not its own certificate */
	bool self_signed;
};

struct smtp_dialogue {
	enum smtp_status status;
	struct endpoint server;
	uint32_t time_us;
	const char *error; /* what the system or the peer said when it went wrong; untrusted; "" */
	unsigned notes;    /* enum smtp_note */

	const char *our_name; /* what we say in EHLO; "" without a connection */

	int banner_code;    /* 220, 554 ...; 0 while it is not complete */
	const char *banner; /* text of the greeting, first line, without the code, also of one that
			       did not end in time; untrusted */
	const char *banner_name; /* its first word as a name, or UTF-8 that has an A-label; "" */
	int ehlo_code;           /* reply code to EHLO; 0 when none; 500 or 502 led to HELO */
	const char *ehlo_name;   /* first word of the first line of the good reply to EHLO or HELO,
				     likewise; "" */
	const char **capabilities; /* the other EHLO lines, before TLS */
	size_t n_capabilities;

	enum smtp_tls tls;
	const char *tls_name;    /* of which a certificate was asked for (SNI, RFC 6066 3); "" */
	const char *tls_version; /* "TLSv1.3"; "" */
	const char *tls_cipher;
	const char *tls_exchange; /* the key that the server made for it: "DH 1024 bits"; "" */
	bool tls_weak;            /* clients at OpenSSL's security level 2 refuse that key */
	const char *tls_error;    /* why tls is refused, failed or unknown; untrusted; "" */
	struct smtp_cert cert;    /* when tls is SMTP_TLS_DONE */
};

extern const struct smtp_dialogue smtp_dialogue_pending;

/* A deep copy: nothing in it points to from. */
struct smtp_dialogue *smtp_dialogue_copy(struct arena *a, const struct smtp_dialogue *from);

#endif
