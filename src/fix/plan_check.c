/* What can never be done, whatever the world says. */
#include <string.h>

#include "base/name.h"
#include "base/utf8.h"
#include "fix/plan_priv.h"

static enum err_code
check_name(const char *name, struct err *err)
{
	if (strncmp(name, "*.", 2) == 0)
		return err_set(err, ERR_DATA,
		    "%s is a wildcard: a PTR record needs the one name of the server", name);
	enum name_fault fault = name_host_fault(name);
	if (fault == NAME_GOOD)
		return ERR_NONE;
	return err_set(err, ERR_DATA, "%s is not a host name for a mail server: it %s",
	    name[0] != '\0' ? name : "the empty name", name_fault_text(fault));
}

static enum err_code
check_names(const struct target *t, const struct plan_wish *wish, size_t max, const char *who,
    struct err *err)
{
	if (t->names.n_wanted == 0 && !wish->unset)
		return err_set(err, ERR_DATA, "%s: which name is it to have?  Expected --name",
		    t->address);
	if (t->names.n_wanted > max)
		return err_set(err, ERR_DATA, "%zu names for %s; %s takes %zu", t->names.n_wanted,
		    t->address, who, max);
	for (size_t i = 0; i < t->names.n_wanted; i++)
		if (check_name(t->names.wanted[i], err) != ERR_NONE)
			return err->code;
	return ERR_NONE;
}

static enum err_code
check_address(const struct target *t, struct err *err)
{
	const struct ip_range *range = ip_special(&t->ip);
	if (range == NULL || t->policy->allow_special)
		return ERR_NONE;
	return err_set(err, ERR_DATA,
	    "%s is in %s (%s, %s), for which the public DNS has no PTR records; in your own "
	    "network, "
	    "use --allow-special",
	    t->address, range->prefix, range->name, range->source);
}

static struct provider_record
wished(const struct target *t, const struct plan_wish *wish, const struct provider *p)
{
	struct provider_record r = { .ip = t->ip,
		.ttl_s = wish->ttl_s != 0 ? wish->ttl_s : p->default_ttl_s,
		.description = wish->description != NULL ? wish->description : "" };
	for (; r.n_names < t->names.n_wanted; r.n_names++)
		r.names[r.n_names] = t->names.wanted[r.n_names];
	for (; r.n_tags < wish->n_tags; r.n_tags++)
		r.tags[r.n_tags] = wish->tags[r.n_tags];
	return r;
}

static enum err_code
check_provider(const struct target *t, const struct plan_wish *wish, const struct provider *p,
    struct err *err)
{
	if (!(t->ip.family == 6 ? p->ip6 : p->ip4))
		return err_set(err, ERR_NOPERM,
		    "%s: no PTR record can be set for an IPv%d address through the API of %s; ask "
		    "its support",
		    t->address, t->ip.family, p->title);
	if (wish->ttl_s != 0 && p->max_ttl_s == 0)
		return err_set(err, ERR_DATA, "%s sets the TTL of PTR records itself: omit --ttl",
		    p->title);
	if (wish->ttl_s != 0 && (wish->ttl_s < p->min_ttl_s || wish->ttl_s > p->max_ttl_s))
		return err_set(err, ERR_DATA, "TTL %u: %s takes %u to %u seconds", wish->ttl_s,
		    p->title, p->min_ttl_s, p->max_ttl_s);
	if (check_names(t, wish, p->max_names, p->title, err) != ERR_NONE)
		return err->code;
	struct provider_record record = wished(t, wish, p);
	return wish->unset || p->check == NULL ? ERR_NONE : p->check(&record, err);
}

enum err_code
plan_check_wish(const struct target *t, const struct plan_wish *wish,
    const struct provider *provider, struct err *err)
{
	if (check_address(t, err) != ERR_NONE ||
	    check_names(t, wish, PROVIDER_NAMES_MAX, "a PTR record", err) != ERR_NONE)
		return err->code;
	size_t n = wish->description != NULL ?
	    utf8_count(wish->description, strlen(wish->description)) :
	    0;
	if (n > PROVIDER_DESCRIPTION_MAX)
		return err_set(err, ERR_DATA,
		    "the description has %zu characters; at most %d can be kept", n,
		    PROVIDER_DESCRIPTION_MAX);
	if (wish->n_tags > PROVIDER_TAGS_MAX)
		return err_set(err, ERR_DATA, "%zu tags; at most %d can be kept", wish->n_tags,
		    PROVIDER_TAGS_MAX);
	return provider == NULL ? ERR_NONE : check_provider(t, wish, provider, err);
}
