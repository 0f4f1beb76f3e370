/* One list: its words, its place in a catalogue, and the names that it is asked with. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/hash.h"
#include "catalogue_priv.h"

static const struct enumtab_row impact_rows[] = {
	{ "info", LIST_INFO },
	{ "low", LIST_LOW },
	{ "medium", LIST_MEDIUM },
	{ "high", LIST_HIGH },
	{ "critical", LIST_CRITICAL },
};
const struct enumtab list_impact_names = ENUMTAB(impact_rows);

static const struct enumtab_row kind_rows[] = {
	{ "block", LIST_KIND_BLOCK },
	{ "allow", LIST_KIND_ALLOW },
	{ "info", LIST_KIND_INFO },
	{ "web", LIST_KIND_WEB },
};
const struct enumtab list_kind_names = ENUMTAB(kind_rows);

static const struct enumtab_row status_rows[] = {
	{ "alive", LIST_ALIVE },
	{ "unsure", LIST_UNSURE },
	{ "doubtful", LIST_DOUBTFUL },
	{ "dead", LIST_DEAD },
};
const struct enumtab list_status_names = ENUMTAB(status_rows);

static const struct enumtab_row cause_rows[] = {
	{ "none", LIST_CAUSE_NONE },
	{ "no-ptr", LIST_CAUSE_NO_PTR },
	{ "generic-ptr", LIST_CAUSE_GENERIC_PTR },
};
const struct enumtab list_cause_names = ENUMTAB(cause_rows);

static const struct enumtab_row scope_rows[] = {
	{ "address", LIST_SCOPE_ADDRESS },
	{ "/24", LIST_SCOPE_24 },
	{ "/64", LIST_SCOPE_64 },
	{ "network", LIST_SCOPE_NETWORK },
	{ "as", LIST_SCOPE_AS },
};
const struct enumtab list_scope_names = ENUMTAB(scope_rows);

static const struct enumtab_row remover_rows[] = {
	{ "you", LIST_REMOVER_YOU },
	{ "provider", LIST_REMOVER_PROVIDER },
	{ "nobody", LIST_REMOVER_NOBODY },
};
const struct enumtab list_remover_names = ENUMTAB(remover_rows);

static const struct enumtab_row sure_rows[] = {
	{ "unsaid", LIST_SURE_UNSAID },
	{ "verified", LIST_SURE_VERIFIED },
	{ "partly", LIST_SURE_PARTLY },
	{ "memory", LIST_SURE_MEMORY },
};
const struct enumtab list_sure_names = ENUMTAB(sure_rows);

enum {
	NIBBLES_LEN = 64, /* what precedes the zone for an IPv6 address, with its dots */
	NAME_LEN_MAX = 253,
};

bool
catalogue_is_pattern(const char *zone)
{
	return zone[0] == '*' && zone[1] == '.';
}

/* What keeps a name from being a list's zone; NULL when nothing does. */
static const char *
zone_fault(const char *zone)
{
	if (catalogue_is_pattern(zone))
		zone += 2;
	if (zone[strspn(zone, "abcdefghijklmnopqrstuvwxyz0123456789-_.")] != '\0')
		return "contains a character that is not allowed in a zone";
	if (strchr(zone, '.') == NULL)
		return "has only one label";
	enum name_fault fault = name_host_fault(zone);
	if (fault == NAME_ADDRESS || fault == NAME_NUMERIC_TLD)
		return name_fault_text(fault);
	if (strlen(zone) > NAME_LEN_MAX - NIBBLES_LEN)
		return "is too long to follow an address";
	return NULL;
}

/* Most zones differ in their hash already, and comparing two hundred of them with each other is
 * what reading a catalogue would cost most. */
struct list *
catalogue_find(const struct catalogue *c, const char *zone)
{
	uint64_t hash = hash_text(zone);
	for (size_t i = 0; i < c->n; i++)
		if (c->lists[i].hash == hash && name_equal(c->lists[i].zone, zone))
			return &c->lists[i];
	return NULL;
}

const struct list *
catalogue_find_any(const struct catalogue *c, const char *zone)
{
	const struct list *exact = catalogue_find(c, zone);
	for (size_t i = 0; exact == NULL && i < c->n; i++)
		if (catalogue_is_pattern(c->lists[i].zone) &&
		    name_is_under(zone, c->lists[i].zone + 2))
			return &c->lists[i];
	return exact;
}

