/* Elastic IPs: which one has the address, and which there are. */
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "provider/huawei/huawei_priv.h"
#include "provider/provider_priv.h"

enum { EIP_PAGE = 500 };

static const char all_projects[] = "&enterprise_project_id=all_granted_eps";

/* Blocked EIPs keep their PTR, and may lose their address. */
static bool
is_blocked(const char *status)
{
	return strcmp(status, "FREEZED") == 0 || strcmp(status, "ERROR") == 0 ||
	    strcmp(status, "BIND_ERROR") == 0;
}

static enum err_code
page(struct huawei *h, struct arena *a, const char *query, struct huawei_answer *answer,
    json_t **list, struct err *err)
{
	struct huawei_call call = { .method = "GET",
		.service = HUAWEI_EIP,
		.path = arena_printf(a, "/v1/%s/publicips?%s", h->project, query) };
	*list = NULL;
	if (huawei_call(h, a, &call, answer, err) != ERR_NONE)
		return err->code;
	*list = huawei_array(answer->json, "publicips", err);
	return *list != NULL ? ERR_NONE : err->code;
}

/* The filter of the service is not trusted: only an EIP that has the address itself counts. */
static enum err_code
pick(const json_t *list, const struct ip *ip, struct huawei_eip *out, bool *found, struct err *err)
{
	const json_t *one;
	size_t i;
	json_array_foreach (list, i, one) {
		if (huawei_read_eip(one, out, err) != ERR_NONE)
			return err->code;
		if (ip_equal(&out->ip, ip)) {
			*found = true;
			return ERR_NONE;
		}
	}
	return ERR_NONE;
}

static enum err_code
look_up(struct huawei *h, struct arena *a, const struct ip *ip, const char *scope,
    struct huawei_eip *out, bool *found, int *status, struct err *err)
{
	char text[IP_TEXT_MAX];
	struct huawei_answer answer;
	json_t *list;
	const char *query = arena_printf(a, "public_ip_address=%s%s", ip_format(ip, text), scope);
	enum err_code code = page(h, a, query, &answer, &list, err);
	*status = answer.status;
	if (code == ERR_NONE)
		code = pick(list, ip, out, found, err);
	json_decref(answer.json);
	return code;
}

/* A cloud without enterprise projects, or a key that may not see so much. */
static bool
is_limited(int status)
{
	return status == 400 || status == 403 || status == 404;
}

/*
 * First as every cloud of the family understands it, then in all enterprise projects: the only question
 * that a user whose rights end at one of them may ask.
 */
static enum err_code
find_eip(struct huawei *h, struct arena *a, const struct ip *ip, struct huawei_eip *out,
    bool *found, bool *all, struct err *err)
{
	int status;
	struct err first = { .code = ERR_NONE };
	*found = false;
	*all = true;
	bool refused = look_up(h, a, ip, "", out, found, &status, &first) != ERR_NONE;
	if (refused && status != 403) {
		*err = first;
		return err->code;
	}
	if (*found || look_up(h, a, ip, all_projects, out, found, &status, err) == ERR_NONE)
		return ERR_NONE;
	*all = false;
	if (refused && is_limited(status))
		*err = first;
	return !refused && is_limited(status) ? ERR_NONE : err->code;
}

static enum err_code
not_here(struct huawei *h, struct arena *a, const struct ip *ip, bool all, struct err *err)
{
	char text[IP_TEXT_MAX];
	const char *regions = huawei_other_regions(h, a);
	const char *account = creds_get(&h->creds, CREDS_DOMAIN);
	(void)err_set(err, ERR_DATA,
	    "%s is not an EIP of project %s in region %s, asked with the credentials of %s%s%s (%s "
	    "enterprise projects)",
	    ip_format(ip, text), h->project, h->region, h->creds.source,
	    account[0] != '\0' ? ", account " : "", account, all ? "all" : "without other");
	return err_advise(err,
	    "%s%s%sit may be in another region (--region), project (--project) or account, or at "
	    "another provider",
	    regions[0] != '\0' ? "this account has the projects " : "", regions,
	    regions[0] != '\0' ? "; " : "");
}

