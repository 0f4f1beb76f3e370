/* Lists of objects, page by page, and the addresses that an object has. */
#include <stdio.h>
#include <string.h>

#include "provider/rest/rest_priv.h"

/* The list in a reply, or the reply's one object. */
static enum err_code
each_in(const json_t *reply, const struct rest_call *call, const char *list, rest_object_fn *fn,
    void *arg, bool *more, struct err *err)
{
	const json_t *found = rest_at(reply, list), *object;
	size_t i;
	*more = true;
	if (!json_is_array(found) && list != NULL)
		return err_set(err, ERR_TEMP, "%s: the answer has no list", call->what);
	if (!json_is_array(found))
		*more = fn(arg, found);
	else
		json_array_foreach (found, i, object)
			if (*more)
				*more = fn(arg, object);
	return ERR_NONE;
}

/* "" after the last one; a page that names itself as the next would never end. */
static const char *
next_page(struct provider_session *s, const json_t *reply, const char *list, int n,
    const char *before)
{
	const struct rest_api *api = s->provider->rest;
	if (list == NULL || api->page == NULL)
		return "";
	if (api->next == NULL)
		return json_array_size(rest_at(reply, list)) < api->page_size ?
		    "" :
		    arena_printf(&s->arena, "%d", n);
	const char *next = rest_text(&s->arena, rest_at(reply, api->next));
	return strcmp(next, before) == 0 ? "" : next;
}

enum err_code
rest_each(struct provider_session *s, const struct rest_call *first, const char *list,
    rest_object_fn *fn, void *arg, int *status, struct err *err)
{
	const char *page = "";
	struct rest_call call = *first;
	for (int n = 0; n < REST_PAGES_MAX; n++) {
		json_t *reply;
		if (rest_call(s, &call, status, &reply, err) != ERR_NONE)
			return err->code;
		bool more;
		enum err_code code = each_in(reply, &call, list, fn, arg, &more, err);
		page = code == ERR_NONE && more ? next_page(s, reply, list, n + 2, page) : "";
		json_decref(reply);
		if (page[0] == '\0')
			return code;
		call.path = arena_printf(&s->arena, "%s%c%s=%s", first->path,
		    strchr(first->path, '?') != NULL ? '&' : '?', s->provider->rest->page,
		    provider_url_text(&s->arena, page));
	}
	return err_set(err, ERR_TEMP, "%s: the list has more than %d pages", first->what,
	    REST_PAGES_MAX);
}

static bool
in_network(const struct ip *ip, const struct ip *network, unsigned long bits)
{
	for (size_t i = 0; i < bits; i++)
		if (((ip->bytes[i / 8] ^ network->bytes[i / 8]) >> (7 - i % 8) & 1) != 0)
			return false;
	return true;
}

bool
rest_covers(struct provider_session *s, const struct rest_kind *kind, const json_t *object,
    const struct ip *ip)
{
	struct ip got;
	unsigned bits = 0;
	const char *text = rest_text(&s->arena, rest_at(object, kind->address));
	size_t len = strcspn(text, "/");
	if (!ip_parse(arena_strndup(&s->arena, text, len), &got) || got.family != ip->family)
		return false;
	const char *length = text[len] == '/' ? text + len + 1 :
	    kind->bits != NULL && ip->family == 6 ?
						rest_text(&s->arena, rest_at(object, kind->bits)) :
						"";
	if (length[0] == '\0')
		return ip_equal(&got, ip);
	return sscanf(length, "%3u", &bits) == 1 && bits > 0 &&
	    bits <= (ip->family == 4 ? 32 : 128) && in_network(ip, &got, bits);
}
