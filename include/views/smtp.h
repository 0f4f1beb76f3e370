/* The SMTP port of a server: for checks that want its dialogue. */
#ifndef MAILREADY_VIEWS_SMTP_H
#define MAILREADY_VIEWS_SMTP_H

#include <stdbool.h>

#include "gather/facts.h"
#include "gather/target.h"
#include "net/endpoint.h"
#include "smtp/dialogue.h"

/* The address and the port of the policy. */
struct endpoint smtp_server(const struct target *t);

/* Why the port is not talked to, as a phrase; NULL when it is. */
const char *smtp_left_out(const struct target *t, const struct facts *f);

/* Wants the dialogue with the port, and before it what decides whether it may be talked to. */
void smtp_want(const struct target *t, struct facts *f);

/*
 * A line over which a firewall has written; NULL when there is none.  SMTP inspection puts asterisks
 * into the greeting, and X over extensions that it does not let through: XXXXXXXA is STARTTLS (Cisco
 * PIX and ASA).
 */
const char *smtp_mask(const struct smtp_dialogue *d);

/* Does the refusal of EHLO quote the command or our name, and so is about that name? */
bool smtp_refuses_our_name(const struct smtp_dialogue *d);

#endif
