/* One refusal as somebody has it, read into its parts. */
#include "explain/reply.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

enum { HOST_MAX = 256, ADDRESS_MAX = 64 };

static bool
is_word(char c)
{
	return isalnum((unsigned char)c) != 0;
}

/* RFC 5321 4.2: 2 to 5, then any two digits (591 and 499 are seen); 0 when p does not begin with one. */
static int
code_at(const char *p, const char *end)
{
	if (end - p < 3 || p[0] < '2' || p[0] > '5' || p[0] == '3' ||
	    !isdigit((unsigned char)p[1]) || !isdigit((unsigned char)p[2]))
		return 0;
	if (end - p > 3 && p[3] != ' ' && p[3] != '-' && p[3] != '\t' && p[3] != '\r' &&
	    p[3] != '\n')
		return 0;
	return (p[0] - '0') * 100 + (p[1] - '0') * 10 + (p[2] - '0');
}

/* RFC 3463 2: class, subject and detail; its length, or 0.  Cisco writes a number sign before it. */
static size_t
status_at(const char *p, const char *end)
{
	const char *c = p;
	if (end - c < 5 || (*c != '2' && *c != '4' && *c != '5') || c[1] != '.')
		return 0;
	c += 2;
	for (int part = 0; part < 2; part++) {
		size_t digits = 0;
		while (c < end && digits < 4 && isdigit((unsigned char)*c)) {
			c++;
			digits++;
		}
		if (digits < 1 || digits > 3 || (part == 0 && (c == end || *c++ != '.')))
			return 0;
	}
	/* four numbers with dots are an address */
	if (c < end && (*c == '.' || is_word(*c)) &&
	    !(*c == '.' && (c + 1 == end || !is_word(c[1]))))
		return 0;
	return (size_t)(c - p);
}

/* What software writes before the reply of another server. */
static const char *const leads[] = {
	" said: ",
	" refused to talk to me: ",
	"Remote host said: ",
	"SMTP error from remote mail server after ",
	"SMTP error from remote server ",
	"Diagnostic-Code: smtp;",
	"diagnostic-code: smtp;",
	"smtp; ",
	"<<< ",
};

static const char *
after_lead(const char *text, const char *end)
{
	const char *found = NULL;
	for (size_t i = 0; found == NULL && i < sizeof leads / sizeof leads[0]; i++) {
		const char *at = memmem(text, (size_t)(end - text), leads[i], strlen(leads[i]));
		found = at != NULL ? at + strlen(leads[i]) : NULL;
	}
	return found;
}

/* A number is a basic code when a reply can begin there: not "500" in "500 messages". */
static bool
may_begin(const char *text, const char *p, const char *end)
{
	const char *next = p + 4 < end ? p + 4 : end;
	if (p == text || p[-1] == '\n')
		return true;
	if (status_at(next, end) > 0 || (next < end && *next == '#'))
		return !is_word(p[-1]);
	return p - text >= 2 && strchr(" \t\"'(<>=;", p[-1]) != NULL &&
	    strchr(":\";>=(", p[-2]) != NULL;
}

/* Where the reply begins; NULL when there is none. */
static const char *
find_reply(const char *text, const char *end)
{
	const char *from = after_lead(text, end);
	bool led = from != NULL;
	if (!led)
		from = text + strspn(text, " \t\r\n\"'<>");
	for (const char *p = from; p < end; p++) {
		int code = code_at(p, end);
		if (code != 0 && (p == from || (led ? !is_word(p[-1]) : may_begin(text, p, end))))
			return p;
	}
	return NULL;
}

/* Length of a line break at p: a newline, or the two characters that Exim writes for it. */
static size_t
break_at(const char *p, const char *end)
{
	if (*p == '\n' || *p == '\r')
		return 1;
	return end - p > 1 && p[0] == '\\' && p[1] == 'n' ? 2 : 0;
}

