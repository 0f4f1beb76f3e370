#include "options_report.h"

enum err_code
set_since(struct settings *s, const char *value, struct err *err)
{
	(void)err;
	s->past.since = value;
	return ERR_NONE;
}

static const char *
choices(struct settings *s)
{
	const char *list = "";
	for (size_t i = 0; i < past_formats_n; i++)
		list = arena_printf(&s->arena, "%s%s%s", list, enumtab_glue(i, past_formats_n),
		    past_formats[i].name);
	return list;
}

enum err_code
set_past_format(struct settings *s, const char *value, struct err *err)
{
	s->past.format = past_format_by_name(value);
	if (s->past.format == NULL)
		return err_set(err, ERR_USAGE, "there is no format '%s' of reports: expected %s",
		    value, choices(s));
	return ERR_NONE;
}

enum err_code
set_past_json(struct settings *s, const char *value, struct err *err)
{
	(void)value;
	return set_past_format(s, "json", err);
}
