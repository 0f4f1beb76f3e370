/* The process between us and a program: it starts the program, and ends it when it is told to or when we end. */
#include "net/keeper_priv.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { KILL_AFTER_MS = 1000, ORPHAN_KILL_AFTER_MS = 500 };

static void
tell(int notes, struct keeper_note note)
{
	while (write(notes, &note, sizeof note) < 0 && errno == EINTR)
		;
}

/* Without the handlers and masks that are ours; a signal that stays ignored would surprise it. */
static void
reset_signals(void)
{
	sigset_t none;
	for (int i = 1; i < NSIG; i++)
		(void)signal(i, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
}

/* Copies first: a descriptor may have the number that another is to get. */
static bool
set_stdio(const int stdio[3])
{
	int copies[3];
	for (int i = 0; i < 3; i++)
		if ((copies[i] = fcntl(stdio[i], F_DUPFD_CLOEXEC, 3)) < 0)
			return false;
	for (int i = 0; i < 3; i++)
		if (dup2(copies[i], i) < 0)
			return false;
	/* not those of ours alone: whoever started us may have left some open, too */
	return close_range(3, ~0U, CLOSE_RANGE_CLOEXEC) == 0;
}

/* The program itself, which nobody ends when its keeper was killed: so it is killed then, too. */
_Noreturn static void
become(const struct program *p, const int stdio[3], int notes, pid_t keeper)
{
	char *args[PROGRAM_ARGS_MAX + 2] = { NULL }, **env;
	memcpy(&args[0], &p->path, sizeof args[0]); /* execve() writes to none of them */
	for (size_t i = 0; p->args != NULL && p->args[i] != NULL; i++) {
		assert(i < PROGRAM_ARGS_MAX);
		memcpy(&args[i + 1], &p->args[i], sizeof args[0]);
	}
	memcpy(&env, &p->env, sizeof env);
	setpgid(0, 0);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() == keeper && chdir("/") == 0 && set_stdio(stdio)) {
		reset_signals();
		execve(p->path, args, env);
	}
	tell(notes, (struct keeper_note){ KEEPER_FAILED, errno });
	_exit(127);
}

static struct timespec
grace(pid_t parent)
{
	int ms = getppid() == parent ? KILL_AFTER_MS : ORPHAN_KILL_AFTER_MS;
	return (struct timespec){ .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000L };
}

/* Until the program has ended: how, as waitpid() has it.  What it started must not outlive it once it is told
 * to end. */
static int
keep(pid_t program, pid_t parent)
{
	sigset_t set;
	struct timespec left = { .tv_sec = 0 };
	bool ending = false;
	int status = 0;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGCHLD);
	while (waitpid(program, &status, WNOHANG) == 0) {
		int signal = sigtimedwait(&set, NULL, ending ? &left : NULL);
		if (signal == SIGTERM && !ending) {
			ending = true;
			left = grace(parent);
			kill(-program, SIGTERM);
		} else if (signal < 0 && errno == EAGAIN) {
			kill(-program, SIGKILL);
		}
	}
	if (ending)
		kill(-program, SIGKILL);
	return status;
}

/*
 * What else we have open stays open here: a lock on the address that the program is changing lasts until it
 * has ended.
 */
_Noreturn static void
be_keeper(const struct program *p, const int stdio[3], int notes, pid_t parent)
{
	sigset_t all;
	sigfillset(&all);
	sigprocmask(SIG_SETMASK, &all, NULL);
	(void)signal(SIGCHLD, SIG_DFL);
	pid_t self = getpid();
	/* the signal does not come for a parent that ended before */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	if (getppid() != parent)
		_exit(1);
	setsid();
	pid_t program = fork();
	if (program == 0)
		become(p, stdio, notes, self);
	if (program < 0) {
		tell(notes, (struct keeper_note){ KEEPER_FAILED, errno });
		tell(notes, (struct keeper_note){ KEEPER_ENDED, 0 });
		_exit(1);
	}
	setpgid(program, program); /* whoever is first */
	for (int i = 0; i < 3; i++)
		close(stdio[i]);
	tell(notes, (struct keeper_note){ KEEPER_ENDED, keep(program, parent) });
	_exit(0);
}

pid_t
keeper_start(const struct program *p, const int stdio[3], int notes)
{
	pid_t parent = getpid(), pid = fork();
	if (pid == 0)
		be_keeper(p, stdio, notes, parent);
	return pid;
}
