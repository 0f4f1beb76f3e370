/* What to publish so that SPF passes: the record that is there with the smallest change. */
#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "base/safe.h"
#include "checks/special_priv.h"
#include "checks/spf_priv.h"
#include "views/names.h"

enum { RECORD_SHOWN_MAX = 700 }; /* bytes of a record that a sentence repeats */

static const char *
own_term(const struct target *t, struct arena *a)
{
	return arena_printf(a, "ip%d:%s", t->ip.family == 6 ? 6 : 4, t->address);
}

/* Where the new term goes: before what decides now, or at the end; a byte of the record, from 0. */
static size_t
place_for(const struct spf_check *c, struct arena *a, const struct spf_term **before)
{
	struct spf_record record;
	*before = NULL;
	if (c->decided != NULL && name_equal(c->decided_in, c->domain)) {
		*before = c->decided;
	} else {
		spf_parse(c->record, a, &record);
		*before = record.redirect;
	}
	return *before != NULL ? (*before)->at - 1 : strlen(c->record);
}

static const char *
changed_record(const struct spf_check *c, const char *term, size_t at, struct arena *a)
{
	const char *text = c->record;
	if (text[at] != '\0')
		return arena_printf(a, "%.*s%s %s", (int)at, text, term, text + at);
	while (at > 0 && text[at - 1] == ' ')
		at--;
	return arena_printf(a, "%.*s %s", (int)at, text, term);
}

/* What the change costs: an address is never asked for, and those before it are as they were. */
static const char *
look_ups(const struct spf_check *c, struct arena *a)
{
	return arena_printf(a, "Its look-ups: %u of %d before, %u after.", c->lookups,
	    SPF_TERMS_MAX, c->lookups);
}

static const char *
remedy_add(const struct target *t, const struct spf_check *c, struct arena *a)
{
	const struct spf_term *before;
	const char *term = own_term(t, a), *domain = name_shown(c->domain, a);
	size_t at = place_for(c, a, &before);
	const char *where = before == NULL ?
	    "at its end" :
	    arena_printf(a, "before \"%s\"", safe_text(a, before->text));
	const char *record = changed_record(c, term, at, a);
	if (strlen(record) > RECORD_SHOWN_MAX)
		return arena_printf(a,
		    "If the server sends for %s: put %s into its SPF record, %s. %s", domain, term,
		    where, look_ups(c, a));
	return arena_printf(a,
	    "If the server sends for %s: put %s into its SPF record, %s: %s TXT \"%s\". %s", domain,
	    term, where, domain, safe_text(a, record), look_ups(c, a));
}

static const char *
remedy_first(const struct target *t, const struct spf_check *c, struct arena *a)
{
	const char *domain = name_shown(c->domain, a);
	if (c->domain[0] == '\0')
		return "Use a sender address with a domain of yours.";
	return arena_printf(a,
	    "Publish %s TXT \"v=spf1 %s -all\", with a term for each other server that sends for "
	    "%s.",
	    domain, own_term(t, a), domain);
}

static const char *
remedy_problem(const struct spf_check *c, struct arena *a)
{
	const char *name = name_shown(c->problem_domain, a);
	switch (c->problem) {
	case SPF_SYNTAX:
		return arena_printf(a, "Correct the SPF record of %s: %s.", name, c->problem_text);
	case SPF_SEVERAL:
		return arena_printf(a,
		    "Join the terms of all SPF records of %s in one, with one \"all\" at its end, "
		    "and remove the others.",
		    name);
	case SPF_NO_RECORD:
		return arena_printf(a, "Remove the term that names %s, or correct the name: %s.",
		    name, c->problem_text);
	case SPF_TOO_MANY_TERMS:
		return arena_printf(a,
		    "Leave at most %d terms that ask the DNS in the record of %s and in those "
		    "that it includes: remove includes of services that are not used, and write "
		    "addresses (ip4:, ip6:) in the place of a and mx.",
		    SPF_TERMS_MAX, name_shown(c->domain, a));
	case SPF_TOO_MANY_VOIDS:
		return arena_printf(a, "Remove the terms whose names have no records, such as %s.",
		    name);
	case SPF_TOO_MANY_NAMES:
		return arena_printf(a,
		    "Write the addresses of the servers (ip4:, ip6:) in the place of mx: %s.",
		    c->problem_text);
	case SPF_UNKNOWN:
	case SPF_NO_PROBLEM:
		break;
	}
	return "";
}

const char *
spf_remedy(const struct target *t, const struct spf_check *c, struct arena *a)
{
	/* what a network's own address is called is for nobody outside */
	if (t->policy->no_remedies || special_is_hidden(t))
		return "";
	switch (c->result) {
	case SPF_NONE:
		return remedy_first(t, c, a);
	case SPF_FAIL:
	case SPF_SOFTFAIL:
	case SPF_NEUTRAL:
		return remedy_add(t, c, a);
	case SPF_TEMPERROR:
		return c->unanswered == NULL ? "" :
					       remedy_unknown(c->unanswered,
						   arena_printf(a, "fix the name servers of %s",
						       name_shown(c->problem_domain, a)),
						   a);
	case SPF_PERMERROR:
		return remedy_problem(c, a);
	case SPF_PASS:
		break;
	}
	return "";
}
