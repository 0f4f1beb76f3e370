/* Domain names: text and wire form, compared and cut. */
#include "base/name.h"

#include <ctype.h>
#include <string.h>

enum {
	POINTER_BITS = 0xc0, /* RFC 1035 4.1.4 */
	LABELS_MAX = 127,
	POINTERS_MAX = LABELS_MAX,                 /* more than one a label serves nobody */
	STEPS_MAX = LABELS_MAX + 1 + POINTERS_MAX, /* of one name, the root among them */
};

/* The next byte of presentation text; *plain is false for escaped ones.  -1: broken escape. */
static int
next_byte(const char **text, bool *plain)
{
	const unsigned char *p = (const unsigned char *)*text;
	*plain = p[0] != '\\';
	if (*plain) {
		*text += 1;
		return p[0];
	}
	if (!isdigit(p[1])) {
		*text += 2;
		return p[1] == '\0' ? -1 : p[1];
	}
	if (!isdigit(p[2]) || !isdigit(p[3]))
		return -1;
	*text += 4;
	int value = (p[1] - '0') * 100 + (p[2] - '0') * 10 + (p[3] - '0');
	return value > 255 ? -1 : value;
}

/* One label with its length byte and the dot after it; bytes written, or 0 when it is broken. */
static size_t
label_to_wire(const char **text, uint8_t *out, size_t room)
{
	size_t len = 0;
	while (**text != '\0') {
		bool plain;
		int c = next_byte(text, &plain);
		if (c == '.' && plain)
			break;
		if (c < 0 || len == NAME_LABEL_MAX || len + 2 > room)
			return 0;
		out[1 + len++] = (uint8_t)c;
	}
	if (len == 0)
		return 0;
	out[0] = (uint8_t)len;
	return len + 1;
}

size_t
name_to_wire(const char *name, uint8_t out[NAME_WIRE_MAX])
{
	const char *p = strcmp(name, ".") == 0 ? "" : name;
	size_t len = 0;
	while (*p != '\0') {
		/* the root label needs the last byte */
		size_t took = label_to_wire(&p, out + len, NAME_WIRE_MAX - 1 - len);
		if (took == 0)
			return 0;
		len += took;
	}
	out[len++] = 0;
	return len;
}

static char *
put_byte(char *p, uint8_t byte)
{
	if ((byte >= 'a' && byte <= 'z') || (byte >= '0' && byte <= '9')) { /* most are */
		*p++ = (char)byte;
		return p;
	}
	int c = byte >= 'A' && byte <= 'Z' ? byte - 'A' + 'a' : byte;
	if (c <= ' ' || c >= 0x7f) {
		/* by hand: a hostile answer has half a million of these */
		*p++ = '\\';
		*p++ = (char)('0' + c / 100);
		*p++ = (char)('0' + c / 10 % 10);
		*p++ = (char)('0' + c % 10);
		return p;
	}
	if (c == '.' || c == '\\')
		*p++ = '\\';
	*p++ = (char)c;
	return p;
}

/* wire is a well-formed uncompressed name */
static void
wire_to_text(const uint8_t *wire, char out[NAME_TEXT_MAX])
{
	char *p = out;
	while (*wire != 0) {
		if (p != out)
			*p++ = '.';
		for (size_t left = *wire++; left > 0; left--)
			p = put_byte(p, *wire++);
	}
	*p = '\0';
}

bool
name_from_text(const char *text, char out[NAME_TEXT_MAX])
{
	uint8_t wire[NAME_WIRE_MAX];
	if (name_to_wire(text, wire) == 0)
		return false;
	wire_to_text(wire, out);
	return true;
}

/* A cursor on a message whose names may continue further back. */
struct wire_reader {
	const uint8_t *msg;
	size_t len;
	size_t at;
	size_t segment;  /* where the labels being read began: pointers must go before it */
	size_t pointers; /* that were followed */
	size_t *left;    /* steps that all names of the message may take */
	size_t end;      /* first byte after the name; 0 until it is known */
};

/*
 * Follows the pointer at the cursor.  Each goes strictly back, and there are few of them: a message of
 * 64 KiB could make a name of thousands otherwise, and each of its records such a name.
 */
static bool
follow_pointer(struct wire_reader *r)
{
	if (r->len - r->at < 2 || r->pointers++ == POINTERS_MAX)
		return false;
	size_t target = (r->msg[r->at] & 0x3fU) << 8 | r->msg[r->at + 1];
	if (target >= r->segment)
		return false;
	if (r->end == 0)
		r->end = r->at + 2;
	r->at = r->segment = target;
	return true;
}

/* The label at the cursor, of so many bytes, with the dot before it. */
static char *
put_label(struct wire_reader *r, size_t len, char *p, bool is_first)
{
	const uint8_t *from = r->msg + r->at + 1;

	if (!is_first)
		*p++ = '.';
	for (size_t i = 0; i < len; i++)
		p = put_byte(p, from[i]);
	r->at += 1 + len;
	return p;
}

/* Labels up to the root label, as text. */
static bool
read_labels(struct wire_reader *r, char out[NAME_TEXT_MAX])
{
	size_t used = 0; /* of what the name takes on the wire */
	char *p = out;
	while (*r->left > 0 && r->at < r->len) {
		--*r->left;
		uint8_t first = r->msg[r->at];
		if ((first & POINTER_BITS) == POINTER_BITS) {
			if (!follow_pointer(r))
				return false;
			continue;
		}
		used += 1U + first;
		if (first > NAME_LABEL_MAX || first >= r->len - r->at || used > NAME_WIRE_MAX)
			return false;
		if (first == 0) {
			r->at++;
			*p = '\0';
			return true;
		}
		p = put_label(r, first, p, p == out);
	}
	return false;
}

bool
name_from_wire_within(const uint8_t *msg, size_t len, size_t *pos, size_t *steps_left,
    char out[NAME_TEXT_MAX])
{
	struct wire_reader r = { .msg = msg,
		.len = len,
		.at = *pos,
		.segment = *pos,
		.left = steps_left };
	if (!read_labels(&r, out))
		return false;
	*pos = r.end != 0 ? r.end : r.at;
	return true;
}

bool
name_from_wire(const uint8_t *msg, size_t len, size_t *pos, char out[NAME_TEXT_MAX])
{
	size_t left = STEPS_MAX;
	return name_from_wire_within(msg, len, pos, &left, out);
}

bool
name_equal(const char *a, const char *b)
{
	return strcmp(a, b) == 0;
}

bool
name_is_under(const char *name, const char *suffix)
{
	size_t len = strlen(name), suffix_len = strlen(suffix);
	if (len < suffix_len || memcmp(name + len - suffix_len, suffix, suffix_len) != 0)
		return false;
	/* label by label: text alone would take the escaped dot of "a\.b" for a boundary */
	while (!name_equal(name, suffix)) {
		if (name[0] == '\0')
			return false;
		name = name_parent(name);
	}
	return true;
}

const char *
name_parent(const char *name)
{
	const char *p = name;
	while (*p != '\0' && *p != '.') {
		/*
		 * the digits after a backslash are not dots, so two bytes are enough for \DDD,
		 * too
		 */
		p += p[0] == '\\' && p[1] != '\0' ? 2 : 1;
	}
	return *p == '.' ? p + 1 : p;
}

size_t
name_labels(const char *name)
{
	size_t n = 0;
	for (; *name != '\0'; name = name_parent(name))
		n++;
	return n;
}
