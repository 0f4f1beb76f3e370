/*
 * Questions ahead of their turn: what the terms of the records that are known will ask, so that an
 * evaluation takes as many round trips as its includes are deep, and not one a term.
 */
#include <string.h>

#include "base/arena.h"
#include "views/names.h"
#include "views/spf_priv.h"
#include "views/world.h"

struct ahead {
	struct spf_run *run;
	size_t asked;  /* terms that have been asked about, ever */
	bool counting; /* no term is asked about: those of earlier calls are counted */
};

/* Has the term's first question been asked, or may it be now? */
static bool
may_ask(struct ahead *h, const char *name, uint16_t type)
{
	bool known = facts_find_dns(h->run->facts, name, type) != NULL;
	if (h->counting) {
		h->asked += known;
		return known;
	}
	if (!known && h->asked >= SPF_TERMS_MAX)
		return false;
	h->asked += !known;
	return true;
}

static void
want(const struct ahead *h, const char *name, uint16_t type)
{
	if (!h->counting && name[0] != '\0')
		(void)spf_ask(h->run, name, type);
}

static void
ask_servers(const struct ahead *h, const char *name)
{
	const struct dns_answer *mx = spf_answer(h->run->target, h->run->facts, name, DNS_MX);
	for (size_t i = 0; mx->n_records <= SPF_NAMES_MAX && i < mx->n_records; i++)
		want(h, mx->records[i].text, address_type(&h->run->macros.ip));
}

static void
ask_ptr(struct ahead *h)
{
	char reverse[IP_REVERSE_MAX];
	const char *names[SPF_NAMES_MAX];
	ip_reverse_name(&h->run->macros.ip, reverse);
	if (may_ask(h, reverse, DNS_PTR) && !h->counting)
		(void)spf_ptr_names(h->run, names);
}

/*
 * Is it known what the macro p stands for?  Else it is asked for now: when the turn of its term comes, that
 * would be two round trips before the term's own.
 */
static bool
knows_ptr_macro(const struct ahead *h)
{
	const char *names[SPF_NAMES_MAX];
	bool pending = h->run->pending;
	h->run->pending = false;
	(void)spf_ptr_names(h->run, names);
	bool known = !h->run->pending;
	h->run->pending = pending;
	return known;
}

static void look_at_record(struct ahead *h, const char *domain, unsigned depth);

static void
look_at_term(struct ahead *h, const struct spf_term *term, const char *domain, unsigned depth)
{
	char name[NAME_TEXT_MAX];
	uint16_t type = spf_first_type(term, &h->run->macros.ip);
	bool needs_ptr = term->domain != NULL && spf_has_macro(term->domain, 'p');
	if (term->kind == SPF_PTR) {
		ask_ptr(h);
		return;
	}
	if (needs_ptr && !knows_ptr_macro(h))
		return;
	if (!spf_target_name(h->run, term, domain, name) || !may_ask(h, name, type))
		return;
	if (term->kind == SPF_EXISTS && !h->counting)
		facts_follow_dns(h->run->want, name, DNS_A);
	else
		want(h, name, type);
	if (type == DNS_TXT)
		look_at_record(h, name, depth + 1);
	if (type == DNS_MX)
		ask_servers(h, name);
}

/* The terms up to one that surely matches: none after it is ever looked at. */
static void
look_at_record(struct ahead *h, const char *domain, unsigned depth)
{
	struct spf_record record;
	size_t several, n = 0;
	const struct dns_answer *answer = spf_answer(h->run->target, h->run->facts, domain,
	    DNS_TXT);
	const char *text = spf_select(answer, &several);
	if (text == NULL || depth > SPF_TERMS_MAX)
		return;
	spf_parse(text, h->run->arena, &record);
	if (record.fault != NULL)
		return;
	for (size_t i = 0; i < record.n && n < SPF_TERMS_MAX; i++) {
		const struct spf_term *term = &record.terms[i];
		if (spf_is_certain(term, &h->run->macros.ip))
			return;
		if (term->kind < SPF_REDIRECT && spf_asks(term)) {
			look_at_term(h, term, domain, depth);
			n++;
		}
	}
	if (record.redirect != NULL && n < SPF_TERMS_MAX)
		look_at_term(h, record.redirect, domain, depth);
}

void
spf_look_ahead(struct spf_run *run, const char *domain)
{
	struct ahead h = { .run = run, .counting = true };
	look_at_record(&h, domain, 0);
	h.counting = false;
	look_at_record(&h, domain, 0);
}
