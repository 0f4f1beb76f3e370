/* Forward confirmation of any set of PTR names: what it takes, and what came of it. */
#ifndef MAILREADY_VIEWS_IPREV_H
#define MAILREADY_VIEWS_IPREV_H

#include <stdbool.h>

#include "views/understanding.h"

/*
 * Up to this many PTR names both address families are looked up, and the answers are followed.
 * Beyond it, only the target's family is, as a leaf: a large RRset stays cheap.
 */
enum { IPREV_NAMES_FEW = 8 };

/* Wants the addresses of names, to be confirmed; names beyond IPREV_NAMES_MAX are left out. */
void iprev_want_names(const struct target *t, struct facts *f, const char *const *names, size_t n);

/* The view of a set of PTR names that was found anywhere. */
void iprev_view_names(const struct understanding *k, const char *const *names, size_t n,
    struct iprev_view *out);

/*
 * Are there a few PTR names, all of them looked up, and none confirmed?  Only then does anybody
 * need to know what the authority says.
 */
bool iprev_is_settled_unconfirmed(struct understanding *k);

/* "mail.example has 192.0.2.9; gone.example does not exist": for sentences. */
const char *iprev_explain_names(const struct understanding *k, const char *const *names, size_t n);

#endif
