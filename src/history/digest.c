/* Names, words and copies of a digest. */
#include "history/digest.h"

#include <string.h>

#include "base/arena.h"
#include "views/receivers.h"

const char *
digest_name(const struct digest *d, struct arena *a)
{
	bool bare = strcmp(d->address, d->host) == 0;

	/* a host name may have several addresses */
	if (d->label[0] != '\0' && d->host[0] != '\0')
		return arena_printf(a, "%s (%s)", d->label, d->address);
	if (d->label[0] != '\0')
		return d->label;
	if (d->host[0] != '\0' && !bare)
		return arena_printf(a, "%s (%s)", d->address, d->host);
	return d->address;
}

const char *
digest_ptr_word(const struct digest *d)
{
	return d->has_ptr ? enumtab_name(&ptr_status_names, (int)d->ptr_status) : "";
}

const char *
digest_iprev_word(const struct digest *d)
{
	return d->has_iprev ? enumtab_name(&iprev_result_names, (int)d->iprev) : "";
}

const char *
digest_ehlo_word(const struct digest *d)
{
	return d->has_ehlo ? enumtab_name(&iprev_result_names, (int)d->ehlo_result) : "";
}

size_t
digest_next_group(const char **at)
{
	*at += strspn(*at, ", ");
	return strcspn(*at, ",");
}

bool
digest_in_groups(const struct digest *d, const char *groups)
{
	size_t len, other_len;
	for (; (len = digest_next_group(&groups)) > 0; groups += len)
		for (const char *own = d->groups != NULL ? d->groups : "";
		     (other_len = digest_next_group(&own)) > 0; own += other_len)
			if (len == other_len && memcmp(own, groups, len) == 0)
				return true;
	return false;
}

bool
digest_same_check(const char *rule, const char *other)
{
	size_t len = strcspn(rule, ".");

	return strcspn(other, ".") == len && memcmp(rule, other, len) == 0;
}

enum verdict
digest_carry(struct digest *now, const struct digest *before, const char *check, struct arena *a)
{
	enum verdict worst = VERDICT_PASS;
	struct digest_finding *all = arena_array(a, now->n_findings + before->n_findings,
	    sizeof *all);
	size_t n = 0;

	for (; n < now->n_findings; n++)
		all[n] = now->findings[n];
	for (size_t i = 0; i < before->n_findings; i++) {
		const struct digest_finding *f = &before->findings[i];
		if (verdict_is_good(f->verdict) || !digest_same_check(check, f->rule))
			continue;
		all[n++] = *f;
		if (verdict_rank(f->verdict) > verdict_rank(worst))
			worst = f->verdict;
	}
	now->findings = all;
	now->n_findings = n;
	return worst;
}

bool
digest_has_lists(const struct digest *d)
{
	return d->n_lists > 0 || d->counts.not_applicable > 0;
}

const char *
digest_list_reason(const struct digest_list *l)
{
	return l->why != LIST_OK ? enumtab_name(&list_reason_names, (int)l->why) : l->codes;
}

static const char **
copy_names(const char *const *names, size_t n, struct arena *a)
{
	const char **copy = arena_array(a, n, sizeof *copy);

	for (size_t i = 0; i < n; i++)
		copy[i] = arena_strdup(a, names[i]);
	return copy;
}

static void
copy_lists(const struct digest *from, struct arena *a, struct digest *out)
{
	out->lists = arena_array(a, from->n_lists, sizeof *out->lists);
	for (size_t i = 0; i < from->n_lists; i++) {
		const struct digest_list *l = &from->lists[i];
		out->lists[i] = *l;
		out->lists[i].zone = arena_strdup(a, l->zone);
		out->lists[i].subject = arena_strdup(a, l->subject);
		out->lists[i].codes = arena_strdup(a, l->codes);
	}
}

static void
copy_demands(const struct digest *from, struct arena *a, struct digest *out)
{
	out->demands = arena_array(a, from->n_demands, sizeof *out->demands);
	for (size_t i = 0; i < from->n_demands; i++) {
		const struct digest_demand *d = &from->demands[i];
		out->demands[i] = *d;
		out->demands[i].receiver = arena_strdup(a, d->receiver);
		out->demands[i].name = arena_strdup(a, d->name);
		out->demands[i].code = arena_strdup(a, d->code);
	}
}

static void
copy_findings(const struct digest *from, struct arena *a, struct digest *out)
{
	out->findings = arena_array(a, from->n_findings, sizeof *out->findings);
	for (size_t i = 0; i < from->n_findings; i++) {
		const struct digest_finding *f = &from->findings[i];
		out->findings[i] = *f;
		out->findings[i].rule = arena_strdup(a, f->rule);
		out->findings[i].subject = arena_strdup(a, f->subject);
		out->findings[i].text = arena_strdup(a, f->text);
		out->findings[i].remedy = arena_strdup(a, f->remedy);
		out->findings[i].why = arena_strdup(a, f->why);
		out->findings[i].cause = f->cause != NULL ? arena_strdup(a, f->cause) : NULL;
		out->findings[i].evidence = f->evidence != NULL ? arena_strdup(a, f->evidence) :
								  NULL;
	}
}

void
digest_copy(const struct digest *from, struct arena *a, struct digest *out)
{
	*out = *from;
	out->label = arena_strdup(a, from->label);
	out->address = arena_strdup(a, from->address);
	out->host = arena_strdup(a, from->host);
	out->ehlo = arena_strdup(a, from->ehlo);
	out->domain = arena_strdup(a, from->domain);
	out->groups = from->groups != NULL ? arena_strdup(a, from->groups) : NULL;
	out->reason = arena_strdup(a, from->reason);
	out->ehlo_seen = arena_strdup(a, from->ehlo_seen);
	out->ptr_names = copy_names(from->ptr_names, from->n_ptr_names, a);
	out->confirmed = copy_names(from->confirmed, from->n_confirmed, a);
	if (from->receivers != NULL)
		out->receivers = receivers_copy(from->receivers, a);
	copy_demands(from, a, out);
	copy_lists(from, a, out);
	copy_findings(from, a, out);
}
