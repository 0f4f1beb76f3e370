/* Mail boxes of a header field: quoted strings, comments, groups and routes are passed over. */
#include "mail/address.h"

#include <string.h>

#include "base/arena.h"
#include "base/name.h"

/* One mail box while it is read. */
struct reader {
	struct arena *arena;
	struct address_domains *out;
	char *bare,
	    *angle; /* what stands outside and inside <>, without comments and quoted words */
	size_t n_bare, n_angle;
	bool in_angle, had_angle;
	unsigned depth; /* of comments */
	bool quoted, literal_next;
};

static void
add_domain(struct reader *r, const char *domain)
{
	struct address_domains *out = r->out;
	char name[NAME_TEXT_MAX];
	enum name_fault fault = name_from_user(domain, name) ? name_host_fault(name) :
							       NAME_BAD_BYTE;
	if (fault == NAME_BAD_BYTE || fault == NAME_ROOT || fault == NAME_ADDRESS) {
		out->broken = true;
		return;
	}
	for (size_t i = 0; i < out->n; i++)
		if (name_equal(out->list[i], name))
			return;
	if (out->n < ADDRESS_DOMAINS_MAX)
		out->list[out->n++] = arena_strdup(r->arena, name);
}

/* The mail box is complete: at a comma, a semicolon, or the end. */
static void
end_box(struct reader *r)
{
	char *text = r->had_angle ? r->angle : r->bare;
	size_t len = r->had_angle ? r->n_angle : r->n_bare;
	text[len] = '\0';
	if (r->had_angle || len > 0) {
		const char *at = strrchr(text, '@');
		r->out->n_addresses++;
		if (at != NULL)
			add_domain(r, at + 1);
		else if (len > 0)
			r->out->broken = true;
	}
	r->n_bare = r->n_angle = 0;
	r->in_angle = r->had_angle = false;
}

/* What has no meaning for the structure is part of the address. */
static void
keep(struct reader *r, char c)
{
	if (c == ' ' || c == '\t' || c == '\r' || c == '\n')
		return;
	if (r->in_angle)
		r->angle[r->n_angle++] = c;
	else
		r->bare[r->n_bare++] = c;
}

static void
take_structure(struct reader *r, char c)
{
	switch (c) {
	case '"':
		r->quoted = true;
		keep(r, 'q'); /* a local part may be nothing but quoted */
		break;
	case '(':
		r->depth++;
		break;
	case '<':
		r->out->broken |= r->in_angle || r->had_angle;
		r->in_angle = r->had_angle = true;
		r->n_angle = 0;
		break;
	case '>':
		r->out->broken |= !r->in_angle;
		r->in_angle = false;
		break;
	case ',':
	case ';':
		if (r->in_angle && c == ',')
			r->n_angle = 0; /* between the hosts of a route (RFC 5322 4.4) */
		else
			end_box(r);
		break;
	case ':':
		if (r->in_angle)
			r->n_angle = 0; /* the end of a route */
		else
			r->n_bare = 0; /* what was before is the name of a group */
		break;
	default:
		keep(r, c);
	}
}

static void
take(struct reader *r, char c)
{
	if (r->literal_next) {
		r->literal_next = false;
		return;
	}
	if ((r->quoted || r->depth > 0) && c == '\\') {
		r->literal_next = true;
		return;
	}
	if (r->quoted)
		r->quoted = c != '"';
	else if (r->depth > 0)
		r->depth += c == '(' ? 1 : c == ')' ? -1U : 0;
	else
		take_structure(r, c);
}

void
address_domains(struct arena *a, const char *text, size_t len, struct address_domains *out)
{
	*out = (struct address_domains){ .n = 0 };
	struct reader r = { .arena = a, .out = out };
	r.bare = arena_alloc(a, len + 2);
	r.angle = arena_alloc(a, len + 2);
	for (size_t i = 0; i < len; i++) {
		bool alone = text[i] == '\r' && (i + 1 == len || text[i + 1] != '\n');
		take(&r, text[i] == '\0' || alone ? '?' : text[i]);
	}
	out->broken |= r.quoted || r.depth > 0 || r.in_angle;
	end_box(&r);
}
