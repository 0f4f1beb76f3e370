/* Tags: pairs of key and value that customers put on resources. */
#include <string.h>

#include "base/arena.h"
#include "base/json.h"
#include "base/utf8.h"
#include "provider/huawei/huawei_priv.h"

enum { TAG_KEY_MAX = 128, TAG_VALUE_MAX = 255 };

/* Letters of any script: of ASCII these signs, beyond it everything. */
static bool
has_only(const char *text, size_t len, const char *signs)
{
	for (size_t i = 0; i < len; i++) {
		unsigned char c = (unsigned char)text[i];
		bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
		    (c >= '0' && c <= '9');
		if (!letter && c < 0x80 && strchr(signs, c) == NULL)
			return false;
	}
	return true;
}

static enum err_code
check_tag(const char *tag, struct err *err)
{
	const char *equals = strchr(tag, '=');
	size_t len = equals != NULL ? (size_t)(equals - tag) : 0;
	if (len == 0 || !json_holds(tag))
		return err_set(err, ERR_DATA, "the tag \"%s\" is not KEY=VALUE", tag);
	if (utf8_count(tag, len) > TAG_KEY_MAX || strncmp(tag, "_sys_", 5) == 0 || tag[0] == ' ' ||
	    tag[len - 1] == ' ' || !has_only(tag, len, " _.:+-@"))
		return err_set(err, ERR_DATA,
		    "the key of the tag \"%s\" is not accepted: up to %d letters, digits, blanks "
		    "inside and "
		    "_ . : + - @, not starting with _sys_",
		    tag, TAG_KEY_MAX);
	const char *value = equals + 1;
	if (utf8_count(value, strlen(value)) > TAG_VALUE_MAX ||
	    !has_only(value, strlen(value), " _.:=+-@/"))
		return err_set(err, ERR_DATA,
		    "the value of the tag \"%s\" is not accepted: up to %d letters, digits, blanks "
		    "and "
		    "_ . : / = + - @",
		    tag, TAG_VALUE_MAX);
	return ERR_NONE;
}

static bool
same_key(const char *a, const char *b)
{
	size_t n = strcspn(a, "=");
	return n == strcspn(b, "=") && memcmp(a, b, n) == 0;
}

static enum err_code
check_tags(const struct provider_record *r, struct err *err)
{
	for (size_t i = 0; i < r->n_tags; i++) {
		if (check_tag(r->tags[i], err) != ERR_NONE)
			return err->code;
		for (size_t j = 0; j < i; j++)
			if (same_key(r->tags[i], r->tags[j]))
				return err_set(err, ERR_DATA, "two tags have the key of \"%s\"",
				    r->tags[i]);
	}
	return ERR_NONE;
}

enum err_code
huawei_check(const struct provider_record *r, struct err *err)
{
	size_t len = utf8_count(r->description, strlen(r->description));
	if (r->n_names == 0 || r->n_names > PROVIDER_NAMES_MAX)
		return err_set(err, ERR_DATA, "%zu names: an EIP can have 1 to %d", r->n_names,
		    PROVIDER_NAMES_MAX);
	if (r->ttl_s == 0 || r->ttl_s > INT32_MAX)
		return err_set(err, ERR_DATA, "a TTL must be 1 to %d seconds", INT32_MAX);
	if (!json_holds(r->description))
		return err_set(err, ERR_DATA, "the description is not UTF-8");
	if (len > PROVIDER_DESCRIPTION_MAX)
		return err_set(err, ERR_DATA,
		    "the description has %zu characters: up to %d are accepted", len,
		    PROVIDER_DESCRIPTION_MAX);
	return check_tags(r, err);
}

json_t *
huawei_tags_json(const char *const *tags, size_t n)
{
	json_t *list = json_array();
	for (size_t i = 0; i < n; i++) {
		size_t len = strcspn(tags[i], "=");
		const char *value = tags[i][len] == '=' ? tags[i] + len + 1 : "";
		json_array_append_new(list,
		    json_pack("{s:s%,s:s}", "key", tags[i], len, "value", value));
	}
	return list;
}

void
huawei_tags_get(struct huawei *h, const char *ptr_id, struct arena *a, struct provider_record *out)
{
	struct err ignored;
	struct huawei_answer answer;
	struct huawei_call call = { .method = "GET",
		.service = h->dns,
		.path = arena_printf(a, "/v2/%s/DNS-ptr_record/%s/tags", h->project, ptr_id) };
	const json_t *one;
	size_t i;
	/* tags are ornaments: a key that may not read them may still set a PTR */
	if (huawei_call(h, a, &call, &answer, &ignored) != ERR_NONE)
		return;
	json_array_foreach (json_object_get(answer.json, "tags"), i, one) {
		const char *key = json_string_value(json_object_get(one, "key"));
		const char *value = json_string_value(json_object_get(one, "value"));
		if (key != NULL && out->n_tags < PROVIDER_TAGS_MAX)
			out->tags[out->n_tags++] = arena_printf(a, "%s=%s", key,
			    value != NULL ? value : "");
	}
	json_decref(answer.json);
}

static bool
holds(const struct provider_record *r, const char *tag)
{
	for (size_t i = 0; i < r->n_tags; i++)
		if (strcmp(r->tags[i], tag) == 0)
			return true;
	return false;
}

/* The tags of one record that the other has not. */
static size_t
missing(const struct provider_record *from, const struct provider_record *in,
    const char *out[PROVIDER_TAGS_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < from->n_tags; i++)
		if (!holds(in, from->tags[i]))
			out[n++] = from->tags[i];
	return n;
}

static enum err_code
act(struct huawei *h, const char *ptr_id, const char *action, const char *const *tags, size_t n,
    struct err *err)
{
	struct arena a;
	struct huawei_answer answer;
	if (n == 0)
		return ERR_NONE;
	arena_init(&a);
	struct huawei_call call = { .method = "POST",
		.service = h->dns,
		.path = arena_printf(&a, "/v2/%s/DNS-ptr_record/%s/tags/action", h->project,
		    ptr_id),
		.body = huawei_body(&a,
		    json_pack("{s:s,s:o}", "action", action, "tags", huawei_tags_json(tags, n))) };
	enum err_code code = huawei_call(h, &a, &call, &answer, err);
	if (code == ERR_NONE)
		json_decref(answer.json);
	arena_fini(&a);
	return code;
}

enum err_code
huawei_tags_put(struct huawei *h, const char *ptr_id, const struct provider_record *old,
    const struct provider_record *wanted, struct err *err)
{
	const char *tags[PROVIDER_TAGS_MAX];
	size_t n = missing(old, wanted, tags);
	if (act(h, ptr_id, "delete", tags, n, err) != ERR_NONE)
		return err->code;
	n = missing(wanted, old, tags);
	return act(h, ptr_id, "create", tags, n, err);
}
