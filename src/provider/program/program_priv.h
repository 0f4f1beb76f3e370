/* The replies of a provider's program, read without it. */
#ifndef MAILREADY_PROVIDER_PROGRAM_PROGRAM_PRIV_H
#define MAILREADY_PROVIDER_PROGRAM_PROGRAM_PRIV_H

#include "provider/provider_priv.h"

/*
 * What the program of this path wrote: *reply is an object, the caller's to release, or NULL.  ERR_TEMP,
 * here and below: it is not a reply as data/program.schema.json describes it.
 */
enum err_code program_read(const char *data, size_t len, const char *path, json_t **reply,
    struct err *err) MUST_CHECK;

/* ERR_DATA: it does not have the address.  a: for what is read on the way. */
enum err_code program_read_find(const json_t *reply, const char *path, const struct ip *ip,
    struct arena *a, struct provider_place *out, struct err *err) MUST_CHECK;

/* *out has its address already; the names are in a. */
enum err_code program_read_get(const json_t *reply, const char *path, struct arena *a,
    struct provider_record *out, enum provider_state *state, struct err *err) MUST_CHECK;

/* *state PROVIDER_FAILED: err says why, and ERR_NONE is returned. */
enum err_code program_read_poll(const json_t *reply, const char *path, enum provider_state *state,
    struct err *err) MUST_CHECK;

#endif