/* The code and the status again, at the beginning of a line or of a line that was joined. */
static size_t
repeated_at(const char *p, const char *end, const struct reply *r, bool at_start)
{
	if (code_at(p, end) != r->code || r->code == 0)
		return 0;
	const char *c = p + 3;
	bool dash = c < end && *c == '-';
	c += c < end;
	size_t status = status_at(c, end);
	bool same = status > 0 && strlen(r->status) == status && memcmp(c, r->status, status) == 0;
	if (!dash && !at_start && !same)
		return 0;
	return (size_t)(c - p) + (same ? status : 0);
}

/* Joins the lines, squeezes blanks, takes out the codes that are repeated. */
static const char *
join(const char *p, const char *end, const struct reply *r, struct arena *a)
{
	struct buf out;
	bool at_start = false, blank = true;
	buf_init(&out, REPLY_TEXT_MAX);
	while (p < end) {
		size_t skip = break_at(p, end);
		at_start = skip > 0 || (at_start && blank);
		if (skip == 0 && blank)
			skip = repeated_at(p, end, r, at_start);
		if (skip > 0 || isspace((unsigned char)*p)) {
			p += skip > 0 ? skip : 1;
			if (!blank)
				buf_putc(&out, ' ');
			blank = true;
			continue;
		}
		at_start = blank = false;
		buf_putc(&out, *p++);
	}
	while (out.len > 0 && out.data[out.len - 1] == ' ')
		buf_cut(&out, out.len - 1);
	const char *text = arena_strndup(a, out.data, out.len);
	buf_fini(&out);
	return text;
}

/* Code and status at the beginning; the text after them. */
static const char *
take_codes(const char *p, const char *end, struct reply *r)
{
	r->code = code_at(p, end);
	p += end - p > 3 ? 4 : end - p;
	while (p < end && *p == ' ')
		p++;
	const char *at = p + (p < end && *p == '#');
	size_t status = status_at(at, end);
	if (status == 0 || status >= REPLY_STATUS_MAX)
		return p;
	memcpy(r->status, at, status);
	r->status[status] = '\0';
	return at + status;
}

static const struct {
	const char *words, *stage;
} stages[] = {
	{ "end of DATA", "end-of-data" },
	{ "end of data", "end-of-data" },
	{ "pipelined end of data", "end-of-data" },
	{ "pipelined MAIL", "mail" },
	{ "pipelined RCPT", "rcpt" },
	{ "pipelined DATA", "data" },
	{ "initial connection", "greeting" },
	{ "CONNECT", "greeting" },
	{ "EHLO", "ehlo" },
	{ "HELO", "ehlo" },
	{ "MAIL", "mail" },
	{ "RCPT", "rcpt" },
	{ "DATA", "data" },
	{ "BDAT", "end-of-data" },
};

const char *
reply_stage(const char *words)
{
	words += strspn(words, " ");
	for (size_t i = 0; i < sizeof stages / sizeof stages[0]; i++)
		if (strncmp(words, stages[i].words, strlen(stages[i].words)) == 0)
			return stages[i].stage;
	return "";
}

/* "(in reply to RCPT TO command)" is Postfix's own and ends the reply. */
static const char *
cut_stage(const char *p, const char *end, struct reply *r)
{
	static const char words[] = "(in reply to ";
	const char *at = memmem(p, (size_t)(end - p), words, sizeof words - 1);
	if (at == NULL)
		return end;
	char copy[32] = "";
	size_t len = (size_t)(end - at) - (sizeof words - 1);
	memcpy(copy, at + sizeof words - 1, len < sizeof copy - 1 ? len : sizeof copy - 1);
	r->stage = reply_stage(copy);
	return at;
}

/* Stage and host that stand before the reply: "... after RCPT TO:<x>: ", "host mx.example[1.2.3.4] said: " */
static void
look_before(const char *text, const char *reply, struct arena *a, struct reply *r)
{
	char before[512];
	size_t len = (size_t)(reply - text);
	size_t kept = len < sizeof before - 1 ? len : sizeof before - 1;
	memcpy(before, reply - kept, kept);
	before[kept] = '\0';
	const char *after = strstr(before, " after ");
	if (after != NULL && r->stage[0] == '\0')
		r->stage = reply_stage(after + 7);
	if (strstr(before, "refused to talk to me") != NULL)
		r->stage = "greeting";
	const char *host = strstr(before, "host ");
	if (host == NULL || host[5] == '\0')
		return;
	char name[HOST_MAX] = "";
	size_t n = strcspn(host + 5, "[ :");
	for (size_t i = 0; i < n && i < sizeof name; i++)
		name[i] = (char)tolower((unsigned char)host[5 + i]);
	if (n > 0 && n < sizeof name && memchr(name, '.', n) != NULL)
		r->host = arena_strndup(a, name, n);
}

