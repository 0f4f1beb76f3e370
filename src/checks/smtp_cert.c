/* The certificate of the SMTP server: its dates, names and chain. */
#include <stdarg.h>

#include "base/arena.h"
#include "base/name.h"
#include "base/when.h"
#include "checks/cert_name_priv.h"
#include "checks/remedy_priv.h"
#include "checks/smtp_priv.h"
#include "views/names.h"

enum { DAY_S = 86400, RENEW_DAYS = 14 };

const char *
smtp_day(const struct smtp_case *c, int64_t when_s)
{
	const char *text = when_day(when_s, arena_alloc(c->out->arena, WHEN_TEXT_MAX));
	return text[0] != '\0' ? text : "an unknown day";
}

static const char *
days_shown(const struct smtp_case *c, int64_t seconds)
{
	int64_t days = seconds / DAY_S;
	if (days == 0)
		return "less than a day";
	return arena_printf(c->out->arena, "%lld day%s", (long long)days, days == 1 ? "" : "s");
}

static void
say_end(const struct smtp_case *c, enum smtp_rule rule, const char *ends, const char *when)
{
	struct finding *f = smtp_find(c, rule, VERDICT_WARN, "the certificate %s on %s, %s", ends,
	    smtp_day(c, c->dialogue->cert.not_after_s), when);
	finding_headline(c->out, f, "certificate %s on %s", ends,
	    smtp_day(c, c->dialogue->cert.not_after_s));
	finding_remedy(c->out, f,
	    "Renew the certificate of %s and reload the mail server: many keep the old one in "
	    "memory.",
	    c->server);
}

static void
say_early(const struct smtp_case *c, int64_t wait_s)
{
	struct finding *f = smtp_find(c, SMTP_CERT_NOT_YET_VALID, VERDICT_WARN,
	    "the certificate is not valid before %s, in %s",
	    smtp_day(c, c->dialogue->cert.not_before_s), days_shown(c, wait_s));
	finding_headline(c->out, f, "certificate is valid only from %s on",
	    smtp_day(c, c->dialogue->cert.not_before_s));
	finding_remedy(c->out, f,
	    "Check the clock of the machine that made the certificate of %s, and of this machine; "
	    "otherwise use the former certificate until that day.",
	    c->server);
}

/* Expired comes first: a certificate made for tests can end before it begins. */
static void
judge_dates(const struct smtp_case *c)
{
	struct arena *a = c->out->arena;
	int64_t now_s = c->target->policy->now_s;
	int64_t left_s = c->dialogue->cert.not_after_s - now_s;
	int64_t wait_s = c->dialogue->cert.not_before_s - now_s;
	if (left_s < 0)
		say_end(c, SMTP_CERT_EXPIRED, "expired",
		    arena_printf(a, "%s ago", days_shown(c, -left_s)));
	else if (wait_s > 0)
		say_early(c, wait_s);
	else if (left_s < RENEW_DAYS * DAY_S)
		say_end(c, SMTP_CERT_EXPIRING, "expires",
		    arena_printf(a, "in %s", days_shown(c, left_s)));
}

/* Names that a sender could have found the server under; each once, usable ones only. */
struct known_names {
	const char **list;
	size_t n;
};

static void
add_known(const struct smtp_case *c, struct known_names *known, const char *text)
{
	char name[NAME_TEXT_MAX];
	if (name_from_user(text, name) && name_host_fault(name) == NAME_GOOD &&
	    !names_hold(known->list, known->n, name))
		known->list[known->n++] = arena_strdup(c->out->arena, name);
}

static struct known_names
collect_known(const struct smtp_case *c, const struct ptr_view *ptr)
{
	const char *said[] = { c->dialogue->ehlo_name, c->dialogue->banner_name,
		c->target->names.host, c->target->names.ehlo };
	size_t n_said = sizeof said / sizeof said[0];
	struct known_names known = {
		.list = arena_array(c->out->arena, n_said + ptr->n_names, sizeof *known.list),
	};
	for (size_t i = 0; i < n_said; i++)
		add_known(c, &known, said[i]);
	for (size_t i = 0; i < ptr->n_names; i++)
		add_known(c, &known, ptr->names[i]);
	return known;
}

/* No public authority certifies an address. */
static const char *
remedy_name(const struct smtp_case *c)
{
	struct proposal p;
	proposal_make(c->known, &p);
	const char *name = c->name[0] != '\0' ? c->name : p.name;
	if (name[0] == '\0')
		return "Get a certificate for the name in the MX record that leads to this "
		       "server, and configure the mail server to use it.";
	return arena_printf(c->out->arena,
	    "Get a certificate for %s, or for the name in the MX record if that is different, "
	    "and configure the mail server to use it.",
	    name_shown(name, c->out->arena));
}

