/* One SMTP reply, read byte by byte. */
#include "smtp/reply.h"

enum { TEXTS_MAX = SMTP_LINES_MAX * (SMTP_LINE_MAX + 1) };

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static void
bad(struct smtp_reply *r, const char *fault)
{
	r->state = REPLY_BAD;
	r->fault = fault;
}

/* RFC 5321 4.2: 2 to 5, then 0 to 5, then any digit.  0 when the line does not start so. */
static int
code_of_line(const char *line, size_t len)
{
	if (len < 3 || line[0] < '2' || line[0] > '5' || line[1] < '0' || line[1] > '5' ||
	    !is_digit(line[2]))
		return 0;
	return (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
}

static void
keep_line(struct smtp_reply *r, int code, bool last)
{
	if (r->code != 0 && r->code != code)
		r->notes |= SMTP_NOTE_MIXED_CODES;
	r->code = code;
	r->start[r->n_lines++] = r->texts.len;
	if (r->len > 4)
		buf_add(&r->texts, r->line + 4, r->len - 4);
	buf_putc(&r->texts, '\0');
	r->len = 0;
	if (last)
		r->state = REPLY_DONE;
}

/* A last line may consist of the code alone (RFC 5321 4.2: clients must accept that). */
static void
line_complete(struct smtp_reply *r)
{
	if (r->len > 0 && r->line[r->len - 1] == '\r')
		r->len--;
	else
		r->notes |= SMTP_NOTE_BARE_LF;
	int code = code_of_line(r->line, r->len);
	char separator = r->len > 3 ? r->line[3] : ' ';
	if (code == 0 || (separator != ' ' && separator != '-'))
		bad(r, "not an SMTP reply");
	else if (r->n_lines == SMTP_LINES_MAX)
		bad(r, "a reply of too many lines");
	else
		keep_line(r, code, separator == ' ');
}

static void
take_byte(struct smtp_reply *r, char c)
{
	if (c == '\n')
		line_complete(r);
	else if (c == '\0')
		bad(r, "a NUL byte in a reply");
	else if (r->len == SMTP_LINE_MAX)
		bad(r, "a line without end");
	else
		r->line[r->len++] = c;
	r->line[r->len] = '\0';
}

void
smtp_reply_init(struct smtp_reply *r)
{
	buf_init(&r->texts, TEXTS_MAX);
	smtp_reply_reset(r);
}

void
smtp_reply_fini(struct smtp_reply *r)
{
	buf_fini(&r->texts);
}

void
smtp_reply_reset(struct smtp_reply *r)
{
	buf_reset(&r->texts);
	r->state = REPLY_MORE;
	r->code = 0;
	r->notes = 0;
	r->fault = "";
	r->n_lines = 0;
	r->len = 0;
	r->line[0] = '\0';
}

size_t
smtp_reply_feed(struct smtp_reply *r, const char *data, size_t len)
{
	size_t taken = 0;
	while (taken < len && r->state == REPLY_MORE)
		take_byte(r, data[taken++]);
	return taken;
}

const char *
smtp_reply_line(const struct smtp_reply *r, size_t i)
{
	return i < r->n_lines ? r->texts.data + r->start[i] : "";
}
