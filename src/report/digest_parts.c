/* What formats show of a digest, chosen and sorted. */
#include <string.h>

#include "base/arena.h"
#include "report_priv.h"

bool
list_is_bad(const struct digest_list *l)
{
	return strcmp(l->kind, "block") == 0 && strcmp(l->state, "listed") == 0;
}

struct list_count
lists_count(const struct digest *d)
{
	struct list_count c = { .asked = 0 };

	for (size_t i = 0; i < d->n_lists; i++) {
		const struct digest_list *l = &d->lists[i];
		if (strcmp(l->kind, "block") != 0)
			continue;
		c.asked++;
		c.listed += strcmp(l->state, "listed") == 0;
		c.unknown += strcmp(l->state, "unknown") == 0;
	}
	return c;
}

/* What is not wrong needs no remedy. */
static bool
is_to_be_mended(const struct digest_finding *f)
{
	if (f->remedy[0] == '\0')
		return false;
	if (f->verdict == VERDICT_TEMPERROR)
		return f->required;
	return f->verdict == VERDICT_WARN || verdict_is_bad(f->verdict);
}

static bool
is_known(const struct digest_finding *const *list, size_t n, const char *remedy)
{
	for (size_t i = 0; i < n; i++) {
		if (strstr(list[i]->remedy, remedy) != NULL)
			return true;
	}
	return false;
}

size_t
digest_remedies(const struct digest *d, struct arena *a, const struct digest_finding ***out)
{
	const struct digest_finding **list = arena_array(a, d->n_findings, sizeof *list);
	size_t n = 0;

	for (int severity = SEVERITY_CRITICAL; severity >= SEVERITY_INFO; severity--) {
		for (size_t i = 0; i < d->n_findings; i++) {
			const struct digest_finding *f = &d->findings[i];
			if ((int)f->severity == severity && is_to_be_mended(f) &&
			    !is_known(list, n, f->remedy))
				list[n++] = f;
		}
	}
	*out = list;
	return n;
}
