/* The plan as JSON and back: what --plan-out saves, and the first line of a journal. */
#include <string.h>

#include "base/json.h"
#include "base/name.h"
#include "base/safe.h"
#include "fix/plan_priv.h"

/*
 * What undo puts back must be what was there, to the byte; whoever writes the document out escapes
 * all that is not ASCII (JSON_ENSURE_ASCII).  Only what JSON cannot hold, broken UTF-8, is changed.
 */
static json_t *
exact_text(const char *text)
{
	json_t *value = json_string(text);
	return value != NULL ? value : json_safe_string(text);
}

static json_t *
list_json(const char *const *list, size_t n)
{
	json_t *array = json_array();
	for (size_t i = 0; i < n; i++)
		json_array_append_new(array, exact_text(list[i]));
	return array;
}

static json_t *
value_json(const struct plan_value *v)
{
	json_t *o = json_object();
	json_object_set_new(o, "values", list_json(v->values, v->n_values));
	json_object_set_new(o, "default", json_boolean(v->is_default));
	json_object_set_new(o, "ttl", plan_value_has_ttl(v) ? json_integer(v->ttl_s) : json_null());
	json_object_set_new(o, "description", exact_text(v->description));
	json_object_set_new(o, "tags", list_json(v->tags, v->n_tags));
	if (v->enterprise_project != NULL && v->enterprise_project[0] != '\0')
		json_object_set_new(o, "enterprise_project", exact_text(v->enterprise_project));
	return o;
}

static json_t *
step_json(const struct plan_step *s)
{
	json_t *o = json_object();
	json_object_set_new(o, "kind", json_string(enumtab_name(&step_kind_names, (int)s->kind)));
	json_object_set_new(o, "subject", json_safe_string(s->subject));
	json_object_set_new(o, "rule", s->rule[0] != '\0' ? json_string(s->rule) : json_null());
	json_object_set_new(o, "old", value_json(&s->old));
	json_object_set_new(o, "new", value_json(&s->new));
	return o;
}

static json_t *
need_json(const struct plan_need *n)
{
	json_t *o = json_object();
	json_object_set_new(o, "name", json_safe_string(n->name));
	json_object_set_new(o, "type", json_string(n->type));
	json_object_set_new(o, "value", json_string(n->value));
	json_object_set_new(o, "zone",
	    n->zone[0] != '\0' ? json_safe_string(n->zone) : json_null());
	json_object_set_new(o, "mailbox",
	    n->mailbox[0] != '\0' ? json_safe_string(n->mailbox) : json_null());
	return o;
}

static json_t *
wish_json(const struct plan_wish *w)
{
	json_t *o = json_object();
	json_object_set_new(o, "ttl", w->ttl_s != 0 ? json_integer(w->ttl_s) : json_null());
	json_object_set_new(o, "description",
	    w->description != NULL ? exact_text(w->description) : json_null());
	json_object_set_new(o, "tags", list_json(w->tags, w->n_tags));
	json_object_set_new(o, "replace", json_boolean(w->replace));
	json_object_set_new(o, "with_forward", json_boolean(w->with_forward));
	json_object_set_new(o, "force_order", json_boolean(w->force_order));
	json_object_set_new(o, "unset", json_boolean(w->unset));
	return o;
}

static json_t *
dns_json(const struct plan *p)
{
	json_t *o = json_object();
	json_object_set_new(o, "known", json_boolean(p->dns_known));
	json_object_set_new(o, "names", list_json(p->dns_names, p->n_dns_names));
	json_object_set_new(o, "cached", json_integer(p->cached_s));
	return o;
}

json_t *
plan_json(const struct plan *p, int64_t now_s)
{
	json_t *o = json_object(), *steps = json_array(), *needs = json_array();
	for (size_t i = 0; i < p->n_steps; i++)
		json_array_append_new(steps, step_json(&p->steps[i]));
	for (size_t i = 0; i < p->n_needs; i++)
		json_array_append_new(needs, need_json(&p->needs[i]));
	json_object_set_new(o, "schema", json_string(PLAN_SCHEMA));
	json_object_set_new(o, "version", json_string(MAILREADY_VERSION));
	json_object_set_new(o, "time", json_integer(now_s));
	json_object_set_new(o, "address", json_string(p->address));
	json_object_set_new(o, "names", list_json(p->names, p->n_names));
	json_object_set_new(o, "provider",
	    p->provider[0] != '\0' ? json_string(p->provider) : json_null());
	json_object_set_new(o, "place", json_safe_string(p->place.text));
	json_object_set_new(o, "place_id", json_safe_string(p->place.id));
	json_object_set_new(o, "status",
	    json_string(enumtab_name(&plan_status_names, (int)p->status)));
	json_object_set_new(o, "summary", json_safe_string(p->summary));
	json_object_set_new(o, "wish", wish_json(&p->wish));
	json_object_set_new(o, "dns", dns_json(p));
	json_object_set_new(o, "steps", steps);
	json_object_set_new(o, "needs", needs);
	json_object_set_new(o, "notes", list_json(p->notes, p->n_notes));
	return o;
}