/* ---- the address that a text quotes */

static bool
is_loopback(const struct ip *ip)
{
	return ip->family == 4 && ip->bytes[0] == 127;
}

static bool
parse_run(const char *p, size_t len, struct ip *out)
{
	char copy[ADDRESS_MAX];
	while (len > 0 && (p[len - 1] == '.' || p[len - 1] == ':'))
		len--;
	if (len >= sizeof copy)
		return false;
	memcpy(copy, p, len);
	copy[len] = '\0';
	return ip_parse(copy, out);
}

/* Addresses of 127/8 are answers of lists, unless there is nothing else. */
struct ip
reply_address(const char *text)
{
	struct ip found = { .family = 0 }, ip;
	for (const char *p = text; *p != '\0';) {
		if (strncasecmp(p, "IPv6:", 5) == 0)
			p += 5;
		size_t len = strspn(p, "0123456789abcdefABCDEF.:");
		bool begins = p == text || (!is_word(p[-1]) && p[-1] != '-') || p[-1] == ':';
		bool ends = !is_word(p[len]) && p[len] != '-';
		if (len > 0 && begins && ends && parse_run(p, len, &ip)) {
			if (!is_loopback(&ip))
				return ip;
			if (found.family == 0)
				found = ip;
		}
		p += len > 0 ? len : *p != '\0'; /* the end may follow "IPv6:" */
	}
	return found;
}

const char *
reply_domain(const char *address, size_t len, struct arena *a)
{
	while (len > 0 && strchr("<>\"' ,;", *address) != NULL) {
		address++;
		len--;
	}
	const char *at = memrchr(address, '@', len);
	if (at == NULL)
		return "";
	size_t n = 0, left = len - (size_t)(at + 1 - address);
	while (n < left &&
	    (is_word(at[1 + n]) || at[1 + n] == '.' || at[1 + n] == '-' || at[1 + n] == '_'))
		n++;
	if (n == 0 || n >= HOST_MAX)
		return "";
	char *domain = arena_strndup(a, at + 1, n);
	for (char *c = domain; *c != '\0'; c++)
		*c = (char)tolower((unsigned char)*c);
	return domain;
}

/* Postfix names the EHLO name that it refuses: "<mail>: Helo command rejected: ..." */
static const char *
refused_ehlo(const char *text, struct arena *a)
{
	const char *end = strstr(text, ">: Helo command rejected");
	const char *open = end != NULL ? memrchr(text, '<', (size_t)(end - text)) : NULL;
	return open != NULL && end - open < HOST_MAX ?
	    arena_strndup(a, open + 1, (size_t)(end - open - 1)) :
	    "";
}

bool
reply_read(const char *text, size_t len, struct arena *a, struct reply *out)
{
	const char *copy = arena_strndup(a, text, len);
	const char *end = copy + strlen(copy);
	const char *begin = find_reply(copy, end);
	*out = (struct reply){ .text = "",
		.stage = "",
		.host = "",
		.ehlo = "",
		.sender = "",
		.recipient = "" };
	if (begin == NULL) {
		out->text = join(copy, end, out, a);
		out->address = reply_address(out->text);
		return false;
	}
	end = cut_stage(begin, end, out);
	look_before(copy, begin, a, out);
	out->text = join(take_codes(begin, end, out), end, out, a);
	out->address = reply_address(out->text);
	out->ehlo = refused_ehlo(out->text, a);
	return true;
}

bool
reply_is_code(const char *word)
{
	return strlen(word) == 3 && code_at(word, word + 3) >= 400;
}

bool
reply_is_in(const char *word)
{
	const char *end = word + strlen(word);
	return strpbrk(word, " \t\n") != NULL && find_reply(word, end) != NULL;
}