/* ::FFFF:7F00:last, which RFC 5782 section 5 asks as IPv6; ip_parse() would make it IPv4. */
static struct ip
mapped_ip(uint8_t last)
{
	return (struct ip){
		.family = 6,
		.bytes = { [10] = 0xff, [11] = 0xff, [12] = 0x7f, [15] = last },
	};
}

const char *
catalogue_test_name(const struct list *l, const struct ip *entry, struct arena *a)
{
	char name[NAME_TEXT_MAX];
	return arena_strdup(a, list_query_name(l, entry, name));
}

static const char *
label_name(const struct list *l, const char *label, struct arena *a)
{
	return arena_printf(a, "%s.%s", label, l->zone);
}

static void
set_defaults(struct list *l, struct arena *a, const char *zone)
{
	const struct ip listed4 = { .family = 4, .bytes = { 127, 0, 0, 2 } };
	const struct ip clean4 = { .family = 4, .bytes = { 127, 0, 0, 1 } };
	const struct ip listed6 = mapped_ip(2), clean6 = mapped_ip(1);
	*l = (struct list){
		.zone = arena_strdup(a, zone),
		.operator_name = "",
		.ip4 = true,
		.registered = true,
		.full = true,
		.impact = LIST_MEDIUM,
		.why = "",
		.removal = "",
		.expires = "",
		.first_fix = "",
		.access = "",
		.note = "",
		.part_of = "",
		.stands_for = "",
		.key = "",
		.born = "",
		.closed = "",
		.how = "",
		.source = "",
		.hash = hash_text(zone),
	};
	l->name = l->zone;
	l->test4.listed = catalogue_test_name(l, &listed4, a);
	l->test4.clean = catalogue_test_name(l, &clean4, a);
	l->test6.listed = catalogue_test_name(l, &listed6, a);
	l->test6.clean = catalogue_test_name(l, &clean6, a);
	l->test_domain.listed = label_name(l, "test", a);
	l->test_domain.clean = label_name(l, "invalid", a);
}

struct list *
catalogue_add(struct catalogue *c, struct arena *a, const char *word, struct err *err)
{
	char zone[NAME_TEXT_MAX];
	bool valid = name_from_text(word, zone);
	const char *fault = valid ? zone_fault(zone) : "is not a domain name";
	if (fault != NULL) {
		err_set(err, ERR_DATA, "\"%s\" %s: expected a zone such as zen.spamhaus.org", word,
		    fault);
		return NULL;
	}
	struct list *l = catalogue_find(c, zone);
	if (l != NULL && l->file == c->n_files) {
		err_set(err, ERR_DATA, "the list %s is here a second time", zone);
		return NULL;
	}
	if (l == NULL && c->n == CATALOGUE_LISTS_MAX) {
		err_set(err, ERR_DATA, "more than %d lists", CATALOGUE_LISTS_MAX);
		return NULL;
	}
	if (l == NULL) {
		c->lists = arena_grow(a, c->lists, c->n, &c->cap, sizeof *c->lists);
		l = &c->lists[c->n++];
		set_defaults(l, a, zone);
	}
	l->file = c->n_files;
	return l;
}

const char *
list_query_name(const struct list *l, const struct ip *ip, char out[NAME_TEXT_MAX])
{
	char labels[IP_REVERSE_MAX];
	size_t used = strlen(ip_reverse_labels(ip, labels));
	memcpy(out, labels, used);
	out[used++] = '.';
	memcpy(out + used, l->zone, strlen(l->zone) + 1); /* zone_fault() leaves room */
	return out;
}

bool
list_domain_name(const struct list *l, const char *domain, char out[NAME_TEXT_MAX])
{
	uint8_t wire[NAME_WIRE_MAX];
	int n = snprintf(out, NAME_TEXT_MAX, "%s.%s", domain, l->zone);
	return n > 0 && n < NAME_TEXT_MAX && name_to_wire(out, wire) > 0;
}

bool
list_takes(const struct list *l, const struct ip *ip)
{
	return ip->family == 6 ? l->ip6 : l->ip4;
}

const struct list_test *
list_test_for(const struct list *l, const struct ip *ip)
{
	return ip->family == 6 ? &l->test6 : &l->test4;
}

const char *
list_epitaph(const struct list *l, struct arena *a)
{
	if (l->status == LIST_DEAD && *l->closed != '\0')
		return arena_printf(a, "died %s: %s", l->closed, l->how);
	return arena_printf(a, "%s: %s", l->status == LIST_DEAD ? "is dead" : "is doubtful",
	    l->how);
}
