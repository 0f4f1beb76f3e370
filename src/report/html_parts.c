/* What the parts of the HTML page share: elements, times, badges, and strips of time as SVG. */
#include <string.h>

#include "base/when.h"
#include "html_priv.h"
#include "html_strip_priv.h"

void
html_element(struct page *p, const char *tag, const char *text)
{
	buf_printf(p->out, "<%s>", tag);
	markup_add(p->out, text);
	buf_printf(p->out, "</%.*s>", (int)strcspn(tag, " "), tag);
}

const char *
html_day_text(struct page *p, int64_t time_s)
{
	char day[WHEN_TEXT_MAX];

	return arena_strdup(p->arena, when_day(time_s, day));
}

static void
put_time(struct page *p, int64_t time_s, const char *text, const char *zone)
{
	char iso[WHEN_TEXT_MAX];

	if (time_s == 0)
		buf_puts(p->out, "never");
	else
		buf_printf(p->out, "<time datetime=\"%s\">%s%s</time>", when_iso(time_s, iso), text,
		    zone);
}

void
html_day(struct page *p, int64_t time_s)
{
	char day[WHEN_TEXT_MAX];

	put_time(p, time_s, when_day(time_s, day), "");
}

void
html_minute(struct page *p, int64_t time_s)
{
	char minute[WHEN_TEXT_MAX];

	put_time(p, time_s, when_minute(time_s, minute), " UTC");
}

/* Which of the signs stands for it. */
static const char *
sign_of(enum verdict v)
{
	if (verdict_is_bad(v))
		return "fail";
	if (v == VERDICT_TEMPERROR || v == VERDICT_SKIP)
		return "unknown";
	if (v == VERDICT_INFO)
		return "info";
	return v == VERDICT_WARN ? "warn" : "pass";
}

void
html_badge(struct page *p, enum verdict v)
{
	buf_printf(p->out,
	    "<span class=\"badge %s\"><svg aria-hidden=\"true\"><use href=\"#sign-%s\"/></svg>%s"
	    "</span>",
	    enumtab_name(&verdict_names, (int)v), sign_of(v), verdict_word(v));
}

long
strip_column(const struct page *p, int64_t time_s)
{
	int64_t whole = p->past->until_s - p->past->since_s;
	int64_t at = time_s - p->past->since_s;

	if (at <= 0 || whole <= 0)
		return 0;
	return at >= whole ? STRIP_WIDTH : (long)(at * STRIP_WIDTH / whole);
}

void
strip_begin(struct page *p, const char *id, bool small, const char *title, const char *text)
{
	buf_printf(p->out,
	    "<svg class=\"strip%s\" role=\"img\" aria-labelledby=\"%s-t %s-d\" viewBox=\"0 0 %d "
	    "%d\" "
	    "preserveAspectRatio=\"none\"><title id=\"%s-t\">%s</title><desc id=\"%s-d\">",
	    small ? " low" : "", id, id, STRIP_WIDTH, STRIP_HEIGHT, id, title, id);
	markup_add(p->out, text);
	buf_puts(p->out, "</desc>");
}
