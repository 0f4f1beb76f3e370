/* Outages, in words. */
#include "report/outage.h"

#include "base/arena.h"
#include "base/when.h"

enum { RUN_S = 30 };

bool
outage_is_of_all(const struct history_outage *o)
{
	return o->kind == OUTAGE_RESOLVER || o->kind == OUTAGE_NETWORK;
}

bool
outage_blinds(const struct history_outage *o)
{
	return outage_is_of_all(o) && o->end_s == 0;
}

enum verdict
outage_verdict(const struct history_outage *o)
{
	return o->kind == OUTAGE_REFUSAL ? VERDICT_FAIL : VERDICT_TEMPERROR;
}

const char *
outage_about(const struct history_outage *o)
{
	return o->kind == OUTAGE_REFUSAL || o->kind == OUTAGE_LOG ? "the mail log" : "all servers";
}

const char *
outage_length(const struct history_outage *o, struct arena *a)
{
	char length[WHEN_TEXT_MAX];
	int64_t end_s = o->end_s != 0 ? o->end_s : o->last_s;

	/* runs take some seconds, and a day without them is still a day */
	return arena_strdup(a, when_length(end_s - o->first_s + RUN_S, length));
}

const char *
outage_text(const struct history_outage *o, struct arena *a)
{
	char since[WHEN_TEXT_MAX];

	when_minute(o->first_s, since);
	if (o->end_s != 0)
		return arena_printf(a, "over after %s (since %s UTC): %s", outage_length(o, a),
		    since, o->text);
	if (!outage_blinds(o))
		return arena_printf(a, "since %s UTC %s", since, o->text);
	return arena_printf(a, "since %s UTC %s; %zu server%s not being watched", since, o->text,
	    o->n_servers, o->n_servers == 1 ? " is" : "s are");
}

const char *
outage_headline(const struct history_outage *o, struct arena *a)
{
	if (o->end_s == 0)
		return o->text;
	if (o->kind == OUTAGE_LIST)
		return arena_printf(a, "%s answers again, after %s", o->subject,
		    outage_length(o, a));
	if (o->kind == OUTAGE_LOG)
		return arena_printf(a, "%s is read again, after %s", o->subject,
		    outage_length(o, a));
	if (o->kind == OUTAGE_REFUSAL)
		return arena_printf(a, "no longer, after %s: %s", outage_length(o, a), o->text);
	return arena_printf(a, "look-ups work again, after %s", outage_length(o, a));
}

enum severity
outage_severity(const struct history_outage *o)
{
	return outage_is_of_all(o) ? SEVERITY_CRITICAL : SEVERITY_MEDIUM;
}
