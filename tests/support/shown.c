/* What a test compares of a reply that was read from a log. */
#include "shown.h"

#include "base/when.h"

const char *
reply_shown(const struct reply *r, struct arena *a)
{
	char address[IP_TEXT_MAX] = "", when[WHEN_TEXT_MAX] = "";
	if (r->address.family != 0)
		ip_format(&r->address, address);
	if (r->time_s != 0)
		when_iso(r->time_s, when);
	return arena_printf(a, "%d %s|%s|%s|%s|%s|%s|%s|%s|%s", r->code, r->status, r->host,
	    address, r->stage, r->ehlo, r->sender, r->recipient, when, r->text);
}
