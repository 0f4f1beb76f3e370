/*
 * The DNS tree walk of DMARC (RFC 9989 4.10): which names are asked about a domain, at most eight, and which
 * domain is its organisational domain.  Pure: answers come from the caller.
 */
#ifndef MAILREADY_VIEWS_DMARC_WALK_H
#define MAILREADY_VIEWS_DMARC_WALK_H

#include <stdbool.h>
#include <stddef.h>

#include "dns/answer.h"
#include "mail/dmarc_record.h"

enum { DMARC_QUESTIONS_MAX = 8 };

/* One domain of a walk, and what stands at _dmarc below it. */
struct dmarc_step {
	const char *domain;
	const struct dns_answer *answer;
	const struct dmarc_record *record; /* the one that counts; NULL */
	size_t n_records; /* DMARC records found: receivers drop all when there is more than one */
	const char *near_miss; /* without any: why a text that is meant as one is not; NULL */
	const char *miss_text; /* that text, untrusted; NULL */
};

struct dmarc_walk {
	struct dmarc_step
	    steps[DMARC_QUESTIONS_MAX]; /* from the domain itself upwards to the end */
	size_t n;
	const struct dmarc_step *psd;     /* the public suffix domain that ended it (psd=y); NULL */
	const struct dmarc_step *unknown; /* the first whose answer is not known; NULL */
	const char *org; /* the organisational domain; "" while an answer is not known */
};

/* The answer about TXT of a name; never NULL, pending while it is not known. */
typedef const struct dns_answer *dmarc_answer_fn(const void *context, const char *name);

/* The domains whose record is asked for, in the order of the walk; they point into domain. */
size_t dmarc_walk_domains(const char *domain, const char *out[DMARC_QUESTIONS_MAX]);

/* "_dmarc." before it; NULL when that is too long for a name. */
const char *dmarc_name(struct arena *a, const char *domain);

void dmarc_walk(struct arena *a, const char *domain, dmarc_answer_fn *answer, const void *context,
    struct dmarc_walk *out);

/*
 * The step whose record is for mail from the domain, and to whom it speaks: the domain itself, its
 * organisational domain, else the public suffix domain (4.10.1); NULL without one.
 */
const struct dmarc_step *dmarc_walk_policy(const struct dmarc_walk *w);

#endif
