/* What is to be said of SPF records themselves, whatever they say of the address. */
#include <string.h>

#include "base/arena.h"
#include "base/safe.h"
#include "checks/spf_priv.h"
#include "views/names.h"

enum {
	WIDEST4 = 16,        /* a shorter prefix is more than any mail service has */
	WIDEST6 = 32,        /* what a provider is given at first */
	LOOKUPS_NEAR = 9,    /* one more include, and nobody passes */
	DATAGRAM_MAX = 1232, /* bytes of an answer that every path takes (EDNS) */
	RECORD_OVERHEAD = 12,
	MESSAGE_OVERHEAD = 12 + 4 + 11, /* header, type and class of the question, OPT */
	STRING_MAX = 255,
};

struct remarks {
	const struct target *t;
	const struct spf_check *c;
	const struct facts *facts;
	struct findings *out;
	struct arena *a;
};

static struct finding *
add(const struct remarks *r, enum spf_rule rule, enum verdict verdict, const char *domain,
    const char *text)
{
	struct finding *f = finding_add(r->out, &spf_rules[rule], verdict, domain, "%s", text);
	finding_evidence(r->out, f, facts_find_dns(r->facts, domain, DNS_TXT));
	return f;
}

static bool
is_huge(const struct spf_term *term)
{
	if (term->kind == SPF_IP4)
		return term->bits4 < WIDEST4;
	if (term->kind == SPF_IP6)
		return term->bits6 < WIDEST6;
	return (term->kind == SPF_A || term->kind == SPF_MX) &&
	    (term->bits4 < WIDEST4 || term->bits6 < WIDEST6);
}

static void
remark_term(const struct remarks *r, const struct spf_term *term, const char *domain)
{
	const char *shown = safe_text(r->a, term->text), *name = name_shown(domain, r->a);
	if (term->kind == SPF_ALL && term->qualifier == '+') {
		struct finding *f = add(r, SPF_RULE_ALL_PASS, VERDICT_WARN, domain,
		    arena_printf(r->a, "the record of %s ends in \"%s\": every address passes",
			name, shown));
		finding_remedy(r->out, f, "Write -all (or ~all) in the place of \"%s\".", shown);
	} else if (is_huge(term) && term->qualifier == '+') {
		struct finding *f = add(r, SPF_RULE_HUGE, VERDICT_WARN, domain,
		    arena_printf(r->a, "\"%s\" in the record of %s allows a huge network", shown,
			name));
		finding_remedy(r->out, f,
		    "Name only the addresses that send for %s in the place of \"%s\".", name,
		    shown);
	} else if (term->kind == SPF_PTR) {
		struct finding *f = add(r, SPF_RULE_PTR, VERDICT_INFO, domain,
		    arena_printf(r->a,
			"the record of %s uses \"%s\", which is not to be used any more", name,
			shown));
		finding_remedy(r->out, f, "Write addresses (ip4:, ip6:) in the place of \"%s\".",
		    shown);
	}
}

/* Only the domain's own record is its owner's to change; of included ones a huge hole counts, too. */
static void
remark_record(const struct remarks *r)
{
	struct spf_record record;
	if (r->c->record[0] == '\0')
		return;
	spf_parse(r->c->record, r->a, &record);
	for (size_t i = 0; record.fault == NULL && i < record.n; i++)
		remark_term(r, &record.terms[i], r->c->domain);
}

/* Is it an address that the domain's own record names? */
static bool
is_named(const struct remarks *r)
{
	struct spf_record record;
	spf_parse(r->c->record, r->a, &record);
	for (size_t i = 0; i < record.n; i++)
		if (record.terms[i].kind != SPF_ALL && record.terms[i].qualifier == '+' &&
		    spf_is_certain(&record.terms[i], &r->t->ip))
			return true;
	return false;
}

