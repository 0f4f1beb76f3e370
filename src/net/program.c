/* Runs another program, without a shell, for a bounded time, and keeps its last words. */
#include "net/program.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>
#include <uv.h>

#include "base/buf.h"
#include "base/file.h"
#include "net/keeper_priv.h"

enum {
	ERRORS_MAX = 4096, /* of standard error, its newest part */
	LAST_LINE_MAX = 300,
	GRACE_MS = 100, /* for what a program that has ended still has in the pipe */
};

/* Ends of pipes; -1: closed, or taken by a handle. */
struct ends {
	int ours, theirs;
};

struct child {
	uv_loop_t loop;
	uv_pipe_t errors, output, notes;
	uv_timer_t timer;
	uv_poll_t interrupts;
	struct ends error_ends, output_ends, note_ends;
	pid_t keeper;
	bool ended, stopped, interrupted;
	int failed; /* errno of its start; 0: it was started */
	int status; /* as waitpid() has it */
	struct keeper_note note;
	size_t note_len; /* of it that has come */
	char piece[1024];
	struct buf *kept;          /* of standard output; NULL: it is not read */
	char tail[ERRORS_MAX + 1]; /* the last bytes of standard error */
	size_t tail_len;
};

static void
close_all(struct child *c)
{
	uv_handle_t *const handles[] = { (uv_handle_t *)&c->notes, (uv_handle_t *)&c->errors,
		(uv_handle_t *)&c->output, (uv_handle_t *)&c->timer,
		(uv_handle_t *)&c->interrupts };
	for (size_t i = 0; i < sizeof handles / sizeof handles[0]; i++)
		if (!uv_is_closing(handles[i]))
			uv_close(handles[i], NULL);
}

static void
on_grace(uv_timer_t *timer)
{
	close_all(timer->data);
}

static void
stop(struct child *c)
{
	c->stopped = true;
	kill(c->keeper, SIGTERM);
}

static void
on_time_up(uv_timer_t *timer)
{
	stop(timer->data);
}

/* The signal is not read: it stays pending, and does to us what it does as soon as it is unblocked. */
static void
on_interrupt(uv_poll_t *poll, int status, int events)
{
	struct child *c = poll->data;
	(void)status, (void)events;
	uv_poll_stop(poll);
	if (c->ended || c->stopped)
		return;
	c->interrupted = true;
	stop(c);
}

static bool
is_all_read(const struct child *c)
{
	return uv_is_closing((const uv_handle_t *)&c->errors) &&
	    (c->kept == NULL || uv_is_closing((const uv_handle_t *)&c->output));
}

static void
end(struct child *c, int status)
{
	if (c->ended)
		return;
	c->ended = true;
	c->status = status;
	if (is_all_read(c))
		close_all(c);
	else
		uv_timer_start(&c->timer, on_grace, GRACE_MS, 0);
}

static void
on_note_room(uv_handle_t *handle, size_t size, uv_buf_t *out)
{
	struct child *c = handle->data;
	(void)size;
	*out = uv_buf_init((char *)&c->note + c->note_len,
	    (unsigned)(sizeof c->note - c->note_len));
}

/* A keeper that was killed says nothing, and its program was killed with it. */
static void
on_note(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct child *c = stream->data;
	(void)buf;
	if (n < 0) {
		uv_read_stop(stream);
		end(c, SIGKILL);
		return;
	}
	c->note_len += (size_t)n;
	if (c->note_len < sizeof c->note)
		return;
	c->note_len = 0;
	if (c->note.what == KEEPER_FAILED)
		c->failed = c->note.value;
	else
		end(c, c->note.value);
}

static void
keep_tail(struct child *c, const char *data, size_t len)
{
	if (len > ERRORS_MAX / 2)
		return; /* never: a piece is smaller */
	if (c->tail_len + len > ERRORS_MAX) {
		size_t drop = c->tail_len + len - ERRORS_MAX;
		memmove(c->tail, c->tail + drop, c->tail_len - drop);
		c->tail_len -= drop;
	}
	memcpy(c->tail + c->tail_len, data, len);
	c->tail_len += len;
}

