/* Replies of a provider's program: one JSON object each (data/program.schema.json). */
#include <stdio.h>
#include <string.h>

#include "base/enumtab.h"
#include "base/json.h"
#include "base/name.h"
#include "base/safe.h"
#include "provider/program/program_priv.h"

static const struct enumtab_row state_rows[] = {
	{ "active", PROVIDER_ACTIVE },
	{ "pending", PROVIDER_PENDING },
	{ "failed", PROVIDER_FAILED },
	{ "absent", PROVIDER_ABSENT },
};
static const struct enumtab states = ENUMTAB(state_rows);

enum err_code
program_read(const char *data, size_t len, const char *path, json_t **reply, struct err *err)
{
	struct err broken;
	*reply = json_read(data, len, &broken);
	if (json_is_object(*reply))
		return ERR_NONE;
	json_decref(*reply);
	*reply = NULL;
	return err_set(err, ERR_TEMP, "%s: its reply is not a JSON object", path);
}

static enum err_code
bad_reply(const char *path, struct err *err)
{
	err->code = ERR_TEMP;
	return err_prefix(err, "%s", path);
}

enum err_code
program_read_find(const json_t *reply, const char *path, const struct ip *ip, struct arena *a,
    struct provider_place *out, struct err *err)
{
	char address[IP_TEXT_MAX];
	struct json_reader r = { .err = err, .where = "the reply to find" };
	const char *id = json_get_string(&r, reply, "id", "");
	const char *text = json_get_string(&r, reply, "text", id);
	if (r.failed)
		return bad_reply(path, err);
	if (strlen(id) >= sizeof out->id)
		return err_set(err, ERR_TEMP, "%s: its id is longer than %zu bytes", path,
		    sizeof out->id - 1);
	snprintf(out->id, sizeof out->id, "%s", id);
	snprintf(out->text, sizeof out->text, "%.300s",
	    safe_text(a, arena_strndup(a, text, strnlen(text, 300))));
	if (id[0] != '\0')
		return ERR_NONE;
	return err_set(err, ERR_DATA, "%s does not have the address %s", path,
	    ip_format(ip, address));
}

static void
read_names(struct json_reader *r, const json_t *reply, struct arena *a, struct provider_record *out)
{
	size_t i;
	const json_t *value;
	json_array_foreach (json_need_array(r, reply, "names"), i, value) {
		char name[NAME_TEXT_MAX];
		const char *text = json_string_value(value);
		if (r->failed)
			return;
		r->failed = out->n_names == PROVIDER_NAMES_MAX || text == NULL ||
		    !name_from_text(text, name) || name[0] == '\0';
		if (r->failed)
			(void)err_set(r->err, ERR_TEMP,
			    "the reply to get: names: expected up to %d names", PROVIDER_NAMES_MAX);
		else
			out->names[out->n_names++] = arena_strdup(a, name);
	}
}

static void
read_state(struct json_reader *r, const json_t *reply, const char *fallback,
    enum provider_state *out)
{
	int code = PROVIDER_ACTIVE;
	const char *word = json_get_string(r, reply, "state", fallback);
	if (!r->failed && enumtab_read(&states, word, &code, ERR_TEMP, r->err) != ERR_NONE)
		r->failed = true;
	*out = (enum provider_state)code;
}

enum err_code
program_read_get(const json_t *reply, const char *path, struct arena *a,
    struct provider_record *out, enum provider_state *state, struct err *err)
{
	struct json_reader r = { .err = err, .where = "the reply to get" };
	read_names(&r, reply, a, out);
	int64_t ttl_s = json_get_int(&r, reply, "ttl", 0, INT32_MAX, -1);
	out->ttl_s = ttl_s > 0 ? (uint32_t)ttl_s : 0;
	out->ttl_zero = ttl_s == 0;
	out->is_default = json_get_bool(&r, reply, "default", false);
	read_state(&r, reply, out->n_names > 0 ? "active" : "absent", state);
	return r.failed ? bad_reply(path, err) : ERR_NONE;
}

enum err_code
program_read_poll(const json_t *reply, const char *path, enum provider_state *state,
    struct err *err)
{
	struct json_reader r = { .err = err, .where = "the reply to poll" };
	read_state(&r, reply, "active", state);
	const char *why = json_get_string(&r, reply, "error", "it does not say why");
	if (!r.failed && *state == PROVIDER_FAILED)
		(void)err_set(err, ERR_UNAVAILABLE, "%s: the change failed: %.400s", path, why);
	return r.failed ? bad_reply(path, err) : ERR_NONE;
}
