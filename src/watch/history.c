/* mailready history: when each finding came and went. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/when.h"
#include "watch/watch.h"

/* The history's members of one server. */
struct past {
	const struct past_options *o;
	struct history *h;
	struct arena arena;
	struct err *err;
};

static const char *
when(int64_t time_s, struct arena *a)
{
	return when_iso(time_s, arena_alloc(a, WHEN_TEXT_MAX));
}

/* --- text */

static const char *
day(int64_t time_s, struct arena *a)
{
	return when_minute(time_s, arena_alloc(a, WHEN_TEXT_MAX));
}

static const char *
server_name(const struct history_server *s, struct arena *a)
{
	if (s->label[0] != '\0')
		return arena_printf(a, "%s (%s)", s->label, s->address);
	return s->host[0] != '\0' ? arena_printf(a, "%s (%s)", s->address, s->host) : s->address;
}

static enum err_code
print_spans(struct past *p, const struct history_server *s)
{
	struct history_span *spans;
	struct arena *a = &p->arena;
	size_t n;

	if (history_spans(p->h, s->id, p->o->since_s, a, &spans, &n, p->err) != ERR_NONE)
		return p->err->code;
	fprintf(p->o->out, "%s: %zu run%s from %s to %s UTC\n", server_name(s, a), s->n_runs,
	    s->n_runs == 1 ? "" : "s", day(s->first_s, a), day(s->last_s, a));
	for (size_t i = 0; i < n; i++) {
		const struct history_span *x = &spans[i];
		fprintf(p->o->out, "  %s to %-16s %-9s %s: %s\n", day(x->first_s, a),
		    x->standing ? "now" : day(x->last_s, a),
		    enumtab_name(&verdict_names, (int)x->verdict), x->rule, x->text);
	}
	if (n == 0)
		fprintf(p->o->out, "  nothing was found\n");
	return ERR_NONE;
}

/* The latest first; only where names changed. */
static enum err_code
print_names(struct past *p, const struct history_server *s)
{
	struct digest *runs;
	size_t n;
	const char *before = "";

	if (history_runs(p->h, s->id, p->o->since_s, SIZE_MAX, &p->arena, &runs, &n, p->err) !=
	    ERR_NONE)
		return p->err->code;
	for (size_t i = n; i-- > 0;) {
		const char *names = "";
		for (size_t k = 0; k < runs[i].n_ptr_names; k++)
			names = arena_printf(&p->arena, "%s%s%s", names, k > 0 ? ", " : "",
			    runs[i].ptr_names[k]);
		if (names[0] == '\0' || strcmp(names, before) == 0)
			continue;
		if (before[0] != '\0')
			fprintf(p->o->out, "  %s PTR %s; before %s\n",
			    day(runs[i].time_s, &p->arena), names, before);
		before = names;
	}
	return ERR_NONE;
}

static enum err_code
show_text(struct past *p, const struct history_server *s)
{
	enum err_code code = print_spans(p, s);

	return code == ERR_NONE ? print_names(p, s) : code;
}

/* --- JSON */

static void
put(json_t *object, const char *key, const char *value)
{
	json_object_set_new(object, key, json_string(value));
}

/* An unknown value is null, as in every format. */
static void
put_known(json_t *object, const char *key, const char *value)
{
	json_object_set_new(object, key, value[0] != '\0' ? json_string(value) : json_null());
}

static json_t *
target_json(const char *label, const char *address, const char *host, const char *ehlo,
    const char *domain)
{
	json_t *j = json_object();

	put_known(j, "label", label);
	put(j, "address", address);
	put_known(j, "host", host);
	put_known(j, "ehlo", ehlo);
	put_known(j, "domain", domain);
	return j;
}

static json_t *
server_json(const struct history_server *s, struct arena *a)
{
	json_t *j = json_object();

	json_object_set_new(j, "target",
	    target_json(s->label, s->address, s->host, s->ehlo, s->domain));
	put(j, "first_seen", when(s->first_s, a));
	put(j, "last_seen", when(s->last_s, a));
	json_object_set_new(j, "runs", json_integer((json_int_t)s->n_runs));
	return j;
}

static json_t *
span_json(const struct history_span *x, struct arena *a)
{
	json_t *j = json_object();

	put(j, "id", x->rule);
	put(j, "subject", x->subject);
	put(j, "verdict", enumtab_name(&verdict_names, (int)x->verdict));
	put(j, "severity", enumtab_name(&severity_names, (int)x->severity));
	put(j, "text", x->text);
	put(j, "first_seen", when(x->first_s, a));
	put(j, "last_seen", when(x->last_s, a));
	json_object_set_new(j, "runs", json_integer((json_int_t)x->n_runs));
	json_object_set_new(j, "standing", json_boolean(x->standing));
	return j;
}

static json_t *
listing_json(const struct history_listing *l, struct arena *a)
{
	json_t *j = json_object();

	put(j, "zone", l->zone);
	put(j, "subject", l->subject);
	put(j, "first_seen", when(l->first_s, a));
	put(j, "last_seen", when(l->last_s, a));
	json_object_set_new(j, "standing", json_boolean(l->standing));
	return j;
}

static enum err_code
show_json(struct past *p, const struct history_server *s, json_t *all)
{
	struct history_span *spans;
	struct history_listing *listings;
	size_t n, n_listings;
	struct arena *a = &p->arena;

	if (history_spans(p->h, s->id, p->o->since_s, a, &spans, &n, p->err) != ERR_NONE ||
	    history_listings(p->h, s->id, p->o->since_s, a, &listings, &n_listings, p->err) !=
		ERR_NONE)
		return p->err->code;
	json_t *j = server_json(s, a), *findings = json_array(), *lists = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(findings, span_json(&spans[i], a));
	for (size_t i = 0; i < n_listings; i++)
		json_array_append_new(lists, listing_json(&listings[i], a));
	json_object_set_new(j, "findings_over_time", findings);
	json_object_set_new(j, "listings_over_time", lists);
	json_array_append_new(all, j);
	return ERR_NONE;
}

