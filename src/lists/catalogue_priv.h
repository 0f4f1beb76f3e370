/* What the readers of catalogues share. */
#ifndef MAILREADY_LISTS_CATALOGUE_PRIV_H
#define MAILREADY_LISTS_CATALOGUE_PRIV_H

#include "base/inifile.h"
#include "lists/catalogue.h"

/*
 * Adds a list of this zone, asked for IPv4 and with the test entries that RFC 5782 demands, or
 * returns the one that an earlier file made; valid until the next one.  NULL with err, which says
 * what is wrong with the word, not where it stands.
 */
struct list *catalogue_add(struct catalogue *c, struct arena *a, const char *word,
    struct err *err) MUST_CHECK;

/*
 * The list of a zone that stands for itself, without a section.  One that nothing is known of is asked
 * about every address.  ERR_DATA says what is wrong with the word.
 */
enum err_code catalogue_add_plain(struct catalogue *c, struct arena *a, const char *word,
    struct err *err) MUST_CHECK;

/* "*.example": all lists below it are dead or doubtful. */
bool catalogue_is_pattern(const char *zone);

/* The name to ask for a test entry. */
const char *catalogue_test_name(const struct list *l, const struct ip *entry, struct arena *a);

enum err_code catalogue_read_ini(struct catalogue *c, struct arena *a, const char *name,
    const char *text, size_t len, struct err *err) MUST_CHECK;

/* An IPv4 or IPv6 address as it stands; not ip_parse(), which turns the IPv4-mapped test entries
 * into IPv4, while RFC 5782 section 5 asks them as IPv6. */
bool catalogue_parse_entry(int family, const char *text, struct ip *out);

/*
 * Is the key one of code.*, bit.*, fix.*, cause.*, refusal.* and harmless.*?  Then it is added to
 * the list, and *code tells.  begun: which tables this section has begun; zero before its first key.
 */
bool catalogue_add_row(struct list *l, struct arena *a, unsigned *begun,
    const struct ini_line *line, struct err *err, enum err_code *code);

#endif
