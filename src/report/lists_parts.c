/* What the formats of the catalogue share. */
#include <string.h>

#include "base/enumtab.h"
#include "lists/code.h"
#include "report/lists_priv.h"

const char *
list_family_text(const struct list *l, struct arena *a)
{
	const char *text = arena_printf(a, "%s%s%s", l->ip4 ? "ip4 " : "", l->ip6 ? "ip6 " : "",
	    l->domain ? "domain " : "");
	size_t len = strlen(text);
	return len == 0 ? "none" : arena_strndup(a, text, len - 1);
}

const char *
list_code_text(const struct list_code *row, struct arena *a)
{
	uint32_t f = row->first, last = row->last;
	const char *from = arena_printf(a, "%u.%u.%u.%u", f >> 24, f >> 16 & 255, f >> 8 & 255,
	    f & 255);
	if (f == last)
		return from;
	if (f >> 8 == last >> 8)
		return arena_printf(a, "%s-%u", from, last & 255);
	return arena_printf(a, "%s-%u.%u.%u.%u", from, last >> 24, last >> 16 & 255,
	    last >> 8 & 255, last & 255);
}

const char *
list_question_text(const struct list *l, struct arena *a)
{
	const char *what = l->domain && !l->ip4 && !l->ip6 ? "DOMAIN" : "D.C.B.A";
	if (l->status == LIST_DEAD || (!l->ip4 && !l->ip6 && !l->domain))
		return "none over DNS";
	return arena_printf(a, "%s.%s%s", what, *l->key != '\0' ? "KEY." : "", l->zone);
}

const char *
list_health_reason(const struct list_view *v, struct arena *a)
{
	const char *codes = "";
	const struct list_verdict *verdict = &v->verdict;
	if (verdict->state == LIST_LISTED)
		return "";
	if (verdict->reason == LIST_UNTESTED)
		return "it has no test entry";
	for (size_t i = 0; i < verdict->n_codes; i++)
		codes = arena_printf(a, "%s%s%s%s%s%s", codes, i == 0 ? "; it answered " : ", ",
		    verdict->codes[i], *verdict->meanings[i] != '\0' ? " (" : "",
		    verdict->meanings[i], *verdict->meanings[i] != '\0' ? ")" : "");
	return arena_printf(a, "%s%s", list_reason_text(verdict->reason), codes);
}
