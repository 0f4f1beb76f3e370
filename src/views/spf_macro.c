/* Macros of SPF records: one scanner finds them, for checking a string and for expanding it. */
#include "views/spf_macro.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

enum {
	DOMAIN_MAX = 253,   /* RFC 7208 7.3 */
	PARTS_MAX = 1024,   /* of a split value; no value that can be in a name has as many */
	PART_DIGITS_MAX = 6 /* more are not read */
};

static const char delimiters[] = ".-+,/_=";
static const char letters[] = "slodiphvcrt";
static const char letters_exp[] = "crt";

/* "%{d2r.-}": its letter, how many parts are kept (0: all), reversed, and its delimiters. */
struct macro {
	char letter;  /* lower case */
	bool escaped; /* written in upper case */
	unsigned keep;
	bool reversed;
	const char *delimiters;
	size_t n_delimiters; /* 0: a dot */
};

static bool
is_alpha(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool
is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static char
lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* The macro after "%{"; the bytes that it takes with its brace, or 0 when it is not one. */
static size_t
read_macro(const char *text, size_t len, struct macro *m)
{
	size_t at = 0;
	*m = (struct macro){ .letter = '\0' };
	if (len == 0 || !is_alpha(text[0]) || strchr(letters, lower(text[0])) == NULL)
		return 0;
	m->letter = lower(text[0]);
	m->escaped = m->letter != text[0];
	size_t first = ++at;
	for (; at < len && is_digit(text[at]); at++)
		if (at - first < PART_DIGITS_MAX)
			m->keep = m->keep * 10 + (unsigned)(text[at] - '0');
	/* RFC 7208 7.1: the number of labels must not be zero */
	if (at > first && m->keep == 0)
		return 0;
	if (at < len && lower(text[at]) == 'r') {
		m->reversed = true;
		at++;
	}
	m->delimiters = text + at;
	while (at < len && text[at] != '\0' && strchr(delimiters, text[at]) != NULL)
		at++;
	m->n_delimiters = (size_t)(text + at - m->delimiters);
	return at < len && text[at] == '}' ? at + 1 : 0;
}

/* "%%" "%_" "%-": what they stand for; NULL for others. */
static const char *
escape(char c)
{
	switch (c) {
	case '%':
		return "%";
	case '_':
		return " ";
	case '-':
		return "%20";
	default:
		return NULL;
	}
}

/* A piece of a string: a macro, an escape, or a byte that stands for itself. */
struct piece {
	size_t len; /* in the string; 0: it is not valid */
	struct macro macro;
	const char *literal; /* of an escape; NULL */
};

static struct piece
next_piece(const char *text, size_t len)
{
	struct piece p = { .len = 1 };
	if (text[0] != '%')
		return p;
	if (len > 1 && text[1] == '{') {
		size_t took = read_macro(text + 2, len - 2, &p.macro);
		p.len = took > 0 ? took + 2 : 0;
		return p;
	}
	p.literal = len > 1 ? escape(text[1]) : NULL;
	p.len = p.literal != NULL ? 2 : 0;
	return p;
}

static const char *
byte_fault(unsigned char c, enum spf_string kind, struct arena *a)
{
	if (c >= 0x7f)
		return c == 0x7f ? "it contains a control byte" :
				   "it contains a byte that is not ASCII";
	if (c < ' ')
		return arena_printf(a, "it contains the control byte 0x%02x", c);
	if (c == ' ' && kind != SPF_EXPLANATION)
		return "it contains a blank";
	return NULL;
}

/* toplabel of the grammar: letters, digits and inner hyphens, not digits alone. */
static bool
is_top_label(const char *label, size_t len)
{
	bool other = false;
	if (len == 0 || label[0] == '-' || label[len - 1] == '-')
		return false;
	for (size_t i = 0; i < len; i++) {
		if (!is_alpha(label[i]) && !is_digit(label[i]) && label[i] != '-')
			return false;
		other |= !is_digit(label[i]);
	}
	return other;
}

/* Of a domain-spec that does not end in a macro. */
static const char *
end_fault(const char *text, size_t len, struct arena *a)
{
	size_t end = len;
	if (end > 0 && text[end - 1] == '.')
		end--;
	size_t start = end;
	while (start > 0 && text[start - 1] != '.')
		start--;
	int shown = len < 80 ? (int)len : 80;
	if (start == 0)
		return arena_printf(a, "\"%.*s\" is not a domain with a dot in it", shown, text);
	if (!is_top_label(text + start, end - start))
		return arena_printf(a, "\"%.*s\" does not end in a valid top-level label", shown,
		    text);
	return NULL;
}

const char *
spf_string_fault(const char *text, size_t len, enum spf_string kind, struct arena *a)
{
	bool ends_in_macro = false;
	for (size_t at = 0; at < len;) {
		struct piece p = next_piece(text + at, len - at);
		if (p.len == 0)
			return arena_printf(a, "\"%.*s\" is not a valid macro",
			    (int)(len - at < 12 ? len - at : 12), text + at);
		if (p.macro.letter != '\0' && kind == SPF_DOMAIN_SPEC &&
		    strchr(letters_exp, p.macro.letter) != NULL)
			return arena_printf(a, "%%{%c} is allowed in explanations only",
			    p.macro.letter);
		const char *fault = p.len == 1 ? byte_fault((unsigned char)text[at], kind, a) :
						 NULL;
		if (fault != NULL)
			return fault;
		ends_in_macro = p.macro.letter != '\0' || p.literal != NULL;
		at += p.len;
	}
	if (kind != SPF_DOMAIN_SPEC)
		return NULL;
	if (len == 0)
		return "a domain is missing";
	return ends_in_macro ? NULL : end_fault(text, len, a);
}

bool
spf_has_macro(const char *text, char letter)
{
	for (size_t at = 0, len = strlen(text); at < len;) {
		struct piece p = next_piece(text + at, len - at);
		if (p.macro.letter == letter)
			return true;
		at += p.len > 0 ? p.len : 1;
	}
	return false;
}

/* i: dotted, IPv6 as 32 nibbles with dots between them, as the reverse name has them. */
static const char *
dotted(const struct ip *ip, struct arena *a)
{
	static const char hex[] = "0123456789ABCDEF";
	char text[IP_TEXT_MAX];
	if (ip->family == 4)
		return arena_strdup(a, ip_format(ip, text));
	char *out = arena_alloc(a, 64), *p = out;
	for (size_t i = 0; i < 16; i++) {
		*p++ = hex[ip->bytes[i] >> 4];
		*p++ = '.';
		*p++ = hex[ip->bytes[i] & 15];
		*p++ = i < 15 ? '.' : '\0';
	}
	return out;
}

static const char *
value_of(char letter, const struct spf_macros *m, struct arena *a)
{
	const char *at = strrchr(m->sender, '@');
	char text[IP_TEXT_MAX];
	switch (letter) {
	case 's':
		return m->sender;
	case 'l':
		return at != NULL ? arena_strndup(a, m->sender, (size_t)(at - m->sender)) : "";
	case 'o':
		return at != NULL ? at + 1 : m->sender;
	case 'd':
		return m->domain;
	case 'h':
		return m->helo;
	case 'p':
		return m->ptr;
	case 'i':
		return dotted(&m->ip, a);
	case 'c':
		return arena_strdup(a, ip_format(&m->ip, text));
	case 'v':
		return m->ip.family == 6 ? "ip6" : "in-addr";
	case 't':
		return arena_printf(a, "%" PRId64, m->now_s);
	default: /* r: the receiver is not known */
		return "unknown";
	}
}

static bool
splits(const struct macro *m, char c)
{
	if (m->n_delimiters == 0)
		return c == '.';
	return memchr(m->delimiters, c, m->n_delimiters) != NULL;
}

static void
put_value(struct buf *out, const struct macro *m, const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		bool plain = is_alpha(text[i]) || is_digit(text[i]) || strchr("-._~", c) != NULL;
		if (m->escaped && (c == '\0' || !plain))
			buf_printf(out, "%%%02X", c);
		else
			buf_putc(out, text[i]);
	}
}

