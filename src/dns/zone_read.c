/* Reads a zone file: directives, names, and what one entry takes over from the one before. */
#include "dns/zone_read_priv.h"

#include <ldns/ldns.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/name.h"

enum {
	LINE_MAX_BYTES = 80000, /* a record's data has at most 65535 bytes */
	INCLUDED_BYTES_MAX = 64 << 20,
	TTL_UNKNOWN_S = 3600, /* where no TTL is given at all */
	SOA_WORDS = 7,
};

struct reader {
	const struct zone_input *in;
	struct err *err;
	const char *path; /* of the file that is being read */
	char origin[NAME_TEXT_MAX];
	char owner[NAME_TEXT_MAX]; /* of the last record */
	bool has_origin, has_owner, has_ttl, has_last_ttl;
	uint32_t ttl_s, last_ttl_s;   /* of $TTL; of the last record that had one */
	unsigned remarked;            /* the line of the last remark */
	unsigned depth;               /* of $INCLUDE */
	size_t n_records, n_included; /* bytes, of $INCLUDE */
	struct buf line;
};

#define FAIL(r, e, ...) zone_error((r)->err, (r)->path, e, __VA_ARGS__)

static void
remark(struct reader *r, const struct zone_entry *e, const char *what, const char *name)
{
	char text[ERR_TEXT_MAX];
	/* one a line: $GENERATE would say it for each record */
	if (r->remarked == e->line)
		return;
	r->remarked = e->line;
	snprintf(text, sizeof text, "%s:%u: %s %s", r->path, e->line, what, name);
	r->in->remark(r->in->arg, text);
}

static bool
append_origin(struct reader *r, char name[NAME_TEXT_MAX])
{
	uint8_t wire[NAME_WIRE_MAX];
	size_t len = strlen(name);
	if (r->origin[0] != '\0') {
		int n = snprintf(name + len, NAME_TEXT_MAX - len, ".%s", r->origin);
		if (n < 0 || (size_t)n >= NAME_TEXT_MAX - len)
			return false;
	}
	return name_to_wire(name, wire) > 0;
}

static enum err_code
no_origin(struct reader *r, const struct zone_entry *e, const struct zone_word *w)
{
	if (zone_word_is(w, "@"))
		return FAIL(r, e,
		    "\"@\" is the zone, and no $ORIGIN before it says which; --origin ZONE does, "
		    "too");
	return FAIL(r, e,
	    "the name \"%.*s\" has no final dot: relative names need an $ORIGIN before them, or "
	    "--origin ZONE",
	    (int)w->len, w->text);
}

/* The whole name; is_data: it is not an owner. */
static enum err_code
take_name(struct reader *r, const struct zone_entry *e, const struct zone_word *w, bool is_data,
    char out[NAME_TEXT_MAX])
{
	char shown[2 * NAME_TEXT_MAX];
	bool apex = zone_word_is(w, "@") && !w->quoted;
	if (!apex && zone_name_read(r->path, e, w, out, r->err) != ERR_NONE)
		return r->err->code;
	if (!apex && zone_name_is_whole(w))
		return ERR_NONE;
	if (!r->has_origin)
		return no_origin(r, e, w);
	if (apex) {
		memcpy(out, r->origin, NAME_TEXT_MAX);
		return ERR_NONE;
	}
	bool forgotten = zone_name_lacks_dot(out, r->origin, is_data);
	if (!append_origin(r, out))
		return FAIL(r, e, "\"%.*s\" completed with %s is longer than a name can be",
		    (int)w->len, w->text, r->origin);
	if (forgotten) {
		snprintf(shown, sizeof shown, "%.*s has no final dot and becomes", (int)w->len,
		    w->text);
		remark(r, e, shown, out);
	}
	return ERR_NONE;
}

/* A name of several labels that has only to be taken as the whole: as some providers export their SOA. */
static bool
is_bare_zone(const struct reader *r, const struct zone_entry *e, char name[NAME_TEXT_MAX])
{
	const struct zone_word *w = &e->words[0];
	struct err ignored;
	return !zone_name_is_whole(w) &&
	    zone_name_read(r->path, e, w, name, &ignored) == ERR_NONE && name_labels(name) > 1;
}

/* The SOA record is the zone's own: without $ORIGIN before it, it says what the zone is (RFC 1035 5.2). */
static enum err_code
take_zone(struct reader *r, const struct zone_entry *e, char name[NAME_TEXT_MAX])
{
	if (is_bare_zone(r, e, name))
		remark(r, e, "no final dot, taken as the whole name of the zone:", name);
	else if (take_name(r, e, &e->words[0], false, name) != ERR_NONE)
		return r->err->code;
	memcpy(r->origin, name, sizeof r->origin);
	r->has_origin = true;
	return ERR_NONE;
}

static enum err_code
take_owner(struct reader *r, const struct zone_entry *e, const struct zone_head *head)
{
	char name[NAME_TEXT_MAX];
	if (e->indented)
		return r->has_owner ? ERR_NONE :
				      FAIL(r, e, "begins with a blank, and no name is before it");
	enum err_code code = !r->has_origin && head->number == LDNS_RR_TYPE_SOA ?
	    take_zone(r, e, name) :
	    take_name(r, e, &e->words[0], false, name);
	if (code != ERR_NONE)
		return code;
	memcpy(r->owner, name, sizeof name);
	r->has_owner = true;
	return ERR_NONE;
}

