/*
 * DMARC for the domain in From (RFC 9989): whose record counts, what it asks for, and whether SPF or DKIM passes for
 * a domain that is aligned with it.  Each domain is walked for itself; beside it stands what a receiver finds that
 * still goes by RFC 7489 and the Public Suffix List.
 */
#ifndef MAILREADY_VIEWS_DMARC_H
#define MAILREADY_VIEWS_DMARC_H

#include <stdbool.h>

#include "base/enumtab.h"
#include "views/dkim.h"
#include "views/dmarc_walk.h"
#include "views/understanding.h"

/* Walks for domains that sign: of more than these receivers do not ask either. */
enum { DMARC_SIGNERS_MAX = 10 };

enum dmarc_result {
	DMARC_RESULT_TEMPERROR,
	DMARC_RESULT_PASS,
	DMARC_RESULT_FAIL,
	DMARC_RESULT_NONE, /* there is no record */
	DMARC_RESULT_PERMERROR, /* the record cannot be applied, or the message has no single From domain */
};
extern const struct enumtab dmarc_result_names;

/* One domain that SPF or DKIM passes for. */
struct dmarc_identifier {
	const char *domain;            /* internal form; "" when there is none */
	bool known;                    /* false: it is not known whether it passes */
	const struct dmarc_walk *walk; /* NULL: it takes none */
	enum { DMARC_ALIGNED, DMARC_NOT_ALIGNED, DMARC_ALIGNMENT_UNKNOWN } alignment;
};

struct dmarc_view {
	enum dmarc_result result;
	const char *from;                  /* "" when it is not known */
	const struct dmarc_walk *walk;     /* of from; NULL without one */
	const struct dmarc_step *step;     /* whose record counts; NULL */
	const struct dmarc_record *record; /* the step's; NULL */
	enum dmarc_place place;
	enum dmarc_policy policy; /* what is asked for mail that fails, after t, sp and np */
	const struct dns_answer *unknown; /* of temperror: the answer that is missing; NULL */
	struct dmarc_identifier spf;      /* MAIL FROM, when SPF passes for it */
	struct dmarc_identifier *dkim;    /* domains that sign, each once */
	size_t n_dkim;
	const char *aligned_spf, *aligned_dkim; /* the aligned domain; NULL */
	bool
	    dkim_given; /* false: nobody said who signs the mail, so that it may pass by DKIM all the same */
	bool
	    list_differs; /* a receiver that goes by the Public Suffix List comes to another result */
	enum dmarc_result list_result; /* that result; temperror when it is not known */
	const char *list_domain;       /* where the record stands that it takes; "" */
};

/* Is there a domain in From, a message that should have one, or was DMARC asked for by name? */
bool dmarc_applies(const struct target *t);

/* Wants the records of the walks, and whether From's domain exists where np= depends on it. */
void dmarc_want(const struct target *t, struct facts *f);

const struct dmarc_view *known_dmarc(struct understanding *k);

#endif
