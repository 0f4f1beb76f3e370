/* What the parts of the provider powerdns share. */
#ifndef MAILREADY_PROVIDER_REST_POWERDNS_PRIV_H
#define MAILREADY_PROVIDER_REST_POWERDNS_PRIV_H

#include "provider/rest/rest_priv.h"

/* "/api/v1/servers/localhost": what paths begin with; in the session's arena. */
const char *powerdns_path(struct provider_session *s);

/* Of a zone's kind: its records come from elsewhere, or are not this server's to change. */
bool powerdns_is_copy(const char *kind);

/* All PTR records of the reverse zones that are not copies, in the order of their addresses. */
enum err_code powerdns_list(struct provider_session *s, struct arena *a,
    struct provider_record **out, size_t *n, struct err *err);

#endif
