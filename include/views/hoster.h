/*
 * The hoster that an address is from, recognised by its PTR names, by the name servers of its reverse
 * zone, or by the mail box of that zone's SOA record; and what its row of the table says of one address
 * and one name.
 */
#ifndef MAILREADY_VIEWS_HOSTER_H
#define MAILREADY_VIEWS_HOSTER_H

#include "base/ip.h"
#include "views/understanding.h"

struct buf;

/* Can the owner of the address set its PTR record there?  False for a NULL row. */
bool hoster_lets_customer(const struct hoster_row *row, const struct ip *ip);

/* The calls, and the lines of the Terraform resource, for an address of this family; none: NULL of 0. */
const struct hoster_lines *hoster_calls(const struct hoster_row *row, const struct ip *ip);
const struct hoster_lines *hoster_terraform(const struct hoster_row *row, const struct ip *ip);

/*
 * A line with {address}, {name} and {label} filled in.  A name that is not a host name, and so might
 * mean something to a shell, becomes NAME.
 */
const char *hoster_fill(const char *line, const struct ip *ip, const char *name, struct arena *a);

/* All lines of a resource, indented as Terraform does. */
void hoster_put_terraform(const struct hoster_lines *lines, const struct ip *ip, const char *name,
    struct arena *a, struct buf *out);

/* Can the record be had at the hoster at all, by its customer or on request?  False when it is not
 * recognised. */
bool hoster_sets(struct understanding *k);

/*
 * Who sets the PTR record, where, and under which conditions, as sentences; the last of them ends in
 * the address of a page.  name is for a sentence.  "" when the hoster is not recognised.
 */
const char *hoster_advice(struct understanding *k, const char *name);

#endif
