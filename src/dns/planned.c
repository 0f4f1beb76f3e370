/* Records that are not published yet, laid over the answers of DNS. */
#include "dns/planned_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/name.h"

struct planned_name {
	struct dns_record *records;
	size_t n, cap;
	bool open; /* has records, too, of which only the owner is known */
	bool wild; /* a wildcard below it stands for names that are not in the file */
};

struct planned {
	struct arena arena;
	struct map names;   /* owner -> struct planned_name */
	struct map domains; /* registrable domain, or "arpa": what the file speaks for */
	bool has_dname;
	const char **remarks;
	size_t n_remarks, cap_remarks;
};

enum { RCODE_YXDOMAIN = 6 }; /* RFC 6672 2.2: the name is too long */

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

struct planned *
planned_new(void)
{
	struct planned *p = mem_zalloc(1, sizeof *p);
	arena_init(&p->arena);
	map_init(&p->names);
	map_init(&p->domains);
	return p;
}

/* owner is copied; what record points to is in the arena, or static. */
static void
store(struct planned *p, const char *owner, struct dns_record *record)
{
	struct planned_name *entry = name_entry(p, owner);
	record->owner = arena_strdup(&p->arena, owner);
	p->has_dname |= record->type == DNS_DNAME;
	if (entry->cap == 0) { /* most names have one record, and a file many names */
		entry->records = arena_array(&p->arena, 1, sizeof *record);
		entry->cap = 1;
	}
	entry->records = arena_grow(&p->arena, entry->records, entry->n, &entry->cap,
	    sizeof *record);
	entry->records[entry->n++] = *record;
	add_parents(p, owner);
}

bool
planned_add(struct planned *p, const struct rr *rr, const char *path, unsigned line)
{
	struct dns_record record;
	char owner[NAME_TEXT_MAX];
	if (!rr_owner(rr, owner) || !record_read(rr, &p->arena, &record))
		return false;
	record.place = arena_printf(&p->arena, "%s:%u", path, line);
	store(p, owner, &record);
	return true;
}

void
planned_add_bare(struct planned *p, const char *owner, uint16_t type)
{
	struct dns_record record = { .type = type, .text = "" };
	store(p, owner, &record);
}

void
planned_add_open(struct planned *p, const char *owner)
{
	name_entry(p, owner)->open = true;
	add_parents(p, owner);
}

void
planned_add_wild(struct planned *p, const char *owner)
{
	planned_add_open(p, owner);
	struct planned_name *above = map_get(&p->names, name_parent(owner));
	if (above != NULL)
		above->wild = true;
}

void
planned_add_remark(struct planned *p, const char *text)
{
	p->remarks = arena_grow(&p->arena, p->remarks, p->n_remarks, &p->cap_remarks,
	    sizeof *p->remarks);
	p->remarks[p->n_remarks++] = arena_strdup(&p->arena, text);
}

const char *const *
planned_remarks(const struct planned *p, size_t *n)
{
	*n = p->n_remarks;
	return p->remarks;
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

/* A zone whose name servers the file names, and which is below a zone of the file (RFC 1034 4.2.1). */
static bool
is_delegated(const struct planned *p, const char *name)
{
	const struct planned_name *entry = map_get(&p->names, name);
	if (entry == NULL || find_type(entry, DNS_NS) == NULL || find_type(entry, DNS_SOA) != NULL)
		return false;
	if (!name_equal(name, domain_of(name)))
		return true;
	for (const char *up = name_parent(name); *up != '\0'; up = name_parent(up)) {
		entry = map_get(&p->names, up);
		if (entry != NULL && find_type(entry, DNS_SOA) != NULL)
			return true;
	}
	return false;
}

/* Can the name have records that the file does not name? */
static bool
is_beyond(const struct planned *p, const char *name)
{
	const struct planned_name *entry = map_get(&p->names, name);
	if (entry != NULL && entry->open)
		return true;
	for (const char *up = name; *up != '\0'; up = name_parent(up)) {
		if (is_delegated(p, up))
			return true;
		/* a wildcard counts at the closest name that exists (RFC 4592 3.3.1) */
		if (entry == NULL && (entry = map_get(&p->names, up)) != NULL && entry->wild)
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
	if (!speaks_for(p, end) || is_beyond(p, end))
		out->status = DNS_NOT_ASKED;
	else
		out->status = exists ? DNS_NODATA : DNS_NXDOMAIN;
	return true;
}

/* What a DNAME record above the name makes of it (RFC 6672 2.2); NULL without one. */
static const char *
redirected(const struct planned *p, const char *name, struct arena *a)
{
	if (!p->has_dname)
		return NULL;
	for (const char *up = name_parent(name); *up != '\0'; up = name_parent(up)) {
		const struct planned_name *entry = map_get(&p->names, up);
		const struct dns_record *dname = entry != NULL ? find_type(entry, DNS_DNAME) : NULL;
		size_t kept = (size_t)(up - name);
		if (dname != NULL)
			return arena_printf(a, "%.*s%s",
			    (int)(dname->text[0] != '\0' ? kept : kept - 1), name, dname->text);
	}
	return NULL;
}

/* The name that the file sends a question on to; NULL when it ends here. */
static const char *
next_name(const struct planned *p, const char *name, struct arena *a)
{
	const char *next = redirected(p, name, a);
	const struct planned_name *entry = map_get(&p->names, name);
	const struct dns_record *cname = entry != NULL ? find_type(entry, DNS_CNAME) : NULL;
	if (next != NULL)
		return next;
	return cname != NULL ? cname->text : NULL;
}

/* False when it cannot be gone to. */
static bool
follow(const char *name, const char *next, struct dns_answer *out)
{
	uint8_t wire[NAME_WIRE_MAX];
	if (next[0] != '\0' && name_to_wire(next, wire) == 0) {
		out->status = DNS_BADRCODE;
		out->rcode = RCODE_YXDOMAIN;
		return false;
	}
	if (name_equal(name, next) || dns_chain_has(out->chain, out->n_chain, next) ||
	    out->n_chain == DNS_CHAIN_MAX) {
		out->status = DNS_LOOP;
		return false;
	}
	out->chain[out->n_chain++] = next;
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
		const char *next = next_name(p, end, a);
		/* an alias has no other records, but DNAME hides what is below it */
		if (entry != NULL && find_type(entry, type) != NULL &&
		    (next == NULL || find_type(entry, DNS_CNAME) != NULL)) {
			take_records(entry, type, a, out);
			return true;
		}
		if (next == NULL)
			return answer_absent(p, end, entry != NULL, offline, out, ask_next);
		if (!follow(name, next, out))
			return true;
		end = next;
	}
}

bool
planned_has(const struct planned *p, const char *name)
{
	const struct planned_name *entry = map_get(&p->names, name);

	return entry != NULL && entry->n > 0;
}
