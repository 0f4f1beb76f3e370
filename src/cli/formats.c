/* The formats that commands offer, by their number; NULL after the last. */
#include "cli/commands.h"
#include "report/fix.h"

const char *
report_format(size_t i)
{
	return i < renderers_n ? renderers_all[i]->name : NULL;
}

const char *
plain_format(size_t i)
{
	static const char *const names[] = { [FORMAT_TEXT] = "text", [FORMAT_JSON] = "json", NULL };
	return names[i];
}

const char *
fix_format(size_t i)
{
	return i < FIX_FORMS ? fix_forms[i].name : NULL;
}
