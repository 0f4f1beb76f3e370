/* The hoster that an address is from, and what its row says of one address and one name. */
#include "views/hoster.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/name.h"
#include "views/authority.h"
#include "views/generic_table.h"

enum { TEXT_MAX = 8 * 1024 };

static const struct enumtab_row sign_rows[] = {
	{ "unknown", HOSTER_UNKNOWN },
	{ "ptr-name", HOSTER_BY_NAME },
	{ "name-server", HOSTER_BY_SERVER },
	{ "soa", HOSTER_BY_MAILBOX },
};
const struct enumtab hoster_sign_names = ENUMTAB(sign_rows);

static bool
find(struct hoster_view *v, const struct hoster_row *row, enum hoster_sign sign, const char *seen)
{
	if (row != NULL)
		*v = (struct hoster_view){ .row = row, .sign = sign, .seen = seen };
	return row != NULL;
}

static bool
find_by_names(struct understanding *k, const struct hoster_table *table, struct hoster_view *v)
{
	const struct ptr_view *ptr = known_ptr(k);
	for (size_t i = 0; i < ptr->n_names && i < IPREV_NAMES_MAX; i++) {
		const char *name = ptr->names[i];
		const struct generic_row *row = generic_table_match(k->target->policy->generic,
		    name);
		const char *scheme = row != NULL ? row->id : "";
		if (find(v, hoster_by_name(table, name, scheme), HOSTER_BY_NAME, name))
			return true;
	}
	return false;
}

/*
 * Behind a CNAME record (RFC 2317) the zone is one that the hoster has handed on: its servers say
 * nothing of whose address it is.
 */
static bool
find_by_zone(struct understanding *k, const struct hoster_table *table, struct hoster_view *v)
{
	const struct authority_view *zone = known_authority(k);
	if (known_ptr(k)->n_chain > 0)
		return false;
	for (size_t i = 0; i < zone->n_names; i++)
		if (find(v, hoster_by_server(table, zone->names[i]), HOSTER_BY_SERVER,
			zone->names[i]))
			return true;
	return find(v, hoster_by_mailbox(table, zone->mailbox), HOSTER_BY_MAILBOX, zone->mailbox);
}

const struct hoster_view *
known_hoster(struct understanding *k)
{
	if (k->hoster != NULL)
		return k->hoster;
	const struct hoster_table *table = k->target->policy->hosters;
	struct hoster_view *v = arena_alloc(k->arena, sizeof *v);
	*v = (struct hoster_view){ .row = NULL, .seen = "" };
	if (table != NULL && !find_by_names(k, table, v))
		(void)find_by_zone(k, table, v);
	return k->hoster = v;
}

bool
hoster_lets_customer(const struct hoster_row *row, const struct ip *ip)
{
	return row != NULL && row->who == HOSTER_CUSTOMER &&
	    (ip->family == 4 || row->ipv6 != HOSTER_IPV6_NO);
}

static const struct hoster_lines *
of_family(const struct hoster_row *row, const struct ip *ip, const struct hoster_lines *ip4,
    const struct hoster_lines *ip6)
{
	static const struct hoster_lines none = { .n = 0 };
	if (ip->family == 4 || row->ipv6 == HOSTER_IPV6_SAME)
		return ip4;
	return row->ipv6 == HOSTER_IPV6_OTHER ? ip6 : &none;
}

const struct hoster_lines *
hoster_calls(const struct hoster_row *row, const struct ip *ip)
{
	return of_family(row, ip, &row->call, &row->call6);
}

const struct hoster_lines *
hoster_terraform(const struct hoster_row *row, const struct ip *ip)
{
	return of_family(row, ip, &row->terraform, &row->terraform6);
}

/* "mail_2001_db8__1": a label of Terraform's, another one for each address. */
static const char *
label_of(const char *address, struct arena *a)
{
	char *label = arena_printf(a, "mail_%s", address);
	for (char *c = label; *c != '\0'; c++)
		if (!isalnum((unsigned char)*c))
			*c = '_';
	return label;
}

const char *
hoster_fill(const char *line, const struct ip *ip, const char *name, struct arena *a)
{
	char address[IP_TEXT_MAX];
	ip_format(ip, address);
	const struct {
		const char *mark, *value;
	} marks[] = {
		{ "{address}", address },
		{ "{name}", name_host_fault(name) == NAME_GOOD ? name : "NAME" },
		{ "{label}", label_of(address, a) },
	};
	struct buf out;
	buf_init(&out, TEXT_MAX);
	while (*line != '\0') {
		size_t i = 0, n = sizeof marks / sizeof marks[0];
		while (i < n && strncmp(line, marks[i].mark, strlen(marks[i].mark)) != 0)
			i++;
		if (i < n)
			buf_puts(&out, marks[i].value);
		else
			buf_putc(&out, *line);
		line += i < n ? strlen(marks[i].mark) : 1;
	}
	const char *filled = arena_strndup(a, out.data, out.len);
	buf_fini(&out);
	return filled;
}

void
hoster_put_terraform(const struct hoster_lines *lines, const struct ip *ip, const char *name,
    struct arena *a, struct buf *out)
{
	int depth = 0;
	for (size_t i = 0; i < lines->n; i++) {
		const char *line = lines->list[i];
		depth -= line[0] == '}';
		buf_printf(out, "%*s%s\n", 2 * (depth > 0 ? depth : 0), "",
		    hoster_fill(line, ip, name, a));
		depth += line[strlen(line) - 1] == '{';
	}
}

bool
hoster_sets(struct understanding *k)
{
	const struct hoster_row *row = known_hoster(k)->row;
	return row != NULL &&
	    (row->who == HOSTER_TICKET || hoster_lets_customer(row, &k->target->ip));
}

/* What the hoster does not do, so that nobody asks it for that in vain. */
static const char *
refusal(const struct hoster_row *row, struct arena *a)
{
	if (row->who == HOSTER_NOBODY)
		return arena_printf(a, "%s: %s.", row->name, row->where);
	return arena_printf(a, "%s has no PTR records for IPv6 addresses.", row->name);
}

const char *
hoster_advice(struct understanding *k, const char *name)
{
	const struct target *t = k->target;
	const struct hoster_row *row = known_hoster(k)->row;
	struct buf out;
	if (row == NULL)
		return "";
	buf_init(&out, TEXT_MAX);
	if (hoster_lets_customer(row, &t->ip))
		buf_printf(&out,
		    "Set the PTR record of %s to %s: at %s its customer does that, %s.", t->address,
		    name, row->name, row->where);
	else if (row->who == HOSTER_TICKET)
		buf_printf(&out, "Ask %s to set the PTR record of %s to %s: %s.", row->name,
		    t->address, name, row->where);
	else
		buf_puts(&out, refusal(row, k->arena));
	for (size_t i = 0; i < row->condition.n; i++)
		buf_printf(&out, " %s", row->condition.list[i]);
	buf_printf(&out, " See %s", row->page);
	const char *text = arena_strndup(k->arena, out.data, out.len);
	buf_fini(&out);
	return text;
}
