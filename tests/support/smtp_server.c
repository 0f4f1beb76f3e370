#include "smtp_server.h"

#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "net/loop.h"
#include "test.h"

void
server_say(int fd, const char *text)
{
	(void)!send(fd, text, strlen(text), MSG_NOSIGNAL);
}

const char *
server_hear(int fd)
{
	static char line[512];
	size_t n = 0;
	while (n < sizeof line - 1 && recv(fd, line + n, 1, 0) == 1 && line[n] != '\n')
		n++;
	line[n > 0 ? n - 1 : 0] = '\0';
	return line;
}

void
server_offer_starttls(int fd)
{
	server_say(fd, "220 mx1.test.example ESMTP\r\n");
	server_hear(fd);
	server_say(fd, "250-mx1.test.example\r\n250 STARTTLS\r\n");
	server_hear(fd);
}

int
server_listen(int backlog, uint16_t *port)
{
	struct sockaddr_in sin = { .sin_family = AF_INET,
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
	struct sockaddr_storage bound;
	socklen_t len = sizeof bound;
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&sin, sizeof sin), 0);
	assert_int_equal(listen(fd, backlog), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&bound, &len), 0);
	memcpy(&sin, &bound, sizeof sin);
	*port = ntohs(sin.sin_port);
	return fd;
}

pid_t
server_start(server_fn *serve, const void *arg, uint16_t *port)
{
	int fd = server_listen(1, port);
	pid_t pid = fork();
	assert_true(pid >= 0);
	if (pid > 0) {
		close(fd);
		return pid;
	}
	alarm(20);
	int peer = accept(fd, NULL, NULL);
	serve(peer, arg);
	close(peer);
	_exit(0);
}

void
server_stop(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

void
outcome_keep(void *arg, const struct smtp_dialogue *dialogue)
{
	struct outcome *o = arg;
	o->calls++;
	o->dialogue = smtp_dialogue_copy(&o->arena, dialogue);
}

void
probe_job(struct outcome *o, const struct smtp_job *job)
{
	memset(o, 0, sizeof *o);
	arena_init(&o->arena);
	struct loop *loop = loop_new();
	smtp_probe_start(loop, job, outcome_keep, o);
	assert_int_equal(o->calls, 0);
	loop_run(loop);
	loop_free(loop);
	assert_int_equal(o->calls, 1);
	assert_true(endpoint_equal(&o->dialogue->server, &job->server));
}

void
probe_run(struct outcome *o, const char *address, uint16_t port, const char *our_name,
    uint64_t time_us)
{
	struct smtp_job job = {
		.server = { .port = port },
		.our_name = our_name,
		.deadline_us = loop_now_us() + time_us,
	};
	assert_true(ip_parse(address, &job.server.ip));
	probe_job(o, &job);
}

void
assert_dialogue(const struct smtp_dialogue *d, enum smtp_status status, enum smtp_tls tls)
{
	if (d->status != status || d->tls != tls)
		print_message("error: %s; tls_error: %s\n", d->error, d->tls_error);
	assert_string_equal(enumtab_name(&smtp_status_names, (int)d->status),
	    enumtab_name(&smtp_status_names, (int)status));
	assert_string_equal(enumtab_name(&smtp_tls_names, (int)d->tls),
	    enumtab_name(&smtp_tls_names, (int)tls));
}

void
assert_part_of(const char *text, const char *part)
{
	if (part == NULL)
		assert_string_equal(text, "");
	else if (strstr(text, part) == NULL)
		fail_msg("\"%s\" lacks \"%s\"", text, part);
}
