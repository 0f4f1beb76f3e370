/*
 * The DMARC policy record (RFC 9989 4.7, 4.8) and what it asks of receivers.  Untrusted: faults are
 * known with their places, and what they leave of the record is what receivers take of it.
 */
#ifndef MAILREADY_MAIL_DMARC_RECORD_H
#define MAILREADY_MAIL_DMARC_RECORD_H

#include <stdbool.h>
#include <stddef.h>

#include "base/enumtab.h"
#include "mail/tags.h"

struct arena;

enum { DMARC_REPORT_URIS_MAX = 32 };

enum dmarc_policy { DMARC_NONE, DMARC_QUARANTINE, DMARC_REJECT };
extern const struct enumtab dmarc_policy_names; /* "none" "quarantine" "reject" */

enum dmarc_psd { DMARC_PSD_UNSAID, DMARC_PSD_NO, DMARC_PSD_YES }; /* psd=u, n, y */

/* To whom a record speaks (RFC 9989 4.10.1). */
enum dmarc_place {
	DMARC_OWN,     /* the domain that has it: p */
	DMARC_BELOW,   /* an existing subdomain: sp, else p */
	DMARC_MISSING, /* a subdomain that does not exist: np, else sp, else p */
};

struct dmarc_record {
	const char *text;
	bool has_p, has_sp, has_np;   /* and it is valid */
	enum dmarc_policy p, sp, np;  /* of a tag that is missing or not valid: none */
	bool bad_policy;              /* no valid p, or an sp or np that is not valid */
	bool strict_dkim, strict_spf; /* adkim=s, aspf=s */
	bool testing;                 /* t=y */
	enum dmarc_psd psd;
	const char **reports; /* mail addresses of rua, without "mailto:" and a size; untrusted */
	size_t n_reports;
	bool has_report_uri;      /* rua has a URI that is valid, of any scheme */
	struct tag_list tags;     /* with all faults */
	bool removed;             /* has a tag that RFC 9989 took away: pct, rf or ri */
	const char *removed_tags; /* their names: "pct, ri"; "" */
};

/* Does the text begin as a DMARC record of this version must: "v=DMARC1", then nothing or ";"? */
bool dmarc_is_record(const char *text);

/*
 * Why a text that is meant as a DMARC record is not one for receivers, as a phrase; NULL when it is
 * one, or is something else altogether.
 */
const char *dmarc_near_miss(const char *text);

/* Reads what dmarc_is_record() holds of. */
void dmarc_record_read(struct arena *a, const char *text, struct dmarc_record *out);

/*
 * Do receivers apply it at all?  Not when a policy is missing or not valid and there is no valid address for
 * reports either (RFC 9989 4.10.1).
 */
bool dmarc_record_applies(const struct dmarc_record *r);

/* What is asked for mail that fails, before t: of p, sp or np. */
enum dmarc_policy dmarc_record_policy(const struct dmarc_record *r, enum dmarc_place place);

/* The same after t: a record under test is taken one step down (RFC 9989 4.7). */
enum dmarc_policy dmarc_record_effective(const struct dmarc_record *r, enum dmarc_place place);

#endif
