/* Which demands of big receivers a server does not meet, as its last run saw it, and since when. */
#include "base/arena.h"
#include "store_priv.h"

static enum err_code
run_for(struct history *h, enum sql sql, int64_t server, struct err *err)
{
	struct query q;

	query_start(&q, h, sql, err);
	query_int(&q, server);
	return query_run(&q);
}

static enum err_code
put(struct history *h, int64_t server, const struct digest_demand *d, int64_t time_s,
    struct err *err)
{
	struct query q;

	query_start(&q, h, SQL_DEMAND_PUT, err);
	query_int(&q, server);
	query_text(&q, d->receiver);
	query_text(&q, enumtab_name(&receiver_demand_names, (int)d->demand));
	query_text(&q, d->name);
	query_text(&q, enumtab_name(&demand_state_names, (int)d->any));
	query_text(&q, enumtab_name(&demand_state_names, (int)d->bulk));
	query_text(&q, d->code);
	query_int(&q, time_s);
	return query_run(&q);
}

static enum err_code
set_looked(struct history *h, int64_t server, bool looked, struct err *err)
{
	struct query q;

	query_start(&q, h, SQL_DEMANDS_LOOKED, err);
	query_int(&q, server);
	query_int(&q, looked);
	return query_run(&q);
}

enum err_code
store_demands(struct history *h, int64_t server, int64_t time_s, const struct digest *d,
    struct err *err)
{
	enum err_code code = set_looked(h, server, d->has_demands, err);

	if (code == ERR_NONE)
		code = run_for(h, SQL_DEMANDS_MARK, server, err);
	for (size_t i = 0; code == ERR_NONE && i < d->n_demands; i++)
		code = put(h, server, &d->demands[i], time_s, err);
	return code == ERR_NONE ? run_for(h, SQL_DEMANDS_SWEEP, server, err) : code;
}

static enum err_code
read_demand(struct query *q, struct arena *a, struct history_demand *out)
{
	int demand = 0, any = 0, bulk = 0;

	if (store_word(q, 1, &receiver_demand_names, &demand) != ERR_NONE ||
	    store_word(q, 3, &demand_state_names, &any) != ERR_NONE ||
	    store_word(q, 4, &demand_state_names, &bulk) != ERR_NONE)
		return q->code;
	*out = (struct history_demand){ .demand = { .receiver = query_str(q, 0, a),
					    .name = query_str(q, 2, a),
					    .demand = (enum receiver_demand)demand,
					    .any = (enum demand_state)any,
					    .bulk = (enum demand_state)bulk,
					    .code = query_str(q, 5, a) },
		.since_s = query_time(q, 6) };
	return ERR_NONE;
}

enum err_code
history_demands(struct history *h, int64_t server, struct arena *a, struct history_demand **out,
    size_t *n, bool *looked, struct err *err)
{
	struct query q;
	size_t cap = 0;

	*out = NULL;
	*n = 0;
	query_start(&q, h, SQL_DEMANDS_GET, err);
	query_int(&q, server);
	*looked = query_row(&q) && query_get(&q, 0) != 0;
	enum err_code code = query_end(&q);
	if (code != ERR_NONE)
		return code;
	query_start(&q, h, SQL_DEMANDS, err);
	query_int(&q, server);
	while (*n < DIGEST_DEMANDS_MAX && query_row(&q)) {
		*out = arena_grow(a, *out, *n, &cap, sizeof **out);
		if (read_demand(&q, a, &(*out)[*n]) != ERR_NONE)
			break;
		(*n)++;
	}
	return query_end(&q);
}
