/* Forgetting old runs. */
#include "store_priv.h"

/* What a time without any run counts at most. */
static int64_t
gap_max_s(int64_t retention_s)
{
	enum { DAY_S = 86400, MONTH_S = 31 * DAY_S };
	int64_t quarter_s = retention_s / 4;

	if (quarter_s < DAY_S)
		return DAY_S;
	return quarter_s < MONTH_S ? quarter_s : MONTH_S;
}

/*
 * What is old, counted in the time that runs have seen, so that a clock that is years ahead for some
 * runs forgets next to nothing.  *before_s: runs that began earlier are old; 0: none is.
 */
static enum err_code
find_old(struct history *h, int64_t now_s, int64_t retention_s, int64_t *before_s, struct err *err)
{
	int64_t gap_max = gap_max_s(retention_s);
	int64_t age = 0, last_s = now_s;
	struct query q;

	*before_s = 0;
	query_start(&q, h, SQL_RUN_TIMES, err);
	query_int(&q, now_s);
	while (*before_s == 0 && query_row(&q)) {
		int64_t time_s = query_time(&q, 0), gap = last_s - time_s;
		age += gap < gap_max ? gap : gap_max;
		last_s = time_s;
		if (age > retention_s)
			*before_s = time_s + 1;
	}
	return query_end(&q);
}

static enum err_code
forget(struct history *h, int64_t before_s, struct err *err)
{
	/* in this order: what is referred to goes after what refers to it */
	static const enum sql rest[] = { SQL_FORGET_FINDING_SPANS, SQL_FORGET_LISTING_SPANS,
		SQL_FORGET_DEMANDS, SQL_FORGET_SERVERS, SQL_FORGET_FINDINGS, SQL_FORGET_LISTINGS,
		SQL_FORGET_TEXTS };
	struct query q;

	query_start(&q, h, SQL_FORGET_REPORTS, err);
	query_int(&q, before_s);
	enum err_code code = query_run(&q);
	if (code != ERR_NONE || sqlite3_changes(h->db) == 0)
		return code;
	query_start(&q, h, SQL_FORGET_OUTAGES, err);
	query_int(&q, before_s);
	code = query_run(&q);
	for (size_t i = 0; code == ERR_NONE && i < sizeof rest / sizeof rest[0]; i++)
		code = store_run(h, rest[i], err);
	return code;
}

enum err_code
history_forget(struct history *h, int64_t now_s, int64_t retention_s, struct err *err)
{
	int64_t before_s;
	enum err_code code = store_begin(h, err);

	if (code != ERR_NONE)
		return code;
	code = find_old(h, now_s, retention_s, &before_s, err);
	if (code == ERR_NONE && before_s > 0)
		code = forget(h, before_s, err);
	code = store_end(h, code, err);
	return code == ERR_NONE ? store_run(h, SQL_VACUUM, err) : code;
}