/* --- export: everything that is stored of a run */

static json_t *
names_json(const struct digest *d)
{
	json_t *names = json_array();

	for (size_t i = 0; i < d->n_ptr_names; i++)
		json_array_append_new(names, json_string(d->ptr_names[i]));
	return names;
}

static json_t *
lists_json(const struct digest *d)
{
	json_t *all = json_array();

	for (size_t i = 0; i < d->n_lists; i++) {
		const struct digest_list *l = &d->lists[i];
		json_t *j = json_object();
		put(j, "zone", l->zone);
		put_known(j, "subject", l->subject);
		put(j, "state", enumtab_name(&list_state_names, (int)l->state));
		put(j, "kind", enumtab_name(&list_kind_names, (int)l->kind));
		put(j, "impact", enumtab_name(&list_impact_names, (int)l->impact));
		put_known(j, "reason", digest_list_reason(l));
		json_array_append_new(all, j);
	}
	return all;
}

static json_t *
counts_json(const struct list_counts *c)
{
	json_t *j = json_object();

	json_object_set_new(j, "asked", json_integer((json_int_t)c->asked));
	json_object_set_new(j, "listed", json_integer((json_int_t)c->listed));
	json_object_set_new(j, "clean", json_integer((json_int_t)c->clean));
	json_object_set_new(j, "unknown", json_integer((json_int_t)c->unknown));
	json_object_set_new(j, "not_applicable", json_integer((json_int_t)c->not_applicable));
	return j;
}

static json_t *
findings_json(const struct digest *d)
{
	json_t *all = json_array();

	for (size_t i = 0; i < d->n_findings; i++) {
		const struct digest_finding *f = &d->findings[i];
		json_t *j = json_object();
		put(j, "id", f->rule);
		put(j, "verdict", enumtab_name(&verdict_names, (int)f->verdict));
		put(j, "severity", enumtab_name(&severity_names, (int)f->severity));
		json_object_set_new(j, "required", json_boolean(f->required));
		put(j, "subject", f->subject);
		put(j, "text", f->text);
		put(j, "remedy", f->remedy);
		json_array_append_new(all, j);
	}
	return all;
}

static json_t *
run_json(const struct digest *d, struct arena *a)
{
	json_t *j = json_object();

	put(j, "schema", "mailready.run/1");
	put(j, "time", when(d->time_s, a));
	json_object_set_new(j, "time_us", json_integer((json_int_t)d->time_us));
	json_object_set_new(j, "target",
	    target_json(d->label, d->address, d->host, d->ehlo, d->domain));
	put(j, "verdict", enumtab_name(&verdict_names, (int)d->verdict));
	put(j, "summary", d->reason);
	put_known(j, "ptr_status", digest_ptr_word(d));
	json_object_set_new(j, "ptr_names", names_json(d));
	put_known(j, "iprev", digest_iprev_word(d));
	put_known(j, "ehlo_seen", d->ehlo_seen);
	put_known(j, "ehlo_result", digest_ehlo_word(d));
	put_known(j, "certificate_expires",
	    d->cert_expires_s != 0 ? when(d->cert_expires_s, a) : "");
	json_object_set_new(j, "lists", lists_json(d));
	json_object_set_new(j, "list_counts",
	    digest_has_lists(d) ? counts_json(&d->counts) : json_null());
	json_object_set_new(j, "findings", findings_json(d));
	return j;
}

static void
write_json(const struct past *p, json_t *j, size_t flags)
{
	json_dumpf(j, p->o->out, flags | JSON_ENSURE_ASCII);
	fputc('\n', p->o->out);
	json_decref(j);
}

static enum err_code
export_runs(struct past *p, const struct history_server *s)
{
	struct digest *runs;
	size_t n;

	if (history_runs(p->h, s->id, p->o->since_s, SIZE_MAX, &p->arena, &runs, &n, p->err) !=
	    ERR_NONE)
		return p->err->code;
	for (size_t i = n; i-- > 0;)
		write_json(p, run_json(&runs[i], &p->arena), JSON_COMPACT);
	return ERR_NONE;
}

/* --- all servers */

static enum err_code
show_all(struct past *p, const struct history_server *servers, size_t n)
{
	json_t *all = json_array();
	enum err_code code = ERR_NONE;

	for (size_t i = 0; code == ERR_NONE && i < n; i++) {
		arena_fini(&p->arena);
		if (p->o->view == PAST_EXPORT)
			code = export_runs(p, &servers[i]);
		else if (p->o->view == PAST_JSON)
			code = show_json(p, &servers[i], all);
		else
			code = show_text(p, &servers[i]);
	}
	if (code == ERR_NONE && p->o->view == PAST_JSON)
		write_json(p,
		    json_pack("{s:s, s:O}", "schema", "mailready.history/1", "servers", all),
		    JSON_INDENT(2));
	json_decref(all);
	return code;
}

static enum err_code
find_and_show(struct past *p, struct arena *a)
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
	struct past p = { .o = o, .err = err };
	struct arena servers;
	enum err_code code = history_open(o->history, HISTORY_READ, &p.h, err);

	if (code != ERR_NONE)
		return code;
	arena_init(&p.arena);
	arena_init(&servers);
	code = find_and_show(&p, &servers);
	arena_fini(&servers);
	arena_fini(&p.arena);
	history_close(p.h);
	return code;
}
