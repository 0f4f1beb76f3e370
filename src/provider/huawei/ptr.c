/*
 * PTR records: v2 knows one name for an EIP, v2.1 up to ten.  What v2 shows of a record with
 * several names is not documented, so v2.1 is asked first wherever it is offered, and v2 writes
 * only where there is, and shall be, no more than one name.
 */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"
#include "provider/huawei/huawei_priv.h"

static const char v2_list[] = "/v2/reverse/floatingips";
static const char v21_list[] = "/v2.1/ptrs";

/* --- reading ----------------------------------------------------------------------------- */

/* v2.1 is newer than some regions and clouds. */
static bool
is_not_offered(const struct huawei_answer *answer)
{
	return answer->status == 404 || strcmp(answer->code, "DNS.0037") == 0;
}

/* This address of the DNS service does not know the EIP that the EIP service has just shown. */
static bool
is_elsewhere(const struct huawei_answer *answer)
{
	return strcmp(answer->code, "DNS.0502") == 0 || strcmp(answer->code, "DNS.0601") == 0 ||
	    (answer->status == 404 && strcmp(answer->code, "DNS.0507") != 0);
}

/* One page: its records to fn, the last one's id to *marker; *more says whether to go on. */
static enum err_code
read_page(const json_t *list, struct arena *a, huawei_ptr_fn *fn, void *arg, const char **marker,
    bool *more, struct err *err)
{
	const json_t *one;
	size_t i;
	const char *before = *marker;
	*more = json_array_size(list) >= HUAWEI_PAGE;
	json_array_foreach (list, i, one) {
		struct huawei_ptr ptr;
		if (huawei_read_ptr(one, a, &ptr, err) != ERR_NONE)
			return err->code;
		*marker = arena_strdup(a, ptr.marker);
		if (!fn(arg, &ptr)) {
			*more = false;
			return ERR_NONE;
		}
	}
	*more &= strcmp(before, *marker) != 0;
	return ERR_NONE;
}

/* scope: an enterprise project, to which the key's rights may be limited; "": none is named. */
static enum err_code
list_pages(struct huawei *h, struct arena *a, const char *path, const char *scope,
    huawei_ptr_fn *fn, void *arg, struct huawei_answer *answer, struct err *err)
{
	const char *marker = "";
	bool more = true;
	for (int i = 0; i < HUAWEI_PAGES_MAX && more; i++) {
		struct huawei_call call = { .method = "GET",
			.service = h->dns,
			.path = arena_printf(a, "%s?limit=%d%s%s%s%s", path, HUAWEI_PAGE,
			    marker[0] != '\0' ? "&marker=" : "", provider_url_text(a, marker),
			    scope[0] != '\0' ? "&enterprise_project_id=" : "", scope) };
		enum err_code code = huawei_call(h, a, &call, answer, err);
		if (code != ERR_NONE)
			return code;
		json_t *list = huawei_array(answer->json, "floatingips", err);
		code = list != NULL ? read_page(list, a, fn, arg, &marker, &more, err) : err->code;
		json_decref(answer->json);
		answer->json = NULL;
		if (code != ERR_NONE)
			return code;
	}
	return ERR_NONE;
}

enum err_code
huawei_ptrs(struct huawei *h, struct arena *a, huawei_ptr_fn *fn, void *arg, struct err *err)
{
	struct huawei_answer answer;
	if (!h->no_v21) {
		enum err_code code = list_pages(h, a, v21_list, "", fn, arg, &answer, err);
		h->v21_refused = code != ERR_NONE && answer.status == 403;
		if (code == ERR_NONE || !is_not_offered(&answer))
			return code;
		h->no_v21 = true;
	}
	return list_pages(h, a, v2_list, "", fn, arg, &answer, err);
}

/* The enterprise project that a new record of the place belongs to; "" when none is known. */
static const char *
project_of(const struct huawei *h, const char *place)
{
	const char *env = provider_variable(h->session->options, "HW_ENTERPRISE_PROJECT_ID");
	return provider_is_id(env) ? env : strcmp(h->eps_place, place) == 0 ? h->eps : "";
}

