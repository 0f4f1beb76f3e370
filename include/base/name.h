/*
 * Domain names.  The one internal form is text: lower case, no final dot, RFC 1035 5.1 escapes
 * (\. \\ and \DDD for every byte that is not printable ASCII); the root is "".  Names from the
 * wire, from files and from users are brought into this form once, at the border.
 */
#ifndef MAILREADY_BASE_NAME_H
#define MAILREADY_BASE_NAME_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	NAME_WIRE_MAX = 255,  /* RFC 1035 3.1 */
	NAME_TEXT_MAX = 1024, /* every byte escaped, dots and NUL */
	NAME_LABEL_MAX = 63,
};

/*
 * Brings presentation text (with or without final dot, any case, with escapes) into the internal
 * form.  False when it is not a domain name at all: empty label, label over 63 or name over 255
 * bytes, broken escape.  "." and "" both give "".
 */
bool name_from_text(const char *text, char out[NAME_TEXT_MAX]);

/* Internal form to uncompressed wire form; the length, or 0 when it does not fit RFC 1035. */
size_t name_to_wire(const char *name, uint8_t out[NAME_WIRE_MAX]);

/*
 * One name from a DNS message, following compression pointers (RFC 1035 4.1.4) that point
 * backwards only.  *pos moves past the name.  False when malformed; nothing outside
 * [msg, msg + len) is read.
 */
bool name_from_wire(const uint8_t *msg, size_t len, size_t *pos, char out[NAME_TEXT_MAX]);

/*
 * The same, with so many steps (labels and pointers) left for all names of the message; false where they
 * are used up.
 */
bool name_from_wire_within(const uint8_t *msg, size_t len, size_t *pos, size_t *steps_left,
    char out[NAME_TEXT_MAX]);

bool name_equal(const char *a, const char *b);

/* Is name equal to, or below, suffix (whole labels)?  Everything is below the root "". */
bool name_is_under(const char *name, const char *suffix);

/* The name without its first label; "" for a single label and for the root. */
const char *name_parent(const char *name);

size_t name_labels(const char *name);

/* Why a name is not a host name that mail software accepts (RFC 1123 2.1, RFC 5321 4.1.2). */
enum name_fault {
	NAME_GOOD = 0,
	NAME_ROOT,       /* the root itself */
	NAME_ADDRESS,    /* reads as an IP address: 192.0.2.1 */
	NAME_UNDERSCORE, /* an underscore in a label */
	NAME_BAD_BYTE,   /* any other byte than letters, digits, hyphen; wildcard label */
	NAME_HYPHEN,     /* a label starts or ends with a hyphen */
	NAME_LOCALHOST,  /* localhost, localhost.localdomain and names below them */
	NAME_SINGLE,     /* one label only */
	NAME_ARPA,       /* ends in in-addr.arpa or ip6.arpa: a forgotten final dot */
	NAME_SPECIAL_TLD, /* .local .internal .lan .localdomain .invalid .home.arpa .openstacklocal */
	NAME_NUMERIC_TLD, /* the last label is all digits */
};

/* The first fault in the order above that applies, most telling first. */
enum name_fault name_host_fault(const char *name);

/* A phrase for people: "contains an underscore". */
const char *name_fault_text(enum name_fault fault);

/*
 * The registrable (organisational) domain by the Public Suffix List, ICANN section only: the
 * private section would make a provider's customer label look like an organisation.
 * Points into name; "" when name is itself a public suffix, single-label or under arpa.
 */
const char *name_org_domain(const char *name);

/* Is the name at or below a suffix of the private section (amazonaws.com and the like)? */
bool name_in_private_suffix(const char *name);

/*
 * User input that may be an internationalised name (UTF-8) to the internal ASCII form by
 * IDNA 2008 (RFC 5891, libidn2).  False when it is not valid.
 */
bool name_from_user(const char *text, char out[NAME_TEXT_MAX]);

/* The U-label form for display, or the name itself when it has no A-label or a broken one. */
const char *name_display(const char *name, char out[NAME_TEXT_MAX]);

#endif
