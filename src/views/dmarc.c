/* DMARC: the record that counts, and the alignment of what SPF and DKIM pass for (RFC 9989 4.10, 5.3). */
#include "views/dmarc.h"

#include "base/arena.h"
#include "base/name.h"
#include "views/sender.h"
#include "views/spf.h"
#include "views/world.h"

static const struct enumtab_row result_rows[] = {
	{ "temperror", DMARC_RESULT_TEMPERROR },
	{ "pass", DMARC_RESULT_PASS },
	{ "fail", DMARC_RESULT_FAIL },
	{ "none", DMARC_RESULT_NONE },
	{ "permerror", DMARC_RESULT_PERMERROR },
};
const struct enumtab dmarc_result_names = ENUMTAB(result_rows);

/* ---- walks over what is known */

static const struct dns_answer *
answer_of(const void *context, const char *name)
{
	const struct understanding *k = context;
	return world_dns(k->target, k->facts, name, DNS_TXT);
}

static const struct dmarc_walk *
walk_of(const struct understanding *k, const char *domain)
{
	struct dmarc_walk *w = arena_alloc(k->arena, sizeof *w);
	dmarc_walk(k->arena, domain, answer_of, k, w);
	return w;
}

/* All questions of a walk at once: there are eight of them at most, and most answers are cached. */
static void
want_walk(const struct target *t, struct facts *f, const char *domain)
{
	const char *domains[DMARC_QUESTIONS_MAX];
	size_t n = dmarc_walk_domains(domain, domains);
	for (size_t i = 0; i < n; i++) {
		const char *name = dmarc_name(f->arena, domains[i]);
		if (name != NULL)
			world_follow(t, f, name, DNS_TXT);
	}
}

/* ---- what passes */

/* MAIL FROM as SPF passes for it; DMARC takes no other identity (RFC 9989 4.4.2). */
static struct dmarc_identifier
spf_identifier(struct understanding *k)
{
	const struct spf_check *c = known_spf(k)->mail_from;
	struct dmarc_identifier none = { .domain = "", .known = true };
	if (c == NULL || c->domain[0] == '\0')
		return none;
	none.known = c->result != SPF_TEMPERROR;
	if (c->result == SPF_PASS || c->result == SPF_TEMPERROR)
		none.domain = c->domain;
	return none;
}

/* The domains that sign, each once: one that passes goes before one that is not known. */
static void
list_signers(struct understanding *k, struct dmarc_view *v)
{
	const struct dkim_view *dkim = known_dkim(k);
	v->dkim_given = dkim->is_given;
	v->dkim = arena_array(k->arena, DMARC_SIGNERS_MAX, sizeof *v->dkim);
	for (size_t i = 0; i < dkim->n && v->n_dkim < DMARC_SIGNERS_MAX; i++) {
		const struct dkim_row *row = &dkim->rows[i];
		bool unknown = row->result == DKIM_TEMPERROR && row->origin != DKIM_GUESSED;
		size_t at = 0;
		if (!unknown && !dkim_row_signs(row))
			continue;
		while (at < v->n_dkim && !name_equal(v->dkim[at].domain, row->domain))
			at++;
		if (at == v->n_dkim)
			v->dkim[v->n_dkim++] = (struct dmarc_identifier){ .domain = row->domain };
		v->dkim[at].known |= !unknown;
	}
}

/* Names without a label in common at their end have no organisation in common. */
static bool
could_align(const char *a, const char *b)
{
	const char *top = a;
	while (name_labels(top) > 1)
		top = name_parent(top);
	return name_is_under(b, top);
}