static void
on_room(uv_handle_t *handle, size_t size, uv_buf_t *out)
{
	struct child *c = handle->data;
	(void)size;
	*out = uv_buf_init(c->piece, sizeof c->piece);
}

static void
no_more(struct child *c, uv_stream_t *stream)
{
	uv_close((uv_handle_t *)stream, NULL);
	if (c->ended && is_all_read(c))
		close_all(c);
}

static void
on_errors(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct child *c = stream->data;
	if (n > 0)
		keep_tail(c, buf->base, (size_t)n);
	if (n < 0)
		no_more(c, stream);
}

/* What is too much is read all the same: a program that cannot write does not end. */
static void
on_output(uv_stream_t *stream, ssize_t n, const uv_buf_t *buf)
{
	struct child *c = stream->data;
	if (n > 0)
		buf_add(c->kept, buf->base, (size_t)n);
	if (n < 0)
		no_more(c, stream);
}

/* A file without a name, so that a program that does not read cannot hold us up. */
static int
input_file(const struct program *p)
{
	int fd = memfd_create("mailready", MFD_CLOEXEC);
	if (fd < 0)
		return -1;
	if (file_write_all(fd, p->input, p->input_len) && lseek(fd, 0, SEEK_SET) == 0)
		return fd;
	close(fd);
	return -1;
}

static bool
open_ends(struct ends *out)
{
	int ends[2];
	if (pipe2(ends, O_CLOEXEC) != 0)
		return false;
	*out = (struct ends){ ends[0], ends[1] };
	return true;
}

static void
close_end(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

/* Closed with the handle from then on. */
static bool
give_end(uv_pipe_t *pipe, int *fd)
{
	bool given = uv_pipe_open(pipe, *fd) == 0;
	if (given)
		*fd = -1;
	return given;
}

/* 0, or errno. */
static int
spawn(struct child *c, const struct program *p, int input)
{
	if (!open_ends(&c->note_ends) || !open_ends(&c->error_ends))
		return errno;
	if (p->output != NULL)
		(void)open_ends(&c->output_ends);
	else
		c->output_ends.theirs = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (c->output_ends.theirs < 0)
		return errno;
	if (!give_end(&c->notes, &c->note_ends.ours) ||
	    !give_end(&c->errors, &c->error_ends.ours) ||
	    (p->output != NULL && !give_end(&c->output, &c->output_ends.ours)))
		return EMFILE;
	const int stdio[3] = { input, c->output_ends.theirs, c->error_ends.theirs };
	c->keeper = keeper_start(p, stdio, c->note_ends.theirs);
	return c->keeper < 0 ? errno : 0;
}

static void
close_ends(struct child *c)
{
	struct ends *all[] = { &c->note_ends, &c->error_ends, &c->output_ends };
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		close_end(&all[i]->ours);
		close_end(&all[i]->theirs);
	}
}

static const char *
last_line(struct child *c)
{
	while (c->tail_len > 0 && strchr(" \t\r\n", c->tail[c->tail_len - 1]) != NULL)
		c->tail_len--;
	c->tail[c->tail_len] = '\0';
	for (size_t i = 0; i < c->tail_len; i++)
		if (c->tail[i] == '\0')
			c->tail[i] = ' ';
	const char *newline = strrchr(c->tail, '\n');
	const char *line = newline != NULL ? newline + 1 : c->tail;
	size_t len = strlen(line);
	return len > LAST_LINE_MAX ? line + len - LAST_LINE_MAX : line;
}

static enum err_code
class_of(const struct program *p, int status)
{
	static const struct {
		int status;
		enum err_code code;
	} classes[] = { { 65, ERR_DATA }, { 69, ERR_UNAVAILABLE }, { 77, ERR_NOPERM },
		{ 78, ERR_CONFIG } };
	for (size_t i = 0; p->sysexits && i < sizeof classes / sizeof classes[0]; i++)
		if (classes[i].status == status)
			return classes[i].code;
	return ERR_TEMP;
}

