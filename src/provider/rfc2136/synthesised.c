/*
 * Names whose records nobody has set: a wildcard gives them, or the server makes them up.  A record of
 * its own takes a name out of that, and with it what a wildcard above gave its neighbours (RFC 4592).
 */
#include "base/name.h"
#include "base/safe.h"
#include "provider/rfc2136/rfc2136_priv.h"

enum { DEPTH_MAX = 128 }; /* a name has no more labels */

/* Is there an answer, whoever it comes from?  False for what could not be asked. */
static bool
is_answered(struct provider_session *s, const struct rfc2136_place *place, const char *name,
    uint16_t type)
{
	struct rfc2136_question question = { place, name, type };
	struct dns_answer answer = dns_answer_pending;
	struct err ignored;
	return rfc2136_query(s, &question, &s->arena, &answer, &ignored) == ERR_NONE &&
	    answer.status == DNS_FOUND;
}

/* The wildcard gives the name an answer, so that the name itself does not exist (RFC 4592 3.3.1). */
static bool
is_covered(struct provider_session *s, const struct rfc2136_place *place, const char *name,
    uint16_t type)
{
	struct rfc2136_question question = { place, name, type };
	struct err ignored;
	bool own = true;
	return is_answered(s, place, name, type) &&
	    rfc2136_holds(s, &question, &own, &ignored) == ERR_NONE && !own;
}

/*
 * The topmost name between owner and zone that does not exist yet; NULL when the owner's parent does.
 * Below a name that does not exist nothing does, so that halving finds it.
 */
static const char *
topmost_covered(struct provider_session *s, const struct rfc2136_place *place, uint16_t type)
{
	const char *names[DEPTH_MAX] = { NULL };
	size_t n = 0;
	for (const char *name = name_parent(place->owner);
	     n < DEPTH_MAX && name_is_under(name, place->zone) && !name_equal(name, place->zone);
	     name = name_parent(name))
		names[n++] = name;
	size_t covered = 0; /* so many of them, from the owner upwards, at least */
	for (size_t end = n; covered < end;) {
		size_t middle = covered + (end - covered + 1) / 2;
		if (is_covered(s, place, names[middle - 1], type))
			covered = middle;
		else
			end = middle - 1;
	}
	return covered == 0 ? NULL : names[covered - 1];
}

static const char *
hidden_neighbours(struct provider_session *s, const struct rfc2136_place *place, uint16_t type)
{
	const char *top = topmost_covered(s, place, type), *parent = name_parent(place->owner);
	if (top == NULL)
		return "";
	return arena_printf(&s->arena,
	    "A record of its own at %s hides the wildcard from all other names below %s: they no "
	    "longer get its records (RFC 4592). Before you apply this, add a wildcard at *.%s%s.",
	    safe_text(&s->arena, place->owner), safe_text(&s->arena, top),
	    safe_text(&s->arena, parent),
	    name_equal(top, parent) ? "" : ", and one at each name above it up to there");
}

/* What the wildcard gives the name beside the addresses of this type. */
static const char *
lost_types(struct provider_session *s, const struct rfc2136_place *place, uint16_t type)
{
	static const struct {
		uint16_t type;
		const char *name;
	} rows[] = { { DNS_A, "A" }, { DNS_AAAA, "AAAA" }, { DNS_MX, "MX" }, { DNS_TXT, "TXT" } };
	const char *list = "";
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		if (rows[i].type != type && is_answered(s, place, place->owner, rows[i].type))
			list = arena_printf(&s->arena, "%s%s%s", list, list[0] == '\0' ? "" : ", ",
			    rows[i].name);
	if (list[0] == '\0')
		return "";
	return arena_printf(&s->arena,
	    "%s loses what the wildcard gives it now: %s. Publish these for the name itself, too.",
	    safe_text(&s->arena, place->owner), list);
}

const char *
rfc2136_hidden(struct provider_session *s, const struct rfc2136_place *place, uint16_t type)
{
	const char *others = hidden_neighbours(s, place, type);
	const char *own = type == DNS_PTR ? "" : lost_types(s, place, type);
	if (others[0] == '\0' && own[0] == '\0')
		return NULL;
	return arena_printf(&s->arena, "%s%s%s", others,
	    others[0] != '\0' && own[0] != '\0' ? " " : "", own);
}
