/* The table of the formats. */
#include "report/render.h"

#include <string.h>

#include "report_priv.h"

const struct renderer *const renderers_all[] = {
	&render_text,
	&render_brief,
	&render_json,
	&render_jsonl,
	&render_csv,
	&render_markdown,
	&render_html,
	&render_junit,
	&render_openmetrics,
	&render_nagios,
};
const size_t renderers_n = sizeof renderers_all / sizeof renderers_all[0];

const struct renderer *
renderer_by_name(const char *name)
{
	for (size_t i = 0; i < renderers_n; i++) {
		if (strcmp(renderers_all[i]->name, name) == 0)
			return renderers_all[i];
	}
	return NULL;
}
