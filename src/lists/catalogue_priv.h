/* What the two readers of catalogues share. */
#ifndef MAILREADY_LISTS_CATALOGUE_PRIV_H
#define MAILREADY_LISTS_CATALOGUE_PRIV_H

#include "lists/catalogue.h"

/*
 * Adds a list of this zone, asked for IPv4 and with the test entries that RFC 5782 demands; valid
 * until the next one.  NULL with err, which says what is wrong with the word, not where it stands.
 */
struct list *catalogue_add(struct catalogue *c, struct arena *a, const char *word,
    struct err *err) MUST_CHECK;

/* The name to ask for a test entry. */
const char *catalogue_test_name(const struct list *l, const struct ip *entry, struct arena *a);

enum err_code catalogue_read_ini(struct catalogue *c, struct arena *a, const char *name,
    const char *text, size_t len, struct err *err) MUST_CHECK;

#endif
