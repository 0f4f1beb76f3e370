/* The evaluation of one identity, and what it asks ahead. */
#ifndef MAILREADY_VIEWS_SPF_PRIV_H
#define MAILREADY_VIEWS_SPF_PRIV_H

#include "views/spf.h"
#include "views/spf_macro.h"

struct spf_identity {
	const char *sender, *domain, *helo;
};

/* What came of a part of the evaluation; an error is noted in the check. */
enum outcome { NO_MATCH, MATCH, TEMPERROR, PERMERROR, PENDING };

/* What an evaluation needs, and how far it has come. */
struct spf_run {
	const struct target *target;
	const struct facts *facts;
	struct facts
	    *want; /* what is not known yet is wanted here; NULL: it counts as not answered */
	struct arena *arena;
	struct spf_macros macros;
	struct spf_check *check;
	struct spf_step uncounted; /* of a story that has grown too long */
	bool pending;              /* an answer is not known yet: the result is not one */
};

/* Wants the answer when it may, and returns what is known of it. */
const struct dns_answer *spf_ask(struct spf_run *run, const char *name, uint16_t type);

/* Notes an error with its words, which live in the run's arena; the outcome that it is. */
enum outcome spf_fail(struct spf_run *run, enum spf_problem problem, const char *domain,
    const char *text);

/* An answer that decides: NO_MATCH when it is known. */
enum outcome spf_need(struct spf_run *run, const char *name, uint16_t type,
    const struct dns_answer **answer);

/* Does a term that asks about the addresses of a name match?  Not for include. */
enum outcome spf_match_name(struct spf_run *run, const struct spf_term *term, const char *name);

/* The one record of an answer; NULL when there is none, or several: *n says how many. */
const char *spf_select(const struct dns_answer *answer, size_t *n);

/* The names of the address that lead back to it (5.5), at most SPF_NAMES_MAX are looked at. */
size_t spf_ptr_names(struct spf_run *run, const char *names[SPF_NAMES_MAX]);

/* The confirmed name that the macro p stands for in the record of a domain (7.3); "unknown". */
const char *spf_ptr_macro(struct spf_run *run, const char *domain);

/* The name that a term is about: its domain-spec, or the record's own domain; false: not a valid one. */
bool spf_target_name(struct spf_run *run, const struct spf_term *term, const char *domain,
    char out[NAME_TEXT_MAX]);

/* What the term asks first. */
uint16_t spf_first_type(const struct spf_term *term, const struct ip *ip);

/* The whole evaluation.  With want it may end pending, and then has wanted what it needs next. */
void spf_evaluate(struct spf_run *run, const struct spf_identity *who);

/* Asks about terms ahead of their turn, in their order, until SPF_TERMS_MAX have been asked about. */
void spf_look_ahead(struct spf_run *run, const char *domain);

#endif
