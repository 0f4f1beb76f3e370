/* The queue of messages. */
#include "base/arena.h"
#include "store_priv.h"

bool
history_message_is_due(const struct history_message *m, int64_t now_s)
{
	return m->next_s <= now_s || m->next_s > now_s + HISTORY_PAUSE_MAX_S;
}

enum err_code
history_queue_put(struct history *h, const struct history_message *m, int64_t *id, struct err *err)
{
	struct query q;
	enum err_code code = store_begin(h, err);

	if (code != ERR_NONE)
		return code;
	query_start(&q, h, SQL_MESSAGE_PUT, err);
	query_text(&q, m->channel);
	query_text(&q, m->subject);
	query_text(&q, m->body);
	query_int(&q, m->made_s);
	query_int(&q, m->next_s);
	query_int(&q, (int64_t)m->tries);
	query_text(&q, m->error != NULL ? m->error : "");
	code = query_run(&q);
	*id = sqlite3_last_insert_rowid(h->db);
	return store_end(h, code, err);
}

static struct history_message
read_message(const struct query *q, struct arena *a)
{
	return (struct history_message){ .id = query_get(q, 0),
		.channel = query_raw(q, 1, a),
		.subject = query_raw(q, 2, a),
		.body = query_raw(q, 3, a),
		.made_s = query_time(q, 4),
		.next_s = query_time(q, 5),
		.tries = (unsigned)query_get(q, 6),
		.error = query_raw(q, 7, a) };
}

static enum err_code
take(struct history *h, int64_t now_s, int64_t lease_s, struct arena *a,
    struct history_message *out, bool *found, struct err *err)
{
	struct query q;

	query_start(&q, h, SQL_MESSAGE_DUE, err);
	query_int(&q, now_s);
	query_int(&q, now_s + HISTORY_PAUSE_MAX_S);
	*found = query_row(&q);
	if (*found)
		*out = read_message(&q, a);
	enum err_code code = query_end(&q);
	if (code != ERR_NONE || !*found)
		return code;
	query_start(&q, h, SQL_MESSAGE_TAKEN, err);
	query_int(&q, out->id);
	query_int(&q, now_s + lease_s);
	return query_run(&q);
}

enum err_code
history_queue_take(struct history *h, int64_t now_s, int64_t lease_s, struct arena *a,
    struct history_message *out, bool *found, struct err *err)
{
	enum err_code code = store_begin(h, err);

	*found = false;
	if (code == ERR_NONE)
		code = store_end(h, take(h, now_s, lease_s, a, out, found, err), err);
	/* a lease that is not on the disk does not count */
	*found = *found && code == ERR_NONE;
	return code;
}

enum err_code
history_queue_done(struct history *h, int64_t id, struct err *err)
{
	struct query q;

	query_start(&q, h, SQL_MESSAGE_DONE, err);
	query_int(&q, id);
	return query_run(&q);
}

enum err_code
history_queue_failed(struct history *h, const struct history_message *m, int64_t next_s,
    const char *error, struct err *err)
{
	struct query q;

	query_start(&q, h, SQL_MESSAGE_FAILED, err);
	query_int(&q, m->id);
	query_int(&q, m->made_s);
	query_int(&q, next_s);
	query_text(&q, error);
	return query_run(&q);
}

enum err_code
history_queue_rest(struct history *h, const struct history_message *m, const char *body,
    int64_t next_s, const char *error, struct err *err)
{
	struct query q;

	query_start(&q, h, SQL_MESSAGE_REST, err);
	query_int(&q, m->id);
	query_text(&q, body);
	query_int(&q, m->made_s);
	query_int(&q, next_s);
	query_text(&q, error);
	return query_run(&q);
}

enum err_code
history_queue_list(struct history *h, struct arena *a, struct history_message **out, size_t *n,
    struct err *err)
{
	struct query q;
	size_t cap = 0;

	*out = NULL;
	*n = 0;
	query_start(&q, h, SQL_MESSAGES, err);
	while (query_row(&q)) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = read_message(&q, a);
	}
	return query_end(&q);
}

enum err_code
history_queue_count(struct history *h, size_t *n, struct err *err)
{
	struct query q;

	query_start(&q, h, SQL_MESSAGE_COUNT, err);
	*n = query_row(&q) ? (size_t)query_get(&q, 0) : 0;
	return query_end(&q);
}

enum err_code
history_sent_get(struct history *h, const char *channel, int64_t *sent_s, struct err *err)
{
	struct query q;

	query_start(&q, h, SQL_SENT_GET, err);
	query_text(&q, channel);
	*sent_s = query_row(&q) ? query_time(&q, 0) : 0;
	return query_end(&q);
}

enum err_code
history_sent_put(struct history *h, const char *channel, int64_t sent_s, struct err *err)
{
	struct query q;

	query_start(&q, h, SQL_SENT_PUT, err);
	query_text(&q, channel);
	query_int(&q, sent_s);
	return query_run(&q);
}