/* Split, reversed, cut to the parts on the right, and joined by dots (7.3). */
static void
put_macro(struct buf *out, const struct macro *m, const char *value)
{
	struct {
		const char *text;
		size_t len;
	} parts[PARTS_MAX];
	size_t n = 0;
	if (m->keep == 0 && !m->reversed && m->n_delimiters == 0) {
		put_value(out, m, value, strlen(value));
		return;
	}
	for (const char *p = value;; p++) {
		const char *start = p;
		while (*p != '\0' && !splits(m, *p))
			p++;
		if (n < PARTS_MAX) {
			parts[n].text = start;
			parts[n++].len = (size_t)(p - start);
		}
		if (*p == '\0')
			break;
	}
	size_t skipped = m->keep > 0 && m->keep < n ? n - m->keep : 0;
	for (size_t i = skipped; i < n; i++) {
		size_t k = m->reversed ? n - 1 - i : i;
		if (i > skipped)
			buf_putc(out, '.');
		put_value(out, m, parts[k].text, parts[k].len);
	}
}

static void
expand(struct buf *out, const char *text, const struct spf_macros *m, struct arena *a)
{
	for (size_t at = 0, len = strlen(text); at < len;) {
		struct piece p = next_piece(text + at, len - at);
		if (p.macro.letter != '\0')
			put_macro(out, &p.macro, value_of(p.macro.letter, m, a));
		else if (p.literal != NULL)
			buf_puts(out, p.literal);
		else
			buf_putc(out, text[at]);
		at += p.len > 0 ? p.len : 1;
	}
}

const char *
spf_expand(const char *text, const struct spf_macros *m, struct arena *a)
{
	struct buf out;
	buf_init(&out, SPF_TEXT_MAX);
	expand(&out, text, m, a);
	const char *copy = arena_strndup(a, out.data, out.len);
	buf_fini(&out);
	return copy;
}

/* Bytes of a name as its presentation text (base/name.h): only a dot separates labels. */
static void
put_presentation(struct buf *out, const char *text)
{
	for (const char *c = text; *c != '\0'; c++) {
		unsigned char byte = (unsigned char)*c;
		if (byte <= ' ' || byte >= 0x7f)
			buf_printf(out, "\\%03u", byte);
		else if (byte == '\\')
			buf_puts(out, "\\\\");
		else
			buf_putc(out, *c);
	}
}

bool
spf_expand_domain(const char *text, const struct spf_macros *m, struct arena *a,
    char out[NAME_TEXT_MAX])
{
	struct buf name;
	const char *whole = spf_expand(text, m, a);
	size_t len = strlen(whole);
	if (len > 0 && whole[len - 1] == '.')
		whole = arena_strndup(a, whole, --len);
	while (len > DOMAIN_MAX) {
		const char *dot = strchr(whole, '.');
		if (dot == NULL)
			return false;
		len -= (size_t)(dot + 1 - whole);
		whole = dot + 1;
	}
	buf_init(&name, NAME_TEXT_MAX);
	put_presentation(&name, whole);
	bool valid = len > 0 && !name.failed && name_from_text(name.data, out);
	buf_fini(&name);
	return valid;
}
