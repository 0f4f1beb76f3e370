/*
 * What came of one DNS question.  A value with its provenance: an answer is never just "not
 * found", and a failure is never folded into one.
 */
#ifndef MAILREADY_DNS_ANSWER_H
#define MAILREADY_DNS_ANSWER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/enumtab.h"
#include "base/ip.h"
#include "net/endpoint.h"

struct arena;

/* Record types that the program asks for or keeps (IANA numbers). */
enum dns_type {
	DNS_A = 1,
	DNS_NS = 2,
	DNS_CNAME = 5,
	DNS_SOA = 6,
	DNS_PTR = 12,
	DNS_MX = 15,
	DNS_TXT = 16,
	DNS_AAAA = 28,
	DNS_DNAME = 39,
};

extern const struct enumtab dns_type_names; /* "A" "PTR" ... */

enum dns_status {
	DNS_PENDING = 0, /* not asked, or no answer yet */
	/* known: the question was answered */
	DNS_FOUND,    /* NOERROR with records of the type, at the end of the CNAME chain if any */
	DNS_NODATA,   /* NOERROR without */
	DNS_NXDOMAIN, /* the name, or the end of the chain, does not exist (RFC 8020) */
	/* unknown; a later attempt may have an answer */
	DNS_SERVFAIL,
	DNS_REFUSED,
	DNS_BADRCODE,    /* any other rcode; see rcode */
	DNS_TIMEOUT,     /* every attempt unanswered when the time was up */
	DNS_UNREACHABLE, /* the network said so: ICMP, connection refused */
	DNS_NO_ROUTE, /* this machine has no way to the server, as to IPv6 without an IPv6 address */
	DNS_MALFORMED, /* an answer that could not be parsed, or TCP closed in the middle */
	DNS_LOOP,      /* CNAME loop, or chain longer than DNS_CHAIN_MAX */
	DNS_REFERRAL,  /* NOERROR, no answer, but other servers named: not one that would know */
	DNS_NOT_ASKED, /* --offline and no planned record speaks for it, or over budget */
	DNS_DOUBTFUL,  /* answered, but by data of the resolver's own: see dns_doubt() */
	DNS_PRIVATE,   /* not asked: a stranger's record leads to an address inside a network */
};

/* "pending" "found" "nodata" "nxdomain" "servfail" "refused" "rcode" "timeout" ... */
extern const struct enumtab dns_status_names;

/* "NOERROR" "NXDOMAIN" ..., and the words for extended errors (RFC 8914): "DNSSEC bogus" ... */
extern const struct enumtab dns_rcode_names, dns_ede_names;

/* FOUND, NODATA or NXDOMAIN: the world's answer is known. */
bool dns_is_known(enum dns_status status);

/* UNREACHABLE or NO_ROUTE: the server got nothing; at another address it may. */
bool dns_unreached(enum dns_status status);

/* No message holds more than 4095 addresses: none of them may be missed. */
enum { DNS_CHAIN_MAX = 16, DNS_RECORDS_MAX = 4096 };

struct dns_record {
	const char *owner; /* internal name form */
	uint16_t type;
	uint16_t preference; /* of MX; else 0 */
	uint32_t ttl_s;
	/* PTR NS CNAME DNAME: the target name; TXT: its strings joined, raw bytes, a NUL as 0x1a;
	 * SOA: the mail box name (rname); MX: the exchange; A AAAA: the address as text. */
	const char *text;
	struct ip ip;        /* A and AAAA; else family 0 */
	const char *primary; /* SOA: the primary server's name (mname); else NULL */
	const char *place;   /* of a planned record: file and line; else NULL */
};

struct dns_answer {
	enum dns_status status;
	int rcode; /* as received, extended bits included; -1 when nothing was received */
	int ede;   /* extended DNS error INFO-CODE (RFC 8914), -1 when none */
	const char *ede_text; /* its EXTRA-TEXT, untrusted; "" when none */
	bool authoritative;   /* AA */
	bool tcp;             /* came over TCP, after truncation */
	bool planned;         /* came from the --planned file */
	bool checked;         /* the zone's own servers say so, whoever gave it first */
	struct endpoint server;
	uint32_t time_us;  /* from the first sending to the answer, or to giving up */
	unsigned attempts; /* datagrams sent and TCP connections made */

	const char **chain; /* CNAME targets in order; empty when there is no CNAME */
	size_t n_chain;
	/* Of the asked type, at the end of the chain, as received; of a referral, where NS was asked for, the
	 * servers that it names for that very name. */
	struct dns_record *records;
	size_t n_records;

	/* From the authority section: the zone that says no (SOA), or that is delegated to (NS). */
	const char *soa_zone; /* "" when there is none */
	const char *soa_mail; /* rname; "" */
	uint32_t soa_negative_ttl_s;
	const char *referral; /* owner of NS records in a referral (no AA, no answer); "" */

	/* What the resolver before this one said of data of its own (dns_doubt()); NULL. */
	const struct dns_answer *overruled;
};

/* Why a recursive answer may be one that only those who ask this resolver get. */
enum dns_doubt {
	DNS_SURE,
	DNS_OWN_DATA, /* AA: from a hosts file, from its configuration, or it serves the zone itself */
	DNS_BLOCKED, /* an extended error of forging or blocking (RFC 8914 4.5, 4.16 to 4.19) */
	DNS_INSIDE,  /* every address is of private, loopback or unspecified space */
};

/* Only a known answer can be doubted; planned and checked answers are not. */
enum dns_doubt dns_doubt(const struct dns_answer *answer);

/* "from data of its own, such as a hosts file": for brackets behind what it says. */
const char *dns_doubt_phrase(enum dns_doubt doubt);

/* DNSSEC says that the zone's signatures are wrong (RFC 8914 4.7 to 4.13). */
bool dns_is_bogus(const struct dns_answer *answer);

/* The answer of a question that nobody asked yet: PENDING, no records. */
extern const struct dns_answer dns_answer_pending;

/* The same with another status: all that is known of a question that was not asked, say.  Static. */
const struct dns_answer *dns_answer_bare(enum dns_status status);

/* A deep copy into an arena. */
struct dns_answer *dns_answer_copy(struct arena *a, const struct dns_answer *from);

/* Is the name one of the first n of a chain? */
bool dns_chain_has(const char *const *chain, size_t n, const char *name);

/* The owner of the records: the last name of the chain, or qname without a chain. */
const char *dns_answer_end(const struct dns_answer *answer, const char *qname);

/* Does any A or AAAA record hold this address? */
bool dns_answer_has_ip(const struct dns_answer *answer, const struct ip *ip);

/* "no answer in 3.0 s (5 attempts)", "SERVFAIL from 127.0.0.1 (DNSSEC Bogus)": for sentences. */
const char *dns_answer_reason(const struct dns_answer *answer, struct arena *a);

#endif