/* Of a record that others maintain nobody knows more than its owner. */
static void
remark_by_name(const struct remarks *r)
{
	const struct spf_term *term = r->c->decided;
	if (r->c->result != SPF_PASS || term == NULL ||
	    (term->kind != SPF_A && term->kind != SPF_MX) ||
	    !name_equal(r->c->decided_in, r->c->domain) || is_named(r))
		return;
	const char *shown = safe_text(r->a, term->text), *name = name_shown(r->c->domain, r->a);
	struct finding *f = add(r, SPF_RULE_BY_NAME, VERDICT_INFO, r->c->domain,
	    arena_printf(r->a,
		"\"%s\" in the record of %s allows %s, and no address in it does: SPF depends on "
		"where the %s records lead",
		shown, name, r->t->address, term->kind == SPF_MX ? "MX" : "address"));
	finding_remedy(r->out, f,
	    "Put ip%d:%s into the SPF record of %s, too; it needs no look-up.",
	    r->t->ip.family == 6 ? 6 : 4, r->t->address, name);
}

/* Whose look-ups they are: each record that was read, with its share. */
static const char *
shares(const struct remarks *r)
{
	const char *text = "";
	for (size_t i = 0; i < r->c->n_steps; i++) {
		const struct spf_step *record = &r->c->steps[i];
		unsigned n = 0;
		for (size_t k = i + 1; record->record != NULL && k < r->c->n_steps; k++)
			n += r->c->steps[k].lookup > 0 &&
			    strcmp(r->c->steps[k].domain, record->domain) == 0;
		if (n > 0)
			text = arena_printf(r->a, "%s%s%u in the record of %s", text,
			    text[0] != '\0' ? ", " : "", n, name_shown(record->domain, r->a));
	}
	return text;
}

static void
remark_limits(const struct remarks *r)
{
	const struct spf_check *c = r->c;
	if (c->result == SPF_PERMERROR || c->result == SPF_TEMPERROR)
		return;
	if (c->lookups >= LOOKUPS_NEAR) {
		struct finding *f = add(r, SPF_RULE_LOOKUPS, VERDICT_WARN, c->domain,
		    arena_printf(r->a, "%u of %d look-ups are used: %s", c->lookups, SPF_TERMS_MAX,
			shares(r)));
		finding_remedy(r->out, f,
		    "Remove includes of services that are not used, and write addresses (ip4:, "
		    "ip6:) in the place of a and mx.");
	}
	if (c->voids > 0) {
		struct finding *f = add(r, SPF_RULE_VOIDS, VERDICT_WARN, c->domain,
		    arena_printf(r->a,
			"%u name%s that the record asks for %s no such record; after %d receivers "
			"stop",
			c->voids, c->voids == 1 ? "" : "s", c->voids == 1 ? "has" : "have",
			SPF_VOIDS_MAX));
		finding_remedy(r->out, f,
		    "Remove the terms whose names have no records; -v shows which.");
	}
}

/* All TXT records of a name come in one answer. */
static void
remark_length(const struct remarks *r)
{
	const struct dns_answer *answer = facts_dns(r->facts, r->c->domain, DNS_TXT);
	size_t size = MESSAGE_OVERHEAD + strlen(r->c->domain) + 2;
	for (size_t i = 0; i < answer->n_records; i++) {
		size_t len = strlen(answer->records[i].text);
		size += RECORD_OVERHEAD + len + (len + STRING_MAX - 1) / STRING_MAX;
	}
	if (size <= DATAGRAM_MAX)
		return;
	struct finding *f = add(r, SPF_RULE_LONG, VERDICT_INFO, r->c->domain,
	    arena_printf(r->a,
		"the TXT records of %s make an answer of about %zu bytes; at most %d fit into one "
		"datagram everywhere",
		name_shown(r->c->domain, r->a), size, DATAGRAM_MAX));
	finding_remedy(r->out, f,
	    "Remove TXT records of the name that are not used any more, or move terms of the SPF "
	    "record into one that it includes.");
}

void
spf_remark(const struct target *t, const struct spf_check *c, const struct facts *f,
    struct findings *out)
{
	const struct remarks r = { .t = t, .c = c, .facts = f, .out = out, .a = out->arena };
	remark_record(&r);
	remark_by_name(&r);
	remark_limits(&r);
	if (c->record[0] != '\0')
		remark_length(&r);
}
