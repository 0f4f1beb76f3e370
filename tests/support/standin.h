/*
 * The stand-in for Huawei Cloud (tests/provider/huawei_standin.py) as a process of the test, and
 * a session with it over real HTTP.
 */
#ifndef MAILREADY_TESTS_STANDIN_H
#define MAILREADY_TESTS_STANDIN_H

#include <jansson.h>
#include <stdint.h>
#include <sys/types.h>

#include "provider/provider.h"

struct standin {
	pid_t pid;
	uint16_t port;
	char url[64];
	const char *endpoints[2];
};

/* Fails the test when it does not start. */
void standin_start(struct standin *s);
void standin_stop(struct standin *s);

/* Sends an order ("{...}") to the control address; the caller releases what it answers. */
json_t *standin_control(const struct standin *s, const char *order);

/* Variables for world.getenv: "NAME=value" a row, ended by NULL. */
void standin_environment(const char *const *variables);
const char *standin_getenv(void *arg, const char *name);
int64_t standin_wall_s(void *arg);

#endif
