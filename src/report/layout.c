/* Text for a terminal: colours, lines broken at blanks, remedies with their command line. */
#include <stdio.h>

#include "base/command.h"
#include "base/wrap.h"
#include "report_priv.h"

enum { TEXT_WIDTH = 100 }; /* of what is wrapped: remedies and reasons */

void
put_spaces(struct buf *out, int n)
{
	buf_printf(out, "%*s", n, "");
}

void
put_wrapped(struct buf *out, const struct render_options *o, int indent, const char *text)
{
	size_t width = o->columns != 0 && o->columns < TEXT_WIDTH ? o->columns : TEXT_WIDTH;
	wrap_add(out, (size_t)indent, (size_t)indent, width, text);
}

void
put_line(struct buf *out, const struct render_options *o, int start, int indent, const char *text)
{
	if (o->columns == 0)
		buf_printf(out, "%s\n", text);
	else
		wrap_add(out, (size_t)start, (size_t)indent, o->columns, text);
}

/* Not broken: it is to be copied. */
void
put_remedy(struct buf *out, const struct render_options *o, int indent, const char *remedy,
    struct arena *a)
{
	struct command_text part;
	for (bool first = true; command_next(&remedy, a, &part); first = false) {
		if (!first)
			put_spaces(out, indent);
		if (part.words[0] != '\0')
			put_wrapped(out, o, indent, part.words);
		if (part.command[0] == '\0')
			continue;
		put_spaces(out, part.words[0] != '\0' ? indent + 4 : 4);
		buf_printf(out, "%s\n", part.command);
	}
}

static const char *
verdict_color(enum verdict v)
{
	static const char *const colors[] = {
		[VERDICT_PASS] = "\033[32m",
		[VERDICT_INFO] = "\033[36m",
		[VERDICT_SKIP] = "\033[2m",
		[VERDICT_WARN] = "\033[33m",
		[VERDICT_TEMPERROR] = "\033[35m",
		[VERDICT_PERMERROR] = "\033[1;31m",
		[VERDICT_FAIL] = "\033[1;31m",
	};
	return colors[v];
}

void
put_colored(struct buf *out, const struct render_options *o, enum verdict v, const char *text)
{
	if (!o->color) {
		buf_puts(out, text);
		return;
	}
	buf_printf(out, "%s%s\033[0m", verdict_color(v), text);
}

double
as_ms(uint64_t time_us)
{
	return (double)time_us / 1000.0;
}
