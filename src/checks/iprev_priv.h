/* What other checks ask of the forward confirmation beside its view. */
#ifndef MAILREADY_CHECKS_IPREV_PRIV_H
#define MAILREADY_CHECKS_IPREV_PRIV_H

#include <stdbool.h>

#include "views/views.h"

/*
 * Up to this many PTR names both address families are looked up, and the answers are followed.
 * Beyond it, only the target's family is, as a leaf: a large RRset stays cheap.
 */
enum { IPREV_NAMES_FEW = 8 };

/*
 * Are there a few PTR names, all of them looked up, and none confirmed?  Only then does anybody
 * need to know what the authority says.
 */
bool iprev_is_settled_unconfirmed(const struct target *t, const struct facts *f, struct arena *a);

/* Wants the addresses of names, to be confirmed; names beyond IPREV_NAMES_MAX are left out. */
void iprev_want_names(const struct target *t, struct facts *f, const char *const *names, size_t n);

/* The view of a set of PTR names that was found anywhere. */
void iprev_view_names(const struct target *t, const struct facts *f, const char *const *names,
    size_t n, struct arena *a, struct iprev_view *out);

/* "mail.example has 192.0.2.9; gone.example does not exist": for sentences. */
const char *iprev_explain_names(const struct target *t, const struct facts *f,
    const char *const *names, size_t n, struct arena *a);

#endif
