/*
 * A name's addresses as the world sees them: a hosts file, an inside view or DNS64 of the resolver must
 * not decide which servers are checked.
 */
#ifndef MAILREADY_RUN_HOST_PRIV_H
#define MAILREADY_RUN_HOST_PRIV_H

#include "run/job_priv.h"
#include "run/resolve_priv.h"

/* Nothing has to be checked in the answers for the job's name and its servers. */
bool host_is_plain(struct job *job);

/* Asks what it takes to check them; done is called from the loop, with the job. */
void host_check_start(struct job *job, void (*done)(void *arg));

/* Puts what the world sees in the place of the resolver's answers. */
void host_check_end(struct job *job);

/* Says which addresses were left out as made by the resolver. */
void host_remarks(struct job *job,
    void (*say)(void *arg, enum resolve_remark kind, const char *text), void *arg);

#endif
