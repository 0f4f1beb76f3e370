#include "options_bulk.h"

#include <stdlib.h>

#include "dns/stub.h"

enum { SHARDS_MAX = 1000000, QPS_MAX = 1000000 };

enum err_code
set_huge(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->run.huge = true;
	return ERR_NONE;
}

/* "3/16" */
enum err_code
set_shard(struct settings *s, const char *value, struct err *err)
{
	char *end = NULL;
	unsigned long i = strtoul(value, &end, 10), n = 0;
	bool plain = value[0] >= '0' && value[0] <= '9' && end[0] == '/' && end[1] >= '0' &&
	    end[1] <= '9';
	if (plain) {
		n = strtoul(end + 1, &end, 10);
		plain = *end == '\0';
	}
	if (!plain || i < 1 || i > n || n > SHARDS_MAX)
		return err_set(err, ERR_USAGE,
		    "'%s' is no shard: expected I/N, I from 1 to N, N at most %d", value,
		    SHARDS_MAX);
	s->run.shard = (unsigned)i - 1;
	s->run.n_shards = (unsigned)n;
	return ERR_NONE;
}

/* A ceiling from 1 to max. */
static enum err_code
read_ceiling(const char *value, unsigned max, unsigned *out, struct err *err)
{
	char *end = NULL;
	unsigned long n = strtoul(value, &end, 10);

	if (value[0] < '0' || value[0] > '9' || *end != '\0' || n < 1 || n > max)
		return err_set(err, ERR_USAGE, "'%s': expected a whole number from 1 to %u", value,
		    max);
	*out = (unsigned)n;
	return ERR_NONE;
}

enum err_code
set_qps(struct settings *s, const char *value, struct err *err)
{
	return read_ceiling(value, QPS_MAX, &s->run.qps, err);
}

enum err_code
set_window(struct settings *s, const char *value, struct err *err)
{
	return read_ceiling(value, DNS_WINDOW_MAX, &s->run.window, err);
}

enum err_code
set_ordered(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->ordered = true;
	return ERR_NONE;
}

enum err_code
set_progress(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->progress = true;
	return ERR_NONE;
}

enum err_code
set_summary(struct settings *s, const char *value, struct err *err)
{
	(void)value, (void)err;
	s->run.summary = true;
	return ERR_NONE;
}

enum err_code
set_state(struct settings *s, const char *value, struct err *err)
{
	(void)err;
	s->run.state = value;
	return ERR_NONE;
}
