/* Answers as values: their words, copies of them, and the reason why one is unknown. */
#include "dns/answer.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/safe.h"

/* Extended errors (RFC 8914 4) that decide something. */
enum {
	EDE_FORGED = 4,
	EDE_BOGUS = 6,
	EDE_NSEC_MISSING = 12,
	EDE_BLOCKED = 15,
	EDE_PROHIBITED = 18,
};

static const struct enumtab_row type_rows[] = {
	{ "A", DNS_A },
	{ "NS", DNS_NS },
	{ "CNAME", DNS_CNAME },
	{ "SOA", DNS_SOA },
	{ "PTR", DNS_PTR },
	{ "MX", DNS_MX },
	{ "TXT", DNS_TXT },
	{ "AAAA", DNS_AAAA },
};
const struct enumtab dns_type_names = ENUMTAB(type_rows);

static const struct enumtab_row status_rows[] = {
	{ "pending", DNS_PENDING },
	{ "found", DNS_FOUND },
	{ "nodata", DNS_NODATA },
	{ "nxdomain", DNS_NXDOMAIN },
	{ "servfail", DNS_SERVFAIL },
	{ "refused", DNS_REFUSED },
	{ "rcode", DNS_BADRCODE },
	{ "timeout", DNS_TIMEOUT },
	{ "unreachable", DNS_UNREACHABLE },
	{ "no-route", DNS_NO_ROUTE },
	{ "malformed", DNS_MALFORMED },
	{ "cname-loop", DNS_LOOP },
	{ "referral", DNS_REFERRAL },
	{ "not-asked", DNS_NOT_ASKED },
	{ "doubtful", DNS_DOUBTFUL },
	{ "private", DNS_PRIVATE },
};
const struct enumtab dns_status_names = ENUMTAB(status_rows);

#define BARE(status_) \
	{ \
		.status = (status_), .rcode = -1, .ede = -1, .ede_text = "", .soa_zone = "", \
		.soa_mail = "", .referral = "" \
	}

const struct dns_answer dns_answer_pending = BARE(DNS_PENDING);

const struct dns_answer *
dns_answer_bare(enum dns_status status)
{
	static const struct dns_answer bare[] = {
		BARE(DNS_PENDING),
		BARE(DNS_FOUND),
		BARE(DNS_NODATA),
		BARE(DNS_NXDOMAIN),
		BARE(DNS_SERVFAIL),
		BARE(DNS_REFUSED),
		BARE(DNS_BADRCODE),
		BARE(DNS_TIMEOUT),
		BARE(DNS_UNREACHABLE),
		BARE(DNS_NO_ROUTE),
		BARE(DNS_MALFORMED),
		BARE(DNS_LOOP),
		BARE(DNS_REFERRAL),
		BARE(DNS_NOT_ASKED),
		BARE(DNS_DOUBTFUL),
		BARE(DNS_PRIVATE),
	};
	assert(bare[status].status == status);
	return &bare[status];
}

/* What each failure reads like in a sentence; known answers are never a reason. */
static const struct enumtab_row reason_rows[] = {
	{ "no answer yet", DNS_PENDING },
	{ "records found", DNS_FOUND },
	{ "no such record", DNS_NODATA },
	{ "no such name", DNS_NXDOMAIN },
	{ "SERVFAIL", DNS_SERVFAIL },
	{ "REFUSED", DNS_REFUSED },
	{ "an unexpected rcode", DNS_BADRCODE },
	{ "no answer", DNS_TIMEOUT },
	{ "not reachable", DNS_UNREACHABLE },
	{ "no route from this machine", DNS_NO_ROUTE },
	{ "a malformed answer", DNS_MALFORMED },
	{ "a CNAME loop", DNS_LOOP },
	{ "a referral instead of an answer", DNS_REFERRAL },
	{ "not asked", DNS_NOT_ASKED },
	{ "an answer that may be true for this network alone", DNS_DOUBTFUL },
	{ "not asked: a private address", DNS_PRIVATE },
};
static const struct enumtab reasons = ENUMTAB(reason_rows);

/* IANA registry of rcodes. */
static const struct enumtab_row rcode_rows[] = {
	{ "NOERROR", 0 },
	{ "FORMERR", 1 },
	{ "SERVFAIL", 2 },
	{ "NXDOMAIN", 3 },
	{ "NOTIMP", 4 },
	{ "REFUSED", 5 },
	{ "YXDOMAIN", 6 },
	{ "YXRRSET", 7 },
	{ "NXRRSET", 8 },
	{ "NOTAUTH", 9 },
	{ "NOTZONE", 10 },
	{ "BADVERS", 16 },
	{ "BADCOOKIE", 23 },
};
const struct enumtab dns_rcode_names = ENUMTAB(rcode_rows);

