/* Records that are not published yet: a zone file laid over the answers of DNS. */
#include "dns/planned.h"

#include <ldns/ldns.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/file.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/name.h"
#include "dns/record_priv.h"

enum { PLANNED_RECORDS_MAX = 100000, PLANNED_BYTES_MAX = 64 << 20 };

struct planned_name {
	struct dns_record *records;
	size_t n, cap;
};

struct planned {
	struct arena arena;
	struct map names;   /* owner -> struct planned_name */
	struct map domains; /* registrable domain, or "arpa": what the file speaks for */
	size_t n;
};

enum { REVERSE4_LABELS = 3 + 2, REVERSE6_LABELS = 16 + 2 };

/*
 * What one record makes the file speak for: the registrable domain, and among reverse names the
 * /24 or /64, which is what an owner of addresses usually has in hand.
 */
static const char *
domain_of(const char *name)
{
	if (!name_is_under(name, "arpa")) {
		const char *org = name_org_domain(name);
		return org[0] != '\0' ? org : name;
	}
	size_t keep = name_is_under(name, "ip6.arpa") ? REVERSE6_LABELS : REVERSE4_LABELS;
	while (name_labels(name) > keep)
		name = name_parent(name);
	return name;
}

static struct planned_name *
name_entry(struct planned *p, const char *owner)
{
	struct planned_name *entry = map_get(&p->names, owner);

	if (entry != NULL)
		return entry;
	const char *copy = arena_strdup(&p->arena, owner);
	entry = arena_alloc(&p->arena, sizeof *entry);
	map_put(&p->names, copy, entry);
	map_put(&p->domains, domain_of(copy), entry);
	return entry;
}

/* The empty non-terminals above an owner exist too (RFC 8020): NODATA, not NXDOMAIN. */
static void
add_parents(struct planned *p, const char *owner)
{
	for (const char *up = name_parent(owner); *up != '\0'; up = name_parent(up)) {
		if (map_get(&p->names, up) != NULL)
			return;
		map_put(&p->names, arena_strdup(&p->arena, up),
		    arena_alloc(&p->arena, sizeof(struct planned_name)));
	}
}

static bool
add_record(struct planned *p, const struct rr *rr)
{
	struct dns_record record;
	char owner[NAME_TEXT_MAX];

	/* a wildcard taken literally would plan for nobody (RFC 4592): better refused */
	if (p->n++ >= PLANNED_RECORDS_MAX || !rr_owner(rr, owner) ||
	    !record_read(rr, &p->arena, &record) || strncmp(owner, "*.", 2) == 0)
		return false;
	struct planned_name *entry = name_entry(p, owner);
	record.owner = arena_strdup(&p->arena, owner);
	entry->records = arena_grow(&p->arena, entry->records, entry->n, &entry->cap,
	    sizeof record);
	entry->records[entry->n++] = record;
	add_parents(p, record.owner);
	return true;
}

/* What ldns made of a line, as it would stand in a message: records are read in one way only. */
static bool
add_line(struct planned *p, const ldns_rr *line)
{
	uint8_t *wire = NULL;
	size_t len = 0, at = 0;
	struct rr rr;
	bool added = ldns_rr2wire(&wire, line, LDNS_SECTION_ANSWER, &len) == LDNS_STATUS_OK &&
	    rr_read(wire, len, &at, &rr) && add_record(p, &rr);
	free(wire);
	return added;
}

/* ldns keeps $ORIGIN, $TTL and the previous owner between calls in these. */
struct zone_state {
	uint32_t ttl;
	ldns_rdf *origin, *prev;
	int line;
};

/* The line of the first record at or after start: ldns counts what it skips before a record to
 * the record.  Leaves the file elsewhere; for messages only. */
static int
record_line(FILE *f, long start, int line)
{
	int c;

	if (start < 0 || fseek(f, start, SEEK_SET) != 0)
		return line;
	bool comment = false;
	while ((c = getc(f)) != EOF) {
		comment = c != '\n' && (comment || c == ';');
		line += c == '\n';
		if (!comment && strchr(" \t\r\n", c) == NULL)
			return line;
	}
	return line;
}

static enum err_code
read_records(const char *path, FILE *f, struct planned *p, struct err *err)
{
	struct zone_state z = { .ttl = 3600, .line = 1 };
	enum err_code code = ERR_NONE;

	while (code == ERR_NONE && !feof(f)) {
		ldns_rr *rr = NULL;
		long start = ftell(f);
		int at = z.line;
		ldns_status s = ldns_rr_new_frm_fp_l(&rr, f, &z.ttl, &z.origin, &z.prev, &z.line);
		if (s == LDNS_STATUS_OK && !add_line(p, rr))
			code = err_set(err, ERR_DATA,
			    "%s:%d: record cannot be used: a bad name, bad data, a wildcard, or "
			    "more "
			    "than %d records",
			    path, record_line(f, start, at), PLANNED_RECORDS_MAX);
		else if (s != LDNS_STATUS_OK && s != LDNS_STATUS_SYNTAX_TTL &&
		    s != LDNS_STATUS_SYNTAX_ORIGIN && s != LDNS_STATUS_SYNTAX_EMPTY)
			code = err_set(err, ERR_DATA,
			    "%s:%d: %s; expected zone-file syntax (RFC 1035 section 5)", path,
			    record_line(f, start, at), ldns_get_errorstr_by_id(s));
		if (s == LDNS_STATUS_OK)
			ldns_rr_free(rr);
	}
	ldns_rdf_deep_free(z.origin);
	ldns_rdf_deep_free(z.prev);
	return code;
}