/* RFC 1035 5.1 takes the last one that was given, RFC 2308 4 the default of $TTL before it. */
static uint32_t
ttl_of(struct reader *r, const struct zone_entry *e, const struct zone_head *head)
{
	uint32_t ttl_s = TTL_UNKNOWN_S;
	if (head->has_ttl)
		ttl_s = head->ttl_s;
	else if (r->has_ttl)
		return r->ttl_s;
	else if (r->has_last_ttl)
		return r->last_ttl_s;
	else if (head->number != LDNS_RR_TYPE_SOA || e->n - head->data < SOA_WORDS ||
	    !zone_ttl(&e->words[head->data + SOA_WORDS - 1], &ttl_s))
		return TTL_UNKNOWN_S;
	r->last_ttl_s = ttl_s;
	r->has_last_ttl = true;
	return ttl_s;
}

/* The data as it is written, but names whole. */
static enum err_code
put_data(struct reader *r, const struct zone_entry *e, const struct zone_head *head)
{
	const ldns_rr_descriptor *d = ldns_rr_descript(head->number);
	bool raw = zone_word_is(&e->words[head->data], "\\#"); /* RFC 3597 5 */
	for (size_t i = head->data; i < e->n; i++) {
		const struct zone_word *w = &e->words[i];
		char name[NAME_TEXT_MAX];
		buf_putc(&r->line, ' ');
		if (!raw && i - head->data < ldns_rr_descriptor_maximum(d) &&
		    ldns_rr_descriptor_field_type(d, i - head->data) == LDNS_RDF_TYPE_DNAME) {
			if (take_name(r, e, w, true, name) != ERR_NONE)
				return r->err->code;
			zone_name_put(&r->line, name);
			continue;
		}
		buf_puts(&r->line, w->quoted ? "\"" : "");
		buf_add(&r->line, w->text, w->len);
		buf_puts(&r->line, w->quoted ? "\"" : "");
	}
	return r->line.failed ? FAIL(r, e, "more data than a record can have") : ERR_NONE;
}

static enum err_code
take_record(struct reader *r, const struct zone_entry *e)
{
	struct zone_head head;
	if (zone_head_read(r->path, e, &head, r->err) != ERR_NONE ||
	    take_owner(r, e, &head) != ERR_NONE)
		return r->err->code;
	if (r->n_records++ == ZONE_RECORDS_MAX)
		return FAIL(r, e, "more than %d records", ZONE_RECORDS_MAX);
	buf_reset(&r->line);
	if (head.number != 0) {
		zone_name_put(&r->line, r->owner);
		buf_printf(&r->line, " %u IN %s", ttl_of(r, e, &head), head.type);
		if (put_data(r, e, &head) != ERR_NONE)
			return r->err->code;
	}
	struct zone_record record = { r->path, e, r->owner, head.type, head.number, r->line.data };
	return r->in->record(r->in->arg, &record, r->err);
}

static enum err_code read_entries(struct reader *r, struct zone_text *t);

static enum err_code
on_origin(struct reader *r, const struct zone_entry *e)
{
	char name[NAME_TEXT_MAX];
	if (e->n != 2)
		return FAIL(r, e, "expected $ORIGIN ZONE");
	if (take_name(r, e, &e->words[1], false, name) != ERR_NONE)
		return r->err->code;
	memcpy(r->origin, name, sizeof name);
	r->has_origin = true;
	return ERR_NONE;
}

static enum err_code
on_ttl(struct reader *r, const struct zone_entry *e)
{
	if (e->n != 2 || !zone_ttl(&e->words[1], &r->ttl_s))
		return FAIL(r, e, "expected $TTL and a time such as 3600 or 1h30m");
	r->has_ttl = true;
	return ERR_NONE;
}

static enum err_code
read_included(struct reader *r, const struct zone_entry *e, const char *name, struct buf *text)
{
	struct zone_text t;
	if (r->in->include(r->in->arg, name, text, r->err) != ERR_NONE)
		return err_prefix(r->err, "%s:%u", r->path, e->line);
	r->n_included += text->len;
	if (r->n_included > INCLUDED_BYTES_MAX)
		return FAIL(r, e, "the included files are larger than %d bytes",
		    INCLUDED_BYTES_MAX);
	if (zone_text_init(&t, name, text->data, text->len, r->err) != ERR_NONE)
		return r->err->code;
	r->path = name;
	r->remarked = 0;
	return read_entries(r, &t);
}

