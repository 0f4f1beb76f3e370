/* Lists of objects, page by page, and the addresses that an object has. */
#include <stdio.h>
#include <string.h>

#include "provider/rest/rest_priv.h"

/* The list in a reply, or the reply's one object. */
static enum err_code
each_in(const json_t *reply, const struct rest_call *call, const char *list, bool absent,
    rest_object_fn *fn, void *arg, bool *more, struct err *err)
{
	const json_t *found = rest_at(reply, list), *object;
	size_t i;
	*more = true;
	err->code = ERR_NONE;
	if (list == NULL && !absent && !json_is_object(reply))
		return err_set(err, ERR_TEMP, "%s: the answer is not an object", call->what);
	if (list != NULL && !absent && !json_is_array(found))
		return err_set(err, ERR_TEMP, "%s: the answer has no list", call->what);
	if (list == NULL)
		*more = fn(arg, reply, err);
	else
		json_array_foreach (found, i, object)
			if (*more)
				*more = fn(arg, object, err);
	return err->code;
}

/* The page after this one, number n: "" after the last; NULL: the reply does not say it. */
static const char *
page_after(struct provider_session *s, const json_t *reply, const char *list, int n)
{
	const struct rest_api *api = s->provider->rest;
	const char *number = arena_printf(&s->arena, "%d", n + 1);
	const json_t *pages = rest_at(reply, api->pages), *next;
	if (list == NULL || api->page == NULL)
		return "";
	if (api->pages != NULL)
		return !json_is_integer(pages) ? NULL : json_integer_value(pages) > n ? number : "";
	if (api->next == NULL)
		return json_array_size(rest_at(reply, list)) < api->page_size ? "" : number;
	next = rest_at(reply, api->next);
	return json_is_null(next) || json_is_string(next) || json_is_integer(next) ?
	    rest_text(&s->arena, next) :
	    NULL;
}

/* A page that names itself as the next would never end, and one that does not say so may not be the last. */
static enum err_code
take_page(const struct rest_call *call, const char *after, const char **page, struct err *err)
{
	if (after == NULL || (after[0] != '\0' && strcmp(after, *page) == 0))
		return err_set(err, ERR_TEMP, "%s: the answer does not say what its next page is",
		    call->what);
	*page = after;
	return ERR_NONE;
}

enum err_code
rest_each(struct provider_session *s, const struct rest_call *first, const char *list,
    rest_object_fn *fn, void *arg, int *status, struct err *err)
{
	const char *page = "";
	struct rest_call call = *first;
	for (int n = 1; n <= REST_PAGES_MAX; n++) {
		json_t *reply;
		bool more;
		if (rest_call(s, &call, status, &reply, err) != ERR_NONE)
			return err->code;
		bool absent = *status == REST_ABSENT;
		enum err_code code = each_in(reply, &call, list, absent, fn, arg, &more, err);
		bool last = code != ERR_NONE || !more || absent;
		if (!last)
			code = take_page(&call, page_after(s, reply, list, n), &page, err);
		json_decref(reply);
		if (last || code != ERR_NONE || page[0] == '\0')
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
    const struct ip *ip, struct err *err)
{
	struct ip got;
	unsigned bits = 0;
	const char *text = rest_need_text(&s->arena, object, kind->address, kind->title, err);
	size_t len = text == NULL ? 0 : strcspn(text, "/");
	if (len == 0)
		return false;
	if (!ip_parse(arena_strndup(&s->arena, text, len), &got))
		return err_set(err, ERR_TEMP, "the %s has the invalid address %.100s", kind->title,
			   text) == ERR_NONE;
	if (got.family != ip->family)
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

bool
rest_entry(struct provider_session *s, const struct rest_kind *kind, const json_t *entry,
    struct ip *ip, const char **name, struct err *err)
{
	const char *text = rest_need_text(&s->arena, entry, kind->entry_ip, kind->title, err);
	if (text != NULL && !ip_parse(text, ip))
		return err_set(err, ERR_TEMP, "the %s has the invalid address %.100s", kind->title,
			   text) == ERR_NONE;
	*name = text == NULL ? NULL :
			       rest_need_text(&s->arena, entry, kind->entry_name, kind->title, err);
	return *name != NULL;
}