/* IANA registry of extended DNS errors, those that say something to a postmaster (RFC 8914 4). */
static const struct enumtab_row ede_rows[] = {
	{ "other error", 0 },
	{ "unsupported DNSKEY algorithm", 1 },
	{ "unsupported DS digest type", 2 },
	{ "stale answer", 3 },
	{ "forged answer", 4 },
	{ "DNSSEC indeterminate", 5 },
	{ "DNSSEC bogus", 6 },
	{ "signature expired", 7 },
	{ "signature not yet valid", 8 },
	{ "DNSKEY missing", 9 },
	{ "RRSIGs missing", 10 },
	{ "no zone key bit set", 11 },
	{ "NSEC missing", 12 },
	{ "cached error", 13 },
	{ "not ready", 14 },
	{ "blocked", 15 },
	{ "censored", 16 },
	{ "filtered", 17 },
	{ "prohibited", 18 },
	{ "stale NXDOMAIN answer", 19 },
	{ "not authoritative", 20 },
	{ "not supported", 21 },
	{ "no reachable authority", 22 },
	{ "network error", 23 },
	{ "invalid data", 24 },
};
const struct enumtab dns_ede_names = ENUMTAB(ede_rows);

bool
dns_is_bogus(const struct dns_answer *answer)
{
	return answer->ede >= EDE_BOGUS && answer->ede <= EDE_NSEC_MISSING;
}

static bool
is_inside(const struct dns_answer *answer)
{
	for (size_t i = 0; i < answer->n_records; i++)
		if (answer->records[i].ip.family == 0 || !ip_is_inside(&answer->records[i].ip))
			return false;
	return answer->n_records > 0;
}

enum dns_doubt
dns_doubt(const struct dns_answer *answer)
{
	if (!dns_is_known(answer->status) || answer->planned || answer->checked)
		return DNS_SURE;
	if (answer->ede == EDE_FORGED ||
	    (answer->ede >= EDE_BLOCKED && answer->ede <= EDE_PROHIBITED))
		return DNS_BLOCKED;
	if (answer->authoritative)
		return DNS_OWN_DATA;
	return is_inside(answer) ? DNS_INSIDE : DNS_SURE;
}

const char *
dns_doubt_phrase(enum dns_doubt doubt)
{
	static const char *const phrases[] = {
		[DNS_SURE] = "as others do",
		[DNS_OWN_DATA] = "from data of its own, such as a hosts file",
		[DNS_BLOCKED] = "it blocks or replaces the answer",
		[DNS_INSIDE] = "an address that exists only inside a network",
	};
	return phrases[doubt];
}

bool
dns_is_known(enum dns_status status)
{
	return status == DNS_FOUND || status == DNS_NODATA || status == DNS_NXDOMAIN;
}

bool
dns_unreached(enum dns_status status)
{
	return status == DNS_UNREACHABLE || status == DNS_NO_ROUTE;
}

static void
copy_chain(struct arena *a, const struct dns_answer *from, struct dns_answer *to)
{
	to->chain = NULL;
	if (from->n_chain > 0)
		to->chain = arena_array(a, from->n_chain, sizeof *to->chain);
	for (size_t i = 0; i < from->n_chain; i++)
		to->chain[i] = arena_strdup(a, from->chain[i]);
}

static void
copy_records(struct arena *a, const struct dns_answer *from, struct dns_answer *to)
{
	const char *owner = NULL;

	to->records = NULL;
	if (from->n_records > 0)
		to->records = arena_array(a, from->n_records, sizeof *to->records);
	for (size_t i = 0; i < from->n_records; i++) {
		to->records[i] = from->records[i];
		to->records[i].text = arena_strdup(a, from->records[i].text);
		if (from->records[i].primary != NULL)
			to->records[i].primary = arena_strdup(a, from->records[i].primary);
		if (from->records[i].place != NULL)
			to->records[i].place = arena_strdup(a, from->records[i].place);
		/* an RRset has one owner: one copy serves all its records */
		if (owner == NULL || strcmp(owner, from->records[i].owner) != 0)
			owner = arena_strdup(a, from->records[i].owner);
		to->records[i].owner = owner;
	}
}

