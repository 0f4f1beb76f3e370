/* The PTR record as the resolver gives it. */
#include "views/ptr.h"

#include "base/arena.h"
#include "base/name.h"
#include "views/names.h"
#include "views/world.h"

static const struct enumtab_row status_rows[] = {
	{ "temperror", PTR_TEMPERROR },
	{ "found", PTR_FOUND },
	{ "nxdomain", PTR_NXDOMAIN },
	{ "nodata", PTR_NODATA },
};
const struct enumtab ptr_status_names = ENUMTAB(status_rows);

static enum ptr_status
status_of(const struct dns_answer *answer)
{
	if (answer->status == DNS_FOUND)
		return PTR_FOUND;
	if (answer->status == DNS_NXDOMAIN)
		return PTR_NXDOMAIN;
	return answer->status == DNS_NODATA ? PTR_NODATA : PTR_TEMPERROR;
}

const struct ptr_view *
known_ptr(struct understanding *k)
{
	char reverse[IP_REVERSE_MAX];
	if (k->ptr != NULL)
		return k->ptr;
	const struct fact *fact;
	const struct dns_answer *answer = world_look(k->target, k->facts,
	    ip_reverse_name(&k->target->ip, reverse), DNS_PTR, &fact);
	struct ptr_view *v = arena_alloc(k->arena, sizeof *v);
	*v = (struct ptr_view){
		.status = status_of(answer),
		.reverse_name = fact != NULL ? fact->name : arena_strdup(k->arena, reverse),
		.chain = answer->chain,
		.n_chain = answer->n_chain,
		.answer = answer,
		.fact = fact,
	};
	if (v->status == PTR_FOUND) {
		struct name_set names = names_of_records(answer, k->arena);
		v->names = names.list;
		v->n_names = names.n;
	}
	return k->ptr = v;
}

const char *
ptr_place(const struct ptr_view *view, const char *name)
{
	for (size_t i = 0; i < view->answer->n_records; i++) {
		const struct dns_record *record = &view->answer->records[i];
		if (record->place != NULL && name_equal(record->text, name))
			return record->place;
	}
	return "";
}

/* "mail.example.com.example.com": in one's own file a slip, in the DNS it may be meant. */
static const char *
meant_without_domain(const struct ptr_view *view, const char *name, struct arena *a)
{
	if (!view->answer->planned)
		return NULL;
	const char *domain = name_org_domain(name);
	if (domain[0] == '\0' || name_equal(name, domain))
		return NULL;
	const char *rest = arena_strndup(a, name, (size_t)(domain - name) - 1);
	return name_is_under(rest, domain) ? rest : NULL;
}

const char *
ptr_name_meant(const struct ptr_view *view, const char *name, struct arena *a)
{
	const char *end = dns_answer_end(view->answer, view->reverse_name);
	if (!name_is_under(name, "arpa"))
		return meant_without_domain(view, name, a);
	if (name_equal(name, end))
		return NULL;
	for (const char *zone = name_parent(name); zone[0] != '\0'; zone = name_parent(zone)) {
		if (!name_is_under(view->reverse_name, zone) && !name_is_under(end, zone))
			continue;
		return name_labels(zone) < 2 ? NULL :
					       arena_strndup(a, name, (size_t)(zone - name) - 1);
	}
	return NULL;
}
