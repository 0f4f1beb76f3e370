/* Names and times as they stand in sentences, and sets of names. */
#ifndef MAILREADY_VIEWS_NAMES_H
#define MAILREADY_VIEWS_NAMES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "gather/facts.h"

struct name_set {
	const char **list; /* sorted, each once */
	size_t n;
};

/* The texts of an answer's records as a set. */
struct name_set names_of_records(const struct dns_answer *answer, struct arena *a);

bool names_hold(const char *const *list, size_t n, const char *name);

/* "a, b, c, d and 196 more"; the root is shown as ".". */
const char *names_shown(const char *const *list, size_t n, struct arena *a);

/* One name for a sentence: the root is ".", an A-label is followed by its U-label. */
const char *name_shown(const char *name, struct arena *a);

/* "90 s", "15 min", "2 h", "3 days": rounded up. */
const char *duration_shown(uint32_t seconds, struct arena *a);

/* The record type of addresses of this family, and its name. */
uint16_t address_type(const struct ip *ip);
const char *address_type_name(const struct ip *ip);

/* The addresses of an answer, "192.0.2.1, 192.0.2.2 and 3 more"; "" when none. */
const char *addresses_shown(const struct dns_answer *answer, struct arena *a);

/* What to do about a question that was not answered; otherwise is what must be done when it stays
 * so. */
const char *remedy_unknown(const struct dns_answer *answer, const char *otherwise, struct arena *a);

#endif