struct search {
	const char *eip_id;
	struct huawei_ptr *found;
};

static bool
is_other(void *arg, const struct huawei_ptr *ptr)
{
	struct search *s = arg;
	if (strcmp(ptr->eip_id, s->eip_id) != 0)
		return true;
	*s->found = *ptr;
	return false;
}

static enum err_code
find_v21(struct huawei *h, const char *place, struct arena *a, struct huawei_ptr *out,
    struct err *err)
{
	const char *colon = strrchr(place, ':');
	struct search s = { colon != NULL ? colon + 1 : place, out };
	const char *project = project_of(h, place);
	struct huawei_answer answer;
	enum err_code code = list_pages(h, a, v21_list, "", is_other, &s, &answer, err);
	if (code != ERR_NONE && answer.status == 403 && project[0] != '\0')
		code = list_pages(h, a, v21_list, project, is_other, &s, &answer, err);
	if (code == ERR_NONE)
		return ERR_NONE;
	h->no_v21 = is_not_offered(&answer);
	h->v21_refused = answer.status == 403;
	return h->no_v21 || h->v21_refused ? ERR_NONE : code;
}

static enum err_code
find_v2(struct huawei *h, const char *place, struct arena *a, struct huawei_ptr *out,
    struct huawei_answer *answer, struct err *err)
{
	struct huawei_call call = { .method = "GET",
		.service = h->dns,
		.path = arena_printf(a, "%s/%s", v2_list, place) };
	enum err_code code = huawei_call(h, a, &call, answer, err);
	if (code != ERR_NONE)
		return answer->status == 404 && strcmp(answer->code, "DNS.0507") == 0 ? ERR_NONE :
											code;
	if (answer->json == NULL)
		return err_set(err, ERR_TEMP, "the DNS service sent an empty answer");
	code = huawei_read_ptr(answer->json, a, out, err);
	json_decref(answer->json);
	answer->json = NULL;
	/* some of the family answer 200 with "ptrdname": null where no PTR record is set */
	if (code == ERR_NONE && out->record.n_names == 0 && out->state == PROVIDER_ACTIVE)
		out->exists = false;
	return code;
}

static enum err_code
find_here(struct huawei *h, const char *place, struct arena *a, struct huawei_ptr *out,
    struct huawei_answer *answer, struct err *err)
{
	*out = (struct huawei_ptr){ .exists = false };
	*answer = (struct huawei_answer){ .status = 0 };
	if (!h->no_v21 && !h->v21_refused && find_v21(h, place, a, out, err) != ERR_NONE)
		return err->code;
	return out->exists ? ERR_NONE : find_v2(h, place, a, out, answer, err);
}

/* In both versions of the API. */
enum err_code
huawei_ptr_of(struct huawei *h, const char *place, struct arena *a, struct huawei_ptr *out,
    struct err *err)
{
	struct huawei_answer answer;
	struct err second;
	enum err_code code = find_here(h, place, a, out, &answer, err);
	if (code == ERR_NONE || !is_elsewhere(&answer) || h->dns_is_fixed || h->dns != HUAWEI_DNS)
		return code;
	bool no_v21 = h->no_v21, refused = h->v21_refused;
	h->dns = HUAWEI_DNS_GLOBAL;
	h->no_v21 = h->v21_refused = false;
	if (find_here(h, place, a, out, &answer, &second) == ERR_NONE)
		return ERR_NONE;
	h->dns = HUAWEI_DNS;
	h->no_v21 = no_v21;
	h->v21_refused = refused;
	return code;
}