static const char *
text_of(struct json_reader *r, const json_t *o, const char *key, struct arena *a)
{
	return arena_strdup(a, json_need_string(r, o, key));
}

static enum err_code
refuse(struct json_reader *r, const char *what)
{
	r->failed = true;
	return err_set(r->err, ERR_DATA, "%s", what);
}

/* A bounded list of strings. */
static const char **
load_list(struct json_reader *r, const json_t *o, const char *key, size_t max, struct arena *a,
    size_t *n)
{
	const json_t *array = json_need_array(r, o, key);
	size_t size = json_array_size(array);
	const char **list = arena_array(a, size + 1, sizeof *list);
	*n = 0;
	if (size > max)
		(void)refuse(r,
		    arena_printf(a, "\"%s\" has %zu members; at most %zu are taken", key, size,
			max));
	for (size_t i = 0; i < size && !r->failed; i++) {
		const json_t *item = json_array_get(array, i);
		if (!json_is_string(item))
			(void)refuse(r,
			    arena_printf(a, "\"%s\" contains something that is not a string", key));
		else
			list[(*n)++] = arena_strdup(a, json_string_value(item));
	}
	return list;
}

/* Names are brought into the internal form once, at the border; then they must be in it. */
static void
check_names(struct json_reader *r, const char *const *names, size_t n)
{
	char name[NAME_TEXT_MAX];
	for (size_t i = 0; i < n && !r->failed; i++)
		if (!name_from_text(names[i], name) || strcmp(name, names[i]) != 0 ||
		    name[0] == '\0')
			(void)refuse(r,
			    "a name is not a domain name in lower case without final dot");
}

static void
check_addresses(struct json_reader *r, const char *const *list, size_t n)
{
	struct ip ip;
	for (size_t i = 0; i < n && !r->failed; i++)
		if (!ip_parse(list[i], &ip))
			(void)refuse(r,
			    "an address record contains something that is not an address");
}

static void
load_value(struct json_reader *r, const json_t *o, const char *key, enum step_kind kind,
    struct arena *a, struct plan_value *out)
{
	const json_t *v = json_need_object(r, o, key);
	size_t max = kind == STEP_PTR ? PROVIDER_NAMES_MAX : PLAN_VALUES_MAX;
	*out = (struct plan_value){ .description = "" };
	out->values = load_list(r, v, "values", max, a, &out->n_values);
	out->is_default = json_get_bool(r, v, "default", false);
	int64_t ttl_s = json_get_int(r, v, "ttl", 0, UINT32_MAX, -1);
	out->ttl_s = ttl_s > 0 ? (uint32_t)ttl_s : 0;
	out->ttl_zero = ttl_s == 0;
	if (json_object_get(v, "enterprise_project") != NULL)
		out->enterprise_project = text_of(r, v, "enterprise_project", a);
	out->description = text_of(r, v, "description", a);
	out->tags = load_list(r, v, "tags", PROVIDER_TAGS_MAX, a, &out->n_tags);
	if (kind == STEP_PTR)
		check_names(r, out->values, out->n_values);
	else
		check_addresses(r, out->values, out->n_values);
}

static void
load_step(struct json_reader *r, const json_t *o, struct arena *a, struct plan *p)
{
	struct plan_step *s = &p->steps[p->n_steps];
	int kind = STEP_PTR;
	if (!enumtab_code(&step_kind_names, json_need_string(r, o, "kind"), &kind) && !r->failed)
		(void)refuse(r, "\"kind\" must be forward or ptr");
	s->kind = (enum step_kind)kind;
	s->subject = text_of(r, o, "subject", a);
	s->rule = arena_strdup(a, json_get_string(r, o, "rule", ""));
	load_value(r, o, "old", s->kind, a, &s->old);
	load_value(r, o, "new", s->kind, a, &s->new);
	if (r->failed)
		return;
	if (s->kind == STEP_FORWARD)
		check_names(r, &s->subject, 1);
	else if (strcmp(s->subject, p->address) != 0)
		(void)refuse(r, "a PTR step is about another address than the plan");
	p->n_steps++;
}

static void
load_steps(struct json_reader *r, const json_t *o, struct arena *a, struct plan *p)
{
	const json_t *steps = json_need_array(r, o, "steps");
	size_t n = json_array_size(steps);
	if (n > PLAN_STEPS_MAX)
		(void)refuse(r, "too many steps");
	for (size_t i = 0; i < n && !r->failed; i++)
		load_step(r, json_array_get(steps, i), a, p);
}

