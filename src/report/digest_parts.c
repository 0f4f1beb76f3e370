/* The parts of a digest as formats show them: what they mean, in words, and in order. */
#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "report_priv.h"

bool
list_is_bad(const struct digest_list *l)
{
	return l->kind == LIST_KIND_BLOCK && l->state == LIST_LISTED;
}

/* Does the finding speak of this listing?  Its subject is the zone, its severity the impact. */
static bool
is_about(const struct digest_finding *f, const struct digest_list *l)
{
	return strcmp(f->subject, l->zone) == 0 && f->verdict != VERDICT_TEMPERROR &&
	    (l->kind != LIST_KIND_BLOCK || (int)f->severity == (int)l->impact);
}

static enum verdict
listing_verdict(const struct digest *d, const struct digest_list *l)
{
	enum verdict worst = VERDICT_INFO;

	for (size_t i = 0; i < d->n_findings; i++)
		if (is_about(&d->findings[i], l) &&
		    verdict_rank(d->findings[i].verdict) > verdict_rank(worst))
			worst = d->findings[i].verdict;
	return worst;
}

enum verdict
list_verdict(const struct digest *d, const struct digest_list *l)
{
	static const enum verdict verdicts[] = {
		[LIST_UNKNOWN] = VERDICT_TEMPERROR,
		[LIST_CLEAN] = VERDICT_PASS,
		[LIST_NOT_APPLICABLE] = VERDICT_SKIP,
	};

	return l->state == LIST_LISTED ? listing_verdict(d, l) : verdicts[l->state];
}

/* Why lists do not count: none takes such an address, or they were not asked on purpose. */
static const char *
left_out_text(const struct digest *d, struct arena *a)
{
	size_t n = d->counts.not_applicable;
	const char *family = strchr(d->address, ':') != NULL ? "IPv6" : "IPv4";

	for (size_t i = 0; i < d->n_lists; i++)
		if (d->lists[i].why == LIST_NOT_ASKED)
			return arena_printf(a, "%zu %s not asked", n, n == 1 ? "was" : "were");
	return arena_printf(a, "%zu %s not take %s addresses", n, n == 1 ? "does" : "do", family);
}

const char *
lists_text(const struct digest *d, struct arena *a)
{
	const struct list_counts *c = &d->counts;
	const char *text = "";

	if (c->asked > 0)
		text = arena_printf(a, "listed on %zu of %zu", c->listed, c->asked);
	if (c->unknown > 0)
		text = arena_printf(a, "%s, %zu could not be asked", text, c->unknown);
	if (c->not_applicable > 0)
		text = arena_printf(a, "%s%s%s", text, text[0] != '\0' ? "; " : "",
		    left_out_text(d, a));
	return text;
}

const char *
sentence(const char *words, struct arena *a)
{
	if (words[0] == '\0')
		return "";
	return arena_printf(a, "%c%s.", toupper((unsigned char)words[0]), words + 1);
}

/* What is not wrong needs no remedy; there may be something to do better, for those who ask. */
static bool
is_to_be_done(const struct digest_finding *f, bool all)
{
	if (f->remedy[0] == '\0')
		return false;
	if (f->verdict == VERDICT_WARN || verdict_is_bad(f->verdict))
		return true;
	return all || (f->verdict == VERDICT_TEMPERROR && f->required);
}

/* Also as a part of another. */
static bool
is_known(const struct digest_finding *const *list, size_t n, const char *remedy)
{
	for (size_t i = 0; i < n; i++) {
		if (strstr(list[i]->remedy, remedy) != NULL)
			return true;
	}
	return false;
}

enum { LEADS = SEVERITY_CRITICAL + 1 };

/* cause: a rule, or a whole check. */
static bool
is_cause(const struct digest_finding *f, const char *cause)
{
	size_t len = cause != NULL ? strlen(cause) : 0;
	return len > 0 && strncmp(f->rule, cause, len) == 0 &&
	    (f->rule[len] == '\0' || f->rule[len] == '.');
}

/* A cause weighs as much as the worst of what it explains: it comes first in the report's order. */
static int
weight_of(const struct digest *d, const struct digest_finding *f)
{
	int weight = f->leads ? LEADS : (int)f->severity;
	for (size_t i = 0; i < d->n_findings; i++) {
		const struct digest_finding *other = &d->findings[i];
		if (is_cause(f, other->cause) && (int)other->severity > weight)
			weight = (int)other->severity;
	}
	return weight;
}

size_t
digest_remedies(const struct digest *d, bool all, struct arena *a,
    const struct digest_finding ***out)
{
	const struct digest_finding **list = arena_array(a, d->n_findings, sizeof *list);
	size_t n = 0;

	for (int weight = LEADS; weight >= SEVERITY_INFO; weight--) {
		for (size_t i = 0; i < d->n_findings; i++) {
			const struct digest_finding *f = &d->findings[i];
			if (is_to_be_done(f, all) && weight_of(d, f) == weight &&
			    !is_known(list, n, f->remedy))
				list[n++] = f;
		}
	}
	*out = list;
	return n;
}
