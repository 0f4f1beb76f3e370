/*
 * Asks several accounts about an address side by side.  Providers wait for their answers, so that each is asked
 * by a process of its own, which ends with its answer.  Sessions are opened before, one by one: a login serves
 * all addresses.
 */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/mem.h"
#include "repair/repair_priv.h"

enum { ASK_ONE_US = 20 * 1000 * 1000, GRACE_US = 2 * 1000 * 1000 };

/* The process that asks one account. */
struct asker {
	pid_t pid; /* 0: none */
	int fd;    /* from which its answer is read */
	size_t got;
};

static void
ask_here(struct repair *r, struct account_answer *answer)
{
	struct provider_session *s;
	answer->opened = account_session(r, answer->provider, &s, &answer->err) == ERR_NONE;
	if (!answer->opened)
		return;
	struct apply reader = account_reader(r, s);
	if (apply_find(&reader, answer->ip, &answer->place, &answer->err) == ERR_NONE)
		answer->err.code = ERR_NONE;
	snprintf(answer->warnings, sizeof answer->warnings, "%s", s->warnings);
}

/* No account may use up the time of the others. */
static uint64_t
limit_of(struct repair *r)
{
	uint64_t limit = r->world.now_us(r->world.arg) + ASK_ONE_US;
	return limit < r->deadline_us ? limit : r->deadline_us;
}

/* Connections and sockets that are open belong to the process that we come from. */
static void
ask_and_end(struct repair *r, struct account_answer *answer, int fd)
{
	const struct fix_options *o = r->options;
	FILE *nowhere = fopen("/dev/null", "we");
	/* not SIGKILL: what it has begun is ended first */
	prctl(PR_SET_PDEATHSIG, SIGTERM);
	r->http = http_client_new(o->ca_file);
	r->deadline_us = limit_of(r);
	if (nowhere == NULL)
		(void)err_set(&answer->err, ERR_TEMP, "/dev/null cannot be opened");
	else if (world_open(&r->dns, &o->run->look, nowhere, &answer->err) == ERR_NONE)
		ask_here(r, answer);
	_exit(file_write_all(fd, (const char *)answer, sizeof *answer) ? 0 : 1);
}

/* False: there is no room for another process. */
static bool
start(struct repair *r, struct account_answer *answer, struct asker *out)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	pid_t pid = fork();
	if (pid == 0)
		ask_and_end(r, answer, ends[1]);
	close(ends[1]);
	if (pid < 0)
		close(ends[0]);
	else
		*out = (struct asker){ .pid = pid, .fd = ends[0] };
	return pid > 0;
}

/* Whatever did not arrive as a whole is no answer. */
static void
end(struct asker *asker, struct account_answer *answer, const struct account_answer *arrived)
{
	kill(asker->pid, SIGKILL);
	while (waitpid(asker->pid, NULL, 0) < 0 && errno == EINTR)
		;
	close(asker->fd);
	asker->pid = 0;
	if (asker->got == sizeof *answer)
		*answer = *arrived;
	else
		(void)err_set(&answer->err, ERR_TEMP, "%s: it did not answer in time",
		    answer->provider->title);
}

/* Reads what is there; true when there is more to come. */
static bool
read_some(struct asker *asker, struct account_answer *into)
{
	ssize_t n = read(asker->fd, (char *)into + asker->got, sizeof *into - asker->got);
	if (n > 0)
		asker->got += (size_t)n;
	return n > 0 ? asker->got < sizeof *into : n < 0 && errno == EINTR;
}

static void
collect(struct repair *r, struct account_answer *list, struct asker *askers, size_t n)
{
	struct account_answer *arrived = mem_zalloc(n, sizeof *arrived);
	struct pollfd *fds = mem_zalloc(n, sizeof *fds);
	uint64_t until = limit_of(r) + GRACE_US, now;
	size_t open = 0;
	for (size_t i = 0; i < n; i++) {
		fds[i] = (struct pollfd){ .fd = askers[i].pid > 0 ? askers[i].fd : -1,
			.events = POLLIN };
		open += askers[i].pid > 0;
	}
	while (open > 0 && (now = r->world.now_us(r->world.arg)) < until &&
	    (poll(fds, n, (int)((until - now) / 1000) + 1) >= 0 || errno == EINTR))
		for (size_t i = 0; i < n; i++)
			if (fds[i].fd >= 0 && fds[i].revents != 0 &&
			    !read_some(&askers[i], &arrived[i])) {
				fds[i].fd = -1;
				open--;
			}
	for (size_t i = 0; i < n; i++)
		if (askers[i].pid > 0)
			end(&askers[i], &list[i], &arrived[i]);
	free(fds);
	free(arrived);
}

/* By another process, or by this one where it is the only one or there is no room for another. */
static void
ask_one(struct repair *r, struct account_answer *answer, bool alone, struct asker *asker)
{
	uint64_t deadline = r->deadline_us;
	struct provider_session *s;
	if (!alone)
		r->deadline_us = limit_of(r);
	answer->opened = account_session(r, answer->provider, &s, &answer->err) == ERR_NONE;
	if (answer->opened && (alone || !start(r, answer, asker)))
		ask_here(r, answer);
	r->deadline_us = deadline;
}

void
account_ask(struct repair *r, struct account_answer *list, size_t n)
{
	struct asker *askers = mem_zalloc(n, sizeof *askers);
	for (size_t i = 0; i < n; i++)
		ask_one(r, &list[i], n == 1, &askers[i]);
	collect(r, list, askers, n);
	free(askers);
}
