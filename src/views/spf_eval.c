/* check_host() (RFC 7208 4): the terms of a record one after the other, and those of the records it names. */
#include <string.h>

#include "base/arena.h"
#include "base/safe.h"
#include "views/names.h"
#include "views/spf_priv.h"
#include "views/world.h"

/* Nobody reads a longer story; a record can have thousands of terms that ask nothing. */
enum { STEPS_MAX = 256 };

/* Where the evaluation is: includes and redirects above it, redirects alone. */
struct place {
	const char *domain;
	unsigned depth;
	bool top;
};

static const struct enumtab_row result_rows[] = {
	{ "none", SPF_NONE },
	{ "neutral", SPF_NEUTRAL },
	{ "pass", SPF_PASS },
	{ "fail", SPF_FAIL },
	{ "softfail", SPF_SOFTFAIL },
	{ "temperror", SPF_TEMPERROR },
	{ "permerror", SPF_PERMERROR },
};
const struct enumtab spf_result_names = ENUMTAB(result_rows);

/* ---- records */

const char *
spf_select(const struct dns_answer *answer, size_t *n)
{
	const char *record = NULL;
	*n = 0;
	for (size_t i = 0; i < answer->n_records; i++) {
		if (!spf_is_record(answer->records[i].text))
			continue;
		record = answer->records[i].text;
		++*n;
	}
	return *n == 1 ? record : NULL;
}

static struct spf_step *
add_step(struct spf_run *run, const struct place *at)
{
	struct spf_check *c = run->check;
	if (c->n_steps == STEPS_MAX) {
		c->steps_cut = true;
		run->uncounted = (struct spf_step){ .domain = "", .note = "" };
		return &run->uncounted;
	}
	c->steps = arena_grow(run->arena, c->steps, c->n_steps, &c->cap_steps, sizeof *c->steps);
	struct spf_step *step = &c->steps[c->n_steps++];
	*step = (struct spf_step){ .depth = at->depth,
		.domain = arena_strdup(run->arena, at->domain),
		.note = "" };
	return step;
}

static enum spf_result check_domain(struct spf_run *run, const struct place *at);

static enum outcome
match_include(struct spf_run *run, const char *name, const struct place *at, const char **note)
{
	const struct place below = { name, at->depth + 1, false };
	switch (check_domain(run, &below)) {
	case SPF_PASS:
		return MATCH;
	case SPF_TEMPERROR:
		return run->pending ? PENDING : TEMPERROR;
	case SPF_PERMERROR:
		return PERMERROR;
	case SPF_NONE:
		return spf_fail(run, SPF_NO_RECORD, name,
		    arena_printf(run->arena, "%s, which is included, has no SPF record",
			name_shown(name, run->arena)));
	case SPF_NEUTRAL:
	case SPF_FAIL:
	case SPF_SOFTFAIL:
		break;
	}
	*note = "the included record does not pass the address";
	return NO_MATCH;
}

static enum outcome
match_name(struct spf_run *run, const struct spf_term *term, const struct place *at,
    const char **note)
{
	char name[NAME_TEXT_MAX];
	bool valid = spf_target_name(run, term, at->domain, name);
	if (run->pending)
		return PENDING;
	if (!valid) {
		*note = "its name cannot be asked for";
		return term->kind != SPF_INCLUDE ?
		    NO_MATCH :
		    spf_fail(run, SPF_NO_RECORD, at->domain,
			arena_printf(run->arena, "\"%s\" is not a name that could have a record",
			    safe_text(run->arena, term->text)));
	}
	return term->kind == SPF_INCLUDE ? match_include(run, name, at, note) :
					   spf_match_name(run, term, name);
}

static enum outcome
count_term(struct spf_run *run, const struct spf_term *term, const char *domain)
{
	if (++run->check->lookups <= SPF_TERMS_MAX)
		return NO_MATCH;
	return spf_fail(run, SPF_TOO_MANY_TERMS, domain,
	    arena_printf(run->arena,
		"\"%s\" in the record of %s is the look-up after the %dth, where receivers stop",
		safe_text(run->arena, term->text), name_shown(domain, run->arena), SPF_TERMS_MAX));
}

static enum outcome
evaluate_term(struct spf_run *run, const struct spf_term *term, const struct place *at)
{
	size_t index = run->check->n_steps;
	struct spf_step *step = add_step(run, at);
	bool kept = step != &run->uncounted;
	const char *note = "";
	enum outcome o = NO_MATCH;
	step->term = term;
	if (spf_asks(term)) {
		o = count_term(run, term, at->domain);
		step->lookup = run->check->lookups;
		if (o == NO_MATCH)
			o = match_name(run, term, at, &note);
	} else if (spf_is_certain(term, &run->macros.ip)) {
		o = MATCH;
	}
	/* steps may have moved while those of an included record were added */
	step = kept ? &run->check->steps[index] : &run->uncounted;
	step->note = note;
	step->outcome = o == MATCH ? SPF_MATCH : o == NO_MATCH ? SPF_NO_MATCH : SPF_ENDS;
	return o;
}

static enum spf_result
result_of(char qualifier)
{
	switch (qualifier) {
	case '-':
		return SPF_FAIL;
	case '~':
		return SPF_SOFTFAIL;
	case '?':
		return SPF_NEUTRAL;
	default:
		return SPF_PASS;
	}
}