static void
align(const struct understanding *k, const struct dmarc_view *v, bool strict,
    struct dmarc_identifier *id)
{
	id->alignment = DMARC_NOT_ALIGNED;
	if (id->domain[0] == '\0')
		return;
	if (name_equal(id->domain, v->from)) {
		id->alignment = DMARC_ALIGNED;
		return;
	}
	if (strict || !could_align(id->domain, v->from))
		return;
	id->walk = walk_of(k, id->domain);
	if (v->walk->org[0] == '\0' || id->walk->org[0] == '\0')
		id->alignment = DMARC_ALIGNMENT_UNKNOWN;
	else if (name_equal(v->walk->org, id->walk->org))
		id->alignment = DMARC_ALIGNED;
}

/* ---- the record */

static enum dmarc_place
place_of(const struct understanding *k, const struct dmarc_view *v, const char *domain,
    const struct dmarc_record *record, const struct dns_answer **unknown)
{
	if (name_equal(domain, v->from))
		return DMARC_OWN;
	if (!record->has_np)
		return DMARC_BELOW;
	const struct dns_answer *mx = world_dns(k->target, k->facts, v->from, DNS_MX);
	if (!dns_is_known(mx->status))
		*unknown = mx;
	return mx->status == DNS_NXDOMAIN ? DMARC_MISSING : DMARC_BELOW;
}

static void
find_record(struct understanding *k, struct dmarc_view *v)
{
	const struct dmarc_walk *w = v->walk = walk_of(k, v->from);
	v->step = dmarc_walk_policy(w);
	if (w->unknown != NULL && (v->step == NULL || v->step != &w->steps[0])) {
		v->unknown = w->unknown->answer;
		v->step = NULL;
		return;
	}
	if (v->step == NULL)
		return;
	v->record = v->step->record;
	v->place = place_of(k, v, v->step->domain, v->record, &v->unknown);
	v->policy = dmarc_record_effective(v->record, v->place);
}

/* ---- the result */

/* Passes by one that is aligned; unknown by one that may be. */
static enum dmarc_result
result_of(const struct dmarc_view *v)
{
	bool unknown = !v->spf.known && v->spf.alignment != DMARC_NOT_ALIGNED;
	unknown |= v->spf.known && v->spf.alignment == DMARC_ALIGNMENT_UNKNOWN;
	for (size_t i = 0; i < v->n_dkim; i++) {
		const struct dmarc_identifier *id = &v->dkim[i];
		unknown |= id->alignment == DMARC_ALIGNMENT_UNKNOWN ||
		    (!id->known && id->alignment == DMARC_ALIGNED);
	}
	if (v->aligned_spf != NULL || v->aligned_dkim != NULL)
		return DMARC_RESULT_PASS;
	return unknown ? DMARC_RESULT_TEMPERROR : DMARC_RESULT_FAIL;
}

static void
align_all(const struct understanding *k, struct dmarc_view *v)
{
	align(k, v, v->record->strict_spf, &v->spf);
	if (v->spf.known && v->spf.alignment == DMARC_ALIGNED)
		v->aligned_spf = v->spf.domain;
	for (size_t i = 0; i < v->n_dkim; i++) {
		struct dmarc_identifier *id = &v->dkim[i];
		align(k, v, v->record->strict_dkim, id);
		if (id->known && id->alignment == DMARC_ALIGNED && v->aligned_dkim == NULL)
			v->aligned_dkim = id->domain;
	}
	v->result = result_of(v);
	if (!dmarc_record_applies(v->record))
		v->result = DMARC_RESULT_PERMERROR;
}

/* ---- RFC 7489: the record at From, else at the organisational domain of the list */

static bool
list_aligned(const char *a, const char *b, bool strict)
{
	const char *org_a = name_org_domain(a), *org_b = name_org_domain(b);
	return name_equal(a, b) || (!strict && org_a[0] != '\0' && name_equal(org_a, org_b));
}

static const struct dmarc_step *
list_step(const struct dmarc_walk *w, const char *from)
{
	const char *org = name_org_domain(from);
	if (w->n > 0 && w->steps[0].record != NULL)
		return &w->steps[0];
	for (size_t i = 0; i < w->n; i++)
		if (org[0] != '\0' && name_equal(w->steps[i].domain, org))
			return w->steps[i].record != NULL ? &w->steps[i] : NULL;
	return NULL;
}

