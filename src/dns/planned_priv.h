/* How planned records are filled in. */
#ifndef MAILREADY_DNS_PLANNED_PRIV_H
#define MAILREADY_DNS_PLANNED_PRIV_H

#include "dns/planned.h"
#include "dns/record_priv.h"

struct planned *planned_new(void);

/* False when its data is not what the type says. */
bool planned_add(struct planned *p, const struct rr *rr, const char *path, unsigned line);

/* A record of which nothing is asked but whether it is there. */
void planned_add_bare(struct planned *p, const char *owner, uint16_t type);

/* A name that has a record of which no more is known: its other types may be there or not. */
void planned_add_open(struct planned *p, const char *owner);

/* "*.example.com": names below example.com that are not in the file may be there or not. */
void planned_add_wild(struct planned *p, const char *owner);

void planned_add_remark(struct planned *p, const char *text);

#endif
