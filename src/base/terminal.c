/* What is written for people: nothing is broken unless a terminal shows it. */
#include "base/terminal.h"

#include <stdarg.h>
#include <sys/ioctl.h>

#include "base/buf.h"
#include "base/wrap.h"

enum { COLUMNS_MIN = 40, INDENT = 2, MESSAGE_MAX = 1 << 16, TEXT_MAX = 1 << 26 };

unsigned
terminal_columns(FILE *out)
{
	struct winsize size;
	int fd = fileno(out);
	if (fd < 0 || ioctl(fd, TIOCGWINSZ, &size) != 0 || size.ws_col < COLUMNS_MIN)
		return 0;
	return size.ws_col;
}

bool
terminal_put(FILE *out, const char *text)
{
	struct buf lines;
	buf_init(&lines, TEXT_MAX);
	wrap_lines(&lines, terminal_columns(out), text);
	bool good = !lines.failed && fwrite(lines.data, 1, lines.len, out) == lines.len;
	buf_fini(&lines);
	return good;
}

static void
put_message(FILE *out, unsigned columns, const char *text)
{
	struct buf line;
	buf_init(&line, 2 * MESSAGE_MAX);
	if (columns > 0)
		wrap_add(&line, 0, INDENT, columns, text);
	else
		buf_printf(&line, "%s\n", text);
	fwrite(line.data, 1, line.len, out);
	buf_fini(&line);
}

void
terminal_say(FILE *out, const char *fmt, ...)
{
	struct buf text;
	va_list ap;
	if (out == NULL)
		return;
	buf_init(&text, MESSAGE_MAX);
	va_start(ap, fmt);
	buf_vprintf(&text, fmt, ap);
	va_end(ap);
	put_message(out, terminal_columns(out), text.data);
	buf_fini(&text);
}
