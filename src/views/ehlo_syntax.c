/* The syntax of what a client says after EHLO (RFC 5321 4.1.1.1, 4.1.2, 4.1.3). */
#include <string.h>
#include <strings.h>

#include "views/ehlo.h"

/* What a fault of the name means for EHLO. */
static const enum ehlo_form form_of_fault[] = {
	[NAME_GOOD] = EHLO_FQDN,
	[NAME_ROOT] = EHLO_BAD_SYNTAX,
	[NAME_ADDRESS] = EHLO_BARE_ADDRESS,
	[NAME_UNDERSCORE] = EHLO_BAD_SYNTAX,
	[NAME_BAD_BYTE] = EHLO_BAD_SYNTAX,
	[NAME_HYPHEN] = EHLO_BAD_SYNTAX,
	[NAME_LOCALHOST] = EHLO_NOT_QUALIFIED,
	[NAME_SINGLE] = EHLO_NOT_QUALIFIED,
	[NAME_ARPA] = EHLO_BAD_SYNTAX,
	[NAME_SPECIAL_TLD] = EHLO_PRIVATE,
	[NAME_NUMERIC_TLD] = EHLO_BAD_SYNTAX,
};

/* RFC 5321 4.1.3: IPv4 has no tag, IPv6 must have one. */
static bool
parse_literal(const char *text, size_t len, struct ip *out)
{
	static const char tag[] = "IPv6:";
	char inner[IP_TEXT_MAX + sizeof tag] = "";
	if (len < 2 || len - 2 >= sizeof inner)
		return false;
	memcpy(inner, text + 1, len - 2);
	bool tagged = strncasecmp(inner, tag, sizeof tag - 1) == 0;
	const char *address = tagged ? inner + sizeof tag - 1 : inner;
	return ip_parse(address, out) && tagged == (strchr(address, ':') != NULL);
}

static void
parse_bracketed(const char *text, struct ehlo_syntax *out)
{
	size_t len = strlen(text);
	if (text[len - 1] == ']' && parse_literal(text, len, &out->literal))
		return;
	out->literal = (struct ip){ .family = 0 };
	out->form = EHLO_BAD_LITERAL;
	out->fault = "is not an address literal such as [192.0.2.1] or [IPv6:2001:db8::1]";
}

static bool
is_ascii(const char *text)
{
	for (; *text != '\0'; text++)
		if ((unsigned char)*text >= 0x80)
			return false;
	return true;
}

static void
parse_name(const char *text, struct ehlo_syntax *out)
{
	size_t len = strlen(text);
	out->final_dot = len > 1 && text[len - 1] == '.';
	out->unicode = !is_ascii(text);
	out->form = EHLO_BAD_SYNTAX;
	if (!name_from_user(text, out->host)) {
		out->host[0] = '\0';
		out->fault = out->unicode ? "is not an internationalised domain name (IDNA 2008)" :
					    "is not a domain name";
		return;
	}
	enum name_fault fault = name_host_fault(out->host);
	out->form = form_of_fault[fault];
	if (fault == NAME_GOOD)
		return;
	out->host[0] = '\0';
	out->kind = fault;
	out->fault = name_fault_text(fault);
}

void
ehlo_parse(const char *text, struct ehlo_syntax *out)
{
	*out = (struct ehlo_syntax){ .form = EHLO_LITERAL, .fault = "" };
	if (text[0] == '[') {
		parse_bracketed(text, out);
		return;
	}
	if (ip_parse(text, &out->literal)) {
		out->form = EHLO_BARE_ADDRESS;
		out->fault = name_fault_text(NAME_ADDRESS);
		return;
	}
	parse_name(text, out);
}
