/* The queue, for people. */
#include "notify/notify.h"

#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/safe.h"

enum { MINUTE_S = 60, SHOWN_MAX = 600, LINE_MAX_BYTES = 4096 };

static const char *
when(const struct history_message *m, int64_t now_s, struct arena *a)
{
	int64_t wait_min = (m->next_s - now_s + MINUTE_S - 1) / MINUTE_S;
	if (history_message_is_due(m, now_s))
		return "due now";
	return arena_printf(a, "due in %lld min", (long long)wait_min);
}

/* The stored text comes from a server or a program. */
static void
put(FILE *out, const char *before, const char *text)
{
	struct buf line;
	buf_init(&line, LINE_MAX_BYTES);
	safe_add(&line, text, strlen(text), SHOWN_MAX);
	fprintf(out, "%s%s\n", before, line.data);
	buf_fini(&line);
}

enum err_code
notify_pending(const struct notify_run *run, FILE *out, struct err *err)
{
	struct arena a;
	struct history_message *all;
	size_t n;
	arena_init(&a);
	enum err_code code = history_queue_list(run->history, &a, &all, &n, err);
	for (size_t i = 0; code == ERR_NONE && i < n; i++) {
		const struct history_message *m = &all[i];
		put(out, "",
		    arena_printf(&a, "%s: tried %u time%s, %s", m->channel, m->tries,
			m->tries == 1 ? "" : "s", when(m, run->now_s, &a)));
		put(out, "  ", m->subject);
		if (m->error[0] != '\0')
			put(out, "  ", m->error);
	}
	if (code == ERR_NONE && n == 0)
		fprintf(out, "no message is waiting\n");
	arena_fini(&a);
	return code;
}