enum err_code
huawei_get(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    struct arena *a, struct provider_record *out, enum provider_state *state, struct err *err)
{
	struct huawei *h = huawei_begin(s);
	struct huawei_ptr ptr;
	if (huawei_ptr_of(h, place->id, a, &ptr, err) != ERR_NONE)
		return err->code;
	*out = ptr.record;
	*state = ptr.exists ? ptr.state : PROVIDER_ABSENT;
	if (!ptr.exists)
		*out = (struct provider_record){ .description = "", .is_default = true };
	else if (!ptr.has_tags)
		huawei_tags_get(h, ptr.id[0] != '\0' ? ptr.id : place->id, a, out);
	out->ip = *ip;
	return ERR_NONE;
}

/* --- writing ----------------------------------------------------------------------------- */

static const char *
dotted(struct arena *a, const char *name)
{
	return arena_printf(a, "%s.", name);
}

static json_t *
dotted_list(struct arena *a, const struct provider_record *r)
{
	json_t *list = json_array();
	for (size_t i = 0; i < r->n_names; i++)
		json_array_append_new(list, json_string(dotted(a, r->names[i])));
	return list;
}

/* Tags and enterprise project count when a record is made, and only then. */
static void
add_birthmarks(struct huawei *h, const char *place, const struct provider_record *r, json_t *body)
{
	bool had_one = r->enterprise_project != NULL && r->enterprise_project[0] != '\0';
	const char *eps = had_one ? r->enterprise_project : project_of(h, place);
	if (r->n_tags > 0)
		json_object_set_new(body, "tags", huawei_tags_json(r->tags, r->n_tags));
	if (eps[0] != '\0')
		json_object_set_new(body, "enterprise_project_id", json_string(eps));
}

/* The name is always in it: a PATCH without one is taken for an unset. */
static json_t *
v2_body(struct huawei *h, const char *place, const struct huawei_ptr *now,
    const struct provider_record *r, struct arena *a)
{
	json_t *body = json_pack("{s:s,s:s,s:I}", "ptrdname", dotted(a, r->names[0]), "description",
	    r->description, "ttl", (json_int_t)r->ttl_s);
	if (!now->exists)
		add_birthmarks(h, place, r, body);
	return body;
}

static json_t *
v21_body(struct huawei *h, const char *place, const struct huawei_ptr *now,
    const struct provider_record *r, struct arena *a)
{
	json_t *body = json_object();
	if (!now->exists) {
		const char *colon = strrchr(place, ':');
		size_t region_len = colon != NULL ? (size_t)(colon - place) : 0;
		json_object_set_new(body, "publicip",
		    json_pack("{s:s%,s:s}", "region", place, region_len, "id",
			colon != NULL ? colon + 1 : place));
	}
	json_object_set_new(body, "ptrdnames", dotted_list(a, r));
	json_object_set_new(body, "description", json_string(r->description));
	json_object_set_new(body, "ttl", json_integer((json_int_t)r->ttl_s));
	if (!now->exists)
		add_birthmarks(h, place, r, body);
	return body;
}

static enum err_code
send(struct huawei *h, struct arena *a, const char *method, const char *path, json_t *body,
    struct err *err)
{
	struct huawei_answer answer;
	struct huawei_call call = { .method = method,
		.service = h->dns,
		.path = path,
		.body = body != NULL ? huawei_body(a, body) : NULL };
	enum err_code code = huawei_call(h, a, &call, &answer, err);
	if (code == ERR_NONE)
		json_decref(answer.json);
	return code;
}

static enum err_code
set(struct huawei *h, const char *place, const struct huawei_ptr *now,
    const struct provider_record *r, struct arena *a, struct err *err)
{
	const char *v2_path = arena_printf(a, "%s/%s", v2_list, place);
	if (r->n_names == 1 && now->record.n_names <= 1)
		return send(h, a, "PATCH", v2_path, v2_body(h, place, now, r, a), err);
	if (h->no_v21)
		return err_set(err, ERR_DATA,
		    "this region or cloud allows one name per address (its DNS service has no API "
		    "v2.1)");
	if (!now->exists)
		return send(h, a, "POST", v21_list, v21_body(h, place, now, r, a), err);
	if (now->id[0] == '\0')
		return err_set(err, ERR_TEMP, "the API v2.1 does not show the PTR record yet");
	return send(h, a, "PUT", arena_printf(a, "%s/%s", v21_list, now->id),
	    v21_body(h, place, now, r, a), err);
}

