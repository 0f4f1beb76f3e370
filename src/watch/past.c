/* mailready report: servers over time, collected from the history for a format. */
#include "watch/past.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/number.h"
#include "report/outage.h"

enum { DOCUMENT_MAX = 512 << 20 };

struct collection {
	const struct report_options *options;
	int64_t since_s, now_s;
	struct history *history;
	struct past_server *servers;
	size_t n, cap;
	struct history_outage *outages;
	size_t n_outages;
	struct arena arena;
	struct err *err;
};

/* What nobody could look at in the last run is as it was. */
static bool
is_stale(const struct collection *c, int64_t time_s)
{
	for (size_t i = 0; i < c->n_outages; i++)
		if (outage_blinds(&c->outages[i]) && time_s < c->outages[i].last_s)
			return true;
	return false;
}

/* An outage that began before the server, or before the report, is not counted by halves. */
static size_t
count_blind(const struct collection *c, const struct history_server *server)
{
	size_t n = 0;

	for (size_t i = 0; i < c->n_outages; i++) {
		const struct history_outage *o = &c->outages[i];
		if (outage_is_of_all(o) && o->first_s >= server->first_s &&
		    o->first_s >= c->since_s)
			n += o->n_runs;
	}
	return n;
}

/* All that is kept of one server; one without a run since then is left out. */
static enum err_code
add_server(struct collection *c, const struct history_server *server)
{
	int64_t since_s = c->since_s;
	struct past_server s = { .server = server };
	struct history_point *points;
	struct history_span *spans;
	struct history_listing *listings;
	struct history_demand *demands;
	struct digest *last;
	size_t n;

	if (history_runs(c->history, server->id, since_s, 1, &c->arena, &last, &n, c->err) !=
	    ERR_NONE)
		return c->err->code;
	if (n == 0)
		return ERR_NONE;
	if (history_points(c->history, server->id, since_s, &c->arena, &points, &s.n_points,
		c->err) != ERR_NONE ||
	    history_spans(c->history, server->id, since_s, &c->arena, &spans, &s.n_spans, c->err) !=
		ERR_NONE ||
	    history_listings(c->history, server->id, since_s, &c->arena, &listings, &s.n_listings,
		c->err) != ERR_NONE ||
	    history_demands(c->history, server->id, &c->arena, &demands, &s.n_demands,
		&s.has_demands, c->err) != ERR_NONE)
		return c->err->code;
	last->stale = is_stale(c, last->time_s);
	s.n_blind = count_blind(c, server);
	s.last = last;
	s.points = points;
	s.spans = spans;
	s.listings = listings;
	s.demands = demands;
	c->servers = arena_grow(&c->arena, c->servers, c->n, &c->cap, sizeof *c->servers);
	c->servers[c->n++] = s;
	return ERR_NONE;
}

static bool
is_there(const struct collection *c, int64_t id)
{
	for (size_t i = 0; i < c->n; i++) {
		if (c->servers[i].server->id == id)
			return true;
	}
	return false;
}

/* name NULL: all that are watched still.  A server with two names is added once. */
static enum err_code
add_named(struct collection *c, const char *name)
{
	struct history_server *list;
	size_t n;

	if (history_servers(c->history, name, &c->arena, &list, &n, c->err) != ERR_NONE)
		return c->err->code;
	if (n == 0 && name != NULL)
		return err_set(c->err, ERR_NOINPUT,
		    "%s: '%s' is not a server of this history; expected an address, a label or "
		    "a host name that was checked",
		    c->options->history, name);
	for (size_t i = 0; i < n; i++) {
		if (name == NULL && list[i].ended_s != 0)
			continue;
		if (!is_there(c, list[i].id) && add_server(c, &list[i]) != ERR_NONE)
			return c->err->code;
	}
	return ERR_NONE;
}

static enum err_code
collect(struct collection *c)
{
	const struct report_options *o = c->options;

	if (history_outages(c->history, c->since_s, &c->arena, &c->outages, &c->n_outages,
		c->err) != ERR_NONE)
		return c->err->code;
	if (o->n_names == 0 && add_named(c, NULL) != ERR_NONE)
		return c->err->code;
	for (size_t i = 0; i < o->n_names; i++) {
		if (add_named(c, o->names[i]) != ERR_NONE)
			return c->err->code;
	}
	if (c->n > 0)
		return ERR_NONE;
	return err_set(c->err, ERR_NOINPUT,
	    "%s: no run of that time is stored; 'mailready run' adds one, and --since reaches "
	    "further "
	    "back",
	    o->history);
}

/* Not before the first run: there is nothing to show. */
static int64_t
beginning(const struct collection *c)
{
	int64_t first_s = c->now_s;

	for (size_t i = 0; i < c->n; i++) {
		if (c->servers[i].server->first_s < first_s)
			first_s = c->servers[i].server->first_s;
	}
	return first_s > c->since_s ? first_s : c->since_s;
}

static enum err_code
write_out(const struct collection *c)
{
	const struct report_options *o = c->options;
	struct past past = { .since_s = beginning(c),
		.until_s = c->now_s,
		.servers = c->servers,
		.n = c->n,
		.outages = c->outages,
		.n_outages = c->n_outages,
		.by_group = o->by_group != 0 };
	struct buf document;
	enum err_code code = ERR_NONE;

	buf_init(&document, DOCUMENT_MAX);
	o->format->write(&past, &o->render, &document);
	if (document.failed)
		code = err_set(c->err, ERR_INTERNAL, "the report grew over %d bytes", DOCUMENT_MAX);
	else if (!file_write_all(fileno(o->out), document.data, document.len))
		code = err_set(c->err, ERR_IO, "the report cannot be written: %s", strerror(errno));
	buf_fini(&document);
	return code;
}

enum err_code
report_write(const struct report_options *o, struct err *err)
{
	struct collection c = { .options = o, .err = err, .now_s = (int64_t)time(NULL) };

	if (o->by_group != 0 && !o->format->groups)
		return err_set(err, ERR_USAGE,
		    "the format %s cannot show servers by group; expected text, html, markdown or "
		    "json",
		    o->format->name);
	if (number_since(o->since, c.now_s, &c.since_s, ERR_USAGE, err) != ERR_NONE)
		return err->code;
	if (history_open(o->history, HISTORY_READ, &c.history, err) != ERR_NONE)
		return err->code;
	arena_init(&c.arena);
	enum err_code code = collect(&c) == ERR_NONE ? write_out(&c) : err->code;
	arena_fini(&c.arena);
	history_close(c.history);
	return code;
}
