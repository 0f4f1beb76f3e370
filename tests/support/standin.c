#include "standin.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/json.h"
#include "test.h"

static const char *const *environment;

static void
run(int out)
{
	/* should the test die without stopping it */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	dup2(out, STDOUT_FILENO);
	execlp("python3", "python3", "tests/provider/huawei_standin.py", (char *)NULL);
	_exit(127);
}

void
standin_start(struct standin *s)
{
	int pipe_fds[2];
	char line[16] = "";
	assert_int_equal(pipe(pipe_fds), 0);
	s->pid = fork();
	assert_true(s->pid >= 0);
	if (s->pid == 0)
		run(pipe_fds[1]);
	close(pipe_fds[1]);
	assert_true(read(pipe_fds[0], line, sizeof line - 1) > 1);
	close(pipe_fds[0]);
	s->port = (uint16_t)strtoul(line, NULL, 10);
	snprintf(s->url, sizeof s->url, "http://127.0.0.1:%u", s->port);
	s->endpoints[0] = s->url;
}

void
standin_stop(struct standin *s)
{
	kill(s->pid, SIGKILL);
	waitpid(s->pid, NULL, 0);
}

json_t *
standin_control(const struct standin *s, const char *order)
{
	struct arena a;
	struct err err = { 0 };
	struct http_reply reply;
	arena_init(&a);
	struct http_request r = { .method = "POST",
		.url = arena_printf(&a, "%s/_control", s->url),
		.body = order,
		.body_len = strlen(order),
		.timeout_ms = 5000 };
	struct http_client *client = http_client_new(NULL);
	enum err_code code = http_send(client, &r, &a, &reply, &err);
	assert_string_equal(err.text, "");
	assert_int_equal(code, ERR_NONE);
	json_t *answer = json_read(reply.body, reply.body_len, &err);
	assert_non_null(answer);
	http_client_free(client);
	arena_fini(&a);
	return answer;
}

void
standin_environment(const char *const *variables)
{
	environment = variables;
}

const char *
standin_getenv(void *arg, const char *name)
{
	(void)arg;
	size_t len = strlen(name);
	for (const char *const *v = environment; v != NULL && *v != NULL; v++)
		if (strncmp(*v, name, len) == 0 && (*v)[len] == '=')
			return *v + len + 1;
	return NULL;
}

int64_t
standin_wall_s(void *arg)
{
	(void)arg;
	return (int64_t)time(NULL);
}
