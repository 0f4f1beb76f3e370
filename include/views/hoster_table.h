/*
 * Who sets the PTR record of an address, hoster by hoster: data, not code.  data/hosters.ini, whose
 * head describes the format.  Knows nothing of targets; views/hoster.h decides which row is meant.
 */
#ifndef MAILREADY_VIEWS_HOSTER_TABLE_H
#define MAILREADY_VIEWS_HOSTER_TABLE_H

#include <stddef.h>

#include "base/enumtab.h"
#include "base/err.h"

struct hoster_table;

enum hoster_who { HOSTER_CUSTOMER, HOSTER_TICKET, HOSTER_NOBODY };
extern const struct enumtab hoster_who_names; /* "customer" "ticket" "nobody" */

/* What is so of IPv6 addresses: nothing known, as for IPv4, a way of its own, no PTR records. */
enum hoster_ipv6 { HOSTER_IPV6_UNKNOWN, HOSTER_IPV6_SAME, HOSTER_IPV6_OTHER, HOSTER_IPV6_NO };

enum { HOSTER_LINES_MAX = 12, HOSTER_ROWS_MAX = 500 };

/* The values of a key that is given several times. */
struct hoster_lines {
	const char *list[HOSTER_LINES_MAX];
	size_t n;
};

/* Strings are "" where the key is missing; {address}, {name} and {label} are not filled in yet. */
struct hoster_row {
	const char *id;   /* the section's name: "linode" */
	const char *name; /* "Akamai (Linode)" */
	enum hoster_who who;
	enum hoster_ipv6 ipv6;
	const char *names;   /* domains of default names, separated by blanks */
	const char *schemes; /* rows of the table of generic names, separated by blanks */
	const char *servers; /* names of name servers, or domains of them, separated by blanks */
	const char *soa;     /* mail boxes, separated by blanks */
	const char *where;   /* words: "in the console, under PTR Records" */
	const char *page;
	const char *provider; /* of this program (provider/provider.h) */
	const char *reviewed; /* "2026-11-30" */
	struct hoster_lines call, call6, condition, terraform, terraform6, source;
	int line; /* of its heading */
};

/*
 * Errors are ERR_CONFIG and name file and line: an unknown key, a row that lacks a key, a section
 * that is there twice.  *out is the caller's to free; NULL after an error.
 */
enum err_code hoster_table_read_file(const char *path, struct hoster_table **out,
    struct err *err) MUST_CHECK;
enum err_code hoster_table_read_text(const char *name, const char *text, size_t len,
    struct hoster_table **out, struct err *err) MUST_CHECK;
void hoster_table_free(struct hoster_table *t); /* NULL is accepted */

/* All rows, in the order of the file. */
const struct hoster_row *hoster_table_rows(const struct hoster_table *t, size_t *n);

/* The first row with a default name like this one; NULL.  scheme: the id of the row of the table of
 * generic names that it matches; "". */
const struct hoster_row *hoster_by_name(const struct hoster_table *t, const char *name,
    const char *scheme);

/* The first row to which the name server belongs; NULL. */
const struct hoster_row *hoster_by_server(const struct hoster_table *t, const char *server);

/* The first row with that mail box, compared without case; NULL. */
const struct hoster_row *hoster_by_mailbox(const struct hoster_table *t, const char *mailbox);

/* The first row whose addresses a provider of this program can write; NULL. */
const struct hoster_row *hoster_by_provider(const struct hoster_table *t, const char *provider);

#endif
