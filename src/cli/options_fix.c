#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "options_fix_priv.h"
#include "repair/repair.h"

enum { TTL_MAX = 2147483647 }; /* RFC 2181 8 */

/* Flags and words that are kept as they are. */
#define FLAG(setter, field) \
	enum err_code setter(struct settings *s, const char *value, struct err *err) \
	{ \
		(void)value, (void)err; \
		s->field = true; \
		return ERR_NONE; \
	}
#define WORD(setter, field) \
	enum err_code setter(struct settings *s, const char *value, struct err *err) \
	{ \
		(void)err; \
		s->field = value; \
		return ERR_NONE; \
	}

FLAG(set_apply, fix.apply)
FLAG(set_yes, yes)
FLAG(set_no_wait, fix.no_wait)
FLAG(set_replace, fix.wish.replace)
FLAG(set_with_forward, fix.wish.with_forward)
FLAG(set_force_order, fix.wish.force_order)
WORD(set_plan_out, fix.plan_out)
WORD(set_plan_in, fix.plan_in)
WORD(set_resume, resume)
WORD(set_journal, fix.journal_dir)
WORD(set_region, fix.region)
WORD(set_project, fix.project)
WORD(set_cloud, fix.cloud)
WORD(set_ca_file, fix.ca_file)

static bool
has_control(const char *value)
{
	for (const char *c = value; *c != '\0'; c++)
		if ((unsigned char)*c < ' ' || *c == 0x7f)
			return true;
	return false;
}

enum err_code
set_provider(struct settings *s, const char *value, struct err *err)
{
	const struct provider *p;
	s->fix.provider = value;
	return account_provider(value, &p, err);
}

enum err_code
add_name(struct settings *s, const char *value, struct err *err)
{
	(void)err;
	s->names = arena_grow(&s->arena, s->names, s->n_names, &s->cap_names, sizeof(*s->names));
	s->names[s->n_names++] = value;
	return ERR_NONE;
}

enum err_code
add_tag(struct settings *s, const char *value, struct err *err)
{
	if (value[0] == '=' || strchr(value, '=') == NULL || has_control(value) ||
	    !json_holds(value))
		return err_set(err, ERR_USAGE, "'%s' is no tag: expected KEY=VALUE", value);
	s->tags = arena_grow(&s->arena, s->tags, s->n_tags, &s->cap_tags, sizeof(*s->tags));
	s->tags[s->n_tags++] = value;
	return ERR_NONE;
}

enum err_code
add_endpoint(struct settings *s, const char *value, struct err *err)
{
	if (s->n_endpoints == FIX_ENDPOINTS_MAX)
		return err_set(err, ERR_USAGE, "at most %d endpoints can be given",
		    FIX_ENDPOINTS_MAX);
	/* it is written into the journal and seen in the process list: no place for a password */
	const char *host = strstr(value, "://");
	if (host != NULL && memchr(host + 3, '@', strcspn(host + 3, "/")) != NULL)
		return err_set(err, ERR_USAGE, "an endpoint must not hold a user or a password");
	s->endpoints = arena_grow(&s->arena, s->endpoints, s->n_endpoints, &s->cap_endpoints,
	    sizeof(*s->endpoints));
	s->endpoints[s->n_endpoints++] = value;
	return ERR_NONE;
}

enum err_code
set_fix_timeout(struct settings *s, const char *value, struct err *err)
{
	char *end = NULL;
	double seconds = strtod(value, &end);
	bool plain = value[strspn(value, "0123456789.")] == '\0' && value[0] != '\0';
	if (!plain || *end != '\0' || seconds < 0.001 || seconds > 86400)
		return err_set(err, ERR_USAGE,
		    "'%s' is no time: expected seconds from 0.001 to 86400", value);
	s->fix.timeout_us = (uint64_t)(seconds * 1e6);
	return ERR_NONE;
}

enum err_code
set_ttl(struct settings *s, const char *value, struct err *err)
{
	char *end = NULL;
	unsigned long ttl = strtoul(value, &end, 10);
	bool plain = value[0] >= '0' && value[0] <= '9' && *end == '\0';
	if (!plain || ttl < 1 || ttl > TTL_MAX)
		return err_set(err, ERR_USAGE, "'%s' is no TTL: expected seconds from 1 to %d",
		    value, TTL_MAX);
	s->fix.wish.ttl_s = (uint32_t)ttl;
	return ERR_NONE;
}

enum err_code
set_description(struct settings *s, const char *value, struct err *err)
{
	if (has_control(value) || !json_holds(value))
		return err_set(err, ERR_USAGE, "a description is UTF-8 without control bytes");
	s->fix.wish.description = value;
	return ERR_NONE;
}