static enum err_code
judge(struct child *c, const struct program *p, struct err *err)
{
	const char *line = last_line(c);
	const char *colon = line[0] != '\0' ? ": " : "";
	if (c->interrupted)
		return err_set(err, ERR_TEMP, "%s: was stopped by a signal to this program%s%s",
		    p->path, colon, line);
	if (c->stopped)
		return err_set(err, ERR_TEMP, "%s: did not end within %g s and was stopped%s%s",
		    p->path, (double)p->timeout_us / 1e6, colon, line);
	if (WIFSIGNALED(c->status))
		return err_set(err, ERR_TEMP, "%s: ended by signal %d%s%s", p->path,
		    WTERMSIG(c->status), colon, line);
	if (c->status != 0)
		return err_set(err, class_of(p, WEXITSTATUS(c->status)),
		    "%s: ended with status %d%s%s", p->path, WEXITSTATUS(c->status), colon, line);
	if (c->kept != NULL && c->kept->failed)
		return err_set(err, ERR_TEMP, "%s: wrote more than %zu bytes", p->path,
		    c->kept->max);
	return ERR_NONE;
}

static enum err_code
cannot_start(const struct child *c, const struct program *p, struct err *err)
{
	return err_set(err, ERR_CONFIG, "%s: cannot be started: %s", p->path, strerror(c->failed));
}

static enum err_code
run(struct child *c, const struct program *p, int input, struct err *err)
{
	c->failed = spawn(c, p, input);
	if (c->failed != 0) {
		close_all(c);
		uv_run(&c->loop, UV_RUN_DEFAULT);
		return cannot_start(c, p, err);
	}
	close_ends(c);
	uv_read_start((uv_stream_t *)&c->notes, on_note_room, on_note);
	uv_timer_start(&c->timer, on_time_up, p->timeout_us / 1000, 0);
	uv_poll_start(&c->interrupts, UV_READABLE, on_interrupt);
	uv_read_start((uv_stream_t *)&c->errors, on_room, on_errors);
	if (c->kept != NULL)
		uv_read_start((uv_stream_t *)&c->output, on_room, on_output);
	uv_run(&c->loop, UV_RUN_DEFAULT);
	while (waitpid(c->keeper, NULL, 0) < 0 && errno == EINTR)
		;
	return c->failed != 0 ? cannot_start(c, p, err) : judge(c, p, err);
}

static enum err_code
run_in_loop(const struct program *p, int input, int interrupts, struct err *err)
{
	static const struct ends none = { -1, -1 };
	struct child c = { .kept = p->output,
		.error_ends = none,
		.output_ends = none,
		.note_ends = none };
	if (uv_loop_init(&c.loop) != 0)
		return err_set(err, ERR_TEMP, "%s: cannot create an event loop", p->path);
	uv_pipe_init(&c.loop, &c.errors, 0);
	uv_pipe_init(&c.loop, &c.output, 0);
	uv_pipe_init(&c.loop, &c.notes, 0);
	uv_timer_init(&c.loop, &c.timer);
	uv_poll_init(&c.loop, &c.interrupts, interrupts);
	c.notes.data = c.errors.data = c.output.data = c.timer.data = c.interrupts.data = &c;
	enum err_code code = run(&c, p, input, err);
	close_ends(&c);
	uv_loop_close(&c.loop);
	return code;
}

/* The signals that end us, but for those that we were started to ignore. */
static sigset_t
interrupting(void)
{
	static const int all[] = { SIGINT, SIGTERM, SIGHUP };
	sigset_t set;
	sigemptyset(&set);
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct sigaction now;
		if (sigaction(all[i], NULL, &now) == 0 && now.sa_handler != SIG_IGN)
			sigaddset(&set, all[i]);
	}
	return set;
}

enum err_code
program_run(const struct program *p, struct err *err)
{
	sigset_t set = interrupting(), before;
	if (p->path[0] != '/')
		return err_set(err, ERR_CONFIG, "%s: expected an absolute path", p->path);
	int input = input_file(p), interrupts = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	enum err_code code;
	pthread_sigmask(SIG_BLOCK, &set, &before);
	if (input < 0 || interrupts < 0)
		code = err_set(err, ERR_TEMP, "%s: cannot be prepared: %s", p->path,
		    strerror(errno));
	else
		code = run_in_loop(p, input, interrupts, err);
	close(input);
	close(interrupts);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return code;
}
