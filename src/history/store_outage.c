/* What ended: servers that are no longer watched, and outages, which are nobody's finding. */
#include "base/arena.h"
#include "base/enumtab.h"
#include "store_priv.h"

static const struct enumtab_row kind_rows[] = {
	{ "resolver", OUTAGE_RESOLVER },
	{ "network", OUTAGE_NETWORK },
	{ "list", OUTAGE_LIST },
	{ "log", OUTAGE_LOG },
	{ "refusal", OUTAGE_REFUSAL },
};
const struct enumtab outage_kind_names = ENUMTAB(kind_rows);

static enum err_code
set_end(struct history *h, enum sql sql, int64_t id, int64_t now_s, struct err *err)
{
	struct query q;

	query_start(&q, h, sql, err);
	query_int(&q, id);
	query_int(&q, now_s);
	return query_run(&q);
}

enum err_code
history_end_server(struct history *h, int64_t server, int64_t now_s, struct err *err)
{
	return set_end(h, SQL_SERVER_END, server, now_s, err);
}

enum err_code
history_outage_end(struct history *h, int64_t id, int64_t now_s, struct err *err)
{
	return set_end(h, SQL_OUTAGE_END, id, now_s, err);
}

static enum err_code
put(struct history *h, enum sql sql, const struct history_outage *o, int64_t now_s, struct err *err)
{
	struct query q;

	query_start(&q, h, sql, err);
	query_text(&q, enumtab_name(&outage_kind_names, (int)o->kind));
	query_text(&q, o->subject);
	query_text(&q, o->text);
	query_text(&q, o->remedy);
	query_int(&q, (int64_t)o->n_servers);
	query_int(&q, now_s);
	return query_run(&q);
}

enum err_code
history_outage_seen(struct history *h, const struct history_outage *o, int64_t now_s,
    struct err *err)
{
	enum err_code code = store_begin(h, err);

	if (code != ERR_NONE)
		return code;
	code = put(h, SQL_OUTAGE_SEEN, o, now_s, err);
	if (code == ERR_NONE && sqlite3_changes(h->db) == 0)
		code = put(h, SQL_OUTAGE_ADD, o, now_s, err);
	return store_end(h, code, err);
}

enum err_code
history_outages(struct history *h, int64_t since_s, struct arena *a, struct history_outage **out,
    size_t *n, struct err *err)
{
	struct query q;
	size_t cap = 0;

	*out = NULL;
	*n = 0;
	query_start(&q, h, SQL_OUTAGES, err);
	query_int(&q, since_s);
	while (query_row(&q)) {
		int kind = 0;
		if (store_word(&q, 1, &outage_kind_names, &kind) != ERR_NONE)
			break;
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		(*out)[(*n)++] = (struct history_outage){ .id = query_get(&q, 0),
			.kind = (enum outage_kind)kind,
			.subject = query_str(&q, 2, a),
			.text = query_str(&q, 3, a),
			.remedy = query_str(&q, 4, a),
			.n_servers = (size_t)query_seq(&q, 5),
			.first_s = query_time(&q, 6),
			.last_s = query_time(&q, 7),
			.n_runs = (size_t)query_seq(&q, 8),
			.end_s = query_time(&q, 9) };
	}
	return query_end(&q);
}
