/* The DNS tree walk of DMARC (RFC 9989 4.10). */
#include "views/dmarc_walk.h"

#include "base/arena.h"
#include "base/name.h"

enum { LABELS_KEPT = DMARC_QUESTIONS_MAX - 1 };

size_t
dmarc_walk_domains(const char *domain, const char *out[DMARC_QUESTIONS_MAX])
{
	size_t n = 0;
	for (const char *at = domain; *at != '\0'; at = name_parent(at)) {
		/* of a longer name the labels between are passed over (step 4) */
		if (n > 0 && name_labels(at) > LABELS_KEPT)
			continue;
		out[n++] = at;
	}
	return n;
}

const char *
dmarc_name(struct arena *a, const char *domain)
{
	char name[NAME_TEXT_MAX];
	return name_from_text(arena_printf(a, "_dmarc.%s", domain), name) ? arena_strdup(a, name) :
									    NULL;
}

/* Steps 2 and 6: what is not a record of this version is dropped, and so are several. */
static void
read_records(struct arena *a, struct dmarc_step *step)
{
	const char *text = NULL;
	for (size_t i = 0; i < step->answer->n_records; i++) {
		const char *one = step->answer->records[i].text;
		if (dmarc_is_record(one)) {
			text = one;
			step->n_records++;
		} else if (step->near_miss == NULL) {
			step->near_miss = dmarc_near_miss(one);
			step->miss_text = step->near_miss != NULL ? one : NULL;
		}
	}
	if (step->n_records != 1)
		return;
	struct dmarc_record *record = arena_alloc(a, sizeof *record);
	dmarc_record_read(a, text, record);
	step->record = record;
}

static const char *
last_labels(const char *domain, size_t n)
{
	while (name_labels(domain) > n)
		domain = name_parent(domain);
	return domain;
}

/* The organisational domain of a walk whose answers are known (4.10.2). */
static const char *
org_of(const struct dmarc_walk *w)
{
	const char *org = w->steps[0].domain;
	for (size_t i = 0; i < w->n; i++) {
		const struct dmarc_record *record = w->steps[i].record;
		if (record != NULL && record->psd == DMARC_PSD_NO)
			return w->steps[i].domain;
		if (record != NULL && record->psd == DMARC_PSD_YES && i > 0)
			return last_labels(w->steps[0].domain, name_labels(w->steps[i].domain) + 1);
		if (record != NULL)
			org = w->steps[i].domain; /* the fewest labels so far */
	}
	return org;
}

void
dmarc_walk(struct arena *a, const char *domain, dmarc_answer_fn *answer, const void *context,
    struct dmarc_walk *out)
{
	const char *domains[DMARC_QUESTIONS_MAX];
	size_t n = dmarc_walk_domains(domain, domains);
	*out = (struct dmarc_walk){ .org = "" };
	for (size_t i = 0; i < n; i++) {
		struct dmarc_step *step = &out->steps[out->n++];
		const char *name = dmarc_name(a, domains[i]);
		step->domain = domains[i];
		/* a name that cannot be asked for cannot have a record */
		step->answer = name != NULL ? answer(context, name) : dns_answer_bare(DNS_NXDOMAIN);
		read_records(a, step);
		if (!dns_is_known(step->answer->status) && out->unknown == NULL)
			out->unknown = step;
		if (step->record != NULL && step->record->psd == DMARC_PSD_YES && i > 0)
			out->psd = step;
		if (step->record != NULL && step->record->psd != DMARC_PSD_UNSAID)
			break;
	}
	if (out->unknown == NULL && out->n > 0)
		out->org = org_of(out);
}

const struct dmarc_step *
dmarc_walk_policy(const struct dmarc_walk *w)
{
	if (w->n > 0 && w->steps[0].record != NULL)
		return &w->steps[0];
	for (size_t i = 0; i < w->n; i++)
		if (w->steps[i].record != NULL && name_equal(w->steps[i].domain, w->org))
			return &w->steps[i];
	return w->psd;
}
