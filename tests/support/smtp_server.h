/*
 * A scripted SMTP server in a process of its own, which serves one connection on loopback, and a
 * probe run against it to its end.
 */
#ifndef MAILREADY_TESTS_SMTP_SERVER_H
#define MAILREADY_TESTS_SMTP_SERVER_H

#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "smtp/dialogue.h"
#include "smtp/probe.h"

/* What the server does with its connection; arg is what server_start() was given. */
typedef void server_fn(int fd, const void *arg);

/* A listening socket on a free port of 127.0.0.1. */
int server_listen(int backlog, uint16_t *port);

/* Ends by itself after 20 s, should a failing test not stop it. */
pid_t server_start(server_fn *serve, const void *arg, uint16_t *port);
void server_stop(pid_t pid);

void server_say(int fd, const char *text);

/* The next line of the client, without its end; "" at the end of the connection. */
const char *server_hear(int fd);

/* Greeting and EHLO, up to the client's STARTTLS. */
void server_offer_starttls(int fd);

struct outcome {
	struct arena arena; /* the caller's to release */
	struct smtp_dialogue *dialogue;
	int calls;
};

/* A smtp_done_fn that keeps the dialogue in the outcome. */
void outcome_keep(void *arg, const struct smtp_dialogue *dialogue);

/* Runs a loop until the probe is done. */
void probe_job(struct outcome *o, const struct smtp_job *job);
void probe_run(struct outcome *o, const char *address, uint16_t port, const char *our_name,
    uint64_t time_us);

void assert_dialogue(const struct smtp_dialogue *d, enum smtp_status status, enum smtp_tls tls);

/* part NULL: text is empty. */
void assert_part_of(const char *text, const char *part);

#endif