/* Most answers have none of these. */
static const char *
copy_text(struct arena *a, const char *text)
{
	return *text != '\0' ? arena_strdup(a, text) : "";
}

struct dns_answer *
dns_answer_copy(struct arena *a, const struct dns_answer *from)
{
	struct dns_answer *to = arena_alloc(a, sizeof *to);

	*to = *from;
	to->ede_text = copy_text(a, from->ede_text);
	to->soa_zone = copy_text(a, from->soa_zone);
	to->soa_mail = copy_text(a, from->soa_mail);
	to->referral = copy_text(a, from->referral);
	copy_chain(a, from, to);
	copy_records(a, from, to);
	if (from->overruled != NULL)
		to->overruled = dns_answer_copy(a, from->overruled);
	return to;
}

bool
dns_chain_has(const char *const *chain, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(chain[i], name) == 0)
			return true;
	return false;
}

const char *
dns_answer_end(const struct dns_answer *answer, const char *qname)
{
	return answer->n_chain > 0 ? answer->chain[answer->n_chain - 1] : qname;
}

bool
dns_answer_has_ip(const struct dns_answer *answer, const struct ip *ip)
{
	for (size_t i = 0; i < answer->n_records; i++)
		if (ip_equal(&answer->records[i].ip, ip))
			return true;
	return false;
}

static const char *
ede_phrase(const struct dns_answer *answer, struct arena *a)
{
	if (answer->ede < 0)
		return "";
	const char *name = enumtab_name(&dns_ede_names, answer->ede);
	if (answer->ede_text[0] == '\0')
		return arena_printf(a, " (%s)", name);
	return arena_printf(a, " (%s: %s)", name, safe_text(a, answer->ede_text));
}

/* "192.0.2.1, 192.0.2.2, ...", or that there is none. */
static const char *
said(const struct dns_answer *answer, struct arena *a)
{
	enum { SHOWN = 2 };
	const char *text = "";
	if (answer->status != DNS_FOUND)
		return enumtab_name(&reasons, (int)answer->status);
	for (size_t i = 0; i < answer->n_records && i < SHOWN; i++)
		text = arena_printf(a, "%s%s%s", text, i > 0 ? ", " : "",
		    safe_text(a, answer->records[i].text));
	return answer->n_records > SHOWN ? arena_printf(a, "%s, ...", text) : text;
}

static const char *
reason_of_doubt(const struct dns_answer *heard, struct arena *a)
{
	char server[ENDPOINT_TEXT_MAX];
	return arena_printf(a,
	    "%s says %s (%s)%s, which may be true for its own users alone; nobody else could be "
	    "asked",
	    endpoint_format(&heard->server, server), said(heard, a),
	    dns_doubt_phrase(dns_doubt(heard)), ede_phrase(heard, a));
}

const char *
dns_answer_reason(const struct dns_answer *answer, struct arena *a)
{
	const char *what = enumtab_name(&reasons, (int)answer->status);
	char server[ENDPOINT_TEXT_MAX];

	if (answer->status == DNS_DOUBTFUL && answer->overruled != NULL)
		return reason_of_doubt(answer->overruled, a);
	if (answer->status == DNS_TIMEOUT && answer->attempts == 0)
		return "no answer; not asked, because the server answers too few questions";
	if (answer->status == DNS_TIMEOUT || answer->status == DNS_PENDING)
		return arena_printf(a, "no answer in %.1f s (%u attempt%s)", answer->time_us / 1e6,
		    answer->attempts, answer->attempts == 1 ? "" : "s");
	if (answer->status == DNS_BADRCODE)
		what = arena_printf(a, "rcode %d", answer->rcode);
	if (answer->status == DNS_UNREACHABLE && answer->server.ip.family != 0)
		return arena_printf(a, "%s is not reachable",
		    endpoint_format(&answer->server, server));
	if (answer->status == DNS_NO_ROUTE && answer->server.ip.family != 0)
		return arena_printf(a, "this machine has no route to %s",
		    endpoint_format(&answer->server, server));
	if (answer->server.ip.family == 0 || answer->status == DNS_NOT_ASKED)
		return arena_printf(a, "%s%s", what, ede_phrase(answer, a));
	return arena_printf(a, "%s from %s%s", what, endpoint_format(&answer->server, server),
	    ede_phrase(answer, a));
}
