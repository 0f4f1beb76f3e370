/* Names and times for sentences. */
#include "views/names.h"

#include <string.h>

#include "base/arena.h"
#include "base/name.h"
#include "base/safe.h"
#include "base/strset.h"

enum { SHOWN_MAX = 5, MINUTE_S = 60, HOUR_S = 3600, DAY_S = 86400 };

struct name_set
names_of_records(const struct dns_answer *answer, struct arena *a)
{
	struct name_set set = { .list = arena_array(a, answer->n_records, sizeof(char *)) };
	for (size_t i = 0; i < answer->n_records; i++)
		set.list[i] = answer->records[i].text;
	set.n = strset_make(set.list, answer->n_records);
	return set;
}

bool
names_hold(const char *const *list, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(list[i], name) == 0)
			return true;
	return false;
}

const char *
name_shown(const char *name, struct arena *a)
{
	char unicode[NAME_TEXT_MAX];
	if (name[0] == '\0')
		return ".";
	const char *shown = name_display(name, unicode);
	return shown == name ? name : arena_printf(a, "%s (%s)", name, shown);
}

const char *
names_shown(const char *const *list, size_t n, struct arena *a)
{
	size_t shown = n > SHOWN_MAX ? SHOWN_MAX - 1 : n;
	const char *some[SHOWN_MAX] = { NULL };
	for (size_t i = 0; i < shown; i++)
		some[i] = name_shown(list[i], a);
	const char *text = safe_join(a, some, shown, ", ");
	return shown == n ? text : arena_printf(a, "%s and %zu more", text, n - shown);
}

const char *
duration_shown(uint32_t seconds, struct arena *a)
{
	if (seconds < 2 * MINUTE_S)
		return arena_printf(a, "%u s", seconds);
	if (seconds < 2 * HOUR_S)
		return arena_printf(a, "%u min", (seconds + MINUTE_S - 1) / MINUTE_S);
	if (seconds < 2 * DAY_S)
		return arena_printf(a, "%u h", (seconds + HOUR_S - 1) / HOUR_S);
	return arena_printf(a, "%u days", seconds / DAY_S + (seconds % DAY_S != 0));
}

uint16_t
address_type(const struct ip *ip)
{
	return ip->family == 6 ? DNS_AAAA : DNS_A;
}

const char *
address_type_name(const struct ip *ip)
{
	return ip->family == 6 ? "AAAA" : "A";
}

const char *
addresses_shown(const struct dns_answer *answer, struct arena *a)
{
	struct name_set set = names_of_records(answer, a);
	return set.n == 0 ? "" : names_shown(set.list, set.n, a);
}

const char *
remedy_unknown(const struct dns_answer *answer, const char *otherwise, struct arena *a)
{
	if (answer->status == DNS_NOT_ASKED)
		return "Add the record to the planned file, or run without --offline.";
	if (answer->status == DNS_DOUBTFUL)
		return "Name a resolver that answers as those of receivers do: --resolver ADDR; or "
		       "let the zone's own servers be asked: --authority auto.";
	if (dns_is_bogus(answer))
		return "The holder of the zone must sign it anew, or remove its DS record: its "
		       "DNSSEC "
		       "signatures are wrong, so every resolver that checks them refuses its "
		       "answers.";
	return arena_printf(a, "Try again; if that does not help, %s.", otherwise);
}
