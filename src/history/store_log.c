/* How far the mail log was read, and the refusals in it that stand. */
#include "history/mail_log.h"

#include "base/arena.h"
#include "store_priv.h"

static enum err_code
get_position(struct history *h, struct history_log *l, struct err *err)
{
	struct query q;

	query_start(&q, h, SQL_LOG_GET, err);
	query_text(&q, l->path);
	if (query_row(&q)) {
		l->read = true;
		l->inode = query_get(&q, 0);
		l->offset = query_get(&q, 1) > 0 ? query_get(&q, 1) : 0;
		l->head_len = query_get(&q, 2);
		l->head_hash = query_get(&q, 3);
	}
	return query_end(&q);
}

enum err_code
history_log_get(struct history *h, const char *path, struct arena *a, struct history_log *out,
    struct err *err)
{
	struct query q;
	size_t cap = 0;

	*out = (struct history_log){ .path = path };
	if (get_position(h, out, err) != ERR_NONE)
		return err->code;
	query_start(&q, h, SQL_REFUSALS, err);
	while (out->n < HISTORY_REFUSALS_MAX && query_row(&q)) {
		int verdict = 0;
		if (store_word(&q, 10, &verdict_names, &verdict) != ERR_NONE)
			break;
		out->refusals = arena_grow(a, out->refusals, out->n, &cap, sizeof *out->refusals);
		out->refusals[out->n++] = (struct history_refusal){ .code = (int)query_seq(&q, 0),
			.status = query_raw(&q, 1, a),
			.text = query_raw(&q, 2, a),
			.host = query_raw(&q, 3, a),
			.ehlo = query_raw(&q, 4, a),
			.sender = query_raw(&q, 5, a),
			.address = query_raw(&q, 6, a),
			.first_s = query_time(&q, 7),
			.last_s = query_time(&q, 8),
			.count = (size_t)query_seq(&q, 9),
			.verdict = (enum verdict)verdict };
	}
	return query_end(&q);
}

static enum err_code
put_position(struct history *h, const struct history_log *l, struct err *err)
{
	struct query q;

	query_start(&q, h, SQL_LOG_PUT, err);
	query_text(&q, l->path);
	query_int(&q, l->inode);
	query_int(&q, l->offset);
	query_int(&q, l->head_len);
	query_int(&q, l->head_hash);
	return query_run(&q);
}

static enum err_code
put_refusal(struct history *h, const struct history_refusal *r, struct err *err)
{
	struct query q;

	query_start(&q, h, SQL_REFUSAL_ADD, err);
	query_int(&q, r->code);
	query_text(&q, r->status);
	query_text(&q, r->text);
	query_text(&q, r->host);
	query_text(&q, r->ehlo);
	query_text(&q, r->sender);
	query_text(&q, r->address);
	query_int(&q, r->first_s);
	query_int(&q, r->last_s);
	query_int(&q, (int64_t)r->count);
	query_text(&q, enumtab_name(&verdict_names, (int)r->verdict));
	return query_run(&q);
}

static enum err_code
put_all(struct history *h, const struct history_log *before, const struct history_log *now,
    struct err *err)
{
	struct history_log stored = { .path = now->path };
	enum err_code code = get_position(h, &stored, err);

	/* what was not read has said nothing */
	if (!now->read)
		return code;
	if (code != ERR_NONE || stored.read != before->read || stored.inode != before->inode ||
	    stored.offset != before->offset)
		return code;
	code = put_position(h, now, err);
	if (code == ERR_NONE)
		code = store_run(h, SQL_REFUSALS_CLEAR, err);
	for (size_t i = 0; code == ERR_NONE && i < now->n; i++)
		if (!now->refusals[i].over)
			code = put_refusal(h, &now->refusals[i], err);
	return code;
}

enum err_code
history_log_put(struct history *h, const struct history_log *before, const struct history_log *now,
    struct err *err)
{
	enum err_code code = store_begin(h, err);

	return code == ERR_NONE ? store_end(h, put_all(h, before, now, err), err) : code;
}
