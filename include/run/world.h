/* The DNS as a run sees it: the resolvers, planned records, the loop and the stub on it. */
#ifndef MAILREADY_RUN_WORLD_H
#define MAILREADY_RUN_WORLD_H

#include <stdio.h>

#include "dns/stub.h"
#include "gather/engine.h"
#include "run/run.h"

struct dns_world {
	struct resolv_conf resolv_conf; /* or what the options say in its place */
	bool by_resolved; /* the servers of systemd-resolved are asked in the place of its stub */
	struct dns_stub_config config; /* of the stub; points into this struct */
	struct planned *planned;       /* NULL: none */
	struct loop *loop;
	struct dns_stub *stub;
};

/*
 * The resolvers of the options, or of the system; ERR_CONFIG and others when there are none.  errors: where
 * remarks about the planned records go.
 */
enum err_code world_open(struct dns_world *w, const struct run_look *look, FILE *errors,
    struct err *err) MUST_CHECK;

/* Says that the servers of systemd-resolved are asked, when they are. */
void world_remark(const struct dns_world *w, FILE *errors);

/* Whatever world_open() returned. */
void world_close(struct dns_world *w);

/* Gathers one target and returns when that is done; done and arg of the job are set by this. */
void world_gather(struct dns_world *w, struct gather_job *job);

#endif