static void
name_finding(const struct smtp_case *c, const struct ptr_view *ptr, const struct known_names *known)
{
	struct arena *a = c->out->arena;
	const struct smtp_cert *cert = &c->dialogue->cert;
	const char *in_cert = cert->n_names > 0 ? names_shown(cert->names, cert->n_names, a) :
						  "no name at all";
	struct finding *f;
	if (ptr->status == PTR_TEMPERROR)
		f = smtp_find(c, SMTP_CERT_NAME, VERDICT_TEMPERROR,
		    "it is unknown whether the certificate matches: it is for %s, and the PTR "
		    "name, which could match, is unknown now",
		    in_cert);
	else if (known->n == 0)
		f = smtp_find(c, SMTP_CERT_NAME, VERDICT_SKIP,
		    "the certificate is for %s; there is no name in banner, EHLO reply or PTR "
		    "record to compare it with",
		    in_cert);
	else {
		f = smtp_find(c, SMTP_CERT_NAME, VERDICT_WARN,
		    "the certificate is for %s, but the server is known as %s", in_cert,
		    names_shown(known->list, known->n, a));
		finding_remedy(c->out, f, "%s", remedy_name(c));
	}
	finding_evidence(c->out, f, ptr->fact);
}

/* It matches a name of the server, but not the one by which it was found: that of an MX record, or
 * an alias that no sender uses? */
static void
judge_given_name(const struct smtp_case *c)
{
	const struct smtp_cert *cert = &c->dialogue->cert;
	struct arena *a = c->out->arena;
	const char *host = c->target->names.host;
	if (name_host_fault(host) != NAME_GOOD ||
	    cert_names_match(cert->names, cert->n_names, &host, 1))
		return;
	bool by_mx = c->target->names.mx_of != NULL;
	struct finding *f = smtp_find(c, SMTP_CERT_NAME, by_mx ? VERDICT_WARN : VERDICT_INFO,
	    "the certificate is for %s, not for %s, %s", names_shown(cert->names, cert->n_names, a),
	    name_shown(host, a),
	    by_mx ? "the name in the MX record" : "whose certificate was asked for");
	finding_remedy(c->out, f,
	    "%s %s, get a certificate for that name, too, and configure the mail server to use it.",
	    by_mx ? "As the MX record names" : "If an MX record names", name_shown(host, a));
}

static void
judge_names(const struct smtp_case *c)
{
	const struct smtp_cert *cert = &c->dialogue->cert;
	const struct ptr_view *ptr = known_ptr(c->known);
	struct known_names known = collect_known(c, ptr);
	if (!cert_names_match(cert->names, cert->n_names, known.list, known.n))
		name_finding(c, ptr, &known);
	else
		judge_given_name(c);
}

/* "the certificate", "the certificate at depth 1, "CN = Some CA"," */
static const char *
which_cert(const struct smtp_case *c, const struct smtp_chain_fault *fault)
{
	if (fault->depth == 0)
		return "the certificate";
	return arena_printf(c->out->arena, "the certificate at depth %d of the chain, \"%s\",",
	    fault->depth, fault->subject);
}

static void
judge_weak(const struct smtp_case *c)
{
	const struct smtp_chain_fault *weak = &c->dialogue->cert.weak;
	if (weak->detail[0] == '\0')
		return;
	struct finding *f = smtp_find(c, SMTP_CERT_WEAK, VERDICT_WARN,
	    "clients at security level 2 refuse %s for its key or signature: %s",
	    which_cert(c, weak), weak->detail);
	finding_remedy(c->out, f,
	    weak->depth == 0 ?
		"Get a certificate with a key of 2048 bits RSA or 256 bits ECDSA, signed with "
		"SHA-256, for %s." :
		"Send the current intermediate certificates of the authority on %s.",
	    c->server);
}

static void
judge_expired_chain(const struct smtp_case *c)
{
	const struct smtp_chain_fault *expired = &c->dialogue->cert.expired;
	if (expired->detail[0] == '\0')
		return;
	struct finding *f = smtp_find(c, SMTP_CHAIN_EXPIRED, VERDICT_WARN, "%s expired on %s",
	    which_cert(c, expired), expired->detail);
	finding_remedy(c->out, f,
	    "Replace it on %s with the current intermediate certificate of the authority, and "
	    "reload the mail server.",
	    c->server);
}

/* Anything else, which may be this machine's trust store. */
static void
judge_chain(const struct smtp_case *c)
{
	const struct smtp_cert *cert = &c->dialogue->cert;
	bool explained = cert->weak.detail[0] != '\0' || cert->expired.detail[0] != '\0';
	if (cert->chain_good || (explained && cert->chain_error[0] == '\0'))
		return;
	struct finding *f;
	if (cert->self_signed)
		f = smtp_find(c, SMTP_CERT_CHAIN, VERDICT_INFO, "the certificate is self-signed");
	else
		f = smtp_find(c, SMTP_CERT_CHAIN, VERDICT_INFO,
		    "the certificate, issued by \"%s\", could not be verified with this machine's "
		    "trust store: %s",
		    cert->issuer, cert->chain_error);
	finding_remedy(c->out, f,
	    "So that every sender can verify it, %s needs a certificate of a public authority, "
	    "sent with its intermediate certificates.",
	    c->server);
}

void
smtp_judge_cert(const struct smtp_case *c)
{
	judge_dates(c);
	judge_names(c);
	judge_weak(c);
	judge_expired_chain(c);
	judge_chain(c);
}
