/* mailready history: reads what is kept of each server, and has it shown. */
#include "base/arena.h"
#include "base/json.h"
#include "base/terminal.h"
#include "report/past.h"
#include "watch/watch.h"

enum { TEXT_MAX = 64 << 20 };

struct showing {
	const struct past_options *o;
	struct history *h;
	struct arena arena; /* of one server */
	json_t *all;        /* PAST_JSON: the servers so far */
	struct err *err;
};

/* As much as the view shows. */
static enum err_code
read_server(struct showing *p, const struct history_server *s, struct past_server *out)
{
	struct history_span *spans = NULL;
	struct history_listing *listings = NULL;
	struct digest *runs = NULL;
	enum err_code code = ERR_NONE;

	*out = (struct past_server){ .server = s };
	if (p->o->view != PAST_EXPORT)
		code = history_spans(p->h, s->id, p->o->since_s, &p->arena, &spans, &out->n_spans,
		    p->err);
	if (code == ERR_NONE && p->o->view == PAST_JSON)
		code = history_listings(p->h, s->id, p->o->since_s, &p->arena, &listings,
		    &out->n_listings, p->err);
	if (code == ERR_NONE && p->o->view != PAST_JSON)
		code = history_runs(p->h, s->id, p->o->since_s, SIZE_MAX, &p->arena, &runs,
		    &out->n_runs, p->err);
	out->spans = spans;
	out->listings = listings;
	out->runs = runs;
	return code;
}

static void
write_json(const struct showing *p, json_t *j, size_t flags)
{
	json_dumpf(j, p->o->out, flags | JSON_ENSURE_ASCII);
	fputc('\n', p->o->out);
	json_decref(j);
}

static enum err_code
write_text(const struct showing *p, const struct past_server *s)
{
	struct buf text;
	enum err_code code = ERR_NONE;

	buf_init(&text, TEXT_MAX);
	history_text(s, &text);
	if (text.failed)
		code = err_set(p->err, ERR_INTERNAL,
		    "the history of %s grew over %d bytes; take less of it with --since",
		    s->server->address, TEXT_MAX);
	else
		terminal_put(p->o->out, text.data);
	buf_fini(&text);
	return code;
}

static enum err_code
show(struct showing *p, const struct past_server *s)
{
	enum err_code code = ERR_NONE;

	if (p->o->view == PAST_JSON)
		json_array_append_new(p->all, history_json(s));
	else if (p->o->view == PAST_TEXT)
		code = write_text(p, s);
	for (size_t i = s->n_runs; p->o->view == PAST_EXPORT && i-- > 0;)
		write_json(p, history_run_json(&s->runs[i]), JSON_COMPACT);
	return code;
}

static enum err_code
show_all(struct showing *p, const struct history_server *servers, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		struct past_server s;
		arena_fini(&p->arena);
		if (read_server(p, &servers[i], &s) != ERR_NONE || show(p, &s) != ERR_NONE)
			return p->err->code;
	}
	if (p->o->view == PAST_JSON)
		write_json(p,
		    json_pack("{s:s, s:O}", "schema", "mailready.history/1", "servers", p->all),
		    JSON_INDENT(2));
	return ERR_NONE;
}

static enum err_code
find_and_show(struct showing *p, struct arena *a)
{
	struct history_server *servers;
	size_t n;

	if (history_servers(p->h, p->o->server, a, &servers, &n, p->err) != ERR_NONE)
		return p->err->code;
	if (n == 0 && p->o->server != NULL)
		return err_set(p->err, ERR_NOINPUT, "%s: no run of '%s' is stored", p->o->history,
		    p->o->server);
	return show_all(p, servers, n);
}

enum err_code
history_show(const struct past_options *o, struct err *err)
{
	struct showing p = { .o = o, .err = err };
	struct arena servers;
	enum err_code code = history_open(o->history, HISTORY_READ, &p.h, err);

	if (code != ERR_NONE)
		return code;
	arena_init(&p.arena);
	arena_init(&servers);
	p.all = json_array();
	code = find_and_show(&p, &servers);
	json_decref(p.all);
	arena_fini(&servers);
	arena_fini(&p.arena);
	history_close(p.h);
	return code;
}