static enum err_code
unset(struct huawei *h, const char *place, const struct huawei_ptr *now, struct arena *a,
    struct err *err)
{
	if (!now->exists)
		return ERR_NONE;
	if (now->record.n_names > 1 && now->id[0] != '\0')
		return send(h, a, "DELETE", arena_printf(a, "%s/%s", v21_list, now->id), NULL, err);
	return send(h, a, "PATCH", arena_printf(a, "%s/%s", v2_list, place),
	    json_pack("{s:n}", "ptrdname"), err);
}

/*
 * No tags wanted: those that are there stay; people put them there for other ends than ours.  Undo alone
 * wants none where there were none.
 */
static enum err_code
set_tags(struct huawei *h, const char *place, struct huawei_ptr *now,
    const struct provider_record *r, struct arena *a, struct err *err)
{
	const char *id = now->id[0] != '\0' ? now->id : place;
	if (!now->exists || (r->n_tags == 0 && !r->exact_tags))
		return ERR_NONE;
	if (!now->has_tags)
		huawei_tags_get(h, id, a, &now->record);
	return huawei_tags_put(h, id, &now->record, r, err);
}

static enum err_code
change(struct huawei *h, const char *place, const struct provider_record *r, struct arena *a,
    struct err *err)
{
	struct huawei_ptr now;
	if (huawei_ptr_of(h, place, a, &now, err) != ERR_NONE)
		return err->code;
	if (now.exists && now.state == PROVIDER_PENDING)
		return err_set(err, ERR_TEMP, "an earlier change is in progress (status %s)",
		    now.status);
	if (r == NULL)
		return unset(h, place, &now, a, err);
	/* tags first: once the record itself is written it is PENDING and takes no other change */
	if (set_tags(h, place, &now, r, a, err) != ERR_NONE)
		return err->code;
	return set(h, place, &now, r, a, err);
}

enum err_code
huawei_put(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    const struct provider_record *record, struct err *err)
{
	struct huawei *h = huawei_begin(s);
	struct arena a;
	(void)ip; /* the place says it */
	if (record != NULL && huawei_check(record, err) != ERR_NONE)
		return err->code;
	arena_init(&a);
	enum err_code code = change(h, place->id, record, &a, err);
	arena_fini(&a);
	snprintf(h->last_put, sizeof h->last_put, "%s", place->id);
	h->last_was_set = record != NULL;
	return code;
}

/* Right after a write the service may still show what was before: then it is not done. */
static enum provider_state
seen(const struct huawei *h, const char *place, const struct huawei_ptr *ptr)
{
	bool written = strcmp(h->last_put, place) == 0;
	if (!ptr->exists)
		return written && h->last_was_set ? PROVIDER_PENDING : PROVIDER_ABSENT;
	if (written && !h->last_was_set && ptr->state == PROVIDER_ACTIVE)
		return PROVIDER_PENDING;
	return ptr->state;
}

enum err_code
huawei_poll(struct provider_session *s, const struct provider_place *place, const struct ip *ip,
    enum provider_state *state, struct err *err)
{
	struct huawei *h = huawei_begin(s);
	struct huawei_ptr ptr;
	struct arena a;
	char text[IP_TEXT_MAX];
	arena_init(&a);
	enum err_code code = huawei_ptr_of(h, place->id, &a, &ptr, err);
	if (code == ERR_NONE) {
		*state = seen(h, place->id, &ptr);
		if (*state == PROVIDER_FAILED)
			err_set(err, ERR_UNAVAILABLE,
			    "the PTR record of %s has the status %s: the provider could not "
			    "publish it, or has blocked it",
			    ip_format(ip, text), ptr.status);
	}
	arena_fini(&a);
	return code;
}