static void
describe(struct huawei *h, const struct huawei_eip *eip, struct provider_place *out)
{
	snprintf(out->id, sizeof out->id, "%s:%s", h->region, eip->id);
	bool default_eps = eip->eps[0] == '\0' || strcmp(eip->eps, "0") == 0;
	snprintf(out->text, sizeof out->text, "EIP %s in %s, project %s%s%.40s", eip->id, h->region,
	    h->project, default_eps ? "" : ", enterprise project ", default_eps ? "" : eip->eps);
	snprintf(h->eps_place, sizeof h->eps_place, "%s", out->id);
	snprintf(h->eps, sizeof h->eps, "%s", provider_is_id(eip->eps) ? eip->eps : "");
	if (is_blocked(eip->status))
		provider_warn(h->session, "EIP %s has the status %s", eip->id, eip->status);
}

enum err_code
huawei_find(struct provider_session *s, const struct ip *ip, struct provider_place *out,
    struct err *err)
{
	struct huawei *h = huawei_begin(s);
	struct huawei_eip eip;
	struct arena a;
	bool found, all;
	*out = (struct provider_place){ .id = "" };
	if (ip->family != 4)
		return err_set(err, ERR_DATA,
		    "its API has PTR records only for IPv4 addresses (/32), not for IPv6: ask its "
		    "support");
	arena_init(&a);
	enum err_code code = find_eip(h, &a, ip, &eip, &found, &all, err);
	if (code == ERR_NONE && found)
		describe(h, &eip, out);
	else if (code == ERR_NONE)
		code = not_here(h, &a, ip, all, err);
	arena_fini(&a);
	return code;
}

struct eips {
	struct huawei_eip *list;
	size_t n, cap;
};

/* Adds a page; *marker is its last id. */
static enum err_code
add_page(struct eips *e, struct arena *a, const json_t *list, const char **marker, struct err *err)
{
	const json_t *one;
	size_t i;
	json_array_foreach (list, i, one) {
		struct huawei_eip eip;
		if (huawei_read_eip(one, &eip, err) != ERR_NONE)
			return err->code;
		e->list = arena_grow(a, e->list, e->n, &e->cap, sizeof *e->list);
		e->list[e->n++] = eip;
		*marker = arena_strdup(a, eip.id);
	}
	return ERR_NONE;
}

/* The answers have no page numbers: an empty page is the last, and so is a repeated one. */
static enum err_code
list_scope(struct huawei *h, struct arena *a, const char *scope, struct eips *e, int *status,
    struct err *err)
{
	const char *marker = "";
	for (int i = 0; i < HUAWEI_PAGES_MAX; i++) {
		struct huawei_answer answer;
		json_t *list;
		const char *before = marker;
		const char *query = arena_printf(a, "limit=%d%s%s%s", EIP_PAGE,
		    marker[0] != '\0' ? "&marker=" : "", marker, scope);
		enum err_code code = page(h, a, query, &answer, &list, err);
		size_t n = json_array_size(list);
		*status = answer.status;
		if (code == ERR_NONE)
			code = add_page(e, a, list, &marker, err);
		json_decref(answer.json);
		if (code != ERR_NONE || n == 0 || strcmp(marker, before) == 0)
			return code;
	}
	return ERR_NONE;
}

enum err_code
huawei_eips(struct huawei *h, struct arena *a, struct huawei_eip **out, size_t *n, struct err *err)
{
	struct eips e = { 0 };
	int status = 0;
	enum err_code code = list_scope(h, a, all_projects, &e, &status, err);
	if (code != ERR_NONE && is_limited(status)) {
		e = (struct eips){ 0 };
		code = list_scope(h, a, "", &e, &status, err);
	}
	*out = e.list;
	*n = e.n;
	return code;
}
