/* The table of the formats. */
#include "report/render.h"

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