/* What exp= says to the sender (6.2): fetched for those who read everything, and never an error. */
static void
explain(struct spf_run *run, const struct spf_term *exp, const char *domain)
{
	char name[NAME_TEXT_MAX];
	if (exp == NULL || !run->target->policy->explain ||
	    !spf_target_name(run, exp, domain, name) || run->pending)
		return;
	const struct dns_answer *answer = spf_ask(run, name, DNS_TXT);
	run->pending |= answer->status == DNS_PENDING && run->want != NULL;
	if (answer->status != DNS_FOUND || answer->n_records != 1)
		return;
	const char *text = answer->records[0].text;
	if (spf_string_fault(text, strlen(text), SPF_EXPLANATION, run->arena) != NULL)
		return;
	run->macros.ptr = spf_has_macro(text, 'p') ? spf_ptr_macro(run, domain) : "unknown";
	run->check->explanation = spf_expand(text, &run->macros, run->arena);
}

static enum spf_result
follow_redirect(struct spf_run *run, const struct spf_term *term, const struct place *at)
{
	char name[NAME_TEXT_MAX];
	struct spf_step *step = add_step(run, at);
	step->term = term;
	step->outcome = SPF_NO_MATCH;
	if (count_term(run, term, at->domain) != NO_MATCH)
		return SPF_PERMERROR;
	step->lookup = run->check->lookups;
	bool valid = spf_target_name(run, term, at->domain, name);
	if (run->pending)
		return SPF_TEMPERROR;
	const struct place next = { name, at->depth + 1, at->top };
	enum spf_result result = valid ? check_domain(run, &next) : SPF_NONE;
	if (result != SPF_NONE)
		return result;
	(void)spf_fail(run, SPF_NO_RECORD, valid ? name : at->domain,
	    arena_printf(run->arena, "%s, to which the record of %s redirects, has no SPF record",
		valid ? name_shown(name, run->arena) : safe_text(run->arena, term->domain),
		name_shown(at->domain, run->arena)));
	return SPF_PERMERROR;
}

static enum spf_result
matched(struct spf_run *run, const struct spf_record *record, const struct spf_term *term,
    const struct place *at)
{
	if (at->top) {
		run->check->decided = term;
		run->check->decided_in = arena_strdup(run->arena, at->domain);
		if (term->qualifier == '-')
			explain(run, record->exp, at->domain);
	}
	return result_of(term->qualifier);
}

static enum spf_result
evaluate_record(struct spf_run *run, const struct spf_record *record, const struct place *at)
{
	for (size_t i = 0; i < record->n; i++) {
		const struct spf_term *term = &record->terms[i];
		if (term->kind >= SPF_REDIRECT)
			continue;
		enum outcome o = evaluate_term(run, term, at);
		if (o == MATCH)
			return matched(run, record, term, at);
		if (o != NO_MATCH)
			return o == PERMERROR ? SPF_PERMERROR : SPF_TEMPERROR;
	}
	return record->redirect == NULL ? SPF_NEUTRAL : follow_redirect(run, record->redirect, at);
}

static enum spf_result
read_record(struct spf_run *run, const char *text, const struct place *at)
{
	struct spf_record record;
	add_step(run, at)->record = text;
	if (at->depth == 0)
		run->check->record = text;
	spf_parse(text, run->arena, &record);
	if (record.fault == NULL)
		return evaluate_record(run, &record, at);
	const struct spf_term *wrong = &record.terms[record.n - 1];
	(void)spf_fail(run, SPF_SYNTAX, at->domain,
	    arena_printf(run->arena, "the record of %s is not valid at byte %zu, \"%s\": %s",
		name_shown(at->domain, run->arena), record.fault_at,
		safe_text(run->arena, wrong->text), record.fault));
	return SPF_PERMERROR;
}

static enum spf_result
check_domain(struct spf_run *run, const struct place *at)
{
	const struct dns_answer *answer;
	size_t n;
	if (spf_need(run, at->domain, DNS_TXT, &answer) != NO_MATCH)
		return SPF_TEMPERROR;
	const char *text = spf_select(answer, &n);
	if (n == 0)
		return SPF_NONE;
	if (text != NULL)
		return read_record(run, text, at);
	(void)spf_fail(run, SPF_SEVERAL, at->domain,
	    arena_printf(run->arena, "%s has %zu SPF records, and one is allowed",
		name_shown(at->domain, run->arena), n));
	return SPF_PERMERROR;
}

void
spf_evaluate(struct spf_run *run, const struct spf_identity *who)
{
	*run->check = (struct spf_check){ .result = SPF_NONE,
		.sender = who->sender,
		.domain = who->domain,
		.record = "",
		.problem_domain = "",
		.problem_text = "",
		.decided_in = "",
		.explanation = "" };
	run->macros = (struct spf_macros){ .sender = who->sender,
		.domain = who->domain,
		.helo = who->helo,
		.ptr = "unknown",
		.ip = ip_unmapped(&run->target->ip),
		.now_s = run->target->policy->now_s };
	run->pending = false;
	const struct place first = { who->domain, 0, true };
	if (who->domain[0] != '\0')
		run->check->result = check_domain(run, &first);
}
