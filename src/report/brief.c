/* One line a target: for lists of many addresses, grep and awk. */
#include "report_priv.h"

static void
brief_report(const struct report *r, const struct render_options *o, struct buf *out)
{
	if (o->quiet && r->verdict == VERDICT_PASS)
		return;
	struct render_options one_line = *o;
	one_line.columns = 0;
	report_headline(r, &one_line, out);
}

const struct renderer render_brief = {
	.name = "brief",
	.help = "one line a target",
	.report = brief_report,
};
