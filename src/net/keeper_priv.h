/* The process between us and a program: it starts the program, and ends it when it is told to or when we end. */
#ifndef MAILREADY_NET_KEEPER_PRIV_H
#define MAILREADY_NET_KEEPER_PRIV_H

#include <sys/types.h>

#include "net/program.h"

/* What is told of the program; each is written in one piece. */
struct keeper_note {
	enum { KEEPER_FAILED, KEEPER_ENDED } what;
	int value; /* errno of the start that failed; the status as waitpid() has it */
};

/*
 * Starts the program with these descriptors as its first three.  Notes come through the pipe: KEEPER_FAILED
 * where it cannot be started, and always KEEPER_ENDED.  The process that is returned, which the caller is to
 * wait for, takes SIGTERM: the program's group gets SIGTERM, and SIGKILL a second later, or as soon as the
 * program has ended.  The same happens, in half the time, when the caller ends in whatever way.  -1: errno
 * says why.
 */
pid_t keeper_start(const struct program *p, const int stdio[3], int notes);

#endif
