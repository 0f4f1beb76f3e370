/* The names that lists of domains are asked about. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "views/list_priv.h"

enum { PTR_SUBJECTS_MAX = 4 };

/* Only a host name of a registered domain can be listed; no list hears of other names. */
static bool
is_public_name(const char *name)
{
	enum name_fault fault = name_host_fault(name);
	return (fault == NAME_GOOD || fault == NAME_UNDERSCORE) && *name_org_domain(name) != '\0';
}

static size_t
add_subject(struct list_subject *out, size_t n, const char *word, struct arena *a)
{
	char name[NAME_TEXT_MAX];
	if (n == LIST_SUBJECTS_MAX || !name_from_user(word, name) || !is_public_name(name))
		return n;
	for (size_t i = 0; i < n; i++)
		if (name_equal(out[i].name, name))
			return n;
	out[n].name = arena_strdup(a, name);
	out[n].registered = name_org_domain(out[n].name);
	return n + 1;
}

size_t
list_subjects(struct understanding *k, struct list_subject out[LIST_SUBJECTS_MAX])
{
	const struct target *t = k->target;
	const struct ptr_view *ptr = known_ptr(k);
	size_t n = 0;
	if (*t->names.domain != '\0')
		n = add_subject(out, n, t->names.domain, k->arena);
	for (size_t i = 0; i < t->names.n_domains; i++)
		n = add_subject(out, n, t->names.domains[i], k->arena);
	if (known_ehlo(k)->source != EHLO_NONE)
		n = add_subject(out, n, known_ehlo(k)->name, k->arena);
	for (size_t i = 0; i < ptr->n_names && i < PTR_SUBJECTS_MAX; i++)
		n = add_subject(out, n, ptr->names[i], k->arena);
	return n;
}

static size_t
add_domain(const char **out, size_t n, const char *domain)
{
	for (size_t i = 0; i < n; i++)
		if (name_equal(out[i], domain))
			return n;
	out[n] = domain;
	return n + 1;
}

size_t
list_domains(const struct list *l, const struct list_subject *subjects, size_t n,
    const char *out[2 * LIST_SUBJECTS_MAX])
{
	size_t found = 0;
	for (size_t i = 0; i < n; i++) {
		if (l->registered)
			found = add_domain(out, found, subjects[i].registered);
		if (l->full)
			found = add_domain(out, found, subjects[i].name);
	}
	return found;
}

bool
list_probe_name(const struct policy *p, const struct list *l, char out[NAME_TEXT_MAX])
{
	return p->probe != NULL && *p->probe != '\0' && *l->test_domain.clean != '\0' &&
	    list_domain_name(l, p->probe, out);
}