/* The file has an origin of its own; after it the old one holds again, and the old owner (RFC 1035 5.1). */
static enum err_code
on_include(struct reader *r, const struct zone_entry *e)
{
	struct reader before = *r;
	char name[NAME_TEXT_MAX];
	struct buf text;
	if (e->n < 2 || e->n > 3 || e->words[1].len >= sizeof name)
		return FAIL(r, e, "expected $INCLUDE FILE [ORIGIN]");
	if (r->depth == ZONE_INCLUDE_DEPTH_MAX)
		return FAIL(r, e, "files include each other more than %d deep",
		    ZONE_INCLUDE_DEPTH_MAX);
	if (e->n == 3) {
		if (take_name(r, e, &e->words[2], false, name) != ERR_NONE)
			return r->err->code;
		memcpy(r->origin, name, sizeof name);
		r->has_origin = true;
	}
	snprintf(name, sizeof name, "%.*s", (int)e->words[1].len, e->words[1].text);
	r->depth++;
	buf_init(&text, INCLUDED_BYTES_MAX);
	enum err_code code = read_included(r, e, name, &text);
	buf_fini(&text);
	r->depth--;
	r->remarked = 0;
	r->path = before.path;
	r->has_origin = before.has_origin;
	r->has_owner = before.has_owner;
	memcpy(r->origin, before.origin, sizeof r->origin);
	memcpy(r->owner, before.owner, sizeof r->owner);
	return code;
}

/* The line of one number: the name, what stands between, and the data, of which quotes are taken off. */
static bool
write_generated(const struct zone_entry *e, uint64_t number, struct buf *out)
{
	buf_reset(out);
	bool good = zone_generate(&e->words[2], number, out);
	for (size_t i = 3; i + 1 < e->n; i++) {
		buf_putc(out, ' ');
		buf_add(out, e->words[i].text, e->words[i].len);
	}
	buf_putc(out, ' ');
	return good && zone_generate(&e->words[e->n - 1], number, out) && !out->failed;
}

static enum err_code
read_generated(struct reader *r, const struct zone_entry *e, const struct zone_range *range,
    struct buf *line)
{
	struct zone_entry one;
	for (uint64_t n = range->first; n <= range->last; n += range->step) {
		struct zone_text t;
		if (!write_generated(e, n, line))
			return FAIL(r, e,
			    "expected $ or ${OFFSET,WIDTH,BASE} with a BASE of d, o, x, X, n, N");
		if (zone_text_init(&t, r->path, line->data, line->len, r->err) != ERR_NONE)
			return r->err->code;
		t.line = e->line;
		if (zone_next(&t, &one, r->err) != ERR_NONE)
			return r->err->code;
		if (one.n == 0)
			return FAIL(r, e, "makes an empty line");
		if (take_record(r, &one) != ERR_NONE)
			return r->err->code;
	}
	return ERR_NONE;
}

static enum err_code
on_generate(struct reader *r, const struct zone_entry *e)
{
	struct zone_range range;
	struct buf line;
	char owner[NAME_TEXT_MAX];
	bool has_owner = r->has_owner;
	if (e->n < 5 || e->n > 7 || !zone_range_read(&e->words[1], &range))
		return FAIL(r, e,
		    "expected $GENERATE START-STOP[/STEP] NAME [TTL] [IN] TYPE DATA, and data of "
		    "several words in quotes");
	memcpy(owner, r->owner, sizeof owner);
	buf_init(&line, LINE_MAX_BYTES);
	enum err_code code = read_generated(r, e, &range, &line);
	buf_fini(&line);
	memcpy(r->owner, owner, sizeof owner);
	r->has_owner = has_owner;
	return code;
}

static const struct directive {
	const char *word;
	enum err_code (*take)(struct reader *r, const struct zone_entry *e);
} directives[] = {
	{ "$ORIGIN", on_origin },
	{ "$TTL", on_ttl },
	{ "$INCLUDE", on_include },
	{ "$GENERATE", on_generate },
};

static enum err_code
take_entry(struct reader *r, const struct zone_entry *e)
{
	const struct zone_word *w = &e->words[0];
	if (w->quoted || w->text[0] != '$')
		return take_record(r, e);
	for (size_t i = 0; i < sizeof directives / sizeof directives[0]; i++)
		if (zone_word_is(w, directives[i].word))
			return e->indented ? FAIL(r, e, "a blank before %s", directives[i].word) :
					     directives[i].take(r, e);
	return FAIL(r, e,
	    "\"%.*s\" is not a directive; expected $ORIGIN, $TTL, $INCLUDE or $GENERATE",
	    (int)w->len, w->text);
}

static enum err_code
read_entries(struct reader *r, struct zone_text *t)
{
	struct zone_entry e;
	for (;;) {
		if (zone_next(t, &e, r->err) != ERR_NONE)
			return r->err->code;
		if (e.n == 0)
			return ERR_NONE;
		if (take_entry(r, &e) != ERR_NONE)
			return r->err->code;
	}
}

enum err_code
zone_read(const struct zone_input *in, struct err *err)
{
	struct reader r = { .in = in,
		.err = err,
		.path = in->path,
		.has_origin = in->origin != NULL };
	struct zone_text t;
	if (r.has_origin)
		snprintf(r.origin, sizeof r.origin, "%s", in->origin);
	if (zone_text_init(&t, in->path, in->text, in->len, err) != ERR_NONE)
		return err->code;
	buf_init(&r.line, LINE_MAX_BYTES);
	enum err_code code = read_entries(&r, &t);
	buf_fini(&r.line);
	return code;
}
