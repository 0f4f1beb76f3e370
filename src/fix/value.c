/* What record sets hold, as the plan and the journal write it down. */
#include <string.h>

#include "base/name.h"
#include "base/strset.h"
#include "fix/plan_priv.h"
#include "views/names.h"

static const struct enumtab_row kind_rows[] = {
	{ "forward", STEP_FORWARD },
	{ "ptr", STEP_PTR },
};
const struct enumtab step_kind_names = ENUMTAB(kind_rows);

const char **
plan_sorted(const char *const *list, size_t n, struct arena *a, size_t *out_n)
{
	const char **out = arena_array(a, n + 1, sizeof *out);
	for (size_t i = 0; i < n; i++)
		out[i] = arena_strdup(a, list[i]);
	*out_n = strset_make(out, n);
	return out;
}

/* A default name and no record are one state: nobody has set anything. */
static size_t
n_set(const struct plan_value *v)
{
	return v->is_default ? 0 : v->n_values;
}

bool
plan_value_same_values(const struct plan_value *a, const struct plan_value *b)
{
	return strset_equal(a->values, n_set(a), b->values, n_set(b));
}

bool
plan_value_has_ttl(const struct plan_value *v)
{
	return v->ttl_s != 0 || v->ttl_zero;
}

bool
plan_value_same_tags(const struct plan_value *a, const struct plan_value *b)
{
	return strset_equal(a->tags, a->n_tags, b->tags, b->n_tags);
}

bool
plan_value_same(const struct plan_value *a, const struct plan_value *b)
{
	if (!plan_value_same_values(a, b))
		return false;
	return n_set(a) == 0 || !plan_value_has_ttl(a) || !plan_value_has_ttl(b) ||
	    a->ttl_s == b->ttl_s;
}

void
plan_value_of_record(const struct provider_record *r, enum provider_state state, struct arena *a,
    struct plan_value *out)
{
	*out = (struct plan_value){ .description = "", .values = NULL };
	out->values = plan_sorted(r->names, 0, a, &out->n_values);
	out->tags = plan_sorted(r->tags, 0, a, &out->n_tags);
	if (state == PROVIDER_ABSENT) {
		out->is_default = r->is_default;
		return;
	}
	out->values = plan_sorted(r->names, r->n_names, a, &out->n_values);
	out->tags = plan_sorted(r->tags, r->n_tags, a, &out->n_tags);
	out->is_default = r->is_default;
	out->ttl_s = r->ttl_s;
	out->ttl_zero = r->ttl_zero;
	out->description = arena_strdup(a, r->description != NULL ? r->description : "");
	if (r->enterprise_project != NULL)
		out->enterprise_project = arena_strdup(a, r->enterprise_project);
}

void
plan_value_of_set(const struct provider_set *set, struct arena *a, struct plan_value *out)
{
	const char *texts[PLAN_VALUES_MAX];
	char text[IP_TEXT_MAX];
	for (size_t i = 0; i < set->n; i++)
		texts[i] = arena_strdup(a, ip_format(&set->ips[i], text));
	*out = (struct plan_value){ .description = "",
		.is_default = set->is_default,
		.ttl_s = set->n > 0 ? set->ttl_s : 0,
		.ttl_zero = set->n > 0 && set->ttl_zero };
	out->values = plan_sorted(texts, set->n, a, &out->n_values);
	out->tags = plan_sorted(texts, 0, a, &out->n_tags);
}

void
plan_value_to_record(const struct plan_value *v, const struct ip *ip, struct provider_record *out)
{
	*out = (struct provider_record){ .ip = *ip,
		.ttl_s = v->ttl_s,
		.ttl_zero = v->ttl_zero,
		.description = v->description,
		.enterprise_project = v->enterprise_project,
		.is_default = v->is_default };
	for (; out->n_names < v->n_values && out->n_names < PROVIDER_NAMES_MAX; out->n_names++)
		out->names[out->n_names] = v->values[out->n_names];
	for (; out->n_tags < v->n_tags && out->n_tags < PROVIDER_TAGS_MAX; out->n_tags++)
		out->tags[out->n_tags] = v->tags[out->n_tags];
}

void
plan_value_to_set(const struct plan_value *v, struct provider_set *out)
{
	*out = (struct provider_set){ .ttl_s = v->ttl_s, .ttl_zero = v->ttl_zero };
	for (size_t i = 0; i < n_set(v) && out->n < PROVIDER_IPS_MAX; i++)
		out->n += ip_parse(v->values[i], &out->ips[out->n]);
}

void
plan_foresee(const struct plan *earlier, const char *name, int family, struct provider_set *set)
{
	for (size_t i = 0; earlier->status == PLAN_CHANGE && i < earlier->n_steps; i++) {
		const struct plan_step *s = &earlier->steps[i];
		if (s->kind == STEP_FORWARD && earlier->ip.family == family &&
		    name_equal(s->subject, name))
			plan_value_to_set(&s->new, set);
	}
}

const char *
plan_value_shown(const struct plan_step *s, const struct plan_value *v, struct arena *a)
{
	bool ptr = s->kind == STEP_PTR;
	if (v->n_values == 0)
		return v->is_default ? "the provider's default" :
		    ptr              ? "no PTR record" :
				       "no such record";
	const char *type = ptr ? "PTR" : strchr(v->values[0], ':') != NULL ? "AAAA" : "A";
	const char *names = names_shown(v->values, v->n_values, a);
	if (v->is_default)
		return arena_printf(a, ptr ? "the provider's default %s" : "a wildcard's %s",
		    names);
	return arena_printf(a, "%s %s", type, names);
}