static void
load_wish(struct json_reader *r, const json_t *o, struct arena *a, struct plan_wish *out)
{
	const json_t *w = json_need_object(r, o, "wish");
	const char *description = json_get_string(r, w, "description", NULL);
	out->ttl_s = (uint32_t)json_get_int(r, w, "ttl", 1, UINT32_MAX, 0);
	out->description = description != NULL ? arena_strdup(a, description) : NULL;
	out->tags = load_list(r, w, "tags", PROVIDER_TAGS_MAX, a, &out->n_tags);
	out->replace = json_get_bool(r, w, "replace", false);
	out->with_forward = json_get_bool(r, w, "with_forward", false);
	out->force_order = json_get_bool(r, w, "force_order", false);
	out->unset = json_get_bool(r, w, "unset", false);
}

static void
load_dns(struct json_reader *r, const json_t *o, struct arena *a, struct plan *p)
{
	const json_t *dns = json_need_object(r, o, "dns");
	/* 0.1.0 said "told" */
	p->dns_known = json_get_bool(r, dns, "known", json_get_bool(r, dns, "told", false));
	p->dns_names = load_list(r, dns, "names", DNS_RECORDS_MAX, a, &p->n_dns_names);
	p->cached_s = (uint32_t)json_get_int(r, dns, "cached", 0, UINT32_MAX, 0);
}

/* Made safe like in a plan that is written, so that what is loaded can be written again. */
static void
load_place(struct json_reader *r, const json_t *o, struct arena *a, struct provider_place *out)
{
	const char *id = safe_text(a, json_need_string(r, o, "place_id")),
		   *text = safe_text(a, json_need_string(r, o, "place"));
	if (strlen(id) >= sizeof out->id || strlen(text) >= sizeof out->text)
		(void)refuse(r, "\"place\" or \"place_id\" is too long");
	if (r->failed)
		return;
	snprintf(out->id, sizeof out->id, "%s", id);
	snprintf(out->text, sizeof out->text, "%s", text);
}

static void
load_head(struct json_reader *r, const json_t *o, struct arena *a, struct plan *p)
{
	int status = PLAN_UNDECIDED;
	if (strcmp(json_need_string(r, o, "schema"), PLAN_SCHEMA) != 0 && !r->failed)
		(void)refuse(r, "\"schema\" must be \"" PLAN_SCHEMA "\"");
	if (!ip_parse(json_need_string(r, o, "address"), &p->ip) && !r->failed)
		(void)refuse(r, "\"address\" must be an IP address");
	if (!enumtab_code(&plan_status_names, json_need_string(r, o, "status"), &status) &&
	    !r->failed)
		(void)refuse(r, "\"status\" is not known");
	p->status = (enum plan_status)status;
	p->provider = arena_strdup(a, json_get_string(r, o, "provider", ""));
	p->summary = safe_text(a, json_need_string(r, o, "summary"));
	p->names = load_list(r, o, "names", PROVIDER_NAMES_MAX, a, &p->n_names);
	check_names(r, p->names, p->n_names);
	if (!r->failed)
		ip_format(&p->ip, p->address);
}

enum err_code
plan_load(const json_t *json, struct arena *a, struct plan *out, struct err *err)
{
	struct json_reader r = { .err = err, .where = "plan" };
	*out = (struct plan){ .provider = "", .summary = "" };
	load_head(&r, json, a, out);
	load_place(&r, json, a, &out->place);
	load_wish(&r, json, a, &out->wish);
	load_dns(&r, json, a, out);
	load_steps(&r, json, a, out);
	return r.failed ? err->code : ERR_NONE;
}

static enum err_code
step_still(const struct plan_step *saved, const struct plan_step *now, struct arena *a,
    struct err *err)
{
	if (saved->kind != now->kind || strcmp(saved->subject, now->subject) != 0)
		return err_set(err, ERR_NOPERM,
		    "the saved plan is about %s, the present one about %s", saved->subject,
		    now->subject);
	if (!plan_value_same(&saved->old, &now->old))
		return err_set(err, ERR_NOPERM,
		    "%s has changed since the plan was saved: it was %s, now it is %s",
		    saved->subject, plan_value_shown(saved, &saved->old, a),
		    plan_value_shown(now, &now->old, a));
	if (!plan_value_same(&saved->new, &now->new))
		return err_set(err, ERR_NOPERM, "%s would now be set to %s, the saved plan says %s",
		    saved->subject, plan_value_shown(now, &now->new, a),
		    plan_value_shown(saved, &saved->new, a));
	return ERR_NONE;
}

enum err_code
plan_still(const struct plan *saved, const struct plan *now, struct err *err)
{
	struct arena a;
	enum err_code code = ERR_NONE;
	if (saved->status != now->status || saved->n_steps != now->n_steps)
		return err_set(err, ERR_NOPERM,
		    "the situation has changed since the plan was saved; it said: %s; now: %s",
		    saved->summary, now->summary);
	arena_init(&a);
	for (size_t i = 0; i < now->n_steps && code == ERR_NONE; i++)
		code = step_still(&saved->steps[i], &now->steps[i], &a, err);
	if (code == ERR_NONE && strcmp(saved->place.id, now->place.id) != 0)
		code = err_set(err, ERR_NOPERM, "the saved plan is for %s, the address is now %s",
		    saved->place.text, now->place.text);
	arena_fini(&a);
	return code;
}