static void
judge_by_list(struct dmarc_view *v)
{
	const struct dmarc_step *step = list_step(v->walk, v->from);
	v->list_result = DMARC_RESULT_NONE;
	v->list_domain = step != NULL ? step->domain : "";
	if (step != NULL) {
		const struct dmarc_record *r = step->record;
		bool pass = v->spf.domain[0] != '\0' &&
		    list_aligned(v->spf.domain, v->from, r->strict_spf);
		for (size_t i = 0; i < v->n_dkim; i++)
			pass |= list_aligned(v->dkim[i].domain, v->from, r->strict_dkim);
		v->list_result = pass ? DMARC_RESULT_PASS : DMARC_RESULT_FAIL;
	}
	/* a record that the list leads to and the walk does not, or another result */
	v->list_differs = v->list_result != v->result;
}

/* What is known for sure of both sides, so that a difference is one of the rules. */
static bool
is_settled(const struct dmarc_view *v)
{
	bool settled = v->walk->unknown == NULL && v->spf.known &&
	    (v->result == DMARC_RESULT_PASS || v->result == DMARC_RESULT_FAIL ||
		v->result == DMARC_RESULT_NONE);
	for (size_t i = 0; i < v->n_dkim; i++)
		settled = settled && v->dkim[i].known;
	return settled;
}

static const char *
from_of(const struct target *t, struct arena *a)
{
	struct sender_view sender;
	sender_read(t, a, &sender);
	return sender.from_domain;
}

bool
dmarc_applies(const struct target *t)
{
	return t->policy->named || t->names.message != NULL || t->names.domain[0] != '\0' ||
	    t->names.from != NULL;
}

static void
judge(struct understanding *k, struct dmarc_view *v)
{
	const struct message *m = k->target->names.message;
	v->spf = spf_identifier(k);
	list_signers(k, v);
	bool unclear = m != NULL && k->target->names.from == NULL &&
	    (m->n_from != 1 || m->from.n != 1);
	if (v->from[0] == '\0' || unclear) {
		v->result = DMARC_RESULT_PERMERROR;
		return;
	}
	find_record(k, v);
	if (v->record != NULL)
		align_all(k, v);
	else
		v->result = v->unknown != NULL ? DMARC_RESULT_TEMPERROR : DMARC_RESULT_NONE;
	v->list_result = v->result;
	if (is_settled(v))
		judge_by_list(v);
}

const struct dmarc_view *
known_dmarc(struct understanding *k)
{
	if (k->dmarc != NULL)
		return k->dmarc;
	struct dmarc_view *v = arena_alloc(k->arena, sizeof *v);
	*v = (struct dmarc_view){ .from = from_of(k->target, k->arena), .list_domain = "" };
	judge(k, v);
	return k->dmarc = v;
}

/* The other domains are walked only where their alignment is not a matter of comparing names. */
static void
want_alignment(const struct target *t, struct facts *f, struct understanding *k)
{
	const struct dmarc_view *v = known_dmarc(k);
	if (v->spf.walk != NULL)
		want_walk(t, f, v->spf.domain);
	for (size_t i = 0; i < v->n_dkim; i++)
		if (v->dkim[i].walk != NULL)
			want_walk(t, f, v->dkim[i].domain);
	if (v->record != NULL && v->record->has_np && v->place != DMARC_OWN)
		world_follow(t, f, v->from, DNS_MX);
}

void
dmarc_want(const struct target *t, struct facts *f)
{
	const char *from = from_of(t, f->arena);
	dkim_want_keys(t, f);
	if (from[0] == '\0')
		return;
	want_walk(t, f, from);
	spf_want(t, f);
	want_alignment(t, f, understanding_so_far(t, f));
}
