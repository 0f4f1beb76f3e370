/* What is wrong with a host name. */
#include <stddef.h>
#include <string.h>

#include "base/ip.h"
#include "base/name.h"

static bool
has_bad_byte(const char *name)
{
	return name[strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789-.")] != '\0';
}

/* name has no bad byte, so that every dot parts labels */
static bool
has_outer_hyphen(const char *name)
{
	size_t len = strlen(name);
	return name[0] == '-' || name[len - 1] == '-' || strstr(name, "-.") != NULL ||
	    strstr(name, ".-") != NULL;
}

static bool
is_address(const char *name)
{
	struct ip ip;
	size_t len = strlen(name);
	/* every IPv4 address ends in a digit, every IPv6 address has a colon */
	bool may_be = len > 0 &&
	    ((name[len - 1] >= '0' && name[len - 1] <= '9') || strchr(name, ':') != NULL);
	return may_be && ip_parse(name, &ip);
}

static bool
is_under_any(const char *name, const char *const *suffixes)
{
	size_t len = strlen(name);
	for (; *suffixes != NULL && len > 0; suffixes++) {
		const char *last = *suffixes + strlen(*suffixes) -
		    1; /* which most names differ in */
		if (name[len - 1] == *last && name_is_under(name, *suffixes))
			return true;
	}
	return false;
}

static bool
is_root(const char *name)
{
	return name[0] == '\0';
}

static bool
has_underscore(const char *name)
{
	return strchr(name, '_') != NULL;
}

static bool
is_localhost(const char *name)
{
	static const char *const suffixes[] = { "localhost", "localhost.localdomain", NULL };
	return is_under_any(name, suffixes);
}

static bool
is_single(const char *name)
{
	return name_labels(name) == 1;
}

static bool
is_arpa(const char *name)
{
	static const char *const suffixes[] = { "in-addr.arpa", "ip6.arpa", NULL };
	return is_under_any(name, suffixes);
}

static bool
is_special_tld(const char *name)
{
	static const char *const suffixes[] = { "local", "internal", "lan", "localdomain",
		"invalid", "home.arpa", "openstacklocal", NULL };
	return is_under_any(name, suffixes);
}

static bool
is_numeric_tld(const char *name)
{
	const char *dot = strrchr(name, '.');
	const char *last = dot == NULL ? name : dot + 1;
	return last[strspn(last, "0123456789")] == '\0';
}

/* Looked at in this order, that of the enum. */
static const struct {
	bool (*applies)(const char *name);
	const char *text;
} faults[] = {
	[NAME_GOOD] = { NULL, "is a host name" },
	[NAME_ROOT] = { is_root, "is the root of the DNS" },
	[NAME_ADDRESS] = { is_address, "is an IP address, not a name" },
	[NAME_UNDERSCORE] = { has_underscore, "contains an underscore" },
	[NAME_BAD_BYTE] = { has_bad_byte, "contains a character that host names cannot have" },
	[NAME_HYPHEN] = { has_outer_hyphen, "has a label that starts or ends with a hyphen" },
	[NAME_LOCALHOST] = { is_localhost, "means \"this machine\"" },
	[NAME_SINGLE] = { is_single, "has only one label" },
	[NAME_ARPA] = { is_arpa, "ends in the reverse zone: its final dot is missing" },
	[NAME_SPECIAL_TLD] = { is_special_tld, "ends in a domain for private use" },
	[NAME_NUMERIC_TLD] = { is_numeric_tld, "ends in a label of digits" },
};

enum name_fault
name_host_fault(const char *name)
{
	for (size_t i = NAME_GOOD + 1; i < sizeof faults / sizeof faults[0]; i++) {
		if (faults[i].applies(name))
			return (enum name_fault)i;
	}
	return NAME_GOOD;
}

const char *
name_fault_text(enum name_fault fault)
{
	return faults[fault].text;
}
