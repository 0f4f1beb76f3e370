/* The SMTP port of a server: for checks that want its dialogue. */
#ifndef MAILREADY_VIEWS_SMTP_H
#define MAILREADY_VIEWS_SMTP_H

#include "gather/target.h"
#include "net/endpoint.h"

/* The address and the port of the policy. */
struct endpoint smtp_server(const struct target *t);

/* Why the port is not talked to, as a phrase; NULL when it is. */
const char *smtp_left_out(const struct target *t);

#endif