enum err_code
planned_read(const char *path, FILE *f, struct planned **out, struct err *err)
{
	struct planned *p = mem_zalloc(1, sizeof *p);

	arena_init(&p->arena);
	map_init(&p->names);
	map_init(&p->domains);
	enum err_code code = read_records(path, f, p, err);
	if (code == ERR_NONE && p->n == 0)
		code = err_set(err, ERR_DATA, "%s: no records in it; expected zone-file syntax",
		    path);
	if (code != ERR_NONE) {
		planned_free(p);
		p = NULL;
	}
	*out = p;
	return code;
}

/* From memory: ldns asks a directory or a broken disk for records without end. */
static enum err_code
read_text(const char *path, const struct buf *text, struct planned **out, struct err *err)
{
	FILE *f = text->len > 0 ? fmemopen(text->data, text->len, "r") : NULL;

	if (f == NULL)
		return err_set(err, ERR_DATA, "%s: no records in it; expected zone-file syntax",
		    path);
	enum err_code code = planned_read(path, f, out, err);
	fclose(f);
	return code;
}

enum err_code
planned_read_file(const char *path, struct planned **out, struct err *err)
{
	struct buf text;

	*out = NULL;
	buf_init(&text, PLANNED_BYTES_MAX);
	enum err_code code = file_read(path, &text, err);
	if (code == ERR_NONE)
		code = read_text(path, &text, out, err);
	buf_fini(&text);
	return code;
}

void
planned_free(struct planned *p)
{
	if (p == NULL)
		return;
	map_fini(&p->names);
	map_fini(&p->domains);
	arena_fini(&p->arena);
	free(p);
}

static const struct dns_record *
find_type(const struct planned_name *entry, uint16_t type)
{
	for (size_t i = 0; i < entry->n; i++)
		if (entry->records[i].type == type)
			return &entry->records[i];
	return NULL;
}

static void
take_records(const struct planned_name *entry, uint16_t type, struct arena *a,
    struct dns_answer *out)
{
	out->records = arena_array(a, entry->n, sizeof *out->records);
	for (size_t i = 0; i < entry->n && out->n_records < DNS_RECORDS_MAX; i++)
		if (entry->records[i].type == type)
			out->records[out->n_records++] = entry->records[i];
	out->status = DNS_FOUND;
}

/* It speaks for a domain of which it has any record, and for a zone of which it has the SOA. */
static bool
speaks_for(const struct planned *p, const char *name)
{
	if (map_get(&p->domains, domain_of(name)) != NULL)
		return true;
	for (; *name != '\0'; name = name_parent(name)) {
		const struct planned_name *entry = map_get(&p->names, name);
		if (entry != NULL && find_type(entry, DNS_SOA) != NULL)
			return true;
	}
	return false;
}

/* The file has nothing of this type at the name: what that means online and offline. */
static bool
answer_absent(const struct planned *p, const char *end, bool exists, bool offline,
    struct dns_answer *out, const char **ask_next)
{
	*ask_next = end;
	if (!offline)
		return false;
	if (!speaks_for(p, end))
		out->status = DNS_NOT_ASKED;
	else
		out->status = exists ? DNS_NODATA : DNS_NXDOMAIN;
	return true;
}

bool
planned_answer(const struct planned *p, const char *name, uint16_t type, bool offline,
    struct arena *a, struct dns_answer *out, const char **ask_next)
{
	const char *end = name;

	*out = dns_answer_pending;
	out->planned = true;
	out->chain = arena_array(a, DNS_CHAIN_MAX, sizeof *out->chain);
	for (;;) {
		const struct planned_name *entry = map_get(&p->names, end);
		if (entry != NULL && find_type(entry, type) != NULL) {
			take_records(entry, type, a, out);
			return true;
		}
		const struct dns_record *cname = entry != NULL ? find_type(entry, DNS_CNAME) : NULL;
		if (cname == NULL)
			return answer_absent(p, end, entry != NULL, offline, out, ask_next);
		if (name_equal(name, cname->text) ||
		    dns_chain_has(out->chain, out->n_chain, cname->text) ||
		    out->n_chain == DNS_CHAIN_MAX) {
			out->status = DNS_LOOP;
			return true;
		}
		out->chain[out->n_chain++] = cname->text;
		end = cname->text;
	}
}

bool
planned_has(const struct planned *p, const char *name)
{
	const struct planned_name *entry = map_get(&p->names, name);

	return entry != NULL && entry->n > 0;
}
