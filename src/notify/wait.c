/* Staying with a queue until it is empty. */
#include <unistd.h>

#include "base/arena.h"
#include "net/loop.h"
#include "notify/notify.h"

enum { US_PER_S = 1000000, LOOK_AGAIN_S = 60 /* others may put and take, too */ };

static enum err_code
first_due(struct history *h, int64_t *next_s, struct err *err)
{
	struct arena a;
	struct history_message *all;
	size_t n;
	arena_init(&a);
	enum err_code code = history_queue_list(h, &a, &all, &n, err);
	*next_s = code == ERR_NONE && n > 0 ? all[0].next_s : 0;
	arena_fini(&a);
	return code;
}

static unsigned
pause_s(int64_t next_s, int64_t now_s, int64_t left_s)
{
	int64_t pause = next_s > now_s ? next_s - now_s : 1;
	if (pause > LOOK_AGAIN_S)
		pause = LOOK_AGAIN_S;
	return (unsigned)(pause < left_s ? pause : left_s);
}

enum err_code
notify_wait(const struct notify_run *run, int64_t wait_s, struct notify_result *result,
    struct err *err)
{
	uint64_t started_us = loop_now_us();
	size_t sent = 0, given_up = 0;
	for (;;) {
		struct notify_run now = *run;
		int64_t next_s, passed_s = (int64_t)((loop_now_us() - started_us) / US_PER_S);
		now.now_s += passed_s;
		if (notify_send(&now, result, err) != ERR_NONE ||
		    first_due(run->history, &next_s, err) != ERR_NONE)
			return err->code;
		result->sent += sent;
		sent = result->sent;
		result->given_up += given_up;
		given_up = result->given_up;
		if (result->queued == 0 || passed_s >= wait_s)
			return ERR_NONE;
		sleep(pause_s(next_s, now.now_s, wait_s - passed_s));
	}
}
