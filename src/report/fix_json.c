/* The JSON contracts "mailready.plan/1" and "mailready.fix/1". */
#include "base/json.h"
#include "report/fix_priv.h"
#include "report_priv.h"
#include "views/hoster.h"

static const char *
error_word(enum err_code code)
{
	static const char *const words[] = {
		[ERR_NONE] = "none",
		[ERR_USAGE] = "usage",
		[ERR_DATA] = "data",
		[ERR_NOINPUT] = "no-input",
		[ERR_UNAVAILABLE] = "unavailable",
		[ERR_INTERNAL] = "internal",
		[ERR_CANTCREAT] = "cannot-create",
		[ERR_IO] = "io",
		[ERR_TEMP] = "temporary",
		[ERR_NOPERM] = "refused",
		[ERR_CONFIG] = "configuration",
	};
	return words[code];
}

static void
put_time(json_t *o, const char *key, int64_t time_s)
{
	char text[TIME_TEXT_MAX];
	json_put_text(o, key, time_text(time_s, text));
}

static json_t *
error_json(const struct err *err)
{
	if (err == NULL || err->code == ERR_NONE)
		return json_null();
	json_t *o = json_object();
	json_object_set_new(o, "class", json_string(error_word(err->code)));
	json_object_set_new(o, "text", json_safe_string(err->text));
	return o;
}

static json_t *
server_json(const struct proof_server *s)
{
	json_t *o = json_object();
	json_object_set_new(o, "server", json_safe_string(s->server));
	json_object_set_new(o, "record", json_safe_string(s->record));
	json_object_set_new(o, "says", json_safe_string(s->says));
	json_object_set_new(o, "good", json_boolean(s->good));
	json_object_set_new(o, "lame", json_boolean(s->lame));
	json_object_set_new(o, "unasked", json_boolean(s->unasked));
	return o;
}

static json_t *
findings_json(const struct findings *f)
{
	json_t *array = json_array();
	for (size_t i = 0; f != NULL && i < f->n; i++) {
		const struct finding *one = f->list[i];
		json_t *o = json_object();
		json_object_set_new(o, "id", json_string(one->rule->id));
		json_put_word(o, "verdict", &verdict_names, (int)one->verdict);
		json_object_set_new(o, "text", json_safe_string(one->text));
		json_array_append_new(array, o);
	}
	return array;
}

static json_t *
proof_json(const struct proof *p)
{
	if (p == NULL)
		return json_null();
	json_t *o = json_object(), *servers = json_array();
	for (size_t i = 0; i < p->n_servers; i++)
		json_array_append_new(servers, server_json(&p->servers[i]));
	json_object_set_new(o, "proven", json_boolean(p->proven));
	json_put_text(o, "missing", p->missing);
	json_object_set_new(o, "time_ms", json_real(as_ms(p->time_us)));
	json_put_word(o, "verdict", &verdict_names, (int)p->verdict);
	json_object_set_new(o, "servers", servers);
	json_object_set_new(o, "findings", findings_json(p->findings));
	return o;
}

static json_t *
states_json(const struct fix_report *r)
{
	json_t *array = json_array();
	for (size_t i = 0; r->journal != NULL && i < r->plan->n_steps; i++)
		json_array_append_new(array,
		    json_string(enumtab_name(&step_state_names, (int)r->journal->steps[i])));
	return array;
}

static json_t *
request_json(const struct request *q)
{
	if (q == NULL)
		return json_null();
	json_t *o = json_object();
	json_object_set_new(o, "who", json_string(q->who));
	json_put_text(o, "to", q->to);
	json_object_set_new(o, "subject", json_string(q->subject));
	json_object_set_new(o, "body", json_string(q->body));
	json_object_set_new(o, "own", q->own[0] != '\0' ? json_string(q->own) : json_null());
	return o;
}

static json_t *
lines_json(const struct hoster_lines *lines, const struct fix_report *r)
{
	json_t *array = json_array();
	const struct plan *p = r->plan;
	for (size_t i = 0; i < lines->n; i++)
		json_array_append_new(array,
		    json_string(hoster_fill(lines->list[i], &p->ip,
			p->n_names > 0 ? p->names[0] : "", r->arena)));
	return array;
}

static json_t *
hoster_json(const struct fix_report *r)
{
	const struct hoster_row *row = r->hoster;
	if (row == NULL)
		return json_null();
	json_t *o = json_object();
	json_object_set_new(o, "name", json_string(row->name));
	json_put_word(o, "who", &hoster_who_names, (int)row->who);
	json_object_set_new(o, "where", json_string(row->where));
	json_object_set_new(o, "page", json_string(row->page));
	json_object_set_new(o, "calls", lines_json(hoster_calls(row, &r->plan->ip), r));
	json_put_texts(o, "conditions", row->condition.list, row->condition.n);
	json_object_set_new(o, "reviewed", json_string(row->reviewed));
	return o;
}

static json_t *
result_json(const struct fix_report *r)
{
	json_t *o = json_object();
	int64_t until_s;
	(void)fix_cached_s(r, &until_s);
	json_object_set_new(o, "schema", json_string(FIX_SCHEMA));
	json_object_set_new(o, "version", json_string(MAILREADY_VERSION));
	put_time(o, "time", r->now_s);
	json_object_set_new(o, "address", json_string(r->plan->address));
	json_put_word(o, "outcome", &fix_outcome_names, (int)r->outcome);
	json_object_set_new(o, "undo", json_boolean(r->undo));
	json_object_set_new(o, "error", error_json(r->err));
	json_object_set_new(o, "states", states_json(r));
	json_object_set_new(o, "proof", proof_json(r->proof));
	put_time(o, "cached_until", until_s);
	json_object_set_new(o, "journal",
	    r->journal != NULL ? json_safe_string(r->journal->path) : json_null());
	json_object_set_new(o, "plan", plan_json(r->plan, r->now_s));
	return o;
}

json_t *
fix_json(const struct fix_report *r)
{
	json_t *o = r->result ? result_json(r) : plan_json(r->plan, r->now_s);
	json_object_set_new(o, "request", request_json(r->request));
	json_object_set_new(o, "hoster", hoster_json(r));
	return o;
}

json_t *
ptr_json(const struct provider_record *r)
{
	char address[IP_TEXT_MAX];
	json_t *o = json_object();
	json_object_set_new(o, "address", json_string(ip_format(&r->ip, address)));
	json_put_texts(o, "names", r->names, r->n_names);
	json_object_set_new(o, "default", json_boolean(r->is_default));
	bool known = r->ttl_s != 0 || r->ttl_zero;
	json_object_set_new(o, "ttl", known ? json_integer(r->ttl_s) : json_null());
	json_put_text(o, "description", r->description != NULL ? r->description : "");
	json_put_texts(o, "tags", r->tags, r->n_tags);
	return o;
}
